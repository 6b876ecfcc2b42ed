"""Give a large ledger a year of follow-up: plan, log, levels, promises, decisions.

The claims are as the daily batch and the people would have left them; the level of a
claim is the one that its last log line says.
"""

from odoo.tools import SQL

from .ledger_sql import CHANCE

LEVELS = (
    {"delay": 3, "name": "Reminder", "send_email": True},
    {"delay": 10, "name": "Second reminder", "send_email": True, "send_sms": True},
    {"delay": 30, "name": "Call", "create_activity": True, "send_email": True},
    {"delay": 60, "name": "Last notice", "print_letter": True, "repeat_days": 30},
)


def set_up_companies(env, books):
    """Turn follow-up on in both companies, one climbing by step and one by age."""
    companies = env["res.company"].browse(books.companies)
    for company, escalation in zip(companies, ("step", "age"), strict=True):
        company.write(
            {
                "payment_followup_enabled": True,
                "payment_followup_auto": True,
                "payment_followup_alarm_factor": 0,
                "payment_followup_alarm_share": 0,
                "payment_followup_escalation": escalation,
                "payment_followup_min_amount": 5.0,
            }
        )
        env["payment.followup.level"].create(
            [{**vals, "company_id": company.id} for vals in LEVELS]
        )
    env.flush_all()


# A reminder per claim and level, on the day of the plan and a little later. A quarter
# of the claims was never reminded; the others are up to 20 days behind the plan.
REMINDERS = """
    CREATE TEMP TABLE bench_reminder AS
    SELECT line.id AS move_line_id,
           line.move_id,
           line.move_name,
           line.company_id,
           partner.commercial_partner_id AS partner_id,
           level.id AS level_id,
           COALESCE(line.date_maturity, line.date) AS date_due,
           line.invoice_date,
           line.currency_id,
           line.amount_currency,
           line.amount_residual,
           line.amount_residual_currency,
           COALESCE(line.date_maturity, line.date) + level.delay
               + (3 * pg_temp.chance(line.partner_id, 30))::int AS date
      FROM account_move_line line
      JOIN account_account account
        ON account.id = line.account_id
       AND account.account_type = 'asset_receivable'
      JOIN res_partner partner
        ON partner.id = line.partner_id
      JOIN payment_followup_level level
        ON level.company_id = line.company_id
     WHERE line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.amount_residual > 0
       AND line.date > '2016-01-01'
       AND pg_temp.chance(line.id, 31) < 0.75
       AND COALESCE(line.date_maturity, line.date) + level.delay
           + (20 * pg_temp.chance(line.id, 32))::int + 3 < %(today)s
"""
CUSTOMERS = """
    INSERT INTO payment_followup_customer
                (company_id, partner_id, mode, next_date, reminder_date, failure,
                 failure_date, create_uid, write_uid, create_date, write_date)
         SELECT company_id,
                partner_id,
                CASE WHEN pg_temp.chance(partner_id, 33) < 0.01 THEN 'none'
                     WHEN pg_temp.chance(partner_id, 33) < 0.04 THEN 'manual'
                     ELSE 'automatic'
                 END,
                CASE WHEN pg_temp.chance(partner_id, 34) < 0.02
                     THEN %(today)s::date + 7
                 END,
                MAX(date),
                CASE WHEN pg_temp.chance(partner_id, 35) < 0.01 THEN 'delivery' END,
                CASE WHEN pg_temp.chance(partner_id, 35) < 0.01 THEN MAX(date) END,
                1, 1, now(), now()
           FROM bench_reminder
       GROUP BY company_id, partner_id
"""
ACTIONS = """
    INSERT INTO payment_followup_action
                (user_id, company_id, partner_id, customer_id, recipient_id, level_id,
                 kind, state, subject, lang, date, body, amount_residual, create_uid,
                 write_uid, create_date, write_date)
         SELECT 1, reminder.company_id, reminder.partner_id, customer.id,
                reminder.partner_id, reminder.level_id, 'email', 'done', 'Reminder',
                'en_US', reminder.date, '<p>Please pay.</p>',
                SUM(reminder.amount_residual), 1, 1, now(), now()
           FROM bench_reminder reminder
           JOIN payment_followup_customer customer
          USING (company_id, partner_id)
       GROUP BY reminder.company_id, reminder.partner_id, customer.id,
                reminder.level_id, reminder.date
       ORDER BY reminder.date
"""
ACTION_LINES = """
    INSERT INTO payment_followup_action_line
                (action_id, move_line_id, level_id, repeat_count, currency_id, kind,
                 name, date_invoice, date_due, amount_total, amount_residual_currency,
                 amount_residual, counts)
         SELECT action.id, move_line_id, reminder.level_id, 0, reminder.currency_id,
                'email', move_name, invoice_date, date_due,
                amount_currency, amount_residual_currency, reminder.amount_residual,
                TRUE
           FROM bench_reminder reminder
           JOIN payment_followup_action action
          USING (company_id, partner_id, level_id, date)
"""
CLAIMS = """
    INSERT INTO payment_followup_claim
                (move_line_id, company_id, level_id, level_date, followup_date,
                 repeat_count)
         SELECT DISTINCT ON (move_line_id)
                move_line_id, company_id, level_id, date, date, 0
           FROM bench_reminder
       ORDER BY move_line_id, date DESC
"""
PROMISES = """
    UPDATE payment_followup_claim
       SET expected_date = %(today)s::date - 5
                           + (15 * pg_temp.chance(move_line_id, 36))::int,
           expected_broken = TRUE
     WHERE pg_temp.chance(move_line_id, 37) < 0.04
"""
LITIGATION = """
    UPDATE account_move_line
       SET no_followup = TRUE
      FROM payment_followup_claim claim
     WHERE claim.move_line_id = account_move_line.id
       AND pg_temp.chance(claim.move_line_id, 38) < 0.03
"""
ADDRESSES = """
    UPDATE res_partner
       SET type = 'followup'
     WHERE type = 'invoice'
       AND mod(id, 3) = 0
"""
STAGES = (CUSTOMERS, ACTIONS, ACTION_LINES, CLAIMS, PROMISES, LITIGATION, ADDRESSES)


def generate_followup(env, books, size):
    """Turn follow-up on and write what a year of it leaves behind."""
    set_up_companies(env, books)
    env.cr.execute(CHANCE.format(seed=size.seed))
    env.cr.execute(SQL(REMINDERS, today=size.today))
    env.cr.execute("ANALYZE bench_reminder")
    for query in STAGES:
        env.cr.execute(SQL(query, today=size.today))
    env.invalidate_all()

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# The id of a statement holds its two keys: the customer in the lower 32 bits, the
# company above. It stays the same as long as both exist, and needs no table.
COMPANY_SHIFT = 32
PARTNER_MASK = (1 << COMPANY_SHIFT) - 1
# In SQL a level is named by its rank: its delay above, its id in the lower 32 bits. The
# highest of several levels is then a MAX, and says which of two with the same delay,
# one of them archived, it was.
LEVEL_SHIFT = 32
LEVEL_MASK = (1 << LEVEL_SHIFT) - 1


@dataclass(frozen=True)
class State:
    """Where claims and customers stand: tables, or queries with their columns.

    The tables say how it is now. A forecast passes how it will be.
    """

    claims: SQL
    customers: SQL


NOW = State(
    claims=SQL.identifier("payment_followup_claim"),
    customers=SQL.identifier("payment_followup_customer"),
)


class PaymentFollowupDecision(models.AbstractModel):
    """Which reminder is due for whom, and if none, why: one SQL statement.

    Nothing is stored: every read computes from the open items, so that a payment counts
    at once. ``payment.followup.statement`` has a row per customer,
    ``payment.followup.statement.line`` one per open item.

    How it works: ``company`` gives each company its date of today; ``path`` turns its
    plan into a table of moves, from each level (or none) to the next one; an item finds
    there its next level and the day of it; the totals add up a customer; the outer
    query names the one reason.
    """

    _name = "payment.followup.decision"
    _description = "Follow-up Decision"

    _depends = {
        "account.account": ["account_type", "non_trade"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "invoice_date",
            "journal_id",
            "no_followup",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "payment.followup.claim": [
            "move_line_id",
            "level_id",
            "level_date",
            "followup_date",
            "repeat_count",
            "expected_date",
        ],
        "payment.followup.customer": [
            "company_id",
            "partner_id",
            "mode",
            "next_date",
            "responsible_id",
            "reminder_date",
            "failure",
            "failure_date",
        ],
        "payment.followup.level": [
            "active",
            "auto",
            "company_id",
            "create_activity",
            "delay",
            "print_letter",
            "repeat_days",
            "send_email",
            "send_post",
            "send_sms",
            "send_whatsapp",
        ],
        "res.company": [
            "payment_followup_auto",
            "payment_followup_enabled",
            "payment_followup_escalation",
            "payment_followup_min_amount",
            "payment_followup_min_interval",
        ],
        "res.partner": [
            "active",
            "city",
            "commercial_partner_id",
            "email_normalized",
            "phone_sanitized",
            "street",
            "trust",
            "type",
        ],
    }

    # The field that holds the id of a statement.
    _statement_field = "id"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Look statements up by their keys: an id alone would mean to compute all."""
        domain = Domain(domain).map_conditions(self._expand_condition)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _expand_condition(self, condition):
        """Add company and customer to a condition on the id of a statement."""
        if condition.field_expr != self._statement_field:
            return condition
        if condition.operator not in ("in", "="):
            return condition
        ids = condition.value if condition.operator == "in" else [condition.value]
        if not all(isinstance(id_, int) for id_ in ids):
            return condition
        keys = [self._split_statement_id(id_) for id_ in ids]
        return (
            condition
            & Domain("company_id", "in", list({company for company, _partner in keys}))
            & Domain("partner_id", "in", list({partner for _company, partner in keys}))
        )

    @api.model
    def _get_statement_id(self, company, partner):
        """Return the id of the statement of ``partner``'s customer in ``company``."""
        return (company.id - 1 << COMPANY_SHIFT) | partner.commercial_partner_id.id

    @api.model
    def _split_statement_id(self, id_):
        """Return the pair (company id, partner id) behind the id of a statement."""
        return (id_ >> COMPANY_SHIFT) + 1, id_ & PARTNER_MASK

    @api.model
    def _get_days(self):
        """Return the day to decide for, a dict {allowed company: date}."""
        return {
            company: company._get_payment_followup_today()
            for company in self.env.companies
        }

    @api.model
    def _get_default_trust(self):
        """Return the rating of customers who were never rated."""
        field = self.env["res.partner"]._fields["trust"]
        return field.get_company_dependent_fallback(self.env["res.partner"]) or "normal"

    @api.model
    def _query_plan(self, days):
        """Return the common table expressions ``company``, ``rung`` and ``path``.

        ``path`` has the next level after each level (``from_id``; 0: none so far):
        by ``step`` one row, by ``age`` one for each level that can be reached
        (``reach_from`` <= days since the due date < ``reach_to``); without a next
        level, one row that says how the level itself is repeated.

        A level before the due date announces a payment: said about an overdue claim it
        would be wrong. There are two paths therefore: ``is_ahead`` is the one for
        claims to which the first level ahead (``ahead_gap`` days after the last one)
        still comes in time, the other one leaves out all levels before the due date.
        """
        values = SQL(", ").join(
            SQL("(%s, %s::date)", company.id, day) for company, day in days.items()
        )
        return SQL(
            """
            company AS (
                SELECT company.id,
                       day.today,
                       company.payment_followup_enabled IS TRUE AS is_enabled,
                       company.payment_followup_auto IS TRUE AS is_auto,
                       company.payment_followup_escalation = 'age' AS is_by_age,
                       COALESCE(company.payment_followup_min_amount, 0) AS min_amount,
                       COALESCE(company.payment_followup_min_interval, 0)
                           AS min_interval
                  FROM res_company company
                  JOIN (VALUES %(values)s) AS day (company_id, today)
                    ON day.company_id = company.id
            ),
            rung AS (
                SELECT level.id,
                       level.company_id,
                       level.delay,
                       CASE WHEN level.active AND level.repeat_days > 0
                            THEN level.repeat_days
                        END AS repeat_days
                  FROM payment_followup_level level
                 UNION ALL
                SELECT 0, company.id, NULL, NULL
                  FROM company
            ),
            move AS (
                SELECT origin.company_id,
                       origin.id AS from_id,
                       stage.is_ahead,
                       step.id AS level_id,
                       step.delay,
                       step.delay - origin.delay AS gap,
                       ROW_NUMBER() OVER climb AS number,
                       LEAD(step.delay) OVER climb AS next_delay
                  FROM rung origin
            CROSS JOIN (VALUES (TRUE), (FALSE)) AS stage (is_ahead)
                  JOIN payment_followup_level step
                    ON step.company_id = origin.company_id
                   AND step.active
                   AND (origin.delay IS NULL OR step.delay > origin.delay)
                   AND (stage.is_ahead OR step.delay >= 0)
                WINDOW climb AS (
                           PARTITION BY origin.company_id, origin.id, stage.is_ahead
                               ORDER BY step.delay
                       )
            ),
            path AS (
                SELECT rung.company_id,
                       rung.id AS from_id,
                       stage.is_ahead,
                       ahead.gap AS ahead_gap,
                       rung.delay AS level_delay,
                       rung.delay::bigint << %(shift)s | rung.id AS level_rank,
                       rung.repeat_days,
                       move.level_id,
                       move.delay::bigint << %(shift)s | move.level_id AS rank,
                       move.delay,
                       move.gap,
                       CASE WHEN move.number > 1 THEN move.delay END AS reach_from,
                       CASE WHEN company.is_by_age THEN move.next_delay END AS reach_to
                  FROM rung
                  JOIN company
                    ON company.id = rung.company_id
            CROSS JOIN (VALUES (TRUE), (FALSE)) AS stage (is_ahead)
             LEFT JOIN move ahead
                    ON ahead.company_id = rung.company_id
                   AND ahead.from_id = rung.id
                   AND ahead.is_ahead
                   AND ahead.number = 1
             LEFT JOIN move
                    ON move.company_id = rung.company_id
                   AND move.from_id = rung.id
                   AND move.is_ahead = stage.is_ahead
                   AND (move.number = 1 OR company.is_by_age)
            )
            """,
            shift=LEVEL_SHIFT,
            values=values or SQL("(NULL::int, NULL::date)"),
        )

    @api.model
    def _query_open_items(self, state):
        """Return the open items of the companies in ``company``, with stored facts.

        Amounts are in company currency. Credits cannot be in litigation. Odoo excludes
        miscellaneous entries, such as opening balances, from any follow-up: claims
        among them are outside the plan, and so is what has no customer (and no
        ``partner_id``). Nothing is said about a claim before ``free_date``. The
        accounts come as an array: PostgreSQL then drops others in the index already.
        """
        return SQL(
            """
            SELECT line.id,
                   line.company_id,
                   company.today,
                   partner.commercial_partner_id AS partner_id,
                   line.move_id,
                   line.currency_id,
                   line.amount_residual,
                   line.amount_residual_currency,
                   COALESCE(line.date_maturity, line.invoice_date, line.date)
                       AS date_due,
                   company.today
                       - COALESCE(line.date_maturity, line.invoice_date, line.date)
                       AS days_overdue,
                   line.amount_residual > 0 AS is_claim,
                   line.amount_residual > 0 AND line.no_followup IS TRUE
                       AS is_excluded,
                   line.amount_residual > 0
                       AND line.no_followup IS NOT TRUE
                       AND partner.commercial_partner_id IS NOT NULL AS is_followed,
                   partner.commercial_partner_id IS NULL
                       OR line.amount_residual > 0
                          AND line.no_followup IS TRUE
                          AND journal.type = 'general' AS is_outside,
                   claim.level_id,
                   claim.level_date,
                   claim.followup_date,
                   COALESCE(claim.repeat_count, 0) AS repeat_count,
                   claim.expected_date,
                   COALESCE(claim.expected_date >= company.today, FALSE)
                       AS is_promised,
                   GREATEST(company.today, claim.expected_date + 1) AS free_date
              FROM company
              JOIN account_move_line line
                ON line.company_id = company.id
         LEFT JOIN res_partner partner
                ON partner.id = line.partner_id
         LEFT JOIN account_journal journal
                ON journal.id = line.journal_id
         LEFT JOIN %(claims)s claim
                ON claim.move_line_id = line.id
             WHERE line.account_id = ANY(ARRAY(
                       SELECT account.id
                         FROM account_account account
                        WHERE account.account_type = 'asset_receivable'
                          AND account.non_trade IS NOT TRUE))
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual <> 0
            """,
            claims=state.claims,
        )

    @api.model
    def _query_items(self, state):
        """Return the open items with their next level and whether they are due.

        A later level comes at the latest of: due date + its delay, the day of the last
        level + the difference of the two delays, the day after the expected payment.
        By ``age`` it is the highest whose day has come, else the earliest to come.
        A repetition goes first only where it comes first and the later level is not
        there yet: after a pause that held both, the later level says it all.
        """
        return SQL(
            """
            SELECT dated.*,
                   dated.is_followed
                       AND COALESCE(dated.next_date <= dated.today, FALSE) AS is_due,
                   dated.is_followed
                       AND NOT dated.is_promised
                       AND (dated.days_overdue > 0
                            OR COALESCE(dated.next_date <= dated.today, FALSE))
                       AS is_listed
              FROM (SELECT stepped.*,
                           LEAST(climb_date, repeat_date) AS next_date,
                           CASE WHEN climb_date <= GREATEST(repeat_date, today)
                                     OR repeat_date IS NULL
                                THEN climb_level_id
                                ELSE level_id
                            END AS next_level_id,
                           CASE WHEN climb_date <= GREATEST(repeat_date, today)
                                     OR repeat_date IS NULL
                                THEN climb_rank
                                ELSE level_rank
                            END AS next_rank
                      FROM (SELECT item.*,
                                   path.level_rank,
                                   path.level_id AS climb_level_id,
                                   path.rank AS climb_rank,
                                   CASE WHEN path.level_id IS NOT NULL
                                        THEN GREATEST(item.date_due + path.delay,
                                                      item.level_date + path.gap,
                                                      item.expected_date + 1)
                                    END AS climb_date,
                                   CASE WHEN path.repeat_days IS NOT NULL
                                             AND (path.level_delay >= 0
                                                  OR GREATEST(
                                                         item.followup_date
                                                         + path.repeat_days,
                                                         item.free_date)
                                                     <= item.date_due)
                                        THEN GREATEST(
                                                 item.followup_date + path.repeat_days,
                                                 item.expected_date + 1)
                                    END AS repeat_date
                              FROM (%(open_items)s) item
                         LEFT JOIN path
                                ON path.company_id = item.company_id
                               AND path.from_id = COALESCE(item.level_id, 0)
                               AND path.is_ahead
                                   = (GREATEST(item.free_date,
                                               item.level_date + path.ahead_gap)
                                      <= item.date_due)
                               AND (path.reach_from IS NULL
                                    OR path.reach_from <= %(reach)s)
                               AND (path.reach_to IS NULL
                                    OR path.reach_to > %(reach)s)
                           ) stepped
                   ) dated
            """,
            reach=SQL(
                """
                LEAST(item.free_date - item.date_due,
                      item.free_date - item.level_date + path.level_delay)
                """
            ),
            open_items=self._query_open_items(state),
        )

    @api.model
    def _query_totals(self, state):
        """Return the sums and facts of each company and customer with open items.

        ``listed`` is what a reminder asks for before credits: what is due or overdue;
        before the due date only what is announced.
        """
        return SQL(
            """
            SELECT item.company_id,
                   item.partner_id,
                   SUM(item.amount_residual) AS balance,
                   SUM(item.amount_residual) FILTER (WHERE item.is_excluded)
                       AS excluded,
                   SUM(item.amount_residual) FILTER (WHERE NOT item.is_claim)
                       AS credit,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue > 0
                                 AND item.is_followed) AS overdue,
                   CASE WHEN MAX(item.next_rank) FILTER (WHERE item.is_due) < 0
                        THEN SUM(item.amount_residual) FILTER (WHERE item.is_due)
                        ELSE SUM(item.amount_residual) FILTER (WHERE item.is_listed)
                    END AS listed,
                   COUNT(*) FILTER (WHERE item.is_claim) AS claim_count,
                   MAX(item.days_overdue) FILTER (WHERE item.is_followed)
                       AS days_overdue,
                   MAX(item.next_rank) FILTER (WHERE item.is_due) AS due_rank,
                   MAX(item.level_rank) FILTER (WHERE item.is_claim) AS level_rank,
                   MIN(item.next_date) FILTER (WHERE item.is_followed) AS next_date,
                   MAX(item.followup_date) AS followup_date,
                   MIN(item.expected_date) FILTER (WHERE item.is_promised)
                       AS expected_date,
                   BOOL_OR(item.is_due) AS has_due,
                   BOOL_OR(item.is_listed AND item.next_date IS NOT NULL)
                       AS has_waiting,
                   BOOL_OR(item.is_followed
                           AND item.is_promised
                           AND item.days_overdue > 0) AS has_promised,
                   BOOL_OR(item.is_listed AND item.next_date IS NULL) AS has_done,
                   BOOL_OR(item.is_excluded AND item.days_overdue > 0)
                       AS has_litigation,
                   BOOL_OR(item.is_followed
                           AND item.days_overdue <= 0) AS has_not_due,
                   SUM(item.amount_residual) FILTER (WHERE item.days_overdue <= 0)
                       AS amount_not_due,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 1 AND 30)
                       AS amount_1_30,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 31 AND 60)
                       AS amount_31_60,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 61 AND 90)
                       AS amount_61_90,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 91 AND 120)
                       AS amount_91_120,
                   SUM(item.amount_residual) FILTER (WHERE item.days_overdue > 120)
                       AS amount_over_120
              FROM (%(items)s) item
             WHERE item.partner_id IS NOT NULL
          GROUP BY item.company_id, item.partner_id
            """,
            items=self._query_items(state),
        )

    @api.model
    def _query_statement(self, days, state=NOW):
        """Return the statement of each company and customer: the decision.

        :param days: the day to decide for, a dict {company: date}
        :param state: where claims and customers stand, see :class:`State`
        """
        return SQL(
            """
            WITH %(plan)s
            SELECT statement.*,
                   CASE WHEN statement.reason = 'due' THEN statement.next_level_id
                    END AS due_level_id,
                   CASE WHEN statement.reason NOT IN (
                                 'disabled', 'excluded', 'covered', 'below_minimum')
                        THEN GREATEST(statement.climb_date,
                                      statement.hold_date,
                                      statement.interval_date)
                    END AS next_date
              FROM (%(facts)s) statement
            """,
            plan=self._query_plan(days),
            facts=self._query_statement_facts(state),
        )

    @api.model
    def _query_statement_facts(self, state):
        """Return each customer's totals with what people decided, and the reason."""
        return SQL(
            """
            SELECT (total.company_id - 1)::bigint << %(shift)s | total.partner_id
                       AS id,
                   total.company_id,
                   total.partner_id,
                   customer.id AS customer_id,
                   COALESCE(partner.trust ->> total.company_id::text, %(trust)s)
                       AS trust,
                   %(reason)s AS reason,
                   company.is_auto
                       AND due_level.auto IS TRUE
                       AND COALESCE(customer.mode, 'automatic') = 'automatic'
                       AS is_automatic,
                   due_level.id AS next_level_id,
                   (total.level_rank & %(level_mask)s)::int AS level_id,
                   total.next_date AS climb_date,
                   CASE WHEN total.next_date IS NOT NULL
                             OR customer.next_date > company.today
                        THEN customer.next_date
                    END AS hold_date,
                   CASE WHEN total.next_date IS NOT NULL
                        THEN customer.reminder_date + company.min_interval
                    END AS interval_date,
                   total.followup_date,
                   total.expected_date,
                   customer.responsible_id,
                   COALESCE(recipient.id, total.partner_id) AS recipient_id,
                   total.balance - COALESCE(total.excluded, 0) AS amount_due,
                   GREATEST(COALESCE(total.overdue, 0) + COALESCE(total.credit, 0), 0)
                       AS amount_overdue,
                   GREATEST(COALESCE(total.listed, 0) + COALESCE(total.credit, 0), 0)
                       AS amount_reminder,
                   COALESCE(total.excluded, 0) AS amount_excluded,
                   COALESCE(total.credit, 0) AS amount_credit,
                   GREATEST(total.days_overdue, 0) AS days_overdue,
                   total.claim_count,
                   COALESCE(total.amount_not_due, 0) AS amount_not_due,
                   COALESCE(total.amount_1_30, 0) AS amount_1_30,
                   COALESCE(total.amount_31_60, 0) AS amount_31_60,
                   COALESCE(total.amount_61_90, 0) AS amount_61_90,
                   COALESCE(total.amount_91_120, 0) AS amount_91_120,
                   COALESCE(total.amount_over_120, 0) AS amount_over_120
              FROM (%(totals)s) total
         LEFT JOIN company
                ON company.id = total.company_id
              JOIN res_partner partner
                ON partner.id = total.partner_id
         LEFT JOIN %(customers)s customer
                ON customer.company_id = total.company_id
               AND customer.partner_id = total.partner_id
         LEFT JOIN payment_followup_level due_level
                ON due_level.id = (total.due_rank & %(level_mask)s)::int
         LEFT JOIN (
                       SELECT DISTINCT ON (contact.commercial_partner_id)
                              contact.commercial_partner_id AS partner_id,
                              contact.id,
                              contact.email_normalized,
                              contact.phone_sanitized,
                              contact.street,
                              contact.city
                         FROM res_partner contact
                        WHERE contact.type IN ('followup', 'invoice')
                          AND contact.active
                          AND contact.id <> contact.commercial_partner_id
                     ORDER BY contact.commercial_partner_id, contact.type, contact.id
                   ) recipient
                ON recipient.partner_id = total.partner_id
            """,
            customers=state.customers,
            level_mask=LEVEL_MASK,
            reason=self._query_reason(),
            shift=COMPANY_SHIFT,
            totals=self._query_totals(state),
            trust=self._get_default_trust(),
        )

    @api.model
    def _query_reason(self):
        """Return the reason of a statement: the first that applies, see ``REASONS``."""
        return SQL(
            """
            CASE WHEN NOT company.is_enabled THEN 'disabled'
                 WHEN customer.mode = 'none' THEN 'excluded'
                 WHEN total.credit < 0
                      AND (COALESCE(total.listed, total.overdue) + total.credit <= 0
                           OR total.claim_count = 0) THEN 'covered'
                 WHEN customer.next_date > company.today THEN 'paused'
                 WHEN total.has_due
                      AND total.listed + COALESCE(total.credit, 0)
                          < company.min_amount THEN 'below_minimum'
                 WHEN customer.failure = 'delivery'
                      OR total.has_due
                         AND customer.failure = 'error'
                         AND customer.failure_date >= company.today
                      THEN 'delivery_failed'
                 WHEN total.has_due
                      THEN CASE WHEN NOT (%(reachable)s) THEN 'no_address'
                                WHEN customer.reminder_date + company.min_interval
                                     > company.today THEN 'interval'
                                ELSE 'due'
                            END
                 WHEN total.has_waiting THEN 'waiting'
                 WHEN total.has_promised THEN 'promised'
                 WHEN total.has_done THEN 'plan_done'
                 WHEN total.has_litigation THEN 'litigation'
                 WHEN total.has_not_due THEN 'not_due'
                 ELSE 'litigation'
             END
            """,
            reachable=self._query_reachable(),
        )

    @api.model
    def _query_reachable(self):
        """Return whether a channel of the due level finds an address.

        A channel in writing stands in for any other: e-mail, post, letter. What counts
        as an e-mail address or a number is what Odoo could make of the words in the
        contact; the channels use the same.
        """
        return SQL(
            """
            due_level.create_activity IS TRUE
            OR COALESCE(recipient.email_normalized,
                        partner.email_normalized) IS NOT NULL
            OR COALESCE(NULLIF(recipient.street, ''), NULLIF(recipient.city, ''),
                        NULLIF(partner.street, ''), partner.city, '') <> ''
            OR ((due_level.send_sms IS TRUE OR due_level.send_whatsapp IS TRUE)
                AND COALESCE(recipient.phone_sanitized,
                             partner.phone_sanitized) IS NOT NULL)
            """
        )

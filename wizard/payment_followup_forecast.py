from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.payment_followup_decision import State

HORIZON = 30


class PaymentFollowupForecast(models.TransientModel):
    """What the daily batch sends on which day, if nothing else changes.

    The decision itself answers, for one day after the other; in between, the levels
    move in memory as a batch would move them. No claim, level or log row is touched:
    the rows here are the answer, for the user who asked.
    """

    _name = "payment.followup.forecast"
    _description = "Follow-up Forecast"
    _order = "date, amount DESC, id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    level_id = fields.Many2one(comodel_name="payment.followup.level", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    message_count = fields.Integer(string="Messages", default=1, readonly=True)

    @api.model
    def action_open_forecast(self, horizon=HORIZON):
        """Compute the next days for the chosen companies and show them.

        Companies that do not use follow-up send nothing: refused only for them alone.
        """
        self.env["payment.followup.statement"].check_access("read")
        companies = self.env.companies.sudo().filtered("payment_followup_enabled")
        if not companies:
            self.env.companies._check_payment_followup_enabled()
        mine = self.sudo().search([("create_uid", "=", self.env.uid)])
        mine.unlink()
        for company in companies:
            self.sudo().create(self._forecast(company, horizon))
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_forecast_action"
        )

    @api.model
    def _forecast(self, company, horizon=HORIZON):
        """Return the values of the messages of today and the ``horizon`` days after.

        :return: a list of dicts ``date``, ``company_id``, ``partner_id``, ``level_id``,
            ``amount`` (in company currency)
        """
        today = company._get_payment_followup_today()
        self.env.flush_all()
        claims, reminded, messages = {}, {}, []
        for offset in range(horizon + 1):
            day = today + timedelta(days=offset)
            if not company._can_send_payment_followup(day):
                continue
            state = self._get_state(company, claims, reminded)
            due = self._get_due(company, day, state)
            if due:
                partner_ids = [message["partner_id"] for message in due]
                claims |= self._get_moves(company, day, state, partner_ids)
                reminded |= dict.fromkeys(partner_ids, day)
                messages += due
        return messages

    @api.model
    def _get_due(self, company, day, state):
        statement = self.env["payment.followup.statement"]
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT %(day)s::date AS date,
                       due.company_id,
                       due.partner_id,
                       due.due_level_id AS level_id,
                       due.amount_reminder AS amount
                  FROM (%(statement)s) due
                 WHERE due.reason = 'due'
                   AND due.is_automatic
              ORDER BY due.partner_id
                """,
                day=day,
                statement=statement._query_statement({company: day}, state),
            )
        )

    @api.model
    def _get_moves(self, company, day, state, partner_ids):
        """Return where the due claims of the reminded customers move, {id: columns}."""
        lines = self.env["payment.followup.statement.line"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id,
                       item.next_level_id,
                       CASE WHEN item.next_level_id = item.level_id
                            THEN item.level_date
                            ELSE %(day)s::date
                        END,
                       %(day)s::date,
                       item.repeat_count
                  FROM (%(lines)s) item
                 WHERE item.is_due
                   AND item.partner_id = ANY(%(partner_ids)s)
                """,
                day=day,
                lines=lines._query_lines({company: day}, state),
                partner_ids=partner_ids,
            )
        )
        return {row[0]: row for row in rows}

    @api.model
    def _get_state(self, company, claims, reminded):
        """Return the tables with the moves of the days before laid over them."""
        columns = [list(column) for column in zip(*claims.values(), strict=True)]
        ids, levels, level_dates, dates, repeats = columns or [[]] * 5
        return State(
            claims=SQL(
                """
                (SELECT COALESCE(moved.id, claim.move_line_id) AS move_line_id,
                        COALESCE(moved.level_id, claim.level_id) AS level_id,
                        COALESCE(moved.level_date, claim.level_date) AS level_date,
                        COALESCE(moved.date, claim.followup_date) AS followup_date,
                        COALESCE(moved.repeat_count, claim.repeat_count)
                            AS repeat_count,
                        claim.expected_date
                   FROM payment_followup_claim claim
              FULL JOIN UNNEST(%(ids)s::int[], %(levels)s::int[],
                               %(level_dates)s::date[], %(dates)s::date[],
                               %(repeats)s::int[])
                        AS moved (id, level_id, level_date, date, repeat_count)
                     ON moved.id = claim.move_line_id)
                """,
                dates=dates,
                ids=ids,
                level_dates=level_dates,
                levels=levels,
                repeats=repeats,
            ),
            customers=SQL(
                """
                (SELECT customer.id,
                        %(company_id)s AS company_id,
                        COALESCE(reminded.id, customer.partner_id) AS partner_id,
                        customer.mode,
                        customer.next_date,
                        customer.responsible_id,
                        COALESCE(reminded.date, customer.reminder_date)
                            AS reminder_date,
                        CASE WHEN reminded.id IS NULL THEN customer.failure
                         END AS failure,
                        customer.failure_date
                   FROM (SELECT *
                           FROM payment_followup_customer
                          WHERE company_id = %(company_id)s) customer
              FULL JOIN UNNEST(%(ids)s::int[], %(dates)s::date[])
                        AS reminded (id, date)
                     ON reminded.id = customer.partner_id)
                """,
                company_id=company.id,
                dates=list(reminded.values()),
                ids=list(reminded),
            ),
        )

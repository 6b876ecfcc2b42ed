from odoo import api, fields, models
from odoo.tools import SQL

from ..models.forecast_simulation import Simulation

HORIZON = 30
# So many looks at a customer take about a second: what is shown at once.
LOOKS_AT_ONCE = 10_000
# The id of a message: its batch, and its place there in the lower bits.
BATCH_SHIFT = 24


class PaymentFollowupForecast(models.Model):
    """What the daily batch sends on which day, if nothing else changes.

    No claim, level or log row is touched. The answer is kept day by day, for the user
    who asked; each row here is a message of ``payment.followup.forecast.batch``.
    """

    _name = "payment.followup.forecast"
    _description = "Follow-up Forecast"
    _auto = False
    _order = "date, amount DESC, id"
    _depends = {
        "payment.followup.forecast.batch": [
            "company_id",
            "create_uid",
            "date",
            "level_id",
            "messages",
        ],
    }

    date = fields.Date(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    level_id = fields.Many2one(comodel_name="payment.followup.level", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    message_count = fields.Integer(string="Messages", readonly=True)

    @property
    def _table_query(self):
        return self._query_messages()

    @api.model
    def action_open_forecast(self):
        """Compute the first days for the chosen companies and show them.

        Of all but large ledgers these are all days. The page asks for the others.
        """
        if not self._get_companies():
            return self.env["payment.followup.guard"]._get_off_action()
        is_complete = self._compute_forecast(LOOKS_AT_ONCE)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_forecast_action"
        )
        if not is_complete:
            action["context"] = {"forecast_id": str(self.env.cr.now())}
        return action

    @api.model
    def action_complete_forecast(self):
        """Compute all days for the chosen companies."""
        self._compute_forecast()

    @api.model
    def _compute_forecast(self, most_looks=None):
        """Keep the next days of the chosen companies for this user.

        :param most_looks: of each company, stop after so many looks at a customer
        :return: whether all days are there
        """
        self.env["payment.followup.statement"].check_access("read")
        self.env.cr.execute(self._query_forget())
        is_complete = True
        for company in self._get_companies():
            today = company._get_payment_followup_today()
            last = Simulation(company).play(today, HORIZON, most_looks)
            self.env.cr.execute(self._query_keep(company))
            is_complete &= (last - today).days == HORIZON
        self.env["payment.followup.forecast.batch"].invalidate_model()
        self.invalidate_model()
        return is_complete

    @api.model
    def _get_companies(self):
        """Return the chosen companies that use follow-up: others send nothing."""
        return self.env.companies.sudo().filtered("payment_followup_enabled")

    @api.model
    def _forecast(self, company, horizon=HORIZON):
        """Return the messages of today and the ``horizon`` days after.

        :return: a list of dicts ``date``, ``partner_id``, ``level_id``, ``amount`` (in
            company currency)
        """
        Simulation(company).play(company._get_payment_followup_today(), horizon)
        return self.env.execute_query_dict(SQL("SELECT * FROM %s", Simulation.messages))

    @api.model
    def _query_forget(self):
        """Return the deletion of what this user was told before."""
        return SQL(
            "DELETE FROM payment_followup_forecast_batch WHERE create_uid = %s",
            self.env.uid,
        )

    @api.model
    def _query_keep(self, company):
        """Return the insertion of what was simulated for ``company``."""
        return SQL(
            """
            INSERT INTO payment_followup_forecast_batch
                        (date, company_id, level_id, messages, create_uid,
                         create_date, write_uid, write_date)
                 SELECT date,
                        %(company_id)s,
                        level_id,
                        JSONB_AGG(JSONB_BUILD_ARRAY(partner_id, amount)),
                        %(uid)s,
                        %(now)s,
                        %(uid)s,
                        %(now)s
                   FROM %(messages)s
               GROUP BY date, level_id
            """,
            company_id=company.id,
            messages=Simulation.messages,
            now=self.env.cr.now(),
            uid=self.env.uid,
        )

    @api.model
    def _query_messages(self):
        """Return the kept messages, without customers that were deleted meanwhile."""
        return SQL(
            """
            SELECT batch.id::bigint << %(shift)s | message.number AS id,
                   batch.date,
                   batch.company_id,
                   batch.create_uid AS user_id,
                   batch.level_id,
                   partner.id AS partner_id,
                   (message.parts ->> 1)::numeric AS amount,
                   1 AS message_count
              FROM payment_followup_forecast_batch batch
        CROSS JOIN LATERAL JSONB_ARRAY_ELEMENTS(batch.messages)
                   WITH ORDINALITY AS message (parts, number)
              JOIN res_partner partner
                ON partner.id = (message.parts ->> 0)::int
            """,
            shift=BATCH_SHIFT,
        )

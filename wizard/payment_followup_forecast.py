from odoo import api, fields, models
from odoo.tools import SQL

from ..models.forecast_simulation import Simulation

HORIZON = 30
# What is known of a message, with its type in the database.
COLUMNS = {
    "date": SQL("date"),
    "company_id": SQL("int"),
    "partner_id": SQL("int"),
    "level_id": SQL("int"),
    "amount": SQL("numeric"),
}


class PaymentFollowupForecast(models.TransientModel):
    """What the daily batch sends on which day, if nothing else changes.

    No claim, level or log row is touched: the rows here are the answer, for the user
    who asked.
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
        self.env.cr.execute(self._query_forget())
        for company in companies:
            messages = self._forecast(company, horizon)
            self.env.cr.execute(self._query_keep(messages))
        self.invalidate_model()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_forecast_action"
        )

    @api.model
    def _forecast(self, company, horizon=HORIZON):
        """Return the messages of today and the ``horizon`` days after.

        :return: a list of dicts ``date``, ``company_id``, ``partner_id``, ``level_id``,
            ``amount`` (in company currency)
        """
        return Simulation(company).play(company._get_payment_followup_today(), horizon)

    @api.model
    def _query_forget(self):
        """Return the deletion of what this user was told before."""
        return SQL(
            "DELETE FROM payment_followup_forecast WHERE create_uid = %s", self.env.uid
        )

    @api.model
    def _query_keep(self, messages):
        """Return the insertion of thousands of messages at once."""
        columns = [
            SQL("%s::%s[]", [message[name] for message in messages], type_)
            for name, type_ in COLUMNS.items()
        ]
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        return SQL(
            """
            INSERT INTO payment_followup_forecast
                        (%(names)s, message_count, create_uid, create_date)
                 SELECT %(names)s, 1, %(uid)s, %(now)s
                   FROM UNNEST(%(columns)s) AS message (%(names)s)
            """,
            columns=SQL(", ").join(columns),
            names=names,
            now=self.env.cr.now(),
            uid=self.env.uid,
        )

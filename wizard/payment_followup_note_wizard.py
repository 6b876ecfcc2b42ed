from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# "Ask again in …": {choice: time from today}
ASK_AGAIN = {
    "1w": relativedelta(weeks=1),
    "2w": relativedelta(weeks=2),
    "1m": relativedelta(months=1),
    "2m": relativedelta(months=2),
}


class PaymentFollowupNoteWizard(models.TransientModel):
    """Log a call or a note about a customer, and when to come back to it."""

    _name = "payment.followup.note.wizard"
    _description = "Log a Call or Note"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    statement_id = fields.Many2one(
        comodel_name="payment.followup.statement", compute="_compute_statement_id"
    )
    note = fields.Text(string="What was said", required=True)
    ask_again = fields.Selection(
        string="Ask again",
        selection=[
            ("1w", "In one week"),
            ("2w", "In two weeks"),
            ("1m", "In one month"),
            ("2m", "In two months"),
        ],
        help="No reminder goes out before that day.",
    )

    @api.depends("company_id", "partner_id")
    def _compute_statement_id(self):
        Statement = self.env["payment.followup.statement"]
        for wizard in self:
            wizard.statement_id = Statement._find(wizard.company_id, wizard.partner_id)

    def action_log(self):
        """Write the note to the history and plan the next contact."""
        self.ensure_one()
        statement = self.statement_id
        statement._check_billing_user()
        self.env["payment.followup.action"]._log(
            statement.company_id, statement.partner_id, "note", self.note
        )
        if self.ask_again:
            today = statement.company_id._get_payment_followup_today()
            statement._get_customer().next_date = today + ASK_AGAIN[self.ask_again]
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

# What the dialog begins with.
PROPOSED_FIELDS = frozenset({"level_id", "remark", "text"})


class PaymentFollowupSendWizard(models.TransientModel):
    """Look at the reminder of a customer, adapt it, and send it."""

    _name = "payment.followup.send.wizard"
    _description = "Send a Payment Reminder"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    statement_id = fields.Many2one(
        comodel_name="payment.followup.statement", compute="_compute_statement_id"
    )
    recipient_id = fields.Many2one(related="statement_id.recipient_id")
    email = fields.Char(related="statement_id.email", string="E-mail address")
    level_id = fields.Many2one(comodel_name="payment.followup.level", readonly=True)
    remark = fields.Char(readonly=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    amount = fields.Monetary(compute="_compute_line_ids")
    line_ids = fields.Many2many(
        comodel_name="payment.followup.statement.line",
        string="Invoices",
        compute="_compute_line_ids",
    )
    send_email = fields.Boolean(string="E-mail")
    send_sms = fields.Boolean(string="SMS")
    send_whatsapp = fields.Boolean(string="WhatsApp")
    print_letter = fields.Boolean(string="Letter to print")
    send_post = fields.Boolean(string="Post (Snailmail)")
    create_activity = fields.Boolean(string="Manual action")
    text = fields.Html(
        help="In the language of the customer, above the list of invoices.",
    )

    @api.model
    def default_get(self, fields):
        """Start from the level that is due, in the language of the customer."""
        vals = super().default_get(fields)
        # The screen does not send back what it may not change: ask for it alone, too
        is_proposal = not PROPOSED_FIELDS.isdisjoint(fields)
        if not is_proposal or not vals.get("partner_id"):
            return vals
        statement = self.env["payment.followup.statement"]._find(
            self.env["res.company"].browse(vals.get("company_id", self.env.company.id)),
            self.env["res.partner"].browse(vals["partner_id"]),
        )
        if not statement:
            return vals
        reminder, kinds = self.env["payment.followup.reminder"]._preview(statement)
        ticked = {name: kind in kinds for name, kind in self._get_channels().items()}
        remark = " ".join(reminder.remarks)
        if statement.reason == "no_address":
            remark = statement.reason_text
        return (
            vals
            | ticked
            | {
                "level_id": reminder.level_id.id,
                "remark": remark,
                "text": reminder.text,
            }
        )

    @api.model
    def _get_channels(self):
        """Return the channels that can be ticked, a dict {field: kind of log row}."""
        return {
            "send_email": "email",
            "send_sms": "sms",
            "send_whatsapp": "whatsapp",
            "print_letter": "letter",
            "send_post": "post",
            "create_activity": "activity",
        }

    @api.depends("company_id", "partner_id")
    def _compute_statement_id(self):
        Statement = self.env["payment.followup.statement"]
        for wizard in self:
            wizard.statement_id = Statement._find(wizard.company_id, wizard.partner_id)

    @api.depends("statement_id")
    def _compute_line_ids(self):
        for wizard in self:
            statement = wizard.statement_id
            lines = statement.line_ids._get_message_lines(
                statement._get_message_level(), is_forced=True
            )
            wizard.line_ids = lines
            wizard.amount = sum(lines.mapped("amount_residual"))

    def action_send(self):
        """Send by the ticked channels, and show what became of it."""
        self.ensure_one()
        kinds = [kind for name, kind in self._get_channels().items() if self[name]]
        if not kinds:
            raise UserError(
                self.env._(
                    "Tick at least one way to reach %(customer)s.",
                    customer=self.partner_id.display_name,
                )
            )
        text = None if is_html_empty(self.text) else self.text
        actions = self.statement_id._send(kinds=kinds, text=text)
        return actions._notify_result()

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..const import KINDS, STATES

# What may still change once a row is written: where the message is, never what it said.
MUTABLE_FIELDS = frozenset(
    {
        "activity_id",
        "attachment_id",
        "customer_id",
        "error",
        "handover_date",
        "is_account_failure",
        "letter_id",
        "mail_id",
        "mail_message_id",
        "queued_until",
        "sms_id",
        "state",
        "tries",
        "whatsapp_id",
    }
)
# What the channel adds once, when it has put the message into words.
CONTENT_FIELDS = frozenset({"subject", "body"})


class PaymentFollowupAction(models.Model):
    """One row of the action log: what a customer was told, when, by which channel.

    Append-only. Nobody edits or deletes a row, managers included; the machine alone
    moves ``state`` while a message is delivered. The level of each claim is read off
    this log (see ``payment.followup.claim``).
    """

    _name = "payment.followup.action"
    _description = "Follow-up Action"
    _order = "date DESC, id DESC"
    _rec_names_search = ["partner_id", "subject"]

    date = fields.Date(required=True, index=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="restrict", index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        ondelete="restrict",
        index=True,
    )
    customer_id = fields.Many2one(
        comodel_name="payment.followup.customer",
        string="Follow-up record",
        ondelete="set null",
        index="btree_not_null",
    )
    recipient_id = fields.Many2one(comodel_name="res.partner", ondelete="set null")
    address = fields.Char(help="The e-mail address or number that was used.")
    kind = fields.Selection(selection=KINDS, string="Type", required=True)
    level_id = fields.Many2one(
        comodel_name="payment.followup.level", ondelete="restrict", index=True
    )
    state = fields.Selection(selection=STATES, required=True, default="done")
    subject = fields.Char()
    text = fields.Html(
        string="Text for the customer",
        help="The words above the list of invoices, in the customer's language.",
    )
    body = fields.Html(string="Content", sanitize_attributes=False)
    error = fields.Char(
        string="Remark", help="What went wrong, or what was done instead."
    )
    lang = fields.Char(string="Language")
    line_ids = fields.One2many(
        comodel_name="payment.followup.action.line",
        inverse_name="action_id",
        string="Invoices",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # Without a total: what is listed twice is not owed twice
    amount_residual = fields.Monetary(
        string="Amount",
        aggregator=None,
        help="What the row lists, in the currency of the company.",
    )
    is_forced = fields.Boolean(
        string="Sent by hand",
        help="Sent by a user, ignoring holds and the minimum interval.",
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Journal entries",
        compute="_compute_move_ids",
    )
    mail_id = fields.Many2one(
        comodel_name="mail.mail", ondelete="set null", index="btree_not_null"
    )
    mail_message_id = fields.Many2one(
        comodel_name="mail.message", ondelete="set null", index="btree_not_null"
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", ondelete="set null", index="btree_not_null"
    )
    sms_id = fields.Many2one(
        comodel_name="sms.sms", ondelete="set null", index="btree_not_null"
    )
    letter_id = fields.Many2one(
        comodel_name="snailmail.letter", ondelete="set null", index="btree_not_null"
    )
    whatsapp_id = fields.Many2one(
        comodel_name="payment.followup.whatsapp",
        string="WhatsApp message",
        ondelete="set null",
        index="btree_not_null",
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="Document", ondelete="restrict"
    )
    queued_until = fields.Datetime(
        string="Waits until",
        index="btree_not_null",
        help="The message waits in its queue for the sending hours of the company, or "
        "for another attempt to reach the server.",
    )

    @api.depends("line_ids.move_id")
    def _compute_move_ids(self):
        for action in self:
            action.move_ids = action.line_ids.move_id

    @api.depends("kind", "partner_id", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for action in self:
            action.display_name = self.env._(
                "%(kind)s – %(partner)s, %(date)s",
                kind=kinds.get(action.kind, ""),
                partner=action.partner_id.display_name or "",
                date=format_date(self.env, action.date),
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self._get_protection_message())
        return super().create(vals_list)

    def write(self, vals):
        changed = vals.keys() - MUTABLE_FIELDS
        if not self.env.su or (changed and not self._is_without_content(changed)):
            raise UserError(self._get_protection_message())
        return super().write(vals)

    def _is_without_content(self, changed):
        """Return whether ``changed`` is what the channel adds, and has not added."""
        return changed <= CONTENT_FIELDS and not any(self.mapped("body"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_protection_message())

    def action_open_document(self):
        """Open the letter that was kept with this row."""
        self.ensure_one()
        self.check_access("read")
        attachment = self.sudo().attachment_id
        if not attachment:
            raise UserError(
                self.env._("%(action)s has no document.", action=self.display_name)
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}",
            "target": "new",
        }

    def action_print_letters(self):
        """Merge the letters of this selection into one PDF and mark them printed."""
        return self.env["payment.followup.letter"]._print(self)

    @api.model
    def _log(self, company, partner, kind, remark, move_lines=None):
        """Write a row that is not a message: a note, a promise, an exclusion.

        :param move_lines: the ``account.move.line`` it is about
        """
        customers = self.env["payment.followup.customer"].sudo()
        customer = customers._get_or_create(company, partner)
        lines = move_lines or self.env["account.move.line"]
        action = self.sudo().create(
            {
                "date": company._get_payment_followup_today(),
                "user_id": self.env.uid,
                "company_id": company.id,
                "partner_id": partner.commercial_partner_id.id,
                "customer_id": customer.id,
                "kind": kind,
                "error": remark,
                "amount_residual": sum(lines.mapped("amount_residual")),
            }
        )
        self.line_ids.sudo()._insert(
            [(action.id, kind, line.id, None, 0, False) for line in lines]
        )
        if kind == "promise_broken":
            customer._count_broken_promise()
        return action

    def _get_protection_message(self):
        return self.env._(
            "The follow-up history cannot be changed or deleted. "
            "Add a note to the customer instead."
        )

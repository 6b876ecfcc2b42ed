import io
from base64 import b64encode

from odoo import api, fields, models
from odoo.tools.pdf import PdfReader

from .payment_followup_sending_line import LETTER_KINDS, WAITING


class PaymentFollowupSendingLine(models.TransientModel):
    """The message of a row: its words before it is sent, its fate afterwards.

    The words come from sending it and taking that back: what one sees is what leaves.
    """

    _inherit = "payment.followup.sending.line"

    message_subject = fields.Char(string="Subject", compute="_compute_message")
    message_html = fields.Html(
        string="Message", compute="_compute_message", sanitize=False
    )
    message_text = fields.Text(string="Text", compute="_compute_message")
    message_error = fields.Char(compute="_compute_message")
    message_attachments = fields.Char(string="Attachments", compute="_compute_message")
    document = fields.Binary(string="Letter", compute="_compute_message")
    document_name = fields.Char(compute="_compute_message")

    @api.depends("partner_id", "kind", "action_id")
    def _compute_message(self):
        empty = dict.fromkeys(
            name for name in self._fields if name.startswith(("message_", "document"))
        )
        for line in self:
            line.update(empty | line._get_message())

    def _get_message(self):
        """Return the words of this message, values of the fields of this file."""
        self.ensure_one()
        if self.action_id:
            return self._read_message(self.action_id)
        if self.state not in WAITING:
            return {}
        reminder = self.env["payment.followup.reminder"].with_company(self.company_id)
        return reminder._rehearse(self.partner_id, self._read_message)

    def _read_message(self, actions):
        """Return what the log rows ``actions`` say by the channel of this row."""
        action = actions.filtered(lambda row: row.kind == self.kind)[:1].sudo()
        if not action:
            error = actions.filtered(lambda row: row.state == "failed")[:1].error
            return {
                "message_error": error
                or self.env._("No reminder to this customer is due any more.")
            }
        words = {
            "message_subject": action.subject,
            "message_attachments": action._get_attachment_names(),
        }
        if action.attachment_id:
            return words | {
                "document": b64encode(action.attachment_id.raw),
                "document_name": action.attachment_id.name,
            }
        if self.kind in ("sms", "whatsapp"):
            return words | {"message_text": action.body_text}
        return words | {"message_html": action.body}

    @api.model
    def _get_letters(self, sending):
        """Return the ticked letters of ``sending``."""
        return self.search(
            [
                ("sending_id", "=", sending.id),
                ("kind", "in", LETTER_KINDS),
                ("is_selected", "=", True),
                ("state", "in", WAITING),
            ],
            order="company_id, id",
        )

    def _count_pages(self):
        """Make these letters, count their pages, and forget them."""
        for company, lines in self.grouped("company_id").items():
            reminder = self.env["payment.followup.reminder"].with_company(company)
            pages = reminder._rehearse(lines.partner_id, self._read_page_counts)
            for line in lines.sudo():
                line.page_count = pages.get((line.partner_id.id, line.kind), 0)
                line.is_counted = True

    @api.model
    def _read_page_counts(self, actions):
        """Return the pages of each letter of ``actions``, {(partner id, kind): n}."""
        return {
            (action.partner_id.id, action.kind): len(
                PdfReader(io.BytesIO(action.attachment_id.raw)).pages
            )
            for action in actions.sudo().filtered("attachment_id")
        }

    def _record(self, actions):
        """Write down what became of the customers of these rows.

        :param actions: the log rows of the sending, perhaps by other channels than
            foreseen, if an address changed meanwhile
        """
        actions = actions.grouped("partner_id")
        for partner, lines in self.sudo().grouped("partner_id").items():
            rest = lines
            for action in actions.get(partner, ()):
                line = (
                    rest.filtered(lambda line, kind=action.kind: line.kind == kind)
                    or rest[:1]
                    or lines[0].copy({"kind": action.kind})
                )
                line._set_action(action)
                rest -= line
            if partner in actions:
                rest.unlink()
            else:
                lines._set_dropped()

    def _set_action(self, action):
        self.write(
            {
                "kind": action.kind,
                "state": "failed" if action.state == "failed" else "sent",
                "action_id": action.id,
                "remark": action.error,
            }
        )

    def _set_dropped(self):
        """Say why this customer got no reminder after all."""
        company, partner = self.company_id, self.partner_id
        statement = self.env["payment.followup.statement"]._find(company, partner)
        if not statement:
            remark = self.env._("Everything has been paid meanwhile.")
        elif statement.reason == "due":
            remark = self.env._("Somebody else is reminding this customer right now.")
        else:
            remark = statement.reason_text
        self.write({"state": "dropped", "reason": statement.reason, "remark": remark})

import logging

from odoo import api, models
from odoo.tools import plaintext2html

_logger = logging.getLogger(__name__)

# How far a message has come: a report never takes it back, whenever it arrives.
RANKS = {
    "outgoing": 0,
    "process": 0,
    "uncertain": 0,
    "canceled": 0,
    "sent": 1,
    "error": 2,
    "delivered": 3,
    "read": 4,
}
# Our state for each status of Meta; others ("deleted", "warning") tell us nothing.
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "error"}


class PaymentFollowupWhatsapp(models.Model):
    """What Meta reports: what became of a message, and what customers answer.

    Reports come twice, late and in any order: each says how far a message has come, and
    the farthest counts. One that delivers after a failure is the truth about it.
    """

    _inherit = "payment.followup.whatsapp"

    @api.model
    def _process_report(self, company, report):
        """Take in one signed report about the number of ``company``.

        :param report: the JSON of the request, a dict as Meta documents it
        """
        phone_id = company.sudo().payment_followup_whatsapp_phone_id
        for entry in report.get("entry") or ():
            for change in entry.get("changes") or ():
                value = change.get("value") or {}
                metadata = value.get("metadata") or {}
                if metadata.get("phone_number_id") == phone_id:
                    self._process_change(company, value)

    @api.model
    def _process_change(self, company, value):
        for status in value.get("statuses") or ():
            self._find_reported(company, status)._process_status(status)
        for message in value.get("messages") or ():
            self._process_answer(company, message)

    @api.model
    def _find_reported(self, company, status):
        """Return the message that ``status`` is about; none where it is not ours."""
        for name, value in (
            ("message_uid", status.get("id")),
            ("reference", status.get("biz_opaque_callback_data")),
        ):
            domain = [("company_id", "=", company.id), (name, "=", value)]
            message = self.sudo().search(domain, limit=1) if value else self.browse()
            if message:
                return message
        return self.browse()

    def _process_status(self, status):
        """Move the message as far as ``status`` says; no message: nothing to do."""
        state = STATUSES.get(status.get("status"))
        if not self or not state or RANKS[state] <= RANKS[self.state]:
            return
        if status.get("recipient_user_id"):
            self.user_uid = status["recipient_user_id"]
        if state == "error":
            self._set_error("refused", self._get_status_error(status))
        else:
            self._set_taken(state, status.get("id"))

    @api.model
    def _get_status_error(self, status):
        """Return in words why Meta could not deliver."""
        error = next(iter(status.get("errors") or ()), {})
        details = (error.get("error_data") or {}).get("details")
        text = details or error.get("title") or error.get("message")
        return f"{text or self.env._('Not delivered.')} ({error.get('code')})"

    # Answers

    @api.model
    def _process_answer(self, company, answer):
        """Put what a customer wrote on the thread and into the log, once."""
        uid = answer.get("id")
        message_id = f"<{uid}@whatsapp.com>"
        known = self.env["mail.message"].sudo()
        if not uid or known.search_count([("message_id", "=", message_id)], limit=1):
            return
        customer, author = self._find_author(company, answer)
        if not customer:
            _logger.info("WhatsApp message %s is from nobody in follow-up", uid)
            return
        body = plaintext2html(self._get_answer_text(answer))
        message = customer.message_post(
            body=body,
            author_id=author.id,
            message_id=message_id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        customer._log_reply("whatsapp", body, author, message=message)

    @api.model
    def _find_author(self, company, answer):
        """Return whose answer it is: the follow-up record and the contact.

        The message that it answers says so, else the number (a user may hide it), else
        Meta's id of the user.
        """
        context_uid = (answer.get("context") or {}).get("id")
        number = f"+{answer.get('from')}"
        for name, value in (
            ("message_uid", context_uid),
            ("number", number if answer.get("from") else None),
            ("user_uid", answer.get("from_user_id")),
        ):
            if value:
                domain = [("company_id", "=", company.id), (name, "=", value)]
                message = self.sudo().search(domain, limit=1)
                if message.action_ids:
                    return message.action_ids[0].customer_id, message.partner_id
        return self._find_author_by_contact(company, number)

    @api.model
    def _find_author_by_contact(self, company, number):
        contacts = self.env["res.partner"].sudo()
        contacts = contacts.search([("phone_sanitized", "=", number)])
        customer = (
            self.env["payment.followup.customer"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", contacts.commercial_partner_id.ids),
                ],
                limit=1,
            )
        )
        author = contacts.filtered(
            lambda c: c.commercial_partner_id == customer.partner_id
        )
        return customer, author[:1]

    @api.model
    def _get_answer_text(self, answer):
        """Return the words of an answer, or what it is where it has none."""
        kind = answer.get("type")
        part = answer.get(kind) or {}
        if not isinstance(part, dict):
            part = {}
        reply = part.get("button_reply") or part.get("list_reply") or {}
        words = (
            part.get("body"),
            part.get("text"),
            part.get("caption"),
            part.get("emoji"),
            reply.get("title"),
        )
        text = next((word for word in words if word), None)
        if kind in ("text", "button", "interactive", "reaction") and text:
            return text
        note = self.env._("[%(kind)s, see WhatsApp]", kind=kind)
        return f"{note} {text}" if text else note

from odoo import api, models

# Header fields by which a machine says that nobody wrote the message (RFC 3834, and
# what older mail programs use), with the values that say so; None: any value.
AUTO_REPLY_HEADERS = {
    "Auto-Submitted": ("auto-generated", "auto-replied", "auto-notified"),
    "Precedence": ("auto_reply", "bulk", "junk"),
    "X-Autoreply": None,
    "X-Autorespond": None,
    "X-Auto-Reply": None,
}


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Mark the out-of-office replies: they are no answers of a customer."""
        if self._is_auto_reply(message):
            self = self.with_context(payment_followup_auto_reply=True)
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _is_auto_reply(self, message):
        """Return whether a machine answered with the ``EmailMessage`` ``message``."""
        for name, values in AUTO_REPLY_HEADERS.items():
            # "auto-replied; owner-email=…" has a parameter
            value = (message.get(name) or "").partition(";")[0].strip().lower()
            if value and (values is None or value in values):
                return True
        return False

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Tell the action log that a reminder came back."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message:
            actions = self.env["payment.followup.action"].sudo()
            for action in actions.search(
                [
                    ("mail_message_id", "in", message.ids),
                    ("state", "in", ("queued", "sent")),
                ]
            ):
                action = action.company_id._in_payment_followup_lang(action)
                action._set_failed(
                    action.env._(
                        "The e-mail was returned undelivered. %(address)s",
                        address=message_dict.get("bounced_email") or action.address,
                    )
                )
        return result

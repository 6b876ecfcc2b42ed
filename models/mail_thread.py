from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Tell the action log that a reminder came back."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message:
            actions = self.env["payment.followup.action"].sudo()
            actions.search(
                [
                    ("mail_message_id", "in", message.ids),
                    ("state", "in", ("queued", "sent")),
                ]
            )._set_failed(
                self.env._(
                    "The e-mail was returned undelivered. %(address)s",
                    address=message_dict.get("bounced_email") or "",
                )
            )
        return result

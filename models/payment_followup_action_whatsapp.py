from odoo import models
from odoo.exceptions import AccessError, UserError


class PaymentFollowupAction(models.Model):
    """A WhatsApp message that is sent by hand: opened, and then said to be sent."""

    _inherit = "payment.followup.action"

    def action_open_whatsapp(self):
        """Open the prepared message in WhatsApp, after a last look at the invoices."""
        self._check_by_hand()
        stopped = self.sudo()._stop_outdated()
        if stopped:
            return stopped._notify_stopped()
        return {
            "type": "ir.actions.act_url",
            "url": self.whatsapp_url,
            "target": "new",
        }

    def action_set_sent_by_hand(self):
        """Record that the message was sent by hand."""
        self._check_by_hand()
        self.sudo()._set_sent()

    def _check_by_hand(self):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only billing users can send reminders."))
        if self.kind != "whatsapp" or self.state != "todo":
            raise UserError(
                self.env._(
                    "%(action)s is not waiting to be sent by hand.",
                    action=self.display_name,
                )
            )

    def _notify_stopped(self):
        """Return the client action that says why the message must not leave."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.error,
                "type": "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

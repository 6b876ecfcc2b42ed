from odoo import models


class PaymentFollowupQueue(models.AbstractModel):
    """What the queues of Odoo (mail, SMS, Snailmail) know of the reminders in them."""

    _name = "payment.followup.queue"
    _description = "Payment Reminder Queue"

    # The field of the action log that points at the queue.
    _followup_field = None

    def _get_followup_actions(self, states=("queued",)):
        """Return the log rows of the reminders among these messages, on their way."""
        return (
            self.env["payment.followup.action"]
            .sudo()
            .search([(self._followup_field, "in", self.ids), ("state", "in", states)])
        )

    def _stop_outdated_followups(self):
        """Take out the reminders that have become wrong; return those messages.

        One that failed and is sent again has to pass as well.
        """
        actions = self._get_followup_actions(("queued", "failed"))
        return actions._stop_outdated()[self._followup_field]

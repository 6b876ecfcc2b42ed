from odoo import api, models


class PaymentFollowupQueue(models.AbstractModel):
    """What the queues of Odoo (mail, SMS, Snailmail) know of the reminders in them."""

    _name = "payment.followup.queue"
    _description = "Payment Reminder Queue"

    # The field of the action log that points at the queue.
    _followup_field = None
    # The scheduled action that empties the queue.
    _followup_cron = None

    @api.model
    def _get_queues(self):
        """Return the models of all queues."""
        names = self.pool.descendants([self._name], "_inherit") - {self._name}
        return [self.env[name] for name in sorted(names)]

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

    def _hold_followups(self):
        """Let the reminders wait whose company is closed; return those messages.

        Called just before a queue delivers, and before the last look: that one is taken
        when they leave.
        """
        waiting = self._get_followup_actions(("queued", "failed"))._wait_for_opening()
        for opening, actions in waiting.grouped("queued_until").items():
            actions[self._followup_field]._set_waiting_until(opening)
            self.env["payment.followup.guard"]._trigger_at(self._followup_cron, opening)
        return waiting[self._followup_field]

    def _set_waiting_until(self, opening):
        """Keep the queue from these messages until ``opening``, if it knows how to."""

    def _release_followups(self):
        """Let the queue look right away at these messages, which waited."""
        if self:
            self.env["payment.followup.guard"]._trigger_at(self._followup_cron)

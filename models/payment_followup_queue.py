from odoo import api, models


class PaymentFollowupQueue(models.AbstractModel):
    """What the queues of Odoo (mail, SMS, Snailmail) know of the reminders in them."""

    _name = "payment.followup.queue"
    _description = "Payment Reminder Queue"

    # The field of the action log that points at the queue.
    _followup_field = None
    # The scheduled action that empties the queue.
    _followup_cron = None
    # The states of a message that may still leave, and of one that is not to.
    _followup_waiting_states = ()
    _followup_void_state = None

    @api.model
    def _get_queues(self):
        """Return the models of all queues."""
        names = self.pool.descendants([self._name], "_inherit") - {self._name}
        return [self.env[name] for name in sorted(names)]

    def _get_followup_actions(self, states=("queued",)):
        """Return the log rows of the reminders among these messages, on their way."""
        return self._get_followups().filtered(lambda row: row.state in states)

    def _get_followups(self):
        """Return the log rows of the reminders among these messages."""
        actions = self.env["payment.followup.action"].sudo()
        found = actions.search([(self._followup_field, "in", self.ids)])
        return found.company_id._in_payment_followup_lang(found)

    def _stop_outdated_followups(self):
        """Take out the reminders that have become wrong; return those messages.

        One that failed and is sent again has to pass as well.
        """
        actions = self._get_followup_actions(("queued", "failed"))
        return actions._stop_outdated()[self._followup_field]

    def _take_followups(self, is_final, look=None):
        """Return those of these reminders that may leave now, locked and marked.

        What has become wrong is stopped; what another process is at, stays. A reminder
        that is marked already was being handed over when the server died: nobody knows
        whether it left, a person decides.

        :param is_final: commit the mark before the message leaves. Whatever happens to
            the server from then on, the queue does not send the message again.
        :param look: an earlier :class:`Look` at these reminders and others, if any
        """
        if is_final:
            # A new look at what others have done since the queue was read
            self.env.cr.commit()  # pylint: disable=invalid-commit
        actions = self._get_followups().try_lock_for_update()
        leaving = actions._prepare_handover(look)
        (actions - leaving)._withdraw()
        messages = leaving[self._followup_field]
        if is_final:
            self.env.cr.commit()  # pylint: disable=invalid-commit
            locked = leaving.try_lock_for_update()
            if locked != leaving:
                messages = locked[self._followup_field]
        return messages

    def _withdraw(self):
        """Take these messages out of the queue; their log rows know why."""
        waiting = self.sudo().filtered(
            lambda message: message.state in self._followup_waiting_states
        )
        waiting.write({"state": self._followup_void_state})

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

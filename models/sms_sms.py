from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

# Reminders handed over in one request: as many are unclear if the server dies then.
HANDOVER_SIZE = 10
# What is wrong with our account, not with the number.
ACCOUNT_FAILURES = ("sms_acc", "sms_credit")


class SmsSms(models.Model):
    _name = "sms.sms"
    _inherit = ["sms.sms", "payment.followup.queue"]

    _followup_field = "sms_id"
    _followup_cron = "sms.ir_cron_sms_scheduler_action"
    _followup_waiting_states = ("outgoing",)
    _followup_void_state = "canceled"

    @api.model
    def _process_queue(self):
        """Pass over the reminders that wait: the queue takes the oldest ones first."""
        return super(
            SmsSms, self.with_context(payment_followup_skip_waiting=True)
        )._process_queue()

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("payment_followup_skip_waiting"):
            domain = Domain(domain) & Domain("id", "not in", self._query_waiting())
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _query_waiting(self):
        actions = self.env["payment.followup.action"].sudo()
        query = actions._search(
            [("queued_until", ">", fields.Datetime.now()), ("sms_id", "!=", False)]
        )
        return query.subselect("sms_id")

    def _send(self, *args, **kwargs):
        """Hand over the reminders after a last look, a few at a time."""
        messages = self - self._hold_followups()
        reminders = messages._get_followups().sms_id & messages
        others = messages - reminders
        result = others and super(SmsSms, others)._send(*args, **kwargs)
        for ids in split_every(HANDOVER_SIZE, reminders.ids):
            ready = self.browse(ids)._take_followups(self._is_queue_running())
            result = ready and super(SmsSms, ready)._send(*args, **kwargs)
        return result

    def _is_queue_running(self):
        """Return whether the scheduler is at work, which may commit; people do not."""
        return bool(self.env.context.get("cron_id"))

    def write(self, vals):
        """Tell the action log what became of the reminders."""
        if vals.get("state") == "outgoing":
            self._get_followup_actions(("failed",))._forget_handover()
        result = super().write(vals)
        if vals.get("state") in ("pending", "sent"):
            self._get_followup_actions(("queued", "failed"))._set_sent()
        elif vals.get("state") in ("error", "canceled"):
            reasons = dict(
                self._fields["failure_type"]._description_selection(self.env)
            )
            for message in self:
                message._set_followups_failed(reasons)
        return result

    def _set_followups_failed(self, reasons):
        """Tell the action log why this SMS was not sent.

        :param reasons: {type of failure: words}
        """
        actions = self._get_followup_actions()
        reason = reasons.get(self.failure_type) or self.env._("The SMS was not sent.")
        if self.failure_type == "sms_server":
            # No answer, or none that can be read: it may have left
            actions._set_unclear()
        elif self.failure_type in ACCOUNT_FAILURES:
            actions._set_account_failed(reason)
        else:
            actions._set_failed(reason)

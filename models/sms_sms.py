from odoo import api, fields, models
from odoo.fields import Domain


class SmsSms(models.Model):
    _name = "sms.sms"
    _inherit = ["sms.sms", "payment.followup.queue"]

    _followup_field = "sms_id"
    _followup_cron = "sms.ir_cron_sms_scheduler_action"

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
        """Send the reminders that may leave; stop those that have become wrong.

        Both the queue and a click come through here.
        """
        held = self._hold_followups()
        stopped = (self - held)._stop_outdated_followups()
        stopped.action_set_canceled()
        messages = self - held - stopped
        return super(SmsSms, messages)._send(*args, **kwargs) if messages else None

    def write(self, vals):
        """Tell the action log what became of the reminders."""
        result = super().write(vals)
        if vals.get("state") in ("pending", "sent"):
            self._get_followup_actions()._set_sent()
        elif vals.get("state") in ("error", "canceled"):
            reasons = dict(
                self._fields["failure_type"]._description_selection(self.env)
            )
            for message in self:
                message._get_followup_actions()._set_failed(
                    reasons.get(message.failure_type)
                    or self.env._("The SMS was not sent.")
                )
        return result

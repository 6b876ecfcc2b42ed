from odoo import models


class SmsSms(models.Model):
    _name = "sms.sms"
    _inherit = ["sms.sms", "payment.followup.queue"]

    _followup_field = "sms_id"

    def send(self, *args, **kwargs):
        """Stop the reminders that have become wrong since they were queued."""
        stopped = self._stop_outdated_followups()
        stopped.action_set_canceled()
        return super(SmsSms, self - stopped).send(*args, **kwargs)

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

from odoo import fields, models


class SmsTracker(models.Model):
    """Delivery reports: they name the tracker, the SMS itself may be gone by then."""

    _inherit = "sms.tracker"

    payment_followup_action_id = fields.Many2one(
        comodel_name="payment.followup.action",
        string="Reminder",
        ondelete="cascade",
        index="btree_not_null",
    )

    def _action_update_from_sms_state(
        self, sms_state, failure_type=False, failure_reason=False
    ):
        """Tell the action log of a delivery; one that was reported failed counts."""
        reached = {"pending": ("queued",), "sent": ("queued", "failed")}
        self._get_followup_actions(reached.get(sms_state, ()))._set_sent()
        return super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )

    def _action_update_from_provider_error(self, provider_error):
        """Tell the action log that an SMS on its way did not arrive, and why."""
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, failure_reason = result
        types = dict(
            self.env["mail.notification"]
            ._fields["failure_type"]
            ._description_selection(self.env)
        )
        reason = types.get(failure_type)
        self._get_followup_actions(("queued", "sent"))._set_failed(
            failure_reason or reason or self.env._("The SMS did not arrive.")
        )
        return result

    def _get_followup_actions(self, states):
        actions = self.sudo().payment_followup_action_id
        return actions.filtered(lambda action: action.state in states)

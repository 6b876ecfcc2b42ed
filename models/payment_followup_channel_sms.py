from odoo import api, models


class PaymentFollowupChannelSms(models.AbstractModel):
    """A text message through Odoo's SMS queue."""

    _name = "payment.followup.channel.sms"
    _description = "Follow-up by SMS"
    _inherit = ["payment.followup.channel"]

    _kind = "sms"
    _icon = "fa-commenting-o"
    _is_paid = True

    @api.model
    def _is_wanted(self, level):
        return level.send_sms

    @api.model
    def _describe(self, level):
        return self.env._("SMS")

    @api.model
    def _get_address(self, reminder):
        contacts = reminder.recipient_id | reminder.partner_id
        numbers = (contact._phone_format(fname="phone") for contact in contacts)
        return next((number for number in numbers if number), "")

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No valid phone number.")

    @api.model
    def _send(self, actions):
        default = self.env.ref("account_payment_followup.sms_template_reminder")
        groups = actions.grouped(lambda action: action.level_id.sms_template_id)
        for template, group in groups.items():
            self._queue(group, (template or default).sudo())

    @api.model
    def _preview(self, action):
        """Return the text of ``action``, which need not be saved."""
        default = self.env.ref("account_payment_followup.sms_template_reminder")
        template = (action.level_id.sms_template_id or default).sudo()
        [id_] = action._ids
        return template._render_field("body", [id_], compute_lang=True)[id_]

    @api.model
    def _queue(self, actions, template):
        bodies = template._render_field("body", actions.ids, compute_lang=True)
        messages = (
            self.env["sms.sms"]
            .sudo()
            .create(
                [
                    {
                        "number": action.address,
                        "partner_id": action.recipient_id.id,
                        "body": bodies[action.id],
                    }
                    for action in actions
                ]
            )
        )
        for action, message in zip(actions, messages, strict=True):
            action.write({"sms_id": message.id})
            action._set_content(False, message.body)
        self._track(actions)

    @api.model
    def _track(self, actions):
        """Let the reports of the provider find the log row: they come by the uuid."""
        self.env["sms.tracker"].sudo().create(
            [
                {
                    "sms_uuid": action.sms_id.uuid,
                    "payment_followup_action_id": action.id,
                }
                for action in actions
            ]
        )

from urllib.parse import quote

from odoo import api, models


class PaymentFollowupChannelWhatsapp(models.AbstractModel):
    """A message prepared for WhatsApp: a link that opens it, to be sent by hand."""

    _name = "payment.followup.channel.whatsapp"
    _description = "Follow-up by WhatsApp"
    _inherit = ["payment.followup.channel"]

    _kind = "whatsapp"
    _icon = "fa-whatsapp"

    @api.model
    def _is_wanted(self, level):
        return level.send_whatsapp

    @api.model
    def _describe(self, level):
        return self.env._("WhatsApp message")

    @api.model
    def _get_address(self, reminder):
        return self.env["payment.followup.channel.sms"]._get_address(reminder)

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No valid phone number.")

    @api.model
    def _get_initial_state(self):
        return "todo"

    @api.model
    def _send(self, actions):
        template = self.env.ref("account_payment_followup.sms_template_reminder").sudo()
        bodies = template._render_field("body", actions.ids, compute_lang=True)
        for action in actions:
            action._set_content(False, bodies[action.id])

    @api.model
    def _get_link(self, action):
        """Return the address that opens WhatsApp with the message of ``action``."""
        number = "".join(c for c in action.address or "" if c.isdigit())
        return f"https://wa.me/{number}?text={quote(action.body_text or '')}"

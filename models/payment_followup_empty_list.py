from odoo import api, models


class PaymentFollowupEmptyList(models.AbstractModel):
    """A list whose emptiness is explained where the company uses no follow-up."""

    _name = "payment.followup.empty.list"
    _description = "What an Empty List of Payment Follow-up Says"

    @api.model
    def get_empty_list_help(self, help_message):
        """Say first that the feature is off, and who can switch it on."""
        disabled = self.env.company._get_payment_followup_disabled_help()
        return disabled or super().get_empty_list_help(help_message)

from odoo import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.constrains("res_model")
    def _check_followup_levels(self):
        """Refuse another model while levels use the activity type."""
        self.env["payment.followup.level"]._check_levels_with("activity_type_id", self)

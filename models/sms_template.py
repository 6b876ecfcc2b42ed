from odoo import api, models


class SmsTemplate(models.Model):
    _inherit = "sms.template"

    @api.constrains("body", "model_id")
    def _check_followup_placeholders(self):
        """Refuse a field that a reminder does not have, before a customer gets none."""
        for template in self.filtered(lambda t: t.model == "payment.followup.action"):
            self.env["payment.followup.action"]._check_placeholders(
                template.name, template.body
            )

    @api.constrains("model_id")
    def _check_followup_levels(self):
        """Refuse another model while levels use the template."""
        self.env["payment.followup.level"]._check_levels_with("sms_template_id", self)

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

from odoo import api, models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.constrains("subject", "body_html", "model_id")
    def _check_followup_placeholders(self):
        """Refuse a field that a reminder does not have, before a customer gets none."""
        for template in self.filtered(lambda t: t.model == "payment.followup.action"):
            self.env["payment.followup.action"]._check_placeholders(
                template.name, template.subject, template.body_html
            )

    @api.constrains("model_id")
    def _check_followup_levels(self):
        """Refuse another model while levels use the template."""
        self.env["payment.followup.level"]._check_levels_with("mail_template_id", self)

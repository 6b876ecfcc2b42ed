from odoo import fields, models


class PaymentFollowupPlanWizard(models.TransientModel):
    """Choose the ready-made plan a company starts from."""

    _name = "payment.followup.plan.wizard"
    _description = "Choose a Follow-up Plan"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    plan = fields.Selection(
        selection=lambda self: self.env["payment.followup.plan"]._get_plans(),
        required=True,
        default="basic",
    )

    def action_apply(self):
        """Create the levels and show them; the page reloads, as the menus are new."""
        self.ensure_one()
        self.env["payment.followup.plan"]._apply(self.plan, self.company_id)
        return {
            "type": "ir.actions.act_url",
            "url": "/odoo/follow-up-levels",
            "target": "self",
        }

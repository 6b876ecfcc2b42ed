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
        """Create the levels and show them."""
        self.ensure_one()
        self.env["payment.followup.plan"]._apply(self.plan, self.company_id)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_level_action"
        ) | {"target": "main"}

from odoo import fields, models


class PaymentFollowupAssignWizard(models.TransientModel):
    """Say who looks after the payments of one or many customers."""

    _name = "payment.followup.assign.wizard"
    _description = "Assign Customers"

    customer_ids = fields.Many2many(
        comodel_name="payment.followup.customer",
        relation="payment_followup_assign_wizard_customer_rel",
        string="Customers",
        required=True,
        readonly=True,
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False)]",
        help="Finds the customers under My customers and gets the calls that the plan "
        "asks for. Empty: nobody in particular.",
    )

    def action_assign(self):
        """Write the responsible on each customer."""
        self.ensure_one()
        self.customer_ids.company_id._check_payment_followup_enabled()
        self.customer_ids.responsible_id = self.responsible_id
        return {"type": "ir.actions.act_window_close"}

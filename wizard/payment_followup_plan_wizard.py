from odoo import api, fields, models


class PaymentFollowupPlanWizard(models.TransientModel):
    """Choose the ready-made plan of a company: its first one, or another one."""

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
    timeline = fields.Json(string="Steps", compute="_compute_timeline")
    level_count = fields.Integer(
        string="Current levels", compute="_compute_level_count"
    )

    @api.depends("plan", "company_id")
    @api.depends_context("lang")
    def _compute_timeline(self):
        plans = self.env["payment.followup.plan"]
        for wizard in self:
            levels = plans._get_drafts(wizard.plan, wizard.company_id)
            wizard.timeline = levels._get_timeline()

    @api.depends("company_id")
    def _compute_level_count(self):
        Level = self.env["payment.followup.level"]
        for wizard in self:
            wizard.level_count = Level.search_count(
                [("company_id", "=", wizard.company_id.id)]
            )

    def action_apply(self):
        """Create the levels and show them; the page reloads, as the menus are new."""
        self.ensure_one()
        self.env["payment.followup.plan"]._apply(self.plan, self.company_id)
        return self._show_levels()

    def action_replace(self):
        """Archive the levels of now, take the plan instead, and show it."""
        self.ensure_one()
        self.env["payment.followup.plan"]._replace(self.plan, self.company_id)
        return self._show_levels()

    def _show_levels(self):
        return {
            "type": "ir.actions.act_url",
            "url": "/odoo/follow-up-levels",
            "target": "self",
        }

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    payment_followup_enabled = fields.Boolean(
        related="company_id.payment_followup_enabled", readonly=False
    )
    payment_followup_auto = fields.Boolean(
        related="company_id.payment_followup_auto", readonly=False
    )
    payment_followup_escalation = fields.Selection(
        related="company_id.payment_followup_escalation", readonly=False
    )
    payment_followup_min_amount = fields.Monetary(
        related="company_id.payment_followup_min_amount",
        currency_field="currency_id",
        readonly=False,
    )
    payment_followup_min_interval = fields.Integer(
        related="company_id.payment_followup_min_interval", readonly=False
    )
    payment_followup_responsible_id = fields.Many2one(
        related="company_id.payment_followup_responsible_id", readonly=False
    )
    payment_followup_calendar_id = fields.Many2one(
        related="company_id.payment_followup_calendar_id",
        domain="[('flexible_hours', '=', False), '|', ('company_id', '=', False), "
        "('company_id', 'parent_of', company_id)]",
        readonly=False,
    )
    payment_followup_alarm_factor = fields.Float(
        related="company_id.payment_followup_alarm_factor", readonly=False
    )
    payment_followup_alarm_share = fields.Integer(
        related="company_id.payment_followup_alarm_share", readonly=False
    )
    payment_followup_bank_days = fields.Integer(
        related="company_id.payment_followup_bank_days", readonly=False
    )
    payment_followup_level_count = fields.Integer(
        string="Follow-up levels", compute="_compute_payment_followup_timeline"
    )
    payment_followup_timeline = fields.Json(
        string="Time line", compute="_compute_payment_followup_timeline"
    )

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_payment_followup_timeline(self):
        for settings in self:
            levels = self.env["payment.followup.level"].search(
                [("company_id", "=", settings.company_id.id)]
            )
            settings.payment_followup_level_count = len(levels)
            settings.payment_followup_timeline = levels._get_timeline()

    def action_payment_followup_choose_plan(self):
        """Save the settings and open the choice of ready-made plans."""
        self.ensure_one()
        self.execute()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_plan_wizard_action"
        )

    def action_payment_followup_offer_hours(self):
        """Save the settings with sending hours that suit most companies."""
        self.ensure_one()
        self.execute()
        self.company_id._set_offered_payment_followup_hours()
        return {"type": "ir.actions.client", "tag": "reload"}

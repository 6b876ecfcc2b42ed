from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class PaymentFollowupStatement(models.Model):
    """The reason in words: what an accountant reads to know why."""

    _inherit = "payment.followup.statement"

    reason_text = fields.Char(string="In words", compute="_compute_reason_text")

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for statement in self:
            explain = getattr(self, f"_explain_{statement.reason}", None)
            statement.reason_text = explain(statement) if explain else ""

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    @api.model
    def _explain_disabled(self, statement):
        return self.env._(
            "Payment follow-up is switched off for %(company)s.",
            company=statement.company_id.name,
        )

    @api.model
    def _explain_excluded(self, statement):
        return self.env._(
            "%(user)s excluded this customer from reminders.",
            user=statement.customer_id.sudo().write_uid.name,
        )

    @api.model
    def _explain_covered(self, statement):
        return self.env._(
            "Credits and payments of %(amount)s wait to be reconciled.",
            amount=statement._format(-statement.amount_credit),
        )

    @api.model
    def _explain_paused(self, statement):
        return self.env._(
            "Paused until %(date)s by %(user)s.",
            date=format_date(self.env, statement.planned_date),
            user=statement.customer_id.sudo().write_uid.name,
        )

    @api.model
    def _explain_below_minimum(self, statement):
        minimum = statement.company_id.sudo().payment_followup_min_amount
        return self.env._(
            "%(amount)s is below the minimum of %(minimum)s.",
            amount=statement._format(statement.amount_reminder),
            minimum=statement._format(minimum),
        )

    @api.model
    def _explain_delivery_failed(self, statement):
        failed = self.env["payment.followup.action"].search(
            [
                ("company_id", "=", statement.company_id.id),
                ("partner_id", "=", statement.partner_id.id),
                ("state", "=", "failed"),
            ],
            limit=1,
        )
        return self.env._(
            "The last reminder did not arrive. %(error)s", error=failed.error or ""
        )

    @api.model
    def _explain_no_address(self, statement):
        return self.env._(
            "%(customer)s has neither a valid e-mail address nor a postal address.",
            customer=statement.partner_id.display_name,
        )

    @api.model
    def _explain_interval(self, statement):
        return self.env._(
            "Reminded on %(date)s. The next reminder may leave on %(next)s.",
            date=format_date(self.env, statement.customer_id.reminder_date),
            next=format_date(self.env, statement.next_date),
        )

    @api.model
    def _explain_due(self, statement):
        level = statement.due_level_id.name
        if statement.is_automatic:
            return self.env._("“%(level)s”: the daily batch sends it.", level=level)
        return self.env._("“%(level)s”: waits for you to send it.", level=level)

    @api.model
    def _explain_waiting(self, statement):
        return self.env._(
            "The next reminder is due on %(date)s.",
            date=format_date(self.env, statement.next_date),
        )

    @api.model
    def _explain_promised(self, statement):
        return self.env._(
            "Promised to pay on %(date)s.",
            date=format_date(self.env, statement.expected_date),
        )

    @api.model
    def _explain_plan_done(self, statement):
        if statement.level_id:
            return self.env._("The plan has no further level: decide what comes next.")
        return self.env._(
            "The plan of %(company)s has no level for what is overdue. An accounting "
            "manager can add one in Configuration ▸ Follow-up Levels.",
            company=statement.company_id.name,
        )

    @api.model
    def _explain_litigation(self, statement):
        return self.env._(
            "%(amount)s is excluded from follow-up.",
            amount=statement._format(statement.amount_excluded),
        )

    @api.model
    def _explain_not_due(self, statement):
        return self.env._("Nothing is overdue.")

from odoo import api, fields, models
from odoo.tools import format_date


class PaymentFollowupStatementLine(models.Model):
    """Why one open item is, or is not, in the reminder: in words, and what to do."""

    _inherit = "payment.followup.statement.line"

    reason_text = fields.Char(string="In words", compute="_compute_reason_text")

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for line in self:
            line.reason_text = getattr(self, f"_explain_{line.reason}")(line)

    @api.model
    def _explain_outside(self, line):
        return self.env._("Left out: not an invoice that the plan follows.")

    @api.model
    def _explain_credit(self, line):
        return self.env._("Deducted from what is owed.")

    @api.model
    def _explain_litigation(self, line):
        return self.env._("Left out: excluded, in litigation.")

    @api.model
    def _explain_promised(self, line):
        return self.env._(
            "Left out: payment is promised for %(date)s.",
            date=format_date(self.env, line.expected_payment_date),
        )

    @api.model
    def _explain_due(self, line):
        statement = line.statement_id
        if statement.reason != "due":
            field = statement._fields["reason"]
            reasons = dict(field._description_selection(self.env))
            return self.env._(
                "Left out: no reminder goes out today (%(reason)s). It would take it "
                "to “%(level)s”.",
                reason=reasons[statement.reason],
                level=line.next_level_id.name,
            )
        return self.env._(
            "In the reminder, which takes it to “%(level)s”.",
            level=line.next_level_id.name,
        )

    @api.model
    def _explain_waiting(self, line):
        date = format_date(self.env, line.next_date)
        if line.statement_id.reason == "due":
            return self.env._(
                "In the reminder, as still open; its own next step comes on %(date)s.",
                date=date,
            )
        return self.env._(
            "If a reminder goes out, it lists this as still open; its own next step "
            "comes on %(date)s.",
            date=date,
        )

    @api.model
    def _explain_plan_done(self, line):
        return self.env._(
            "If a reminder goes out, it lists this as still open; all levels are done."
        )

    @api.model
    def _explain_not_due(self, line):
        return self.env._(
            "Left out: due on %(date)s.",
            date=format_date(self.env, line.date_due),
        )

    def action_open_move(self):
        """Open the invoice, or the entry, behind this item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_payment_link(self):
        """Make a link by which the customer can pay this invoice."""
        self.ensure_one()
        self.env["payment.link.wizard"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment.action_invoice_order_generate_link"
        )
        return action | {
            "context": {"active_model": "account.move", "active_id": self.move_id.id}
        }

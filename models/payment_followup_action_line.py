from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..const import KINDS


class PaymentFollowupActionLine(models.Model):
    """One invoice in one action, with its level and amounts as they were that day."""

    _name = "payment.followup.action.line"
    _description = "Invoice in a Follow-up Action"
    _order = "action_id, date_due, id"

    action_id = fields.Many2one(
        comodel_name="payment.followup.action",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="restrict"
    )
    kind = fields.Selection(selection=KINDS, string="Type", required=True)
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        ondelete="set null",
        index="btree_not_null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        ondelete="set null",
        index="btree_not_null",
    )
    name = fields.Char(string="Number", required=True)
    date_invoice = fields.Date(string="Invoice date")
    date_due = fields.Date(string="Due date", required=True)
    level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        ondelete="restrict",
        help="The level that the invoice moved to with this action; "
        "empty when it was only listed.",
    )
    repeat_count = fields.Integer(string="Repetition")
    counts = fields.Boolean(
        string="Counts as sent",
        help="The level counts as sent, unless the message failed or was stopped, or "
        "the invoice was reset to draft.",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    amount_total = fields.Monetary(
        string="Amount", help="The original amount, in the currency of the invoice."
    )
    amount_residual_currency = fields.Monetary(
        string="Still open", help="In the currency of the invoice."
    )
    amount_residual = fields.Monetary(
        string="Still open (company currency)", currency_field="company_currency_id"
    )

    # The promise "never twice" in the database: a level is said once to a claim by
    # each channel, and each repetition once.
    _once_uniq = models.UniqueIndex(
        "(move_line_id, level_id, kind, repeat_count) "
        "WHERE counts AND level_id IS NOT NULL",
        "This invoice has already had this reminder.",
    )

    def write(self, vals):
        if not self.env.su or vals.keys() - {"counts"}:
            raise UserError(self.action_id._get_protection_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.action_id._get_protection_message())

    @api.model
    def _prepare_vals(self, move_line, kind):
        """Return the values that keep ``move_line`` as it is now."""
        move = move_line.move_id
        return {
            "kind": kind,
            "company_id": move_line.company_id.id,
            "move_line_id": move_line.id,
            "move_id": move.id,
            "name": move.name or move_line.name or "/",
            "date_invoice": move.invoice_date or move.date,
            "date_due": move_line._get_followup_due_date(),
            "currency_id": move_line.currency_id.id,
            "amount_total": move_line.amount_currency,
            "amount_residual_currency": move_line.amount_residual_currency,
            "amount_residual": move_line.amount_residual,
        }

    def _void(self):
        """Take back the level of these lines: it does not count as communicated."""
        moved = self.sudo().filtered("counts")
        moved.write({"counts": False})
        self.env["payment.followup.claim"].sudo()._update_from_log(
            moved.move_line_id.ids
        )

    def _restore(self):
        """Let the level of these lines count after all."""
        moved = self.sudo().filtered(lambda line: line.level_id and not line.counts)
        moved.write({"counts": True})
        self.env["payment.followup.claim"].sudo()._update_from_log(
            moved.move_line_id.ids
        )

    def _find_obstacle(self, item):
        """Return why a message with this line must not leave any more, '' when it may.

        :param item: the ``payment.followup.statement.line`` it is now, None when it is
            no longer open
        """
        self.ensure_one()
        if item is None:
            return self.env._("Stopped: %(name)s is no longer open.", name=self.name)
        if self.level_id and not self.counts:
            obstacle = self._find_obstacle_to_repeat()
            if obstacle:
                return obstacle
        if item.amount_residual_currency != self.amount_residual_currency:
            return self.env._(
                "Stopped: the open amount of %(name)s changed.", name=self.name
            )
        if item.reason == "litigation":
            return self.env._("Stopped: %(name)s is in litigation.", name=self.name)
        if item.reason == "promised":
            return self.env._(
                "Stopped: payment of %(name)s is promised.", name=self.name
            )
        return ""

    def _find_obstacle_to_repeat(self):
        """Return why a message once taken back must not leave again, '' if it may."""
        reached = self.move_line_id.followup_level_id
        if self.action_id.state == "failed" and (
            not reached or reached.delay < self.level_id.delay
        ):
            return ""
        return self.env._(
            "Stopped: the follow-up of %(name)s has changed since.", name=self.name
        )

    def _prepare_item(self, today):
        """Return this line as strings for a message; see the action's _get_items."""
        return {
            "name": self.name,
            "date_invoice": format_date(self.env, self.date_invoice),
            "date_due": format_date(self.env, self.date_due),
            "days_overdue": (today - self.date_due).days,
            "amount_total": format_amount(
                self.env, self.amount_total, self.currency_id
            ),
            "amount_residual": format_amount(
                self.env, self.amount_residual_currency, self.currency_id
            ),
        }

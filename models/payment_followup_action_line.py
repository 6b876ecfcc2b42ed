from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import KINDS


class PaymentFollowupActionLine(models.Model):
    """One invoice in one action, with its level and amounts as they were that day."""

    _name = "payment.followup.action.line"
    _description = "Invoice in a Follow-up Action"
    _order = "action_id, date_due, id"
    # Who and when is on the action
    _log_access = False

    action_id = fields.Many2one(
        comodel_name="payment.followup.action",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="action_id.company_id")
    kind = fields.Selection(selection=KINDS, string="Type", required=True)
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        ondelete="set null",
        index="btree_not_null",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
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
    def _insert(self, rows):
        """Keep journal items in the log as they are now; one statement for any number.

        A log line is read far more often than it is written, but a batch writes ten
        for each customer: one by one they would cost more than the mail.

        :param rows: tuples (action id, its kind, journal item id, level id or None,
            repetition, whether the level counts as communicated)
        """
        if not rows:
            return
        for name in ("account.move", "account.move.line", "payment.followup.action"):
            self.env[name].flush_model()
        self.env.cr.execute(self._query_insert(rows))
        self.env["payment.followup.action"].invalidate_model(
            ["line_ids", "move_ids"], flush=False
        )

    @api.model
    def _query_insert(self, rows):
        action_ids, kinds, line_ids, level_ids, repeat_counts, counts = zip(
            *rows, strict=True
        )
        return SQL(
            """
            INSERT INTO payment_followup_action_line
                        (action_id, move_line_id, level_id, repeat_count, counts, kind,
                         name, date_invoice, date_due, currency_id, amount_total,
                         amount_residual_currency, amount_residual)
                 SELECT new.action_id,
                        line.id,
                        new.level_id,
                        new.repeat_count,
                        new.counts,
                        new.kind,
                        COALESCE(NULLIF(line.move_name, ''),
                                 NULLIF(line.name, ''), '/'),
                        COALESCE(line.invoice_date, line.date),
                        COALESCE(line.date_maturity, line.invoice_date, line.date),
                        line.currency_id,
                        line.amount_currency,
                        line.amount_residual_currency,
                        line.amount_residual
                   FROM UNNEST(%(action_ids)s, %(kinds)s, %(line_ids)s,
                               %(level_ids)s::int[], %(repeat_counts)s, %(counts)s)
                        WITH ORDINALITY
                        AS new (action_id, kind, move_line_id, level_id, repeat_count,
                                counts)
                   JOIN account_move_line line
                     ON line.id = new.move_line_id
               ORDER BY new.ordinality
            """,
            action_ids=list(action_ids),
            kinds=list(kinds),
            line_ids=list(line_ids),
            level_ids=list(level_ids),
            repeat_counts=list(repeat_counts),
            counts=list(counts),
        )

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
        if item.date_due != self.date_due:
            return self.env._(
                "Stopped: the due date of %(name)s changed.", name=self.name
            )
        if item.is_claim and item.days_overdue > 0 > self.action_id.level_id.delay:
            return self.env._("Stopped: %(name)s is overdue by now.", name=self.name)
        if item.reason == "litigation":
            return self.env._("Stopped: %(name)s is in litigation.", name=self.name)
        if self.action_id.promise_date:
            return self._find_obstacle_to_confirm(item)
        # Who only reads what is open may have promised to pay it
        if item.reason == "promised" and self.action_id.level_id:
            return self.env._(
                "Stopped: payment of %(name)s is promised.", name=self.name
            )
        return ""

    def _find_obstacle_to_confirm(self, item):
        """Return why a promise must not be confirmed any more, '' when it may."""
        if item.expected_date == self.action_id.promise_date:
            return ""
        return self.env._(
            "Stopped: payment of %(name)s is promised for another day, or no longer "
            "promised.",
            name=self.name,
        )

    def _find_obstacle_to_repeat(self):
        """Return why a message once taken back must not leave again, '' if it may."""
        if (
            self.action_id.state == "failed"
            and self._is_still_next()
            and not self._is_said_by_another()
        ):
            return ""
        return self.env._(
            "Stopped: the follow-up of %(name)s has changed since.", name=self.name
        )

    def _is_missed(self):
        """Return whether the claim got this level by another channel, not by this."""
        claim = self.move_line_id
        return (
            bool(self.level_id)
            and not self.counts
            and claim.followup_level_id == self.level_id
            and claim.followup_date <= self.action_id.date
            and not self._is_said_by_another()
        )

    def _is_still_next(self):
        """Return whether nothing later was said to the claim than this line says."""
        claim = self.move_line_id
        reached = claim.followup_level_id
        return (
            not reached
            or reached.delay < self.level_id.delay
            or (reached == self.level_id and claim.followup_date == self.action_id.date)
        )

    def _is_said_by_another(self):
        """Return whether a later message has said the same in the same way."""
        domain = [
            ("move_line_id", "=", self.move_line_id.id),
            ("level_id", "=", self.level_id.id),
            ("kind", "=", self.kind),
            ("repeat_count", "=", self.repeat_count),
            ("counts", "=", True),
        ]
        return bool(self.search_count(domain, limit=1))

    def _prepare_item(self, formats):
        """Return this line as strings for a letter; see the action's _get_items."""
        currency = self.currency_id
        return {
            "name": self.name,
            "date_invoice": formats.date(self.date_invoice),
            "date_due": formats.date(self.date_due),
            "amount_total": formats.amount(self.amount_total, currency),
            "amount_residual": formats.amount(self.amount_residual_currency, currency),
        }

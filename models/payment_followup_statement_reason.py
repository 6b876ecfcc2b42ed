from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import get_lang

from ..const import REASONS, TODO_REASONS

# Of Unicode: what stands between them has a direction of its own.
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# The order of groups: what waits for a person comes first, ratings as the lamps stand.
GROUP_ORDER = {
    "reason": sorted(dict(REASONS), key=lambda reason: reason not in TODO_REASONS),
    "trust": ["good", "normal", "bad"],
}
# The reasons under which the next level comes on its day if nobody does anything.
PLANNED_REASONS = ("interval", "waiting", "not_due")


class PaymentFollowupStatement(models.Model):
    """The reason in words: what an accountant reads to know why."""

    _inherit = "payment.followup.statement"

    reason_text = fields.Char(string="In words", compute="_compute_reason_text")

    failed_action_id = fields.Many2one(
        comodel_name="payment.followup.action",
        string="Last failed message",
        compute="_compute_failed_action_id",
    )

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Put groups by reason or rating in an order; they have no second page."""
        rows = super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )
        name = groupby[0] if len(groupby) == 1 else None
        if name in GROUP_ORDER and order in (None, name):
            rows.sort(key=lambda row: GROUP_ORDER[name].index(row[0]))
        return rows

    @api.depends("reason", "customer_id")
    def _compute_failed_action_id(self):
        failed = self.filtered(lambda s: s.reason == "delivery_failed")
        groups = self.env["payment.followup.action"]._read_group(
            [
                ("customer_id", "in", failed.customer_id.ids),
                ("state", "=", "failed"),
            ],
            ["customer_id"],
            ["id:max"],
        )
        ids = dict(groups)
        for statement in self:
            is_failed = statement in failed
            statement.failed_action_id = is_failed and ids.get(statement.customer_id)

    @api.depends("reason", "is_todo", "open_task_count", "unsent_count")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for statement in self:
            parts = (
                statement._explain(),
                statement._describe_unsent(),
                statement._describe_tasks(),
            )
            statement.reason_text = " ".join(filter(None, parts))

    def _explain(self):
        """Return the reason of this statement in words, '' where its name says it."""
        explain = getattr(self, f"_explain_{self.reason}", None)
        return explain(self) if explain else ""

    def _describe_unsent(self):
        """Return that a reminder lies here which a person has to hand over."""
        if not self.unsent_count:
            return ""
        return self.env._(
            "Letters to print, or messages to send by hand: %s.", self.unsent_count
        )

    def _describe_tasks(self):
        """Return that calls wait to be made, where nothing else is urgent."""
        if not self.open_task_count or self.reason in TODO_REASONS:
            return ""
        return self.env._("Calls and tasks to do: %s.", self.open_task_count)

    def _get_next_step(self):
        """Return what comes next, in words, for the history; also with no statement.

        What people planned, else the next level of the plan, else why none comes.
        """
        if not self:
            return self.env._("Nothing is owed any more.")
        self.ensure_one()
        if self.reason == "delivery_failed":
            return self.env._("Next: correct what failed, then try again.")
        planned = filter(None, (self._describe_promise(), self._describe_pause()))
        return " ".join(planned) or self._describe_next_level() or self._explain()

    def _describe_promise(self):
        promised = self.line_ids.filtered(lambda item: item.reason == "promised")
        if not promised:
            return ""
        date = min(promised.mapped("expected_date"))
        return self.env._("Promised for %(date)s.", date=format_date(self.env, date))

    def _describe_pause(self):
        if self.reason != "paused":
            return ""
        date = format_date(self.env, self.planned_date)
        return self.env._("Ask again on %(date)s.", date=date)

    def _describe_next_level(self):
        if self.reason not in PLANNED_REASONS or not self.next_date:
            return ""
        return self.env._(
            "Next: “%(level)s” on %(date)s.",
            level=self.coming_level_id.name,
            date=format_date(self.env, self.next_date),
        )

    @api.model
    def _isolate(self, text):
        """Keep the words of a mail server apart from a language that runs leftwards."""
        is_rtl = get_lang(self.env).direction == "rtl"
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text and is_rtl else text

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _get_decider(self, name):
        """Return who filled in the field ``name`` of the customer."""
        customer = self.customer_id.sudo()
        return customer[f"{name}_user_id"] or customer.write_uid

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
            user=statement._get_decider("mode").name,
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
            user=statement._get_decider("next_date").name,
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
        error = self._isolate(statement.failed_action_id.error or "")
        if statement.failure == "error":
            return self.env._("Nothing was sent. %(error)s", error=error)
        return self.env._("The last reminder did not arrive. %(error)s", error=error)

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
            if statement.company_id._get_payment_followup_holds():
                return self.env._("“%(level)s”: automatic sending waits.", level=level)
            return self.env._("“%(level)s”: goes out by itself.", level=level)
        return self.env._("“%(level)s”: waits for you to send it.", level=level)

    @api.model
    def _explain_waiting(self, statement):
        if statement.is_todo:
            return self.env._(
                "Planned for %(planned)s: ask again. The next reminder is due on "
                "%(date)s.",
                planned=format_date(self.env, statement.planned_date),
                date=format_date(self.env, statement.next_date),
            )
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
            "manager can add one in Configuration ▸ Invoicing ▸ Follow-up Levels.",
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

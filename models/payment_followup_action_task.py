from markupsafe import Markup

from odoo import models
from odoo.tools import format_amount, format_date, html2plaintext

# Why an open item is still worth a call: nobody promised or disputes it.
CALL_REASONS = frozenset({"due", "waiting", "plan_done", "not_due"})


class PaymentFollowupAction(models.Model):
    """Manual actions: what came of them, and what changed before anybody did them."""

    _inherit = "payment.followup.action"

    def _get_outcome(self, remark):
        """Return how it went and what comes next, one line for the history."""
        self.ensure_one()
        statements = self.env["payment.followup.statement"]
        statements._invalidate_decision()
        statement = statements._find(self.company_id, self.partner_id)
        next_step = statement._get_next_step()
        if not remark:
            return next_step
        return self.env._(
            "%(outcome)s – %(next_step)s", outcome=remark, next_step=next_step
        )

    def _get_open_tasks(self, company):
        """Return the manual actions of ``company`` that nobody has done yet."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "activity"),
                ("state", "=", "todo"),
                ("activity_id", "!=", False),
            ]
        )

    def _review_tasks(self):
        """Close those of these manual actions that are pointless by now.

        The level of a call that nobody made does not count as said. What changed for
        the others is added to the note of their activity.
        """
        tasks = self.try_lock_for_update()
        items = tasks._get_current_items()
        reasons = tasks._get_current_reasons()
        pointless = tasks.filtered(lambda task: task._is_pointless(items, reasons))
        owing = pointless.filtered(
            lambda task: task.partner_id.commercial_partner_id in reasons
        )
        owing._close_tasks(
            self.env._(
                "Nothing to do any more: what was listed is paid, covered by credits, "
                "promised or in litigation."
            )
        )
        (pointless - owing)._close_tasks(self.env._("Nothing is owed any more."))
        for task in tasks - pointless:
            task._note_changes(items)

    def _get_current_items(self):
        """Return the open items of the customers, {journal item: statement line}."""
        lines = self.env["payment.followup.statement.line"].search_fetch(
            self._get_customer_domain()
        )
        return {line.move_line_id: line for line in lines}

    def _get_current_reasons(self):
        """Return {customer: reason} of those among the customers who owe something."""
        statements = self.env["payment.followup.statement"].search_fetch(
            self._get_customer_domain()
        )
        return {statement.partner_id: statement.reason for statement in statements}

    def _get_customer_domain(self):
        return [
            ("company_id", "in", self.company_id.ids),
            ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
        ]

    def _is_pointless(self, items, reasons):
        """Return whether nothing that was listed is left to ask for."""
        partner = self.partner_id.commercial_partner_id
        if reasons.get(partner, "covered") == "covered":
            return True
        current = (items.get(line.move_line_id) for line in self.line_ids)
        return not any(item and item.reason in CALL_REASONS for item in current)

    def _close_tasks(self, remark):
        activities = self.sudo().activity_id
        # Before the activity goes: one that is dropped by a person counts as said
        self._set_cancelled(remark)
        activities.unlink()

    def _note_changes(self, items):
        """Tell on the activity, once, what is different from what it lists."""
        activity = self.sudo().activity_id
        lines = self.with_context(lang=activity.user_id.lang).line_ids
        changes = (line._explain_change(items.get(line.move_line_id)) for line in lines)
        known = " ".join(html2plaintext(activity.note or "").split())
        news = [text for text in changes if " ".join(text.split()) not in known]
        if news:
            today = self.company_id._get_payment_followup_today()
            activity.note = (activity.note or Markup()) + Markup("<p>%s: %s</p>") % (
                format_date(lines.env, today),
                " ".join(news),
            )


class PaymentFollowupActionLine(models.Model):
    """What became of an invoice since it was listed."""

    _inherit = "payment.followup.action.line"

    def _explain_change(self, item):
        """Return what is different from what this line says, '' where nothing is.

        :param item: the ``payment.followup.statement.line`` it is now, None when it is
            no longer open
        """
        self.ensure_one()
        if self.amount_residual_currency < 0:
            return ""
        if item is None:
            return self.env._("%(name)s is no longer open.", name=self.name)
        if item.reason == "litigation":
            return self.env._("%(name)s is in litigation.", name=self.name)
        if item.reason == "promised":
            return self.env._("Payment of %(name)s is promised.", name=self.name)
        if item.amount_residual_currency == self.amount_residual_currency:
            return ""
        amount = format_amount(
            self.env, item.amount_residual_currency, self.currency_id
        )
        return self.env._(
            "%(amount)s of %(name)s is still open.", amount=amount, name=self.name
        )

from odoo import api, models
from odoo.fields import Domain

from ..const import CHANNEL_KINDS
from .payment_followup_action_task import CALL_REASONS
from .reminder import Reminder

# The reasons under which the batch would not say the same again by itself.
SAID_REASONS = ("interval", "waiting", "plan_done", "not_due")


class PaymentFollowupReminder(models.AbstractModel):
    """Try again, for one customer, what did not arrive.

    Where another channel reached the customer the level counts: the channel that failed
    is repeated, and no other. Where nothing did, the level is due again: the customer
    gets what the daily batch would send, on its conditions.
    """

    _inherit = "payment.followup.reminder"

    @api.model
    def _retry(self, customers):
        """Send again what failed for ``customers``; return the log rows."""
        actions = self.env["payment.followup.action"]
        for company, group in customers.grouped("company_id").items():
            reminders = self.with_company(company)
            actions += reminders._repeat_channels(group)
            actions += reminders._remind_by_itself(group)
        return actions

    @api.model
    def _remind_by_itself(self, customers):
        """Send ``customers`` what is due and goes out by itself; return the log rows.

        Out of the sending hours, or while something holds the sending back, the daily
        batch does it later.
        """
        if self.env.company._get_payment_followup_holds() or not self._may_go_on():
            return self.env["payment.followup.action"]
        return self._remind(customers.partner_id, self._get_batch_domain())

    @api.model
    def _repeat_channels(self, customers):
        customers = customers.try_lock_for_update(allow_referencing=True)
        self.env.invalidate_all()
        statements = self.env["payment.followup.statement"].search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & Domain("partner_id", "in", customers.partner_id.ids)
            & Domain("reason", "in", SAID_REASONS)
        )
        failed = self._find_last_failed(statements.customer_id)
        reminders = (
            self._prepare_retry(statement, action)
            for statement in statements
            for action in failed.get(statement.customer_id, ())
        )
        return self._act([reminder for reminder in reminders if reminder.repeats])

    @api.model
    def _find_last_failed(self, customers):
        """Return the rows that failed last in their channel, {customer: rows}."""
        actions = self.env["payment.followup.action"].sudo()
        groups = actions._read_group(
            [
                ("customer_id", "in", customers.ids),
                ("kind", "in", CHANNEL_KINDS),
                ("level_id", "!=", False),
            ],
            ["customer_id", "kind"],
            ["id:max"],
        )
        last = actions.browse(id_ for _customer, _kind, id_ in groups)
        return last.filtered(lambda row: row.state == "failed").grouped("customer_id")

    @api.model
    def _prepare_retry(self, statement, action):
        """Return the :class:`Reminder` that repeats ``action`` with today's figures."""
        missed = {
            line.move_line_id.id: (line.level_id.id, line.repeat_count)
            for line in action.line_ids
            if line._is_missed()
        }
        items = statement.line_ids
        wanted = items.filtered(lambda i: i.id in missed and i.reason in CALL_REASONS)
        return Reminder(
            statement=statement,
            customer_id=statement.customer_id,
            level_id=action.level_id,
            line_ids=wanted | items._get_message_lines(action.level_id),
            kinds=(action.kind,),
            is_forced=action.is_forced,
            text=action.text,
            repeats={item.id: missed[item.id] for item in wanted},
        )

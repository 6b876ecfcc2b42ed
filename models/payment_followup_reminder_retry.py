from odoo import api, models
from odoo.fields import Domain

from ..const import CHANNEL_KINDS
from .payment_followup_action_task import CALL_REASONS
from .reminder import Reminder

# The reasons under which the batch would not say the same again by itself.
SAID_REASONS = ("interval", "waiting", "plan_done", "not_due")


class PaymentFollowupReminder(models.AbstractModel):
    """Try again: what failed in one channel while another one reached the customer.

    Where nothing reached the customer the level did not count, and the batch says it
    again. Here it counts: the channel that failed is repeated, and no other.
    """

    _inherit = "payment.followup.reminder"

    @api.model
    def _retry(self, customers):
        """Repeat the channels that failed for ``customers``; return the log rows."""
        actions = self.env["payment.followup.action"]
        for company, group in customers.grouped("company_id").items():
            actions += self.with_company(company)._retry_in_company(group)
        return actions

    @api.model
    def _retry_in_company(self, customers):
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

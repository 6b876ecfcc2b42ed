from odoo import Command, api, models
from odoo.tools import format_date

from .reminder import Reminder


class PaymentFollowupReminder(models.AbstractModel):
    """The confirmation of a promise, on the path of every message."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _confirm_promise(self, statement, lines, date):
        """Confirm the promise to pay ``lines`` by ``date``, by e-mail; return the row.

        No level moves, and nothing stands in for a missing address: the promise holds
        without it.

        :param lines: ``payment.followup.statement.line`` of ``statement``
        """
        reminder = self._prepare_promise(statement, lines, date)
        reminder.customer_id = statement._get_customer()
        actions = self.with_company(statement.company_id)._act([reminder])
        actions.filtered(lambda action: action.state != "failed")._add_remark(
            self.env._(
                "Confirms the promise to pay by %(date)s.",
                date=format_date(self.env, date),
            )
        )
        return actions

    @api.model
    def _preview_promise(self, statement, lines, date):
        """Return subject and message of the confirmation; nothing is written."""
        reminder = self._prepare_promise(statement, lines, date)
        vals = self._prepare_action_vals(reminder, "email", "queued") | {
            "line_ids": [Command.create(line._prepare_sample_vals()) for line in lines]
        }
        action = self.env["payment.followup.action"].sudo().new(vals)
        return self.env["payment.followup.channel.email"]._preview(action)

    @api.model
    def _prepare_promise(self, statement, lines, date):
        return Reminder(
            statement=statement,
            customer_id=statement.customer_id,
            level_id=self.env["payment.followup.level"],
            line_ids=lines,
            text="",
            kinds=("email",),
            is_forced=True,
            promise_date=date,
        )

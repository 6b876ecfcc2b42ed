from odoo import models
from odoo.tools.i18n import format_list

# The outcomes of a message that did not reach the customer.
VOID_STATES = ("failed", "cancelled")


class PaymentFollowupAction(models.Model):
    """What becomes of a message, and the last look before it leaves."""

    _inherit = "payment.followup.action"

    def _set_content(self, subject, body):
        """Keep the words of the message, once."""
        self.sudo().write({"subject": subject, "body": body})

    def _set_sent(self):
        """Record that the message left; one that had failed counts from now on."""
        void = self.filtered(lambda action: action.state in VOID_STATES)
        self._update_state("sent")
        void.line_ids._restore()
        void.customer_id.sudo()._update_from_log()
        void.customer_id.sudo().action_clear_failure()

    def _set_done(self, remark=None):
        """Record that a person has done the manual action."""
        self._update_state("done", remark)

    def _set_dropped(self, remark):
        """Record that a person decided not to act: the level counts, it was theirs."""
        self._update_state("cancelled", remark)

    def _set_failed(self, error):
        """Record that nothing reached the customer: the level does not count."""
        self._take_back("failed", error)
        self.customer_id._set_failure("delivery")

    def _set_cancelled(self, error):
        """Record that the message was stopped on its way: the level does not count."""
        self._take_back("cancelled", error)

    def _take_back(self, state, error):
        self._update_state(state, error)
        self.sudo().line_ids._void()
        self.sudo().customer_id._update_from_log()

    def _update_state(self, state, error=None):
        vals = {"state": state, "queued_until": False}
        self.sudo().write(vals | ({"error": error} if error else {}))

    def _stop_outdated(self):
        """Cancel those of these messages that have become wrong; return them.

        Called just before a queue delivers: a payment, a dispute, a promise or a hold
        may have come since the message was written, and a wrong amount never leaves.
        """
        stopped = self.browse()
        for action in self:
            obstacle = action._find_obstacle()
            if obstacle:
                action._set_cancelled(obstacle)
                stopped += action
        return stopped

    def _find_obstacle(self):
        """Return why this message must not leave any more, '' when it may."""
        self.ensure_one()
        company, customer = self.company_id, self.customer_id
        today = company._get_payment_followup_today()
        if not company.payment_followup_enabled:
            return self.env._("Stopped: follow-up was switched off.")
        if not self.is_forced and customer.mode == "none":
            return self.env._("Stopped: the customer is excluded from reminders.")
        if not self.is_forced and customer.next_date and customer.next_date > today:
            return self.env._("Stopped: reminders to the customer were paused.")
        return self._find_obstacle_in_items()

    def _find_obstacle_in_items(self):
        items = (
            self.env["payment.followup.statement.line"]
            .with_company(self.company_id)
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ]
            )
            .grouped("move_line_id")
        )
        for line in self.line_ids:
            obstacle = line._find_obstacle(items.pop(line.move_line_id, None))
            if obstacle:
                return obstacle
        new_credit = next((i for i in items.values() if not i.is_claim), None)
        if new_credit:
            return self.env._(
                "Stopped: a new credit, %(name)s, came in.",
                name=new_credit.move_id.display_name,
            )
        return ""

    def _notify_result(self):
        """Return the client action that says what became of these messages."""
        failed = self.filtered(lambda action: action.state == "failed")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": " ".join(
                    filter(
                        None,
                        (
                            self._get_result_message(self - failed, failed),
                            self._get_waiting_message(),
                        ),
                    )
                ),
                "type": "danger" if failed else "success" if self else "info",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_result_message(self, sent, failed):
        if failed:
            return self.env._(
                "Reminders on their way: %(sent)s. Failed: %(failed)s. "
                "%(customer)s: %(error)s",
                sent=len(sent),
                failed=len(failed),
                customer=failed[0].partner_id.display_name,
                error=failed[0].error or "",
            )
        if not sent:
            return self.env._("No reminder is due for these customers.")
        if len(sent.partner_id) == 1:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            return self.env._(
                "Reminder to %(customer)s: %(channels)s.",
                customer=sent.partner_id.display_name,
                channels=format_list(self.env, [kinds[a.kind] for a in sent]),
            )
        return self.env._("Reminders on their way: %(sent)s.", sent=len(sent))

from odoo import models

# The outcomes that undo the level: nothing reached the customer.
VOID_STATES = ("failed", "cancelled")



class PaymentFollowupAction(models.Model):
    """What becomes of a message once it is written, and the last look before it leaves."""

    _inherit = "payment.followup.action"

    def _set_content(self, subject, body):
        """Keep the words of the message, once."""
        self.sudo().write({"subject": subject, "body": body})

    def _set_sent(self):
        self._update_state("sent")

    def _set_done(self):
        self._update_state("done")

    def _set_failed(self, error):
        """Record that nothing reached the customer: the level does not count."""
        self._update_state("failed", error)
        self.customer_id._set_failure("delivery")

    def _set_cancelled(self, error):
        """Record that the message was stopped on its way: the level does not count."""
        self._update_state("cancelled", error)

    def _update_state(self, state, error=None):
        actions = self.sudo()
        actions.write({"state": state} | ({"error": error} if error else {}))
        if state in VOID_STATES:
            actions.line_ids._void()

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
            return self.env._("Stopped: the customer is never reminded.")
        if not self.is_forced and customer.next_date and customer.next_date > today:
            return self.env._("Stopped: reminders of the customer were paused.")
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
                "Stopped: %(payment)s came in.", payment=new_credit.move_id.display_name
            )
        return ""

    def _notify_result(self):
        """Return the client action that says how many messages went which way."""
        failed = self.filtered(lambda action: action.state == "failed")
        sent = self - failed
        if not self:
            message = self.env._("Nothing is due for these customers.")
        elif failed:
            message = self.env._(
                "%(sent)s prepared, %(failed)s failed: %(error)s",
                sent=len(sent),
                failed=len(failed),
                error=failed[0].error or "",
            )
        else:
            message = self.env._("%(sent)s prepared.", sent=len(sent))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "danger" if failed else "success" if sent else "info",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

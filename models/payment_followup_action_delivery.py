from datetime import timedelta

from odoo import fields, models
from odoo.tools.i18n import format_list

# The outcomes of a message that did not reach the customer.
VOID_STATES = ("failed", "cancelled")
# Messages stopped on their way to a customer in a day before it waits for the next.
MAX_REMADE = 6
# Until the outcome of a payment online is entered, with some time to spare.
REMAKE_DELAY = timedelta(minutes=5)


class PaymentFollowupAction(models.Model):
    """What becomes of a message, and the last look before it leaves."""

    _inherit = "payment.followup.action"

    def _set_content(self, subject, body):
        """Keep the words of the message, once."""
        self.sudo().write({"subject": subject, "body": body})

    def _add_remark(self, remark):
        """Add a sentence to what the row remarks."""
        for action in self.sudo():
            action.error = " ".join(filter(None, (action.error, remark)))

    def _set_sent(self):
        """Record that the message left; one that had failed counts from now on."""
        void = self.filtered(lambda action: action.state in VOID_STATES)
        for action in self:
            action._update_state("sent", action._get_sent_remark())
        void.line_ids._restore()
        void.customer_id.sudo()._update_from_log()
        void.customer_id.sudo().action_clear_failure()

    def _get_sent_remark(self):
        """Return the remark of a message that could not leave at first, else ''."""
        if not self.tries:
            return ""
        return self.env._(
            "Delayed: the mail server was out of reach (attempts: %(tries)s).",
            tries=self.tries,
        )

    def _set_done(self, remark=None):
        """Record that a person has done the manual action, and what comes next."""
        for action in self:
            action._update_state("done", action._get_outcome(remark))

    def _set_dropped(self, remark):
        """Record that a person decided not to act: the level counts, it was theirs."""
        self._update_state("cancelled", remark)

    def _set_failed(self, error):
        """Record that nothing reached the customer: the level does not count."""
        self._forget_handover()
        self._fail(error)

    def _fail(self, error):
        self._take_back("failed", error)
        self.customer_id._set_failure("delivery")
        self._alert_failure()

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
        What waits beside it, with the same figures, is stopped as well. Where a
        reminder is still due, the batch makes a new one at once.
        """
        stopped = self._cancel_outdated()
        if stopped:
            stopped._get_siblings()._cancel_outdated()._withdraw()
            stopped._remake()
        return stopped

    def _remake(self):
        """Let the batch look at these customers again, a few times a day at most.

        At once; but a payment online has to be entered first.
        """
        cancelled = self.search_count(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("date", "in", self.mapped("date")),
                ("state", "=", "cancelled"),
            ]
        )
        if cancelled <= MAX_REMADE * len(self.customer_id):
            payments = self.env["payment.transaction"]
            is_early = payments._find_unentered(self.line_ids.move_id)
            self.env["payment.followup.guard"]._wake_up(
                fields.Datetime.now() + REMAKE_DELAY if is_early else None
            )

    def _cancel_outdated(self):
        stopped = self.browse()
        for action in self:
            obstacle = action._find_obstacle()
            if obstacle:
                action._set_cancelled(obstacle)
                stopped += action
        return stopped

    def _get_siblings(self):
        """Return, locked, what waits of the same reminders in other channels."""
        siblings = self.search(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("date", "in", self.mapped("date")),
                ("kind", "!=", "activity"),
                ("state", "in", ("queued", "todo")),
                ("handover_date", "=", False),
            ]
        )
        return (siblings - self).try_lock_for_update()

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
        return self._find_obstacle_in_items() or self._find_obstacle_in_address()

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
        payments = self.env["payment.transaction"]._find_unentered(
            self.line_ids.move_id
        )
        if payments:
            return self.env._(
                "Stopped: the online payment %(reference)s has just come in.",
                reference=payments[0].reference,
            )
        for line in self.line_ids:
            obstacle = line._find_obstacle(items.pop(line.move_line_id, None))
            if obstacle:
                return obstacle
        others = (item for item in items.values() if not item.is_claim)
        new_credit = next(filter(self._is_new_credit, others), None)
        if new_credit:
            return self.env._(
                "Stopped: a new credit, %(name)s, came in.",
                name=new_credit.move_id.display_name,
            )
        return ""

    def _is_new_credit(self, credit):
        """Return whether a credit that is not listed came after this message.

        A reminder lists all credits; what confirms a promise lists none.
        """
        if not self.promise_date:
            return True
        return credit.move_line_id.create_date > self.create_date

    def _find_obstacle_in_address(self):
        """Return that the address is no longer the customer's, '' when it is.

        Who sends by hand chooses where to.
        """
        if self.is_forced:
            return ""
        statement = self.env["payment.followup.statement"]._find(
            self.company_id, self.partner_id
        )
        channel = self.env["payment.followup.channel"]._get_channel(self.kind)
        if (
            statement.recipient_id == self.recipient_id
            and channel._get_address(self) == self.address
        ):
            return ""
        return self.env._(
            "Stopped: %(address)s is no longer the address of %(customer)s.",
            address=self.address or "",
            customer=self.partner_id.display_name,
        )

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
        if failed[:1].promise_date:
            return self.env._(
                "Logged. The confirmation was not sent: %(error)s",
                error=failed[0].error or "",
            )
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
        if sent[0].promise_date:
            return self.env._(
                "The confirmation to %(address)s is on its way.",
                address=sent[0].address,
            )
        if len(sent.partner_id) == 1:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            return self.env._(
                "Reminder to %(customer)s: %(channels)s.",
                customer=sent.partner_id.display_name,
                channels=format_list(self.env, [kinds[a.kind] for a in sent]),
            )
        return self.env._("Reminders on their way: %(sent)s.", sent=len(sent))

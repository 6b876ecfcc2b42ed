from odoo import models
from odoo.tools.i18n import format_list

# The outcomes of a message that did not reach the customer.
VOID_STATES = ("failed", "cancelled")
# Customers whom a message on the screen names; it counts the others.
MAX_NAMED = 5


class PaymentFollowupAction(models.Model):
    """What becomes of a message."""

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
        if void:
            void.line_ids._restore()
            void.customer_id.sudo()._update_from_log()
            void.customer_id.sudo().action_clear_failure()

    def _get_sent_remark(self):
        """Return the remark of a message that could not leave at first, else ''."""
        if not self.tries:
            return ""
        return self.env._(
            "Delayed: the server was out of reach (attempts: %(tries)s).",
            tries=self.tries,
        )

    def _set_done(self, remark=None):
        """Record that a person has done the manual action, and what comes next."""
        for action in self:
            action._update_state("done", action._get_outcome(remark))

    def _set_dropped(self, remark):
        """Record that a person decided not to act: the level counts, it was theirs."""
        self._update_state("cancelled", remark)

    def _set_to_do_again(self):
        """Record that a person takes up again what was done or dropped."""
        if self:
            self._update_state("todo")
            self._add_remark(
                self.env._("Taken up again by %(user)s.", user=self.env.user.name)
            )

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

    def _notify_result(self):
        """Return the client action that says what became of these messages."""
        failed = self.filtered(lambda action: action.state == "failed")
        result = self._get_result_message(self - failed, failed)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": " ".join([result, *self._get_open_ends()]),
                "type": "danger" if failed else "success" if self else "info",
                # What somebody has to act upon stays until it is read
                "sticky": bool(failed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_notes(self):
        """Return the sentences of what somebody has to know or to do, a list."""
        failed = self.filtered(lambda action: action.state == "failed")
        errors = [failed._get_errors_message()] if failed else []
        return errors + self._get_open_ends()

    def _get_open_ends(self):
        """Return the sentences that tell what has not left yet, and why, a list."""
        sentences = (self._get_waiting_message(), self._get_to_do_message())
        return [sentence for sentence in sentences if sentence]

    def _get_to_do_message(self):
        """Return the sentences that tell who sends where the rest of it waits."""
        waiting = self.filtered(lambda action: action.state == "todo")
        kinds = waiting.grouped("kind")
        sentences = []
        if letters := kinds.get("letter"):
            sentences.append(
                self.env._(
                    "Letters that wait in Sales ▸ Letters to Print: %s.", len(letters)
                )
            )
        if messages := kinds.get("whatsapp"):
            sentences.append(
                self.env._(
                    "Messages that wait in Sales ▸ WhatsApp to Send: %s.", len(messages)
                )
            )
        return " ".join(sentences)

    def _get_errors_message(self):
        """Return whom these messages did not reach, and why, as many as can be read."""
        errors = [f"{row.partner_id.display_name}: {row.error or ''}" for row in self]
        errors = list(dict.fromkeys(errors))
        if len(errors) > MAX_NAMED:
            more = self.env._("And others: %(count)s.", count=len(errors) - MAX_NAMED)
            errors = [*errors[:MAX_NAMED], more]
        return " ".join(errors)

    def _get_result_message(self, sent, failed):
        if failed[:1].promise_date:
            return self.env._(
                "Logged. The confirmation was not sent: %(error)s",
                error=failed[0].error or "",
            )
        if failed:
            return self.env._(
                "Reminders on their way: %(sent)s. Failed: %(failed)s. %(errors)s",
                sent=len(sent),
                failed=len(failed),
                errors=failed._get_errors_message(),
            )
        if not sent:
            return self.env._("No reminder is due for these customers.")
        if sent[0].promise_date:
            return self.env._(
                "The confirmation to %(address)s is on its way.",
                address=sent[0].address,
            )
        if len(sent.partner_id) == 1:
            return sent._get_sent_message()
        return self.env._("Reminders on their way: %(sent)s.", sent=len(sent))

    def _get_sent_message(self):
        """Return what is on its way to this one customer, and how."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        names = {
            "customer": self.partner_id.display_name,
            "channels": format_list(self.env, [kinds[a.kind] for a in self]),
        }
        if self.level_id:
            return self.env._("Reminder to %(customer)s: %(channels)s.", **names)
        return self.env._("Statement to %(customer)s: %(channels)s.", **names)

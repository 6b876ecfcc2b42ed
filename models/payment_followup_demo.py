from contextlib import contextmanager
from datetime import datetime, time, timedelta

from odoo import Command, api, models

# The working day of the story, UTC.
MORNING = time(6, 0)


class PaymentFollowupDemo(models.AbstractModel):
    """Tell the demo data: what happened with a customer on the days before today.

    The events go through the path of every reminder, payment and promise. They differ
    in their day alone: no clock is set back, the log rows say when it was. Nothing of
    the past stays in a queue.
    """

    _name = "payment.followup.demo"
    _description = "Demo Data of Payment Follow-up"
    _inherit = ["payment.followup.reminder"]

    @api.model
    def _tell(self, partner_id, events):
        """Let ``events`` happen, in this order, with a customer of the main company.

        :param events: tuples (name, day, …) for the methods ``_tell_<name>``; days are
            integers that count from today
        """
        company = self.env.ref("base.main_company")
        demo = self.with_company(company).with_context(
            mail_auto_subscribe_no_notify=True
        )
        partner = demo.env["res.partner"].browse(partner_id)
        for name, *details in events:
            getattr(demo, f"_tell_{name}")(partner, *details)

    def _tell_invoice(self, partner, day, label, quantity, price, currency="USD"):
        """Post an invoice that is due on ``day``."""
        due = self._get_date(day)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "currency_id": self.env.ref(f"base.{currency}").id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_user_id": self._get_clerk().id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()

    def _tell_reminder(self, partner, day):
        """Send the reminder that was due on ``day``, and see it arrive."""
        actions = self._remind_on(partner, day)
        actions.mail_id._postprocess_sent_message([], [])
        actions.filtered(lambda action: action.kind == "letter")._set_sent()

    def _tell_unprinted_letter(self, partner, day):
        """Write the letter that was due on ``day``; nobody has printed it yet."""
        self._remind_on(partner, day)

    def _tell_bounce(self, partner, day, error):
        """Send the reminder that was due on ``day``; it comes back with ``error``."""
        actions = self._remind_on(partner, day)
        actions.mail_id.write({"state": "exception", "failure_reason": error})
        actions.mail_id._postprocess_sent_message(
            [], [], failure_reason=error, failure_type="unknown"
        )
        actions.customer_id.failure_date = self._get_date(day)

    def _tell_payment(self, partner, day, amount):
        """Receive a payment for the oldest open invoice."""
        invoice = self._get_claims(partner)[:1].move_id
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": self._get_date(day), "amount": amount})
        )
        wizard._create_payments()

    def _tell_transfer(self, partner, day, amount):
        """Receive a payment that nobody has matched with an invoice."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "date": self._get_date(day),
            }
        )
        payment.action_post()

    def _tell_promise(self, partner, day, until, note):
        """Note that the customer promised to pay what is open on the day ``until``."""
        with self._on(day):
            claims = self._get_claims(partner).with_user(self._get_clerk())
            claims._set_expected_payment(
                self._get_date(until), note, said_on=self._get_date(day)
            )

    def _tell_broken_promise(self, partner, day):
        """Notice that a promised day has passed."""
        with self._on(day):
            self._log_broken_promises()

    def _tell_dispute(self, partner, day):
        """Put what is open in litigation."""
        with self._on(day):
            self._get_claims(partner).with_user(self._get_clerk())._set_litigation(True)

    def _tell_note(self, partner, day, text):
        """Log what somebody said."""
        Action = self.env["payment.followup.action"].with_user(self._get_clerk())
        with self._on(day):
            Action._log(self.env.company, partner, "note", text)

    def _tell_assign(self, partner):
        """Say who looks after the customer."""
        Customer = self.env["payment.followup.customer"]
        customer = Customer._get_or_create(self.env.company, partner)
        customer.responsible_id = self._get_clerk()

    def _tell_call(self, partner):
        """Ask a colleague to call the customer today."""
        statement = self._find_statement(partner).with_user(self._get_clerk())
        statement._send(kinds=["activity"])

    def _remind_on(self, partner, day):
        """Remind the customer as the batch of ``day`` did; return the log rows."""
        company = self.env.company
        reminders = self._prepare_reminders(
            self._find_statement(partner),
            self.env["payment.followup.customer"]._get_or_create(company, partner),
        )
        for reminder in reminders:
            reminder.date = self._get_date(day)
        actions = self._act(reminders)
        actions.mail_id.mail_message_id.date = datetime.combine(
            self._get_date(day), MORNING
        )
        return actions

    @api.model
    def _prepare_action_vals(self, reminder, kind, state, remark=False):
        vals = super()._prepare_action_vals(reminder, kind, state, remark)
        return vals | {"date": reminder.date}

    @api.model
    def _set_reminded(self, actions):
        for action in actions:
            action.customer_id._set_reminded(action.date)

    @contextmanager
    def _on(self, day):
        """Give the log rows that are written meanwhile the date of ``day``."""
        Action = self.env["payment.followup.action"].sudo()
        last = Action.search([], order="id DESC", limit=1).id
        yield
        rows = Action.search([("id", ">", last)])
        # Past the log's own protection: it refuses another date, and rightly so
        models.Model.write(rows, {"date": self._get_date(day)})

    def _get_claims(self, partner):
        """Return the open claims of a customer, the oldest first."""
        items = self._find_statement(partner).line_ids
        return items.filtered("is_claim").move_line_id

    def _find_statement(self, partner):
        """Return the statement of a customer as it is after the events so far."""
        self.env.flush_all()
        self._invalidate_statements()
        return self.env["payment.followup.statement"]._find(self.env.company, partner)

    def _get_date(self, day):
        return self.env.company._get_payment_followup_today() + timedelta(days=day)

    def _get_clerk(self):
        return self.env.ref("base.user_admin")

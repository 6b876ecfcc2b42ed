from odoo.tests import tagged

from .common import FollowupCommon
from .inbox import receive_mail


@tagged("post_install", "-at_install")
class TestMailDelivery(FollowupCommon):
    """Mail of the batch really leaves: through SMTP, to a server on this machine."""

    def process_queue(self):
        """Let Odoo's own mail queue deliver; return what arrived at the server."""
        with receive_mail(self.env) as inbox:
            self.env["mail.mail"].sudo().process_email_queue()
        return inbox.messages

    def test_reminder_of_the_batch_arrives_once(self):
        invoice = self.create_invoice(1234.5, "2026-01-31")
        action = self.run_batch("2026-02-15")

        [(recipients, message)] = self.process_queue()

        self.assertEqual(recipients, ["customer.a@customer.example"])
        self.assertEqual(message["To"], "Customer A <customer.a@customer.example>")
        self.assertIn("<accounts@company.example>", message["From"])
        self.assertIn(self.company.name, message["From"])
        self.assertEqual(message["Subject"], f"L1 – {self.company.name}")
        html = message.get_body(("html",)).get_content()
        plain = message.get_body(("plain",)).get_content()
        for body in (html, plain):
            self.assertIn(invoice.name, body)
            self.assertIn("1,234.50", body)
            self.assertIn("Words of L1", body)
        self.assertEqual(action.state, "sent")
        self.assertFalse(self.process_queue())

    def test_each_customer_of_a_batch_gets_the_own_mail(self):
        other = self.create_customer("Customer B")
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-01-31", other)
        actions = self.run_batch("2026-02-15")

        messages = self.process_queue()

        arrived = sorted(recipients for recipients, _message in messages)
        self.assertEqual(
            arrived, [["customer.a@customer.example"], ["customer.b@customer.example"]]
        )
        self.assertEqual(set(actions.mapped("state")), {"sent"})

    def test_mail_of_a_paid_invoice_does_not_arrive(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")
        self.pay(invoice)

        self.assertFalse(self.process_queue())

        self.assertEqual(action.state, "cancelled")

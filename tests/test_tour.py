from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from .common import FollowupCommon
from .inbox import receive_mail


@tagged("post_install", "-at_install")
class TestTour(FollowupCommon, HttpCase):
    """A manager's first day, in a real browser, up to the mail that arrives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["payment.followup.level"].search(
            [("company_id", "=", cls.company.id)]
        ).unlink()
        cls.company.payment_followup_enabled = False
        # The taxes of the test data need it, or the settings refuse to open
        cls.company.tax_exigibility = True
        cls.manager = new_test_user(
            cls.env,
            login="followup_manager",
            groups="base.group_user,base.group_system,account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def test_manager_sets_up_a_plan_in_arabic(self):
        self.speak_arabic(self.manager)

        self.start_tour(
            "/odoo/settings", "payment_followup_setup", login=self.manager.login
        )

        levels = self.env["payment.followup.level"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(levels.mapped("delay"), [-7, 0, 7, 30, 60, 90])
        self.assertEqual(levels[0].with_context(lang="ar_001").name, "دفعتكم القادمة")
        self.assertEqual(levels[0].with_context(lang="en_US").name, "Your next payment")

    def test_manager_switches_on_takes_a_plan_and_sends_a_reminder(self):
        customer = self.create_customer("Tour Customer")
        due = fields.Date.add(fields.Date.today(), days=-5)
        invoice = self.create_invoice(1234.5, due, customer)

        self.start_tour(
            "/odoo/settings", "payment_followup_first_day", login=self.manager.login
        )
        action = self.env["payment.followup.action"].search(
            [("partner_id", "=", customer.id), ("kind", "=", "email")]
        )
        with receive_mail(self.env) as inbox:
            action.mail_id.send()

        [(recipients, message)] = inbox.messages
        self.assertEqual(recipients, ["tour.customer@customer.example"])
        self.assertIn(self.company.name, message["From"])
        self.assertIn("Payment reminder", message["Subject"])
        body = message.get_body(("html",)).get_content()
        self.assertIn(invoice.name, body)
        self.assertIn("1,234.50", body)
        self.assertEqual(action.state, "sent")
        self.assertEqual(customer.with_company(self.company).trust, "bad")

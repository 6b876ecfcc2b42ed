from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import FollowupCommon

# Where the clerk of the tours starts: the app that holds our menus.
START = "/odoo/customer-statements"


class ClerkDay(FollowupCommon, HttpCase):
    """Three customers of whom one clerk's day tells; what she did, in the records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        due = fields.Date.add(fields.Date.today(), days=-16)
        cls.customers = {
            name: cls.create_customer(f"Tour {name}")
            for name in ("Alpha", "Beta", "Gamma")
        }
        cls.disputed = cls.create_invoice(
            5000, fields.Date.add(due, days=-1), cls.customers["Alpha"]
        )
        cls.promised = cls.create_invoice(4000, due, cls.customers["Alpha"])
        cls.create_invoice(2000, due, cls.customers["Beta"])
        cls.create_invoice(1000, due, cls.customers["Gamma"])

    def check_day(self):
        """Check that what the clerk did is what the records say."""
        self.assertEqual(
            self.customers["Alpha"].with_company(self.company).trust, "bad"
        )
        self.assertTrue(self.disputed.no_followup)
        self.assertFalse(self.promised.no_followup)
        self.assertEqual(
            self.promised.expected_payment_date,
            fields.Date.add(fields.Date.today(), days=10),
        )
        rows = self.env["payment.followup.action"].search([])
        call = rows.filtered(lambda row: row.kind == "call")
        self.assertEqual(call.partner_id, self.customers["Beta"])
        self.assertEqual(
            call.customer_id.next_date, fields.Date.add(fields.Date.today(), days=7)
        )
        email = rows.filtered(lambda row: row.kind == "email")
        self.assertEqual(email.partner_id, self.customers["Gamma"])
        self.assertIn("We spoke this morning", email.body)
        self.assertNotIn("Words of L1", email.body)
        self.assertEqual(rows.user_id, self.clerk)


@tagged("post_install", "-at_install")
class TestTourClerk(ClerkDay):
    """A clerk's day in a real browser: list, promise, dispute, call, own words."""

    def run_day(self, tour):
        self.start_tour(START, tour, login=self.clerk.login)
        self.env.invalidate_all()
        self.check_day()

    def test_clerk_works_the_list_to_its_end(self):
        self.run_day("payment_followup_clerk_day")

    def test_clerk_works_the_list_to_its_end_in_arabic(self):
        self.speak_arabic(self.clerk)

        self.run_day("payment_followup_clerk_day_rtl")

    def test_clerk_comes_from_her_tasks_to_the_statement(self):
        customers = self.env["payment.followup.customer"]
        for name in self.customers:
            customer = customers._get_or_create(self.company, self.customers[name])
            if name != "Gamma":
                customer.activity_schedule(
                    "mail.mail_activity_data_call", user_id=self.clerk.id
                )

        self.start_tour(START, "payment_followup_tasks", login=self.clerk.login)

    def test_clerk_looks_for_the_customers_of_one_level(self):
        today = fields.Date.today()
        late = self.create_customer("Tour Delta")
        self.create_invoice(500, fields.Date.add(today, days=-40), late)
        self.run_batch(fields.Date.add(today, days=-20))
        self.disputed.no_followup = True
        self.get_statement(today, late).customer_id.sudo().broken_count = 2

        self.start_tour(START, "payment_followup_level", login=self.clerk.login)

    def test_clerk_goes_from_the_dashboard_to_a_list_and_to_a_customer(self):
        self.start_tour(START, "payment_followup_dashboard", login=self.clerk.login)

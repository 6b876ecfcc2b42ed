from odoo import fields
from odoo.tests import tagged

from .keyboard import use_keyboard
from .test_tour_clerk import START, ClerkDay

SENDING = "/odoo/action-account_payment_followup.payment_followup_sending_open"


@tagged("post_install", "-at_install")
class TestTourKeyboard(ClerkDay):
    """The same day by real keys: no mouse, and no event that the page makes itself."""

    def press_keys(self, tour, start=START):
        with use_keyboard():
            self.start_tour(start, tour, login=self.clerk.login)
        self.env.invalidate_all()

    def get_decisions(self, *names):
        """Return what people decided about these customers."""
        decisions = self.env["payment.followup.customer"]
        for name in names:
            decisions += decisions._get_or_create(self.company, self.customers[name])
        return decisions

    def test_clerk_works_the_list_to_its_end_without_the_mouse(self):
        self.press_keys("payment_followup_keyboard")

        self.check_day()
        self.assertEqual(self.promised.expected_payment_note, "Ms Ortiz")

    def test_clerk_plans_many_customers_without_the_mouse(self):
        self.press_keys("payment_followup_keyboard_many")

        decisions = self.get_decisions(*self.customers)
        in_a_week = fields.Date.add(fields.Date.today(), days=7)
        self.assertEqual(set(decisions.mapped("next_date")), {in_a_week})

    def test_clerk_sends_many_reminders_without_the_mouse(self):
        self.press_keys("payment_followup_keyboard_sending", SENDING)

        rows = self.env["payment.followup.action"].search([])
        self.assertEqual(len(rows.partner_id), 3)
        sending = self.env["payment.followup.sending"].sudo().search([])
        self.assertEqual(sending.state, "done")

    def test_clerk_does_a_task_in_arabic_without_the_mouse(self):
        decisions = self.get_decisions("Alpha", "Beta")
        for decision in decisions:
            decision.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.clerk.id
            )
        self.speak_arabic(self.clerk)

        self.press_keys("payment_followup_keyboard_tasks", "/odoo/follow-up-tasks")

        self.assertEqual(len(decisions.activity_ids), 1)

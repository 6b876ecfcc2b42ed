from odoo.tests import tagged

from .keyboard import use_keyboard
from .test_tour_clerk import START, ClerkDay


@tagged("post_install", "-at_install")
class TestTourKeyboard(ClerkDay):
    """The same day by real keys: no mouse, and no event that the page makes itself."""

    def test_clerk_works_the_list_to_its_end_without_the_mouse(self):
        with use_keyboard():
            self.start_tour(START, "payment_followup_keyboard", login=self.clerk.login)

        self.env.invalidate_all()
        self.check_day()
        self.assertEqual(self.promised.expected_payment_note, "Ms Ortiz")

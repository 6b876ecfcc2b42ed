from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sending_common import DAY, SendingCommon


@tagged("post_install", "-at_install")
class TestSendingWindows(SendingCommon):
    """Send Letters and Emails in more than one window, or left open for days."""

    def age(self, sending, **age):
        """Let ``sending`` have been opened so long before the next one."""
        self.env.cr.execute(
            "UPDATE payment_followup_sending SET create_date = %s WHERE id = %s",
            (datetime.fromisoformat(f"{DAY} 09:00:00") - timedelta(**age), sending.id),
        )
        sending.invalidate_recordset(["create_date"])

    def test_page_of_another_window_stays_for_a_day(self):
        self.create_debtor("Debtor")
        first = self.open_sending()
        first.line_ids.action_untick()

        for age, is_kept in (({}, True), ({"days": 1}, True), ({"hours": 25}, False)):
            with self.subTest(age=age):
                self.age(first, **age)
                second = self.open_sending()
                self.assertEqual(bool(first.exists()), is_kept)
                self.assertTrue(second.line_ids.is_selected)
                if is_kept:
                    self.assertFalse(first.line_ids.is_selected)

    def test_two_windows_send_once(self):
        self.create_debtor("Debtor")
        first, second = self.open_sending(), self.open_sending()

        self.assertEqual(self.send(first)["sent"], 1)
        progress = self.send(second)

        self.assertEqual((progress["sent"], progress["dropped"]), (0, 1))

    def test_page_that_is_gone_says_so_and_sends_nothing(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()
        sending.sudo().unlink()

        self.assertIs(sending.get_summary(), False)
        with self.assertRaisesRegex(UserError, "too old: nothing was sent"):
            sending.action_start()

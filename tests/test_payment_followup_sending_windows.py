from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

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

    def test_whoever_stops_waits_for_one_chunk_at_most(self):
        """A written row would begin each attempt anew: no chunk writes but the last."""
        for name in "ABC":
            self.create_debtor(name)
        sending = self.open_sending()
        sending.action_start()

        versions = []
        with self.on(DAY):
            for _chunk in "ABC":
                sending._send_chunk(1)
                versions.append(self.get_version(sending))

        self.assertEqual(versions[0], versions[1])
        self.assertNotEqual(versions[1], versions[2])
        self.assertEqual(sending.state, "done")

    def get_version(self, sending):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT ctid FROM payment_followup_sending WHERE id = %s", [sending.id]
        )
        return self.env.cr.fetchone()

    def test_sending_is_abandoned_when_nothing_was_sent_for_two_minutes(self):
        self.create_debtor("A")
        self.create_debtor("B")
        sending = self.open_sending().sudo()
        sending.action_start()
        sending._send_chunk(1)
        self.env.flush_all()
        start = datetime.fromisoformat("2026-03-15 09:00:00")
        chunk = start + timedelta(minutes=5)
        tables = (
            ("payment_followup_sending", start),
            ("payment_followup_sending_line", chunk),
        )
        for table, date in tables:
            self.env.cr.execute(
                SQL("UPDATE %s SET write_date = %s", SQL.identifier(table), date)
            )
        self.env.invalidate_all()

        for seconds, is_abandoned in ((119, False), (120, False), (121, True)):
            now = chunk + timedelta(seconds=seconds)
            with (
                self.subTest(seconds=seconds),
                patch.object(fields.Datetime, "now", lambda now=now: now),
            ):
                self.assertEqual(bool(sending._filter_abandoned()), is_abandoned)

    def test_page_that_is_gone_says_so_and_sends_nothing(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()
        sending.sudo().unlink()

        self.assertIs(sending.get_summary(), False)
        with self.assertRaisesRegex(UserError, "too old: nothing was sent"):
            sending.action_start()

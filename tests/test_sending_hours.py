from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FollowupCommon

FRIDAY, SATURDAY, SUNDAY = "2026-02-13", "2026-02-14", "2026-02-15"
MONDAY, TUESDAY = "2026-02-16", "2026-02-17"


class SendingHoursCommon(FollowupCommon):
    """A company that sends from Monday to Friday, 8:00 to 18:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._set_offered_payment_followup_hours()
        cls.hours = cls.company.payment_followup_calendar_id

    @classmethod
    def create_day_off(cls, day, **vals):
        """Make ``day`` a public day off of the sending hours."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Public day off",
                "calendar_id": cls.hours.id,
                "company_id": cls.company.id,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 23:59:59",
                **vals,
            }
        )

    def get_wake_ups(
        self, cron="account_payment_followup.ir_cron_payment_followup_daily"
    ):
        """Return when a scheduled action is to run as well."""
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(cron).id)]
        )
        return [str(at) for at in triggers.mapped("call_at")]


@tagged("post_install", "-at_install")
class TestSendingHours(SendingHoursCommon):
    """Nothing leaves outside the sending hours; what came up waits for the opening."""

    # --- the hours themselves

    def assertOpening(self, at, opening):
        opening = fields.Datetime.to_datetime(opening)
        at = fields.Datetime.to_datetime(at)
        self.assertEqual(self.company._get_payment_followup_opening(at), opening)

    def test_opening_at_each_edge_of_the_day(self):
        for time, expected in (
            ("07:59:59", f"{FRIDAY} 08:00:00"),
            ("08:00:00", f"{FRIDAY} 08:00:00"),
            ("17:59:59", f"{FRIDAY} 17:59:59"),
            ("18:00:00", f"{MONDAY} 08:00:00"),
        ):
            with self.subTest(time):
                self.assertOpening(f"{FRIDAY} {time}", expected)

    def test_company_without_sending_hours_is_always_open(self):
        self.company.payment_followup_calendar_id = False

        self.assertOpening(f"{SUNDAY} 03:00:00", f"{SUNDAY} 03:00:00")
        self.assertTrue(self.company._can_send_payment_followup(fields.Date.today()))

    def test_hours_are_in_the_time_zone_of_the_calendar(self):
        self.hours.tz = "America/New_York"

        self.assertOpening(f"{FRIDAY} 08:00:00", f"{FRIDAY} 13:00:00")

    def test_public_day_off_is_passed_over(self):
        self.create_day_off(MONDAY)

        self.assertOpening(f"{SATURDAY} 12:00:00", f"{TUESDAY} 08:00:00")

    def test_day_off_of_all_calendars_counts_for_its_company_only(self):
        other = self.setup_other_company()["company"]
        day_off = self.create_day_off(MONDAY, calendar_id=False)
        self.assertOpening(f"{SATURDAY} 12:00:00", f"{TUESDAY} 08:00:00")

        day_off.company_id = other

        self.assertOpening(f"{SATURDAY} 12:00:00", f"{MONDAY} 08:00:00")

    def test_branch_keeps_the_days_off_of_its_parent(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        branch.payment_followup_calendar_id = self.hours
        self.create_day_off(MONDAY, calendar_id=False)

        opening = branch._get_payment_followup_opening(datetime(2026, 2, 14, 12))

        self.assertEqual(str(opening), f"{TUESDAY} 08:00:00")

    def test_day_counts_only_while_hours_are_left(self):
        day = fields.Date.to_date(FRIDAY)

        for time, expected in (("00:00:00", 1), ("17:59:00", 1), ("18:00:00", 0)):
            with self.subTest(time), self.on(FRIDAY, time):
                can_send = self.company._can_send_payment_followup(day)
                self.assertEqual(can_send, bool(expected))

    def test_days_are_those_of_the_company(self):
        # Monday 8:00 in Auckland is still Sunday in UTC
        self.company.partner_id.tz = self.hours.tz = "Pacific/Auckland"

        with self.on(SATURDAY):
            sunday, monday = map(fields.Date.to_date, (SUNDAY, MONDAY))
            self.assertFalse(self.company._can_send_payment_followup(sunday))
            self.assertTrue(self.company._can_send_payment_followup(monday))
        self.assertOpening(f"{SATURDAY} 12:00:00", f"{SUNDAY} 19:00:00")

    def test_hours_without_an_hour_are_refused(self):
        empty = self.hours.copy({"attendance_ids": False})

        with self.assertRaisesRegex(ValidationError, "has no working hours"):
            self.company.payment_followup_calendar_id = empty

    def test_working_days_leave_out_weekends_and_days_off(self):
        self.create_day_off(MONDAY)
        count = self.company._count_payment_followup_working_days
        friday = fields.Date.to_date(FRIDAY)

        for day, expected in ((FRIDAY, 0), (SUNDAY, 0), (MONDAY, 0), (TUESDAY, 1)):
            with self.subTest(day):
                self.assertEqual(count(friday, fields.Date.to_date(day)), expected)

    # --- the batch

    def test_level_of_a_saturday_leaves_on_monday(self):
        invoice = self.create_invoice(1000, "2026-01-30")

        self.assertFalse(self.run_batch(SATURDAY))
        self.assertFalse(self.run_batch(SUNDAY))
        action = self.run_batch(MONDAY)

        self.assertReminded(action, (self.level_1, "email"))
        self.assertEqual(str(self.get_claim(invoice).followup_date), MONDAY)

    def test_level_missed_over_a_long_holiday_is_sent_once(self):
        self.level_1.repeat_days = 2
        self.create_invoice(1000, "2026-01-29")
        for day in (FRIDAY, MONDAY, TUESDAY, "2026-02-18"):
            self.create_day_off(day)

        sent = self.run_batches(FRIDAY, "2026-02-19")

        self.assertEqual(sent, [("2026-02-19", "L1")])

    def test_batch_of_the_night_wakes_itself_up_at_the_opening(self):
        self.create_invoice(1000, "2026-01-29")

        self.assertFalse(self.run_batch(FRIDAY, "02:00:00"))
        self.assertFalse(self.run_batch(FRIDAY, "03:00:00"))

        self.assertEqual(self.get_wake_ups(), [f"{FRIDAY} 08:00:00"])

    def test_batch_stops_at_closing_time(self):
        self.create_invoice(1000, "2026-01-29")
        reminder = self.env["payment.followup.reminder"].with_company(self.company)

        with self.on(FRIDAY, "18:00:00"):
            actions = reminder._remind_chunk(self.customer.ids)

        self.assertFalse(actions)
        self.assertEqual(self.get_wake_ups(), [f"{MONDAY} 08:00:00"])

    def test_closed_company_does_not_hold_another_one_back(self):
        data = self.setup_other_company()
        other = data["company"]
        other.write({"payment_followup_enabled": True, "payment_followup_auto": True})
        level = self.create_level(15, "Other L1", company=other, send_email=True)
        self.create_invoice(1000, "2026-01-29")
        self.create_invoice(1000, "2026-01-29", company=other)

        actions = self.run_batch(SATURDAY)

        self.assertReminded(actions, (level, "email"))

    # --- the queues

    def prepare_late_mail(self):
        """Return an invoice and its reminder, made one minute before the weekend."""
        invoice = self.create_invoice(1000, "2026-01-29")
        return invoice, self.run_batch(FRIDAY, "17:59:00")

    def test_mail_of_the_last_minute_waits_for_the_opening(self):
        _invoice, action = self.prepare_late_mail()

        self.assertFalse(action.queued_until)
        self.assertFalse(self.deliver(action.mail_id, SATURDAY))

        self.assertEqual(action.state, "queued")
        self.assertEqual(str(action.queued_until), f"{MONDAY} 08:00:00")
        self.assertEqual(action.mail_id.scheduled_date, action.queued_until)
        self.assertIn(
            f"{MONDAY} 08:00:00",
            self.get_wake_ups("mail.ir_cron_mail_scheduler_action"),
        )
        self.assertEqual(len(self.deliver(action.mail_id, MONDAY)), 1)
        self.assertEqual((action.state, action.queued_until), ("sent", False))

    def test_mail_that_waited_is_looked_at_again(self):
        invoice, action = self.prepare_late_mail()
        self.deliver(action.mail_id, SATURDAY)
        self.pay(invoice)

        self.assertFalse(self.deliver(action.mail_id, MONDAY))

        self.assertEqual((action.state, action.queued_until), ("cancelled", False))

    def test_mail_of_others_does_not_wait(self):
        mail = self.env["mail.mail"].create(
            {"subject": "Hello", "email_to": "a@customer.example", "body_html": "Hello"}
        )

        self.assertEqual(len(self.deliver(mail, SATURDAY)), 1)

    def test_sms_waits_and_does_not_block_the_queue(self):
        self.customer.phone = "+1 212 555 0123"
        self.level_1.write({"send_email": False, "send_sms": True})
        _invoice, action = self.prepare_late_mail()
        other = self.env["sms.sms"].create({"number": "+15555550101", "body": "Hello"})
        self.env["ir.config_parameter"].set_param("sms.session.batch.size", "1")

        first, second = self.process_sms(SATURDAY), self.process_sms(SATURDAY)

        self.assertEqual((first, second), ([], [other.number]))
        self.assertEqual(str(action.queued_until), f"{MONDAY} 08:00:00")
        self.assertEqual(self.process_sms(MONDAY), [action.address])

    def process_sms(self, day):
        """Let the SMS queue run on ``day``; return the numbers that it reached."""
        numbers = []

        def send(messages, *args, **kwargs):
            numbers.extend(messages.mapped("number"))
            messages.write({"state": "pending", "to_delete": True})

        SmsSms = self.env.registry["sms.sms"]
        with (
            self.on(day),
            patch.object(SmsSms, "_send_with_api", send),
            patch.object(self.env.registry["ir.cron"], "_commit_progress"),
        ):
            self.env["sms.sms"]._process_queue()
        return numbers

    def test_sms_of_a_paid_invoice_does_not_leave_the_queue(self):
        self.customer.phone = "+1 212 555 0123"
        self.level_1.write({"send_email": False, "send_sms": True})
        invoice, action = self.prepare_late_mail()
        self.pay(invoice)

        self.assertFalse(self.process_sms(MONDAY))

        self.assertEqual(action.state, "cancelled")

    def test_letter_by_post_waits(self):
        self.level_1.write({"send_email": False, "send_post": True})
        _invoice, action = self.prepare_late_mail()
        posted = []
        Letter = self.env.registry["snailmail.letter"]

        with patch.object(
            Letter,
            "_snailmail_print_valid_address",
            lambda letter: posted.append(letter),
        ):
            with self.on(SATURDAY):
                self.env["snailmail.letter"]._snailmail_cron(autocommit=False)
            self.assertFalse(posted)
            self.assertEqual(str(action.queued_until), f"{MONDAY} 08:00:00")
            with self.on(MONDAY), patch.object(self.env.cr, "commit"):
                self.env["snailmail.letter"]._snailmail_cron(autocommit=False)

        self.assertEqual(posted, [action.letter_id])

    # --- by hand

    def send_by_hand(self, day, time="09:00:00"):
        with self.on(day, time):
            statement = (
                self.env["payment.followup.statement"]
                .with_user(self.clerk)
                ._find(self.company, self.customer)
            )
            return statement._send()._notify_result()["params"]["message"]

    def test_clerk_is_told_at_once_that_the_message_waits(self):
        self.create_invoice(1000, "2026-01-29")

        message = self.send_by_hand(SATURDAY)

        self.assertIn("Monday, February 16, 2026, 8:00", message)
        action = self.env["payment.followup.action"].search([])
        self.assertEqual(str(action.queued_until), f"{MONDAY} 08:00:00")
        self.assertFalse(self.deliver(action.mail_id, SUNDAY))
        self.assertEqual(len(self.deliver(action.mail_id, MONDAY)), 1)

    def test_clerk_hears_nothing_of_it_in_the_sending_hours(self):
        self.create_invoice(1000, "2026-01-29")

        self.assertNotIn("Outside", self.send_by_hand(FRIDAY))

    def test_letter_to_print_does_not_wait(self):
        self.level_1.write({"send_email": False, "print_letter": True})
        self.create_invoice(1000, "2026-01-29")

        self.assertNotIn("Outside", self.send_by_hand(SATURDAY))

    def test_other_hours_let_go_what_waited(self):
        self.create_invoice(1000, "2026-01-29")
        self.send_by_hand(SATURDAY)
        action = self.env["payment.followup.action"].search([])

        with self.on(SATURDAY, "10:00:00"):
            self.company.payment_followup_calendar_id = False

        self.assertFalse(action.queued_until)
        self.assertFalse(action.mail_id.scheduled_date)
        self.assertEqual(len(self.deliver(action.mail_id, SATURDAY)), 1)

from odoo import Command, fields
from odoo.tests import tagged

from .test_sending_hours import SendingHoursCommon


@tagged("post_install", "-at_install")
class TestSendingHoursClock(SendingHoursCommon):
    """Hours over midnight, clocks that are changed, days off of another time zone."""

    def set_time_zone(self, tz):
        self.company.partner_id.tz = self.hours.tz = tz

    def assertOpening(self, at, opening):
        opening = fields.Datetime.to_datetime(opening)
        at = fields.Datetime.to_datetime(at)
        self.assertEqual(self.company._get_payment_followup_opening(at), opening)

    def test_opening_is_at_the_same_local_hour_before_and_after_the_clock_change(self):
        self.set_time_zone("Europe/Berlin")

        for at, opening in (
            ("2026-03-26 20:00:00", "2026-03-27 07:00:00"),
            ("2026-03-27 20:00:00", "2026-03-30 06:00:00"),
            ("2026-10-22 20:00:00", "2026-10-23 06:00:00"),
            ("2026-10-23 20:00:00", "2026-10-26 07:00:00"),
        ):
            with self.subTest(at):
                self.assertOpening(at, opening)

    def test_closing_is_at_the_same_local_hour_after_the_clock_change(self):
        self.set_time_zone("Europe/Berlin")

        self.assertOpening("2026-03-30 15:59:59", "2026-03-30 15:59:59")
        self.assertOpening("2026-03-30 16:00:00", "2026-03-31 06:00:00")

    def test_hour_that_does_not_exist_holds_nothing_back(self):
        # In Berlin, 2:00 to 3:00 of that Sunday is left out
        self.set_time_zone("Europe/Berlin")
        self.hours.attendance_ids = [
            Command.clear(),
            Command.create(
                {"name": "Night", "dayofweek": "6", "hour_from": 2, "hour_to": 4}
            ),
        ]

        self.assertOpening("2026-03-28 12:00:00", "2026-03-29 01:00:00")
        self.assertOpening("2026-03-29 01:59:59", "2026-03-29 01:59:59")
        self.assertOpening("2026-03-29 02:00:00", "2026-04-05 00:00:00")

    def test_day_without_a_midnight_is_a_day_like_others(self):
        # In Cairo the clocks go from 23:59:59 of Thursday to 1:00 of Friday
        self.set_time_zone("Africa/Cairo")
        self.create_day_off(
            "2026-04-24",
            date_from="2026-04-23 22:00:00",
            date_to="2026-04-24 20:59:59",
        )

        friday = fields.Date.to_date("2026-04-24")
        self.assertTrue(self.company._is_payment_followup_day_off(friday))
        self.assertOpening("2026-04-23 16:00:00", "2026-04-27 05:00:00")

    def test_hours_over_midnight_are_one_opening(self):
        self.hours.attendance_ids = [
            Command.clear(),
            Command.create(
                {"name": "Evening", "dayofweek": "0", "hour_from": 22, "hour_to": 24}
            ),
            Command.create(
                {"name": "Morning", "dayofweek": "1", "hour_from": 0, "hour_to": 2}
            ),
        ]

        for at, opening in (
            ("2026-02-16 21:59:59", "2026-02-16 22:00:00"),
            ("2026-02-16 23:59:58", "2026-02-16 23:59:58"),
            ("2026-02-17 00:00:00", "2026-02-17 00:00:00"),
            ("2026-02-17 01:59:59", "2026-02-17 01:59:59"),
            ("2026-02-17 02:00:00", "2026-02-23 22:00:00"),
        ):
            with self.subTest(at):
                self.assertOpening(at, opening)

    def test_public_day_off_is_a_day_of_the_company(self):
        # Easter Monday in Berlin, as Odoo stores it
        self.set_time_zone("Europe/Berlin")
        self.create_day_off(
            "2026-04-06",
            date_from="2026-04-05 22:00:00",
            date_to="2026-04-06 21:59:59",
        )

        monday = fields.Date.to_date("2026-04-06")
        self.assertTrue(self.company._is_payment_followup_day_off(monday))
        self.assertOpening("2026-04-04 12:00:00", "2026-04-07 06:00:00")
        self.assertOpening("2026-04-06 21:59:59", "2026-04-07 06:00:00")

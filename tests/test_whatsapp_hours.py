from odoo.tests import tagged

from .test_sending_hours import FRIDAY, MONDAY, SATURDAY, SendingHoursCommon
from .whatsapp_common import WhatsappCommon


@tagged("post_install", "-at_install")
class TestWhatsappHours(WhatsappCommon, SendingHoursCommon):
    """The sending hours hold for WhatsApp as for every other queue."""

    def test_message_that_is_late_waits_for_the_opening(self):
        action = self.queue(day=FRIDAY, time="17:59:59", due="2026-01-29")

        self.process(FRIDAY, "18:00:00")
        self.process(SATURDAY, "10:00:00")
        self.process(MONDAY, "07:59:59")
        self.assertFalse(self.server.requests)
        self.assertState(action, "outgoing", "queued")

        self.process(MONDAY, "08:00:00")
        self.assertState(action, "sent", "sent")

    def test_payment_over_the_weekend_stops_the_message(self):
        action = self.queue(day=FRIDAY, time="17:59:59", due="2026-01-29")
        self.process(FRIDAY, "18:00:00")
        self.pay(self.invoice)

        self.process(MONDAY, "08:00:00")

        self.assertState(action, "canceled", "cancelled")
        self.assertFalse(self.server.requests)

    def test_new_hours_release_what_waits(self):
        action = self.queue(day=FRIDAY, time="17:59:59", due="2026-01-29")
        self.process(FRIDAY, "18:00:00")

        with self.on(SATURDAY):
            self.company.payment_followup_calendar_id = False
        self.process(SATURDAY, "10:00:00")

        self.assertState(action, "sent", "sent")

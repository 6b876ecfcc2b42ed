from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment_followup.models import mail_mail

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestMailLook(FollowupCommon):
    """One look decides about many mails, and yet no wrong one leaves after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.customer
        for name in ("Customer B", "Customer C"):
            cls.customers += cls.create_customer(name)
        cls.invoices = cls.env["account.move"]
        for customer in cls.customers:
            cls.invoices += cls.create_invoice(1000, "2026-01-31", customer)
        cls.last = cls.customers[2]

    def remind(self):
        self.actions = self.run_batch("2026-02-15").sorted("id")
        self.assertEqual(self.actions.partner_id.ids, self.customers.ids)

    def deliver_and(self, disturb, day="2026-02-15"):
        """Send the mails together; ``disturb`` while the first of them leaves.

        :return: the customers whose mail left
        """
        arrived = []

        def send_email(_self, message, *args, **kwargs):
            if not arrived:
                disturb()
            arrived.append(message["To"])
            return message["Message-Id"]

        server = self.env.registry["ir.mail_server"]
        with (
            self.on(day, "10:00:00"),
            patch.object(server, "_disable_send", lambda *args: False),
            patch.object(server, "_connect__", lambda *args, **kwargs: None),
            patch.object(server, "send_email", send_email),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.actions.mail_id.sudo().send()
        return self.customers.filtered(
            lambda c: any(c.email in address for address in arrived)
        )

    def assertOnlyLastStopped(self, word, disturb):
        self.remind()

        left = self.deliver_and(disturb)

        self.assertEqual(left, self.customers[:2])
        self.assertEqual(self.actions[2].state, "cancelled")
        self.assertIn(word, self.actions[2].error)
        self.assertFalse(self.invoices[2].followup_level_id)

    def count_looks(self):
        """Count on how many messages each look decides."""
        looks, Action = [], self.env.registry["payment.followup.action"]
        find = Action._find_obstacles

        def count(actions):
            if actions:
                looks.append(len(actions))
            return find(actions)

        return looks, patch.object(Action, "_find_obstacles", count)

    def test_one_look_is_enough_for_all_when_nothing_happens(self):
        self.remind()
        looks, counting = self.count_looks()

        with counting:
            left = self.deliver_and(lambda: None)

        self.assertEqual(left, self.customers)
        self.assertEqual(looks, [3])

    def test_more_mails_than_one_look_takes_get_a_second_one(self):
        self.remind()
        looks, counting = self.count_looks()

        with counting, patch.object(mail_mail, "LOOK_SIZE", 2):
            left = self.deliver_and(lambda: None)

        self.assertEqual(left, self.customers)
        self.assertEqual(looks, [2, 1])

    def test_what_was_wrong_at_the_look_is_stopped_and_others_leave(self):
        self.remind()
        self.pay(self.invoices[1], 0.01)

        left = self.deliver_and(lambda: None)

        self.assertEqual(left, self.customers - self.customers[1])
        self.assertIn("changed", self.actions[1].error)

    def test_payment_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped("no longer open", lambda: self.pay(self.invoices[2]))

    def test_cent_paid_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped("changed", lambda: self.pay(self.invoices[2], 0.01))

    def test_payment_to_be_reconciled_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "came in", lambda: self.pay_unallocated(100, "2026-02-15", self.last)
        )

    def test_litigation_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "litigation", lambda: self.invoices[2].write({"no_followup": True})
        )

    def test_promise_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "promised",
            lambda: self.invoices[2].write({"expected_payment_date": "2026-02-15"}),
        )

    def test_due_date_changed_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "due date",
            lambda: self.get_claim(self.invoices[2]).write(
                {"date_maturity": "2026-01-30"}
            ),
        )

    def test_hold_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "excluded", lambda: self.actions[2].customer_id.write({"mode": "none"})
        )

    def test_pause_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "paused",
            lambda: self.actions[2].customer_id.write({"next_date": "2026-02-16"}),
        )

    def test_address_changed_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "no longer the address",
            lambda: self.last.write({"email": "new@customer.example"}),
        )

    def test_new_contact_for_reminders_after_the_look_stops_the_mail(self):
        self.assertOnlyLastStopped(
            "no longer the address",
            lambda: self.create_contact(
                self.last, type="followup", email="desk@customer.example"
            ),
        )

    def test_customer_that_joins_another_after_the_look_gets_no_mail(self):
        self.assertOnlyLastStopped(
            "no longer", lambda: self.last.write({"parent_id": self.customer.id})
        )

    def test_feature_switched_off_after_the_look_stops_all_that_follows(self):
        self.remind()

        left = self.deliver_and(
            lambda: self.company.write({"payment_followup_enabled": False})
        )

        self.assertEqual(left, self.customers[0])
        for action in self.actions[1:]:
            self.assertIn("switched off", action.error)

    def test_mail_taken_out_after_the_look_does_not_leave(self):
        self.remind()

        left = self.deliver_and(self.actions[2].mail_id.sudo().cancel)

        self.assertEqual(left, self.customers[:2])
        self.assertEqual(self.actions[2].state, "cancelled")

    def test_change_that_does_not_matter_stops_nothing(self):
        self.remind()
        looks, counting = self.count_looks()

        with counting:
            left = self.deliver_and(lambda: self.last.write({"comment": "Friendly"}))

        self.assertEqual(left, self.customers)
        self.assertEqual(looks, [3, 1])

    def test_announcement_is_not_made_when_midnight_comes_between(self):
        self.level_1.delay = -15
        with freeze_time("2026-01-31 23:58:00") as clock:
            self.env["payment.followup.reminder"]._remind(
                self.customers, [("reason", "=", "due")]
            )
            self.actions = self.env["payment.followup.action"].search(
                [("partner_id", "in", self.customers.ids)]
            )
            self.actions = self.actions.sorted("id")
            left = self.deliver_until_midnight(clock)

        self.assertEqual(len(left), 1)
        for action in self.actions[1:]:
            self.assertIn("overdue by now", action.error)

    def deliver_until_midnight(self, clock):
        """Send the mails; the day ends while the first one leaves."""
        left = []

        def send_email(_self, message, *args, **kwargs):
            clock.move_to("2026-02-01 00:00:10")
            left.append(message["To"])
            return message["Message-Id"]

        server = self.env.registry["ir.mail_server"]
        with (
            patch.object(server, "_disable_send", lambda *args: False),
            patch.object(server, "_connect__", lambda *args, **kwargs: None),
            patch.object(server, "send_email", send_email),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.actions.mail_id.sudo().send()
        return left

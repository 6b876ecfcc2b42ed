from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.payment_followup_action_handover import MAX_TRIES
from .common import FollowupCommon
from .inbox import receive_mail, send_mail

FAILURE = "account_payment_followup.mail_activity_type_failure"
QUEUE = "odoo.addons.mail.models.mail_mail"
BOUNCE = """\
From: MAILER-DAEMON@customer.example
To: {bounce}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce@customer.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

User unknown.

--B
Content-Type: message/delivery-status

Final-Recipient: rfc822; customer.a@customer.example
Action: failed
Status: 5.1.1

--B
Content-Type: text/rfc822-headers

Message-Id: {message_id}

--B--
"""


@tagged("post_install", "-at_install")
class TestFailure(FollowupCommon):
    """What goes wrong with one customer stays there, and somebody hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.payment_followup_responsible_id = cls.clerk
        cls.other = cls.create_customer("Customer B")
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def setUp(self):
        super().setUp()
        self.action = self.run_batch("2026-02-15")

    @mute_logger(QUEUE, "odoo.addons.base.models.ir_mail_server")
    def process_queue(self, day="2026-02-15", time="10:00:00"):
        with self.on(day, time):
            self.env["mail.mail"].sudo().process_email_queue()

    def process_queue_without_server(self, time="10:00:00"):
        with send_mail(self.env):
            self.process_queue(time=time)

    def lose_connection(self):
        """Let the server break the connection once it has taken the message."""
        with receive_mail(self.env) as inbox:
            inbox.is_dying = True
            self.process_queue()
        self.assertEqual(len(inbox.messages), 1)

    def get_alerts(self, customer=None):
        return (customer or self.action.customer_id).activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(FAILURE)
        )

    def assertFailed(self):
        self.assertEqual(self.action.state, "failed")
        self.assertFalse(self.invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")
        self.assertEqual(self.get_alerts().user_id, self.clerk)

    # --- later is not never

    def test_reminder_waits_for_a_mail_server_that_is_switched_off(self):
        self.process_queue_without_server("10:00:00")
        self.assertEqual((self.action.state, self.action.tries), ("queued", 1))
        self.assertIn("refused", self.action.error)
        self.assertEqual(self.invoice.followup_level_id, self.level_1)
        self.assertFalse(self.get_alerts())

        with receive_mail(self.env) as inbox:
            self.process_queue(time="10:04:59")
            self.assertFalse(inbox.messages)
            self.process_queue(time="10:05:00")
            self.process_queue(time="11:05:00")

        self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(self.action.state, "sent")
        self.assertIn("Delayed", self.action.error)
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_mail_queue_is_called_when_the_next_attempt_is_due(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")

        self.process_queue_without_server("10:00:00")

        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        dates = triggers.mapped(lambda trigger: str(trigger.call_at))
        self.assertIn("2026-02-15 10:05:00", dates)

    def test_reminder_waits_longer_from_attempt_to_attempt(self):
        found = []
        for tries in range(1, 6):
            self.action.sudo().tries = tries
            with self.on("2026-02-15", "10:00:00"):
                found.append(self.action._get_retry_date().strftime("%H:%M"))

        self.assertEqual(found, ["10:05", "10:15", "10:30", "11:00", "11:00"])

    def test_reminder_has_failed_when_the_server_is_away_for_a_day(self):
        self.action.sudo().tries = MAX_TRIES - 1
        self.process_queue_without_server("10:00:00")
        self.assertEqual(self.action.state, "queued")

        self.process_queue_without_server("12:00:00")

        self.assertFailed()

    def test_paid_while_the_server_was_away_nothing_is_sent(self):
        self.process_queue_without_server("10:00:00")
        self.pay(self.invoice)

        with receive_mail(self.env) as inbox:
            self.process_queue(time="11:00:00")

        self.assertFalse(inbox.messages)
        self.assertEqual(self.action.state, "cancelled")

    def test_recipient_to_be_tried_later_gets_the_mail_later(self):
        with receive_mail(self.env) as inbox:
            inbox.refusals[self.customer.email] = "451 Greylisted, try again"
            self.process_queue(time="10:00:00")
            self.assertEqual(self.action.state, "queued")
            inbox.refusals.clear()
            self.process_queue(time="10:05:00")

        self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(self.action.state, "sent")

    # --- refused

    def test_recipient_refused_for_good_fails_and_the_others_get_their_mail(self):
        self.create_invoice(500, "2026-01-31", self.other)
        other = self.run_batch("2026-02-15")
        with receive_mail(self.env) as inbox:
            inbox.refusals[self.customer.email] = "550 No such user"
            self.process_queue()

        self.assertFailed()
        self.assertEqual(
            self.action.error, "The mail server answered: 550 No such user"
        )
        self.assertIn("No such user", self.get_alerts().note)
        self.assertIn("Correct the address", self.get_alerts().note)
        [(recipients, _message)] = inbox.messages
        self.assertEqual(recipients, [self.other.email])
        self.assertEqual(other.state, "sent")
        self.assertFalse(self.get_alerts(other.customer_id))

    def test_bounce_that_comes_in_by_mail_takes_the_level_back(self):
        with receive_mail(self.env) as inbox:
            self.process_queue()
        [(_recipients, message)] = inbox.messages
        source = BOUNCE.format(
            message_id=message["Message-Id"],
            bounce=self.company.bounce_email or "bounce@company.example",
        )

        with self.on("2026-02-15", "11:00:00"):
            self.env["mail.thread"].sudo().message_process(False, source)

        self.assertFailed()
        self.assertIn("customer.a@customer.example", self.action.error)

    def test_malformed_address_without_another_way_is_not_written_to(self):
        self.action.mail_id.sudo().cancel()
        self.customer.write({"email": "customer.a@", "street": False, "city": False})

        self.assertReason("2026-02-16", "no_address")
        self.assertFalse(self.run_batch("2026-02-16"))

    def test_malformed_address_is_replaced_by_a_letter(self):
        self.action.mail_id.sudo().cancel()
        self.customer.email = "customer.a@"

        letter = self.run_batch("2026-02-16")

        self.assertReminded(letter, (self.level_1, "letter"))
        self.assertIn("No valid e-mail address", letter.error)

    def test_blacklisted_address_brings_the_customer_to_the_responsible(self):
        self.env["mail.blacklist"].sudo()._add(self.other.email)
        self.create_invoice(500, "2026-01-31", self.other)

        action = self.run_batch("2026-02-16")

        self.assertEqual(action.state, "failed")
        self.assertIn("blacklisted", self.get_alerts(action.customer_id).note)

    # --- nobody knows

    def test_mail_that_may_have_arrived_is_not_sent_again(self):
        self.lose_connection()

        self.assertFailed()
        self.assertIn("may have arrived", self.action.error)
        self.assertIn("It arrived", self.get_alerts().note)
        with receive_mail(self.env) as inbox:
            self.process_queue("2026-02-16")
        self.assertFalse(inbox.messages)
        self.assertFalse(self.run_batch("2026-03-01"))

    def test_connection_lost_before_the_text_was_sent_is_tried_again(self):
        with receive_mail(self.env) as inbox:
            inbox.refusals[self.customer.email] = "421 Closing the connection"
            self.process_queue()
            inbox.refusals.clear()
            self.process_queue(time="10:05:00")

        self.assertEqual(len(inbox.messages), 1)
        self.assertEqual(self.action.state, "sent")

    def test_mail_marked_by_a_server_that_died_is_not_sent_again(self):
        self.action.sudo().handover_date = "2026-02-15 09:59:59"

        with receive_mail(self.env) as inbox:
            self.process_queue()

        self.assertFalse(inbox.messages)
        self.assertFailed()
        self.assertEqual(self.action.mail_id.state, "cancel")

    def test_mail_that_arrived_after_all_counts(self):
        self.lose_connection()

        with self.on("2026-02-15"):
            self.action.with_user(self.clerk).action_confirm_sent()

        self.assertEqual(self.action.state, "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)
        self.assertFalse(self.get_alerts())
        self.assertReason("2026-03-01", "waiting")

    def test_mail_that_did_not_fail_is_not_confirmed(self):
        with self.assertRaisesRegex(UserError, "did not fail"):
            self.action.with_user(self.clerk).action_confirm_sent()

    def test_only_billing_users_confirm_that_a_mail_arrived(self):
        self.lose_connection()
        auditor = self.create_user("auditor", "account.group_account_readonly")

        with self.assertRaises(AccessError):
            self.action.with_user(auditor).action_confirm_sent()

    # --- who hears of it, and until when

    def refuse(self, day="2026-02-15"):
        with receive_mail(self.env) as inbox:
            inbox.refusals[self.customer.email] = "550 No such user"
            self.process_queue(day)

    def test_second_failure_makes_no_second_activity(self):
        self.refuse()
        alert = self.get_alerts()
        customer = self.action.customer_id.sudo()
        customer.write({"failure": False, "failure_date": False})

        self.run_batch("2026-02-16")
        self.customer.email = "second@customer.example"
        self.env["mail.blacklist"].sudo()._add(self.customer.email)
        self.run_batch("2026-02-17")

        self.assertEqual(len(self.get_alerts() | alert), 1)

    def test_activity_goes_when_somebody_tries_again(self):
        self.refuse()
        with self.on("2026-02-15"):
            self.action.customer_id.with_user(self.clerk).action_clear_failure()

        self.assertFalse(self.get_alerts())
        self.assertDue("2026-02-15", self.level_1)

    def test_who_is_done_with_the_activity_lets_it_be_tried_again(self):
        self.refuse()
        self.customer.email = "right@customer.example"
        before = self.env["payment.followup.action"].search([])
        with self.on("2026-02-15"):
            self.get_alerts().with_user(self.clerk).action_feedback("Corrected.")

        note, again = (before.search([]) - before).sorted("id")
        self.assertIn("Corrected.", note.error)
        self.assertReminded(again, (self.level_1, "email"))
        self.assertEqual(again.address, "right@customer.example")

    def test_activity_goes_when_somebody_sends_by_hand(self):
        self.refuse()
        statement = self.get_statement("2026-02-15").with_user(self.clerk)
        with self.on("2026-02-15"):
            statement._send(kinds=["letter"])

        self.assertFalse(self.get_alerts())

    def test_responsible_of_the_customer_hears_of_it_first(self):
        boss = self.create_user("boss", "account.group_account_invoice")
        self.action.customer_id.responsible_id = boss

        self.refuse()

        self.assertEqual(self.get_alerts().user_id, boss)

    def test_mistake_in_a_template_is_told_without_a_word_of_its_code(self):
        template = self.level_1.mail_template_id
        # Odoo tries a template out on the first record that there is
        divisor = f"object.partner_id.id - {self.other.id}"
        template.body_html = f"<p><t t-out='1 / ({divisor})'/></p>"
        self.create_invoice(500, "2026-01-31", self.other)

        with mute_logger(
            "odoo.addons.account_payment_followup.models.payment_followup_reminder",
            "odoo.addons.mail.models.mail_render_mixin",
        ):
            failed = self.run_batch("2026-02-16")

        words = (
            f"“{self.level_1.name}” could not be put together: division by zero. "
            "Check the templates and texts of the level."
        )
        self.assertEqual(failed.error, words)
        statement = self.get_statement("2026-02-16", self.other)
        self.assertEqual(statement.reason_text, f"Nothing was sent. {words}")

    def test_template_that_fails_brings_the_customer_to_the_responsible(self):
        self.create_invoice(500, "2026-01-31", self.other)
        with (
            patch.object(
                self.env.registry["payment.followup.channel.email"],
                "_queue",
                side_effect=ValueError("Broken template"),
            ),
            mute_logger(
                "odoo.addons.account_payment_followup.models.payment_followup_reminder"
            ),
        ):
            failed = self.run_batch("2026-02-16")
        customer = failed.customer_id
        self.assertEqual((failed.kind, failed.state), ("error", "failed"))
        self.assertIn("Broken template", self.get_alerts(customer).note)
        self.assertIn("tomorrow", self.get_alerts(customer).note)

        again = self.run_batch("2026-02-17")

        self.assertReminded(again, (self.level_1, "email"))
        self.assertFalse(self.get_alerts(customer))

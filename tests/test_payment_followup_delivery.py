from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..models.payment_followup_guard import DAILY_CRON
from ..models.payment_followup_look_again import LOOK_CRON
from .common import FollowupCommon
from .services import receive_sms


@tagged("post_install", "-at_install")
class TestDelivery(FollowupCommon):
    """Between the batch and the customer: stopped, delivered, refused, sent again."""

    def prepare_reminder(self):
        """Return an invoice and its reminder, which waits in the mail queue."""
        invoice = self.create_invoice(1000, "2026-01-31")
        return invoice, self.run_batch("2026-02-15")

    # --- stopped on the way

    def assertStopped(self, invoice, action, word):
        mail = action.mail_id
        self.assertFalse(self.deliver(mail, "2026-02-15"))
        self.assertEqual((mail.state, action.state), ("cancel", "cancelled"))
        self.assertIn(word, action.error)
        self.assertFalse(invoice.followup_level_id)

    def test_mail_is_delivered_when_nothing_has_changed(self):
        invoice, action = self.prepare_reminder()

        outbox = self.deliver(action.mail_id, "2026-02-15")

        self.assertEqual(len(outbox), 1)
        self.assertEqual(action.state, "sent")
        self.assertEqual(invoice.followup_level_id, self.level_1)

    def test_new_invoice_does_not_stop_the_mail(self):
        _invoice, action = self.prepare_reminder()
        self.create_invoice(500, "2026-01-31")

        self.deliver(action.mail_id, "2026-02-15")

        self.assertEqual(action.state, "sent")

    def test_partial_payment_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        self.pay(invoice, 400)

        self.assertStopped(invoice, action, "changed")

    def test_new_credit_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        self.create_credit_note(100, "2026-02-15")

        self.assertStopped(invoice, action, "came in")

    def test_litigation_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        invoice.no_followup = True

        self.assertStopped(invoice, action, "litigation")

    def test_promise_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        invoice.expected_payment_date = "2026-02-20"

        self.assertStopped(invoice, action, "promised")

    def test_hold_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        action.customer_id.mode = "none"

        self.assertStopped(invoice, action, "excluded from reminders")

    def test_planned_date_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        action.customer_id.next_date = "2026-02-16"

        self.assertStopped(invoice, action, "paused")

    def test_feature_switched_off_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        self.company.payment_followup_enabled = False

        self.assertStopped(invoice, action, "switched off")

    def test_due_date_that_changed_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        self.get_claim(invoice).date_maturity = "2026-01-30"

        self.assertStopped(invoice, action, "due date")

    def test_address_that_changed_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        self.customer.email = "new@customer.example"

        self.assertStopped(invoice, action, "no longer the address")

    def test_new_contact_for_reminders_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        self.create_contact(
            self.customer, type="followup", email="desk@customer.example"
        )

        self.assertStopped(invoice, action, "no longer the address")

    def test_mail_sent_by_hand_goes_where_its_sender_wanted(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15").with_user(self.clerk)
        with self.on("2026-02-15"):
            action = statement._send(kinds=["email"])
        self.customer.email = "new@customer.example"

        self.assertEqual(len(self.deliver(action.mail_id, "2026-02-15")), 1)

    def test_paid_in_part_the_letter_beside_the_mail_is_stopped_as_well(self):
        self.level_1.print_letter = True
        invoice = self.create_invoice(1000, "2026-01-31")
        actions = self.run_batch("2026-02-15")
        self.pay(invoice, 400)

        self.deliver(actions.mail_id, "2026-02-15")

        self.assertEqual(actions.mapped("state"), ["cancelled"] * 2)
        again = self.run_batch("2026-02-15")
        self.assertReminded(again, (self.level_1, "email"), (self.level_1, "letter"))
        self.assertEqual(again.mapped("amount_residual"), [600, 600])

    def test_stopped_mail_is_made_again_at_once(self):
        crons = self.env.ref(DAILY_CRON) + self.env.ref(LOOK_CRON)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "in", crons.ids)])
        invoice, action = self.prepare_reminder()
        self.create_invoice(50, "2026-01-31", self.create_customer("Customer B"))
        self.pay(invoice, 400)

        self.deliver(action.mail_id, "2026-02-15")

        found = triggers.search([("cron_id", "in", crons.ids)]) - triggers
        self.assertEqual(found.cron_id, self.env.ref(LOOK_CRON))
        # To this customer alone: others are the business of the daily batch
        again = self.look_again("2026-02-15")
        self.assertReminded(again, (self.level_1, "email"))
        self.assertEqual(again.partner_id, self.customer)
        self.assertEqual(again.amount_residual, 600)
        self.assertFalse(self.look_again("2026-02-15"))

    def test_stopped_mail_is_left_to_the_batch_where_nothing_may_leave_now(self):
        invoice, action = self.prepare_reminder()
        self.pay(invoice, 400)
        self.deliver(action.mail_id, "2026-02-15")
        with self.on("2026-02-15"):
            holds = self.env["payment.followup.hold"].sudo()
            holds.with_company(self.company)._hold("volume", customer_count=99)

        self.assertFalse(self.look_again("2026-02-15"))
        self.assertFalse(action.customer_id.look_again_date)
        self.assertReason("2026-02-15", "due")

    def test_stopped_mail_of_a_customer_by_hand_waits_for_the_clerk(self):
        invoice, action = self.prepare_reminder()
        self.pay(invoice, 400)
        action.customer_id.mode = "manual"
        self.deliver(action.mail_id, "2026-02-15")

        self.assertFalse(self.look_again("2026-02-15"))
        self.assertReason("2026-02-15", "due")

    def test_reset_to_draft_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        invoice.button_draft()

        self.assertStopped(invoice, action, invoice.name)

    def test_reset_to_draft_and_posted_again_stops_the_mail(self):
        invoice, action = self.prepare_reminder()
        invoice.button_draft()
        invoice.action_post()

        self.assertStopped(invoice, action, invoice.name)

    def test_stopped_reminder_is_due_again_the_next_day(self):
        self.company.payment_followup_min_interval = 5
        invoice, action = self.prepare_reminder()
        self.pay(invoice, 400)
        self.deliver(action.mail_id, "2026-02-15")

        again = self.run_batch("2026-02-16")

        self.assertReminded(again, (self.level_1, "email"))
        self.assertEqual(again.amount_residual, 600)

    def test_letter_stays_at_its_level_when_the_mail_beside_it_is_stopped(self):
        self.level_1.print_letter = True
        invoice = self.create_invoice(1000, "2026-01-31")
        actions = self.run_batch("2026-02-15")
        email = actions.filtered(lambda action: action.kind == "email")

        email._set_cancelled("by a test")

        self.assertEqual(invoice.followup_level_id, self.level_1)

    # --- delivery is the truth

    def test_refused_mail_takes_the_level_back_until_somebody_acts(self):
        self.company.payment_followup_min_interval = 0
        invoice, action = self.prepare_reminder()

        self.deliver(
            action.mail_id, "2026-02-15", MailDeliveryException("No such user")
        )

        self.assertEqual(action.state, "failed")
        self.assertIn("No such user", action.error)
        self.assertFalse(invoice.followup_level_id)
        self.assertReason("2026-02-15", "delivery_failed")
        self.assertReason("2026-03-31", "delivery_failed")
        self.assertFalse(self.run_batch("2026-03-31"))
        self.try_again("2026-03-31")
        self.assertEqual(invoice.followup_level_id, self.level_1)
        self.assertReason("2026-03-31", "waiting")

    def try_again(self, day):
        with self.on(day):
            self.get_statement(day).with_user(self.clerk).action_clear_failure()

    def test_failure_that_is_cleared_the_same_day_is_tried_at_once(self):
        invoice, action = self.prepare_reminder()
        self.deliver(
            action.mail_id, "2026-02-15", MailDeliveryException("No such user")
        )

        self.try_again("2026-02-15")

        self.assertEqual(invoice.followup_level_id, self.level_1)
        self.assertReason("2026-02-15", "waiting")

    def test_failed_mail_that_is_sent_again_by_hand_counts_again(self):
        invoice, action = self.prepare_reminder()
        mail = action.mail_id
        self.deliver(mail, "2026-02-15", MailDeliveryException("Greylisted"))
        mail.action_retry()

        outbox = self.deliver(mail, "2026-02-15")

        self.assertEqual(len(outbox), 1)
        self.assertEqual(action.state, "sent")
        self.assertEqual(invoice.followup_level_id, self.level_1)
        self.assertReason("2026-03-01", "waiting")
        self.assertDue("2026-03-02", self.level_2)

    def test_failed_mail_is_not_sent_again_beside_the_one_that_replaced_it(self):
        _invoice, action = self.prepare_reminder()
        mail = action.mail_id
        self.deliver(mail, "2026-02-15", MailDeliveryException("Greylisted"))
        action.customer_id.action_clear_failure()
        again = self.run_batch("2026-02-15")
        self.assertReminded(again, (self.level_1, "email"))
        mail.action_retry()

        self.assertFalse(self.deliver(mail, "2026-02-15"))
        self.assertEqual(len(self.deliver(again.mail_id, "2026-02-15")), 1)

    def test_failed_mail_of_a_paid_invoice_is_not_sent_again(self):
        invoice, action = self.prepare_reminder()
        mail = action.mail_id
        self.deliver(mail, "2026-02-15", MailDeliveryException("Greylisted"))
        self.pay(invoice)
        mail.action_retry()

        self.assertFalse(self.deliver(mail, "2026-02-15"))

    def test_mail_cancelled_in_the_queue_takes_the_level_back(self):
        invoice, action = self.prepare_reminder()

        action.mail_id.sudo().cancel()

        self.assertEqual(action.state, "cancelled")
        self.assertFalse(invoice.followup_level_id)

    def test_mail_deleted_from_the_queue_takes_the_level_back(self):
        invoice, action = self.prepare_reminder()

        action.mail_id.sudo().unlink()

        self.assertEqual(action.state, "cancelled")
        self.assertFalse(invoice.followup_level_id)

    def test_sent_mail_that_is_cleaned_up_stays_sent(self):
        invoice, action = self.prepare_reminder()

        self.deliver(action.mail_id, "2026-02-15")

        self.assertFalse(action.mail_id.exists())
        self.assertEqual(action.state, "sent")
        self.assertEqual(invoice.followup_level_id, self.level_1)
        self.assertTrue(action.customer_id.message_ids)

    def test_bounce_takes_the_level_back(self):
        invoice, action = self.prepare_reminder()
        message = action.mail_id.mail_message_id
        self.deliver(action.mail_id, "2026-02-15")

        with self.on("2026-02-16"):
            self.env["mail.thread"].sudo()._routing_handle_bounce(
                None,
                {
                    "bounced_email": action.address,
                    "bounced_partner": self.customer,
                    "bounced_msg_ids": [message.message_id],
                    "bounced_message": message,
                    "email_from": "mailer-daemon@customer.example",
                    "message_id": "<bounce@customer.example>",
                    "to": "bounce@company.example",
                    "body": "User unknown",
                },
            )

        self.assertEqual(action.state, "failed")
        self.assertFalse(invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")

    def test_blacklisted_address_is_not_written_to(self):
        self.env["mail.blacklist"].sudo()._add(self.customer.email)
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertEqual((action.kind, action.state), ("email", "failed"))
        self.assertIn(self.customer.email, action.error)
        self.assertReason("2026-02-15", "delivery_failed")

    def test_recipients_of_a_mail_are_not_guessed_from_its_thread(self):
        _invoice, action = self.prepare_reminder()
        action.customer_id.message_subscribe(self.clerk.partner_id.ids)

        (message,) = self.deliver(action.mail_id, "2026-02-15")

        self.assertEqual(message["To"], f'"Customer A" <{self.customer.email}>')
        self.assertFalse(message["Cc"])

    # --- SMS

    def test_payment_stops_an_sms_in_the_queue(self):
        self.level_1.write({"send_email": False, "send_sms": True})
        self.customer.phone = "+1 212 555 0123"
        invoice = self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")
        self.assertReminded(action, (self.level_1, "sms"))
        self.pay(invoice)

        with self.on("2026-02-15"), self.run_as_cron(), receive_sms() as outbox:
            self.env["sms.sms"].sudo()._process_queue()

        self.assertFalse(outbox)
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.sms_id.state, "canceled")

    def test_sms_that_is_refused_takes_the_level_back(self):
        self.level_1.write({"send_email": False, "send_sms": True})
        self.customer.phone = "+1 212 555 0123"
        invoice = self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")

        action.sms_id.write({"state": "error", "failure_type": "sms_number_format"})

        self.assertEqual(action.state, "failed")
        self.assertFalse(invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCommon
from .inbox import receive_mail
from .services import receive_post, receive_sms


@tagged("post_install", "-at_install")
class TestQueues(FollowupCommon):
    """A last look in every queue: what has become wrong does not leave any of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.phone = "+1 212 555 0123"
        cls.level_1.write(
            {"send_sms": True, "send_post": True, "print_letter": True, "delay": 15}
        )
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def deliver_all(self, day="2026-02-15"):
        """Let every queue work as its scheduled action does; return what left.

        :return: a dict {kind: what the service took}
        """
        letters = self.actions.filtered(lambda row: row.kind == "letter")
        with (
            self.on(day, "10:00:00"),
            self.run_as_cron(),
            receive_mail(self.env) as inbox,
            receive_sms() as sms,
            receive_post() as post,
        ):
            self.env["mail.mail"].sudo().process_email_queue()
            self.env["sms.sms"].sudo()._process_queue()
            self.env["snailmail.letter"].sudo()._snailmail_cron(autocommit=False)
            letters.filtered(lambda row: row.state == "todo")._stop_outdated()
        printed = letters.filtered(lambda row: row.state == "todo")
        return {
            "email": inbox.messages,
            "sms": sms,
            "post": post,
            "letter": list(printed),
        }

    def remind(self):
        self.actions = self.run_batch("2026-02-15")
        self.assertReminded(
            self.actions,
            *((self.level_1, kind) for kind in ("email", "sms", "post", "letter")),
        )

    def assertStopped(self, word):
        for kind, messages in self.deliver_all().items():
            self.assertFalse(messages, kind)
        self.assertEqual(set(self.actions.mapped("state")), {"cancelled"})
        for action in self.actions:
            self.assertIn(word, action.error, action.kind)
        self.assertFalse(self.invoice.followup_level_id)

    def test_every_queue_delivers_when_nothing_has_changed(self):
        self.remind()

        left = self.deliver_all()

        self.assertEqual({k: len(m) for k, m in left.items()}, dict.fromkeys(left, 1))
        states = {action.kind: action.state for action in self.actions}
        self.assertEqual(
            states, {"email": "sent", "sms": "sent", "post": "sent", "letter": "todo"}
        )

    def test_second_run_of_the_queues_delivers_nothing(self):
        self.remind()
        self.deliver_all()

        left = self.deliver_all()

        self.assertFalse(left["email"] or left["sms"] or left["post"])

    def test_payment_stops_every_queue(self):
        self.remind()
        self.pay(self.invoice)

        self.assertStopped("no longer open")

    def test_partial_payment_stops_every_queue(self):
        self.remind()
        self.pay(self.invoice, 0.01)

        self.assertStopped("changed")

    def test_partial_payment_is_followed_by_the_right_amount_the_same_day(self):
        self.remind()
        self.pay(self.invoice, 400)
        self.deliver_all()

        self.remind()

        self.assertEqual(set(self.actions.mapped("amount_residual")), {600})
        left = self.deliver_all()
        html = left["email"][0][1].get_body(("html",)).get_content()
        self.assertIn("600.00", html)
        self.assertIn("600.00", left["sms"][0][1])

    def test_litigation_stops_every_queue(self):
        self.remind()
        self.invoice.no_followup = True

        self.assertStopped("litigation")

    def test_promise_stops_every_queue(self):
        self.remind()
        self.invoice.expected_payment_date = "2026-02-15"

        self.assertStopped("promised")

    def test_hold_stops_every_queue(self):
        self.remind()
        self.actions.customer_id.mode = "none"

        self.assertStopped("excluded")

    def test_planned_date_stops_every_queue(self):
        self.remind()
        self.actions.customer_id.next_date = "2026-02-16"

        self.assertStopped("paused")

    def test_planned_date_that_has_come_stops_nothing(self):
        self.remind()
        self.actions.customer_id.next_date = "2026-02-15"

        self.assertTrue(all(self.deliver_all().values()))

    def test_company_switched_off_stops_every_queue(self):
        self.remind()
        self.company.payment_followup_enabled = False

        self.assertStopped("switched off")

    def test_credit_note_stops_every_queue(self):
        self.remind()
        self.create_credit_note(100, "2026-02-15")

        self.assertStopped("came in")

    def test_payment_that_waits_to_be_reconciled_stops_every_queue(self):
        self.remind()
        self.pay_unallocated(100, "2026-02-15")

        self.assertStopped("came in")

    def test_draft_stops_every_queue(self):
        self.remind()
        self.invoice.button_draft()

        self.assertStopped(self.invoice.name)

    def test_amount_changed_in_draft_stops_every_queue(self):
        self.remind()
        self.invoice.button_draft()
        line = self.invoice.invoice_line_ids
        self.invoice.invoice_line_ids = [Command.update(line.id, {"price_unit": 900})]
        self.invoice.action_post()

        self.assertStopped(self.invoice.name)

    def test_due_date_that_changed_stops_every_queue(self):
        self.remind()
        self.get_claim(self.invoice).date_maturity = "2026-01-30"

        self.assertStopped("due date")

    def test_new_phone_number_stops_the_sms_alone(self):
        self.remind()
        self.customer.phone = "+1 212 555 0199"

        left = self.deliver_all()

        self.assertFalse(left["sms"])
        self.assertTrue(left["email"] and left["post"] and left["letter"])
        # The level was said by the others
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_new_street_stops_letter_and_post(self):
        self.remind()
        self.customer.street = "2 Other Street"

        left = self.deliver_all()

        self.assertFalse(left["post"] or left["letter"])
        self.assertTrue(left["email"] and left["sms"])

    def test_reader_in_another_language_stops_no_letter(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.country_id = self.env.ref("base.de")
        self.remind()
        letter = self.actions.filtered(lambda row: row.kind == "letter")
        self.clerk.lang = "es_ES"

        with self.on("2026-02-15"):
            letter.with_user(self.clerk).with_context(
                lang="es_ES"
            ).action_print_letters()

        self.assertEqual(letter.state, "sent")

    # --- refused, and out of reach

    def get_action(self, kind):
        return self.actions.filtered(lambda row: row.kind == kind)

    def process_sms(self, state):
        with self.on("2026-02-15"), self.run_as_cron(), receive_sms(state) as outbox:
            self.env["sms.sms"].sudo()._process_queue()
        return outbox

    def test_refused_number_fails_and_the_other_ways_still_count(self):
        self.remind()

        self.process_sms("wrong_number_format")

        self.assertEqual(self.get_action("sms").state, "failed")
        self.assertFalse(self.get_action("sms").handover_date)
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    @mute_logger("odoo.addons.sms.models.sms_sms")
    def test_sms_service_that_gives_no_answer_leaves_it_to_a_person(self):
        self.remind()

        self.process_sms(TimeoutError("No answer"))

        self.assertEqual(self.get_action("sms").state, "failed")
        self.assertIn("may have arrived", self.get_action("sms").error)
        self.assertFalse(self.process_sms("success"))

    def test_sms_marked_by_a_server_that_died_is_not_sent_again(self):
        self.remind()
        self.get_action("sms").sudo().handover_date = "2026-02-15 09:59:59"

        self.assertFalse(self.process_sms("success"))

        self.assertIn("may have arrived", self.get_action("sms").error)

    def test_letter_marked_by_a_server_that_died_is_not_posted_again(self):
        self.remind()
        self.get_action("post").sudo().handover_date = "2026-02-15 09:59:59"

        self.assertFalse(self.deliver_all()["post"])

        self.assertIn("may have arrived", self.get_action("post").error)

    def test_letter_that_is_refused_fails_and_is_told_when_it_goes_after_all(self):
        self.remind()
        action = self.get_action("post")
        with self.run_as_cron(), receive_post(error="ATTACHMENT_ERROR"):
            self.env["snailmail.letter"].sudo()._snailmail_cron(autocommit=False)
        self.assertEqual(action.state, "failed")

        self.deliver_all()

        self.assertEqual(action.state, "sent")
        self.assertFalse(action.customer_id.failure)

from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestReminder(FollowupCommon):
    """Select, lock, re-check, act, log: once, whoever starts it and whatever breaks."""

    def send(self, day, partner=None, **options):
        """Let the clerk send to a customer on ``day``, as the button does."""
        statement = self.get_statement(day, partner)
        with self.on(day):
            return statement.with_user(self.clerk)._send(**options)

    def open_send_wizard(self, day, partner=None):
        """Return the wizard as the clerk sees it after a click on the statement."""
        statement = self.get_statement(day, partner).with_user(self.clerk)
        action = statement.action_open_send_wizard()
        with self.on(day):
            wizard = statement.env[action["res_model"]]
            return wizard.with_context(**action["context"]).create({})

    # --- once

    def test_customer_gets_one_message_for_all_that_is_due(self):
        first = self.create_invoice(100, "2026-01-30")
        second = self.create_invoice(200, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertReminded(action, (self.level_1, "email"))
        self.assertEqual(action.line_ids.move_id, first + second)
        self.assertEqual(action.amount_residual, 300)

    def test_button_after_the_batch_sends_nothing_more(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.assertFalse(self.send("2026-02-15"))

    def test_batch_after_the_button_sends_nothing_more(self):
        self.create_invoice(1000, "2026-01-31")

        action = self.send("2026-02-15")

        self.assertReminded(action, (self.level_1, "email"))
        self.assertEqual(action.user_id, self.clerk)
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_button_that_is_pressed_twice_sends_once(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15")

        with self.on("2026-02-15"):
            first = statement._send()
            second = statement._send()

        self.assertEqual((len(first), len(second)), (1, 0))

    def test_batch_that_is_stopped_half_way_goes_on_with_the_others(self):
        others = [self.create_customer(name) for name in "BCD"]
        for customer in (self.customer, *others):
            self.create_invoice(1000, "2026-01-31", customer)

        with (
            self.on("2026-02-15"),
            patch.object(
                self.env.registry["ir.cron"],
                "_commit_progress",
                lambda cron, processed=0, *, remaining=None: 0 if processed else 60,
            ),
        ):
            reminder = self.env["payment.followup.reminder"].with_user(SUPERUSER_ID)
            reminder._cron_remind(batch_size=1)
        first = self.env["payment.followup.action"].search([])
        rest = self.run_batch("2026-02-15")

        self.assertEqual((len(first), len(rest)), (1, 3))
        self.assertEqual(len((first + rest).partner_id), 4)

    def test_database_refuses_the_same_level_twice(self):
        self.create_invoice(1000, "2026-01-31")
        line = self.run_batch("2026-02-15").line_ids

        with self.assertRaisesRegex(Exception, "once_uniq"), mute_logger("odoo.sql_db"):
            line.sudo().copy()
            self.env.flush_all()

    def test_level_taken_back_may_be_said_again(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        first = self.run_batch("2026-02-15")
        first._set_cancelled("by a test")

        second = self.run_batch("2026-02-16")

        self.assertReminded(second, (self.level_1, "email"))
        self.assertEqual((first.line_ids.counts, second.line_ids.counts), (False, True))
        self.assertEqual(str(self.get_claim(invoice).followup_date), "2026-02-16")

    def test_entries_that_are_no_invoices_can_be_reminded_of(self):
        claim = self.create_entry(1000, "2026-01-31", no_followup=False)

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.line_ids.move_line_id, claim)
        self.assertIn(claim.move_id.name, action.body)

    def test_customers_of_a_batch_share_its_queries(self):
        for number in range(6):
            customer = self.create_customer(f"Many {number}")
            self.create_invoice(1000, "2026-01-31", customer)
        with self.on("2026-02-15"):
            partners = self.env["payment.followup.statement"].search([]).partner_id
            reminder = self.env["payment.followup.reminder"].sudo()
            with self.assertQueryCount(100):
                self.assertEqual(len(reminder._remind(partners, [])), 6)

    def test_result_of_several_customers_is_counted(self):
        other = self.create_customer("Other")
        later = self.create_customer("Later")
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(1000, "2026-01-31", other)
        self.create_invoice(1000, "2026-12-31", later)

        with self.on("2026-02-15"):
            statements = self.env["payment.followup.statement"].search([])
            result = statements.with_user(self.clerk)._send()._notify_result()

        actions = self.env["payment.followup.action"].search([])
        self.assertEqual(actions.partner_id, self.customer + other)
        self.assertEqual(result["tag"], "display_notification")
        self.assertEqual(result["params"]["type"], "success")
        self.assertEqual(result["params"]["message"], "Reminders on their way: 2.")
        self.assertEqual(actions.user_id, self.clerk)

    # --- one bad customer stops nobody

    @mute_logger(
        "odoo.addons.account_payment_followup.models.payment_followup_reminder"
    )
    def test_customer_whose_message_fails_stops_nobody_and_is_tried_the_next_day(self):
        bad, last = self.create_customer("B"), self.create_customer("C")
        for customer in (self.customer, bad, last):
            self.create_invoice(1000, "2026-01-31", customer)

        with self.break_rendering(bad):
            actions = self.run_batch("2026-02-15")
            self.assertFalse(self.run_batch("2026-02-15"))

        error = actions.filtered(lambda action: action.partner_id == bad)
        self.assertEqual((error.kind, error.state), ("error", "failed"))
        self.assertIn("cannot be rendered", error.error)
        self.assertEqual((actions - error).partner_id, self.customer + last)
        self.assertEqual(set((actions - error).mapped("state")), {"queued"})
        self.assertReason("2026-02-15", "delivery_failed", bad)
        again = self.run_batch("2026-02-16")
        self.assertReminded(again, (self.level_1, "email"))
        self.assertEqual(again.partner_id, bad)

    @mute_logger(
        "odoo.addons.account_payment_followup.models.payment_followup_reminder"
    )
    def test_result_of_many_says_who_failed_and_why_and_the_others_are_sent(self):
        bad = self.env["res.partner"]
        for name in "ABCDEFG":
            bad += self.create_customer(name)
        for customer in self.customer + bad:
            self.create_invoice(1000, "2026-01-31", customer)

        with self.on("2026-02-15"), self.break_rendering(bad):
            statements = self.env["payment.followup.statement"].search([])
            actions = statements.with_user(self.clerk)._send()
            result = actions._notify_result()["params"]

        self.assertEqual((result["type"], result["sticky"]), ("danger", True))
        self.assertIn("Reminders on their way: 1. Failed: 7.", result["message"])
        named = [c for c in bad if f"{c.name}: " in result["message"]]
        self.assertEqual(len(named), 5)
        self.assertIn("cannot be rendered", result["message"])
        self.assertIn("And others: 2.", result["message"])
        self.assertReason("2026-02-15", "waiting", self.customer)
        for customer in bad:
            self.assertReason("2026-02-15", "delivery_failed", customer)

    @mute_logger(
        "odoo.addons.account_payment_followup.models.payment_followup_reminder"
    )
    def test_message_that_fails_leaves_no_trace_but_the_error(self):
        invoice = self.create_invoice(1000, "2026-01-31")

        with self.break_rendering(self.customer):
            error = self.run_batch("2026-02-15")

        self.assertFalse(invoice.followup_level_id)
        self.assertFalse(error.line_ids.filtered("counts"))
        self.assertFalse(error.customer_id.reminder_date)
        self.assertFalse(error.mail_id)

    # --- by hand

    def test_clerk_sends_a_statement_in_own_words_when_nothing_is_due(self):
        self.create_invoice(1000, "2026-06-30")

        action = self.send(
            "2026-02-15", kinds=["email"], text="<p>Just so you know</p>"
        )

        self.assertEqual((action.kind, action.level_id.id), ("email", False))
        self.assertIn("Just so you know", action.body)
        self.assertIn("1,000.00", action.body)
        self.assertFalse(action.line_ids.level_id)

    def test_clerk_sends_to_a_customer_who_is_on_hold(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.get_statement("2026-02-15").planned_date = "2026-06-30"

        action = self.send("2026-02-15", kinds=["email"])
        self.deliver(action.mail_id, "2026-02-15")

        self.assertEqual(action.state, "sent")
        self.assertEqual(invoice.followup_level_id, self.level_1)

    def test_wizard_proposes_what_the_batch_would_send(self):
        self.create_invoice(1000, "2026-01-31")
        wizard = self.open_send_wizard("2026-02-15")
        self.assertTrue(wizard.send_email)
        self.assertFalse(wizard.print_letter)
        self.assertEqual((wizard.level_id, wizard.amount), (self.level_1, 1000))
        self.assertIn("Words of L1", wizard.text)

        with self.on("2026-02-15"):
            wizard.text = "<p>Adapted</p>"
            wizard.action_send()

        action = self.env["payment.followup.action"].search([])
        self.assertReminded(action, (self.level_1, "email"))
        self.assertIn("Adapted", action.body)
        self.assertNotIn("Words of L1", action.body)

    def test_wizard_lets_nobody_adapt_words_that_no_ticked_channel_has(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15").with_user(self.clerk)
        action = statement.action_open_send_wizard()
        with self.on("2026-02-15"):
            wizard = statement.env[action["res_model"]]
            form = Form(wizard.with_context(**action["context"]))
            for ticked, is_shown in (
                (["send_email"], True),
                (["print_letter", "send_sms"], True),
                (["send_post"], True),
                (["send_sms", "send_whatsapp"], False),
                (["create_activity"], False),
                ([], False),
            ):
                for name in wizard._get_channels():
                    form[name] = name in ticked
                with self.subTest(ticked):
                    self.assertNotEqual(
                        form._get_modifier("text", "invisible"), is_shown
                    )

    def test_wizard_names_each_address_that_is_missing(self):
        self.create_invoice(1000, "2026-01-31")
        self.customer.write({"email": False, "street": False, "city": False})

        wizard = self.open_send_wizard("2026-02-15")

        self.assertIn("neither a valid e-mail address nor a postal", wizard.remark)

    def test_wizard_with_no_channel_ticked_says_so(self):
        self.create_invoice(1000, "2026-01-31")
        wizard = self.open_send_wizard("2026-02-15")
        wizard.send_email = False

        with self.on("2026-02-15"), self.assertRaisesRegex(UserError, "Customer A"):
            wizard.action_send()

    def test_wizard_needs_no_context(self):
        self.create_invoice(1000, "2026-01-31")

        with self.on("2026-02-15"):
            wizard = self.env["payment.followup.send.wizard"].create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "send_email": True,
                }
            )
            wizard.action_send()

        self.assertEqual(self.env["payment.followup.action"].search([]).kind, "email")

    def test_note_is_logged_and_plans_the_next_contact(self):
        self.create_invoice(1000, "2026-01-31")

        with self.on("2026-02-15"):
            wizard = self.env["payment.followup.note.wizard"].with_user(self.clerk)
            wizard.create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "note": "Ms Ortiz asks her bank",
                    "ask_again": "2w",
                }
            ).action_log()

        note = self.env["payment.followup.action"].search([])
        self.assertEqual((note.kind, note.user_id), ("note", self.clerk))
        self.assertEqual(note.error, "Ms Ortiz asks her bank")
        self.assertReason("2026-02-28", "paused")
        self.assertDue("2026-03-01", self.level_1)

    # --- promises

    def test_broken_promise_is_logged_once(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.expected_payment_date = "2026-02-10"

        first, second = self.run_batch("2026-02-11"), self.run_batch("2026-02-12")

        self.assertEqual(first.mapped("kind"), ["promise_broken"])
        self.assertFalse(second)

    def test_promise_that_is_kept_is_not_called_broken(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.expected_payment_date = "2026-02-10"
        self.pay(invoice)

        self.assertFalse(self.run_batch("2026-02-11"))

    def test_promise_taken_back_resumes_the_ladder(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.expected_payment_date = "2026-03-31"

        invoice.expected_payment_date = False

        self.assertDue("2026-02-15", self.level_1)

    def test_draft_invoice_takes_no_promise(self):
        invoice = self.create_invoice(1000, "2026-01-31", post=False)

        with self.assertRaisesRegex(UserError, "not posted"):
            invoice.expected_payment_date = "2026-03-31"

    def test_promise_of_one_invoice_leaves_the_other_due(self):
        promised = self.create_invoice(1000, "2026-01-31")
        other = self.create_invoice(500, "2026-01-31")
        promised.expected_payment_date = "2026-03-31"

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.line_ids.move_id, other)

    def test_group_of_invoices_that_are_excluded_is_logged_once(self):
        invoice = self.create_invoice(1000, "2026-01-31")

        invoice.no_followup = True

        action = self.env["payment.followup.action"].search([])
        self.assertEqual(action.kind, "litigation")
        self.assertEqual(action.line_ids.move_id, invoice)

    def test_level_that_comes_again_after_a_change_of_the_plan_is_a_repetition(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        self.run_batch("2026-03-02")
        self.level_2.delay = 5

        again = self.run_batch("2026-03-12")

        self.assertReminded(again, (self.level_1, "email"))
        self.assertEqual(again.line_ids.repeat_count, 1)
        self.assertEqual(invoice.followup_level_id, self.level_1)

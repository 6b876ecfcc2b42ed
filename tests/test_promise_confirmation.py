from unittest.mock import patch

from lxml import html

from odoo.tests import Form, tagged

from .common import FollowupCommon

CALL_DAY = "2026-02-16"
PROMISED = "2026-03-20"


@tagged("post_install", "-at_install")
class TestPromiseConfirmation(FollowupCommon):
    """A call ends with a promise; a short e-mail thanks and repeats it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.write(
            {"send_email": False, "create_activity": True, "confirm_promise": True}
        )
        cls.invoice = cls.create_invoice(1200, "2026-01-31")

    def open_dialog(self, **vals):
        """Return the form in which the clerk logs a call, a day after it was due."""
        statement = self.env["payment.followup.statement"].with_user(self.clerk)
        action = statement._find(self.company, self.customer).action_open_note_wizard()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        form = Form(wizard.with_context(**action["context"]))
        for name, value in vals.items():
            form[name] = value
        return form

    def log_promise(self, **vals):
        """Log a promise; return the log row of its confirmation and the answer."""
        vals = {"outcome": "promised", "promise_date": PROMISED} | vals
        with self.on(CALL_DAY):
            answer = self.open_dialog(**vals).save().action_log()
        return self.find_confirmation(), answer

    def find_confirmation(self):
        return self.env["payment.followup.action"].search(
            [("promise_date", "!=", False)]
        )

    def read_words(self, body):
        return " ".join(html.fromstring(body).text_content().split())

    def translate(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        self.env["ir.module.module"]._load_module_terms(
            ["account_payment_followup"], [lang]
        )
        self.customer.lang = lang

    # --- what the customer reads

    def test_confirmation_thanks_and_repeats_amount_and_day(self):
        self.run_batch("2026-02-15")

        action, _answer = self.log_promise()

        self.assertEqual(
            action.subject, f"Your payment by March 20, 2026 – {self.company.name}"
        )
        words = self.read_words(action.body)
        self.assertIn("Dear Customer A,", words)
        self.assertIn("Thank you for speaking with us.", words)
        self.assertIn(
            "We have noted that you will pay $\xa01,200.00 by March 20, 2026.",
            action.body,
        )
        self.assertIn(self.invoice.name, words)

    def test_confirmation_speaks_spanish_to_a_customer_who_does(self):
        self.translate("es_ES")
        self.run_batch("2026-02-15")

        action, _answer = self.log_promise()

        self.assertIn("20 de marzo de 2026", action.subject)
        self.assertIn("Gracias por hablar con nosotros.", self.read_words(action.body))
        self.assertNotIn("We have noted", action.body)

    def test_confirmation_speaks_arabic_from_right_to_left(self):
        self.translate("ar_001")
        self.run_batch("2026-02-15")

        action, _answer = self.log_promise()

        self.assertIn("direction:rtl", action.body)
        self.assertNotIn("Thank you", action.body)
        self.assertNotIn("We have noted", action.body)

    def test_confirmation_is_mail_of_the_company_and_its_answers_find_the_thread(self):
        self.run_batch("2026-02-15")

        action, _answer = self.log_promise()

        mail = action.mail_id
        self.assertEqual(mail.email_from, self.company.email_formatted)
        self.assertIn(self.customer.email, mail.email_to)
        self.assertEqual(
            (mail.model, mail.res_id),
            ("payment.followup.customer", action.customer_id.id),
        )
        self.assertIn(mail.mail_message_id, action.customer_id.message_ids)
        [message] = self.deliver(mail, CALL_DAY)
        self.assertEqual(action.state, "sent")
        self.assertIn("March 20, 2026", message["Subject"])

    def test_only_the_ticked_invoices_are_confirmed(self):
        other = self.create_invoice(500, "2026-01-31")
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            form = self.open_dialog(outcome="promised", promise_date=PROMISED)
            form.move_ids.remove(id=other.id)
            form.save().action_log()

        action = self.find_confirmation()
        self.assertEqual(action.line_ids.move_id, self.invoice)
        self.assertIn("1,200.00", action.promise_text)

    # --- what the clerk sees

    def test_dialog_shows_the_e_mail_before_it_leaves(self):
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            form = self.open_dialog(outcome="promised", promise_date=PROMISED)
            shown = self.read_words(form.confirmation)
            form.save().action_log()

        self.assertEqual(shown, self.read_words(self.find_confirmation().body))

    def test_dialog_shows_no_e_mail_that_is_not_wanted(self):
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            form = self.open_dialog(outcome="promised", promise_date=PROMISED)
            form.is_confirmed = False

            self.assertFalse(form.confirmation)

    def test_box_is_ticked_where_the_level_of_the_call_asks_for_it(self):
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            self.assertTrue(self.open_dialog(outcome="promised").is_confirmed)

    def test_box_is_not_ticked_where_the_level_does_not_ask_for_it(self):
        self.level_1.confirm_promise = False
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            self.assertFalse(self.open_dialog(outcome="promised").is_confirmed)

    def test_box_is_ticked_for_a_call_that_waits_to_be_assigned(self):
        self.level_1.auto = False

        with self.on(CALL_DAY):
            self.assertTrue(self.open_dialog(outcome="promised").is_confirmed)

    def test_box_is_not_ticked_for_another_outcome(self):
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            self.assertFalse(self.open_dialog(outcome="later").is_confirmed)

    def test_box_is_not_ticked_without_an_e_mail_address(self):
        self.customer.email = False
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            self.assertFalse(self.open_dialog(outcome="promised").is_confirmed)

    def test_clerk_may_tick_it_after_any_call(self):
        self.level_1.confirm_promise = False

        action, _answer = self.log_promise(is_confirmed=True)

        self.assertEqual((action.kind, action.state), ("email", "queued"))

    def test_nothing_is_sent_when_the_box_is_not_ticked(self):
        action, _answer = self.log_promise(is_confirmed=False)

        self.assertFalse(action)
        self.assertEqual(str(self.invoice.expected_payment_date), PROMISED)

    def test_change_of_mind_about_the_outcome_sends_nothing(self):
        self.run_batch("2026-02-15")

        with self.on(CALL_DAY):
            form = self.open_dialog(outcome="promised", promise_date=PROMISED)
            form.outcome = "later"
            form.save().action_log()

        self.assertFalse(self.find_confirmation())

    def test_answer_says_where_the_confirmation_goes(self):
        self.run_batch("2026-02-15")

        _action, answer = self.log_promise()

        self.assertEqual(
            answer["params"]["message"],
            f"The confirmation to {self.customer.email} is on its way.",
        )

    # --- it is no reminder

    def test_confirmation_moves_no_level_and_counts_as_no_reminder(self):
        self.run_batch("2026-02-15")
        claim = self.get_claim(self.invoice)

        action, _answer = self.log_promise()
        self.deliver(action.mail_id, CALL_DAY)

        self.assertFalse(action.level_id)
        self.assertEqual(claim.followup_level_id, self.level_1)
        self.assertEqual(str(claim.followup_date), "2026-02-15")
        self.assertEqual(str(action.customer_id.reminder_date), "2026-02-15")

    def test_history_says_what_the_e_mail_was(self):
        action, _answer = self.log_promise(is_confirmed=True)

        self.assertEqual(action.error, "Confirms the promise to pay by 03/20/2026.")
        self.assertEqual(action.user_id, self.clerk)

    def test_no_letter_stands_in_for_a_missing_address(self):
        self.customer.email = "nobody"

        action, answer = self.log_promise(is_confirmed=True)

        self.assertEqual((action.kind, action.state), ("error", "failed"))
        self.assertIn("No valid e-mail address.", answer["params"]["message"])
        self.assertEqual(str(self.invoice.expected_payment_date), PROMISED)

    def test_address_that_wants_no_mail_gets_none(self):
        self.env["mail.blacklist"]._add(self.customer.email)

        action, answer = self.log_promise(is_confirmed=True)

        self.assertEqual((action.state, answer["params"]["type"]), ("failed", "danger"))
        self.assertFalse(action.mail_id)

    def test_reminder_after_the_promise_was_broken_is_not_a_confirmation(self):
        self.level_2.delay = 16
        action, _answer = self.log_promise(is_confirmed=True)
        self.deliver(action.mail_id, CALL_DAY)

        rows = self.run_batch("2026-03-21").filtered("level_id")

        self.assertFalse(any(rows.mapped("promise_date")))

    # --- the last look

    def assertStopped(self, action, words, day=CALL_DAY):
        self.assertFalse(self.deliver(action.mail_id, day))
        self.assertEqual(action.state, "cancelled")
        self.assertIn(words, action.error)

    def test_confirmation_is_stopped_by_the_payment(self):
        action, _answer = self.log_promise(is_confirmed=True)
        self.pay(self.invoice)

        self.assertStopped(action, f"{self.invoice.name} is no longer open")

    def test_confirmation_is_stopped_by_a_part_payment(self):
        action, _answer = self.log_promise(is_confirmed=True)
        self.pay(self.invoice, 0.01)

        self.assertStopped(action, f"the open amount of {self.invoice.name} changed")

    def test_confirmation_is_stopped_by_a_payment_that_waits_to_be_matched(self):
        action, _answer = self.log_promise(is_confirmed=True)
        payment = self.pay_unallocated(1200, CALL_DAY)
        later = self.env.cr.now().replace(year=2030)
        self.get_claim(payment.move_id)._write({"create_date": later})

        self.assertStopped(action, "a new credit")

    def test_credit_that_was_there_before_stops_no_confirmation(self):
        self.pay_unallocated(100, "2026-02-01")

        action, _answer = self.log_promise(is_confirmed=True)

        self.assertEqual(len(self.deliver(action.mail_id, CALL_DAY)), 1)

    def test_confirmation_is_stopped_by_another_day(self):
        action, _answer = self.log_promise(is_confirmed=True)
        self.invoice.expected_payment_date = "2026-03-21"

        self.assertStopped(action, "is promised for another day")

    def test_confirmation_is_stopped_when_the_promise_is_taken_back(self):
        action, _answer = self.log_promise(is_confirmed=True)
        self.invoice.expected_payment_date = False

        self.assertStopped(action, "is promised for another day, or no longer")

    def test_confirmation_is_stopped_by_a_dispute(self):
        action, _answer = self.log_promise(is_confirmed=True)
        self.invoice.no_followup = True

        self.assertStopped(action, f"{self.invoice.name} is in litigation")

    def test_planning_the_next_reminder_does_not_stop_the_confirmation(self):
        action, _answer = self.log_promise(is_confirmed=True)
        action.customer_id.next_date = "2026-12-31"

        self.assertEqual(len(self.deliver(action.mail_id, CALL_DAY)), 1)

    def test_confirmation_waits_for_the_sending_hours(self):
        company = self.env.registry["res.company"]
        with patch.object(company, "_is_payment_followup_open", lambda _self: False):
            action, answer = self.log_promise(is_confirmed=True)

        self.assertTrue(action.queued_until)
        self.assertIn("Outside the sending hours", answer["params"]["message"])

    # --- plans

    def test_call_of_the_six_steps_confirms_promises(self):
        self.env["payment.followup.plan"]._replace("six_steps", self.company)

        levels = self.env["payment.followup.level"].search(
            [("company_id", "=", self.company.id), ("confirm_promise", "=", True)]
        )

        self.assertEqual(levels.mapped("delay"), [30])

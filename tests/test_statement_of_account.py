from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestStatementOfAccount(FollowupCommon):
    """What a clerk sends where nothing is due: what is open, and no demand."""

    def send(self, day, **options):
        statement = self.get_statement(day)
        with self.on(day):
            return statement.with_user(self.clerk)._send(kinds=["email"], **options)

    def assertLists(self, action, *invoices):
        self.assertEqual(
            set(action.line_ids.move_line_id.move_id.ids), {i.id for i in invoices}
        )

    def assertRefused(self, day):
        statement = self.get_statement(day).with_user(self.clerk)
        for attempt in (
            statement.action_open_send_wizard,
            lambda: statement._send(kinds=["letter"]),
        ):
            with self.on(day), self.assertRaisesRegex(UserError, self.customer.name):
                attempt()

    def test_who_was_reminded_already_is_not_reminded_again_by_it(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        action = self.send("2026-02-20")

        self.assertFalse(action.level_id)
        self.assertEqual(action.title, "Statement of account")
        self.assertEqual(action.summary, f"Statement of account – About {invoice.name}")
        self.assertIn("open on your account today", action.body)
        self.assertNotIn("Words of L1", action.body)
        self.assertLists(action, invoice)
        self.assertEqual(
            str(invoice.line_ids.mapped("followup_date")[-1]), "2026-02-15"
        )

    def test_dialog_offers_to_write_by_the_first_channel_that_reaches(self):
        self.create_invoice(1000, "2026-06-30")
        for email, ticked in (("a@customer.example", "send_email"), (False, "letter")):
            with self.subTest(ticked), self.on("2026-02-20"):
                self.customer.email = email
                statement = self.env["payment.followup.statement"]._find(
                    self.company, self.customer
                )
                action = statement.with_user(self.clerk).action_open_send_wizard()
                wizard = self.env[action["res_model"]].with_user(self.clerk)
                wizard = wizard.with_context(**action["context"]).create({})
                self.assertEqual(action["name"], "Send a Statement of Account")
                self.assertEqual(
                    (wizard.send_email, wizard.print_letter or wizard.send_post),
                    (ticked == "send_email", ticked != "send_email"),
                )

    def open_dialog(self, day):
        action = self.get_statement(day).with_user(self.clerk).action_open_send_wizard()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        return action["name"], wizard.with_context(**action["context"])

    def test_who_owes_too_little_is_not_reminded_by_hand(self):
        self.company.payment_followup_min_amount = 10
        for amount, is_reminder in ((9.99, False), (10, True), (10.01, True)):
            with self.subTest(amount):
                invoice = self.create_invoice(amount, "2026-01-31")
                title, _wizard = self.open_dialog("2026-02-15")

                action = self.send("2026-02-15")

                self.assertEqual("Reminder" in title, is_reminder)
                self.assertEqual(bool(action.level_id), is_reminder)
                self.assertEqual(bool(invoice.followup_level_id), is_reminder)
                self.pay(invoice)

    def test_whose_credits_cover_it_is_not_reminded_by_hand(self):
        for credit, is_reminder in ((999.99, True), (1000, False), (1000.01, False)):
            with self.subTest(credit):
                customer = self.customer = self.create_customer(f"Customer {credit}")
                self.create_invoice(1000, "2026-01-31", customer)
                self.create_credit_note(credit, "2026-01-31", customer)

                with self.on("2026-02-15"):
                    action = self.get_statement("2026-02-15", customer)._send(["email"])

                self.assertEqual(bool(action.level_id), is_reminder)

    def test_notice_says_whether_it_was_a_reminder(self):
        due = self.create_invoice(1000, "2026-01-31")
        for day, word in (
            ("2026-02-15", "Reminder to"),
            ("2026-02-20", "Statement to"),
        ):
            with self.subTest(day):
                notice = self.send(day)._notify_result()["params"]["message"]
                self.assertTrue(notice.startswith(f"{word} Customer A: E-mail."))
        self.assertEqual(due.followup_level_id, self.level_1)

    def test_dialog_that_refuses_keeps_what_it_proposed(self):
        self.create_invoice(1000, "2026-01-31")
        self.customer.email = False
        with self.on("2026-02-15"):
            _title, Wizard = self.open_dialog("2026-02-15")
            shown = Wizard.default_get(list(Wizard._fields))

            # What the screen sends: nothing that is read-only
            wizard = Wizard.create({"text": shown["text"], "print_letter": False})

        self.assertEqual(wizard.level_id, self.level_1)
        self.assertEqual(wizard.remark, shown["remark"])
        self.assertTrue(wizard.remark)
        self.assertFalse(wizard.print_letter)

    def test_its_words_are_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        self.create_invoice(1000, "2026-06-30")

        self.assertIn("pendiente", self.send("2026-02-20").text)

    def test_it_lists_all_but_what_is_excluded(self):
        overdue = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        later = self.create_invoice(200, "2026-06-30")
        promised = self.create_invoice(300, "2026-02-01")
        promised.expected_payment_date = "2026-03-20"
        disputed = self.create_invoice(400, "2026-01-31")
        disputed.no_followup = True

        self.assertLists(self.send("2026-02-16"), overdue, later, promised)

    def test_reminder_that_is_due_stays_one(self):
        due = self.create_invoice(1000, "2026-01-31")
        self.create_invoice(200, "2026-06-30")

        action = self.send("2026-02-15")

        self.assertEqual(action.level_id, self.level_1)
        self.assertLists(action, due)

    def test_a_promise_stops_a_reminder_in_the_queue_but_no_statement(self):
        for day, state in (("2026-02-15", "cancelled"), ("2026-02-20", "sent")):
            with self.subTest(day):
                invoice = self.create_invoice(1000, "2026-01-31")
                if state == "sent":
                    self.run_batch("2026-02-15")
                action = self.send(day)
                with self.on(day):
                    invoice.expected_payment_date = "2026-03-20"
                self.deliver(action.mail_id, day)
                self.assertEqual(action.state, state)
                self.pay(invoice)

    def test_nothing_is_sent_where_all_is_excluded(self):
        self.create_invoice(1000, "2026-01-31").no_followup = True

        self.assertRefused("2026-02-15")

    def test_nothing_is_sent_where_only_a_credit_is_open(self):
        self.create_credit_note(1000, "2026-01-31")

        self.assertRefused("2026-02-15")

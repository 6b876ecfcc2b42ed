from odoo.tests import tagged

from .common import FollowupCommon

NASTY = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


@tagged("post_install", "-at_install")
class TestChannel(FollowupCommon):
    """The right person, by a way that reaches them, in the right words."""

    # --- another way when one is missing

    def test_letter_stands_in_for_a_missing_email_address(self):
        self.customer.email = False
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertReminded(action, (self.level_1, "letter"))
        self.assertIn("e-mail", action.error)

    def test_letter_stands_in_for_a_malformed_email_address(self):
        self.customer.email = "ask at the desk"
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertReminded(action, (self.level_1, "letter"))
        self.assertIn("e-mail", action.error)

    def test_letter_of_the_level_does_for_its_email_and_says_so(self):
        self.customer.email = False
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        action = self.run_batch("2026-03-02")

        self.assertReminded(action, (self.level_2, "letter"))
        self.assertIn("e-mail", action.error)

    def test_email_stands_in_for_a_missing_phone_number(self):
        self.level_1.write({"send_email": False, "send_sms": True})
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertReminded(action, (self.level_1, "email"))
        self.assertIn("phone", action.error)

    def test_post_stands_in_only_where_the_plan_posts_letters(self):
        self.customer.email = False
        other = self.create_customer("Other", email=False)
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        self.create_level(90, "Posted", send_email=False, send_post=True)
        self.create_invoice(1000, "2026-01-31", other)

        action = self.run_batch("2026-02-16")

        self.assertReminded(action, (self.level_1, "post"))

    def test_customer_without_any_address_is_shown_and_not_reminded(self):
        self.customer.write({"email": False, "street": False, "city": False})
        self.create_invoice(1000, "2026-01-31")

        self.assertReason("2026-02-15", "no_address")
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_empty_address_is_no_address(self):
        self.customer.write({"email": "", "street": "", "city": ""})
        self.create_invoice(1000, "2026-01-31")

        self.assertReason("2026-02-15", "no_address")

    def test_empty_street_of_a_contact_leaves_that_of_the_customer(self):
        self.create_contact(self.customer, type="followup", street="", city="")
        self.customer.email = False
        self.create_invoice(1000, "2026-01-31")

        self.assertReminded(self.run_batch("2026-02-15"), (self.level_1, "letter"))

    def test_customer_whom_nothing_reaches_gets_a_failed_row_that_says_why(self):
        self.customer.write({"email": "malformed", "street": False, "city": False})
        invoice = self.create_invoice(1000, "2026-01-31")

        with self.on("2026-02-15"):
            statement = self.get_statement("2026-02-15")
            action = statement._send(kinds=["email"])

        self.assertEqual((action.kind, action.state), ("error", "failed"))
        self.assertIn("e-mail", action.error)
        self.assertFalse(invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")
        self.assertFalse(self.run_batch("2026-02-16"))

    # --- the right person

    def test_recipient_is_the_followup_contact_then_the_invoice_one_then_the_customer(
        self,
    ):
        self.create_invoice(1000, "2026-01-31")
        self.assertEqual(self.get_statement("2026-02-15").recipient_id, self.customer)

        billing = self.create_contact(
            self.customer, type="invoice", email="b@x.example"
        )
        self.assertEqual(self.get_statement("2026-02-15").recipient_id, billing)

        payer = self.create_contact(self.customer, type="followup", email="p@x.example")
        action = self.run_batch("2026-02-15")
        self.assertEqual(action.recipient_id, payer)
        self.assertEqual(action.address, "p@x.example")
        self.assertIn("p@x.example", action.mail_id.email_to)
        self.assertIn(payer.name, action.body)

    def test_archived_contact_is_no_recipient(self):
        self.create_contact(self.customer, type="followup", active=False)
        self.create_invoice(1000, "2026-01-31")

        self.assertEqual(self.get_statement("2026-02-15").recipient_id, self.customer)

    def test_contact_without_an_address_uses_that_of_the_customer(self):
        contact = self.create_contact(self.customer, type="followup")
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.recipient_id, contact)
        self.assertEqual(action.address, self.customer.email)

    # --- the right words

    def test_message_speaks_the_language_of_its_recipient(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.level_1.with_context(lang="es_ES").write(
            {"name": "Recordatorio", "note": "<p>Palabras de L1</p>"}
        )
        self.create_contact(self.customer, type="followup", lang="es_ES")
        self.create_invoice(1234.56, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.lang, "es_ES")
        self.assertIn("31/01/2026", action.body)
        self.assertIn("1.234,56", action.body)
        self.assertIn("Palabras de L1", action.body)
        self.assertIn("Recordatorio", action.subject)
        self.assertNotIn("Words of L1", action.body)

    def test_customers_of_two_languages_are_served_by_one_batch(self):
        self.env["res.lang"]._activate_lang("es_ES")
        spanish = self.create_customer("Cliente", lang="es_ES")
        for customer in (self.customer, spanish):
            self.create_invoice(1234.56, "2026-01-31", customer)

        actions = self.run_batch("2026-02-15").sorted("lang")

        self.assertEqual(actions.mapped("lang"), ["en_US", "es_ES"])
        self.assertIn("1,234.56", actions[0].body)
        self.assertIn("1.234,56", actions[1].body)

    def test_arabic_message_runs_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertTrue(action.is_rtl)
        self.assertIn("direction:rtl", action.body.replace(" ", ""))

    def test_html_in_names_and_references_is_shown_not_run(self):
        self.customer.name = NASTY
        self.create_invoice(1000, "2026-01-31", name=f"INV {NASTY}")

        action = self.run_batch("2026-02-15")

        for html in (action.body, action.mail_id.body_html, action.items_html):
            self.assertIn("&lt;script&gt;", html)
            self.assertNotIn("<script", html)
            self.assertNotIn("<img", html)

    def test_html_of_the_level_is_kept(self):
        self.level_1.note = "<p>Please <strong>pay</strong></p>"
        self.create_invoice(1000, "2026-01-31")

        self.assertIn("<strong>pay</strong>", self.run_batch("2026-02-15").body)

    def test_expressions_in_the_words_of_a_person_are_not_evaluated(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15")

        with self.on("2026-02-15"):
            text = "<p>{{ 6 * 7 }} ${6 * 7}</p>"
            body = statement._send(kinds=["email"], text=text).body

        self.assertIn("{{ 6 * 7 }}", body)
        self.assertNotIn("42", body)

    def test_subject_names_the_level_and_the_company(self):
        self.create_invoice(1000, "2026-01-31")

        mail = self.run_batch("2026-02-15").mail_id

        self.assertIn("L1", mail.subject)
        self.assertIn(self.company.name, mail.subject)
        self.assertEqual(mail.email_from, self.company.email_formatted)

    # --- manual actions

    def create_activity_of(self, responsible_type, **vals):
        """Return the log row of a level that creates an activity."""
        self.level_1.write(
            {
                "send_email": False,
                "create_activity": True,
                "responsible_type": responsible_type,
                **vals,
            }
        )
        self.create_invoice(1000, "2026-01-31", invoice_user_id=self.salesperson.id)
        return self.run_batch("2026-02-15")

    def create_people(self):
        group = "account.group_account_invoice"
        self.named = self.create_user("named", group)
        self.salesperson = self.create_user("salesperson", group)
        self.manager = self.create_user("account_manager", group)
        self.collector = self.create_user("collector", group)
        self.fallback = self.create_user("fallback", group)
        self.customer.user_id = self.manager
        self.company.payment_followup_responsible_id = self.fallback
        self.get_statement("2026-02-14")

    def name_collector(self):
        customers = self.env["payment.followup.customer"]
        customer = customers._get_or_create(self.company, self.customer)
        customer.responsible_id = self.collector

    def test_activity_goes_to_the_named_user(self):
        self.create_people()
        self.name_collector()

        action = self.create_activity_of("user", activity_user_id=self.named.id)

        self.assertEqual(action.activity_id.user_id, self.named)

    def test_activity_goes_to_the_salesperson_of_the_invoice(self):
        self.create_people()
        self.name_collector()

        action = self.create_activity_of("salesperson")

        self.assertEqual(action.activity_id.user_id, self.salesperson)

    def test_activity_goes_to_the_salesperson_of_the_customer(self):
        self.create_people()
        self.name_collector()

        action = self.create_activity_of("account_manager")

        self.assertEqual(action.activity_id.user_id, self.manager)

    def test_activity_goes_to_the_responsible_of_the_customer(self):
        self.create_people()
        self.name_collector()

        action = self.create_activity_of("responsible")

        self.assertEqual(action.activity_id.user_id, self.collector)

    def test_activity_goes_to_the_default_of_the_company(self):
        self.create_people()

        action = self.create_activity_of("responsible")

        self.assertEqual(action.activity_id.user_id, self.fallback)

    def test_activity_passes_over_a_user_who_has_left(self):
        self.create_people()
        self.named.active = False

        action = self.create_activity_of("user", activity_user_id=self.named.id)

        self.assertEqual(action.activity_id.user_id, self.fallback)

    def test_activity_for_which_nobody_is_named_goes_to_a_billing_user(self):
        self.level_1.write({"send_email": False, "create_activity": True})
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.invoice_user_id = False

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.state, "todo")
        self.assertTrue(action.activity_id.user_id.active)
        self.assertTrue(
            action.activity_id.user_id.has_group("account.group_account_invoice")
        )

    def test_activity_that_is_done_is_done_in_the_log_with_its_feedback(self):
        self.create_people()
        action = self.create_activity_of("responsible")
        activity = action.activity_id.with_user(self.fallback)

        activity.action_feedback(feedback="Pays on Friday")

        self.assertEqual(action.state, "done")
        self.assertIn("Pays on Friday – ", action.error)
        self.assertEqual(action.line_ids.move_line_id.followup_level_id, self.level_1)

    def test_activity_that_is_dropped_is_no_task_any_more(self):
        self.create_people()
        action = self.create_activity_of("responsible")

        action.activity_id.with_user(self.fallback).unlink()

        self.assertEqual(action.state, "cancelled")

    # --- SMS and WhatsApp

    def test_whatsapp_message_is_prepared_for_people(self):
        self.level_1.write({"send_email": False, "send_whatsapp": True})
        self.customer.phone = "+1 212 555 0123"
        self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertEqual((action.kind, action.state), ("whatsapp", "todo"))
        self.assertTrue(action.whatsapp_url.startswith("https://wa.me/12125550123?"))
        self.assertIn("1%2C000.00", action.whatsapp_url)
        self.assertIn(
            "Messages that wait in Sales ▸ WhatsApp to Send: 1.",
            action._notify_result()["params"]["message"],
        )

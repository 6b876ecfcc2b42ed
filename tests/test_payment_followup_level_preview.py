from base64 import b64decode

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestLevelPreview(FollowupCommon):
    """What a level would say to a customer, before anything is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user(
            "preview_manager", "account.group_account_manager"
        )

    def preview(self, day, level=None, **vals):
        with self.on(day):
            preview = self.env["payment.followup.level.preview"].create(
                {"level_id": (level or self.level_1).id, **vals}
            )
            preview.fetch()
            preview.mapped("email")
            return preview

    def create_invoice_with_page(self):
        """Return an invoice with its page in the portal: a preview makes none."""
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice._portal_ensure_token()
        return invoice

    def test_preview_is_what_is_sent(self):
        self.create_invoice_with_page()
        preview = self.preview("2026-02-15")
        self.assertEqual(preview.partner_id, self.customer)
        self.assertFalse(preview.is_invented)
        subject, email = preview.subject, preview.email

        action = self.run_batch("2026-02-15")

        self.assertEqual((subject, email), (action.subject, action.body))

    def test_letter_and_sms_are_those_that_are_sent(self):
        self.customer.phone = "+1 212 555 0123"
        self.level_1.write({"print_letter": True, "send_sms": True})
        self.create_invoice_with_page()
        preview = self.preview("2026-02-15")
        shown, text = preview.letter, preview.sms

        actions = self.run_batch("2026-02-15").grouped("kind")

        html = self.env["payment.followup.letter"]._render_html(actions["letter"])
        self.assertEqual(shown, html)
        self.assertEqual(text, actions["sms"].body_text)

    def test_preview_writes_nothing(self):
        self.create_invoice(1000, "2026-01-31")

        self.preview("2026-02-15")

        self.assertFalse(self.env["payment.followup.action"].search([]))
        self.assertFalse(self.env["payment.followup.claim"].search([]))

    def test_customer_with_the_highest_overdue_amount_is_the_sample(self):
        other = self.create_customer("Other")
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(1001, "2026-01-31", other)

        self.assertEqual(self.preview("2026-02-15").partner_id, other)

    def test_without_open_invoices_they_are_invented(self):
        preview = self.preview("2026-02-15")

        self.assertFalse(preview.partner_id)
        self.assertTrue(preview.is_invented)
        # At the level of 15 days: one has come to it today
        self.assertIn("01/31/2026", preview.email)
        self.assertIn("1,450.00", preview.email)
        self.assertIn("Sample Customer", preview.letter)

    def test_invented_invoices_are_as_old_as_the_level(self):
        early = self.create_level(-7, "Early")

        self.assertIn("02/22/2026", self.preview("2026-02-15", early).email)

    def test_customer_without_debts_gets_invented_invoices(self):
        preview = self.preview("2026-02-15", partner_id=self.customer.id)

        self.assertTrue(preview.is_invented)
        self.assertIn("Customer A", preview.email)

    def test_language_is_the_customers_and_can_be_changed(self):
        for lang in ("es_ES", "ar_001"):
            self.env["res.lang"]._activate_lang(lang)
        self.customer.lang = "es_ES"
        self.level_1.with_context(lang="es_ES").name = "Aviso"
        self.level_1.with_context(lang="ar_001").name = "تذكير"
        self.create_invoice(1000, "2026-01-31")

        with (
            self.on("2026-02-15"),
            Form(
                self.env["payment.followup.level.preview"].with_context(
                    default_level_id=self.level_1.id
                )
            ) as form,
        ):
            self.assertEqual(form.lang, "es_ES")
            self.assertIn("Aviso", form.subject)
            form.lang = "ar_001"
            self.assertIn("تذكير", form.subject)
            self.assertIn("direction:rtl", form.email)

    def test_call_is_shown_with_what_to_do(self):
        self.level_3.activity_note = "Ask for a date"
        self.create_invoice(1000, "2026-01-31")

        self.assertIn(
            "Ask for a date", self.preview("2026-02-15", self.level_3).activity
        )
        self.assertFalse(self.preview("2026-02-15").activity)

    def test_letter_opens_as_pdf(self):
        preview = self.preview("2026-02-15")

        action = preview.action_open_letter()

        self.assertTrue(b64decode(preview.document).startswith(b"%PDF"))
        self.assertIn(f"/{preview.id}/document", action["url"])

    def test_preview_is_for_managers(self):
        vals = {"level_id": self.level_1.id}

        self.env["payment.followup.level.preview"].with_user(self.manager).create(vals)
        with self.assertRaises(AccessError):
            self.env["payment.followup.level.preview"].with_user(self.clerk).create(
                vals
            )

    def test_button_of_the_level_opens_it(self):
        action = self.level_1.action_preview()

        self.assertEqual(action["context"]["default_level_id"], self.level_1.id)
        self.assertIn("L1", action["name"])

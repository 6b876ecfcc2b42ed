from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import payment_followup_channel_email_attachment as attachment
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestAttachment(FollowupCommon):
    """The invoices that go with an e-mail; the reminder leaves without them, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.attach_invoices = True

    def without_wkhtmltopdf(self):
        """Let Odoo make PDFs as a server does that lacks the program for it."""
        reports = self.env.registry["ir.actions.report"]
        self.env = self.env(context={"force_report_rendering": True})
        return patch.object(reports, "get_wkhtmltopdf_state", lambda self: "install")

    def break_pdf_of(self, *invoices):
        """Let Odoo refuse to make the PDF of some invoices."""
        sender = self.env.registry["account.move.send"]
        original = sender._generate_and_send_invoices
        made = self.made = []

        def generate(model, moves, **settings):
            if set(moves.ids) & {invoice.id for invoice in invoices}:
                message = "The layout is broken"
                raise UserError(message)
            made.extend(moves.ids)
            return original(model, moves, **settings)

        return patch.object(sender, "_generate_and_send_invoices", generate)

    def test_nothing_is_attached_where_the_level_does_not_say_so(self):
        self.level_1.attach_invoices = False
        self.create_invoice(1000, "2026-01-31")

        self.assertFalse(self.run_batch("2026-02-15").mail_id.attachment_ids)

    def test_invoices_are_attached_where_the_level_says_so(self):
        invoice = self.create_invoice(1000, "2026-01-31")

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.mail_id.attachment_ids, invoice.invoice_pdf_report_id)
        self.assertEqual(len(action.mail_id.attachment_ids), 1)
        self.assertFalse(action.error)

    def test_pdf_is_made_once_and_used_again(self):
        self.level_2.attach_invoices = True
        invoice = self.create_invoice(1000, "2026-01-31")
        with self.break_pdf_of():
            self.run_batch("2026-02-15")
            pdf = invoice.invoice_pdf_report_id

            second = self.run_batch("2026-03-02").filtered("mail_id")

        self.assertEqual(self.made, invoice.ids)
        self.assertEqual(second.mail_id.attachment_ids, pdf)

    def test_only_invoices_that_the_message_lists_are_attached(self):
        listed = self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-03-31")
        disputed = self.create_invoice(700, "2026-01-31")
        self.get_claim(disputed).no_followup = True

        mail = self.run_batch("2026-02-15").mail_id

        self.assertEqual(mail.attachment_ids, listed.invoice_pdf_report_id)

    def test_reminder_leaves_from_a_server_that_cannot_make_pdfs(self):
        invoice = self.create_invoice(1000, "2026-01-31")

        with self.without_wkhtmltopdf():
            action = self.run_batch("2026-02-15")

        self.assertEqual((action.kind, action.state), ("email", "queued"))
        self.assertFalse(action.mail_id.attachment_ids)
        self.assertIn(f"Not attached: {invoice.name}", action.error)
        self.assertIn("Wkhtmltopdf", action.error)
        self.assertEqual(self.get_claim(invoice).followup_level_id, self.level_1)

    def test_invoice_whose_pdf_fails_holds_back_no_other(self):
        bad = self.create_invoice(300, "2026-01-31")
        good = self.create_invoice(1000, "2026-01-31")
        neighbour = self.create_invoice(
            50, "2026-01-31", partner=self.create_customer("B")
        )

        with self.break_pdf_of(bad):
            actions = self.run_batch("2026-02-15")

        own = actions.filtered(lambda row: row.partner_id == self.customer)
        other = actions - own
        self.assertEqual(own.mail_id.attachment_ids, good.invoice_pdf_report_id)
        self.assertIn(bad.name, own.error)
        self.assertNotIn(good.name, own.error)
        self.assertEqual(other.mail_id.attachment_ids, neighbour.invoice_pdf_report_id)
        self.assertFalse(other.error)

    def test_as_many_invoices_as_a_mail_carries_are_attached(self):
        for _number in range(2):
            self.create_invoice(1000, "2026-01-31")

        with patch.object(attachment, "MAX_COUNT", 2):
            action = self.run_batch("2026-02-15")

        self.assertEqual(len(action.mail_id.attachment_ids), 2)
        self.assertFalse(action.error)

    def test_more_invoices_than_a_mail_carries_are_left_out_with_a_remark(self):
        for _number in range(3):
            self.create_invoice(1000, "2026-01-31")

        with patch.object(attachment, "MAX_COUNT", 2):
            action = self.run_batch("2026-02-15")

        self.assertFalse(action.mail_id.attachment_ids)
        self.assertIn("3 invoices", action.error)
        self.assertEqual(action.state, "queued")

    def test_size_of_what_is_attached_is_limited(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        with self.break_pdf_of():
            self.env["account.move.send"]._generate_and_send_invoices(
                invoice, sending_methods=[], allow_fallback_pdf=False
            )
        size = invoice.invoice_pdf_report_id.file_size

        for limit, count in ((size - 1, 0), (size, 1), (size + 1, 1)):
            with self.subTest(limit=limit), patch.object(attachment, "MAX_SIZE", limit):
                with self.env.cr.savepoint() as savepoint:
                    action = self.run_batch("2026-02-15")
                    attached = len(action.mail_id.attachment_ids)
                    remark = action.error
                    savepoint.rollback()
                self.assertEqual(attached, count)
                self.assertEqual(bool(remark), not count)

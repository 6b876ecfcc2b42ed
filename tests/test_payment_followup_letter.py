import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.pdf import PdfReader

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestLetter(FollowupCommon):
    """Letters are real PDFs, kept with the history as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.write({"send_email": False, "print_letter": True})

    def read_pages(self, pdf):
        """Return the text of each page of ``pdf`` (bytes), without line breaks."""
        pages = PdfReader(io.BytesIO(pdf)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def render(self, action):
        return self.env["payment.followup.letter"]._render_html(action)

    def get_printed(self, result):
        """Return the document that the action ``result`` opens."""
        return self.env["ir.attachment"].browse(int(result["url"].split("/")[-1]))

    def test_letter_tells_the_invoice_and_the_total(self):
        first = self.create_invoice(1234.56, "2026-01-31")
        self.create_invoice(1000, "2026-01-30")

        letter = self.run_batch("2026-02-15")

        (page,) = self.read_pages(letter.attachment_id.raw)
        for text in (
            first.name,
            "1,234.56",
            "2,234.56",
            "Words of L1",
            "Customer A",
            "1 Main Street",
            self.company.name,
            "02/15/2026",
        ):
            self.assertIn(text, page)

    def test_letter_waits_to_be_printed(self):
        self.create_invoice(1000, "2026-01-31")

        letter = self.run_batch("2026-02-15")

        self.assertEqual((letter.kind, letter.state), ("letter", "todo"))
        self.assertEqual(letter.attachment_id.mimetype, "application/pdf")
        self.assertEqual(letter.attachment_id.res_id, letter.id)
        self.assertIn(
            str(letter.attachment_id.id), letter.action_open_document()["url"]
        )

    def test_who_makes_letters_is_told_where_they_wait(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-01-31", self.create_customer("Customer B"))
        letters = self.run_batch("2026-02-15")

        for made, words in (
            (letters, "Letters that wait in Sales ▸ Letters to Print: 2."),
            (letters[0], "Letters that wait in Sales ▸ Letters to Print: 1."),
        ):
            self.assertIn(words, made._notify_result()["params"]["message"])
        letters._set_sent()
        self.assertNotIn("to Print", letters._notify_result()["params"]["message"])

    def test_letters_are_printed_as_one_document_and_marked_sent(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-01-31", self.create_customer("Customer B"))
        letters = self.run_batch("2026-02-15")

        with self.on("2026-02-15"):
            result = letters.with_user(self.clerk).action_print_letters()

        pages = self.read_pages(self.get_printed(result).with_user(self.clerk).raw)
        self.assertEqual(len(pages), 2)
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        for customer in letters.partner_id:
            self.assertEqual(sum(customer.name in page for page in pages), 1)

    def test_letter_can_be_printed_again(self):
        self.create_invoice(1000, "2026-01-31")
        letter = self.run_batch("2026-02-15")

        with self.on("2026-02-15"):
            letter.action_print_letters()
            again = self.get_printed(letter.action_print_letters())

        self.assertEqual(letter.state, "sent")
        self.assertEqual(len(self.read_pages(again.raw)), 1)

    def test_selection_without_a_letter_says_so(self):
        self.level_1.write({"send_email": True, "print_letter": False})
        self.create_invoice(1000, "2026-01-31")

        with self.assertRaisesRegex(UserError, "no letter in this selection"):
            self.run_batch("2026-02-15").action_print_letters()

    def test_letter_of_an_invoice_paid_meanwhile_is_not_printed(self):
        paid = self.create_invoice(1000, "2026-01-31")
        other = self.create_customer("Customer B")
        self.create_invoice(500, "2026-01-31", other)
        letters = self.run_batch("2026-02-15")
        self.pay(paid)

        with self.on("2026-02-15"):
            result = letters.action_print_letters()

        document = self.get_printed(result["params"]["next"])
        self.assertEqual(len(self.read_pages(document.raw)), 1)
        stopped = letters.filtered(lambda row: row.partner_id == self.customer)
        self.assertIn(
            f"Not printed: {self.customer.name}: {stopped.error}",
            result["params"]["message"],
        )
        self.assertEqual(stopped.state, "cancelled")
        self.assertEqual((letters - stopped).state, "sent")

    def test_selection_of_letters_out_of_date_says_why_and_stops_them_for_good(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        letter = self.run_batch("2026-02-15")
        self.pay(invoice)

        # The first look stops it, and an error would take that back
        for _look in range(2):
            with self.on("2026-02-15"):
                result = letter.with_user(self.clerk).action_print_letters()

            self.assertEqual(letter.state, "cancelled")
            self.assertTrue(letter.error)
            self.assertEqual(result["tag"], "display_notification")
            self.assertEqual(
                result["params"]["message"],
                f"No letter is left to print. {self.customer.name}: {letter.error}",
            )

    def test_letter_stays_as_it_was_sent(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        letter = self.run_batch("2026-02-15")
        before = letter.attachment_id.raw

        self.pay(invoice, 400)
        self.level_1.note = "<p>Other words</p>"

        self.assertEqual(letter.attachment_id.raw, before)

    def test_letter_of_many_invoices_runs_over_several_pages(self):
        for number in range(40):
            self.create_invoice(10 + number, "2026-01-31")

        letter = self.run_batch("2026-02-15")

        pages = self.read_pages(letter.attachment_id.raw)
        self.assertGreater(len(pages), 1)
        self.assertIn("1,180.00", " ".join(pages))
        self.assertIn(f"1 / {len(pages)}", pages[0])

    def test_arabic_letter_runs_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"
        self.create_invoice(1000, "2026-01-31")

        letter = self.run_batch("2026-02-15")

        html = self.render(letter)
        self.assertIn('lang="ar-001"', html)
        self.assertIn('dir="rtl"', html)
        self.assertIn(".amount { text-align: right;", html)
        self.assertTrue(letter.attachment_id.raw.startswith(b"%PDF"))

    def test_english_letter_runs_from_left_to_right(self):
        self.create_invoice(1000, "2026-01-31")

        self.assertIn('dir="ltr"', self.render(self.run_batch("2026-02-15")))

    def test_html_in_names_and_references_is_shown_not_run(self):
        nasty = '<img src="file:///etc/passwd"><script>alert(1)</script>'
        self.customer.name = nasty
        self.create_invoice(1000, "2026-01-31", name=f"INV {nasty}")

        html = self.render(self.run_batch("2026-02-15"))

        self.assertIn("&lt;script&gt;", html)
        self.assertNotIn("<script", html)
        self.assertNotIn('<img src="file', html)

    def test_words_of_a_level_show_no_file_of_the_server(self):
        self.company.logo = False
        image = file_path("base/static/img/avatar.png")
        self.level_1.note = f'<p>Hello</p><img src="file://{image}"/>'
        self.create_invoice(1000, "2026-01-31")

        letters = self.env.registry["payment.followup.letter"]
        with patch.object(letters, "_get_payment_code", lambda *args: ""):
            letter = self.run_batch("2026-02-15")

        reader = PdfReader(io.BytesIO(letter.attachment_id.raw))
        self.assertFalse(reader.pages[0]["/Resources"].get("/XObject"))

    def test_letter_goes_to_the_contact_at_its_customer(self):
        contact = self.create_contact(
            self.customer, type="followup", street="9 Side Street", city="Shelbyville"
        )
        self.create_invoice(1000, "2026-01-31")

        (page,) = self.read_pages(self.run_batch("2026-02-15").attachment_id.raw)

        for text in (contact.name, self.customer.name, "9 Side Street", "Shelbyville"):
            self.assertIn(text, page)
        self.assertNotIn("1 Main Street", page)

    def test_letter_shows_a_total_for_each_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(200, "2026-01-31", currency_id=euro.id)

        html = self.render(self.run_batch("2026-02-15"))

        self.assertEqual(html.count("Total to pay"), 2)

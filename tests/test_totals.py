from lxml import html

from odoo import Command
from odoo.tests import tagged

from ..models.formats import get_direction
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestTotals(FollowupCommon):
    """What a message asks for: one total for each currency, in the right words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.print_letter = True
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        cls.create_invoice(1000, "2026-01-31")

    def credit(self, amount):
        self.create_invoice(
            amount, "2026-01-31", move_type="out_refund", currency_id=self.euro.id
        )

    def remind(self):
        """Return the e-mail and the letter of the day, HTML."""
        actions = self.run_batch("2026-02-15")
        email = actions.filtered(lambda action: action.kind == "email")
        letters = self.env["payment.followup.letter"]
        return email.body, letters._render_html(actions - email)

    def test_credit_in_another_currency_is_not_a_total_to_pay(self):
        self.credit(200)

        for page in self.remind():
            self.assertEqual(page.count("Total to pay"), 1)
            self.assertEqual(page.count("In your favor"), 1)

    def test_currency_that_is_level_has_no_total(self):
        self.create_invoice(200, "2026-01-31", currency_id=self.euro.id)
        self.credit(200)

        for page in self.remind():
            self.assertEqual(page.count("Total to pay"), 1)
            self.assertNotIn("In your favor", page)
        action = self.env["payment.followup.action"].search([], limit=1)
        self.assertEqual(list(action._get_totals().values()), [1000])
        self.assertEqual(len(action.line_ids), 3)

    def test_amounts_and_addresses_keep_their_order_on_an_arabic_letter(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"

        _email, letter = self.remind()

        self.assertIn('dir="rtl"', letter)
        self.assertIn('<bdi dir="ltr">1 Main Street</bdi>', letter)
        self.assertIn('<bdi dir="ltr">$\xa01,000.00</bdi>', letter)

    def test_direction_of_a_text_is_that_of_its_first_letter(self):
        for text, direction in (
            ("1 Main Street", "ltr"),
            ("12 شارع التحرير", "rtl"),
            ("شركة Acme", "rtl"),
            ("-300.00", "ltr"),
            ("", "ltr"),
            (False, "ltr"),
        ):
            with self.subTest(text=text):
                self.assertEqual(get_direction(text), direction)

    # --- how the figures stand

    def test_digits_stand_under_digits_in_every_direction(self):
        self.env["res.lang"]._activate_lang("ar_001")
        action = self.run_batch("2026-02-15")[:1]

        for lang, start in (("en_US", "left"), ("ar_001", "right")):
            with self.subTest(lang=lang):
                table = html.fromstring(action.with_context(lang=lang).items_html)
                sides = [
                    cell.get("style").rsplit("text-align:")[-1]
                    for cell in table.xpath(".//tr[2]/td")
                ]
                self.assertEqual(sides, [start, start, "right", "right"])

    def test_number_of_an_account_stays_in_one_line(self):
        self.company.partner_id.bank_ids = [
            Command.clear(),
            Command.create({"acc_number": "121999990-4400781234 <b>"}),
        ]

        mail = self.run_batch("2026-02-15").filtered(lambda row: row.kind == "email")

        body = html.fromstring(mail.body)
        (number,) = body.xpath(".//*[contains(@style, 'nowrap')][contains(., '4400')]")
        self.assertEqual(number.text, "121999990-4400781234 <b>")

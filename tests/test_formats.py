from datetime import date

from odoo.tests import TransactionCase, tagged
from odoo.tools import format_amount, format_date

from ..models.formats import Formats

AMOUNTS = (0, -0.001, 0.005, 1, -12.345, 999.995, 1000, 12345.678, -1234567.891, 1e12)
# Thousands by point, by space, by comma and by apostrophe; India's lakhs; no group.
LANGUAGES = ("en_US", "es_ES", "fr_FR", "de_CH", "ar_001", "hi_IN", "bg_BG")
CURRENCIES = ("EUR", "USD", "JPY", "KWD", "SAR")


@tagged("post_install", "-at_install")
class TestFormats(TransactionCase):
    """Every word is the one that Odoo's own functions find."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES:
            cls.env["res.lang"]._activate_lang(code)
        cls.currencies = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", CURRENCIES)])
        )

    def test_amounts_are_those_of_odoo_in_every_language_and_currency(self):
        self.assertEqual(len(self.currencies), len(CURRENCIES))
        for code in LANGUAGES:
            env = self.env(context={"lang": code})
            formats = Formats(env)
            for currency in self.currencies.with_env(env):
                for amount in AMOUNTS:
                    with self.subTest(code=code, currency=currency.name, amount=amount):
                        self.assertEqual(
                            formats.amount(amount, currency),
                            format_amount(env, amount, currency),
                        )

    def test_other_separators_of_an_administrator_are_used(self):
        self.env["res.lang"]._lang_get("en_US").write(
            {"thousands_sep": "'", "decimal_point": ",", "grouping": "[3,2,0]"}
        )
        env = self.env(context={"lang": "en_US"})

        amount = Formats(env).amount(1234567.5, self.currencies[0].with_env(env))

        self.assertEqual(amount, format_amount(env, 1234567.5, self.currencies[0]))
        self.assertIn("12'34'567,50", amount)

    def test_days_are_those_of_odoo(self):
        for code in LANGUAGES:
            env = self.env(context={"lang": code})

            self.assertEqual(
                Formats(env).date(date(2026, 3, 20)),
                format_date(env, date(2026, 3, 20)),
            )

    def test_no_day_is_an_empty_word(self):
        self.assertEqual(Formats(self.env).date(False), "")

import unicodedata
from functools import cache

from babel.dates import format_date

from odoo.tools import format_amount
from odoo.tools.misc import babel_locale_parse, get_lang, posix_to_ldml

# What Odoo calls groups of three digits.
THOUSANDS = "[3,0]"


def get_direction(text):
    """Return ``ltr`` or ``rtl``: that of the first letter, as browsers find it.

    An address in Latin letters begins with its number also on an Arabic page.
    """
    for character in text or "":
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return "ltr" if direction == "L" else "rtl"
    return "ltr"


class Formats:
    """Dates and amounts in the words of one language.

    A batch writes thousands of them. The results are those of Odoo's ``format_date``
    and ``format_amount``; what these find out anew for each value is found out once.

    :param env: its language is the one of the words
    """

    def __init__(self, env):
        self.env = env
        self.lang = get_lang(env)
        self._locale = babel_locale_parse(self.lang.code)
        self._date_format = posix_to_ldml(self.lang.date_format, self._locale)
        self.date = cache(self._date)
        self.amount = cache(self._amount)
        self._get_frame = cache(self._make_frame)
        self._separators = str.maketrans(
            {",": self._no_break(self.lang.thousands_sep), ".": self.lang.decimal_point}
        )

    def _date(self, day):
        return format_date(day, self._date_format, self._locale) if day else ""

    def _amount(self, amount, currency):
        """Return ``amount`` with the symbol of ``currency``, e.g. ``1.234,50 €``."""
        if self.lang.grouping != THOUSANDS:
            return format_amount(self.env, amount, currency)
        digits = f"{currency.round(amount):,.{currency.decimal_places}f}"
        number = digits.translate(self._separators).replace(
            "-", "-\N{ZERO WIDTH NO-BREAK SPACE}"
        )
        before, after = self._get_frame(currency)
        return f"{before}{number}{after}"

    def _make_frame(self, currency):
        """Return what stands before and after each amount of ``currency``."""
        symbol, space = currency.symbol or "", "\N{NO-BREAK SPACE}"
        if currency.position == "before":
            return symbol + space, ""
        return "", space + symbol

    @staticmethod
    def _no_break(separator):
        return (separator or "").replace(" ", "\N{NO-BREAK SPACE}")

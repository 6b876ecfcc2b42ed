from markupsafe import Markup, escape

from .formats import Formats

# Narrow enough for a phone; what is wider still can be pushed aside with the finger.
FRAME = Markup(
    '<div style="overflow-x:auto"><table style="border-collapse:collapse;width:100%%;'
    'font-size:13px;color:#222">%s%s%s</table></div>'
)
HEAD = Markup(
    '<th style="padding:6px 4px;border-bottom:2px solid #888;text-align:%s">%s</th>'
)
CELL = (
    '<td style="padding:6px 4px;border-bottom:1px solid #e2e2e2;text-align:%s">%s</td>'
)
# From the left in Arabic as well: else a minus would be behind its number
AMOUNT = '<bdi dir="ltr" style="white-space:nowrap">%s</bdi>'
# Digits stand under digits, in Arabic as well
NUMBER = "right"
LINK = '<a href="%s/%s">%s</a>'


def get_total_label(env, amount):
    """Return what stands before the total of a currency: a debt, or a credit."""
    return env._("In your favor") if amount < 0 else env._("Total to pay")


class ItemTable:
    """The table of invoices in a message, HTML, in the language of ``env``.

    What is the same for all customers is put together once. Every value is escaped.
    """

    def __init__(self, env):
        lang = env["res.lang"]._get_data(code=env.lang or "en_US")
        start, end = ("right", "left") if lang.direction == "rtl" else ("left", "right")
        self.formats = Formats(env)
        self._head = self._make_head(env, start)
        self._row = self._make_row(start)
        self._total = self._make_total(get_total_label(env, 1), end)
        self._credit = self._make_total(get_total_label(env, -1), end)

    def render(self, lines, totals, page=""):
        """Return the table.

        :param lines: ``payment.followup.action.line`` in the order of the table
        :param totals: {currency: amount}, in their order
        :param page: the address of the customer's page; the numbers link to it
        """
        rows = [self._render_row(line, page) for line in lines]
        sums = [
            (self._credit if amount < 0 else self._total)
            % self.formats.amount(amount, currency)
            for currency, amount in totals.items()
        ]
        return FRAME % (self._head, Markup("".join(rows)), Markup().join(sums))

    def _render_row(self, line, page):
        # Ten to a message: plain strings, escaped one by one, cost half of Markup's
        name, currency = escape(line.name), line.currency_id
        move = line.move_line_id.move_id
        if page and move.is_sale_document():
            name = LINK % (escape(page), move.id, name)
        return self._row % (
            name,
            escape(self.formats.date(line.date_due)),
            escape(self.formats.amount(line.amount_total, currency)),
            escape(self.formats.amount(line.amount_residual_currency, currency)),
        )

    def _make_head(self, env, start):
        titles = (
            (start, env._("Invoice")),
            (start, env._("Due date")),
            (NUMBER, env._("Amount")),
            (NUMBER, env._("Still open")),
        )
        return Markup("<tr>%s</tr>") % Markup().join(HEAD % title for title in titles)

    def _make_row(self, start):
        text, amount = CELL % (start, "%s"), CELL % (NUMBER, AMOUNT)
        return f"<tr>{text}{text}{amount}{amount}</tr>"

    def _make_total(self, label, end):
        cell = '<td%s style="padding:8px 4px;text-align:%s"><b>%s</b></td>'
        label = Markup(cell) % (Markup(' colspan="3"'), end, label)
        amount = Markup(cell % ("", NUMBER, AMOUNT))
        return Markup("<tr>") + label.replace("%", "%%") + amount + Markup("</tr>")

"""Posting invoices and registering payments, with the add-on ÷ without it.

Two databases with the same ledger, in one process; they take turns, fifty invoices at
a time. All is rolled back.
"""

import statistics
import time
from datetime import timedelta

from .measure import Backend

CHUNK = 50
TARGET = 1.05


class Side:
    """One of the two databases, and the seconds that each chunk took there."""

    def __init__(self, env, company, today):
        self.env = env(context={"allowed_company_ids": [company]})
        self.today = today
        self.backend = Backend(env.cr)
        self.partners = self._get_partners()
        self.times = {"post": [], "pay": []}
        self.queries = {"post": 0, "pay": 0}

    def _get_partners(self):
        self.env.cr.execute(
            "SELECT DISTINCT commercial_partner_id FROM account_move"
            " WHERE company_id = %s AND move_type = 'out_invoice'"
            " AND date > '2016-01-01' ORDER BY 1 LIMIT 5000",
            (self.env.company.id,),
        )
        return [id_ for (id_,) in self.env.cr.fetchall()]

    def run(self, chunk, with_payments):
        """Post and pay some invoices; the first chunk only fills the caches."""
        moves = self._create(chunk)
        self._time(chunk, "post", moves.action_post)
        if with_payments:
            self._time(chunk, "pay", lambda: self._pay(moves))
        self.env.invalidate_all()

    def _create(self, chunk):
        vals_list = []
        for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
            line = {"name": "Goods", "price_unit": 100 + number, "tax_ids": []}
            vals_list.append(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partners[number % len(self.partners)],
                    "invoice_date": self.today,
                    "invoice_date_due": self.today + timedelta(30),
                    "invoice_line_ids": [(0, 0, line)],
                }
            )
        moves = self.env["account.move"].create(vals_list)
        self.env.flush_all()
        self.env.invalidate_all()
        return moves

    def _pay(self, moves):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": self.today, "group_payment": False})
        )
        wizard._create_payments()

    def _time(self, chunk, name, function):
        start, before = time.process_time(), self.backend.seconds()
        queries = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        if chunk:
            self.times[name].append(
                time.process_time() - start + self.backend.seconds() - before
            )
            self.queries[name] += self.env.cr.sql_log_count - queries


def measure_posting(with_addon, without, count=1000, payments=None):
    """Print the processor time of both, Python's and PostgreSQL's; return the ratios.

    :param with_addon: a :class:`Side`
    :param without: a :class:`Side`
    :param count: how many invoices
    :param payments: how many of them to pay, default: all
    """
    sides = {"with": with_addon, "without": without}
    payments = count if payments is None else payments
    for chunk in range(count // CHUNK + 1):
        # Who comes first changes: neither profits from the other's warmth.
        for name in sorted(sides, reverse=bool(chunk % 2)):
            sides[name].run(chunk, chunk * CHUNK <= payments)
    ratios = {}
    for name in ("post", "pay"):
        ratios[name] = _print(name, with_addon, without)
    both = [
        sum(sum(side.times[name]) for name in ("post", "pay"))
        for side in (with_addon, without)
    ]
    ratios["both"] = both[0] / both[1]
    print(f"  together {ratios['both']:.3f} (target {TARGET})")
    return ratios


def _print(name, with_addon, without):
    ours, theirs = with_addon.times[name], without.times[name]
    count = len(ours) * CHUNK
    ratio = sum(ours) / sum(theirs)
    pairs = [a / b for a, b in zip(ours, theirs, strict=True)]
    print(
        f"{name} {count}: {sum(ours):.1f} s with, {sum(theirs):.1f} s without, "
        f"ratio {ratio:.3f}, median of the chunks {statistics.median(pairs):.3f}, "
        f"queries {with_addon.queries[name]} and {without.queries[name]}"
    )
    return ratio

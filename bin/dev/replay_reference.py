"""Which reminders a ledger must bring: a model of its own, without Odoo or SQL.

It follows the written rules claim by claim and day by day, and shares no code with
the add-on, so that ``bin/replay --check`` compares two independent answers.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass
class Claim:
    """One invoice and the last level that its customer was told."""

    invoice: object
    level: object = None
    # The first day of ``level``, and the last one: they differ once it was repeated.
    since: date = None
    last: date = None

    def is_open(self, day):
        """Tell whether the claim is posted, unpaid and not in litigation."""
        invoice = self.invoice
        paid = invoice.settled and invoice.settled <= day
        return invoice.date <= day and not paid and not invoice.disputed

    def next_step(self, plan, day):
        """Return the next level and its day; ``(None, None)``: there is none left."""
        steps = list(self._next_steps(plan, day))
        # A repetition on the very day of a later level gives way to it.
        return min(
            steps, key=lambda step: (step[1], -step[0].delay), default=(None, None)
        )

    def _next_steps(self, plan, day):
        later = [
            level
            for level in plan.levels
            if self.level is None or level.delay > self.level.delay
        ]
        if later:
            level = later[0]
            if plan.escalation == "age":
                age = (day - self.invoice.due).days
                level = next((x for x in later[::-1] if x.delay <= age), level)
            yield level, self._day_of(level)
        if self.level and self.level.repeat_days:
            yield self.level, self.last + timedelta(self.level.repeat_days)

    def _day_of(self, level):
        day = self.invoice.due + timedelta(level.delay)
        if self.level is None:
            return day
        return max(day, self.since + timedelta(level.delay - self.level.delay))

    def move_to(self, level, day):
        """Note that ``level`` was communicated on ``day``."""
        if level != self.level:
            self.level, self.since = level, day
        self.last = day


@dataclass(frozen=True)
class Expected:
    """A reminder that the rules ask for."""

    day: date
    customer: str
    delay: int
    moved: frozenset  # numbers of the invoices that reach a level
    listed: frozenset  # numbers of all invoices in the message


def get_reminders(invoices, plan, start, end):
    """Yield the reminders of a ledger, day by day.

    Payments count before the batch of their day. Every customer can be reached.
    ``plan`` has ``levels`` in the order of their delays, ``escalation``,
    ``min_amount`` and ``min_interval``.
    """
    customers = defaultdict(list)
    for invoice in invoices:
        customers[invoice.customer].append(Claim(invoice))
    last = {}
    day = start
    while day <= end:
        for customer, claims in sorted(customers.items()):
            if customer in last and (day - last[customer]).days < plan.min_interval:
                continue
            reminder = _get_reminder(customer, claims, plan, day)
            if reminder:
                last[customer] = day
                yield reminder
        day += timedelta(1)


def _get_reminder(customer, claims, plan, day):
    """Return the reminder of a customer on a day and move its claims, or None."""
    due, listed = [], []
    for claim in claims:
        if not claim.is_open(day):
            continue
        level, next_day = claim.next_step(plan, day)
        if next_day and next_day <= day:
            due.append((claim, level))
        if claim.invoice.due < day or (next_day and next_day <= day):
            listed.append(claim.invoice)
    total = sum((invoice.amount for invoice in listed), Decimal(0))
    if not due or total <= 0 or total < plan.min_amount:
        return None
    for claim, level in due:
        claim.move_to(level, day)
    return Expected(
        day=day,
        customer=customer,
        delay=max(level.delay for _claim, level in due),
        moved=frozenset(claim.invoice.number for claim, _level in due),
        listed=frozenset(invoice.number for invoice in listed),
    )

"""The ledger that is replayed: invoices, customers, and how they are billed."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .replay_csv import Refused, read_rows

COLUMNS = (
    "customer",
    "country_code",
    "invoice",
    "invoice_date",
    "due_date",
    "amount",
    "disputed",
    "settled_date",
    "delivery",
)
YES_NO = {"yes": True, "no": False}
DELIVERIES = {"paper": "paper", "electronic": "electronic"}
MAX_AMOUNT = Decimal("1e12")


@dataclass(frozen=True)
class Invoice:
    """One row of the ledger."""

    customer: str
    country: str
    number: str
    date: date
    due: date
    amount: Decimal
    disputed: bool
    settled: date | None
    delivery: str


def read_ledger(path):
    """Return the invoices of a ledger in the order of the file.

    :raise Refused: with every fault of every row
    """
    faults, invoices, seen = [], [], {}
    for row in read_rows(path, COLUMNS, faults):
        invoice = _read_invoice(row)
        _check_number(row, invoice.number, seen)
        _check_dates(row, invoice)
        invoices.append(invoice)
    if faults:
        raise Refused(path, faults)
    return invoices


def get_deliveries(invoices):
    """Return how each customer is billed, a dict {customer: paper | electronic}.

    It is how most of their invoices were sent; electronic on a tie.
    """
    counts = {}
    for invoice in invoices:
        counts.setdefault(invoice.customer, Counter())[invoice.delivery] += 1
    return {
        customer: "paper" if count["paper"] > count["electronic"] else "electronic"
        for customer, count in counts.items()
    }


def _read_invoice(row):
    return Invoice(
        customer=row.text("customer"),
        country=row.values["country_code"],
        number=row.text("invoice"),
        date=row.date("invoice_date"),
        due=row.date("due_date"),
        amount=_read_amount(row),
        disputed=row.choice("disputed", YES_NO),
        settled=row.date("settled_date", required=False),
        delivery=row.choice("delivery", DELIVERIES),
    )


def _read_amount(row):
    value = row.values["amount"]
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
        row.refuse(f"amount “{value}” is not a number like 1234.50")
        return None
    amount = Decimal(value)
    if amount != amount.quantize(Decimal("0.01")):
        row.refuse(f"amount {value} has more than two decimals")
    elif amount <= 0:
        row.refuse(f"amount {value} is not above zero (the ledger holds invoices only)")
    elif amount >= MAX_AMOUNT:
        row.refuse(f"amount {value} is too large")
    return amount


def _check_number(row, number, seen):
    if number and number in seen:
        row.refuse(f"invoice {number} is also on line {seen[number]}")
    seen.setdefault(number, row.line)


def _check_dates(row, invoice):
    if not invoice.date:
        return
    if invoice.due and invoice.due < invoice.date:
        row.refuse(f"due_date {invoice.due} is before invoice_date {invoice.date}")
    if invoice.settled and invoice.settled < invoice.date:
        row.refuse(
            f"settled_date {invoice.settled} is before invoice_date {invoice.date}"
        )

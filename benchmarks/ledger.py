"""Fill a database with a large ledger, by INSERT … SELECT generate_series.

Sizes, shares and dates are in ``ledger_sql``; the records that are copied in ``books``.
"""

import time
from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

from . import ledger_sql
from .books import AMOUNT, FOREIGN_RATE
from .copies import Bare, insert_copies

TABLES = {
    "move": "account_move",
    "line": "account_move_line",
    "payment": "account_payment",
    "partial": "account_partial_reconcile",
    "full": "account_full_reconcile",
    "partner": "res_partner",
}


@dataclass(frozen=True)
class Size:
    """How large a ledger is, and the two things that decide what is in it."""

    invoices: int
    customers: int
    today: date
    seed: int = 1


def generate(cr, books, size):
    """Write the ledger; return the seconds that each part took."""
    times = {}
    last = {name: _get_last_id(cr, table) for name, table in TABLES.items()}
    cr.execute("SET LOCAL work_mem = '256MB'")
    cr.execute(ledger_sql.CHANCE.format(seed=size.seed))
    with _Clock(times, "customers"):
        _insert_partners(cr, books, size, last["partner"])
    values = _get_values(books, size, last)
    for name, (query, key) in ledger_sql.STAGES.items():
        with _Clock(times, f"draw {name}"):
            cr.execute(SQL(query, **values))
            cr.execute(f"CREATE INDEX ON bench_{name} ({key})")
            cr.execute(f"ANALYZE bench_{name}")
    bare = (TABLES[name] for name in ("move", "line", "payment", "partial"))
    with _Clock(times, "insert, with indexes and keys"), Bare(cr, *bare):
        for name, insert in _INSERTS.items():
            with _Clock(times, f"  {name}"):
                insert(cr, books)
    for table in TABLES.values():
        cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}), TRUE)"
            f" FROM {table} LIMIT 1"
        )
    return times


class _Clock:
    def __init__(self, times, name):
        self.times, self.name = times, name

    def __enter__(self):
        self.start = time.perf_counter()

    def __exit__(self, *_error):
        self.times[self.name] = time.perf_counter() - self.start


def _get_last_id(cr, table):
    cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
    return cr.fetchone()[0]


def _get_values(books, size, last):
    prototypes = SQL(", ").join(
        SQL("(%s, %s, %s)", number, kind, move)
        for (number, kind), move in books.moves.items()
    )
    return {
        "invoices": size.invoices,
        "customers": size.customers - 1,
        "today": size.today,
        "rate": FOREIGN_RATE,
        "foreign": books.foreign,
        "first_customer": last["partner"] + 1,
        "first_contact": last["partner"] + 1 + size.customers,
        "prototypes": prototypes,
        **{f"last_{name}": id_ for name, id_ in last.items()},
    }


def _insert_partners(cr, books, size, last):
    """Insert the customers; every fourth has a contact, some of these for invoices."""
    customer = "'Customer ' || number"
    mail = (
        "CASE WHEN mod(number, 50) <> 7 THEN 'customer' || number || '@example.com' END"
    )
    number = f"generate_series(1, {size.customers}) AS number"
    insert_copies(
        cr,
        "res_partner",
        f"{number} JOIN res_partner prototype ON prototype.id = {books.customer}",
        {
            "id": f"{last} + number",
            "commercial_partner_id": f"{last} + number",
            "name": customer,
            "complete_name": customer,
            "commercial_company_name": customer,
            "email": mail,
            "email_normalized": mail,
            "street": "CASE WHEN mod(number, 100) <> 7"
            " THEN number || ' Main Street' END",
            "city": "CASE WHEN mod(number, 100) <> 7 THEN 'Springfield' END",
        },
    )
    contact = "'Contact ' || number"
    insert_copies(
        cr,
        "res_partner",
        f"{number} JOIN res_partner prototype ON prototype.id = {books.contact}"
        " WHERE pg_temp.chance(number - 1, 20) < 0.25",
        {
            "id": f"{last + size.customers} + number",
            "parent_id": f"{last} + number",
            "commercial_partner_id": f"{last} + number",
            "name": contact,
            "complete_name": f"{customer} || ', ' || {contact}",
            "commercial_company_name": customer,
            "email": "'contact' || number || '@example.com'",
            "email_normalized": "'contact' || number || '@example.com'",
            "type": "CASE WHEN mod(number, 2) = 0 THEN 'invoice' ELSE 'contact' END",
        },
    )


def _scale(columns, amount):
    """Return copies of a prototype's amounts, for another amount than its own."""
    return {
        name: f"round(prototype.{name} / {AMOUNT} * {amount}, 2)" for name in columns
    }


def _insert_moves(cr, books):
    insert_copies(
        cr,
        "account_move",
        "bench_document JOIN account_move prototype"
        " ON prototype.id = bench_document.prototype_id"
        " JOIN res_partner partner ON partner.id = bench_document.partner_id",
        {
            "id": "bench_document.id",
            "name": "bench_document.name",
            "sequence_prefix": "bench_document.prefix",
            "sequence_number": "bench_document.number",
            "payment_reference": "CASE WHEN prototype.payment_reference IS NOT NULL"
            " THEN bench_document.name END",
            "origin_payment_id": "bench_document.payment_id",
            "partner_id": "bench_document.partner_id",
            "partner_shipping_id": "CASE WHEN prototype.partner_shipping_id IS NOT NULL"
            " THEN bench_document.partner_id END",
            "commercial_partner_id": "bench_document.commercial_partner_id",
            "invoice_partner_display_name": "partner.complete_name",
            "currency_id": "bench_document.currency_id",
            "invoice_currency_rate": "CASE WHEN is_foreign AND bench_document.kind"
            f" <> 'payment' THEN {FOREIGN_RATE}"
            " ELSE prototype.invoice_currency_rate END",
            "date": "bench_document.date",
            "invoice_date": "CASE WHEN prototype.invoice_date IS NOT NULL"
            " THEN bench_document.date END",
            "invoice_date_due": "date_due",
            "payment_state": """
                CASE WHEN bench_document.kind = 'payment' THEN 'not_paid'
                     WHEN residual <> 0
                     THEN CASE WHEN residual < balance THEN 'partial'
                               ELSE 'not_paid'
                           END
                     WHEN is_reversed AND NOT is_settlement THEN 'reversed'
                     ELSE 'paid'
                 END
            """,
            **_scale(
                (
                    "amount_untaxed",
                    "amount_total",
                    "amount_total_in_currency_signed",
                    "amount_untaxed_in_currency_signed",
                ),
                "amount_currency",
            ),
            **_scale(("amount_untaxed_signed", "amount_total_signed"), "balance"),
            **_scale(("amount_residual",), "residual_currency"),
            **_scale(("amount_residual_signed",), "residual"),
        },
    )


def _insert_payments(cr, books):
    insert_copies(
        cr,
        "account_payment",
        "bench_document JOIN account_payment prototype"
        " ON prototype.move_id = bench_document.prototype_id",
        {
            "id": "bench_document.payment_id",
            "move_id": "bench_document.id",
            "name": "bench_document.name",
            "partner_id": "bench_document.partner_id",
            "currency_id": "bench_document.currency_id",
            "date": "bench_document.date",
            "amount": "amount_currency",
            "amount_company_currency_signed": "balance",
            "is_reconciled": "is_settlement",
        },
    )


def _insert_lines(cr, books):
    """Insert the journal items in one pass, already reconciled."""
    currency = "CASE WHEN prototype.{0} IS NOT NULL THEN bench_document.{1} END"
    insert_copies(
        cr,
        "account_move_line",
        "bench_line JOIN account_move_line prototype"
        " ON prototype.id = bench_line.prototype_id"
        " JOIN bench_document ON bench_document.id = bench_line.move_id"
        " JOIN account_move prototype_move"
        " ON prototype_move.id = bench_document.prototype_id"
        " LEFT JOIN bench_matching ON bench_matching.line_id = bench_line.id",
        {
            "id": "bench_line.id",
            "move_id": "bench_line.move_id",
            "move_name": "bench_document.name",
            "name": "replace(prototype.name, prototype_move.name, bench_document.name)",
            "partner_id": "bench_document.partner_id",
            "currency_id": "bench_document.currency_id",
            "payment_id": currency.format("payment_id", "payment_id"),
            "date": "bench_document.date",
            "invoice_date": currency.format("invoice_date", "date"),
            "date_maturity": "bench_line.date_maturity",
            "debit": "GREATEST(bench_line.balance, 0)",
            "credit": "GREATEST(-bench_line.balance, 0)",
            "balance": "bench_line.balance",
            "amount_currency": "bench_line.amount_currency",
            "amount_residual": "bench_line.residual",
            "amount_residual_currency": "bench_line.residual_currency",
            "reconciled": "bench_line.rank IS NOT NULL AND bench_line.residual = 0",
            "full_reconcile_id": "bench_matching.full_id",
            "matching_number": "bench_matching.number",
            **_scale(
                ("price_unit", "price_subtotal", "price_total"),
                "abs(bench_line.amount_currency)",
            ),
        },
    )


def _insert_partials(cr, books):
    first, second = books.companies
    cr.execute(
        f"""
        INSERT INTO account_full_reconcile
                    (id, create_uid, write_uid, create_date, write_date)
             SELECT DISTINCT full_id, 1, 1, now(), now()
               FROM bench_match
              WHERE full_id IS NOT NULL;
        INSERT INTO account_partial_reconcile
                    (id, debit_move_id, credit_move_id, full_reconcile_id,
                     debit_currency_id, credit_currency_id, company_id, max_date,
                     amount, debit_amount_currency, credit_amount_currency,
                     create_uid, write_uid, create_date, write_date)
             SELECT id, debit_id, credit_id, full_id, currency_id, currency_id,
                    CASE company WHEN 1 THEN {first} ELSE {second} END, date,
                    paid, paid_currency, paid_currency, 1, 1, now(), now()
               FROM bench_match
        """
    )


_INSERTS = {
    "invoices and entries": _insert_moves,
    "payments": _insert_payments,
    "journal items": _insert_lines,
    "reconciliations": _insert_partials,
}

"""Deciding the whole company ÷ the best hand-written SQL."""

from odoo.tools import SQL

from .best_sql import get_best
from .measure import read_all, take_turns

TARGET = 1.5
ROUNDS = 9


def get_ours(env, company):
    """Return the SQL of ``payment.followup.statement`` for one company."""
    Statement = env["payment.followup.statement"].with_company(company)
    Statement = Statement.with_context(allowed_company_ids=company.ids)
    return Statement._query_statement(Statement._get_days())


def get_queries(env, company):
    """Return ours and the best, by name."""
    today = company._get_payment_followup_today()
    trust = env["payment.followup.decision"]._get_default_trust()
    return {
        "ours": get_ours(env, company),
        "best": get_best(company, today, trust),
    }


def compare_rows(env, queries):
    """Return how many rows there are, and how many values differ."""
    found = {}
    for name, query in queries.items():
        rows = env.execute_query_dict(SQL("%s", query))
        found[name] = {row["id"]: row for row in rows}
    ours, best = found["ours"], found["best"]
    # What is no field of the statement is for the forecast alone
    shown = env["payment.followup.statement"]._fields.keys()
    columns = set(next(iter(ours.values()), ())) & shown
    missing = columns - set(next(iter(best.values()), {}))
    differing = sum(
        row[name] != best.get(id_, {}).get(name)
        for id_, row in ours.items()
        for name in columns - missing
    )
    return len(ours), differing + len(missing) + abs(len(ours) - len(best))


def measure_decision(env, company, rounds=ROUNDS):
    """Print both times and their ratio; return the ratio."""
    queries = get_queries(env, company)
    count, differing = compare_rows(env, queries)
    open_items = env.execute_query(
        SQL("SELECT COUNT(*) FROM (%s) item", _get_items(env, company))
    )[0][0]
    print(
        f"decision: {open_items} open items, {count} customers, "
        f"{differing} values differ"
    )
    functions = {
        name: lambda query=query: read_all(env.cr, query)
        for name, query in queries.items()
    }
    times = take_turns(env.cr, functions, rounds)
    for name, its in times.items():
        print(f"  {name:10} {its}")
    ratio = times["ours"].best / times["best"].best
    print(f"  ratio {ratio:.2f} (target {TARGET})")
    return ratio


def _get_items(env, company):
    Line = env["payment.followup.statement.line"].with_context(
        allowed_company_ids=company.ids
    )
    return Line._query_lines(Line._get_days())

"""What the web client asks for: the work list's first page, one statement."""

import json
import random
import statistics
import time
from functools import partial

from lxml import etree

from odoo import Command

from .decision import get_ours
from .measure import Backend, count_queries, read_all, take_turns

PAGE = 80
# What the list shows: everybody in two orders, and what it opens with.
TO_DO = [
    "|",
    ("reason", "in", ("due", "delivery_failed", "no_address")),
    ("customer_id.activity_date_deadline", "<=", "today"),
]
PAGES = {
    "all, overdue": ([], "amount_overdue DESC"),
    "all, next date": ([], "next_date"),
    "to do, overdue": (TO_DO, "amount_overdue DESC"),
}
WORK_LIST_TARGET = 2
STATEMENT_TARGET = 0.02
# The web client counts no further.
COUNT_LIMIT = 10001
MODEL = "payment.followup.statement"


def get_billing_user(env, companies):
    """Return a user who may invoice, and nothing else, in the companies."""
    login = "bench_billing"
    user = env["res.users"].search([("login", "=", login)])
    return user or env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Billing",
            "login": login,
            "company_id": companies[0].id,
            "company_ids": [Command.set(companies.ids)],
            "group_ids": [
                Command.set(
                    [
                        env.ref("base.group_user").id,
                        env.ref("account.group_account_invoice").id,
                    ]
                )
            ],
        }
    )


def get_specification(env, model, view_type):
    """Return the fields that the web client reads for a view, as it asks for them."""
    view = env[model].get_view(view_type=view_type)
    return _get_fields(env, model, etree.fromstring(view["arch"]))


def _get_fields(env, model, root):
    """Return the fields below ``root``, without those of the lists inside fields."""
    outer = root if root.tag == "field" else None
    return {
        node.get("name"): _get_field(env, model, node)
        for node in root.iterdescendants("field")
        if next(node.iterancestors("field"), None) is outer
    }


def _get_field(env, model, node):
    field = env[model]._fields[node.get("name")]
    if field.type == "many2one":
        return {"fields": {"display_name": {}}}
    if field.type in ("one2many", "many2many"):
        fields = _get_fields(env, field.comodel_name, node)
        return {"fields": fields, "limit": 40, "order": ""}
    return {}


def measure_work_list(env, company, rounds=5):
    """Print the time of the first page ÷ that of the decision, for each order."""
    user = get_billing_user(env, env["res.company"].browse(env.companies.ids))
    env.flush_all()
    own = env(
        user=user.id, context={"allowed_company_ids": company.ids, "lang": "en_US"}
    )
    specification = get_specification(own, MODEL, "list")

    def load(domain, order):
        own.invalidate_all()
        page = own[MODEL].web_search_read(
            domain, specification, limit=PAGE, order=order, count_limit=COUNT_LIMIT
        )
        return json.dumps(page, default=str)

    query = get_ours(env, company)
    loads = {name: partial(load, *page) for name, page in PAGES.items()}
    functions = {"decision": lambda: read_all(env.cr, query)} | loads
    times = take_turns(env.cr, functions, rounds)
    queries = [count_queries(env.cr, function) for function in loads.values()]
    print(
        f"work list: {PAGE} customers, {len(specification)} fields, {queries} queries"
    )
    for name, its in times.items():
        print(f"  {name:20} {its}")
    ratios = [times[name].best / times["decision"].best for name in PAGES]
    clock = [min(times[name].wall) / min(times["decision"].wall) for name in PAGES]
    print(
        f"  ratios {', '.join(f'{ratio:.2f}' for ratio in ratios)}"
        f" (target {WORK_LIST_TARGET}), by the clock"
        f" {', '.join(f'{ratio:.2f}' for ratio in clock)}"
    )
    return ratios


def measure_statement(env, company, count=100):
    """Print how long a customer's statement takes, over random customers."""
    user = get_billing_user(env, env["res.company"].browse(env.companies.ids))
    env.flush_all()
    own = env(
        user=user.id, context={"allowed_company_ids": company.ids, "lang": "en_US"}
    )
    specification = get_specification(own, MODEL, "form")
    Statement = own[MODEL]
    ids = Statement.search([("company_id", "=", company.id)], order="id").ids
    few = random.Random(1).sample(ids, min(count, len(ids)))
    figures = {
        "SQL row": lambda id_: Statement.search_fetch([("id", "=", id_)], ["reason"]),
        "read, own fields": lambda id_: Statement.browse(id_).read(
            [name for name, sub in specification.items() if not sub.get("limit")]
        ),
        "web_read, whole form": lambda id_: Statement.browse(id_).web_read(
            specification
        ),
    }
    print(f"one statement: {len(few)} of {len(ids)} customers")
    for name, function in figures.items():
        print(f"  {name:22} {_time_each(own, function, few)}")
    print(f"  target {STATEMENT_TARGET * 1000:.0f} ms")
    _measure_invoice(own, company)


def _measure_invoice(env, company, count=30):
    """Print how long Odoo's own form of an invoice takes, for the scale."""
    invoices = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("company_id", "=", company.id)],
        limit=count,
    )
    specification = get_specification(env, "account.move", "form")

    def read(id_):
        return invoices.browse(id_).web_read(specification)

    print(f"  {'an invoice, for scale':22} {_time_each(env, read, invoices.ids)}")


def _time_each(env, function, ids):
    """Return what a function takes for each of the ids, in words."""
    backend = Backend(env.cr)
    function(ids[0])
    walls, cpus, queries = [], [], []
    for id_ in ids:
        env.invalidate_all()
        before = env.cr.sql_log_count
        wall, cpu = time.perf_counter(), time.process_time() + backend.seconds()
        function(id_)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() + backend.seconds() - cpu)
        queries.append(env.cr.sql_log_count - before)
    late = sorted(walls)[int(len(walls) * 0.95) - 1]
    # Other work takes the caches away and makes processor time longer, too
    undisturbed = sorted(cpus)[len(cpus) // 10]
    return (
        f"median {statistics.median(walls) * 1000:.1f} ms "
        f"({statistics.median(cpus) * 1000:.1f} ms of CPU, a tenth within "
        f"{undisturbed * 1000:.1f} ms), 95 % within {late * 1000:.1f} ms, "
        f"{min(queries)} to {max(queries)} queries"
    )

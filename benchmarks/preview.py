"""*Send Letters and Emails* with many customers: opening, looking, ticking, sending."""

import json
import time

from .decision import get_ours
from .measure import Backend, count_queries, read_all, take_turns
from .screens import PAGE, get_billing_user, get_specification

MODEL = "payment.followup.sending"
ROWS = "payment.followup.sending.line"
TARGET_OPEN = 10
ROUNDS = 3
SUMS = ["customer_count:sum", "amount:sum", "page_count:sum"]


def measure_preview(env, company, rounds=ROUNDS):
    """Print what a person waits for, and all rows ÷ deciding the company; return it."""
    user = get_billing_user(env, env["res.company"].browse(env.companies.ids))
    env.flush_all()
    own = env(
        user=user.id, context={"allowed_company_ids": company.ids, "lang": "en_US"}
    )
    query = get_ours(env, company)
    times = take_turns(
        env.cr,
        {
            "decision": lambda: read_all(env.cr, query),
            "first page": lambda: _open(own),
            "all rows": lambda: _open(own, is_complete=True),
        },
        rounds,
    )
    ratio = times["all rows"].best / times["decision"].best
    queries = count_queries(env.cr, lambda: _open(own, is_complete=True))
    sending = own[MODEL].search([], order="id DESC", limit=1)
    print(
        f"preview: {len(sending.line_ids)} rows, {queries} queries; decision "
        f"{times['decision']}; first page {times['first page']}; all rows "
        f"{times['all rows']}; ratio {ratio:.1f} (target {TARGET_OPEN})"
    )
    for name, function in _get_steps(own, sending).items():
        print(f"  {name:36} {_time(own, function)}")
    return ratio


def _open(env, is_complete=False):
    """Open the page; with ``is_complete``, add the customers that it asks for next."""
    env.invalidate_all()
    action = env[MODEL].action_open()
    if is_complete:
        env[MODEL].browse(action["context"]["sending_id"]).action_complete()
    env.flush_all()


def _get_steps(env, sending):
    """Return what a person does next, {name: function}."""
    rows = env[ROWS]
    mine = [("sending_id", "=", sending.id)]
    specification = get_specification(env, ROWS, "list")

    def load(domain=(), order="amount DESC"):
        page = rows.web_search_read(
            [*mine, *domain], specification, limit=PAGE, order=order, count_limit=10001
        )
        return json.dumps(page, default=str)

    def group(*fields):
        found = rows.web_read_group(
            mine, list(fields), SUMS, limit=PAGE, unfold_read_specification=None
        )
        return json.dumps(found, default=str)

    every = rows.search([*mine, ("is_selected", "=", True)])
    held = [("state", "=", "held")]
    return {
        "figures above the list": sending.get_summary,
        "groups": lambda: group("section"),
        "a page of one group": load,
        "a page of those without reminder": lambda: load(held),
        "filter: letters": lambda: load([("kind", "in", ("letter", "post"))]),
        "search by name": lambda: load([("partner_id", "ilike", "customer 1")]),
        "untick a page": every[:PAGE].action_untick,
        "untick all": every.action_untick,
        "tick all": every.action_tick,
        "start": sending.action_start,
        "send the first 20": sending.action_send_chunk,
    }


def _time(env, function):
    backend = Backend(env.cr)
    env.invalidate_all()
    queries = env.cr.sql_log_count
    wall, cpu = time.perf_counter(), time.process_time() + backend.seconds()
    function()
    env.flush_all()
    cpu = time.process_time() + backend.seconds() - cpu
    return (
        f"{(time.perf_counter() - wall) * 1000:6.0f} ms, {cpu * 1000:6.0f} ms of CPU, "
        f"{env.cr.sql_log_count - queries} queries"
    )

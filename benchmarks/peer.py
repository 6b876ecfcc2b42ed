"""The add-on beside OCA's account_credit_control, in the same database.

The peer comes from PyPI into the cache folder; nothing of it is part of the project.
Both decide the whole company, then write the same number of e-mails to the queue.
"""

import subprocess
import sys
import time

from dev import database
from dev.odoo_process import addons_path, odoo_conf, run_odoo
from dev.paths import CACHE

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

import odoo.addons

from .databases import copy_database, read_books
from .sending import get_statements, remind, use_channel

PEER = "account_credit_control"
PACKAGE = "odoo-addon-account-credit-control==19.0.1.0.0.13"
FOLDER = CACHE / "peers"
MAILS = 100


def measure_peer(environment, source):
    """Print what both take; return the two ratios, peer ÷ ours."""
    addons = _fetch()
    name = f"{source}_peer"
    copy_database(environment, source, name)
    path = ",".join(map(str, [*addons_path(environment.odoo), addons]))
    conf = odoo_conf(environment, name, addons_path=path)
    run_odoo(environment, f"Installing {PEER}", conf, "-d", name, "-i", PEER)
    odoo.addons.__path__.append(str(addons))
    try:
        with Registry(name).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].browse(read_books(env).companies[0])
            env = env(context={"allowed_company_ids": company.ids})
            ours, theirs = _measure_ours(env), _measure_theirs(env)
            cr.rollback()
    finally:
        close_db(name)
        database.drop(environment, name)
    return _print(ours, theirs)


def _fetch():
    """Return the folder of add-ons with the peer in it."""
    addons = FOLDER / "odoo" / "addons"
    if not (addons / PEER).exists():
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps")
        subprocess.run([*pip, "--target", str(FOLDER), PACKAGE], check=True)
    return addons


class Run:
    """What a side took: seconds and queries to decide and for each mail, and counts."""

    def __init__(self, env):
        self.env = env
        self.figures = {}

    def time(self, name, function):
        """Run a function, keep what it took under ``name`` and return its result."""
        start, queries = time.perf_counter(), self.env.cr.sql_log_count
        result = function()
        self.env.flush_all()
        self.figures[name] = (
            time.perf_counter() - start,
            self.env.cr.sql_log_count - queries,
        )
        self.env.invalidate_all()
        return result


def _measure_ours(env):
    use_channel(env, env.company, "send_email")
    env.invalidate_all()
    run = Run(env)
    run.customers = len(
        run.time("decide", env["payment.followup.reminder"]._start_batch)
    )
    partners = get_statements(env, MAILS).partner_id
    env.invalidate_all()
    actions = run.time("mail", lambda: remind(env, partners.ids))
    run.mails = len(actions.mail_id)
    return run


def _measure_theirs(env):
    policy = env.ref(f"{PEER}.credit_control_3_time")
    env.company.credit_policy_id = policy
    policy.account_ids = env["account.account"].search(
        [("account_type", "=", "asset_receivable")]
    )
    policy.level_ids.channel = "email"
    # Its PDF needs wkhtmltopdf, half a second each: left out, to the peer's advantage
    policy.level_ids.email_template_id.report_template_ids = False
    vals = {"date": env.cr.now().date(), "policy_ids": [(6, 0, policy.ids)]}
    credit_run = env["credit.control.run"].create(vals)
    run = Run(env)
    run.time("decide", credit_run.generate_credit_lines)
    lines = credit_run.line_ids
    run.customers = len(lines.partner_id)
    some = lines.filtered(lambda line: line.partner_id in lines.partner_id[:MAILS])
    some.write({"state": "to_be_sent"})
    env.flush_all()
    before = env["mail.mail"].search_count([])
    run.time("mail", lambda: _send_theirs(env, some))
    run.mails = env["mail.mail"].search_count([]) - before
    return run


def _send_theirs(env, lines):
    letters = env["credit.control.communication"]
    letters._generate_comm_from_credit_lines(lines)._generate_emails()


def _print(ours, theirs):
    for name, run in (("ours", ours), (PEER, theirs)):
        (decide, decide_queries), (mail, queries) = (
            run.figures["decide"],
            run.figures["mail"],
        )
        print(
            f"{name}: decides {run.customers} customers in {decide:.2f} s, "
            f"{decide_queries} queries; {run.mails} e-mails, "
            f"{mail / run.mails * 1000:.1f} ms and {queries / run.mails:.1f} queries "
            "each"
        )
    ratios = (
        theirs.figures["decide"][0] / ours.figures["decide"][0],
        theirs.figures["mail"][0] / theirs.mails / ours.figures["mail"][0] * ours.mails,
    )
    print(f"peer ÷ ours: deciding {ratios[0]:.0f}, an e-mail {ratios[1]:.0f}")
    return ratios

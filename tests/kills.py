"""Real processes that remind customers, are killed, and what is left then.

Used by the tests and, with more customers and kills, by ``benchmarks/kills.py``. All
happens in throw-away copies of a database, on committed data. The processes are forked
from one that has the registry loaded: they start at once.
"""

import os
import random
import shutil
import signal
import sys
import time
import traceback
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from odoo import Command, fields, modules, sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

from .inbox import Inbox, find_free_port
from .services import receive_post, receive_sms

# Each group of customers is reminded in another way, the last one in all ways.
CHANNELS = {
    "email": {"send_email": True},
    "letter": {"print_letter": True},
    "activity": {"create_activity": True},
    "sms": {"send_sms": True},
    "post": {"send_post": True},
    "whatsapp": {"send_whatsapp": True},
}
# Customers in one transaction of the batch: few, for many moments to be killed at.
CHUNK = 5
CRONS = (
    "account_payment_followup.ir_cron_payment_followup_daily",
    "account_payment_followup.ir_cron_payment_followup_look_again",
    "mail.ir_cron_mail_scheduler_action",
    "sms.ir_cron_sms_scheduler_action",
    "snailmail.snailmail_print",
)


def execute(query, *names):
    """Run a statement that makes or drops databases."""
    connection = sql_db.db_connect("postgres")
    with connection.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(SQL(query, *(SQL.identifier(name) for name in names)))


def drop_database(name):
    """Drop a database, and end our sessions in it.

    Not by WITH (FORCE): that fails while PostgreSQL itself is at the database, to
    vacuum it, and the role may not stop it. DROP DATABASE stops it by itself.
    """
    sql_db.close_db(name)
    with sql_db.db_connect("postgres").cursor() as cr:
        cr.execute(
            """
            SELECT pg_terminate_backend(pid)
              FROM pg_stat_activity
             WHERE datname = %s AND usename = current_user
            """,
            (name,),
        )
    execute("DROP DATABASE IF EXISTS %s", name)


@contextmanager
def copy_database(source, name):
    """Copy a database and its files; drop the copy in the end."""
    sql_db.close_db(source)
    drop_database(name)
    execute("CREATE DATABASE %s TEMPLATE %s", name, source)
    shutil.rmtree(config.filestore(name), ignore_errors=True)
    if os.path.isdir(config.filestore(source)):
        shutil.copytree(
            config.filestore(source), config.filestore(name), copy_function=os.link
        )
    try:
        yield name
    finally:
        drop_database(name)
        shutil.rmtree(config.filestore(name), ignore_errors=True)


def start(source, database, function, *args):
    """Run ``function(env, *args)`` in a process of its own; return its id.

    :param source: the database whose registry is loaded here
    :param database: the one to work in
    """
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        with open_environment(source, database) as env:
            function(env, *args)
        status = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        # Nothing of the parent is to be tidied up here
        os._exit(status)


@contextmanager
def open_environment(source, database):
    """Open an environment of the superuser, with the registry of ``source``."""
    modules.module.current_test = None
    # The connections of the parent are not ours
    sql_db._Pool = sql_db._Pool_readonly = None
    registry = Registry.registries[source]
    registry.db_name = database
    registry._db = sql_db.db_connect(database)
    registry._db_readonly = None
    Registry.registries[database] = registry
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})


def wait(*pids):
    """Wait for processes to end well."""
    failed = [pid for pid in pids if os.waitpid(pid, 0)[1]]
    if failed:
        raise AssertionError(f"Processes failed: {failed}, see above")


def kill(*pids):
    """Kill processes, wherever they are."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)


def set_up(env, count, port):
    """Make a company with customers who are due, and let mail go to ``port``."""
    env = env(
        context={"tracking_disable": True, "mail_create_nolog": True, "lang": "en_US"}
    )
    env["res.company"].search([]).payment_followup_auto = False
    company = env["res.company"].create(
        {
            "name": "Killed & Co",
            "email": "accounts@company.example",
            "payment_followup_enabled": True,
            "payment_followup_auto": True,
            "payment_followup_escalation": "age",
            "payment_followup_alarm_factor": 0,
            "payment_followup_alarm_share": 0,
        }
    )
    env.ref("base.user_admin").write(
        {
            "company_ids": [Command.link(company.id)],
            "group_ids": [Command.link(env.ref("account.group_account_invoice").id)],
        }
    )
    env = env(context=env.context | {"allowed_company_ids": company.ids})
    # Only now: a new company of a country gets accounts by itself
    company.country_id = env.ref("base.us")
    chart = env["account.chart.template"]
    chart.try_loading("generic_coa", company, install_demo=False)
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    env.ref(CRONS[0]).code = f"model._cron_remind(batch_size={CHUNK})"
    ways = [*CHANNELS.values(), {k: True for vals in CHANNELS.values() for k in vals}]
    levels = env["payment.followup.level"].create(
        [
            {
                "company_id": company.id,
                "name": f"Level {number}",
                "delay": number * 10,
                "send_email": False,
            }
            | way
            for number, way in enumerate(ways, start=1)
        ]
    )
    create_invoices(env, create_customers(env, count), levels)
    env.cr.commit()


def create_customers(env, count):
    return env["res.partner"].create(
        [
            {
                "name": f"Customer {number:04}",
                "email": f"customer{number:04}@customer.example",
                "phone": f"+1212555{number:04}",
                "street": f"{number} Main Street",
                "city": "Springfield",
                "zip": "12345",
                "country_id": env.ref("base.us").id,
            }
            for number in range(count)
        ]
    )


def create_invoices(env, customers, levels):
    """Post an invoice for each customer, as old as one of the levels in turn."""
    today = fields.Date.context_today(levels)
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": fields.Date.add(due, months=-1),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})
                ],
            }
            for number, customer in enumerate(customers)
            for due in [
                fields.Date.subtract(today, days=levels[number % len(levels)].delay + 1)
            ]
        ]
    )
    moves.action_post()


def run_crons(env, journal, names=CRONS):
    """Let the scheduler run scheduled actions once, whether they are due or not."""
    cron = type(env["ir.cron"])
    with serve(journal):
        for name in names:
            with env.registry.cursor() as cr:
                job = cron._acquire_one_job(
                    cr, env.ref(name).id, include_not_ready=True
                )
                # Another process is at it
                if job:
                    cron._process_job(cr, job)


def run_batch(env):
    """Run the batch beside others that do the same."""
    env["payment.followup.reminder"]._cron_remind(batch_size=CHUNK)


def finish(source, database, journal):
    """Let batch and queues come to their end, whatever time it takes."""
    wait(start(source, database, run_batch))
    # An interrupted handover is found by the next run of its queue
    for _time in range(2):
        wait(start(source, database, run_crons, journal, CRONS[1:]))


@contextmanager
def serve(journal):
    """Take SMS and letters, and write each into ``journal`` before the answer."""
    with receive_sms(Journal(journal, "sms")), receive_post(Journal(journal, "post")):
        yield


class Journal:
    """A file that keeps what a service has taken, whoever is killed afterwards."""

    def __init__(self, path, kind):
        self.path, self.kind = path, kind

    def __call__(self, *keys):
        with open(self.path, "a") as file:
            file.writelines(f"{self.kind} {key}\n" for key in keys)
        # As a service at the other end of a wire would
        time.sleep(random.uniform(0, 0.02))


def read_journal(path):
    """Return the lines of a journal, [] before the first."""
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return file.read().splitlines()


class SlowInbox(Inbox):
    """A mail server that takes a moment to say that it has taken a message."""

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        time.sleep(random.uniform(0, 0.02))
        return answer


@contextmanager
def receive_all():
    """Run a mail server for other processes; yield its inbox, which has its port."""
    inbox = SlowInbox()
    inbox.port = find_free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def kill_at_random(source, database, journal, count, longest, seed=1):
    """Kill batch and queues ``count`` times, each after at most ``longest`` seconds."""
    moments = random.Random(seed)
    for _number in range(count):
        pids = [
            start(source, database, run_crons, journal, names)
            for names in (CRONS[:1], CRONS[1:])
        ]
        time.sleep(moments.uniform(0, longest))
        kill(*pids)


def kill_in_handover(source, database, journal, inbox, count, longest, seed=1):
    """Kill batch and queues ``count`` times, each while a message is handed over.

    That is the worst moment: the service has taken the message and has not said so.
    """
    moments = random.Random(seed)
    for _number in range(count):
        wanted = count_taken(inbox, journal) + moments.randint(1, 5)
        pids = [
            start(source, database, run_crons, journal, names)
            for names in (CRONS[:1], CRONS[1:])
        ]
        end = time.monotonic() + longest
        while count_taken(inbox, journal) < wanted and time.monotonic() < end:
            time.sleep(0.0005)
        kill(*pids)


def count_taken(inbox, journal):
    """Return how many messages the services have taken."""
    return len(inbox.messages) + len(read_journal(journal))

"""The mail queue: what the last look at each reminder costs beside plain mails of Odoo.

It runs in a throw-away copy of the database. The mails go by SMTP to a server on this
machine; the reference is the same mails, word for word, that no reminder belongs to.
"""

import tempfile
import time

from dev import database
from dev.smtp_sink import start_smtp_sink

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import split_every

from odoo.addons.account_payment_followup.tests.kills import CRONS

from .databases import copy_database, read_books
from .measure import take_turns
from .sending import use_channel

TARGET = 1.5
# Mails in one run of the queue that is measured, and the runs by turns.
CHUNK = 100
ROUNDS = 5
# Then the scheduled action sends so many, as in life.
LONG_RUN = 1_000
WANTED = 10_000
# What a mail of Odoo has in common with the one of a reminder.
FIELDS = (
    "subject",
    "body_html",
    "email_from",
    "reply_to",
    "email_to",
    "model",
    "res_id",
    "message_type",
    "is_notification",
    "auto_delete",
)


def measure_queue(environment, source):
    """Print reminders ÷ plain mails, and how long the queue takes for many."""
    name = f"{source}_queue"
    copy_database(environment, source, name)
    try:
        with tempfile.TemporaryDirectory() as folder:
            sink = start_smtp_sink(folder, echo=False)
            try:
                return _measure(name, sink)
            finally:
                sink.stop()
    finally:
        close_db(name)
        database.drop(environment, name)


def _measure(name, sink):
    with Registry(name).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        company = env["res.company"].browse(read_books(env).companies[0])
        env = env(context={"allowed_company_ids": company.ids})
        _set_up(env, sink.port)
        mails = _queue_reminders(env, CHUNK * (ROUNDS + 1) + LONG_RUN)
        ratio = _compare(env, mails[: CHUNK * (ROUNDS + 1)])
        _expect(sink, 2 * CHUNK * (ROUNDS + 1))
        _run_scheduled_action(env, sink, len(mails) - CHUNK * (ROUNDS + 1))
    return ratio


def _set_up(env, port):
    use_channel(env, env.company, "send_email")
    env["mail.mail"].search([]).unlink()
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    env.cr.commit()


def _queue_reminders(env, count):
    """Let the batch write so many reminders; return their mails."""
    reminders = env["payment.followup.reminder"]
    actions = env["payment.followup.action"]
    for chunk in split_every(50, reminders._start_batch()[:count]):
        actions += reminders._remind_chunk(chunk)
        env.cr.commit()
    return actions.mail_id


def _compare(env, mails):
    """Send reminders and plain mails by turns; return the ratio."""
    plain = _copy_as_plain_mails(mails)
    env.cr.commit()
    env.invalidate_all()
    ours = iter(list(split_every(CHUNK, mails.ids)))
    theirs = iter(list(split_every(CHUNK, plain.ids)))
    send = env["mail.mail"].process_email_queue
    times = take_turns(
        env.cr,
        {"plain": lambda: send(next(theirs)), "ours": lambda: send(next(ours))},
        ROUNDS,
    )
    ratio = times["ours"].best / times["plain"].best
    print(
        f"mail queue, {CHUNK} mails: reminders {times['ours']}; "
        f"plain mails {times['plain']}; ratio {ratio:.2f} (target {TARGET})"
    )
    return ratio


def _copy_as_plain_mails(mails):
    return mails.create(
        [
            {name: mail[name] for name in FIELDS}
            | {"attachment_ids": [(6, 0, mail.attachment_ids.ids)]}
            for mail in mails
        ]
    )


def _run_scheduled_action(env, sink, count):
    """Let Odoo's scheduler empty the queue, and say what 10 000 would take."""
    cron = type(env["ir.cron"])
    before, start = len(sink.mails()), time.perf_counter()
    with env.registry.cursor() as cr:
        job = cron._acquire_one_job(cr, env.ref(CRONS[1]).id, include_not_ready=True)
        cron._process_job(cr, job)
    seconds = time.perf_counter() - start
    sent = len(sink.mails()) - before
    print(
        f"scheduled action: {sent} reminders in {seconds:.0f} s by the clock, "
        f"{sent / seconds:.1f} a second; {WANTED} would take "
        f"{WANTED / sent * seconds / 60:.0f} minutes at this pace"
    )
    _expect(sink, before + count)


def _expect(sink, count):
    if len(sink.mails()) != count:
        raise AssertionError(f"{len(sink.mails())} mails have arrived, not {count}.")

"""The whole daily batch, committed as in life: does it stay as fast and as small?

It runs in a throw-away copy of the database, with a plan of e-mails only.
"""

import time
from pathlib import Path

from dev import database

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import split_every

from .databases import copy_database, read_books
from .measure import Backend
from .sending import use_channel

TARGET = 1.1
CHUNK = 50
CUSTOMERS = 10_000
# A fifth of the batch at its start is compared with a fifth at its end.
SHARE = 5


def measure_batch(environment, source):
    """Print the time per customer at the end ÷ at the start, and the memory."""
    name = f"{source}_batch"
    copy_database(environment, source, name)
    try:
        with Registry(name).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].browse(read_books(env).companies[0])
            seconds, memory = _run(env(context={"allowed_company_ids": company.ids}))
    finally:
        close_db(name)
        database.drop(environment, name)
    return _print(seconds, memory)


def _run(env):
    """Remind everybody; return what each chunk took and the memory after it."""
    use_channel(env, env.company, "send_email")
    env.cr.commit()
    reminders = env["payment.followup.reminder"]
    partner_ids = reminders._start_batch()[:CUSTOMERS]
    backend, seconds, memory = Backend(env.cr), [], []
    for chunk in split_every(CHUNK, partner_ids):
        start, before = time.process_time(), backend.seconds()
        reminders._remind_chunk(chunk)
        env.cr.commit()
        env.invalidate_all()
        seconds.append(time.process_time() - start + backend.seconds() - before)
        memory.append(_get_memory())
    return seconds, memory


def _get_memory():
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _print(seconds, memory):
    # The first chunk fills the caches.
    seconds, memory = seconds[1:], memory[1:]
    part = len(seconds) // SHARE
    start, end = sum(seconds[:part]), sum(seconds[-part:])
    each = sum(seconds) / len(seconds) / CHUNK * 1000
    print(
        f"batch: {len(seconds) * CHUNK} customers, {each:.1f} ms each; the last fifth "
        f"÷ the first {end / start:.2f} (target {TARGET}); memory {memory[0]:.0f} MB "
        f"after the first chunk, {memory[len(memory) // 2]:.0f} MB in the middle, "
        f"{memory[-1]:.0f} MB at the end"
    )
    return end / start

"""*Letters to print*: a thousand letters made, and merged into one document.

It runs in a throw-away copy of the database. The first pages are kept in a file to look
at.
"""

import io
import resource
import tempfile
import time
from pathlib import Path

from dev import database

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import split_every
from odoo.tools.pdf import PdfReader

from .databases import copy_database, read_books
from .sending import get_statements, remind, use_channel

LETTERS = 1_000
CHUNK = 50


def measure_letters(environment, source):
    """Print what making and merging the letters takes."""
    name = f"{source}_letters"
    copy_database(environment, source, name)
    try:
        with Registry(name).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].browse(read_books(env).companies[0])
            _measure(env(context={"allowed_company_ids": company.ids}))
    finally:
        close_db(name)
        database.drop(environment, name)


def _measure(env):
    use_channel(env, env.company, "print_letter")
    actions = _make(env)
    env.invalidate_all()
    before, size = _get_peak(), sum(actions.attachment_id.mapped("file_size"))
    env.invalidate_all()
    start = time.process_time(), time.perf_counter()
    env["payment.followup.letter"]._print(actions)
    env.flush_all()
    cpu, wall = time.process_time() - start[0], time.perf_counter() - start[1]
    merged = env["ir.attachment"].search([], order="id DESC", limit=1).raw
    pages = len(PdfReader(io.BytesIO(merged)).pages)
    path = Path(tempfile.gettempdir()) / "payment_followup_letters.pdf"
    path.write_bytes(merged)
    print(
        f"letters: {len(actions)} merged into {pages} pages in {cpu:.1f} s of CPU "
        f"({wall:.1f} s by the clock); {len(merged) / 1e6:.1f} MB out of "
        f"{size / 1e6:.1f} MB; peak memory {before:.0f} MB before, "
        f"{_get_peak():.0f} MB after; look at {path}"
    )


def _make(env):
    """Write the letters as the batch does; return their log rows."""
    partner_ids = get_statements(env, LETTERS).partner_id.ids
    actions, seconds = env["payment.followup.action"], []
    for chunk in split_every(CHUNK, partner_ids):
        start = time.process_time()
        actions += remind(env, chunk)
        env.cr.commit()
        seconds.append(time.process_time() - start)
    print(
        f"letters: {len(actions)} made, the first {CHUNK} {seconds[0]:.1f} s of CPU, "
        f"the last {seconds[-1]:.1f} s"
    )
    return actions.filtered("attachment_id")


def _get_peak():
    """Return the most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

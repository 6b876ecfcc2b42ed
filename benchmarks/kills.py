"""The full dose: 500 customers, 150 kills, two and four batches at once.

``bin/bench --only kills``. The machinery, and what is looked at, is that of
``tests/test_exactly_once.py``.
"""

import tempfile
import time
from pathlib import Path

from dev import database

from odoo.modules.registry import Registry

from odoo.addons.account_payment_followup.tests import kills
from odoo.addons.account_payment_followup.tests.kills_check import Findings

NAME = "payment_followup_bench_kills"
CUSTOMERS = 500
KILLS = 100
# As many more, while a message is handed over.
HANDOVERS = 50
# Seconds until a batch and its queues are killed, at most.
LONGEST = 2.4
# Until a message is handed over, with the start of the queues before it.
LONGEST_WAIT = 10


def measure_kills(environment):
    """Kill, finish, look; print what was found, and return the faults."""
    database.create_database(environment, NAME)
    database.install_addon(environment, NAME)
    Registry(NAME)
    faults = []
    with kills.receive_all() as inbox, tempfile.TemporaryDirectory() as folder:
        prepared = f"{NAME}_prepared"
        with kills.copy_database(NAME, prepared):
            kills.wait(kills.start(NAME, prepared, kills.set_up, CUSTOMERS, inbox.port))
            for title, disturb in ATTEMPTS.items():
                faults += _attempt(title, disturb, prepared, inbox, Path(folder))
    database.drop(environment, NAME)
    return faults


def _attempt(title, disturb, prepared, inbox, folder):
    """Let ``disturb`` work on a copy; then let all end, and look at it."""
    inbox.messages.clear()
    journal = str(folder / disturb.__name__)
    report = folder / f"{disturb.__name__}.txt"
    start = time.perf_counter()
    with kills.copy_database(prepared, f"{prepared}_copy") as copy:
        disturb(copy, journal, inbox)
        kills.finish(NAME, copy, journal)
        kills.wait(kills.start(NAME, copy, _report, inbox, journal, report))
    faults, _separator, figures = report.read_text().partition("\0")
    print(f"{title}: {time.perf_counter() - start:.0f} s", flush=True)
    print(figures or "", faults or "  no fault", sep="\n", flush=True)
    return faults.splitlines()


def _report(env, inbox, journal, report):
    findings = Findings(env, inbox, journal)
    figures = [f"  {name:36} {n:6}" for name, n in sorted(findings.figures.items())]
    report.write_text("\n".join(findings.faults) + "\0" + "\n".join(figures))


def kill(copy, journal, _inbox):
    """Kill batch and queues again and again."""
    kills.kill_at_random(NAME, copy, journal, KILLS, LONGEST)


def kill_in_handover(copy, journal, inbox):
    """Kill them when a service has taken a message and has not yet said so."""
    kills.kill_in_handover(NAME, copy, journal, inbox, HANDOVERS, LONGEST_WAIT)


def run_two(copy, _journal, _inbox):
    """Run two batches at once."""
    kills.wait(*(kills.start(NAME, copy, kills.run_batch) for _number in range(2)))


def run_four(copy, _journal, _inbox):
    """Run four batches at once."""
    kills.wait(*(kills.start(NAME, copy, kills.run_batch) for _number in range(4)))


ATTEMPTS = {
    f"{HANDOVERS} kills in the handover": kill_in_handover,
    "two batches at once": run_two,
    "four batches at once": run_four,
    f"{KILLS} kills at random moments": kill,
}

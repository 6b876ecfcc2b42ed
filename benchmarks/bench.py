"""What ``bin/bench`` does, one thing after the other."""

from contextlib import contextmanager

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

from .batch import measure_batch
from .databases import ensure_databases, read_books
from .decision import measure_decision
from .forecast import measure_forecast
from .kills import measure_kills
from .ledger import Size
from .letters import measure_letters
from .memory import measure_memory
from .peer import measure_peer
from .posting import Side, measure_posting
from .preview import measure_preview
from .queue import measure_queue
from .screens import measure_statement, measure_work_list
from .sending import measure_sending

INSIDE = {
    "decision": measure_decision,
    "statement": measure_statement,
    "worklist": measure_work_list,
    "forecast": measure_forecast,
    "memory": measure_memory,
    "sending": measure_sending,
    "preview": measure_preview,
}
IN_A_COPY = {
    "batch": measure_batch,
    "letters": measure_letters,
    "peer": measure_peer,
    "queue": measure_queue,
}


def run(environment, options):
    """Make the databases and measure; return the exit code."""
    if options.only == ["kills"]:
        # On a database of its own, which goes again
        return 1 if measure_kills(environment) else 0
    size = Size(options.invoices, options.customers, options.today, options.seed)
    names, faults = ensure_databases(environment, size, options.fresh)
    for fault in faults:
        print(f"  {fault}")
    for name in options.only:
        if name == "posting":
            _measure_posting(names, size)
        elif name in IN_A_COPY:
            IN_A_COPY[name](environment, names["with"])
        else:
            _measure(names["with"], INSIDE[name])
    return 1 if faults else 0


def _measure(database, function):
    with open_database(database) as env:
        books = read_books(env)
        env = env(context={"allowed_company_ids": books.companies})
        function(env, env["res.company"].browse(books.companies[0]))
        env.cr.rollback()


def _measure_posting(names, size):
    with open_database(names["with"]) as ours, open_database(names["without"]) as bare:
        sides = []
        for env in (ours, bare):
            own = env(user=env.ref("base.user_admin").id)
            sides.append(Side(own, read_books(env).companies[0], size.today))
        measure_posting(*sides)
        ours.cr.rollback()
        bare.cr.rollback()


@contextmanager
def open_database(name):
    """Open an environment of the superuser."""
    with Registry(name).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})

"""bin/bench: make a large ledger and measure what the add-on costs on it."""

import argparse
import importlib
import sys
from datetime import date

from ..environment import ensure_environment
from ..odoo_process import load_odoo, odoo_conf
from ..paths import LOGS, ROOT

MEASURES = (
    "decision",
    "statement",
    "worklist",
    "forecast",
    "memory",
    "posting",
    "sending",
    "preview",
)
# Longer, and only when named.
LONG_MEASURES = ("batch", "queue", "letters", "peer", "kills")
DEFAULT_INVOICES = 200_000
INVOICES_PER_CUSTOMER = 10

DESCRIPTION = """\
Makes two databases with the same ledger, one without and one with the add-on (which
times its installation), checks on a sample that Odoo agrees with every row, and prints
ratios measured in one run. Databases that exist are used again, unless --fresh.
"""


def main(arguments):
    """Make the databases, if need be, and measure."""
    options = _parse(arguments)
    environment = ensure_environment()
    log = LOGS / "bench.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    conf = odoo_conf(
        environment, "postgres", logfile=log, log_level="warn", max_cron_threads=0
    )
    load_odoo(environment, conf)
    # At the end of the path: its folders have names that others have, too.
    sys.path.append(str(ROOT))
    bench = importlib.import_module("benchmarks.bench")
    return bench.run(environment, options)


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="bin/bench", description=DESCRIPTION)
    add = parser.add_argument
    add("invoices", type=int, nargs="?", default=DEFAULT_INVOICES, metavar="INVOICES")
    add("--customers", type=int, help="default: a tenth of the invoices")
    add(
        "--only",
        choices=MEASURES + LONG_MEASURES,
        action="append",
        help="measure nothing else",
    )
    add("--seed", type=int, default=1, help="another ledger of the same kind")
    add("--today", type=date.fromisoformat, default=date.today(), metavar="DATE")
    add("--fresh", action="store_true", help="make the databases anew")
    options = parser.parse_args(arguments)
    if options.invoices < INVOICES_PER_CUSTOMER:
        parser.error(f"INVOICES is less than {INVOICES_PER_CUSTOMER}")
    options.customers = options.customers or options.invoices // INVOICES_PER_CUSTOMER
    if "kills" in (options.only or ()) and len(options.only) > 1:
        parser.error("--only kills goes alone: it has a database of its own")
    options.only = options.only or MEASURES
    return options

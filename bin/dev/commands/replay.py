"""bin/replay: play a receivables ledger day by day, and see who is reminded when."""

import argparse
import os
import re
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .. import database
from ..console import say, step
from ..environment import ensure_environment
from ..odoo_process import load_odoo, odoo_conf
from ..paths import CACHE, LOGS
from ..replay_csv import Refused
from ..replay_days import Player
from ..replay_ledger import COLUMNS, read_ledger
from ..replay_plan import BASIC, Plan, get_levels
from ..replay_reference import get_reminders
from ..replay_result import (
    get_differences,
    get_table,
    read_reminders,
    read_troubles,
    write_reminders,
)
from ..smtp_sink import start_smtp_sink
from ..system import check_for_letters

REFUSED = 2
MAX_LINES = 20
RESULTS = CACHE / "replay"

DESCRIPTION = f"""\
Loads a receivables ledger into a fresh database and plays it day by day: posts the
invoices of the day (the disputed ones as litigation), registers its payments, runs the
daily follow-up batch with the clock set to that day, makes its calls, and delivers the
mail queue to a local SMTP server. Ends with the reminders per level and channel and the
days until the money came.

LEDGER.csv has the columns {", ".join(COLUMNS[:6])},
{", ".join(COLUMNS[6:])}; dates like 2012-12-31, amounts like
1234.50, disputed yes or no, delivery paper or electronic, settled_date empty while
unpaid. What is wrong in it is told with file, line and reason (exit code 2), before
anything is loaded. A customer billed on paper has a postal address and gets letters,
the others have an e-mail address; it counts how most of a customer's invoices were
sent, electronic on a tie. A country_code of two letters is taken as ISO 3166; any other
(the numbers of the sample ledger are its owner's own) becomes the company's country, as
no reminder depends on it. Invoices older than the first day, and still open on it, are
posted before it. All amounts are in the company's currency, without taxes.

PLAN.csv has a line per level, with the columns
  delay        days after the due date (negative: before), each but once
  name         what customers read as the subject
  email, letter, activity   yes or no (empty: no), one of them yes
  repeat_days  say it again after so many days (empty or 0: once)
"""
EPILOG = """\
The reminders are written to a CSV file: date, customer, level (its days), channel
(several joined by +), invoices (those that the reminder moves to a level, separated by
spaces; the message lists every other overdue invoice of the customer as well).

In the table, “claims” are the invoices that the reminders of a level moved, “paid”
those of them whose money came in the period, and the days are from the reminder to the
money. An invoice that was reminded three times counts three times.
"""


def main(arguments):
    """Read everything, then play it and tell what came of it."""
    options = _parse(arguments)
    try:
        invoices = _get_invoices(options)
        plan = _get_plan(options)
    except Refused as refused:
        print(*refused.lines(), sep="\n", file=sys.stderr, flush=True)
        return REFUSED
    check_for_letters()
    return _replay(options, invoices, plan)


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bin/replay",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("ledger", metavar="LEDGER.csv", type=Path)
    add("--plan", metavar="basic|PLAN.csv", required=True, help="levels to follow")
    add("--from", dest="start", metavar="DATE", type=_date, required=True)
    add("--to", dest="end", metavar="DATE", type=_date, required=True)
    add("--out", metavar="FILE.csv", type=Path, help=f"default: a file in {RESULTS}")
    add("--escalation", choices=("step", "age"), default="step", help="default: step")
    add("--min-amount", type=_amount, default=Decimal(0), help="default: 0")
    add("--min-interval", type=int, default=1, help="days, default: 1")
    add(
        "--check",
        action="store_true",
        help="compare with a second model of the rules; exit code 1: they differ",
    )
    add(
        "--database",
        type=_name,
        default=f"{database.PREFIX}_replay",
        help="which to make anew, and keep (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    options.out = options.out or RESULTS / f"{options.ledger.stem}-reminders.csv"
    _check(parser, options)
    return options


def _check(parser, options):
    if options.start > options.end:
        parser.error(f"--from {options.start} is after --to {options.end}")
    if options.min_interval < 0:
        parser.error("--min-interval is negative")
    RESULTS.mkdir(parents=True, exist_ok=True)
    if not options.out.parent.is_dir():
        parser.error(f"--out {options.out}: there is no such folder")
    place = options.out if options.out.exists() else options.out.parent
    if options.out.is_dir() or not os.access(place, os.W_OK):
        parser.error(f"--out {options.out}: no file can be written there")


def _date(text):
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise argparse.ArgumentTypeError(f"“{text}” is not a date like 2012-12-31")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”: {error}") from error


def _amount(text):
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not an amount like 10.50")
    return amount


def _name(text):
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", text):
        raise argparse.ArgumentTypeError(
            f"“{text}” has other characters than a-z, 0-9, _"
        )
    return text


def _get_invoices(options):
    invoices = read_ledger(options.ledger)
    if not any(invoice.date <= options.end for invoice in invoices):
        raise Refused(options.ledger, [(None, f"no invoice until {options.end}")])
    return invoices


def _get_plan(options):
    is_basic = options.plan == BASIC
    return Plan(
        levels=get_levels(None if is_basic else Path(options.plan)),
        is_basic=is_basic,
        escalation=options.escalation,
        min_amount=options.min_amount,
        min_interval=options.min_interval,
    )


def _replay(options, invoices, plan):
    environment = ensure_environment()
    database.create_database(environment, options.database)
    database.install_addon(environment, options.database)
    sink = start_smtp_sink(_empty_folder(RESULTS / options.database), echo=False)
    try:
        with step("Loading Odoo"):
            player = _get_player(environment, options.database, invoices, plan)
        player.play(options.start, options.end, sink.port)
    finally:
        sink.stop()
    return _tell(options, invoices, plan, player, sink)


def _empty_folder(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for mail in folder.glob("*.eml"):
        mail.unlink()
    return folder


def _get_player(environment, name, invoices, plan):
    log = LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    conf = odoo_conf(
        environment, name, logfile=log, log_level="warn", max_cron_threads=0
    )
    return Player(load_odoo(environment, conf), name, invoices, plan)


def _tell(options, invoices, plan, player, sink):
    """Print and write the outcome; return the exit code."""
    customers = {id_: name for name, id_ in player.books.partners.items()}
    reminders = player.run(lambda env: read_reminders(env, customers))
    write_reminders(options.out, reminders)
    say("")
    for line in get_table(reminders, invoices, options.end):
        say(line)
    say("")
    say(f"{len(sink.mails())} mails arrived: {sink.folder}")
    say(f"Every reminder: {options.out}")
    say(f"Database: {options.database}")
    faults = player.run(read_troubles)
    faults += _get_lost_mails(reminders, sink)
    if options.check:
        faults += _compare(options, invoices, plan, player, reminders)
    for line in faults[:MAX_LINES]:
        say(f"  {line}")
    if len(faults) > MAX_LINES:
        say(f"  … and {len(faults) - MAX_LINES} more")
    return 1 if faults else 0


def _get_lost_mails(reminders, sink):
    sent = sum("email" in reminder.channels for reminder in reminders)
    found = len(sink.mails())
    return [f"{sent} mails were sent, {found} arrived"] if sent != found else []


def _compare(options, invoices, plan, player, reminders):
    expected = list(get_reminders(invoices, plan, options.start, options.end))
    deliveries = player.books.deliveries
    found = list(get_differences(reminders, expected, deliveries))
    moved = sum(len(reminder.moved) for reminder in expected)
    say(
        f"Reference: {len(expected)} reminders that move {moved} claims, "
        f"{len(found)} differences"
    )
    return found

"""The database of ``bin/run --big``: a large ledger with a year of follow-up."""

from datetime import date

from dev import database
from dev.console import step

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

from .databases import make_ledger, read_books, vacuum
from .followup import generate_followup
from .ledger import Size

INVOICES, CUSTOMERS = 200_000, 20_000


def make_database(environment, name):
    """Make the database under another name first: a part of it is of no use."""
    size = Size(INVOICES, CUSTOMERS, date.today())
    making = f"{name}_making"
    with step(f"Writing {CUSTOMERS} customers and {INVOICES} invoices (2 minutes)"):
        make_ledger(environment, making, size)
    # The add-on comes by another process: this one has to look again
    Registry.delete(making)
    close_db(making)
    database.install_addon(environment, making)
    with step("Writing a year of reminders"):
        _add_followup(making, size)
        vacuum(environment, making)
    close_db(making)
    database.rename(environment, making, name)


def _add_followup(name, size):
    """Write the log; the batch stays off, or it would send to half the customers."""
    with Registry(name).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        generate_followup(env, read_books(env), size)
        env["res.company"].search([]).payment_followup_auto = False

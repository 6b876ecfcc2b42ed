"""The two databases of a size: the ledger alone, and a copy with the add-on."""

import json
import os
import shutil
import time
from dataclasses import asdict

from dev import database

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

from .books import Books, set_up_books
from .check import check_payments, check_sample
from .followup import generate_followup
from .ledger import generate

PREFIX = "payment_followup_bench"
BOOKS = "bench.books"
# Installing must not write these anew: it would stop all work for as long.
TABLES = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "res_partner",
)


def ensure_databases(environment, size, fresh=False):
    """Return the names of the databases, made if need be, and the faults found."""
    base = f"{PREFIX}_{size.invoices}_{size.customers}_{size.seed}_{size.today:%Y%m%d}"
    names = {"without": f"{base}_plain", "with": base}
    faults = []
    if fresh or not _is_ready(environment, names["without"]):
        faults += make_ledger(environment, names["without"], size)
    if fresh or not _is_ready(environment, names["with"]):
        copy_database(environment, names["without"], names["with"])
        faults += _install(environment, names["with"], size)
    # What is measured is the source of now
    database.update_addon(environment, names["with"])
    return names, faults


def read_books(env):
    """Return the :class:`Books` of a database."""
    vals = json.loads(env["ir.config_parameter"].get_param(BOOKS))
    vals["moves"] = {tuple(key): id_ for *key, id_ in vals["moves"]}
    return Books(**vals)


def _write_books(env, books):
    vals = asdict(books)
    vals["moves"] = [[*key, id_] for key, id_ in books.moves.items()]
    env["ir.config_parameter"].set_param(BOOKS, json.dumps(vals))


def _is_ready(environment, name):
    """Tell whether a database was made to the end: its comment says so."""
    rows = environment.server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname = %s",
        (name,),
    )
    return rows == [("ready",)]


def _set_ready(environment, name):
    environment.server.execute(f"COMMENT ON DATABASE \"{name}\" IS 'ready'")


def make_ledger(environment, name, size):
    """Make a database with a ledger, without the add-on; return the faults found."""
    database.create_database(environment, name)
    with Registry(name).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        books = set_up_books(env(user=env.ref("base.user_admin").id))
        _write_books(env, books)
        env.flush_all()
        times = generate(cr, books, size)
    for part, seconds in times.items():
        print(f"  {part:28} {seconds:6.1f} s")
    vacuum(environment, name)
    faults = _check(name)
    _set_ready(environment, name)
    return faults


def _check(name):
    with Registry(name).cursor() as cr:
        root = Environment(cr, SUPERUSER_ID, {})
        books = read_books(root)
        env = root(
            user=root.ref("base.user_admin").id,
            context={"allowed_company_ids": books.companies},
        )
        faults = check_sample(env) + check_payments(env)
        cr.rollback()
    print(f"  checked on a sample: {len(faults)} faults")
    return faults


def copy_database(environment, source, name):
    """Make a database with all that is in another one, its files too."""
    close_db(source)
    database.drop(environment, name)
    environment.server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    shutil.copytree(
        database.filestore(source), database.filestore(name), copy_function=os.link
    )


def _install(environment, name, size):
    """Install the add-on, print what it took, and generate the follow-up."""
    before = _get_files(environment, name)
    start = time.perf_counter()
    database.install_addon(environment, name)
    seconds = time.perf_counter() - start
    rewritten = [
        table
        for table, file in _get_files(environment, name).items()
        if before[table] != file
    ]
    print(f"installing: {seconds:.0f} s, tables rewritten: {rewritten or 'none'}")
    with Registry(name).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        generate_followup(env, read_books(env), size)
    vacuum(environment, name)
    _set_ready(environment, name)
    return [f"{table} was rewritten" for table in rewritten]


def _get_files(environment, name):
    """Return the file of each table, and when it was last altered: {table: file}."""
    rows = environment.server.execute(
        "SELECT relname, relfilenode FROM pg_class WHERE relname = ANY(%s)",
        (list(TABLES),),
        database=name,
    )
    return dict(rows)


def vacuum(environment, name):
    """Index-only scans need vacuumed pages, and every plan needs statistics."""
    environment.server.execute("VACUUM ANALYZE", database=name)

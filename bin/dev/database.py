"""Databases: a cached one with the dependencies, from which others are copied."""

import ast
import fcntl
import json
import os
import shutil
import time

from .console import Failure, say, step
from .odoo_process import odoo_conf, run_odoo, worries
from .odoo_source import fingerprint
from .paths import ADDON, CACHE, CHECKOUT, DATA, LOCK, ROOT, digest, tree_hash

PREFIX = "payment_followup"
RUN = f"{PREFIX}_run_{CHECKOUT}"
BIG = f"{PREFIX}_big_{CHECKOUT}"
TEST = f"{PREFIX}_test_{CHECKOUT}"
# A template is the work of a minute, and as large as a database.
TEMPLATE_SECONDS = 7 * 24 * 3600

# Open lock files; the system lets go of them when the process ends.
_claims = []


def manifest():
    """Return the add-on's manifest."""
    return ast.literal_eval((ROOT / "__manifest__.py").read_text())


def create_database(environment, name, *, fresh=True, demo=False, langs=()):
    """Make a database with the add-on's dependencies (not the add-on) in it.

    ``langs`` are Odoo's language codes. With ``fresh`` false an existing database
    is left as it is. Return whether one was made.
    """
    if not fresh and exists(environment, name):
        return False
    template = _ensure_template(environment, demo, langs)
    with step(f"Creating the database {name}"):
        drop(environment, name)
        _copy(environment, template, name)
    return True


def install_addon(environment, name, demo=False):
    """Install the add-on in a database and remember what was installed."""
    _load_addon(environment, name, "Installing", "-i", demo=demo)


def update_addon(environment, name):
    """Update the add-on in a database if its source has changed since."""
    if recall(name) == _state(environment):
        return
    _load_addon(environment, name, "Updating", "--i18n-overwrite", "-u")


def _load_addon(environment, name, verb, *options, demo=False):
    """Let Odoo load the add-on's data, and show what it warns of."""
    state = _state(environment)
    conf = odoo_conf(environment, name, with_demo=demo)
    lines = run_odoo(
        environment, f"{verb} the add-on", conf, "-d", name, *options, ADDON
    )
    for line in worries(lines, name):
        say(f"    {line}")
    _remember(name, state)


def claim(name):
    """Keep other processes of these tools off a database until this one ends."""
    path = CACHE / "state" / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Failure(
            f"The database {name} is in use by another bin/ command: wait until it "
            "ends, or stop it."
        ) from error
    _claims.append(lock)


def exists(environment, name):
    """Tell whether a database exists."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(environment.server.execute(query, (name,)))


def drop(environment, name):
    """Remove a database with its files, and end our sessions in it.

    Not by WITH (FORCE): that fails while PostgreSQL itself is at the database, to
    vacuum it, and the role may not stop it. DROP DATABASE stops it by itself.
    """
    environment.server.execute(
        """
        SELECT pg_terminate_backend(pid)
          FROM pg_stat_activity
         WHERE datname = %s AND usename = current_user
        """,
        (name,),
    )
    environment.server.execute(f'DROP DATABASE IF EXISTS "{name}"')
    shutil.rmtree(filestore(name), ignore_errors=True)
    _state_file(name).unlink(missing_ok=True)


def rename(environment, old, new):
    """Give a database, its files and its note another name, in place of what has it."""
    drop(environment, new)
    environment.server.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    for path, target in (
        (filestore(old), filestore(new)),
        (_state_file(old), _state_file(new)),
    ):
        if path.exists():
            path.rename(target)


def filestore(name):
    """Return the folder of a database's attachments."""
    return DATA / "filestore" / name


def is_installed(environment, name):
    """Tell whether the add-on was installed in a database to the end."""
    return exists(environment, name) and recall(name) is not None


def _remember(name, state):
    """Note which source is installed in a database."""
    path = _state_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(state))


def recall(name):
    """Return the note on what is installed in a database, or None."""
    path = _state_file(name)
    return json.loads(path.read_text()) if path.exists() else None


def is_of_this_odoo(environment, name):
    """Tell whether a database was made with the Odoo and packages of now."""
    noted = recall(name)
    return bool(noted) and noted["base"] == _state(environment)["base"]


def has_these_records(name):
    """Tell whether the records that no update touches are those of now."""
    noted = recall(name)
    return bool(noted) and noted.get("records") == _records_digest()


def _state(environment):
    return {
        "tree": tree_hash(),
        "base": _base_digest(environment),
        "records": _records_digest(),
    }


def _records_digest():
    """Return a fingerprint of templates and other data that people may change."""
    return digest(*(path.read_bytes() for path in sorted(ROOT.glob("data/*.xml"))))


def _state_file(name):
    return CACHE / "state" / f"{name}.json"


def _base_digest(environment):
    """Return a fingerprint of all that lies below the add-on."""
    depends = sorted(manifest()["depends"])
    return digest(fingerprint(environment.odoo), LOCK.read_bytes(), *depends)


def _ensure_template(environment, demo, langs):
    """Return the name of a database with the dependencies, made if need be."""
    base = f"{PREFIX}_base_{_base_digest(environment)}"
    name = f"{base}_{digest(demo, *langs)}"
    _state_file(base).parent.mkdir(parents=True, exist_ok=True)
    # One checkout makes it, the others wait for it
    with _state_file(base).with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not exists(environment, name):
            _make_template(environment, name, demo, langs)
    _state_file(name).touch()
    _drop_old_templates(environment)
    return name


def _make_template(environment, name, demo, langs):
    making = name.replace("_base_", f"_making_{CHECKOUT}_")
    drop(environment, making)
    _install_dependencies(environment, making, demo, langs)
    rename(environment, making, name)


def _install_dependencies(environment, name, demo, langs):
    options = ["-d", name, "-i", ",".join(manifest()["depends"])]
    if langs:
        # The first one becomes everybody's.
        options.append(f"--load-language={','.join(('en_US', *langs))}")
    run_odoo(
        environment,
        "Installing Odoo's modules (1 to 4 minutes, once)",
        odoo_conf(environment, name, with_demo=demo),
        *options,
    )


def _drop_old_templates(environment):
    """Remove templates that no checkout has used for some days."""
    rows = environment.server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
        (f"{PREFIX}_base_",),
    )
    for (name,) in rows:
        state = _state_file(name)
        if not state.exists() or time.time() - state.stat().st_mtime > TEMPLATE_SECONDS:
            drop(environment, name)


def _copy(environment, template, name):
    """Copy a database and its files; files never change, so links will do."""
    environment.server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    if filestore(template).exists():
        shutil.copytree(
            filestore(template),
            filestore(name),
            copy_function=os.link,
            dirs_exist_ok=True,
        )

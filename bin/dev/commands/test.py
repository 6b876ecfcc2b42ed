"""bin/test: all tests in a fresh database, or some of them in the kept one."""

import os
import subprocess
from pathlib import Path

from .. import database
from ..console import say
from ..environment import ensure_environment
from ..odoo_process import odoo_conf, odoo_environ
from ..paths import ADDON, ADDONS, CACHE, ROOT
from ..rtl import ensure_rtlcss
from ..system import check_for_tests
from ..venv import python

USAGE = """usage: bin/test [--fresh] [PATH …] [PYTEST OPTION …]

Without arguments: every test, in a fresh database. With some (a file, a folder,
FILE::CLASS::TEST, -k NAME, or another option of pytest's): that part, in the
database of the last time, unless --fresh is given."""


def main(arguments):
    """Run the tests and return pytest's exit code."""
    if {"-h", "--help"} & set(arguments):
        say(USAGE)
        return 0
    partial = [argument for argument in arguments if argument != "--fresh"]
    is_fresh = not partial or "--fresh" in arguments
    if not partial:
        check_for_tests()
    environment = ensure_environment()
    # The tours in Arabic look whether the screen is mirrored
    ensure_rtlcss()
    prepare_database(environment, is_fresh)
    return _run_pytest(environment, partial)


def prepare_database(environment, is_fresh):
    """Make or update the database of the tests."""
    name = database.TEST
    database.claim(name)
    if (
        is_fresh
        or not database.is_installed(environment, name)
        or not database.is_of_this_odoo(environment, name)
        or not database.has_these_records(name)
    ):
        database.create_database(environment, name)
        database.install_addon(environment, name)
    else:
        database.update_addon(environment, name)


def _run_pytest(environment, arguments):
    targets = [_as_odoo_sees_it(argument) for argument in arguments]
    if not any(str(ADDONS) in target for target in targets):
        targets.append(str(ADDONS / ADDON / "tests"))
    command = [
        str(python()),
        "-m",
        "pytest",
        "-p",
        "dev.no_browser_is_a_failure",
        f"--odoo-config={odoo_conf(environment, database.TEST)}",
        f"--odoo-database={database.TEST}",
        "--odoo-http",
        f"--override-ini=cache_dir={CACHE / 'pytest'}",
        *targets,
    ]
    variables = odoo_environ(environment) | {
        "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
    }
    return subprocess.call(command, env=variables, cwd=ADDONS)


def _as_odoo_sees_it(argument):
    """Return a path below the repository as one below the add-on's link.

    Only there is a test file a module of ``odoo.addons``.
    """
    path, *names = argument.split("::")
    for start in (Path.cwd(), ROOT):
        real = Path(os.path.normpath(start / path))
        if path and not path.startswith("-") and real.exists() and _is_in_repo(real):
            inside = real.resolve().relative_to(ROOT)
            return "::".join([str(ADDONS / ADDON / inside), *names])
    return argument


def _is_in_repo(path):
    return ROOT in (path.resolve(), *path.resolve().parents)

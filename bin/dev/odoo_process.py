"""Run Odoo: its configuration file, its command line, its add-ons."""

import os
import subprocess
import sys
import time

from .console import Failure, run_logged
from .odoo_source import addons_of
from .paths import ADDONS, CACHE, DATA, ROOT
from .rtl import BINARIES
from .venv import python

UNWANTED = ("OPENERP_SERVER", "PGDATABASE", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
FAILURES = (" CRITICAL ", "demo data failed to install")
WORRIES = (" WARNING ", " ERROR ")


def odoo_conf(environment, name, **options):
    """Write a configuration file for a database and return its path.

    ``options`` are further settings of Odoo's, e.g. ``smtp_port=2525``.
    """
    server = environment.server
    settings = {
        "addons_path": ",".join(map(str, addons_path(environment.odoo))),
        "data_dir": DATA,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_password": server.password,
        "db_name": name,
        "dbfilter": f"^{name}$",
        "list_db": False,
        "http_interface": "127.0.0.1",
        "max_cron_threads": 1,
        # An export of the ledger or a slow laptop may take its time.
        "limit_time_cpu": 3600,
        "limit_time_real": 3600,
    }
    settings.update(options)
    path = CACHE / "conf" / f"{name}.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    given = {key: value for key, value in settings.items() if value is not None}
    lines = [f"{key} = {value}\n" for key, value in given.items()]
    path.touch(mode=0o600)
    path.write_text("[options]\n" + "".join(lines))
    return path


def addons_path(home):
    """Return the folders in which Odoo is to look for add-ons."""
    core = home / "odoo" / "addons"
    return [ADDONS, *addons_of(home), *([core] if core.is_dir() else [])]


def odoo_environ(environment):
    """Return the environment variables for a process that imports Odoo."""
    # Odoo heeds these more than its configuration file.
    prefixes = ("ODOO_",) if environment.server.named else ("ODOO_", "PG")
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(prefixes) and name not in UNWANTED
    }
    # The add-on's folder is the repository: compiled files go elsewhere.
    return variables | {
        "PATH": f"{variables.get('PATH', os.defpath)}{os.pathsep}{BINARIES}",
        "PYTHONPATH": f"{environment.odoo}{os.pathsep}{ROOT / 'bin'}",
        "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
        "TZ": "UTC",
    }


def odoo_command(conf, *arguments):
    """Return the command line of an Odoo server."""
    return [str(python()), "-m", "odoo", "-c", str(conf), *map(str, arguments)]


def run_odoo(environment, title, conf, *arguments):
    """Run Odoo until it stops by itself and return the lines of its log.

    Odoo reports some failures in the log alone: they count too.
    """
    output = run_logged(
        odoo_command(conf, *arguments, "--stop-after-init", "--no-http"),
        title,
        env=odoo_environ(environment),
    )
    lines = output.splitlines()
    failures = [line for line in lines if any(sign in line for sign in FAILURES)]
    if failures:
        raise Failure(f"“{title}” failed: {failures[-1]}")
    return lines


def worries(lines, name):
    """Return the warnings and errors of a log that concern a database."""
    signs = [f"{worry}{name} " for worry in WORRIES]
    return [line for line in lines if any(sign in line for sign in signs)]


def call_odoo(environment, conf, command, *arguments):
    """Run one of Odoo's other commands (``i18n``, ``module`` …) quietly."""
    return subprocess.run(
        [str(python()), "-m", "odoo", *command, "-c", str(conf), *map(str, arguments)],
        env=odoo_environ(environment),
        capture_output=True,
        text=True,
        check=False,
    )


def load_odoo(environment, conf):
    """Import Odoo into this process, configured, and return the package."""
    sys.path.insert(0, str(environment.odoo))
    sys.pycache_prefix, sys.dont_write_bytecode = str(CACHE / "pycache"), False
    os.environ["TZ"] = "UTC"
    time.tzset()
    import odoo.modules.registry
    import odoo.tools

    odoo.tools.config.parse_config(["-c", str(conf)], setup_logging=True)
    return odoo

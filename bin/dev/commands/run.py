"""bin/run: Odoo with the add-on and demo data, and a place where its mail lands."""

import argparse
import importlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from .. import database
from ..console import TAIL_LINES, Failure, say, step
from ..environment import ensure_environment
from ..odoo_process import load_odoo, odoo_command, odoo_conf, odoo_environ
from ..paths import LOGS, MAIL, ROOT
from ..rtl import ensure_rtlcss
from ..smtp_sink import start_smtp_sink
from ..system import check_for_letters

HOST = "127.0.0.1"
# The customers of the demo data read these.
LANGUAGES = ("es_ES", "ar_001")
START_SECONDS = 180
STOP_SECONDS = 20


def main(arguments):
    """Start everything, wait for Ctrl-C, stop everything."""
    options = _parser().parse_args(arguments)
    check_port(options.port)
    check_for_letters()
    environment = ensure_environment()
    ensure_rtlcss()
    prepare = _prepare_big_database if options.big else _prepare_database
    name = prepare(environment, options)
    sink = start_smtp_sink(MAIL)
    try:
        _serve(environment, name, sink, options.port)
    except KeyboardInterrupt:
        say("\nStopped.")
    finally:
        sink.stop()
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="bin/run", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="begin with new demo data")
    parser.add_argument(
        "--big",
        action="store_true",
        help="20 000 customers and 200 000 invoices, in a database of their own",
    )
    parser.add_argument("--port", type=int, default=8069, help="of Odoo (8069)")
    return parser


def check_port(port):
    """Fail when something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise Failure(
                f"Port {port} cannot be used ({error}): stop the program that uses it, "
                f"or choose another one: bin/run --port {port + 1}"
            ) from error


def _prepare_database(environment, options):
    """Keep the data of the last time, brought up to date with the source."""
    name = database.RUN
    database.claim(name)
    if options.fresh or not database.is_installed(environment, name):
        shutil.rmtree(MAIL, ignore_errors=True)
        database.create_database(environment, name, demo=True, langs=LANGUAGES)
        _empty_mail_queue(environment, name)
        # Before the demo data: its messages have links, too
        _set_address(environment, name, options.port)
        database.install_addon(environment, name, demo=True)
    else:
        database.update_addon(environment, name)
        _set_address(environment, name, options.port)
    return name


def _prepare_big_database(environment, options):
    """Keep the large ledger of the last time; making it takes some minutes."""
    name = database.BIG
    database.claim(name)
    if options.fresh or not database.is_installed(environment, name):
        shutil.rmtree(MAIL, ignore_errors=True)
        load_odoo(environment, odoo_conf(environment, "postgres", log_level="warn"))
        # At the end of the path: its folders have names that others have, too
        sys.path.append(str(ROOT))
        big = importlib.import_module("benchmarks.big")
        big.make_database(environment, name)
    else:
        database.update_addon(environment, name)
    _set_address(environment, name, options.port)
    return name


def _empty_mail_queue(environment, name):
    """Forget the mails of Odoo's own demo data: somebody got an activity."""
    environment.server.execute(
        "DELETE FROM mail_mail WHERE state = 'outgoing'", database=name
    )


def _set_address(environment, name, port):
    """Let links in messages lead to the port in use."""
    environment.server.execute(
        "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'",
        (f"http://localhost:{port}",),
        database=name,
    )


def _serve(environment, name, sink, port):
    """Run Odoo until it ends or is interrupted."""
    conf = odoo_conf(
        environment,
        name,
        http_port=port,
        smtp_server=HOST,
        smtp_port=sink.port,
        email_from="followup@example.com",
    )
    log = LOGS / "run-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        server = subprocess.Popen(
            odoo_command(conf),
            env=odoo_environ(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        with step("Starting Odoo"):
            _wait_until_ready(server, port, log)
        _greet(sink, port, log)
        server.wait()
        raise Failure(f"Odoo has stopped by itself ({log} says why).")
    finally:
        _stop(server)


def _wait_until_ready(server, port, log):
    """Wait for the login page."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            tail = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            say("\n".join("    " + line for line in tail))
            raise Failure(f"Odoo does not start: the lines above say why ({log}).")
        if _answers(port):
            return
        time.sleep(0.3)
    raise Failure(f"Odoo gives no answer after {START_SECONDS} s ({log} says why).")


def _answers(port):
    address = f"http://{HOST}:{port}/web/login"
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise Failure(f"Odoo answers {error.code} at {address}.") from error
    except OSError:
        return False


def _greet(sink, port, log):
    say("")
    say(f"  Odoo       http://localhost:{port}")
    say("  Login      admin, password admin")
    say(f"  Sent mail  {sink.folder}")
    say(f"  Log        {log}")
    say("  Ctrl-C stops everything; bin/run --fresh begins with new data.")
    say("")


def _stop(server):
    """End Odoo, at first politely."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()

"""What the tools say: steps with their time, and failures in one sentence."""

import contextlib
import errno
import re
import shutil
import subprocess
import sys
import time

from .paths import CACHE, LOGS

HEARTBEAT_SECONDS = 20
TAIL_LINES = 12
FULL_BYTES = 50 * 2**20

# Said by pip, apt, git and PostgreSQL, whatever the cause around it.
DISK_TROUBLES = (
    "no space left on device",
    "disk quota exceeded",
    "not enough free disk space",
    "don't have enough free space",
)
NETWORK_TROUBLES = (
    "temporary failure resolving",
    "could not resolve",
    "name or service not known",
    "temporary failure in name resolution",
    "connection refused",
    "could not connect",
    "connection timed out",
    "network is unreachable",
    "no matching distribution found",
    "failed to fetch",
)


class Failure(Exception):
    """Something the user must do: its text is one sentence that says what."""


class FullDisk(Failure):
    """No room where the caches are."""

    def __init__(self):
        super().__init__(
            f"The disk is full: free some space (4 GB are enough) for {CACHE}."
        )


def say(text):
    """Print a line at once."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a step of some seconds, and say how long it took."""
    say(f"· {title} …")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.0f} s")


def is_disk_trouble(output):
    """Tell whether a command failed for want of room."""
    output = output.lower()
    return any(sign in output for sign in DISK_TROUBLES) or (
        CACHE.exists() and shutil.disk_usage(CACHE).free < FULL_BYTES
    )


def is_network_trouble(output):
    """Tell whether a command failed for want of the network."""
    output = output.lower()
    return any(sign in output for sign in NETWORK_TROUBLES)


def run_logged(command, title, *, unreachable=None, **options):
    """Run a command with its output in a log file, and show that it goes on.

    ``unreachable`` is the sentence for a failure of the network.
    """
    log = LOGS / f"{re.sub('[^a-z0-9]+', '-', title.lower()).strip('-')}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with step(title), log.open("wb") as out:
        code = _wait(
            subprocess.Popen(
                [str(part) for part in command],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                **options,
            )
        )
        if code:
            raise _explain(title, log, unreachable)
    return log.read_text(errors="replace")


def _wait(process):
    """Wait for a command, with a sign of life now and then; return its exit code."""
    start = time.monotonic()
    try:
        while True:
            try:
                return process.wait(HEARTBEAT_SECONDS)
            except subprocess.TimeoutExpired:
                say(f"  … {time.monotonic() - start:.0f} s")
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _explain(title, log, unreachable):
    """Return the failure of a command, with its cause when the output shows it."""
    output = log.read_text(errors="replace")
    if is_disk_trouble(output):
        return FullDisk()
    if unreachable and is_network_trouble(output):
        return Failure(unreachable)
    tail = "\n".join("    " + line for line in output.splitlines()[-TAIL_LINES:])
    say(tail)
    return Failure(f"“{title}” failed: the output above says why ({log}).")


def main_guard(function, *args):
    """Call a command's main function and exit with its code.

    A failure is one line on standard error, never a traceback.
    """
    try:
        code = function(*args)
    except KeyboardInterrupt:
        code = 130
    except Failure as failure:
        print(f"{failure}", file=sys.stderr, flush=True)
        code = 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(FullDisk(), file=sys.stderr, flush=True)
        code = 1
    sys.exit(code)

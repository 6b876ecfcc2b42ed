"""A loopback SMTP server that keeps every mail as a file and delivers none.

It runs in a process of its own, so that a caller may set its clock back.
"""

import itertools
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from .console import Failure
from .paths import ROOT
from .venv import python

HOST = "127.0.0.1"
SUBJECT_WIDTH = 60


@dataclass
class Sink:
    """A running sink: its port, and the folder its mails land in."""

    port: int
    folder: Path
    process: subprocess.Popen

    def mails(self):
        """Return the files of the mails received, in the order of arrival."""
        return sorted(self.folder.glob("*.eml"))

    def stop(self):
        """End the sink; its mails stay."""
        self.process.stdin.close()
        self.process.wait(10)


def start_smtp_sink(folder, echo=True):
    """Start a sink on a free port; with ``echo`` it prints a line for each mail."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [str(python()), "-m", "dev.smtp_sink", str(folder)] + ["echo"] * echo,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT / "bin")},
        # Ctrl-C is for the caller, who stops the sink last.
        start_new_session=True,
    )
    told = process.stderr.readline().decode().strip()
    if not told.isdigit():
        raise Failure(f"The mail sink does not start: {told or 'it said nothing'}.")
    return Sink(int(told), folder, process)


class _Keeper:
    """Handle mails as aiosmtpd wants it: write each one to a file."""

    def __init__(self, folder, echo):
        self.folder, self.echo = folder, echo
        self.numbers = itertools.count(1)

    async def handle_DATA(self, _server, _session, envelope):
        """Keep a mail; answer as a server that has taken it."""
        recipients = ", ".join(envelope.rcpt_tos)
        path = self.folder / self._file_name(recipients)
        partial = path.with_suffix(".partial")
        partial.write_bytes(envelope.original_content)
        partial.rename(path)
        if self.echo:
            print(f"mail to {recipients}: {_subject(envelope)} ({path})", flush=True)
        return "250 kept"

    def _file_name(self, recipients):
        """Return a name that sorts by time and tells the recipient."""
        safe = re.sub(r"[^\w.@+-]+", "_", recipients)[:80]
        return f"{datetime.now():%Y%m%d-%H%M%S}-{next(self.numbers):05d}-{safe}.eml"


def _subject(envelope):
    headers = message_from_bytes(envelope.original_content, policy=policy.default)
    return str(headers["subject"] or "no subject")[:SUBJECT_WIDTH]


def _free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _serve(folder, echo):
    """Take mails until standard input closes, that is, until the caller ends."""
    from aiosmtpd.controller import Controller

    port = _free_port()
    controller = Controller(_Keeper(Path(folder), echo), hostname=HOST, port=port)
    controller.start()
    print(port, file=sys.stderr, flush=True)
    sys.stdin.read()
    controller.stop()


if __name__ == "__main__":
    _serve(sys.argv[1], "echo" in sys.argv[2:])

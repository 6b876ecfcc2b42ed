"""Clocks: what is compared runs by turns, in one session, and the best time counts.

Times on a shared machine are noisy. The processor time of the database's process says
more than the clock on the wall, where the server runs on this machine.
"""

import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Times:
    """Seconds that some runs took; ``cpu`` is empty where it cannot be known.

    It is the processor time of Odoo and of the database session together.
    """

    wall: list = field(default_factory=list)
    cpu: list = field(default_factory=list)

    @property
    def best(self):
        """The least disturbed run: its processor time, else its time."""
        return min(self.cpu or self.wall)

    def __str__(self):
        text = f"{_ms(min(self.wall))} best, {_ms(statistics.median(self.wall))} median"
        return text + (f", {_ms(min(self.cpu))} of CPU" if self.cpu else "")


def _ms(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds > 0.01 else f"{seconds * 1000:.1f} ms"


class Backend:
    """The processor time of a database session's process."""

    def __init__(self, cr):
        cr.execute("SELECT pg_backend_pid(), inet_server_addr() IS NULL")
        pid, is_local = cr.fetchone()
        self.path = Path(f"/proc/{pid}/schedstat")
        self.known = is_local and self.path.exists()

    def seconds(self):
        """Return the processor time so far."""
        return int(self.path.read_text().split()[0]) / 1e9 if self.known else 0


def take_turns(cr, functions, rounds):
    """Run every function in every round; return their :class:`Times` by name.

    One more round goes before, to fill the caches; it does not count.
    """
    backend = Backend(cr)
    times = {name: Times() for name in functions}
    for turn in range(rounds + 1):
        for name, function in functions.items():
            start = time.perf_counter()
            before = time.process_time() + backend.seconds()
            function()
            if turn:
                times[name].wall.append(time.perf_counter() - start)
                if backend.known:
                    after = time.process_time() + backend.seconds()
                    times[name].cpu.append(after - before)
    return times


class Nowhere:
    """A file that takes what COPY writes."""

    def write(self, data):
        """Forget the data."""
        return len(data)


def read_all(cr, query):
    """Let PostgreSQL compute and send all rows; nothing is built in Python."""
    text = cr.mogrify(query.code, query.params).decode()
    cr.copy_expert(f"COPY ({text}) TO STDOUT", Nowhere())


def count_queries(cr, function):
    """Return how many queries a function runs."""
    before = cr.sql_log_count
    function()
    return cr.sql_log_count - before

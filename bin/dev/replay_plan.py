"""The plan that a replay follows: the ready-made one, or levels from a CSV file."""

from dataclasses import dataclass
from decimal import Decimal

from .replay_csv import Refused, read_rows
from .replay_ledger import YES_NO

BASIC = "basic"
BASIC_DELAYS = (3, 7, 15)
CHANNELS = ("email", "letter", "activity")
REQUIRED = ("delay", "name")
MAX_DELAY = 3650


@dataclass(frozen=True)
class Level:
    """One level: days after the due date, and what happens then."""

    delay: int
    name: str = ""
    email: bool = True
    letter: bool = False
    activity: bool = False
    repeat_days: int = 0


@dataclass(frozen=True)
class Plan:
    """The levels in the order of their delays, with the company's settings."""

    levels: tuple
    is_basic: bool = False
    escalation: str = "step"
    min_amount: Decimal = Decimal(0)
    min_interval: int = 1


def get_levels(path):
    """Return the levels of the file ``path``; of the basic plan for None."""
    if path is None:
        return tuple(Level(delay) for delay in BASIC_DELAYS)
    return read_levels(path)


def read_levels(path):
    """Return the levels in a CSV file.

    :raise Refused: with every fault of every row
    """
    faults, levels, seen = [], [], {}
    for row in read_rows(path, REQUIRED, faults):
        level = _read_level(row)
        if level.delay is not None and level.delay in seen:
            row.refuse(f"delay {level.delay} is also on line {seen[level.delay]}")
        seen.setdefault(level.delay, row.line)
        levels.append(level)
    if faults:
        raise Refused(path, faults)
    return tuple(sorted(levels, key=lambda level: level.delay))


def _read_level(row):
    ticked = {name: row.choice(name, YES_NO, False) for name in CHANNELS}
    level = Level(
        delay=row.whole("delay"),
        name=row.text("name"),
        repeat_days=row.whole("repeat_days", 0),
        **ticked,
    )
    if not any(ticked.values()):
        row.refuse(f"none of {', '.join(CHANNELS)} is “yes”: the level does nothing")
    if level.delay is not None and abs(level.delay) > MAX_DELAY:
        row.refuse(f"delay {level.delay} is not within {MAX_DELAY} days")
    if level.repeat_days is not None and not 0 <= level.repeat_days <= MAX_DELAY:
        row.refuse(f"repeat_days {level.repeat_days} is not within 0–{MAX_DELAY} days")
    return level

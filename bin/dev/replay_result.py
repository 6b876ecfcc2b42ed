"""What a replay brought: reminders as the add-on has logged them, and what they did."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import mean, median

CHANNELS = ("email", "sms", "whatsapp", "letter", "post", "activity")
VOID = ("failed", "cancelled")
COLUMNS = ("date", "customer", "level", "channel", "invoices")


@dataclass(frozen=True)
class Reminder:
    """What one customer got on one day, read off the action log."""

    day: date
    customer: str
    delay: int
    channels: tuple
    moved: frozenset  # numbers of the invoices that reached a level
    listed: frozenset  # numbers of all invoices in the message


def get_reminder_domain():
    """Return which log rows are part of a reminder."""
    return [
        ("kind", "in", CHANNELS),
        ("level_id", "!=", False),
        ("state", "not in", VOID),
    ]


def read_reminders(env, customers):
    """Return the reminders in the log; ``customers`` is {id of res.partner: name}."""
    actions = env["payment.followup.action"].search(
        get_reminder_domain(), order="date, partner_id, id"
    )
    groups = actions.grouped(lambda action: (action.date, action.partner_id.id))
    return [
        _read_reminder(day, customers[partner_id], group)
        for (day, partner_id), group in groups.items()
    ]


def _read_reminder(day, customer, actions):
    lines = actions.line_ids.filtered(lambda line: line.amount_residual > 0)
    return Reminder(
        day=day,
        customer=customer,
        delay=max(actions.level_id.mapped("delay")),
        channels=tuple(kind for kind in CHANNELS if kind in actions.mapped("kind")),
        moved=frozenset(lines.filtered("level_id").mapped("name")),
        listed=frozenset(lines.mapped("name")),
    )


def read_troubles(env):
    """Return a line for each reminder that failed or was stopped, and each error."""
    actions = env["payment.followup.action"].search(
        ["|", ("kind", "=", "error"), ("state", "in", VOID)], order="date, id"
    )
    return [
        f"{action.date} {action.partner_id.name}: {action.kind} {action.state}, "
        f"{action.error or action.subject or 'no remark'}"
        for action in actions
    ]


def write_reminders(path, reminders):
    """Write a row per reminder; its invoices are those that it moved to a level."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for reminder in reminders:
            writer.writerow(
                [
                    reminder.day,
                    reminder.customer,
                    reminder.delay,
                    "+".join(reminder.channels),
                    " ".join(sorted(reminder.moved)),
                ]
            )


def get_table(reminders, invoices, end):
    """Return the summary as lines: a row per level, and one for all."""
    settled = {i.number: i.settled for i in invoices if i.settled and i.settled <= end}
    channels = [c for c in CHANNELS if any(c in r.channels for r in reminders)]
    titles = ("level", "reminders", *channels, "claims", "paid", "unpaid")
    titles += ("median days", "mean days")
    rows = [
        _get_row(f"{delay} days", group, channels, settled)
        for delay, group in sorted(_group_by_delay(reminders).items())
    ]
    rows.append(_get_row("all", reminders, channels, settled))
    widths = [max(len(title), 7) for title in titles]
    return [
        "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        for row in (titles, *rows)
    ]


def _group_by_delay(reminders):
    groups = {}
    for reminder in reminders:
        groups.setdefault(reminder.delay, []).append(reminder)
    return groups


def _get_row(title, reminders, channels, settled):
    counts = Counter(channel for r in reminders for channel in r.channels)
    claims = [(number, r.day) for r in reminders for number in r.moved]
    waits = [(settled[n] - day).days for n, day in claims if n in settled]
    return (
        title,
        len(reminders),
        *(counts[channel] for channel in channels),
        len(claims),
        len(waits),
        len(claims) - len(waits),
        f"{median(waits):.1f}" if waits else "–",
        f"{mean(waits):.1f}" if waits else "–",
    )


def get_differences(reminders, expected, deliveries):
    """Yield a line for each customer and day on which two lists differ.

    Beyond the rules, each customer must have been reached as they are billed.
    """
    found = {(r.day, r.customer): r for r in reminders}
    wanted = {(e.day, e.customer): e for e in expected}
    for day, customer in sorted(found.keys() | wanted.keys()):
        ours = found.get((day, customer))
        theirs = wanted.get((day, customer))
        if _get_rule(ours) != _get_rule(theirs):
            yield (
                f"{day} {customer}: the add-on {_describe(ours)}, "
                f"the reference {_describe(theirs)}"
            )
        wrong = "email" if deliveries[customer] == "paper" else "letter"
        if ours and wrong in ours.channels:
            yield f"{day} {customer}: billed {deliveries[customer]}, reached by {wrong}"


def _get_rule(reminder):
    """Return what the rules decide in a reminder, of the add-on or the reference."""
    return reminder and (reminder.delay, reminder.moved, reminder.listed)


def _describe(reminder):
    if not reminder:
        return "sends nothing"
    moved = ", ".join(sorted(reminder.moved)) or "none"
    listed = ", ".join(sorted(reminder.listed - reminder.moved))
    also = f", lists {listed}" if listed else ""
    return f"reminds at {reminder.delay} days (moves {moved}{also})"

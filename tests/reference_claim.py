"""One claim: its next level, the day of it, and why it is, or is not, due today.

The part of the reference that looks at one open item; see reference.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """The next thing to say about a claim."""

    level: int
    day: int


def get_next_step(plan, item):
    """Return the next step of a claim, None when its ladder ends.

    The earlier one of two. Where both have come, or come on the same day, the next
    level says it all.
    """
    level, repetition = get_next_level(plan, item), get_repetition(plan, item)
    if not level or not repetition:
        return level or repetition
    is_first = level.day <= max(repetition.day, plan.today)
    place = level.level if is_first else repetition.level
    return Step(place, min(level.day, repetition.day))


def get_next_level(plan, item):
    """Return the step to a later level.

    ``step``: the one after the last level, or the first. ``age``: the highest one whose
    day has come by the first day on which anything may be said, else the first.
    """
    last = None if item.level is None else plan.levels[item.level]
    steps = [
        Step(place, get_day(item, level, last))
        for place, level in sorted(enumerate(plan.levels), key=lambda x: x[1].delay)
        if level.active and (last is None or level.delay > last.delay)
    ]
    free = after_promise(item, plan.today)
    if not any(is_in_time(plan, item, step) for step in steps):
        steps = [step for step in steps if plan.levels[step.level].delay >= 0]
    reached = [step for step in steps if step.day <= free]
    if plan.escalation == "age" and reached:
        return reached[-1]
    return steps[0] if steps else None


def get_day(item, level, last):
    days = [item.due + level.delay]
    if last:
        days.append(item.told_first + level.delay - last.delay)
    return after_promise(item, max(days))


def is_in_time(plan, item, step):
    """Tell whether a step announces a payment that is not overdue by then."""
    day = after_promise(item, max(step.day, plan.today))
    return plan.levels[step.level].delay < 0 and day <= item.due


def get_repetition(plan, item):
    """Return the step that says the last level again, None when it is not said."""
    if item.level is None:
        return None
    level = plan.levels[item.level]
    if not level.repeat_days or not level.active:
        return None
    day = after_promise(item, item.told_last + level.repeat_days)
    step = Step(item.level, day)
    return step if level.delay >= 0 or is_in_time(plan, item, step) else None


def after_promise(item, day):
    return day if item.promised is None else max(day, item.promised + 1)


class ItemDecision:
    """What becomes of one open item today; attributes named as the columns are."""

    def __init__(self, plan, account, item):
        self.plan, self.account, self.item = plan, account, item
        self.days_overdue = plan.today - item.due
        self.is_claim = item.amount > 0
        self.is_disputed = self.is_claim and item.disputed
        self.is_followed = self.is_claim and not item.disputed and bool(item.owner)
        self.is_outside = not item.owner or (
            self.is_claim and item.is_misc and item.disputed
        )
        self.is_promised = item.promised is not None and item.promised >= plan.today
        step = get_next_step(plan, item) if self.is_followed else None
        self.next_level = step and step.level
        self.next_date = step and step.day
        is_ready = self.next_date is not None and self.next_date <= plan.today
        self.is_due = self.is_followed and is_ready
        self.is_listed = (
            self.is_followed
            and not self.is_promised
            and (self.days_overdue > 0 or self.is_due)
        )
        is_repetition = step is not None and step.level == item.level
        self.repeat_count = item.repeat_count + 1 if is_repetition else 0
        self.reason = first_that_applies(self.get_reasons())

    @property
    def columns(self):
        """The whole row, a dict; levels and days as in this module."""
        return {
            "amount_residual": self.item.amount,
            "part": self.part,
            "date_due": self.item.due,
            "days_overdue": self.days_overdue,
            "reason": self.reason,
            "is_claim": self.is_claim,
            "is_due": self.is_due,
            "is_listed": self.is_listed,
            "level_id": self.item.level,
            "followup_date": self.item.told_last,
            "next_level_id": self.next_level,
            "next_date": self.next_date,
        } | ({"repeat_count": self.repeat_count} if self.is_due else {})

    def get_reasons(self):
        """Return whether each reason applies, in the order in which they are tried."""
        return {
            "outside": self.is_outside,
            "credit": not self.is_claim,
            "litigation": self.is_disputed,
            "promised": self.is_promised,
            "due": self.is_due,
            "not_due": self.days_overdue <= 0,
            "plan_done": self.next_date is None,
            "waiting": True,
        }

    @property
    def part(self):
        """The part of the receivable balance that the item belongs to."""
        account, today = self.account, self.plan.today
        is_on_hold = (
            self.is_disputed
            or self.is_promised
            or not self.plan.enabled
            or account.mode == "none"
            or (account.planned is not None and account.planned > today)
        )
        return first_that_applies(
            {
                "outside": self.is_outside,
                "hold": is_on_hold,
                "not_due": self.days_overdue <= 0,
                "followed": True,
            }
        )


def first_that_applies(applies):
    return next(reason for reason, is_true in applies.items() if is_true)

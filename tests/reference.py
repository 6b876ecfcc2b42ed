"""Which reminder is due, and if none, why: DESIGN.md, section 2, in plain Python.

It looks at one claim and one customer at a time and shares no code with the add-on, so
that the tests compare two independent answers. Days, amounts and levels: see world.py.
"""

from .reference_claim import ItemDecision, first_that_applies


def decide(world):
    """Return a :class:`Decision` for each customer with open items.

    :return: a dict {(company, customer): decision}
    """
    places = {}
    for (company, customer, place), item in decide_items(world).items():
        if item.item.owner:
            places.setdefault((company, customer), {})[place] = item
    return {
        (company, customer): Decision(
            world.plans[company],
            world.customers[customer],
            world.accounts[company, customer],
            items,
        )
        for (company, customer), items in places.items()
    }


def decide_items(world):
    """Return an :class:`ItemDecision` for each open item.

    :return: a dict {(company, customer, place): decision}
    """
    return {
        (company, customer, place): ItemDecision(
            world.plans[company], world.accounts[company, customer], item
        )
        for (company, customer, place), item in world.items.items()
    }


def foresee(world, company, days):
    """Return what goes out in so many days if nothing else changes; play it.

    :return: a list of (day, customer, level, amount)
    """
    plan, messages = world.plans[company], []
    for day in range(plan.today, plan.today + days):
        plan.today = day
        for (place, customer), decision in decide(world).items():
            if place == company and decision.is_sent:
                amount = decision.amounts["amount_reminder"]
                messages.append((day, customer, decision.next_level, amount))
                decision.remind()
    return messages


class Decision:
    """What becomes of one customer in one company today."""

    def __init__(self, plan, customer, account, places):
        """Decide.

        :param places: the open items, a dict {place: :class:`ItemDecision`}
        """
        self.plan, self.customer, self.account = plan, customer, account
        self.places, self.items = places, list(places.values())
        self.claims = [item for item in self.items if item.is_claim]
        self.followed = [item for item in self.items if item.is_followed]
        self.listed = [item for item in self.items if item.is_listed]
        self.due = [item for item in self.items if item.is_due]
        self.credits = [item for item in self.items if not item.is_claim]
        self.next_level = self._get_highest(item.next_level for item in self.due)
        self.asked = self.due if self._is_ahead() else self.listed
        self.net = total(self.asked) + total(self.credits)
        self.reason = first_that_applies(self.get_reasons())

    def get_reasons(self):
        """Return whether each reason applies, in the order in which they are tried."""
        account, today = self.account, self.plan.today
        is_due = bool(self.due)
        open_ladders = {item.next_date is not None for item in self.listed}
        return {
            "disabled": not self.plan.enabled,
            "excluded": account.mode == "none",
            "covered": self._is_covered(),
            "paused": account.planned is not None and account.planned > today,
            "below_minimum": is_due and self.net < self.plan.min_amount,
            "delivery_failed": self._has_failed(is_due),
            "no_address": is_due and not self._is_reachable(),
            "interval": is_due and self._is_too_early(),
            "due": is_due,
            "waiting": True in open_ladders,
            "promised": any(
                item.is_promised and item.days_overdue > 0 for item in self.followed
            ),
            "plan_done": False in open_ladders,
            "litigation": not self.followed
            or any(item.is_disputed and item.days_overdue > 0 for item in self.claims),
            "not_due": True,
        }

    def _is_ahead(self):
        """Tell whether a reminder would announce what is not overdue yet."""
        return (
            self.next_level is not None and self.plan.levels[self.next_level].delay < 0
        )

    def _is_covered(self):
        """Tell whether the credits outweigh what a reminder would list.

        Without a reminder: what is overdue, though it be promised.
        """
        if not self.credits:
            return False
        overdue = [item for item in self.followed if item.days_overdue > 0]
        claims = self.asked or overdue
        return not self.claims or (
            bool(claims) and total(claims) + total(self.credits) <= 0
        )

    def _has_failed(self, is_due):
        """A failed delivery waits for people, an error of ours for tomorrow."""
        failure, today = self.account.failure, self.plan.today
        return failure == "delivery" or (
            is_due and failure == "error" and self.account.failed >= today
        )

    def _is_too_early(self):
        if self.account.reminded is None:
            return False
        return self.account.reminded + self.plan.min_interval > self.plan.today

    def _is_reachable(self):
        """E-mail and letter stand in for every channel; people need no address."""
        channels = self.plan.levels[self.next_level].channels
        has_phone = any(one.has_phone for one in self.customer.addressees)
        return (
            "create_activity" in channels
            or any(one.has_email or one.street for one in self.customer.addressees)
            or (has_phone and bool({"send_sms", "send_whatsapp"} & set(channels)))
        )

    def _get_highest(self, places):
        """Return the highest of some levels, of two with one delay the later one."""
        levels = self.plan.levels
        ranks = [(levels[place].delay, place) for place in places if place is not None]
        return max(ranks)[1] if ranks else None

    @property
    def is_automatic(self):
        """Whether the batch sends it: the company, the level and the customer agree."""
        return (
            self.plan.auto
            and self.next_level is not None
            and self.plan.levels[self.next_level].auto
            and self.account.mode == "automatic"
        )

    @property
    def is_sent(self):
        return self.reason == "due" and self.is_automatic

    @property
    def level(self):
        """The highest level communicated for a claim that is still open."""
        return self._get_highest(item.item.level for item in self.claims)

    @property
    def next_date(self):
        """The day of the next reminder if nothing changes.

        A day planned by hand that is still ahead stands also where the plan has
        nothing more to say.
        """
        if self.reason in ("disabled", "excluded", "covered", "below_minimum"):
            return None
        days = [item.next_date for item in self.followed if item.next_date is not None]
        planned = self.account.planned
        is_ahead = planned is not None and planned > self.plan.today
        holds = [planned] if days or is_ahead else []
        if days and self.account.reminded is not None:
            holds.append(self.account.reminded + self.plan.min_interval)
        known = [day for day in (*sorted(days)[:1], *holds) if day is not None]
        return max(known, default=None)

    @property
    def amounts(self):
        """All sums, a dict {column: cents}."""
        overdue = [item for item in self.followed if item.days_overdue > 0]
        excluded = total(item for item in self.claims if item.is_disputed)
        return get_buckets(self.items) | {
            "amount_due": total(self.items) - excluded,
            "amount_overdue": max(total(overdue) + total(self.credits), 0),
            "amount_reminder": max(self.net, 0),
            "amount_excluded": excluded,
            "amount_credit": total(self.credits),
        }

    @property
    def columns(self):
        """The whole row, a dict; levels, recipient and days as in this module."""
        return self.amounts | {
            "reason": self.reason,
            "is_automatic": self.is_automatic,
            "due_level_id": self.next_level if self.reason == "due" else None,
            "next_level_id": self.next_level,
            "level_id": self.level,
            "next_date": self.next_date,
            "followup_date": max(
                (x.item.told_last for x in self.items if x.item.history), default=None
            ),
            "expected_date": min(
                (x.item.promised for x in self.followed if x.is_promised),
                default=None,
            ),
            "recipient_id": self.customer.recipient,
            "days_overdue": max([0, *(item.days_overdue for item in self.followed)]),
            "claim_count": len(self.claims),
        }

    def remind(self):
        """Send it: the due claims, and no others, move to their own next level."""
        today = self.plan.today
        for item in self.due:
            item.item.history += ((item.next_level, today),)
        self.before, self.account.reminded = self.account.reminded, today
        self.account.failure = self.account.failed = None
        self.account.known = True

    def bounce(self):
        """Learn that the reminder of today did not arrive: it does not count."""
        for item in self.due:
            item.item.history = item.item.history[:-1]
        self.account.reminded = self.before
        self.account.failure, self.account.failed = "delivery", self.plan.today


def total(items):
    return sum(item.item.amount for item in items)


def get_buckets(items):
    """Return the sums by age: not due, 1–30, 31–60, 61–90, 91–120, over 120 days."""
    edges = {
        "amount_not_due": range(-10_000, 1),
        "amount_1_30": range(1, 31),
        "amount_31_60": range(31, 61),
        "amount_61_90": range(61, 91),
        "amount_91_120": range(91, 121),
        "amount_over_120": range(121, 10_000),
    }
    return {
        name: total(item for item in items if item.days_overdue in days)
        for name, days in edges.items()
    }

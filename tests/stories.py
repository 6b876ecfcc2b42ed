"""Random stories of companies and their customers, for tests with hypothesis."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from .world import Account, Item, Level, Readable, World
from .worlds import (
    COMPANIES,
    ITEMS,
    LEVELS,
    companies,
    delays,
    make_world,
    mostly,
    plans,
)


@dataclass(repr=False)
class Event(Readable):
    """Something that happens in the morning of a day, see :class:`Life`.

    ``company``, ``customer`` and ``item`` are counted round: any number means one.
    """

    what: str = ""
    day: int = 0
    company: int = 0
    customer: int = 0
    item: int = 0
    value: int = 0


@dataclass(repr=False)
class Story(Readable):
    """A world without a past, and what happens in it."""

    world: World = field(default_factory=World)
    events: list = field(default_factory=list)


class Life:
    """Everything that may happen to a customer, apart from reminders."""

    def __init__(self, story):
        self.world = story.world
        self.events = story.events

    def start_day(self, day):
        """Let a day begin, with its events; return those that are not of this class."""
        for plan in self.world.plans:
            plan.today = day
        events = [event for event in self.events if event.day == day]
        return [event for event in events if not self._play(event)]

    def get_account(self, event):
        """Return company and customer of an event, as the keys of World.accounts."""
        return (
            event.company % len(self.world.plans),
            event.customer % len(self.world.customers),
        )

    def _play(self, event):
        method = getattr(self, event.what, None)
        if not method:
            return False
        company, customer = self.get_account(event)
        account = self.world.customers[customer].accounts[company]
        account.known = True
        method(self.world.plans[company], account, event)
        return True

    def _get_claims(self, account, event):
        """Return the claim that an event is about, a list of one or none."""
        claims = [item for item in account.items if item.amount > 0]
        return [claims[event.item % len(claims)]] if claims else []

    def promise(self, plan, account, event):
        for claim in self._get_claims(account, event):
            claim.promised = plan.today + event.value

    def dispute(self, plan, account, event):
        for claim in self._get_claims(account, event):
            claim.disputed = not claim.disputed

    def pay(self, plan, account, event):
        """Pay a claim in part, or in full when ``value`` is as much as that."""
        for claim in self._get_claims(account, event):
            if event.value >= claim.amount:
                claim.gone = "reconciled"
            claim.amount -= event.value if 0 < event.value < claim.amount else 0

    def unreconcile(self, plan, account, event):
        for claim in self._get_claims(account, event):
            claim.gone = None

    def bill(self, plan, account, event):
        """Get an invoice that is due that day, or a credit note."""
        if len(account.items) < ITEMS:
            account.items.append(Item(amount=event.value or 1, due=plan.today))

    def hold(self, plan, account, event):
        account.planned = plan.today + event.value

    def switch(self, plan, account, event):
        account.mode = ("automatic", "manual", "none")[event.value % 3]

    def give_up(self, plan, account, event):
        account.failure, account.failed = "delivery", plan.today

    def try_again(self, plan, account, event):
        account.failure = account.failed = None

    def archive(self, plan, account, event):
        plan.levels[event.item % len(plan.levels)].active = False

    def move(self, plan, account, event):
        """Give a level another delay, unless one has it."""
        delays = [level.delay for level in plan.levels]
        if event.value not in delays:
            plan.levels[event.item % len(plan.levels)].delay = event.value

    def add(self, plan, account, event):
        """Add a level, unless one has its delay."""
        delays = [level.delay for level in plan.levels]
        if event.value not in delays and len(plan.levels) < LEVELS:
            plan.levels.append(Level(event.value, channels=plan.levels[0].channels))


EVENTS = (
    "promise",
    "dispute",
    "pay",
    "unreconcile",
    "bill",
    "hold",
    "switch",
    "give_up",
    "try_again",
    "archive",
    "move",
    "add",
)


def events(names, days):
    return st.builds(
        Event,
        what=st.sampled_from(names),
        day=st.integers(0, days - 1),
        company=st.integers(0, COMPANIES - 1),
        customer=st.integers(0, 2),
        item=st.integers(0, 2),
        value=st.integers(-3, 12),
    )


@st.composite
def stories(draw, days, size=3, names=EVENTS, channels=("send_email",)):
    """Return a company or two without any history, and what happens to them.

    :param size: how many customers, and items of each, there are at most
    :param names: what may happen
    :param channels: what levels may use, each level one of them
    """
    level = st.builds(
        Level,
        delay=delays,
        repeat_days=st.sampled_from([0, 3, 7]),
        auto=mostly(True, False, odds=19),
        channels=st.sampled_from([(channel,) for channel in channels]),
    )
    intervals = st.sampled_from([1, 0, 2, 3, 5])
    amount = st.integers(-4, 30).map(lambda amount: amount or 1)
    item = st.builds(Item, amount=amount, due=st.integers(-15, 9))
    account = st.builds(Account, items=st.lists(item, min_size=1, max_size=size))
    company = companies(
        plans(level, 2, min_interval=intervals), lambda plan: account, size
    )
    return Story(
        make_world(draw(st.lists(company, min_size=1, max_size=COMPANIES))),
        draw(st.lists(events(names, days), min_size=size, max_size=3 * size)),
    )

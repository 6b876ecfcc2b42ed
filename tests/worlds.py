"""Random companies and customers in any state, for tests with hypothesis."""

from itertools import combinations, product, zip_longest

from hypothesis import strategies as st

from .world import Account, Contact, Customer, Item, Level, Plan, World

# How much of each there is at most; the tests keep as many records.
COMPANIES = 2
CUSTOMERS = 4
CONTACTS = 2
LEVELS = 4
ITEMS = 4
CHANNELS = (
    "send_email",
    "send_sms",
    "send_whatsapp",
    "print_letter",
    "send_post",
    "create_activity",
)


def mostly(*values, odds=3):
    """Return the first of ``values``, and now and then another one."""
    usual, *others = values
    return st.sampled_from([usual] * (odds * len(others)) + others)


def around(day, before, after):
    """Return the days from ``before`` days before ``day`` to ``after`` days after."""
    return st.integers(day - before, day + after)


def maybe(strategy):
    return st.one_of(st.none(), strategy)


amounts = st.integers(1, 30)
# Near the levels and promises, still ahead, at the edges of the buckets, anywhere
due_days = st.one_of(
    st.integers(-12, 3),
    st.integers(0, 8),
    st.sampled_from([0, -1, -30, -31, -60, -61, -90, -91, -120, -121]),
    st.integers(-150, 30),
)
delays = st.integers(-4, 12)
repeat_days = st.sampled_from([0, 0, 1, 3, 7])
any_levels = st.builds(
    Level,
    delay=delays,
    repeat_days=repeat_days,
    active=mostly(True, False),
    auto=mostly(True, False),
    channels=st.sampled_from([*combinations(CHANNELS, 1), *combinations(CHANNELS, 2)]),
)
# E-mail, street and phone. Nothing and empty occur in the database; both are nothing,
# and so are words that are no address or number.
NOTHING = (None, "")
emails = ("a@b.example", *NOTHING, "unknown")
streets = (*NOTHING, "Street")
phones = (*NOTHING, "+1555", "unknown")
addresses = st.sampled_from(list(product(emails, streets, phones)))


@st.composite
def any_contacts(draw):
    type_ = draw(st.sampled_from(["invoice", "followup", "delivery"]))
    return Contact(type_, draw(mostly(True, False)), *draw(addresses))


def have_own_delays(levels):
    """Tell whether active levels differ in their delay, as the database demands."""
    delays = [level.delay for level in levels if level.active]
    return len(delays) == len(set(delays))


def plans(levels, min_levels=0, **options):
    settings = {
        "escalation": st.sampled_from(["step", "age"]),
        "min_amount": mostly(0, 1, 5, 20, odds=1),
        "min_interval": st.sampled_from([1, 0, 2, 3, 5]),
    }
    some_levels = st.lists(levels, min_size=min_levels, max_size=LEVELS)
    return st.builds(
        Plan,
        levels=some_levels.filter(have_own_delays),
        **settings | options,
    )


# Two companies may be in two time zones: it need not be the same day in both.
any_plans = plans(
    any_levels,
    enabled=mostly(True, False, odds=15),
    auto=mostly(True, False),
    today=st.integers(-1, 1),
)


def histories(plan, days=15):
    """Return the reminders of a claim so far: pairs of a level and a day."""
    if not plan.levels:
        return st.just(())
    level = st.integers(0, len(plan.levels) - 1)
    reminder = st.tuples(level, around(plan.today, days, 0))
    return st.lists(reminder, max_size=3).map(
        lambda told: tuple(sorted(told, key=lambda reminder: reminder[1]))
    )


# What an item may be apart from an open invoice of its customer with a due date
ODDITIES = (
    {},
    {"owner": "contact"},
    {"owner": None},
    {"is_misc": True},
    {"is_misc": True, "disputed": True},
    {"due_in": "invoice_date"},
    {"due_in": "date"},
    {"gone": "paid"},
    {"gone": "reconciled"},
    {"gone": "draft"},
    {"gone": "cancel"},
    {"gone": "non_trade"},
)


@st.composite
def items(draw, plan):
    """Return an item in any state: a claim more often than a credit."""
    oddity = draw(mostly(*ODDITIES, odds=1))
    item = Item(
        amount=draw(amounts),
        due=draw(due_days),
        **{"disputed": draw(mostly(False, True, odds=5))} | oddity,
    )
    if draw(mostly(False, True, odds=5)):
        item.amount = -item.amount
    else:
        item.promised = draw(maybe(around(plan.today, 4, 4)))
        item.history = draw(histories(plan))
    return item


@st.composite
def accounts(draw, plan):
    """Return a customer in one company, in any state."""
    failure = draw(mostly(None, "delivery", "error"))
    past = around(plan.today, 6, 0)
    return Account(
        items=draw(st.lists(items(plan), max_size=ITEMS)),
        mode=draw(mostly("automatic", "manual", "none")),
        planned=draw(maybe(around(plan.today, 3, 2))),
        reminded=draw(maybe(past)),
        failure=failure,
        failed=failure and draw(past),
        known=draw(st.booleans()),
    )


@st.composite
def customers(draw):
    """Return a customer with any addresses, without accounts."""
    contacts = st.lists(any_contacts(), max_size=CONTACTS)
    return Customer(*draw(addresses), contacts=draw(contacts))


@st.composite
def companies(draw, plans, accounts, max_accounts):
    """Return a plan, and the accounts of the first customers.

    :param accounts: a function that returns a strategy for the accounts of a plan
    """
    plan = draw(plans)
    return plan, draw(st.lists(accounts(plan), min_size=1, max_size=max_accounts))


def make_world(companies, customers=()):
    """Return a world of ``companies``, pairs of a plan and accounts.

    The parts are drawn each by itself, so that hypothesis can leave any of them out.
    """
    number = max(len(accounts) for _plan, accounts in companies)
    customers = [*customers, *(Customer() for _n in range(number))][:number]
    for _plan, accounts in companies:
        for customer, account in zip_longest(customers, accounts):
            customer.accounts.append(account or Account())
    return World([plan for plan, _accounts in companies], customers)


@st.composite
def worlds(draw):
    """Return companies with their customers, all in any state."""
    company = companies(any_plans, accounts, CUSTOMERS)
    return make_world(
        draw(st.lists(company, min_size=1, max_size=COMPANIES)),
        draw(st.lists(customers(), max_size=CUSTOMERS)),
    )


@st.composite
def due_worlds(draw):
    """Return a customer to be reminded today, if there is an address."""
    plan = Plan(levels=[Level(channels=(draw(st.sampled_from(CHANNELS)),))])
    contacts = draw(st.lists(any_contacts(), max_size=1))
    customer = Customer(*draw(addresses), contacts=contacts)
    return make_world([(plan, [Account(items=[Item()])])], [customer])


near_levels = st.builds(
    Level,
    delay=st.integers(-6, 4),
    repeat_days=st.sampled_from([0, 0, 1, 2]),
    active=mostly(True, False, odds=5),
)


@st.composite
def near_claims(draw, plan):
    return Item(
        amount=draw(amounts),
        due=draw(st.integers(-6, 6)),
        promised=draw(maybe(around(plan.today, 1, 5))),
        history=draw(histories(plan, days=6)),
    )


@st.composite
def ladder_worlds(draw):
    """Return claims at the edges of their plan: its levels and all days are close."""
    plan = draw(plans(near_levels, min_levels=2))
    claims = st.lists(near_claims(plan), min_size=1, max_size=ITEMS)
    accounts = st.lists(st.builds(Account, items=claims), min_size=1, max_size=2)
    return make_world([(plan, draw(accounts))])

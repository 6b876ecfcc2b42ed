"""Companies and customers as the reference sees them.

Days are whole numbers, amounts are whole cents, and a level is named by its place in
its plan.
"""

from dataclasses import dataclass, field, fields


class Readable:
    """Shows only what is not as usual, so that a failing example stays small."""

    def __repr__(self):
        usual = type(self)()
        shown = [
            f"{f.name}={getattr(self, f.name)!r}"
            for f in fields(self)
            if getattr(self, f.name) != getattr(usual, f.name)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def _repr_pretty_(self, printer, _cycle):
        printer.text(repr(self))


@dataclass(repr=False)
class Level(Readable):
    """One step of a plan. ``channels`` are the fields that are ticked."""

    delay: int = 0
    repeat_days: int = 0
    active: bool = True
    auto: bool = True
    channels: tuple = ("send_email",)


@dataclass(repr=False)
class Plan(Readable):
    """A company: its levels in any order, its settings, and its date of today."""

    levels: list = field(default_factory=list)
    escalation: str = "step"
    min_amount: int = 0
    min_interval: int = 1
    enabled: bool = True
    auto: bool = True
    today: int = 0


@dataclass(repr=False)
class Item(Readable):
    """A journal item of a customer; a credit has a negative amount.

    ``history`` has a pair (level, day) for each reminder that moved the claim, the
    latest last. ``gone`` says why the item is not open. ``due_in`` names the column
    that holds the due date, those before it being empty. ``owner`` is the customer, one
    of its contacts, or nobody at all. ``is_misc``: booked by hand, without an invoice.
    """

    amount: int = 1
    due: int = 0
    disputed: bool = False
    promised: int | None = None
    history: tuple = ()
    gone: str | None = None
    due_in: str = "date_maturity"
    owner: str | None = "customer"
    is_misc: bool = False

    @property
    def level(self):
        """The level last communicated."""
        return self.history[-1][0] if self.history else None

    @property
    def told_last(self):
        """The day of the last reminder, repetitions included."""
        return self.history[-1][1] if self.history else None

    @property
    def told_first(self):
        """The first day of the level last communicated."""
        days = (day for level, day in self.history if level == self.level)
        return min(days, default=None)

    @property
    def repeat_count(self):
        return max(sum(level == self.level for level, _day in self.history) - 1, 0)


@dataclass(repr=False)
class Account(Readable):
    """A customer in one company: the items, and what people decided.

    ``known``: there is a row for what people decided, even if they decided nothing.
    """

    items: list = field(default_factory=list)
    mode: str = "automatic"
    planned: int | None = None
    reminded: int | None = None
    failure: str | None = None
    failed: int | None = None
    known: bool = False

    @property
    def has_decisions(self):
        return self != Account(items=self.items)


class Addressee(Readable):
    """Somebody with an e-mail address, a street and a phone, or with some of them."""

    @property
    def has_email(self):
        return "@" in (self.email or "")

    @property
    def has_phone(self):
        return (self.phone or "").startswith("+")


@dataclass(repr=False)
class Contact(Addressee):
    """An address of a customer."""

    type: str = "invoice"
    active: bool = True
    email: str | None = "a@b.example"
    street: str | None = None
    phone: str | None = None


@dataclass(repr=False)
class Customer(Addressee):
    """A customer, with an account in each company."""

    email: str | None = "a@b.example"
    street: str | None = None
    phone: str | None = None
    contacts: list = field(default_factory=list)
    accounts: list = field(default_factory=list)

    @property
    def recipient(self):
        """The place of the contact who gets the letters, None: the customer."""
        ranks = [
            (contact.type, place)
            for place, contact in enumerate(self.contacts)
            if contact.active and contact.type in ("followup", "invoice")
        ]
        return min(ranks)[1] if ranks else None

    @property
    def addressees(self):
        """Those whose addresses serve: the recipient, then the customer."""
        place = self.recipient
        return [self] if place is None else [self.contacts[place], self]


@dataclass(repr=False)
class World(Readable):
    """Companies and the customers they share."""

    plans: list = field(default_factory=list)
    customers: list = field(default_factory=list)

    @property
    def accounts(self):
        """All accounts, a dict {(company, customer): account}."""
        return {
            (company, place): account
            for place, customer in enumerate(self.customers)
            for company, account in enumerate(customer.accounts)
        }

    @property
    def items(self):
        """All open items, a dict {(company, customer, place): item}."""
        return {
            (*key, place): item
            for key, account in self.accounts.items()
            for place, item in enumerate(account.items)
            if not item.gone
        }

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from odoo.models import BaseModel


@dataclass
class Reminder:
    """What one customer gets on one day. Names as in ``payment.followup.action``.

    ``line_ids`` are the ``payment.followup.statement.line`` that the message lists:
    overdue and due claims, and the open credits.
    """

    statement: BaseModel
    customer_id: BaseModel
    level_id: BaseModel
    line_ids: BaseModel
    text: str | None = None
    kinds: tuple | None = None
    is_forced: bool = False
    # It confirms that payment is promised for this day, and asks for nothing
    promise_date: date | None = None
    remarks: list = field(default_factory=list)
    # {(journal item id, level id): its last repetition} of what was said before
    said: dict = field(default_factory=dict)

    # Answers that hold for all reminders made together, see ``once``
    answers: dict = field(default_factory=dict)

    # {journal item id: (level id, repetition)} of what is said again by a channel that
    # failed; nothing else moves. None: what is due moves to its next level
    repeats: dict | None = None

    def __post_init__(self):
        self.company_id = self.statement.company_id
        self.partner_id = self.statement.partner_id
        self.recipient_id = self.statement.recipient_id
        self.move_ids = self.line_ids.move_id
        if self.text is None:
            self.text = self.level_id._get_text(self.lang)

    def once(self, question, ask):
        """Return what ``ask`` answers to ``question``, the same for all reminders."""
        if question not in self.answers:
            self.answers[question] = ask()
        return self.answers[question]

    @property
    def is_by_hand(self):
        """Whether somebody chose the channel just now, or tries it again."""
        return self.is_forced or self.repeats is not None

    @property
    def can_replace(self):
        """Whether another channel may stand in: not for a promise, nor for a retry."""
        return not self.promise_date and self.repeats is None

    @cached_property
    def lang(self):
        """The language of who gets it, else of the customer, else of the company."""
        contacts = (self.recipient_id, self.partner_id, self.company_id.partner_id)
        spoken = (c.lang for c in contacts if c.lang)
        # One that was switched off since would stop the whole batch
        return next((code for code in spoken if self._is_active(code)), "en_US")

    def _is_active(self, code):
        languages = self.statement.env["res.lang"]
        return self.once(("language", code), lambda: languages._get_data(code=code))

"""Ready-made plans, one file each: {code: {step: values of the level}}.

Steps are named once and for all: a level remembers its step, and takes the words of
further languages by it. Values are those of ``payment.followup.level``; a record is
named by its XML id in this add-on.
"""

from odoo.tools.translate import LazyTranslate

from .basic import BASIC
from .mail_and_letter import MAIL_AND_LETTER
from .six_steps import SIX_STEPS

_lt = LazyTranslate(__name__)

TITLES = {
    "basic": _lt("Basic: three reminders in the first two weeks"),
    "six_steps": _lt("Six steps: from a week before to the last notice"),
    "mail_and_letter": _lt("Mail and letter: four steps, on paper as well"),
}

PLANS = {
    "basic": BASIC,
    "six_steps": SIX_STEPS,
    "mail_and_letter": MAIL_AND_LETTER,
}

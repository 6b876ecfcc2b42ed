from functools import cache, partial

from odoo.tools import format_amount, format_date


class Formats:
    """Dates and amounts in the words of one language, each put into words once.

    A batch writes the same few days and amounts hundreds of times.

    :param env: its language is the one of the words
    """

    def __init__(self, env):
        self.date = cache(partial(format_date, env))
        self.amount = cache(partial(format_amount, env))

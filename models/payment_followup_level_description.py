from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools.i18n import format_list
from odoo.tools.misc import babel_locale_parse, get_lang

from ..const import CHANNEL_KINDS
from .payment_followup_level import CHANNEL_FIELDS


class PaymentFollowupLevel(models.Model):
    """A level in words and as a mark on the time line of its plan.

    Numbers of days follow the grammar of each language: babel knows its plural forms,
    and one and two days are sentences of their own, which Arabic inflects.
    """

    _inherit = "payment.followup.level"

    description = fields.Char(string="In words", compute="_compute_description")

    @api.depends(
        *CHANNEL_FIELDS,
        "activity_type_id.category",
        "activity_user_id.name",
        "auto",
        "delay",
        "repeat_days",
        "responsible_type",
    )
    @api.depends_context("lang")
    def _compute_description(self):
        for level in self:
            level.description = self.env._(
                "%(when)s: %(what)s",
                when=level._describe_delay(),
                what=level._describe_doing(),
            )

    def _describe_delay(self):
        """Return the day of the level, as the beginning of a sentence."""
        self.ensure_one()
        near = {
            -2: self.env._("2 days before the due date"),
            -1: self.env._("1 day before the due date"),
            0: self.env._("On the due date"),
            1: self.env._("1 day after the due date"),
            2: self.env._("2 days after the due date"),
        }
        if self.delay in near:
            return near[self.delay]
        days = self._format_days(abs(self.delay))
        if self.delay < 0:
            return self.env._("%(days)s before the due date", days=days)
        return self.env._("%(days)s after the due date", days=days)

    def _describe_doing(self):
        """Return what the level does, and how often."""
        self.ensure_one()
        channels = [channel._describe(self) for channel in self._get_channels()]
        text = format_list(self.env, channels)
        hints = [self._describe_repetition()]
        if not self.auto:
            hints.append(self.env._("waits until somebody sends it"))
        for hint in filter(None, hints):
            text = self.env._("%(text)s; %(hint)s", text=text, hint=hint)
        return text

    def _describe_repetition(self):
        """Return how often the level comes again, '' if it comes once."""
        self.ensure_one()
        near = {
            0: "",
            1: self.env._("again every day"),
            2: self.env._("again every 2 days"),
        }
        if self.repeat_days in near:
            return near[self.repeat_days]
        return self.env._(
            "again every %(days)s", days=self._format_days(self.repeat_days)
        )

    def _get_channels(self):
        """Return the models of the channels that this level uses."""
        self.ensure_one()
        channels = self.env["payment.followup.channel"]._get_channels()
        return sorted(
            (channel for channel in channels if channel._is_wanted(self)),
            key=lambda channel: CHANNEL_KINDS.index(channel._kind),
        )

    def _get_timeline(self):
        """Return these levels as marks on a time line, in the order of their days.

        :return: a list of dicts: ``delay`` (days), ``name``, ``description``,
            ``channels`` (dicts ``icon``, ``label``), ``repetition`` ('' or words)
        """
        return [
            {
                "delay": level.delay,
                "name": level.name or "",
                "description": level.description,
                "repetition": level._describe_repetition(),
                "channels": [
                    {
                        "icon": channel._get_icon(level),
                        "label": channel._describe(level),
                    }
                    for channel in level._get_channels()
                ],
            }
            for level in self.sorted("delay")
        ]

    @api.model
    def _format_days(self, days):
        """Return "15 days" in the language of the environment."""
        return format_timedelta(
            timedelta(days=days),
            granularity="day",
            threshold=float("inf"),
            locale=babel_locale_parse(get_lang(self.env).code),
        )

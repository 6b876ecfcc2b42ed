from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools.i18n import format_list
from odoo.tools.misc import babel_locale_parse, get_lang

from ..const import CHANNEL_KINDS
from .payment_followup_level import CHANNEL_FIELDS

# Where "another number of days" begins: none of the choices of the frequency.
OTHER_REPEAT_DAYS = 30


class PaymentFollowupLevel(models.Model):
    """A level in plain words, and as a mark on the time line of its plan.

    Numbers of days follow the grammar of each language: babel knows its plural forms,
    and one and two days are sentences of their own, which Arabic inflects.
    """

    _inherit = "payment.followup.level"

    description = fields.Char(string="What it does", compute="_compute_description")
    timeline = fields.Json(
        string="Mark on the time line",
        compute="_compute_description",
        help="delay (days), name, description, repetition (words) and channels "
        "(icon, label).",
    )

    frequency = fields.Selection(
        selection=[
            ("0", "Once"),
            ("1", "Every day"),
            ("3", "Every 3 days"),
            ("7", "Every week"),
            ("15", "Every 15 days"),
            ("other", "Another number of days"),
        ],
        compute="_compute_frequency",
        inverse="_inverse_frequency",
        help="How often this reminder comes until the next level or the payment.",
    )

    @api.depends(
        *CHANNEL_FIELDS,
        "activity_type_id.category",
        "activity_user_id.name",
        "auto",
        "delay",
        "name",
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
            level.timeline = level._prepare_timeline()

    @api.depends("repeat_days")
    def _compute_frequency(self):
        choices = {value for value, _label in self._fields["frequency"].selection}
        for level in self:
            days = str(level.repeat_days)
            level.frequency = days if days in choices else "other"

    def _inverse_frequency(self):
        for level in self.filtered(lambda level: level.frequency != "other"):
            level.repeat_days = int(level.frequency)

    @api.onchange("frequency")
    def _onchange_frequency(self):
        """Fill in the days of a choice; another number begins with a month."""
        if self.frequency != "other":
            self.repeat_days = int(self.frequency)
        elif str(self.repeat_days) in dict(self._fields["frequency"].selection):
            self.repeat_days = OTHER_REPEAT_DAYS

    def action_preview(self):
        """Show what a customer would get by this level."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of “%s”", self.name),
            "res_model": "payment.followup.level.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_level_id": self.id},
        }

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
        if self.repeat_days <= 0:  # below 0: typed, not saved
            return ""
        near = {
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

    def _prepare_timeline(self):
        self.ensure_one()
        return {
            "delay": self.delay,
            "name": self.name or "",
            "description": self.description,
            "repetition": self._describe_repetition(),
            "channels": [
                {"icon": channel._get_icon(self), "label": channel._describe(self)}
                for channel in self._get_channels()
            ],
        }

    def _get_timeline(self):
        """Return these levels as marks on a time line, in the order of their days."""
        return [level.timeline for level in self.sorted("delay")]

    @api.model
    def _format_days(self, days):
        """Return "15 days" in the language of the environment."""
        return format_timedelta(
            timedelta(days=days),
            granularity="day",
            threshold=float("inf"),
            locale=babel_locale_parse(get_lang(self.env).code),
        )

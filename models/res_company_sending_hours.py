from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, format_time

# How far the next opening is looked for, in steps: the first one mostly finds it.
LOOK_AHEAD_STEP = timedelta(days=14)
LOOK_AHEAD_STEPS = 26
# After so many days off, a larger batch is not usual any more.
MAX_DAYS_COVERED = 10
# The sending hours that the settings offer, in hours of the day.
OFFERED_HOURS = (8, 18)
OFFERED_WEEKDAYS = range(5)


class ResCompany(models.Model):
    """When the messages of a company may leave: by working hours of Odoo."""

    _inherit = "res.company"

    payment_followup_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Sending hours",
        ondelete="restrict",
        domain="[('flexible_hours', '=', False), "
        "'|', ('company_id', '=', False), ('company_id', 'parent_of', id)]",
        help="Reminders are sent only during these hours, in the time zone of the "
        "calendar, and never on its days off or on public holidays. What becomes due "
        "outside them waits until they begin again. Empty: any day, at any hour.",
    )

    @api.constrains("payment_followup_calendar_id")
    def _check_payment_followup_calendar(self):
        for company in self:
            calendar = company.payment_followup_calendar_id
            if calendar and not calendar.sudo().attendance_ids:
                raise ValidationError(
                    self.env._(
                        "%(calendar)s has no working hours, so no reminder of "
                        "%(company)s could ever be sent. Add hours to it, or choose "
                        "another calendar.",
                        calendar=calendar.name,
                        company=company.name,
                    )
                )

    def write(self, vals):
        """Let go what waited for other hours; the queues look at the new ones."""
        result = super().write(vals)
        if "payment_followup_calendar_id" in vals:
            self.env["payment.followup.action"].sudo().search(
                [("company_id", "in", self.ids), ("queued_until", "!=", False)]
            )._release_from_waiting()
        return result

    def _set_offered_payment_followup_hours(self):
        """Send from Monday to Friday, in the daytime of the company."""
        for company in self:
            vals = company._prepare_payment_followup_calendar_vals()
            calendar = self.env["resource.calendar"].create(vals)
            company.payment_followup_calendar_id = calendar

    def _prepare_payment_followup_calendar_vals(self):
        self.ensure_one()
        opening, closing = OFFERED_HOURS
        weekdays = dict(
            self.env["resource.calendar.attendance"]
            ._fields["dayofweek"]
            ._description_selection(self.env)
        )
        return {
            "name": self.env._("Sending hours: Monday to Friday, 8:00 to 18:00"),
            "company_id": self.id,
            "tz": self._get_payment_followup_tz(),
            "attendance_ids": [
                Command.create(
                    {
                        "name": weekdays[str(weekday)],
                        "dayofweek": str(weekday),
                        "hour_from": opening,
                        "hour_to": closing,
                        "day_period": "full_day",
                    }
                )
                for weekday in OFFERED_WEEKDAYS
            ],
        }

    def _is_payment_followup_open(self):
        """Return whether the messages of this company may leave right now."""
        now = fields.Datetime.now()
        return self._get_payment_followup_opening(now, steps=1) == now

    def _get_payment_followup_opening(self, at=None, steps=LOOK_AHEAD_STEPS):
        """Return the first moment, ``at`` or later, at which messages may leave.

        :param at: naive UTC, as everywhere in Odoo; now by default
        :return: naive UTC; False when there is none within a year
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        calendar = self.sudo().payment_followup_calendar_id
        if not calendar:
            return at
        for step in range(steps):
            start = utc.localize(at + step * LOOK_AHEAD_STEP)
            for opening, _closing, _attendance in self._get_working_intervals(
                calendar, start, start + LOOK_AHEAD_STEP
            ):
                return opening.astimezone(utc).replace(tzinfo=None)
        return False

    def _get_payment_followup_next_run(self):
        """Return the day on which the batch may run next: today while it may."""
        opening = self._get_payment_followup_opening() or fields.Datetime.now()
        tz = timezone(self._get_payment_followup_tz())
        return utc.localize(opening).astimezone(tz).date()

    def _can_send_payment_followup(self, day):
        """Return whether messages may leave on ``day``; today: from now on."""
        self.ensure_one()
        calendar = self.sudo().payment_followup_calendar_id
        if not calendar:
            return True
        start, end = self._get_payment_followup_bounds(day, day)
        start = max(start, utc.localize(fields.Datetime.now()))
        return start < end and bool(self._get_working_intervals(calendar, start, end))

    def _is_payment_followup_day_off(self, day):
        """Return whether nothing can leave at any time of ``day``."""
        calendar = self.sudo().payment_followup_calendar_id
        bounds = self._get_payment_followup_bounds(day, day)
        return bool(calendar) and not self._get_working_intervals(calendar, *bounds)

    def _count_payment_followup_days_covered(self):
        """Return how many days the batch of today stands for: days off add to it."""
        day, days = self._get_payment_followup_today(), 1
        while days < MAX_DAYS_COVERED and self._is_payment_followup_day_off(
            fields.Date.subtract(day, days=days)
        ):
            days += 1
        return days

    def _format_payment_followup_opening(self, opening):
        """Return a moment in words of the user, in the time zone of the company."""
        tz = self._get_payment_followup_tz()
        local = utc.localize(opening).astimezone(timezone(tz))
        return self.env._(
            "%(date)s, %(time)s",
            date=format_date(self.env, local, date_format="full"),
            time=format_time(self.env, opening, tz=tz, time_format="short"),
        )

    def _count_payment_followup_working_days(self, since, until):
        """Return the number of working days after ``since``, up to ``until``.

        By the sending hours; a company that sends at any hour works by its own.
        """
        self.ensure_one()
        company = self.sudo()
        calendar = company.payment_followup_calendar_id or company.resource_calendar_id
        first = since + timedelta(days=1)
        if first > until:
            return 0
        if not calendar:
            return (until - since).days
        start, end = self._get_payment_followup_bounds(first, until)
        intervals = self._get_working_intervals(calendar, start, end)
        return len(
            {
                opening.astimezone(start.tzinfo).date()
                for opening, _closing, _attendance in intervals
            }
        )

    def _get_payment_followup_bounds(self, first, last):
        """Return where the day ``first`` begins and ``last`` ends in this company."""
        tz = timezone(self._get_payment_followup_tz())
        return (
            tz.localize(datetime.combine(first, time.min)),
            tz.localize(datetime.combine(last + timedelta(days=1), time.min)),
        )

    def _get_working_intervals(self, calendar, start, end):
        """Return the working hours of ``calendar``, days off left out.

        Public days off belong to a calendar, or to all of a company: Odoo limits the
        latter by the user's companies only, and the batch has no user.
        """
        days_off = Domain("time_type", "=", "leave") & (
            Domain("calendar_id", "!=", False)
            | Domain("company_id", "in", [False, *self.sudo().parent_ids.ids])
        )
        return calendar.sudo()._work_intervals_batch(start, end, domain=list(days_off))[
            False
        ]

"""Day after day: invoices, payments, the daily batch, the mail queue."""

from datetime import date, datetime, time, timedelta

from .console import Failure, say
from .replay_books import QUIET, Books, group_by_day, set_up_company
from .replay_result import get_reminder_domain

BATCH_CRON = "account_payment_followup.ir_cron_payment_followup_daily"
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"
# The hour of the batch, in UTC, which is also the company's time zone.
HOUR = time(6)
# Odoo's connection pool would close, at a leap of a day, what has been idle "for long".
REAL_TIME = ["odoo.sql_db"]
DAYS_PER_YEAR = 365.25


class Player:
    """Plays a ledger in a database that has the add-on."""

    def __init__(self, odoo, name, invoices, plan):
        self.odoo = odoo
        self.registry = odoo.modules.registry.Registry(name)
        self.invoices = invoices
        self.plan = plan
        self.books = Books(invoices)

    def play(self, start, end, smtp_port):
        """Play every day from ``start`` to ``end``, at that day's date."""
        import freezegun

        self.real_time = freezegun.api.real_monotonic
        moment = _get_moment(start)
        with freezegun.freeze_time(moment, tick=True, ignore=REAL_TIME) as clock:
            self._open_books(start, smtp_port)
            self._play_days(clock, start, end)

    def run(self, function):
        """Call ``function`` with an environment and commit.

        :raise Failure: when Odoo refuses what is asked
        """
        with self.registry.cursor() as cr:
            root = self.odoo.api.Environment(cr, self.odoo.api.SUPERUSER_ID, {})
            user = root.ref("base.user_admin")
            try:
                return function(root(user=user.id, context=QUIET))
            except self.odoo.exceptions.UserError as error:
                raise Failure(f"Odoo refuses it on {date.today()}: {error}") from error

    def _open_books(self, start, smtp_port):
        """Set up the company, with what was open before the first day."""
        old = [invoice for invoice in self.invoices if invoice.date < start]
        is_open = [i for i in old if not i.settled or i.settled >= start]
        self.run(lambda env: set_up_company(env, self.plan, smtp_port))
        self.run(self.books.create_customers)
        self.run(lambda env: self.books.post(env, is_open))
        if is_open:
            say(f"  {len(is_open)} invoices were open before {start}.")

    def _play_days(self, clock, start, end):
        posted = group_by_day(self.invoices, "date")
        settled = group_by_day(self.invoices, "settled")
        progress = _Progress(self.real_time, (end - start).days + 1)
        day = start
        while day <= end:
            clock.move_to(_get_moment(day))
            self._play_day(day, posted.get(day, []), settled.get(day, []))
            progress.add(day, len(posted.get(day, [])), len(settled.get(day, [])))
            day += timedelta(1)
            if day > end or day.day == 1:
                progress.show(self.run(_count_reminders))
        progress.close()

    def _play_day(self, day, posted, settled):
        if posted or settled:
            self.run(lambda env: self._keep_books(env, day, posted, settled))
        for cron in (BATCH_CRON, MAIL_CRON):
            self.run(lambda env, cron=cron: _trigger(env, cron))
        self.run(_make_calls)

    def _keep_books(self, env, day, posted, settled):
        self.books.post(env, posted)
        self.books.pay(env, settled, day)


def _trigger(env, cron):
    """Run a scheduled action now; Odoo returns a dialog when it has failed."""
    result = env.ref(cron).with_context({}).method_direct_trigger()
    if result is not True:
        error = result["params"]["data"]["message"]
        raise Failure(f"The scheduled action {cron} failed on {date.today()}: {error}")


def _make_calls(env):
    """Do the calls of the day: once all is paid, one that nobody made is taken back."""
    calls = env["payment.followup.action"].search(
        [("kind", "=", "activity"), ("state", "=", "todo")]
    )
    calls.activity_id.action_feedback()


def _get_moment(day):
    return datetime.combine(day, HOUR)


def _count_reminders(env):
    groups = env["payment.followup.action"]._read_group(
        get_reminder_domain(), ["date:day", "partner_id"]
    )
    return len(groups)


class _Progress:
    """What was played since the last line, and how long it took."""

    def __init__(self, real_time, days):
        self.real_time = real_time
        self.days = days
        self.played = self.posted = self.settled = self.reminders = 0
        self.started = real_time()

    def add(self, day, posted, settled):
        self.day = day
        self.played += 1
        self.posted += posted
        self.settled += settled

    def show(self, reminders):
        """Print a line for the month."""
        elapsed = self.real_time() - self.started
        say(
            f"  {self.day:%Y-%m}  {self.posted:5} invoices {self.settled:5} payments "
            f"{reminders - self.reminders:5} reminders  "
            f"({100 * self.played // self.days:3} %, {elapsed:.0f} s)"
        )
        self.posted = self.settled = 0
        self.reminders = reminders

    def close(self):
        """Print how long all of it took."""
        elapsed = self.real_time() - self.started
        per_year = elapsed / self.played * DAYS_PER_YEAR / 60
        say(
            f"  {self.played} days in {elapsed / 60:.1f} minutes, "
            f"{per_year:.1f} minutes per year"
        )

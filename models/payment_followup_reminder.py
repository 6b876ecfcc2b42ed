import logging
from array import array
from datetime import timedelta
from itertools import zip_longest

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

from .reminder import Reminder

_logger = logging.getLogger(__name__)

# Customers per transaction of the batch: a crash loses no more than that.
BATCH_SIZE = 100
# Rows that are in memory at once while the customers who are due are looked up.
ROWS_AT_ONCE = 1000
# How often a chunk is tried when people change the same customers at the same time.
MAX_TRIES = 5
# When the batch comes back to customers on whom people worked all the while.
BUSY_DELAY = timedelta(minutes=15)


class PaymentFollowupReminder(models.AbstractModel):
    """The one path of every reminder: select, lock, re-check, act, log.

    Menu, button and scheduled action all come through :meth:`_remind`. The level of the
    claims, the log and the queued messages commit together.
    """

    _name = "payment.followup.reminder"
    _description = "Payment Reminder"

    @api.model
    def _cron_remind(self, batch_size=BATCH_SIZE):
        """Send what is due today in every company that sends automatically."""
        self._review_tasks()
        todo = {
            company: self.env["payment.followup.guard"]
            .with_company(company)
            ._start_batch()
            for company in self._get_automatic_companies()
        }
        cron = self.env["ir.cron"]
        time_left = cron._commit_progress(
            remaining=sum(len(partner_ids) for partner_ids in todo.values())
        )
        for company, chunk in self._take_turns(todo, batch_size):
            if not time_left:
                return
            self.with_company(company)._remind_chunk(chunk)
            time_left = cron._commit_progress(len(chunk))

    @api.model
    def _review_tasks(self):
        """Take the calls off the lists that nobody needs to make any more.

        Also where the batch may not send: nothing leaves. Colleagues may be at the same
        tasks; what conflicts with them waits for the next run.
        """
        companies = self.env["res.company"].search(
            [("payment_followup_enabled", "=", True)]
        )
        for company in companies:
            actions = self.env["payment.followup.action"].with_company(company)
            for ids in split_every(ROWS_AT_ONCE, actions._get_open_tasks(company).ids):
                try:
                    actions.browse(ids)._review_tasks()
                    self.env["ir.cron"]._commit_progress()
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    self.env.cr.rollback()
                    _logger.info("Payment follow-up: conflict over manual actions")

    @api.model
    def _take_turns(self, todo, batch_size):
        """Yield (company, ids of customers): a chunk of each company in turn.

        When the time is up, a company with many customers has not used up that of the
        others; the next run begins with those who are left.
        """
        chunks = (split_every(batch_size, partner_ids) for partner_ids in todo.values())
        for turn in zip_longest(*chunks):
            for company, chunk in zip(todo, turn, strict=True):
                if chunk:
                    yield company, chunk

    @api.model
    def _get_automatic_companies(self):
        return self.env["res.company"].search(
            [
                ("payment_followup_enabled", "=", True),
                ("payment_followup_auto", "=", True),
            ]
        )

    @api.model
    def _start_batch(self):
        """Log the promises that were broken; return the ids of the customers due."""
        self._log_broken_promises()
        statements = self.env["payment.followup.statement"]
        query = statements._search(self._get_batch_domain(), order="id")
        self.env.flush_all()
        self.env.cr.execute(query.select(SQL.identifier(query.table, "partner_id")))
        # Four bytes a customer while the batch runs: neither a record nor a row of each
        partner_ids = array("i")
        while rows := self.env.cr.fetchmany(ROWS_AT_ONCE):
            partner_ids.extend(partner_id for (partner_id,) in rows)
        return partner_ids

    @api.model
    def _get_batch_domain(self):
        """Return the statements of this company that the daily batch may act on."""
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("reason", "=", "due"),
                ("is_automatic", "=", True),
            ]
        )

    @api.model
    def _log_broken_promises(self):
        """Log once each promised day that has passed without the payment."""
        claims = self.env["payment.followup.claim"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("expected_date", "<", self.env.company._get_payment_followup_today()),
                ("expected_broken", "=", False),
            ]
        )
        claims._log_broken()

    @api.model
    def _remind_chunk(self, partner_ids):
        """Remind some customers in one transaction; try again after a conflict.

        People work on the same customers at the same time. The database then refuses
        the later transaction, which starts again with what it sees now.
        """
        if not self._may_go_on():
            return self.env["payment.followup.action"]
        partners = self.env["res.partner"].browse(partner_ids)
        for attempt in range(1, MAX_TRIES + 1):
            try:
                return self._remind(partners, self._get_batch_domain())
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                _logger.info("Payment reminders: conflict, attempt %s", attempt)
        _logger.warning(
            "Payment reminders: customers %s are busy, they wait for the next run",
            partner_ids,
        )
        guard = self.env["payment.followup.guard"]
        guard._wake_up(fields.Datetime.now() + BUSY_DELAY)
        return self.env["payment.followup.action"]

    @api.model
    def _may_go_on(self):
        """Return whether the company still sends by itself, and sends now."""
        return (
            self.env.company in self._get_automatic_companies()
            and self.env["payment.followup.guard"]._is_open()
        )

    @api.model
    def _remind(self, partners, domain, **options):
        """Remind those of ``partners`` whose statement still matches ``domain``.

        :param partners: customers of this company
        :param domain: on ``payment.followup.statement``, evaluated under the lock
        :param options: see :meth:`_prepare_reminders`
        :return: the ``payment.followup.action`` rows that were written
        """
        company = self.env.company
        customers = self.env["payment.followup.customer"]._get_or_create(
            company, partners
        )
        customers = customers.try_lock_for_update(allow_referencing=True)
        self.env.invalidate_all()
        # Each read of a statement decides anew: all its columns at once
        statements = self.env["payment.followup.statement"].search_fetch(
            Domain(domain)
            & Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", customers.partner_id.ids)
        )
        return self._act(self._prepare_reminders(statements, customers, **options))

    @api.model
    def _prepare_reminders(
        self, statements, customers, text=None, kinds=None, is_forced=False
    ):
        """Return a :class:`Reminder` for each of ``statements``.

        :param text: words to use instead of those of the level, HTML
        :param kinds: kinds of the channels to use instead of those of the level
        :param is_forced: somebody sends it now, also when nothing is due; it is then a
            statement of account, in neutral words
        """
        self._fetch_contacts(statements)
        lines = self._get_lines(statements).grouped("partner_id")
        customers = customers.grouped("partner_id")
        answers = {}
        return [
            self._prepare_reminder(
                statement,
                customers[statement.partner_id],
                lines[statement.partner_id],
                text=text,
                kinds=kinds,
                is_forced=is_forced,
                answers=answers,
            )
            for statement in statements
        ]

    @api.model
    def _prepare_reminder(self, statement, customer, lines, **options):
        """Put together the :class:`Reminder` of one statement, here and only here.

        :param customer: its ``payment.followup.customer``, empty where there is none
        :param lines: its ``payment.followup.statement.line``
        :param options: see :meth:`_prepare_reminders`
        """
        is_forced = options.get("is_forced", False)
        level = statement._get_message_level() if is_forced else statement.next_level_id
        return Reminder(
            statement=statement,
            customer_id=customer,
            level_id=level,
            line_ids=lines._get_message_lines(level, is_forced),
            **options,
        )

    @api.model
    def _preview(self, statement):
        """Return what sending the reminder of ``statement`` would do, without doing it.

        :return: the :class:`Reminder` and the kinds of the channels that reach the
            customer; for a statement of account, of the first one in writing
        """
        reminder = self._prepare_forced_reminder(statement)
        if reminder.level_id:
            channels = self._choose_channels(reminder)
        else:
            channels = self._choose_replacement(reminder, self._get_channels())
        return reminder, [channel._kind for channel in channels]

    @api.model
    def _preview_text(self, statement):
        """Return the words above the list in the next reminder, HTML, '' if none."""
        level = statement._get_coming_level()
        return level and level._get_text(self._prepare_forced_reminder(statement).lang)

    @api.model
    def _prepare_forced_reminder(self, statement):
        return self._prepare_reminder(
            statement, statement.customer_id, statement.line_ids, is_forced=True
        )

    @api.model
    def _get_lines(self, statements):
        return self.env["payment.followup.statement.line"].search_fetch(
            [
                ("company_id", "in", statements.company_id.ids),
                ("partner_id", "in", statements.partner_id.ids),
            ]
        )

    @api.model
    def _act(self, reminders):
        """Carry out ``reminders`` together; where that fails, one by one.

        This is the one place that catches whatever goes wrong: the failure of one
        customer is logged on that customer and stays there.
        """
        if not reminders:
            return self.env["payment.followup.action"]
        try:
            with self.env.cr.savepoint():
                return self._send(reminders)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(reminders) == 1:
                return self._log_error(reminders[0], error)
        actions = self.env["payment.followup.action"]
        for reminder in reminders:
            actions += self._act([reminder])
        return actions

    @api.model
    def _send(self, reminders):
        """Write the log rows, hand them to their channels, move the levels."""
        said = self._get_said(reminders)
        for reminder in reminders:
            reminder.said = said
        actions = self._write_log(
            [
                (reminder, vals)
                for reminder in reminders
                for vals in self._prepare_vals(reminder)
            ]
        )
        Channel = self.env["payment.followup.channel"]
        for kind, group in (
            actions.filtered(lambda action: action.state != "failed")
            .grouped("kind")
            .items()
        ):
            Channel._get_channel(kind)._send(group)
        actions._wait_in_queues()
        self.env["payment.followup.claim"].sudo()._update_from_log(
            actions.line_ids.filtered("level_id").move_line_id.ids
        )
        self._set_reminded(actions)
        self._invalidate_statements()
        return actions

    @api.model
    def _set_reminded(self, actions):
        failed = actions.filtered(lambda action: action.state == "failed")
        reminded = (actions - failed).filtered(lambda action: not action.promise_date)
        reached = reminded.customer_id
        reached._set_reminded(self.env.company._get_payment_followup_today())
        lost = failed.filtered(lambda action: action.customer_id not in reached)
        lost.customer_id._set_failure("delivery")
        lost._alert_failure()

    @api.model
    def _log_error(self, reminder, error):
        """Log that a reminder could not be made; it is tried again the next day."""
        _logger.warning(
            "Payment reminder of customer %s failed",
            reminder.partner_id,
            exc_info=error,
        )
        vals = self._prepare_action_vals(reminder, "error", "failed", str(error))
        action = self._write_log([(reminder, vals)])
        reminder.customer_id._set_failure("error")
        action._alert_failure()
        self._invalidate_statements()
        return action

    @api.model
    def _invalidate_statements(self):
        self.env["payment.followup.statement"].invalidate_model(flush=False)
        self.env["payment.followup.statement.line"].invalidate_model(flush=False)

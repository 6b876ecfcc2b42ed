import logging
from array import array
from datetime import timedelta
from itertools import zip_longest

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

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
    """The daily batch: what is due today, company by company, chunk by chunk."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _cron_remind(self, batch_size=BATCH_SIZE):
        """Send what is due today in every company that sends automatically."""
        self._review_tasks()
        todo = {
            company: company._in_payment_followup_lang(
                self.env["payment.followup.guard"].with_company(company)
            )._start_batch()
            for company in self._get_automatic_companies()
        }
        cron = self.env["ir.cron"]
        time_left = cron._commit_progress(
            remaining=sum(len(partner_ids) for partner_ids in todo.values())
        )
        for company, chunk in self._take_turns(todo, batch_size):
            if not time_left:
                return
            company._in_payment_followup_lang(self.with_company(company))._remind_chunk(
                chunk
            )
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
            actions = company._in_payment_followup_lang(
                self.env["payment.followup.action"].with_company(company)
            )
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

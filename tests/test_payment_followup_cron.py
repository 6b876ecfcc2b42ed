from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_cron import CompletionStatus

from .common import FollowupCommon

DAILY = "account_payment_followup.ir_cron_payment_followup_daily"
REMINDER = "odoo.addons.account_payment_followup.models.payment_followup_reminder"


@tagged("post_install", "-at_install")
class TestCron(FollowupCommon):
    """The daily batch as Odoo's scheduler runs it: no circles, each company in turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref(DAILY)
        cls.others = [cls.create_customer(f"Customer {name}") for name in "BC"]
        for customer in (cls.customer, *cls.others):
            cls.create_invoice(1000, "2026-01-31", customer)

    @contextmanager
    def count_runs(self):
        """Count how often the scheduler calls the batch; yield the list of calls."""
        model = self.env.registry["payment.followup.reminder"]
        remind, calls = model._cron_remind, []

        def count(reminder, **options):
            calls.append(options)
            return remind(reminder, **options)

        with patch.object(model, "_cron_remind", count):
            yield calls

    def run_job(self, day="2026-02-15"):
        """Let the scheduler's own loop run the batch; return the status."""
        model = type(self.env["ir.cron"])
        with self.on(day), self.enter_registry_test_mode():
            with self.env.registry.cursor() as cr:
                job = model._acquire_one_job(cr, self.cron.id, include_not_ready=True)
                return model._run_job(job)

    def test_batch_remarks_in_the_language_of_the_company(self):
        self.speak_arabic(self.company.partner_id)
        invoice = self.create_invoice(70, "2026-02-28", self.create_customer("D"))
        with self.on("2026-02-03"):
            invoice.expected_payment_date = "2026-02-10"

        self.run_job("2026-02-11")

        [row] = self.get_actions(invoice.partner_id).filtered(
            lambda action: action.kind == "promise_broken"
        )
        self.assertTrue(row.error.startswith("كان"), row.error)

    def get_actions(self, partner=None):
        domain = [("partner_id", "=", partner.id)] if partner else []
        return self.env["payment.followup.action"].sudo().search(domain)

    def break_customer(self, partner):
        """Let the e-mail of one customer fail, each time it is made."""
        model = self.env.registry["payment.followup.channel.email"]
        queue = model._queue

        def fail(channel, actions, *args):
            if partner in actions.partner_id:
                raise ValueError("Cannot be made")
            return queue(channel, actions, *args)

        return patch.object(model, "_queue", fail)

    def test_batch_is_done_in_one_run(self):
        with self.count_runs() as calls:
            status = self.run_job()

        self.assertEqual(status, CompletionStatus.FULLY_DONE)
        self.assertEqual(len(calls), 1)
        self.assertEqual(len(self.get_actions()), 3)

    @mute_logger(REMINDER)
    def test_customer_who_fails_makes_the_scheduler_run_no_circles(self):
        bad = self.others[0]
        with self.break_customer(bad), self.count_runs() as calls:
            status = self.run_job()
            again = self.run_job()

        self.assertEqual(
            (status, again), (CompletionStatus.FULLY_DONE, CompletionStatus.FULLY_DONE)
        )
        self.assertEqual(len(calls), 2)
        self.assertEqual(self.get_actions(bad).mapped("kind"), ["error"])
        self.assertEqual(len(self.get_actions()), 3)

    @mute_logger(REMINDER)
    def test_customer_who_failed_is_tried_once_a_day(self):
        bad = self.others[0]
        with self.break_customer(bad):
            for day in ("2026-02-15", "2026-02-16", "2026-02-17"):
                self.run_job(day)

        dates = self.get_actions(bad).mapped(lambda action: str(action.date))
        self.assertEqual(sorted(dates), ["2026-02-15", "2026-02-16", "2026-02-17"])

    @mute_logger(REMINDER, "odoo.sql_db")
    def test_customers_on_whom_people_work_all_the_time_are_left_for_later(self):
        model = self.env.registry["payment.followup.reminder"]

        def collide(*args, **options):
            raise SerializationFailure("could not serialize access")

        with patch.object(model, "_remind", collide), self.count_runs() as calls:
            status = self.run_job()

        self.assertEqual(status, CompletionStatus.FULLY_DONE)
        self.assertEqual(len(calls), 1)
        self.assertFalse(self.get_actions())
        later = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertIn("2026-02-15 09:15:00", later.mapped(lambda x: str(x.call_at)))

    def test_language_that_was_switched_off_stops_nobody(self):
        bad = self.others[0]
        self.env.cr.execute(
            SQL("UPDATE res_partner SET lang = 'fr_FR' WHERE id = %s", bad.id)
        )
        self.env.invalidate_all()

        self.run_job()

        self.assertEqual(set(self.get_actions().mapped("state")), {"queued"})
        self.assertEqual(self.get_actions(bad).lang, "en_US")

    # --- every company its turn

    def remind_for(self, chunks):
        """Run the batch, one customer in a chunk, until ``chunks`` are done."""
        left = [chunks]

        def commit(_cron, processed=0, *, remaining=None):
            left[0] -= bool(processed)
            return max(left[0], 0)

        reminder = self.env["payment.followup.reminder"].with_user(SUPERUSER_ID)
        with (
            self.on("2026-02-15"),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", commit),
        ):
            reminder._cron_remind(batch_size=1)

    def create_second_company(self):
        company = self.setup_other_company(name="Company Two")["company"]
        company.write({"payment_followup_enabled": True, "payment_followup_auto": True})
        self.create_level(15, "Two", company=company, send_email=True)
        self.create_invoice(500, "2026-01-31", company=company)
        return company

    def test_large_company_does_not_use_up_the_time_of_a_small_one(self):
        company = self.create_second_company()

        self.remind_for(chunks=2)

        self.assertEqual(self.get_actions().company_id, self.company + company)

    def test_next_run_goes_on_with_those_who_are_left(self):
        self.create_second_company()

        for _run in range(3):
            self.remind_for(chunks=2)

        actions = self.get_actions()
        self.assertEqual(len(actions), 4)
        self.assertEqual(len(actions.customer_id), 4)

    # --- switched by others while it runs

    def test_company_that_is_switched_off_meanwhile_sends_no_more(self):
        self.switch_off_after_the_first("payment_followup_enabled")

        self.assertEqual(len(self.get_actions()), 1)

    def test_company_that_stops_sending_by_itself_meanwhile_sends_no_more(self):
        self.switch_off_after_the_first("payment_followup_auto")

        self.assertEqual(len(self.get_actions()), 1)

    def switch_off_after_the_first(self, field):
        def commit(_cron, processed=0, *, remaining=None):
            if processed:
                self.company[field] = False
            return 60

        reminder = self.env["payment.followup.reminder"].with_user(SUPERUSER_ID)
        with (
            self.on("2026-02-15"),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", commit),
        ):
            reminder._cron_remind(batch_size=1)

import os
import tempfile
from pathlib import Path

from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name, tagged

from .kills import (
    CRONS,
    copy_database,
    finish,
    kill_at_random,
    kill_in_handover,
    read_journal,
    receive_all,
    run_batch,
    run_crons,
    set_up,
    start,
    wait,
)
from .kills_check import Findings

CUSTOMERS = 21
KILLS = 8
# Seconds until a process is killed, at most.
LONGEST = 0.8
# Kills while a message is handed over, and the seconds until that begins, at most.
HANDOVERS = 4
LONGEST_WAIT = 5


@tagged("post_install", "-at_install")
class TestExactlyOnce(BaseCase):
    """Killed at any moment, or run several times at once: each reminder leaves once.

    ``benchmarks/kills.py`` does the same with more customers and more kills.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = get_db_name()
        Registry(cls.source)
        cls.inbox = cls.enterClassContext(receive_all())
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        name = f"{cls.source}_kills"
        cls.prepared = cls.enterClassContext(copy_database(cls.source, name))
        wait(start(cls.source, name, set_up, CUSTOMERS, cls.inbox.port))

    def setUp(self):
        super().setUp()
        self.inbox.messages.clear()
        self.journal = str(self.folder / self.id())
        self.database = self.enterContext(
            copy_database(self.prepared, f"{self.prepared}_{os.getpid()}")
        )

    def assertOnce(self):
        """Let batch and queues come to their end, and look at everything."""
        finish(self.source, self.database, self.journal)
        report = self.folder / "report"
        wait(start(self.source, self.database, self.check, report))
        self.assertFalse(report.read_text())

    def check(self, env, report):
        report.write_text("\n".join(Findings(env, self.inbox, self.journal).faults))

    def test_killed_at_random_moments_each_reminder_leaves_once(self):
        kill_at_random(self.source, self.database, self.journal, KILLS, LONGEST)

        self.assertOnce()

    def test_killed_while_a_message_is_handed_over_it_leaves_once(self):
        kill_in_handover(
            self.source,
            self.database,
            self.journal,
            self.inbox,
            HANDOVERS,
            LONGEST_WAIT,
        )

        self.assertOnce()

    def test_two_batches_at_once_remind_each_customer_once(self):
        wait(*(start(self.source, self.database, run_batch) for _number in range(2)))

        self.assertOnce()

    def test_four_batches_at_once_remind_each_customer_once(self):
        wait(*(start(self.source, self.database, run_batch) for _number in range(4)))

        self.assertOnce()

    def test_two_mail_queues_at_once_send_each_mail_once(self):
        wait(start(self.source, self.database, run_crons, self.journal, CRONS[:1]))

        wait(*(start(self.source, self.database, send_mail) for _number in range(2)))

        self.assertOnce()

    def test_payments_posted_meanwhile_are_neither_lost_nor_reminded_of(self):
        wait(
            start(self.source, self.database, run_batch),
            start(self.source, self.database, pay_every_second_customer),
        )

        finish(self.source, self.database, self.journal)

        report = self.folder / "paid"
        wait(start(self.source, self.database, self.check_paid, report))
        self.assertFalse(report.read_text())

    def check_paid(self, env, report):
        arrived = {address.lower() for (address,), _message in self.inbox.messages} | {
            line.split()[-1] for line in read_journal(self.journal)
        }
        faults = []
        for number, customer in enumerate(get_customers(env)):
            actions = env["payment.followup.action"].search(
                [("partner_id", "=", customer.id), ("kind", "in", ("email", "sms"))]
            )
            reached = arrived & set(actions.mapped("address"))
            is_paid = number % 2 == 0
            if is_paid and (reached or set(actions.mapped("state")) - {"cancelled"}):
                faults.append(f"{customer.name} has paid and was reminded")
            if not is_paid and set(actions.mapped("state")) - {"sent"}:
                faults.append(f"{customer.name} was not reminded")
            claim = env["payment.followup.statement"].search_count(
                [("partner_id", "=", customer.id)]
            )
            if bool(claim) == is_paid:
                faults.append(f"{customer.name}: the payment is lost")
        report.write_text("\n".join(faults))


def get_customers(env):
    return env["res.partner"].search([("name", "=like", "Customer ____")], order="name")


def pay_every_second_customer(env):
    """Register payments as a clerk does: again after a conflict with the batch."""
    for customer in get_customers(env)[::2]:
        for _attempt in range(5):
            try:
                pay(env, customer)
                env.cr.commit()
                break
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                env.cr.rollback()


def pay(env, customer):
    invoice = env["account.move"].search(
        [("partner_id", "=", customer.id), ("move_type", "=", "out_invoice")]
    )
    wizard = (
        env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=invoice.ids)
        .with_company(invoice.company_id)
        .create({})
    )
    wizard._create_payments()


def send_mail(env):
    """Send what is in the mail queue beside others that do the same."""
    env["mail.mail"].process_email_queue()

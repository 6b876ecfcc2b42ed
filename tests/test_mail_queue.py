from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import FollowupCommon
from .inbox import receive_mail

MAIL_CRON = "mail.ir_cron_mail_scheduler_action"


@tagged("post_install", "-at_install")
class TestMailQueue(FollowupCommon):
    """Reminders do not wait an hour for each batch of Odoo's mail queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.mail"].search([]).unlink()
        cls.env["ir.config_parameter"].set_param("mail.mail.queue.batch.size", "2")

    def prepare_reminders(self, count):
        for number in range(count):
            customer = self.create_customer(f"Customer {number}")
            self.create_invoice(1000, "2026-01-31", customer)
        return self.run_batch("2026-02-15")

    def create_mail_of_others(self, count):
        self.env["mail.mail"].create(
            [
                {"email_to": f"{n}@customer.example", "email_from": self.company.email}
                for n in range(count)
            ]
        )

    def run_cron(self):
        """Run the mail queue once, as the scheduler does; return what it sent."""
        cron = self.env.ref(MAIL_CRON)
        with self.enter_registry_test_mode(), receive_mail(self.env) as inbox:
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return inbox.messages

    def test_queue_goes_on_by_itself_until_all_reminders_are_out(self):
        actions = self.prepare_reminders(7)

        messages = self.run_cron()

        self.assertEqual(len(messages), 7)
        self.assertEqual(set(actions.mapped("state")), {"sent"})

    def test_queue_of_others_keeps_its_pace(self):
        self.create_mail_of_others(7)

        self.assertEqual(len(self.run_cron()), 2)

    def test_newer_mail_of_others_does_not_keep_reminders_back(self):
        actions = self.prepare_reminders(1)
        self.create_mail_of_others(7)

        self.run_cron()

        self.assertEqual(actions.state, "sent")

    def test_queue_that_gets_nowhere_waits_for_its_next_turn(self):
        self.prepare_reminders(3)
        runs = []
        MailMail = self.env.registry["mail.mail"]

        with patch.object(
            MailMail, "send", lambda mails, *args, **kwargs: runs.append(len(mails))
        ):
            self.run_cron()

        self.assertEqual(runs, [2])

    def test_reminders_for_later_are_not_waited_for(self):
        actions = self.prepare_reminders(3)
        later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        actions[0].mail_id.scheduled_date = later

        self.assertEqual(len(self.run_cron()), 2)

    def test_queue_run_by_hand_starts_the_scheduled_action(self):
        self.prepare_reminders(3)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(MAIL_CRON).id)]
        )
        triggers.unlink()

        with receive_mail(self.env) as inbox:
            self.env["mail.mail"].process_email_queue()

        self.assertEqual(len(inbox.messages), 2)
        self.assertTrue(
            self.env["ir.cron.trigger"].search(
                [("cron_id", "=", self.env.ref(MAIL_CRON).id)]
            )
        )

    def test_server_of_a_user_keeps_its_limit_per_minute(self):
        actions = self.prepare_reminders(4)
        self.env["ir.config_parameter"].set_param(
            "mail.server.personal.limit.minutes", "1"
        )
        owner = actions.mail_id.create_uid
        owner.email = self.company.email

        with receive_mail(self.env) as inbox:
            server = self.env["ir.mail_server"].search([], limit=1)
            server.write({"owner_user_id": owner.id, "from_filter": owner.email})
            actions.mail_id.mail_server_id = server
            with patch.object(type(server), "_check_forced_mail_server", create=True):
                for _run in range(3):
                    self.env["mail.mail"].process_email_queue()

        # One a minute, and a minute may just have passed
        self.assertIn(len(inbox.messages), (1, 2))
        waiting = actions.mail_id.filtered(lambda mail: mail.state == "outgoing")
        self.assertEqual(len(waiting), 4 - len(inbox.messages))
        self.assertTrue(all(waiting.mapped("scheduled_date")))

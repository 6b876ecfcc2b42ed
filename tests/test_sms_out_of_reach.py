from odoo.tests import tagged

from ..models.payment_followup_action_handover import MAX_TRIES
from .inbox import find_free_port
from .test_iap_delivery import IapCommon

SMS_CRON = "sms.ir_cron_sms_scheduler_action"
DAY = "2026-02-15"


@tagged("post_install", "-at_install")
class TestSmsOutOfReach(IapCommon):
    """Nobody listens where SMS are handed over: nothing left, so that all wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.write({"send_email": False, "send_sms": True})
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def setUp(self):
        super().setUp()
        self.action = self.run_batch(DAY)
        self.parameters.set_param(
            "sms.endpoint", f"http://127.0.0.1:{find_free_port()}"
        )

    def process_at(self, time, day=DAY):
        self.process(SMS_CRON, day, time)

    def bring_back(self):
        self.parameters.set_param("sms.endpoint", self.server.address)

    def test_sms_waits_and_leaves_when_the_service_is_back(self):
        self.process_at("10:00:00")

        self.assertEqual((self.action.state, self.action.tries), ("queued", 1))
        self.assertEqual(self.action.sms_id.state, "outgoing")
        self.assertFalse(self.action.handover_date)
        self.assertEqual(str(self.action.queued_until), f"{DAY} 10:05:00")
        self.assertFalse(self.action.customer_id.failure)

        self.bring_back()
        self.process_at("10:04:59")
        self.assertFalse(self.server.requests)
        self.process_at("10:05:01")
        self.process_at("10:30:00")

        self.assertEqual(len(self.server.requests), 1)
        self.assertEqual(self.action.state, "sent")
        self.assertIn("Delayed", self.action.error)
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_queue_is_called_when_the_next_attempt_is_due(self):
        self.process_at("10:00:00")

        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref(SMS_CRON).id)]
        )
        self.assertIn(f"{DAY} 10:05:00", [str(at) for at in triggers.mapped("call_at")])

    def test_one_attempt_is_enough_for_all_that_wait(self):
        for number in range(12):
            customer = self.create_customer(
                f"Customer {number}", phone=f"+121255502{number:02}"
            )
            self.create_invoice(500, "2026-01-31", customer)
        actions = self.action + self.run_batch(DAY)

        self.process_at("10:00:00")

        self.assertEqual(len(actions), 13)
        self.assertEqual(actions.mapped("tries"), [1] * 13)
        self.assertEqual(set(actions.mapped("state")), {"queued"})

    def test_payment_while_it_waits_stops_it(self):
        self.process_at("10:00:00")
        self.pay(self.invoice)
        self.bring_back()

        self.process_at("10:06:00")

        self.assertFalse(self.server.requests)
        self.assertEqual(self.action.state, "cancelled")

    def test_sms_that_waited_for_a_day_has_failed(self):
        self.action.sudo().tries = MAX_TRIES

        self.process_at("10:00:00")

        self.assertEqual(self.action.state, "failed")
        self.assertIn("error occurred while reaching", self.action.error)
        self.assertEqual(self.action.sms_id.state, "error")
        self.assertFalse(self.invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")

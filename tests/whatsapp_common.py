from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests.common import _super_send

from ..models import payment_followup_whatsapp_delivery as delivery
from ..models.res_company_whatsapp import ADDRESS_PARAMETER
from .common import FollowupCommon
from .whatsapp_server import PHONE_ID, TOKEN, run_whatsapp_server

SECRET = "app-secret-0123456789"


class WhatsappCommon(FollowupCommon):
    """A company with an account at a server on this machine that plays Meta."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(run_whatsapp_server())
        cls.env["ir.config_parameter"].set_param(ADDRESS_PARAMETER, cls.server.address)
        cls.company.write(
            {
                "payment_followup_whatsapp_phone_id": PHONE_ID,
                "payment_followup_whatsapp_token": TOKEN,
                "payment_followup_whatsapp_secret": SECRET,
            }
        )
        cls.level_1.write(
            {
                "send_email": False,
                "send_whatsapp": True,
                "whatsapp_template": "payment_reminder",
            }
        )
        cls.customer.phone = "+1 212 555 0123"
        cls.cron = cls.env.ref(
            "account_payment_followup.ir_cron_payment_followup_whatsapp"
        )
        cls.startClassPatcher(patch.object(delivery, "RATE", 1000))

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        """Let requests through to the server on this machine, and nowhere else."""
        if request.url.startswith("http://127.0.0.1:"):
            return _super_send(session, request, **kwargs)
        return super()._request_handler(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.server.answers.clear()
        self.server.requests.clear()
        self.server.taken.clear()
        self.server.on_message = None
        self.server.token = TOKEN

    def queue(self, day="2026-02-15", time="09:00:00", due="2026-01-31"):
        """Let the batch queue the reminder of an invoice; return its log row."""
        self.invoice = self.create_invoice(1000, due)
        rows = self.run_batch(day, time)
        return rows.filtered(lambda row: row.partner_id == self.customer)

    def process(self, day="2026-02-15", time="09:00:00"):
        """Run the scheduled action that sends."""
        with self.on(day, time), self.enter_registry_test_mode():
            self.cron.sudo().method_direct_trigger()

    def send(self, *answers, day="2026-02-15", time="09:00:00"):
        """Queue one reminder and let it be sent; ``answers`` are the server's first.

        :return: the log row and its message
        """
        action = self.queue()
        self.server.answers.extend(answers)
        self.process(day, time)
        return action, action.whatsapp_id

    def assertState(self, action, message_state, action_state):
        self.assertEqual(
            (action.whatsapp_id.state, action.state), (message_state, action_state)
        )

    @contextmanager
    def captured_logs(self):
        """Yield all that is logged, down to debugging."""
        with self.assertLogs(level="DEBUG") as captured:
            yield captured

import base64
import io
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import _super_send
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from odoo.addons.sms.tools.sms_api import SmsApi

from .common import FollowupCommon
from .iap_server import HANG, HTTP_ERROR, RPC_ERROR, real_iap_client, run_iap_server
from .inbox import find_free_port

# Points of a millimetre
MM = 72 / 25.4
NUMBER = "+12125550123"


class IapCommon(FollowupCommon):
    """Odoo's real clients against a server on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(run_iap_server(cls.env))
        cls.customer.phone = NUMBER

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        """Let requests through to the server on this machine, and nowhere else."""
        if request.url.startswith("http://127.0.0.1:"):
            return _super_send(session, request, **kwargs)
        return super()._request_handler(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.server.requests.clear()
        self.server.fault = None
        self.server.sms_states = {}
        self.server.letter_errors = {}
        self.server.balance = 12.0
        self.server.registered = "registered"

    def process(self, cron, day="2026-02-15", time="09:00:00"):
        """Run the scheduled action of Odoo's own queue."""
        with (
            self.on(day, time),
            real_iap_client(),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.iap.tools.iap_tools"),
        ):
            self.env.ref(cron).sudo().method_direct_trigger()

    def get_paths(self):
        return [path for path, _params in self.server.requests]


@tagged("post_install", "-at_install")
class TestSmsDelivery(IapCommon, HttpCase):
    """SMS: what the provider answers, and what it reports later, is in the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.write({"send_email": False, "send_sms": True})

    def queue(self):
        self.invoice = self.create_invoice(1000, "2026-01-31")
        return self.run_batch("2026-02-15")

    def send(self, state="success"):
        action = self.queue()
        self.server.sms_states[NUMBER] = state
        self.process("sms.ir_cron_sms_scheduler_action")
        return action

    def assertFailed(self, action, words):
        self.assertEqual(action.state, "failed")
        self.assertIn(words, action.error)
        self.assertFalse(self.invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")

    def test_sms_leaves_with_the_words_of_its_template_once(self):
        action = self.send()

        [(path, params)] = self.server.requests
        [message] = params["messages"]
        self.assertEqual(path, "/api/sms/3/send")
        self.assertEqual([n["number"] for n in message["numbers"]], [NUMBER])
        self.assertIn("$ 1,000.00", message["content"])
        self.assertTrue(params["webhook_url"].endswith("/sms/status"))
        self.assertEqual(action.state, "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

        self.process("sms.ir_cron_sms_scheduler_action", "2026-02-16")
        self.assertEqual(len(self.server.requests), 1)

    def test_refusal_takes_the_level_back_and_says_why(self):
        for state, words in (
            ("wrong_number_format", "Wrong Number Format"),
            ("country_not_supported", "Country Not Supported"),
        ):
            with self.subTest(state=state), self.env.cr.savepoint() as savepoint:
                self.assertFailed(self.send(state), words)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_sms_without_an_answer_is_not_repeated_by_itself(self):
        for fault in (HTTP_ERROR, RPC_ERROR, HANG):
            with self.subTest(fault=fault), self.env.cr.savepoint() as savepoint:
                self.server.requests.clear()
                self.server.fault = fault
                contact = SmsApi._contact_iap

                def hurry(api, endpoint, params, timeout=15, contact=contact):
                    return contact(api, endpoint, params, timeout=0.2)

                with patch.object(SmsApi, "_contact_iap", hurry):
                    action = self.send()

                self.assertNotEqual(action.state, "sent")
                self.server.fault = None
                for day in ("2026-02-15", "2026-02-16", "2026-02-20"):
                    self.process("sms.ir_cron_sms_scheduler_action", day)
                self.assertEqual(len(self.server.requests), 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_payment_stops_the_sms(self):
        action = self.queue()
        self.pay(self.invoice)

        self.process("sms.ir_cron_sms_scheduler_action")

        self.assertEqual(action.state, "cancelled")
        self.assertFalse(self.server.requests)

    # --- reports

    def report(self, uuid, *statuses):
        self.env.flush_all()
        for status in statuses:
            answer = self.make_jsonrpc_request(
                "/sms/status",
                {"message_statuses": [{"sms_status": status, "uuids": [uuid]}]},
            )
            self.assertEqual(answer, "OK")
        self.env.invalidate_all()

    def test_report_of_a_failure_takes_the_level_back(self):
        action = self.send()

        self.report(action.sms_id.uuid, "sent", "not_delivered", "not_delivered")

        self.assertFailed(action, "Not Delivered")

    def test_report_of_a_delivery_changes_nothing(self):
        action = self.send()

        self.report(action.sms_id.uuid, "delivered", "sent")

        self.assertEqual(action.state, "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_report_finds_the_row_when_the_sms_itself_is_gone(self):
        action = self.send("processing")
        uuid = action.sms_id.uuid
        self.assertEqual(action.state, "queued")
        self.env["sms.sms"].sudo()._gc_device()
        self.env.invalidate_all()
        self.assertFalse(action.sms_id)

        self.report(uuid, "delivered")

        self.assertEqual(action.state, "sent")

    def test_delivery_after_a_failure_counts_again(self):
        action = self.send()
        self.report(action.sms_id.uuid, "expired")
        self.assertEqual(action.state, "failed")

        self.report(action.sms_id.uuid, "delivered")

        self.assertEqual(action.state, "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)


@tagged("post_install", "-at_install")
class TestPostDelivery(IapCommon):
    """Post: what Snailmail answers is in the log, and its letter is ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.write({"send_email": False, "send_post": True})
        cls.company.write(
            {
                "street": "2 Side Street",
                "city": "Shelbyville",
                "zip": "54321",
                "country_id": cls.env.ref("base.us").id,
            }
        )

    def queue(self):
        self.invoice = self.create_invoice(1000, "2026-01-31")
        return self.run_batch("2026-02-15")

    def send(self, error=None, day="2026-02-15"):
        action = self.queue()
        if error:
            self.server.letter_errors["Customer A"] = error
        self.process("snailmail.snailmail_print", day)
        return action

    def test_letter_is_posted_once_with_both_addresses(self):
        action = self.send()

        [(path, params)] = self.server.requests
        [document] = params["documents"]
        self.assertEqual(path, "/iap/snailmail/1/print")
        self.assertEqual(document["address"]["street"], "1 Main Street")
        self.assertEqual(document["address"]["country_code"], "US")
        self.assertEqual(document["return_address"]["city"], "Shelbyville")
        self.assertEqual(
            base64.b64decode(document["pdf_bin"]), action.attachment_id.raw
        )
        self.assertTrue(action.attachment_id.raw.startswith(b"%PDF"))
        self.assertEqual(action.state, "sent")

        self.process("snailmail.snailmail_print", "2026-02-16")
        self.assertEqual(len(self.server.requests), 1)

    def test_address_is_in_the_window_of_snailmail_on_a4(self):
        self.company.paperformat_id = self.env.ref("base.paperformat_us")
        self.customer.street2 = "Building 7, third floor"

        page = PdfReader(io.BytesIO(self.queue().attachment_id.raw)).pages[0]
        places = []

        def visit(text, page_matrix, text_matrix, _font, _size):
            if any(
                word in text for word in ("Springfield", "Building 7", "Main Street")
            ):
                x, y = text_matrix[4] * page_matrix[0], text_matrix[5] * page_matrix[0]
                places.append((x / MM, y / MM))

        page.extract_text(visitor_text=visit)

        width, height = (float(side) / MM for side in page.mediabox[2:])
        self.assertEqual((round(width), round(height)), (210, 297))
        self.assertTrue(places)
        for x, y in places:
            self.assertTrue(x + 0.1 >= 118 and 60 <= y <= 85.5, (x, y))

    def test_refusal_takes_the_level_back_and_says_why(self):
        for error, words in (
            ("NO_PRICE_AVAILABLE", "not covered"),
            ("FORMAT_ERROR", "could not be sent"),
            ("MISSING_REQUIRED_FIELDS", "fields are empty"),
        ):
            with self.subTest(error=error), self.env.cr.savepoint() as savepoint:
                action = self.send(error)

                self.assertEqual(action.state, "failed")
                self.assertEqual(action.letter_id.error_code, error)
                self.assertIn(words, action.error)
                self.assertNotIn("<", action.error)
                self.assertFalse(self.invoice.followup_level_id)
                self.assertReason("2026-02-16", "delivery_failed")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_letter_that_is_taken_after_all_counts_again(self):
        action = self.send("FORMAT_ERROR")
        self.server.letter_errors.clear()

        action.letter_id.state = "pending"
        self.process("snailmail.snailmail_print", "2026-02-16")

        self.assertEqual(action.state, "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_letter_waits_for_a_service_that_does_not_listen(self):
        address = f"http://127.0.0.1:{find_free_port()}"
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("snailmail.endpoint", address)

        with mute_logger("odoo.addons.base.models.ir_cron"):
            try:
                action = self.send()
            except RuntimeError:  # the scheduled action says that it failed
                action = self.env["payment.followup.action"].search([])
        self.assertEqual((action.letter_id.state, action.state), ("pending", "queued"))

        parameters.set_param("snailmail.endpoint", self.server.address)
        self.process("snailmail.snailmail_print", "2026-02-16")
        self.assertEqual(action.state, "sent")

    def test_payment_stops_the_letter(self):
        action = self.queue()
        self.pay(self.invoice)

        self.process("snailmail.snailmail_print")

        self.assertEqual(action.state, "cancelled")
        self.assertFalse(self.server.requests)

    def test_letter_cancelled_in_the_queue_takes_the_level_back(self):
        action = self.queue()

        action.letter_id.sudo().cancel()

        self.assertEqual(action.state, "cancelled")
        self.assertFalse(self.invoice.followup_level_id)

    def test_letter_goes_to_the_contact_who_has_an_address(self):
        self.create_contact(self.customer, type="followup", street="", city="")

        action = self.send()

        self.assertEqual(action.state, "sent")
        [document] = self.server.requests[0][1]["documents"]
        self.assertEqual(document["address"]["street"], "1 Main Street")


@tagged("post_install", "-at_install")
class TestServiceTest(IapCommon):
    """The buttons of the settings that test SMS and post."""

    def press(self, service):
        admin = self.create_user("iap_admin", "base.group_system")
        settings = self.env["res.config.settings"].with_user(admin).create({})
        with real_iap_client(), mute_logger("odoo.addons.iap.tools.iap_tools"):
            button = getattr(settings, f"action_payment_followup_test_{service}")
            return button()["params"]

    def test_test_tells_the_credits_that_are_left(self):
        for service in ("sms", "post"):
            with self.subTest(service=service), self.env.cr.savepoint() as savepoint:
                params = self.press(service)
                self.assertEqual(params["type"], "success")
                self.assertIn("12", params["message"])
                savepoint.rollback()

    def test_test_tells_that_no_credits_are_left(self):
        self.server.balance = 0

        params = self.press("sms")

        self.assertEqual(params["type"], "warning")
        self.assertIn("no credits", params["message"])

    def test_test_tells_that_the_service_does_not_answer(self):
        self.server.fault = HTTP_ERROR

        params = self.press("post")

        self.assertEqual(params["type"], "danger")
        self.assertIn("does not answer", params["message"])
        self.assertNotIn("http", params["message"])

    def test_account_that_odoo_closed_does_not_work_whatever_is_left(self):
        self.server.registered = "banned"
        for service in ("sms", "post"):
            with self.subTest(service=service), self.env.cr.savepoint() as savepoint:
                params = self.press(service)
                self.assertEqual(params["type"], "warning")
                self.assertIn("closed this account", params["message"])
                savepoint.rollback()

    def test_only_sms_needs_an_account_that_is_registered(self):
        self.server.registered = "unregistered"
        for service, kind in (("sms", "warning"), ("post", "success")):
            with self.subTest(service=service), self.env.cr.savepoint() as savepoint:
                params = self.press(service)
                self.assertEqual(params["type"], kind)
                self.assertEqual("register it" in params["message"], kind == "warning")
                savepoint.rollback()

    def test_first_press_works_with_an_account_made_beside_the_transaction(self):
        accounts = self.env["iap.account"]
        unseen = accounts.browse(2**30)
        token = accounts._fields["account_token"]

        def get(self, *args, **kwargs):
            self.env.cache.set(unseen, token, "made elsewhere")
            return unseen.with_env(self.env)

        with patch.object(self.env.registry["iap.account"], "get", get):
            params = self.press("sms")

        self.assertEqual(params["type"], "success")
        [(_path, call)] = self.server.requests
        self.assertEqual(call["iap_accounts"][0]["token"], "made elsewhere")

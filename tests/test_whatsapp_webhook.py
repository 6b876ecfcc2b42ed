import hashlib
import hmac
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .whatsapp_common import SECRET, WhatsappCommon
from .whatsapp_server import PHONE_ID, TAKE_AND_DROP, UNDELIVERABLE


@tagged("post_install", "-at_install")
class TestWhatsappWebhook(WhatsappCommon, HttpCase):
    """What Meta reports: signed, twice, late, in any order, and about others."""

    def setUp(self):
        super().setUp()
        self.url = f"/payment_followup/whatsapp/{self.company.id}"

    def post(self, value, secret=SECRET, phone_id=PHONE_ID, signature=None):
        """Send one change as Meta does; return the HTTP status."""
        value = {"metadata": {"phone_number_id": phone_id}} | value
        change = {"field": "messages", "value": value}
        body = json.dumps(
            {"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}
        ).encode()
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature or f"sha256={digest}",
        }
        self.env.flush_all()
        status = self.url_open(self.url, data=body, headers=headers).status_code
        self.env.invalidate_all()
        return status

    def report(self, *statuses, uid="wamid.1", **vals):
        """Report ``statuses`` of a message, one request each."""
        for status in statuses:
            self.assertEqual(
                self.post({"statuses": [{"id": uid, "status": status} | vals]}), 200
            )

    def answer(self, text="Paid yesterday.", **vals):
        """Send the answer of a customer."""
        message = {
            "from": "12125550123",
            "id": "wamid.in.1",
            "type": "text",
            "text": {"body": text},
        } | vals
        self.assertEqual(self.post({"messages": [message]}), 200)

    def get_replies(self):
        return self.env["payment.followup.action"].search([("kind", "=", "reply")])

    # --- whose address it is

    def verify(self, **params):
        token = self.company._ensure_whatsapp_verify_token()
        params = {
            "hub.mode": "subscribe",
            "hub.challenge": "1158201444",
            "hub.verify_token": token,
        } | params
        self.env.flush_all()
        return self.url_open(self.url, params=params)

    def test_address_proves_itself_with_the_token_only(self):
        response = self.verify()
        self.assertEqual((response.status_code, response.text), (200, "1158201444"))

        for wrong in (
            {"hub.verify_token": "guess"},
            {"hub.verify_token": ""},
            {"hub.mode": "unsubscribe"},
        ):
            response = self.verify(**wrong)
            self.assertEqual(response.status_code, 403)
            self.assertNotIn("1158201444", response.text)

    def test_challenge_is_text_and_never_a_page(self):
        response = self.verify(**{"hub.challenge": "<script>alert(1)</script>"})

        self.assertEqual(response.headers["Content-Type"].split(";")[0], "text/plain")

    def test_company_without_a_token_or_unknown_refuses(self):
        self.company.payment_followup_whatsapp_verify_token = False
        params = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
        self.env.flush_all()

        for url in (self.url, "/payment_followup/whatsapp/2147483647"):
            self.assertEqual(self.url_open(url, params=params).status_code, 403)

    # --- signature

    def test_wrong_signature_changes_nothing(self):
        action, _message = self.send()
        status = {"statuses": [{"id": "wamid.1", "status": "read"}]}

        for signature in ("sha256=" + "0" * 64, "sha256=", "sha1=x", "é" * 10):
            self.assertEqual(self.post(status, signature=signature), 403)
        self.assertEqual(self.post(status, secret="another"), 403)

        self.assertState(action, "sent", "sent")

    def test_company_without_a_secret_takes_no_report(self):
        action, _message = self.send()
        self.company.payment_followup_whatsapp_secret = False

        status = {"statuses": [{"id": "wamid.1", "status": "read"}]}
        self.assertEqual(self.post(status, secret=""), 403)

        self.assertState(action, "sent", "sent")

    # --- statuses

    def test_message_comes_as_far_as_the_reports_say(self):
        action, _message = self.send()

        for status in ("sent", "delivered", "read"):
            self.report(status)
            self.assertState(action, status, "sent")

    def test_reports_in_any_order_and_twice_end_the_same(self):
        action, _message = self.send()

        self.report("read", "delivered", "sent", "read", "failed")

        self.assertState(action, "read", "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_failure_takes_the_level_back_and_says_why(self):
        action, _message = self.send()
        errors = [
            {
                "code": 131026,
                "title": "Message undeliverable",
                "error_data": {"details": "Not on WhatsApp."},
            }
        ]

        self.report("failed", "failed", "sent", errors=errors)

        self.assertState(action, "error", "failed")
        self.assertEqual(action.error, "Not on WhatsApp. (131026)")
        self.assertFalse(self.invoice.followup_level_id)
        self.assertReason("2026-02-16", "delivery_failed")

    def test_delivery_after_a_failure_counts_again(self):
        action, _message = self.send()
        self.report("failed")

        self.report("delivered")

        self.assertState(action, "delivered", "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_report_settles_a_message_nobody_was_sure_of(self):
        action, message = self.send(TAKE_AND_DROP)
        self.assertState(action, "uncertain", "failed")
        self.assertTrue(action.customer_id.activity_ids)

        self.report(
            "delivered", uid="wamid.9", biz_opaque_callback_data=message.reference
        )

        self.assertState(action, "delivered", "sent")
        self.assertEqual(message.message_uid, "wamid.9")
        self.assertFalse(action.customer_id.activity_ids)
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_report_that_comes_before_the_answer_counts(self):
        action = self.queue()
        message = action.whatsapp_id.sudo()
        message.state = "process"
        self.report(
            "delivered", uid="wamid.9", biz_opaque_callback_data=message.reference
        )

        message._apply({"uid": "wamid.9"})

        self.assertState(action, "delivered", "sent")

    def test_reports_about_others_are_ignored(self):
        action, _message = self.send()

        self.report("read", uid="wamid.unknown")
        self.report("deleted")
        self.post(
            {"statuses": [{"id": "wamid.1", "status": "read"}]}, phone_id="another"
        )
        self.post({"messages": None, "statuses": None})

        self.assertState(action, "sent", "sent")

    # --- answers

    def test_answer_is_on_the_thread_in_the_log_and_with_the_responsible(self):
        action, _message = self.send()

        self.answer()

        reply = self.get_replies()
        self.assertEqual(reply.customer_id, action.customer_id)
        self.assertIn("Customer A, by WhatsApp: Paid yesterday.", reply.error)
        message = reply.mail_message_id
        self.assertEqual(message.author_id, self.customer)
        self.assertIn(message, action.customer_id.message_ids)
        self.assertIn("Paid yesterday.", action.customer_id.activity_ids.note)

    def test_answer_that_comes_twice_is_logged_once(self):
        self.send()

        self.answer()
        self.answer()
        self.assertEqual(len(self.get_replies()), 1)

        self.answer("And the rest today.", id="wamid.in.2")
        self.assertEqual(len(self.get_replies()), 2)

    def test_answer_is_no_code(self):
        self.send()

        self.answer('<img src=x onerror="alert(1)">')

        self.assertNotIn("<img", self.get_replies().body)
        self.assertIn("onerror", self.get_replies().body)

    def test_answer_without_a_number_is_found_by_what_it_answers(self):
        self.send()

        self.answer(**{"from": None, "context": {"id": "wamid.1"}})

        self.assertEqual(self.get_replies().partner_id, self.customer)

    def test_answer_without_a_number_is_found_by_its_user(self):
        self.send()
        self.report("delivered", recipient_user_id="US.13491208655302741918")

        self.answer(**{"from": None, "from_user_id": "US.13491208655302741918"})

        self.assertEqual(self.get_replies().partner_id, self.customer)

    def test_answer_of_a_contact_who_got_no_message_is_found_by_the_number(self):
        self.send()
        boss = self.create_contact(self.customer, phone="+12125550188")
        boss.flush_recordset()

        self.answer(**{"from": "12125550188"})

        self.assertEqual(self.get_replies().mail_message_id.author_id, boss)

    def test_answer_of_a_stranger_is_ignored(self):
        self.send()

        self.answer(**{"from": "4930123456"})

        self.assertFalse(self.get_replies())

    def test_picture_button_and_list_are_told(self):
        self.send()

        for number, (kind, part, words) in enumerate(
            (
                ("image", {"caption": "The receipt"}, "[image, see WhatsApp] The rece"),
                ("audio", {"id": "1"}, "[audio, see WhatsApp]"),
                ("button", {"text": "I have paid"}, "I have paid"),
                ("interactive", {"list_reply": {"title": "Call me"}}, "Call me"),
                ("reaction", {"emoji": "👍"}, "👍"),
                ("unsupported", None, "[unsupported, see WhatsApp]"),
            )
        ):
            self.answer(**{"id": f"in.{number}", "type": kind, "text": {}, kind: part})
            self.assertIn(words, self.get_replies()[:1].body)

    # --- people

    def test_only_a_manager_decides_and_only_what_makes_sense(self):
        action, message = self.send(TAKE_AND_DROP)
        manager = self.create_user("wa_manager", "account.group_account_manager")

        for button in ("action_retry", "action_set_arrived", "action_set_missing"):
            with self.assertRaises(AccessError):
                getattr(message.with_user(self.clerk), button)()
        with self.assertRaises(UserError):
            message.with_user(manager).action_cancel()

        message.with_user(manager).action_set_arrived()
        self.assertState(action, "sent", "sent")
        self.assertFalse(action.customer_id.activity_ids)

    def test_manager_says_that_it_did_not_arrive(self):
        action, message = self.send(TAKE_AND_DROP)
        manager = self.create_user("wa_manager", "account.group_account_manager")

        message.with_user(manager).action_set_missing()

        self.assertState(action, "error", "failed")
        self.assertFalse(self.invoice.followup_level_id)

    def test_manager_lets_a_message_be_sent_again(self):
        action, message = self.send(TAKE_AND_DROP)
        manager = self.create_user("wa_manager", "account.group_account_manager")
        self.server.taken.clear()
        reference = message.reference

        message.with_user(manager).action_retry()
        self.process()

        self.assertState(action, "sent", "sent")
        self.assertEqual(len(self.server.taken), 1)
        self.assertNotEqual(message.reference, reference)

    def test_message_that_is_settled_in_the_history_is_not_sent_again(self):
        action, message = self.send(TAKE_AND_DROP)
        manager = self.create_user("wa_manager", "account.group_account_manager")
        action.with_user(self.clerk).action_confirm_sent()

        message.with_user(manager).action_retry()
        self.process()

        self.assertState(action, "canceled", "sent")
        self.assertEqual(len(self.server.requests), 1)

    def test_message_that_was_sent_anew_is_not_sent_again(self):
        _action, message = self.send(TAKE_AND_DROP)
        manager = self.create_user("wa_manager", "account.group_account_manager")
        self.get_statement("2026-02-16").with_user(self.clerk).action_clear_failure()
        self.run_batch("2026-02-16")
        self.process("2026-02-16")
        self.assertEqual(len(self.server.taken), 2)

        with self.on("2026-02-16"):
            message.with_user(manager).action_retry()
        self.process("2026-02-16", "10:00:00")

        self.assertEqual(message.state, "canceled")
        self.assertEqual(len(self.server.taken), 2)

    def test_failed_message_that_is_sent_again_counts_again(self):
        action, message = self.send(UNDELIVERABLE)
        manager = self.create_user("wa_manager", "account.group_account_manager")

        message.with_user(manager).action_retry()
        self.process()

        self.assertState(action, "sent", "sent")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_manager_cancels_what_waits(self):
        action = self.queue()
        manager = self.create_user("wa_manager", "account.group_account_manager")

        action.whatsapp_id.with_user(manager).action_cancel()
        self.process()

        self.assertState(action, "canceled", "cancelled")
        self.assertFalse(self.server.requests)
        self.assertFalse(self.invoice.followup_level_id)

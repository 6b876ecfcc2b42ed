import logging

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.res_company_whatsapp import ADDRESS_PARAMETER
from ..models.whatsapp_api import WhatsappApi, WhatsappError, is_safe_address
from .inbox import find_free_port
from .whatsapp_common import SECRET, WhatsappCommon
from .whatsapp_server import OUTAGE, PHONE_ID, TAKE_AND_DROP, TOKEN

SECRETS = ("payment_followup_whatsapp_token", "payment_followup_whatsapp_secret")


@tagged("post_install", "-at_install")
class TestWhatsappAccount(WhatsappCommon):
    """The account: who may see it, where it may go, and whether it works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.create_user("wa_admin", "base.group_system")
        cls.manager = cls.create_user("wa_manager", "account.group_account_manager")

    # --- secret

    def test_only_administrators_read_token_and_secret(self):
        for user in (self.manager, self.clerk):
            company = self.company.with_user(user)
            for name in (*SECRETS, "payment_followup_whatsapp_phone_id"):
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        company.read([name])
                    with self.assertRaises(AccessError):
                        company.search([(name, "like", "E")])
            self.assertNotIn(TOKEN, str(company.read()))

        [values] = self.company.with_user(self.admin).read(list(SECRETS))
        self.assertEqual([values[name] for name in SECRETS], [TOKEN, SECRET])

    def test_nobody_exports_token_and_secret(self):
        self.admin.group_ids += self.env.ref("base.group_allow_export")
        partner = self.company.partner_id.with_user(self.admin)

        for records, path in (
            (self.company.with_user(self.admin), SECRETS[0]),
            (self.company.with_user(self.admin), SECRETS[1]),
            (partner.env.user.with_user(self.admin), f"company_id/{SECRETS[0]}"),
        ):
            with self.subTest(path=path), self.assertRaises(AccessError):
                records.export_data([path])
        for name in SECRETS:
            field = self.company.with_user(self.admin).fields_get([name])[name]
            self.assertFalse(field["exportable"])

    def test_copy_of_a_company_has_no_account(self):
        values = self.company.copy_data()[0]

        self.assertFalse([name for name in values if "whatsapp" in name])

    def test_change_of_the_token_is_not_on_the_thread_of_the_company(self):
        before = self.company.message_ids

        self.company.write(dict.fromkeys(SECRETS, f"another-{TOKEN}"))
        self.env.flush_all()

        messages = self.company.message_ids - before
        tracked = messages.sudo().tracking_value_ids
        self.assertNotIn(TOKEN, f"{messages.mapped('body')} {tracked.read()}")

    def test_settings_take_token_and_secret_and_never_show_them(self):
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings = settings.create(
            {
                "payment_followup_whatsapp_token": " new-token ",
                "payment_followup_whatsapp_secret": "new-secret",
            }
        )

        self.assertEqual(self.company.payment_followup_whatsapp_token, "new-token")
        self.assertEqual(self.company.payment_followup_whatsapp_secret, "new-secret")
        settings.invalidate_recordset()
        shown = str(settings.read())
        self.assertNotIn("new-token", shown)
        self.assertNotIn("new-secret", shown)
        self.assertTrue(settings.payment_followup_whatsapp_has_token)
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'res_config_settings'"
            "   AND column_name LIKE '%whatsapp%'"
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_settings_saved_without_a_token_keep_it(self):
        settings = self.env["res.config.settings"].with_user(self.admin)

        settings.create({"payment_followup_whatsapp_token": False}).execute()

        self.assertEqual(self.company.payment_followup_whatsapp_token, TOKEN)

    def test_verify_token_is_made_up_once_for_each_company(self):
        other = self.setup_other_company()["company"]

        token = self.company._ensure_whatsapp_verify_token()

        self.assertGreaterEqual(len(token), 24)
        self.assertEqual(self.company._ensure_whatsapp_verify_token(), token)
        self.assertNotEqual(other._ensure_whatsapp_verify_token(), token)

    def assertNotLogged(self, *answers, address=None):
        """Send and test with ``answers``; check that no log knows the token."""
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(ADDRESS_PARAMETER, address or self.server.address)
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        sql = logging.getLogger("odoo.sql_db")
        level = sql.level
        sql.setLevel(logging.INFO)  # it prints every value of every query
        try:
            with self.captured_logs() as captured:
                action, message = self.send(*answers)
                self.server.answers.extend(answers)
                notice = settings.action_payment_followup_test_whatsapp()
        finally:
            sql.setLevel(level)
        texts = [logging.Formatter().format(record) for record in captured.records]
        texts += [str(message.sudo().read()), str(action.read(["error"])), str(notice)]
        texts.append(self.company.payment_followup_whatsapp_error or "")
        notes = self.env["mail.message"].sudo().search([], limit=20)
        texts += notes.mapped("body")
        for text in texts:
            self.assertNotIn(TOKEN, text)
        return notice["params"]

    def test_token_is_in_no_log_when_the_server_quotes_it(self):
        self.server.token = "renewed"

        params = self.assertNotLogged()

        self.assertIn("Malformed access token …", params["message"])
        self.assertEqual(params["type"], "danger")

    def test_token_is_in_no_log_when_nobody_listens(self):
        self.assertNotLogged(address=f"http://127.0.0.1:{find_free_port()}")

    def test_token_is_in_no_log_when_the_connection_breaks(self):
        self.assertNotLogged(TAKE_AND_DROP)

    def test_token_is_in_no_error_of_the_client(self):
        for address, answer in (
            (f"http://127.0.0.1:{find_free_port()}", None),
            (self.server.address, TAKE_AND_DROP),
            (self.server.address, OUTAGE),
        ):
            if answer:
                self.server.answers.append(answer)
            client = WhatsappApi(address, PHONE_ID, TOKEN)
            with self.assertRaises(WhatsappError) as caught:
                client._request("POST", f"/{PHONE_ID}/messages", json={})
            error = caught.exception
            self.assertIsNone(error.__cause__)
            self.assertTrue(error.__suppress_context__ or not error.__context__)
            self.assertNotIn(TOKEN, f"{error!r} {vars(error)} {client!r}")

    # --- where it may go

    def test_token_goes_by_tls_or_to_this_machine_only(self):
        for address, is_safe in (
            ("https://graph.facebook.com/v23.0", True),
            ("http://127.0.0.1:8080/v23.0", True),
            ("http://[::1]:8080", True),
            ("http://localhost:8080", True),
            ("http://graph.facebook.com/v23.0", False),
            ("http://127.0.0.1.evil.example", False),
            ("http://localhost@evil.example", False),
            ("https://user:password@evil.example", False),
            ("ftp://127.0.0.1", False),
            ("graph.facebook.com", False),
            ("", False),
        ):
            with self.subTest(address=address):
                self.assertEqual(is_safe_address(address), is_safe)

    def test_unsafe_address_sends_nothing_and_says_why(self):
        self.env["ir.config_parameter"].set_param(ADDRESS_PARAMETER, "http://x.example")

        action, message = self.send()

        self.assertState(action, "outgoing", "queued")
        self.assertIn("https://", message.failure_reason)
        self.assertFalse(self.server.requests)

    def test_only_administrators_change_the_address(self):
        for user in (self.manager, self.clerk):
            with self.assertRaises(AccessError):
                self.env["ir.config_parameter"].with_user(user).set_param(
                    ADDRESS_PARAMETER, "https://evil.example"
                )

    def test_redirection_is_not_followed(self):
        elsewhere = f"http://127.0.0.1:{self.server.server_port}/elsewhere"

        action, _message = self.send((302, "", {"Location": elsewhere}))

        self.assertEqual(len(self.server.requests), 1)
        self.assertState(action, "uncertain", "failed")

    # --- does it work

    def press_test(self):
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        return settings.action_payment_followup_test_whatsapp()["params"]

    def test_test_names_the_number(self):
        params = self.press_test()

        self.assertEqual(params["type"], "success")
        for word in ("+1 631-555-5555", "Lucky Shrub", "GREEN"):
            self.assertIn(word, params["message"])

    def test_test_says_what_is_missing(self):
        self.company.payment_followup_whatsapp_token = False

        params = self.press_test()

        self.assertEqual(params["type"], "warning")
        self.assertIn("access token", params["message"])

    def test_test_says_what_is_wrong(self):
        self.company.payment_followup_whatsapp_phone_id = "1"
        params = self.press_test()
        self.assertIn("phone number ID", params["message"])

        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(ADDRESS_PARAMETER, f"http://127.0.0.1:{find_free_port()}")
        params = self.press_test()
        self.assertIn("cannot be reached", params["message"])

    def test_test_that_succeeds_lets_waiting_messages_go(self):
        self.server.token = "renewed"
        action, _message = self.send()
        self.assertTrue(self.company.payment_followup_whatsapp_error)
        self.server.token = TOKEN

        with self.on("2026-02-15", "09:05:00"):
            self.press_test()
        self.process(time="09:05:01")

        self.assertState(action, "sent", "sent")
        self.assertFalse(self.company.payment_followup_whatsapp_error)

    # --- without

    def test_without_an_account_the_message_is_prepared_to_be_sent_by_hand(self):
        self.company.payment_followup_whatsapp_phone_id = False

        action = self.queue()

        self.assertEqual((action.kind, action.state), ("whatsapp", "todo"))
        self.assertFalse(action.whatsapp_id)
        self.assertIn("https://wa.me/12125550123?text=", action.whatsapp_url)

    def queue_by_hand(self):
        self.company.payment_followup_whatsapp_phone_id = False
        return self.queue().with_user(self.clerk)

    def test_message_by_hand_is_opened_and_said_to_be_sent(self):
        action = self.queue_by_hand()

        with self.on("2026-02-15"):
            self.assertIn("https://wa.me/1", action.action_open_whatsapp()["url"])
            self.assertEqual(action.state, "todo")
            action.action_set_sent_by_hand()

        self.assertEqual(action.state, "sent")
        with self.assertRaisesRegex(UserError, "by hand"):
            action.action_set_sent_by_hand()

    def test_message_by_hand_is_stopped_by_a_payment(self):
        action = self.queue_by_hand()
        self.pay(self.invoice)

        with self.on("2026-02-15"):
            notice = action.action_open_whatsapp()

        self.assertEqual(notice["tag"], "display_notification")
        self.assertIn(self.invoice.name, notice["params"]["message"])
        self.assertEqual(action.state, "cancelled")

    def test_auditor_sends_nothing_by_hand(self):
        auditor = self.create_user("wa_auditor", "account.group_account_readonly")
        action = self.queue_by_hand().with_user(auditor)

        for button in ("action_open_whatsapp", "action_set_sent_by_hand"):
            with self.assertRaises(AccessError):
                getattr(action, button)()

    def test_without_a_template_the_message_is_prepared_to_be_sent_by_hand(self):
        self.level_1.whatsapp_template = False

        action = self.queue()

        self.assertEqual(action.state, "todo")
        self.assertIn("by hand", action.error)
        self.assertIn("https://wa.me/12125550123?text=", action.whatsapp_url)

    def test_number_without_a_country_code_is_no_number(self):
        self.customer.phone = "0800"

        action = self.queue()

        self.assertReminded(action, (self.level_1, "email"))
        self.assertIn("country code", action.error)

    # --- levels

    def test_level_takes_only_what_meta_takes(self):
        for name in ("Payment Reminder", "reminder-1", "réminder", "x" * 513):
            with self.subTest(name=name), self.assertRaisesRegex(ValidationError, "L1"):
                self.level_1.whatsapp_template = name
        self.level_1.whatsapp_template = "x" * 512

    def test_level_takes_only_known_variables(self):
        with self.assertRaisesRegex(ValidationError, "colour"):
            self.level_1.whatsapp_parameters = "name, colour"
        self.level_1.whatsapp_parameters = "name,company,amount,due_date,days,link"
        self.level_1.whatsapp_parameters = False

    def test_level_names_each_variable_once(self):
        self.level_1.whatsapp_parameters = "name, amount, name"

        with self.assertRaisesRegex(ValidationError, "twice"):
            self.level_1.whatsapp_is_named = True

    def test_company_sees_its_own_messages_only(self):
        action = self.queue()
        other = self.setup_other_company()["company"]
        stranger = self.create_user(
            "wa_stranger", "account.group_account_manager", companies=other
        )
        messages = self.env["payment.followup.whatsapp"].with_user(stranger)

        self.assertFalse(messages.search([]))
        with self.assertRaises(AccessError):
            action.whatsapp_id.with_user(stranger).action_cancel()

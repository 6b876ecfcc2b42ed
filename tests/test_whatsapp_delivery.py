from unittest.mock import patch

from odoo.tests import tagged

from ..models import whatsapp_api
from .inbox import find_free_port
from .whatsapp_common import WhatsappCommon
from .whatsapp_server import (
    BUSY,
    GATEWAY,
    OUTAGE,
    PAIR_LIMIT,
    PAUSED,
    RATE_LIMIT,
    TAKE_AND_DROP,
    TAKE_AND_HANG,
    UNDELIVERABLE,
    WINDOW_CLOSED,
    make_error,
)


@tagged("post_install", "-at_install")
class TestWhatsappDelivery(WhatsappCommon):
    """The queue against a server that answers, refuses, limits, breaks and lies."""

    # --- what is sent

    def test_reminder_is_sent_as_the_approved_template(self):
        action, message = self.send()

        [sent] = self.server.taken
        self.assertEqual(sent["messaging_product"], "whatsapp")
        self.assertEqual(sent["to"], "+12125550123")
        self.assertEqual(sent["type"], "template")
        self.assertEqual(sent["template"]["name"], "payment_reminder")
        [body] = sent["template"]["components"]
        texts = [parameter["text"] for parameter in body["parameters"]]
        self.assertEqual(texts[0], "Customer A")
        self.assertIn("1,000.00", texts[1])
        self.assertEqual(texts[2], "01/31/2026")
        self.assertState(action, "sent", "sent")
        self.assertEqual(message.message_uid, "wamid.1")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_message_is_sent_once_however_often_the_queue_runs(self):
        self.send()

        self.process()
        self.process("2026-02-16")

        self.assertEqual(len(self.server.taken), 1)

    def test_variables_have_names_where_the_template_has(self):
        self.level_1.write(
            {"whatsapp_is_named": True, "whatsapp_parameters": "days, amount, link"}
        )
        self.send()

        [sent] = self.server.taken
        [body] = sent["template"]["components"]
        names = {p["parameter_name"]: p["text"] for p in body["parameters"]}
        self.assertEqual(names["days"], "15")
        self.assertTrue(names["link"].endswith(f"/{self.invoice.id}"))

    def test_days_overdue_are_those_of_the_day_it_leaves(self):
        self.level_1.whatsapp_parameters = "name, amount, days"
        self.queue()

        self.process("2026-02-17")

        [body] = self.server.taken[0]["template"]["components"]
        self.assertEqual(body["parameters"][2]["text"], "17")

    def test_statement_of_who_owes_nothing_is_prepared_all_the_same(self):
        channel = self.env["payment.followup.channel.whatsapp"]
        empty = self.env["payment.followup.action"]._log(
            self.company, self.customer, "note", "Statement without items"
        )

        with self.on("2026-02-15"):
            values = channel._get_values(empty)

        self.assertEqual((values["due_date"], values["days"]), ("02/15/2026", 0))

    def test_text_with_line_breaks_is_sent_in_one_line(self):
        self.customer.name = "Customer\n A     and  Sons"

        self.send()

        [body] = self.server.taken[0]["template"]["components"]
        self.assertEqual(body["parameters"][0]["text"], "Customer A and Sons")

    def test_language_is_that_of_the_customer(self):
        self.env["res.lang"]._activate_lang("es_MX")
        self.customer.lang = "es_MX"

        _action, message = self.send()

        self.assertEqual(self.server.taken[0]["template"]["language"]["code"], "es")
        self.assertEqual(message.languages, "es_MX,es,en_US,en")

    def test_language_without_a_country_code_is_understood(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"

        _action, message = self.send()

        self.assertEqual(message.languages, "ar,en_US,en")

    def test_template_in_the_language_of_the_company_stands_in(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"

        action, _message = self.send()

        self.assertEqual(self.server.taken[0]["template"]["language"]["code"], "en")
        self.assertState(action, "sent", "sent")

    def test_template_that_exists_in_no_language_is_a_failure(self):
        self.level_1.whatsapp_template = "unknown"

        action, message = self.send()

        self.assertState(action, "error", "failed")
        self.assertIn("132001", message.failure_reason)
        self.assertFalse(self.invoice.followup_level_id)

    def test_wrong_number_of_variables_is_a_failure(self):
        self.level_1.whatsapp_parameters = "name"

        action, _message = self.send()

        self.assertState(action, "error", "failed")
        self.assertIn("132000", action.error)

    def test_log_tells_template_and_values(self):
        action, _message = self.send()

        for word in ("payment_reminder", "Customer A", "1,000.00"):
            self.assertIn(word, action.body)

    # --- stopped on the way

    def assertStopped(self, action, word):
        self.process()
        self.assertFalse(self.server.requests)
        self.assertState(action, "canceled", "cancelled")
        self.assertIn(word, action.error)
        self.assertFalse(self.invoice.followup_level_id)

    def test_payment_stops_the_message(self):
        action = self.queue()
        self.pay(self.invoice)

        self.assertStopped(action, self.invoice.name)

    def test_partial_payment_stops_the_message(self):
        action = self.queue()
        self.pay(self.invoice, 400)

        self.assertStopped(action, "changed")

    def test_promise_stops_the_message(self):
        action = self.queue()
        self.invoice.expected_payment_date = "2026-02-20"

        self.assertStopped(action, "promised")

    def test_litigation_stops_the_message(self):
        action = self.queue()
        self.invoice.no_followup = True

        self.assertStopped(action, "litigation")

    def test_hold_stops_the_message(self):
        action = self.queue()
        action.customer_id.mode = "none"

        self.assertStopped(action, "excluded")

    def test_payment_stops_a_message_that_waits_for_another_try(self):
        action, _message = self.send(OUTAGE)
        self.pay(self.invoice)

        self.process(time="10:00:00")

        self.assertState(action, "canceled", "cancelled")
        self.assertFalse(self.server.taken)

    # --- not taken, tried again

    def assertTriedAgain(self, answer, failure, wait):
        """Check that ``answer`` lets the message wait for ``wait`` minutes, then go."""
        action, message = self.send(answer)
        self.assertState(action, "outgoing", "queued")
        self.assertEqual((message.failure_type, message.retry_count), (failure, 1))
        self.assertFalse(self.server.taken)
        hours, minutes = divmod(wait, 60)
        before = f"{9 + (wait - 1) // 60:02}:{(wait - 1) % 60:02}:59"

        self.process(time=before)
        self.assertEqual(len(self.server.requests), 1)

        self.process(time=f"{9 + hours:02}:{minutes:02}:01")
        self.assertEqual(len(self.server.taken), 1)
        self.assertState(action, "sent", "sent")
        self.assertFalse(message.failure_type)

    def test_rate_limit_is_waited_for(self):
        self.assertTriedAgain(RATE_LIMIT, "rate", 1)

    def test_limit_of_one_number_is_waited_for(self):
        self.assertTriedAgain(PAIR_LIMIT, "pair", 1)

    def test_outage_is_waited_for(self):
        self.assertTriedAgain(OUTAGE, "outage", 1)

    def test_wait_that_the_server_asks_for_is_kept(self):
        self.assertTriedAgain(BUSY, "outage", 60)

    def test_waits_grow(self):
        _action, message = self.send(OUTAGE, OUTAGE, OUTAGE, OUTAGE, OUTAGE)
        waits = []
        for time in ("09:01:00", "09:06:00", "09:21:00", "10:21:00"):
            waits.append(message.retry_date.strftime("%H:%M:%S"))
            self.process(time=time)

        self.assertEqual(waits, ["09:01:00", "09:06:00", "09:21:00", "10:21:00"])
        self.assertEqual(message.retry_date.strftime("%H:%M:%S"), "11:21:00")

    def test_server_that_does_not_listen_is_waited_for(self):
        address = f"http://127.0.0.1:{find_free_port()}"
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("account_payment_followup.whatsapp_address", address)

        action, message = self.send()

        self.assertState(action, "outgoing", "queued")
        self.assertEqual(message.failure_type, "outage")

    def test_one_request_finds_out_about_an_outage_not_one_per_message(self):
        other = self.create_customer("Customer B", phone="+1 212 555 0199")
        self.create_invoice(500, "2026-01-31", other)

        self.send(OUTAGE, OUTAGE)

        self.assertEqual(len(self.server.requests), 1)

    def test_limit_of_one_number_stops_no_other(self):
        other = self.create_customer("Customer B", phone="+1 212 555 0199")
        self.create_invoice(500, "2026-01-31", other)

        self.send(PAIR_LIMIT)

        self.assertEqual(len(self.server.taken), 1)

    def test_message_is_given_up_after_two_days_of_outage(self):
        action, message = self.send(OUTAGE)
        self.server.answers.extend([OUTAGE, OUTAGE])
        message.flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_followup_whatsapp SET create_date = '2026-02-15 09:00:00'"
        )
        message.invalidate_recordset()

        self.process("2026-02-17", "08:59:00")
        self.assertState(action, "outgoing", "queued")
        self.process("2026-02-17", "10:00:00")

        self.assertState(action, "error", "failed")
        self.assertFalse(self.invoice.followup_level_id)

    # --- refused for good

    def test_refusal_takes_the_level_back_and_says_why(self):
        for answer, words in (
            (UNDELIVERABLE, "Not on WhatsApp"),
            (WINDOW_CLOSED, "24 hours"),
            (PAUSED, "paused"),
            (make_error(131049, "Healthy ecosystem"), "131049"),
        ):
            with self.subTest(answer=words), self.env.cr.savepoint() as savepoint:
                action, message = self.send(answer)

                self.assertState(action, "error", "failed")
                self.assertIn(words, message.failure_reason)
                self.assertIn(words, action.error)
                self.assertFalse(self.invoice.followup_level_id)
                self.assertReason("2026-02-16", "delivery_failed")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_refusal_of_one_message_stops_no_other(self):
        other = self.create_customer("Customer B", phone="+1 212 555 0199")
        self.create_invoice(500, "2026-01-31", other)

        self.send(UNDELIVERABLE)

        self.assertEqual(len(self.server.taken), 1)

    # --- it may have arrived

    def assertUncertain(self, answer):
        action, message = self.send(answer)
        self.assertState(action, "uncertain", "failed")
        self.assertIn("may have arrived", action.error)
        self.assertReason("2026-02-16", "delivery_failed")

        for day in ("2026-02-15", "2026-02-16", "2026-02-20"):
            self.process(day, "23:00:00")

        self.assertEqual(len(self.server.requests), 1)
        self.assertState(action, "uncertain", "failed")
        return action, message

    def test_broken_connection_is_never_sent_again_by_itself(self):
        self.assertUncertain(TAKE_AND_DROP)

    def test_missing_answer_is_never_sent_again_by_itself(self):
        with patch.object(whatsapp_api, "READ_TIMEOUT", 0.2):
            self.assertUncertain(TAKE_AND_HANG)

    def test_answer_of_a_gateway_is_never_sent_again_by_itself(self):
        self.assertUncertain(GATEWAY)

    def test_answer_that_makes_no_sense_is_never_sent_again_by_itself(self):
        self.assertUncertain((200, {"messages": []}, {}))

    def test_message_of_a_killed_server_is_never_sent_again_by_itself(self):
        action = self.queue()
        message = action.whatsapp_id.sudo()
        message.state = "process"
        message.flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_followup_whatsapp SET write_date = '2026-02-15 09:00:00'"
        )
        message.invalidate_recordset()

        self.process(time="09:05:00")
        self.assertState(action, "process", "queued")
        self.process(time="09:05:01")

        self.assertState(action, "uncertain", "failed")
        self.assertFalse(self.server.requests)

    def test_state_is_committed_before_the_request_leaves(self):
        committed = []
        progress = self.env.registry["ir.cron"]._commit_progress

        def commit(cron, *args, **kwargs):
            states = cron.env["payment.followup.whatsapp"].search([]).mapped("state")
            committed.append(states)
            return progress(cron, *args, **kwargs)

        self.server.on_message = lambda _message: committed.append("request")
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", commit):
            self.send()

        # Two requests: the template is not there in the first language
        before = committed.index("request")
        self.assertEqual(committed[before - 1], ["process"])
        self.assertEqual(committed[before : before + 3], ["request"] * 2 + [["sent"]])

    # --- the account

    def test_expired_token_keeps_the_messages_and_tells_the_administrators_once(self):
        admin = self.create_user("whatsapp_admin", "base.group_system")
        for number in range(3):
            partner = self.create_customer(
                f"C{number}", phone=f"+1 212 555 010{number}"
            )
            self.create_invoice(500, "2026-01-31", partner)
        self.server.token = "renewed"

        action, _message = self.send()
        for hour in range(10, 14):
            self.process(time=f"{hour}:30:00")

        notes = self.env["mail.message"].search(
            [("partner_ids", "in", admin.partner_id.ids)]
        )
        self.assertEqual(len(notes), 1)
        self.assertIn(self.company.name, notes.body)
        self.assertEqual(len(self.server.requests), 5)
        self.assertState(action, "outgoing", "queued")
        self.assertFalse(self.server.taken)
        self.assertEqual(
            self.env["payment.followup.whatsapp"].search([]).mapped("state"),
            ["outgoing"] * 4,
        )

    def test_new_token_lets_the_messages_go(self):
        self.server.token = "renewed"
        action, _message = self.send()

        with self.on("2026-02-15", "09:10:00"):
            self.company.payment_followup_whatsapp_token = "renewed"
        self.process(time="09:10:01")

        self.assertState(action, "sent", "sent")
        self.assertFalse(self.company.payment_followup_whatsapp_error)

    def test_account_of_another_company_goes_on(self):
        other = self.setup_other_company()["company"]
        other.write(
            {
                "payment_followup_whatsapp_phone_id": "106540352242922",
                "payment_followup_whatsapp_token": self.server.token,
            }
        )
        self.company.payment_followup_whatsapp_token = "wrong"
        self.queue()
        message = (
            self.env["payment.followup.whatsapp"]
            .sudo()
            .create(
                {
                    "company_id": other.id,
                    "number": "+12125550177",
                    "template": "payment_reminder",
                    "languages": "en",
                    "parameters": [["name", "B"], ["amount", "1"], ["due_date", "2"]],
                }
            )
        )

        self.process()

        self.assertEqual(message.state, "sent")
        self.assertEqual(len(self.server.taken), 1)

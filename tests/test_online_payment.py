from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from .test_payment_link import DAY, PaymentLinkCommon

PORTAL_BUTTON = "View and pay online"
LINK = "odoo.addons.account_payment_followup.models.payment_followup_payment_link"
POST_PROCESSING = "payment.cron_post_process_payment_tx"


class OnlinePaymentCommon(PaymentLinkCommon):
    """A customer who can pay by card; payments end in the bank journal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The story plays long ago; its links are opened today
        cls.startClassPatcher(patch(f"{LINK}.VALID_DAYS", 10 * 365))
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.provider = cls.allow_online_payment()
        cls.method.active = True
        cls._create_dummy_payment_method_for_provider(
            provider=cls.provider, journal=cls.company_data["default_journal_bank"]
        )

    def start_payment(self, amount, invoices=None):
        """Return a transaction that the customer has begun, and not yet confirmed."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "amount": amount,
                    "currency_id": self.invoice.currency_id.id,
                    "invoice_ids": (invoices or self.invoice).ids,
                    "operation": "online_direct",
                    "partner_id": self.customer.id,
                    "payment_method_id": self.method.id,
                    "provider_id": self.provider.id,
                    "reference": f"TX-{amount}",
                }
            )
        )

    def enter_payments(self, day=DAY):
        """Let Odoo's scheduled action enter what has become of the payments."""
        with self.on(day), self.run_as_cron():
            self.env["payment.transaction"].sudo()._cron_post_process()


@tagged("post_install", "-at_install")
class TestPayingByTheLink(OnlinePaymentCommon, HttpCase):
    """The way of a customer: from the button of the message to the end of the debt."""

    def open_form(self, url):
        """Return the form of the payment at ``url``, {name of its data: text}."""
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        [form] = html.fromstring(response.text).xpath("//form[@id='o_payment_form']")
        return {
            key.removeprefix("data-"): value
            for key, value in form.attrib.items()
            if key.startswith("data-")
        }

    def pay_online(self, url, state="done", **options):
        """Fill in the form at ``url``, as its own page does; return the transaction."""
        form = self.open_form(urlsplit(url)._replace(scheme="", netloc="").geturl())
        # The page of all invoices has none: it is for those who have signed in
        token = {"access_token": form["access-token"]} if "access-token" in form else {}
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            values = self.make_jsonrpc_request(
                form["transaction-route"],
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "token_id": None,
                    "amount": float(form["amount"]),
                    "flow": "direct",
                    "tokenization_requested": False,
                    "landing_route": form["landing-route"],
                    **token,
                    **options,
                },
            )
        transaction = self.env["payment.transaction"].sudo()
        transaction = transaction.search([("reference", "=", values["reference"])])
        {"done": transaction._set_done, "pending": transaction._set_pending}[state]()
        self.env.flush_all()
        return transaction

    def wait_for_result(self):
        """Do what the page does on which the customer waits for the outcome."""
        answer = self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()
        return answer["state"]

    def get_button(self, action):
        return self.get_links(action)[PORTAL_BUTTON]

    def test_button_of_the_message_leads_to_a_payment_that_ends_the_debt(self):
        action = self.run_batch(DAY)

        transaction = self.pay_online(self.get_button(action))
        state = self.wait_for_result()

        self.assertEqual((state, transaction.amount), ("done", 1000))
        self.assertEqual(transaction.payment_id.partner_id, self.customer)
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertFalse(self.get_statement("2026-02-16"))
        self.assertFalse(self.run_batch("2026-03-02"))

    def test_payment_page_has_nothing_to_pay_afterwards(self):
        self.pay_online(self.get_button(self.run_batch(DAY)))
        self.wait_for_result()

        response = self.url_open(urlsplit(self.get_url()).path)

        self.assertIn("There is nothing to pay at the moment", response.text)

    def test_one_of_two_invoices_paid_leaves_the_other_one_due(self):
        other = self.create_invoice(500, "2026-01-31")
        action = self.run_batch(DAY)

        self.pay_online(self.get_links(action)[self.invoice.name])
        self.wait_for_result()
        again = self.run_batch("2026-03-02")

        self.assertReminded(again, (self.level_2, "email"), (self.level_2, "letter"))
        self.assertEqual(again.line_ids.move_id, other)
        self.assertEqual(set(again.mapped("amount_residual")), {500})

    def test_part_of_an_invoice_paid_leaves_the_rest_due(self):
        action = self.run_batch(DAY)

        self.pay_online(self.get_button(action), amount=400.0)
        self.wait_for_result()

        self.assertEqual(self.get_statement("2026-02-16").amount_due, 600)
        again = self.run_batch("2026-03-02")
        self.assertEqual(set(again.mapped("amount_residual")), {600})

    def test_customer_who_closes_the_page_has_paid_as_well(self):
        self.pay_online(self.get_button(self.run_batch(DAY)))

        self.env["payment.transaction"].search([]).flush_recordset()
        with self.run_as_cron():
            self.env["payment.transaction"].sudo()._cron_post_process()

        self.assertFalse(self.get_statement("2026-02-16"))

    def test_customer_with_a_login_pays_all_overdue_invoices_at_once(self):
        self.create_invoice(500, "2026-01-31")
        new_test_user(
            self.env,
            login="payer",
            password="payerpayer",
            groups="base.group_portal",
            company_id=self.company.id,
            partner_id=self.customer.id,
        )
        self.run_batch(DAY)
        self.authenticate("payer", "payerpayer")

        form = self.open_form("/my/invoices/overdue")
        transaction = self.pay_online(
            "/my/invoices/overdue", payment_reference=form["payment-reference"]
        )
        self.wait_for_result()

        self.assertEqual(transaction.amount, 1500)
        self.assertFalse(self.get_statement("2026-02-16"))


@tagged("post_install", "-at_install")
class TestPaymentUnderWay(OnlinePaymentCommon):
    """A payment online that comes while a reminder waits, or takes its time."""

    def test_message_in_the_queue_is_stopped_by_a_payment_that_is_not_entered_yet(self):
        action = self.run_batch(DAY)
        self.start_payment(1000)._set_done()

        outbox = self.deliver(action.mail_id, DAY)

        self.assertFalse(outbox)
        self.assertEqual(action.state, "cancelled")
        self.assertIn("the online payment TX-1000 has just come in", action.error)
        self.assertFalse(self.get_claim(self.invoice).followup_level_id)

    def test_payment_after_the_look_at_a_message_asks_for_another_look(self):
        action = self.run_batch(DAY)
        with self.on(DAY):
            look = action._look_ahead()
            self.assertFalse(action._filter_changed(look))

            self.start_payment(1000)._set_done()

            self.assertEqual(action._filter_changed(look), action)

    def test_message_in_the_queue_is_stopped_by_a_payment_that_is_entered(self):
        action = self.run_batch(DAY)
        self.start_payment(1000)._set_done()
        self.enter_payments()

        outbox = self.deliver(action.mail_id, DAY)

        self.assertFalse(outbox)
        self.assertEqual(action.state, "cancelled")
        self.assertIn(f"{self.invoice.name} is no longer open", action.error)

    def test_message_leaves_when_the_payment_was_only_begun(self):
        action = self.run_batch(DAY)
        self.start_payment(1000)

        self.assertEqual(len(self.deliver(action.mail_id, DAY)), 1)

    def test_message_leaves_when_the_payment_was_cancelled(self):
        action = self.run_batch(DAY)
        transaction = self.start_payment(1000)
        transaction._set_pending()
        transaction._set_canceled()

        self.assertEqual(len(self.deliver(action.mail_id, DAY)), 1)

    def test_payment_of_another_invoice_stops_nothing(self):
        action = self.run_batch(DAY)
        other = self.create_invoice(500, "2026-12-31", self.create_customer("B"))
        self.start_payment(500, other)._set_done()

        self.assertEqual(len(self.deliver(action.mail_id, DAY)), 1)

    def test_batch_looks_again_once_the_payment_is_entered(self):
        action = self.run_batch(DAY)
        self.start_payment(400)._set_done()
        daily = self.env.ref("account_payment_followup.ir_cron_payment_followup_daily")
        self.env["ir.cron.trigger"].search([("cron_id", "=", daily.id)]).unlink()

        self.deliver(action.mail_id, DAY)

        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", daily.id)])
        with self.on(DAY):
            wait = trigger.call_at - fields.Datetime.now()
        self.assertEqual(wait, timedelta(minutes=5))

    def test_outcome_is_entered_within_a_minute(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref(POST_PROCESSING)
        triggers.search([("cron_id", "=", cron.id)]).unlink()

        with self.on(DAY, "09:00:00"):
            self.start_payment(1000)._set_done()

        trigger = triggers.search([("cron_id", "=", cron.id)])
        self.assertEqual(str(trigger.call_at), f"{DAY} 09:01:00")

    # --- a bank that takes its time

    def start_direct_debit(self, amount=1000, day=DAY):
        transaction = self.start_payment(amount)
        with self.on(day):
            transaction._set_pending()
        self.enter_payments(day)
        return transaction

    def test_nobody_is_reminded_while_the_bank_confirms_the_payment(self):
        self.start_direct_debit()

        statement = self.get_statement(DAY)

        self.assertEqual(statement.reason, "promised")
        self.assertEqual(str(self.invoice.expected_payment_date), "2026-02-22")
        self.assertEqual(
            self.invoice.expected_payment_note,
            "Online payment TX-1000 waits for the bank.",
        )
        self.assertFalse(self.run_batch("2026-02-22"))

    def test_reminders_go_on_when_the_bank_confirms_nothing_for_a_week(self):
        self.start_direct_debit()

        rows = self.run_batch("2026-02-23")

        self.assertEqual(set(rows.mapped("kind")), {"email", "promise_broken"})

    def test_reminders_go_on_at_once_when_the_payment_fails(self):
        transaction = self.start_direct_debit()

        with self.on("2026-02-16"):
            transaction._set_error("No funds")
        self.enter_payments("2026-02-16")

        self.assertFalse(self.invoice.expected_payment_date)
        self.assertReminded(self.run_batch("2026-02-16"), (self.level_1, "email"))

    def test_rest_is_asked_for_once_a_part_is_confirmed(self):
        transaction = self.start_direct_debit(400)

        transaction._set_done()
        self.enter_payments("2026-02-16")

        self.assertFalse(self.invoice.expected_payment_date)
        self.assertEqual(self.run_batch("2026-02-16").amount_residual, 600)

    def test_later_promise_of_the_customer_is_kept(self):
        self.invoice.expected_payment_date = "2026-03-01"

        transaction = self.start_direct_debit()
        with self.on("2026-02-16"):
            transaction._set_canceled()
        self.enter_payments("2026-02-16")

        self.assertEqual(str(self.invoice.expected_payment_date), "2026-03-01")

    def test_earlier_promise_of_the_customer_waits_for_the_bank(self):
        self.invoice.expected_payment_date = "2026-02-21"

        self.start_direct_debit()

        self.assertEqual(str(self.invoice.expected_payment_date), "2026-02-22")

    def test_company_that_does_not_use_follow_up_gets_no_promise(self):
        self.company.payment_followup_enabled = False

        self.start_direct_debit()

        self.assertFalse(self.invoice.expected_payment_date)
        self.assertFalse(self.env["payment.followup.action"].search([]))

    def test_choosing_a_wire_transfer_is_no_payment(self):
        # The code of Odoo's module for it, which need not be installed
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s",
            [self.provider.id],
        )
        self.provider.invalidate_recordset(["code"])

        self.start_direct_debit()

        self.assertFalse(self.invoice.expected_payment_date)
        self.assertReminded(self.run_batch(DAY), (self.level_1, "email"))

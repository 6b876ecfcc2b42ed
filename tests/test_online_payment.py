from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..models.payment_followup_look_again import LOOK_CRON
from .online_payment import OnlinePaymentCommon, PayingCommon
from .test_payment_link import DAY

POST_PROCESSING = "payment.cron_post_process_payment_tx"


@tagged("post_install", "-at_install")
class TestPayingByTheLink(PayingCommon):
    """The way of a customer: from the button of the message to the end of the debt."""

    def test_button_of_the_message_leads_to_a_payment_that_ends_the_debt(self):
        action = self.run_batch(DAY)

        transaction = self.pay_online(self.get_button(action))
        state = self.wait_for_result()

        self.assertEqual((state, transaction.amount), ("done", 1000))
        self.assertEqual(transaction.payment_id.partner_id, self.customer)
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertFalse(self.get_statement("2026-02-16"))
        self.assertFalse(self.run_batch("2026-03-02"))

    def test_payment_by_the_link_stops_all_that_waits_and_the_history_says_why(self):
        self.level_1.print_letter = True
        actions = self.run_batch(DAY)
        self.assertReminded(actions, (self.level_1, "email"), (self.level_1, "letter"))
        email = actions.filtered("mail_id")

        self.pay_online(self.get_button(email))
        self.wait_for_result()

        self.assertFalse(self.deliver(email.mail_id, DAY))
        self.assertEqual(set(actions.mapped("state")), {"cancelled"})
        for action in actions:
            self.assertIn(f"{self.invoice.name} is no longer open", action.error)
        with self.on(DAY):
            result = actions.with_user(self.clerk).action_print_letters()
        self.assertIn("No letter is left", result["params"]["message"])
        self.assertFalse(self.run_batch("2026-03-02"))

    def test_payment_that_the_bank_refuses_stops_nothing(self):
        action = self.run_batch(DAY)

        transaction = self.pay_online(self.get_button(action), "error")
        self.wait_for_result()

        self.assertEqual(transaction.state, "error")
        self.assertEqual(len(self.deliver(action.mail_id, DAY)), 1)

    def test_payment_of_another_amount_than_asked_for_stops_nothing(self):
        action = self.run_batch(DAY)

        transaction = self.pay_online(self.get_button(action), paid=1)
        self.wait_for_result()

        self.assertEqual(transaction.state, "error")
        self.assertEqual(self.invoice.amount_residual, 1000)
        self.assertEqual(len(self.deliver(action.mail_id, DAY)), 1)

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
        cron = self.env.ref(LOOK_CRON)
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()

        self.deliver(action.mail_id, DAY)

        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        with self.on(DAY):
            wait = trigger.call_at - fields.Datetime.now()
        self.assertEqual(wait, timedelta(minutes=5))
        self.assertEqual(action.customer_id.look_again_date, trigger.call_at)

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

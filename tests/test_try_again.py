from odoo.tests import tagged

from ..models.payment_followup_guard import DAILY_CRON
from .common import FollowupCommon

DAY = "2026-02-15"
NEXT_DAY = "2026-02-16"


@tagged("post_install", "-at_install")
class TestTryAgain(FollowupCommon):
    """One channel of several failed: that one is repeated, and nothing twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.payment_followup_responsible_id = cls.clerk
        cls.level_1.send_sms = True
        cls.customer.phone = "+1 212 555 0123"
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def send(self):
        """Send e-mail and SMS of the first level; return both rows, in this order."""
        actions = self.run_batch(DAY)
        email = actions.filtered(lambda action: action.kind == "email")
        return email, actions - email

    def refuse(self, sms):
        with self.on(DAY):
            sms.sms_id.write({"state": "error", "failure_type": "sms_number_format"})

    def try_again(self, day=NEXT_DAY):
        """Press the button on the customer's page; return the rows that it wrote."""
        actions = self.env["payment.followup.action"]
        before = actions.search([])
        statement = self.get_statement(day).with_user(self.clerk)
        with self.on(day):
            self.answer = statement.action_clear_failure()
        return actions.search([]) - before

    def test_sms_that_failed_is_repeated_and_the_e_mail_is_not(self):
        email, sms = self.send()
        self.deliver(email.mail_id, DAY)
        self.refuse(sms)
        self.assertReason(NEXT_DAY, "delivery_failed")
        self.customer.phone = "+1 212 555 0199"

        again = self.try_again()

        self.assertReminded(again, (self.level_1, "sms"))
        self.assertEqual(again.address, "+12125550199")
        self.assertEqual(again.sms_id.state, "outgoing")
        self.assertEqual(again.line_ids.level_id, self.level_1)
        self.assertTrue(again.line_ids.counts)
        self.assertReason(NEXT_DAY, "waiting")
        self.assertFalse(self.run_batch(NEXT_DAY))

    def test_e_mail_that_failed_is_repeated_and_the_sms_is_not(self):
        email, _sms = self.send()
        self.deliver(email.mail_id, DAY, Exception("No such user"))
        self.customer.email = "right@customer.example"

        again = self.try_again()

        self.assertReminded(again, (self.level_1, "email"))
        [message] = self.deliver(again.mail_id, NEXT_DAY)
        self.assertIn("right@customer.example", message["To"])

    def test_answer_says_what_is_on_its_way(self):
        _email, sms = self.send()
        self.refuse(sms)

        self.try_again()

        self.assertIn("SMS", self.answer["params"]["message"])

    def test_second_click_repeats_nothing(self):
        _email, sms = self.send()
        self.refuse(sms)
        self.try_again()

        self.assertFalse(self.try_again())
        self.assertIsNone(self.answer)

    def test_second_failure_can_be_tried_again_as_well(self):
        _email, sms = self.send()
        self.refuse(sms)
        self.refuse(self.try_again())

        self.assertReminded(self.try_again(), (self.level_1, "sms"))

    def test_done_with_the_activity_repeats_what_failed(self):
        _email, sms = self.send()
        self.refuse(sms)
        before = self.env["payment.followup.action"].search([])
        alert = sms.customer_id.activity_ids

        with self.on(NEXT_DAY):
            alert.with_user(self.clerk).action_done()

        again = self.env["payment.followup.action"].search([]) - before
        self.assertReminded(again, (self.level_1, "sms"))

    def fail_everywhere(self):
        email, sms = self.send()
        self.deliver(email.mail_id, DAY, Exception("No such user"))
        self.refuse(sms)

    def test_level_that_reached_nobody_is_sent_again_to_this_customer_alone(self):
        self.fail_everywhere()
        self.create_invoice(50, "2026-01-31", self.create_customer("Customer B"))
        batch = self.env.ref(DAILY_CRON)
        self.env["ir.cron.trigger"].search([("cron_id", "=", batch.id)]).unlink()

        again = self.try_again()

        self.assertReminded(again, (self.level_1, "email"), (self.level_1, "sms"))
        self.assertEqual(again.partner_id, self.customer)
        self.assertReason(NEXT_DAY, "waiting")
        self.assertFalse(
            self.env["ir.cron.trigger"].search([("cron_id", "=", batch.id)])
        )
        self.assertEqual(self.run_batch(NEXT_DAY).partner_id.name, "Customer B")

    def test_level_that_reached_nobody_is_due_for_the_clerk_who_sends_by_hand(self):
        self.fail_everywhere()
        customer = self.get_statement(NEXT_DAY).customer_id
        for record, vals in (
            (customer, {"mode": "manual"}),
            (self.level_1, {"auto": False}),
            (self.company, {"payment_followup_auto": False}),
        ):
            with self.subTest(vals), self.cr.savepoint() as savepoint:
                record.write(vals)
                self.assertFalse(self.try_again())
                self.assertReason(NEXT_DAY, "due")
                savepoint.rollback()

    def test_level_that_reached_nobody_waits_for_the_sending_hours(self):
        self.fail_everywhere()
        self.company._set_offered_payment_followup_hours()

        # A Sunday, and the Monday after it
        self.assertFalse(self.try_again("2026-02-22"))
        self.assertReason("2026-02-22", "due")

        again = self.run_batch("2026-02-23", "12:00:00")
        self.assertReminded(again, (self.level_1, "email"), (self.level_1, "sms"))

    def test_level_that_reached_nobody_waits_while_sending_is_held_back(self):
        self.fail_everywhere()
        with self.on(NEXT_DAY):
            holds = self.env["payment.followup.hold"].sudo()
            holds.with_company(self.company)._hold("volume", customer_count=99)

        self.assertFalse(self.try_again())
        self.assertReason(NEXT_DAY, "due")

    def test_repetition_asks_for_what_is_open_now(self):
        _email, sms = self.send()
        self.refuse(sms)
        self.pay(self.invoice, 400)

        again = self.try_again()

        self.assertEqual(again.amount_residual, 600)
        self.assertIn("600.00", again.body)

    def test_repetition_deducts_a_new_credit(self):
        _email, sms = self.send()
        self.refuse(sms)
        self.create_credit_note(100, DAY)

        self.assertEqual(self.try_again().amount_residual, 900)

    def test_paid_invoice_is_not_repeated(self):
        other = self.create_invoice(70, "2026-12-31")
        _email, sms = self.send()
        self.refuse(sms)
        self.pay(self.invoice)

        self.assertFalse(self.try_again())
        self.assertFalse(self.get_claim(other).followup_level_id)

    def test_promised_invoice_is_not_repeated(self):
        _email, sms = self.send()
        self.refuse(sms)
        self.invoice.expected_payment_date = "2026-03-01"

        self.assertFalse(self.try_again())

    def test_invoice_in_litigation_is_not_repeated(self):
        self.create_invoice(500, "2026-01-31")
        _email, sms = self.send()
        self.refuse(sms)
        self.invoice.no_followup = True

        again = self.try_again()

        self.assertNotIn(self.invoice, again.move_ids)
        self.assertEqual(again.amount_residual, 500)

    def test_customer_who_is_excluded_since_gets_nothing(self):
        _email, sms = self.send()
        self.refuse(sms)
        sms.customer_id.mode = "none"

        self.assertFalse(self.try_again())

    def test_day_of_the_next_level_sends_that_one_instead(self):
        _email, sms = self.send()
        self.refuse(sms)

        again = self.try_again("2026-03-02")

        self.assertReminded(again, (self.level_2, "email"), (self.level_2, "letter"))

    def test_number_that_is_still_missing_says_so_and_sends_no_second_e_mail(self):
        _email, sms = self.send()
        self.refuse(sms)
        self.customer.phone = False

        again = self.try_again()

        self.assertEqual((again.kind, again.state), ("error", "failed"))
        self.assertIn("No valid phone number.", again.error)
        self.assertReason(NEXT_DAY, "delivery_failed")

    def test_each_invoice_keeps_its_own_level(self):
        self.run_batch(DAY)
        younger = self.create_invoice(500, "2026-02-15")
        actions = self.run_batch("2026-03-02")
        email = actions.filtered(lambda action: action.kind == "email")
        self.deliver(email.mail_id, "2026-03-02", Exception("No such user"))

        again = self.try_again("2026-03-03")

        levels = {line.move_id: line.level_id for line in again.line_ids}
        self.assertEqual(levels, {self.invoice: self.level_2, younger: self.level_1})

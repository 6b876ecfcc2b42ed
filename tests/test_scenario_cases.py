from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestScenarioCases(FollowupCommon):
    """The cases that must hold, one customer's life day by day."""

    def test_level_is_reached_on_its_day_and_only_once(self):
        self.create_invoice(1000, "2026-01-31")

        self.assertFalse(self.run_batch("2026-02-14"))
        self.assertReminded(self.run_batch("2026-02-15"), (self.level_1, "email"))
        self.assertFalse(self.run_batch("2026-02-15"))
        self.assertFalse(self.run_batch("2026-02-16"))

    def test_claim_found_late_climbs_step_by_step(self):
        self.create_invoice(1000, "2026-01-31")

        self.assertReminded(self.run_batch("2026-03-12"), (self.level_1, "email"))
        self.assertFalse(self.run_batch("2026-03-26"))
        self.assertReminded(
            self.run_batch("2026-03-27"),
            (self.level_2, "email"),
            (self.level_2, "letter"),
        )
        self.assertFalse(self.run_batch("2026-04-05"))
        self.assertReminded(self.run_batch("2026-04-06"), (self.level_3, "activity"))

    def test_claim_found_late_gets_the_level_of_its_age(self):
        self.company.payment_followup_escalation = "age"
        self.create_invoice(1000, "2026-01-31")

        self.assertReminded(self.run_batch("2026-03-12"), (self.level_3, "activity"))

    def test_plan_is_climbed_to_its_end_then_silence(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        second = self.run_batch("2026-03-02")
        third = self.run_batch("2026-03-12")

        self.assertReminded(second, (self.level_2, "email"), (self.level_2, "letter"))
        self.assertReminded(third, (self.level_3, "activity"))
        self.assertEqual(third.state, "todo")
        self.assertFalse(self.run_batch("2026-12-31"))
        self.assertReason("2026-12-31", "plan_done")

    def test_litigation_stops_the_ladder_until_it_is_cleared(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.no_followup = True

        self.assertFalse(self.run_batch("2026-02-15"))
        statement = self.get_statement("2026-02-15")
        self.assertEqual(statement.reason, "litigation")
        self.assertEqual((statement.amount_due, statement.amount_overdue), (0, 0))

        invoice.no_followup = False

        self.assertReminded(self.run_batch("2026-02-16"), (self.level_1, "email"))

    def test_paid_invoice_is_out_at_once(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.pay(invoice)

        self.assertFalse(self.get_statement("2026-02-15"))
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_payment_between_batch_and_mail_queue_stops_the_mail(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")
        mail = action.mail_id
        self.pay(invoice)

        with self.on("2026-02-15"):
            mail.send()

        self.assertEqual(mail.state, "cancel")
        self.assertEqual(action.state, "cancelled")
        self.assertIn(invoice.name, action.error)
        self.assertFalse(invoice.followup_level_id)

    def test_partial_payment_shows_original_and_open_amount(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.pay(invoice, 400)

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.line_ids.amount_total, 1000)
        self.assertEqual(action.line_ids.amount_residual, 600)
        self.assertIn("1,000.00", action.body)
        self.assertIn("600.00", action.body)

    def test_credit_note_of_the_same_amount_covers_the_claim(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_credit_note(1000, "2026-02-01")

        self.assertFalse(self.run_batch("2026-02-15"))
        self.assertReason("2026-02-15", "covered")

    def test_unallocated_payment_of_the_same_amount_covers_the_claim(self):
        self.create_invoice(1000, "2026-01-31")
        self.pay_unallocated(1000, "2026-02-10")

        self.assertFalse(self.run_batch("2026-02-15"))
        self.assertReason("2026-02-15", "covered")

    def test_smaller_credit_is_deducted(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_credit_note(300, "2026-02-01")

        action = self.run_batch("2026-02-15")

        self.assertEqual(action.amount_residual, 700)
        self.assertIn("700.00", action.body)
        self.assertEqual(self.get_statement("2026-02-15").amount_due, 700)

    def test_only_a_credit_note_is_never_reminded(self):
        self.create_credit_note(50, "2020-01-31")

        self.assertFalse(self.run_batch("2026-02-15"))
        self.assertReason("2026-02-15", "covered")

    def test_invoices_in_two_currencies_make_one_message_with_two_totals(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(200, "2026-01-31", currency_id=euro.id)

        action = self.run_batch("2026-02-15")

        self.assertReminded(action, (self.level_1, "email"))
        self.assertEqual(len(action._get_totals()), 2)
        self.assertIn("1,000.00", action.body)
        self.assertIn("200.00", action.body)

    def test_one_message_at_the_highest_level_lists_what_is_due(self):
        first = self.create_invoice(100, "2026-01-31")
        self.run_batch("2026-02-15")
        second = self.create_invoice(200, "2026-02-15")
        not_due = self.create_invoice(400, "2026-06-30")

        actions = self.run_batch("2026-03-02")

        self.assertReminded(actions, (self.level_2, "email"), (self.level_2, "letter"))
        self.assertEqual(actions.line_ids.move_id, first + second)
        self.assertEqual(first.followup_level_id, self.level_2)
        self.assertEqual(second.followup_level_id, self.level_1)
        self.assertFalse(not_due.followup_level_id)

    def test_promise_silences_through_its_day_and_is_logged_when_broken(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        invoice.expected_payment_date = "2026-03-20"

        self.assertReason("2026-03-20", "promised")
        self.assertFalse(self.run_batch("2026-03-20"))
        actions = self.run_batch("2026-03-21")

        broken = actions.filtered(lambda a: a.kind == "promise_broken")
        self.assertEqual(broken.line_ids.move_id, invoice)
        self.assertReminded(
            actions - broken, (self.level_2, "email"), (self.level_2, "letter")
        )

    def test_buckets_add_up_to_the_receivable_balance(self):
        for amount, due in (
            (1.11, "2026-06-30"),
            (2.22, "2026-06-29"),
            (3.33, "2026-05-31"),
            (5.55, "2026-05-30"),
            (7.77, "2026-05-01"),
            (11.11, "2026-04-30"),
            (13.13, "2026-04-01"),
            (17.17, "2026-03-31"),
            (19.19, "2026-03-02"),
            (23.23, "2026-03-01"),
        ):
            self.create_invoice(amount, due)
        self.create_credit_note(0.99, "2026-05-15")

        statement = self.get_statement("2026-06-30")

        buckets = (
            statement.amount_not_due,
            statement.amount_1_30,
            statement.amount_31_60,
            statement.amount_61_90,
            statement.amount_91_120,
            statement.amount_over_120,
        )
        self.assertEqual(
            [round(amount, 2) for amount in buckets],
            [1.11, 5.55, 12.33, 24.24, 36.36, 23.23],
        )
        self.customer.invalidate_recordset(["credit"])
        self.assertAlmostEqual(sum(buckets), self.customer.credit, 2)

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestClaim(FollowupCommon):
    """A promise is made once, and kept or broken once, whatever is noted about it."""

    def test_note_on_a_broken_promise_does_not_break_it_again(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.write(
            {
                "expected_payment_date": "2026-02-20",
                "expected_payment_note": "Ms Ortiz",
            }
        )
        self.run_batch("2026-02-21")

        before = self.env["payment.followup.action"].search([])
        with self.on("2026-02-21"):
            invoice.expected_payment_note = "Ms Ortiz is on holiday"
            note = self.env["payment.followup.action"].search([]) - before

        self.assertEqual((note.kind, note.line_ids.move_id), ("note", invoice))
        self.assertIn("Ms Ortiz is on holiday", note.error)
        self.assertNotIn("already over", note.error)
        self.run_batch("2026-02-22")
        self.assertEqual(self.get_statement("2026-02-22").broken_count, 1)

    def test_promise_entered_once_more_is_no_other_promise(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        promise = {
            "expected_payment_date": "2026-02-20",
            "expected_payment_note": "Ms Ortiz",
        }
        actions = self.env["payment.followup.action"]

        with self.on("2026-02-10"):
            invoice.write(promise)
            invoice.write(promise)
            self.assertEqual(actions.search([]).mapped("kind"), ["promise"])
            invoice.write(promise | {"expected_payment_date": "2026-02-21"})

        self.assertEqual(actions.search([]).mapped("kind"), ["promise", "promise"])
        self.run_batch("2026-02-22")
        invoice.expected_payment_date = "2026-03-01"
        self.run_batch("2026-03-02")
        self.assertEqual(self.get_statement("2026-03-02").broken_count, 2)

    def test_promise_is_not_lost_on_what_no_customer_has_to_pay(self):
        note = self.create_credit_note(50, "2026-01-31")
        nobody = self.create_entry(500, "2026-01-31", partner_id=False)
        bill = self.create_invoice(50, "2026-01-31", move_type="in_invoice")
        items = self.env["payment.followup.statement.line"]
        for record in (note, bill, items.browse(nobody.id)):
            with self.subTest(record), self.on("2026-02-15"):
                with self.assertRaisesRegex(UserError, "no claim on a customer"):
                    record.expected_payment_date = "2026-03-01"
                self.env.invalidate_all(flush=False)
                record.expected_payment_date = False

    def test_promise_on_a_paid_invoice_stays_for_when_the_payment_comes_back(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        payment = self.pay(invoice)
        with self.on("2026-02-10"):
            invoice.expected_payment_date = "2026-02-20"
        self.assertEqual(str(invoice.expected_payment_date), "2026-02-20")

        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()

        self.assertReason("2026-02-20", "promised")
        self.assertDue("2026-02-21", self.level_1)

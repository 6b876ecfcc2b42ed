from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestReceivableBalance(FollowupCommon):
    """Nothing that is owed vanishes: each open item is in one part of the balance."""

    def get_parts(self, day):
        with self.on(day):
            groups = self.env["payment.followup.statement.line"]._read_group(
                [("company_id", "=", self.company.id)],
                ["part"],
                ["amount_residual:sum"],
            )
        return {part: round(amount, 2) for part, amount in groups}

    def get_ledger_balance(self):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_parts_add_up_to_the_receivable_accounts(self):
        self.create_invoice(100.01, "2026-06-30")
        self.create_invoice(200.02, "2026-01-31")
        self.create_invoice(400.04, "2026-01-31").no_followup = True
        promised = self.create_invoice(800.08, "2026-01-31")
        promised.expected_payment_date = "2026-03-20"
        self.create_entry(1600.16, "2026-01-01")
        self.create_entry(3200.32, "2026-01-01", partner_id=False)
        self.pay(self.create_invoice(50, "2026-01-31"))
        self.create_credit_note(0.5, "2026-02-01")

        parts = self.get_parts("2026-02-15")

        self.assertEqual(
            parts,
            {
                "not_due": 100.01,
                "followed": 199.52,
                "hold": 1200.12,
                "outside": 4800.48,
            },
        )
        self.assertEqual(round(sum(parts.values()), 2), self.get_ledger_balance())

    def test_customer_on_hold_has_all_its_items_there(self):
        self.create_invoice(100, "2026-06-30")
        self.create_invoice(200, "2026-01-31")
        customer = self.env["payment.followup.customer"]._get_or_create(
            self.company, self.customer
        )

        customer.next_date = "2026-02-16"
        self.assertEqual(self.get_parts("2026-02-15"), {"hold": 300})
        self.assertEqual(
            self.get_parts("2026-02-16"), {"not_due": 100, "followed": 200}
        )

    def test_opening_balance_is_outside_until_it_is_brought_in(self):
        opening = self.create_entry(500, "2026-01-01")
        self.assertFalse(self.run_batch("2026-02-15"))

        with self.on("2026-02-15"):
            item = self.env["payment.followup.statement.line"].browse(opening.id)
            self.assertEqual(item.reason, "outside")
            item.with_user(self.clerk).action_include()

        self.assertEqual(self.get_parts("2026-02-15"), {"followed": 500})
        self.assertReminded(self.run_batch("2026-02-15"), (self.level_1, "email"))

    def test_item_without_a_customer_cannot_be_brought_in(self):
        nobody = self.create_entry(500, "2026-01-01", partner_id=False)

        with self.on("2026-02-15"), self.assertRaisesRegex(UserError, "customer"):
            item = self.env["payment.followup.statement.line"].browse(nobody.id)
            item.action_include()

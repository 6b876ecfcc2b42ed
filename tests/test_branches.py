from odoo import Command
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestBranches(FollowupCommon):
    """A branch is a company: it has its plan, its claims and its reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": cls.company.id,
                "email": "accounts@branch.example",
                "payment_followup_enabled": True,
                "payment_followup_auto": True,
            }
        )
        cls.env.user.company_ids += cls.branch
        receivable = cls.company_data["default_account_receivable"]
        cls.customer.with_company(
            cls.branch
        ).property_account_receivable_id = receivable
        cls.env = cls.env(
            context={"allowed_company_ids": (cls.company + cls.branch).ids}
        )

    def get_branch_statement(self, day):
        return self.get_statement(day, company=self.branch)

    def test_branch_claims_what_is_its_own_by_its_own_plan(self):
        level = self.create_level(10, "Of the branch", company=self.branch)
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-01-31", company=self.branch)

        self.assertReason("2026-02-10", "waiting")
        statement = self.get_branch_statement("2026-02-10")
        self.assertEqual((statement.due_level_id, statement.amount_due), (level, 500))
        self.assertReminded(self.run_batch("2026-02-10"), (level, "email"))
        self.assertReminded(self.run_batch("2026-02-15"), (self.level_1, "email"))

    def test_levels_of_the_parent_are_not_those_of_the_branch(self):
        self.create_invoice(500, "2026-01-31", company=self.branch)

        statement = self.get_branch_statement("2026-03-12")

        self.assertEqual(statement.reason, "plan_done")
        self.assertFalse(statement.next_level_id)
        self.assertIn("Branch", statement.reason_text)
        self.assertFalse(self.run_batch("2026-03-12"))

    def test_credit_of_the_branch_does_not_cover_a_claim_of_its_parent(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(
            1000, "2026-01-31", company=self.branch, move_type="out_refund"
        )

        self.assertDue("2026-02-15", self.level_1)
        self.assertEqual(self.get_branch_statement("2026-02-15").reason, "covered")

    def test_clerk_of_the_branch_sees_the_branch_alone(self):
        clerk = self.create_user(
            "branch_clerk", "account.group_account_invoice", self.branch
        )
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-01-31", company=self.branch)

        with self.on("2026-02-15"):
            statements = self.env["payment.followup.statement"].with_user(clerk)
            statements = statements.with_context(allowed_company_ids=self.branch.ids)
            self.assertEqual(statements.search([]).company_id, self.branch)
            self.assertEqual(statements.search([]).amount_due, 500)

    def test_balance_of_parent_and_branch_is_each_their_own_to_the_cent(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in ((33.33, 0), (33.33, 30), (33.34, 60))
                ],
            }
        )
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.3)])
        for company in (self.company, self.branch):
            invoice = self.create_invoice(
                100.01,
                "2026-01-31",
                company=company,
                currency_id=euro.id,
                invoice_date="2026-01-31",
                invoice_date_due=False,
                invoice_payment_term_id=term.id,
            )
            self.pay(invoice, 17.77)
            self.create_invoice(0.1 + 0.2, "2026-01-31", company=company)
        self.create_credit_note(0.07, "2026-02-01")

        for company in (self.company, self.branch):
            with self.on("2026-02-15"), self.subTest(company.name):
                groups = self.env["payment.followup.statement.line"]._read_group(
                    [("company_id", "=", company.id)],
                    ["part"],
                    ["amount_residual:sum"],
                )
                lines = self.env["account.move.line"].search(
                    [
                        ("company_id", "=", company.id),
                        ("account_id.account_type", "=", "asset_receivable"),
                    ]
                )
                parts = dict(groups)
                self.assertEqual(set(parts), {"followed", "not_due"})
                self.assertAlmostEqual(
                    sum(parts.values()), sum(lines.mapped("balance")), 6
                )

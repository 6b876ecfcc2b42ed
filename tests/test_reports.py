from ast import literal_eval

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import FollowupCommon

AGES = (
    "amount_not_due",
    "amount_1_30",
    "amount_31_60",
    "amount_61_90",
    "amount_91_120",
    "amount_over_120",
)


@tagged("post_install", "-at_install")
class TestAgedReceivable(FollowupCommon):
    """What customers owe by age, as it stands in the receivable accounts."""

    def get_rows(self, day, user=None):
        """Return the totals of each customer as the list shows them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_statement_action_aged"
        )
        model = self.env[action["res_model"]].with_user(user or self.clerk)
        with self.on(day):
            self.env.invalidate_all()
            groups = model._read_group(
                literal_eval(action["domain"] or "[]"),
                ["partner_id"],
                [f"{name}:sum" for name in (*AGES, "amount_balance")],
            )
        return {
            partner: [round(amount, 2) for amount in amounts]
            for partner, *amounts in groups
        }

    def test_ages_and_total_are_those_of_the_receivable_accounts(self):
        other = self.create_customer("B")
        self.create_invoice(100.01, "2026-06-30")
        self.create_invoice(200.02, "2026-06-29")
        self.create_invoice(400.04, "2026-05-30").no_followup = True
        self.create_entry(1600.16, "2026-01-01")
        self.create_credit_note(0.5, "2026-06-01")
        self.create_invoice(7, "2026-03-02", other)

        rows = self.get_rows("2026-06-30")

        self.assertEqual(
            rows,
            {
                self.customer: [100.01, 199.52, 400.04, 0, 0, 1600.16, 2299.73],
                other: [0, 0, 0, 0, 7, 0, 7],
            },
        )
        self.customer.invalidate_recordset(["credit"])
        self.assertAlmostEqual(rows[self.customer][-1], self.customer.credit, 2)

    def test_payment_leaves_the_rest_and_the_last_one_nothing(self):
        invoice = self.create_invoice(100, "2026-01-31")
        self.pay(invoice, 40)
        self.assertEqual(self.get_rows("2026-02-15")[self.customer][-1], 60)

        self.pay(invoice)

        self.assertFalse(self.get_rows("2026-02-15"))

    def test_other_companies_are_not_in_it(self):
        company = self.setup_other_company()["company"]
        self.create_invoice(77, "2026-01-31", company=company)

        self.assertFalse(self.get_rows("2026-02-15"))


@tagged("post_install", "-at_install")
class TestCustomerLedger(FollowupCommon):
    """Each invoice and payment of a customer, with the running balance."""

    def get_entries(self, user=None):
        """Return the rows of the customer, the oldest first: amount and balance."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.account_move_line_action_customer_ledger"
        )
        items = self.env[action["res_model"]].with_user(user or self.clerk)
        variables = {"allowed_company_ids": self.company.ids}
        domain = safe_eval(action["domain"].strip(), variables)
        rows = items.search_fetch(
            [*domain, ("partner_id", "=", self.customer.id)],
            ["balance", "cumulated_balance"],
            order="date desc, move_name desc, id",
        )
        return [(row.balance, row.cumulated_balance) for row in rows[::-1]]

    def test_balance_runs_from_entry_to_entry(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.pay(invoice, 400)

        entries = self.get_entries()

        self.assertEqual([balance for balance, _running in entries], [1000, -400])
        self.assertEqual([running for _balance, running in entries], [1000, 600])

    def test_what_is_not_posted_or_no_trade_is_not_in_it(self):
        self.create_invoice(1000, "2026-01-31").button_draft()
        self.create_entry(50, "2026-01-31").account_id.sudo().non_trade = True

        self.assertFalse(self.get_entries())

    def test_other_companies_are_not_in_it(self):
        company = self.setup_other_company()["company"]
        self.create_invoice(77, "2026-01-01", company=company)
        self.create_invoice(1000, "2026-01-31")

        self.assertEqual(self.get_entries(), [(1000, 1000)])

    def test_pages_of_customers_are_those_of_odoo(self):
        names = ("Zoe", "Ann", "Bob", "Old")
        customers = {name: self.create_customer(name) for name in names}
        for customer in customers.values():
            self.create_invoice(100, "2026-01-31", customer)
        self.create_invoice(50, "2026-02-28", customers["Ann"])
        self.create_entry(30, "2026-01-31", partner_id=False)
        customers["Old"].active = False

        for limit in range(1, 8):
            for offset in range(7):
                for order in ("", "partner_id", "partner_id DESC", "balance DESC"):
                    page = self.get_page(limit, offset, order)
                    odoo = self.get_page(limit, offset, order, followup_ledger=False)
                    self.assertEqual(page, odoo, (limit, offset, order))
        everything = self.get_page(9, 0)
        self.assertFalse(everything["groups"][-1]["partner_id"])
        self.assertEqual(everything["length"], 5)

    def get_page(self, limit, offset, order="", followup_ledger=True):
        """Return a page of the ledger by customer, as the browser asks for it."""
        items = self.env["account.move.line"].with_user(self.clerk)
        return items.with_context(followup_ledger=followup_ledger).web_read_group(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            ["partner_id"],
            ["balance:sum", "debit:sum"],
            limit=limit,
            offset=offset,
            order=order,
        )

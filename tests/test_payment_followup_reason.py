from odoo.tests import tagged

from ..const import ITEM_REASONS, REASONS
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestReason(FollowupCommon):
    """Why a customer is reminded or not: exactly one reason, each of which occurs."""

    # --- reasons

    def create_customer_of_reason(self, reason):
        """Return a customer who is, on 2026-06-30, in the state of ``reason``."""
        customer = self.create_customer(f"Customer {reason}")
        due = "2026-12-31" if reason == "not_due" else "2026-06-15"
        invoice = self.create_invoice(1000, due, customer)
        prepare = getattr(self, f"prepare_{reason}", None)
        if prepare:
            prepare(customer, invoice)
        return customer

    def get_decisions(self, customer):
        return self.env["payment.followup.customer"]._get_or_create(
            self.company, customer
        )

    def prepare_excluded(self, customer, invoice):
        self.get_decisions(customer).mode = "none"

    def prepare_covered(self, customer, invoice):
        self.create_credit_note(1000, "2026-06-15", customer)

    def prepare_paused(self, customer, invoice):
        self.get_decisions(customer).next_date = "2026-07-01"

    def prepare_below_minimum(self, customer, invoice):
        self.pay(invoice, 995)

    def prepare_delivery_failed(self, customer, invoice):
        self.get_decisions(customer)._set_failure("delivery")

    def prepare_no_address(self, customer, invoice):
        customer.write({"email": False, "street": False, "city": False})

    def prepare_interval(self, customer, invoice):
        self.get_decisions(customer)._set_reminded("2026-06-30")

    def prepare_waiting(self, customer, invoice):
        invoice.invoice_date_due = "2026-06-29"

    def prepare_promised(self, customer, invoice):
        invoice.expected_payment_date = "2026-07-01"

    def prepare_plan_done(self, customer, invoice):
        claims = self.env["payment.followup.claim"].sudo()
        claims._get_or_create(self.get_claim(invoice)).write(
            {"level_id": self.level_3.id, "level_date": "2026-06-01"}
        )

    def prepare_litigation(self, customer, invoice):
        invoice.no_followup = True

    def test_each_reason_occurs_and_each_customer_has_exactly_one(self):
        self.company.payment_followup_min_amount = 10
        wanted = dict(REASONS)
        wanted.pop("disabled")
        customers = {
            reason: self.create_customer_of_reason(reason) for reason in wanted
        }

        with self.on("2026-06-30"):
            statements = self.env["payment.followup.statement"].search(
                [("company_id", "=", self.company.id)]
            )
            found = {s.partner_id: s.reason for s in statements}

        self.assertEqual(len(statements), len(customers))
        self.assertEqual(found, {c: reason for reason, c in customers.items()})

    def test_reasons_are_tried_in_their_order(self):
        invoice = self.create_invoice(1000, "2026-06-15")
        decisions = self.get_decisions(self.customer)
        decisions._set_reminded("2026-06-30")

        self.assertReason("2026-06-30", "interval")
        self.prepare_no_address(self.customer, invoice)
        self.assertReason("2026-06-30", "no_address")
        decisions._set_failure("delivery")
        self.assertReason("2026-06-30", "delivery_failed")
        self.company.payment_followup_min_amount = 5000
        self.assertReason("2026-06-30", "below_minimum")
        self.prepare_paused(self.customer, invoice)
        self.assertReason("2026-06-30", "paused")
        self.prepare_covered(self.customer, invoice)
        self.assertReason("2026-06-30", "covered")
        self.prepare_excluded(self.customer, invoice)
        self.assertReason("2026-06-30", "excluded")
        self.company.payment_followup_enabled = False
        self.assertReason("2026-06-30", "disabled")

    def test_each_open_item_has_its_reason(self):
        moves = {
            reason: self.create_invoice(1000, "2026-06-15")
            for reason in ("due", "litigation", "promised", "plan_done")
        }
        moves["waiting"] = self.create_invoice(1000, "2026-06-16")
        moves["not_due"] = self.create_invoice(1000, "2026-06-30")
        moves["credit"] = self.create_credit_note(1, "2026-06-15")
        moves["outside"] = self.create_entry(1000, "2026-06-15").move_id
        self.prepare_litigation(self.customer, moves["litigation"])
        moves["promised"].expected_payment_date = "2026-06-30"
        self.prepare_plan_done(self.customer, moves["plan_done"])

        items = self.get_statement("2026-06-30").line_ids

        self.assertEqual(
            {item.move_id: item.reason for item in items},
            {move: reason for reason, move in moves.items()},
        )
        self.assertEqual(set(moves), set(dict(ITEM_REASONS)))

    def test_list_can_be_searched_and_grouped_by_reason(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-12-31", self.create_customer("Later"))

        with self.on("2026-02-15"):
            statements = self.env["payment.followup.statement"]
            due = statements.search([("reason", "=", "due")])
            groups = statements._read_group([], ["reason"], ["amount_due:sum"])

        self.assertEqual(due.partner_id, self.customer)
        self.assertEqual(dict(groups), {"due": 1000, "not_due": 500})

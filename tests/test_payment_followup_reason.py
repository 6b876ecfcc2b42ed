from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import file_open

from ..const import ITEM_REASONS, REASONS
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestReason(FollowupCommon):
    """Why a customer is reminded or not: exactly one reason, each of which occurs."""

    # --- reasons

    def test_manual_has_the_reasons_in_the_words_and_order_of_the_screens(self):
        with file_open("account_payment_followup/README.rst") as manual:
            table = manual.read().split("\nReason  ")[1]
        rows = table.split("\n==")[1].splitlines()[1:]

        names = [row[:28].strip() for row in rows if not row.startswith(" ")]
        self.assertEqual(names, [label for _reason, label in REASONS])

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

    # --- reasons at their edges

    def test_failed_delivery_shows_until_somebody_acts_though_nothing_is_due(self):
        invoice = self.create_invoice(1000, "2026-12-31")
        decisions = self.get_decisions(self.customer)
        with self.on("2026-06-01"):
            decisions._set_failure("delivery")

        self.assertReason("2026-06-30", "delivery_failed")
        invoice.expected_payment_date = "2027-01-31"
        self.assertReason("2026-06-30", "delivery_failed")
        self.prepare_litigation(self.customer, invoice)
        self.assertReason("2026-06-30", "delivery_failed")
        self.prepare_paused(self.customer, invoice)
        self.assertReason("2026-06-30", "paused")
        self.assertReason("2026-07-01", "delivery_failed")
        with self.on("2026-07-01"):
            self.get_statement("2026-07-01").with_user(
                self.clerk
            ).action_clear_failure()
        self.assertReason("2026-07-01", "litigation")

    def test_error_of_ours_holds_for_its_day_and_only_what_is_due(self):
        self.create_invoice(1000, "2026-06-15")
        decisions = self.get_decisions(self.customer)
        for day, reason in (
            ("2026-06-29", "waiting"),
            ("2026-06-30", "delivery_failed"),
        ):
            with self.on(day):
                decisions._set_failure("error")

            self.assertReason(day, reason)
            self.assertReason("2026-07-01", "due")

    def test_credit_that_outweighs_a_promised_debt_covers_it(self):
        invoice = self.create_invoice(1000, "2026-06-15")
        invoice.expected_payment_date = "2026-07-15"
        for credit, reason in (
            (999.99, "promised"),
            (0.01, "covered"),
            (0.01, "covered"),
        ):
            self.create_credit_note(credit, "2026-06-20")
            self.assertReason("2026-06-30", reason)

    def test_credit_does_not_cover_what_is_not_due_yet(self):
        self.create_invoice(10, "2026-12-31")
        self.create_credit_note(1000, "2026-06-20")

        self.assertReason("2026-06-30", "not_due")

    def test_litigation_is_the_reason_from_the_day_after_its_due_date(self):
        self.create_invoice(1000, "2026-12-31")
        disputed = self.create_invoice(1000, "2026-06-29")
        self.prepare_litigation(self.customer, disputed)

        for day, reason in (
            ("2026-06-28", "not_due"),
            ("2026-06-29", "not_due"),
            ("2026-06-30", "litigation"),
        ):
            self.assertReason(day, reason)

    def test_past_day_planned_by_hand_is_no_next_reminder(self):
        done, disputed = (self.create_customer(name) for name in ("Done", "Disputed"))
        self.prepare_plan_done(done, self.create_invoice(1000, "2026-01-31", done))
        invoice = self.create_invoice(1000, "2026-01-31", disputed)
        self.prepare_litigation(disputed, invoice)
        for customer, reason in ((done, "plan_done"), (disputed, "litigation")):
            self.get_decisions(customer).next_date = "2026-06-30"

            held = self.get_statement("2026-06-29", customer)
            self.assertEqual(
                (held.reason, str(held.next_date)), ("paused", "2026-06-30")
            )
            free = self.get_statement("2026-06-30", customer)
            self.assertEqual((free.reason, free.next_date), (reason, False))

    def test_words_name_who_paused_or_excluded_whatever_was_written_since(self):
        self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")
        colleague = self.create_user("colleague", "account.group_account_invoice")
        for user, vals in (
            (self.clerk, {"mode": "none"}),
            (colleague, {"planned_date": "2026-03-20"}),
        ):
            self.get_statement("2026-02-15").with_user(user).write(vals)
        with self.on("2026-02-16"):
            action._set_failed("mailbox full")

        held = self.get_statement("2026-02-16")
        self.assertEqual(held.reason, "excluded")
        self.assertIn(f"{self.clerk.name} excluded", held.reason_text)
        held.mode = "automatic"
        paused = self.get_statement("2026-02-16")
        self.assertEqual(paused.reason, "paused")
        self.assertIn(f"by {colleague.name}", paused.reason_text)

    def test_promise_of_a_claim_in_litigation_is_not_the_one_that_is_waited_for(self):
        disputed = self.create_invoice(1000, "2026-06-01")
        waiting = self.create_invoice(1000, "2026-06-15")
        disputed.expected_payment_date = "2026-07-01"
        waiting.expected_payment_date = "2026-07-15"
        self.assertIn("07/01/2026", self.get_statement("2026-06-30").reason_text)

        self.prepare_litigation(self.customer, disputed)

        statement = self.get_statement("2026-06-30")
        self.assertEqual(statement.reason, "promised")
        self.assertIn("07/15/2026", statement.reason_text)

    def test_words_that_are_no_address_reach_nobody(self):
        self.create_invoice(1000, "2026-06-15")
        nowhere = {"street": False, "city": False}
        for email, reason in (
            ("unknown", "no_address"),
            ("Anna <anna@customer.example>", "due"),
            ("anna@customer.example", "due"),
        ):
            self.customer.write({"email": email, **nowhere})
            self.assertReason("2026-06-30", reason)

        actions = self.run_batch("2026-06-30")
        self.assertEqual(actions.address, "anna@customer.example")

    def test_words_that_are_no_number_reach_nobody(self):
        self.level_1.write({"send_email": False, "send_sms": True})
        self.create_invoice(1000, "2026-06-15")
        nowhere = {"email": False, "street": False, "city": False}
        # Odoo knows wrong numbers only where the library phonenumbers is installed
        check = patch.object(
            self.env.registry["res.partner"],
            "_phone_format",
            lambda partner, **options: partner.phone.startswith("+") and partner.phone,
        )
        for phone, reason in (("call mother", "no_address"), ("+15555551234", "due")):
            with check:
                self.customer.write({"phone": phone, **nowhere})
                self.assertReason("2026-06-30", reason)

    def test_address_of_the_customer_serves_where_its_contact_has_none(self):
        self.create_invoice(1000, "2026-06-15")
        self.create_contact(self.customer, type="followup", email="unknown")

        self.assertReason("2026-06-30", "due")
        self.assertEqual(
            self.run_batch("2026-06-30").address, "customer.a@customer.example"
        )

    def test_company_without_levels_says_so_in_words(self):
        levels = self.level_1 + self.level_2 + self.level_3
        invoice = self.create_invoice(1000, "2026-06-15")
        self.prepare_plan_done(self.customer, invoice)
        done = self.get_statement("2026-06-30")
        self.assertIn("no further level", done.reason_text)

        self.env["payment.followup.claim"].sudo().search([]).unlink()
        levels.active = False

        without = self.get_statement("2026-06-30")
        self.assertEqual(without.reason, "plan_done")
        self.assertIn("has no level for what is overdue", without.reason_text)

    # --- open items

    def test_credit_of_a_miscellaneous_entry_is_deducted_and_says_so(self):
        invoice = self.create_invoice(1000, "2026-06-15")
        claim = self.create_entry(100, "2026-06-15")
        credit = self.create_entry(-300, "2026-06-15")

        items = self.get_statement("2026-06-30").line_ids.grouped("move_line_id")

        self.assertEqual(items[claim].reason, "outside")
        self.assertEqual(items[claim].part, "outside")
        self.assertEqual(items[credit].reason, "credit")
        self.assertEqual(items[credit].part, "followed")
        action = self.run_batch("2026-06-30")
        self.assertEqual(action.amount_residual, 700)
        self.assertEqual(action.move_ids, invoice + credit.move_id)

    def test_item_without_a_customer_is_outside_and_never_due(self):
        nobody = self.create_entry(
            500, "2026-06-15", partner_id=False, no_followup=False
        )
        credit = self.create_entry(-500, "2026-06-15", partner_id=False)

        with self.on("2026-06-30"):
            items = self.env["payment.followup.statement.line"].browse(
                (nobody + credit).ids
            )
            for item in items:
                self.assertEqual((item.reason, item.part), ("outside", "outside"))
                self.assertFalse(item.is_due or item.is_listed or item.next_level_id)
                self.assertFalse(item.next_date)

    def test_list_can_be_searched_and_grouped_by_reason(self):
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-12-31", self.create_customer("Later"))

        with self.on("2026-02-15"):
            statements = self.env["payment.followup.statement"]
            due = statements.search([("reason", "=", "due")])
            groups = statements._read_group([], ["reason"], ["amount_due:sum"])

        self.assertEqual(due.partner_id, self.customer)
        self.assertEqual(dict(groups), {"due": 1000, "not_due": 500})

from odoo import Command
from odoo.tests import tagged

from .common import FollowupCommon
from .services import receive_sms


@tagged("post_install", "-at_install")
class TestStatement(FollowupCommon):
    """What a customer owes, whatever happens to invoices, contacts and the clock."""

    # --- what happens to an invoice

    def test_unreconciled_payment_brings_the_claim_back_at_its_level(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        payment = self.pay(invoice)
        self.assertFalse(self.get_statement("2026-03-01"))

        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()

        self.assertEqual(self.get_statement("2026-03-01").level_id, self.level_1)
        self.assertDue("2026-03-02", self.level_2)

    def test_invoice_reset_to_draft_loses_its_level_and_keeps_its_history(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        first = self.run_batch("2026-02-15")

        invoice.button_draft()

        self.assertFalse(self.get_statement("2026-02-20"))
        self.assertFalse(invoice.followup_level_id)
        self.assertEqual(first.line_ids.move_id, invoice)
        self.assertEqual(first.line_ids.level_id, self.level_1)
        invoice.action_post()
        self.assertReminded(self.run_batch("2026-02-20"), (self.level_1, "email"))

    def test_reversed_invoice_is_out_at_once(self):
        invoice = self.create_invoice(1000, "2026-01-31")

        invoice._reverse_moves(cancel=True)

        self.assertFalse(self.get_statement("2026-02-15"))
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_draft_invoice_is_not_chased(self):
        self.create_invoice(1000, "2026-01-31", post=False)

        self.assertFalse(self.get_statement("2026-02-15"))

    def test_each_instalment_has_a_ladder_of_its_own(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Three instalments",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": p, "nb_days": d}
                    )
                    for p, d in ((30, 0), (30, 28), (40, 59))
                ],
            }
        )
        invoice = self.create_invoice(
            1000,
            "2026-01-31",
            invoice_date="2026-01-31",
            invoice_date_due=False,
            invoice_payment_term_id=term.id,
        )
        first, second, third = self.get_claim(invoice)
        self.run_batch("2026-02-28")

        actions = self.run_batch("2026-03-15")

        self.assertEqual(str(third.date_maturity), "2026-03-31")
        self.assertReminded(actions, (self.level_2, "email"), (self.level_2, "letter"))
        self.assertEqual(actions.line_ids.move_line_id, first + second)
        self.assertEqual(first.followup_level_id, self.level_2)
        self.assertEqual(second.followup_level_id, self.level_1)
        self.assertFalse(third.followup_level_id)
        self.assertEqual(invoice.followup_level_id, self.level_2)

    def test_levels_of_claims_can_be_searched(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        other = self.create_invoice(1000, "2026-06-30")
        self.run_batch("2026-02-15")
        invoices = (invoice + other).ids

        Move, Line = self.env["account.move"], self.env["account.move.line"]
        at_level = [("followup_level_id", "=", self.level_1.id)]
        self.assertEqual(Move.search([("id", "in", invoices), *at_level]), invoice)
        self.assertEqual(Line.search(at_level), self.get_claim(invoice))
        self.assertEqual(
            Move.search([("id", "in", invoices), ("followup_level_id", "=", False)]),
            other,
        )
        self.assertEqual(
            Move.search([("id", "in", invoices), ("followup_level_id", "!=", False)]),
            invoice,
        )
        self.assertEqual(
            Line.search([("followup_date", ">=", "2026-02-15")]),
            self.get_claim(invoice),
        )

    # --- items that are not invoices

    def test_opening_balance_is_shown_as_litigation_until_it_is_released(self):
        claim = self.create_entry(1000, "2026-01-31")

        statement = self.get_statement("2026-02-15")
        self.assertEqual(
            (statement.reason, statement.amount_excluded), ("litigation", 1000)
        )
        claim.no_followup = False
        self.assertDue("2026-02-15", self.level_1)

    def test_claim_without_a_due_date_is_due_on_the_day_of_its_entry(self):
        claim = self.create_entry(1000, "2026-01-31", no_followup=False)
        claim.date_maturity = False

        self.assertReason("2026-02-14", "waiting")
        self.assertReminded(self.run_batch("2026-02-15"), (self.level_1, "email"))

    def test_receivable_that_is_no_trade_is_left_out(self):
        account = self.company_data["default_account_receivable"].copy(
            {"non_trade": True}
        )
        self.create_entry(1000, "2026-01-31", account, no_followup=False)

        self.assertFalse(self.get_statement("2026-02-15"))

    # --- customers and their contacts

    def test_contacts_of_one_customer_make_one_statement(self):
        one, two = (self.create_contact(self.customer) for _i in range(2))
        self.create_invoice(100, "2026-01-31", one)
        self.create_invoice(200, "2026-01-31", two)

        statement = self.get_statement("2026-02-15", one)

        self.assertEqual(statement, self.get_statement("2026-02-15", two))
        self.assertEqual(statement.partner_id, self.customer)
        self.assertEqual((statement.claim_count, statement.amount_due), (2, 300))
        self.assertReminded(self.run_batch("2026-02-15"), (self.level_1, "email"))

    def test_payment_of_a_contact_covers_the_claim_on_its_customer(self):
        self.create_invoice(1000, "2026-01-31")
        contact = self.create_contact(self.customer)
        self.pay_unallocated(1000, "2026-02-10", contact)

        self.assertReason("2026-02-15", "covered")

    def test_contact_moved_to_another_customer_takes_its_claims_along(self):
        moved = self.create_customer("Moved")
        self.create_invoice(1000, "2026-01-31", moved)
        self.run_batch("2026-02-15")

        moved.parent_id = self.customer

        self.assertEqual(self.get_statement("2026-03-01").level_id, self.level_1)
        self.assertReminded(
            self.run_batch("2026-03-02"),
            (self.level_2, "email"),
            (self.level_2, "letter"),
        )

    def test_customer_merged_into_another_takes_claims_and_levels_along(self):
        doubled = self.create_customer("Doubled")
        self.create_invoice(100, "2026-01-31")
        self.create_invoice(200, "2026-01-31", doubled)
        self.run_batch("2026-02-15")

        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.customer + doubled).ids, self.customer
        )

        statement = self.get_statement("2026-03-02")
        self.assertEqual((statement.amount_due, statement.level_id.name), (300, "L1"))
        self.assertReminded(
            self.run_batch("2026-03-02"),
            (self.level_2, "email"),
            (self.level_2, "letter"),
        )

    def test_archived_customer_is_not_forgotten(self):
        self.create_invoice(1000, "2026-01-31")

        self.customer.active = False

        self.assertDue("2026-02-15", self.level_1)

    # --- today

    def test_two_time_zones_see_two_days_at_the_same_instant(self):
        contact = self.company.partner_id
        days = []
        for zone in ("Pacific/Auckland", "America/Los_Angeles", False):
            contact.tz = zone
            with self.on("2026-02-14", "12:00:00"):
                days.append(str(self.company._get_payment_followup_today()))

        self.assertEqual(days, ["2026-02-15", "2026-02-14", "2026-02-14"])

    def test_reason_follows_the_time_zone_of_the_company(self):
        self.create_invoice(1000, "2026-01-31")

        for zone, reason in (
            ("Pacific/Auckland", "due"),
            ("America/Los_Angeles", "waiting"),
        ):
            self.company.partner_id.tz = zone
            statement = self.get_statement("2026-02-14", time="12:00:00")
            self.assertEqual(statement.reason, reason)

    # --- what a page says and does

    def test_item_does_not_promise_a_reminder_that_does_not_go_out(self):
        self.company.payment_followup_min_amount = 1000
        for number, (owed, text) in enumerate(
            (
                (1000.01, "In the reminder, which takes it to “L1”."),
                (1000, "In the reminder, which takes it to “L1”."),
                (999.99, "no reminder goes out today (Below the minimum)"),
            )
        ):
            with self.subTest(owed):
                customer = self.create_customer(f"Customer {number}")
                self.create_invoice(owed, "2026-01-31", customer)
                items = self.get_statement("2026-02-16", customer).line_ids
                with self.on("2026-02-16"):
                    self.assertIn(text, items.reason_text)

    def test_sms_from_the_page_stays_among_the_messages(self):
        self.customer.phone = "+1 212 555 0100"
        self.create_contact(self.customer, type="followup", phone="+1 212 555 0199")
        self.create_invoice(1000, "2026-01-31")
        action = (
            self.get_statement("2026-02-16").with_user(self.clerk).action_open_sms()
        )
        Composer = self.env[action["res_model"]].with_user(self.clerk)

        with receive_sms() as outbox:
            composer = Composer.with_context(**action["context"])
            composer.create({"body": "Please call us"}).action_send_sms()

        self.assertEqual(outbox, [("+12125550199", "Please call us")])
        thread = self.env["payment.followup.customer"].search([]).message_ids
        [message] = thread.filtered(lambda message: message.message_type == "sms")
        self.assertIn("Please call us", message.body)
        self.assertEqual(message.author_id, self.clerk.partner_id)

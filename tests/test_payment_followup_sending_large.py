from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..wizard import payment_followup_sending
from .sending_common import DAY, SendingCommon


@tagged("post_install", "-at_install")
class TestSendingLarge(SendingCommon):
    """More customers than a page can wait for: the first at once, then the others."""

    def open_first(self, limit, user=None):
        """Open the screen with ``limit`` customers only; return the sending."""
        with patch.object(payment_followup_sending, "PREPARED_AT_ONCE", limit):
            return self.open_sending(user=user)

    def complete(self, sending):
        with self.on(DAY):
            sending.action_complete()
            self.env.flush_all()
        sending.invalidate_recordset()

    def test_page_opens_with_the_largest_amounts_and_gets_the_others(self):
        for amount in (100, 300, 200):
            self.create_debtor(f"Owes {amount}", amount=amount)

        sending = self.open_first(2)
        names = sending.line_ids.sorted("id").partner_id.mapped("name")

        self.assertEqual(names, ["Owes 300", "Owes 200"])
        self.assertEqual(sending.get_summary()["state"], "preparing")
        self.complete(sending)
        self.assertEqual(sending.state, "draft")
        self.assertEqual(sending.get_summary()["customers"], 3)

    def test_rows_added_later_are_those_of_a_page_that_opens_with_all(self):
        self.create_mixed_company()
        at_once = self.get_rows(self.open_sending())

        sending = self.open_first(3)
        self.complete(sending)

        self.assertEqual(self.get_rows(sending), at_once)

    def test_page_with_fewer_customers_than_it_can_show_is_complete(self):
        self.create_debtor("One")
        self.create_debtor("Two")

        self.assertEqual(self.open_first(3).state, "draft")

    def test_nothing_is_sent_before_all_customers_are_there(self):
        self.create_debtor("One")
        self.create_debtor("Two")
        sending = self.open_first(1)

        with self.assertRaisesRegex(UserError, "still being prepared"):
            sending.action_start()

        self.complete(sending)
        self.assertEqual(self.send(sending)["sent"], 2)

    def test_boxes_ticked_meanwhile_stay_when_the_others_are_added(self):
        self.create_debtor("Small", amount=10)
        self.create_debtor("Large", amount=20)
        sending = self.open_first(1)

        sending.line_ids.action_untick()
        self.complete(sending)

        ticked = sending.line_ids.filtered("is_selected").partner_id
        self.assertEqual(ticked.mapped("name"), ["Small"])

    def test_completing_twice_adds_nobody_twice(self):
        self.create_debtor("One")
        self.create_debtor("Two")
        sending = self.open_first(1)

        self.complete(sending)
        self.complete(sending)

        self.assertEqual(len(sending.line_ids), 2)

    def test_nobody_adds_customers_of_a_company_of_others(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = True
        self.create_debtor("One")
        self.create_debtor("Two")
        sending = self.open_first(1)

        with self.assertRaises(AccessError):
            sending.with_context(allowed_company_ids=other.ids).action_complete()

        self.assertEqual(len(sending.line_ids), 1)

    def test_groups_keep_their_order_when_the_first_of_them_comes_later(self):
        self.create_debtor("Last level", "2026-01-01", amount=500)
        self.create_debtor("First level", "2026-02-25", amount=50)
        self.company.payment_followup_escalation = "age"
        sending = self.open_first(1)
        self.complete(sending)

        groups = sending.line_ids.formatted_read_group(
            [("sending_id", "=", sending.id)], ["section"], ["__count"]
        )

        levels = [group["section"].split(":")[0] for group in groups]
        self.assertEqual(levels[0], "L1")
        self.assertGreater(len(levels), 1)

    def test_customer_of_two_companies_is_unticked_in_one(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = True
        self.create_level(15, "Other", other)
        customer = self.create_debtor("Both")
        self.create_invoice(500, "2026-01-31", customer, company=other)
        self.clerk.company_ids += other
        with self.on(DAY):
            sendings = self.env["payment.followup.sending"].with_user(self.clerk)
            sendings = sendings.with_context(
                allowed_company_ids=[self.company.id, other.id]
            )
            sending = sendings.browse(sendings.action_open()["context"]["sending_id"])

        sending.line_ids.filtered(
            lambda row: row.company_id == self.company
        ).action_untick()

        ticked = sending.line_ids.filtered("is_selected")
        self.assertEqual(ticked.company_id, other)

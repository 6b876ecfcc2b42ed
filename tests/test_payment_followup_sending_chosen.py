from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .sending_common import DAY, SendingCommon

SATURDAY = "2026-03-14"


@tagged("post_install", "-at_install")
class TestSendingChosen(SendingCommon):
    """Send due reminders: to the customers whom a clerk selected in the work list."""

    def choose(self, customers=None, day=DAY, user=None):
        """Press the button for all or these; return the sending and who is left out."""
        domain = [("partner_id", "in", customers.ids)] if customers else []
        with self.on(day):
            statements = self.env["payment.followup.statement"].search(domain)
            action = statements.with_user(user or self.clerk).action_send_due()
            self.env.flush_all()
        self.assertEqual(action["tag"], "payment_followup_sending_dialog")
        sendings = self.env["payment.followup.sending"].with_user(user or self.clerk)
        params = action["params"]
        left_out = [*params["left_out"], *filter(None, [params["left_out_more"]])]
        return sendings.browse(params["sending_id"]), left_out

    def test_dialog_shows_what_is_due_and_who_is_left_out(self):
        self.create_debtor("Due")
        self.create_debtor("Later", due="2026-12-31")

        sending, left_out = self.choose()

        summary = sending.get_summary()
        self.assertEqual(summary["customers"], 1)
        self.assertIn("1,000.00", summary["amounts"])
        self.assertEqual([c["kind"] for c in summary["channels"]], ["email"])
        self.assertEqual(left_out, [("Later", "Not due yet")])
        self.assertFalse(self.env["payment.followup.action"].search([]))

    def test_only_the_selected_are_reminded_and_the_log_names_the_clerk(self):
        chosen = self.create_debtor("Chosen")
        self.create_debtor("Other")

        sending, left_out = self.choose(chosen)
        progress = self.send(sending)

        actions = self.env["payment.followup.action"].search([])
        self.assertEqual((actions.partner_id, actions.user_id), (chosen, self.clerk))
        self.assertEqual((progress["sent"], progress["total"]), (1, 1))
        self.assertEqual((left_out, progress["notes"]), ([], []))

    def test_whoever_selects_customers_by_hand_sends_to_them(self):
        customer = self.create_debtor("By hand")
        self.set_mode(customer, "manual")

        sending, _left_out = self.choose(customer)

        self.assertEqual(self.send(sending)["sent"], 1)

    def test_nothing_due_says_why(self):
        self.create_debtor("Later", due="2026-12-31")

        sending, left_out = self.choose()

        self.assertEqual(sending.get_summary()["customers"], 0)
        self.assertEqual(left_out, [("Later", "Not due yet")])
        with self.assertRaisesRegex(UserError, "No reminder is ticked"):
            sending.action_start()

    def test_many_left_out_are_counted(self):
        for number in range(7):
            self.create_debtor(f"Later {number}", due="2026-12-31")

        _sending, left_out = self.choose()

        self.assertEqual(len(left_out), 6)
        self.assertEqual(left_out[-1], 2)

    def test_customer_reminded_meanwhile_is_not_reminded_again(self):
        customer = self.create_debtor("Debtor")
        first, _left_out = self.choose(customer)
        second, _left_out = self.choose(customer)

        self.send(first)
        progress = self.send(second)

        self.assertEqual((progress["sent"], progress["dropped"]), (0, 1))
        self.assertEqual(len(self.env["payment.followup.action"].search([])), 1)

    @mute_logger(
        "odoo.addons.account_payment_followup.models.payment_followup_reminder"
    )
    def test_result_says_who_failed_and_why_and_the_others_are_sent(self):
        bad = self.env["res.partner"].concat(*map(self.create_debtor, "ABCDEFG"))
        good = self.create_debtor("Good")

        sending, _left_out = self.choose()
        with self.break_rendering(bad):
            progress = self.send(sending)

        self.assertEqual((progress["sent"], progress["failed"]), (1, 7))
        note = progress["notes"][0]
        self.assertEqual(len([c for c in bad if f"{c.name}: " in note]), 5)
        self.assertIn("cannot be rendered", note)
        self.assertIn("And others: 2.", note)
        self.assertReason(DAY, "waiting", good)
        for customer in bad:
            self.assertReason(DAY, "delivery_failed", customer)

    def test_result_says_that_messages_wait_for_the_sending_hours(self):
        self.company._set_offered_payment_followup_hours()
        customer = self.create_debtor("Debtor")

        sending, _left_out = self.choose(customer, day=SATURDAY)
        notes = self.send(sending, day=SATURDAY)["notes"]

        self.assertIn("Outside the sending hours", notes[0])

    def test_result_says_where_letters_wait(self):
        self.level_1.write({"send_email": False, "print_letter": True})
        self.create_debtor("Debtor", street="Main street 1", city="Town")

        sending, _left_out = self.choose()

        notes = self.send(sending)["notes"]
        self.assertEqual(notes, ["Letters that wait in Sales ▸ Letters to Print: 1."])

    # --- who

    def test_auditor_may_not(self):
        self.create_debtor("Debtor")
        auditor = self.create_user("auditor", "account.group_account_readonly")

        with self.assertRaises(AccessError):
            self.choose(user=auditor)

    def test_customers_of_a_company_of_others_cannot_be_chosen(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = True
        self.create_level(15, "Two", company=other, send_email=True)
        self.create_invoice(500, "2026-01-31", company=other)

        with self.on(DAY):
            statements = self.env["payment.followup.statement"].with_company(other)
            statement = statements.search([("company_id", "=", other.id)])
            self.assertTrue(statement)
            with self.assertRaises(AccessError):
                statement.with_user(self.clerk).action_send_due()

    def test_it_refuses_where_the_feature_is_off(self):
        self.create_debtor("Debtor")
        self.company.payment_followup_enabled = False

        with self.assertRaisesRegex(UserError, "switched off"):
            self.choose()

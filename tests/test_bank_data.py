from unittest.mock import patch

from odoo.tests import tagged

from .test_payment_followup_guard import DAY, NEXT_DAY, GuardCommon

FRIDAY, WEDNESDAY = "2026-02-13", "2026-02-18"


@tagged("post_install", "-at_install")
class TestBankData(GuardCommon):
    """Who has paid is not reminded because nobody has fetched the bank data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.env["account.bank.statement.line"].search([]).unlink()
        cls.company._set_offered_payment_followup_hours()

    def create_transaction(self, day, **vals):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day,
                "amount": 100,
                "payment_ref": "Payment",
                **vals,
            }
        )

    def press_button(self, notice):
        """Do what the only button of the banner does, for the clerk."""
        [button] = notice["buttons"]
        guard = self.env["payment.followup.guard"].with_user(self.clerk)
        return getattr(guard, button["method"])(*button["args"])

    def get_status(self, day=DAY):
        with self.on(day):
            return self.company._get_payment_followup_bank_status()

    # --- automatic sending

    def assertHeldBack(self, day, is_held_back):
        with self.on(day):
            facts = self.company._find_payment_followup_old_bank_data()
            self.assertEqual(bool(facts), is_held_back, day)

    def test_batch_waits_for_bank_data_above_so_many_working_days(self):
        self.company.payment_followup_bank_days = 2
        self.create_transaction(FRIDAY)

        # The weekend does not count: Monday is the first working day after it
        for day, is_held_back in ((DAY, 0), (NEXT_DAY, 0), (WEDNESDAY, 1)):
            with self.subTest(day):
                self.assertHeldBack(day, bool(is_held_back))

    def test_zero_never_waits(self):
        self.create_transaction("2020-01-01")

        self.assertHeldBack(DAY, False)

    def test_company_without_a_bank_journal_is_not_held_back(self):
        self.company.payment_followup_bank_days = 1
        self.assertHeldBack(DAY, True)

        self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "in", ("bank", "credit"))]
        ).active = False

        self.assertHeldBack(DAY, False)

    def test_cash_register_is_no_bank_data(self):
        self.company.payment_followup_bank_days = 1
        self.create_transaction(
            DAY, journal_id=self.company_data["default_journal_cash"].id
        )

        self.assertHeldBack(DAY, True)

    def test_working_days_are_those_of_the_company_without_sending_hours(self):
        self.company.payment_followup_calendar_id = False
        self.create_transaction(FRIDAY)

        self.assertEqual(self.get_status()["age"], 1)

    def test_managers_are_told_once_until_new_data_comes(self):
        self.company.payment_followup_bank_days = 1
        self.make_due(1)
        self.create_transaction(FRIDAY)

        self.assertFalse(self.run_batch(NEXT_DAY))
        self.assertFalse(self.run_batch(WEDNESDAY))
        hold = self.get_holds("bank")

        self.assertEqual(len(hold), 1)
        self.assertEqual(
            hold.message, "Automatic sending waits: bank data of February 13, 2026."
        )
        self.assertEqual(len(self.get_activities(hold)), 1)
        self.create_transaction(WEDNESDAY)
        self.assertEqual(len(self.run_batch(WEDNESDAY)), 1)
        self.assertEqual(hold.state, "over")
        self.assertFalse(self.get_activities(hold))

    def test_nobody_is_told_while_nothing_is_due(self):
        self.company.payment_followup_bank_days = 1

        self.run_batch(DAY)

        self.assertFalse(self.get_holds("bank"))

    def test_manager_may_send_all_the_same(self):
        self.company.payment_followup_bank_days = 1
        self.make_due(1)
        self.run_batch(DAY)

        with self.on(DAY, "10:00:00"):
            self.get_holds("bank").with_user(self.manager).action_send_now()

        self.assertEqual(len(self.run_batch(DAY, "10:01:00")), 1)

    def test_banner_says_who_waits_for_what(self):
        self.company.payment_followup_bank_days = 3
        self.make_due(2)
        self.run_batch(DAY)

        texts = " ".join(notice["text"] for notice in self.get_notices(DAY))

        self.assertIn("Customers who wait: 2.", texts)
        self.assertIn("(limit: 3)", texts)

    def test_banner_forgets_whom_people_have_reminded_since(self):
        self.company.payment_followup_bank_days = 3
        self.make_due(2)
        self.run_batch(DAY)

        with self.on(DAY):
            self.env["payment.followup.statement"].with_user(self.clerk).search(
                [("reason", "=", "due")], limit=1
            )._send()
        texts = " ".join(notice["text"] for notice in self.get_notices(DAY))

        self.assertIn("Customers who wait: 1.", texts)

    def test_banner_has_nothing_to_decide_where_nobody_waits(self):
        self.company.payment_followup_bank_days = 3
        self.make_due(1)
        self.run_batch(DAY)

        with self.on(DAY):
            self.env["payment.followup.statement"].with_user(self.clerk).search(
                [("reason", "=", "due")]
            )._send()

        keys = [notice["key"] for notice in self.get_notices(DAY)]
        self.assertFalse([key for key in keys if key.startswith("hold-")], keys)
        self.assertTrue(self.get_holds("bank"))

    def test_sending_by_hand_does_not_wait(self):
        self.company.payment_followup_bank_days = 1
        self.create_invoice(1000, "2026-01-30")

        with self.on(DAY):
            self.env["payment.followup.statement"].with_user(self.clerk).search(
                [("reason", "=", "due")]
            )._send()

        self.assertTrue(self.env["payment.followup.action"].search([]))

    # --- the banner

    def test_banner_counts_what_waits_to_be_reconciled(self):
        self.create_transaction("2026-02-12")
        self.create_transaction(FRIDAY)
        self.create_transaction(FRIDAY, amount=-100, payment_ref="Rent")

        [notice] = self.get_notices(NEXT_DAY, self.clerk)

        self.assertIn("to reconcile: 2.", notice["text"])
        self.assertIn("February 13, 2026 (working days since: 2)", notice["text"])
        action = self.press_button(notice)
        found = self.env[action["res_model"]].with_user(self.clerk)
        found = found.search(action["domain"])
        self.assertEqual(len(found), 2)
        self.assertEqual(set(found.mapped("payment_ref")), {"Payment"})

    def test_banner_leads_to_the_screen_of_an_add_on_that_reconciles(self):
        self.create_transaction("2026-02-12")
        self.create_transaction(FRIDAY)
        [notice] = self.get_notices(NEXT_DAY, self.clerk)
        screen = {"type": "ir.actions.act_window", "views": [(False, "kanban")]}

        with patch.object(
            self.env.registry["res.company"],
            "_get_unreconciled_statement_lines_redirect_action",
            lambda company, lines: screen,
        ):
            action = self.press_button(notice)

        self.assertEqual(action["views"], screen["views"])
        self.assertIn(("amount", ">", 0), action["domain"])

    def test_transaction_leads_accountants_to_its_entry_and_tells_others(self):
        line = self.create_transaction(FRIDAY)
        accountant = self.create_user("accountant", "account.group_account_user")

        entry = line.with_user(accountant).action_open_followup_entry()
        notice = line.with_user(self.clerk).action_open_followup_entry()

        self.assertEqual(entry["res_id"], line.move_id.id)
        self.assertIn(line.move_id.name, notice["params"]["message"])

    def test_accountant_reconciles_in_the_entry_as_others_are_told(self):
        invoice = self.create_invoice(100, "2026-01-30")
        line = self.create_transaction(FRIDAY)
        accountant = self.create_user("accountant", "account.group_account_user")
        entry = line.move_id.with_user(accountant)
        _liquidity, suspense, _other = line._seek_for_lines()

        entry.button_draft()
        suspense.with_user(accountant).write(
            {
                "account_id": self.company_data["default_account_receivable"].id,
                "partner_id": self.customer.id,
            }
        )
        entry.action_post()

        self.assertEqual(self.get_status()["unreconciled"], 0)
        offered = invoice.invoice_outstanding_credits_debits_widget["content"]
        self.assertEqual([credit["id"] for credit in offered], suspense.ids)

    def test_no_banner_when_all_is_reconciled(self):
        income = self.company_data["default_account_revenue"]
        line = self.create_transaction(FRIDAY)
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = income

        self.assertEqual(self.get_status()["unreconciled"], 0)
        self.assertFalse(self.get_notices(DAY))

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FollowupCommon

TODAY = "2026-03-15"
MODELS = {
    "customers": ("payment.followup.statement", "amount_balance"),
    "aged": ("payment.followup.statement", "amount_balance"),
    "items": ("payment.followup.statement.line", "amount_residual"),
}


@tagged("post_install", "-at_install")
class TestPaymentFollowupDashboard(FollowupCommon):
    """The finance lead's figures, to the cent, and the lists that they open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.create_customer("Customer B")

    def get_blocks(self, day=TODAY, user=None, companies=None):
        """Return the blocks of the dashboard as ``user`` sees them on ``day``."""
        companies = companies or self.company
        with self.on(day):
            dashboard = (
                self.env["payment.followup.dashboard"]
                .with_user(user or self.clerk)
                .with_context(allowed_company_ids=companies.ids)
            )
            return dashboard.get_dashboard_data()["blocks"]

    def get_block(self, day=TODAY, **options):
        [block] = self.get_blocks(day, **options)
        return block

    def get_amounts(self, figures):
        return {figure["key"]: figure["amount"] for figure in figures}

    def get_messages(self, block):
        """Return the numbers of messages, a dict {(channel, outcome): number}."""
        return {
            (channel["key"], figure["key"]): figure["count"]
            for channel in block["recent"]["messages"]
            for figure in channel["figures"]
            if figure["count"]
        }

    # --- what is owed

    def test_cards_say_what_is_owed_to_the_cent(self):
        self.create_invoice(1000.10, "2026-02-28")
        self.create_invoice(500.25, "2026-04-30")
        self.create_invoice(200, "2026-01-31", self.other).no_followup = True
        promised = self.create_invoice(99.99, "2026-01-31", self.other)
        promised.expected_payment_date = "2026-03-20"
        self.create_credit_note(100.05, "2026-03-01")

        block = self.get_block()

        self.assertEqual(
            self.get_amounts(block["cards"]),
            {
                "receivable": 1700.29,
                "overdue": 1200.04,
                "promised": 99.99,
                "held": 200,
                "todo": 900.05,
            },
        )

    def test_share_overdue_is_that_of_all_that_is_owed(self):
        self.create_invoice(250, "2026-02-28")
        self.create_invoice(750, "2026-04-30")

        overdue = self.get_block()["cards"][1]

        self.assertIn("25%", overdue["detail"])

    def test_what_is_owed_to_customers_has_no_share(self):
        self.create_credit_note(100, "2026-03-01")

        overdue = self.get_block()["cards"][1]

        self.assertEqual(overdue["amount"], -100)
        self.assertEqual(overdue["detail"], "0% of what is owed, with litigation")

    def test_opening_balances_have_a_card_where_there_are_any(self):
        self.create_invoice(1000, "2026-02-28")
        without = self.get_amounts(self.get_block()["cards"])
        self.create_entry(42.42, "2026-01-31")

        amounts = self.get_amounts(self.get_block()["cards"])

        self.assertNotIn("outside", without)
        self.assertEqual(amounts["outside"], 42.42)
        self.assertEqual(amounts["overdue"], 1042.42)

    def test_ageing_has_each_day_in_its_bucket(self):
        for due, amount in (
            ("2026-03-15", 1),
            ("2026-03-14", 2),
            ("2026-02-13", 4),
            ("2026-02-12", 8),
            ("2026-01-14", 16),
            ("2026-01-13", 32),
            ("2025-12-15", 64),
            ("2025-12-14", 128),
            ("2025-11-15", 256),
            ("2025-11-14", 512),
        ):
            self.create_invoice(amount, due)

        block = self.get_block()

        self.assertEqual(
            self.get_amounts(block["ageing"]),
            {
                "amount_not_due": 1,
                "amount_1_30": 2 + 4,
                "amount_31_60": 8 + 16,
                "amount_61_90": 32 + 64,
                "amount_91_120": 128 + 256,
                "amount_over_120": 512,
            },
        )
        self.assertEqual([figure["count"] for figure in block["ageing"]], [1] * 6)

    def test_ageing_and_reasons_add_up_to_what_is_owed(self):
        self.create_invoice(1000.10, "2026-02-28")
        self.create_invoice(200, "2026-01-31", self.other).no_followup = True
        self.create_credit_note(100.05, "2026-03-01")
        self.create_entry(77.07, "2026-03-01", journal_type="sale", partner_id=False)

        block = self.get_block()

        receivable = block["cards"][0]["amount"]
        ageing, reasons = block["ageing"], block["reasons"]
        self.assertEqual(receivable, 1177.12)
        self.assertEqual(ageing[-1]["amount"], 77.07)
        self.assertAlmostEqual(sum(f["amount"] for f in ageing), receivable, 2)
        self.assertAlmostEqual(
            sum(f["amount"] for f in reasons) + ageing[-1]["amount"], receivable, 2
        )

    def test_levels_have_what_is_overdue_by_the_level_it_reached(self):
        self.create_invoice(1000, "2026-02-20")
        self.create_invoice(300, "2026-03-10", self.other)
        self.create_invoice(500, "2026-04-30", self.other)
        self.run_batch("2026-03-08")

        levels = self.get_block()["levels"]

        self.assertEqual(
            self.get_amounts(levels), {"0": 300, str(self.level_1.id): 1000}
        )
        self.assertEqual(levels[1]["label"], "L1")

    def test_each_figure_opens_a_list_that_adds_up_to_it(self):
        self.create_invoice(1000.10, "2026-02-28")
        self.create_invoice(500.25, "2026-04-30")
        self.create_invoice(200, "2026-01-31", self.other).no_followup = True
        promised = self.create_invoice(99.99, "2025-01-31", self.other)
        promised.expected_payment_date = "2026-03-20"
        self.create_entry(77.07, "2026-03-01", journal_type="sale", partner_id=False)
        self.create_entry(42.42, "2026-01-31")
        self.run_batch(TODAY)

        block = self.get_block()

        figures = [
            figure
            for name in ("cards", "levels", "ageing", "reasons")
            for figure in block[name]
        ]
        with self.on(TODAY):
            for figure in figures:
                model, field = MODELS[figure["list"]]
                if figure["list"] == "aged":
                    field = figure["key"]
                elif figure["key"] == "todo":
                    field = "amount_overdue"
                found = self.env[model].search(figure["domain"])
                with self.subTest(figure=figure["label"]):
                    self.assertAlmostEqual(
                        sum(found.mapped(field)), figure["amount"], 2
                    )
                if figure.get("count") and model == "payment.followup.statement":
                    self.assertEqual(len(found), figure["count"], figure["label"])

    def test_urgent_customers_come_as_in_the_work_list_and_ten_at_most(self):
        for number in range(11):
            partner = self.create_customer(f"Customer {number}")
            self.create_invoice(100 + number, "2026-02-28", partner)
        self.create_invoice(10, "2026-02-28", self.other)

        urgent = self.get_block()["urgent"]

        with self.on(TODAY):
            expected = self.env["payment.followup.statement"].search([], limit=10)
        self.assertEqual([row["id"] for row in urgent], expected.ids)
        self.assertEqual((urgent[0]["name"], urgent[0]["amount"]), ("Customer 10", 110))
        self.assertEqual(urgent[0]["days"], 15)

    def test_customers_with_nothing_overdue_are_not_urgent(self):
        self.create_invoice(100, "2026-04-30")

        self.assertFalse(self.get_block()["urgent"])

    # --- the last 30 days

    def test_messages_are_counted_by_channel_and_outcome(self):
        self.create_invoice(1000, "2026-02-28")
        self.create_invoice(1000, "2026-02-10", self.other)
        sent = self.run_batch("2026-02-25")
        self.deliver(sent.mail_id, "2026-02-25")
        self.run_batch(TODAY)

        messages = self.get_messages(self.get_block())

        self.assertEqual(
            messages,
            {
                ("email", "sent"): 1,
                ("email", "waiting"): 2,
                ("letter", "waiting"): 1,
            },
        )

    def test_messages_count_for_thirty_days(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        on_the_day = self.get_messages(self.get_block("2026-03-17"))
        day_after = self.get_messages(self.get_block("2026-03-18"))

        self.assertEqual(on_the_day, {("email", "waiting"): 1})
        self.assertFalse(day_after)

    def test_settled_is_what_was_reminded_and_is_open_no_more(self):
        first = self.create_invoice(1000, "2026-02-10")
        second = self.create_invoice(500, "2026-02-10")
        self.create_invoice(300, "2026-02-10", self.other)
        self.deliver(self.run_batch("2026-02-25").mail_id, "2026-02-25")
        self.pay(first, 400)
        self.pay(second)
        self.create_invoice(9999, "2026-02-10")

        settled = self.get_block()["recent"]["settled"]

        self.assertEqual(
            settled,
            {"count": 3, "amount": 1800, "settled": 900, "open": 900, "share": 0.5},
        )

    def test_settled_counts_a_claim_once_at_its_first_amount(self):
        invoice = self.create_invoice(1000, "2026-02-10")
        self.deliver(self.run_batch("2026-02-25").mail_id, "2026-02-25")
        self.pay(invoice, 400)
        self.deliver(self.run_batch("2026-03-12").mail_id, "2026-03-12")

        settled = self.get_block()["recent"]["settled"]

        self.assertEqual((settled["count"], settled["amount"]), (1, 1000))
        self.assertEqual((settled["settled"], settled["open"]), (400, 600))

    def test_settled_leaves_out_what_never_left_and_what_is_no_invoice_any_more(self):
        gone = self.create_invoice(1000, "2026-02-10")
        self.create_invoice(300, "2026-02-10", self.other)
        rows = self.run_batch("2026-02-25")
        self.deliver(
            rows.filtered(lambda row: row.partner_id == self.customer).mail_id,
            "2026-02-25",
        )
        gone.button_draft()

        settled = self.get_block()["recent"]["settled"]

        self.assertEqual((settled["count"], settled["amount"]), (0, 0))

    def test_promises_are_kept_or_broken(self):
        kept = self.create_invoice(100, "2026-02-10")
        broken = self.create_invoice(200, "2026-02-10", self.other)
        waiting = self.create_invoice(400, "2026-02-10", self.other)
        with self.on("2026-02-20"):
            (kept + broken).expected_payment_date = "2026-03-10"
            waiting.expected_payment_date = "2026-03-20"
        self.pay(kept, date="2026-03-05")
        self.run_batch("2026-03-11")

        promises = self.get_block()["recent"]["promises"]

        self.assertEqual(promises["kept"], {"count": 1, "amount": 100})
        self.assertEqual(
            (promises["broken"]["count"], promises["broken"]["amount"]), (1, 200)
        )

    def test_promise_paid_too_late_was_broken(self):
        invoice = self.create_invoice(100, "2026-02-10")
        with self.on("2026-02-20"):
            invoice.expected_payment_date = "2026-03-10"
        self.run_batch("2026-03-11")
        self.pay(invoice, date="2026-03-12")

        promises = self.get_block()["recent"]["promises"]

        self.assertEqual(promises["kept"]["count"], 0)
        self.assertEqual(promises["broken"]["count"], 1)

    def test_promises_count_for_thirty_days(self):
        invoice = self.create_invoice(100, "2026-01-31")
        with self.on("2026-02-01"):
            invoice.expected_payment_date = "2026-02-13"
        self.pay(invoice, date="2026-02-10")

        for day, count in (("2026-03-15", 1), ("2026-03-16", 0)):
            promises = self.get_block(day)["recent"]["promises"]
            self.assertEqual(promises["kept"]["count"], count, day)

    # --- who sees what

    def test_billing_users_and_auditors_see_it_and_nobody_else(self):
        self.create_invoice(1000, "2026-02-28")
        auditor = self.create_user(
            "dashboard_auditor", "account.group_account_readonly"
        )
        manager = self.create_user("dashboard_manager", "account.group_account_manager")
        internal = self.create_user("dashboard_internal")

        for user in (self.clerk, auditor, manager):
            card = self.get_block(user=user)["cards"][0]
            self.assertEqual(card["amount"], 1000, user.login)
        with self.assertRaises(AccessError):
            self.get_blocks(user=internal)

    def test_each_chosen_company_has_its_own_block(self):
        second = self.setup_other_company(name="Second")["company"]
        second.payment_followup_enabled = True
        companies = self.company + second
        clerk = self.create_user(
            "dashboard_both", "account.group_account_invoice", companies
        )
        self.create_invoice(1000, "2026-02-28")
        self.create_invoice(70, "2026-02-28", company=second)

        first_block, second_block = self.get_blocks(user=clerk, companies=companies)
        only_second = self.get_block(user=clerk, companies=second)

        self.assertEqual(first_block["cards"][0]["amount"], 1000)
        self.assertEqual(second_block["cards"][0]["amount"], 70)
        self.assertEqual(second_block["company"]["name"], second.name)
        self.assertEqual(only_second, second_block)

    def test_nothing_of_another_company_shows(self):
        second = self.setup_other_company(name="Second")["company"]
        second.write({"payment_followup_enabled": True, "payment_followup_auto": True})
        self.create_level(5, "Level of the second", second, send_email=True)
        invoice = self.create_invoice(70, "2026-02-28", company=second)
        with self.on("2026-03-01"):
            invoice.expected_payment_date = "2026-03-05"
        self.run_batch("2026-03-10")

        block = self.get_block()

        self.assertIn("Nobody owes", block["message"])
        self.assertFalse(block["recent"]["messages"])
        self.assertFalse(block["recent"]["promises"]["broken"]["count"])
        with self.assertRaises(AccessError):
            self.get_blocks(companies=second)

    # --- nothing to show

    def test_company_without_the_feature_has_no_block_but_a_sentence(self):
        self.create_invoice(1000, "2026-02-28")
        self.company.payment_followup_enabled = False

        data = (
            self.env["payment.followup.dashboard"]
            .with_user(self.clerk)
            .with_context(allowed_company_ids=self.company.ids)
            .get_dashboard_data()
        )

        self.assertFalse(data["blocks"])
        self.assertIn(self.company.name, data["message"])

    def test_company_without_a_plan_is_told_what_to_do(self):
        self.env["payment.followup.level"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        manager = self.create_user("dashboard_manager", "account.group_account_manager")

        hint = self.get_block()["hint"]

        self.assertIn("Ask an accounting manager", hint["text"])
        self.assertTrue(self.get_block(user=manager)["hint"]["is_manager"])

    def test_company_with_a_plan_needs_no_hint(self):
        self.assertIsNone(self.get_block()["hint"])

    def test_company_to_which_nobody_owes_is_empty(self):
        self.pay(self.create_invoice(1000, "2026-02-28"))

        block = self.get_block()

        self.assertIn("Nobody owes", block["message"])
        self.assertEqual(set(self.get_amounts(block["cards"]).values()), {0})

from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestDecision(FollowupCommon):
    """Which level is due on which day: the rules at and around their edges."""

    # --- the day of a level

    def test_level_is_due_from_its_day_on(self):
        self.create_invoice(1000, "2026-01-31")

        self.assertReason("2026-02-14", "waiting")
        self.assertDue("2026-02-15", self.level_1)
        self.assertDue("2026-02-16", self.level_1)

    def test_invoice_due_today_is_not_overdue(self):
        self.create_invoice(1000, "2026-01-31")

        for day, reason, days, overdue in (
            ("2026-01-31", "not_due", 0, 0),
            ("2026-02-01", "waiting", 1, 1000),
        ):
            statement = self.get_statement(day)
            self.assertEqual(statement.reason, reason)
            self.assertEqual(statement.days_overdue, days)
            self.assertEqual(statement.amount_overdue, overdue)

    def test_level_before_the_due_date_is_due_from_its_day_on(self):
        friendly = self.create_level(-3, "Friendly")
        self.create_invoice(1000, "2026-01-31")

        self.assertReason("2026-01-27", "not_due")
        self.assertDue("2026-01-28", friendly)
        self.assertDue("2026-01-29", friendly)

    def test_level_on_the_due_date_is_due_from_that_day_on(self):
        today = self.create_level(0, "Today")
        self.create_invoice(1000, "2026-01-31")

        self.assertReason("2026-01-30", "not_due")
        self.assertDue("2026-01-31", today)
        self.assertDue("2026-02-01", today)

    def test_plan_that_starts_before_the_due_date_is_climbed_day_by_day(self):
        self.create_level(-3, "Friendly")
        self.create_level(0, "Today")
        self.create_invoice(1000, "2026-01-31")

        self.assertEqual(
            self.run_batches("2026-01-26", "2026-02-16"),
            [("2026-01-28", "Friendly"), ("2026-01-31", "Today"), ("2026-02-15", "L1")],
        )

    def test_next_date_is_the_day_of_the_next_level(self):
        self.create_invoice(1000, "2026-01-31")

        for day in ("2026-01-01", "2026-02-14", "2026-02-15"):
            self.assertEqual(str(self.get_statement(day).next_date), "2026-02-15", day)

    def test_by_age_the_level_is_the_highest_that_the_age_has_reached(self):
        self.company.payment_followup_escalation = "age"
        self.create_invoice(1000, "2026-01-31")

        self.assertReason("2026-02-14", "waiting")
        for day, level in (
            ("2026-02-15", self.level_1),
            ("2026-03-01", self.level_1),
            ("2026-03-02", self.level_2),
            ("2026-03-11", self.level_2),
            ("2026-03-12", self.level_3),
            ("2027-03-12", self.level_3),
        ):
            self.assertDue(day, level)

    def test_by_age_the_plan_is_climbed_at_its_pace(self):
        self.company.payment_followup_escalation = "age"
        self.level_2.print_letter = False
        self.create_invoice(1000, "2026-01-31")

        self.assertEqual(
            self.run_batches("2026-02-13", "2026-03-14"),
            [("2026-02-15", "L1"), ("2026-03-02", "L2"), ("2026-03-12", "L3")],
        )

    def test_by_age_a_level_below_the_last_one_never_comes(self):
        self.company.payment_followup_escalation = "age"
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-03-12")

        invoice.invoice_date_due = "2026-02-20"

        self.assertReason("2026-03-13", "plan_done")

    # --- the gap between two levels

    def test_level_after_a_late_one_keeps_the_gap_of_the_plan(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-03-12")

        self.assertReason("2026-03-26", "waiting")
        self.assertDue("2026-03-27", self.level_2)
        self.assertDue("2026-03-28", self.level_2)

    def test_by_age_the_gap_is_kept_as_well(self):
        self.company.payment_followup_escalation = "age"
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-20")

        self.assertReason("2026-03-06", "waiting")
        self.assertDue("2026-03-07", self.level_2)

    def test_due_date_put_off_puts_the_next_level_off(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        invoice.invoice_date_due = "2026-02-28"

        self.assertReason("2026-03-29", "waiting")
        self.assertDue("2026-03-30", self.level_2)

    # --- repetition

    def test_weekly_repetition_stops_at_the_next_level_and_does_not_postpone_it(self):
        self.level_1.repeat_days = 7
        self.level_2.print_letter = False
        self.create_invoice(1000, "2026-01-31")

        self.assertEqual(
            self.run_batches("2026-02-14", "2026-03-14"),
            [
                ("2026-02-15", "L1"),
                ("2026-02-22", "L1"),
                ("2026-03-01", "L1"),
                ("2026-03-02", "L2"),
                ("2026-03-12", "L3"),
            ],
        )

    def test_repetition_of_the_last_level_goes_on_and_is_counted(self):
        self.level_3.repeat_days = 10
        invoice = self.create_invoice(1000, "2026-01-31")
        self.company.payment_followup_escalation = "age"
        self.run_batch("2026-03-12")

        self.assertReason("2026-03-21", "waiting")
        self.assertEqual(self.run_batch("2026-03-22").line_ids.repeat_count, 1)
        self.assertEqual(self.run_batch("2026-04-01").line_ids.repeat_count, 2)
        claim = self.get_claim(invoice).followup_claim_ids
        self.assertEqual(str(claim.level_date), "2026-03-12")
        self.assertEqual(str(claim.followup_date), "2026-04-01")

    def test_next_level_goes_before_a_repetition_of_the_same_day(self):
        self.level_1.repeat_days = 15
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.assertReason("2026-03-01", "waiting")
        self.assertDue("2026-03-02", self.level_2)

    def test_repetition_waits_for_the_promised_day(self):
        self.level_1.repeat_days = 7
        invoice = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        invoice.expected_payment_date = "2026-02-25"

        self.assertReason("2026-02-25", "promised")
        self.assertDue("2026-02-26", self.level_1)

    def test_archived_level_is_not_repeated(self):
        self.level_1.repeat_days = 7
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.level_1.active = False

        self.assertReason("2026-02-22", "waiting")
        self.assertDue("2026-03-02", self.level_2)

    # --- minimum amount and interval

    def test_minimum_is_compared_with_the_net_of_what_is_listed(self):
        self.company.payment_followup_min_amount = 100
        for amount, credit, reason in (
            (99.99, 0, "below_minimum"),
            (100, 0, "due"),
            (100.01, 0, "due"),
            (150, 50.01, "below_minimum"),
            (150, 50, "due"),
            (150, 149.99, "below_minimum"),
            (150, 150, "covered"),
            (150, 150.01, "covered"),
        ):
            customer = self.create_customer(f"{amount} less {credit}")
            self.create_invoice(amount, "2026-01-31", customer)
            if credit:
                self.create_credit_note(credit, "2026-01-31", customer)

            with self.subTest(amount=amount, credit=credit):
                self.assertReason("2026-02-15", reason, customer)

    def test_what_is_not_due_does_not_help_over_the_minimum(self):
        self.company.payment_followup_min_amount = 100
        self.create_invoice(60, "2026-01-31")
        self.create_invoice(60, "2026-06-30")

        self.assertReason("2026-02-15", "below_minimum")
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_two_small_claims_make_one_over_the_minimum(self):
        self.company.payment_followup_min_amount = 100
        self.create_invoice(60, "2026-01-31")
        self.create_invoice(60, "2026-02-10")

        self.assertDue("2026-02-15", self.level_1)

    def test_minimum_in_company_currency_holds_for_yen(self):
        self.company.payment_followup_min_amount = 0.10
        yen = self.setup_other_currency("JPY", rates=[("2020-01-01", 160)])
        small, large = self.create_customer("Small"), self.create_customer("Large")
        self.create_invoice(10, "2026-01-31", small, currency_id=yen.id)
        self.create_invoice(20, "2026-01-31", large, currency_id=yen.id)

        self.assertReason("2026-02-15", "below_minimum", small)
        self.assertReason("2026-02-15", "due", large)

    def test_second_reminder_waits_for_the_interval(self):
        for days, silent, due in (
            (0, None, "2026-02-15"),
            (1, "2026-02-15", "2026-02-16"),
            (5, "2026-02-19", "2026-02-20"),
        ):
            self.company.payment_followup_min_interval = days
            customer = self.create_customer(f"Interval {days}")
            self.create_invoice(100, "2026-01-31", customer)
            self.run_batch("2026-02-15")
            self.create_invoice(200, "2026-01-31", customer)

            with self.subTest(days=days):
                if silent:
                    self.assertReason(silent, "interval", customer)
                self.assertDue(due, self.level_1, customer)

    # --- what people decide

    def test_customer_by_hand_is_due_but_left_to_people(self):
        self.create_invoice(1000, "2026-01-31")
        self.get_statement("2026-02-14").mode = "manual"

        self.assertDue("2026-02-15", self.level_1)
        self.assertFalse(self.get_statement("2026-02-15").is_automatic)
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_customer_who_is_never_reminded_is_shown_as_such(self):
        self.create_invoice(1000, "2026-01-31")
        self.get_statement("2026-02-14").mode = "none"

        statement = self.get_statement("2026-02-15")
        self.assertEqual((statement.reason, statement.next_date), ("excluded", False))
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_planned_date_holds_until_its_day(self):
        self.create_invoice(1000, "2026-01-31")
        self.get_statement("2026-02-14").planned_date = "2026-02-20"

        self.assertReason("2026-02-19", "paused")
        self.assertEqual(str(self.get_statement("2026-02-19").next_date), "2026-02-20")
        self.assertFalse(self.run_batch("2026-02-19"))
        self.assertDue("2026-02-20", self.level_1)
        self.assertDue("2026-02-21", self.level_1)

    def test_level_that_is_not_automatic_waits_for_people(self):
        self.level_1.auto = False
        self.create_invoice(1000, "2026-01-31")

        self.assertDue("2026-02-15", self.level_1)
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_company_that_does_not_send_automatically_shows_what_is_due(self):
        self.company.payment_followup_auto = False
        self.create_invoice(1000, "2026-01-31")

        self.assertDue("2026-02-15", self.level_1)
        self.assertFalse(self.run_batch("2026-02-15"))

    def test_company_without_the_feature_reminds_nobody(self):
        self.company.payment_followup_enabled = False
        self.create_invoice(1000, "2026-01-31")

        statement = self.get_statement("2026-02-15")
        self.assertEqual((statement.reason, statement.next_date), ("disabled", False))
        self.assertFalse(self.run_batch("2026-02-15"))

    # --- plan changes while claims stand on it

    def test_claim_on_an_archived_level_climbs_on(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.level_1.active = False

        statement = self.get_statement("2026-03-01")
        self.assertEqual(statement.level_id, self.level_1)
        self.assertEqual(statement.reason, "waiting")
        self.assertDue("2026-03-02", self.level_2)

    def test_archived_level_is_passed_over(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.level_2.active = False

        self.assertReason("2026-03-11", "waiting")
        self.assertDue("2026-03-12", self.level_3)

    def test_level_added_between_two_others_comes_next(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        added = self.create_level(20, "Between")

        self.assertReason("2026-02-19", "waiting")
        self.assertDue("2026-02-20", added)

    def test_level_added_below_does_not_take_a_claim_back(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.create_level(5, "Below")

        self.assertReason("2026-03-01", "waiting")
        self.assertDue("2026-03-02", self.level_2)

    def test_level_moved_beyond_the_next_one_takes_its_claims_along(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.level_1.delay = 35

        self.assertReason("2026-03-11", "waiting")
        self.assertDue("2026-03-12", self.level_3)

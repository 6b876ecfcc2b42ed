from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestNextLevel(FollowupCommon):
    """Which of several levels comes next where more than one could."""

    def get_item(self, day):
        """Return the only open item of the customer, as of ``day``."""
        return self.get_statement(day).line_ids.ensure_one()

    def assertNext(self, day, level, next_date):
        item = self.get_item(day)
        self.assertEqual(
            (item.next_level_id.name, str(item.next_date)), (level.name, next_date), day
        )

    # --- a repetition and the next level

    def prepare_pause_until(self, day):
        """Remind at L1, repeated weekly, and pause the customer until ``day``."""
        self.level_1.repeat_days = 7
        self.level_2.print_letter = False
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        self.get_statement("2026-02-16").planned_date = day

    def test_pause_that_held_a_repetition_alone_is_followed_by_it(self):
        self.prepare_pause_until("2026-03-01")

        self.assertEqual(
            self.run_batches("2026-02-17", "2026-03-02"),
            [("2026-03-01", "L1"), ("2026-03-02", "L2")],
        )

    def test_pause_that_held_repetition_and_next_level_is_followed_by_the_level(self):
        for day in ("2026-03-02", "2026-03-03"):
            with self.subTest(day), self.cr.savepoint() as savepoint:
                self.prepare_pause_until(day)

                self.assertEqual(
                    self.run_batches("2026-02-17", "2026-03-09"), [(day, "L2")]
                )
                savepoint.rollback()

    def test_repetition_and_level_never_leave_on_one_day_without_an_interval(self):
        self.company.payment_followup_min_interval = 0
        self.prepare_pause_until("2026-03-05")

        self.assertEqual(
            self.run_batches("2026-03-05", "2026-03-11"), [("2026-03-05", "L2")]
        )

    # --- by age

    def prepare_late_first_level(self):
        """By age, L1 five days late: L2 comes on 03-07, L3 on 03-17."""
        self.company.payment_followup_escalation = "age"
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-20")

    def test_by_age_a_higher_level_does_not_put_off_the_one_that_has_come(self):
        self.prepare_late_first_level()

        self.assertNext("2026-03-06", self.level_2, "2026-03-07")
        # On 03-12 the claim is as old as L3, whose own day is 03-17
        for day in ("2026-03-07", "2026-03-11", "2026-03-12", "2026-03-16"):
            self.assertDue(day, self.level_2)
        self.assertDue("2026-03-17", self.level_3)

    def test_by_age_levels_one_day_apart_do_not_run_away(self):
        self.company.payment_followup_escalation = "age"
        for delay in range(16, 22):
            self.create_level(delay, f"+{delay}")
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-17")

        self.assertEqual(
            self.run_batches("2026-02-18", "2026-02-20"),
            [("2026-02-18", "+18"), ("2026-02-19", "+19"), ("2026-02-20", "+20")],
        )

    def test_by_age_a_promise_is_followed_by_the_highest_level_of_that_day(self):
        self.company.payment_followup_escalation = "age"
        invoice = self.create_invoice(1000, "2026-01-31")
        for promised, level, day in (
            ("2026-02-28", self.level_1, "2026-03-01"),
            ("2026-03-01", self.level_2, "2026-03-02"),
            ("2026-03-11", self.level_3, "2026-03-12"),
        ):
            invoice.expected_payment_date = promised

            self.assertNext("2026-02-10", level, day)
            self.assertReason(promised, "promised")
            self.assertDue(day, level)

    # --- before the due date

    def prepare_six_steps(self):
        """Put levels at -7 and 0 before L1, which is repeated weekly."""
        self.level_1.repeat_days = 7
        self.ahead = self.create_level(-7, "Ahead")
        self.on_time = self.create_level(0, "On time")

    def test_claim_past_its_due_date_skips_the_levels_before_it(self):
        for escalation in ("step", "age"):
            with self.subTest(escalation), self.cr.savepoint() as savepoint:
                self.prepare_six_steps()
                self.company.payment_followup_escalation = escalation
                self.create_invoice(1000, "2026-01-31")

                self.assertReason("2026-01-23", "not_due")
                self.assertDue("2026-01-24", self.ahead)
                self.assertDue("2026-01-30", self.ahead)
                self.assertDue("2026-02-01", self.on_time)
                self.assertDue("2026-02-14", self.on_time)
                savepoint.rollback()

    def test_on_the_due_date_itself_an_announcement_is_still_true(self):
        self.prepare_six_steps()
        self.create_invoice(1000, "2026-01-31")

        self.assertDue("2026-01-31", self.ahead)
        self.company.payment_followup_escalation = "age"
        self.assertDue("2026-01-31", self.on_time)

    def test_claim_announced_late_is_reminded_at_the_pace_of_the_plan(self):
        self.prepare_six_steps()
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-01-30")

        self.assertEqual(
            self.run_batches("2026-01-31", "2026-02-21"),
            [("2026-02-06", "On time"), ("2026-02-21", "L1")],
        )

    def test_second_announcement_that_comes_too_late_is_left_out(self):
        self.create_level(-7, "Ahead")
        soon = self.create_level(-3, "Soon")
        on_time = self.create_level(0, "On time")
        self.create_invoice(1000, "2026-01-31")
        for first, level, day in (
            ("2026-01-26", soon, "2026-01-30"),
            ("2026-01-27", soon, "2026-01-31"),
            ("2026-01-28", on_time, "2026-02-04"),
        ):
            with self.subTest(first), self.cr.savepoint() as savepoint:
                self.run_batch(first)

                self.assertNext("2026-01-29", level, day)
                self.assertDue(day, level)
                savepoint.rollback()

    def test_announcement_is_repeated_up_to_the_due_date_only(self):
        ahead = self.create_level(-7, "Ahead", repeat_days=4)
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-01-23")
        self.run_batch("2026-01-24")
        for first, days in (
            ("2026-01-26", [("2026-01-30", "Ahead")]),
            ("2026-01-27", [("2026-01-31", "Ahead")]),
            ("2026-01-28", []),
        ):
            with self.subTest(first), self.cr.savepoint() as savepoint:
                claim = self.env["payment.followup.claim"].sudo().search([])
                claim.followup_date = first

                self.assertEqual(self.run_batches("2026-01-29", "2026-02-05"), days)
                self.assertEqual(self.get_item("2026-02-05").level_id, ahead)
                savepoint.rollback()

    def test_announcement_that_was_promised_past_the_due_date_is_left_out(self):
        self.prepare_six_steps()
        invoice = self.create_invoice(1000, "2026-01-31")
        for promised, level in (
            ("2026-01-29", self.ahead),
            ("2026-01-30", self.ahead),
            ("2026-01-31", self.on_time),
        ):
            invoice.expected_payment_date = promised

            self.assertEqual(self.get_item("2026-01-25").next_level_id, level, promised)

    def test_announcement_lists_nothing_that_is_overdue(self):
        self.prepare_six_steps()
        overdue = self.create_invoice(100, "2026-01-31")
        self.run_batch("2026-02-15")
        announced = self.create_invoice(200, "2026-02-27")
        self.create_credit_note(50, "2026-02-10")

        self.assertDue("2026-02-20", self.ahead)
        self.assertEqual(self.get_statement("2026-02-20").amount_reminder, 150)
        action = self.run_batch("2026-02-20")

        self.assertReminded(action, (self.ahead, "email"))
        self.assertEqual(action.amount_residual, 150)
        self.assertIn(announced, action.move_ids)
        self.assertNotIn(overdue, action.move_ids)
        self.assertNotIn(overdue.name, action.body)

    def test_level_after_the_due_date_lists_what_it_announces_as_well(self):
        self.prepare_six_steps()
        overdue = self.create_invoice(100, "2026-01-31")
        announced = self.create_invoice(200, "2026-02-20")

        action = self.run_batch("2026-02-15")

        self.assertReminded(action, (self.on_time, "email"))
        self.assertEqual(action.move_ids, overdue + announced)
        self.assertEqual(announced.followup_level_id, self.ahead)

    def test_announcement_below_the_minimum_or_covered_is_not_sent(self):
        self.prepare_six_steps()
        self.company.payment_followup_min_amount = 100
        overdue = self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        self.create_invoice(200, "2026-02-27")
        for credit, reason in ((100, "due"), (0.01, "below_minimum"), (100, "covered")):
            self.create_credit_note(credit, "2026-02-10")
            self.assertReason("2026-02-20", reason)

        self.assertEqual(overdue.amount_residual, 1000)

    def test_plan_that_ends_before_the_due_date_says_nothing_afterwards(self):
        (self.level_1 + self.level_2 + self.level_3).active = False
        ahead = self.create_level(-7, "Ahead")
        self.create_invoice(1000, "2026-01-31")

        self.assertDue("2026-01-31", ahead)
        self.assertReason("2026-02-01", "plan_done")
        self.assertFalse(self.get_item("2026-02-01").next_level_id)

    def test_announcement_is_not_said_again_by_hand_once_it_is_overdue(self):
        self.prepare_six_steps()
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-01-24")

        for day, level in (
            ("2026-01-30", self.ahead.browse()),
            ("2026-02-01", self.on_time),
        ):
            self.assertEqual(self.get_statement(day).next_level_id, level, day)

    def test_announcement_alone_gives_no_words_to_what_is_overdue(self):
        (self.level_1 + self.level_2 + self.level_3).active = False
        self.create_level(-7, "Ahead")
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-01-24")

        for day in ("2026-01-31", "2026-02-01"):
            statement = self.get_statement(day)
            self.assertFalse(statement.next_level_id, day)
            self.assertFalse(statement.coming_level_id, day)

    def test_announcement_that_waits_in_the_queue_past_the_due_date_is_stopped(self):
        self.prepare_six_steps()
        self.create_invoice(1000, "2026-01-31")
        self.create_credit_note(100, "2026-01-01")
        for day, state in (("2026-01-31", "sent"), ("2026-02-01", "cancelled")):
            with self.subTest(day), self.cr.savepoint() as savepoint:
                action = self.run_batch("2026-01-24")

                self.deliver(action.mail_id, day)

                self.assertEqual(action.state, state)
                savepoint.rollback()

    # --- levels archived or moved

    def test_level_reached_is_the_one_communicated_though_another_has_its_delay(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.level_1.active = False
        successor = self.create_level(15, "Successor")

        self.assertEqual(self.get_statement("2026-02-16").level_id, self.level_1)
        self.create_invoice(1000, "2026-02-01")
        self.assertDue("2026-02-16", successor)

    def test_level_moved_closer_or_further_takes_the_claims_before_it_along(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        for delay, day in ((20, "2026-02-20"), (16, "2026-02-16"), (39, "2026-03-11")):
            self.level_2.delay = delay

            self.assertNext("2026-02-15", self.level_2, day)

    def test_level_moved_behind_one_that_was_said_comes_next(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.level_1.delay = 29
        self.assertNext("2026-02-16", self.level_2, "2026-03-02")
        self.level_1.delay = 31
        self.assertNext("2026-02-16", self.level_3, "2026-03-12")

    def test_archived_level_that_is_the_last_ends_the_ladder(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        self.run_batch("2026-03-02")

        self.level_3.active = False

        self.assertReason("2026-03-12", "plan_done")
        self.level_3.active = True
        self.assertDue("2026-03-12", self.level_3)

    def test_level_reached_is_the_highest_by_its_delay_of_today(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        self.create_invoice(1000, "2026-03-31")
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-03-02")

        self.assertEqual(self.get_statement("2026-03-03").level_id, self.level_2)
        self.level_1.delay = 35
        self.assertEqual(self.get_statement("2026-03-03").level_id, self.level_1)

from odoo import fields
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestTodo(FollowupCommon):
    """Who is in the list of today although the plan brings nothing: nobody is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_2.delay = 60
        cls.level_3.active = False
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def go_through_plan(self):
        """Remind on the first and on the last level, on 2026-02-15 and 2026-04-01."""
        self.run_batch("2026-02-15")
        self.run_batch("2026-04-01")

    def assertTodo(self, day, expected, reason=None):
        statement = self.get_statement(day)
        with self.on(day):
            found = statement.search([("is_todo", "=", True)])
            self.assertEqual(statement in found, expected, day)
            self.assertEqual(statement.is_todo, expected, day)
        if reason:
            self.assertEqual(statement.reason, reason)

    def plan(self, day, planned):
        """Let the clerk plan on ``day`` when to ask again."""
        with self.on(day):
            statement = self.get_statement(day).with_user(self.clerk)
            statement.planned_date = planned

    def log(self, day, kind="call"):
        with self.on(day):
            self.env["payment.followup.action"]._log(
                self.company, self.customer, kind, "No answer"
            )

    def test_what_is_due_is_to_do_and_what_waits_is_not(self):
        self.assertTodo("2026-02-14", False, "waiting")
        self.assertTodo("2026-02-15", True, "due")
        self.run_batch("2026-02-15")
        self.assertTodo("2026-02-15", False, "waiting")

    def test_a_week_after_the_last_level_somebody_has_to_decide(self):
        self.go_through_plan()

        self.assertTodo("2026-04-01", False, "plan_done")
        self.assertTodo("2026-04-07", False)
        self.assertTodo("2026-04-08", True)
        self.assertTodo("2026-05-08", True)

    def test_whoever_deals_with_the_customer_gives_another_week(self):
        self.go_through_plan()
        for kind in ("call", "note"):
            with self.subTest(kind), self.cr.savepoint() as savepoint:
                self.log("2026-04-10", kind)
                self.assertTodo("2026-04-10", False)
                self.assertTodo("2026-04-16", False)
                self.assertTodo("2026-04-17", True)
                savepoint.rollback()

    def test_a_message_that_failed_is_no_contact(self):
        self.go_through_plan()
        with self.on("2026-04-10"):
            self.env["payment.followup.action"]._log(
                self.company, self.customer, "call", "No answer"
            )._update_state("failed")

        self.assertTodo("2026-04-10", True)

    def test_the_day_that_was_planned_comes_first_after_the_plan(self):
        self.go_through_plan()
        for planned in ("2026-04-04", "2026-04-30"):
            with self.subTest(planned=planned):
                self.plan("2026-04-03", planned)
                before = fields.Date.subtract(fields.Date.to_date(planned), days=1)
                self.assertTodo(str(before), False, "paused")
                self.assertTodo(planned, True, "plan_done")

    def test_ask_again_asks_although_the_next_level_is_far(self):
        self.run_batch("2026-02-15")
        self.plan("2026-02-16", "2026-02-23")

        self.assertTodo("2026-02-22", False, "paused")
        self.assertTodo("2026-02-23", True, "waiting")
        self.assertTodo("2026-02-24", True)
        text = self.get_statement("2026-02-23").reason_text
        self.assertIn("Planned for 02/23/2026: ask again.", text)

    def test_whoever_asked_again_is_done_with_it(self):
        self.run_batch("2026-02-15")
        self.plan("2026-02-16", "2026-02-23")
        self.log("2026-02-23")

        self.assertTodo("2026-02-23", False, "waiting")
        self.assertNotIn("ask again", self.get_statement("2026-02-23").reason_text)

    def test_an_open_task_stands_for_it(self):
        self.go_through_plan()
        with self.on("2026-04-02"):
            customer = self.get_statement("2026-04-02").customer_id
            task = customer.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.clerk.id
            )
        self.assertTodo("2026-04-10", False)

        with self.cr.savepoint() as savepoint:
            task.unlink()
            self.assertTodo("2026-04-10", True)
            savepoint.rollback()
            self.env.invalidate_all()
        with self.on("2026-04-10"):
            task.action_feedback("Was not in")

        self.assertTodo("2026-04-16", False)
        self.assertTodo("2026-04-17", True)

    def test_customers_who_are_not_chased_are_not_to_do(self):
        self.go_through_plan()
        with self.on("2026-04-10"):
            statement = self.get_statement("2026-04-10").with_user(self.clerk)
            statement.mode = "none"

        self.assertTodo("2026-04-10", False, "excluded")

    def test_the_dashboard_counts_the_same_customers(self):
        self.go_through_plan()

        with self.on("2026-04-08"):
            blocks = self.env["payment.followup.dashboard"].get_dashboard_data()
            cards = {card["key"]: card for card in blocks["blocks"][0]["cards"]}
            card = cards["todo"]
            found = self.env["payment.followup.statement"].search(card["domain"])

        self.assertEqual(found.partner_id, self.customer)
        self.assertEqual(card["amount"], 1000)
        self.assertIn("1", card["detail"])

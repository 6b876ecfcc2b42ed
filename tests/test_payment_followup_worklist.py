from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestWorklist(FollowupCommon):
    """Whom to call first, what happened last, and what to do with many at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.create_customer(
            "Customer B", country_id=cls.env.ref("base.es").id
        )
        cls.create_invoice(1000, "2026-01-31")
        cls.create_invoice(900, "2026-01-31", cls.other)

    def get_statements(self, user=None):
        Statement = self.env["payment.followup.statement"].with_user(user or self.clerk)
        return Statement.with_company(self.company).search(
            [("partner_id", "in", (self.customer + self.other).ids)]
        )

    def open_wizard(self, statements, name):
        action = getattr(statements, f"action_open_{name}_wizard")()
        Wizard = self.env[action["res_model"]].with_user(self.clerk)
        return Form(Wizard.with_context(**action["context"]))

    def break_promise(self, partner):
        claims = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        with self.on("2026-02-05"):
            claims._set_expected_payment("2026-02-07")
        self.run_batch("2026-02-08")

    # --- whom first

    def test_the_larger_amount_comes_first(self):
        with self.on("2026-02-10"):
            self.assertEqual(
                self.get_statements().partner_id, self.customer + self.other
            )

    def test_a_broken_promise_puts_a_customer_first(self):
        self.break_promise(self.other)

        with self.on("2026-02-10"):
            statements = self.get_statements()
            self.assertEqual(
                statements.partner_id.ids, (self.other + self.customer).ids
            )
            self.assertEqual(statements.mapped("broken_count"), [1, 0])

    def test_age_weighs_and_stops_to_weigh_after_120_days(self):
        for day, urgency in (
            ("2026-01-31", 0),
            ("2026-02-15", 1500),
            ("2026-05-31", 5000),
            ("2026-06-30", 5000),
        ):
            with self.subTest(day=day):
                self.assertAlmostEqual(self.get_statement(day).urgency, urgency)

    def test_an_old_cent_does_not_make_new_money_old(self):
        self.create_invoice(0.01, "2025-01-31", self.other)
        self.create_invoice(50, "2026-01-31", self.other)

        with self.on("2026-02-10"):
            self.assertEqual(
                self.get_statements().partner_id.ids, (self.customer + self.other).ids
            )
            self.assertEqual(self.get_statements()[1].days_overdue, 375)

    def test_each_amount_weighs_by_its_own_age(self):
        self.create_invoice(500, "2026-01-01")

        # 1,000.00 for 15 days, 500.00 for 45 days
        self.assertAlmostEqual(
            self.get_statement("2026-02-15").urgency, 1000 * 1.5 + 500 * 2.5
        )

    def test_what_is_in_litigation_or_not_due_weighs_nothing(self):
        self.create_invoice(500, "2025-01-31").no_followup = True
        self.create_invoice(500, "2026-03-31")

        self.assertAlmostEqual(self.get_statement("2026-02-15").urgency, 1500)

    def test_a_customer_with_nothing_overdue_has_no_urgency(self):
        self.assertEqual(self.get_statement("2026-01-31").urgency, 0)

    def test_broken_promises_of_another_company_do_not_count(self):
        self.break_promise(self.other)
        company = self.setup_other_company()["company"]
        self.env["payment.followup.action"]._log(
            company, self.customer, "promise_broken", "Not here"
        )

        self.assertEqual(self.get_statement("2026-02-10").broken_count, 0)

    # --- what happened last

    def test_last_contact_is_the_last_message_that_arrived(self):
        for day, kind in (("2026-02-03", "call"), ("2026-02-04", "note")):
            with self.on(day):
                self.env["payment.followup.action"]._log(
                    self.company, self.customer, kind, "Words"
                )
        failed = self.run_batch("2026-02-15").filtered(
            lambda action: action.partner_id == self.customer
        )

        self.assertEqual(
            self.get_statement("2026-02-16").last_contact, "Feb 15 · E-mail"
        )
        failed._set_failed("No such mailbox")
        self.assertEqual(self.get_statement("2026-02-16").last_contact, "Feb 3 · Call")

    def test_a_customer_whom_nobody_contacted_has_no_last_contact(self):
        statement = self.get_statement("2026-02-16")

        self.assertFalse(statement.last_contact)
        self.assertFalse(statement.last_contact_date)

    def test_reminder_that_a_person_has_to_hand_over_is_in_the_words(self):
        self.level_1.write({"send_email": False, "print_letter": True})
        letters = self.run_batch("2026-02-15")
        words = "Letters to print, or messages to send by hand: 1."

        self.assertIn(words, self.get_statement("2026-02-16").reason_text)
        self.env["payment.followup.letter"]._print(letters)
        self.assertNotIn(words, self.get_statement("2026-02-16").reason_text)

    # --- the list

    def test_statements_are_grouped_by_country_with_totals(self):
        with self.on("2026-02-10"):
            groups = self.env["payment.followup.statement"].formatted_read_group(
                [("partner_id", "in", (self.customer + self.other).ids)],
                ["country_id"],
                ["amount_overdue:sum"],
            )

        self.assertEqual(
            {group["country_id"][1]: group["amount_overdue:sum"] for group in groups},
            {"United States": 1000, "Spain": 900},
        )

    def test_groups_by_reason_begin_with_what_waits_for_a_person(self):
        covered = self.create_customer("Covered")
        self.create_invoice(30, "2026-01-20", covered)
        self.create_credit_note(30, "2026-01-25", covered)
        self.create_invoice(30, "2026-02-20", self.create_customer("Not due"))
        self.other.write({"email": False, "street": False, "city": False})

        with self.on("2026-02-16"):
            groups = self.env["payment.followup.statement"].web_read_group(
                [("company_id", "=", self.company.id)], ["reason"]
            )["groups"]

        self.assertEqual(
            [group["reason"] for group in groups],
            ["no_address", "due", "covered", "not_due"],
        )

    def test_groups_by_rating_stand_as_the_lamps_do(self):
        self.create_invoice(30, "2026-01-20", self.create_customer("Good"))
        ratings = {"Customer B": "bad", "Good": "good"}
        for name, trust in ratings.items():
            customer = self.env["res.partner"].search([("name", "=", name)])
            customer.with_company(self.company).trust = trust

        with self.on("2026-02-16"):
            groups = self.env["payment.followup.statement"].web_read_group(
                [("company_id", "=", self.company.id)], ["trust"]
            )["groups"]

        self.assertEqual([g["trust"] for g in groups], ["good", "normal", "bad"])

    # --- many at once

    def test_many_customers_are_paused_with_the_reason_in_the_history(self):
        with self.on("2026-02-16"):
            form = self.open_wizard(self.get_statements(), "hold")
            form.plan = "date"
            form.date = "2026-03-01"
            form.note = "Moving offices"
            form.save().action_plan()
            statements = self.get_statements()
            self.assertEqual(set(statements.mapped("reason")), {"paused"})

        rows = self.env["payment.followup.action"].search([("kind", "=", "note")])
        self.assertEqual(rows.partner_id, self.customer + self.other)
        self.assertEqual(
            set(rows.mapped("error")), {"No reminder before 03/01/2026. Moving offices"}
        )
        self.assertEqual(rows.user_id, self.clerk)

    def test_a_day_that_holds_nothing_back_is_refused(self):
        for day, is_refused in (
            ("2026-02-15", True),
            ("2026-02-16", True),
            ("2026-02-17", False),
        ):
            with self.on("2026-02-16"), self.subTest(day=day):
                form = self.open_wizard(self.get_statements(), "hold")
                form.plan = "date"
                form.date = day
                wizard = form.save()
                if is_refused:
                    with self.assertRaises(UserError):
                        wizard.action_plan()
                else:
                    wizard.action_plan()

    def test_automatic_takes_pause_and_exclusion_back(self):
        with self.on("2026-02-16"):
            statements = self.get_statements()
            customers = statements._get_customers()
            customers.write({"mode": "none", "next_date": "2026-03-01"})
            form = self.open_wizard(statements, "hold")
            self.assertEqual(form.plan, "none")
            form.plan = "automatic"
            form.save().action_plan()

            self.assertEqual(set(self.get_statements().mapped("reason")), {"due"})

    def test_a_pause_keeps_a_customer_in_manual_mode(self):
        with self.on("2026-02-16"):
            statements = self.get_statements()
            statements._get_customers().mode = "manual"
            form = self.open_wizard(statements, "hold")
            form.plan = "date"
            form.date = "2026-03-01"
            form.save().action_plan()

            self.assertEqual(set(self.get_statements().mapped("mode")), {"manual"})

    def test_many_customers_are_assigned(self):
        with self.on("2026-02-16"):
            form = self.open_wizard(self.get_statements(), "assign")
            form.responsible_id = self.clerk
            form.save().action_assign()

            self.assertEqual(self.get_statements().responsible_id, self.clerk)

    def test_auditors_plan_and_assign_nothing(self):
        auditor = self.create_user("followup_auditor", "account.group_account_readonly")
        with self.on("2026-02-16"):
            statements = self.get_statements(auditor)
            for name in ("hold", "assign"):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    getattr(statements, f"action_open_{name}_wizard")()

    def test_nothing_is_planned_where_followup_is_switched_off(self):
        with self.on("2026-02-16"):
            form = self.open_wizard(self.get_statements(), "hold")
            wizard = form.save()
            self.company.payment_followup_enabled = False

            with self.assertRaises(UserError):
                wizard.action_plan()

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestScreens(FollowupCommon):
    """The page of a customer, its dialogs, and the ways to it from elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.create_invoice(1000, "2026-01-31")
        cls.later = cls.create_invoice(500, "2026-03-31")

    def get_page(self):
        self.env.invalidate_all()
        statement = self.env["payment.followup.statement"].with_user(self.clerk)
        return statement._find(self.company, self.customer)

    def open_call(self, **vals):
        action = self.get_page().action_open_note_wizard()
        Wizard = self.env[action["res_model"]].with_user(self.clerk)
        form = Form(Wizard.with_context(**action["context"]))
        for name, value in vals.items():
            form[name] = value
        return form

    def get_rows(self, kind):
        return self.env["payment.followup.action"].search([("kind", "=", kind)])

    def test_page_opens_before_anything_was_said_to_the_customer(self):
        page = self.get_page()
        self.assertFalse(page.customer_id)

        [values] = page.web_read({"action_ids": {"fields": {"date": {}}}})

        self.assertEqual(values["action_ids"], [])

    # --- a call and its outcome

    def test_no_answer_is_logged_without_words(self):
        with self.on("2026-02-10"):
            self.open_call(outcome="no_answer", ask_again="1w").save().action_log()
            self.assertEqual(str(self.get_page().planned_date), "2026-02-17")

        row = self.get_rows("call")
        self.assertEqual(row.error, "No answer – Ask again on 02/17/2026.")
        self.assertEqual(row.user_id, self.clerk)

    def test_ask_again_pauses_for_each_of_the_choices(self):
        for choice, day in (
            ("1w", "2026-02-17"),
            ("2w", "2026-02-24"),
            ("1m", "2026-03-10"),
            ("2m", "2026-04-10"),
        ):
            with self.on("2026-02-10"), self.subTest(choice=choice):
                form = self.open_call(outcome="later", ask_again=choice)
                form.save().action_log()
                self.assertEqual(str(self.get_page().planned_date), day)

    def test_the_plan_decides_when_to_ask_again_unless_somebody_else_does(self):
        with self.on("2026-02-10"):
            form = self.open_call(outcome="no_answer")
            self.assertEqual(form.ask_again, "plan")
            form.ask_again = "2m"
            form.ask_again = "plan"
            form.save().action_log()

        self.assertFalse(self.get_page().planned_date)

    def test_a_promise_holds_for_what_is_overdue(self):
        with self.on("2026-02-16"):
            form = self.open_call(outcome="promised", promise_date="2026-02-20")
            form.note = "Ms Ortiz: on Friday"
            form.save().action_log()

        self.assertEqual(str(self.invoice.expected_payment_date), "2026-02-20")
        self.assertEqual(self.invoice.expected_payment_note, "Ms Ortiz: on Friday")
        self.assertFalse(self.later.expected_payment_date)
        self.assertReason("2026-02-20", "promised")
        self.assertIn("Promised to pay: Ms Ortiz", self.get_rows("call").error)

    def test_who_promised_is_asked_again_when_the_plan_says(self):
        with self.on("2026-02-16"):
            form = self.open_call(outcome="later", ask_again="2m")
            form.outcome = "promised"
            form.promise_date = "2026-02-20"
            form.save().action_log()

        self.assertFalse(self.get_page().planned_date)
        self.assertReason("2026-02-20", "promised")

    def test_a_promise_is_for_a_day_to_come(self):
        for day, is_refused in (
            ("2026-02-15", True),
            ("2026-02-16", True),
            ("2026-02-17", False),
        ):
            with self.on("2026-02-16"), self.subTest(day=day):
                wizard = self.open_call(outcome="promised", promise_date=day).save()
                if is_refused:
                    with self.assertRaises(UserError):
                        wizard.action_log()
                else:
                    wizard.action_log()

    def test_a_dispute_excludes_the_invoice_that_is_named(self):
        with self.on("2026-02-16"):
            wizard = self.open_call(outcome="dispute")
            wizard.move_ids.add(self.invoice)
            wizard.save().action_log()

        self.assertTrue(self.invoice.no_followup)
        self.assertFalse(self.later.no_followup)

    def test_a_dispute_without_an_invoice_is_refused(self):
        with self.on("2026-02-16"):
            wizard = self.env["payment.followup.note.wizard"].with_user(self.clerk)
            wizard = wizard.create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "kind": "call",
                    "outcome": "dispute",
                    "move_ids": [Command.clear()],
                }
            )
            with self.assertRaises(UserError):
                wizard.action_log()

    def test_nothing_said_is_not_logged(self):
        with self.on("2026-02-16"), self.assertRaises(UserError):
            self.open_call().save().action_log()

    def test_a_call_closes_the_open_task_with_its_outcome(self):
        self.company.payment_followup_responsible_id = self.clerk
        for day in ("2026-02-15", "2026-03-02", "2026-03-12"):
            actions = self.run_batch(day)
        task = actions.activity_id
        self.assertEqual(task.user_id, self.clerk)

        with self.on("2026-03-12"):
            self.open_call(outcome="later").save().action_log()

        self.assertFalse(task.active)
        self.assertEqual(task.feedback, "Asks for time, or wants to check")
        self.assertEqual(actions.state, "done")
        self.assertEqual(actions.summary, task.summary)
        call = self.get_rows("call").error
        self.assertIn("wants to check – The plan has no further level", call)

    def test_who_reached_nobody_keeps_the_task_unless_another_day_is_planned(self):
        for outcome, ask_again, is_done in (
            ("no_answer", "plan", False),
            ("no_answer", "1w", True),
            ("later", "plan", True),
        ):
            with self.on("2026-03-12"), self.subTest((outcome, ask_again)):
                form = self.open_call(outcome=outcome, ask_again=ask_again)
                self.assertEqual(form.is_task_done, is_done)

    def test_a_call_leaves_a_failed_delivery_to_who_corrects_the_address(self):
        self.company.payment_followup_responsible_id = self.clerk
        email = self.run_batch("2026-02-15")
        self.deliver(email.mail_id, "2026-02-15", Exception("No such user"))
        alert = email.customer_id.activity_ids
        self.assertEqual(alert.user_id, self.clerk)

        with self.on("2026-02-16"):
            form = self.open_call(outcome="later")
            self.assertEqual(form.task_count, 0)
            form.save().action_log()

        self.assertTrue(alert.active)
        self.assertReason("2026-02-16", "delivery_failed")
        call = self.get_rows("call").error
        self.assertIn("wants to check – Next: correct what failed", call)

    # --- one page

    def test_what_is_owed_is_shown_by_currency_and_age(self):
        with self.on("2026-03-10"):
            [part] = self.get_page().aging

        self.assertEqual(part["total"], "$\xa01,500.00")
        self.assertEqual(
            [(b["key"], b["amount"]) for b in part["buckets"]],
            [
                ("amount_not_due", "$\xa0500.00"),
                ("amount_31_60", "$\xa01,000.00"),
            ],
        )
        self.assertAlmostEqual(sum(b["share"] for b in part["buckets"]), 100)

    def test_the_picture_leaves_litigation_out_and_names_credits(self):
        self.later.no_followup = True
        self.create_credit_note(300, "2026-02-01")
        with self.on("2026-02-10"):
            [part] = self.get_page().aging

        self.assertEqual(part["total"], "$\xa0700.00")
        self.assertIn("300.00", part["credit"])
        self.assertEqual([b["key"] for b in part["buckets"]], ["amount_1_30"])

    def test_whatsapp_link_has_the_number_with_its_country(self):
        self.customer.phone = "+1 412-555-0165"
        with self.on("2026-02-10"):
            self.assertEqual(self.get_page().whatsapp_url, "https://wa.me/14125550165")

    def test_without_a_number_there_is_no_link(self):
        self.customer.phone = False
        with self.on("2026-02-10"):
            self.assertFalse(self.get_page().whatsapp_url)

    def test_the_words_of_the_next_reminder_are_on_the_page(self):
        with self.on("2026-02-16"):
            page = self.get_page()
            self.assertIn("Words of L1", page.next_text)
            self.assertTrue(page.is_adaptable)

    def test_words_that_a_message_of_today_would_not_have_cannot_be_adapted(self):
        self.run_batch("2026-02-15")
        for vals, reason, level in (
            ({}, "waiting", self.level_2),
            ({"next_date": "2026-02-25"}, "paused", self.level_2),
            ({"mode": "none"}, "excluded", None),
        ):
            with self.subTest(reason), self.cr.savepoint() as savepoint:
                self.get_page().customer_id.write(vals)
                with self.on("2026-02-16"):
                    page = self.get_page()
                    self.assertEqual(page.reason, reason)
                    self.assertEqual(
                        page.coming_level_id, level or self.level_1.browse()
                    )
                    self.assertEqual(bool(page.next_text), bool(level))
                    self.assertFalse(page.is_adaptable)
                savepoint.rollback()

    def test_words_can_be_adapted_where_a_person_alone_sends_them(self):
        self.get_page()._get_customer().next_date = "2026-02-25"
        with self.on("2026-02-16"):
            page = self.get_page()
            self.assertEqual(page.reason, "paused")
            self.assertEqual(page.coming_level_id, self.level_1)
            self.assertTrue(page.is_adaptable)

    def test_who_owes_too_little_has_no_words_to_come(self):
        self.company.payment_followup_min_amount = 1000.01
        with self.on("2026-02-16"):
            page = self.get_page()
            self.assertEqual(page.reason, "below_minimum")
            self.assertFalse(page.coming_level_id or page.next_text)
            self.assertFalse(page.is_adaptable)

    def test_every_reason_of_an_item_is_explained(self):
        with self.on("2026-02-16"):
            Line = self.env["payment.followup.statement.line"]
            for reason, _label in Line._fields["reason"].selection:
                with self.subTest(reason=reason):
                    self.assertTrue(callable(getattr(Line, f"_explain_{reason}")))
            texts = self.get_page().line_ids.mapped("reason_text")

        self.assertIn("L1", texts[0])
        self.assertIn("03/31/2026", texts[1])

    def test_date_and_note_of_a_promise_are_one_row_of_the_history(self):
        with self.on("2026-02-16"):
            line = self.get_page().line_ids[0]
            line.write(
                {
                    "expected_payment_date": "2026-03-01",
                    "expected_payment_note": "By phone",
                }
            )
        self.assertIn("By phone", self.get_rows("promise").error)
        with self.on("2026-02-17"):
            self.get_page().line_ids[0].expected_payment_date = "2026-03-02"
        self.assertEqual(self.invoice.expected_payment_note, "By phone")

    # --- from elsewhere

    def test_an_activity_opens_the_statement(self):
        with self.on("2026-02-16"):
            page = self.get_page()
            activity = page._get_customer().activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.clerk.id
            )
            action = activity.with_user(self.clerk).action_open_document()

        self.assertEqual((action["res_model"], action["res_id"]), (page._name, page.id))

    def test_an_activity_of_a_customer_who_paid_opens_what_was_said(self):
        with self.on("2026-02-16"):
            customer = self.get_page()._get_customer()
            activity = customer.activity_schedule("mail.mail_activity_data_todo")
        self.pay(self.invoice)
        self.pay(self.later)
        with self.on("2026-02-17"):
            action = activity.action_open_document()

        self.assertEqual(action["res_model"], "payment.followup.customer")

    def test_tasks_show_those_of_the_chosen_companies_only(self):
        other = self.setup_other_company()["company"]
        user = self.create_user(
            "followup_both", "account.group_account_invoice", self.company + other
        )
        Customer = self.env["payment.followup.customer"]
        for company in self.company + other:
            Customer._get_or_create(company, self.customer).activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id
            )
        action = self.env.ref("account_payment_followup.payment_followup_task_action")
        Activity = self.env["mail.activity"].with_user(user)

        for companies in (self.company, other, self.company + other):
            context = {"allowed_company_ids": companies.ids}
            tasks = Activity.with_context(**context).search(
                [("followup_customer_id", "!=", False)]
            )
            self.assertEqual(tasks.followup_customer_id.company_id, companies)
        self.assertIn("followup_customer_id", action.domain)

    def test_done_tasks_keep_their_outcome(self):
        customer = self.get_page()._get_customer()
        activity = customer.activity_schedule("mail.mail_activity_data_todo")
        activity.action_feedback(feedback="Left a message")

        [task] = self.env["mail.activity"].search(
            [("followup_customer_id", "!=", False), ("active", "=", False)]
        )
        self.assertEqual((task.state, task.feedback), ("done", "Left a message"))

    def test_invoice_says_what_holds_it_back_and_what_was_sent(self):
        self.assertFalse(self.invoice.followup_banner)
        self.run_batch("2026-02-15")
        self.invoice.expected_payment_date = "2026-03-01"
        self.invoice.no_followup = True

        with self.on("2026-03-01"):
            banner = self.invoice.followup_banner
            self.assertIn("“L1” sent on 02/15/2026", banner)
            self.assertIn("Payment promised for 03/01/2026", banner)
            self.assertIn("In litigation", banner)
        with self.on("2026-03-02"):
            self.assertIn("Payment was promised", self.invoice.followup_banner)
        self.pay(self.invoice)
        self.assertFalse(self.invoice.followup_banner)

    def test_invoice_opens_the_statement(self):
        with self.on("2026-02-16"):
            invoice = self.invoice.with_user(self.clerk)
            action = invoice.action_open_followup_statement()
            self.assertEqual(action["res_id"], self.get_page().id)

    # --- the history is nobody's to change

    def test_nobody_changes_the_history_by_rpc_or_import(self):
        row = self.run_batch("2026-02-15")
        admin = self.env.ref("base.user_admin")
        roles = {
            "clerk": self.clerk,
            "manager": self.create_user("manager", "account.group_account_manager"),
            "administrator": admin,
        }
        vals = {
            "company_id": self.company.id,
            "date": "2026-02-15",
            "kind": "note",
            "partner_id": self.customer.id,
            "user_id": admin.id,
        }
        for role, user in roles.items():
            records = row.with_user(user)
            for change in (
                lambda records=records: records.write({"state": "failed"}),
                lambda records=records: records.write({"error": "Other words"}),
                lambda records=records: records.unlink(),
                lambda records=records: records.create(vals),
                lambda records=records: records.copy(),
                lambda records=records: records.line_ids.write({"name": "Other"}),
                lambda records=records: records.line_ids.unlink(),
            ):
                with (
                    self.subTest(role=role),
                    self.assertRaises(UserError),
                ):
                    change()
            with self.subTest(role=role, change="import"):
                result = row.with_user(user).load(
                    ["date", "kind", "partner_id/.id", "company_id/.id", "user_id/.id"],
                    [
                        [
                            "2026-02-15",
                            "note",
                            *(
                                str(vals[key])
                                for key in ("partner_id", "company_id", "user_id")
                            ),
                        ]
                    ],
                )
                self.assertFalse(result["ids"])
        self.assertEqual(self.env["payment.followup.action"].search([]), row)

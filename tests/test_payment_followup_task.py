from ast import literal_eval

from lxml import etree

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .common import FollowupCommon

STATEMENT = "payment.followup.statement"


@tagged("post_install", "-at_install")
class TestTask(FollowupCommon):
    """A call from its first day on: what comes of it, and who need not be called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.payment_followup_responsible_id = cls.clerk
        cls.level_1.write({"send_email": False, "create_activity": True})
        cls.level_2.print_letter = False
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def plan_call(self):
        """Return the log row of the call that is planned on 2026-02-15."""
        return self.run_batch("2026-02-15").filtered("activity_id")

    def do(self, task, feedback, day="2026-02-16"):
        with self.on(day):
            task.activity_id.with_user(self.clerk).action_feedback(feedback=feedback)

    def log_call(self, day="2026-02-16", **vals):
        """Log a call in the dialog of the customer's page, which does the task."""
        with self.on(day):
            statement = self.env["payment.followup.statement"].with_user(self.clerk)
            statement = statement._find(self.company, self.customer)
            action = statement.action_open_note_wizard()
            wizard = self.env[action["res_model"]].with_user(self.clerk)
            form = Form(wizard.with_context(**action["context"]))
            for name, value in vals.items():
                form[name] = value
            form.save().action_log()

    def assertLogged(self, task, remark):
        """Check that the task is done, and its call alone says how it went."""
        call = self.env["payment.followup.action"].search([("kind", "=", "call")])
        self.assertEqual(call.error, remark)
        self.assertEqual((task.state, task.error), ("done", False))

    def read_note(self, task):
        return " ".join(html2plaintext(task.activity_id.note).split())

    # --- who sees it

    def test_auditor_sees_the_tasks_of_others_and_does_none(self):
        task = self.plan_call().activity_id
        other = self.setup_other_company()["company"]
        hidden = self.env["payment.followup.customer"]._get_or_create(
            other, self.customer
        )
        hidden.activity_schedule("mail.mail_activity_data_todo", user_id=self.clerk.id)
        auditor = self.create_user("auditor", "account.group_account_readonly")
        action = self.env.ref("account_payment_followup.payment_followup_task_action")
        context = literal_eval(action.context)
        Activity = self.env["mail.activity"].with_user(auditor).with_context(**context)

        found = Activity.search([])

        self.assertEqual(found, task)
        self.assertEqual(found.read(["summary"])[0]["summary"], task.summary)
        self.assertEqual(found.action_open_document()["res_model"], STATEMENT)
        with self.assertRaises(AccessError):
            found.action_feedback("Done")

    def test_manual_action_without_a_level_is_a_call(self):
        paid = self.create_invoice(
            500, "2026-06-30", self.create_customer("Customer B")
        )
        with self.on("2026-02-15"):
            statement = self.get_statement("2026-02-15", paid.partner_id)
            task = statement.with_user(self.clerk)._send(kinds=["activity"]).activity_id

        self.assertEqual(task.activity_type_id.category, "phonecall")
        self.assertEqual(task.summary, task.activity_type_id.summary)

    # --- in the work list

    def find_in_worklist(self, day):
        """Return the statements that the filter *Calls to make* shows on ``day``."""
        view = self.env.ref(
            "account_payment_followup.payment_followup_statement_view_search"
        )
        [domain] = etree.fromstring(view.arch).xpath("//filter[@name='tasks']/@domain")
        with self.on(day):
            statements = self.env["payment.followup.statement"].with_user(self.clerk)
            found = statements.search(literal_eval(domain))
            return found, found.mapped("reason_text")

    def test_a_call_is_in_the_list_from_its_day_until_it_is_done(self):
        self.assertFalse(self.find_in_worklist("2026-02-14")[0])
        task = self.plan_call()

        found, words = self.find_in_worklist("2026-02-16")

        self.assertEqual(found.partner_id, self.customer)
        self.assertIn("Calls and tasks to do: 1.", words[0])
        self.do(task, "Was not in")
        self.assertFalse(self.find_in_worklist("2026-02-16")[0])

    def test_the_calendar_of_tasks_names_the_customer(self):
        task = self.plan_call().activity_id.with_user(self.clerk)
        name = task.display_name

        self.assertNotIn(self.customer.name, name)
        self.assertEqual(
            task.with_context(followup_tasks=True).display_name,
            f"{task.res_name} – {name}",
        )
        self.assertIn(self.customer.name, task.res_name)

    # --- archived: dropped, not lost

    def test_a_task_that_is_archived_is_dropped_and_the_history_says_by_whom(self):
        task = self.plan_call()

        with self.on("2026-02-16"):
            task.activity_id.with_user(self.clerk).action_archive()

        self.assertEqual(task.state, "cancelled")
        self.assertEqual(task.error, f"Cancelled by {self.clerk.name}.")
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_a_task_that_is_taken_up_again_is_to_do_until_it_is_done(self):
        task = self.plan_call()
        activity = task.activity_id.with_user(self.clerk)
        for leave, state in (
            (activity.action_archive, "cancelled"),
            (activity.action_done, "done"),
        ):
            with self.on("2026-02-16"), self.subTest(state=state):
                leave()
                self.assertEqual(task.state, state)

                activity.action_unarchive()

                self.assertEqual(task.state, "todo")
                self.assertIn(f"Taken up again by {self.clerk.name}.", task.error)
        self.do(task, "Was in")
        self.assertEqual(task.state, "done")
        self.assertIn("Was in", task.error)

    # --- done: outcome and next step

    def test_a_call_done_says_the_next_level_and_its_day(self):
        task = self.plan_call()

        self.do(task, "Was not in")

        self.assertEqual(
            (task.state, task.error), ("done", "Was not in – Next: “L2” on 03/02/2026.")
        )

    def test_a_call_done_without_words_says_what_comes_next(self):
        task = self.plan_call()

        self.do(task, False)

        self.assertEqual(task.error, "Next: “L2” on 03/02/2026.")

    def test_a_call_done_speaks_the_language_of_who_did_it(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.clerk.lang = "es_ES"
        task = self.plan_call()

        with self.on("2026-02-16"):
            activity = task.activity_id.with_user(self.clerk)
            activity.with_context(lang="es_ES").action_feedback(feedback="Nadie")

        self.assertIn("Nadie – A continuación: «L2» el 02/03/2026.", task.error)

    def test_the_last_call_of_the_plan_asks_for_a_decision(self):
        (self.level_2 + self.level_3).unlink()
        task = self.plan_call()

        self.do(task, "Was not in")

        self.assertIn("The plan has no further level", task.error)

    def test_a_call_done_after_the_payment_says_that_nothing_is_owed(self):
        task = self.plan_call()
        self.pay(self.invoice)

        self.do(task, "Thanked")

        self.assertEqual(task.error, "Thanked – Nothing is owed any more.")

    def test_asking_for_time_says_when_to_ask_again(self):
        task = self.plan_call()

        self.log_call(outcome="later", ask_again="1w")

        expected = "Asks for time, or wants to check – Ask again on 02/23/2026."
        self.assertLogged(task, expected)
        self.assertEqual(task.customer_id.next_date.isoformat(), "2026-02-23")

    def test_a_promise_says_the_promised_day(self):
        task = self.plan_call()

        self.log_call(outcome="promised", promise_date="2026-02-20")

        self.assertLogged(task, "Promised to pay – Promised for 02/20/2026.")

    def test_a_call_without_a_task_says_what_comes_next_as_well(self):
        self.log_call("2026-02-10", outcome="later", ask_again="1w")

        call = self.env["payment.followup.action"].search([("kind", "=", "call")])
        self.assertIn("Ask again on 02/17/2026.", call.error)

    # --- what people schedule themselves

    def do_scheduled(self, activity_type, feedback, user=None):
        """Schedule a task on the customer and mark it done; return its log rows."""
        customer = self.env["payment.followup.customer"]._get_or_create(
            self.company, self.customer
        )
        before = self.env["payment.followup.action"].search([])
        with self.on("2026-02-10"):
            customer.activity_schedule(
                activity_type, summary="Ask Ms Ortiz", user_id=(user or self.clerk).id
            ).with_user(user or self.clerk).action_feedback(feedback=feedback)
        return before.search([]) - before

    def test_a_call_that_a_colleague_scheduled_is_in_the_history(self):
        row = self.do_scheduled("mail.mail_activity_data_call", "Next week")

        self.assertEqual(
            (row.kind, row.state, row.user_id), ("call", "done", self.clerk)
        )
        self.assertEqual(
            row.error, "Ask Ms Ortiz: Next week – Next: “L1” on 02/15/2026."
        )

    def test_a_task_that_a_colleague_scheduled_is_in_the_history(self):
        row = self.do_scheduled("mail.mail_activity_data_todo", False)

        self.assertEqual((row.kind, row.error), ("note", "Ask Ms Ortiz"))

    def test_who_has_no_rights_in_accounting_can_be_done_with_a_task(self):
        seller = self.create_user("seller", "base.group_user")
        row = self.do_scheduled("mail.mail_activity_data_call", "Later", seller)

        self.assertEqual((row.kind, row.user_id), ("call", seller))

    def test_an_alert_is_in_the_history_only_with_words(self):
        reply = "account_payment_followup.mail_activity_type_reply"

        self.assertFalse(self.do_scheduled(reply, False))
        row = self.do_scheduled(reply, "Sent her the invoice again")
        self.assertEqual(row.error, "Ask Ms Ortiz: Sent her the invoice again")

    def test_a_logged_call_is_in_the_history_once(self):
        customer = self.env["payment.followup.customer"]._get_or_create(
            self.company, self.customer
        )
        customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.clerk.id
        )

        self.log_call("2026-02-10", outcome="later", ask_again="1w")

        self.assertFalse(customer.activity_ids)
        calls = self.env["payment.followup.action"].search([("kind", "=", "call")])
        self.assertEqual(len(calls), 1)

    # --- nobody need call any more

    def assertClosed(self, task, remark):
        """Check that the call is off the list and its level not said."""
        self.assertEqual(task.state, "cancelled")
        self.assertIn(remark, task.error)
        self.assertFalse(task.activity_id)
        self.assertFalse(task.customer_id.activity_ids)
        self.assertFalse(self.get_claim(self.invoice).followup_level_id)

    def test_a_customer_who_paid_all_is_not_called(self):
        task = self.plan_call()
        self.pay(self.invoice)

        self.run_batch("2026-02-16")

        self.assertClosed(task, "Nothing is owed any more.")

    def test_a_customer_who_paid_one_of_two_invoices_is_still_called(self):
        other = self.create_invoice(500, "2026-01-31")
        task = self.plan_call()
        self.pay(self.invoice)

        self.run_batch("2026-02-16")
        self.run_batch("2026-02-17")

        self.assertEqual(task.state, "todo")
        self.assertTrue(task.activity_id.active)
        sentence = f"02/16/2026: {self.invoice.name} is no longer open."
        self.assertEqual(self.read_note(task).count("is no longer open"), 1)
        self.assertIn(sentence, self.read_note(task))
        self.assertEqual(self.get_claim(other).followup_level_id, self.level_1)

    def test_the_amount_left_after_a_part_payment_is_told_once_to_who_calls(self):
        task = self.plan_call()
        self.pay(self.invoice, 999.99)

        self.run_batch("2026-02-16")
        self.run_batch("2026-02-17")

        self.assertEqual(task.state, "todo")
        sentence = f"$ 0.01 of {self.invoice.name} is still open."
        self.assertEqual(self.read_note(task).count(sentence), 1)

    def test_the_note_of_a_call_stays_while_nothing_changes(self):
        task = self.plan_call()
        before = task.activity_id.note

        self.run_batch("2026-02-16")

        self.assertEqual((task.state, task.activity_id.note), ("todo", before))

    def test_a_payment_that_waits_to_be_matched_spares_the_call(self):
        task = self.plan_call()
        self.pay_unallocated(1000, "2026-02-15")

        self.run_batch("2026-02-16")

        self.assertClosed(task, "covered by credits")

    def test_a_payment_one_cent_too_small_does_not_spare_the_call(self):
        task = self.plan_call()
        self.pay_unallocated(999.99, "2026-02-15")

        self.run_batch("2026-02-16")

        self.assertEqual(task.state, "todo")

    def test_a_dispute_of_all_that_was_listed_spares_the_call(self):
        task = self.plan_call()
        self.invoice.no_followup = True

        self.run_batch("2026-02-16")

        self.assertClosed(task, "in litigation")

    def test_a_promise_spares_the_call_until_it_is_broken(self):
        task = self.plan_call()
        self.invoice.expected_payment_date = "2026-02-20"

        self.run_batch("2026-02-16")
        again = self.run_batch("2026-02-21").filtered("activity_id")

        self.assertEqual((task.state, again.state), ("cancelled", "todo"))
        self.assertEqual(again.level_id, self.level_1)

    def test_a_call_is_spared_where_the_batch_does_not_send(self):
        task = self.plan_call()
        self.company.payment_followup_auto = False
        self.pay(self.invoice)

        self.run_batch("2026-02-16")

        self.assertClosed(task, "Nothing is owed any more.")

    def test_a_call_already_done_stays_as_it_is(self):
        task = self.plan_call()
        self.do(task, "Pays today")
        self.pay(self.invoice)

        self.run_batch("2026-02-17")

        self.assertEqual(task.state, "done")
        self.assertEqual(self.get_claim(self.invoice).followup_level_id, self.level_1)

    def test_what_another_company_is_owed_does_not_keep_the_call(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = True
        task = self.plan_call()
        self.create_invoice(700, "2026-01-31", company=other)
        self.pay(self.invoice)

        with self.on("2026-02-16"), self.run_as_cron():
            reminder = self.env["payment.followup.reminder"]
            reminder.with_user(SUPERUSER_ID)._review_tasks()

        self.assertClosed(task, "Nothing is owed any more.")

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestAction(FollowupCommon):
    """The history: nobody changes or deletes it, and it outlives what it tells of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = "account.group_account_manager"
        cls.people = {
            "clerk": cls.clerk,
            "manager": cls.create_user("history_manager", manager),
            "admin": cls.create_user("history_admin", f"{manager},base.group_system"),
        }
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def setUp(self):
        super().setUp()
        self.action = self.run_batch("2026-02-15")

    def get_rows(self):
        """Return the history as plain values."""
        fields = ["date", "user_id", "company_id", "partner_id", "kind", "level_id"]
        line_fields = ["move_line_id", "move_id", "name", "level_id", "amount_residual"]
        actions = self.env["payment.followup.action"].search([])
        return actions.read(fields, None), actions.line_ids.read(line_fields, None)

    # --- words

    def test_history_says_what_a_message_is_about(self):
        self.assertEqual(self.action.summary, f"About {self.invoice.name}")

        self.action.sudo().error = "No such mailbox"
        self.assertEqual(self.action.summary, "No such mailbox")

    def test_history_names_two_invoices_of_many(self):
        customer = self.create_customer("Customer with many invoices")
        invoices = [
            self.create_invoice(100, "2026-01-31", customer) for _number in range(4)
        ]
        first, second, *_others = (invoice.name for invoice in invoices)

        many = self.run_batch("2026-02-16")

        self.assertEqual(many.summary, f"About {first}, {second} and 2 more")

    def test_history_calls_a_task_by_its_name(self):
        self.level_2.write(
            {
                "send_email": False,
                "print_letter": False,
                "create_activity": True,
                "activity_summary": "Ask for a date",
            }
        )

        self.assertEqual(self.run_batch("2026-03-02").summary, "Ask for a date")

    # --- people

    def test_nobody_changes_a_row(self):
        for role, user in self.people.items():
            for row, vals in (
                (self.action, {"date": "2026-01-01"}),
                (self.action, {"state": "sent"}),
                (self.action, {"error": "Nothing to see here"}),
                (self.action, {"line_ids": [Command.clear()]}),
                (self.action.line_ids, {"amount_residual": 1}),
                (self.action.line_ids, {"counts": False}),
            ):
                with self.subTest(role=role, vals=vals), self.assertRaises(UserError):
                    row.with_user(user).write(vals)

    def test_nobody_deletes_a_row(self):
        for role, user in self.people.items():
            for row in (self.action, self.action.line_ids):
                with self.subTest(role=role), self.assertRaises(UserError):
                    row.with_user(user).unlink()

    def test_nobody_invents_a_row(self):
        vals = self.action.copy_data()[0]
        for role, user in self.people.items():
            with self.subTest(role=role), self.assertRaises(UserError):
                self.env["payment.followup.action"].with_user(user).create(vals)
            with self.subTest(role=role, line=True), self.assertRaises(AccessError):
                self.env["payment.followup.action.line"].with_user(user).create(
                    self.action.line_ids.copy_data()[0]
                )

    def test_nobody_imports_a_row(self):
        before = self.get_rows()
        for role, user in self.people.items():
            actions = self.env["payment.followup.action"].with_user(user)
            for columns, values in (
                (["date", "partner_id", "kind"], ["2026-01-01", "Customer A", "note"]),
                ([".id", "date"], [str(self.action.id), "2026-01-01"]),
            ):
                with self.subTest(role=role, columns=columns):
                    result = actions.load(columns, [values])
                    self.assertFalse(result["ids"])
                    self.assertTrue(result["messages"])

        self.assertEqual(self.get_rows(), before)

    # --- the machine

    def test_even_the_machine_cannot_rewrite_the_past(self):
        other = self.create_customer("Other")
        for vals in (
            {"date": "2026-01-01"},
            {"partner_id": other.id},
            {"user_id": self.clerk.id},
            {"level_id": self.level_2.id},
            {"kind": "letter"},
            {"text": "<p>Never said</p>"},
            {"body": "<p>Never said</p>"},
            {"subject": "Never said"},
            {"state": "sent", "date": "2026-01-01"},
            {"line_ids": [Command.clear()]},
            {"line_ids": [Command.update(self.action.line_ids.id, {"name": "X"})]},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.action.sudo().write(vals)

    def test_even_the_machine_cannot_rewrite_an_invoice_of_the_past(self):
        line = self.action.line_ids.sudo()
        for vals in (
            {"move_line_id": False},
            {"level_id": self.level_2.id},
            {"amount_residual": 1},
            {"counts": False, "date_due": "2026-01-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)

    def test_even_the_machine_cannot_delete_the_past(self):
        for row in (self.action, self.action.line_ids):
            with self.assertRaises(UserError):
                row.sudo().unlink()

    def test_refusal_says_what_to_do_instead(self):
        with self.assertRaisesRegex(UserError, "Add a note"):
            self.action.sudo().unlink()

    # --- what it outlives

    def test_history_survives_reset_to_draft(self):
        before = self.get_rows()

        self.invoice.button_draft()

        self.assertEqual(self.get_rows(), before)
        self.assertFalse(self.action.line_ids.counts)

    def test_history_survives_the_deletion_of_its_invoice(self):
        name = self.invoice.name
        self.invoice.button_draft()

        self.invoice.with_context(force_delete=True).unlink()

        line = self.action.line_ids
        self.assertEqual((line.name, line.amount_residual), (name, 1000))
        self.assertFalse(line.move_id)

    def test_history_survives_the_archiving_of_its_level(self):
        before = self.get_rows()

        self.level_1.active = False

        self.assertEqual(self.get_rows(), before)

    def test_history_keeps_amounts_as_they_were(self):
        self.pay(self.invoice, 400)

        self.assertEqual(self.action.amount_residual, 1000)
        self.assertEqual(self.action.line_ids.amount_residual_currency, 1000)

    def test_level_in_use_cannot_be_deleted_and_the_refusal_names_it(self):
        with self.assertRaisesRegex(RedirectWarning, "“L1”.*Archive it") as refusal:
            self.level_1.unlink()

        _sentence, action_id, _button, context = refusal.exception.args
        self.env["ir.actions.server"].browse(action_id).with_context(**context).run()
        self.assertFalse(self.level_1.active)

        self.level_2.unlink()

    def test_level_once_used_is_not_deleted_although_no_claim_stands_on_it(self):
        self.invoice.button_draft()

        with self.assertRaisesRegex(RedirectWarning, "“L1”"):
            self.level_1.unlink()

    # --- what it says

    def test_row_tells_who_what_and_when(self):
        action = self.action

        self.assertEqual(str(action.date), "2026-02-15")
        self.assertEqual(action.partner_id, self.customer)
        self.assertEqual(action.company_id, self.company)
        self.assertEqual((action.kind, action.state), ("email", "queued"))
        self.assertEqual(action.display_name, "E-mail – Customer A, 02/15/2026")
        self.assertIn("Words of L1", action.body)

    def test_promise_and_litigation_are_written_down(self):
        self.invoice.write(
            {
                "expected_payment_date": "2026-03-20",
                "expected_payment_note": "Ms Ortiz",
            }
        )
        self.invoice.no_followup = True
        self.invoice.no_followup = False

        rows = self.env["payment.followup.action"].search([]) - self.action

        self.assertEqual(rows.line_ids.move_id, self.invoice)
        self.assertEqual(
            rows.sorted("id").mapped("kind"), ["promise", "litigation", "litigation"]
        )
        self.assertIn("Ms Ortiz", rows.sorted("id")[0].error)
        self.assertFalse(rows.line_ids.filtered("counts"))

    def test_import_of_a_promise_that_is_over_is_taken_and_says_so(self):
        columns = [".id", "expected_payment_date", "expected_payment_note"]
        for day, is_over in (
            ("2026-02-14", True),
            ("2026-02-15", False),
            ("2026-02-16", False),
        ):
            with self.on("2026-02-15"), self.subTest(day):
                row = [str(self.invoice.id), day, "Ms Ortiz"]

                result = self.env["account.move"].load(columns, [row])

                self.assertFalse(result["messages"])
                self.assertEqual(str(self.invoice.expected_payment_date), day)
                promise = self.env["payment.followup.action"].search([], limit=1)
                self.assertEqual(promise.kind, "promise")
                self.assertIn("Ms Ortiz", promise.error)
                self.assertEqual("already over" in promise.error, is_over)

    def test_answer_of_the_customer_is_written_down(self):
        thread = self.action.customer_id

        row = thread._log_reply("whatsapp", "<p>Paid yesterday.</p>", self.customer)

        self.assertEqual((row.kind, row.state), ("reply", "done"))
        self.assertEqual(row.customer_id, thread)
        self.assertEqual(row.error, "Customer A, by WhatsApp: Paid yesterday.")
        self.assertIn("Paid yesterday.", row.body)

    def test_invoice_opens_its_own_history(self):
        self.create_invoice(500, "2026-01-31", self.create_customer("Other"))
        self.run_batch("2026-02-16")

        action = self.invoice.action_open_followup_history()
        rows = self.env[action["res_model"]].search(action["domain"])

        self.assertEqual(rows, self.action)

    def test_row_without_a_document_says_so(self):
        with self.assertRaisesRegex(UserError, "has no document"):
            self.action.action_open_document()

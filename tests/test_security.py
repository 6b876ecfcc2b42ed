from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import FollowupCommon

# What each role may do: {model: {role: rights}}; r(ead), w(rite), c(reate), d(elete).
# A role that is not named may do nothing.
READ_ONLY = {"clerk": "r", "auditor": "r", "manager": "r"}
RIGHTS = {
    "payment.followup.level": READ_ONLY | {"manager": "rwcd"},
    "payment.followup.claim": READ_ONLY,
    "payment.followup.customer": READ_ONLY | {"clerk": "rwc", "manager": "rwc"},
    "payment.followup.statement": READ_ONLY | {"clerk": "rw", "manager": "rw"},
    "payment.followup.statement.line": READ_ONLY | {"clerk": "rw", "manager": "rw"},
    "payment.followup.action": READ_ONLY,
    "payment.followup.action.line": READ_ONLY,
    "payment.followup.whatsapp": READ_ONLY,
    "payment.followup.level.preview": {"manager": "rwcd"},
    "payment.followup.hold": READ_ONLY,
    "payment.followup.plan.wizard": {"manager": "rwcd"},
    "payment.followup.send.wizard": {"clerk": "rwcd", "manager": "rwcd"},
    "payment.followup.forecast": {"clerk": "r", "auditor": "r", "manager": "r"},
    "payment.followup.forecast.batch": {"clerk": "r", "auditor": "r", "manager": "r"},
    "payment.followup.sending": {"clerk": "r", "manager": "r"},
    "payment.followup.sending.line": {"clerk": "rw", "manager": "rw"},
    "payment.followup.note.wizard": {"clerk": "rwcd", "manager": "rwcd"},
    "payment.followup.hold.wizard": {"clerk": "rwcd", "manager": "rwcd"},
    "payment.followup.assign.wizard": {"clerk": "rwcd", "manager": "rwcd"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install")
class TestSecurity(FollowupCommon):
    """Who may do what: billing works, managers configure, auditors read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.create_invoice(1000, "2026-01-31")
        cls.roles = {
            "portal": new_test_user(
                cls.env,
                login="followup_portal",
                name="Customer A",
                groups="base.group_portal",
                company_id=cls.company.id,
                partner_id=cls.customer.id,
            ),
            "internal": cls.create_user("followup_internal"),
            "clerk": cls.clerk,
            "auditor": cls.create_user(
                "followup_auditor", "account.group_account_readonly"
            ),
            "manager": cls.create_user(
                "followup_manager", "account.group_account_manager"
            ),
        }

    # --- the table

    def test_each_role_has_its_rights_on_each_model(self):
        for model, rights in RIGHTS.items():
            for role, user in self.roles.items():
                records = self.env[model].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if records.has_access(operation)
                )
                with self.subTest(model=model, role=role):
                    self.assertEqual(found, rights.get(role, ""))

    def test_table_has_all_models(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("payment.followup.") and not model._abstract
        }

        self.assertEqual(models, set(RIGHTS))

    def test_each_model_with_a_company_has_a_rule_for_it(self):
        models = self.env["ir.rule"].sudo().search([]).mapped("model_id.model")

        for model in RIGHTS:
            record = self.env[model]
            if "company_id" in record._fields and not record._transient:
                self.assertIn(model, models)

    # --- clerks

    def get_clerk_statement(self):
        return self.get_statement("2026-02-15").with_user(self.clerk)

    def test_clerk_may_not_write_contacts(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.clerk).name = "Changed"

    def test_clerk_sets_the_traffic_light(self):
        statement = self.get_clerk_statement()

        for trust in ("bad", "good", "normal"):
            with self.on("2026-02-15"):
                getattr(statement, f"action_set_trust_{trust}")()
                self.assertEqual(statement.trust, trust)
            self.assertEqual(self.customer.trust, trust)

    def test_clerk_plans_and_decides(self):
        with self.on("2026-02-15"):
            statement = self.get_clerk_statement()
            statement.write({"mode": "manual", "planned_date": "2026-03-01"})
            statement.responsible_id = self.clerk

        customer = self.env["payment.followup.customer"].search([])
        self.assertEqual(
            (customer.partner_id, customer.mode), (self.customer, "manual")
        )
        self.assertEqual(str(customer.next_date), "2026-03-01")
        self.assertEqual(customer.responsible_id, self.clerk)

    def test_nobody_rewrites_what_followup_notes_about_a_customer(self):
        self.run_batch("2026-02-15")
        customer = self.env["payment.followup.customer"].search([])
        other = self.create_customer("Customer B")
        for role in ("clerk", "manager"):
            as_role = customer.with_user(self.roles[role])
            for vals in (
                {"partner_id": other.id},
                {"company_id": self.company.id},
                {"reminder_date": "2020-01-01"},
                {"failure": False},
                {"broken_count": 0},
                {"mode": "none", "mode_user_id": self.roles["manager"].id},
            ):
                with self.subTest(role=role, vals=vals):
                    with self.assertRaises(UserError):
                        as_role.write(vals)
            with self.assertRaises(UserError):
                as_role.create(
                    {
                        "company_id": self.company.id,
                        "partner_id": other.id,
                        "reminder_date": "2020-01-01",
                    }
                )
            as_role.write({"mode": "manual", "next_date": "2026-03-01"})

        self.assertEqual(customer.partner_id, self.customer)
        self.assertEqual(str(customer.reminder_date), "2026-02-15")
        self.assertEqual(customer.mode_user_id, self.roles["manager"])

    def test_clerk_excludes_an_invoice(self):
        with self.on("2026-02-15"):
            self.get_clerk_statement().line_ids.no_followup = True

        self.assertTrue(self.invoice.no_followup)
        self.assertReason("2026-02-15", "litigation")
        row = self.env["payment.followup.action"].search([])
        self.assertEqual((row.kind, row.user_id), ("litigation", self.clerk))

    def test_clerk_sets_an_expected_date(self):
        with self.on("2026-02-15"):
            line = self.get_clerk_statement().line_ids
            line.expected_payment_date = "2026-03-01"

        self.assertEqual(str(self.invoice.expected_payment_date), "2026-03-01")
        self.assertReason("2026-02-15", "promised")
        row = self.env["payment.followup.action"].search([])
        self.assertEqual((row.kind, row.user_id), ("promise", self.clerk))

    def test_clerk_sets_an_expected_date_on_the_invoice(self):
        invoice = self.invoice.with_user(self.clerk)

        invoice.write(
            {"expected_payment_date": "2026-03-01", "expected_payment_note": "Sure"}
        )

        self.assertEqual(invoice.expected_payment_note, "Sure")

    def test_clerk_sends(self):
        with self.on("2026-02-15"):
            self.get_clerk_statement()._send()

        row = self.env["payment.followup.action"].search([])
        self.assertEqual((row.kind, row.user_id), ("email", self.clerk))
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    def test_clerk_reads_what_was_sent(self):
        self.run_batch("2026-02-15")
        row = self.env["payment.followup.action"].with_user(self.clerk).search([])

        self.assertTrue(row.read())
        self.assertTrue(row.line_ids.read())
        self.assertTrue(row.items_html)

    def test_clerk_cannot_rewrite_a_statement(self):
        statement = self.get_clerk_statement()

        with self.on("2026-02-15"), self.assertRaises(UserError):
            statement.write({"amount_due": 1})
            statement.flush_recordset()

    # --- auditors

    def test_auditor_reads_everything(self):
        self.run_batch("2026-02-15")
        self.env["payment.followup.whatsapp"].sudo().create(
            {
                "company_id": self.company.id,
                "number": "+12125550123",
                "template": "payment_reminder",
                "languages": "en",
            }
        )
        holds = self.env["payment.followup.hold"].sudo().with_company(self.company)
        holds._hold("closed")
        auditor = self.roles["auditor"]
        self.env.invalidate_all()

        with self.on("2026-02-16"):
            forecast = self.env["payment.followup.forecast"].with_user(auditor)
            forecast.action_open_forecast()
            for model, rights in RIGHTS.items():
                if "auditor" in rights:
                    records = self.env[model].with_user(auditor).search([])
                    with self.subTest(model=model):
                        self.assertTrue(records)
                        self.assertTrue(records.read())
            fields = ["followup_level_id", "expected_payment_date"]
            self.assertTrue(self.invoice.with_user(auditor).read(fields))
            fields = ["followup_reason", "followup_action_ids", "followup_amount_due"]
            self.assertTrue(self.customer.with_user(auditor).read(fields))

    def test_auditor_changes_nothing(self):
        auditor = self.roles["auditor"]
        statement = self.get_statement("2026-02-15").with_user(auditor)

        for change in (
            statement.action_send_due,
            statement.action_open_send_wizard,
            statement.action_open_note_wizard,
            statement.action_clear_failure,
            statement.action_set_trust_bad,
            lambda: statement.write({"mode": "none"}),
            lambda: statement.line_ids.write({"no_followup": True}),
            lambda: self.invoice.with_user(auditor).write(
                {"expected_payment_date": "2026-03-01"}
            ),
        ):
            with self.on("2026-02-15"), self.assertRaises(AccessError):
                change()

        self.assertFalse(self.env["payment.followup.action"].search([]))

    def test_auditor_does_not_mark_letters_printed(self):
        self.level_1.print_letter = True
        letters = self.run_batch("2026-02-15").filtered("attachment_id")

        with self.assertRaises(AccessError):
            letters.with_user(self.roles["auditor"]).action_print_letters()

        self.assertEqual(letters.state, "todo")

    # --- others

    def test_customer_at_the_portal_reads_no_followup_of_the_own_invoice(self):
        self.run_batch("2026-02-15")
        invoice = self.invoice.with_user(self.roles["portal"])

        self.assertTrue(invoice.read(["name"]))
        for name in (
            "followup_level_id",
            "expected_payment_date",
            "expected_payment_note",
            "followup_enabled",
        ):
            self.assertNotIn(name, invoice.fields_get())
            with self.subTest(field=name), self.assertRaises(AccessError):
                invoice.read([name])
        with self.assertRaises(AccessError):
            self.get_claim(self.invoice).with_user(self.roles["portal"]).read(
                ["followup_date"]
            )

    def test_customer_at_the_portal_reads_no_followup_of_the_own_contact(self):
        partner = self.customer.with_user(self.roles["portal"])

        for name in partner._fields:
            if name.startswith("followup_"):
                with self.subTest(field=name), self.assertRaises(AccessError):
                    partner.read([name])

    def test_customer_at_the_portal_reads_no_talk_about_himself(self):
        thread = self.run_batch("2026-02-15").customer_id
        message = thread.message_post(body="He always pays late")

        with self.assertRaises(AccessError):
            message.with_user(self.roles["portal"]).read(["body"])

    def test_colleague_without_accounting_reads_the_contact_and_no_debts(self):
        partner = self.customer.with_user(self.roles["internal"])

        self.assertEqual(partner.name, "Customer A")
        with self.assertRaises(AccessError):
            partner.read(["followup_amount_due"])
        with self.assertRaises(AccessError):
            partner.action_open_followup_statement()
        with self.assertRaises(AccessError):
            partner._set_trust("bad")

    def test_colleague_without_accounting_searches_no_debts(self):
        internal = self.roles["internal"]

        for model in RIGHTS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(internal).search([])

    # --- only the machine

    def test_machinery_cannot_be_called_from_outside(self):
        for model in (
            "payment.followup.reminder",
            "payment.followup.channel.email",
            "payment.followup.letter",
            "payment.followup.plan",
            "payment.followup.decision",
        ):
            methods = {
                name
                for definition in self.env.registry[model]._model_classes__
                if getattr(definition, "_name", None) == model
                for name, value in vars(definition).items()
                if callable(value) and not name.startswith("_")
            }
            self.assertFalse(methods, model)

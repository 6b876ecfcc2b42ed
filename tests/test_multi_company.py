from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestMultiCompany(FollowupCommon):
    """One customer of two companies: two ladders, two senders, two histories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_2 = cls.setup_other_company(name="Company Two")["company"]
        cls.company_2.write(
            {
                "email": "accounts@two.example",
                "payment_followup_enabled": True,
                "payment_followup_auto": True,
            }
        )
        cls.level_of_2 = cls.create_level(10, "Two", company=cls.company_2)
        cls.env["payment.followup.level"].flush_model()
        billing = "account.group_account_invoice"
        cls.clerk_2 = cls.create_user("clerk_2", billing, cls.company_2)
        cls.clerk_both = cls.create_user(
            "clerk_both", billing, cls.company + cls.company_2
        )
        cls.invoice = cls.create_invoice(1000, "2026-01-31")
        cls.invoice_of_2 = cls.create_invoice(500, "2026-01-31", company=cls.company_2)

    def get_companies(self, records):
        return records.company_id.sorted("id")

    # --- case 16

    def test_shared_customer_climbs_two_ladders(self):
        first = self.run_batch("2026-02-10")
        second = self.run_batch("2026-02-15")

        self.assertReminded(first, (self.level_of_2, "email"))
        self.assertEqual(first.line_ids.move_id, self.invoice_of_2)
        self.assertReminded(second, (self.level_1, "email"))
        self.assertEqual(second.line_ids.move_id, self.invoice)
        self.assertEqual(first.customer_id.partner_id, second.customer_id.partner_id)
        self.assertNotEqual(first.customer_id, second.customer_id)

    def test_each_company_is_the_sender_of_its_own_reminder(self):
        actions = self.run_batch("2026-02-15")

        self.assertEqual(self.get_companies(actions), self.company + self.company_2)
        for action in actions:
            mail, company = action.mail_id, action.company_id
            self.assertEqual(mail.email_from, company.email_formatted)
            self.assertIn(company.name, mail.subject)
            self.assertIn(company.name, mail.body_html)
            other = (self.company + self.company_2) - company
            self.assertNotIn(other.name, mail.body_html)
            self.assertNotIn(other.email, mail.body_html)

    def test_each_company_has_its_own_letterhead(self):
        self.customer.email = False

        letters = self.run_batch("2026-02-15")

        for letter in letters:
            html = self.env["payment.followup.letter"]._render_html(letter)
            other = (self.company + self.company_2) - letter.company_id
            self.assertIn(letter.company_id.name, html)
            self.assertNotIn(other.name, html)

    def test_hold_in_one_company_does_not_hold_the_other(self):
        self.get_statement("2026-02-10", company=self.company_2).mode = "none"

        self.assertReason("2026-02-15", "due")
        self.assertEqual(self.run_batch("2026-02-15").company_id, self.company)

    def test_interval_counts_the_reminders_of_one_company(self):
        self.company.payment_followup_min_interval = 30
        self.run_batch("2026-02-10")

        self.assertReason("2026-02-15", "due")

    def test_rating_belongs_to_one_company(self):
        with self.on("2026-02-15"):
            statement = self.get_statement("2026-02-15", company=self.company_2)
            statement.action_set_trust_bad()

        self.assertEqual(self.get_statement("2026-02-15").trust, "normal")
        self.assertEqual(
            self.get_statement("2026-02-15", company=self.company_2).trust, "bad"
        )

    def test_credit_in_one_company_does_not_cover_a_claim_in_the_other(self):
        self.create_invoice(
            500, "2026-02-01", company=self.company_2, move_type="out_refund"
        )

        self.assertReason("2026-02-15", "due")
        statement = self.get_statement("2026-02-15", company=self.company_2)
        self.assertEqual(statement.reason, "covered")

    def test_feature_off_in_one_company_leaves_the_other_on(self):
        self.company_2.payment_followup_enabled = False

        self.assertEqual(self.run_batch("2026-02-15").company_id, self.company)
        statement = self.get_statement("2026-02-15", company=self.company_2)
        self.assertEqual(statement.reason, "disabled")

    def test_each_company_has_its_own_today(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        self.company_2.partner_id.tz = "Pacific/Auckland"
        self.level_of_2.delay = 15

        with self.on("2026-02-14", "12:00:00"):
            statements = self.env["payment.followup.statement"].with_context(
                allowed_company_ids=(self.company + self.company_2).ids
            )
            reasons = {s.company_id: s.reason for s in statements.search([])}

        self.assertEqual(reasons, {self.company: "waiting", self.company_2: "due"})

    def test_two_companies_may_use_the_same_delay(self):
        self.level_of_2.delay = 15
        self.env.flush_all()

        self.assertReminded(
            self.run_batch("2026-02-15"),
            (self.level_1, "email"),
            (self.level_of_2, "email"),
        )

    def test_menus_follow_the_company_of_the_user(self):
        self.company_2.payment_followup_enabled = False
        menu = self.env.ref("account_payment_followup.payment_followup_menu_statement")

        menus = self.env["ir.ui.menu"]
        self.assertIn(menu.id, menus.with_user(self.clerk).load_menus(False))
        self.assertNotIn(menu.id, menus.with_user(self.clerk_2).load_menus(False))

    # --- nobody sees the other company

    def test_clerk_finds_only_what_is_of_the_own_company(self):
        self.invoice.expected_payment_date = "2026-01-01"
        self.invoice_of_2.expected_payment_date = "2026-01-01"
        self.run_batch("2026-02-15")

        with self.on("2026-02-16"):
            for model in (
                "payment.followup.level",
                "payment.followup.claim",
                "payment.followup.customer",
                "payment.followup.statement",
                "payment.followup.statement.line",
                "payment.followup.action",
                "payment.followup.action.line",
            ):
                with self.subTest(model=model):
                    found = self.env[model].with_user(self.clerk_2).search([])
                    self.assertEqual(found.company_id, self.company_2)
                    both = self.env[model].with_user(self.clerk_both)
                    both = both.with_context(
                        allowed_company_ids=(self.company + self.company_2).ids
                    )
                    self.assertEqual(
                        self.get_companies(both.search([])),
                        self.company + self.company_2,
                    )

    def test_clerk_reads_nothing_of_the_other_company_by_its_id(self):
        rows = self.run_batch("2026-02-15")
        row = rows.filtered(lambda action: action.company_id == self.company)
        statement = self.get_statement("2026-02-15")

        for record in (
            row,
            row.line_ids,
            row.customer_id,
            row.level_id,
            self.get_claim(self.invoice).followup_claim_ids,
            statement,
            statement.line_ids,
        ):
            foreign = record.with_user(self.clerk_2)
            foreign.invalidate_recordset()
            with (
                self.subTest(model=record._name),
                self.on("2026-02-15"),
                self.assertRaises(AccessError),
            ):
                foreign.read(["company_id"])

    def test_clerk_sends_nothing_for_the_other_company(self):
        statement = self.get_statement("2026-02-15").with_user(self.clerk_2)
        statement.invalidate_recordset()

        with self.on("2026-02-15"), self.assertRaises(AccessError):
            statement._send(kinds=["email"])

        self.assertFalse(self.env["payment.followup.action"].search([]))

    def test_clerk_reads_no_talk_of_the_other_company(self):
        rows = self.run_batch("2026-02-15")
        row = rows.filtered(lambda action: action.company_id == self.company)
        message = row.customer_id.message_post(body="They never pay you either?")

        with self.assertRaises(AccessError):
            message.with_user(self.clerk_2).read(["body"])
        self.assertFalse(
            self.env["mail.message"]
            .with_user(self.clerk_2)
            .search([("id", "in", row.customer_id.message_ids.ids)])
        )

    def test_clerk_opens_no_letter_of_the_other_company(self):
        self.customer.email = False
        rows = self.run_batch("2026-02-15")
        row = rows.filtered(lambda action: action.company_id == self.company)

        with self.assertRaises(AccessError):
            row.attachment_id.with_user(self.clerk_2).read(["raw"])
        with self.assertRaises(AccessError):
            row.with_user(self.clerk_2).action_print_letters()

    def test_contact_shows_the_debts_to_the_company_in_use(self):
        with self.on("2026-02-15"):
            mine = self.customer.with_company(self.company)
            theirs = self.customer.with_company(self.company_2)
            self.assertEqual(mine.followup_amount_due, 1000)
            self.assertEqual(theirs.followup_amount_due, 500)

    def test_contact_shows_the_history_with_the_company_of_the_reader(self):
        self.run_batch("2026-02-15")

        for user, company in (
            (self.clerk, self.company),
            (self.clerk_2, self.company_2),
        ):
            partner = self.customer.with_user(user)
            partner.invalidate_recordset()
            self.assertEqual(partner.followup_action_ids.company_id, company)

    def test_batch_of_two_companies_is_one_row_each_in_one_run(self):
        actions = self.run_batch("2026-02-15")

        self.assertEqual(len(actions), 2)
        self.assertFalse(self.run_batch("2026-02-15"))

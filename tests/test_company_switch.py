from odoo import fields
from odoo.exceptions import MissingError
from odoo.tests import HttpCase, tagged

from ..models.ir_ui_menu import MENUS
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestCompanySwitch(FollowupCommon, HttpCase):
    """Off in one company and on in the other, for one user who goes to and fro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.other.payment_followup_enabled = False
        cls.user = cls.create_user(
            "switching_manager",
            "account.group_account_manager,base.group_system",
            companies=cls.company + cls.other,
            password="switching_manager",
        )

    def load_menus(self, *companies):
        """Return the follow-up menus that the browser gets in these companies."""
        cids = "-".join(str(company.id) for company in companies)
        answer = self.url_open("/web/webclient/load_menus", cookies={"cids": cids})
        xmlids = {menu.get("xmlid") for menu in answer.json().values()}
        return {name for name in MENUS if f"account_payment_followup.{name}" in xmlids}

    def test_menus_follow_the_company_in_use_in_one_session(self):
        self.authenticate(self.user.login, self.user.login)

        self.assertEqual(self.load_menus(self.company), set(MENUS))
        self.assertFalse(self.load_menus(self.other))
        self.assertEqual(self.load_menus(self.company), set(MENUS))

    def test_folder_of_the_reports_follows_the_company_in_use(self):
        folder = self.env.ref("account.account_reports_partners_reports_menu")
        folder.child_id.filtered(
            lambda menu: menu.id not in folder._get_followup_menu_ids()
        ).active = False
        self.authenticate(self.user.login, self.user.login)

        for company, expected in ((self.company, True), (self.other, False)):
            answer = self.url_open(
                "/web/webclient/load_menus", cookies={"cids": str(company.id)}
            )
            self.assertEqual(str(folder.id) in answer.json(), expected)

    def test_first_of_several_companies_decides(self):
        self.authenticate(self.user.login, self.user.login)

        self.assertEqual(self.load_menus(self.company, self.other), set(MENUS))
        self.assertFalse(self.load_menus(self.other, self.company))

    def test_switch_counts_at_once_in_a_session_that_goes_on(self):
        self.authenticate(self.user.login, self.user.login)
        self.load_menus(self.company)

        self.company.payment_followup_enabled = False
        self.other.payment_followup_enabled = True

        self.assertFalse(self.load_menus(self.company))
        self.assertEqual(self.load_menus(self.other), set(MENUS))

    def tour_companies(self, tour):
        """Go with one customer of one company, due at the first level, on ``tour``."""
        self.company.name, self.other.name = "Tour Company", "Other Company"
        due = fields.Date.add(fields.Date.today(), days=-16)
        self.create_invoice(1000, due, self.create_customer("Tour Customer"))
        self.start_tour("/odoo/customer-statements", tour, login=self.user.login)

    def test_user_goes_to_another_company_and_back_in_the_browser(self):
        self.tour_companies("payment_followup_switch")

    def test_rows_name_their_company_where_there_are_several(self):
        self.tour_companies("payment_followup_two_companies")

    def test_tabs_and_fields_are_those_of_the_company_in_use(self):
        invoice = self.create_invoice(1000, "2026-01-31")

        for company, expected in ((self.company, True), (self.other, False)):
            with self.subTest(company.name):
                partner = self.customer.with_user(self.user).with_company(company)
                self.assertEqual(partner.followup_enabled, expected)
        # An invoice belongs to its company, whichever is in use
        self.assertTrue(invoice.with_company(self.other).followup_enabled)

    def test_off_keeps_plan_history_and_levels(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")

        self.company.payment_followup_enabled = False
        self.assertFalse(self.run_batch("2026-03-02"))
        self.company.payment_followup_enabled = True

        self.assertEqual(invoice.followup_level_id, self.level_1)
        self.assertEqual(action.exists().level_id, self.level_1)
        self.assertReminded(
            self.run_batch("2026-03-03"),
            (self.level_2, "email"),
            (self.level_2, "letter"),
        )

    def test_off_stops_a_message_that_is_on_its_way(self):
        self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")
        self.company.payment_followup_enabled = False

        sent = self.deliver(action.mail_id, "2026-02-15")

        self.assertFalse(sent)
        self.assertEqual(action.state, "cancelled")

    def test_page_of_a_customer_may_not_stay_after_a_switch(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-16").with_user(self.user)
        for records in (statement, statement.line_ids):
            for company, may_stay in ((self.company, True), (self.other, False)):
                page = records.with_context(allowed_company_ids=company.ids)
                with self.subTest((records._name, company.name)):
                    self.env.invalidate_all()
                    self.assertEqual(page.has_access("read"), may_stay)
                    self.assertEqual(
                        page._filtered_access("read"), page if may_stay else page[:0]
                    )
                    if not may_stay:
                        with self.assertRaises(MissingError):
                            page.check_access("read")

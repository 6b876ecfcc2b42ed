from odoo.tests import Form, HttpCase, tagged

from ..models.payment_followup_decision import NoLongerOpen
from .common import FollowupCommon

DAY = "2026-02-16"


@tagged("post_install", "-at_install")
class TestNoLongerOpen(FollowupCommon):
    """The page of a customer is open while the last invoice is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def get_page(self):
        return self.get_statement(DAY).with_user(self.clerk)

    def open_call(self, page):
        action = page.action_open_note_wizard()
        Wizard = self.env[action["res_model"]].with_user(self.clerk)
        return Form(Wizard.with_context(**action["context"]))

    def assertGone(self, words, read):
        self.env.invalidate_all()
        with self.assertRaises(NoLongerOpen) as gone:
            read()
        self.assertIn(words, str(gone.exception))

    def test_page_and_items_say_that_nothing_is_owed(self):
        page = self.get_page()
        items = page.line_ids
        self.pay(self.invoice)

        self.assertGone("Customer A owes nothing", lambda: page.web_read({}))
        self.assertGone("This item is no longer open", items.action_open_move)

    def test_every_button_of_the_page_says_so(self):
        page = self.get_page()
        self.pay(self.invoice)
        for name in (
            "action_open_send_wizard",
            "action_open_note_wizard",
            "action_open_hold_wizard",
            "action_open_thread",
            "action_open_payment_page",
            "action_open_sms",
            "action_clear_failure",
            "action_set_trust_bad",
        ):
            self.env.invalidate_all()
            with self.subTest(name), self.assertRaises(NoLongerOpen):
                getattr(page, name)()
        self.env.invalidate_all()
        with self.assertRaises(NoLongerOpen):
            page.planned_date = "2026-03-01"

    def test_customer_of_another_company_is_not_named(self):
        other = self.setup_other_company()["company"]
        self.clerk.company_ids += other
        page = self.get_page().with_context(allowed_company_ids=other.ids)

        self.assertGone("in which you do not work now", lambda: page.web_read({}))

    def test_customer_who_is_not_for_these_eyes_is_not_named(self):
        other = self.setup_other_company()["company"]
        page = self.get_page()
        self.pay(self.invoice)
        self.customer.sudo().company_id = other

        self.assertGone("in which you do not work now", lambda: page.web_read({}))

    def test_one_that_is_gone_spoils_nothing_for_another(self):
        other = self.create_invoice(
            50, "2026-01-31", self.create_customer("Customer B")
        )
        pages = self.get_page() + self.get_statement(DAY, other.partner_id)
        self.pay(self.invoice)
        self.env.invalidate_all()

        self.assertEqual(pages.exists().partner_id.name, "Customer B")
        self.assertEqual(pages[1].partner_id.name, "Customer B")

    def test_what_was_said_in_a_call_is_logged_all_the_same(self):
        with self.on(DAY):
            form = self.open_call(self.get_page())
            form.outcome, form.note = "later", "Paid yesterday"
            wizard = form.save()
            self.pay(self.invoice)
            self.env.invalidate_all()
            wizard.action_log()

        call = self.env["payment.followup.action"].search([("kind", "=", "call")])
        self.assertIn("Paid yesterday – Nothing is owed any more.", call.error)


@tagged("post_install", "-at_install")
class TestTourPaid(FollowupCommon, HttpCase):
    """The same in the browser: a sentence, and back in the list."""

    def test_page_that_is_gone_leads_back_to_the_list(self):
        self.create_invoice(1000, "2026-01-31")

        self.start_tour(
            "/odoo/customer-statements", "payment_followup_paid", login=self.clerk.login
        )

    def test_address_of_a_page_that_is_gone_leads_to_the_list(self):
        self.create_invoice(50, "2026-01-31", self.create_customer("Customer B"))
        id_ = self.env["payment.followup.statement"]._get_statement_id(
            self.company, self.customer
        )
        for path in ("customer-statements", "payment.followup.statement"):
            with self.subTest(path):
                url = f"/odoo/{path}/{id_}"
                self.start_tour(url, "payment_followup_gone", login=self.clerk.login)

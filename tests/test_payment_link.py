from urllib.parse import urlsplit

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from .common import FollowupCommon

DAY = "2026-02-15"


class PaymentLinkCommon(FollowupCommon):
    """A customer with invoices, and what the messages link to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.create_invoice(1000, "2026-01-31")
        cls.links = cls.env["payment.followup.payment.link"]

    def get_url(self, partner=None, company=None, day=None):
        day = fields.Date.to_date(day) or fields.Date.today()
        return self.links._get_url(
            company or self.company, partner or self.customer, day
        )

    def get_token(self, *args, **kwargs):
        return self.get_url(*args, **kwargs).rsplit("/", 1)[1]

    def get_links(self, action):
        """Return the links of the message, {text: address}."""
        links = html.fromstring(action.mail_id.body_html).iter("a")
        return {link.text_content().strip(): link.get("href") for link in links}

    @classmethod
    def allow_online_payment(cls, company=None, **vals):
        """Publish a payment provider of ``company``."""
        cls.env["ir.config_parameter"].set_param(
            "account_payment.enable_portal_payment", "True"
        )
        return cls.env["payment.provider"].create(
            {
                "name": "Card",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": (company or cls.company).id,
                "redirect_form_view_id": cls.env["ir.ui.view"]
                .create({"name": "Form", "type": "qweb", "arch": "<form/>"})
                .id,
                "payment_method_ids": [
                    fields.Command.set(
                        cls.env.ref("payment.payment_method_unknown").ids
                    )
                ],
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestPaymentLinkInMessages(PaymentLinkCommon):
    """Where the links of a message lead, and in which words."""

    def test_single_invoice_links_to_its_own_page(self):
        action = self.run_batch(DAY)

        url = f"{self.get_url(day=DAY)}/{self.invoice.id}"
        links = self.get_links(action)
        self.assertEqual(links[self.invoice.name], url)
        self.assertEqual(links["View your invoice"], url)
        self.assertEqual(action._get_payment_link(), url)

    def test_several_invoices_link_to_one_page_for_all(self):
        other = self.create_invoice(500, "2026-01-31")

        action = self.run_batch(DAY)

        links = self.get_links(action)
        url = links.pop("View your invoices")
        self.assertEqual(url, self.get_url(day=DAY))
        with self.on(DAY):
            found = self.links._find(url.rsplit("/", 1)[1])
        self.assertEqual(found, (self.company, self.customer))
        self.assertEqual(
            links,
            {move.name: f"{url}/{move.id}" for move in self.invoice + other},
        )

    def test_invoice_with_a_credit_links_to_the_page_with_the_net_total(self):
        self.pay_unallocated(300, "2026-02-01")

        action = self.run_batch(DAY)

        self.assertIn("/payment_followup/pay/", action._get_payment_link())

    def test_instalments_of_one_invoice_link_to_its_page(self):
        self.invoice.button_draft()
        self.invoice.invoice_payment_term_id = self.env.ref(
            "account.account_payment_term_advance_60days"
        )
        self.invoice.action_post()
        self.env.flush_all()

        with self.on("2026-06-01"):
            self.get_statement("2026-06-01").with_user(self.clerk)._send(["email"])
        action = self.env["payment.followup.action"].search([], limit=1)

        self.assertEqual(len(action.line_ids), 2)
        self.assertTrue(action._get_payment_link().endswith(f"/{self.invoice.id}"))
        self.assertEqual(action.payment_label, "View your invoice")

    def test_sending_writes_nothing_into_the_invoices(self):
        before = self.invoice.write_date

        self.run_batch(DAY)

        self.assertFalse(self.invoice.access_token)
        self.assertEqual(self.invoice.write_date, before)

    def test_entries_that_are_no_invoices_get_no_link(self):
        self.create_entry(50, "2026-01-31", journal_type="sale").name = "Opening"

        links = self.get_links(self.run_batch(DAY))

        self.assertIn(self.invoice.name, links)
        self.assertEqual(len(links), 2)

    def test_name_of_an_invoice_cannot_bring_in_html(self):
        self.invoice.name = 'INV"><script>alert(1)</script>'

        action = self.run_batch(DAY)

        self.assertNotIn("<script", action.mail_id.body_html)
        self.assertIn(self.invoice.name, self.get_links(action))

    def test_note_for_a_colleague_has_no_links_for_customers(self):
        action = self.run_batch("2026-02-15")

        self.assertNotIn("/pay/", action._render_activity_note())

    def test_same_message_has_the_same_address_each_time(self):
        first = self.get_url(day=DAY)

        self.assertEqual(self.get_url(day=DAY), first)
        self.assertNotEqual(self.get_url(day="2026-02-16"), first)

    # --- pay or view

    def assertWords(self, words):
        actions = self.env["payment.followup.action"]
        action = actions.new({"company_id": self.company.id})
        self.assertEqual(action.payment_label, words)

    def test_without_a_provider_the_button_promises_no_payment(self):
        self.assertWords("View your invoices")

    def test_with_a_published_provider_the_button_says_pay(self):
        self.allow_online_payment()

        self.assertWords("View and pay online")

    def test_provider_that_is_not_published_does_not_count(self):
        self.allow_online_payment(is_published=False)

        self.assertWords("View your invoices")

    def test_provider_that_is_switched_off_does_not_count(self):
        self.allow_online_payment(state="disabled")

        self.assertWords("View your invoices")

    def test_provider_of_another_company_does_not_count(self):
        self.allow_online_payment(self.setup_other_company()["company"])

        self.assertWords("View your invoices")

    def test_payment_at_the_portal_switched_off_counts(self):
        self.allow_online_payment()
        parameters = self.env["ir.config_parameter"]

        parameters.set_param("account_payment.enable_portal_payment", "False")

        self.assertWords("View your invoices")

    # --- the links of the statement

    def test_statement_opens_the_page_of_the_customer(self):
        statement = self.get_statement(DAY).with_user(self.clerk)

        with self.on(DAY):
            action = statement.action_open_payment_page()

        self.assertEqual(action["url"], self.get_url(day=DAY))


@tagged("post_install", "-at_install")
class TestPaymentPage(PaymentLinkCommon, HttpCase):
    """What the page shows to whom, without a login."""

    def open_page(self, url):
        """Return the response and the text of the page at ``url``."""
        self.env.flush_all()
        self.env.invalidate_all()
        response = self.url_open(urlsplit(url).path)
        page = html.fromstring(response.text)
        main = page.xpath("//div[@id='wrap']")
        return response, " ".join(main[0].text_content().split()) if main else ""

    def open_text(self, url):
        response, text = self.open_page(url)
        self.assertEqual(response.status_code, 200)
        return text

    def assertNotValid(self, token):
        response, text = self.open_page(f"/payment_followup/pay/{token}")
        self.assertEqual(response.status_code, 404)
        self.assertIn("This link is no longer valid", text)
        self.assertNotIn("1,000.00", text)

    def test_page_lists_what_is_open_with_its_total(self):
        partial = self.create_invoice(500, "2026-01-31")
        self.pay(partial, 200)

        text = self.open_text(self.get_url())

        self.assertIn(f"{self.invoice.name} Was due on 01/31/2026", text)
        self.assertIn("1,000.00", text)
        self.assertIn("300.00", text)
        self.assertIn("Total to pay $ 1,300.00", text)

    def test_credits_are_deducted(self):
        self.create_credit_note(400, "2026-01-31")

        self.assertIn("Total to pay $ 600.00", self.open_text(self.get_url()))

    def test_currency_that_is_level_has_no_total(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self.create_invoice(200, "2026-01-31", currency_id=euro.id)
        self.create_invoice(
            200, "2026-01-31", move_type="out_refund", currency_id=euro.id
        )

        text = self.open_text(self.get_url())

        total = text[text.index("Total to pay") :]
        self.assertIn("Total to pay $ 1,000.00 ", total)
        self.assertNotIn("€", total)

    def test_what_is_due_later_is_not_in_the_total(self):
        today = fields.Date.today()
        due = self.create_invoice(20, today)
        later = self.create_invoice(7, fields.Date.add(today, days=1))

        text = self.open_text(self.get_url())

        self.assertIn(f"{due.name} Due on", text)
        self.assertIn(f"{later.name} Due on", text)
        self.assertIn("Total to pay $ 1,020.00 Not due yet $ 7.00", text)

    def test_all_is_in_the_total_while_nothing_is_due(self):
        self.pay(self.invoice)
        self.create_invoice(7, fields.Date.add(fields.Date.today(), days=1))

        text = self.open_text(self.get_url())

        self.assertIn("Total to pay $ 7.00", text)
        self.assertNotIn("Not due yet", text)

    def test_invoice_paid_meanwhile_is_gone(self):
        url = self.get_url()
        self.create_invoice(500, "2026-01-31")

        self.pay(self.invoice)

        text = self.open_text(url)
        self.assertNotIn(self.invoice.name, text)
        self.assertIn("Total to pay $ 500.00", text)

    def test_page_thanks_when_nothing_is_open(self):
        self.pay(self.invoice)

        self.assertIn("There is nothing to pay", self.open_text(self.get_url()))

    def test_invoice_in_litigation_is_not_listed(self):
        self.create_invoice(500, "2026-01-31").no_followup = True

        self.assertIn("Total to pay $ 1,000.00", self.open_text(self.get_url()))

    def test_other_customers_are_not_shown(self):
        other = self.create_invoice(77, "2026-01-31", self.create_customer("B"))

        text = self.open_text(self.get_url())

        self.assertNotIn(other.name, text)
        self.assertNotIn("77.00", text)

    def test_other_companies_are_not_shown(self):
        company = self.setup_other_company()["company"]
        self.create_invoice(77, "2026-01-31", company=company)

        text = self.open_text(self.get_url())
        other_text = self.open_text(self.get_url(company=company))

        self.assertNotIn("77.00", text)
        self.assertIn("77.00", other_text)
        self.assertNotIn("1,000.00", other_text)
        self.assertIn(company.name, other_text)

    # --- the address

    def assertOpensInvoice(self, url, invoice):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"/my/invoices/{invoice.id}?access_token=", response.url)
        self.assertIn(invoice.name, response.text)
        return response.text

    def test_link_leads_to_the_page_of_the_invoice_without_a_login(self):
        page = html.fromstring(self.open_page(self.get_url())[0].text)

        [link] = page.xpath("//div[hasclass('o_followup_page_link')]/a")

        text = self.assertOpensInvoice(link.get("href"), self.invoice)
        self.assertIn("1,000.00", text)

    def test_looking_at_the_page_writes_nothing(self):
        self.open_page(self.get_url())

        self.assertFalse(self.invoice.access_token)

    def test_link_of_a_message_leads_to_the_invoice_also_once_it_is_paid(self):
        action = self.run_batch(fields.Date.today())
        path = urlsplit(self.get_links(action)[self.invoice.name]).path
        self.assertOpensInvoice(path, self.invoice)

        self.pay(self.invoice)
        self.env.flush_all()

        self.assertOpensInvoice(path, self.invoice)

    def assertOpensOwnPage(self, move_id):
        """Check that this number leads to what the customer owes, and nowhere else."""
        response = self.url_open(f"/payment_followup/pay/{self.get_token()}/{move_id}")
        self.assertIn("/payment_followup/pay/", response.url)
        self.assertIn("1,000.00", response.text)
        self.assertNotIn("77.00", response.text)

    def test_other_numbers_lead_to_nobody_elses_invoice(self):
        other = self.create_invoice(77, "2026-01-31", self.create_customer("B"))
        company = self.setup_other_company()["company"]
        foreign = self.create_invoice(77, "2026-01-31", company=company)
        self.env.flush_all()

        for move_id in (other.id, foreign.id, 0, 2147483647):
            with self.subTest(move_id=move_id):
                self.assertOpensOwnPage(move_id)

        self.assertFalse((other + foreign).sudo().filtered("access_token"))

    def test_invoice_of_which_no_message_spoke_is_not_found_by_its_number(self):
        paid = self.create_invoice(77, "2026-01-31")
        self.pay(paid)
        self.env.flush_all()

        self.assertOpensOwnPage(paid.id)

    def test_invoice_needs_a_valid_address_too(self):
        response = self.url_open(f"/payment_followup/pay/AQ/{self.invoice.id}")

        self.assertEqual(response.status_code, 404)

    def test_made_up_address_is_not_valid(self):
        for token in ("x", "AQ", "a" * 90, "é", self.get_token()[:-2] + "AA"):
            with self.subTest(token=token):
                self.assertNotValid(token)

    def test_signature_of_one_customer_opens_no_other(self):
        mine = self.get_token()
        other = self.get_token(self.create_customer("B"))

        # Version, date and signature take the first 41 bytes: 54 letters and a bit
        self.assertNotValid(mine[:52] + other[52:])

    def test_address_is_valid_for_half_a_year(self):
        day = fields.Date.today()

        last = fields.Date.subtract(day, days=180)
        self.assertIn("Total to pay", self.open_text(self.get_url(day=last)))
        self.assertNotValid(self.get_token(day=fields.Date.subtract(last, days=1)))

    def test_customer_put_below_another_has_a_new_address(self):
        token = self.get_token()

        self.customer.parent_id = self.create_customer("Group")

        self.assertNotValid(token)

    def test_no_search_engine_cache_or_other_site_gets_the_address(self):
        response, _text = self.open_page(self.get_url())

        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")

    # --- languages

    def test_page_speaks_arabic_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.env["ir.module.module"]._load_module_terms(
            ["account_payment_followup"], ["ar_001"]
        )
        self.customer.lang = "ar_001"

        response, text = self.open_page(self.get_url())

        page = html.fromstring(response.text)
        self.assertIn("o_rtl", page.get_element_by_id("wrapwrap").get("class"))
        self.assertNotIn("Open invoices", text)
        self.assertNotIn("Total to pay", text)

    def test_names_cannot_bring_in_html(self):
        self.invoice.name = "<script>alert(1)</script>"
        self.customer.name = "<b>Customer</b>"

        response, text = self.open_page(self.get_url())

        self.assertNotIn("<script>alert", response.text)
        self.assertNotIn("<b>Customer", response.text)
        self.assertIn(self.invoice.name, text)

    # --- paying

    def test_button_says_pay_only_where_the_invoice_can_be_paid_online(self):
        self.assertNotIn("View and pay", self.open_text(self.get_url()))

        self.allow_online_payment()

        self.assertIn("View and pay", self.open_text(self.get_url()))

    def test_customer_with_a_login_is_led_to_the_payment_of_all(self):
        self.allow_online_payment()
        self.create_invoice(500, "2026-01-31")
        new_test_user(
            self.env,
            login="payer",
            password="payerpayer",
            groups="base.group_portal",
            company_id=self.company.id,
            partner_id=self.customer.id,
        )

        self.assertIn("Sign in to pay all", self.open_text(self.get_url()))
        self.authenticate("payer", "payerpayer")
        response, text = self.open_page(self.get_url())
        self.assertIn("Pay all overdue invoices at once", text)

        response = self.url_open("/my/invoices/overdue")
        self.assertIn("1,500.00", response.text)

    def test_payment_of_all_is_not_offered_where_its_amount_would_be_wrong(self):
        self.allow_online_payment()
        self.pay(self.create_invoice(500, "2026-01-31"), 200)
        new_test_user(
            self.env,
            login="payer",
            groups="base.group_portal",
            company_id=self.company.id,
            partner_id=self.customer.id,
        )

        self.assertNotIn("Sign in to pay all", self.open_text(self.get_url()))

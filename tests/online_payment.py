from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .test_payment_link import DAY, PaymentLinkCommon

PORTAL_BUTTON = "View and pay online"
LINK = "odoo.addons.account_payment_followup.models.payment_followup_payment_link"


def read_amount(transaction, data):
    """Read what a provider says was paid, as the module of a provider does."""
    return {
        "amount": transaction.amount if data["amount"] is None else data["amount"],
        "currency_code": transaction.currency_id.name,
    }


def apply_state(transaction, data):
    """Enter what a provider says became of a payment."""
    words = {"error": ("Refused by the bank",)}.get(data["state"], ())
    getattr(transaction, f"_set_{data['state']}")(*words)


class OnlinePaymentCommon(PaymentLinkCommon):
    """A customer who can pay by card; payments end in the bank journal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The story plays long ago; its links are opened today
        cls.startClassPatcher(patch(f"{LINK}.VALID_DAYS", 10 * 365))
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.provider = cls.allow_online_payment()
        cls.method.active = True
        cls._create_dummy_payment_method_for_provider(
            provider=cls.provider, journal=cls.company_data["default_journal_bank"]
        )

    def start_payment(self, amount, invoices=None):
        """Return a transaction that the customer has begun, and not yet confirmed."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "amount": amount,
                    "currency_id": self.invoice.currency_id.id,
                    "invoice_ids": (invoices or self.invoice).ids,
                    "operation": "online_direct",
                    "partner_id": self.customer.id,
                    "payment_method_id": self.method.id,
                    "provider_id": self.provider.id,
                    "reference": f"TX-{amount}",
                }
            )
        )

    def enter_payments(self, day=DAY):
        """Let Odoo's scheduled action enter what has become of the payments."""
        with self.on(day), self.run_as_cron():
            self.env["payment.transaction"].sudo()._cron_post_process()


class PayingCommon(OnlinePaymentCommon, HttpCase):
    """The pages on which a customer pays, and a provider that answers."""

    def open_form(self, url):
        """Return the form of the payment at ``url``, {name of its data: text}."""
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        [form] = html.fromstring(response.text).xpath("//form[@id='o_payment_form']")
        return {
            key.removeprefix("data-"): value
            for key, value in form.attrib.items()
            if key.startswith("data-")
        }

    def pay_online(self, url, state="done", paid=None, **options):
        """Fill in the form at ``url``, as its own page does; return the transaction.

        :param state: what the provider says of it: done, pending, canceled or error
        :param paid: the amount that it reports, if another one than was asked for
        """
        form = self.open_form(urlsplit(url)._replace(scheme="", netloc="").geturl())
        # The page of all invoices has none: it is for those who have signed in
        token = {"access_token": form["access-token"]} if "access-token" in form else {}
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            values = self.make_jsonrpc_request(
                form["transaction-route"],
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "token_id": None,
                    "amount": float(form["amount"]),
                    "flow": "direct",
                    "tokenization_requested": False,
                    "landing_route": form["landing-route"],
                    **token,
                    **options,
                },
            )
        return self.answer(values["reference"], state, paid)

    def answer(self, reference, state, paid=None):
        """Let the provider say what became of a payment, as its webhook does.

        :param paid: the amount that it reports, if another one than was asked for
        """
        transactions = self.env["payment.transaction"].sudo()
        kind = self.env.registry["payment.transaction"]
        data = {"reference": reference, "state": state, "amount": paid}
        with (
            patch.object(kind, "_extract_amount_data", read_amount),
            patch.object(kind, "_apply_updates", apply_state),
        ):
            transaction = transactions._process("none", data)
        self.env.flush_all()
        return transaction

    def wait_for_result(self):
        """Do what the page does on which the customer waits for the outcome."""
        answer = self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()
        return answer["state"]

    def get_button(self, action):
        return self.get_links(action)[PORTAL_BUTTON]

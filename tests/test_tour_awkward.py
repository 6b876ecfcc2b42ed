from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import FollowupCommon

START = "/odoo/customer-statements"
NAME = "Gesellschaft für Ninety Buchstaben " + "und Beteiligungen " * 3


class AwkwardCustomer(FollowupCommon, HttpCase):
    """A customer with a name of ninety letters, and invoices of three months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = NAME.strip()
        for days in (45, 1, -5):
            due = fields.Date.add(fields.Date.today(), days=-days)
            cls.create_invoice(1234567.89, due)


@tagged("post_install", "-at_install")
class TestTourAwkward(AwkwardCustomer):
    """Nothing is cut, says less than it knows, or leads away, on a wide screen."""

    def test_clerk_looks_at_the_awkward_customer(self):
        self.start_tour(START, "payment_followup_awkward", login=self.clerk.login)


@tagged("post_install", "-at_install")
class TestTourAwkwardPhone(AwkwardCustomer):
    """Nothing is cut, says less than it knows, or leads away, on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_clerk_looks_at_the_awkward_customer(self):
        self.start_tour(START, "payment_followup_awkward_phone", login=self.clerk.login)

from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from ..wizard import payment_followup_sending
from .common import FollowupCommon

START = "/odoo/action-account_payment_followup.payment_followup_statement_action"


@tagged("post_install", "-at_install")
class TestTourSending(FollowupCommon, HttpCase):
    """A clerk decides about many customers at once, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = new_test_user(
            cls.env,
            login="followup_sender",
            groups="base.group_user,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        due = fields.Date.add(fields.Date.today(), days=-16)
        cls.customers = cls.env["res.partner"].concat(
            *[cls.create_customer(f"Tour {name}") for name in ("One", "Two", "Three")]
        )
        for customer, amount in zip(cls.customers, (111, 222, 333), strict=True):
            cls.create_invoice(amount, due, customer)

    def send(self):
        """Leave the second customer out, and send."""
        self.start_tour(START, "payment_followup_sending", login=self.sender.login)

        one, _two, three = self.customers
        actions = self.env["payment.followup.action"].search(
            [("partner_id", "in", self.customers.ids)]
        )
        self.assertEqual(actions.partner_id, one | three)
        self.assertEqual(actions.user_id, self.sender)
        self.assertEqual(set(actions.mapped("kind")), {"email"})

    def test_clerk_looks_leaves_one_out_and_sends(self):
        self.send()

    def test_clerk_looks_leaves_one_out_and_sends_in_arabic(self):
        self.speak_arabic(self.sender)

        self.send()

    def test_page_that_opens_with_one_customer_adds_the_others_by_itself(self):
        with patch.object(payment_followup_sending, "PREPARED_AT_ONCE", 1):
            self.send()

    def test_clerk_assigns_and_plans_many_customers_at_once(self):
        self.start_tour(
            "/odoo/customer-statements",
            "payment_followup_many",
            login=self.sender.login,
        )

        decisions = self.env["payment.followup.customer"].search(
            [("partner_id", "in", self.customers.ids)]
        )
        modes = {decision.partner_id: decision.mode for decision in decisions}
        self.assertEqual(decisions.responsible_id, self.sender)
        self.assertEqual(
            [modes[customer] for customer in self.customers],
            ["manual", "manual", "automatic"],
        )

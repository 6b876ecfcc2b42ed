from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestTourSending(FollowupCommon, HttpCase):
    """A clerk sends what is due to many customers at once, in a real browser."""

    def test_clerk_looks_leaves_one_out_and_sends(self):
        clerk = new_test_user(
            self.env,
            login="followup_sender",
            groups="base.group_user,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        due = fields.Date.add(fields.Date.today(), days=-16)
        one, two, three = customers = self.env["res.partner"].concat(
            *[self.create_customer(f"Tour {name}") for name in ("One", "Two", "Three")]
        )
        for customer, amount in zip(customers, (111, 222, 333), strict=True):
            self.create_invoice(amount, due, customer)

        self.start_tour(
            "/odoo/action-account_payment_followup.payment_followup_statement_action",
            "payment_followup_sending",
            login=clerk.login,
        )

        actions = self.env["payment.followup.action"].search(
            [("partner_id", "in", customers.ids)]
        )
        self.assertEqual(actions.partner_id, one | three)
        self.assertNotIn(two, actions.partner_id)
        self.assertEqual(actions.user_id, clerk)
        self.assertEqual(set(actions.mapped("kind")), {"email"})

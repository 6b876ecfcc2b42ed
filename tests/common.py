from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command, fields
from odoo.tests.common import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class FollowupCommon(AccountTestInvoicingCommon):
    """A company with three levels: +15 e-mail, +30 e-mail and letter, +40 activity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.write(
            {
                "email": "accounts@company.example",
                "payment_followup_enabled": True,
                "payment_followup_auto": True,
            }
        )
        cls.level_1 = cls.create_level(15, "L1", send_email=True)
        cls.level_2 = cls.create_level(30, "L2", send_email=True, print_letter=True)
        cls.level_3 = cls.create_level(
            40, "L3", send_email=False, create_activity=True
        )
        cls.customer = cls.create_customer("Customer A")
        cls.clerk = new_test_user(
            cls.env,
            login="followup_clerk",
            groups="base.group_user,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def create_level(cls, delay, name, company=None, **vals):
        return cls.env["payment.followup.level"].create(
            {
                "company_id": (company or cls.company).id,
                "delay": delay,
                "name": name,
                "note": f"<p>Words of {name}</p>",
                **vals,
            }
        )

    @classmethod
    def create_customer(cls, name, **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": f"{name.replace(' ', '.').lower()}@customer.example",
                "street": "1 Main Street",
                "city": "Springfield",
                "zip": "12345",
                "country_id": cls.env.ref("base.us").id,
                "invoice_sending_method": "manual",
                **vals,
            }
        )

    @classmethod
    def create_invoice(cls, amount, due, partner=None, post=True, **vals):
        """Return an invoice over ``amount``, without tax, due on ``due``."""
        due = fields.Date.to_date(due)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": cls.company.id,
                "partner_id": (partner or cls.customer).id,
                "invoice_date": fields.Date.add(due, months=-1),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "price_unit": amount,
                            "quantity": 1,
                            "tax_ids": [],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def create_credit_note(cls, amount, due, partner=None):
        return cls.create_invoice(amount, due, partner, move_type="out_refund")

    @classmethod
    def pay(cls, invoice, amount=None, date=None):
        """Register a payment through Odoo's own wizard, reconciled at once."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "payment_date": date or invoice.invoice_date,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()

    @classmethod
    def pay_unallocated(cls, amount, date, partner=None):
        """Post a payment of the customer that nobody has matched with invoices."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.customer).id,
                "amount": amount,
                "date": date,
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    @contextmanager
    def on(self, day):
        """Set the clock to ``day`` and forget what was computed for another day."""
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            yield
        self.env.flush_all()

    def run_batch(self, day):
        """Run the daily batch on ``day``; return the log rows that it wrote."""
        before = self.env["payment.followup.action"].search([])
        with (
            self.on(day),
            patch.object(
                self.env.registry["ir.cron"],
                "_commit_progress",
                lambda *args, **kwargs: float("inf"),
            ),
        ):
            reminder = self.env["payment.followup.reminder"]
            reminder.with_user(SUPERUSER_ID)._cron_remind()
        return self.env["payment.followup.action"].search([]) - before

    def get_statement(self, day, partner=None, company=None):
        with self.on(day):
            company = company or self.company
            statement = (
                self.env["payment.followup.statement"]
                .with_company(company)
                ._find(company, partner or self.customer)
            )
            statement.fetch()
            statement.line_ids.fetch()
            return statement

    def assertReminded(self, actions, *expected):
        """Check the log rows: pairs of level and kind, in any order."""
        found = sorted((a.level_id.name, a.kind) for a in actions)
        self.assertEqual(found, sorted((lvl.name, kind) for lvl, kind in expected))

    def assertReason(self, day, reason, partner=None):
        self.assertEqual(self.get_statement(day, partner).reason, reason)

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command, fields
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

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
                # A test has few customers and no usual number of reminders
                "payment_followup_alarm_factor": 0,
                "payment_followup_alarm_share": 0,
            }
        )
        cls.level_1 = cls.create_level(15, "L1", send_email=True)
        cls.level_2 = cls.create_level(30, "L2", send_email=True, print_letter=True)
        cls.level_3 = cls.create_level(40, "L3", send_email=False, create_activity=True)
        cls.customer = cls.create_customer("Customer A")
        cls.clerk = cls.create_user("followup_clerk", "account.group_account_invoice")

    @classmethod
    def create_user(cls, login, groups="", companies=None, **vals):
        """Return an internal user of ``companies``, at home in the first of them."""
        companies = companies or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(filter(None, ("base.group_user", groups))),
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            **vals,
        )

    @classmethod
    def speak_arabic(cls, user):
        """Let a user's screens be in Arabic, from the right."""
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.env["ir.module.module"]._load_module_terms(
            ["web", "account", "account_payment_followup"], ["ar_001"]
        )
        user.lang = "ar_001"
        # The mirrored style takes long the first time, longer than a tour waits
        cls.env["ir.qweb"]._get_asset_bundle("web.assets_web", rtl=True).css()

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
        company = vals.pop("company", cls.company)
        Move = cls.env["account.move"].with_company(company)
        move = Move.create(
            {
                "move_type": "out_invoice",
                "company_id": company.id,
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

    @classmethod
    def create_entry(cls, amount, date, account=None, journal_type="general", **vals):
        """Post an entry that claims ``amount`` from the customer, without an invoice.

        :param amount: negative for a credit
        :param vals: of the claim, say ``date_maturity`` or ``partner_id``
        :return: the claim, an ``account.move.line``
        """
        account = account or cls.company_data["default_account_receivable"]
        claim = {"account_id": account.id, "partner_id": cls.customer.id, **vals}
        revenue = {"account_id": cls.company_data["default_account_revenue"].id}
        move = cls.env["account.move"].create(
            {
                "journal_id": cls.env["account.journal"]
                .search(
                    [("type", "=", journal_type), ("company_id", "=", cls.company.id)],
                    limit=1,
                )
                .id,
                "date": date,
                "line_ids": [
                    Command.create(claim | {"balance": amount}),
                    Command.create(revenue | {"balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == account)

    @classmethod
    def create_contact(cls, parent, **vals):
        """Return a contact below ``parent``, without an address of its own."""
        return cls.env["res.partner"].create(
            {"name": f"Contact of {parent.name}", "parent_id": parent.id, **vals}
        )

    @classmethod
    def get_claim(cls, invoice):
        """Return the receivable items of ``invoice`` in the order of their dates."""
        return invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted("date_maturity")

    @contextmanager
    def on(self, day, time="09:00:00"):
        """Set the clock to ``day`` (UTC) and forget what was computed for another."""
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(f"{day} {time}"):
            yield
        self.env.flush_all()

    def break_rendering(self, customers):
        """Make the messages of these customers raise while they are put into words."""
        action = self.env.registry["payment.followup.action"]
        get_totals = action._get_totals

        def break_totals(rows, *args):
            if customers & rows.partner_id:
                raise ValueError("This customer cannot be rendered")
            return get_totals(rows, *args)

        return patch.object(action, "_get_totals", break_totals)

    @contextmanager
    def run_as_cron(self):
        """Let a scheduled action run here, where nothing may be committed."""
        cron = self.env.registry["ir.cron"]
        with (
            patch.object(cron, "_commit_progress", lambda *a, **k: float("inf")),
            patch.object(self.env.cr, "commit", self.env.flush_all),
        ):
            yield

    def run_batch(self, day, time="09:00:00"):
        """Run the daily batch on ``day`` (UTC); return the log rows that it wrote."""
        return self.run_reminder_job("_cron_remind", day, time)

    def look_again(self, day, time="09:00:00"):
        """Replace on ``day`` (UTC) what was stopped; return the new log rows."""
        return self.run_reminder_job("_cron_look_again", day, time)

    def run_reminder_job(self, method, day, time):
        before = self.env["payment.followup.action"].search([])
        with self.on(day, time), self.run_as_cron():
            reminder = self.env["payment.followup.reminder"]
            getattr(reminder.with_user(SUPERUSER_ID), method)()
        return self.env["payment.followup.action"].search([]) - before

    def run_batches(self, first, last):
        """Run the batch each day from ``first`` to ``last``, both included.

        :return: a list of pairs (day, level name), one for each log row
        """
        day, last = fields.Date.to_date(first), fields.Date.to_date(last)
        found = []
        while day <= last:
            found += [(str(day), row.level_id.name) for row in self.run_batch(day)]
            day = fields.Date.add(day, days=1)
        return found

    def deliver(self, mails, day, error=None):
        """Let the mail queue send ``mails`` on ``day`` to a server that we pretend.

        :param error: an exception by which the server refuses each message
        :return: the messages that reached the server
        """
        outbox = []

        def send_email(_self, message, *args, **kwargs):
            if error:
                raise error
            outbox.append(message)
            return message["Message-Id"]

        server = self.env.registry["ir.mail_server"]
        with (
            self.on(day),
            patch.object(server, "_disable_send", lambda *args: False),
            patch.object(server, "_connect__", lambda *args, **kwargs: None),
            patch.object(server, "send_email", send_email),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mails.sudo().send()
        return outbox

    def get_statement(self, day, partner=None, company=None, time="09:00:00"):
        with self.on(day, time):
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
        self.assertEqual(self.get_statement(day, partner).reason, reason, day)

    def assertDue(self, day, level, partner=None):
        """Check that ``level`` is due on ``day``."""
        statement = self.get_statement(day, partner)
        self.assertEqual(
            (statement.reason, statement.due_level_id.name), ("due", level.name), day
        )

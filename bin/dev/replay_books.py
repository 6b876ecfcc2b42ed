"""A company in Odoo that keeps the ledger: customers, invoices, payments.

Everything goes through Odoo's own models, as a clerk would do it: invoices are posted,
payments registered with the wizard, which reconciles them.
"""

import re
from collections import defaultdict

from .replay_ledger import get_deliveries

CHART = "generic_coa"
COUNTRY = "US"
COMPANY = "Replay Company"
DOMAIN = "ledger.example.com"
# The ledger's numbers are kept, whatever Odoo would read into them.
NO_SEQUENCE_CHECK = ("sequence.mixin.constraint_start_date", "9999-12-31")
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}
BATCH = 200


def set_up_company(env, plan, smtp_port):
    """Give the main company accounts, a plan, and a server for its mail."""
    company = env.company
    company.write(
        {
            "name": COMPANY,
            "email": f"accounts@{DOMAIN}",
            "country_id": env.ref(f"base.{COUNTRY.lower()}").id,
        }
    )
    env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    env["ir.config_parameter"].set_param(*NO_SEQUENCE_CHECK)
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Replay",
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp_port,
            "smtp_encryption": "none",
        }
    )
    _set_up_plan(env, company, plan)


def _set_up_plan(env, company, plan):
    company.write(
        {
            "payment_followup_enabled": True,
            "payment_followup_auto": True,
            "payment_followup_alarm_factor": 0,
            "payment_followup_alarm_share": 0,
            "payment_followup_escalation": plan.escalation,
            "payment_followup_min_amount": float(plan.min_amount),
            "payment_followup_min_interval": plan.min_interval,
        }
    )
    if plan.is_basic:
        env["payment.followup.plan"]._apply("basic", company)
        return
    Level = env["payment.followup.level"]
    Level.search([("company_id", "=", company.id)]).active = False
    Level.create([_prepare_level_vals(level, company) for level in plan.levels])


def _prepare_level_vals(level, company):
    return {
        "name": level.name,
        "company_id": company.id,
        "delay": level.delay,
        "send_email": level.email,
        "print_letter": level.letter,
        "create_activity": level.activity,
        "activity_summary": level.name,
        "repeat_days": level.repeat_days,
    }


class Books:
    """The books of the company; remembers which record stands for what."""

    def __init__(self, invoices):
        self.deliveries = get_deliveries(invoices)
        self.countries = {i.customer: i.country for i in reversed(invoices)}
        self.partners = {}  # customer → id of res.partner
        self.moves = {}  # invoice number → id of account.move

    def create_customers(self, env):
        """Create all customers of the ledger."""
        names = list(self.deliveries)
        vals_list = [
            self._prepare_partner_vals(env, name, rank)
            for rank, name in enumerate(names, start=1)
        ]
        partners = env["res.partner"].create(vals_list)
        self.partners = dict(zip(names, partners.ids, strict=True))

    def _prepare_partner_vals(self, env, name, rank):
        """Return a customer: billed on paper, with a street; else with an e-mail."""
        vals = {
            "name": name,
            "is_company": True,
            "country_id": _get_country(env, self.countries[name]).id,
        }
        if self.deliveries[name] == "paper":
            street = {"street": f"{rank} Main Street", "city": "Springfield"}
            return vals | street | {"zip": str(10000 + rank)}
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "customer"
        return vals | {"email": f"{slug}.{rank}@{DOMAIN}"}

    def post(self, env, invoices):
        """Post invoices, the disputed ones as litigation."""
        for batch in _in_batches(invoices):
            moves = env["account.move"].create(
                [self._prepare_move_vals(env, invoice) for invoice in batch]
            )
            moves.action_post()
            for invoice, move in zip(batch, moves, strict=True):
                self.moves[invoice.number] = move.id
                if invoice.disputed:
                    move.no_followup = True

    def _prepare_move_vals(self, env, invoice):
        line = {
            "name": invoice.number,
            "quantity": 1,
            "price_unit": float(invoice.amount),
            "tax_ids": [],
        }
        return {
            "move_type": "out_invoice",
            "name": invoice.number,
            "partner_id": self.partners[invoice.customer],
            "invoice_date": invoice.date,
            "invoice_date_due": invoice.due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [(0, 0, line)],
        }

    def pay(self, env, invoices, day):
        """Register the payments of invoices: one per customer, reconciled."""
        for batch in _in_batches(invoices):
            ids = [self.moves[invoice.number] for invoice in batch]
            Register = env["account.payment.register"].with_context(
                active_model="account.move", active_ids=ids
            )
            wizard = Register.create({"payment_date": day, "group_payment": True})
            wizard._create_payments()


def _get_country(env, code):
    """Return the country of an ISO code; the company's for the ledger's own numbers."""
    code = code.upper() if re.fullmatch("[A-Za-z]{2}", code) else COUNTRY
    found = env["res.country"].search([("code", "=", code)], limit=1)
    return found or env.company.country_id


def group_by_day(invoices, name):
    """Return a dict {date: invoices} by their date ``name``."""
    groups = defaultdict(list)
    for invoice in invoices:
        if getattr(invoice, name):
            groups[getattr(invoice, name)].append(invoice)
    return groups


def _in_batches(items):
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]

"""Two companies as Odoo sets them up, and one record of each kind to copy.

Everything here goes through Odoo's own models. The generator copies these prototypes
row by row, so that a copy has all the columns that Odoo itself would have filled.
"""

from dataclasses import dataclass
from datetime import date

CHART = "generic_coa"
# Long before the ledger begins: its numbers start at 1 in every year.
PROTOTYPE_DATE = date(2015, 1, 31)
AMOUNT = 100.0
# Units of the foreign currency for one of the company's.
FOREIGN_RATE = 0.8
QUIET = {"tracking_disable": True, "mail_create_nolog": True}


@dataclass(frozen=True)
class Books:
    """Ids of the companies, currencies and prototypes.

    ``moves`` has the id of each prototype by (number of the company, kind); kinds are
    ``invoice``, ``instalment``, ``refund``, ``payment``.
    """

    companies: list
    currency: int
    foreign: int
    customer: int
    contact: int
    moves: dict


def set_up_books(env):
    """Give two companies accounts and prototypes; return the :class:`Books`."""
    env = env(context=env.context | QUIET)
    companies = env.company | env["res.company"].create({"name": "Second Company"})
    env.user.company_ids |= companies
    country = env.ref("base.us")
    for company in companies:
        company.country_id = country
        env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    foreign = _activate_foreign(env, companies)
    customer, contact = _create_partners(env)
    moves = {}
    for number, company in enumerate(companies, start=1):
        own = env(context=env.context | {"allowed_company_ids": [company.id]})
        for kind, move in _create_moves(own, customer.with_env(own)).items():
            moves[number, kind] = move.id
    return Books(
        companies=companies.ids,
        currency=companies[0].currency_id.id,
        foreign=foreign.id,
        customer=customer.id,
        contact=contact.id,
        moves=moves,
    )


def _activate_foreign(env, companies):
    own = companies.currency_id
    own.ensure_one()
    foreign = env.ref("base.EUR")
    foreign = foreign if foreign != own else env.ref("base.USD")
    foreign.active = True
    env["res.currency.rate"].create(
        [
            {
                "name": "2010-01-01",
                "currency_id": foreign.id,
                "company_id": company.id,
                "company_rate": FOREIGN_RATE,
            }
            for company in companies
        ]
    )
    return foreign


def _create_partners(env):
    customer = env["res.partner"].create(
        {
            "name": "Customer 0",
            "is_company": True,
            "email": "customer0@ledger.example.com",
            "phone": "+1 555 0100",
            "street": "1 Main Street",
            "city": "Springfield",
            "zip": "10000",
            "country_id": env.ref("base.us").id,
        }
    )
    contact = customer.create(
        {
            "name": "Contact 0",
            "parent_id": customer.id,
            "type": "contact",
            "email": "contact0@ledger.example.com",
        }
    )
    return customer, contact


def _create_moves(env, customer):
    terms = _create_terms(env)
    return {
        "invoice": _create_invoice(env, customer, "out_invoice", terms["invoice"]),
        "instalment": _create_invoice(
            env, customer, "out_invoice", terms["instalment"]
        ),
        "refund": _create_invoice(env, customer, "out_refund"),
        "payment": _create_payment(env, customer),
    }


def _create_terms(env):
    def create(name, *lines):
        return env["account.payment.term"].create(
            {
                "name": name,
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in lines
                ],
            }
        )

    return {
        "invoice": create("30 days", (100, 30)),
        "instalment": create("Three instalments", (30, 30), (30, 60), (40, 90)),
    }


def _create_invoice(env, customer, move_type, terms=None):
    line = {"name": "Goods", "quantity": 1, "price_unit": AMOUNT, "tax_ids": []}
    move = env["account.move"].create(
        {
            "move_type": move_type,
            "partner_id": customer.id,
            "invoice_date": PROTOTYPE_DATE,
            "invoice_payment_term_id": terms.id if terms else False,
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    move.action_post()
    return move


def _create_payment(env, customer):
    """Create an unallocated payment with a journal entry of its own."""
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    outstanding = env["account.account"].create(
        {
            "name": "Outstanding Receipts",
            "code": "101990",
            "account_type": "asset_current",
            "reconcile": True,
        }
    )
    journal.inbound_payment_method_line_ids.payment_account_id = outstanding
    payment = env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": customer.id,
            "amount": AMOUNT,
            "date": PROTOTYPE_DATE,
            "journal_id": journal.id,
        }
    )
    payment.action_post()
    return payment.move_id

"""Records that stand in for those of a ``World``, and what the add-on says of them."""

import json
from datetime import date, timedelta

from odoo.tools import SQL

from .worlds import CHANNELS, CONTACTS, CUSTOMERS, ITEMS, LEVELS

# Day 0 of a world.
DAY_0 = date(2026, 3, 1)
LEVEL_COLUMNS = ("due_level_id", "next_level_id", "level_id")
DUE_COLUMNS = ("date_maturity", "invoice_date", "date")


def to_text(day):
    return None if day is None else str(DAY_0 + timedelta(day))


def to_day(value):
    return (value - DAY_0).days if isinstance(value, date) else None


def to_cents(amount):
    return round(amount * 100)


class Records:
    """A fixed set of records, made once; :meth:`fill` changes them by SQL.

    To post an invoice takes a hundred times as long as to change a posted one by SQL.
    What a world does not fill stays out of sight: reconciled, archived.
    """

    def __init__(self, case):
        self.env = case.env
        self.companies = [case.company, case.setup_other_company()["company"]]
        self.companies[1].email = "accounts@other.example"
        self.levels = [
            [case.create_level(1000 + n, f"L{n}", company) for n in range(LEVELS)]
            for company in self.companies
        ]
        self.customers = [case.create_customer(f"C{n}") for n in range(CUSTOMERS)]
        # The last contact of each customer never gets the letters
        self.contacts = [
            [case.create_contact(customer, type="other") for _n in range(CONTACTS + 1)]
            for customer in self.customers
        ]
        self.lines = [
            [self._create_lines(case, company, one) for one in self.customers]
            for company in self.companies
        ]
        self.general_journals = [
            self.env["account.journal"].search(
                [("company_id", "=", company.id), ("type", "=", "general")], limit=1
            )
            for company in self.companies
        ]
        account = case.company_data["default_account_receivable"]
        self.other_account = account.copy({"non_trade": True})
        self._hide_all()

    def _create_lines(self, case, company, customer):
        """Return the claims of some invoices."""
        return [
            case.get_claim(case.create_invoice(100, DAY_0, customer, company=company))
            for _n in range(ITEMS)
        ]

    def _hide_all(self):
        levels = self.env["payment.followup.level"].search([])
        lines = [line for lists in self.lines for one in lists for line in one]
        self.env.flush_all()
        self._update(
            "payment_followup_level",
            [{"id": id_, "active": False} for id_ in levels.ids],
        )
        self._update(
            "account_move_line", [{"id": line.id, "reconciled": True} for line in lines]
        )

    # ---- the records say what a world says ----------------------------------------

    def fill(self, world):
        """Make the records say what ``world`` says."""
        self._update("res_company", list(self._prepare_companies(world)))
        self._update("payment_followup_level", list(self._prepare_levels(world)))
        self._update("res_partner", list(self._prepare_partners(world)))
        self._update("account_move_line", list(self._prepare_items(world)))
        self._upsert(
            "payment_followup_customer",
            ("company_id", "partner_id"),
            list(self._prepare_customers(world)),
        )
        self._upsert(
            "payment_followup_claim",
            ("move_line_id",),
            list(self._prepare_claims(world)),
        )

    def _prepare_companies(self, world):
        for company, plan in zip(self.companies, world.plans, strict=False):
            yield {
                "id": company.id,
                "payment_followup_enabled": plan.enabled,
                "payment_followup_auto": plan.auto,
                "payment_followup_escalation": plan.escalation,
                "payment_followup_min_amount": plan.min_amount / 100,
                "payment_followup_min_interval": plan.min_interval,
            }

    def _prepare_levels(self, world):
        for records, plan in zip(self.levels, world.plans, strict=False):
            for record, level in zip(records, plan.levels, strict=False):
                yield {
                    "id": record.id,
                    "delay": level.delay,
                    "repeat_days": level.repeat_days,
                    "active": level.active,
                    "auto": level.auto,
                    **{channel: channel in level.channels for channel in CHANNELS},
                }

    def _prepare_partners(self, world):
        for place, customer in enumerate(world.customers):
            contacts = zip(self.contacts[place], customer.contacts, strict=False)
            for record, one in [(self.customers[place], customer), *contacts]:
                yield {
                    "id": record.id,
                    "type": getattr(one, "type", "contact"),
                    "active": getattr(one, "active", True),
                    "email": one.email,
                    "email_normalized": one.email if one.has_email else None,
                    "phone": one.phone,
                    "phone_sanitized": one.phone if one.has_phone else None,
                    "street": one.street,
                    "city": None,
                }

    def _get_accounts(self, world):
        for customer, one in enumerate(world.customers):
            for company, account in enumerate(one.accounts):
                yield self.companies[company], self.customers[customer], account

    def _get_items(self, world):
        """Yield places of company, customer and item, the journal item and the item."""
        for customer, one in enumerate(world.customers):
            for company, account in enumerate(one.accounts):
                for place, item in enumerate(account.items):
                    line = self.lines[company][customer][place]
                    yield (company, customer, place), line, item

    def _prepare_items(self, world):
        states = {"draft": "draft", "cancel": "cancel"}
        for (company, customer, _place), line, item in self._get_items(world):
            owners = {
                "customer": self.customers[customer].id,
                "contact": self.contacts[customer][-1].id,
            }
            general = self.general_journals[company]
            is_trade = item.gone != "non_trade"
            yield self._prepare_due_date(item) | {
                "id": line.id,
                "partner_id": owners.get(item.owner),
                "journal_id": (general if item.is_misc else line.journal_id).id,
                "account_id": (line.account_id if is_trade else self.other_account).id,
                "parent_state": states.get(item.gone, "posted"),
                "reconciled": item.gone == "reconciled",
                "amount_residual": 0 if item.gone == "paid" else item.amount / 100,
                "amount_residual_currency": item.amount / 100,
                "no_followup": item.disputed,
            }

    def _prepare_due_date(self, item):
        """Return the dates: none before that of ``due_in``, wrong ones behind it."""
        place = DUE_COLUMNS.index(item.due_in)
        return {
            column: to_text(item.due + n - place) if n >= place else None
            for n, column in enumerate(DUE_COLUMNS)
        }

    def _prepare_customers(self, world):
        for company, partner, account in self._get_accounts(world):
            if account.has_decisions:
                yield {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "mode": account.mode,
                    "next_date": to_text(account.planned),
                    "reminder_date": to_text(account.reminded),
                    "failure": account.failure,
                    "failure_date": to_text(account.failed),
                }

    def _prepare_claims(self, world):
        for (company, *_places), line, item in self._get_items(world):
            if item.history or item.promised is not None:
                is_told = bool(item.history)
                level = self.levels[company][item.level] if is_told else None
                yield {
                    "move_line_id": line.id,
                    "company_id": self.companies[company].id,
                    "level_id": level and level.id,
                    "level_date": to_text(item.told_first),
                    "followup_date": to_text(item.told_last),
                    "repeat_count": item.repeat_count if is_told else None,
                    "expected_date": to_text(item.promised),
                }

    def _update(self, table, rows):
        """Update ``rows``, dicts of columns with their ``id``, in one statement."""
        if not rows:
            return
        columns = [SQL.identifier(name) for name in rows[0]]
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s old
                   SET (%(columns)s) = ROW(%(values)s)
                  FROM JSONB_POPULATE_RECORDSET(NULL::%(table)s, %(rows)s) new
                 WHERE old.id = new.id
                """,
                table=SQL.identifier(table),
                columns=SQL(", ").join(columns),
                values=SQL(", ").join(SQL("new.%s", column) for column in columns),
                rows=json.dumps(rows),
            )
        )

    def _upsert(self, table, keys, rows):
        """Insert ``rows``, or update those whose ``keys`` are there."""
        if not rows:
            return
        columns = [SQL.identifier(name) for name in rows[0]]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s)
                     SELECT %(columns)s
                       FROM JSONB_POPULATE_RECORDSET(NULL::%(table)s, %(rows)s)
                ON CONFLICT (%(keys)s)
                  DO UPDATE SET (%(columns)s) = ROW(%(values)s)
                """,
                table=SQL.identifier(table),
                columns=SQL(", ").join(columns),
                keys=SQL(", ").join(map(SQL.identifier, keys)),
                values=SQL(", ").join(SQL("EXCLUDED.%s", column) for column in columns),
                rows=json.dumps(rows),
            )
        )

    # ---- what the add-on says -----------------------------------------------------

    def read_statements(self, world):
        """Return the statements, a dict {(company, customer): columns}."""
        query = self.env["payment.followup.statement"]._query_statement
        places = {partner.id: n for n, partner in enumerate(self.customers)}
        return {
            (row["company"], places[row["partner_id"]]): self._translate(row)
            for row in self._read(query, world)
        }

    def read_facts(self, world, later):
        """Return what the decision says so many days later, and when it may change.

        :return: {(company, customer id): (days from today or None, what a forecast
            goes by)}
        """
        query = self.env["payment.followup.statement"]._query_statement
        days = {
            company: DAY_0 + timedelta(plan.today + later)
            for company, plan in zip(self.companies, world.plans, strict=False)
        }
        names = ("reason", "due_level_id", "next_level_id", "amount_reminder")
        facts = {}
        for row in self.env.execute_query_dict(query(days)):
            change = row["change_date"]
            company = self.env["res.company"].browse(row["company_id"])
            if change:
                change = (change - days[company]).days + later
            facts[company.id, row["partner_id"]] = (change, [row[n] for n in names])
        return facts

    def read_items(self, world):
        """Return the open items, a dict {(company, customer, place): columns}."""
        query = self.env["payment.followup.statement.line"]._query_lines
        places = {line.id: place for place, line, _item in self._get_items(world)}
        return {
            places[row["id"]]: self._translate(row) for row in self._read(query, world)
        }

    def read_forecast(self, company, days):
        """Return what goes out, a list of (day, customer, level, amount)."""
        levels = [level.id for level in self.levels[company]]
        customers = [partner.id for partner in self.customers]
        forecast = self.env["payment.followup.forecast"]
        return [
            (
                to_day(row["date"]),
                customers.index(row["partner_id"]),
                levels.index(row["level_id"]),
                to_cents(row["amount"]),
            )
            for row in forecast._forecast(self.companies[company], horizon=days - 1)
        ]

    def _read(self, query, world):
        days = {
            company: DAY_0 + timedelta(plan.today)
            for company, plan in zip(self.companies, world.plans, strict=False)
        }
        self.env.cr.execute(query(days))
        rows = self.env.cr.dictfetchall()
        company_ids = [company.id for company in self.companies]
        return [row | {"company": company_ids.index(row["company_id"])} for row in rows]

    def _translate(self, row):
        """Return ``row`` in the words of the reference."""
        levels = {level.id: n for n, level in enumerate(self.levels[row["company"]])}
        contacts = {
            contact.id: n for one in self.contacts for n, contact in enumerate(one)
        }
        ways = {"recipient_id": contacts.get} | dict.fromkeys(LEVEL_COLUMNS, levels.get)
        return {
            column: ways.get(column, self._get_translation(column))(value)
            for column, value in row.items()
        }

    def _get_translation(self, column):
        if "date" in column:
            return to_day
        if column.startswith("amount_"):
            return to_cents
        return lambda value: value

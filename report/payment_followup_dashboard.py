from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..const import BUCKETS

TODO_DOMAIN = [("is_todo", "=", True)]
URGENT_COUNT = 10
# The open items behind the cards for parts of what is owed; ``_query_items`` adds up
# the same, with ``is_`` before the key.
PART_DOMAINS = {
    "overdue": [("days_overdue", ">", 0)],
    "promised": [("reason", "=", "promised")],
    "held": [("part", "=", "hold"), ("reason", "!=", "promised")],
    "outside": [("part", "=", "outside")],
}


class PaymentFollowupDashboard(models.AbstractModel):
    """One look for the finance lead: how much is owed, how late, and does it work.

    Nothing is decided here: customers and open items are added up as their statements
    say, by one query each. Every figure carries the domain of the records behind it, so
    that the list it opens adds up to the same cent:
    ``{key, label, list, domain, amount, count, detail}``.
    """

    _name = "payment.followup.dashboard"
    _description = "Payment Follow-up Dashboard"

    @api.model
    @api.readonly
    def get_dashboard_data(self):
        """Return what the dashboard shows: a block for each chosen company.

        :return: a dict ``{blocks, message}``; without a company that uses follow-up
            there are no blocks, and the message says so
        :raise AccessError: for users who may not read statements
        """
        self.env["payment.followup.statement"].check_access("read")
        companies = self.env.companies.sudo().filtered("payment_followup_enabled")
        if not companies:
            return {"blocks": [], "message": self._get_disabled_message()}
        dashboard = self.with_context(allowed_company_ids=companies.ids)
        return {"blocks": dashboard._get_blocks(), "message": ""}

    @api.model
    def _get_disabled_message(self):
        return self.env._(
            "Payment follow-up is switched off for %(company)s. An administrator can "
            "switch it on in Settings ▸ Invoicing ▸ Customer Payments.",
            company=", ".join(self.env.companies.sudo().mapped("name")),
        )

    @api.model
    def _get_blocks(self):
        customers = self._read_rows(self._query_customers())
        items = self._read_rows(self._query_items())
        return [
            self._get_block(company, customers[company.id], items[company.id])
            for company in self.env.companies
        ]

    @api.model
    def _read_rows(self, query):
        """Return the rows of a query as dicts, by the id of their company."""
        rows = defaultdict(list)
        for row in self.env.execute_query_dict(query):
            rows[row["company_id"]].append(row)
        return rows

    @api.model
    def _get_block(self, company, customers, items):
        """Return what is shown about one company.

        :param customers: rows of :meth:`_query_customers`
        :param items: rows of :meth:`_query_items`
        """
        return {
            "company": {"id": company.id, "name": company.sudo().name},
            "currency_id": company.sudo().currency_id.id,
            "message": "" if items else self._get_empty_message(),
            "hint": self._get_hint(company),
            "cards": self._get_cards(company, customers, items),
            "ageing": self._get_ageing(company, customers, items),
            "levels": self._get_levels(company, items),
            "reasons": self._get_reasons(company, customers),
            "urgent": self._get_urgent(customers),
            "recent": self._get_recent(company),
        }

    @api.model
    def _get_empty_message(self):
        return self.env._(
            "Nobody owes anything. Once a customer's invoice is posted, you see here "
            "what is owed and how late it is."
        )

    @api.model
    def _get_hint(self, company):
        """Return what is to do first where there is no plan, else None."""
        levels = self.env["payment.followup.level"]
        if levels.search_count([("company_id", "=", company.id)], limit=1):
            return None
        is_manager = self.env.user.has_group("account.group_account_manager")
        text = self.env._("There is no plan yet: nobody is reminded.")
        if not is_manager:
            ask = self.env._(
                "Ask an accounting manager to set up the follow-up levels."
            )
            text = f"{text} {ask}"
        return {"text": text, "is_manager": is_manager}

    @api.model
    def _get_figure(self, company, key, label, list_, domain, **values):
        """Return a figure of ``company``: what it says, and the records behind it.

        :param list_: ``customers``, ``aged``, ``items`` or ``history``
        :param values: ``amount`` (in company currency), ``count``, ``detail``
        """
        if "amount" in values:
            values["amount"] = company.sudo().currency_id.round(values["amount"])
        return {
            "key": key,
            "label": label,
            "list": list_,
            "domain": [("company_id", "=", company.id), *domain],
            **values,
        }

    @api.model
    def _get_cards(self, company, customers, items):
        """Return the figures on top: what is owed, and the parts of it that matter."""
        parts = self._get_parts().items()
        cards = [self._get_part_card(company, items, *part) for part in parts]
        return [
            self._get_figure(
                company,
                "receivable",
                self.env._("Receivable in all"),
                "items",
                [],
                amount=self._sum(items, "amount"),
                detail=self._count_customers(customers),
            ),
            *(card for card in cards if card["amount"] or card["key"] != "outside"),
            self._get_todo_card(company, customers),
        ]

    @api.model
    def _get_parts(self):
        """Return the parts of what is owed that have a card, a dict {key: label}."""
        return {
            "overdue": self.env._("Overdue in all"),
            "promised": self.env._("Promised"),
            "held": self.env._("In litigation or on hold"),
            "outside": self.env._("Outside the plan"),
        }

    @api.model
    def _get_part_card(self, company, items, key, label):
        """Return a part of what is owed, with its share."""
        balance = self._sum(items, "amount")
        amount = self._sum([row for row in items if row[f"is_{key}"]], "amount")
        share = amount / balance if balance > 0 else 0
        detail = self.env._("%(share)s of what is owed", share=f"{share:.0%}")
        if key == "overdue":
            detail = self.env._("%(share)s, with litigation", share=detail)
        return self._get_figure(
            company,
            key,
            label,
            "items",
            PART_DOMAINS[key],
            amount=amount,
            detail=detail,
        )

    @api.model
    def _get_todo_card(self, company, customers):
        return self._get_figure(
            company,
            "todo",
            self.env._("To do today"),
            "customers",
            TODO_DOMAIN,
            amount=self._sum(customers, "todo_overdue"),
            detail=self.env._(
                "Overdue; customers: %(count)s",
                count=self._sum(customers, "todo_count"),
            ),
        )

    @api.model
    def _count_customers(self, rows):
        return self.env._("Customers: %(count)s", count=self._sum(rows, "count"))

    @api.model
    def _sum(self, rows, name):
        return sum(row[name] or 0 for row in rows)

    @api.model
    def _query_customers(self):
        """Return sums of the statements by company and reason, with the most urgent.

        One decision for all figures. ``urgent_ids`` are those among the first
        ``URGENT_COUNT`` of their company that have this reason.
        """
        statements = self.env["payment.followup.statement"]._search([])
        buckets = SQL(", ").join(
            SQL(
                "SUM(%(bucket)s) AS %(bucket)s, "
                "COUNT(*) FILTER (WHERE %(bucket)s <> 0) AS %(count)s",
                bucket=SQL.identifier(name),
                count=SQL.identifier(f"count_{name}"),
            )
            for name, _end in BUCKETS
        )
        return SQL(
            """
            SELECT company_id,
                   reason,
                   COUNT(*) AS count,
                   SUM(amount_balance) AS balance,
                   SUM(amount_overdue) FILTER (WHERE is_todo) AS todo_overdue,
                   COUNT(*) FILTER (WHERE is_todo) AS todo_count,
                   %(buckets)s,
                   ARRAY_AGG(id) FILTER (WHERE place <= %(urgent)s AND urgency > 0)
                       AS urgent_ids
              FROM (SELECT statement.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY company_id
                                   ORDER BY urgency DESC, amount_due DESC, id
                           ) AS place
                      FROM (%(statements)s) statement) ranked
          GROUP BY company_id, reason
            """,
            buckets=buckets,
            statements=statements.select(SQL("*")),
            urgent=URGENT_COUNT,
        )

    @api.model
    def _query_items(self):
        """Return sums of the open items by all that the figures distinguish.

        ``is_late``: claims within the plan that are past their due date.
        """
        items = self.env["payment.followup.statement.line"]._search([])
        return SQL(
            """
            SELECT company_id,
                   level_id,
                   partner_id IS NULL AS is_nobody,
                   days_overdue > 0 AS is_overdue,
                   reason = 'promised' AS is_promised,
                   part = 'hold' AND reason <> 'promised' AS is_held,
                   part = 'outside' AS is_outside,
                   is_claim AND part <> 'outside' AND days_overdue > 0 AS is_late,
                   COUNT(*) AS count,
                   SUM(amount_residual) AS amount
              FROM (%(items)s) item
          GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
            """,
            items=items.select(SQL("*")),
        )

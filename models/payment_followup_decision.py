from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import SQL

# The id of a statement holds its two keys: the customer in the lower 32 bits, the
# company above. It stays the same as long as both exist, and needs no table.
COMPANY_SHIFT = 32
PARTNER_MASK = (1 << COMPANY_SHIFT) - 1
# In SQL a level is named by its rank: its delay above, its id in the lower 32 bits. The
# highest of several levels is then a MAX, and says which of two with the same delay,
# one of them archived, it was.
LEVEL_SHIFT = 32
LEVEL_MASK = (1 << LEVEL_SHIFT) - 1


@dataclass(frozen=True)
class State:
    """Where claims and customers stand: tables, or queries with their columns.

    The tables say how it is now. A forecast passes how it will be; and the open items
    and addresses, which do not change, as it has read them once.
    """

    claims: SQL
    customers: SQL
    # None: as the books and the contacts say, see _query_books and _query_contacts
    books: SQL | None = None
    contacts: SQL | None = None


NOW = State(
    claims=SQL.identifier("payment_followup_claim"),
    customers=SQL.identifier("payment_followup_customer"),
)


class NoLongerOpen(MissingError):
    """What was to be read is paid, or of a company that is not in use."""

    def __init__(self, record):
        super().__init__(record._get_no_longer_open_message())
        # Tells the browser which page this is about
        self.context = {"res_model": record._name, "res_id": record.id}


class PaymentFollowupDecision(models.AbstractModel):
    """Which reminder is due for whom, and if none, why: one SQL statement.

    Nothing is stored: every read computes from the open items, so that a payment counts
    at once. ``payment.followup.statement`` has a row per customer,
    ``payment.followup.statement.line`` one per open item.

    How it works: ``company`` gives each company its date of today; ``path`` turns its
    plan into a table of moves, from each level (or none) to the next one; an item finds
    there its next level and the day of it; the totals add up a customer; the outer
    query names the one reason.
    """

    _name = "payment.followup.decision"
    _description = "Follow-up Decision"

    _depends = {
        "account.account": ["account_type", "non_trade"],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "invoice_date",
            "journal_id",
            "no_followup",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "payment.followup.claim": [
            "move_line_id",
            "level_id",
            "level_date",
            "followup_date",
            "repeat_count",
            "expected_date",
            "expected_note",
        ],
        "payment.followup.customer": [
            "company_id",
            "partner_id",
            "mode",
            "next_date",
            "responsible_id",
            "reminder_date",
            "failure",
            "failure_date",
            "broken_count",
        ],
        "payment.followup.level": [
            "active",
            "auto",
            "company_id",
            "create_activity",
            "delay",
            "print_letter",
            "repeat_days",
            "send_email",
            "send_post",
            "send_sms",
            "send_whatsapp",
        ],
        "res.company": [
            "payment_followup_auto",
            "payment_followup_enabled",
            "payment_followup_escalation",
            "payment_followup_min_amount",
            "payment_followup_min_interval",
        ],
        "res.partner": [
            "active",
            "city",
            "commercial_partner_id",
            "email_normalized",
            "phone_sanitized",
            "street",
            "trust",
            "type",
        ],
    }

    # The field that holds the id of a statement.
    _statement_field = "id"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Look statements up by their keys: an id alone would mean to compute all."""
        domain = Domain(domain).map_conditions(self._expand_condition)
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        """Refuse what is not there in the companies in use; do not fail over it.

        Odoo asks, when somebody switches the company, whether the page may stay.
        """
        try:
            return super()._check_access(operation)
        except MissingError as missing:
            error = missing
            found = self.exists()
            refused = found._check_access(operation)
            forbidden = self - found + (refused[0] if refused else found.browse())
            return forbidden, lambda: error

    def _fetch_field(self, field):
        """Say in words that nothing is open any more.

        :raise NoLongerOpen: if that holds for all of these records
        """
        result = super()._fetch_field(field)
        if self and field._get_cache(self.env).keys().isdisjoint(self._ids):
            raise NoLongerOpen(self[0])
        return result

    def _fetch_query(self, query, fields):
        """Read a row as a whole: to decide once more costs more than all its columns.

        What a decision is made of, planning the statement above all, is the same for
        one column and for thirty.
        """
        if any(field.column_type for field in fields):
            columns = [
                field
                for field in self._fields.values()
                if field.store and field.column_type and field.prefetch is True
            ]
            fields = list(dict.fromkeys([*fields, *columns]))
        return super()._fetch_query(query, fields)

    @api.model
    def _expand_condition(self, condition):
        """Add company and customer to a condition on the id of a statement."""
        if condition.field_expr != self._statement_field:
            return condition
        if condition.operator not in ("in", "="):
            return condition
        ids = condition.value if condition.operator == "in" else [condition.value]
        if not all(isinstance(id_, int) for id_ in ids):
            return condition
        keys = [self._split_statement_id(id_) for id_ in ids]
        return (
            condition
            & Domain("company_id", "in", list({company for company, _partner in keys}))
            & Domain("partner_id", "in", list({partner for _company, partner in keys}))
        )

    @api.model
    def _invalidate_decision(self):
        """Forget what was decided before something was written."""
        self.env["payment.followup.statement"].invalidate_model(flush=False)
        self.env["payment.followup.statement.line"].invalidate_model(flush=False)

    @api.model
    def _get_statement_id(self, company, partner):
        """Return the id of the statement of ``partner``'s customer in ``company``."""
        return (company.id - 1 << COMPANY_SHIFT) | partner.commercial_partner_id.id

    @api.model
    def _split_statement_id(self, id_):
        """Return the pair (company id, partner id) behind the id of a statement."""
        return (id_ >> COMPANY_SHIFT) + 1, id_ & PARTNER_MASK

    @api.model
    def _get_days(self):
        """Return the day to decide for, a dict {allowed company: date}."""
        companies = self.env.companies
        # A company has a hundred columns; this is all that statements show and need
        companies.sudo().fetch(["currency_id", "name", "parent_path", "partner_id"])
        companies.sudo().partner_id.fetch(["tz"])
        return {company: company._get_payment_followup_today() for company in companies}

    @api.model
    def _query_company(self, days):
        """Return the common table expression ``company``: settings, and the day."""
        values = SQL(", ").join(
            SQL("(%s, %s::date)", company.id, day) for company, day in days.items()
        )
        return SQL(
            """
            company AS (
                SELECT company.id,
                       day.today,
                       company.payment_followup_enabled IS TRUE AS is_enabled,
                       company.payment_followup_auto IS TRUE AS is_auto,
                       company.payment_followup_escalation = 'age' AS is_by_age,
                       COALESCE(company.payment_followup_min_amount, 0) AS min_amount,
                       COALESCE(company.payment_followup_min_interval, 0)
                           AS min_interval
                  FROM res_company company
                  JOIN (VALUES %(values)s) AS day (company_id, today)
                    ON day.company_id = company.id
            )
            """,
            values=values or SQL("(NULL::int, NULL::date)"),
        )

    @api.model
    def _query_plan(self, days):
        """Return the common table expressions ``company``, ``rung`` and ``path``.

        ``path`` has the next level after each level (``from_id``; 0: none so far):
        by ``step`` one row, by ``age`` one for each level that can be reached
        (``reach_from`` <= days since the due date < ``reach_to``); without a next
        level, one row that says how the level itself is repeated.

        A level before the due date announces a payment: said about an overdue claim it
        would be wrong. There are two paths therefore: ``is_ahead`` is the one for
        claims to which the first level ahead (``ahead_gap`` days after the last one)
        still comes in time, the other one leaves out all levels before the due date.
        """
        return SQL(
            """
            %(company)s,
            rung AS (
                SELECT level.id,
                       level.company_id,
                       level.delay,
                       CASE WHEN level.active AND level.repeat_days > 0
                            THEN level.repeat_days
                        END AS repeat_days
                  FROM payment_followup_level level
                 UNION ALL
                SELECT 0, company.id, NULL, NULL
                  FROM company
            ),
            move AS (
                SELECT origin.company_id,
                       origin.id AS from_id,
                       stage.is_ahead,
                       step.id AS level_id,
                       step.delay,
                       step.delay - origin.delay AS gap,
                       ROW_NUMBER() OVER climb AS number,
                       LEAD(step.delay) OVER climb AS next_delay
                  FROM rung origin
            CROSS JOIN (VALUES (TRUE), (FALSE)) AS stage (is_ahead)
                  JOIN payment_followup_level step
                    ON step.company_id = origin.company_id
                   AND step.active
                   AND (origin.delay IS NULL OR step.delay > origin.delay)
                   AND (stage.is_ahead OR step.delay >= 0)
                WINDOW climb AS (
                           PARTITION BY origin.company_id, origin.id, stage.is_ahead
                               ORDER BY step.delay
                       )
            ),
            path AS (
                SELECT rung.company_id,
                       rung.id AS from_id,
                       stage.is_ahead,
                       ahead.gap AS ahead_gap,
                       rung.delay AS level_delay,
                       rung.delay::bigint << %(shift)s | rung.id AS level_rank,
                       rung.repeat_days,
                       move.level_id,
                       move.delay::bigint << %(shift)s | move.level_id AS rank,
                       move.delay,
                       move.gap,
                       CASE WHEN move.number > 1 THEN move.delay END AS reach_from,
                       CASE WHEN company.is_by_age THEN move.next_delay END AS reach_to
                  FROM rung
                  JOIN company
                    ON company.id = rung.company_id
            CROSS JOIN (VALUES (TRUE), (FALSE)) AS stage (is_ahead)
             LEFT JOIN move ahead
                    ON ahead.company_id = rung.company_id
                   AND ahead.from_id = rung.id
                   AND ahead.is_ahead
                   AND ahead.number = 1
             LEFT JOIN move
                    ON move.company_id = rung.company_id
                   AND move.from_id = rung.id
                   AND move.is_ahead = stage.is_ahead
                   AND (move.number = 1 OR company.is_by_age)
            )
            """,
            company=self._query_company(days),
            shift=LEVEL_SHIFT,
        )

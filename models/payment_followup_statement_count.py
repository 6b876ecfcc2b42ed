from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .payment_followup_decision import COMPANY_SHIFT, NOW

KEYS = frozenset({"id", "company_id", "partner_id"})


class PaymentFollowupStatement(models.Model):
    """How many customers there are: the work list asks beside each of its pages."""

    _inherit = "payment.followup.statement"

    @api.model
    def search_count(self, domain, limit=None):
        """Count customers; decide about them only where the domain asks what."""
        if {c.field_expr for c in Domain(domain).iter_conditions()} <= KEYS:
            return len(self._get_key_query(domain, limit))
        return super().search_count(domain, limit=limit)

    @api.model
    def _get_key_query(self, domain, limit):
        """Return the query of the statements of a domain that names keys alone."""
        self.check_access("read")
        rules = Domain.TRUE
        if not self.env.su:
            rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        root = self.sudo().with_context(active_test=False)
        domain = (Domain(domain) & rules).optimize_full(root)
        self.env.flush_all()
        query = Query(self.env, self._table, SQL("(%s)", self._query_keys()))
        query.add_where(domain._to_sql(root, self._table, query))
        query.limit = limit or None
        return query

    @api.model
    def _query_keys(self):
        """Return the keys of the customers with open items."""
        return SQL(
            """
            WITH %(company)s
            SELECT DISTINCT
                   (item.company_id - 1)::bigint << %(shift)s | item.partner_id AS id,
                   item.company_id,
                   item.partner_id
              FROM (%(items)s) item
             WHERE item.partner_id IS NOT NULL
            """,
            company=self._query_company(self._get_days()),
            items=self._query_open_items(NOW),
            shift=COMPANY_SHIFT,
        )

from odoo import api, models
from odoo.tools import SQL


class PaymentFollowupStatement(models.Model):
    """How a page of the work list is read."""

    _inherit = "payment.followup.statement"

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Return a page and how many customers there are, from one decision.

        Odoo would decide about the whole company twice, once to find the page and once
        to count. Here the first query says both; the customers on the page are then
        looked up by their keys.
        """
        query = self._search(
            domain, offset=offset, limit=limit, order=order or self._order
        )
        rows = self.env.execute_query(
            query.select(SQL.identifier(query.table, "id"), SQL("COUNT(*) OVER ()"))
        )
        total = rows[0][1] if rows else 0
        return {
            "length": min(total, count_limit or total),
            "records": self.browse(id_ for id_, _total in rows).web_read(specification),
        }

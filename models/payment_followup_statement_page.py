from odoo import api, models
from odoo.tools import SQL


class PaymentFollowupStatement(models.Model):
    """How a page of the work list, and one statement, are read."""

    _inherit = "payment.followup.statement"

    @api.readonly
    def web_read(self, specification):
        """Read what hangs on these statements together, and only what is shown of it.

        Odoo would read levels field by field and once more for the open items and for
        the history, and all columns of each invoice.
        """
        self._fetch_levels()
        if specification.get("line_ids"):
            moves = self.line_ids.move_id.sudo()
            moves.fetch(["move_type", "name", "ref", "state"])
        if specification.get("action_ids"):
            self._fetch_history(specification["action_ids"])
        return super().web_read(specification)

    def _fetch_levels(self):
        """Read all levels of these companies at once; a plan has a handful of them."""
        self.env["payment.followup.level"].with_context(active_test=False).search_fetch(
            [("company_id", "in", self.company_id.ids)], ["delay", "name", "note"]
        )

    def _fetch_history(self, specification):
        limit = specification.get("limit")
        actions = self.action_ids.browse(
            id_ for statement in self for id_ in statement.action_ids.ids[:limit]
        )
        actions.fetch(list(specification.get("fields", ())))
        users = actions.user_id.sudo()
        users.fetch(["partner_id"])
        users.partner_id.fetch(["name"])

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

    def _get_no_longer_open_message(self):
        """Return why there is no such statement; names only whom the user may see."""
        company_id, partner_id = self._split_statement_id(self.id)
        partner = self.env["res.partner"].browse(partner_id).sudo(False).exists()
        company = self.env.companies.filtered(lambda c: c.id == company_id)
        if not company or not partner or not partner.has_access("read"):
            return self.env._(
                "This statement is no longer there, or of a company in which you do "
                "not work now."
            )
        return self.env._(
            "%(customer)s owes nothing any more: there is no statement.",
            customer=partner.display_name,
        )

from odoo import api, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    """The Customer Ledger by customer, also where there are tens of thousands."""

    _inherit = "account.move.line"

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Add up the items of no more customers than a page of the ledger shows.

        Odoo adds up those of all customers, sorts them by name, and takes a page.
        """
        is_page = (
            self.env.context.get("followup_ledger")
            and list(groupby) == ["partner_id"]
            and order == "partner_id"
            and limit
            and not having
        )
        if is_page:
            domain = Domain(domain) & self._get_page_domain(domain, offset, limit)
            offset, limit = 0, None
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def _get_page_domain(self, domain, offset, limit):
        """Return the items of the customers who are on a page, sorted as Odoo does."""
        items = self._search(domain, order="id")
        # Whose names may be read is not decided here; archived ones have items, too
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        named = [("id", "in", items.subselect("partner_id"))]
        page = partners.search(named, offset=offset, limit=limit)
        on_page = Domain("partner_id", "in", page.ids)
        # Items without a customer come last, on the one page that has room for them
        is_last = len(page) < limit and (page or offset <= partners.search_count(named))
        return on_page | Domain("partner_id", "=", False) if is_last else on_page

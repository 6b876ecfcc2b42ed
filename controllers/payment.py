from odoo import http
from odoo.http import request
from odoo.tools import format_amount

from odoo.addons.account.controllers.portal import PortalAccount

ROUTE = "/payment_followup/pay/<string:token>"


class PaymentPage(PortalAccount):
    """What a customer owes, on one page, with Odoo's own page for each invoice."""

    @http.route(
        ROUTE,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        multilang=False,
    )
    def followup_pay(self, token, **params):
        """Show what is open now to who has the link of a reminder."""
        found = request.env["payment.followup.payment.link"]._find(token)
        if not found:
            return self._render_followup("payment_followup_page_invalid", {}, 404)
        company, partner = found
        self._set_language(company, partner)
        values = self._prepare_followup_values(token, company, partner)
        return self._render_followup("payment_followup_page", values)

    @http.route(
        f"{ROUTE}/<int(max=2147483647):move_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        multilang=False,
    )
    def followup_open_invoice(self, token, move_id, **params):
        """Go to the portal's page of an invoice; to all that is open without it."""
        link = request.env["payment.followup.payment.link"]
        found = link._find(token)
        if not found:
            return self._render_followup("payment_followup_page_invalid", {}, 404)
        self._set_language(*found)
        invoice = link._find_invoice(*found, move_id)
        return request.redirect(
            invoice.get_portal_url() if invoice else f"/payment_followup/pay/{token}"
        )

    def _set_language(self, company, partner):
        """Speak the customer's language, here and on the pages that are linked."""
        code = partner.lang or company.partner_id.lang
        lang = request.env["res.lang"]._get_data(code=code)
        if lang:
            request.lang = lang
            request.update_context(lang=lang.code)
            request.future_response.set_cookie("frontend_lang", lang.code)

    def _prepare_followup_values(self, token, company, partner):
        link = request.env["payment.followup.payment.link"]
        items = link._get_items(company, partner)
        # A reminder asks for what is due; before that, it announces all
        later = items.filtered(lambda item: item.is_claim and item.days_overdue < 0)
        if not (items - later).filtered("is_claim"):
            later = later.browse()
        return {
            "company": company,
            "items": items,
            "page_name": "payment_followup",
            "partner": partner,
            "pay_all": self._get_pay_all(company, partner),
            "can_pay_online": link._can_pay_online(company),
            "res_company": company,
            "token": token,
            "totals": self._get_followup_totals(items - later),
            "totals_later": self._get_followup_totals(later),
        }

    def _get_followup_totals(self, items):
        """Return the open amount per currency, a list of formatted strings.

        Nothing is said of a currency in which invoices and credits are level.
        """
        totals = {
            currency: sum(rows.mapped("amount_residual_currency"))
            for currency, rows in items.grouped("currency_id").items()
        }
        open_ones = {c: v for c, v in totals.items() if not c.is_zero(v)}
        return [
            format_amount(request.env, amount, currency)
            for currency, amount in sorted(
                (open_ones or totals).items(), key=lambda pair: pair[0].name
            )
        ]

    def _get_pay_all(self, company, partner):
        """Return how Odoo's page for all overdue invoices is reached, else ''.

        It asks for a login, for one company and one currency, and for the whole amount
        of each invoice: it is offered only where that is what is open.

        :return: ``login`` or ``page``
        """
        user = request.env.user
        domain = self._get_overdue_invoices_domain(partner.id)
        invoices = request.env["account.move"].sudo().search(domain)
        if (
            len(invoices) < 2
            or invoices.company_id != company
            or len(invoices.currency_id) > 1
            or any(move.amount_residual != move.amount_total for move in invoices)
            or not all(move._has_to_be_paid() for move in invoices)
        ):
            return ""
        if user.partner_id == partner:
            return "page"
        return "login" if user._is_public() and partner.user_ids else ""

    def _render_followup(self, template, values, status=200):
        response = request.render(
            f"account_payment_followup.{template}", values, status=status
        )
        # The address is a key: no search engine, cache or other site gets it
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

from datetime import UTC, datetime, time, timedelta

from odoo import api, models
from odoo.tools import str2bool
from odoo.tools.misc import hash_sign, verify_hash_signed

SCOPE = "account_payment_followup.pay"
# How long a link can be used after the day of its message.
VALID_DAYS = 180


class PaymentFollowupPaymentLink(models.AbstractModel):
    """The address at which a customer sees and pays what is open, without a login.

    It is signed, for one customer of one company, and for a limited time. Nothing is
    stored: the same message always has the same address.
    """

    _name = "payment.followup.payment.link"
    _description = "Payment Link"

    @api.model
    def _get_url(self, company, partner, day):
        """Return the address for ``partner`` in a message of ``day``."""
        end = datetime.combine(day + timedelta(days=VALID_DAYS), time.max, UTC)
        values = [company.id, partner.commercial_partner_id.id]
        token = hash_sign(self.sudo().env, SCOPE, values, expiration=end)
        return f"{company.get_base_url()}/payment_followup/pay/{token}"

    @api.model
    def _find(self, token):
        """Return the company and the customer of ``token``, None when it is not valid.

        A customer who was merged into another, or put below one, is not that one.
        """
        try:
            values = verify_hash_signed(self.sudo().env, SCOPE, token)
        except ValueError:  # no base64, an unknown version, or no text
            return None
        if not values:
            return None
        company_id, partner_id = values
        company = self.env["res.company"].sudo().browse(company_id).exists()
        partner = self.env["res.partner"].sudo().browse(partner_id).exists()
        if not company or not partner or partner.commercial_partner_id != partner:
            return None
        return company, partner

    @api.model
    def _get_items(self, company, partner):
        """Return what ``partner`` can pay to ``company`` now, and the open credits.

        What is in litigation, or outside any follow-up, is in no reminder either.
        """
        items = self.env["payment.followup.statement.line"].sudo()
        return items.with_company(company).search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("reason", "not in", ("outside", "litigation")),
            ]
        )

    @api.model
    def _find_invoice(self, company, partner, move_id):
        """Return the invoice of ``partner`` with this id, empty when there is none.

        One that is open, or was in a message before: also when it is paid by now, its
        page says so. No other one can be found by trying numbers.
        """
        moves = self.env["account.move"].sudo()
        invoice = moves.search(
            [
                ("id", "=", move_id),
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", partner.id),
                ("state", "=", "posted"),
                ("move_type", "in", moves.get_sale_types()),
            ]
        )
        open_moves = self._get_items(company, partner).move_id
        return invoice if invoice in open_moves or self._is_said(invoice) else moves

    @api.model
    def _is_said(self, invoice):
        """Return whether a message to a customer has listed ``invoice``."""
        said = self.env["payment.followup.action.line"].sudo()
        return bool(
            said.search_count([("move_line_id", "in", invoice.line_ids.ids)], limit=1)
        )

    @api.model
    def _can_pay_online(self, company):
        """Return whether invoices of ``company`` can be paid on Odoo's own pages.

        Wire transfer and the like are no payment online.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        if not str2bool(parameters.get_param("account_payment.enable_portal_payment")):
            return False
        providers = self.env["payment.provider"].sudo()
        domain = [
            *providers._check_company_domain(company),
            ("state", "in", ("enabled", "test")),
            ("is_published", "=", True),
            ("code", "!=", "custom"),
        ]
        return bool(providers.search_count(domain, limit=1))

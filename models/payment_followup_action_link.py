from odoo import api, fields, models


class PaymentFollowupAction(models.Model):
    """The links of a message: to each invoice, and to all that is open."""

    _inherit = "payment.followup.action"

    payment_url = fields.Char(string="Payment link", compute="_compute_payment_url")
    payment_label = fields.Char(
        string="Words of the payment link", compute="_compute_payment_label"
    )

    @api.depends("line_ids.move_id", "company_id", "partner_id", "date")
    def _compute_payment_url(self):
        self._fetch_invoices()
        for action in self:
            action.payment_url = action._get_payment_link()

    @api.depends("line_ids.move_id", "company_id")
    @api.depends_context("lang")
    def _compute_payment_label(self):
        self._fetch_invoices()
        link = self.env["payment.followup.payment.link"]
        for company, actions in self.grouped("company_id").items():
            can_pay_online = link._can_pay_online(company)
            for action in actions:
                action.payment_label = action._get_payment_label(can_pay_online)

    def _get_payment_label(self, can_pay_online):
        """Return what the button of this message says."""
        if can_pay_online:
            return self.env._("View and pay online")
        if self._get_single_invoice():
            return self.env._("View your invoice")
        return self.env._("View your invoices")

    def _get_payment_link(self):
        """Return where the customer sees and pays what this message lists, else ''.

        The page of a single invoice; else that of all that is open.
        """
        self.ensure_one()
        page = self._get_payment_page()
        invoice = self._get_single_invoice()
        return f"{page}/{invoice.id}" if page and invoice else page

    def _get_single_invoice(self):
        """Return the invoice, in instalments maybe, if this message lists no more."""
        moves = self.sudo().line_ids.move_line_id.move_id
        is_single = len(moves) == 1 and moves.is_sale_document()
        return moves if is_single else moves.browse()

    def _get_payment_page(self):
        """Return the address of all that is open, signed for who gets this message.

        With ``/<id>`` behind it, it leads to the portal's page of that invoice: no
        message writes a token into an invoice, on which people may be at work.
        """
        self.ensure_one()
        # A sample of a message may be to nobody
        if not isinstance(self.partner_id.id, int):
            return ""
        link = self.env["payment.followup.payment.link"]
        return link._get_url(self.company_id, self.partner_id, self.date)

    def _fetch_invoices(self):
        """Read what a message says of its invoices, and no more: one query for all."""
        items = self.sudo().line_ids.move_line_id
        items.fetch(["move_id"])
        items.move_id.fetch(["move_type", "partner_bank_id"])

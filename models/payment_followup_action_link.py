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

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_payment_label(self):
        link = self.env["payment.followup.payment.link"]
        for company, actions in self.grouped("company_id").items():
            actions.payment_label = (
                self.env._("View and pay online")
                if link._can_pay_online(company)
                else self.env._("View your invoices")
            )

    def _get_payment_link(self):
        """Return where the customer sees and pays what this message lists, else ''.

        The portal's signed page of a single invoice; else our page of all that is open.
        """
        self.ensure_one()
        moves = self.sudo().line_ids.move_id
        urls = self._get_invoice_urls() if len(moves) == 1 else {}
        if urls:
            return urls[moves.id]
        # A sample of a message may be to nobody
        if not isinstance(self.partner_id.id, int):
            return ""
        link = self.env["payment.followup.payment.link"]
        return link._get_url(self.company_id, self.partner_id, self.date)

    def _get_invoice_urls(self):
        """Return the signed page of each invoice of this message, {move id: address}.

        Without those that have no token: nothing is written where something is read.
        """
        self.ensure_one()
        moves = self.sudo().line_ids.move_id
        base_url = self.get_base_url()
        return {
            move.id: base_url + move.get_portal_url()
            for move in moves
            if move.access_token and move.is_sale_document()
        }

    def _fetch_invoices(self):
        """Read what a message says of its invoices, and no more: one query for all."""
        names = ["access_token", "move_type", "partner_bank_id"]
        self.sudo().line_ids.move_id.fetch(names)

from odoo import models


class PaymentFollowupStatement(models.Model):
    """The page on which the customer sees and pays what is open."""

    _inherit = "payment.followup.statement"

    def action_open_payment_page(self):
        """Open the customer's own page, to look at it or to copy its address."""
        return {
            "type": "ir.actions.act_url",
            "url": self._get_payment_link(),
            "target": "new",
        }

    def _get_payment_link(self):
        """Return the address of the page of all that is open, valid from today."""
        self.ensure_one()
        today = self.company_id._get_payment_followup_today()
        link = self.env["payment.followup.payment.link"]
        return link._get_url(self.company_id, self.partner_id, today)

from odoo import api, models

from ..models.payment_followup_action_delivery import MAX_NAMED


class PaymentFollowupSending(models.TransientModel):
    """A sending to customers whom somebody chose in the work list."""

    _inherit = "payment.followup.sending"

    @api.model
    def _open_for(self, statements):
        """Return the dialog that shows what is due to these customers, and sends it."""
        self._check_billing_user()
        self._forget()
        sending = self.sudo().create({})
        for company, chosen in statements.grouped("company_id").items():
            company._check_payment_followup_enabled()
            sending.line_ids._prepare_chosen(sending, chosen)
        left_out, more = sending.line_ids._get_left_out(sending)
        return {
            "type": "ir.actions.client",
            "tag": "payment_followup_sending_dialog",
            "params": {
                "sending_id": sending.id,
                "left_out": left_out,
                "left_out_more": more,
            },
        }


class PaymentFollowupSendingLine(models.TransientModel):
    """The rows of customers whom somebody chose."""

    _inherit = "payment.followup.sending.line"

    @api.model
    def _prepare_chosen(self, sending, statements):
        """Write the rows of ``statements`` of one company, all that can leave ticked.

        Whoever chose them decided about those whose level waits for a person too.
        """
        reminder = self.env["payment.followup.reminder"].with_company(
            statements.company_id
        )
        rows = self._prepare_all(reminder, [("id", "in", statements.ids)])
        for row in rows:
            row["is_selected"] = row["state"] != "held"
        self._insert(sending, rows)

    @api.model
    def _get_left_out(self, sending):
        """Return the customers of ``sending`` who get no reminder, and why.

        :return: a list of pairs: name, reason in words; and how many more there are
        """
        held = self.search([("sending_id", "=", sending.id), ("state", "=", "held")])
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        named = [
            (line.partner_id.display_name, reasons[line.reason])
            for line in held[:MAX_NAMED]
        ]
        return named, len(held) - len(named)

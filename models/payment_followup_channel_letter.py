from odoo import api, models


class PaymentFollowupChannelLetter(models.AbstractModel):
    """A letter to print: its PDF is kept on the log row."""

    _name = "payment.followup.channel.letter"
    _description = "Follow-up by Printed Letter"
    _inherit = ["payment.followup.channel"]

    _kind = "letter"
    _icon = "fa-file-text-o"
    _written_order = 3

    @api.model
    def _is_wanted(self, level):
        return level.print_letter

    @api.model
    def _describe(self, level):
        return self.env._("a printed letter")

    @api.model
    def _get_address(self, reminder):
        contacts = reminder.recipient_id | reminder.partner_id
        return next(
            (c.contact_address_inline for c in contacts if self._has_street(c)), ""
        )

    @api.model
    def _has_street(self, contact):
        return bool(contact.street or contact.city)

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No postal address.")

    @api.model
    def _get_initial_state(self):
        return "todo"

    @api.model
    def _send(self, actions):
        self.env["payment.followup.letter"]._attach(actions)

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
        return self._get_postal_address(reminder, self._has_street)

    @api.model
    def _get_postal_address(self, reminder, is_valid):
        """Return the first address that ``is_valid`` takes, in the customer's language.

        In one line, as the letter has it. Odoo's own field for it keeps the language in
        which it was read first.
        """
        contacts = reminder.recipient_id | reminder.partner_id
        for contact in contacts.with_context(lang=reminder.lang):
            if is_valid(contact):
                lines = contact._display_address(without_company=True).splitlines()
                return ", ".join(line.strip() for line in lines if line.strip())
        return ""

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

from odoo import api, models


class PaymentFollowupChannelPost(models.AbstractModel):
    """A letter that Snailmail prints and posts, through Odoo's own queue."""

    _name = "payment.followup.channel.post"
    _description = "Follow-up by Post"
    _inherit = ["payment.followup.channel"]

    _kind = "post"
    _icon = "fa-envelope-open-o"
    _is_paid = True
    _written_order = 2

    @api.model
    def _is_wanted(self, level):
        return level.send_post

    @api.model
    def _can_replace(self, company):
        """Stand in only where the plan posts letters at all: each one is paid for."""
        return bool(
            self.env["payment.followup.level"].search_count(
                [("company_id", "=", company.id), ("send_post", "=", True)], limit=1
            )
        )

    @api.model
    def _describe(self, level):
        return self.env._("a letter by post")

    @api.model
    def _get_address(self, reminder):
        letter = self.env["payment.followup.channel.letter"]
        is_valid = self.env["snailmail.letter"]._is_valid_address
        return letter._get_postal_address(reminder, is_valid)

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No complete postal address.")

    @api.model
    def _send(self, actions):
        self.env["payment.followup.letter"]._attach(actions)
        letters = (
            self.env["snailmail.letter"]
            .sudo()
            .create([self._prepare_letter_vals(action) for action in actions])
        )
        for action, letter in zip(actions, letters, strict=True):
            action.write({"letter_id": letter.id})
        letters._snailmail_print(immediate=False)

    @api.model
    def _get_contact(self, action):
        """Return whose address is on the letter: Snailmail reads it off the contact."""
        contacts = action.recipient_id | action.partner_id
        is_valid = self.env["snailmail.letter"]._is_valid_address
        return next((c for c in contacts if is_valid(c)), action.recipient_id)

    @api.model
    def _prepare_letter_vals(self, action):
        return {
            "partner_id": self._get_contact(action).id,
            "model": action.customer_id._name,
            "res_id": action.customer_id.id,
            "user_id": action.user_id.id,
            "company_id": action.company_id.id,
            "attachment_id": action.attachment_id.id,
        }

from odoo import api, models
from odoo.fields import Domain

from ..const import HELD_REASONS

# What the channels look at to find an address, beside the parts of a postal one.
CONTACT_FIELDS = (
    "commercial_company_name",
    "commercial_partner_id",
    "email_normalized",
    "is_company",
    "lang",
    "name",
    "parent_id",
    "phone",
    "user_id",
)


class PaymentFollowupReminder(models.AbstractModel):
    """What a sending would do, found on the path that does it."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _get_due_domain(self):
        """Return the statements of this company whose reminder may be sent today."""
        return Domain(
            [("company_id", "=", self.env.company.id), ("reason", "=", "due")]
        )

    @api.model
    def _get_held_domain(self):
        """Return the statements with a reminder that something holds back."""
        return Domain("company_id", "=", self.env.company.id) & (
            Domain("reason", "in", HELD_REASONS)
            | Domain([("reason", "!=", "due"), ("next_level_id", "!=", False)])
        )

    @api.model
    def _preview_channels(self, statements):
        """Return what sending ``statements`` would write into the log, nothing said.

        Nothing is rendered, and only what decides the channel is read.

        :return: a list of pairs: the reminder, and its channels {channel: address}
        """
        by_hand = statements.filtered("next_level_id.create_activity")
        lines = self._get_lines(by_hand)
        self._fetch_contacts(statements)
        lines.move_id.fetch(["invoice_user_id"])
        statements.customer_id.fetch(["mode", "responsible_id"])
        lines = lines.grouped("partner_id")
        no_lines = self.env["payment.followup.statement.line"]
        answers = {}
        reminders = [
            self._prepare_reminder(
                statement,
                statement.customer_id,
                lines.get(statement.partner_id, no_lines),
                text="",
                answers=answers,
            )
            for statement in statements
        ]
        return [(reminder, self._choose_channels(reminder)) for reminder in reminders]

    @api.model
    def _fetch_contacts(self, statements):
        """Read what decides the channels of all customers at once, not one by one."""
        contacts = statements.partner_id | statements.recipient_id
        contacts.fetch({*CONTACT_FIELDS, *contacts._display_address_depends()})

    @api.model
    def _rehearse(self, partners, read):
        """Send to ``partners`` as :meth:`_remind` does, look, and take it all back.

        :param read: a function of the ``payment.followup.action`` rows, called before
            they vanish
        :return: what ``read`` returned
        """
        with self.env.cr.savepoint() as savepoint:
            result = read(self._remind(partners, self._get_due_domain()))
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return result

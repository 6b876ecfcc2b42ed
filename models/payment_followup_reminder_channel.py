from odoo import api, models


class PaymentFollowupReminder(models.AbstractModel):
    """Which channels carry a reminder, and which stands in where one cannot."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _choose_channels(self, reminder):
        """Return the channels that reach the customer, a dict {channel: address}.

        Without an address, and without another way in writing, the next channel in
        writing stands in. ``reminder.remarks`` says what was missing.
        """
        channels = self.env["payment.followup.channel"]._get_channels()
        wanted = [c for c in channels if reminder.is_wanted(c)]
        addresses = {c: c._find_address(reminder) for c in wanted}
        missing = [c for c in wanted if not addresses[c]]
        reminder.remarks = [c._explain_missing(reminder) for c in missing]
        chosen = {c: addresses[c] for c in wanted if addresses[c]}
        is_written = any(channel._written_order for channel in chosen)
        if missing and not is_written and reminder.can_replace:
            chosen |= self._choose_replacement(reminder, channels)
        return chosen

    @api.model
    def _choose_replacement(self, reminder, channels):
        for channel in channels:
            if channel._can_replace(reminder.company_id):
                address = channel._find_address(reminder)
                if address:
                    return {channel: address}
        return {}

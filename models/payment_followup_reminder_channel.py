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
        channels = reminder.once("channels", self._get_channels)
        wanted = self._get_wanted_channels(reminder, channels)
        addresses = {c: c._find_address(reminder) for c in wanted}
        missing = [c for c in wanted if not addresses[c]]
        reminder.remarks = [c._explain_missing(reminder) for c in missing]
        chosen = {c: addresses[c] for c in wanted if addresses[c]}
        is_written = any(channel._written_order for channel in chosen)
        if missing and not is_written and reminder.can_replace:
            chosen |= self._choose_replacement(reminder, channels)
        return chosen

    @api.model
    def _get_channels(self):
        return self.env["payment.followup.channel"]._get_channels()

    @api.model
    def _get_wanted_channels(self, reminder, channels):
        """Return those of ``channels`` that who sends it names, else the level."""
        if reminder.kinds is not None:
            return [c for c in channels if c._kind in reminder.kinds]
        level = reminder.level_id
        return reminder.once(
            ("wanted", level.id), lambda: [c for c in channels if c._is_wanted(level)]
        )

    @api.model
    def _choose_replacement(self, reminder, channels):
        for channel in channels:
            if self._can_replace(reminder, channel):
                address = channel._find_address(reminder)
                if address:
                    return {channel: address}
        return {}

    @api.model
    def _can_replace(self, reminder, channel):
        company = reminder.company_id
        return reminder.once(
            ("replace", company.id, channel._kind),
            lambda: channel._can_replace(company),
        )

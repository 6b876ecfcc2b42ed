from odoo import api, models

DAILY_CRON = "account_payment_followup.ir_cron_payment_followup_daily"


class PaymentFollowupGuard(models.AbstractModel):
    """What may hold the automatic sending of a company back.

    The daily batch asks here before it acts. Outside the sending hours it wakes itself
    up at the next opening.
    """

    _name = "payment.followup.guard"
    _description = "Guard of the Automatic Sending"

    @api.model
    def _start_batch(self):
        """Return the ids of the customers whom the batch may remind now."""
        if not self._is_open():
            return ()
        return self.env["payment.followup.reminder"]._start_batch()

    @api.model
    def _is_open(self):
        """Return whether the company may send now; if not, wake the batch up then."""
        company = self.env.company
        if company._is_payment_followup_open():
            return True
        opening = company._get_payment_followup_opening()
        if opening:
            self._wake_up(opening)
        return False

    @api.model
    def _wake_up(self, at=None):
        """Run the daily batch at ``at`` as well; by default, at once."""
        self._trigger_at(DAILY_CRON, at)

    @api.model
    def _trigger_at(self, name, at=None):
        """Run a scheduled action at ``at`` as well, once; by default, at once."""
        cron = self.env.ref(name).sudo()
        known = at and self.env["ir.cron.trigger"].sudo().search_count(
            [("cron_id", "=", cron.id), ("call_at", "=", at)], limit=1
        )
        if not known:
            cron._trigger(at)

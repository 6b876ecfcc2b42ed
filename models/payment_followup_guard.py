from odoo import api, models

DAILY_CRON = "account_payment_followup.ir_cron_payment_followup_daily"


class PaymentFollowupGuard(models.AbstractModel):
    """What may hold the automatic sending of a company back.

    The daily batch asks here before it acts: are these the sending hours, is the bank
    data new enough, are there not unusually many customers? Each time it is held back
    is a ``payment.followup.hold``. Outside the hours the batch wakes itself up.
    """

    _name = "payment.followup.guard"
    _description = "Guard of the Automatic Sending"

    @api.model
    def _start_batch(self):
        """Return the ids of the customers whom the batch may remind now."""
        holds = self.env["payment.followup.hold"].sudo()
        company = self.env.company
        if not self._is_open():
            if company._is_payment_followup_day_off(
                company._get_payment_followup_today()
            ):
                holds._hold("closed", opening=company._get_payment_followup_opening())
            return ()
        holds._end("closed")
        partner_ids = self.env["payment.followup.reminder"]._start_batch()
        return () if self._is_held_back(len(partner_ids)) else partner_ids

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
    def _is_held_back(self, count):
        """Return whether the run, to ``count`` more customers, has to wait."""
        company = self.env.company
        return self._waits(
            "bank", count, company._find_payment_followup_old_bank_data()
        ) or (self._waits("volume", count, company._find_payment_followup_alarm(count)))

    @api.model
    def _waits(self, kind, count, facts):
        """Return whether the run waits for this reason; write down when that changes.

        :param facts: values of the ``payment.followup.hold``; empty: no reason to wait
        """
        holds = self.env["payment.followup.hold"].sudo()
        if not facts:
            holds._end(kind)
            return False
        released = holds._find_decision(kind, "released")
        if released and released._covers(facts):
            return False
        # Where nothing is due, there is nothing to tell the managers
        if count and not holds._find_decision(kind, "refused"):
            holds._hold(kind, **{"customer_count": count} | facts)
        return True

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

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

# The states of a payment that the customer has made, or that the bank still confirms.
PAYING_STATES = ("pending", "authorized", "done")
# The page of the payment enters it within seconds; where the customer has closed that
# page, Odoo's scheduled action would come up to ten minutes later.
POST_PROCESS_DELAY = timedelta(minutes=1)
# How long a bank may take to confirm, a direct debit say, before we ask again.
CONFIRM_DAYS = 7


class PaymentTransaction(models.Model):
    """Payments online: nobody is reminded of what is already on its way."""

    _inherit = "payment.transaction"

    def _update_state(self, allowed_states, target_state, state_message):
        """Have the outcome entered soon, also without the page of the payment."""
        changed = super()._update_state(allowed_states, target_state, state_message)
        if changed.invoice_ids:
            self.env["payment.followup.guard"]._trigger_at(
                "payment.cron_post_process_payment_tx",
                fields.Datetime.now() + POST_PROCESS_DELAY,
            )
        return changed

    @api.model
    def _find_unentered(self, moves):
        """Return those payments of ``moves`` whose outcome is not entered yet."""
        return self.sudo().search(
            [
                ("invoice_ids", "in", moves.ids),
                ("is_post_processed", "=", False),
                ("state", "in", PAYING_STATES),
                ("provider_code", "!=", "custom"),
            ]
        )

    def _post_process(self):
        """Let the invoices wait while their payment is confirmed, and no longer."""
        result = super()._post_process()
        for transaction in self.with_user(SUPERUSER_ID):
            transaction._update_expected_payment()
        return result

    def _update_expected_payment(self):
        """Keep on the invoices until when this payment may take; a promise is kept."""
        note = self._get_expected_note()
        claims = self.invoice_ids.line_ids._get_followup_claims().filtered(
            lambda line: (
                not line.reconciled and line.company_id.payment_followup_enabled
            )
        )
        # They commit with the payment, and speak of what is open after it
        states = self.env["payment.followup.claim"].search(
            [("move_line_id", "in", claims.ids), ("expected_date", "!=", False)]
        )
        ours = states.filtered(lambda claim: claim.expected_note == note).move_line_id
        if not self._is_being_confirmed():
            ours and ours._set_expected_payment(False)
            return
        for company, lines in (claims - ours).grouped("company_id").items():
            end = company._get_payment_followup_today() + timedelta(days=CONFIRM_DAYS)
            promised = states.filtered(lambda c, end=end: c.expected_date >= end)
            lines -= promised.move_line_id
            lines and lines._set_expected_payment(end, note)

    def _is_being_confirmed(self):
        """Return whether the customer has paid and the bank has not said so yet.

        Who has merely chosen to make a wire transfer has not.
        """
        self.ensure_one()
        return self.state in ("pending", "authorized") and (
            self.provider_code != "custom"
        )

    def _get_expected_note(self):
        lang = self.company_id.partner_id.lang
        return self.with_context(lang=lang).env._(
            "Online payment %(reference)s waits for the bank.",
            reference=self.reference,
        )

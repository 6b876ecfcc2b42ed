from odoo import models, modules
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from .iap_errors import is_unreached

# What is wrong with our account, not with the address.
ACCOUNT_FAILURES = ("CREDIT_ERROR", "TRIAL_ERROR")


class SnailmailLetter(models.Model):
    _name = "snailmail.letter"
    _inherit = ["snailmail.letter", "payment.followup.queue"]

    _followup_field = "letter_id"
    _followup_cron = "snailmail.snailmail_print"
    _followup_waiting_states = ("pending", "error")
    _followup_void_state = "canceled"

    def _snailmail_print(self, immediate=True):
        """Stop the reminders that have become wrong since they were queued."""
        letters = self
        if immediate:
            letters -= letters._hold_followups()
            reminders = letters._get_followups().letter_id & letters
            is_final = not modules.module.current_test
            letters = (letters - reminders) + reminders._take_followups(is_final)
        return super(SnailmailLetter, letters)._snailmail_print(immediate)

    def _snailmail_print_valid_address(self):
        """Keep a reminder in the queue when the service could not be reached at all."""
        try:
            return super()._snailmail_print_valid_address()
        except AccessError as error:
            if not is_unreached(error) or modules.module.current_test:
                raise
            self.env.cr.rollback()
            self._get_followup_actions()._forget_handover()
            self.env.cr.commit()  # pylint: disable=invalid-commit
            raise

    def write(self, vals):
        """Tell the action log what became of the reminders."""
        if vals.get("state") == "pending":
            self._get_followup_actions(("failed",))._forget_handover()
        result = super().write(vals)
        if vals.get("state") == "sent":
            self._get_followup_actions(("queued", "failed"))._set_sent()
        elif vals.get("state") == "canceled":
            self._get_followup_actions()._set_cancelled(
                self.env._("Removed from the Snailmail queue.")
            )
        elif vals.get("state") == "error":
            for letter in self:
                letter._set_followups_failed()
        return result

    def _set_followups_failed(self):
        """Tell the action log why this letter was not posted."""
        self._get_followup_actions(("failed",))._forget_handover()
        actions = self._get_followup_actions()
        reason = (
            html2plaintext(self.info_msg or "").strip()
            or self.error_code
            or actions.env._("The letter was not posted.")
        )
        if self.error_code in ACCOUNT_FAILURES:
            actions._set_account_failed(reason)
        else:
            actions._set_failed(reason)

from odoo import models
from odoo.tools import html2plaintext


class SnailmailLetter(models.Model):
    _name = "snailmail.letter"
    _inherit = ["snailmail.letter", "payment.followup.queue"]

    _followup_field = "letter_id"
    _followup_cron = "snailmail.snailmail_print"

    def _snailmail_print(self, immediate=True):
        """Post the reminders that may leave; stop those that have become wrong."""
        held = self._hold_followups() if immediate else self.browse()
        stopped = (self - held)._stop_outdated_followups()
        stopped.write({"state": "canceled"})
        return super(SnailmailLetter, self - held - stopped)._snailmail_print(immediate)

    def write(self, vals):
        """Tell the action log what became of the reminders."""
        result = super().write(vals)
        if vals.get("state") == "sent":
            self._get_followup_actions(("queued", "failed"))._set_sent()
        elif vals.get("state") == "canceled":
            self._get_followup_actions()._set_cancelled(
                self.env._("Removed from the queue of Snailmail.")
            )
        elif vals.get("state") == "error":
            for letter in self:
                letter._get_followup_actions()._set_failed(
                    html2plaintext(letter.info_msg or "").strip()
                    or letter.error_code
                    or self.env._("The letter was not posted.")
                )
        return result

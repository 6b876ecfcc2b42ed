from odoo import models


class MailMail(models.Model):
    _name = "mail.mail"
    _inherit = ["mail.mail", "payment.followup.queue"]

    _followup_field = "mail_id"

    def send(self, *args, **kwargs):
        """Stop the reminders that have become wrong since they were queued."""
        stopped = self._stop_outdated_followups()
        stopped.sudo().write({"state": "cancel"})
        return super(MailMail, self - stopped).send(*args, **kwargs)

    def write(self, vals):
        """Tell the action log of reminders that somebody takes out of the queue."""
        if vals.get("state") == "cancel":
            self._get_followup_actions()._set_cancelled(
                self.env._("Removed from the mail queue.")
            )
        return super().write(vals)

    def unlink(self):
        """Tell the action log of reminders that somebody takes out of the queue."""
        self._get_followup_actions()._set_cancelled(
            self.env._("Removed from the mail queue.")
        )
        return super().unlink()

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the action log what became of the reminders."""
        actions = self._get_followup_actions(("queued", "failed"))
        if failure_type:
            actions._set_failed(failure_reason or failure_type)
        else:
            actions._set_sent()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

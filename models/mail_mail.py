from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """Stop the reminders that have become wrong since they were queued."""
        stopped = self._get_followup_actions()._stop_outdated().mail_id
        stopped.sudo().write({"state": "cancel"})
        return super(MailMail, self - stopped).send(*args, **kwargs)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the action log what became of the reminders."""
        actions = self._get_followup_actions()
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

    def _get_followup_actions(self):
        return (
            self.env["payment.followup.action"]
            .sudo()
            .search([("mail_id", "in", self.ids), ("state", "=", "queued")])
        )

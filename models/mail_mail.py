from odoo import api, fields, models
from odoo.fields import Domain


class MailMail(models.Model):
    _name = "mail.mail"
    _inherit = ["mail.mail", "payment.followup.queue"]

    _followup_field = "mail_id"
    _followup_cron = "mail.ir_cron_mail_scheduler_action"

    @api.model
    def process_email_queue(self, *args, **kwargs):
        """Go on until the reminders are out: Odoo's queue sends one batch an hour.

        The size of a batch, and what a server of a user may send in a minute, stay as
        the administrator has set them.
        """
        before = self._count_queued()
        result = super().process_email_queue(*args, **kwargs)
        reminders = self._count_queued(Domain("id", "in", self._query_followups()))
        sent = before - self._count_queued()
        # Without progress the server is out of reach: the next try is an hour away
        if reminders and sent > 0:
            self._continue_queue(sent, reminders)
        return result

    @api.model
    def _continue_queue(self, sent, left):
        """Let the scheduled action run again at once, or start it where none runs."""
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress(sent, remaining=left)
        else:
            self.env["payment.followup.guard"]._trigger_at(self._followup_cron)

    @api.model
    def _count_queued(self, domain=Domain.TRUE):
        """Return the number of messages that the queue would send now."""
        due = Domain("scheduled_date", "=", False) | Domain(
            "scheduled_date", "<=", fields.Datetime.now()
        )
        return self.sudo().search_count(Domain("state", "=", "outgoing") & due & domain)

    @api.model
    def _query_followups(self):
        actions = self.env["payment.followup.action"].sudo()
        query = actions._search([("state", "=", "queued"), ("mail_id", "!=", False)])
        return query.subselect("mail_id")

    def send(self, *args, **kwargs):
        """Send the reminders that may leave; stop those that have become wrong."""
        held = self._hold_followups()
        stopped = (self - held)._stop_outdated_followups()
        stopped.sudo().write({"state": "cancel"})
        return super(MailMail, self - held - stopped).send(*args, **kwargs)

    def _set_waiting_until(self, opening):
        self.sudo().write({"scheduled_date": opening})

    def _release_followups(self):
        self.sudo().write({"scheduled_date": False})
        return super()._release_followups()

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

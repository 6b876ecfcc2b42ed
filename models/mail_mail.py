import smtplib
import sys

from odoo import api, fields, models, modules
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from .smtp_errors import get_reply, is_temporary, may_have_arrived

# Reminders that one look decides about before they leave one after the other.
LOOK_SIZE = 50


class MailMail(models.Model):
    _name = "mail.mail"
    _inherit = ["mail.mail", "payment.followup.queue"]

    _followup_field = "mail_id"
    _followup_cron = "mail.ir_cron_mail_scheduler_action"
    _followup_waiting_states = ("outgoing", "exception")
    _followup_void_state = "cancel"

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
        progress_id = self.env.context.get("ir_cron_progress_id")
        if progress_id:
            progress = self.env["ir.cron.progress"].sudo().browse(progress_id)
            uncounted = max(sent - progress.done, 0)
            self.env["ir.cron"]._commit_progress(uncounted, remaining=left)
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

    def send(self, auto_commit=False, **options):
        """Leave reminders to the queue alone: it hands over each one once.

        The server repeats the request of a person after a conflict, and would send the
        message again.
        """
        mails = self - self._hold_followups()
        if not auto_commit and not modules.module.current_test:
            reminders = mails._get_followups().mail_id & mails
            reminders._release_followups()
            mails -= reminders
        return super(MailMail, mails).send(auto_commit=auto_commit, **options)

    def _send(self, auto_commit=False, post_send_callback=None, **options):
        """Hand over the reminders one by one, each after a last look."""
        reminders = self & self._get_followups().mail_id
        reminders = reminders.filtered(lambda mail: mail.state == "outgoing")
        others = self - reminders
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, **options)
        options |= {"auto_commit": auto_commit}
        if auto_commit:
            # A worker that is killed at its time limit has got somewhere, and the
            # scheduler starts it again at once
            options["post_send_callback"] = post_send_callback
        for ids in split_every(LOOK_SIZE, reminders.ids):
            if not self.browse(ids)._send_followups(options):
                self._trigger_again(self._get_followups()._get_retry_date(tries=0))
                break
        if post_send_callback:
            post_send_callback(self.ids)
        return True

    def _send_followups(self, options):
        """Send those of these reminders that may leave; return whether to go on.

        One look decides about them together. Before each one leaves, all that the look
        depends on is compared: a payment may come while others are on their way.
        """
        if options["auto_commit"]:
            # What others have done since the queue was read
            self.env.cr.commit()  # pylint: disable=invalid-commit
        look = self._get_followups()._look_ahead()
        return all(mail._send_followup(look, options) for mail in self)

    def _send_followup(self, look, options):
        """Send this reminder if it may still leave; return whether to go on."""
        is_final = options["auto_commit"]
        try:
            mail = self._take_followups(is_final, look)
            # pylint: disable-next=super-method-mismatch
            mail and super(MailMail, mail)._send(**options)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if not is_final:
                raise
            # Somebody works on this customer: the queue comes back to it
            self.env.cr.rollback()
        except smtplib.SMTPServerDisconnected as error:
            self._set_disconnected(error)
            return False
        return True

    def _set_disconnected(self, error):
        actions = self._get_followup_actions()
        if may_have_arrived(error):
            actions._set_unclear()
            self._withdraw()
        else:
            self._try_later(actions, str(error))

    def _try_later(self, actions, error):
        """Leave these reminders in the queue for another attempt; return the others."""
        waiting = actions._postpone(error)
        for date, rows in waiting.grouped(lambda row: row._get_retry_date()).items():
            rows.mail_id.sudo().write({"state": "outgoing", "scheduled_date": date})
            self._trigger_again(date)
        return actions - waiting

    def _trigger_again(self, date):
        self.env["payment.followup.guard"]._trigger_at(self._followup_cron, date)

    def _set_waiting_until(self, opening):
        self.sudo().write({"scheduled_date": opening})

    def _release_followups(self):
        self.sudo().write({"scheduled_date": False})
        return super()._release_followups()

    def write(self, vals):
        """Tell the action log of reminders that somebody takes out, or sends again."""
        if vals.get("state") == "cancel":
            self._get_followup_actions()._set_cancelled(
                self.env._("Removed from the mail queue.")
            )
        elif vals.get("state") == "outgoing":
            self._get_followup_actions(("failed",))._forget_handover()
        return super().write(vals)

    def unlink(self):
        """Tell the action log of reminders that somebody takes out of the queue."""
        waiting = self.filtered(lambda m: m.state in self._followup_waiting_states)
        if waiting:
            waiting._get_followup_actions()._set_cancelled(
                self.env._("Removed from the mail queue.")
            )
        return super().unlink()

    def _explain_followup_error(self, actions, reason):
        """Return why a reminder did not leave, for people: what the server answered.

        :param actions: its log rows, in the language of their readers
        :param reason: what Odoo says, if anything; an error is just being handled
        """
        reply = get_reply(sys.exc_info()[1])
        if reply:
            return actions.env._("The mail server answered: %(reply)s", reply=reply)
        return " ".join((reason or "").split())

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the action log what became of the reminders.

        Odoo's queue gives up at the first error. A reminder waits for a server that is
        out of reach, or that says "later": called from where the error is caught.
        """
        actions = self._get_followup_actions(("queued", "failed"))
        reason = failure_reason or self[:1].failure_reason or failure_type
        error = self._explain_followup_error(actions, reason)
        if failure_type == "mail_smtp" or is_temporary(sys.exc_info()[1]):
            actions = self._try_later(actions, error)
        if failure_type:
            actions._set_failed(error)
        else:
            actions._set_sent()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

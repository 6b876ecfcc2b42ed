import logging

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from .iap_errors import is_unreached

_logger = logging.getLogger(__name__)

# Reminders handed over in one request: as many are unclear if the server dies then.
HANDOVER_SIZE = 10
# What is wrong with our account, not with the number.
ACCOUNT_FAILURES = ("sms_acc", "sms_credit")


class SmsSms(models.Model):
    _name = "sms.sms"
    _inherit = ["sms.sms", "payment.followup.queue"]

    _followup_field = "sms_id"
    _followup_cron = "sms.ir_cron_sms_scheduler_action"
    _followup_waiting_states = ("outgoing",)
    _followup_void_state = "canceled"

    @api.model
    def _process_queue(self):
        """Pass over the reminders that wait: the queue takes the oldest ones first."""
        return super(
            SmsSms, self.with_context(payment_followup_skip_waiting=True)
        )._process_queue()

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("payment_followup_skip_waiting"):
            domain = Domain(domain) & Domain("id", "not in", self._query_waiting())
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _query_waiting(self):
        actions = self.env["payment.followup.action"].sudo()
        query = actions._search(
            [("queued_until", ">", fields.Datetime.now()), ("sms_id", "!=", False)]
        )
        return query.subselect("sms_id")

    # pylint: disable-next=missing-return
    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Hand over the reminders after a last look, a few at a time."""
        options = {"unlink_failed": unlink_failed, "unlink_sent": unlink_sent}
        messages = self - self._hold_followups()
        reminders = messages._get_followups().sms_id & messages
        others = messages - reminders
        if others:
            super(SmsSms, others)._send(raise_exception=raise_exception, **options)
        for ids in split_every(HANDOVER_SIZE, reminders.ids):
            ready = self.browse(ids)._take_followups(self._is_queue_running())
            try:
                # pylint: disable-next=super-method-mismatch
                ready and super(SmsSms, ready)._send(raise_exception=True, **options)
            except psycopg2.Error:
                raise
            except Exception as error:
                # As Odoo's queue has it: whatever the service does is no answer
                _logger.info("SMS reminders %s: %s", ready.ids, error)
                if raise_exception:
                    raise
                if is_unreached(error):
                    reminders._try_later(str(error))
                    break
                ready._update_sms_state_and_trackers("error", "sms_server")

    def _try_later(self, error):
        """Keep the reminders that have not left for another attempt, or give up."""
        # What has left in this run has another state by now
        outgoing = self.filtered(lambda message: message.state == "outgoing")
        actions = outgoing._get_followup_actions()
        waiting = actions._postpone(error)
        for date, rows in waiting.grouped(lambda row: row._get_retry_date()).items():
            rows.sudo().write({"queued_until": date})
            self.env["payment.followup.guard"]._trigger_at(self._followup_cron, date)
        given_up = actions - waiting
        given_up._set_failed(error)
        given_up.sms_id.sudo().write({"state": "error", "failure_type": "sms_server"})

    def _is_queue_running(self):
        """Return whether the scheduler is at work, which may commit; people do not."""
        return bool(self.env.context.get("cron_id"))

    def write(self, vals):
        """Tell the action log what became of the reminders."""
        if vals.get("state") == "outgoing":
            self._get_followup_actions(("failed",))._forget_handover()
        result = super().write(vals)
        if vals.get("state") in ("pending", "sent"):
            self._get_followup_actions(("queued", "failed"))._set_sent()
        elif vals.get("state") in ("error", "canceled"):
            for message in self:
                message._set_followups_failed()
        return result

    def _set_followups_failed(self):
        """Tell the action log why this SMS was not sent."""
        actions = self._get_followup_actions()
        words = self._fields["failure_type"]._description_selection(actions.env)
        reason = dict(words).get(self.failure_type) or actions.env._(
            "The SMS was not sent."
        )
        if self.failure_type == "sms_server":
            # No answer, or none that can be read: it may have left
            actions._set_unclear()
        elif self.failure_type in ACCOUNT_FAILURES:
            actions._set_account_failed(reason)
        else:
            actions._set_failed(reason)

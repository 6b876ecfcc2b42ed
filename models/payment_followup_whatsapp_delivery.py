import logging
import time
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .whatsapp_api import LANGUAGE_CODES, Template, WhatsappError

_logger = logging.getLogger(__name__)

# Messages a second at most: what Meta allows the smallest numbers.
RATE = 20
# Minutes to wait after each failure; the last one again and again.
BACK_OFF = (1, 5, 15, 60)
# A message that could not leave for so long is given up, and another way is used.
GIVE_UP_AFTER = timedelta(days=2)
# Longer than any request takes: what is still "being sent" then was interrupted.
INTERRUPTED_AFTER = timedelta(minutes=5)
# How often the outcome of a request is written while others change the same rows.
MAX_TRIES = 5
# Trouble that any other message of the company would meet as well.
COMMON_FAILURES = ("account", "rate", "outage", "uncertain")


class PaymentFollowupWhatsapp(models.Model):
    """How the queue is worked off: one message, one request, one outcome, committed.

    ``process`` commits before the request leaves. Whatever happens then, the message is
    not sent a second time unless Meta has said that it did not take the first.
    """

    _inherit = "payment.followup.whatsapp"

    @api.model
    def _cron_send(self):
        """Send what is ready, no faster than :data:`RATE`, company by company."""
        cron = self.env["ir.cron"]
        self._settle_interrupted()
        waiting = self.search(self._get_ready_domain(), order="retry_count, id")
        time_left = cron._commit_progress(remaining=len(waiting))
        for messages in waiting.grouped("company_id").values():
            for message in messages:
                if not time_left:
                    return
                started = time.monotonic()
                self.env.invalidate_all()
                if not message._send():
                    break
                time_left = cron._commit_progress(1)
                time.sleep(max(0, 1 / RATE - (time.monotonic() - started)))
        cron._commit_progress(remaining=self.search_count(self._get_ready_domain()))

    @api.model
    def _get_ready_domain(self):
        """Return the messages to send now; none of a company that has to wait."""
        now = fields.Datetime.now()
        blocked = self._read_group(
            [("failure_type", "in", COMMON_FAILURES), ("retry_date", ">", now)],
            ["company_id"],
        )
        return Domain(
            [
                ("state", "=", "outgoing"),
                ("company_id", "not in", [company.id for (company,) in blocked]),
            ]
        ) & (Domain("retry_date", "=", False) | Domain("retry_date", "<=", now))

    @api.model
    def _settle_interrupted(self):
        """Find what a killed server left half done: nobody knows whether it arrived.

        Only this scheduled action sends, and it never runs twice at a time.
        """
        limit = fields.Datetime.now() - INTERRUPTED_AFTER
        halfway = self.search([("state", "=", "process")])
        old = halfway.filtered(lambda message: message.write_date < limit)
        old._set_uncertain(self.env._("The server stopped while it was being sent."))
        if halfway - old:
            self._trigger(fields.Datetime.now() + INTERRUPTED_AFTER)

    def _send(self):
        """Send this message; return whether its company may go on sending."""
        message = self.try_lock_for_update().filtered_domain(self._get_ready_domain())
        message -= message._hold_followups()
        message -= message._stop_outdated_followups()
        message -= message._withdraw_settled()
        if not message:
            return True
        try:
            client = message.company_id._get_whatsapp_api()
        except UserError as error:
            message._set_later(WhatsappError("account", str(error)))
            return False
        message._refresh_parameters()
        message.state = "process"
        message._get_followups().sudo().write({"handover_date": self.env.cr.now()})
        self.env["ir.cron"]._commit_progress()
        outcome = message._request(client)
        message._record(outcome)
        return outcome.get("kind") not in COMMON_FAILURES

    def _stop_outdated_followups(self):
        stopped = super()._stop_outdated_followups()
        stopped._withdraw()
        return stopped

    def _withdraw_settled(self):
        """Take out what a person has settled in the history; return those messages."""
        open_actions = self._get_followup_actions(("queued", "failed"))
        settled = self.filtered("action_ids") - open_actions.whatsapp_id
        settled._withdraw()
        return settled

    def _refresh_parameters(self):
        """Say the days overdue of today, where the message has waited over night."""
        channel = self.env["payment.followup.channel.whatsapp"]
        for action in self.action_ids:
            if action.date != action.company_id._get_payment_followup_today():
                self.parameters = channel._get_parameters(action)

    def _request(self, client):
        """Hand the message to Meta; return the outcome.

        :return: a dict: ``uid`` of the message, or the ``error`` with its ``kind``
        """
        template = Template(
            self.template,
            "",
            tuple((name, text) for name, text in self.parameters or ()),
            self.is_named,
        )
        first_error = None
        for language in self.languages.split(","):
            try:
                uid = client.send(
                    self.number, replace(template, language=language), self.reference
                )
                return {"uid": uid}
            except WhatsappError as error:
                first_error = first_error or error
                if error.code not in LANGUAGE_CODES or error.kind != "refused":
                    first_error = error
                    break
        return {"error": first_error, "kind": first_error.kind}

    def _record(self, outcome):
        """Write down what became of the request, and commit.

        Meta's report may come first, and change the same rows at the same time.
        """
        for _attempt in range(MAX_TRIES):
            try:
                self._apply(outcome)
                self.env["ir.cron"]._commit_progress()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                self.env.invalidate_all()
        _logger.warning(
            "WhatsApp message %s: its outcome could not be written", self.id
        )

    def _apply(self, outcome):
        if self.state != "process":
            # A report of Meta was faster, and knows better
            return
        if "uid" in outcome:
            self._set_taken("sent", outcome["uid"])
            if self.company_id.sudo().payment_followup_whatsapp_error:
                self.company_id.sudo().payment_followup_whatsapp_error = False
            return
        error = outcome["error"]
        _logger.info("WhatsApp message %s not sent: %s: %s", self.id, error.kind, error)
        if error.kind == "refused":
            self._set_error("refused", str(error))
        elif error.kind == "uncertain":
            self._set_uncertain(self.env._("WhatsApp did not answer: %s", error))
            self._wait(error)
        else:
            self._set_later(error)

    def _set_later(self, error):
        """Keep the message for another try; give up one that has waited too long."""
        too_old = self.create_date < fields.Datetime.now() - GIVE_UP_AFTER
        if too_old and error.kind != "account":
            self._set_error(error.kind, str(error))
            return
        self.write(
            {
                "state": "outgoing",
                "failure_type": error.kind,
                "failure_reason": str(error),
                "retry_count": self.retry_count + 1,
            }
        )
        self._get_followups()._forget_handover()
        self._wait(error)
        if error.kind == "account":
            self.company_id._set_whatsapp_refused(str(error))

    def _wait(self, error):
        """Try the next time when ``error`` says, else after a growing while."""
        step = min(max(self.retry_count, 1), len(BACK_OFF)) - 1
        seconds = max(error.retry_after or 0, BACK_OFF[step] * 60)
        if error.kind == "account":
            seconds = BACK_OFF[-1] * 60
        self.retry_date = fields.Datetime.now() + timedelta(seconds=seconds)
        self._trigger(self.retry_date)

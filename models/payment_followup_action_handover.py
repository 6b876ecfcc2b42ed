from datetime import timedelta

from odoo import fields, models

# Minutes from one attempt to the next while a mail server is out of reach; the last
# one is repeated.
RETRY_MINUTES = (5, 15, 30, 60)
# Then the reminder has failed: about a day later.
MAX_TRIES = 27


class PaymentFollowupAction(models.Model):
    """The moment at which a message leaves: once, whatever happens to the server."""

    _inherit = "payment.followup.action"

    handover_date = fields.Datetime(
        string="Handed over",
        help="When the message was handed to the server that delivers it. Recorded "
        "beforehand: a message that was handed over is not sent again automatically.",
    )
    tries = fields.Integer(
        string="Attempts that failed",
        help="How often the server that delivers was out of reach.",
    )

    def _prepare_handover(self, look=None):
        """Mark those of these messages that may leave now; return them.

        :param look: a :class:`Look` at these messages and others, taken before
        """
        self.filtered("handover_date")._set_unclear()
        leaving = self.filtered(lambda row: row.state in ("queued", "failed"))
        leaving = leaving.filtered(lambda row: not row.handover_date)
        doubtful = leaving._filter_changed(look) if look else leaving
        leaving -= doubtful._stop_outdated()
        leaving.sudo().write({"handover_date": self.env.cr.now()})
        return leaving

    def _forget_handover(self):
        """Allow these messages to leave again: a person says so, or nothing left."""
        self.sudo().write({"handover_date": False})

    def _set_unclear(self):
        """Leave it to a person what becomes of a message that may have arrived."""
        self.filtered(lambda row: row.state == "queued")._fail(
            self.env._(
                "The connection broke while the message was handed over. It may have "
                "arrived."
            )
        )

    def _postpone(self, error):
        """Keep for another attempt what has not left; return those messages.

        :param error: why it did not leave, for the log
        """
        waiting = self.filtered(
            lambda row: row.state == "queued" and row.tries < MAX_TRIES
        )
        for tries, rows in waiting.grouped("tries").items():
            rows.sudo().write(
                {"error": error, "handover_date": False, "tries": tries + 1}
            )
        return waiting

    def _get_retry_date(self, tries=None):
        """Return when to try a message again that could not leave, UTC."""
        tries = self.tries if tries is None else tries
        minutes = RETRY_MINUTES[min(max(tries - 1, 0), len(RETRY_MINUTES) - 1)]
        return fields.Datetime.now() + timedelta(minutes=minutes)

    def _withdraw(self):
        """Take these messages out of whichever queue they wait in."""
        for queue in self.env["payment.followup.queue"]._get_queues():
            self[queue._followup_field]._withdraw()

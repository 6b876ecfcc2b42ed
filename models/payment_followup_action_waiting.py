from odoo import fields, models


class PaymentFollowupAction(models.Model):
    """Messages that wait in their queue for the sending hours of the company."""

    _inherit = "payment.followup.action"

    def _wait_for_opening(self):
        """Keep back those of these messages whose company is closed; return them."""
        waiting = self.browse()
        for company, actions in self.grouped("company_id").items():
            if company._is_payment_followup_open():
                continue
            # Without any opening in sight the queue asks again the next day
            opening = company._get_payment_followup_opening() or fields.Datetime.add(
                fields.Datetime.now(), days=1
            )
            actions.sudo().write({"queued_until": opening})
            waiting += actions
        return waiting

    def _wait_in_queues(self):
        """Tell the queues which of these messages, just made, are to wait there."""
        if all(company._is_payment_followup_open() for company in self.company_id):
            return
        for queue in self.env["payment.followup.queue"]._get_queues():
            self[queue._followup_field].sudo()._hold_followups()

    def _release_from_waiting(self):
        """Let these messages leave; their queue looks at the sending hours again."""
        self.sudo().write({"queued_until": False})
        for queue in self.env["payment.followup.queue"]._get_queues():
            self[queue._followup_field].sudo()._release_followups()

    def _get_waiting_message(self):
        """Return the sentence that tells who sent these messages that they wait."""
        waiting = self.filtered("queued_until")
        if not waiting:
            return ""
        opening = min(waiting.mapped("queued_until"))
        return self.env._(
            "Outside the sending hours: they leave on %(date)s.",
            date=waiting[0].company_id._format_payment_followup_opening(opening),
        )

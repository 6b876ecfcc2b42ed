from odoo import api, fields, models
from odoo.tools import split_every

from .payment_followup_reminder_batch import BATCH_SIZE

LOOK_CRON = "account_payment_followup.ir_cron_payment_followup_look_again"


class PaymentFollowupCustomer(models.Model):
    """Customers whose message was stopped, or came back: they may need another one."""

    _inherit = "payment.followup.customer"

    look_again_date = fields.Datetime(
        string="Look again at",
        readonly=True,
        index="btree_not_null",
        help="When to send what is still due after a message was stopped.",
    )

    def _look_again(self, at=None):
        """Send these customers, and no others, what is due then; by default, at once.

        In the background: what calls this is in the middle of sending something else.
        """
        now = fields.Datetime.now()
        self.sudo().write({"look_again_date": at or now})
        self.env["payment.followup.guard"]._trigger_at(LOOK_CRON, at)


class PaymentFollowupReminder(models.AbstractModel):
    """Between two daily batches: single customers, on the conditions of the batch."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _cron_look_again(self):
        """Send what is due to the customers who wait for another look."""
        waiting = self.env["payment.followup.customer"].search(
            [("look_again_date", "<=", fields.Datetime.now())]
        )
        partners = {
            company: customers.partner_id.ids
            for company, customers in waiting.grouped("company_id").items()
        }
        # What is not sent now, for whatever reason, is left to the daily batch
        waiting.look_again_date = False
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for company, partner_ids in partners.items():
            reminders = company._in_payment_followup_lang(self.with_company(company))
            for chunk in split_every(BATCH_SIZE, partner_ids):
                if not company._get_payment_followup_holds():
                    reminders._remind_chunk(chunk)
                self.env["ir.cron"]._commit_progress(len(chunk))

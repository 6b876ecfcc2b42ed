from odoo import api, fields, models


class PaymentFollowupAction(models.Model):
    """Messages that our own account could not pay for: not the customer's fault."""

    _inherit = "payment.followup.action"

    is_account_failure = fields.Boolean(
        string="No account or credit",
        help="The account that pays for this channel was missing or empty. For the "
        "rest of the day, e-mail, post or letter take its place.",
    )

    _account_failure_idx = models.Index(
        "(company_id, kind, date) WHERE is_account_failure"
    )

    @api.model
    def _is_account_out(self, company, kind):
        """Return whether the account of a channel has turned a message down today."""
        return bool(
            self.sudo().search_count(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", kind),
                    ("date", "=", company._get_payment_followup_today()),
                    ("is_account_failure", "=", True),
                ],
                limit=1,
            )
        )

    def _set_account_failed(self, error):
        """Record that our account was turned down, and let other channels stand in.

        One colleague hears of it once, not about each customer. The reminders are made
        anew; where another channel has said the same, nothing is left to do.
        """
        self._forget_handover()
        self._take_back("failed", error)
        for (company, kind), rows in self.grouped(
            lambda row: (row.company_id, row.kind)
        ).items():
            is_known = self._is_account_out(company, kind)
            rows.sudo().write({"is_account_failure": True})
            if not is_known:
                rows[:1]._alert_failure()
        # Credit that comes later must not send what was said in another way by then
        self._withdraw()
        self.customer_id._look_again()

from odoo import api, fields, models
from odoo.tools import format_date


class PaymentFollowupAction(models.Model):
    """An e-mail that confirms what was promised on the phone."""

    _inherit = "payment.followup.action"

    promise_date = fields.Date(
        string="Confirms a payment by",
        help="The message thanks the customer for a promise and repeats its day; it "
        "is not a reminder.",
    )
    promise_text = fields.Char(
        string="Promise in words", compute="_compute_promise_text"
    )

    @api.depends("promise_date", "line_ids")
    @api.depends_context("lang")
    def _compute_promise_text(self):
        for action in self:
            action.promise_text = action.promise_date and self.env._(
                "We have noted that you will pay %(amount)s by %(date)s.",
                amount=action.totals_text,
                date=action._format_promise_date(),
            )

    def _get_title(self):
        """Return the subject of the message, without the name of the company."""
        if self.promise_date:
            return self.env._(
                "Your payment by %(date)s", date=self._format_promise_date()
            )
        return self.level_id.name or self.env._("Statement of account")

    def _format_promise_date(self):
        """Return the promised day with the name of its month: nobody misreads it."""
        return format_date(self.env, self.promise_date, date_format="long")

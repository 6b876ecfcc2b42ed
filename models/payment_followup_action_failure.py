from markupsafe import Markup

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class PaymentFollowupAction(models.Model):
    """A message that did not reach its customer: who hears of it, and what to do."""

    _inherit = "payment.followup.action"

    def _alert_failure(self):
        """Bring each customer concerned to the responsible, one activity at a time."""
        for action in self:
            user = action.customer_id._get_responsible_user()
            note = action.with_context(lang=user.lang)._render_failure_note()
            action.customer_id._alert_once("failure", note)

    def _render_failure_note(self):
        """Return what happened and what to do about it, HTML."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        happened = self.env._(
            "%(kind)s to %(recipient)s, %(date)s: %(error)s",
            kind=kinds[self.kind],
            recipient=self.address or self.partner_id.display_name,
            date=format_date(self.env, self.date),
            error=self.error or "",
        )
        advice = self._get_failure_advice()
        return Markup("<p>%s</p><p>%s</p>") % (happened, advice)

    def _get_failure_advice(self):
        """Return what the responsible can do, a sentence or two."""
        if self.handover_date:
            return self.env._(
                "Ask the customer or whoever runs the mail server. If the message "
                "arrived, open it in the history and choose “It arrived”. If not, mark "
                "this as done: the reminder is sent again."
            )
        if self.kind == "error":
            return self.env._(
                "It will be tried again tomorrow. If it fails again, check the "
                "templates of the level, and the customer's address and language."
            )
        if self.is_account_failure:
            return self.env._(
                "Register the account, or buy credit for it: Settings ▸ Invoicing ▸ "
                "Customer Payments ▸ Channels of payment reminders. For the rest of "
                "the day, e-mail, post or a letter take its place for all customers."
            )
        if self.promise_date:
            return self.env._(
                "Correct the e-mail address of the customer, then mark this as done. "
                "The promise stands; its confirmation is not sent again."
            )
        return self.env._(
            "Correct the address or number of the customer, then mark this as done: "
            "the reminder is sent again. Or send it another way from the customer's "
            "statement."
        )

    def action_confirm_sent(self):
        """Record that a message arrived after all, as somebody found out."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only billing users can correct what became of a message.")
            )
        wrong = self.filtered(lambda row: row.state != "failed" or row.kind == "error")
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s did not fail: there is nothing to correct.",
                    action=wrong[0].display_name,
                )
            )
        self.sudo()._set_sent()

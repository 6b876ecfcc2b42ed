from odoo import api, fields, models
from odoo.tools import format_date

from ..const import READER_GROUPS


class AccountMove(models.Model):
    """What the invoice form says about follow-up, at the top, before anybody asks."""

    _inherit = "account.move"

    followup_banner = fields.Char(
        string="Follow-up in words",
        compute="_compute_followup_banner",
        groups=READER_GROUPS,
    )

    @api.depends(
        "amount_residual",
        "company_id.payment_followup_enabled",
        "line_ids.followup_claim_ids.expected_date",
        "line_ids.followup_claim_ids.followup_date",
        "line_ids.no_followup",
        "state",
    )
    @api.depends_context("lang")
    def _compute_followup_banner(self):
        for move in self:
            is_followed = bool(
                move.move_type in ("out_invoice", "out_receipt")
                and move.state == "posted"
                and move.amount_residual
                and move.sudo().company_id.payment_followup_enabled
            )
            move.followup_banner = is_followed and " ".join(move._explain_followup())

    def _explain_followup(self):
        """Return what holds this invoice back, and what was sent: sentences."""
        self.ensure_one()
        sentences = []
        if self.no_followup:
            sentences.append(self.env._("In litigation: no reminder mentions it."))
        if self.expected_payment_date:
            sentences.append(self._explain_promise())
        if self.followup_level_id:
            dates = self.sudo().line_ids.followup_claim_ids.mapped("followup_date")
            sentences.append(
                self.env._(
                    "“%(level)s” sent on %(date)s.",
                    level=self.followup_level_id.name,
                    date=format_date(self.env, max(filter(None, dates))),
                )
            )
        return sentences

    def _explain_promise(self):
        date = self.expected_payment_date
        words = format_date(self.env, date)
        if date < self.sudo().company_id._get_payment_followup_today():
            return self.env._("Payment was promised for %(date)s.", date=words)
        return self.env._("Payment promised for %(date)s.", date=words)

    def action_open_followup_statement(self):
        """Open what the customer of this invoice owes."""
        self.ensure_one()
        partner = self.commercial_partner_id.with_company(self.company_id)
        return partner.action_open_followup_statement()

from odoo import api, fields, models
from odoo.fields import Domain

from ..const import READER_GROUPS


class AccountMove(models.Model):
    _inherit = "account.move"

    expected_payment_date = fields.Date(
        string="Expected payment",
        compute="_compute_expected_payment_date",
        inverse="_inverse_expected_payment",
        search="_search_expected_payment_date",
        groups=READER_GROUPS,
        help="The day on which the customer promised to pay. No reminder of this "
        "invoice is sent before then.",
    )
    expected_payment_note = fields.Char(
        string="Note on the payment",
        compute="_compute_expected_payment_note",
        inverse="_inverse_expected_payment",
        groups=READER_GROUPS,
        help="Who promised the payment, and what was said.",
    )
    followup_level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        string="Follow-up level",
        compute="_compute_followup_level_id",
        search="_search_followup_level_id",
        groups=READER_GROUPS,
        help="The highest level communicated to the customer.",
    )
    followup_enabled = fields.Boolean(
        related="company_id.payment_followup_enabled",
        string="Follow-up in use",
        groups=READER_GROUPS,
    )

    # One method each: Odoo would else empty the note when only the date is written
    @api.depends("line_ids.followup_claim_ids.expected_date")
    def _compute_expected_payment_date(self):
        for move in self:
            move.expected_payment_date = move._get_promised_claim().expected_date

    @api.depends(
        "line_ids.followup_claim_ids.expected_date",
        "line_ids.followup_claim_ids.expected_note",
    )
    def _compute_expected_payment_note(self):
        for move in self:
            move.expected_payment_note = move._get_promised_claim().expected_note

    def _get_promised_claim(self):
        claims = self.sudo().line_ids.followup_claim_ids.filtered("expected_date")
        return claims.sorted("expected_date")[-1:]

    @api.depends("line_ids.followup_claim_ids.level_id")
    def _compute_followup_level_id(self):
        for move in self:
            levels = move.sudo().line_ids.followup_claim_ids.level_id
            move.followup_level_id = levels.sorted("delay")[-1:]

    def _inverse_expected_payment(self):
        for move in self:
            claims = move.line_ids._get_followup_claims()
            lines = claims.filtered(lambda line: not line.reconciled) or claims
            (lines or move.line_ids[:1])._set_expected_payment(
                move.expected_payment_date, move.expected_payment_note
            )

    @api.onchange("expected_payment_date")
    def _onchange_expected_payment_date(self):
        return self.company_id._warn_if_past(self.expected_payment_date)

    def _search_expected_payment_date(self, operator, value):
        return self._search_followup_claim("expected_date", operator, value)

    def _search_followup_level_id(self, operator, value):
        return self._search_followup_claim("level_id", operator, value)

    def _search_followup_claim(self, field, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        claim = Domain("followup_claim_ids", "any!", [(field, operator, value)])
        domain = Domain("line_ids", "any!", claim)
        if operator == "in" and False in value:
            stated = Domain("followup_claim_ids", "any!", [(field, "!=", False)])
            domain |= ~Domain("line_ids", "any!", stated)
        return domain

    def button_draft(self):
        """Reset the follow-up with the invoice: a new claim starts a new ladder."""
        result = super().button_draft()
        self._reset_followup()
        return result

    def _reset_followup(self):
        lines = self.line_ids.sudo()
        self.env["payment.followup.action.line"].sudo().search(
            [("move_line_id", "in", lines.ids), ("counts", "=", True)]
        )._void()
        lines.followup_claim_ids.unlink()

    def action_open_followup_history(self):
        """Open the log rows that mention this invoice."""
        self.ensure_one()
        self.env["payment.followup.action"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_action_action"
        )
        return action | {
            "domain": [("line_ids.move_id", "=", self.id)],
            "context": {"create": False},
        }

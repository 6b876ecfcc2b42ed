from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..const import READER_GROUPS


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    followup_claim_ids = fields.One2many(
        comodel_name="payment.followup.claim",
        inverse_name="move_line_id",
        string="Follow-up state",
        groups=READER_GROUPS,
        copy=False,
    )
    followup_level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        string="Follow-up level",
        compute="_compute_followup_level",
        search="_search_followup_level_id",
        groups=READER_GROUPS,
        help="The level last communicated to the customer.",
    )
    followup_date = fields.Date(
        string="Last follow-up",
        compute="_compute_followup_level",
        search="_search_followup_date",
        groups=READER_GROUPS,
        help="When the level was communicated last.",
    )

    @api.depends("followup_claim_ids.level_id", "followup_claim_ids.followup_date")
    def _compute_followup_level(self):
        for line in self:
            claim = line.sudo().followup_claim_ids
            line.followup_level_id = claim.level_id
            line.followup_date = claim.followup_date

    def _search_followup_level_id(self, operator, value):
        return self._search_claim("level_id", operator, value)

    def _search_followup_date(self, operator, value):
        return self._search_claim("followup_date", operator, value)

    def _search_claim(self, field, operator, value):
        """Return the domain for a field of the claim; no claim is an empty field."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = Domain("followup_claim_ids", "any!", [(field, operator, value)])
        if operator == "in" and False in value:
            domain |= Domain("followup_claim_ids", "=", False)
        return domain

    def write(self, vals):
        if "no_followup" not in vals or self.env.context.get("followup_logging"):
            return super().write(vals)
        # Core passes the flag on to the other instalments of an invoice, through a
        # write of its own: one log row for all of them, not one for each write.
        lines = self | self.move_id.filtered(lambda move: move.is_invoice()).line_ids
        before = lines.filtered("no_followup")
        result = super(AccountMoveLine, self.with_context(followup_logging=True)).write(
            vals
        )
        changed = (before - lines.filtered("no_followup")) | (
            lines.filtered("no_followup") - before
        )
        changed._get_followup_claims()._log_litigation(bool(vals["no_followup"]))
        return result

    def _get_followup_claims(self):
        """Return the posted customer claims among these items, paid ones included."""
        return self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_id.account_type == "asset_receivable"
                and not line.account_id.non_trade
                and line.partner_id
                and line.balance > 0
            )
        )

    def _set_litigation(self, excluded):
        """Exclude these claims from follow-up, or take them back.

        Billing users may do so; the right is checked on the journal item.
        """
        self.check_access("write")
        self.write({"no_followup": excluded})

    def _set_expected_payment(self, date, note=False, said_on=None):
        """Store and log the day on which the customer promised to pay.

        :param date: the promised day; False takes the promise back
        :param said_on: the day on which it was promised, None: today
        :raise UserError: for entries that are not posted, or that nobody has to pay
        """
        self.check_access("write")
        draft = self.move_id.filtered(lambda move: move.state != "posted")
        if draft:
            raise UserError(
                self.env._(
                    "%(invoice)s is not posted: only a posted invoice can have an "
                    "expected payment date.",
                    invoice=draft[0].display_name,
                )
            )
        claims = self._get_followup_claims()
        if date and self and not claims:
            raise UserError(
                self.env._(
                    "%(entry)s is no claim on a customer: no payment can be expected. "
                    "Enter the day on an invoice.",
                    entry=self[0].move_id.display_name,
                )
            )
        known = claims._get_promised_for(date)
        known._set_promise_note(note)
        new = claims - known
        self.env["payment.followup.claim"].sudo()._set_expected(new, date, note)
        new._log_promise(date, note, said_on)

    def _get_promised_for(self, date):
        """Return those of these claims that are promised for ``date`` already."""
        date = fields.Date.to_date(date)
        return self.filtered(
            lambda line: date and line.sudo().followup_claim_ids.expected_date == date
        )

    def _set_promise_note(self, note):
        """Store and log words on a promise that stays: it is kept or broken once."""
        claims = self.sudo().followup_claim_ids.filtered(
            lambda claim: (claim.expected_note or "") != (note or "")
        )
        claims.expected_note = note
        for date, group in claims.grouped("expected_date").items():
            group.move_line_id.sudo(False)._log_followup(
                "note",
                self.env._(
                    "On the payment expected on %(date)s: %(note)s",
                    date=format_date(self.env, date),
                    note=note or "–",
                ),
            )

    def _log_litigation(self, excluded):
        if excluded:
            remark = self.env._("Excluded from follow-up: in litigation")
        else:
            remark = self.env._("Back in follow-up")
        self._log_followup("litigation", remark)

    def _log_promise(self, date, note, said_on):
        for company, lines in self.grouped("company_id").items():
            today = said_on or company._get_payment_followup_today()
            remark = self._describe_promise(date, note, today)
            lines._log_followup("promise", remark.strip())

    @api.model
    def _describe_promise(self, date, note, today):
        """Return a promise in words, also one that was entered when it was over.

        The screens ask about such a day. An import is taken, as it may be old news; but
        nobody shall wonder later why the promise counts as not kept.
        """
        if not date:
            return self.env._("Expected payment date withdrawn")
        values = {"date": format_date(self.env, date), "note": note or ""}
        if fields.Date.to_date(date) < today:
            return self.env._(
                "Payment expected on %(date)s, a day that was already over. %(note)s",
                **values,
            )
        return self.env._("Payment expected on %(date)s. %(note)s", **values)

    def _log_followup(self, kind, remark):
        """Write one log row per company and customer about these claims."""
        Action = self.env["payment.followup.action"].sudo()
        groups = self.grouped(
            lambda line: (line.company_id, line.partner_id.commercial_partner_id)
        )
        for (company, partner), lines in groups.items():
            Action._log(company, partner, kind, remark, lines)

    def _get_followup_due_date(self):
        """Return the due date; items without one are due on the day of the entry."""
        self.ensure_one()
        return self.date_maturity or self.invoice_date or self.date

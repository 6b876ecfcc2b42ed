from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import ITEM_REASONS, PARTS
from .payment_followup_decision import COMPANY_SHIFT, NOW

# What people may enter on an open item; it is kept with the journal item.
EDITABLE_FIELDS = frozenset(
    {"expected_payment_date", "expected_payment_note", "no_followup"}
)


class PaymentFollowupStatementLine(models.Model):
    """One open item of a customer: its level, and why it is (not) in the reminder.

    The id is that of the journal item.
    """

    _name = "payment.followup.statement.line"
    _description = "Open Item of a Customer Statement"
    _inherit = ["payment.followup.decision"]
    _auto = False
    _rec_name = "move_id"
    _order = "date_due, id"
    _statement_field = "statement_id"

    statement_id = fields.Many2one(
        comodel_name="payment.followup.statement", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Journal item", readonly=True
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    move_type = fields.Selection(related="move_id.move_type")
    date_due = fields.Date(string="Due date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    amount_residual = fields.Monetary(
        string="Still open (company currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_residual_currency = fields.Monetary(string="Still open", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    reason = fields.Selection(
        selection=ITEM_REASONS,
        string="Today's reminder",
        readonly=True,
        help="Why this item is, or is not, part of a reminder sent today.",
    )
    part = fields.Selection(
        selection=PARTS,
        readonly=True,
        help="Where the item belongs in the receivable balance. On hold: in "
        "litigation, promised, or the customer is paused or excluded. Outside the "
        "plan: opening balances and other miscellaneous entries, and items without a "
        "customer.",
    )
    is_claim = fields.Boolean(string="Claim", readonly=True)
    is_due = fields.Boolean(string="Reminder due", readonly=True)
    is_listed = fields.Boolean(string="Listed", readonly=True)
    level_id = fields.Many2one(comodel_name="payment.followup.level", readonly=True)
    followup_date = fields.Date(string="Last reminder", readonly=True)
    repeat_count = fields.Integer(string="Repetition", readonly=True)
    next_level_id = fields.Many2one(
        comodel_name="payment.followup.level", string="Next level", readonly=True
    )
    next_date = fields.Date(string="Next step", readonly=True)
    # What is shown, and may be changed, in the three fields below
    is_held_back = fields.Boolean(string="Excluded", readonly=True)
    expected_date = fields.Date(string="Promised day", readonly=True)
    expected_note = fields.Char(string="Promised by", readonly=True)
    no_followup = fields.Boolean(
        string="Exclude",
        compute="_compute_no_followup",
        inverse="_inverse_no_followup",
        help="In litigation: no reminder mentions this item.",
    )
    expected_payment_date = fields.Date(
        string="Expected payment",
        compute="_compute_expected_payment_date",
        inverse="_inverse_expected_payment",
        help="The day on which the customer promised to pay. No reminder is sent "
        "before then.",
    )
    expected_payment_note = fields.Char(
        string="Who said so",
        compute="_compute_expected_payment_note",
        inverse="_inverse_expected_payment",
        help="Who promised the payment, and what was said.",
    )

    @api.onchange("expected_payment_date")
    def _onchange_expected_payment_date(self):
        return self.company_id._warn_if_past(self.expected_payment_date)

    def write(self, vals):
        """Exclude an item or enter a promise; what is computed stays as it is."""
        if vals.keys() - EDITABLE_FIELDS:
            raise UserError(self.statement_id._get_read_only_message())
        result = super().write(vals)
        self._invalidate_decision()
        return result

    @property
    def _table_query(self):
        return self._query_lines(self._get_days())

    def _get_no_longer_open_message(self):
        return self.env._("This item is no longer open.")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Put statements in the order of their ids: they have no table to join."""
        if field_name == "statement_id":
            column = SQL.identifier(alias, field_name)
            return SQL("%s %s %s", column, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.depends("is_held_back")
    def _compute_no_followup(self):
        for line in self:
            line.no_followup = line.is_held_back

    def _inverse_no_followup(self):
        for line in self:
            line.move_line_id._set_litigation(line.no_followup)

    # One method each: Odoo would else empty the note when only the date is written
    @api.depends("expected_date")
    def _compute_expected_payment_date(self):
        for line in self:
            line.expected_payment_date = line.expected_date

    @api.depends("expected_note")
    def _compute_expected_payment_note(self):
        for line in self:
            line.expected_payment_note = line.expected_note

    def _inverse_expected_payment(self):
        for line in self:
            line.move_line_id._set_expected_payment(
                line.expected_payment_date, line.expected_payment_note
            )

    @api.model
    def _query_lines(self, days, state=NOW):
        """Return the open items with their reason.

        :param days: the day to decide for, a dict {company: date}
        :param state: where claims and customers stand
        """
        return SQL(
            """
            WITH %(plan)s
            SELECT item.id,
                   (item.company_id - 1)::bigint << %(shift)s | item.partner_id
                       AS statement_id,
                   item.company_id,
                   item.partner_id,
                   item.id AS move_line_id,
                   item.move_id,
                   item.date_due,
                   item.days_overdue,
                   item.currency_id,
                   item.amount_residual,
                   item.amount_residual_currency,
                   item.amount_currency AS amount_total,
                   item.is_held_back,
                   item.expected_date,
                   item.expected_note,
                   %(part)s AS part,
                   CASE WHEN item.is_outside THEN 'outside'
                        WHEN NOT item.is_claim THEN 'credit'
                        WHEN item.is_excluded THEN 'litigation'
                        WHEN item.is_promised THEN 'promised'
                        WHEN item.is_due THEN 'due'
                        WHEN item.days_overdue <= 0 THEN 'not_due'
                        WHEN item.next_date IS NULL THEN 'plan_done'
                        ELSE 'waiting'
                    END AS reason,
                   item.is_claim,
                   item.is_due,
                   item.is_listed,
                   item.level_id,
                   item.level_date,
                   item.followup_date,
                   CASE WHEN item.next_level_id = item.level_id
                        THEN item.repeat_count + 1
                        ELSE 0
                    END AS repeat_count,
                   CASE WHEN item.is_followed THEN item.next_level_id
                    END AS next_level_id,
                   CASE WHEN item.is_followed THEN item.next_date END AS next_date
              FROM (%(items)s) item
              JOIN company
                ON company.id = item.company_id
         LEFT JOIN %(customers)s customer
                ON customer.company_id = item.company_id
               AND customer.partner_id = item.partner_id
            """,
            customers=state.customers,
            plan=self._query_plan(days),
            part=self._query_part(),
            shift=COMPANY_SHIFT,
            items=self._query_items(state),
        )

    @api.model
    def _query_part(self):
        """Return the part of the receivable balance that an item belongs to."""
        return SQL(
            """
            CASE WHEN item.is_outside THEN 'outside'
                 WHEN item.is_excluded
                      OR item.is_promised
                      OR NOT company.is_enabled
                      OR customer.mode = 'none'
                      OR customer.next_date > company.today THEN 'hold'
                 WHEN item.days_overdue <= 0 THEN 'not_due'
                 ELSE 'followed'
             END
            """
        )

    def action_include(self):
        """Bring items that are outside the plan, or in litigation, into the plan."""
        claims = self.filtered("partner_id").move_line_id._get_followup_claims()
        if not claims:
            raise UserError(
                self.env._(
                    "None of these items is a claim on a customer. Enter the customer "
                    "on the journal item first."
                )
            )
        claims._set_litigation(False)

    def _is_moving(self):
        """Return whether a reminder says another level than the last one."""
        self.ensure_one()
        return self.is_due and self.next_level_id != self.level_id

    def _get_message_lines(self, level, is_forced=False):
        """Return those of a customer's open items that a message at ``level`` lists.

        Overdue and due claims and the open credits; before the due date what is
        announced, and nothing overdue. A forced message where nothing is due, and so
        without a level, is a statement of account: of all that is not excluded.
        """
        if not self:
            return self
        credits = self.filtered(lambda item: not item.is_claim)
        listed = self.filtered("is_due" if level.delay < 0 else "is_listed")
        if is_forced and not level:
            listed = self.filtered("is_claim").filtered(
                lambda item: item.reason not in ("litigation", "outside")
            )
        elif is_forced and not listed:
            listed = self.filtered(lambda item: item.reason == "not_due")
        return listed + credits

    def _prepare_sample_vals(self):
        """Return what the log would keep of this item: for a message not sent yet."""
        self.ensure_one()
        move_line, move = self.move_line_id, self.move_id
        return {
            "kind": "email",
            "move_line_id": move_line.id,
            "name": move.name or move_line.name or "/",
            "date_invoice": move.invoice_date or move.date,
            "date_due": self.date_due,
            "currency_id": move_line.currency_id.id,
            "amount_total": move_line.amount_currency,
            "amount_residual_currency": move_line.amount_residual_currency,
            "amount_residual": move_line.amount_residual,
        }

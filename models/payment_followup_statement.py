from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..const import REASONS, UNCHASED_REASONS

# What people decide about a customer, by the field of ``payment.followup.customer``
# that keeps it.
DECISIONS = {
    "mode": "mode",
    "planned_date": "next_date",
    "responsible_id": "responsible_id",
}
EDITABLE_FIELDS = frozenset({*DECISIONS, "line_ids"})


class PaymentFollowupStatement(models.Model):
    """What a customer owes a company, and the reminder that is due, or why none is.

    The one place that answers "how much, how late, which level is due, and why (not)":
    one row per company and customer with open items, computed at every read by the SQL
    of ``payment.followup.decision``.
    """

    _name = "payment.followup.statement"
    _description = "Customer Statement"
    _inherit = ["payment.followup.decision"]
    _auto = False
    _rec_name = "partner_id"
    _order = "urgency DESC, amount_due DESC, id"
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    customer_id = fields.Many2one(
        comodel_name="payment.followup.customer",
        string="Follow-up record",
        readonly=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    trust = fields.Selection(
        selection=[
            ("good", "Good Debtor"),
            ("normal", "Normal Debtor"),
            ("bad", "Bad Debtor"),
        ],
        string="Rating",
        readonly=True,
    )
    reason = fields.Selection(
        selection=REASONS,
        readonly=True,
        help="Why a reminder is due for this customer today, or why none is.",
    )
    is_automatic = fields.Boolean(
        string="Sent automatically",
        readonly=True,
        help="The daily batch sends the reminder that is due.",
    )
    due_level_id = fields.Many2one(
        comodel_name="payment.followup.level", string="Level due", readonly=True
    )
    next_level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        string="Next level",
        readonly=True,
        help="The highest level that an invoice is ready for, whatever holds it back.",
    )
    level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        string="Level reached",
        readonly=True,
        help="The highest level communicated for an invoice that is still open.",
    )
    next_date = fields.Date(
        string="Next reminder",
        readonly=True,
        help="The day on which the next reminder is due if nothing changes.",
    )
    followup_date = fields.Date(string="Last reminder", readonly=True)
    mode = fields.Selection(
        selection=[
            ("automatic", "Automatic"),
            ("manual", "By hand"),
            ("none", "Never"),
        ],
        string="Reminders",
        help="Automatic: the daily batch sends what is due. By hand: what is due waits "
        "in the list. Never: this customer gets no reminder.",
    )
    planned_date = fields.Date(
        string="No reminder before",
        help="No reminder before this day. Empty: the plan decides.",
    )
    action_ids = fields.One2many(
        comodel_name="payment.followup.action",
        string="History",
        compute="_compute_action_ids",
    )
    email = fields.Char(string="E-mail", compute="_compute_addresses")
    phone = fields.Char(compute="_compute_addresses")
    failure = fields.Selection(
        selection=[("error", "Error"), ("delivery", "Delivery failed")],
        readonly=True,
        help="Why the last reminder did not reach the customer.",
    )
    expected_date = fields.Date(string="Expected payment", readonly=True)
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False)]",
        help="Who looks after this customer.",
    )
    recipient_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        help="The contact of type Follow-up Address, else the invoice address, else "
        "the customer.",
    )
    amount_balance = fields.Monetary(
        string="Total",
        readonly=True,
        help="All open items, as in the receivable accounts: also those in litigation.",
    )
    amount_due = fields.Monetary(
        string="Open balance",
        readonly=True,
        help="All open items but those in litigation, credits deducted.",
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        readonly=True,
        help="What is past its due date and not in litigation, credits deducted.",
    )
    amount_reminder = fields.Monetary(
        string="Amount in the reminder",
        readonly=True,
        help="What a reminder sent today would ask for.",
    )
    amount_excluded = fields.Monetary(
        string="Excluded",
        readonly=True,
        help="Claims excluded from follow-up: in litigation, or outside the plan.",
    )
    amount_credit = fields.Monetary(
        string="Credits",
        readonly=True,
        help="Credit notes and payments that wait to be reconciled.",
    )
    days_overdue = fields.Integer(
        string="Days overdue",
        readonly=True,
        aggregator="max",
        help="Days overdue of the oldest claim that is not in litigation.",
    )
    claim_count = fields.Integer(string="Invoices", readonly=True)
    amount_not_due = fields.Monetary(string="Not due", readonly=True)
    amount_1_30 = fields.Monetary(string="1–30 days", readonly=True)
    amount_31_60 = fields.Monetary(string="31–60 days", readonly=True)
    amount_61_90 = fields.Monetary(string="61–90 days", readonly=True)
    amount_91_120 = fields.Monetary(string="91–120 days", readonly=True)
    amount_over_120 = fields.Monetary(string="Over 120 days", readonly=True)
    line_ids = fields.One2many(
        comodel_name="payment.followup.statement.line",
        inverse_name="statement_id",
        string="Open items",
    )

    @property
    def _table_query(self):
        return self._query_statement(self._get_days())

    @api.onchange("planned_date")
    def _onchange_planned_date(self):
        return self.company_id._warn_if_past(self.planned_date)

    def _compute_action_ids(self):
        Action = self.env["payment.followup.action"]
        for statement in self:
            statement.action_ids = Action.search(
                [("customer_id", "in", statement.customer_id.ids)]
            )

    def write(self, vals):
        """Let people decide about a customer; what is computed stays as it is."""
        if vals.keys() - EDITABLE_FIELDS:
            raise UserError(self._get_read_only_message())
        decided = {DECISIONS[n]: value for n, value in vals.items() if n in DECISIONS}
        if decided:
            self.check_access("write")
            self._get_customers().write(decided)
        others = {n: value for n, value in vals.items() if n not in DECISIONS}
        result = super().write(others)
        self._invalidate_decision()
        return result

    def action_open_send_wizard(self):
        """Look at the reminder of this customer, adapt it and send it."""
        self._check_something_to_list()
        action = self._open_wizard("payment_followup_send_wizard_action")
        if not self._get_message_level():
            action["name"] = self.env._("Send a Statement of Account")
        return action

    def action_open_note_wizard(self):
        """Log a call or a note about this customer."""
        return self._open_wizard("payment_followup_note_wizard_action", kind="call")

    def action_open_form(self):
        """Open this statement from a list of another model."""
        return self._get_form_action()

    def action_open_thread(self):
        """Open the messages and activities of this customer, with their answers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.followup.customer",
            "res_id": self._get_customer().id,
            "view_mode": "form",
        }

    def action_clear_failure(self):
        """Try again after a failed delivery."""
        self._check_billing_user()
        actions = self.customer_id._try_again()
        return actions._notify_result() if actions else None

    def action_set_trust_good(self):
        """Turn the traffic light green."""
        self._set_trust("good")

    def action_set_trust_normal(self):
        """Turn the traffic light yellow."""
        self._set_trust("normal")

    def action_set_trust_bad(self):
        """Turn the traffic light red."""
        self._set_trust("bad")

    def _send(self, kinds=None, text=None):
        """Remind these customers now; return the log rows.

        :param kinds: kinds of channels to use, whatever is due; None: what is due, by
            the channels of its level
        :param text: words to use instead of those of the level, HTML
        """
        self._check_billing_user()
        if kinds:
            self._check_something_to_list()
        domain = Domain.TRUE if kinds else Domain("reason", "=", "due")
        actions = self.env["payment.followup.action"]
        for company, statements in self.grouped("company_id").items():
            company._check_payment_followup_enabled()
            actions += (
                self.env["payment.followup.reminder"]
                .with_company(company)
                ._remind(
                    statements.partner_id,
                    domain,
                    kinds=kinds,
                    text=text,
                    is_forced=bool(kinds),
                )
            )
        return actions

    @api.model
    def _find(self, company, partner):
        """Return the statement of ``partner``'s customer in ``company``, if any."""
        return self.with_company(company).search(
            [("id", "=", self._get_statement_id(company, partner))]
        )

    def _get_message_level(self):
        """Return the level of a message by hand; none: it is a statement of account."""
        level = self.next_level_id
        return level.browse() if self.reason in UNCHASED_REASONS else level

    def _check_something_to_list(self):
        """Refuse a message by hand that could list nothing: it would ask for nothing.

        :raise UserError: for the first customer without a claim that can be listed
        """
        for statement in self:
            lines = statement.line_ids._get_message_lines(
                statement._get_message_level(), is_forced=True
            )
            if not any(lines.mapped("is_claim")):
                raise UserError(
                    self.env._(
                        "There is nothing to send to %(customer)s: what is open is "
                        "excluded from follow-up, or in the customer's favor. Untick "
                        "“Exclude” on an open item that the message shall list.",
                        customer=statement.partner_id.display_name,
                    )
                )

    def _set_trust(self, trust):
        for statement in self:
            statement.partner_id.with_company(statement.company_id)._set_trust(trust)
        self.invalidate_recordset(["trust"], flush=False)

    def _check_billing_user(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only billing users can send or plan payment reminders.")
            )

    def _get_customer(self):
        """Return what people decided about this customer, a new record if need be."""
        self.ensure_one()
        return self.env["payment.followup.customer"]._get_or_create(
            self.company_id, self.partner_id
        )

    def _get_form_action(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _open_wizard(self, name, **defaults):
        self.ensure_one()
        self._check_billing_user()
        self.company_id._check_payment_followup_enabled()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"account_payment_followup.{name}"
        )
        return action | {
            "context": {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                **{f"default_{key}": value for key, value in defaults.items()},
            }
        }

    def _get_read_only_message(self):
        return self.env._(
            "Customer statements are computed from the open items. "
            "They come and go with the invoices and payments."
        )

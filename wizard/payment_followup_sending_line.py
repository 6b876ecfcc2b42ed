from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount
from odoo.tools.i18n import format_list

from ..const import KINDS, REASONS, SENDING_STATES

# What comes out of the printer.
LETTER_KINDS = ("letter", "post")
WAITING = ("ready", "manual")


class PaymentFollowupSendingLine(models.TransientModel):
    """One message of a sending: a customer and a channel; or why there is none.

    Rows are written in bulk when the preview opens and say what the log will say; the
    words are made when somebody opens a row.
    """

    _name = "payment.followup.sending.line"
    _description = "Reminder in a Sending"
    _rec_name = "partner_id"
    _order = "amount DESC, partner_id, id"
    _transient_max_hours = 24 * 7

    sending_id = fields.Many2one(
        comodel_name="payment.followup.sending",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, ondelete="cascade"
    )
    customer_count = fields.Integer(
        string="Customers", aggregator="sum", help="Each customer counts once."
    )
    section = fields.Char(
        string="Level and channel", help="Or the reason why nothing is sent."
    )
    section_order = fields.Char(help="Sorts the groups as the work goes.")
    level_id = fields.Many2one(comodel_name="payment.followup.level")
    kind = fields.Selection(selection=KINDS, string="Channel")
    address = fields.Char()
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(), string="Language"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        help="What the reminder asks for. In totals, each customer counts once."
    )
    state = fields.Selection(selection=SENDING_STATES, required=True)
    is_selected = fields.Boolean(string="Send")
    status = fields.Selection(
        selection=[*SENDING_STATES, ("left_out", "Left out")], compute="_compute_status"
    )
    reason = fields.Selection(selection=REASONS)
    remark = fields.Char(
        string="Stored remark", help="What is done instead, or what became of it."
    )
    explanation = fields.Char(string="Remark", compute="_compute_explanation")
    page_count = fields.Integer(string="Pages")
    is_counted = fields.Boolean(string="Pages counted")
    action_id = fields.Many2one(
        comodel_name="payment.followup.action", string="In the history"
    )

    _once_uniq = models.UniqueIndex(
        "(sending_id, company_id, partner_id, kind)",
        "This reminder is already part of the sending.",
    )
    _waiting_idx = models.Index(
        "(sending_id, id) WHERE is_selected AND state IN ('ready', 'manual')"
    )

    @api.depends("state", "is_selected")
    def _compute_status(self):
        """Tell what becomes of a message as it is ticked now."""
        ticked = {("ready", False): "left_out", ("manual", True): "ready"}
        for line in self:
            key = (line.state, line.is_selected)
            line.status = ticked.get(key, line.state)

    @api.depends("state", "remark")
    @api.depends_context("lang")
    def _compute_explanation(self):
        Statement = self.env["payment.followup.statement"]
        held = self.filtered(lambda line: line.state == "held" and not line.remark)
        ids = [
            Statement._get_statement_id(line.company_id, line.partner_id)
            for line in held
        ]
        texts = {
            (statement.company_id, statement.partner_id): statement.reason_text
            for statement in Statement.search([("id", "in", ids)])
        }
        for line in self:
            line.explanation = line.remark or texts.get(
                (line.company_id, line.partner_id)
            )

    def write(self, vals):
        """Let people tick and untick; the rest is the machine's."""
        if not self.env.su and vals.keys() - {"is_selected"}:
            raise UserError(
                self.env._(
                    "What a reminder says is decided by the plan. Open the customer's "
                    "statement to send it with other words or by another channel."
                )
            )
        return super().write(vals)

    def action_toggle(self):
        """Tick or untick the customers of these rows, with all their messages."""
        self._set_selected(not all(self.mapped("is_selected")))

    def action_tick(self):
        """Send to the customers of the selected rows."""
        self._set_selected(True)

    def action_untick(self):
        """Do not send to the customers of the selected rows."""
        self._set_selected(False)

    def action_open_statement(self):
        """Open the statement of this customer."""
        self.ensure_one()
        statement = self.env["payment.followup.statement"]._find(
            self.company_id, self.partner_id
        )
        if not statement:
            raise UserError(
                self.env._(
                    "%(customer)s owes nothing any more.",
                    customer=self.partner_id.display_name,
                )
            )
        return statement._get_form_action()

    def _set_selected(self, is_selected):
        self.browse().check_access("write")
        # Of thousands of rows, none is read: the database adds them up, by its rules
        groups = self._read_group(
            [("id", "in", self.ids)],
            ["sending_id", "company_id"],
            ["partner_id:array_agg_distinct", "__count"],
        )
        if sum(count for *_group, count in groups) < len(self):
            self.check_access("write")
        states = {sending.state for sending, *_group in groups}
        if states - {"preparing", "draft", "stopped"}:
            raise UserError(self.env._("Stop the sending first, then change it."))
        self.env.flush_all()
        for sending, company, partner_ids, _count in groups:
            self.env.cr.execute(
                self._query_select(sending, company, partner_ids, is_selected)
            )
        self.invalidate_model(flush=False)

    def _read_group_select(self, aggregate_spec, query):
        """Count each customer once, whatever the number of messages."""
        if aggregate_spec not in ("customer_count:sum", "amount:sum"):
            return super()._read_group_select(aggregate_spec, query)
        key = SQL(
            "(%s::numeric * 4294967296 + %s)",
            self._field_to_sql(self._table, "company_id", query),
            self._field_to_sql(self._table, "partner_id", query),
        )
        if aggregate_spec == "customer_count:sum":
            return SQL("COUNT(DISTINCT %s)", key)
        # The amount of each customer once: the keys leave room for any amount
        return SQL(
            "SUM(DISTINCT %(key)s * 1e18 + %(amount)s) - SUM(DISTINCT %(key)s * 1e18)",
            amount=self._field_to_sql(self._table, "amount", query),
            key=key,
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Order the groups as the work goes, not by the alphabet."""
        terms = dict(groupby_terms)
        if "state" in terms:
            states = [state for state, _label in SENDING_STATES]
            terms["state"] = SQL("array_position(%s, %s::text)", states, terms["state"])
        if "section" in terms:
            terms["section"] = SQL(
                "MIN(%s)", SQL.identifier(self._table, "section_order")
            )
        result = super()._read_group_orderby(order, terms, query)
        ours = ("state", "section")
        groupby_terms |= {k: term for k, term in terms.items() if k not in ours}
        return result

    @api.model
    def _count_customers(self, sending):
        """Return the customers by state, a dict; ``waiting``: ticked, not yet done."""
        groups = self._read_group(
            [("sending_id", "=", sending.id)],
            ["state", "is_selected"],
            ["customer_count:sum"],
        )
        counts = {}
        for state, is_selected, count in groups:
            counts[state] = counts.get(state, 0) + count
            if is_selected and state in WAITING:
                counts["waiting"] = counts.get("waiting", 0) + count
        return counts

    @api.model
    def _get_summary(self, sending):
        counts = self._count_customers(sending)
        ticked = [
            ("sending_id", "=", sending.id),
            ("is_selected", "=", True),
            ("state", "in", WAITING),
        ]
        amounts = self._read_group(ticked, ["company_id"], ["amount:sum"])
        return {
            "customers": counts.get("waiting", 0),
            "amounts": format_list(
                self.env,
                [format_amount(self.env, a, c.currency_id) for c, a in amounts],
            ),
            "channels": self._get_channel_summary(ticked),
            "counts": counts,
        }

    @api.model
    def _get_channel_summary(self, domain):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        groups = self._read_group(
            domain, ["kind"], ["__count", "page_count:sum", "is_counted:bool_and"]
        )
        return [
            {
                "kind": kind,
                "label": kinds.get(kind, ""),
                "count": count,
                "pages": pages,
                "is_countable": kind in LETTER_KINDS and not is_counted,
            }
            for kind, count, pages, is_counted in groups
        ]

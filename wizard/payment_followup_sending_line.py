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
        index=True,
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
        # Of thousands of rows, no more than these columns
        self.fetch(["sending_id", "partner_id"])
        if set(self.sending_id.mapped("state")) - {"draft", "stopped"}:
            raise UserError(self.env._("Stop the sending first, then change it."))
        rows = self.search_fetch(
            [
                ("sending_id", "in", self.sending_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", WAITING),
                ("is_selected", "!=", is_selected),
            ],
            ["is_selected"],
            order="id",
        )
        rows.write({"is_selected": is_selected})

    @api.model
    def _prepare(self, sending, company):
        """Write the rows of ``company``: due, by hand, and held back with reasons."""
        reminder = self.env["payment.followup.reminder"].with_company(company)
        domain = reminder._get_due_domain() | reminder._get_held_domain()
        names = ["partner_id", "customer_id", "recipient_id", "company_id", "reason"]
        names += ["next_level_id", "level_id", "amount_reminder", "amount_overdue"]
        statements = reminder.env["payment.followup.statement"].search_fetch(
            domain, names, order="id"
        )
        due = statements.filtered(lambda statement: statement.reason == "due")
        rows = [
            row
            for one, channels in reminder._preview_channels(due)
            for row in self._prepare_rows(one, channels)
        ]
        rows += [self._prepare_held_row(statement) for statement in statements - due]
        self._insert(sending, self._add_sections(rows))

    @api.model
    def _prepare_rows(self, reminder, channels):
        """Return a row for each of ``channels``, or one that says there is none."""
        statement, level = reminder.statement, reminder.level_id
        vals = {
            "company_id": reminder.company_id.id,
            "partner_id": reminder.partner_id.id,
            "level_id": level.id or None,
            "kind": "error",
            "address": None,
            "lang": reminder.lang,
            "amount": statement.amount_reminder,
            "state": "held",
            "is_selected": False,
            "reason": "no_address",
            "remark": " ".join(reminder.remarks) or None,
        }
        if not channels:
            return [vals]
        is_manual = not level.auto or reminder.customer_id.mode == "manual"
        vals |= {
            "state": "manual" if is_manual else "ready",
            "is_selected": not is_manual,
            "reason": statement.reason,
        }
        return [
            vals | {"kind": channel._kind, "address": address}
            for channel, address in channels.items()
        ]

    @api.model
    def _prepare_held_row(self, statement):
        level = statement.next_level_id or statement.level_id
        return {
            "company_id": statement.company_id.id,
            "partner_id": statement.partner_id.id,
            "level_id": level.id or None,
            "kind": None,
            "address": None,
            "lang": None,
            "amount": statement.amount_reminder or statement.amount_overdue,
            "state": "held",
            "is_selected": False,
            "reason": statement.reason,
            "remark": None,
        }

    @api.model
    def _add_sections(self, rows):
        """Give each row its group, and return them in the order of the groups."""
        levels = self.env["payment.followup.level"].with_context(active_test=False)
        levels = {level.id: level for level in levels.search([])}
        sections = {}
        for row in rows:
            key = (row["state"], row["level_id"], row["kind"], row["reason"])
            if key not in sections:
                level = levels.get(row["level_id"])
                sections[key] = self._get_section(row, level)
            row["section"] = sections[key]
        return sorted(rows, key=lambda row: self._get_section_order(row, levels))

    @api.model
    def _get_section(self, row, level):
        """Return the name of the group of ``row``."""
        if row["state"] == "held":
            reasons = dict(self._fields["reason"]._description_selection(self.env))
            return self.env._("Not sent – %(reason)s", reason=reasons[row["reason"]])
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        way = f"{level.name if level else ''}: {kinds.get(row['kind'])}"
        if row["state"] == "manual":
            return self.env._("By hand – %(way)s", way=way)
        return way

    @api.model
    def _get_section_order(self, row, levels):
        if row["state"] == "held":
            return (2, 0, row["reason"], row["partner_id"])
        level = levels.get(row["level_id"])
        return (
            row["state"] == "manual",
            level.delay if level else 0,
            row["kind"],
            row["partner_id"],
        )

    @api.model
    def _insert(self, sending, rows):
        """Insert ``rows``, dicts with the same keys, in as few statements as can be."""
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(self._query_insert(sending, rows))
        sending.invalidate_recordset(["line_ids"], flush=False)

    @api.model
    def _query_insert(self, sending, rows):
        """Return the insertion of all rows, one array for each column."""
        names = SQL(", ").join(map(SQL.identifier, rows[0]))
        columns = SQL(", ").join(
            SQL(
                "%s::%s[]",
                [row[name] for row in rows],
                SQL(self._fields[name].column_type[1]),
            )
            for name in rows[0]
        )
        return SQL(
            """
            INSERT INTO payment_followup_sending_line
                        (%(names)s, sending_id, create_uid, create_date, write_uid,
                         write_date)
                 SELECT row.*, %(sending_id)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                   FROM UNNEST(%(columns)s) AS row (%(names)s)
            """,
            columns=columns,
            names=names,
            now=self.env.cr.now(),
            sending_id=sending.id,
            uid=self.env.uid,
        )

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
            terms["section"] = SQL("MIN(%s)", SQL.identifier(self._table, "id"))
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

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import KINDS, REASONS
from .payment_followup_sending_line import WAITING


class PaymentFollowupSendingLine(models.TransientModel):
    """How the rows come about and are ticked: whom each message would reach."""

    _inherit = "payment.followup.sending.line"

    @api.model
    def _prepare(self, sending, company, limit=None):
        """Write the missing rows of ``company``: due, by hand, held back with reasons.

        :param limit: write those of so many customers, the largest amounts first
        :return: whether these were all
        """
        reminder = self.env["payment.followup.reminder"].with_company(company)
        domain = self._get_missing_domain(sending, reminder)
        rows = self._prepare_all(reminder, domain, limit)
        self._insert(sending, rows)
        return len({row["partner_id"] for row in rows}) != limit

    @api.model
    def _prepare_all(self, reminder, domain, limit=None):
        """Return the rows of the statements of ``domain``, large amounts first."""
        names = ["partner_id", "customer_id", "recipient_id", "company_id", "reason"]
        names += ["next_level_id", "level_id", "amount_reminder", "amount_overdue"]
        statements = reminder.env["payment.followup.statement"].search_fetch(
            domain, names, limit=limit, order="amount_reminder DESC, id"
        )
        due = statements.filtered(lambda statement: statement.reason == "due")
        rows = [
            row
            for one, channels in reminder._preview_channels(due)
            for row in self._prepare_rows(one, channels)
        ]
        rows += [self._prepare_held_row(statement) for statement in statements - due]
        return self._add_sections(rows)

    @api.model
    def _get_missing_domain(self, sending, reminder):
        """Return the statements of the company of ``reminder`` without a row."""
        company = reminder.env.company
        rows = self.search_fetch(
            [("sending_id", "=", sending.id), ("company_id", "=", company.id)],
            ["partner_id"],
        )
        domain = reminder._get_due_domain() | reminder._get_held_domain()
        return domain & Domain("partner_id", "not in", rows.partner_id.ids)

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
        """Give each row its group, and the place of that among the others."""
        levels = self.env["payment.followup.level"].with_context(active_test=False)
        levels = {level.id: level for level in levels.search([])}
        sections = {}
        for row in rows:
            key = (row["state"], row["level_id"], row["kind"], row["reason"])
            if key not in sections:
                level = levels.get(row["level_id"])
                sections[key] = {
                    "section": self._get_section(row, level),
                    "section_order": self._get_section_order(row, level),
                }
            row |= sections[key]
        return rows

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
    def _get_section_order(self, row, level):
        """Return a text that sorts the groups: what leaves first, what is held last."""
        if row["state"] == "held":
            return f"2 {list(dict(REASONS)).index(row['reason']):02}"
        # A level may come before the due date: no negative numbers in a text
        days = (level.delay if level else 0) + 10**10
        kind = list(dict(KINDS)).index(row["kind"])
        return f"{'1' if row['state'] == 'manual' else '0'} {days:011} {kind:02}"

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

    @api.model
    def _query_select(self, sending, company, partner_ids, is_selected):
        """Return the ticking of these customers, with all messages of each.

        A join would look for all rows once for each: their table has no statistics yet.
        """
        return SQL(
            """
            UPDATE payment_followup_sending_line
               SET is_selected = %(is_selected)s,
                   write_uid = %(uid)s,
                   write_date = %(now)s
             WHERE sending_id = %(sending_id)s
               AND company_id = %(company_id)s
               AND partner_id = ANY(%(partner_ids)s)
               AND state = ANY(%(waiting)s)
               AND is_selected != %(is_selected)s
            """,
            company_id=company.id,
            is_selected=is_selected,
            now=self.env.cr.now(),
            partner_ids=partner_ids,
            sending_id=sending.id,
            uid=self.env.uid,
            waiting=list(WAITING),
        )

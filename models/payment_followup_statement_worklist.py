from babel.dates import format_skeleton

from odoo import Command, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, get_lang

from ..const import CONTACT_KINDS, KINDS, UNREACHED_STATES


class PaymentFollowupStatement(models.Model):
    """What the daily work list adds: whom to call first, and what happened last."""

    _inherit = "payment.followup.statement"

    is_todo = fields.Boolean(
        string="To do today",
        readonly=True,
        help="A reminder is due or reaches nobody, it is the day to ask again, or the "
        "plan has come to its end.",
    )
    urgency = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 0),
        help="The order of the list: each overdue amount, weighted up to five times "
        "by its own age, and the total once more for each promise that was not kept.",
    )
    broken_count = fields.Integer(
        string="Broken promises",
        readonly=True,
        help="How often payment was promised for a day and did not come.",
    )
    country_id = fields.Many2one(related="partner_id.country_id")
    last_contact = fields.Char(
        string="Last contact",
        compute="_compute_last_contact",
        help="The last reminder, call, promise or answer, and its day.",
    )
    last_contact_date = fields.Date(
        string="Last contact on", compute="_compute_last_contact"
    )
    last_contact_kind = fields.Selection(
        selection=KINDS, string="Last contact by", compute="_compute_last_contact"
    )

    @api.depends("customer_id")
    @api.depends_context("lang")
    def _compute_last_contact(self):
        contacts = self._get_last_contacts()
        kinds = dict(self._fields["last_contact_kind"]._description_selection(self.env))
        for statement in self:
            date, kind = contacts.get(statement.customer_id.id, (False, False))
            statement.last_contact_date = date
            statement.last_contact_kind = kind
            statement.last_contact = bool(kind) and self.env._(
                "%(date)s · %(kind)s",
                date=self._format_day(date),
                kind=kinds[kind],
            )

    def _get_last_contacts(self):
        """Return the last contact with each of these customers.

        :return: a dict {customer id: (date, kind)}
        """
        Action = self.env["payment.followup.action"]
        Action.flush_model(["customer_id", "date", "kind"])
        query = Action._search(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("kind", "in", CONTACT_KINDS),
                ("state", "not in", UNREACHED_STATES),
            ]
        )
        rows = self.env.execute_query(self._query_last_contacts(query))
        return {customer: contact for customer, *contact in rows}

    @api.model
    def _query_last_contacts(self, actions):
        """Return customer, date and kind of the last action of each."""
        return SQL(
            """
            SELECT DISTINCT ON (action.customer_id)
                   action.customer_id,
                   action.date,
                   action.kind
              FROM payment_followup_action action
             WHERE action.id IN %(actions)s
          ORDER BY action.customer_id, action.id DESC
            """,
            actions=actions.subselect(),
        )

    @api.model
    def _format_day(self, date):
        """Return a date as the list of the web client shows it: without the year."""
        locale = babel_locale_parse(get_lang(self.env).code)
        is_this_year = date.year == fields.Date.today().year
        return format_skeleton("MMMd" if is_this_year else "yMMMd", date, locale=locale)

    def action_send_due(self):
        """Show what is due to the selected customers, in the dialog that sends it."""
        return self.env["payment.followup.sending"]._open_for(self)

    def action_open_hold_wizard(self):
        """Plan when these customers get their next reminder."""
        return self._open_customers_wizard("payment_followup_hold_wizard_action")

    def action_open_assign_wizard(self):
        """Say who looks after these customers."""
        return self._open_customers_wizard("payment_followup_assign_wizard_action")

    def _open_customers_wizard(self, name):
        self._check_billing_user()
        self.company_id._check_payment_followup_enabled()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"account_payment_followup.{name}"
        )
        customers = self._get_customers()
        return action | {
            "context": {"default_customer_ids": [Command.set(customers.ids)]}
        }

    def _get_customers(self):
        """Return what people decided about these customers, new records if need be."""
        customers = self.env["payment.followup.customer"]
        for company, statements in self.grouped("company_id").items():
            customers += customers._get_or_create(company, statements.partner_id)
        return customers

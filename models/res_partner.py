from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import READER_GROUPS, REASONS


class ResPartner(models.Model):
    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("followup", "Follow-up Address"), ("other",)],
        ondelete={"followup": "set other"},
    )
    followup_statement_id = fields.Many2one(
        comodel_name="payment.followup.statement",
        string="Customer statement",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Follow-up currency",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_amount_due = fields.Monetary(
        string="Open balance",
        currency_field="followup_currency_id",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_amount_overdue = fields.Monetary(
        string="Overdue",
        currency_field="followup_currency_id",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_reason = fields.Selection(
        selection=REASONS,
        string="Follow-up",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        string="Follow-up level reached",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_next_date = fields.Date(
        string="Next reminder on",
        compute="_compute_followup_statement",
        groups=READER_GROUPS,
    )
    followup_action_ids = fields.One2many(
        comodel_name="payment.followup.action",
        string="Follow-up history",
        compute="_compute_followup_action_ids",
        groups=READER_GROUPS,
    )
    followup_enabled = fields.Boolean(
        string="Follow-up in use",
        compute="_compute_followup_enabled",
        groups=READER_GROUPS,
    )

    @api.depends_context("company", "allowed_company_ids")
    def _compute_followup_statement(self):
        company = self.env.company
        statements = {
            statement.partner_id: statement
            for statement in self.env["payment.followup.statement"].search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", self.commercial_partner_id.ids),
                ]
            )
        }
        none = self.env["payment.followup.statement"]
        for partner in self:
            statement = statements.get(partner.commercial_partner_id, none)
            partner.followup_statement_id = statement
            partner.followup_currency_id = company.currency_id
            partner.followup_amount_due = statement.amount_due
            partner.followup_amount_overdue = statement.amount_overdue
            partner.followup_reason = statement.reason
            partner.followup_level_id = statement.level_id
            partner.followup_next_date = statement.next_date

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_followup_action_ids(self):
        """Find the history by customer: the rows of a contact that joined came along.

        They name that contact still, as nobody changes what the log says.
        """
        actions = self.env["payment.followup.action"].search_fetch(
            [("customer_id.partner_id", "in", self.commercial_partner_id.ids)],
            ["customer_id"],
        )
        rows = actions.grouped(lambda action: action.customer_id.partner_id)
        for partner in self:
            partner.followup_action_ids = rows.get(
                partner.commercial_partner_id, actions.browse()
            )

    @api.depends_context("company")
    def _compute_followup_enabled(self):
        self.followup_enabled = self.env.company.payment_followup_enabled

    def write(self, vals):
        # Asked first: Odoo takes values out that it has written by other ways
        may_change_customer = bool(vals.keys() & {"is_company", "parent_id"})
        result = super().write(vals)
        if may_change_customer:
            self._join_followup_customers()
        return result

    def _join_followup_customers(self):
        """Join what was decided about those who became contacts of another customer.

        Their claims are that customer's from now on, and with them what holds reminders
        back, and the history.
        """
        customers = self.env["payment.followup.customer"].sudo()
        known = customers.with_context(active_test=False).search(
            [("partner_id", "child_of", self.ids)]
        )
        for partner in known.partner_id:
            if partner.commercial_partner_id != partner:
                customers._merge(partner, partner.commercial_partner_id)

    def _set_trust(self, trust):
        """Set the traffic light of these customers, in the company of the environment.

        Billing users may do so although they may not write contacts.
        """
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only billing users can change the rating of a customer.")
            )
        self.check_access("read")
        self.commercial_partner_id.sudo().trust = trust

    def action_open_followup_statement(self):
        """Open what this customer owes."""
        self.ensure_one()
        if not self.followup_statement_id:
            raise UserError(
                self.env._(
                    "%(customer)s has no open items in %(company)s.",
                    customer=self.commercial_partner_id.display_name,
                    company=self.env.company.name,
                )
            )
        return self.followup_statement_id._get_form_action()

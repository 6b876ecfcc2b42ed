from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import READER_GROUPS

CUSTOMER_MODEL = "payment.followup.customer"


class MailActivity(models.Model):
    """Follow-up Tasks: the activities about customers who owe."""

    _inherit = "mail.activity"

    followup_customer_id = fields.Many2one(
        comodel_name=CUSTOMER_MODEL,
        string="Customer in follow-up",
        compute="_compute_followup_customer_id",
        search="_search_followup_customer_id",
        groups=READER_GROUPS,
    )
    followup_currency_id = fields.Many2one(
        related="followup_customer_id.company_id.currency_id",
        string="Follow-up currency",
        groups=READER_GROUPS,
    )
    followup_amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_followup_amount_overdue",
        currency_field="followup_currency_id",
        groups=READER_GROUPS,
    )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Show auditors, in our menu, the tasks about customers whom they may read.

        Odoo shows the activities of others to those alone who may write on the record,
        though it lets all read them who read the record.
        """
        if self._is_read_by_auditor():
            domain = Domain(domain) & Domain("followup_customer_id", "!=", False)
            bypass_access = True
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _is_read_by_auditor(self):
        if self.env.su or not self.env.context.get("followup_tasks"):
            return False
        customers = self.env[CUSTOMER_MODEL]
        return customers.has_access("read") and not customers.has_access("write")

    @api.depends("res_model", "res_id")
    def _compute_followup_customer_id(self):
        activities = self.filtered(lambda a: a.res_model == CUSTOMER_MODEL)
        (self - activities).followup_customer_id = False
        customers = self.env[CUSTOMER_MODEL].search(
            [("id", "in", activities.mapped("res_id"))]
        )
        for activity in activities:
            activity.followup_customer_id = customers.filtered(
                lambda customer, id_=activity.res_id: customer.id == id_
            )

    def _compute_followup_amount_overdue(self):
        statements = self._get_followup_statements()
        for activity in self:
            statement = statements.get(activity.followup_customer_id)
            activity.followup_amount_overdue = statement and statement.amount_overdue

    def _search_followup_customer_id(self, operator, value):
        """Find the activities about customers of the chosen companies only."""
        if operator != "in":
            return NotImplemented
        ids = [id_ for id_ in value if id_]
        is_empty_wanted = not ids
        query = self.env[CUSTOMER_MODEL]._search([("id", "in", ids)] if ids else [])
        found = Domain("res_model", "=", CUSTOMER_MODEL) & Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IN %s", SQL.identifier(alias, "res_id"), query.subselect()
            )
        )
        return ~found if is_empty_wanted else found

    @api.depends("res_name")
    @api.depends_context("followup_tasks")
    def _compute_display_name(self):
        """Say in the calendar of follow-up tasks whom each is about."""
        result = super()._compute_display_name()
        if self.env.context.get("followup_tasks"):
            for activity in self:
                names = (activity.res_name, activity.display_name)
                activity.display_name = " – ".join(filter(None, names))
        return result

    def action_open_document(self):
        """Open the statement of the customer: there the work is done."""
        customer = self.followup_customer_id
        return (
            customer.action_open_statement()
            if customer
            else (super().action_open_document())
        )

    def _get_followup_statements(self):
        """Return what the customers of these activities owe.

        :return: a dict {``payment.followup.customer``: statement}
        """
        customers = self.followup_customer_id
        statements = self.env["payment.followup.statement"].search(
            [
                ("company_id", "in", customers.company_id.ids),
                ("partner_id", "in", customers.partner_id.ids),
            ]
        )
        return {statement.customer_id: statement for statement in statements}

    def _action_done(self, feedback=False, attachment_ids=None):
        """Tell the action log that a call or task was done, and how it went.

        Who is done with a failed delivery lets it be tried again.
        """
        if not self.env.context.get("followup_is_logged"):
            self._log_followup_outcomes(feedback)
        customers = self._get_failed_followup_customers()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        customers._try_again()
        return result

    def _log_followup_outcomes(self, feedback):
        """Write down what came of these tasks, of the plan or scheduled by people."""
        actions = self._get_followup_actions()
        actions._set_done(feedback or None)
        others = self - actions.activity_id
        for activity in others.filtered(lambda task: task.res_model == CUSTOMER_MODEL):
            # What is only brought to somebody's attention says itself what happened
            if feedback or activity.activity_type_id not in self._get_followup_alerts():
                activity._log_followup_outcome(feedback)

    def _log_followup_outcome(self, feedback):
        customer = self.env[CUSTOMER_MODEL].sudo().browse(self.res_id)
        name = self.summary or self.activity_type_id.name
        remark = ": ".join(filter(None, (name, feedback)))
        is_call = self.activity_type_id.category == "phonecall"
        action = self.env["payment.followup.action"]._log(
            customer.company_id,
            customer.partner_id,
            "call" if is_call else "note",
            remark,
        )
        if is_call:
            action._set_done(remark)

    @api.model
    def _get_followup_alerts(self):
        """Return the types of activity that we schedule when something happens."""
        customers = self.env[CUSTOMER_MODEL]
        return customers._get_alert_type("failure") | customers._get_alert_type("reply")

    def _do_by_logged_call(self, feedback):
        """Mark as done what a call has settled, whose own row says how it went."""
        self._get_followup_actions()._update_state("done")
        logged = self.with_context(followup_is_logged=True)
        logged.action_feedback(feedback=feedback)

    def write(self, vals):
        """Tell the action log of a task that somebody archives, or takes up again."""
        if vals.get("active") is False:
            self._drop_followup_actions()
        elif vals.get("active"):
            self._get_followup_actions(("done", "cancelled"))._set_to_do_again()
        return super().write(vals)

    def unlink(self):
        """Tell the action log that a manual action was dropped, and by whom."""
        self._drop_followup_actions()
        return super().unlink()

    def _drop_followup_actions(self):
        actions = self and self._get_followup_actions()
        if actions:
            actions._set_dropped(
                self.env._("Cancelled by %(user)s.", user=self.env.user.name)
            )

    def _get_followup_actions(self, states=("todo",)):
        return (
            self.env["payment.followup.action"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("state", "in", states)])
        )

    def _get_failed_followup_customers(self):
        customers = self.env[CUSTOMER_MODEL].sudo()
        kind = customers._get_alert_type("failure")
        alerts = self.filtered(lambda activity: activity.activity_type_id == kind)
        return customers.browse(alerts.mapped("res_id"))

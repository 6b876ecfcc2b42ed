from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PaymentFollowupHoldWizard(models.TransientModel):
    """Plan the next reminder of one or many customers: a day, or by which rule."""

    _name = "payment.followup.hold.wizard"
    _description = "Plan the Next Reminder"

    customer_ids = fields.Many2many(
        comodel_name="payment.followup.customer",
        relation="payment_followup_hold_wizard_customer_rel",
        string="Customers",
        required=True,
        readonly=True,
    )
    plan = fields.Selection(
        selection=[
            ("automatic", "Automatic: the plan decides"),
            ("date", "Not before a day that I choose"),
            ("manual", "By hand: what is due waits in the list for me"),
            ("none", "Never: no reminder at all"),
        ],
        string="Next reminder",
        compute="_compute_plan",
        store=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(
        string="Not before",
        compute="_compute_plan",
        store=True,
        readonly=False,
        help="No reminder before this day; from then on, the plan decides.",
    )
    note = fields.Text(
        string="Why", help="Goes into the history; the customer does not see it."
    )

    @api.depends("customer_ids")
    def _compute_plan(self):
        """Start from what holds for the customers now, if it is the same for all."""
        for wizard in self:
            modes = set(wizard.customer_ids.mapped("mode"))
            dates = set(wizard.customer_ids.mapped("next_date"))
            wizard.date = dates.pop() if len(dates) == 1 else False
            mode = modes.pop() if len(modes) == 1 else "automatic"
            wizard.plan = "date" if wizard.date and mode != "none" else mode

    @api.onchange("date")
    def _onchange_date(self):
        return self.customer_ids.company_id[:1]._warn_if_past(self.date)

    def action_plan(self):
        """Write the decision and its reason down."""
        self.ensure_one()
        self.customer_ids.company_id._check_payment_followup_enabled()
        self._check_date()
        for customer in self.customer_ids:
            customer.write(self._prepare_customer_vals(customer))
        self.customer_ids._log_decision(self.note)
        return {"type": "ir.actions.act_window_close"}

    def _check_date(self):
        for company in self.customer_ids.company_id if self.plan == "date" else ():
            today = company._get_payment_followup_today()
            if not self.date or self.date <= today:
                raise UserError(
                    self.env._(
                        "Choose a day after %(today)s: an earlier one would hold no "
                        "reminder back.",
                        today=format_date(self.env, today),
                    )
                )

    def _prepare_customer_vals(self, customer):
        if self.plan == "date":
            mode = "automatic" if customer.mode == "none" else customer.mode
            return {"mode": mode, "next_date": self.date}
        return {"mode": self.plan, "next_date": False}

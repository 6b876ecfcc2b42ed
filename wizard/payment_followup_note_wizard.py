from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# "Ask again in …": {choice: time from today}
ASK_AGAIN = {
    "1w": relativedelta(weeks=1),
    "2w": relativedelta(weeks=2),
    "1m": relativedelta(months=1),
    "2m": relativedelta(months=2),
}
CLOSE = {"type": "ir.actions.act_window_close"}
# Outcomes of a call that are about certain invoices.
INVOICE_OUTCOMES = ("promised", "dispute")


class PaymentFollowupNoteWizard(models.TransientModel):
    """Log a call with its outcome, or a note, and when to come back to it."""

    _name = "payment.followup.note.wizard"
    _description = "Log a Call or Note"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    statement_id = fields.Many2one(
        comodel_name="payment.followup.statement", compute="_compute_statement_id"
    )
    kind = fields.Selection(
        selection=[("call", "A call"), ("note", "A note")],
        string="Log",
        required=True,
        default="note",
    )
    outcome = fields.Selection(
        selection=[
            ("promised", "Promised to pay"),
            ("later", "Asks for time, or wants to check"),
            ("dispute", "Disputes an invoice"),
            ("no_answer", "No answer"),
            ("other", "Something else"),
        ],
    )
    promise_date = fields.Date(
        string="Pays on", help="No reminder of these invoices is sent before then."
    )
    open_move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Open invoices",
        compute="_compute_statement_id",
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="payment_followup_note_wizard_move_rel",
        string="Invoices",
        compute="_compute_move_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', open_move_ids)]",
        help="Promised: the day is recorded on these invoices. Disputed: no reminder "
        "mentions them any more.",
    )
    note = fields.Text(string="What was said")
    ask_again = fields.Selection(
        selection=[
            ("plan", "When the plan says"),
            ("1w", "In one week"),
            ("2w", "In two weeks"),
            ("1m", "In one month"),
            ("2m", "In two months"),
        ],
        string="Ask again",
        default="plan",
        help="No reminder goes out before that day.",
    )
    email = fields.Char(related="statement_id.email", string="E-mail")
    is_confirmed = fields.Boolean(
        string="Confirm by e-mail",
        compute="_compute_is_confirmed",
        store=True,
        readonly=False,
        help="Thanks the customer for the call and repeats the amount and the day.",
    )
    confirmation = fields.Html(
        string="E-mail to the customer", compute="_compute_confirmation", sanitize=False
    )
    task_count = fields.Integer(string="Open tasks", compute="_compute_statement_id")
    is_task_done = fields.Boolean(
        string="Mark the open tasks of this customer as done",
        compute="_compute_is_task_done",
        store=True,
        readonly=False,
        help="Your tasks for this customer; what you log here becomes their outcome. "
        "A message that did not arrive stays a task until its address is corrected.",
    )

    @api.depends("company_id", "partner_id")
    def _compute_statement_id(self):
        Statement = self.env["payment.followup.statement"]
        for wizard in self:
            statement = Statement._find(wizard.company_id, wizard.partner_id)
            wizard.statement_id = statement
            wizard.open_move_ids = statement._get_open_claims().move_id
            wizard.task_count = len(wizard._get_tasks())

    @api.depends("outcome")
    def _compute_move_ids(self):
        """Propose all that is overdue for a promise, nothing for a dispute."""
        for wizard in self:
            claims = wizard.statement_id._get_open_claims()
            if wizard.outcome != "promised":
                claims = claims.browse()
            overdue = claims.filtered(lambda item: item.days_overdue > 0)
            wizard.move_ids = [Command.set((overdue or claims).move_id.ids)]

    @api.depends("outcome", "ask_again")
    def _compute_is_task_done(self):
        """Leave the tasks on the list of who reached nobody and plans no other day."""
        for wizard in self:
            wizard.is_task_done = (
                wizard.outcome != "no_answer" or wizard.ask_again in ASK_AGAIN
            )

    @api.depends("outcome", "statement_id")
    def _compute_is_confirmed(self):
        """Tick it where the level of the call says so."""
        for wizard in self:
            levels = wizard.statement_id.level_id | wizard.statement_id.due_level_id
            wizard.is_confirmed = (
                wizard._is("promised")
                and bool(wizard.email)
                and any(levels.mapped("confirm_promise"))
            )

    @api.depends("is_confirmed", "move_ids", "outcome", "promise_date")
    def _compute_confirmation(self):
        """Show the e-mail before it leaves, in the language of the customer."""
        for wizard in self:
            wizard.confirmation = False
            claims = wizard._get_claims()
            if wizard._is_confirmation_wanted() and wizard.promise_date and claims:
                reminder = self.env["payment.followup.reminder"]
                _subject, wizard.confirmation = reminder._preview_promise(
                    wizard.statement_id, claims, wizard.promise_date
                )

    def action_log(self):
        """Write down what was said, act on it, and plan the next contact."""
        self.ensure_one()
        self.statement_id._check_billing_user()
        self.company_id._check_payment_followup_enabled()
        self._check_complete()
        action = self._log()
        self._apply_outcome()
        confirmation = self._confirm()
        # Who promised is asked again the day after, if the money has not come
        if self.ask_again in ASK_AGAIN and not self._is("promised"):
            today = self.company_id._get_payment_followup_today()
            customer = action.customer_id.sudo(False)
            customer.next_date = today + ASK_AGAIN[self.ask_again]
        if self.kind == "call":
            action._set_done(self._get_remark())
        # Last: what comes next is part of their outcome
        if self.is_task_done and self.kind == "call":
            self._get_tasks()._do_by_logged_call(self._get_remark())
        return confirmation._notify_result() if confirmation else CLOSE

    def _check_complete(self):
        """Refuse what would be a guess: no words, no day, no invoice."""
        if not self.statement_id and self._is(*INVOICE_OUTCOMES):
            raise UserError(
                self.env._(
                    "%(customer)s owes nothing any more: choose another outcome to log "
                    "what was said.",
                    customer=self.partner_id.display_name,
                )
            )
        if not self._get_remark():
            raise UserError(self.env._("Write what was said, or choose an outcome."))
        today = self.company_id._get_payment_followup_today()
        if self._is("promised") and (self.promise_date or today) <= today:
            raise UserError(
                self.env._("Enter the day of the payment, a day after today.")
            )
        if self._is(*INVOICE_OUTCOMES) and not self.move_ids:
            raise UserError(self.env._("Tick the invoices that this is about."))

    def _log(self):
        return self.env["payment.followup.action"]._log(
            self.company_id,
            self.partner_id,
            self.kind,
            self._get_remark(),
        )

    def _apply_outcome(self):
        claims = self._get_claims().move_line_id
        if self._is("promised"):
            claims._set_expected_payment(self.promise_date, self.note)
        elif self._is("dispute"):
            claims._set_litigation(True)

    def _confirm(self):
        """Send the confirmation that was ticked; return its log row."""
        if not self._is_confirmation_wanted():
            return self.env["payment.followup.action"]
        # A new look: the promise is on the claims by now
        self.statement_id._invalidate_decision()
        return self.env["payment.followup.reminder"]._confirm_promise(
            self.statement_id, self._get_claims(), self.promise_date
        )

    def _is_confirmation_wanted(self):
        return self.is_confirmed and self._is("promised")

    def _get_claims(self):
        """Return the open items of the ticked invoices."""
        moves = self.move_ids._origin
        return self.statement_id._get_open_claims().filtered(
            lambda item: item.move_id in moves
        )

    def _is(self, *outcomes):
        return self.kind == "call" and self.outcome in outcomes

    def _get_remark(self):
        """Return the outcome and the words, one line for the history."""
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        outcome = outcomes.get(self.outcome) if self.kind == "call" else None
        if outcome and self.note:
            return self.env._("%(outcome)s: %(note)s", outcome=outcome, note=self.note)
        return outcome or self.note

    def _get_tasks(self):
        """Return the open activities of the user about this customer.

        Without failed deliveries: who is done with one has it sent again.
        """
        customer = self.env["payment.followup.customer"]._find(
            self.company_id, self.partner_id
        )
        tasks = customer.activity_ids - customer._find_alerts("failure")
        return tasks.filtered(lambda activity: activity.user_id == self.env.user)

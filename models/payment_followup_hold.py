from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from .res_company_guard import ALARM_FLOOR

MANAGER_GROUP = "account.group_account_manager"


class PaymentFollowupHold(models.Model):
    """A time in which the automatic sending of a company was held back, and why.

    The batch writes one row from the first day to the last, and tells managers once.
    Where it waits for a decision, a click of a manager lets that day's run go.
    """

    _name = "payment.followup.hold"
    _description = "Automatic Sending Held Back"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date DESC, id DESC"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        selection=[
            ("closed", "Outside the sending hours"),
            ("bank", "Old bank data"),
            ("volume", "Unusually many reminders"),
        ],
        string="Reason",
        required=True,
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("released", "Sent anyway"),
            ("refused", "Not sent"),
            ("over", "Over"),
        ],
        default="waiting",
        required=True,
    )
    date = fields.Date(string="First day", required=True)
    last_date = fields.Date(string="Last day", required=True)
    opening = fields.Datetime(help="When the sending hours begin again.")
    bank_date = fields.Date(string="Newest bank transaction")
    customer_count = fields.Integer(
        string="Customers", help="How many customers the batch would have reminded."
    )
    usual_count = fields.Float(string="Usual number")
    total_count = fields.Integer(string="All customers")
    user_id = fields.Many2one(comodel_name="res.users", string="Decided by")
    decision_date = fields.Date(
        string="Decided for", help="The day whose reminders were sent, or held back."
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")
    message = fields.Char(compute="_compute_message")

    _waiting_uniq = models.UniqueIndex(
        "(company_id, kind) WHERE state = 'waiting'",
        "The automatic sending of a company waits once for each reason.",
    )

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = self.env._(
                "Automatic sending of %(company)s, %(date)s",
                company=hold.company_id.name,
                date=format_date(self.env, hold.date),
            )

    @api.depends_context("lang", "tz")
    @api.depends("kind", "state", "opening", "bank_date", "customer_count", "user_id")
    def _compute_message(self):
        for hold in self:
            hold.message = getattr(hold, f"_get_message_{hold.kind}")()

    @api.depends("kind", "state", "decision_date")
    def _compute_can_decide(self):
        """Something waits; who stopped the run of today may still think again."""
        for hold in self:
            today = hold.company_id._get_payment_followup_today()
            hold.can_decide = hold.kind != "closed" and (
                hold.state == "waiting"
                or (hold.state == "refused" and hold.decision_date == today)
            )

    def action_send_now(self):
        """Let the run of today go, that run only, and start it."""
        self._decide("released")
        self.env["payment.followup.guard"].sudo()._wake_up()
        return self._notify(
            self.env._("The reminders of today leave in the background, from now on.")
        )

    def action_do_not_send(self):
        """Send nothing automatically today; tomorrow is another day."""
        self._decide("refused")
        return self._notify(self.env._("Nothing is sent automatically today."))

    def _decide(self, state):
        """Write down what a manager decided about the run of today."""
        self._check_can_decide()
        for hold in self:
            company = hold.company_id
            today = company._get_payment_followup_today()
            run = (
                company._get_payment_followup_next_run()
                if state == "released"
                else today
            )
            hold.sudo().write(
                {
                    "state": state,
                    "user_id": self.env.uid,
                    "decision_date": run,
                    "last_date": today,
                }
            )
            hold.sudo().activity_ids.unlink()

    def _check_can_decide(self):
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._(
                    "Only accounting managers can decide about automatic sending."
                )
            )
        self.company_id._check_payment_followup_enabled()
        for hold in self:
            if not hold.can_decide:
                raise UserError(
                    self.env._(
                        "%(hold)s: there is nothing to decide any more.",
                        hold=hold.display_name,
                    )
                )

    @api.model
    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # --- what the batch writes

    @api.model
    def _hold(self, kind, **facts):
        """Write down once that the sending of this company waits, and tell managers."""
        company = self.env.company
        today = company._get_payment_followup_today()
        hold = self._find(kind)
        if hold:
            hold.write({"last_date": today} | facts)
        else:
            hold = self.create(
                {
                    "company_id": company.id,
                    "kind": kind,
                    "date": today,
                    "last_date": today,
                }
                | facts
            )
            hold._tell_managers()
        return hold

    @api.model
    def _end(self, kind):
        """Write down that the sending does not wait for this reason any more."""
        hold = self._find(kind)
        hold.write({"state": "over"})
        hold.activity_ids.unlink()

    @api.model
    def _find(self, kind, state="waiting", **values):
        """Return the row of this company with ``kind``, ``state`` and other values."""
        domain = {"company_id": self.env.company.id, "kind": kind, "state": state}
        return self.search(
            [(name, "=", value) for name, value in (domain | values).items()], limit=1
        )

    @api.model
    def _find_decision(self, kind, state):
        """Return the row in which a manager decided so about the run of today."""
        today = self.env.company._get_payment_followup_today()
        return self._find(kind, state, decision_date=today)

    def _covers(self, facts):
        """Return whether the click was for this run: not for one that has grown since.

        :param facts: values that another row would have
        """
        count = facts.get("customer_count", 0)
        return count <= self.customer_count + ALARM_FLOOR

    def _tell_managers(self):
        """Give each accounting manager of the company an activity that leads here."""
        if self.kind == "closed":
            return
        for user in self._get_managers():
            hold = self.with_context(lang=user.lang)
            hold.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=hold.env._("Automatic payment reminders wait"),
                note=hold.message,
                user_id=user.id,
            )

    def _get_managers(self):
        users = self.env.ref(MANAGER_GROUP).sudo().all_user_ids
        return users.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )

    # --- in words

    def _get_message_closed(self):
        return self._get_closed_message(self.company_id, self.opening)

    @api.model
    def _get_closed_message(self, company, opening):
        """Return the sentence that says until when a company sends nothing."""
        if not opening:
            return self.env._("There are no sending hours within the next year.")
        return self.env._(
            "Outside the sending hours: reminders leave from %(date)s.",
            date=company._format_payment_followup_opening(opening),
        )

    def _get_message_bank(self):
        if not self.bank_date:
            return self.env._(
                "Automatic sending waits: there are no bank transactions yet."
            )
        return self.env._(
            "Automatic sending waits: bank data of %(date)s.",
            date=format_date(self.env, self.bank_date, date_format="long"),
        )

    def _get_message_volume(self):
        if self.total_count:
            return self.env._(
                "Automatic sending waits: it would remind %(count)s of the %(total)s "
                "customers with open invoices.",
                count=self._format(self.customer_count),
                total=self._format(self.total_count),
            )
        return self.env._(
            "Automatic sending waits: it would remind %(count)s customers (usual: "
            "%(usual)s).",
            count=self._format(self.customer_count),
            usual=self._format(self.usual_count),
        )

    def _format(self, number):
        return formatLang(self.env, number, digits=0)

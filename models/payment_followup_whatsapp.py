import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("outgoing", "In the queue"),
    ("process", "Being sent"),
    ("uncertain", "Uncertain"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("read", "Read"),
    ("error", "Error"),
    ("canceled", "Cancelled"),
]
FAILURES = [
    ("account", "Account refused"),
    ("rate", "Too many messages"),
    ("pair", "Too many messages to this number"),
    ("outage", "WhatsApp out of reach"),
    ("refused", "Message refused"),
    ("uncertain", "No answer: it may have arrived"),
]


class PaymentFollowupWhatsapp(models.Model):
    """A reminder on its way through Meta's Cloud API; what ``sms.sms`` is for SMS.

    A message whose request was not answered may have arrived. It is ``uncertain`` then:
    the machine never sends it again, a report of Meta or a person settles it.
    """

    _name = "payment.followup.whatsapp"
    _description = "WhatsApp Message"
    _inherit = ["payment.followup.queue"]
    _order = "id DESC"
    _rec_name = "number"

    _followup_field = "whatsapp_id"
    _followup_cron = "account_payment_followup.ir_cron_payment_followup_whatsapp"
    _followup_waiting_states = ("outgoing",)
    _followup_void_state = "canceled"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Recipient", readonly=True, index=True
    )
    action_ids = fields.One2many(
        comodel_name="payment.followup.action",
        inverse_name="whatsapp_id",
        string="Reminder",
        readonly=True,
    )
    number = fields.Char(required=True, readonly=True, index=True)
    template = fields.Char(required=True, readonly=True)
    languages = fields.Char(
        required=True,
        readonly=True,
        help="Language codes of the template, tried in this order.",
    )
    parameters = fields.Json(
        readonly=True, help="Pairs of name and text, in the template's order."
    )
    is_named = fields.Boolean(string="Named variables", readonly=True)
    body = fields.Text(string="Content", readonly=True)
    state = fields.Selection(
        selection=STATES, default="outgoing", required=True, readonly=True
    )
    failure_type = fields.Selection(
        selection=FAILURES, string="What went wrong", readonly=True
    )
    failure_reason = fields.Char(string="Reason", readonly=True)
    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: uuid.uuid4().hex,
        help="Our own ID, which Meta's reports return.",
    )
    message_uid = fields.Char(string="WhatsApp ID", readonly=True, copy=False)
    user_uid = fields.Char(
        string="WhatsApp user",
        readonly=True,
        help="Meta's id of the recipient: an answer may come without a number.",
    )
    retry_count = fields.Integer(string="Attempts", readonly=True)
    retry_date = fields.Datetime(string="Next try", readonly=True)

    _reference_uniq = models.UniqueIndex("(reference)")
    _message_uid_uniq = models.UniqueIndex(
        "(message_uid) WHERE message_uid IS NOT NULL",
        "There is already a message with this WhatsApp ID.",
    )
    _user_uid_idx = models.Index("(user_uid) WHERE user_uid IS NOT NULL")
    _open_idx = models.Index(
        "(company_id, state) WHERE state IN ('outgoing', 'process', 'uncertain')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Let the queue run as soon as the messages are committed."""
        messages = super().create(vals_list)
        self._trigger()
        return messages

    def action_retry(self):
        """Put messages back into the queue: failed ones, and those nobody is sure of.

        The person who does it has looked whether an uncertain one arrived.
        """
        self._check_decision(("error", "uncertain", "outgoing"))
        self._get_followups()._forget_handover()
        for message in self.sudo():
            message.write(
                {
                    "state": "outgoing",
                    "failure_type": False,
                    "failure_reason": False,
                    "retry_count": 0,
                    "retry_date": False,
                    # New for Meta: a late report on the first try is not about this one
                    "reference": uuid.uuid4().hex,
                    "message_uid": False,
                }
            )
        self._trigger()

    def action_cancel(self):
        """Take messages that wait out of the queue."""
        self._check_decision(("outgoing",))
        self._set_canceled(self.env._("Cancelled by %s.", self.env.user.name))

    def action_set_arrived(self):
        """Settle messages nobody was sure of: the customer has them."""
        self._check_decision(("uncertain",))
        self._set_taken("sent")

    def action_set_missing(self):
        """Settle messages nobody was sure of: they did not arrive."""
        self._check_decision(("uncertain",))
        self._set_error(
            "uncertain",
            self.env._("Did not arrive, according to %s.", self.env.user.name),
        )

    def _check_decision(self, states):
        """Refuse a button to who may not decide, and where it makes no sense."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(
                self.env._("Only accounting managers can change the WhatsApp queue.")
            )
        other = self.filtered(lambda message: message.state not in states)
        if other:
            raise UserError(
                self.env._(
                    "The message to %(number)s is “%(state)s”: this button does not "
                    "apply to it.",
                    number=other[0].number,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        other[0].state
                    ],
                )
            )

    # States. A message only moves forward, in whichever order the reports come.

    def _set_taken(self, state, uid=None):
        """Record that Meta has the message: ``sent``, ``delivered`` or ``read``."""
        for message in self.sudo():
            message.write(
                {"state": state, "failure_type": False, "failure_reason": False}
                | ({"message_uid": uid} if uid else {})
            )
            actions = message._get_followup_actions(("queued", "failed"))
            if actions:
                actions._set_sent()

    def _set_error(self, failure_type, reason):
        """Record that the message did not reach its recipient, for good."""
        for message in self.sudo():
            message.write(
                {
                    "state": "error",
                    "failure_type": failure_type,
                    "failure_reason": reason,
                }
            )
            message._get_followup_actions(("queued", "sent"))._set_failed(reason)

    def _set_canceled(self, reason):
        """Record that the message was stopped before it left."""
        for message in self.sudo():
            message.write({"state": "canceled", "failure_reason": reason})
            message._get_followup_actions()._set_cancelled(reason)

    def _set_uncertain(self, reason):
        """Record that nobody knows whether the message left; a person finds out."""
        for message in self.sudo():
            message.write(
                {
                    "state": "uncertain",
                    "failure_type": "uncertain",
                    "failure_reason": reason,
                }
            )
            message._get_followup_actions()._set_unclear()

    def _set_waiting_until(self, opening):
        """Leave messages in the queue until the company opens."""
        self.filtered(lambda m: m.state == "outgoing").write({"retry_date": opening})

    def _release_followups(self):
        """Send at once what only waited for the company to open."""
        self.filtered(lambda m: not m.failure_type).write({"retry_date": False})
        return super()._release_followups()

    @api.model
    def _trigger(self, at=None):
        self.env["payment.followup.guard"]._trigger_at(self._followup_cron, at)

import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html_translate, is_html_empty
from odoo.tools.mail import html_to_inner_content

CHANNEL_FIELDS = (
    "send_email",
    "send_sms",
    "send_whatsapp",
    "print_letter",
    "send_post",
    "create_activity",
)

# What people type when they expect a value to be filled in. One word in braces is a
# placeholder, several are prose; so are single brackets and "2 % discount".
PLACEHOLDER = re.compile(
    r"""
    \{\{ .*? \}\}                          # {{ object.name }}
    | \$\{ .*? \}                          # ${object.name}
    | \[\[ .*? \]\]                        # [[name]]
    | \{ \s* [\w.]* (?:[:!][^\s{}]*)? \s* \}  # {name}, {amount:.2f}, {}
    | % \( \w+ \) \w                       # %(name)s
    | (?<! [\w%]) % [sd] (?! [\w'’])      # %s
    """,
    re.DOTALL | re.VERBOSE,
)


class PaymentFollowupLevel(models.Model):
    """One step of a company's plan: "N days after the due date, do this"."""

    _name = "payment.followup.level"
    _description = "Follow-up Level"
    _order = "company_id, delay, id"
    _check_company_auto = True

    def _default_mail_template_id(self):
        return self.env.ref(
            "account_payment_followup.mail_template_reminder", raise_if_not_found=False
        )

    def _default_sms_template_id(self):
        return self.env.ref(
            "account_payment_followup.sms_template_reminder", raise_if_not_found=False
        )

    def _default_activity_type_id(self):
        return self.env.ref(
            "account_payment_followup.mail_activity_type_followup",
            raise_if_not_found=False,
        )

    name = fields.Char(
        required=True,
        translate=True,
        help="Customers see this name: it is the subject of the e-mail and the title "
        "of the letter.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    active = fields.Boolean(default=True)
    delay = fields.Integer(
        string="Days after the due date",
        required=True,
        help="Days between the due date and this level. Negative: before it is due.",
    )
    repeat_days = fields.Integer(
        string="Repeat every (days)",
        help="Days after which this reminder is repeated, until the next level or the "
        "payment. 0: no repetition.",
    )
    auto = fields.Boolean(
        string="Automatic",
        default=True,
        help="The daily batch carries this level out. Off: it waits in the list of "
        "customer statements.",
    )
    note = fields.Html(
        string="Text",
        translate=html_translate,
        sanitize_attributes=True,
        help="Your words to the customer, in letter and e-mail, above the list of "
        "invoices.",
    )
    send_email = fields.Boolean(string="E-mail", default=True)
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail template",
        domain="[('model', '=', 'payment.followup.action')]",
        default=lambda self: self._default_mail_template_id(),
        ondelete="restrict",
    )
    attach_invoices = fields.Boolean(
        string="Attach invoices",
        help="Attach the PDF of each invoice in the reminder to the e-mail.",
    )
    send_sms = fields.Boolean(string="SMS")
    sms_template_id = fields.Many2one(
        comodel_name="sms.template",
        string="SMS template",
        domain="[('model', '=', 'payment.followup.action')]",
        default=lambda self: self._default_sms_template_id(),
        ondelete="restrict",
    )
    send_whatsapp = fields.Boolean(string="WhatsApp")
    print_letter = fields.Boolean(string="Letter")
    send_post = fields.Boolean(string="Post (Snailmail)")
    create_activity = fields.Boolean(string="Manual action")
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Activity type",
        domain="[('res_model', 'in', (False, 'payment.followup.customer'))]",
        default=lambda self: self._default_activity_type_id(),
        ondelete="restrict",
    )
    activity_summary = fields.Char(string="Summary", translate=True)
    activity_note = fields.Text(string="What to do", translate=True)
    confirm_promise = fields.Boolean(
        string="Confirm promises by e-mail",
        help="When a call ends with a promise to pay, a short e-mail thanks the "
        "customer and repeats amount and day. It is ticked when the call is logged.",
    )
    responsible_type = fields.Selection(
        selection=[
            ("responsible", "Responsible of the customer"),
            ("salesperson", "Salesperson of the invoice"),
            ("account_manager", "Salesperson of the customer"),
            ("user", "A specific user"),
        ],
        string="Responsible",
        default="responsible",
        required=True,
    )
    activity_user_id = fields.Many2one(
        comodel_name="res.users", string="User", check_company=True
    )
    plan_step = fields.Char(
        string="Step of the ready-made plan",
        readonly=True,
        copy=False,
        help="The step of a ready-made plan that this level was made from.",
    )

    _company_delay_uniq = models.UniqueIndex(
        "(company_id, delay) WHERE active",
        "There is already a level with this number of days. "
        "Give each level of the plan its own.",
    )
    _repeat_days_positive = models.Constraint(
        "CHECK(repeat_days >= 0)",
        "The days between two repetitions cannot be negative. Use 0 for no repetition.",
    )

    @api.depends("name", "delay")
    def _compute_display_name(self):
        for level in self:
            level.display_name = level.name or ""

    @api.constrains(*CHANNEL_FIELDS)
    def _check_channels(self):
        for level in self:
            if not any(level[name] for name in CHANNEL_FIELDS):
                raise ValidationError(
                    self.env._(
                        "The level “%(name)s” does nothing yet. "
                        "Tick at least one way to reach the customer.",
                        name=level.name,
                    )
                )

    @api.constrains(
        "send_email",
        "mail_template_id",
        "send_sms",
        "sms_template_id",
        "create_activity",
        "activity_type_id",
        "responsible_type",
        "activity_user_id",
    )
    def _check_channel_settings(self):
        for level in self:
            level._check_templates()
            level._check_activity()

    def _check_templates(self):
        if self.send_email and not self.mail_template_id:
            raise ValidationError(
                self.env._("Choose the e-mail template of the level “%s”.", self.name)
            )
        if self.send_sms and not self.sms_template_id:
            raise ValidationError(
                self.env._("Choose the SMS template of the level “%s”.", self.name)
            )
        for template in (self.mail_template_id, self.sms_template_id):
            if template and template.model != "payment.followup.action":
                raise ValidationError(
                    self.env._(
                        "The level “%(name)s” cannot use “%(template)s”: it is made "
                        "for %(model)s. Choose a template for follow-up actions.",
                        name=self.name,
                        template=template.name,
                        model=template.model_id.name or template.model,
                    )
                )

    @api.constrains("name", "note")
    def _check_note(self):
        for level in self:
            note = level.note or ""
            # Once more without tags: half of the placeholder may be bold
            text = f"{level.name}\n{note}\n{html_to_inner_content(note)}"
            placeholder = PLACEHOLDER.search(text)
            if placeholder:
                raise ValidationError(
                    self.env._(
                        "The text of the level “%(name)s” has the placeholder "
                        "“%(placeholder)s”. Customers would read it as it stands: "
                        "salutation, invoices and totals are added automatically.",
                        name=level.name,
                        placeholder=placeholder.group(),
                    )
                )

    def _check_activity(self):
        if not self.create_activity:
            return
        activity_type = self.activity_type_id
        if not activity_type:
            raise ValidationError(
                self.env._(
                    "The level “%(name)s” needs an activity type.", name=self.name
                )
            )
        if activity_type.res_model not in (False, "payment.followup.customer"):
            raise ValidationError(
                self.env._(
                    "The level “%(name)s” cannot use the activity type “%(type)s”: "
                    "it is made for other records. Choose one for any record.",
                    name=self.name,
                    type=activity_type.name,
                )
            )
        if self.responsible_type == "user" and not self.activity_user_id:
            raise ValidationError(
                self.env._(
                    "The level “%(name)s” needs the user who gets the manual action.",
                    name=self.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse numbers of days that cannot be, with a sentence that names the level.

        Before the database does, whose words are for administrators.
        """
        for vals in vals_list:
            self._check_repeat_days(vals.get("repeat_days"), vals.get("name"))
            if vals.get("active", True) and "delay" in vals:
                company = vals.get("company_id") or self.env.company.id
                self._check_delay(company, vals["delay"], vals.get("name"))
        return super().create(vals_list)

    def write(self, vals):
        """Refuse numbers of days that cannot be, as :meth:`create` does."""
        for level in self:
            level._check_repeat_days(vals.get("repeat_days"), level.name)
        if vals.keys() & {"active", "company_id", "delay"}:
            for level in self.filtered(lambda level: vals.get("active", level.active)):
                company = vals.get("company_id") or level.company_id.id
                level._check_delay(company, vals.get("delay", level.delay), level.name)
        return super().write(vals)

    def copy_data(self, default=None):
        """Give the copy a delay of its own: one week after the last level."""
        vals_list = super().copy_data(default)
        for number, (level, vals) in enumerate(zip(self, vals_list, strict=True), 1):
            if "delay" not in (default or {}):
                vals["delay"] = level._get_last_delay() + 7 * number
            vals["name"] = self.env._("%(name)s (copy)", name=level.name)
        return vals_list

    def _check_repeat_days(self, repeat_days, name):
        """Raise when the days between two repetitions are negative."""
        if (repeat_days or 0) < 0:
            raise ValidationError(
                self.env._(
                    "“%(name)s” cannot be repeated every %(days)s days. Use 0 if it "
                    "comes once, or a number above 0.",
                    name=name,
                    days=repeat_days,
                )
            )

    def _check_delay(self, company_id, delay, name):
        """Raise when another level of the plan already has this delay."""
        twin = self.search(
            [
                ("company_id", "=", company_id),
                ("delay", "=", delay),
                ("active", "=", True),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if twin:
            raise ValidationError(
                self.env._(
                    "“%(name)s” cannot be %(delay)s days after the due date: the level "
                    "“%(twin)s” of %(company)s is. Choose another number of days.",
                    name=name,
                    delay=delay,
                    twin=twin.name,
                    company=twin.company_id.name,
                )
            )

    def _get_last_delay(self):
        self.ensure_one()
        return max(
            self.search([("company_id", "=", self.company_id.id)]).mapped("delay"),
            default=self.delay,
        )

    def _get_text(self, lang):
        """Return the words of this level in ``lang``, HTML.

        Without a level, where nothing is due, those of a statement of account.
        """
        level = self.with_context(lang=lang)
        if not level:
            return Markup("<p>%s</p>") % level.env._(
                "This is what is open on your account today. If a payment of yours is "
                "already on its way, thank you."
            )
        return "" if is_html_empty(level.note) else level.note

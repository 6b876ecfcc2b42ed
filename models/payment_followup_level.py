from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html_translate, is_html_empty

CHANNEL_FIELDS = (
    "send_email",
    "send_sms",
    "send_whatsapp",
    "print_letter",
    "send_post",
    "create_activity",
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
        help="Say the same again after this many days, until the next level or the "
        "payment comes. 0: once.",
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
        default=_default_mail_template_id,
        ondelete="restrict",
    )
    attach_invoices = fields.Boolean(
        help="Attach the PDF of each invoice in the reminder to the e-mail.",
    )
    send_sms = fields.Boolean(string="SMS")
    sms_template_id = fields.Many2one(
        comodel_name="sms.template",
        string="SMS template",
        domain="[('model', '=', 'payment.followup.action')]",
        default=_default_sms_template_id,
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
        default=_default_activity_type_id,
        ondelete="restrict",
    )
    activity_summary = fields.Char(string="Summary", translate=True)
    activity_note = fields.Text(string="What to do", translate=True)
    responsible_type = fields.Selection(
        selection=[
            ("responsible", "Follow-up responsible"),
            ("salesperson", "Salesperson of the invoice"),
            ("account_manager", "Salesperson of the customer"),
            ("user", "A named user"),
        ],
        string="Assigned to",
        default="responsible",
        required=True,
    )
    activity_user_id = fields.Many2one(comodel_name="res.users", string="User")
    plan_step = fields.Char(
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

    @api.constrains("delay", "company_id", "active")
    def _check_delay(self):
        for level in self.filtered("active"):
            twin = self.search(
                [
                    ("company_id", "=", level.company_id.id),
                    ("delay", "=", level.delay),
                    ("id", "!=", level.id),
                ],
                limit=1,
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot have %(delay)s days: the level “%(twin)s” "
                        "of %(company)s already has them. "
                        "Choose another number of days.",
                        name=level.name,
                        delay=level.delay,
                        twin=twin.name,
                        company=level.company_id.name,
                    )
                )

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
        action_model = self.env["payment.followup.action"]._name
        for channel, template, label in (
            (self.send_email, self.mail_template_id, self.env._("e-mail template")),
            (self.send_sms, self.sms_template_id, self.env._("SMS template")),
        ):
            if channel and not template:
                raise ValidationError(
                    self.env._(
                        "The level “%(name)s” needs an %(template)s.",
                        name=self.name,
                        template=label,
                    )
                )
            if template and template.model != action_model:
                raise ValidationError(
                    self.env._(
                        "The level “%(name)s” cannot use “%(template)s”: it is made "
                        "for %(model)s. Choose a template for follow-up actions.",
                        name=self.name,
                        template=template.name,
                        model=template.model_id.name or template.model,
                    )
                )

    def _check_activity(self):
        if not self.create_activity:
            return
        activity_type = self.activity_type_id
        if not activity_type:
            raise ValidationError(
                self.env._("The level “%(name)s” needs an activity type.", name=self.name)
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

    def copy_data(self, default=None):
        """Give the copy a delay of its own: one week after the last level."""
        vals_list = super().copy_data(default)
        for level, vals in zip(self, vals_list, strict=True):
            if "delay" not in (default or {}):
                vals["delay"] = level._get_last_delay() + 7
            vals["name"] = self.env._("%(name)s (copy)", name=level.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["payment.followup.action"].sudo()._read_group(
            [("level_id", "in", self.ids)], ["level_id"]
        )
        if used:
            raise UserError(
                self.env._(
                    "The level “%(name)s” is part of the history of customers and "
                    "cannot be deleted. Archive it instead: it then sends nothing.",
                    name=used[0][0].name,
                )
            )

    def _get_last_delay(self):
        self.ensure_one()
        return max(
            self.search([("company_id", "=", self.company_id.id)]).mapped("delay"),
            default=self.delay,
        )

    def _get_text(self, lang):
        """Return the words of this level in ``lang``, an HTML string or ''."""
        text = self.with_context(lang=lang).note
        return "" if is_html_empty(text) else text

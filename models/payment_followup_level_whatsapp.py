import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.i18n import format_list

from .payment_followup_channel_whatsapp import PARAMETERS

# What Meta accepts as the name of a template.
TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")


class PaymentFollowupLevel(models.Model):
    """Which approved WhatsApp template a level uses, and what goes into it."""

    _inherit = "payment.followup.level"

    whatsapp_template = fields.Char(
        string="WhatsApp template",
        help="The name of a template that Meta has approved for your number. It is "
        "sent in the customer's language, or where it is not approved in that one, in "
        "the language of your company. Without a template, the message is prepared for "
        "you to send by hand.",
    )
    whatsapp_parameters = fields.Char(
        string="Template variables",
        default="name, amount, due_date",
        help="What the variables of the template stand for, in their order, separated "
        "by commas: name (of the recipient), company (yours), amount (to pay), "
        "due_date (the oldest), days (overdue), link (to the invoices and to pay).",
    )
    whatsapp_is_named = fields.Boolean(
        string="Named variables",
        help="The variables of the template have these names, like {{amount}}, and not "
        "numbers, like {{2}}.",
    )

    @api.constrains("whatsapp_template", "whatsapp_parameters", "whatsapp_is_named")
    def _check_whatsapp(self):
        for level in self:
            level._check_whatsapp_template()
            level._check_whatsapp_parameters()

    def _check_whatsapp_template(self):
        name = self.whatsapp_template
        if name and not TEMPLATE_NAME.fullmatch(name):
            raise ValidationError(
                self.env._(
                    "“%(template)s” cannot be the WhatsApp template of the level "
                    "“%(level)s”: its name at Meta has small letters, digits and "
                    "underscores only.",
                    template=name,
                    level=self.name,
                )
            )

    def _check_whatsapp_parameters(self):
        names = self._get_whatsapp_parameters()
        unknown = [name for name in names if name not in PARAMETERS]
        if unknown:
            raise ValidationError(
                self.env._(
                    "The level “%(level)s” has no value for the template variable "
                    "“%(name)s”. Choose among %(names)s.",
                    level=self.name,
                    name=unknown[0],
                    names=format_list(self.env, list(PARAMETERS)),
                )
            )
        if self.whatsapp_is_named and len(set(names)) < len(names):
            raise ValidationError(
                self.env._(
                    "A named template variable of the level “%s” occurs twice.",
                    self.name,
                )
            )

    def _get_whatsapp_parameters(self):
        """Return the names of what goes into the template, in its order."""
        names = (self.whatsapp_parameters or "").split(",")
        return [name.strip() for name in names if name.strip()]

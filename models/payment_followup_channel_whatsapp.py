import re
from urllib.parse import quote

from odoo import api, models
from odoo.tools import format_date, plaintext2html
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# What a level can put into its template, by the name that people enter.
PARAMETERS = {
    "name": _lt("name of the recipient"),
    "company": _lt("your company"),
    "amount": _lt("amount to pay"),
    "due_date": _lt("oldest due date"),
    "days": _lt("days overdue"),
    "link": _lt("link to the invoices and to pay"),
}


class PaymentFollowupChannelWhatsapp(models.AbstractModel):
    """WhatsApp: an approved template by Meta's Cloud API, through a queue of our own.

    Without an account, or without a template on the level, it is a link that opens the
    prepared message, to be sent by hand.
    """

    _name = "payment.followup.channel.whatsapp"
    _description = "Follow-up by WhatsApp"
    _inherit = ["payment.followup.channel"]

    _kind = "whatsapp"
    _icon = "fa-whatsapp"

    @api.model
    def _is_wanted(self, level):
        return level.send_whatsapp

    @api.model
    def _describe(self, level):
        return self.env._("WhatsApp message")

    @api.model
    def _get_address(self, reminder):
        contacts = reminder.recipient_id | reminder.partner_id
        numbers = (self._get_number(contact) for contact in contacts)
        return next((number for number in numbers if number), "")

    @api.model
    def _get_number(self, contact):
        """Return the number with its country code, '' where that is not known.

        Odoo formats it so, except where its library for phone numbers is missing; Meta
        takes a number without a country code for one of our own country.
        """
        number = contact._phone_format(fname="phone") or ""
        number = "".join(c for c in number if c.isdecimal() or c == "+")
        number = "+" + number[2:] if number.startswith("00") else number
        return number if E164.fullmatch(number) else ""

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No valid phone number with its country code.")

    @api.model
    def _get_initial_state(self):
        return "queued" if self.env.company._has_whatsapp_account() else "todo"

    @api.model
    def _send(self, actions):
        queued = actions.filtered(
            lambda action: (
                action.state == "queued" and action.level_id.whatsapp_template
            )
        )
        self._queue(queued)
        self._prepare_by_hand(actions - queued)

    @api.model
    def _prepare_by_hand(self, actions):
        template = self.env.ref("account_payment_followup.sms_template_reminder").sudo()
        bodies = template._render_field("body", actions.ids, compute_lang=True)
        for action in actions:
            action._set_content(False, bodies[action.id])
            if action.state == "queued":
                action._update_state(
                    "todo", self.env._("The level has no template: send it by hand.")
                )

    @api.model
    def _queue(self, actions):
        messages = self.env["payment.followup.whatsapp"].sudo()
        messages = messages.create([self._prepare_message_vals(a) for a in actions])
        for action, message in zip(actions, messages, strict=True):
            action.write({"whatsapp_id": message.id})
            action._set_content(False, plaintext2html(message.body))

    @api.model
    def _prepare_message_vals(self, action):
        level = action.level_id
        parameters = self._get_parameters(action)
        return {
            "company_id": action.company_id.id,
            "partner_id": action.recipient_id.id,
            "number": action.address,
            "template": level.whatsapp_template,
            "languages": ",".join(self._get_languages(action)),
            "parameters": parameters,
            "is_named": level.whatsapp_is_named,
            "body": self._describe_message(level, parameters),
        }

    @api.model
    def _get_parameters(self, action):
        """Return what goes into the template, pairs [name, text] in the level's order.

        Texts are in the customer's language, each in one line, none empty: Meta refuses
        anything else.
        """
        values = self._get_values(action.with_context(lang=action.lang))
        return [
            [name, " ".join(str(values[name]).split()) or "-"]
            for name in action.level_id._get_whatsapp_parameters()
        ]

    @api.model
    def _get_values(self, action):
        lines = action.sudo().line_ids
        claims = lines.filtered(lambda line: line.amount_residual > 0) or lines
        today = action.company_id._get_payment_followup_today()
        # A statement that somebody sends when nothing is open has no due date
        due = min(claims.mapped("date_due"), default=today)
        return {
            "name": action.recipient_id.name or action.partner_id.name,
            "company": action.company_id.name,
            "amount": action.totals_text,
            "due_date": format_date(action.env, due),
            "days": max((today - due).days, 0),
            "link": action._get_payment_link(),
        }

    @api.model
    def _get_languages(self, action):
        """Return the codes in which the template is looked for, the best first.

        The customer's language, then that of the company: with its country, and
        without. Meta knows ``es_MX`` and ``es``; of Odoo's ``ar_001`` it knows ``ar``.
        """
        codes = []
        for lang in (action.lang, action.company_id.partner_id.lang or "en_US"):
            base, _separator, country = lang.split("@")[0].partition("_")
            codes += [f"{base}_{country}"] if country.isalpha() else []
            codes.append(base)
        return list(dict.fromkeys(codes))

    @api.model
    def _describe_message(self, level, parameters):
        """Return the words of the log row: the text itself is at Meta."""
        title = self.env._("WhatsApp template “%s”", level.whatsapp_template)
        labels = {name: self.env._(PARAMETERS[name]) for name, _text in parameters}
        lines = [f"{labels[name]}: {text}" for name, text in parameters]
        return "\n".join([title, *lines])

    @api.model
    def _get_link(self, action):
        """Return the address that opens WhatsApp with the message of ``action``."""
        number = "".join(c for c in action.address or "" if c.isdigit())
        return f"https://wa.me/{number}?text={quote(action.body_text or '')}"

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount

from ..const import BUCKETS, UNCHASED_REASONS

# What a page shows of a contact: a contact has some fifty columns.
SHOWN_FIELDS = [
    "commercial_company_name",
    "company_name",
    "country_id",
    "email",
    "is_company",
    "lang",
    "name",
    "parent_id",
    "phone",
    "phone_sanitized",
    "type",
]


class PaymentFollowupStatement(models.Model):
    """What one page says of a customer: whom to call, what is owed, what to write."""

    _inherit = "payment.followup.statement"

    whatsapp_url = fields.Char(string="WhatsApp", compute="_compute_whatsapp_url")
    aging = fields.Json(
        string="What is owed, by age",
        compute="_compute_aging",
        help="Open claims by currency and days overdue, without those in litigation.",
    )
    coming_level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        string="Level of the next reminder",
        compute="_compute_coming_level_id",
        help="Due today, or still to come.",
    )
    is_adaptable = fields.Boolean(
        string="Words can be adapted",
        compute="_compute_is_adaptable",
        help="A message sent by hand today would have the words of a level.",
    )
    next_text = fields.Html(
        string="Text of the next reminder",
        compute="_compute_next_text",
        help="In the language of the customer, above the list of invoices.",
    )
    open_task_count = fields.Integer(
        string="Open calls and tasks", compute="_compute_open_task_count"
    )

    unsent_count = fields.Integer(
        string="Letters and messages to send by hand", compute="_compute_unsent_count"
    )

    @api.depends("recipient_id", "partner_id")
    def _compute_addresses(self):
        (self.recipient_id | self.partner_id).fetch(SHOWN_FIELDS)
        for statement in self:
            recipient, partner = statement.recipient_id, statement.partner_id
            statement.email = recipient.email or partner.email
            statement.phone = recipient.phone or partner.phone

    @api.depends("phone")
    def _compute_whatsapp_url(self):
        for statement in self:
            contact = statement.recipient_id
            contact = contact if contact.phone else statement.partner_id
            number = contact.phone_sanitized or ""
            # Without its country a number would reach somebody else
            is_complete = number.startswith("+")
            statement.whatsapp_url = is_complete and f"https://wa.me/{number[1:]}"

    @api.depends("line_ids.amount_residual_currency")
    @api.depends_context("lang")
    def _compute_aging(self):
        for statement in self:
            items = statement.line_ids.filtered(
                lambda item: item.reason not in ("litigation", "outside")
            ).grouped("currency_id")
            statement.aging = [
                self._prepare_aging(currency, items[currency])
                for currency in sorted(items, key=lambda currency: currency.name)
            ]

    @api.model
    def _prepare_aging(self, currency, items):
        """Return what is owed in one currency.

        :return: a dict ``total``, ``credit`` (strings) and ``buckets``, a list of dicts
            ``key``, ``label``, ``amount`` (strings), ``share`` (of all claims, 0–100)
        """
        claims = items.filtered("is_claim")
        credit = sum((items - claims).mapped("amount_residual_currency"))
        owed = sum(claims.mapped("amount_residual_currency"))
        buckets = []
        start = None
        for name, end in BUCKETS:
            inside = claims.filtered(
                lambda item, start=start, end=end: (
                    (start is None or item.days_overdue > start)
                    and (end is None or item.days_overdue <= end)
                )
            )
            start = end
            amount = sum(inside.mapped("amount_residual_currency"))
            if inside:
                buckets.append(
                    {
                        "key": name,
                        "label": self._fields[name]._description_string(self.env),
                        "amount": format_amount(self.env, amount, currency),
                        "share": 100 * amount / owed,
                    }
                )
        return {
            "total": format_amount(self.env, owed + credit, currency),
            "credit": credit and format_amount(self.env, credit, currency),
            "buckets": buckets,
        }

    @api.depends("next_level_id", "next_date", "reason")
    def _compute_coming_level_id(self):
        """Find the level of the next reminder; nobody is chased who owes too little."""
        for statement in self:
            levels = (
                statement.next_level_id
                or statement.line_ids.filtered(
                    lambda item, day=statement.next_date: (
                        item.next_date and day and item.next_date <= day
                    )
                ).next_level_id
            )
            if statement.reason in UNCHASED_REASONS:
                levels = levels.browse()
            level = max(levels, key=lambda level: level.delay, default=levels)
            statement.coming_level_id = level

    @api.depends("next_level_id", "reason")
    def _compute_is_adaptable(self):
        for statement in self:
            level = statement._get_message_level()
            statement.is_adaptable = level and statement.reason != "disabled"

    @api.depends("coming_level_id", "recipient_id")
    def _compute_next_text(self):
        for statement in self:
            text = self.env["payment.followup.reminder"]._preview_text(statement)
            statement.next_text = Markup(text or "")

    def _compute_open_task_count(self):
        groups = (
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", "payment.followup.customer"),
                    ("res_id", "in", self.customer_id.ids),
                ],
                ["res_id"],
                ["__count"],
            )
        )
        counts = dict(groups)
        for statement in self:
            statement.open_task_count = counts.get(statement.customer_id.id, 0)

    def _compute_unsent_count(self):
        counts = dict(
            self.env["payment.followup.action"]._read_group(
                [
                    ("customer_id", "in", self.customer_id.ids),
                    ("kind", "!=", "activity"),
                    ("state", "=", "todo"),
                ],
                ["customer_id"],
                ["__count"],
            )
        )
        for statement in self:
            statement.unsent_count = counts.get(statement.customer_id, 0)

    def action_open_tasks(self):
        """Open the calls and tasks of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_task_action"
        )
        return action | {
            "domain": [
                ("res_model", "=", "payment.followup.customer"),
                ("res_id", "in", self.customer_id.ids),
            ]
        }

    def action_open_sms(self):
        """Write an SMS, which stays among the messages of this customer."""
        self._check_billing_user()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send SMS"),
            "res_model": "sms.composer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_res_model": "payment.followup.customer",
                "default_res_id": self._get_customer().id,
                "default_recipient_single_number_itf": self.phone,
                "dialog_size": "medium",
            },
        }

    def _get_open_claims(self):
        """Return the open claims of these statements that are not in litigation."""
        return self.line_ids.filtered(
            lambda item: item.is_claim and item.reason not in ("litigation", "outside")
        )

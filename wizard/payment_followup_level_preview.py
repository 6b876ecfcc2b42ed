from base64 import b64encode
from datetime import timedelta

from odoo import Command, api, fields, models

# What an invented customer owes: (number, days between the two due dates, total, open).
SAMPLE_ITEMS = (("00042", 0, 1250.0, 1250.0), ("00057", 14, 480.0, 200.0))
TERM_DAYS = 30


class PaymentFollowupLevelPreview(models.TransientModel):
    """What a customer gets by a level, in a chosen language.

    The words are put together by the very methods that send them, from a log row that
    is never saved: of a real customer with open items, or of an invented one.
    """

    _name = "payment.followup.level.preview"
    _description = "Preview of a Follow-up Level"

    level_id = fields.Many2one(
        comodel_name="payment.followup.level", required=True, readonly=True
    )
    company_id = fields.Many2one(related="level_id.company_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        domain="[('customer_rank', '>', 0)]",
        help="Without one, or without open invoices, the preview uses sample data.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    is_invented = fields.Boolean(compute="_compute_message")
    email_from = fields.Char(string="From", related="company_id.email_formatted")
    subject = fields.Char(compute="_compute_message")
    email = fields.Html(string="E-mail", compute="_compute_message", sanitize=False)
    letter = fields.Html(compute="_compute_message", sanitize=False)
    sms = fields.Text(string="SMS", compute="_compute_message")
    activity = fields.Html(
        string="Manual action", compute="_compute_message", sanitize=False
    )
    document = fields.Binary(attachment=False)

    @api.depends("level_id")
    def _compute_partner_id(self):
        for preview in self:
            preview.partner_id = preview._find_customer()

    @api.depends("partner_id")
    def _compute_lang(self):
        for preview in self:
            preview.lang = preview.partner_id.lang or self.env.lang or "en_US"

    @api.depends("level_id", "partner_id", "lang")
    def _compute_message(self):
        for preview in self:
            items = preview._get_items()
            preview.is_invented = not items
            preview.update(preview._render(items or preview._invent_items()))

    def action_open_letter(self):
        """Open the letter as it would be printed."""
        self.ensure_one()
        items = self._get_items() or self._invent_items()
        action = self._prepare_action("letter", items)
        self.document = b64encode(
            self.env["payment.followup.letter"]._render_pdf(action)
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/document/letter.pdf",
            "target": "new",
        }

    def _find_customer(self):
        """Return the customer with the highest overdue amount, if there is one."""
        self.ensure_one()
        company = self.level_id.company_id
        statements = self.env["payment.followup.statement"].with_company(company)
        return statements.search(
            [("company_id", "=", company.id), ("amount_due", ">", 0)],
            order="amount_overdue DESC",
            limit=1,
        ).partner_id

    def _get_items(self):
        """Return the log lines of the customer's open items, as values."""
        company = self.level_id.company_id
        statement = (
            self.env["payment.followup.statement"]
            .with_company(company)
            ._find(company, self.partner_id)
        )
        lines = statement.line_ids._get_message_lines(self.level_id, is_forced=True)
        if not any(line.is_claim for line in lines):
            return []
        return [line._prepare_sample_vals() for line in lines]

    def _invent_items(self):
        """Return log lines of invoices that have come to this level, as values."""
        level = self.level_id
        company = level.company_id
        today = company._get_payment_followup_today()
        items = []
        for number, days, total, residual in SAMPLE_ITEMS:
            due = today + timedelta(days=days - level.delay)
            items.append(
                {
                    "company_id": company.id,
                    "kind": "email",
                    "name": f"INV/{due.year}/{number}",
                    "date_invoice": due - timedelta(days=TERM_DAYS),
                    "date_due": due,
                    "currency_id": company.currency_id.id,
                    "amount_total": total,
                    "amount_residual_currency": residual,
                    "amount_residual": residual,
                }
            )
        return items

    def _prepare_action(self, kind, items):
        """Return the log row of a message, not saved."""
        level = self.level_id
        partner = self.partner_id or self._invent_customer()
        return (
            self.env["payment.followup.action"]
            .sudo()
            .with_company(level.company_id)
            .new(
                {
                    "date": level.company_id._get_payment_followup_today(),
                    "user_id": self.env.uid,
                    "company_id": level.company_id.id,
                    "partner_id": partner,
                    "recipient_id": self._get_recipient(partner),
                    "kind": kind,
                    "level_id": level.id,
                    "text": level._get_text(self.lang),
                    "lang": self.lang,
                    "line_ids": [Command.create(vals) for vals in items],
                }
            )
        )

    def _get_recipient(self, partner):
        company = self.level_id.company_id
        statements = self.env["payment.followup.statement"].with_company(company)
        return statements._find(company, self.partner_id).recipient_id or partner

    def _invent_customer(self):
        company = self.level_id.company_id
        return self.env["res.partner"].new(
            {
                "name": self.with_context(lang=self.lang).env._("Sample Customer"),
                "street": self.with_context(lang=self.lang).env._("1 Sample Street"),
                "city": company.city,
                "zip": company.zip,
                "country_id": company.country_id.id,
                "phone": "+1 555 0100",
                "lang": self.lang,
            }
        )

    def _render(self, items):
        """Return the words of the channels, as their fields here."""
        level = self.level_id
        Channel = self.env["payment.followup.channel"]
        action = self._prepare_action("email", items)
        letter = self._prepare_action("letter", items)
        subject, email = Channel._get_channel("email")._preview(action)
        user = self.env.user
        return {
            "subject": subject,
            "email": email,
            "letter": self.env["payment.followup.letter"]._render_html(letter),
            "sms": Channel._get_channel("sms")._preview(action),
            "activity": level.create_activity
            and action.with_context(lang=user.lang)._render_activity_note(),
        }

import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext
from odoo.tools.i18n import format_list

from .formats import Formats

# "object.level_id.name" in the text of a template.
FIELD_PATH = re.compile(r"\bobject\.([A-Za-z_][\w.]*\w|[A-Za-z_])")


class PaymentFollowupAction(models.Model):
    """The words and figures of a message, as its templates and its letter use them."""

    _inherit = "payment.followup.action"

    items_html = fields.Html(
        string="Table of invoices", compute="_compute_items_html", sanitize=False
    )

    title = fields.Char(compute="_compute_title")
    salutation = fields.Char(compute="_compute_title")
    totals_text = fields.Char(string="Amounts", compute="_compute_items_html")
    totals_sms = fields.Char(string="Amounts for SMS", compute="_compute_items_html")
    body_text = fields.Text(string="Plain content", compute="_compute_body_text")
    whatsapp_url = fields.Char(string="WhatsApp link", compute="_compute_body_text")
    is_rtl = fields.Boolean(string="Right to left", compute="_compute_is_rtl")
    bank_accounts = fields.Char(
        string="Bank accounts", compute="_compute_company_contact"
    )
    company_contact = fields.Char(
        string="Contact data", compute="_compute_company_contact"
    )

    @api.depends("level_id", "recipient_id", "partner_id")
    @api.depends_context("lang")
    def _compute_title(self):
        for action in self:
            action.title = action.level_id.name or self.env._("Statement of account")
            action.salutation = self.env._(
                "Dear %(name)s,",
                name=action.recipient_id.name or action.partner_id.name,
            )

    @api.depends("body", "address")
    def _compute_body_text(self):
        whatsapp = self.env["payment.followup.channel.whatsapp"]
        for action in self:
            action.body_text = html2plaintext(action.body or "")
            action.whatsapp_url = whatsapp._get_link(action)

    @api.depends("lang")
    def _compute_is_rtl(self):
        for action in self:
            lang = self.env["res.lang"]._get_data(code=action.lang or "en_US")
            action.is_rtl = lang.direction == "rtl"

    @api.depends("company_id", "line_ids.move_id")
    def _compute_company_contact(self):
        self._fetch_invoices()
        for action in self:
            company = action.company_id.sudo()
            banks = action.sudo().line_ids.move_id.partner_bank_id
            banks = banks or company.partner_id.bank_ids[:1]
            action.bank_accounts = ", ".join(bank.acc_number for bank in banks)
            contact = (company.name, company.phone, company.email, company.website)
            action.company_contact = " · ".join(part for part in contact if part)

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_items_html(self):
        self._fetch_invoices()
        formats = Formats(self.env)
        for action in self:
            action.items_html = action._render_items(
                formats, action._get_invoice_urls()
            )
            action.totals_text = format_list(self.env, action._get_totals(formats))
            # A no-break space is not in the GSM alphabet: it would double the price
            action.totals_sms = action.totals_text.replace("\xa0", " ")

    @api.model
    def _check_placeholders(self, name, *texts):
        """Raise when a template uses a field that a log row does not have.

        :param name: of the template, for the message
        :param texts: HTML or plain text with ``object.field.field`` in it
        """
        for path in FIELD_PATH.findall(" ".join(text or "" for text in texts)):
            model = self
            for part in path.split("."):
                if part not in model._fields and not hasattr(type(model), part):
                    raise ValidationError(
                        self.env._(
                            "The template “%(name)s” uses “object.%(path)s”, which a "
                            "payment reminder does not have. Check “%(part)s”.",
                            name=name,
                            path=path,
                            part=part,
                        )
                    )
                field = model._fields.get(part)
                if not field or not field.relational:
                    break
                model = self.env[field.comodel_name]

    def _get_attachment_names(self):
        """Return the names of what is attached to the e-mail, in one line."""
        self.ensure_one()
        attachments = self.sudo().mail_message_id.attachment_ids
        return ", ".join(attachments.mapped("name"))

    def _get_items(self, formats=None):
        """Return the items of the message in the order of their due dates.

        :return: a list of dicts of strings in the language of the environment:
            ``name``, ``date_invoice``, ``date_due``, ``days_overdue`` (int),
            ``amount_total``, ``amount_residual``, ``move_id`` (int)
        """
        self.ensure_one()
        lines = self.sudo().line_ids.sorted(lambda line: (line.date_due, line.id))
        formats = formats or Formats(self.env)
        return [line._prepare_item(self.date, formats) for line in lines]

    def _get_totals(self, formats=None):
        """Return the open amount per currency, a list of formatted strings."""
        self.ensure_one()
        formats = formats or Formats(self.env)
        groups = self.sudo().line_ids.grouped("currency_id")
        return [
            formats.amount(sum(lines.mapped("amount_residual_currency")), currency)
            for currency, lines in sorted(groups.items(), key=lambda x: x[0].name)
        ]

    def _render_items(self, formats=None, urls=None):
        """Return the table of invoices with a total per currency, escaped HTML.

        :param urls: what the number of an invoice links to, {move id: address}
        """
        start, end = self._get_alignments()
        items = self._get_items(formats)
        for item in items:
            item["link"] = self._render_invoice_link(item, urls or {})
        cell = Markup('<td style="padding:6px 8px;border-bottom:1px solid #e2e2e2;')
        row = (
            Markup("<tr>")
            + cell
            + Markup(f'text-align:{start}">%(link)s</td>')
            + cell
            + Markup(f'text-align:{start}">%(date_due)s</td>')
            + cell
            + Markup(f'text-align:{end}"><bdi>%(amount_total)s</bdi></td>')
            + cell
            + Markup(f'text-align:{end}"><bdi>%(amount_residual)s</bdi></td></tr>')
        )
        total = Markup(
            f'<tr><td colspan="3" style="padding:8px;text-align:{end}"><b>%s</b></td>'
            f'<td style="padding:8px;text-align:{end}"><b><bdi>%s</bdi></b></td></tr>'
        )
        return Markup(
            '<table style="border-collapse:collapse;width:100%%">%s%s%s</table>'
        ) % (
            self._render_items_head(start, end),
            Markup("").join(row % item for item in items),
            Markup("").join(
                total % (self.env._("Total to pay"), amount)
                for amount in self._get_totals(formats)
            ),
        )

    def _render_invoice_link(self, item, urls):
        url = urls.get(item["move_id"])
        if not url:
            return item["name"]
        return Markup('<a href="%s">%s</a>') % (url, item["name"])

    def _render_items_head(self, start, end):
        titles = (
            (start, self.env._("Invoice")),
            (start, self.env._("Due date")),
            (end, self.env._("Amount")),
            (end, self.env._("Still open")),
        )
        head = Markup(
            '<th style="padding:6px 8px;border-bottom:2px solid #888;text-align:%s">'
            "%s</th>"
        )
        return Markup("<tr>%s</tr>") % Markup("").join(head % title for title in titles)

    def _render_activity_note(self):
        """Return what a colleague needs for a call: the task, the number, the debt."""
        self.ensure_one()
        level = self.level_id.with_context(lang=self.env.lang)
        phones = {p.phone for p in self.recipient_id | self.partner_id if p.phone}
        return Markup("<p>%s</p><p>%s</p>%s") % (
            level.activity_note or "",
            format_list(self.env, sorted(phones)),
            self._render_items(),
        )

    def _get_alignments(self):
        """Return where text starts and ends in the language of the environment."""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return ("right", "left") if lang.direction == "rtl" else ("left", "right")

import re
from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext
from odoo.tools.i18n import format_list

from .formats import Formats
from .item_table import ItemTable

# "object.level_id.name" in the text of a template.
FIELD_PATH = re.compile(r"\bobject\.([A-Za-z_][\w.]*\w|[A-Za-z_])")
# So many invoices are named in a line of the history.
MAX_NAMED = 2
# A phone would break the number of an account at a hyphen.
UNBROKEN = Markup('<span style="white-space:nowrap">%s</span>')


class PaymentFollowupAction(models.Model):
    """The words and figures of a message, as its templates and its letter use them."""

    _inherit = "payment.followup.action"

    items_html = fields.Html(
        string="Table of invoices", compute="_compute_items_html", sanitize=False
    )

    summary = fields.Char(
        string="What happened",
        compute="_compute_summary",
        help="The remark or what was said, else the invoices that the message is "
        "about.",
    )
    title = fields.Char(compute="_compute_title")
    salutation = fields.Char(compute="_compute_title")
    totals_text = fields.Char(string="Amounts", compute="_compute_items_html")
    totals_sms = fields.Char(string="Amounts for SMS", compute="_compute_items_html")
    body_text = fields.Text(string="Plain content", compute="_compute_body_text")
    whatsapp_url = fields.Char(string="WhatsApp link", compute="_compute_body_text")
    is_rtl = fields.Boolean(string="Right to left", compute="_compute_is_rtl")
    bank_accounts = fields.Html(
        string="Bank accounts",
        compute="_compute_company_contact",
        sanitize=False,
    )
    company_contact = fields.Char(
        string="Contact data", compute="_compute_company_contact"
    )

    @api.depends("level_id", "promise_date", "recipient_id", "partner_id")
    @api.depends_context("lang")
    def _compute_title(self):
        for action in self:
            action.title = action._get_title()
            action.salutation = self.env._(
                "Dear %(name)s,",
                name=action.recipient_id.name or action.partner_id.name,
            )

    @api.depends("error", "subject", "kind", "line_ids.name")
    @api.depends_context("lang")
    def _compute_summary(self):
        # One query, and only the names: a message may have a hundred lines
        lines = (
            self.env["payment.followup.action.line"]
            .search_fetch(
                [("action_id", "in", self.ids)],
                ["action_id", "name"],
                order="date_due, id",
            )
            .grouped("action_id")
        )
        for action in self:
            names = [line.name for line in lines.get(action, ())]
            words = action.error or action._describe_message(names)
            if names and action._is_statement_of_account():
                words = f"{action._get_title()} – {words}"
            action.summary = words

    def _is_statement_of_account(self):
        """Return whether this message went out by hand, though no level was due."""
        return (
            self.is_forced
            and self.kind not in ("activity", "error")
            and not self.level_id
            and not self.promise_date
        )

    def _describe_message(self, names):
        """Return what a row without a remark is about; a task has a name for it.

        :param names: the numbers of its invoices
        """
        if not names or (self.kind == "activity" and self.subject):
            return self.subject
        named, more = names[:MAX_NAMED], len(names) - MAX_NAMED
        if more > 0:
            return self.env._(
                "About %(invoices)s and %(count)s more",
                invoices=", ".join(named),
                count=more,
            )
        return self.env._("About %s", format_list(self.env, named))

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
            banks = action.sudo().line_ids.move_line_id.move_id.partner_bank_id
            banks = banks or company.partner_id.bank_ids[:1]
            action.bank_accounts = Markup(", ").join(
                UNBROKEN % bank.acc_number for bank in banks
            )
            contact = (company.name, company.phone, company.email, company.website)
            action.company_contact = " · ".join(part for part in contact if part)

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_items_html(self):
        self._fetch_invoices()
        table = ItemTable(self.env)
        for action in self:
            totals = action._get_totals()
            action.items_html = table.render(
                action._get_lines_by_date(), totals, action._get_payment_page()
            )
            amounts = [
                table.formats.amount(v, currency) for currency, v in totals.items()
            ]
            action.totals_text = format_list(self.env, amounts)
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

    def _get_items(self):
        """Return the items of the message in the order of their due dates.

        :return: a list of dicts of strings in the language of the environment:
            ``name``, ``date_invoice``, ``date_due``, ``amount_total``,
            ``amount_residual``
        """
        self.ensure_one()
        formats = Formats(self.env)
        return [line._prepare_item(formats) for line in self._get_lines_by_date()]

    def _get_lines_by_date(self):
        return self.sudo().line_ids.sorted(lambda line: (line.date_due, line.id))

    def _get_totals(self):
        """Return the open amount of each currency, {currency: amount}, by its name.

        Nothing is said of a currency in which invoices and credits are level.
        """
        self.ensure_one()
        totals = Counter()
        for line in self.sudo().line_ids:
            totals[line.currency_id] += line.amount_residual_currency
        totals = dict(sorted(totals.items(), key=lambda pair: pair[0].name))
        open_ones = {c: v for c, v in totals.items() if not c.is_zero(v)}
        return open_ones or totals

    def _render_activity_note(self):
        """Return what a colleague needs for a call: the task, the number, the debt."""
        self.ensure_one()
        level = self.level_id.with_context(lang=self.env.lang)
        # Without the links: they are the customer's
        items = ItemTable(self.env).render(
            self._get_lines_by_date(), self._get_totals()
        )
        phones = {p.phone for p in self.recipient_id | self.partner_id if p.phone}
        return Markup("<p>%s</p><p>%s</p>%s") % (
            level.activity_note or "",
            format_list(self.env, sorted(phones)),
            items,
        )

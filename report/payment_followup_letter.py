import logging
from base64 import b64decode, b64encode
from functools import cache
from io import BytesIO
from threading import Lock

from markupsafe import Markup
from PIL import Image
from qrcode import QRCode

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.pdf import merge_pdf

from ..models.formats import Formats, get_direction
from ..models.item_table import get_total_label

# It tells every step of every letter, and of its own start
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
try:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher
except (ImportError, OSError):  # no package, an old one, or no Pango library
    HTML = None

# The fonts are for one letter at a time
FONT_LOCK = Lock()


@cache
def get_fonts():
    """Return the fonts, one set for all letters: each set stays in memory."""
    return FontConfiguration()


class PaymentFollowupLetter(models.AbstractModel):
    """The letter of a log row: QWeb, set by WeasyPrint, kept as it was sent.

    WeasyPrint sets right-to-left text well and is many times faster than wkhtmltopdf,
    which takes over where WeasyPrint is missing.
    """

    _name = "payment.followup.letter"
    _description = "Follow-up Letter"

    @api.model
    def _attach(self, actions):
        """Make the PDF of each of ``actions`` and keep it on the row."""
        attachments = self.env["ir.attachment"].sudo()
        attachments = attachments.create([self._prepare_vals(row) for row in actions])
        for action, attachment in zip(actions, attachments, strict=True):
            title = action.with_context(lang=action.lang).title
            action.write({"attachment_id": attachment.id})
            action._set_content(title, action.text or Markup("<p/>"))

    @api.model
    def _prepare_vals(self, action):
        title = action.with_context(lang=action.lang).title
        return {
            "name": f"{title} {action.id}.pdf",
            "raw": self._render_pdf(action),
            "mimetype": "application/pdf",
            "res_model": action._name,
            "res_id": action.id,
        }

    @api.model
    def _print(self, actions):
        """Return the action that opens the letters of ``actions`` as one PDF.

        They are marked printed; letters already printed can be printed again.
        """
        self._check_printing(actions)
        letters = actions.sudo().filtered("attachment_id")
        letters.filtered(lambda row: row.state == "todo")._stop_outdated()
        stopped = letters.filtered(lambda row: row.state == "cancelled")
        letters -= stopped
        if not letters:
            return self._refuse_printing(stopped)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.env._("Letters (%(count)s).pdf", count=len(letters)),
                    "raw": merge_pdf(letters.mapped("attachment_id.raw")),
                    "mimetype": "application/pdf",
                }
            )
        )
        # Readable by who printed it: attachments of no record are their creator's
        letters.filtered(lambda row: row.state == "todo")._set_sent()
        document = {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}",
            "target": "new",
        }
        if not stopped:
            return document
        return self._notify_stopped(self.env._("Not printed:"), stopped, document)

    @api.model
    def _check_printing(self, actions):
        actions.check_access("read")
        actions.company_id._check_payment_followup_enabled()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only billing users can print letters."))

    @api.model
    def _refuse_printing(self, stopped):
        """Say why there is nothing to print.

        An error would undo what has just been noticed: that letters are out of date.
        """
        if not stopped:
            raise UserError(
                self.env._(
                    "There is no letter in this selection. "
                    "Choose rows of the type “Printed letter”."
                )
            )
        return self._notify_stopped(self.env._("No letter is left to print."), stopped)

    @api.model
    def _notify_stopped(self, sentence, stopped, following=None):
        """Return the client action that says which letters are not printed, and why."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": f"{sentence} {stopped._get_errors_message()}",
                "type": "warning",
                "sticky": True,
                "next": following or {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _render_pdf(self, action):
        html = self._render_html(action)
        if HTML is None:
            return self.env["ir.actions.report"]._run_wkhtmltopdf([html])
        # Pictures come with the page, as data: a letter reads no file of the server and
        # calls no other machine
        fetcher = URLFetcher(allowed_protocols={"data"})
        document = HTML(string=html, url_fetcher=fetcher)
        with FONT_LOCK:
            return document.write_pdf(font_config=get_fonts())

    @api.model
    def _render_html(self, action):
        """Return the letter as a complete HTML page in the customer's language."""
        action = action.with_context(lang=action.lang)
        company = action.company_id
        page = (
            self.env["ir.qweb"]
            .with_context(lang=action.lang)
            ._render(
                "account_payment_followup.payment_followup_letter",
                {
                    "action": action,
                    "address_lines": self._get_address_lines(action),
                    "company": company,
                    "items": action._get_items(),
                    "language": action.lang.replace("_", "-"),
                    "logo": self._get_logo(company),
                    "paper": self._get_paper(action),
                    "payment_code": self._get_payment_code(action.payment_url),
                    "recipient": action.recipient_id,
                    "sender": self._get_sender(company),
                    "totals": self._get_totals(action),
                    "direction": get_direction,
                },
            )
        )
        return f"<!DOCTYPE html>{page}"

    @api.model
    def _get_paper(self, action):
        """Return the paper of the company; Snailmail prints on A4 only."""
        paper = action.company_id.paperformat_id.format
        return "A4" if action.kind == "post" or not paper else paper

    @api.model
    def _get_payment_code(self, url):
        """Return the QR code of ``url`` as a data URI, '' without one.

        One dot of the picture is one module: the page enlarges it. Odoo's own barcodes
        need a part of ReportLab that is not everywhere, and take as long as the letter.
        """
        if not url:
            return ""
        # Each mask can be read; to find the best one takes longest
        code = QRCode(border=0, mask_pattern=0)
        code.add_data(url)
        code.make()
        size = len(code.modules)
        picture = Image.new("1", (size, size))
        picture.putdata([not dark for row in code.modules for dark in row])
        png = BytesIO()
        picture.save(png, "png")
        return f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"

    @api.model
    def _get_address_lines(self, action):
        """Return the postal address, one line each, in the order of its country."""
        contacts = action.recipient_id | action.partner_id
        address = next((c for c in contacts if c.street or c.city), action.partner_id)
        lines = address._display_address(without_company=True).splitlines()
        return Markup().join(
            Markup('<div><bdi dir="%s">%s</bdi></div>') % (get_direction(line), line)
            for line in lines
            if line.strip()
        )

    @api.model
    def _get_totals(self, action):
        """Return the total of each currency, pairs of label and formatted amount."""
        formats = Formats(action.env)
        return [
            (get_total_label(action.env, amount), formats.amount(amount, currency))
            for currency, amount in action._get_totals().items()
        ]

    @api.model
    def _get_sender(self, company):
        """Return name and address in one line, in the language of the environment.

        Odoo's own field for it keeps the language in which it was read first.
        """
        address = company.partner_id._display_address(without_company=True)
        lines = [line for line in address.splitlines() if line.strip()]
        return ", ".join([company.name, *lines])

    @api.model
    def _get_logo(self, company):
        """Return the logo as a data URI: the page needs no server to show it."""
        logo = company.logo_web
        if not logo or company.uses_default_logo:
            return ""
        kind = "svg+xml" if b64decode(logo)[:1] == b"<" else "png"
        return f"data:image/{kind};base64,{logo.decode()}"

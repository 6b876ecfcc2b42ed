from base64 import b64decode

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

try:
    from weasyprint import HTML
except (ImportError, OSError):  # the package, or the Pango library that it needs
    HTML = None


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
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": f"{action.level_id.name or action.date} {action.id}.pdf",
                        "raw": self._render_pdf(action),
                        "mimetype": "application/pdf",
                        "res_model": action._name,
                        "res_id": action.id,
                    }
                    for action in actions
                ]
            )
        )
        for action, attachment in zip(actions, attachments, strict=True):
            action.write({"attachment_id": attachment.id})
            action._set_content(action.level_id.name, action.text or Markup("<p/>"))

    @api.model
    def _print(self, actions):
        """Return the action that opens the letters of ``actions`` as one PDF.

        They are marked printed; letters already printed can be printed again.
        """
        actions.check_access("read")
        letters = actions.sudo().filtered("attachment_id")
        if not letters:
            raise UserError(
                self.env._("There is no letter in this selection. Choose rows of the "
                           "kind “Printed letter”.")
            )
        pdf = merge_pdf([letter.attachment_id.raw for letter in letters])
        attachment = self.env["ir.attachment"].sudo().create(
            {
                "name": self.env._("%(count)s letters.pdf", count=len(letters)),
                "raw": pdf,
                "mimetype": "application/pdf",
                "create_uid": self.env.uid,
            }
        )
        letters.filtered(lambda row: row.state == "todo")._set_sent()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}",
            "target": "new",
        }

    @api.model
    def _render_pdf(self, action):
        html = self._render_html(action)
        if HTML is None:
            return self.env["ir.actions.report"]._run_wkhtmltopdf([html])
        return HTML(string=html).write_pdf()

    @api.model
    def _render_html(self, action):
        """Return the letter as a complete HTML page in the customer's language."""
        action = action.with_context(lang=action.lang)
        company = action.company_id
        return str(
            self.env["ir.qweb"]
            .with_context(lang=action.lang)
            ._render(
                "account_payment_followup.payment_followup_letter",
                {
                    "action": action,
                    "address_lines": self._get_address_lines(action),
                    "company": company,
                    "items": action._get_items(),
                    "lang": action.lang.replace("_", "-"),
                    "level": action.level_id,
                    "logo": self._get_logo(company),
                    "paper": company.paperformat_id.format or "A4",
                    "recipient": action.recipient_id,
                    "totals": action._get_totals(),
                },
            )
        )

    @api.model
    def _get_address_lines(self, action):
        """Return the postal address, one line each, in the order of its country."""
        contacts = action.recipient_id | action.partner_id
        address = next((c for c in contacts if c.street or c.city), action.partner_id)
        lines = address._display_address(without_company=True).splitlines()
        return Markup("<br/>").join(line for line in lines if line.strip())

    @api.model
    def _get_logo(self, company):
        """Return the logo as a data URI: the page needs no server to show it."""
        logo = company.logo_web
        if not logo:
            return ""
        kind = "svg+xml" if b64decode(logo)[:1] == b"<" else "png"
        return f"data:image/{kind};base64,{logo.decode()}"

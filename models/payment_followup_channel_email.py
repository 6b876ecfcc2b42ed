from odoo import api, models
from odoo.tools import email_normalize, formataddr


class PaymentFollowupChannelEmail(models.AbstractModel):
    """E-mail through Odoo's mail queue, on the thread of the customer."""

    _name = "payment.followup.channel.email"
    _description = "Follow-up by E-mail"
    _inherit = ["payment.followup.channel"]

    _kind = "email"
    _written_order = 1

    @api.model
    def _is_wanted(self, level):
        return level.send_email

    @api.model
    def _get_address(self, reminder):
        contacts = reminder.recipient_id | reminder.partner_id
        addresses = (email_normalize(contact.email) for contact in contacts)
        return next((address for address in addresses if address), "")

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No valid e-mail address.")

    @api.model
    def _send(self, actions):
        default = self.env.ref("account_payment_followup.mail_template_reminder")
        groups = (actions - self._refuse_blacklisted(actions)).grouped(
            lambda action: action.level_id.mail_template_id
        )
        for template, group in groups.items():
            self._queue(group, template or default)
        # The queue runs every hour by itself; a reminder leaves as soon as it commits
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _refuse_blacklisted(self, actions):
        """Fail those of ``actions`` whose address wants no mail; return them."""
        blacklist = self.env["mail.blacklist"].sudo()
        refused = blacklist.search([("email", "in", actions.mapped("address"))])
        addresses = set(refused.mapped("email"))
        blacklisted = actions.filtered(lambda action: action.address in addresses)
        for action in blacklisted:
            action._set_failed(
                self.env._("%(address)s is blacklisted.", address=action.address)
            )
        return blacklisted

    @api.model
    def _queue(self, actions, template):
        """Render ``actions`` in one go and put them into the mail queue."""
        template = template.sudo()
        subjects = template._render_field("subject", actions.ids, compute_lang=True)
        bodies = template._render_field("body_html", actions.ids, compute_lang=True)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    self._prepare_mail_vals(
                        action, subjects[action.id], bodies[action.id]
                    )
                    for action in actions
                ]
            )
        )
        for action, mail in zip(actions, mails, strict=True):
            action.write(
                {"mail_id": mail.id, "mail_message_id": mail.mail_message_id.id}
            )
            action._set_content(mail.subject, mail.body_html)

    @api.model
    def _prepare_mail_vals(self, action, subject, body):
        company = action.company_id
        sender = company.email_formatted or self.env.user.email_formatted
        return {
            "subject": subject,
            "body": body,
            "body_html": body,
            "email_from": sender,
            "reply_to": self._get_reply_to(action) or sender,
            "email_to": formataddr((action.recipient_id.name, action.address)),
            "model": action.customer_id._name,
            "res_id": action.customer_id.id,
            "message_type": "email_outgoing",
            "author_id": company.partner_id.id,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            # The message stays on the thread once the mail itself is gone
            "is_notification": True,
            "auto_delete": True,
            "attachment_ids": [(6, 0, self._get_attachments(action).ids)],
        }

    @api.model
    def _get_reply_to(self, action):
        """Return the address at which an answer finds the thread of the customer."""
        company = action.company_id
        catchall = company.alias_domain_id.catchall_email
        return formataddr((company.name, catchall)) if catchall else ""

    @api.model
    def _get_attachments(self, action):
        """Return the PDFs of the invoices, each made once and kept by Odoo."""
        if not action.level_id.attach_invoices:
            return self.env["ir.attachment"]
        invoices = action.line_ids.move_id.filtered(
            lambda move: move.is_sale_document()
        )
        missing = invoices.filtered(lambda move: not move.invoice_pdf_report_id)
        if missing:
            self.env["account.move.send"]._generate_and_send_invoices(
                missing, sending_methods=[], allow_fallback_pdf=False
            )
        return invoices.invoice_pdf_report_id

from odoo import api, fields, models
from odoo.exceptions import UserError

from .whatsapp_api import WhatsappError


class ResConfigSettings(models.TransientModel):
    """The account of WhatsApp, with a test.

    The WhatsApp token and the secret go in and never come out: what is entered is
    written to the company, what is shown is whether there is one.
    """

    _inherit = "res.config.settings"

    payment_followup_whatsapp_phone_id = fields.Char(
        related="company_id.payment_followup_whatsapp_phone_id",
        readonly=False,
        groups="base.group_system",
    )
    payment_followup_whatsapp_token = fields.Char(
        string="Access token",
        compute="_compute_payment_followup_whatsapp_secrets",
        inverse="_inverse_payment_followup_whatsapp_token",
        groups="base.group_system",
        exportable=False,
    )
    payment_followup_whatsapp_secret = fields.Char(
        string="App secret",
        compute="_compute_payment_followup_whatsapp_secrets",
        inverse="_inverse_payment_followup_whatsapp_secret",
        groups="base.group_system",
        exportable=False,
    )
    payment_followup_whatsapp_has_token = fields.Boolean(
        string="Has an access token",
        compute="_compute_payment_followup_whatsapp_secrets",
    )
    payment_followup_whatsapp_has_secret = fields.Boolean(
        string="Has an app secret", compute="_compute_payment_followup_whatsapp_secrets"
    )
    payment_followup_whatsapp_verify_token = fields.Char(
        string="Verify token",
        compute="_compute_payment_followup_whatsapp_webhook",
        groups="base.group_system",
        exportable=False,
    )
    payment_followup_whatsapp_webhook_url = fields.Char(
        string="Webhook address", compute="_compute_payment_followup_whatsapp_webhook"
    )
    payment_followup_whatsapp_error = fields.Char(
        related="company_id.payment_followup_whatsapp_error",
        groups="base.group_system",
    )

    @api.depends("company_id")
    def _compute_payment_followup_whatsapp_secrets(self):
        for settings in self:
            company = settings.company_id.sudo()
            settings.payment_followup_whatsapp_token = False
            settings.payment_followup_whatsapp_secret = False
            settings.payment_followup_whatsapp_has_token = bool(
                company.payment_followup_whatsapp_token
            )
            settings.payment_followup_whatsapp_has_secret = bool(
                company.payment_followup_whatsapp_secret
            )

    @api.depends("company_id")
    def _compute_payment_followup_whatsapp_webhook(self):
        for settings in self:
            company = settings.company_id
            settings.payment_followup_whatsapp_webhook_url = (
                company._get_whatsapp_webhook_url()
            )
            settings.payment_followup_whatsapp_verify_token = (
                company._ensure_whatsapp_verify_token()
            )

    def _inverse_payment_followup_whatsapp_token(self):
        for settings in self.filtered("payment_followup_whatsapp_token"):
            token = settings.payment_followup_whatsapp_token.strip()
            settings.company_id.payment_followup_whatsapp_token = token

    def _inverse_payment_followup_whatsapp_secret(self):
        for settings in self.filtered("payment_followup_whatsapp_secret"):
            secret = settings.payment_followup_whatsapp_secret.strip()
            settings.company_id.payment_followup_whatsapp_secret = secret

    def action_payment_followup_test_whatsapp(self):
        """Ask Meta for the phone number; say what it is, or what is wrong."""
        self.ensure_one()
        try:
            number = self.company_id._get_whatsapp_api().get_number()
        except UserError as error:
            return self._notify_test(str(error), "warning")
        except WhatsappError as error:
            return self._notify_test(self._explain(error), "danger")
        self.company_id._resume_whatsapp()
        return self._notify_test(
            self.env._(
                "WhatsApp works: %(number)s, “%(name)s”, quality %(quality)s.",
                number=number.get("display_phone_number") or "",
                name=number.get("verified_name") or "",
                quality=number.get("quality_rating") or "",
            ),
            "success",
        )

    def _explain(self, error):
        """Return in words what to do about ``error`` of WhatsApp."""
        texts = {
            "account": self.env._(
                "Meta refuses the access token or the phone number ID: %s", error
            ),
            "rate": self.env._(
                "Too many requests, try again in a few minutes: %s", error
            ),
            "outage": self.env._("WhatsApp cannot be reached: %s", error),
            "uncertain": self.env._("WhatsApp did not answer: %s", error),
        }
        return texts.get(error.kind) or self.env._("Meta refuses: %s", error)

    def _notify_test(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": kind, "sticky": kind != "success"},
        }

import secrets

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .whatsapp_api import DEFAULT_ADDRESS, WhatsappApi, is_safe_address

ADDRESS_PARAMETER = "account_payment_followup.whatsapp_address"
SECRET_FIELDS = frozenset(
    {"payment_followup_whatsapp_token", "payment_followup_whatsapp_secret"}
)


class ResCompany(models.Model):
    """The company's account at WhatsApp. Token and secret are the administrators'."""

    _inherit = "res.company"

    payment_followup_whatsapp_phone_id = fields.Char(
        string="Phone number ID",
        groups="base.group_system",
        copy=False,
        help="The ID of your number at Meta: digits only, and not the phone number "
        "itself.",
    )
    payment_followup_whatsapp_token = fields.Char(
        string="Access token",
        groups="base.group_system",
        copy=False,
        exportable=False,
        prefetch=False,
    )
    payment_followup_whatsapp_secret = fields.Char(
        string="App secret",
        groups="base.group_system",
        copy=False,
        exportable=False,
        prefetch=False,
    )
    payment_followup_whatsapp_verify_token = fields.Char(
        string="Verify token",
        groups="base.group_system",
        copy=False,
        exportable=False,
        prefetch=False,
    )
    payment_followup_whatsapp_error = fields.Char(
        string="WhatsApp refuses",
        groups="base.group_system",
        copy=False,
        help="Why Meta refuses the account. Messages wait until this is settled.",
    )

    def write(self, vals):
        """Try again at once when the account has changed."""
        result = super().write(vals)
        if vals.keys() & {
            "payment_followup_whatsapp_phone_id",
            "payment_followup_whatsapp_token",
        }:
            self._resume_whatsapp()
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Keep token and secret out of every export, those of administrators too."""
        if any(path and path[0] in SECRET_FIELDS for path in fields):
            raise AccessError(
                self.env._("The WhatsApp token and secret cannot be exported.")
            )
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _has_whatsapp_account(self):
        """Return whether messages go out by Meta's Cloud API, not by hand."""
        company = self.sudo()
        return bool(
            company.payment_followup_whatsapp_phone_id
            and company.payment_followup_whatsapp_token
        )

    def _get_whatsapp_api(self):
        """Return the :class:`WhatsappApi` of this company.

        :raise UserError: where there is no account, or no address that is safe for a
            token
        """
        self.ensure_one()
        if not self._has_whatsapp_account():
            raise UserError(
                self.env._(
                    "Enter the phone number ID and the access token of %(company)s for "
                    "WhatsApp first.",
                    company=self.name,
                )
            )
        company = self.sudo()
        parameters = self.env["ir.config_parameter"].sudo()
        address = parameters.get_param(ADDRESS_PARAMETER) or DEFAULT_ADDRESS
        if not is_safe_address(address):
            raise UserError(
                self.env._(
                    "The address of WhatsApp in the system parameter %(parameter)s "
                    "must begin with https://.",
                    parameter=ADDRESS_PARAMETER,
                )
            )
        return WhatsappApi(
            address,
            company.payment_followup_whatsapp_phone_id,
            company.payment_followup_whatsapp_token,
        )

    def _get_whatsapp_webhook_url(self):
        """Return the address at which Meta reports deliveries and answers."""
        self.ensure_one()
        return f"{self.get_base_url()}/payment_followup/whatsapp/{self.id}"

    def _ensure_whatsapp_verify_token(self):
        """Return the verify token, made up at the first call."""
        self.ensure_one()
        company = self.sudo()
        if not company.payment_followup_whatsapp_verify_token:
            company.payment_followup_whatsapp_verify_token = secrets.token_urlsafe(24)
        return company.payment_followup_whatsapp_verify_token

    def _resume_whatsapp(self):
        """Forget the refusal; let what waits be tried at once."""
        self.sudo().write({"payment_followup_whatsapp_error": False})
        messages = self.env["payment.followup.whatsapp"].sudo()
        waiting = messages.search(
            [("company_id", "in", self.ids), ("state", "=", "outgoing")]
        )
        waiting.write({"retry_date": False})
        if waiting:
            messages._trigger()

    def _set_whatsapp_refused(self, text):
        """Tell the administrators once that Meta refuses the account."""
        self.ensure_one()
        company = self.sudo()
        is_new = not company.payment_followup_whatsapp_error
        company.payment_followup_whatsapp_error = text
        if is_new:
            company._notify_whatsapp_refused(text)

    def _notify_whatsapp_refused(self, text):
        self.message_notify(
            partner_ids=self._get_administrators().partner_id.ids,
            subject=self.env._("WhatsApp refuses the account of %s", self.name),
            body=self.env._(
                "WhatsApp payment reminders of %(company)s are waiting: %(error)s. "
                "Renew the access token in Settings ▸ Invoicing ▸ Customer Payments.",
                company=self.name,
                error=text,
            ),
        )

    def _get_administrators(self):
        group = self.env.ref("base.group_system")
        users = group.sudo().all_user_ids.filtered(
            lambda user: user.active and self in user.company_ids
        )
        return users or self.env.ref("base.user_admin")

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class ResCompany(models.Model):
    _inherit = "res.company"

    payment_followup_enabled = fields.Boolean(
        string="Payment follow-up management",
        help="Decide every day which customer needs which payment reminder.",
    )
    payment_followup_auto = fields.Boolean(
        string="Send automatically",
        help="The daily batch sends the reminders that are due. "
        "Off: they wait in the list of customer statements.",
    )
    payment_followup_escalation = fields.Selection(
        selection=[
            ("step", "Step by step"),
            ("age", "By age"),
        ],
        string="Escalation",
        default="step",
        required=True,
        help="Where an invoice that is already overdue enters the plan. Step by step: "
        "at the first level, then at the pace of the plan. By age: at the highest "
        "level that its days overdue have reached.",
    )
    payment_followup_min_amount = fields.Monetary(
        string="Minimum amount",
        currency_field="currency_id",
        help="Customers who owe less than this are not reminded.",
    )
    payment_followup_min_interval = fields.Integer(
        string="Days between two reminders",
        default=1,
        help="Minimum number of days between two reminders to the same customer.",
    )
    payment_followup_responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Default responsible",
        help="Gets the calls and tasks of customers who have no responsible.",
    )

    @api.constrains("payment_followup_min_amount", "payment_followup_min_interval")
    def _check_payment_followup_limits(self):
        for company in self:
            if company.payment_followup_min_amount < 0:
                raise ValidationError(
                    self.env._(
                        "The minimum amount for payment reminders of %(company)s "
                        "cannot be negative. Use 0 to send reminders for any amount.",
                        company=company.name,
                    )
                )
            if company.payment_followup_min_interval < 0:
                raise ValidationError(
                    self.env._(
                        "The days between two reminders of %(company)s cannot be "
                        "negative. Use 0 for no limit.",
                        company=company.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "payment_followup_enabled" in vals:
            # The menus of this company appear or vanish: see ir_ui_menu.py
            self.env.registry.clear_cache()
        return result

    def _check_payment_followup_enabled(self):
        """Refuse where the feature is off: a hidden menu is no lock."""
        for company in self:
            if not company.sudo().payment_followup_enabled:
                raise UserError(company._get_payment_followup_off_message())

    def _get_payment_followup_off_message(self):
        """Return the sentence for people who come to a company that does not use it."""
        return self.env._(
            "Payment follow-up is switched off for %(company)s. An administrator can "
            "switch it on in Settings ▸ Invoicing ▸ Customer Payments.",
            company=self.name,
        )

    def _in_payment_followup_lang(self, records):
        """Return ``records`` in the language of the company where no person acts.

        What scheduled actions remark is read by all of its people, none of whom need
        speak the language of OdooBot.
        """
        if self.env.uid != SUPERUSER_ID:
            return records
        lang = self[:1].partner_id.lang
        return records.with_context(lang=lang) if lang else records

    def _warn_if_past(self, date):
        """Return the warning of an onchange about a day that is already over."""
        if not self or not date or date >= self._get_payment_followup_today():
            return None
        return {
            "warning": {
                "title": self.env._("This day is over"),
                "message": self.env._(
                    "%(date)s is in the past, so it holds nothing back. Choose a "
                    "later day, or save to keep it on record.",
                    date=format_date(self.env, date),
                ),
            }
        }

    def _get_payment_followup_today(self):
        """Return the date it is now in the time zone of the company.

        A company's time zone is that of its own contact; UTC without one.
        """
        self.ensure_one()
        tz = self._get_payment_followup_tz()
        return fields.Date.context_today(self.with_context(tz=tz))

    def _get_payment_followup_accountant(self):
        """Return who does the work for which nobody is named: the first billing user.

        The scheduler itself is nobody who could make a call.
        """
        self.ensure_one()
        billing = self.env.ref("account.group_account_invoice")
        users = self.env["res.users"].sudo()
        found = users.search(
            [
                ("all_group_ids", "in", billing.ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
            ],
            order="id",
            limit=1,
        )
        return found.sudo(False) or self.env.user

    def _get_payment_followup_tz(self):
        return self.sudo().partner_id.tz or "UTC"

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const import CHANNEL_KINDS


class PaymentFollowupCustomer(models.Model):
    """What the people of one company decided about one customer, and their talk.

    A model of its own, not fields of ``res.partner``: billing users may not write
    contacts, and what one company says to a customer is not another's to read.
    """

    _name = "payment.followup.customer"
    _description = "Customer in Follow-up"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    mode = fields.Selection(
        selection=[
            ("automatic", "Automatic"),
            ("manual", "By hand"),
            ("none", "Never"),
        ],
        string="Reminders",
        default="automatic",
        required=True,
        tracking=True,
        help="Automatic: the daily batch sends what is due. By hand: what is due waits "
        "in the list. Never: this customer gets no reminder.",
    )
    next_date = fields.Date(
        string="No reminder before",
        tracking=True,
        help="No reminder before this day. Empty: the plan decides.",
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Follow-up responsible",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    reminder_date = fields.Date(
        string="Last reminder", readonly=True, help="The day of the last reminder."
    )
    failure = fields.Selection(
        selection=[("error", "Error"), ("delivery", "Delivery failed")],
        readonly=True,
        help="Why the last reminder did not reach the customer. An error is tried "
        "again the next day, a failed delivery once somebody has looked at it.",
    )
    failure_date = fields.Date(string="Failure date", readonly=True)

    _company_partner_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "This customer already has a follow-up record."
    )

    @api.onchange("next_date")
    def _onchange_next_date(self):
        return self.company_id._warn_if_past(self.next_date)

    @api.constrains("partner_id")
    def _check_commercial_partner(self):
        for customer in self:
            partner = customer.partner_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s. Follow-up is "
                        "recorded on the customer.",
                        contact=partner.display_name,
                        customer=partner.commercial_partner_id.display_name,
                    )
                )

    @api.model
    def _get_or_create(self, company, partners):
        """Return the records of ``partners`` (any contacts) in ``company``.

        :param partners: one or more ``res.partner``; contacts stand for the customer
            they belong to
        """
        customers = partners.commercial_partner_id
        domain = [("company_id", "=", company.id), ("partner_id", "in", customers.ids)]
        known = self.search(domain)
        missing = customers - known.partner_id
        if not missing:
            return known
        self.check_access("create")
        self.env.cr.execute(self._query_create(company, missing.sorted("id")))
        return self.search(domain)

    @api.model
    def _query_create(self, company, partners):
        """Return the insertion of records that another batch may insert as well."""
        return SQL(
            """
            INSERT INTO payment_followup_customer
                        (company_id, partner_id, mode, create_uid, create_date,
                         write_uid, write_date)
                 SELECT %(company_id)s, partner.id, 'automatic', %(uid)s, %(now)s,
                        %(uid)s, %(now)s
                   FROM UNNEST(%(partner_ids)s) AS partner (id)
            ON CONFLICT (company_id, partner_id) DO NOTHING
            """,
            company_id=company.id,
            now=self.env.cr.now(),
            partner_ids=partners.ids,
            uid=self.env.uid,
        )

    @api.model
    def _merge(self, sources, target):
        """Join the records of contacts that become one, in each company.

        The most careful decision stays: nobody is reminded because of a merge.

        :param sources: the ``res.partner`` that go
        :param target: the ``res.partner`` that stays
        """
        records = self.sudo().search([("partner_id", "in", (sources + target).ids)])
        for group in records.grouped("company_id").values():
            kept = group.filtered(lambda c: c.partner_id == target) or group[:1]
            (group - kept)._merge_into(kept)

    def _merge_into(self, kept):
        modes = [mode for mode, _label in self._fields["mode"].selection]
        every = self + kept
        kept.write(
            {
                "mode": max(every.mapped("mode"), key=modes.index),
                "next_date": max(
                    filter(None, every.mapped("next_date")), default=False
                ),
                "reminder_date": max(
                    filter(None, every.mapped("reminder_date")), default=False
                ),
            }
        )
        self.message_ids.sudo().write({"res_id": kept.id})
        self.with_context(active_test=False).activity_ids.write({"res_id": kept.id})
        self.env["payment.followup.action"].search(
            [("customer_id", "in", self.ids)]
        ).write({"customer_id": kept.id})
        self.unlink()

    def action_open_statement(self):
        """Open what this customer owes; who owes nothing has this record alone."""
        self.ensure_one()
        statement = self.env["payment.followup.statement"]._find(
            self.company_id, self.partner_id
        )
        return (statement or self)._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_clear_failure(self):
        """Let the next batch try again after a failed delivery."""
        self.filtered("failure")._close_alerts("failure")
        self.write({"failure": False, "failure_date": False})

    def _try_again(self):
        """Repeat what failed, as a person decided; return the log rows.

        What reached the customer by no channel is left to the batch, which comes now.
        """
        failed = self.filtered("failure")
        self.action_clear_failure()
        if failed:
            self.env["payment.followup.guard"]._wake_up()
        return self.env["payment.followup.reminder"]._retry(failed)

    def _set_reminded(self, date):
        self.action_clear_failure()
        self.write({"reminder_date": date})

    def _update_from_log(self):
        """Take the day of the last reminder from the log: some did not arrive."""
        dates = dict(
            self.env["payment.followup.action"]._read_group(
                [
                    ("customer_id", "in", self.ids),
                    ("kind", "in", CHANNEL_KINDS),
                    ("state", "not in", ("failed", "cancelled")),
                    ("promise_date", "=", False),
                ],
                ["customer_id"],
                ["date:max"],
            )
        )
        for customer in self:
            customer.reminder_date = dates.get(customer)

    def _set_failure(self, failure):
        """Record that the last reminder did not arrive.

        :param failure: ``error`` (ours; tried again tomorrow) or ``delivery``
        """
        for customer in self.sudo():
            today = customer.company_id._get_payment_followup_today()
            customer.write({"failure": failure, "failure_date": today})

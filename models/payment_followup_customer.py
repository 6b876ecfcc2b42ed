from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


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
        string="Not before",
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
        help="Why the last reminder did not reach the customer. An error is tried again "
        "the next day, a failed delivery once somebody has looked at it.",
    )
    failure_date = fields.Date(readonly=True)

    _company_partner_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "This customer already has a follow-up record."
    )

    @api.constrains("partner_id")
    def _check_commercial_partner(self):
        for customer in self:
            partner = customer.partner_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s. Follow-up is kept "
                        "with the customer.",
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

    def action_clear_failure(self):
        """Let the next batch try again after a failed delivery."""
        self.write({"failure": False, "failure_date": False})

    def _set_reminded(self, date):
        self.write({"reminder_date": date, "failure": False, "failure_date": False})

    def _set_failure(self, failure):
        """Record that the last reminder did not arrive.

        :param failure: ``error`` (ours; tried again tomorrow) or ``delivery``
        """
        for customer in self.sudo():
            today = customer.company_id._get_payment_followup_today()
            customer.write({"failure": failure, "failure_date": today})

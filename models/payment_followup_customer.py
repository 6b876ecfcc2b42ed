from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..const import CHANNEL_KINDS

# From the mildest to the gravest; a merge keeps the gravest.
FAILURES = (False, "error", "delivery")

# What the record is about, and what follow-up itself notes on it: nobody writes these.
IDENTITY_FIELDS = frozenset({"company_id", "partner_id"})
NOTED_FIELDS = frozenset(
    {
        "broken_count",
        "failure",
        "failure_date",
        "look_again_date",
        "mode_user_id",
        "next_date_user_id",
        "reminder_date",
    }
)


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
    # Not who wrote last: deliveries and reminders write here as well
    mode_user_id = fields.Many2one(
        comodel_name="res.users", string="Way of reminding chosen by", readonly=True
    )
    next_date_user_id = fields.Many2one(
        comodel_name="res.users", string="Day planned by", readonly=True
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
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
    # Kept here, as the work list reads it of everybody; the log has each of them
    broken_count = fields.Integer(
        string="Broken promises",
        readonly=True,
        help="How often payment was promised for a day and did not come.",
    )

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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_decision(vals, NOTED_FIELDS)
        customers = super().create([self._sign(vals) for vals in vals_list])
        customers.filtered("next_date")._log_past_plan()
        return customers

    def write(self, vals):
        self._check_decision(vals, NOTED_FIELDS | IDENTITY_FIELDS)
        result = super().write(self._sign(vals))
        if vals.get("next_date") and not self.env.context.get("followup_merging"):
            self._log_past_plan()
        return result

    def _check_decision(self, vals, kept):
        """Refuse what is no decision of people, whether by import or by RPC."""
        if not self.env.su and kept & vals.keys():
            raise UserError(
                self.env._(
                    "Follow-up itself notes this about its customers, it cannot be "
                    "changed. What people decide is changed on the customer's "
                    "statement."
                )
            )

    @api.model
    def _sign(self, vals):
        """Add to ``vals`` who decides what is in them."""
        decisions = vals.keys() & {"mode", "next_date"}
        return {f"{name}_user_id": self.env.uid for name in decisions} | vals

    def _log_past_plan(self):
        """Write down that a planned day was over when it was entered.

        The screens ask about such a day. What comes without a screen is taken, but
        nobody shall wonder later why the customer was reminded all the same.
        """
        for customer in self:
            if customer.next_date < customer.company_id._get_payment_followup_today():
                self.env["payment.followup.action"]._log(
                    customer.company_id,
                    customer.partner_id,
                    "note",
                    self.env._(
                        "No reminder before %(date)s: a day that was already over, it "
                        "holds nothing back.",
                        date=format_date(self.env, customer.next_date),
                    ),
                )

    @api.model
    def _find(self, company, partners):
        """Return the records that ``partners`` (any contacts) have in ``company``."""
        customers = partners.commercial_partner_id
        return self.search(
            [("company_id", "=", company.id), ("partner_id", "in", customers.ids)]
        )

    @api.model
    def _get_or_create(self, company, partners):
        """Return the records of ``partners`` (any contacts) in ``company``.

        :param partners: ``res.partner``; contacts stand for their customer
        """
        known = self._find(company, partners)
        missing = partners.commercial_partner_id - known.partner_id
        if not missing:
            return known
        self.check_access("create")
        self.env.cr.execute(self._query_create(company, missing.sorted("id")))
        return self._find(company, partners)

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
        """Join the records of contacts that become one customer, in each company.

        The most careful decision stays: nobody is reminded because of a merge.

        :param sources: the ``res.partner`` that are customers no more
        :param target: the ``res.partner`` that is the customer from now on
        """
        records = self.sudo().search([("partner_id", "in", (sources + target).ids)])
        for group in records.grouped("company_id").values():
            kept = group.filtered(lambda c: c.partner_id == target) or group[:1]
            others = group - kept
            if others:
                others._merge_into(kept)
            kept.partner_id = target

    def _merge_into(self, kept):
        every = kept + self
        kept.with_context(followup_merging=True).write(every._prepare_merged_vals())
        kept.message_subscribe(self.message_partner_ids.ids)
        self.message_ids.write({"res_id": kept.id})
        self.with_context(active_test=False).activity_ids.write({"res_id": kept.id})
        self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).write({"res_id": kept.id})
        self.env["payment.followup.action"].search(
            [("customer_id", "in", self.ids)]
        ).write({"customer_id": kept.id})
        self.unlink()

    def _prepare_merged_vals(self):
        """Return the values of one record for all of these, the most careful ones."""
        modes = [mode for mode, _label in self._fields["mode"].selection]
        held = max(self, key=lambda customer: modes.index(customer.mode))
        planned = self._get_last("next_date")
        failed = max(self, key=lambda customer: FAILURES.index(customer.failure))
        return {
            "mode": held.mode,
            "mode_user_id": held.mode_user_id.id,
            "next_date": planned.next_date,
            "next_date_user_id": planned.next_date_user_id.id,
            "reminder_date": self._get_last("reminder_date").reminder_date,
            "failure": failed.failure,
            "failure_date": failed.failure_date,
            "responsible_id": self.responsible_id[:1].id,
            "broken_count": sum(self.mapped("broken_count")),
        }

    def _get_last(self, name):
        """Return the one of these records with the last day in the field ``name``."""
        return self.filtered(name).sorted(name)[-1:]

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
        self.check_access("write")
        self.filtered("failure")._close_alerts("failure")
        self.sudo().write({"failure": False, "failure_date": False})

    def _try_again(self):
        """Send again what failed, to these customers only; return the log rows."""
        failed = self.filtered("failure")
        self.action_clear_failure()
        return self.env["payment.followup.reminder"]._retry(failed)

    def _log_decision(self, note=""):
        """Write down what was decided about these customers, and why."""
        Action = self.env["payment.followup.action"]
        for customer in self:
            remark = " ".join(filter(None, (customer._describe_decision(), note)))
            Action._log(customer.company_id, customer.partner_id, "note", remark)

    def _describe_decision(self):
        if self.mode == "none":
            return self.env._("No reminders any more.")
        ways = {
            "automatic": self.env._("Reminders as the plan says."),
            "manual": self.env._("Reminders by hand only."),
        }
        today = self.company_id._get_payment_followup_today()
        if not self.next_date or self.next_date <= today:
            return ways[self.mode]
        day = self.env._(
            "No reminder before %(date)s.",
            date=format_date(self.env, self.next_date),
        )
        return f"{day} {ways['manual']}" if self.mode == "manual" else day

    def _count_broken_promise(self):
        self.sudo().broken_count += 1

    def _set_reminded(self, date):
        self.action_clear_failure()
        self.sudo().write({"reminder_date": date})

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
        for customer in self.sudo():
            customer.reminder_date = dates.get(customer)

    def _set_failure(self, failure):
        """Record that the last reminder did not arrive.

        :param failure: ``error`` (ours; tried again tomorrow) or ``delivery``
        """
        for customer in self.sudo():
            today = customer.company_id._get_payment_followup_today()
            customer.write({"failure": failure, "failure_date": today})

from statistics import median

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import CHANNEL_KINDS

# A run to so few customers never raises the alarm, whatever is usual.
ALARM_FLOOR = 20
# The usual number is taken from the last days on which the batch sent something.
USUAL_DAYS = 20
USUAL_MIN_DAYS = 5
BANK_JOURNAL_TYPES = ("bank", "credit")


class ResCompany(models.Model):
    """What the automatic sending of a company is measured by before it may go."""

    _inherit = "res.company"

    payment_followup_alarm_factor = fields.Float(
        string="Times the usual number",
        default=3.0,
        digits=(6, 1),
        help="When the batch would remind more than this many times the usual number "
        "of customers, it waits for a manager. Usual is the median of the last days "
        "on which it sent reminders. 0: never.",
    )
    payment_followup_alarm_share = fields.Integer(
        string="Share of the customers",
        default=50,
        help="When the batch would remind more than this percentage of the customers "
        "with open invoices, it waits for a manager. 0: never.",
    )
    payment_followup_hold_ids = fields.One2many(
        comodel_name="payment.followup.hold",
        inverse_name="company_id",
        string="What holds the automatic sending back",
        domain=[("state", "in", ("waiting", "refused")), ("kind", "!=", "closed")],
    )
    payment_followup_bank_days = fields.Integer(
        string="Working days without bank data",
        help="The batch waits when the newest bank transaction is older than this "
        "number of working days: whoever has paid meanwhile is not reminded. 0: it "
        "never waits.",
    )

    @api.constrains(
        "payment_followup_alarm_factor",
        "payment_followup_alarm_share",
        "payment_followup_bank_days",
    )
    def _check_payment_followup_guard(self):
        for company in self:
            if 0 != company.payment_followup_alarm_factor < 1:
                raise ValidationError(
                    self.env._(
                        "%(company)s: the alarm cannot go off below the usual number "
                        "of reminders. Use 1 or more, or 0 for no alarm.",
                        company=company.name,
                    )
                )
            if not 0 <= company.payment_followup_alarm_share <= 100:
                raise ValidationError(
                    self.env._(
                        "%(company)s: the share of the customers is a percentage from "
                        "1 to 100, or 0 for no alarm.",
                        company=company.name,
                    )
                )
            if company.payment_followup_bank_days < 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s: the working days without bank data cannot be "
                        "negative. Use 0 to never wait.",
                        company=company.name,
                    )
                )

    # --- how many customers are usual

    def _find_payment_followup_alarm(self, count):
        """Return why reminding ``count`` more customers today is not usual.

        :return: values of a ``payment.followup.hold``; empty: it is as usual
        """
        if not count:
            return {}
        count += self._count_payment_followup_reminded()
        if count <= ALARM_FLOOR:
            return {}
        facts = {"customer_count": count, "usual_count": 0, "total_count": 0}
        usual = (
            self._get_payment_followup_usual_count()
            * self._count_payment_followup_days_covered()
        )
        factor = self.payment_followup_alarm_factor
        if factor and usual and count > factor * usual:
            return facts | {"usual_count": usual}
        total = self._count_payment_followup_customers()
        if 0 < self.payment_followup_alarm_share * total < count * 100:
            return facts | {"total_count": total}
        return {}

    def _get_payment_followup_usual_count(self):
        """Return how many customers a batch reminds on a usual day; 0: not known."""
        self.ensure_one()
        today = self._get_payment_followup_today()
        days = self.env["payment.followup.action"]._read_group(
            self._get_payment_followup_batch_domain()
            & Domain("date", ">=", fields.Date.subtract(today, months=6))
            & Domain("date", "<", today),
            ["date:day"],
            ["partner_id:count_distinct"],
            order="date:day DESC",
            limit=USUAL_DAYS,
        )
        if len(days) < USUAL_MIN_DAYS:
            return 0
        return median(count for _day, count in days)

    def _count_payment_followup_reminded(self):
        """Return how many customers the batch has reminded today."""
        today = Domain("date", "=", self._get_payment_followup_today())
        [[count]] = self.env["payment.followup.action"]._read_group(
            self._get_payment_followup_batch_domain() & today,
            [],
            ["partner_id:count_distinct"],
        )
        return count

    def _get_payment_followup_batch_domain(self):
        """Return the log rows of what the batch, not a person, sent to customers."""
        return Domain(
            [
                ("company_id", "=", self.id),
                ("user_id", "=", SUPERUSER_ID),
                ("kind", "in", CHANNEL_KINDS),
            ]
        )

    def _count_payment_followup_customers(self):
        """Return how many customers of this company have open invoices."""
        return (
            self.env["payment.followup.statement"]
            .with_company(self)
            .search_count([("company_id", "=", self.id), ("claim_count", ">", 0)])
        )

    # --- how new the bank data is

    def _get_payment_followup_bank_status(self):
        """Return how far the bank data of this company can be trusted, a dict.

        ``has_journal``; ``unreconciled``: number of receipts; ``date``: of the
        newest transaction, False if there is none; ``age``: its age in working days.
        """
        self.ensure_one()
        journals = self.env["account.journal"].sudo()
        domain = Domain("company_id", "=", self.id)
        newest, unreconciled = self._read_payment_followup_bank()
        return {
            "has_journal": bool(
                journals.search_count(
                    domain & Domain("type", "in", BANK_JOURNAL_TYPES), limit=1
                )
            ),
            "unreconciled": unreconciled,
            "date": newest,
            "age": newest
            and self._count_payment_followup_working_days(
                newest, self._get_payment_followup_today()
            ),
        }

    def _read_payment_followup_bank(self):
        """Return the day of the newest transaction, and how many receipts wait."""
        lines = self.env["account.bank.statement.line"].sudo()
        [[newest]] = lines._read_group(
            self._get_payment_followup_bank_domain(), [], ["date:max"]
        )
        receipts = self._get_payment_followup_receipts_domain()
        return newest or False, lines.search_count(receipts)

    def _get_payment_followup_receipts_domain(self):
        """Return what may be a customer's payment: what is paid out settles nothing."""
        return self._get_payment_followup_bank_domain() & Domain(
            [("is_reconciled", "=", False), ("amount", ">", 0)]
        )

    def _get_payment_followup_bank_domain(self):
        return Domain(
            [
                ("company_id", "=", self.id),
                ("journal_id.type", "in", BANK_JOURNAL_TYPES),
                ("state", "=", "posted"),
            ]
        )

    def _find_payment_followup_old_bank_data(self):
        """Return that the bank data is too old to send by, and how old it is.

        :return: values of a ``payment.followup.hold``; empty: it is new enough
        """
        if not self.payment_followup_bank_days:
            return {}
        status = self._get_payment_followup_bank_status()
        if not status["has_journal"]:
            return {}
        if status["date"] and status["age"] <= self.payment_followup_bank_days:
            return {}
        return {"bank_date": status["date"]}

    def _get_payment_followup_holds(self):
        """Return what holds the automatic sending back, while people can decide."""
        company = self.sudo()
        holds = company.payment_followup_hold_ids
        return holds.filtered(
            lambda hold: company.payment_followup_auto and hold.can_decide
        )

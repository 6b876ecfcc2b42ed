from odoo import api, models


class PaymentFollowupCustomer(models.Model):
    """What brings a customer to a colleague's list: an answer, a failed delivery."""

    _inherit = "payment.followup.customer"

    def _alert(self, name, note):
        """Put an activity on the list of the responsible, without an e-mail about it.

        :param name: of the activity type ``mail_activity_type_<name>``
        :param note: HTML
        """
        self.ensure_one()
        user = self._get_responsible_user()
        customer = self.sudo().with_context(
            lang=user.lang, mail_activity_quick_update=True
        )
        return customer.activity_schedule(
            f"account_payment_followup.mail_activity_type_{name}",
            date_deadline=self.company_id._get_payment_followup_today(),
            note=note,
            user_id=user.id,
        )

    def _alert_once(self, name, note):
        """Like :meth:`_alert`, on the activity that waits already if there is one."""
        alert = self._find_alerts(name)[:1]
        if alert:
            alert.note = note
            return alert
        return self._alert(name, note)

    def _find_alerts(self, name):
        """Return the activities of these customers that nobody has done yet."""
        kind = self._get_alert_type(name)
        return self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    @api.model
    def _get_alert_type(self, name):
        return self.env.ref(f"account_payment_followup.mail_activity_type_{name}")

    def _close_alerts(self, name):
        self._find_alerts(name).unlink()

    def _get_responsible_user(self):
        """Return who looks after this customer: the first named who is active.

        The responsible of the customer, else of the company, else the salesperson,
        else who is at work here, else a billing user of the company.
        """
        self.ensure_one()
        customer = self.sudo()
        candidates = (
            customer.responsible_id,
            customer.company_id.payment_followup_responsible_id,
            customer.partner_id.user_id,
            self.env.user,
        )
        named = next((user for user in candidates if user and user.active), None)
        user = named or customer.company_id._get_payment_followup_accountant()
        # Who reports a failure, a gateway say, may not know the colleagues
        return user.sudo()

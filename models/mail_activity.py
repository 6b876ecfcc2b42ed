from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Tell the action log that a manual action was done, and how it went.

        Who is done with a failed delivery lets it be tried again.
        """
        self._get_followup_actions()._set_done(feedback or None)
        customers = self._get_failed_followup_customers()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        customers.action_clear_failure()
        return result

    def unlink(self):
        """Tell the action log that a manual action was dropped, and by whom."""
        self._get_followup_actions()._set_dropped(
            self.env._("Cancelled by %(user)s.", user=self.env.user.name)
        )
        return super().unlink()

    def _get_followup_actions(self):
        return (
            self.env["payment.followup.action"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("state", "=", "todo")])
        )

    def _get_failed_followup_customers(self):
        kind = self.env.ref("account_payment_followup.mail_activity_type_failure")
        alerts = self.filtered(lambda activity: activity.activity_type_id == kind)
        customers = self.env["payment.followup.customer"].sudo()
        return customers.browse(alerts.mapped("res_id"))

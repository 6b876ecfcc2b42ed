from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Tell the action log that a manual action was done, and how it went."""
        self._get_followup_actions()._set_done(feedback or None)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

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

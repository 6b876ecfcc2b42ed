from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Tell the action log that a manual action was done, and how it went."""
        actions = (
            self.env["payment.followup.action"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("state", "=", "todo")])
        )
        actions._update_state("done", feedback or None)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

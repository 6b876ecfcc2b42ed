from odoo import models


class AccountBankStatementLine(models.Model):
    """A bank transaction in the list behind the banner."""

    _inherit = "account.bank.statement.line"

    def action_open_followup_entry(self):
        """Open the journal entry of this transaction, where it is reconciled."""
        self.ensure_one()
        self.move_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

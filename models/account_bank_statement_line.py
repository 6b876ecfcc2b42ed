from odoo import models


class AccountBankStatementLine(models.Model):
    """A bank transaction in the list behind the banner."""

    _inherit = "account.bank.statement.line"

    def action_open_followup_entry(self):
        """Open the journal entry of this transaction, where it is reconciled.

        To others than accountants Odoo would show it without its items: they are told.
        """
        self.ensure_one()
        self.move_id.check_access("read")
        if not self.env.user.has_group("account.group_account_readonly"):
            return self._notify_who_reconciles()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _notify_who_reconciles(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "message": self.env._(
                    "An accountant reconciles this transaction, with the full "
                    "accounting features of Odoo: reset the journal entry %(entry)s to "
                    "draft, enter the customer and the receivable account in the place "
                    "of the suspense account, and post it. The invoices of the "
                    "customer then offer the payment.",
                    entry=self.move_id.name,
                ),
            },
        }

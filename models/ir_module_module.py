from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Translate the levels of ready-made plans when a language is installed."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "account_payment_followup" in modules:
            levels = self.env["payment.followup.level"].sudo()
            self.env["payment.followup.plan"]._translate(
                levels.with_context(active_test=False).search(
                    [("plan_step", "!=", False)]
                ),
                langs,
            )
        return result

from odoo import api, models
from odoo.http import request

MENUS = (
    "payment_followup_menu_level",
    "payment_followup_menu_sales",
    "payment_followup_menu_statement",
    "payment_followup_menu_send",
    "payment_followup_menu_letter",
    "payment_followup_menu_message",
    "payment_followup_menu_task",
    "payment_followup_menu_balance",
    "payment_followup_menu_forecast",
    "payment_followup_menu_action",
    "payment_followup_menu_whatsapp",
    "payment_followup_menu_aged",
    "payment_followup_menu_ledger",
    "payment_followup_menu_dashboard",
)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def load_menus(self, debug):
        """Leave out the follow-up menus where the active company does not use them.

        What core returns is cached without regard to the company, hence a copy.
        """
        menus = super().load_menus(debug)
        if self._get_active_company().payment_followup_enabled:
            return menus
        hidden = self._get_hidden_menu_ids(menus)
        return {
            id_: menu | {"children": [c for c in menu["children"] if c not in hidden]}
            for id_, menu in menus.items()
            if id_ not in hidden
        }

    @api.model
    def _get_active_company(self):
        """Return the company chosen in the browser; its cookie says which.

        The route that loads the menus has no company in its context.
        """
        companies = self.env.user.company_ids
        cids = request.cookies.get("cids", "") if request else ""
        first = cids.replace("-", ",").split(",")[0]
        chosen = companies.filtered(lambda company: str(company.id) == first)
        return (chosen or self.env.company).sudo()

    @api.model
    def _get_hidden_menu_ids(self, menus):
        """Return our menus and the folders that are empty without them, a set.

        "Partner Reports" is one: in Community nothing but our reports is in it.
        """
        hidden = self._get_followup_menu_ids()
        while emptied := {
            menu["id"]
            for menu in menus.values()
            if menu["id"] not in hidden
            and menu["children"]
            and hidden.issuperset(menu["children"])
            and not menu.get("action_id")
        }:
            hidden |= emptied
        return hidden

    @api.model
    def _get_followup_menu_ids(self):
        menus = (
            self.env.ref(f"account_payment_followup.{name}", raise_if_not_found=False)
            for name in MENUS
        )
        return {menu.id for menu in menus if menu}

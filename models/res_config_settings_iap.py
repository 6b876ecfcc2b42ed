from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import formatLang
from odoo.tools.urls import urljoin

from odoo.addons.iap.tools import iap_tools

# What the account is asked at Odoo's own server for SMS and post.
IAP_ROUTE = "/iap/1/get-accounts-information"


class ResConfigSettings(models.TransientModel):
    """The channels that need an account at Odoo's own server, each with a test."""

    _inherit = "res.config.settings"

    def action_payment_followup_test_sms(self):
        """Ask Odoo's server for the SMS account; say what is left, or what is wrong."""
        return self._test_iap("sms", self.env._("SMS"))

    def action_payment_followup_test_post(self):
        """Ask Odoo's server for the Snailmail account; say what is left."""
        return self._test_iap("snailmail", self.env._("Post (Snailmail)"))

    def _test_iap(self, service, name):
        try:
            account = self._read_iap_account(service)
        except AccessError:
            # Odoo's own sentence is an address and "contact support"; the log has it
            return self._notify_test(
                self.env._(
                    "%s: Odoo's server does not answer. Try again in a few minutes.",
                    name,
                ),
                "danger",
            )
        problem = self._get_iap_problem(service, name, account)
        if problem:
            return self._notify_test(problem, "warning")
        return self._notify_test(
            self.env._(
                "%(service)s works. Credits left: %(balance)s.",
                service=name,
                balance=formatLang(self.env, int(account["balance"]), digits=0),
            ),
            "success",
        )

    def _read_iap_account(self, service):
        """Return what Odoo's server knows about the account, a dict; empty: nothing.

        Of an account that is made on this occasion no more than the token can be read:
        Odoo makes it beside this transaction.
        """
        token = self.env["iap.account"].get(service).sudo().account_token
        parameters = self.env["ir.config_parameter"].sudo()
        accounts = iap_tools.iap_jsonrpc(
            urljoin(iap_tools.iap_get_endpoint(self.env), IAP_ROUTE),
            params={
                "iap_accounts": [{"token": token, "service": service}],
                "dbuuid": parameters.get_param("database.uuid"),
            },
        )
        return (accounts or {}).get(token) or {}

    def _get_iap_problem(self, service, name, account):
        """Return what is wrong with an account and the way out, else None.

        Only SMS needs an account that is registered.
        """
        state = account.get("registered")
        if state == "banned":
            return self.env._(
                "%s: Odoo has closed this account. Ask Odoo's support why.", name
            )
        if service == "sms" and state != "registered":
            return self.env._(
                "%s: the account is not registered yet. Open it with “View My "
                "Services” in the general settings, and register it.",
                name,
            )
        if account.get("balance", 0) <= 0:
            return self.env._("%s: no credits are left. Buy some.", name)
        return None

from odoo import api, models
from odoo.tools import format_date, formatLang

from .payment_followup_hold import MANAGER_GROUP


class PaymentFollowupGuard(models.AbstractModel):
    """The banner: what holds the automatic sending back, in words, with its buttons."""

    _inherit = "payment.followup.guard"

    @api.model
    def get_notices(self, only_off=False):
        """Return what people should know before reminders leave, for the screens.

        :param only_off: say no more than that follow-up is switched off; for screens
            from which nothing leaves
        :return: a list of dicts ``key``, ``tone`` (of Bootstrap), ``text`` and
            ``buttons``: dicts ``label``, ``model``, ``method``, ``args``
        """
        self.env["payment.followup.statement"].check_access("read")
        if not any(self.env.companies.mapped("payment_followup_enabled")):
            return [self._prepare_off_notice()]
        if only_off:
            return []
        notices = []
        for company in self.env.companies:
            if company.payment_followup_enabled:
                guard = self.with_company(company)
                notices += [
                    *guard._get_plan_notices(),
                    *guard._get_hold_notices(),
                    *guard._get_hours_notices(),
                    *guard._get_bank_notices(),
                ]
        return notices

    @api.model
    def action_open_bank_transactions(self, company_id):
        """Open the receipts in the bank of a company that wait to be reconciled.

        On the screen of an add-on that reconciles, where there is one: Odoo's Community
        edition has none, and asks such add-ons for theirs.
        """
        lines = self.env["account.bank.statement.line"]
        lines.check_access("read")
        company = self.env["res.company"].browse(company_id)
        domain = list(company._get_payment_followup_receipts_domain())
        screen = company._get_unreconciled_statement_lines_redirect_action(
            lines.search(domain, limit=2)  # of a single one, some show a form
        )
        if screen.get("views"):
            return screen | {"domain": domain}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.account_bank_statement_line_action"
        )
        return action | {"domain": domain}

    @api.model
    def action_open_levels(self):
        """Open the plan, to begin one."""
        self.env["payment.followup.level"].check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_level_action"
        )

    @api.model
    def _get_off_action(self):
        """Open the list that is empty, and says why, instead of a page of its own.

        For addresses that people keep: an error would leave them an empty page.
        """
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_statement_action"
        )

    @api.model
    def _prepare_off_notice(self):
        """Say why a list is empty: who changes the company stays where he is.

        Not in the words of the empty list: browsers keep those of an action.
        """
        company = self.env.company
        return {
            "key": f"off-{company.id}",
            "tone": "info",
            "text": company._get_payment_followup_off_message(),
            "buttons": [],
        }

    @api.model
    def _get_plan_notices(self):
        """Say that nobody is reminded where there is no level."""
        hint = self.env["payment.followup.dashboard"]._get_hint(self.env.company)
        if not hint:
            return []
        button = self._prepare_button(
            self.env._("Set up the follow-up levels"), self._name, "action_open_levels"
        )
        return [
            self._prepare_notice(
                f"plan-{self.env.company.id}",
                "warning",
                hint["text"],
                [button] if hint["is_manager"] else [],
            )
        ]

    @api.model
    def _get_hold_notices(self):
        holds = self.env.company._get_payment_followup_holds()
        notices = (self._prepare_hold_notice(hold) for hold in holds)
        return [notice for notice in notices if notice]

    @api.model
    def _prepare_hold_notice(self, hold):
        """Return the notice of ``hold``, None where nobody waits for it any more."""
        text = hold.message
        buttons = [(self.env._("Send them now"), "action_send_now")]
        if hold.state == "waiting":
            buttons.append((self.env._("Do not send"), "action_do_not_send"))
        else:
            text = self.env._(
                "%(user)s stopped the automatic sending of today (customers: "
                "%(count)s).",
                user=hold.user_id.name,
                count=formatLang(self.env, hold.customer_count, digits=0),
            )
        if hold.state == "waiting" and hold.kind == "bank":
            way_out = self._get_bank_way_out(hold)
            if not way_out:
                return None
            text += " " + way_out
        is_manager = self.env.user.has_group(MANAGER_GROUP)
        if not is_manager and hold.state == "waiting":
            text += " " + self.env._("An accounting manager decides.")
        return self._prepare_notice(
            f"hold-{hold.id}",
            "danger" if hold.state == "waiting" else "warning",
            text,
            [
                self._prepare_button(label, hold._name, method, hold.ids)
                for label, method in buttons
                if is_manager
            ],
        )

    @api.model
    def _get_bank_way_out(self, hold):
        """Say how many wait, less those reminded by hand since, and what for.

        :return: '' where nobody waits
        """
        domain = self.env["payment.followup.reminder"]._get_batch_domain()
        count = self.env["payment.followup.statement"].search_count(domain)
        if not count:
            return ""
        return self.env._(
            "Customers who wait: %(count)s. Their reminders leave by themselves once "
            "there are bank transactions of the last working days (limit: %(days)s).",
            count=formatLang(self.env, count, digits=0),
            days=hold.company_id.sudo().payment_followup_bank_days,
        )

    @api.model
    def _get_hours_notices(self):
        company = self.env.company
        if company._is_payment_followup_open():
            return []
        opening = company._get_payment_followup_opening()
        text = self.env["payment.followup.hold"]._get_closed_message(company, opening)
        return [self._prepare_notice(f"hours-{company.id}", "info", text)]

    @api.model
    def _get_bank_notices(self):
        company = self.env.company
        status = company._get_payment_followup_bank_status()
        if not status["unreconciled"]:
            return []
        text = self.env._(
            "Incoming bank transactions to reconcile: %(count)s. The newest bank data "
            "dates from %(date)s (working days since: %(age)s). Reconcile before you "
            "send reminders.",
            count=formatLang(self.env, status["unreconciled"], digits=0),
            date=format_date(self.env, status["date"], date_format="long"),
            age=status["age"],
        )
        button = self._prepare_button(
            self.env._("Show them"),
            self._name,
            "action_open_bank_transactions",
            company.id,
        )
        return [self._prepare_notice(f"bank-{company.id}", "warning", text, [button])]

    @api.model
    def _prepare_notice(self, key, tone, text, buttons=()):
        """Return a notice; with several companies on the screen, it names its own."""
        if len(self.env.companies) > 1:
            text = f"{self.env.company.name}: {text}"
        return {"key": key, "tone": tone, "text": text, "buttons": list(buttons)}

    @api.model
    def _prepare_button(self, label, model, method, *args):
        return {"label": label, "model": model, "method": method, "args": list(args)}

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .payment_followup_sending_line import WAITING

# Customers per request: the browser asks for one chunk after the other.
CHUNK_SIZE = 20
# Customers of a company whose reminders are there when the page opens.
PREPARED_AT_ONCE = 500
# A sending that nobody drives any more is finished by the scheduled action.
ABANDONED_AFTER = timedelta(minutes=2)
# What nobody sent for so long is forgotten when its user opens the page again.
FORGOTTEN_AFTER = timedelta(days=1)
# How often a chunk is tried when people change the same customers at the same time.
MAX_TRIES = 5


class PaymentFollowupSending(models.TransientModel):
    """Many reminders at once: look at them, untick some, send, see what became of it.

    The browser sends chunk after chunk, so that no request takes long; what it leaves
    behind, because the tab was closed, the scheduled action finishes. Each chunk takes
    the one path of all reminders and commits on its own: whoever sends it, and however
    often, a customer is reminded once.
    """

    _name = "payment.followup.sending"
    _description = "Sending of Reminders"
    _transient_max_hours = 24 * 7

    state = fields.Selection(
        selection=[
            ("preparing", "Being prepared"),
            ("draft", "Preview"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
    )
    is_background = fields.Boolean(
        help="The scheduled action sends; nobody waits for it in the browser."
    )
    line_ids = fields.One2many(
        comodel_name="payment.followup.sending.line", inverse_name="sending_id"
    )

    @api.depends("create_date")
    def _compute_display_name(self):
        for sending in self:
            sending.display_name = self.env._("Send Letters and Emails")

    @api.model
    def action_open(self):
        """Decide what would be sent now in the chosen companies, and show it."""
        self._check_billing_user()
        companies = self._get_companies()
        if not companies:
            return self.env["payment.followup.guard"]._get_off_action()
        self._forget()
        sending = self.sudo().create({})
        is_complete = sending._prepare(companies, PREPARED_AT_ONCE)
        sending.state = "draft" if is_complete else "preparing"
        return sending._get_list_action()

    def action_complete(self):
        """Add the customers without whom the page of a large ledger opened.

        :return: whether all are there; not yet, while another request adds them
        """
        self._check_billing_user()
        companies = self._get_companies()
        if self.state == "preparing" and self.sudo().try_lock_for_update():
            self.sudo()._prepare(companies)
            self.sudo().state = "draft"
        return self.state != "preparing"

    def action_start(self):
        """Begin to send, or go on after a stop."""
        self._check_state("draft", "stopped")
        if not self._get_waiting_lines(1):
            raise UserError(
                self.env._(
                    "No reminder is ticked. Tick those that you want to send, or look "
                    "at Customer Statements for what comes next."
                )
            )
        self.sudo().write({"state": "running", "is_background": False})
        self._trigger_cron(fields.Datetime.now() + ABANDONED_AFTER)
        return self._get_progress()

    def action_stop(self):
        """Send no more; what was sent stays sent."""
        self._check_state("running", "stopped", "done")
        if self.state == "running":
            self.sudo().state = "stopped"
        return self._get_progress()

    def action_hand_over(self):
        """Let the scheduled action go on, so that the browser can be closed."""
        self._check_state("running")
        self.sudo().is_background = True
        self._trigger_cron()
        return self._get_progress()

    def action_send_chunk(self):
        """Send the next reminders; return where the sending stands."""
        self._check_state("running", "stopped", "done")
        if self.state == "running" and self.sudo().try_lock_for_update():
            self._send_chunk()
        return self._get_progress()

    def action_count_pages(self):
        """Count the pages of the next letters; return where the count stands."""
        self._check_state("draft")
        letters = self.line_ids._get_letters(self)
        uncounted = letters.filtered(lambda line: not line.is_counted)
        uncounted[:CHUNK_SIZE]._count_pages()
        left = len(uncounted[CHUNK_SIZE:])
        return {"done": len(letters) - left, "total": len(letters)}

    def get_summary(self):
        """Return the figures above the list.

        :return: a dict ``state``, ``customers`` and ``amounts`` (strings, per currency)
            of what is ticked, ``channels`` (list of dicts ``kind``, ``label``,
            ``count``, ``pages``, ``is_countable``) and ``counts`` {state: customers};
            or ``False``, when the page is older than what is kept
        """
        self._check_billing_user()
        if not self.exists():
            return False
        return self.line_ids._get_summary(self) | {"state": self.state}

    def _get_companies(self):
        """Return those of the chosen companies, all the user's own, that remind."""
        return self.env.companies.filtered("payment_followup_enabled")

    @api.model
    def _forget(self):
        """Drop what this user looked at days ago, but for what is being prepared.

        The page of another window stays: somebody may have unticked customers there.
        """
        looked_at = self.sudo().search(
            [
                ("create_uid", "=", self.env.uid),
                ("create_date", "<", fields.Datetime.now() - FORGOTTEN_AFTER),
                ("state", "in", ("preparing", "draft")),
            ]
        )
        looked_at.try_lock_for_update().unlink()

    def _prepare(self, companies, limit=None):
        """Write the missing rows, of ``limit`` customers of each of ``companies``.

        :return: whether these were all
        """
        is_complete = True
        for company in companies:
            is_complete &= self.line_ids._prepare(self, company, limit)
        return is_complete

    def _check_billing_user(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only billing users can send or plan payment reminders.")
            )

    def _check_state(self, *states):
        """Refuse users who may not send, and a sending that has gone on meanwhile."""
        self.ensure_one()
        self._check_billing_user()
        state = self.exists().state
        if state == "preparing":
            raise UserError(
                self.env._("The reminders are still being prepared: wait a moment.")
            )
        if not state:
            raise UserError(
                self.env._(
                    "This page is too old: nothing was sent. Open “Send Letters and "
                    "Emails” again to see what is due now."
                )
            )
        if state not in states:
            raise UserError(
                self.env._(
                    "This sending has already begun, perhaps in another window. Open "
                    "“Send Letters and Emails” again to see what is due now."
                )
            )

    def _get_waiting_lines(self, limit=None, domain=()):
        """Return the ticked rows that wait to be sent, those of a company together."""
        return self.env["payment.followup.sending.line"].search(
            [
                ("sending_id", "=", self.id),
                ("is_selected", "=", True),
                ("state", "in", WAITING),
                *domain,
            ],
            limit=limit,
            order="company_id, id",
        )

    def _get_chunk(self, size):
        """Return the next rows of one company, each customer with all channels."""
        first = self._get_waiting_lines(size)
        company = first[:1].company_id
        partners = first.filtered(lambda line: line.company_id == company).partner_id
        return self._get_waiting_lines(
            domain=[
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
            ]
        )

    def _send_chunk(self, size=CHUNK_SIZE):
        """Remind the next customers in this transaction; return how many.

        While it runs the sending is locked but not written: who stops it waits for the
        chunk and then succeeds. A write would make each attempt begin anew, and one
        chunk after the other would be sent meanwhile.
        """
        lines = self._get_chunk(size)
        company = lines.company_id
        if lines:
            company._check_payment_followup_enabled()
            reminder = self.env["payment.followup.reminder"].with_company(company)
            actions = reminder._remind(lines.partner_id, reminder._get_due_domain())
            lines._record(actions)
        if not self._get_waiting_lines(1):
            self.sudo().state = "done"
        return len(lines.partner_id)

    def _send_chunk_in_background(self):
        """Send the next reminders; try again after a conflict with other people."""
        for _attempt in range(MAX_TRIES):
            try:
                if self.try_lock_for_update():
                    return self._send_chunk()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
        self.sudo().state = "stopped"
        return 0

    def _get_progress(self):
        """Return where the sending stands.

        :return: a dict ``state``, the customers ``done`` of ``total``, those ``sent``,
            ``failed`` and ``dropped``, and once it is over ``notes``, sentences
        """
        counts = self.line_ids._count_customers(self)
        results = {
            state: counts.get(state, 0) for state in ("sent", "failed", "dropped")
        }
        done = sum(results.values())
        return results | {
            "state": self.state,
            "is_background": self.is_background,
            "done": done,
            "total": done + counts.get("waiting", 0),
            "notes": self._get_notes(),
        }

    def _get_notes(self):
        if self.state not in ("stopped", "done"):
            return []
        return self.line_ids.action_id._get_notes()

    def _trigger_cron(self, at=None):
        cron = self.env.ref("account_payment_followup.ir_cron_payment_followup_sending")
        cron.sudo()._trigger(at=at)

    def _get_list_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_payment_followup.payment_followup_sending_line_action"
        )
        return action | {
            "domain": [("sending_id", "=", self.id)],
            "context": {
                "sending_id": self.id,
                "search_default_group_section": 1,
            },
        }

    @api.model
    def _cron_continue(self):
        """Finish the sendings that were handed over or left behind."""
        running = self.sudo().search([("state", "=", "running")], order="id")
        mine = running.filtered("is_background") | running._filter_abandoned()
        if running - mine:
            self._trigger_cron(fields.Datetime.now() + ABANDONED_AFTER)
        cron = self.env["ir.cron"]
        time_left = cron._commit_progress(
            remaining=sum(len(sending._get_waiting_lines()) for sending in mine)
        )
        for sending in mine:
            sending = sending._as_its_user()
            while time_left and sending.state == "running":
                time_left = cron._commit_progress(sending._send_chunk_in_background())

    def _filter_abandoned(self):
        """Return those of which nobody has sent anything for a while."""
        limit = fields.Datetime.now() - ABANDONED_AFTER
        driven = self.env["payment.followup.sending.line"]._read_group(
            [("sending_id", "in", self.ids), ("write_date", ">=", limit)],
            ["sending_id"],
        )
        recent = self.browse().concat(*[sending for (sending,) in driven])
        return self.filtered(lambda s: s.write_date < limit) - recent

    def _as_its_user(self):
        """Return this sending as its user sees it: the log names who sent."""
        user = self.create_uid
        companies = user.company_ids
        return self.with_user(user).with_context(
            allowed_company_ids=companies.ids, lang=user.lang, tz=user.tz
        )

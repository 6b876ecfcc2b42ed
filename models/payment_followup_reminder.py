import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .reminder import Reminder

_logger = logging.getLogger(__name__)


class PaymentFollowupReminder(models.AbstractModel):
    """The one path of every reminder: select, lock, re-check, act, log.

    Menu, button and scheduled action all come through :meth:`_remind`. The level of the
    claims, the log and the queued messages commit together.
    """

    _name = "payment.followup.reminder"
    _description = "Payment Reminder"

    @api.model
    def _remind(self, partners, domain, **options):
        """Remind those of ``partners`` whose statement still matches ``domain``.

        :param partners: customers of this company
        :param domain: on ``payment.followup.statement``, evaluated under the lock
        :param options: see :meth:`_prepare_reminders`
        :return: the ``payment.followup.action`` rows that were written
        """
        company = self.env.company
        customers = self.env["payment.followup.customer"]._get_or_create(
            company, partners
        )
        customers = customers.try_lock_for_update(allow_referencing=True)
        self.env.invalidate_all()
        # Each read of a statement decides anew: all its columns at once
        statements = self.env["payment.followup.statement"].search_fetch(
            Domain(domain)
            & Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", customers.partner_id.ids)
        )
        return self._act(self._prepare_reminders(statements, customers, **options))

    @api.model
    def _prepare_reminders(
        self, statements, customers, text=None, kinds=None, is_forced=False
    ):
        """Return a :class:`Reminder` for each of ``statements``.

        :param text: words to use instead of those of the level, HTML
        :param kinds: kinds of the channels to use instead of those of the level
        :param is_forced: somebody sends it now, also when nothing is due; it is then a
            statement of account, in neutral words
        """
        self._fetch_contacts(statements)
        lines = self._get_lines(statements).grouped("partner_id")
        customers = customers.grouped("partner_id")
        answers = {}
        return [
            self._prepare_reminder(
                statement,
                customers[statement.partner_id],
                lines[statement.partner_id],
                text=text,
                kinds=kinds,
                is_forced=is_forced,
                answers=answers,
            )
            for statement in statements
        ]

    @api.model
    def _prepare_reminder(self, statement, customer, lines, **options):
        """Put together the :class:`Reminder` of one statement, here and only here.

        :param customer: its ``payment.followup.customer``, empty where there is none
        :param lines: its ``payment.followup.statement.line``
        :param options: see :meth:`_prepare_reminders`
        """
        is_forced = options.get("is_forced", False)
        level = statement._get_message_level() if is_forced else statement.next_level_id
        return Reminder(
            statement=statement,
            customer_id=customer,
            level_id=level,
            line_ids=lines._get_message_lines(level, is_forced),
            **options,
        )

    @api.model
    def _preview(self, statement):
        """Return what sending the reminder of ``statement`` would do, without doing it.

        :return: the :class:`Reminder` and the kinds of the channels that reach the
            customer; for a statement of account, of the first one in writing
        """
        reminder = self._prepare_forced_reminder(statement)
        if reminder.level_id:
            channels = self._choose_channels(reminder)
        else:
            channels = self._choose_replacement(reminder, self._get_channels())
        return reminder, [channel._kind for channel in channels]

    @api.model
    def _preview_text(self, statement):
        """Return the words above the list in the next reminder, HTML, '' if none."""
        level = statement.coming_level_id
        return level and level._get_text(self._prepare_forced_reminder(statement).lang)

    @api.model
    def _prepare_forced_reminder(self, statement):
        return self._prepare_reminder(
            statement, statement.customer_id, statement.line_ids, is_forced=True
        )

    @api.model
    def _get_lines(self, statements):
        return self.env["payment.followup.statement.line"].search_fetch(
            [
                ("company_id", "in", statements.company_id.ids),
                ("partner_id", "in", statements.partner_id.ids),
            ]
        )

    @api.model
    def _act(self, reminders):
        """Carry out ``reminders`` together; where that fails, one by one.

        This is the one place that catches whatever goes wrong: the failure of one
        customer is logged on that customer and stays there.
        """
        if not reminders:
            return self.env["payment.followup.action"]
        try:
            with self.env.cr.savepoint():
                return self._send(reminders)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(reminders) == 1:
                return self._log_error(reminders[0], error)
        actions = self.env["payment.followup.action"]
        for reminder in reminders:
            actions += self._act([reminder])
        return actions

    @api.model
    def _send(self, reminders):
        """Write the log rows, hand them to their channels, move the levels."""
        said = self._get_said(reminders)
        for reminder in reminders:
            reminder.said = said
        actions = self._write_log(
            [
                (reminder, vals)
                for reminder in reminders
                for vals in self._prepare_vals(reminder)
            ]
        )
        Channel = self.env["payment.followup.channel"]
        for kind, group in (
            actions.filtered(lambda action: action.state != "failed")
            .grouped("kind")
            .items()
        ):
            Channel._get_channel(kind)._send(group)
        actions._wait_in_queues()
        self.env["payment.followup.claim"].sudo()._update_from_log(
            actions.line_ids.filtered("level_id").move_line_id.ids
        )
        self._set_reminded(actions)
        self._invalidate_statements()
        return actions

    @api.model
    def _set_reminded(self, actions):
        failed = actions.filtered(lambda action: action.state == "failed")
        reminded = (actions - failed).filtered(lambda action: not action.promise_date)
        reached = reminded.customer_id
        reached._set_reminded(self.env.company._get_payment_followup_today())
        lost = failed.filtered(lambda action: action.customer_id not in reached)
        lost.customer_id._set_failure("delivery")
        lost._alert_failure()

    @api.model
    def _log_error(self, reminder, error):
        """Log that a reminder could not be made; it is tried again the next day."""
        _logger.warning(
            "Payment reminder of customer %s failed",
            reminder.partner_id,
            exc_info=error,
        )
        remark = self._explain_error(reminder, error)
        vals = self._prepare_action_vals(reminder, "error", "failed", remark)
        action = self._write_log([(reminder, vals)])
        reminder.customer_id._set_failure("error")
        action._alert_failure()
        self._invalidate_statements()
        return action

    @api.model
    def _explain_error(self, reminder, error):
        """Return for people why a reminder could not be made.

        What Odoo says to people stays; of what a template or a program says, the first
        line of its cause. The server's log has the rest.
        """
        while error.__cause__:
            error = error.__cause__
        words = next(iter(str(error).splitlines()), "") or type(error).__name__
        if isinstance(error, UserError):
            return words
        return self.env._(
            "“%(level)s” could not be put together: %(cause)s. Check the templates and "
            "texts of the level.",
            level=reminder.level_id.name or self.env._("Statement of account"),
            cause=words,
        )

    @api.model
    def _invalidate_statements(self):
        self.env["payment.followup.statement"].invalidate_model(flush=False)
        self.env["payment.followup.statement.line"].invalidate_model(flush=False)

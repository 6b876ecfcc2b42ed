from dataclasses import dataclass
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

# Messages stopped on their way to a customer in a day before it waits for the next.
MAX_REMADE = 6
# Until the outcome of a payment online is entered, with some time to spare.
REMAKE_DELAY = timedelta(minutes=5)


@dataclass
class Look:
    """What a look at many messages together has seen of those that may leave.

    ``versions`` is a dict {id of the message: all that the look depends on}; while that
    stays the same, the message needs no other look. ``zones`` are the time zones,
    {company id: name}.
    """

    versions: dict
    zones: dict


class PaymentFollowupAction(models.Model):
    """The last look at messages before they leave, at any number of them together."""

    _inherit = "payment.followup.action"

    def _stop_outdated(self):
        """Cancel those of these messages that have become wrong; return them.

        Called just before a queue delivers: a payment, a dispute, a promise or a hold
        may have come since the message was written, and a wrong amount never leaves.
        What waits beside it, with the same figures, is stopped as well. Where a
        reminder is still due, a new one is made at once.
        """
        stopped = self._cancel_outdated()
        if stopped:
            stopped._get_siblings()._cancel_outdated()._withdraw()
            stopped._remake()
        return stopped

    def _remake(self):
        """Look at these customers again, a few times a day at most.

        At once; but a payment online has to be entered first.
        """
        cancelled = self.search_count(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("date", "in", self.mapped("date")),
                ("state", "=", "cancelled"),
            ]
        )
        if cancelled <= MAX_REMADE * len(self.customer_id):
            payments = self.env["payment.transaction"]
            is_early = payments._find_unentered(self.line_ids.move_id)
            self.customer_id._look_again(
                fields.Datetime.now() + REMAKE_DELAY if is_early else None
            )

    def _cancel_outdated(self):
        obstacles = self._find_obstacles()
        for action, obstacle in obstacles.items():
            action._set_cancelled(obstacle)
        return self.browse([action.id for action in obstacles])

    def _get_siblings(self):
        """Return, locked, what waits of the same reminders in other channels."""
        siblings = self.search(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("date", "in", self.mapped("date")),
                ("kind", "!=", "activity"),
                ("state", "in", ("queued", "todo")),
                ("handover_date", "=", False),
            ]
        )
        return (siblings - self).try_lock_for_update()

    def _find_obstacles(self):
        """Return those of these messages that must not leave any more, and why.

        :return: a dict {action: sentence}
        """
        obstacles = {}
        for company, actions in self.grouped("company_id").items():
            customers = actions.partner_id.commercial_partner_id
            items = actions._get_open_items(company, customers)
            statements = actions._get_statements(company, customers)
            payments = actions._get_unentered_payments()
            for action in actions:
                customer = action.partner_id.commercial_partner_id
                obstacle = (
                    action._find_obstacle_in_decisions()
                    or action._find_obstacle_in_payments(payments)
                    or action._find_obstacle_in_items(items.get(customer, ()))
                    or action._find_obstacle_in_address(statements.get(customer))
                )
                if obstacle:
                    obstacles[action] = obstacle
        return obstacles

    def _get_open_items(self, company, customers):
        """Return what ``customers`` owe now, {customer: statement lines}."""
        lines = self.env["payment.followup.statement.line"].with_company(company)
        return lines.search_fetch(
            [("company_id", "=", company.id), ("partner_id", "in", customers.ids)]
        ).grouped("partner_id")

    def _get_statements(self, company, customers):
        """Return the statements of ``customers`` now, {customer: statement}."""
        statements = self.env["payment.followup.statement"].with_company(company)
        ids = [statements._get_statement_id(company, c) for c in customers]
        return statements.search_fetch([("id", "in", ids)]).grouped("partner_id")

    def _get_unentered_payments(self):
        """Return the payments online that just come in, {invoice: payment}."""
        payments = self.env["payment.transaction"]._find_unentered(
            self.line_ids.move_id
        )
        return {move: payment for payment in payments for move in payment.invoice_ids}

    def _find_obstacle_in_decisions(self):
        """Return what a person has decided against the message, '' when nothing."""
        company, customer = self.company_id, self.customer_id
        if not company.payment_followup_enabled:
            return self.env._("Stopped: follow-up was switched off.")
        if self.is_forced:
            return ""
        if customer.mode == "none":
            return self.env._("Stopped: the customer is excluded from reminders.")
        today = company._get_payment_followup_today()
        if customer.next_date and customer.next_date > today:
            return self.env._("Stopped: reminders to the customer were paused.")
        return ""

    def _find_obstacle_in_payments(self, payments):
        """Return that the customer has just paid online, '' when not.

        :param payments: a dict {invoice: payment}
        """
        found = next(
            (payments[m] for m in self.line_ids.move_id if m in payments), None
        )
        if found:
            return self.env._(
                "Stopped: the online payment %(reference)s has just come in.",
                reference=found.reference,
            )
        return ""

    def _find_obstacle_in_items(self, items):
        """Return what has changed in the open items, '' when nothing.

        :param items: the ``payment.followup.statement.line`` of the customer now
        """
        items = {item.move_line_id: item for item in items}
        for line in self.line_ids:
            obstacle = line._find_obstacle(items.pop(line.move_line_id, None))
            if obstacle:
                return obstacle
        others = (item for item in items.values() if not item.is_claim)
        new_credit = next(filter(self._is_new_credit, others), None)
        if new_credit:
            return self.env._(
                "Stopped: a new credit, %(name)s, came in.",
                name=new_credit.move_id.display_name,
            )
        return ""

    def _is_new_credit(self, credit):
        """Return whether a credit that is not listed came after this message.

        A reminder lists all credits; what confirms a promise lists none.
        """
        if not self.promise_date:
            return True
        return credit.move_line_id.create_date > self.create_date

    def _find_obstacle_in_address(self, statement):
        """Return that the address is no longer the customer's, '' when it is.

        Who sends by hand chooses where to.

        :param statement: that of the customer now, None where nothing is open
        """
        if self.is_forced:
            return ""
        channel = self.env["payment.followup.channel"]._get_channel(self.kind)
        if (
            statement
            and statement.recipient_id == self.recipient_id
            and channel._get_address(self) == self.address
        ):
            return ""
        return self.env._(
            "Stopped: %(address)s is no longer the address of %(customer)s.",
            address=self.address or "",
            customer=self.partner_id.display_name,
        )

    def _look_ahead(self):
        """Look at these messages together, before one after the other leaves.

        :return: a :class:`Look`
        """
        zones = {c.id: c._get_payment_followup_tz() for c in self.company_id}
        look = Look(self._get_versions(zones), zones)
        for action in self._find_obstacles():
            del look.versions[action.id]
        return look

    def _filter_changed(self, look):
        """Return those of these messages that need another look than ``look``."""
        now = self._get_versions(look.zones)
        return self.filtered(lambda row: look.versions.get(row.id) != now.get(row.id))

    def _get_versions(self, zones):
        """Return all that the last look depends on, as it is now: {id: text}.

        That is the day of today and the version of each row: which transaction wrote
        it, and where to. More may change than the look minds: it then looks once more.
        """
        self.env.flush_all()
        versions = {}
        for company, actions in self.grouped("company_id").items():
            today = fields.Date.context_today(self.with_context(tz=zones[company.id]))
            self.env.cr.execute(actions._query_versions(today))
            versions |= dict(self.env.cr.fetchall())
        return versions

    def _query_versions(self, today):
        """Return the query of ids and versions: open items, contacts, settings…

        Subqueries instead of joins: to plan the joins would take longer than to run
        them.
        """
        return SQL(
            """
            SELECT action.id,
                   CONCAT_WS('/', %(today)s, action.xmin, action.ctid,
                       partner.commercial_partner_id,
                       (SELECT CONCAT(company.xmin, company.ctid)
                          FROM res_company company
                         WHERE company.id = action.company_id),
                       (SELECT CONCAT(customer.xmin, customer.ctid)
                          FROM payment_followup_customer customer
                         WHERE customer.id = action.customer_id),
                       (SELECT CONCAT(level.xmin, level.ctid)
                          FROM payment_followup_level level
                         WHERE level.id = action.level_id),
                       (SELECT STRING_AGG(
                                   CONCAT_WS(':', contact.id, contact.xmin,
                                             contact.ctid), ','
                                   ORDER BY contact.id)
                          FROM res_partner contact
                         WHERE contact.commercial_partner_id
                               = partner.commercial_partner_id),
                       (SELECT STRING_AGG(
                                   CONCAT_WS(':', line.id, line.xmin, line.ctid,
                                             claim.xmin, claim.ctid), ','
                                   ORDER BY line.id)
                          FROM res_partner contact
                          JOIN account_move_line line
                            ON line.partner_id = contact.id
                     LEFT JOIN payment_followup_claim claim
                            ON claim.move_line_id = line.id
                         WHERE contact.commercial_partner_id
                               = partner.commercial_partner_id
                           AND line.company_id = action.company_id
                           AND line.parent_state = 'posted'
                           AND line.reconciled IS NOT TRUE
                           AND line.amount_residual <> 0),
                       (SELECT STRING_AGG(
                                   CONCAT_WS(':', payment.id, payment.xmin,
                                             payment.ctid), ','
                                   ORDER BY payment.id)
                          FROM payment_followup_action_line item
                          JOIN account_move_line line
                            ON line.id = item.move_line_id
                          JOIN account_invoice_transaction_rel link
                            ON link.invoice_id = line.move_id
                          JOIN payment_transaction payment
                            ON payment.id = link.transaction_id
                         WHERE item.action_id = action.id))
              FROM payment_followup_action action
              JOIN res_partner partner
                ON partner.id = action.partner_id
             WHERE action.id = ANY(%(action_ids)s)
            """,
            action_ids=self.ids,
            today=str(today),
        )

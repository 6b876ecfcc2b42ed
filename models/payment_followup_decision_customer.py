from odoo import api, models
from odoo.tools import SQL

from .payment_followup_decision import COMPANY_SHIFT, LEVEL_MASK, NOW


class PaymentFollowupDecision(models.AbstractModel):
    """The customers: what their open items add up to, and the one reason."""

    _inherit = "payment.followup.decision"

    @api.model
    def _get_default_trust(self):
        """Return the rating of customers who were never rated."""
        field = self.env["res.partner"]._fields["trust"]
        return field.get_company_dependent_fallback(self.env["res.partner"]) or "normal"

    @api.model
    def _query_totals(self):
        """Return the sums and facts of each company and customer in ``item``.

        ``listed`` is what a reminder asks for before credits: what is due or overdue;
        before the due date only what is announced. ``overdue_by_days`` has each amount
        times its days, 120 at most: one old cent does not make all the rest old.
        """
        return SQL(
            """
            SELECT item.company_id,
                   item.partner_id,
                   SUM(item.amount_residual) AS balance,
                   SUM(item.amount_residual) FILTER (WHERE item.is_excluded)
                       AS excluded,
                   SUM(item.amount_residual) FILTER (WHERE NOT item.is_claim)
                       AS credit,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue > 0
                                 AND item.is_followed) AS overdue,
                   SUM(item.amount_residual * LEAST(item.days_overdue, 120))
                       FILTER (WHERE item.days_overdue > 0
                                 AND item.is_followed) AS overdue_by_days,
                   CASE WHEN MAX(item.next_rank) FILTER (WHERE item.is_due) < 0
                        THEN SUM(item.amount_residual) FILTER (WHERE item.is_due)
                        ELSE SUM(item.amount_residual) FILTER (WHERE item.is_listed)
                    END AS listed,
                   COUNT(*) FILTER (WHERE item.is_claim) AS claim_count,
                   MAX(item.days_overdue) FILTER (WHERE item.is_followed)
                       AS days_overdue,
                   MAX(item.next_rank) FILTER (WHERE item.is_due) AS due_rank,
                   MAX(item.level_rank) FILTER (WHERE item.is_claim) AS level_rank,
                   MIN(item.next_date) FILTER (WHERE item.is_followed) AS next_date,
                   MIN(item.change_date) FILTER (WHERE item.is_followed)
                       AS change_date,
                   MAX(item.followup_date) AS followup_date,
                   MIN(item.expected_date)
                       FILTER (WHERE item.is_followed
                                 AND item.is_promised) AS expected_date,
                   BOOL_OR(item.is_due) AS has_due,
                   BOOL_OR(item.is_listed AND item.next_date IS NOT NULL)
                       AS has_waiting,
                   BOOL_OR(item.is_followed
                           AND item.is_promised
                           AND item.days_overdue > 0) AS has_promised,
                   BOOL_OR(item.is_listed AND item.next_date IS NULL) AS has_done,
                   BOOL_OR(item.is_excluded AND item.days_overdue > 0)
                       AS has_litigation,
                   BOOL_OR(item.is_followed
                           AND item.days_overdue <= 0) AS has_not_due,
                   SUM(item.amount_residual) FILTER (WHERE item.days_overdue <= 0)
                       AS amount_not_due,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 1 AND 30)
                       AS amount_1_30,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 31 AND 60)
                       AS amount_31_60,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 61 AND 90)
                       AS amount_61_90,
                   SUM(item.amount_residual)
                       FILTER (WHERE item.days_overdue BETWEEN 91 AND 120)
                       AS amount_91_120,
                   SUM(item.amount_residual) FILTER (WHERE item.days_overdue > 120)
                       AS amount_over_120
              FROM item
             WHERE item.partner_id IS NOT NULL
          GROUP BY item.company_id, item.partner_id
            """
        )

    @api.model
    def _query_statement(self, days, state=NOW):
        """Return the statement of each company and customer: the decision.

        :param days: the day to decide for, a dict {company: date}
        :param state: where claims and customers stand, see :class:`State`
        """
        return SQL("WITH %s SELECT * FROM statement", self._query_decision(days, state))

    @api.model
    def _query_decision(self, days, state):
        """Return common table expressions: those of the plan, ``item``, ``statement``.

        Where each is read once, PostgreSQL plans them as one statement.
        """
        return SQL(
            """
            %(plan)s,
            item AS (%(items)s),
            statement AS (
                SELECT statement.*,
                       CASE WHEN statement.reason = 'due'
                            THEN statement.next_level_id
                        END AS due_level_id,
                       %(todo)s AS is_todo,
                       statement.amount_overdue
                           * (1 + statement.average_days / 30)
                           * (1 + statement.broken_count) AS urgency,
                       CASE WHEN statement.reason NOT IN (
                                     'disabled', 'excluded', 'covered', 'below_minimum')
                            THEN GREATEST(statement.climb_date,
                                          statement.hold_date,
                                          statement.interval_date)
                        END AS next_date
                  FROM (%(facts)s) statement
            )
            """,
            facts=self._query_statement_facts(state),
            items=self._query_items(state),
            plan=self._query_plan(days),
            todo=self._query_todo(),
        )

    @api.model
    def _query_statement_facts(self, state):
        """Return each customer's totals with what people decided, and the reason."""
        return SQL(
            """
            SELECT (total.company_id - 1)::bigint << %(shift)s | total.partner_id
                       AS id,
                   total.company_id,
                   company.today,
                   total.partner_id,
                   customer.id AS customer_id,
                   COALESCE(contact.trust ->> total.company_id::text, %(trust)s)
                       AS trust,
                   %(reason)s AS reason,
                   company.is_auto
                       AND due_level.auto IS TRUE
                       AND COALESCE(customer.mode, 'automatic') = 'automatic'
                       AS is_automatic,
                   due_level.id AS next_level_id,
                   (total.level_rank & %(level_mask)s)::int AS level_id,
                   total.next_date AS climb_date,
                   CASE WHEN total.next_date IS NOT NULL
                             OR customer.next_date > company.today
                        THEN customer.next_date
                    END AS hold_date,
                   CASE WHEN total.next_date IS NOT NULL
                        THEN customer.reminder_date + company.min_interval
                    END AS interval_date,
                   LEAST(total.change_date,
                         CASE WHEN customer.next_date > company.today
                              THEN customer.next_date
                          END,
                         CASE WHEN customer.reminder_date + company.min_interval
                                   > company.today
                              THEN customer.reminder_date + company.min_interval
                          END,
                         CASE WHEN customer.failure_date >= company.today
                              THEN customer.failure_date + 1
                          END) AS change_date,
                   total.followup_date,
                   total.expected_date,
                   COALESCE(customer.mode, 'automatic') AS mode,
                   customer.next_date AS planned_date,
                   customer.responsible_id,
                   customer.failure,
                   COALESCE(customer.broken_count, 0) AS broken_count,
                   contact.recipient_id,
                   total.balance - COALESCE(total.excluded, 0) AS amount_due,
                   GREATEST(COALESCE(total.overdue, 0) + COALESCE(total.credit, 0), 0)
                       AS amount_overdue,
                   GREATEST(COALESCE(total.listed, 0) + COALESCE(total.credit, 0), 0)
                       AS amount_reminder,
                   total.balance AS amount_balance,
                   COALESCE(total.excluded, 0) AS amount_excluded,
                   COALESCE(total.credit, 0) AS amount_credit,
                   GREATEST(total.days_overdue, 0) AS days_overdue,
                   COALESCE(total.overdue_by_days / total.overdue, 0)
                       AS average_days,
                   total.claim_count,
                   COALESCE(total.amount_not_due, 0) AS amount_not_due,
                   COALESCE(total.amount_1_30, 0) AS amount_1_30,
                   COALESCE(total.amount_31_60, 0) AS amount_31_60,
                   COALESCE(total.amount_61_90, 0) AS amount_61_90,
                   COALESCE(total.amount_91_120, 0) AS amount_91_120,
                   COALESCE(total.amount_over_120, 0) AS amount_over_120
              FROM (%(totals)s) total
         LEFT JOIN company
                ON company.id = total.company_id
              JOIN (%(contacts)s) contact
                ON contact.partner_id = total.partner_id
         LEFT JOIN %(customers)s customer
                ON customer.company_id = total.company_id
               AND customer.partner_id = total.partner_id
         LEFT JOIN payment_followup_level due_level
                ON due_level.id = (total.due_rank & %(level_mask)s)::int
            """,
            contacts=state.contacts or self._query_contacts(),
            customers=state.customers,
            level_mask=LEVEL_MASK,
            reason=self._query_reason(),
            shift=COMPANY_SHIFT,
            totals=self._query_totals(),
            trust=self._get_default_trust(),
        )

    @api.model
    def _query_contacts(self):
        """Return where each customer is reached: the recipient, else the customer.

        What counts as an e-mail address or a number is what Odoo could make of the
        words in the contact; the channels use the same.
        """
        return SQL(
            """
            SELECT partner.id AS partner_id,
                   partner.trust,
                   COALESCE(recipient.id, partner.id) AS recipient_id,
                   COALESCE(recipient.email_normalized, partner.email_normalized)
                       AS email,
                   COALESCE(recipient.phone_sanitized, partner.phone_sanitized)
                       AS phone,
                   COALESCE(NULLIF(recipient.street, ''), NULLIF(recipient.city, ''),
                            NULLIF(partner.street, ''), partner.city, '')
                       AS place
              FROM res_partner partner
         LEFT JOIN (
                       SELECT DISTINCT ON (contact.commercial_partner_id)
                              contact.commercial_partner_id AS partner_id,
                              contact.id,
                              contact.email_normalized,
                              contact.phone_sanitized,
                              contact.street,
                              contact.city
                         FROM res_partner contact
                        WHERE contact.type IN ('followup', 'invoice')
                          AND contact.active
                          AND contact.id <> contact.commercial_partner_id
                     ORDER BY contact.commercial_partner_id, contact.type, contact.id
                   ) recipient
                ON recipient.partner_id = partner.id
            """
        )

    @api.model
    def _query_reason(self):
        """Return the reason of a statement: the first that applies, see ``REASONS``."""
        return SQL(
            """
            CASE WHEN NOT company.is_enabled THEN 'disabled'
                 WHEN customer.mode = 'none' THEN 'excluded'
                 WHEN total.credit < 0
                      AND (COALESCE(total.listed, total.overdue) + total.credit <= 0
                           OR total.claim_count = 0) THEN 'covered'
                 WHEN customer.next_date > company.today THEN 'paused'
                 WHEN total.has_due
                      AND total.listed + COALESCE(total.credit, 0)
                          < company.min_amount THEN 'below_minimum'
                 WHEN customer.failure = 'delivery'
                      OR total.has_due
                         AND customer.failure = 'error'
                         AND customer.failure_date >= company.today
                      THEN 'delivery_failed'
                 WHEN total.has_due
                      THEN CASE WHEN NOT (%(reachable)s) THEN 'no_address'
                                WHEN customer.reminder_date + company.min_interval
                                     > company.today THEN 'interval'
                                ELSE 'due'
                            END
                 WHEN total.has_waiting THEN 'waiting'
                 WHEN total.has_promised THEN 'promised'
                 WHEN total.has_done THEN 'plan_done'
                 WHEN total.has_litigation THEN 'litigation'
                 WHEN total.has_not_due THEN 'not_due'
                 ELSE 'litigation'
             END
            """,
            reachable=self._query_reachable(),
        )

    @api.model
    def _query_reachable(self):
        """Return whether a channel of the due level finds an address.

        A channel in writing stands in for any other: e-mail, post, letter.
        """
        return SQL(
            """
            due_level.create_activity IS TRUE
            OR contact.email IS NOT NULL
            OR contact.place <> ''
            OR ((due_level.send_sms IS TRUE OR due_level.send_whatsapp IS TRUE)
                AND contact.phone IS NOT NULL)
            """
        )

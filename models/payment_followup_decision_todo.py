from odoo import api, models
from odoo.tools import SQL

from ..const import HANDLED_KINDS, TODO_REASONS, UNREACHED_STATES

# So long a customer is left alone after the last level, unless people plan otherwise.
DAYS_AFTER_PLAN = 7


class PaymentFollowupDecision(models.AbstractModel):
    """What is to do today: what the work list opens with."""

    _inherit = "payment.followup.decision"
    _depends = {
        "mail.activity": ["active", "res_id", "res_model"],
        "payment.followup.action": ["customer_id", "date", "kind", "state"],
    }

    @api.model
    def _query_todo(self):
        """Return whether a statement waits for a person today.

        The plan brings nothing by itself while a claim waits for its next level, or
        once all levels are done. Somebody has to ask then on the day that was planned,
        if nobody dealt with it since; where none was, ``DAYS_AFTER_PLAN`` after the
        last time. An open call or task of the customer stands for it.
        """
        return SQL(
            """
            CASE WHEN statement.reason IN %(todo_reasons)s
                 THEN TRUE
                 WHEN statement.reason = 'plan_done'
                      OR statement.reason = 'waiting'
                         AND statement.planned_date <= statement.today
                 THEN NOT EXISTS (
                          SELECT
                            FROM mail_activity activity
                           WHERE activity.res_model = 'payment.followup.customer'
                             AND activity.res_id = statement.customer_id
                             AND activity.active
                      ) AND (
                          SELECT CASE WHEN statement.planned_date
                                           > COALESCE(MAX(action.date), '-infinity')
                                      THEN statement.planned_date
                                      WHEN statement.reason = 'plan_done'
                                      THEN COALESCE(MAX(action.date), '-infinity')
                                           + %(days_after_plan)s
                                      ELSE 'infinity'
                                  END
                            FROM payment_followup_action action
                           WHERE action.customer_id = statement.customer_id
                             AND action.kind IN %(handled_kinds)s
                             AND action.state NOT IN %(unreached_states)s
                      ) <= statement.today
                 ELSE FALSE
             END
            """,
            handled_kinds=tuple(HANDLED_KINDS),
            days_after_plan=DAYS_AFTER_PLAN,
            todo_reasons=tuple(TODO_REASONS),
            unreached_states=UNREACHED_STATES,
        )

from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, format_date

from ..const import CHANNEL_KINDS

RECENT_DAYS = 30
# What became of a message, and the states of the log that say so.
OUTCOMES = {
    "sent": ["sent", "done"],
    "waiting": ["queued", "todo"],
    "failed": ["failed"],
    "stopped": ["cancelled"],
}


class PaymentFollowupDashboard(models.AbstractModel):
    """What the action log says about the last days: is it done, and does it work?"""

    _inherit = "payment.followup.dashboard"

    @api.model
    def _get_recent(self, company):
        """Return messages, promises and what was settled in the last days."""
        today = company._get_payment_followup_today()
        since = today - relativedelta(days=RECENT_DAYS)
        return {
            "since": format_date(self.env, since),
            "outcomes": self._get_outcome_labels(),
            "messages": self._get_messages(company, since),
            "promises": {
                "kept": self._get_kept_promises(company, since, today),
                "broken": self._get_broken_promises(company, since),
            },
            "settled": self._get_settled(company, since),
        }

    @api.model
    def _get_outcome_labels(self):
        return {
            "sent": self.env._("Sent"),
            "waiting": self.env._("Waiting"),
            "failed": self.env._("Failed"),
            "stopped": self.env._("Stopped"),
        }

    @api.model
    def _get_messages(self, company, since):
        """Return a row per channel that was used, with a figure for each outcome."""
        counts = self._count_messages(company, since)
        kinds = dict(
            self.env["payment.followup.action"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return [
            {
                "key": kind,
                "label": kinds[kind],
                "figures": [
                    self._get_figure(
                        company,
                        outcome,
                        f"{kinds[kind]}: {label}",
                        "history",
                        [
                            ("date", ">=", str(since)),
                            ("kind", "=", kind),
                            ("state", "in", OUTCOMES[outcome]),
                        ],
                        count=sum(counts[kind][state] for state in OUTCOMES[outcome]),
                    )
                    for outcome, label in self._get_outcome_labels().items()
                ],
            }
            for kind in CHANNEL_KINDS
            if kind in counts
        ]

    @api.model
    def _count_messages(self, company, since):
        """Return a dict {channel: {state: number}} of the messages since a day."""
        groups = self.env["payment.followup.action"]._read_group(
            [
                ("company_id", "=", company.id),
                ("date", ">=", since),
                ("kind", "in", CHANNEL_KINDS),
            ],
            ["kind", "state"],
            ["__count"],
        )
        counts = defaultdict(Counter)
        for kind, state, count in groups:
            counts[kind][state] = count
        return counts

    @api.model
    def _get_broken_promises(self, company, since):
        """Return the promises whose day passed without the payment, says the log."""
        domain = [("kind", "=", "promise_broken"), ("date", ">=", str(since))]
        actions = self.env["payment.followup.action"]._search(
            [("company_id", "=", company.id), *domain]
        )
        [(count, amount)] = self.env["payment.followup.action.line"]._read_group(
            [("action_id", "in", actions)], [], ["__count", "amount_residual:sum"]
        )
        label = self.env._("Promises broken")
        return self._get_figure(
            company, "broken", label, "history", domain, amount=amount, count=count
        )

    @api.model
    def _get_kept_promises(self, company, since, today):
        """Return the promises for a day since ``since`` that were kept."""
        self.env["account.move.line"].flush_model(["reconciled"])
        [(count, amount)] = self.env.execute_query(
            self._query_kept_promises(company, since, today)
        )
        return {"count": count, "amount": company.sudo().currency_id.round(amount)}

    @api.model
    def _get_settled(self, company, since):
        """Return how much of what was reminded has been paid or credited since.

        :return: a dict ``{count, amount, settled, open, share}``; ``amount`` is what
            the first reminder since that day listed of each claim
        """
        self.env["account.move.line"].flush_model(["amount_residual", "parent_state"])
        [(count, amount, still_open)] = self.env.execute_query(
            self._query_settled(company, since)
        )
        currency = company.sudo().currency_id
        settled = currency.round(amount - still_open)
        return {
            "count": count,
            "amount": currency.round(amount),
            "settled": settled,
            "open": currency.round(still_open),
            "share": settled / amount if amount else 0,
        }

    @api.model
    def _query_kept_promises(self, company, since, today):
        """Return number and amount of the promised claims that are settled.

        Not those of which the log says that the day passed first. The amount is what
        was promised.
        """
        claims = self.env["payment.followup.claim"]._search(
            [
                ("company_id", "=", company.id),
                ("expected_date", ">=", since),
                ("expected_date", "<=", today),
                ("move_line_id.reconciled", "=", True),
            ]
        )
        return SQL(
            """
            SELECT COUNT(*), COALESCE(SUM(promise.amount_residual), 0)
              FROM (%(claims)s) claim
              JOIN LATERAL (
                       SELECT line.amount_residual
                         FROM payment_followup_action_line line
                        WHERE line.move_line_id = claim.move_line_id
                          AND line.kind = 'promise'
                     ORDER BY line.id DESC
                        LIMIT 1
                   ) promise ON TRUE
             WHERE NOT EXISTS (
                       SELECT
                         FROM payment_followup_action_line line
                         JOIN payment_followup_action action
                           ON action.id = line.action_id
                        WHERE line.move_line_id = claim.move_line_id
                          AND line.kind = 'promise_broken'
                          AND action.date > claim.expected_date
                   )
            """,
            claims=claims.select("move_line_id", "expected_date"),
        )

    @api.model
    def _query_settled(self, company, since):
        """Return number, amount then and amount now of the claims reminded of."""
        actions = self.env["payment.followup.action"]._search(
            [
                ("company_id", "=", company.id),
                ("date", ">=", since),
                ("kind", "in", CHANNEL_KINDS),
                ("state", "in", OUTCOMES["sent"]),
                ("promise_date", "=", False),
            ]
        )
        return SQL(
            """
            SELECT COUNT(*),
                   COALESCE(SUM(reminded.amount), 0),
                   COALESCE(SUM(LEAST(GREATEST(item.amount_residual, 0),
                                      reminded.amount)), 0)
              FROM (SELECT DISTINCT ON (line.move_line_id)
                           line.move_line_id,
                           line.amount_residual AS amount
                      FROM (%(actions)s) action
                      JOIN payment_followup_action_line line
                        ON line.action_id = action.id
                     WHERE line.amount_residual > 0
                  ORDER BY line.move_line_id, action.date, line.id) reminded
              JOIN account_move_line item
                ON item.id = reminded.move_line_id
               AND item.parent_state = 'posted'
            """,
            actions=actions.select("id", "date"),
        )

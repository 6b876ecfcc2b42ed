from odoo import api, models
from odoo.tools import SQL


class PaymentFollowupDecision(models.AbstractModel):
    """The open items: where each stands on the path of its plan, and if it is due."""

    _inherit = "payment.followup.decision"

    @api.model
    def _query_books(self):
        """Return the open items as the books have them, whatever the day.

        Amounts are in company currency. Odoo excludes miscellaneous entries, such as
        opening balances, from any follow-up. The accounts come as an array: PostgreSQL
        then drops others in the index already.
        """
        return SQL(
            """
            SELECT line.id,
                   line.company_id,
                   partner.commercial_partner_id AS partner_id,
                   line.move_id,
                   line.currency_id,
                   line.amount_residual,
                   line.amount_residual_currency,
                   line.amount_currency,
                   line.no_followup IS TRUE AS is_held_back,
                   COALESCE(line.date_maturity, line.invoice_date, line.date)
                       AS date_due,
                   journal.type = 'general' AS is_miscellaneous
              FROM account_move_line line
         LEFT JOIN res_partner partner
                ON partner.id = line.partner_id
         LEFT JOIN account_journal journal
                ON journal.id = line.journal_id
             WHERE line.account_id = ANY(ARRAY(
                       SELECT account.id
                         FROM account_account account
                        WHERE account.account_type = 'asset_receivable'
                          AND account.non_trade IS NOT TRUE))
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual <> 0
            """
        )

    @api.model
    def _query_open_items(self, state):
        """Return the open items of the companies in ``company``, with stored facts.

        Credits cannot be in litigation. Claims of miscellaneous entries are outside the
        plan, and so is what has no customer (and no ``partner_id``). Nothing is said
        about a claim before ``free_date``.
        """
        return SQL(
            """
            SELECT item.id,
                   item.company_id,
                   company.today,
                   item.partner_id,
                   item.move_id,
                   item.currency_id,
                   item.amount_residual,
                   item.amount_residual_currency,
                   item.amount_currency,
                   item.is_held_back,
                   item.date_due,
                   company.today - item.date_due AS days_overdue,
                   item.amount_residual > 0 AS is_claim,
                   item.amount_residual > 0 AND item.is_held_back AS is_excluded,
                   item.amount_residual > 0
                       AND NOT item.is_held_back
                       AND item.partner_id IS NOT NULL AS is_followed,
                   item.partner_id IS NULL
                       OR item.amount_residual > 0
                          AND item.is_held_back
                          AND item.is_miscellaneous AS is_outside,
                   claim.level_id,
                   claim.level_date,
                   claim.followup_date,
                   COALESCE(claim.repeat_count, 0) AS repeat_count,
                   claim.expected_date,
                   claim.expected_note,
                   COALESCE(claim.expected_date >= company.today, FALSE)
                       AS is_promised,
                   GREATEST(company.today, claim.expected_date + 1) AS free_date
              FROM company
              JOIN (%(books)s) item
                ON item.company_id = company.id
         LEFT JOIN %(claims)s claim
                ON claim.move_line_id = item.id
            """,
            books=state.books or self._query_books(),
            claims=state.claims,
        )

    @api.model
    def _query_items(self, state):
        """Return the open items with their next level and whether they are due.

        A later level comes at the latest of: due date + its delay, the day of the last
        level + the difference of the two delays, the day after the expected payment.
        By ``age`` it is the highest whose day has come, else the earliest to come.
        A repetition goes first only where it comes first and the later level is not
        there yet: after a pause that held both, the later level says it all.

        ``change_date`` is the first day after today on which the item may be due, at
        another level, or overdue, that is not so today; everything that is compared
        with today here has its day there.
        """
        return SQL(
            """
            SELECT dated.*,
                   dated.is_followed
                       AND COALESCE(dated.next_date <= dated.today, FALSE) AS is_due,
                   dated.is_followed
                       AND NOT dated.is_promised
                       AND (dated.days_overdue > 0
                            OR COALESCE(dated.next_date <= dated.today, FALSE))
                       AS is_listed
              FROM (SELECT stepped.*,
                           LEAST(climb_date, repeat_date) AS next_date,
                           LEAST(%(change_dates)s) AS change_date,
                           CASE WHEN climb_date <= GREATEST(repeat_date, today)
                                     OR repeat_date IS NULL
                                THEN climb_level_id
                                ELSE level_id
                            END AS next_level_id,
                           CASE WHEN climb_date <= GREATEST(repeat_date, today)
                                     OR repeat_date IS NULL
                                THEN climb_rank
                                ELSE level_rank
                            END AS next_rank
                      FROM (SELECT item.*,
                                   path.level_rank,
                                   path.level_id AS climb_level_id,
                                   path.rank AS climb_rank,
                                   GREATEST(item.date_due,
                                            item.level_date - path.level_delay)
                                       + path.reach_to AS reach_date,
                                   CASE WHEN path.level_id IS NOT NULL
                                        THEN GREATEST(item.date_due + path.delay,
                                                      item.level_date + path.gap,
                                                      item.expected_date + 1)
                                    END AS climb_date,
                                   CASE WHEN path.repeat_days IS NOT NULL
                                             AND (path.level_delay >= 0
                                                  OR GREATEST(
                                                         item.followup_date
                                                         + path.repeat_days,
                                                         item.free_date)
                                                     <= item.date_due)
                                        THEN GREATEST(
                                                 item.followup_date + path.repeat_days,
                                                 item.expected_date + 1)
                                    END AS repeat_date
                              FROM (%(open_items)s) item
                         LEFT JOIN path
                                ON path.company_id = item.company_id
                               AND path.from_id = COALESCE(item.level_id, 0)
                               AND path.is_ahead
                                   = (GREATEST(item.free_date,
                                               item.level_date + path.ahead_gap)
                                      <= item.date_due)
                               AND (path.reach_from IS NULL
                                    OR path.reach_from <= %(reach)s)
                               AND (path.reach_to IS NULL
                                    OR path.reach_to > %(reach)s)
                           ) stepped
                   ) dated
            """,
            change_dates=SQL(", ").join(
                SQL("CASE WHEN %(date)s > today THEN %(date)s END", date=SQL(date))
                for date in (
                    "climb_date",
                    "repeat_date",
                    "reach_date",
                    "date_due + 1",
                    "expected_date + 1",
                )
            ),
            reach=SQL(
                """
                LEAST(item.free_date - item.date_due,
                      item.free_date - item.level_date + path.level_delay)
                """
            ),
            open_items=self._query_open_items(state),
        )

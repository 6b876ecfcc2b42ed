from datetime import timedelta

from odoo.tools import SQL

from .forecast_tables import (
    BOOKS,
    CLAIMS,
    CONTACTS,
    CUSTOMERS,
    LOOKS,
    MESSAGES,
    SAID,
    ForecastTables,
)
from .payment_followup_claim import UPSERT
from .payment_followup_decision import State

# Nothing but a person ends these.
FINAL_REASONS = ("disabled", "excluded")
# Too little is owed; a claim that falls due can end these.
SMALL_REASONS = ("covered", "below_minimum")
# To whom, of those in ``statement``, the batch sends a reminder.
IS_SENT = SQL("statement.reason = 'due' AND statement.is_automatic")


class Simulation:
    """The batches of one company in the days to come.

    The decision itself answers, for one day after the other. It reads copies in
    temporary tables of this session: of the books and the contacts, which stay as they
    are, and of what a batch changes, claims and customers; each day moves them as its
    batch would. Nothing else is written.

    How it works: ``LOOKS`` has the day on which each customer is looked at next, since
    after each look the decision says when that may bring something again. One statement
    plays a day: it decides for those whose day has come, writes their messages, moves
    their claims, and notes their next day. Rows are only added where that can be: in
    its own transaction PostgreSQL cannot clean up what was updated.
    """

    messages = MESSAGES

    def __init__(self, company):
        self.env = company.env
        self.company = company
        self.shortest_step = self._get_shortest_step()
        self.env.flush_all()

    def play(self, today, horizon, most_looks=None):
        """Fill ``MESSAGES`` with those of ``today`` and the ``horizon`` days after.

        :param most_looks: stop after the day on which so many were looked at
        :return: the last day that was played
        """
        if most_looks and self._count_customers() > most_looks:
            return self._play_first(today, horizon)
        self._make_tables(ForecastTables(self.company).get_queries(today))
        unplayed, looks = today, 0
        for day in self._get_days(today, horizon):
            if self._has_batch(day):
                self.env.cr.execute(self._query_looks(unplayed, day))
                partner_ids, count = self.env.cr.fetchone()
                if partner_ids:
                    self.env.cr.execute(self._query_play_day(day, partner_ids))
                unplayed = day + timedelta(days=1)
                looks += count
            if most_looks and looks >= most_looks:
                break
        return day

    def _play_first(self, today, horizon):
        """Fill ``MESSAGES`` with those of the first batch, off the books themselves.

        Nothing changes before it, and without copies it is a fraction of the work.

        :return: its day; the last one if there is no batch
        """
        self._make_tables(ForecastTables(self.company).get_messages_queries())
        for day in self._get_days(today, horizon):
            if self._has_batch(day):
                self.env.cr.execute(self._query_first_messages(day))
                break
        return day

    def _make_tables(self, queries):
        for query in queries:
            self.env.cr.execute(query)

    def _get_days(self, today, horizon):
        return [today + timedelta(days=offset) for offset in range(horizon + 1)]

    def _count_customers(self):
        self.env.cr.execute(ForecastTables(self.company).query_customer_count())
        return self.env.cr.fetchone()[0]

    def _has_batch(self, day):
        """Return whether a batch runs on ``day``: else there is nothing to look at."""
        return (
            self.company.payment_followup_auto
            and self.company._can_send_payment_followup(day)
        )

    def _get_shortest_step(self):
        """Return the fewest days from one level to a later one or to its repetition."""
        levels = (
            self.env["payment.followup.level"]
            .with_context(active_test=False)
            .search_fetch([("company_id", "=", self.company.id)])
        )
        active = levels.filtered("active")
        steps = [
            later.delay - level.delay
            for level in levels
            for later in active
            if later.delay > level.delay
        ]
        steps += [level.repeat_days for level in active if level.repeat_days]
        return timedelta(days=min(steps, default=1))

    def _query_first_messages(self, day):
        """Return the insertion of the messages of ``day``, if it is the first batch."""
        statements = self.env["payment.followup.statement"]
        return SQL(
            """
            INSERT INTO %(messages)s (date, partner_id, level_id, amount)
                 SELECT %(day)s, partner_id, due_level_id, amount_reminder
                   FROM (%(statements)s) statement
                  WHERE %(is_sent)s
            """,
            day=day,
            is_sent=IS_SENT,
            messages=MESSAGES,
            statements=statements._query_statement({self.company: day}),
        )

    def _query_play_day(self, day, partner_ids):
        """Return the statement that plays ``day``, as the batch would.

        Where the levels of a plan changed places, one may be said again: it counts
        from its first day in the log, as it does for the batch.

        :param partner_ids: those whom it may bring something
        """
        statements = self.env["payment.followup.statement"]
        state = State(
            books=self._query_rows_of(BOOKS, partner_ids),
            claims=CLAIMS,
            contacts=self._query_rows_of(CONTACTS, partner_ids),
            customers=SQL("(%s)", self._query_rows_of(CUSTOMERS, partner_ids)),
        )
        return SQL(
            """
            WITH %(decision)s,
            due AS MATERIALIZED (
                SELECT statement.partner_id,
                       statement.reason,
                       statement.mode,
                       statement.due_level_id,
                       statement.amount_due,
                       statement.amount_reminder,
                       statement.next_date,
                       statement.change_date,
                       %(is_sent)s AS is_sent
                  FROM statement
            ),
            step AS MATERIALIZED (
                SELECT item.id,
                       item.partner_id,
                       item.is_due,
                       item.level_date,
                       item.next_level_id,
                       item.next_date,
                       item.change_date,
                       item.repeat_count,
                       item.next_level_id = item.level_id IS TRUE AS is_repeated,
                       CASE WHEN item.level_id IS NOT NULL
                            THEN said.first_date
                        END AS first_date
                  FROM item
                  JOIN due
                    ON due.partner_id = item.partner_id
                   AND due.is_sent
             LEFT JOIN %(said)s said
                    ON said.move_line_id = item.id
                   AND said.level_id = item.next_level_id
            ),
            moved AS (%(move)s),
            reminded AS (
                UPDATE %(customers)s customer
                   SET reminder_date = %(day)s,
                       failure = NULL
                  FROM due
                 WHERE due.is_sent
                   AND customer.partner_id = due.partner_id
                   AND (customer.failure IS NOT NULL OR %(has_interval)s)
            ),
            written AS (
                INSERT INTO %(messages)s (date, partner_id, level_id, amount)
                     SELECT %(day)s, partner_id, due_level_id, amount_reminder
                       FROM due
                      WHERE is_sent
            )
            INSERT INTO %(looks)s (date, partner_id)
                 SELECT GREATEST(look.date, %(tomorrow)s), look.partner_id
                   FROM (%(next_looks)s) look
                  WHERE look.date IS NOT NULL
            """,
            customers=CUSTOMERS,
            day=day,
            decision=statements._query_decision({self.company: day}, state),
            # One day between reminders holds nobody back, and updates are dear
            has_interval=self.company.payment_followup_min_interval > 1,
            is_sent=IS_SENT,
            looks=LOOKS,
            messages=MESSAGES,
            move=self._query_move_claims(day),
            next_looks=self._query_next_looks(day),
            said=SAID,
            tomorrow=day + timedelta(days=1),
        )

    def _query_looks(self, since, until):
        """Return whom these days may bring something, an array in PostgreSQL's words.

        As one text: thousands of numbers need not become Python's and back.
        """
        return SQL(
            """
            SELECT ARRAY_AGG(partner_id)::text, COUNT(*)
              FROM %s
             WHERE date BETWEEN %s AND %s
            """,
            LOOKS,
            since,
            until,
        )

    def _query_rows_of(self, table, partner_ids):
        """Return the rows of some customers.

        As an array they tell PostgreSQL how many they are.
        """
        return SQL(
            "SELECT * FROM %s WHERE partner_id = ANY(%s::int[])", table, partner_ids
        )

    def _query_move_claims(self, day):
        """Return the move of the due claims in ``step``."""
        return SQL(
            """
            INSERT INTO %(claims)s
                        (move_line_id, level_id, level_date, followup_date,
                         repeat_count)
                 SELECT step.id,
                        step.next_level_id,
                        CASE WHEN step.is_repeated
                             THEN step.level_date
                             ELSE COALESCE(step.first_date, %(day)s)
                         END,
                        %(day)s,
                        step.repeat_count
                   FROM step
                  WHERE step.is_due
            %(upsert)s
            """,
            claims=CLAIMS,
            day=day,
            upsert=UPSERT,
        )

    def _query_next_looks(self, day):
        """Return the next day that may bring a reminder, of each customer in ``due``.

        Until its next date a customer has no level to come, or is on hold. Where the
        level is there and something else is in the way (credits, the minimum amount,
        an address, no permission to send it without a person), each day may differ;
        unless all that is owed together is too little. Without a day: never.

        Of a customer who is reminded, claims that were not due have their next date. A
        claim that was takes at least the shortest step to the next one; after a
        repetition, whose level may be an old one, or what was said before, perhaps only
        a day.
        """
        return SQL(
            """
            SELECT due.partner_id,
                   CASE WHEN due.reason IN %(final_reasons)s
                             OR due.mode = 'manual'
                             OR due.reason IN %(small_reasons)s
                                AND (due.amount_due <= 0
                                     OR due.amount_due < %(min_amount)s)
                        THEN NULL
                        WHEN due.next_date > %(day)s
                        THEN due.next_date
                        ELSE due.change_date
                    END AS date
              FROM due
             WHERE NOT due.is_sent
             UNION ALL
            SELECT step.partner_id,
                   MIN(CASE WHEN NOT step.is_due
                            THEN step.next_date
                            WHEN step.is_repeated
                            THEN LEAST(step.change_date, %(after_step)s)
                            WHEN step.first_date IS NOT NULL
                            THEN %(tomorrow)s
                            ELSE %(after_step)s
                        END)
              FROM step
          GROUP BY step.partner_id
            """,
            after_step=day + self.shortest_step,
            day=day,
            final_reasons=FINAL_REASONS,
            min_amount=self.company.payment_followup_min_amount,
            small_reasons=SMALL_REASONS,
            tomorrow=day + timedelta(days=1),
        )

from datetime import timedelta

from odoo.tools import SQL

from .payment_followup_decision import State

CLAIMS = SQL.identifier("payment_followup_forecast_claim")
CUSTOMERS = SQL.identifier("payment_followup_forecast_customer")
# Nothing but a person ends these.
FINAL_REASONS = ("disabled", "excluded")
# Too little is owed; a claim that falls due can end these.
SMALL_REASONS = ("covered", "below_minimum")


class Simulation:
    """The batches of one company in the days to come.

    The decision itself answers, for one day after the other. It reads copies of what a
    batch changes, claims and customers, in temporary tables of this session; each day
    moves them as its batch would. Nothing else is written.

    A day looks only at those customers for whom it may bring something: after each look
    the decision says on which day that is.
    """

    def __init__(self, company):
        self.env = company.env
        self.company = company
        self.state = State(claims=CLAIMS, customers=CUSTOMERS)
        self.shortest_step = self._get_shortest_step()
        # {partner id: the next day to look}, None: everybody, at once
        self.next_looks = None
        self.env.flush_all()
        for query in self._get_copy_queries():
            self.env.cr.execute(query)

    def play(self, today, horizon):
        """Return the messages of ``today`` and the ``horizon`` days after.

        :return: a list of dicts ``date``, ``company_id``, ``partner_id``, ``level_id``,
            ``amount`` (in company currency)
        """
        days = [today + timedelta(days=offset) for offset in range(horizon + 1)]
        return [
            message
            for day in days
            if self.company._can_send_payment_followup(day)
            for message in self._play_day(day)
        ]

    def _play_day(self, day):
        rows = self._decide(day)
        self._plan_looks(day, rows)
        due = [row for row in rows if row["reason"] == "due" and row["is_automatic"]]
        self._remind(day, [row["partner_id"] for row in due])
        return [
            {
                "date": day,
                "company_id": self.company.id,
                "partner_id": row["partner_id"],
                "level_id": row["due_level_id"],
                "amount": row["amount_reminder"],
            }
            for row in due
        ]

    def _decide(self, day):
        """Return what the decision says of those whom ``day`` may bring something."""
        if self.next_looks is None:
            awake = SQL("TRUE")
        else:
            ids = [id_ for id_, look in self.next_looks.items() if look <= day]
            if not ids:
                return []
            awake = SQL("statement.partner_id = ANY(%s)", ids)
        return self.env.execute_query_dict(self._query_decisions(day, awake))

    def _plan_looks(self, day, rows):
        self.next_looks = self.next_looks or {}
        for row in rows:
            look = self._get_next_look(day, row)
            if look:
                self.next_looks[row["partner_id"]] = look
            else:
                self.next_looks.pop(row["partner_id"], None)

    def _get_next_look(self, day, row):
        """Return the first day after ``day`` that may bring a reminder, None: never.

        Until its next date a customer has no level to come, or is on hold. Where the
        level is there and something else is in the way (credits, the minimum amount,
        an address, no permission to send it without a person), each day may differ;
        unless all that is owed together is too little.
        """
        if row["reason"] in FINAL_REASONS or row["mode"] == "manual":
            return None
        if row["reason"] in SMALL_REASONS:
            return day + timedelta(days=1) if row["is_enough"] else None
        if row["next_date"]:
            return max(row["next_date"], day + timedelta(days=1))
        return None

    def _remind(self, day, partner_ids):
        """Move claims and customers as the batch of ``day`` would."""
        if partner_ids:
            looks = self.env.execute_query(self._query_move_claims(day, partner_ids))
            self.next_looks.update(looks)
            self.env.cr.execute(self._query_set_reminded(day, partner_ids))

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

    def _query_decisions(self, day, awake):
        statement = self.env["payment.followup.statement"]
        return SQL(
            """
            SELECT statement.partner_id,
                   statement.reason,
                   statement.is_automatic,
                   statement.due_level_id,
                   statement.amount_due > 0
                       AND statement.amount_due >= %(min_amount)s AS is_enough,
                   statement.amount_reminder,
                   statement.next_date,
                   customer.mode
              FROM (%(statement)s) statement
         LEFT JOIN %(customers)s customer
                ON customer.partner_id = statement.partner_id
             WHERE %(awake)s
          ORDER BY statement.partner_id
            """,
            awake=awake,
            customers=CUSTOMERS,
            min_amount=self.company.payment_followup_min_amount,
            statement=statement._query_statement({self.company: day}, self.state),
        )

    def _query_move_claims(self, day, partner_ids):
        """Return the move of the due claims; it says when to look at each one again.

        Where the levels of a plan changed places, one may be said again: it counts
        from its first day in the log, as it does for the batch.

        Claims that were not due have their next date. A claim that was takes at least
        the shortest step to the next one; after a repetition, whose level may be an old
        one, or what was said before, perhaps only a day.
        """
        lines = self.env["payment.followup.statement.line"]
        return SQL(
            """
            WITH item AS MATERIALIZED (
                SELECT line.id,
                       line.partner_id,
                       line.is_due,
                       line.level_date,
                       line.next_level_id,
                       line.next_date,
                       line.repeat_count,
                       line.next_level_id = line.level_id IS TRUE AS is_repeated,
                       said.first_date
                  FROM (%(lines)s) line
             LEFT JOIN LATERAL (
                                SELECT MIN(action.date) AS first_date
                                  FROM payment_followup_action_line entry
                                  JOIN payment_followup_action action
                                    ON action.id = entry.action_id
                                 WHERE entry.move_line_id = line.id
                                   AND entry.level_id = line.next_level_id
                                   AND entry.counts
                               ) said ON line.is_due AND line.level_id IS NOT NULL
                 WHERE line.partner_id = ANY(%(partner_ids)s)
            ),
            moved AS (
                INSERT INTO %(claims)s
                            (move_line_id, level_id, level_date, followup_date,
                             repeat_count)
                     SELECT item.id,
                            item.next_level_id,
                            CASE WHEN item.is_repeated
                                 THEN item.level_date
                                 ELSE COALESCE(item.first_date, %(day)s)
                             END,
                            %(day)s,
                            item.repeat_count
                       FROM item
                      WHERE item.is_due
                ON CONFLICT (move_line_id)
                  DO UPDATE
                        SET level_id = EXCLUDED.level_id,
                            level_date = EXCLUDED.level_date,
                            followup_date = EXCLUDED.followup_date,
                            repeat_count = EXCLUDED.repeat_count
            )
              SELECT item.partner_id,
                     MIN(CASE WHEN NOT item.is_due
                              THEN item.next_date
                              WHEN item.is_repeated OR item.first_date IS NOT NULL
                              THEN %(tomorrow)s
                              ELSE %(after_step)s
                          END)
                FROM item
            GROUP BY item.partner_id
            """,
            after_step=day + self.shortest_step,
            claims=CLAIMS,
            day=day,
            lines=lines._query_lines({self.company: day}, self.state),
            partner_ids=partner_ids,
            tomorrow=day + timedelta(days=1),
        )

    def _query_set_reminded(self, day, partner_ids):
        return SQL(
            """
            INSERT INTO %(customers)s (company_id, partner_id, reminder_date)
                 SELECT %(company_id)s, partner.id, %(day)s
                   FROM UNNEST(%(partner_ids)s) AS partner (id)
            ON CONFLICT (partner_id)
              DO UPDATE
                    SET reminder_date = EXCLUDED.reminder_date,
                        failure = NULL
            """,
            company_id=self.company.id,
            customers=CUSTOMERS,
            day=day,
            partner_ids=partner_ids,
        )

    def _get_copy_queries(self):
        """Return the statements that copy claims and customers of the company."""
        for copy, table, key in (
            (CLAIMS, SQL.identifier("payment_followup_claim"), "move_line_id"),
            (CUSTOMERS, SQL.identifier("payment_followup_customer"), "partner_id"),
        ):
            yield SQL("DROP TABLE IF EXISTS pg_temp.%s", copy)
            yield SQL(
                """
                CREATE TEMPORARY TABLE %(copy)s ON COMMIT DROP AS
                SELECT *
                  FROM %(table)s
                 WHERE company_id = %(company_id)s
                """,
                company_id=self.company.id,
                copy=copy,
                table=table,
            )
            yield SQL("CREATE UNIQUE INDEX ON %s (%s)", copy, SQL.identifier(key))
            yield SQL("ANALYZE %s", copy)

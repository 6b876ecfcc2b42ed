from odoo.tools import SQL

BOOKS = SQL.identifier("payment_followup_forecast_item")
CLAIMS = SQL.identifier("payment_followup_forecast_claim")
CONTACTS = SQL.identifier("payment_followup_forecast_contact")
CUSTOMERS = SQL.identifier("payment_followup_forecast_customer")
LOOKS = SQL.identifier("payment_followup_forecast_look")
MESSAGES = SQL.identifier("payment_followup_forecast_message")
SAID = SQL.identifier("payment_followup_forecast_said")


class ForecastTables:
    """The temporary tables in which a forecast plays.

    Copies of what the decision reads, and what the forecast notes for itself. They are
    gone with the transaction.
    """

    def __init__(self, company):
        self.env = company.env
        self.company = company

    def get_queries(self, today):
        """Return the statements that make the tables, everybody's first look today."""
        for name, query, key in (
            (BOOKS, self._query_books(), "partner_id"),
            (CUSTOMERS, self._query_customers(), "partner_id"),
            (CONTACTS, self._query_contacts(), "partner_id"),
            (CLAIMS, self._query_claims(), None),
            (SAID, self._query_said(), None),
            (LOOKS, self._query_first_looks(today), "date"),
        ):
            yield from self._get_table_queries(name, query)
            if key:
                yield SQL("CREATE INDEX ON %s (%s)", name, SQL.identifier(key))
            yield SQL("ANALYZE %s", name)
        yield SQL("CREATE UNIQUE INDEX ON %s (move_line_id)", CLAIMS)
        yield from self.get_messages_queries()

    def get_messages_queries(self):
        """Return the statements that make the table of the messages alone."""
        return self._get_table_queries(MESSAGES, self._query_no_messages())

    def _get_table_queries(self, name, query):
        yield SQL("DROP TABLE IF EXISTS pg_temp.%s", name)
        # Half a page stays free: a row that is updated there needs no new key
        yield SQL(
            "CREATE TEMPORARY TABLE %s WITH (fillfactor = 50) ON COMMIT DROP AS %s",
            name,
            query,
        )

    def query_customer_count(self):
        """Return how many customers owe the company something."""
        return SQL(
            """
            SELECT COUNT(DISTINCT partner_id)
              FROM (%(books)s) book
             WHERE company_id = %(company_id)s
            """,
            books=self.env["payment.followup.decision"]._query_books(),
            company_id=self.company.id,
        )

    def _query_books(self):
        return SQL(
            """
              SELECT *
                FROM (%(books)s) book
               WHERE company_id = %(company_id)s
                 AND partner_id IS NOT NULL
            ORDER BY partner_id
            """,
            books=self.env["payment.followup.decision"]._query_books(),
            company_id=self.company.id,
        )

    def _query_customers(self):
        """Return a row for each customer who owes, whatever people decided."""
        return SQL(
            """
            SELECT owing.company_id,
                   owing.partner_id,
                   customer.id,
                   customer.mode,
                   customer.next_date,
                   customer.responsible_id,
                   customer.reminder_date,
                   customer.failure,
                   customer.failure_date,
                   customer.broken_count
              FROM (SELECT DISTINCT company_id, partner_id FROM %(books)s) owing
         LEFT JOIN payment_followup_customer customer
                ON customer.company_id = owing.company_id
               AND customer.partner_id = owing.partner_id
            """,
            books=BOOKS,
        )

    def _query_contacts(self):
        return SQL(
            """
            SELECT contact.*
              FROM (%(contacts)s) contact
              JOIN %(customers)s customer
                ON customer.partner_id = contact.partner_id
            """,
            contacts=self.env["payment.followup.decision"]._query_contacts(),
            customers=CUSTOMERS,
        )

    def _query_claims(self):
        return SQL(
            """
            SELECT claim.*
              FROM payment_followup_claim claim
              JOIN %(books)s book
                ON book.id = claim.move_line_id
            """,
            books=BOOKS,
        )

    def _query_said(self):
        """Return the first day of each level above the claim's own in the log.

        Hardly any: claims climb. They are there where the levels changed places.
        """
        return SQL(
            """
            SELECT entry.move_line_id,
                   entry.level_id,
                   MIN(action.date) AS first_date
              FROM %(books)s book
              JOIN payment_followup_action_line entry
                ON entry.move_line_id = book.id
               AND entry.counts
              JOIN payment_followup_action action
                ON action.id = entry.action_id
              JOIN payment_followup_level level
                ON level.id = entry.level_id
         LEFT JOIN %(claims)s claim
                ON claim.move_line_id = book.id
         LEFT JOIN payment_followup_level reached
                ON reached.id = claim.level_id
             WHERE reached.id IS NULL
                OR reached.delay < level.delay
          GROUP BY entry.move_line_id, entry.level_id
            """,
            books=BOOKS,
            claims=CLAIMS,
        )

    def _query_first_looks(self, today):
        return SQL(
            "SELECT %(today)s::date AS date, partner_id FROM %(customers)s",
            customers=CUSTOMERS,
            today=today,
        )

    def _query_no_messages(self):
        return SQL(
            """
            SELECT NULL::date AS date,
                   NULL::int AS partner_id,
                   NULL::int AS level_id,
                   NULL::numeric AS amount
             LIMIT 0
            """
        )

"""The random ledger as SQL: who owes what, what was paid, and how it is reconciled.

Every choice is ``pg_temp.chance(number, salt)``, a hash between 0 and 1: the same seed
gives the same ledger, whatever the order in which PostgreSQL works.
"""

CHANCE = """
    CREATE OR REPLACE FUNCTION pg_temp.chance(number bigint, salt int) RETURNS float8
    LANGUAGE SQL IMMUTABLE PARALLEL SAFE AS $$
        SELECT (hashint8extended(number, salt + {seed} * 1000) & 1073741823)
               / 1073741824.0::float8
    $$
"""

# A few customers buy much more than the others. Some invoices go to a contact.
INVOICES = """
    CREATE TEMP TABLE bench_invoice AS
    SELECT drawn.*,
           CASE WHEN pg_temp.chance(customer, 20) < 0.25
                     AND pg_temp.chance(n, 7) < 0.3
                THEN %(first_contact)s + customer
                ELSE %(first_customer)s + customer
            END AS partner_id,
           %(first_customer)s + customer AS commercial_partner_id,
           status = 'paid' AND pg_temp.chance(n, 11) < 0.04 AS is_reversed,
           LEAST(%(today)s::date,
                 invoice_date + 10 + (60 * pg_temp.chance(n, 8))::int)
               AS settlement_date
      FROM (SELECT n,
                   CASE WHEN mod(n, 20) = 0 THEN 2 ELSE 1 END AS company,
                   (%(customers)s * power(pg_temp.chance(n, 1), 1.5))::int
                       AS customer,
                   CASE WHEN pg_temp.chance(n, 2) < 0.08
                        THEN 'instalment'
                        ELSE 'invoice'
                    END AS kind,
                   pg_temp.chance(n, 3) < 0.12 AS is_foreign,
                   CASE WHEN pg_temp.chance(n, 4) >= 0.25 THEN 'paid'
                        WHEN pg_temp.chance(n, 5) < 0.2 THEN 'part'
                        ELSE 'open'
                    END AS status,
                   round((20 + 2000 * power(pg_temp.chance(n, 6), 3))::numeric, 2)
                       AS amount_currency,
                   %(today)s::date
                       - CASE WHEN pg_temp.chance(n, 4) >= 0.25
                              THEN 20 + (900 * pg_temp.chance(n, 9))::int
                              WHEN pg_temp.chance(n, 10) < 0.08
                              THEN 150 + (250 * pg_temp.chance(n, 9))::int
                              ELSE (150 * power(pg_temp.chance(n, 9), 1.5))::int
                          END AS invoice_date
              FROM generate_series(1, %(invoices)s) AS n
           ) drawn
"""

# An invoice paid in part: two fifths of it, or its first instalment.
ITEMS = """
    CREATE TEMP TABLE bench_item AS
    SELECT item.*,
           CASE WHEN paid_currency = amount_currency
                THEN balance
                ELSE round(paid_currency / rate, 2)
            END AS paid
      FROM (SELECT n,
                   rank,
                   rate,
                   date_maturity,
                   amount_currency,
                   round(amount_currency / rate, 2) AS balance,
                   CASE WHEN status = 'paid' THEN amount_currency
                        WHEN status = 'open' OR rank > 1 THEN 0
                        WHEN kind = 'instalment' THEN amount_currency
                        ELSE round(amount_currency * 0.4, 2)
                    END AS paid_currency
              FROM (SELECT n,
                           rank,
                           kind,
                           status,
                           CASE WHEN is_foreign THEN %(rate)s::numeric ELSE 1 END
                               AS rate,
                           invoice_date + 30 * rank AS date_maturity,
                           CASE WHEN kind = 'invoice' THEN amount_currency
                                WHEN rank < 3 THEN round(amount_currency * 0.3, 2)
                                ELSE amount_currency
                                     - 2 * round(amount_currency * 0.3, 2)
                            END AS amount_currency
                      FROM bench_invoice
                      JOIN generate_series(1, 3) AS rank
                        ON rank = 1 OR kind = 'instalment'
                   ) part
           ) item
"""

# Each settlement pays one invoice; further credits wait to be reconciled.
DOCUMENTS = """
    CREATE TEMP TABLE bench_document AS
    WITH sum AS (
        SELECT n,
               SUM(amount_currency) AS amount_currency,
               SUM(balance) AS balance,
               SUM(paid_currency) AS paid_currency,
               SUM(paid) AS paid,
               MAX(date_maturity) AS date_due
          FROM bench_item
      GROUP BY n
    ),
    drawn AS (
        SELECT n, kind, company, is_foreign, partner_id, commercial_partner_id,
               is_reversed,
               FALSE AS is_settlement,
               invoice_date AS date, date_due, sum.amount_currency, balance,
               sum.amount_currency - paid_currency AS residual_currency,
               balance - paid AS residual
          FROM bench_invoice
          JOIN sum USING (n)
         UNION ALL
        SELECT n,
               CASE WHEN is_reversed THEN 'refund' ELSE 'payment' END,
               company, is_foreign, partner_id, commercial_partner_id,
               is_reversed, TRUE,
               settlement_date, settlement_date, paid_currency, paid, 0, 0
          FROM bench_invoice
          JOIN sum USING (n)
         WHERE paid > 0
         UNION ALL
        SELECT NULL,
               CASE WHEN pg_temp.chance(n, 12) < 0.4 THEN 'refund' ELSE 'payment' END,
               company, is_foreign, partner_id, commercial_partner_id,
               FALSE, FALSE,
               settlement_date, settlement_date, part_currency, part,
               part_currency, part
          FROM bench_invoice
          JOIN LATERAL (
                   SELECT round(amount_currency * 0.7, 2) AS part_currency,
                          CASE WHEN is_foreign THEN %(rate)s::numeric ELSE 1 END
                              AS rate
               ) credit ON TRUE
          JOIN LATERAL (SELECT round(part_currency / rate, 2) AS part) own ON TRUE
         WHERE pg_temp.chance(n, 13) < 0.025
    ),
    numbered AS (
        SELECT drawn.*,
               prototype.id AS prototype_id,
               replace(prototype.sequence_prefix,
                       EXTRACT(YEAR FROM prototype.date)::text,
                       EXTRACT(YEAR FROM drawn.date)::text) AS prefix,
               CASE WHEN drawn.is_foreign
                    THEN %(foreign)s
                    ELSE prototype.currency_id
                END AS currency_id,
               prototype.journal_id,
               %(last_move)s
                   + ROW_NUMBER() OVER (ORDER BY drawn.date, drawn.kind, n,
                                                 drawn.partner_id, drawn.balance)
                   AS id
          FROM drawn
          JOIN (VALUES %(prototypes)s) AS known (company, kind, id)
            ON known.company = drawn.company
           AND known.kind = drawn.kind
          JOIN account_move prototype
            ON prototype.id = known.id
    ),
    ranked AS (
        SELECT numbered.*,
               (ROW_NUMBER() OVER (PARTITION BY journal_id, prefix ORDER BY id))::int
                   AS number
          FROM numbered
    )
    SELECT ranked.*,
           prefix || CASE WHEN number < 100000
                          THEN lpad(number::text, 5, '0')
                          ELSE number::text
                      END AS name,
           CASE WHEN kind = 'payment'
                THEN %(last_payment)s
                     + ROW_NUMBER() OVER (PARTITION BY kind = 'payment' ORDER BY id)
            END AS payment_id
      FROM ranked
"""

# One row per journal item: which one it copies, and its amounts. ``rank`` is that of
# the instalment; NULL for items that are not receivable.
LINES = """
    CREATE TEMP TABLE bench_line AS
    SELECT %(last_line)s + ROW_NUMBER() OVER (ORDER BY document.id, prototype.id)
               AS id,
           document.id AS move_id,
           prototype.id AS prototype_id,
           document.n,
           document.is_settlement,
           prototype.rank,
           prototype.sign * COALESCE(item.balance, document.balance) AS balance,
           prototype.sign * COALESCE(item.amount_currency, document.amount_currency)
               AS amount_currency,
           CASE WHEN prototype.rank IS NULL AND NOT prototype.reconcile THEN 0
                WHEN prototype.rank IS NULL THEN prototype.sign * document.balance
                ELSE prototype.sign
                     * COALESCE(item.balance - item.paid, document.residual)
            END AS residual,
           CASE WHEN prototype.rank IS NULL AND NOT prototype.reconcile THEN 0
                WHEN prototype.rank IS NULL
                THEN prototype.sign * document.amount_currency
                ELSE prototype.sign
                     * COALESCE(item.amount_currency - item.paid_currency,
                                document.residual_currency)
            END AS residual_currency,
           COALESCE(item.date_maturity,
                    CASE WHEN prototype.date_maturity IS NOT NULL
                         THEN document.date
                     END) AS date_maturity
      FROM bench_document document
      JOIN (SELECT line.id,
                   line.move_id,
                   line.date_maturity,
                   sign(line.balance) AS sign,
                   account.reconcile,
                   CASE WHEN account.account_type = 'asset_receivable'
                        THEN ROW_NUMBER() OVER (
                                 PARTITION BY line.move_id, account.account_type
                                     ORDER BY line.date_maturity, line.id)
                    END AS rank
              FROM account_move_line line
              JOIN account_account account
                ON account.id = line.account_id
           ) prototype
        ON prototype.move_id = document.prototype_id
 LEFT JOIN bench_item item
        ON item.n = document.n
       AND item.rank = prototype.rank
       AND NOT document.is_settlement
"""

# Which claim is reconciled with which settlement. One settlement pays one invoice, so
# all that is reconciled with it is full or none of it is.
MATCHES = """
    CREATE TEMP TABLE bench_match AS
    SELECT partial.*,
           CASE WHEN is_full
                THEN %(last_full)s + DENSE_RANK() OVER (PARTITION BY is_full ORDER BY n)
            END AS full_id
      FROM (SELECT %(last_partial)s + ROW_NUMBER() OVER (ORDER BY item.n, item.rank)
                       AS id,
                   item.n,
                   item.rank,
                   debit.id AS debit_id,
                   credit.id AS credit_id,
                   item.paid,
                   item.paid_currency,
                   document.currency_id,
                   document.company,
                   document.date,
                   BOOL_AND(debit.residual = 0) OVER (PARTITION BY item.n) AS is_full
              FROM bench_item item
              JOIN bench_line debit
                ON debit.n = item.n
               AND debit.rank = item.rank
              JOIN bench_line credit
                ON credit.n = item.n
              JOIN bench_document document
                ON document.id = credit.move_id
             WHERE item.paid > 0
               AND NOT debit.is_settlement
               AND credit.is_settlement
               AND credit.rank = 1
           ) partial
"""

MATCHING = """
    CREATE TEMP TABLE bench_matching AS
    SELECT line_id,
           MAX(full_id) AS full_id,
           COALESCE(MAX(full_id)::text, 'P' || MIN(first_id)) AS number
      FROM (SELECT debit_id,
                   credit_id,
                   full_id,
                   MIN(id) OVER (PARTITION BY n) AS first_id
              FROM bench_match) match
CROSS JOIN LATERAL (VALUES (debit_id), (credit_id)) AS side (line_id)
  GROUP BY line_id
"""
STAGES = {
    "invoice": (INVOICES, "n"),
    "item": (ITEMS, "n"),
    "document": (DOCUMENTS, "id"),
    "line": (LINES, "id"),
    "match": (MATCHES, "id"),
    "matching": (MATCHING, "line_id"),
}

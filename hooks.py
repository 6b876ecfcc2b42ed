from odoo.tools import SQL, index_exists

# The open receivable items, with all the decision reads: it never touches the table.
OPEN_ITEM_INDEX = "account_move_line_payment_followup_idx"


def post_init_hook(env):
    """Create the index that the decision reads; Odoo's own table stays as it is."""
    if not index_exists(env.cr, OPEN_ITEM_INDEX):
        env.cr.execute(
            SQL(
                """
                CREATE INDEX %s
                          ON account_move_line (company_id, partner_id)
                     INCLUDE (id, account_id, journal_id, date, date_maturity,
                              invoice_date, amount_residual, no_followup)
                       WHERE reconciled IS NOT TRUE
                         AND parent_state = 'posted'
                         AND amount_residual <> 0
                """,
                SQL.identifier(OPEN_ITEM_INDEX),
            )
        )


def uninstall_hook(env):
    """Take the index back."""
    env.cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(OPEN_ITEM_INDEX)))

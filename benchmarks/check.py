"""Check on a sample that Odoo agrees with every row that the generator wrote."""

from collections import Counter

# What Odoo itself would compute from the rest: {model: stored computed fields}.
FIELDS = {
    "account.move": (
        "amount_residual",
        "amount_residual_signed",
        "amount_tax",
        "amount_total",
        "amount_total_in_currency_signed",
        "amount_total_signed",
        "amount_untaxed",
        "amount_untaxed_signed",
        "commercial_partner_id",
        "company_id",
        "invoice_partner_display_name",
        "made_sequence_gap",
        "payment_state",
        "sequence_number",
        "sequence_prefix",
    ),
    "account.move.line": (
        "amount_residual",
        "amount_residual_currency",
        "company_currency_id",
        "company_id",
        "credit",
        "date",
        "debit",
        "invoice_date",
        "journal_id",
        "move_name",
        "parent_state",
        "price_subtotal",
        "price_total",
        "reconciled",
    ),
    "account.payment": (
        "amount_company_currency_signed",
        "is_matched",
        "is_reconciled",
    ),
    "account.partial.reconcile": ("company_id", "max_date"),
    "res.partner": (
        "commercial_company_name",
        "commercial_partner_id",
        "complete_name",
        "email_normalized",
    ),
}
SAMPLE = 500


def check_sample(env, sample=SAMPLE):
    """Compute the fields anew for a sample; return the faults, as sentences."""
    env = env(context=env.context | {"tracking_disable": True})
    faults = _check_balance(env)
    for name, fields in FIELDS.items():
        ids = _draw(env, env[name]._table, sample)
        records = env[name].browse(ids).exists()
        for field, count in _recompute(records, fields).items():
            faults.append(f"{name}: {field} differs on {count} of {len(records)} rows")
    return faults


def _draw(env, table, sample):
    """Return ids spread evenly over a table."""
    env.cr.execute(f"SELECT MAX(id) / {sample} + 1 FROM {table}")
    (step,) = env.cr.fetchone()
    # Not a round number: kinds of rows recur in rhythms.
    env.cr.execute(
        f"SELECT id FROM {table} WHERE mod(id, {step}) = {step // 3} ORDER BY id"
    )
    return [id_ for (id_,) in env.cr.fetchall()]


def _recompute(records, fields):
    """Return how many of the records change, a counter by field."""
    differing = Counter()
    for name in fields:
        field = records._fields[name]
        before = {record.id: record[name] for record in records}
        records.env.add_to_compute(field, records)
        records._recompute_recordset([name])
        differing[name] += sum(record[name] != before[record.id] for record in records)
    return +differing


def _check_balance(env):
    """Return what the whole ledger gets wrong: entries that do not balance."""
    env.cr.execute(
        """
        SELECT COUNT(*)
          FROM (SELECT move_id
                  FROM account_move_line
              GROUP BY move_id
                HAVING SUM(balance) <> 0) entry
        """
    )
    (count,) = env.cr.fetchone()
    return [f"{count} entries do not balance"] if count else []


def check_payments(env, count=20):
    """Register a payment for some open invoices of every kind; return the faults."""
    faults = []
    for state in ("not_paid", "partial"):
        for company in env.companies:
            own = env(context=env.context | {"allowed_company_ids": company.ids})
            moves = own["account.move"].search(
                [
                    ("move_type", "=", "out_invoice"),
                    ("payment_state", "=", state),
                    ("company_id", "=", company.id),
                ],
                limit=count,
                order="id",
            )
            faults += _pay(moves)
    return faults


def _pay(moves):
    faults = []
    for move in moves:
        wizard = (
            move.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({})
        )
        expected = len(move.line_ids.filtered("date_maturity")) > 1
        wizard._create_payments()
        if move.payment_state not in ("paid", "in_payment") and not expected:
            faults.append(f"{move.name}: {move.payment_state} after its payment")
    return faults

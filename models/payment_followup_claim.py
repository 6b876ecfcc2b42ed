from odoo import api, fields, models
from odoo.tools import SQL, format_date

# How an INSERT of what was said last meets the row of a claim that has one: people's
# entries on it stay. The forecast plays on copies, by the same rule.
UPSERT = SQL(
    """
    ON CONFLICT (move_line_id)
      DO UPDATE
            SET level_id = EXCLUDED.level_id,
                level_date = EXCLUDED.level_date,
                followup_date = EXCLUDED.followup_date,
                repeat_count = EXCLUDED.repeat_count
    """
)


class PaymentFollowupClaim(models.Model):
    """What follow-up knows about one claim: its level, and when payment is promised.

    A narrow table beside ``account_move_line``, one row per claim that ever got a
    level or an expected date. The level is not written by hand: it is read off the
    action log, see :meth:`_update_from_log`.
    """

    _name = "payment.followup.claim"
    _description = "Follow-up Claim"
    _log_access = False
    _rec_name = "move_line_id"

    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        comodel_name="payment.followup.level",
        help="The level last communicated.",
        ondelete="restrict",
        index="btree_not_null",
    )
    level_date = fields.Date(
        string="Level since", help="When the level was communicated first."
    )
    followup_date = fields.Date(
        string="Last reminder",
        help="When the level was communicated last, repetitions included.",
    )
    repeat_count = fields.Integer(
        string="Repetitions", help="How often the level was repeated."
    )
    expected_date = fields.Date(string="Expected payment date", index="btree_not_null")
    expected_note = fields.Char(string="Note on the expected payment")
    expected_broken = fields.Boolean(
        string="Promise broken",
        help="The expected date has passed without payment, and the history says so.",
    )

    _move_line_uniq = models.UniqueIndex(
        "(move_line_id)", "A claim has only one follow-up state."
    )

    @api.model
    def _get_or_create(self, lines):
        """Return the rows of the journal items ``lines``, new ones where missing."""
        known = self.search([("move_line_id", "in", lines.ids)])
        missing = lines - known.move_line_id
        return known + self.create(
            [
                {"move_line_id": line.id, "company_id": line.company_id.id}
                for line in missing
            ]
        )

    @api.model
    def _set_expected(self, lines, date, note):
        """Store the date on which payment of ``lines`` is promised; False: none."""
        self._get_or_create(lines).write(
            {"expected_date": date, "expected_note": note, "expected_broken": False}
        )

    def _log_broken(self):
        """Log that the promised day has passed; silent where the claim was paid."""
        open_claims = self.filtered(lambda claim: not claim.move_line_id.reconciled)
        for date, claims in open_claims.grouped("expected_date").items():
            claims.move_line_id._log_followup(
                "promise_broken",
                self.env._(
                    "Payment was expected on %(date)s but was not received.",
                    date=format_date(self.env, date),
                ),
            )
        self.write({"expected_broken": True})

    @api.model
    def _update_from_log(self, line_ids):
        """Bring the level of journal items in step with the action log.

        The last log line that still counts says the level; a claim without such a
        line has none. One statement for any number of items.
        """
        if not line_ids:
            return
        self.env["payment.followup.action"].flush_model()
        self.env["payment.followup.action.line"].flush_model()
        self.flush_model()
        self.env.cr.execute(self._query_update_from_log(line_ids))
        self.invalidate_model(flush=False)
        self.env["account.move.line"].invalidate_model(
            ["followup_level_id", "followup_date", "followup_claim_ids"], flush=False
        )
        self.env["account.move"].invalidate_model(["followup_level_id"], flush=False)

    @api.model
    def _query_update_from_log(self, line_ids):
        return SQL(
            """
            INSERT INTO payment_followup_claim AS claim
                        (move_line_id, company_id, level_id, level_date,
                         followup_date, repeat_count)
                 SELECT item.id,
                        item.company_id,
                        latest.level_id,
                        latest.level_date,
                        latest.date,
                        latest.repeat_count
                   FROM account_move_line item
              LEFT JOIN LATERAL (
                         SELECT line.level_id,
                                line.repeat_count,
                                action.date,
                                MIN(action.date) OVER (PARTITION BY line.level_id)
                                    AS level_date
                           FROM payment_followup_action_line line
                           JOIN payment_followup_action action
                             ON action.id = line.action_id
                          WHERE line.move_line_id = item.id
                            AND line.counts
                       ORDER BY action.date DESC, line.id DESC
                          LIMIT 1
                        ) latest ON TRUE
                  WHERE item.id = ANY(%(line_ids)s)
                    AND (latest.level_id IS NOT NULL
                         OR EXISTS (SELECT FROM payment_followup_claim known
                                     WHERE known.move_line_id = item.id))
            %(upsert)s
            """,
            line_ids=list(line_ids),
            upsert=UPSERT,
        )

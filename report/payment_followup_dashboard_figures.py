from collections import Counter

from odoo import api, models

from ..const import BUCKETS

NOBODY_DOMAIN = [("partner_id", "=", False)]


class PaymentFollowupDashboard(models.AbstractModel):
    """What is owed by age, by level and by reason, and by whom first of all."""

    _inherit = "payment.followup.dashboard"

    @api.model
    def _get_ageing(self, company, customers, items):
        """Return the ageing buckets; what has no customer comes last."""
        fields = self.env["payment.followup.statement"].fields_get(
            [name for name, _end in BUCKETS], ["string"]
        )
        buckets = [
            self._get_figure(
                company,
                name,
                fields[name]["string"],
                "aged",
                [(name, "!=", 0)],
                amount=self._sum(customers, name),
                count=self._sum(customers, f"count_{name}"),
            )
            for name, _end in BUCKETS
        ]
        nobody = [row for row in items if row["is_nobody"]]
        if nobody:
            buckets.append(
                self._get_figure(
                    company,
                    "nobody",
                    self.env._("Without a customer"),
                    "items",
                    NOBODY_DOMAIN,
                    amount=self._sum(nobody, "amount"),
                    count=0,
                )
            )
        return buckets

    @api.model
    def _get_levels(self, company, items):
        """Return what is overdue, by the level last communicated for it."""
        amounts, counts = Counter(), Counter()
        for row in items:
            if row["is_late"]:
                amounts[row["level_id"]] += row["amount"]
                counts[row["level_id"]] += row["count"]
        levels = self.env["payment.followup.level"].browse(filter(None, amounts))
        names = {level.id: level.name for level in levels.sorted("delay")}
        names = {None: self.env._("No reminder yet"), **names}
        return [
            self._get_figure(
                company,
                str(id_ or 0),
                name,
                "items",
                [
                    ("is_claim", "=", True),
                    ("part", "!=", "outside"),
                    ("days_overdue", ">", 0),
                    ("level_id", "=", id_ or False),
                ],
                amount=amounts[id_],
                count=counts[id_],
            )
            for id_, name in names.items()
            if counts[id_]
        ]

    @api.model
    def _get_reasons(self, company, customers):
        """Return what is owed by the reason why a reminder is due, or why none is."""
        statement = self.env["payment.followup.statement"]
        labels = dict(statement._fields["reason"]._description_selection(self.env))
        rows = sorted(customers, key=lambda row: row["balance"], reverse=True)
        return [
            self._get_figure(
                company,
                row["reason"],
                labels[row["reason"]],
                "customers",
                [("reason", "=", row["reason"])],
                amount=row["balance"],
                count=row["count"],
            )
            for row in rows
        ]

    @api.model
    def _get_urgent(self, customers):
        """Return the customers with the highest urgency, the first of them first."""
        ids = [id_ for row in customers for id_ in row["urgent_ids"] or ()]
        statements = self.env["payment.followup.statement"].browse(ids)
        reasons = dict(statements._fields["reason"]._description_selection(self.env))
        return [
            {
                "id": statement.id,
                "name": statement.partner_id.sudo().display_name,
                "amount": statement.amount_overdue,
                "days": statement.days_overdue,
                "broken": statement.broken_count,
                "reason": reasons[statement.reason],
                "text": statement.reason_text,
            }
            for statement in statements.sorted(
                lambda row: (-row.urgency, -row.amount_due, row.id)
            )
        ]

from odoo import Command, api, models


class PaymentFollowupReminder(models.AbstractModel):
    """How a reminder is written into the action log, one row for each channel."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _get_said(self, reminders):
        """Return what was said about the claims of ``reminders``, one query."""
        groups = (
            self.env["payment.followup.action.line"]
            .sudo()
            ._read_group(
                [
                    (
                        "move_line_id",
                        "in",
                        [i for r in reminders for i in r.line_ids.ids],
                    ),
                    ("level_id", "!=", False),
                    ("counts", "=", True),
                ],
                ["move_line_id", "level_id"],
                ["repeat_count:max"],
            )
        )
        return {(line.id, level.id): count for line, level, count in groups}

    @api.model
    def _prepare_vals(self, reminder):
        """Return the values of a log row for each channel of ``reminder``.

        A customer whom no channel reaches gets a failed row that says why.
        """
        chosen = self._choose_channels(reminder)
        remark = " ".join(reminder.remarks)
        if not chosen:
            return [self._prepare_action_vals(reminder, "error", "failed", remark)]
        return [
            self._prepare_action_vals(
                reminder, channel._kind, channel._get_initial_state(), remark
            )
            | {"address": address}
            for channel, address in chosen.items()
        ]

    @api.model
    def _prepare_action_vals(self, reminder, kind, state, remark=False):
        return {
            "date": reminder.company_id._get_payment_followup_today(),
            "user_id": self.env.uid,
            "company_id": reminder.company_id.id,
            "partner_id": reminder.partner_id.id,
            "customer_id": reminder.customer_id.id,
            "recipient_id": reminder.recipient_id.id,
            "kind": kind,
            "level_id": reminder.level_id.id,
            "state": state,
            "text": reminder.text,
            "error": remark or False,
            "lang": reminder.lang,
            "is_forced": reminder.is_forced,
            "line_ids": [
                Command.create(
                    self._prepare_line_vals(
                        item, kind, reminder.said, counts=state != "failed"
                    )
                )
                for item in reminder.line_ids
            ],
        }

    @api.model
    def _prepare_line_vals(self, item, kind, said, counts):
        """Return the values of a log line; due claims move to their next level.

        A level that was moved behind others in the plan may come to a claim again: it
        is then a repetition.
        """
        vals = self.env["payment.followup.action.line"]._prepare_vals(
            item.move_line_id, kind
        )
        if not item.is_due:
            return vals
        repeat_count = item.repeat_count
        if item.next_level_id != item.level_id:
            repeat_count = said.get((item.id, item.next_level_id.id), -1) + 1
        return vals | {
            "level_id": item.next_level_id.id,
            "repeat_count": repeat_count,
            "counts": counts,
        }

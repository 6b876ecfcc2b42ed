from odoo import api, models


class PaymentFollowupReminder(models.AbstractModel):
    """How a reminder is written into the action log, one row for each channel."""

    _inherit = "payment.followup.reminder"

    @api.model
    def _get_said(self, reminders):
        """Return how often what is to be said was said before, one query.

        :return: the last repetition, {(journal item id, level id): int}
        """
        moving = [item for r in reminders for item in r.line_ids if item._is_moving()]
        if not moving:
            return {}
        lines = self.env["payment.followup.action.line"].sudo()
        groups = lines._read_group(
            [
                ("move_line_id", "in", [item.id for item in moving]),
                ("level_id", "in", list({item.next_level_id.id for item in moving})),
                ("counts", "=", True),
            ],
            ["move_line_id", "level_id"],
            ["repeat_count:max"],
        )
        return {(line.id, level.id): count for line, level, count in groups}

    @api.model
    def _write_log(self, entries):
        """Write log rows with the items that they list, and return them.

        :param entries: tuples (:class:`Reminder`, values of a row)
        """
        actions = self.env["payment.followup.action"].sudo()
        actions = actions.create([vals for _reminder, vals in entries])
        self.env["payment.followup.action.line"].sudo()._insert(
            [
                (action.id, vals["kind"], *item)
                for action, (reminder, vals) in zip(actions, entries, strict=True)
                for item in self._get_items(reminder, vals["state"] != "failed")
            ]
        )
        return actions

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
            "promise_date": reminder.promise_date,
            "amount_residual": sum(reminder.line_ids.mapped("amount_residual")),
        }

    @api.model
    def _get_items(self, reminder, counts):
        """Return what a row lists; due claims move to their next level.

        A level that was moved behind others in the plan may come to a claim again: it
        is then a repetition. What has no level of its own says none: a statement of
        account.

        :param counts: whether the levels count as communicated
        :return: tuples (journal item id, level id or None, repetition, counts)
        """
        if reminder.repeats is not None:
            return self._get_repeated_items(reminder, counts)
        items = []
        for item in reminder.line_ids:
            level, repeat_count = item.next_level_id, item.repeat_count
            if not (item.is_due and reminder.level_id):
                items.append((item.id, None, 0, False))
                continue
            if item._is_moving():
                repeat_count = reminder.said.get((item.id, level.id), -1) + 1
            items.append((item.id, level.id, repeat_count, counts))
        return items

    @api.model
    def _get_repeated_items(self, reminder, counts):
        """Return what a row lists that says the same again by another attempt."""
        nothing = (None, 0)
        return [
            (
                item.id,
                *reminder.repeats.get(item.id, nothing),
                counts and item.id in reminder.repeats,
            )
            for item in reminder.line_ids
        ]

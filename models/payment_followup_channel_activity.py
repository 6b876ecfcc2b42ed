from odoo import api, models


class PaymentFollowupChannelActivity(models.AbstractModel):
    """A manual action: an activity on the customer's record for one of our people."""

    _name = "payment.followup.channel.activity"
    _description = "Follow-up by Manual Action"
    _inherit = ["payment.followup.channel"]

    _kind = "activity"
    _icon = "fa-check-square-o"

    @api.model
    def _is_wanted(self, level):
        return level.create_activity

    @api.model
    def _describe(self, level):
        if level.responsible_type == "user":
            user = level.activity_user_id.name or ""
            if self._is_call(level):
                return self.env._("a call by %(user)s", user=user)
            return self.env._("a task for %(user)s", user=user)
        return {
            (True, "responsible"): self.env._("a call by the responsible"),
            (True, "salesperson"): self.env._("a call by the salesperson"),
            (True, "account_manager"): self.env._(
                "a call by the customer's salesperson"
            ),
            (False, "responsible"): self.env._("a task for the responsible"),
            (False, "salesperson"): self.env._("a task for the salesperson"),
            (False, "account_manager"): self.env._(
                "a task for the customer's salesperson"
            ),
        }[self._is_call(level), level.responsible_type]

    @api.model
    def _get_icon(self, level):
        return "fa-phone" if self._is_call(level) else self._icon

    @api.model
    def _is_call(self, level):
        return level.activity_type_id.category == "phonecall"

    @api.model
    def _get_address(self, reminder):
        return self._get_user(reminder).display_name

    @api.model
    def _get_missing_address_message(self):
        return self.env._("No responsible user.")

    @api.model
    def _get_initial_state(self):
        return "todo"

    @api.model
    def _send(self, actions):
        # Quick update: no e-mail to the colleague for each activity of a batch
        actions = actions.with_context(mail_activity_quick_update=True)
        for action in actions:
            activity = action.customer_id.activity_schedule(
                date_deadline=action.date, **self._prepare_activity_vals(action)
            )
            action.write({"activity_id": activity.id})
            action._set_content(activity.summary, activity.note)

    @api.model
    def _prepare_activity_vals(self, action):
        user = self._get_responsible(action.level_id, action)
        level = action.level_id.with_context(lang=user.lang)
        # What comes by hand, without a level, is a call
        activity_type = level.activity_type_id or level._default_activity_type_id()
        return {
            "activity_type_id": activity_type.id,
            "summary": level.activity_summary
            or activity_type.summary
            or level.name
            or activity_type.name,
            "note": action.with_context(lang=user.lang)._render_activity_note(),
            "user_id": user.id,
        }

    @api.model
    def _get_user(self, reminder):
        return self._get_responsible(reminder.level_id, reminder)

    @api.model
    def _get_responsible(self, level, subject):
        """Return the user who gets the manual action, the first that is active.

        :param subject: a reminder or a log row: has ``customer_id``, ``partner_id``,
            ``company_id`` and ``move_ids``
        """
        partner, company = subject.partner_id, subject.company_id
        customer_user = subject.customer_id.responsible_id
        invoice_user = subject.move_ids.invoice_user_id[:1]
        candidates = {
            "user": [level.activity_user_id],
            "salesperson": [invoice_user],
            "account_manager": [partner.user_id],
        }.get(level.responsible_type, [])
        candidates += [
            customer_user,
            company.payment_followup_responsible_id,
            partner.user_id,
            invoice_user,
            self.env.user,
        ]
        named = next((user for user in candidates if user and user.active), None)
        return named or company._get_payment_followup_accountant()

from odoo import api, models
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.fields import Domain


class PaymentFollowupLevel(models.Model):
    """A level in use: what may not happen to it, nor to what it sends."""

    _inherit = "payment.followup.level"

    @api.constrains("company_id")
    def _check_company_of_history(self):
        """Keep a level where its claims are: another plan knows nothing of it."""
        for level in self:
            use = level._find_use(Domain("company_id", "!=", level.company_id.id))
            if use:
                raise ValidationError(
                    self.env._(
                        "The level “%(name)s” is part of the history of customers of "
                        "%(company)s and cannot move to %(other)s. Make a new level "
                        "there instead.",
                        name=level.name,
                        company=use.company_id.name,
                        other=level.company_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda level: level._find_use())
        if used:
            raise RedirectWarning(
                self.env._(
                    "The level “%(name)s” is part of the history of customers and "
                    "cannot be deleted. Archive it instead: it then sends nothing.",
                    name=used[0].name,
                ),
                self.env.ref(
                    "account_payment_followup.payment_followup_level_archive"
                ).id,
                self.env._("Archive"),
                {"active_model": self._name, "active_ids": self.ids},
            )

    def _find_use(self, domain=Domain.TRUE):
        """Return a row of the log that knows this level, or none.

        In a message at a higher level, claims may move to a lower one.
        """
        self.ensure_one()
        is_said = Domain("level_id", "=", self.id)
        has_moved = Domain("line_ids.level_id", "=", self.id)
        actions = self.env["payment.followup.action"].sudo()
        return actions.search((is_said | has_moved) & domain, limit=1)

    @api.model
    def _check_levels_with(self, field, records):
        """Check the levels once more whose templates or activity types have changed.

        :param field: the field of the level that names one of ``records``
        """
        levels = self.sudo().with_context(active_test=False)
        levels.search([(field, "in", records.ids)])._check_channel_settings()

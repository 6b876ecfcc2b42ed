from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Ready-made plans: {code: {step: values of the level}}. Texts in the words of a good
# accounts-receivable clerk, translated like all code; see _apply for the rest.
PLANS = {
    "basic": {
        "basic_1": {
            "delay": 3,
            "name": _lt("Payment reminder"),
            "note": _lt(
                "<p>In the rush of daily business an invoice is easily overlooked. "
                "According to our records, the amount below has been due for a few "
                "days.</p>"
                "<p>Could you please arrange the payment, or let us know if there is "
                "anything we should clear up? If you have paid in the meantime, please "
                "disregard this message, with our thanks.</p>"
            ),
        },
        "basic_2": {
            "delay": 7,
            "name": _lt("Second payment reminder"),
            "note": _lt(
                "<p>We wrote to you a few days ago about the amount below, and we have "
                "not yet seen a payment.</p>"
                "<p>Please pay it within the next few days. If something keeps you "
                "from paying, call us or answer this message: together we will find a "
                "solution.</p>"
            ),
        },
        "basic_3": {
            "delay": 15,
            "name": _lt("Final payment reminder"),
            "note": _lt(
                "<p>Despite our earlier reminders, the amount below is still open.</p>"
                "<p>We ask you to settle it within seven days of this message. After "
                "that we may have to hold further deliveries and consider the next "
                "steps, which we would much rather avoid. If you cannot pay the full "
                "amount now, please contact us today.</p>"
            ),
        },
    },
}


class PaymentFollowupPlan(models.AbstractModel):
    """Ready-made plans, in every installed language."""

    _name = "payment.followup.plan"
    _description = "Ready-made Follow-up Plan"

    @api.model
    def _get_plans(self):
        """Return the choice of plans, pairs (code, name)."""
        return [("basic", self.env._("Basic: 3, 7 and 15 days after the due date"))]

    @api.model
    def _apply(self, code, company):
        """Create the levels of the plan ``code`` for ``company``; return them.

        :raise UserError: where the company already has levels: it has one plan
        """
        Level = self.env["payment.followup.level"].with_company(company)
        if Level.search_count([("company_id", "=", company.id)], limit=1):
            raise UserError(
                self.env._(
                    "%(company)s already has follow-up levels. Archive them before "
                    "you take a ready-made plan.",
                    company=company.name,
                )
            )
        levels = Level.with_context(lang="en_US").create(
            [
                {"company_id": company.id, "plan_step": step}
                | {name: self._get_source(value) for name, value in vals.items()}
                for step, vals in PLANS[code].items()
            ]
        )
        langs = [lang for lang, _name in self.env["res.lang"].get_installed()]
        self._translate(levels, langs)
        return levels.with_env(self.env)

    @api.model
    def _get_source(self, value):
        return value._source if hasattr(value, "_source") else value

    @api.model
    def _translate(self, levels, langs):
        """Give ready-made levels their words in ``langs``, edited levels excepted."""
        steps = {step: vals for plan in PLANS.values() for step, vals in plan.items()}
        for level in levels.with_context(lang="en_US").filtered("plan_step"):
            for name, source in steps.get(level.plan_step, {}).items():
                if self._is_translatable(level, name, source):
                    self._translate_field(level, name, source, langs)

    @api.model
    def _is_translatable(self, level, name, source):
        """Return whether the field holds the ready-made text, as it was."""
        return hasattr(source, "_source") and str(level[name]) == source._source

    @api.model
    def _translate_field(self, level, name, source, langs):
        field = level._fields[name]
        translations = {}
        for lang in langs:
            text = self.with_context(lang=lang).env._(source)
            if text == source._source:
                continue
            if callable(
                field.translate
            ):  # by paragraph: {source term: its translation}
                terms = field.get_trans_terms(source._source)
                text = dict(zip(terms, field.get_trans_terms(text), strict=True))
            translations[lang] = text
        level.update_field_translations(name, translations)

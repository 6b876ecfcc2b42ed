from odoo import api, models
from odoo.exceptions import UserError

from ..plans import PLANS, TITLES
from .payment_followup_level import CHANNEL_FIELDS

# What a step does unless its plan says otherwise.
DEFAULTS = dict.fromkeys(CHANNEL_FIELDS, False) | {
    "attach_invoices": False,
    "auto": True,
    "confirm_promise": False,
    "repeat_days": 0,
    "send_email": True,
}


class PaymentFollowupPlan(models.AbstractModel):
    """Ready-made plans, in every installed language."""

    _name = "payment.followup.plan"
    _description = "Ready-made Follow-up Plan"

    @api.model
    def _get_plans(self):
        """Return the choice of plans, pairs (code, name)."""
        return [(code, self.env._(title)) for code, title in TITLES.items()]

    @api.model
    def _get_drafts(self, code, company):
        """Return the levels of the plan ``code``, not saved, in the user's language."""
        Level = self.env["payment.followup.level"]
        drafts = Level
        for vals in PLANS[code].values():
            name = vals["name"]
            drafts += Level.new(
                self._get_settings(vals)
                | {"company_id": company.id, "name": self.env._(name)}
            )
        return drafts

    @api.model
    def _apply(self, code, company):
        """Give ``company`` the levels of the plan ``code``; return them.

        Levels of the plan that were archived come back, with the words that people
        gave them.

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
        archived = self._get_archived(code, company)
        for step, level in archived.items():
            level.write(self._get_settings(PLANS[code][step]) | {"active": True})
        created = self._create_levels(code, company, PLANS[code].keys() - archived)
        return (created + Level.concat(*archived.values())).sorted("delay")

    @api.model
    def _replace(self, code, company):
        """Archive the levels of ``company`` and take the plan ``code`` instead.

        Nothing is deleted: history and customers keep the levels they had, and go on
        at the next later level of the new plan.
        """
        Level = self.env["payment.followup.level"].with_company(company)
        Level.search([("company_id", "=", company.id)]).action_archive()
        return self._apply(code, company)

    @api.model
    def _get_archived(self, code, company):
        """Return the archived levels of the plan, the newest of each: {step: level}."""
        Level = self.env["payment.followup.level"].with_context(active_test=False)
        levels = Level.search(
            [
                ("company_id", "=", company.id),
                ("plan_step", "in", list(PLANS[code])),
            ],
            order="id",
        )
        return {level.plan_step: level for level in levels}

    @api.model
    def _create_levels(self, code, company, steps):
        Level = self.env["payment.followup.level"].with_company(company)
        levels = Level.with_context(lang="en_US").create(
            [
                self._get_settings(vals)
                | self._get_words(vals)
                | {"company_id": company.id, "plan_step": step}
                for step, vals in PLANS[code].items()
                if step in steps
            ]
        )
        langs = [lang for lang, _name in self.env["res.lang"].get_installed()]
        self._translate(levels, langs)
        return levels.with_env(self.env)

    @api.model
    def _get_settings(self, vals):
        """Return all that a step does, without its words."""
        return DEFAULTS | {
            name: self._get_value(name, value)
            for name, value in vals.items()
            if not hasattr(value, "_source")
        }

    @api.model
    def _get_words(self, vals):
        """Return the words of a step, as they stand in the source."""
        return {
            name: value._source
            for name, value in vals.items()
            if hasattr(value, "_source")
        }

    @api.model
    def _get_value(self, name, value):
        """Return a value of a plan as the ORM wants it: records are XML ids there."""
        field = self.env["payment.followup.level"]._fields[name]
        if field.type == "many2one":
            return self.env.ref(value, raise_if_not_found=False).id
        return value

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

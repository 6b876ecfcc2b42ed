from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import is_html_empty

from ..plans import PLANS
from .common import FollowupCommon

LANGS = ("es_ES", "ar_001")


@tagged("post_install", "-at_install")
class TestPlan(FollowupCommon):
    """The ready-made plans: taking one, replacing one, and living with one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_levels = cls.level_1 + cls.level_2 + cls.level_3

    def apply_plan(self, code="basic", user=None, button="action_apply"):
        wizard = self.env["payment.followup.plan.wizard"].with_user(
            user or self.env.uid
        )
        getattr(wizard.create({"plan": code}), button)()
        return self.get_levels()

    def get_levels(self):
        return self.env["payment.followup.level"].search(
            [("company_id", "=", self.company.id)]
        )

    def install_languages(self):
        for lang in LANGS:
            self.env["res.lang"]._activate_lang(lang)
        self.env["ir.module.module"]._load_module_terms(
            ["account_payment_followup"], LANGS
        )

    # --- taking a plan

    def test_each_plan_has_its_days(self):
        self.own_levels.unlink()

        for code, delays in (
            ("basic", [3, 7, 15]),
            ("six_steps", [-7, 0, 7, 30, 60, 90]),
            ("mail_and_letter", [-3, 0, 15, 60]),
        ):
            with self.subTest(code):
                levels = self.apply_plan(code)
                self.assertEqual(levels.mapped("delay"), delays)
                self.assertTrue(all(levels.mapped("auto")))
                self.assertFalse(
                    any(is_html_empty(note) for note in levels.mapped("note"))
                )
                levels.active = False

    def test_what_is_drawn_is_what_is_made(self):
        self.own_levels.unlink()

        for code in PLANS:
            with self.subTest(code):
                wizard = self.env["payment.followup.plan.wizard"].create({"plan": code})
                drawn = wizard.timeline
                levels = self.apply_plan(code)
                self.assertEqual(drawn, levels._get_timeline())
                levels.active = False

    def test_second_plan_is_refused_with_a_sentence(self):
        with self.assertRaisesRegex(UserError, "already has follow-up levels"):
            self.apply_plan()

    def test_plan_can_be_taken_after_the_levels_were_archived(self):
        self.own_levels.active = False

        self.assertEqual(self.apply_plan().mapped("delay"), [3, 7, 15])

    def test_administrator_without_accounting_rights_can_take_a_plan(self):
        self.own_levels.unlink()
        admin = self.create_user("plain_admin", "base.group_system")

        self.assertEqual(len(self.apply_plan(user=admin)), 3)

    def test_clerk_cannot_take_a_plan(self):
        self.own_levels.unlink()

        with self.assertRaises(UserError):
            self.apply_plan(user=self.clerk)

    # --- another plan

    def test_other_plan_archives_the_levels_and_keeps_the_history(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        action = self.run_batch("2026-02-15")

        levels = self.apply_plan("six_steps", button="action_replace")

        self.assertEqual(levels.mapped("delay"), [-7, 0, 7, 30, 60, 90])
        self.assertEqual(self.own_levels.exists().mapped("active"), [False] * 3)
        self.assertEqual(action.level_id, self.level_1)
        self.assertEqual(invoice.followup_level_id, self.level_1)

    def test_invoice_goes_on_at_the_next_later_level_of_the_other_plan(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        self.apply_plan("six_steps", button="action_replace")

        self.assertEqual(
            self.run_batches("2026-02-16", "2026-03-31"),
            [("2026-03-02", "When can we expect your payment?")],
        )

    def test_plan_that_comes_back_has_the_words_people_gave_it(self):
        self.own_levels.unlink()
        basic = self.apply_plan()
        basic[0].write({"name": "Our own words", "delay": 5, "send_sms": True})
        self.apply_plan("six_steps", button="action_replace")

        levels = self.apply_plan("basic", button="action_replace")

        self.assertEqual(levels, basic)
        self.assertEqual(levels[0].name, "Our own words")
        self.assertEqual((levels[0].delay, levels[0].send_sms), (3, False))

    def test_wizard_asks_where_there_are_levels(self):
        wizard = self.env["payment.followup.plan.wizard"].create({})

        self.assertEqual(wizard.level_count, 3)
        self.own_levels.active = False
        wizard.invalidate_recordset()
        self.assertEqual(wizard.level_count, 0)

    # --- words

    def test_plans_speak_spanish_and_arabic(self):
        self.install_languages()
        words = ("name", "note", "activity_summary", "activity_note")

        self.own_levels.active = False

        for code in PLANS:
            levels = self.apply_plan(code).with_context(lang="en_US")
            for lang in LANGS:
                for english in levels:
                    level = english.with_context(lang=lang)
                    for field in words:
                        with self.subTest(code, delay=level.delay, lang=lang):
                            self.assertEqual(bool(level[field]), bool(english[field]))
                            if english[field]:
                                self.assertNotEqual(level[field], english[field])
            levels.active = False

    def test_language_installed_later_finds_the_plan_translated(self):
        self.own_levels.unlink()
        level = self.apply_plan()[0]
        level.note = edited = "<p>Our own words</p>"

        self.install_languages()

        spanish = level.with_context(lang="es_ES")
        self.assertNotEqual(spanish.name, "Payment reminder")
        self.assertEqual(spanish.note, edited)

    # --- a customer's life with a plan

    def play(self, code, first, last):
        """Return what a plan sends day by day: triples (day, level name, kinds)."""
        self.own_levels.unlink()
        self.apply_plan(code)
        self.customer.phone = "+1 212 555 0123"
        days = {}
        for row in self.run_days(first, last):
            days.setdefault((str(row.date), row.level_id.name), []).append(row.kind)
        return [(*key, sorted(kinds)) for key, kinds in sorted(days.items())]

    def run_days(self, first, last):
        before = self.env["payment.followup.action"].search([])
        self.run_batches(first, last)
        return self.env["payment.followup.action"].search([]) - before

    def test_basic_plan_reminds_of_a_late_invoice(self):
        self.create_invoice(1000, "2026-01-31")

        self.assertEqual(
            self.play("basic", "2026-02-01", "2026-02-20"),
            [
                ("2026-02-03", "Payment reminder", ["email"]),
                ("2026-02-07", "Second payment reminder", ["email"]),
                ("2026-02-15", "Final payment reminder", ["email"]),
            ],
        )

    def test_six_steps_over_120_days(self):
        self.create_invoice(1000, "2026-03-31")

        self.assertEqual(
            self.play("six_steps", "2026-03-22", "2026-07-19"),
            [
                ("2026-03-24", "Your next payment", ["email"]),
                ("2026-03-31", "Your payment is due", ["email"]),
                ("2026-04-07", "A reminder of your payment", ["email", "sms"]),
                ("2026-04-14", "A reminder of your payment", ["email", "sms"]),
                ("2026-04-21", "A reminder of your payment", ["email", "sms"]),
                ("2026-04-28", "A reminder of your payment", ["email", "sms"]),
                ("2026-04-30", "When can we expect your payment?", ["activity"]),
                ("2026-05-30", "Overdue account: please act now", ["email"]),
                (
                    "2026-06-29",
                    "Last notice before collection",
                    ["activity", "email", "letter"],
                ),
            ],
        )
        self.assertReason("2026-07-19", "plan_done")

    def test_six_steps_say_what_their_levels_say(self):
        invoice = self.create_invoice(1000, "2026-03-31")
        self.play("six_steps", "2026-03-24", "2026-06-29")

        actions = self.env["payment.followup.action"].search(
            [("kind", "in", ("email", "letter"))]
        )

        self.assertEqual(len(actions), 9)
        for action in actions:
            with self.subTest(action.level_id.name):
                self.assertEqual(action.text, action.level_id.note)
                self.assertEqual(action.line_ids.move_id, invoice)
                self.assertIn(action.level_id.name, action.subject)
        texts = self.env["payment.followup.action"].search([("kind", "=", "sms")])
        self.assertEqual(set(texts.mapped("body_text")), {texts[0].body_text})
        self.assertIn("1,000.00", texts[0].body_text)

    def test_six_steps_attach_the_invoice_before_it_is_due(self):
        self.own_levels.unlink()
        levels = self.apply_plan("six_steps")

        self.assertEqual(levels.filtered("attach_invoices").mapped("delay"), [-7, 60])

    def test_mail_and_letter_over_90_days(self):
        self.create_invoice(1000, "2026-03-31")

        self.assertEqual(
            self.play("mail_and_letter", "2026-03-22", "2026-06-20"),
            [
                ("2026-03-28", "Your next payment", ["email"]),
                ("2026-03-31", "Your payment is due", ["email", "letter"]),
                ("2026-04-15", "Your account is overdue", ["activity", "email"]),
                ("2026-05-30", "Final request for payment", ["email", "letter"]),
            ],
        )

    def test_step_without_an_address_falls_back_to_the_next_channel(self):
        self.create_invoice(1000, "2026-03-31")
        self.customer.email = False

        steps = self.play("six_steps", "2026-03-24", "2026-03-31")

        self.assertEqual([kinds for *_step, kinds in steps], [["letter"], ["letter"]])

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.ir_ui_menu import MENUS
from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestSettingsAndMenus(FollowupCommon):
    """The switch of each company: off means no menu, no button, no batch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user(
            "menu_manager", "account.group_account_manager,base.group_system"
        )
        cls.auditor = cls.create_user("menu_auditor", "account.group_account_readonly")
        cls.internal = cls.create_user("menu_internal")

    def get_menus(self, user):
        """Return the names of the follow-up menus that ``user`` sees."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        xmlids = {menu.get("xmlid") for menu in menus.values()}
        for menu in menus.values():
            self.assertLessEqual(set(menu["children"]), set(menus), menu)
        return {name for name in MENUS if f"account_payment_followup.{name}" in xmlids}

    def set_feature(self, enabled, **vals):
        settings = self.env["res.config.settings"].with_user(self.manager)
        settings.create({"payment_followup_enabled": enabled, **vals}).execute()

    # --- settings

    def test_settings_are_those_of_the_company(self):
        self.set_feature(
            True,
            payment_followup_auto=True,
            payment_followup_escalation="age",
            payment_followup_min_amount=12.34,
            payment_followup_min_interval=3,
            payment_followup_responsible_id=self.clerk.id,
        )

        company = self.company
        self.assertEqual(company.payment_followup_escalation, "age")
        self.assertEqual(company.payment_followup_min_amount, 12.34)
        self.assertEqual(company.payment_followup_min_interval, 3)
        self.assertEqual(company.payment_followup_responsible_id, self.clerk)

    def test_settings_cannot_be_negative(self):
        for name in ("payment_followup_min_amount", "payment_followup_min_interval"):
            with self.assertRaisesRegex(ValidationError, self.company.name):
                self.company[name] = -1

    def test_settings_count_the_levels(self):
        settings = self.env["res.config.settings"].with_user(self.manager).create({})

        self.assertEqual(settings.payment_followup_level_count, 3)

    def test_choice_of_a_plan_keeps_the_other_settings(self):
        settings = self.env["res.config.settings"].with_user(self.manager)
        settings = settings.create(
            {"payment_followup_enabled": True, "payment_followup_min_amount": 7}
        )

        action = settings.action_payment_followup_choose_plan()

        self.assertEqual(action["res_model"], "payment.followup.plan.wizard")
        self.assertEqual(self.company.payment_followup_min_amount, 7)

    def test_company_by_default_reminds_nobody_by_itself(self):
        company = self.env["res.company"].new({})

        self.assertFalse(company.payment_followup_enabled)
        self.assertFalse(company.payment_followup_auto)
        self.assertEqual(company.payment_followup_min_interval, 1)
        self.assertEqual(company.payment_followup_escalation, "step")

    # --- menus

    def test_manager_sees_all_menus_where_the_feature_is_on(self):
        self.assertEqual(self.get_menus(self.manager), set(MENUS))

    def test_clerk_sees_the_daily_work_and_no_configuration(self):
        self.assertEqual(
            self.get_menus(self.clerk),
            set(MENUS)
            - {"payment_followup_menu_level", "payment_followup_menu_whatsapp"},
        )

    def test_auditor_sees_what_can_be_read(self):
        self.assertEqual(
            self.get_menus(self.auditor),
            set(MENUS)
            - {
                "payment_followup_menu_level",
                "payment_followup_menu_send",
                "payment_followup_menu_whatsapp",
            },
        )

    def test_colleague_without_accounting_sees_no_menu(self):
        self.assertFalse(self.get_menus(self.internal))

    def test_nobody_sees_a_menu_where_the_feature_is_off(self):
        self.set_feature(False)

        for user in (self.manager, self.clerk, self.auditor):
            self.assertFalse(self.get_menus(user))

    def test_menus_come_back_with_the_feature(self):
        self.set_feature(False)
        self.get_menus(self.clerk)

        self.set_feature(True)

        self.assertIn("payment_followup_menu_statement", self.get_menus(self.clerk))

    def test_other_menus_stay_where_the_feature_is_off(self):
        menus = self.env["ir.ui.menu"].with_user(self.clerk)
        before = menus.load_menus(False)

        self.set_feature(False)

        hidden = set(before) - set(menus.load_menus(False))
        ours = menus._get_followup_menu_ids() & set(before)
        self.assertLessEqual(ours, hidden)
        for id_ in hidden - ours:
            self.assertFalse(before[id_]["action_id"], before[id_]["name"])
            self.assertLessEqual(set(before[id_]["children"]), hidden)

    def test_folder_vanishes_with_the_reports_that_are_alone_in_it(self):
        menus = self.env["ir.ui.menu"].with_user(self.clerk)
        folder = self.env.ref("account.account_reports_partners_reports_menu")
        others = folder.child_id - self.env["ir.ui.menu"].browse(
            menus._get_followup_menu_ids()
        )
        others.active = False
        self.assertIn(folder.id, menus.load_menus(False))

        self.set_feature(False)

        shown = menus.load_menus(False)
        self.assertNotIn(folder.id, shown)
        self.assertNotIn(folder.id, shown[folder.parent_id.id]["children"])

    def test_folder_stays_with_a_report_of_others(self):
        folder = self.env.ref("account.account_reports_partners_reports_menu")
        action = self.env.ref("account.action_move_out_invoice_type")
        other = self.env["ir.ui.menu"].create(
            {
                "name": "Other report",
                "parent_id": folder.id,
                "action": f"ir.actions.act_window,{action.id}",
            }
        )

        self.set_feature(False)

        shown = self.env["ir.ui.menu"].with_user(self.clerk).load_menus(False)
        self.assertEqual(shown[folder.id]["children"], other.ids)

    # --- off

    def test_buttons_refuse_where_the_feature_is_off(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15").with_user(self.clerk)
        self.set_feature(False)

        for button in ("action_send_due", "action_open_send_wizard"):
            with (
                self.subTest(button=button),
                self.on("2026-02-15"),
                self.assertRaisesRegex(UserError, "switched off"),
            ):
                getattr(statement, button)()

    def test_open_dialog_logs_no_call_where_the_feature_is_off(self):
        self.create_invoice(1000, "2026-01-31")
        with self.on("2026-02-15"):
            statement = self.get_statement("2026-02-15").with_user(self.clerk)
            action = statement.action_open_note_wizard()
            wizard = statement.env[action["res_model"]].with_context(
                **action["context"]
            )
            dialog = wizard.create({"note": "Said something"})
            self.set_feature(False)
            with self.assertRaisesRegex(UserError, "switched off"):
                dialog.action_log()

    def test_letters_are_not_printed_where_the_feature_is_off(self):
        self.level_1.print_letter = True
        self.create_invoice(1000, "2026-01-31")
        actions = self.run_batch("2026-02-15")
        self.set_feature(False)

        with self.assertRaisesRegex(UserError, "switched off"):
            actions.with_user(self.clerk).action_print_letters()

    def test_batch_does_nothing_where_the_feature_is_off(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        invoice.expected_payment_date = "2026-02-01"
        self.set_feature(False)

        self.assertFalse(self.run_batch("2026-02-15"))

    def test_batch_does_nothing_where_people_send(self):
        self.create_invoice(1000, "2026-01-31")
        self.set_feature(True, payment_followup_auto=False)

        self.assertFalse(self.run_batch("2026-02-15"))

    def test_scheduled_action_runs_the_batch(self):
        self.create_invoice(1000, "2026-01-31")
        cron = self.env.ref("account_payment_followup.ir_cron_payment_followup_daily")

        with self.on("2026-02-15"), self.enter_registry_test_mode():
            cron.sudo().method_direct_trigger()

        self.assertReminded(
            self.env["payment.followup.action"].search([]), (self.level_1, "email")
        )

    def test_scheduled_action_runs_daily(self):
        cron = self.env.ref("account_payment_followup.ir_cron_payment_followup_daily")

        self.assertEqual(
            (cron.interval_number, cron.interval_type, cron.active), (1, "days", True)
        )

    # --- screens

    def test_each_screen_loads_for_those_who_may_see_it(self):
        for name in (
            "payment_followup_statement_action",
            "payment_followup_letter_action",
            "payment_followup_task_action",
            "payment_followup_action_action",
        ):
            action = self.env.ref(f"account_payment_followup.{name}")
            for user in (self.clerk, self.auditor):
                with self.subTest(action=name, user=user.login):
                    model = self.env[action.res_model].with_user(user)
                    views = [(False, mode) for mode in action.view_mode.split(",")]
                    self.assertTrue(model.get_views([*views, (False, "search")]))

    def test_partner_form_has_its_tab_for_accounting_only(self):
        partners = self.env["res.partner"]

        for user, expected in ((self.clerk, True), (self.internal, False)):
            arch = partners.with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("followup_statement_id" in arch, expected, user.login)

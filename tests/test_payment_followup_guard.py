from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.account_payment_followup.models import (
    payment_followup_hold,
    res_company_guard,
)

from .common import FollowupCommon

DAY, NEXT_DAY = "2026-02-16", "2026-02-17"
DAILY_CRON = "account_payment_followup.ir_cron_payment_followup_daily"


class GuardCommon(FollowupCommon):
    """A company with one manager, and an alarm that rings from the first customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user("guard_manager", "account.group_account_manager")
        cls.startClassPatcher(patch.object(res_company_guard, "ALARM_FLOOR", 0))

    def make_due(self, count, due="2026-01-30", company=None):
        """Create ``count`` customers with an invoice each, due for L1 on DAY."""
        for number in range(count):
            customer = self.create_customer(f"{due} {number}")
            self.create_invoice(
                100, due, customer, **({"company": company} if company else {})
            )

    def get_holds(self, kind=None, company=None):
        domain = [("company_id", "=", (company or self.company).id)]
        return self.env["payment.followup.hold"].search(
            domain + ([("kind", "=", kind)] if kind else [])
        )

    def get_activities(self, holds):
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "payment.followup.hold"),
                    ("res_id", "in", holds.ids),
                    ("user_id", "=", self.manager.id),
                ]
            )
        )

    def get_notices(self, day, user=None, companies=None, time="09:00:00"):
        with self.on(day, time):
            guard = self.env["payment.followup.guard"].with_user(user or self.manager)
            companies = companies or self.company
            return guard.with_context(allowed_company_ids=companies.ids).get_notices()


@tagged("post_install", "-at_install")
class TestVolumeAlarm(GuardCommon):
    """Unusually many reminders wait for the click of a manager."""

    def prepare_history(self, counts, first="2026-02-02"):
        """Let the log say that the batch sent so many reminders on so many days."""
        customers = [self.create_customer(f"Past {n}") for n in range(max(counts))]
        Action = self.env["payment.followup.action"].with_user(1).sudo()
        for offset, count in enumerate(counts):
            Action.create(
                [
                    {
                        "date": fields.Date.add(
                            fields.Date.to_date(first), days=offset
                        ),
                        "user_id": 1,
                        "company_id": self.company.id,
                        "partner_id": customer.id,
                        "kind": "email",
                        "state": "sent",
                        "level_id": self.level_1.id,
                    }
                    for customer in customers[:count]
                ]
            )

    def assertAlarm(self, count, is_alarm):
        with self.on(DAY):
            self.assertEqual(
                bool(self.company._find_payment_followup_alarm(count)), is_alarm, count
            )

    # --- the thresholds

    def test_alarm_rings_above_so_many_times_the_usual_number(self):
        self.company.payment_followup_alarm_factor = 2
        self.prepare_history([1, 2, 2, 2, 9])

        for count, is_alarm in ((3, False), (4, False), (5, True)):
            with self.subTest(count):
                self.assertAlarm(count, is_alarm)

    def test_usual_number_is_not_known_before_some_days(self):
        self.company.payment_followup_alarm_factor = 1
        self.prepare_history([1, 1, 1, 1])

        self.assertAlarm(100, False)

    def test_usual_number_has_nothing_of_what_people_send(self):
        self.company.payment_followup_alarm_factor = 1
        self.prepare_history([1, 1, 1, 1, 1])
        self.make_due(3)
        with self.on("2026-02-15"):
            self.env["payment.followup.statement"].with_user(self.clerk).search(
                [("reason", "=", "due")]
            )._send()

        self.assertAlarm(1, False)
        self.assertAlarm(2, True)

    def test_alarm_rings_above_the_share_of_the_customers(self):
        self.company.payment_followup_alarm_share = 50
        self.make_due(4)

        for count, is_alarm in ((1, False), (2, False), (3, True)):
            with self.subTest(count):
                self.assertAlarm(count, is_alarm)

    def test_few_customers_never_raise_the_alarm(self):
        self.company.payment_followup_alarm_share = 1
        self.make_due(1)

        with patch.object(res_company_guard, "ALARM_FLOOR", 20):
            for count, is_alarm in ((19, False), (20, False), (21, True)):
                with self.subTest(count):
                    self.assertAlarm(count, is_alarm)

    def test_zero_switches_the_alarm_off(self):
        self.company.payment_followup_alarm_factor = 0
        self.prepare_history([1, 1, 1, 1, 1])

        self.assertAlarm(1000, False)

    def test_two_runs_of_a_day_count_together(self):
        self.company.payment_followup_alarm_factor = 2
        self.prepare_history([1, 1, 1, 1, 1])
        self.make_due(2)
        self.assertEqual(len(self.run_batch(DAY)), 2)
        self.make_due(1, "2026-01-29")

        self.assertFalse(self.run_batch(DAY))

        self.assertEqual(self.get_holds("volume").customer_count, 3)

    def test_batch_after_days_off_may_be_larger(self):
        self.company.payment_followup_alarm_factor = 1
        self.company._set_offered_payment_followup_hours()
        self.prepare_history([1, 1, 1, 1, 1])

        # DAY is a Monday: it stands for three days
        self.assertAlarm(3, False)
        self.assertAlarm(4, True)

    def test_wrong_settings_are_refused(self):
        for name, value in (
            ("payment_followup_alarm_factor", 0.5),
            ("payment_followup_alarm_factor", -1),
            ("payment_followup_alarm_share", 101),
            ("payment_followup_alarm_share", -1),
            ("payment_followup_bank_days", -1),
        ):
            with self.subTest(name, value=value), self.assertRaises(ValidationError):
                self.company[name] = value

    # --- the run

    def hold_run(self):
        """Let the alarm stop a run to three customers; return its row."""
        self.company.payment_followup_alarm_share = 50
        self.make_due(3)
        self.assertFalse(self.run_batch(DAY))
        return self.get_holds("volume")

    def decide(self, hold, method, day=DAY, user=None, time="10:00:00"):
        with self.on(day, time):
            return getattr(hold.with_user(user or self.manager), method)()

    def test_managers_are_told_once_and_nothing_is_sent(self):
        hold = self.hold_run()

        self.assertFalse(self.run_batch(DAY))
        self.assertFalse(self.run_batch(NEXT_DAY))

        self.assertEqual(self.get_holds("volume"), hold)
        activity = self.get_activities(hold)
        self.assertEqual(len(activity), 1)
        self.assertIn("3 of the 3 customers", activity.note)
        self.assertEqual((str(hold.date), str(hold.last_date)), (DAY, NEXT_DAY))

    def test_click_sends_the_run_of_the_day(self):
        hold = self.hold_run()

        self.decide(hold, "action_send_now")

        self.assertFalse(self.get_activities(hold))
        self.assertTrue(
            self.env["ir.cron.trigger"].search(
                [("cron_id", "=", self.env.ref(DAILY_CRON).id)]
            )
        )
        self.assertEqual(len(self.run_batch(DAY, "10:01:00")), 3)
        self.assertEqual((hold.state, hold.user_id), ("released", self.manager))

    def test_click_is_not_for_a_run_that_has_grown_since(self):
        hold = self.hold_run()
        self.decide(hold, "action_send_now")
        self.make_due(1, "2026-01-29")

        for floor, sent in ((0, 0), (1, 4)):
            with (
                self.subTest(floor),
                patch.object(payment_followup_hold, "ALARM_FLOOR", floor),
            ):
                self.assertEqual(len(self.run_batch(DAY, "10:01:00")), sent)
        self.assertEqual(len(self.get_holds("volume")), 2)

    def test_click_sends_the_run_of_that_day_only(self):
        hold = self.hold_run()
        self.decide(hold, "action_send_now")

        self.assertFalse(self.run_batch(NEXT_DAY))

        again = self.get_holds("volume") - hold
        self.assertEqual(again.state, "waiting")
        self.assertEqual(len(self.get_activities(again)), 1)

    def test_click_after_closing_time_sends_at_the_next_opening(self):
        self.company._set_offered_payment_followup_hours()
        hold = self.hold_run()
        self.decide(hold, "action_send_now", time="20:00:00")

        self.assertFalse(self.run_batch(DAY, "20:01:00"))
        self.assertEqual(len(self.run_batch(NEXT_DAY)), 3)

    def test_refused_run_is_not_sent_that_day(self):
        hold = self.hold_run()
        self.decide(hold, "action_do_not_send")

        self.assertFalse(self.run_batch(DAY, "11:00:00"))
        self.assertEqual(self.get_holds("volume"), hold)
        self.assertEqual(hold.state, "refused")
        self.assertFalse(self.get_activities(hold))

        self.assertFalse(self.run_batch(NEXT_DAY))
        self.assertEqual(len(self.get_activities(self.get_holds("volume") - hold)), 1)

    def test_manager_may_think_again_on_the_same_day(self):
        hold = self.hold_run()
        self.decide(hold, "action_do_not_send")

        self.decide(hold, "action_send_now", time="12:00:00")

        self.assertEqual(len(self.run_batch(DAY, "12:01:00")), 3)

    def test_decision_of_yesterday_cannot_be_taken_back(self):
        hold = self.hold_run()
        self.decide(hold, "action_do_not_send")

        with self.assertRaisesRegex(UserError, "nothing to decide"):
            self.decide(hold, "action_send_now", NEXT_DAY)

    def test_clerk_cannot_decide(self):
        hold = self.hold_run()

        for method in ("action_send_now", "action_do_not_send"):
            with self.subTest(method), self.assertRaises(AccessError):
                self.decide(hold, method, user=self.clerk)

    def test_alarm_is_over_when_the_number_is_usual_again(self):
        hold = self.hold_run()
        self.company.payment_followup_alarm_share = 100

        self.assertEqual(len(self.run_batch(NEXT_DAY)), 3)

        self.assertEqual(hold.state, "over")
        self.assertFalse(self.get_activities(hold))

    def test_companies_are_kept_apart(self):
        other = self.setup_other_company(name="Other")["company"]
        other.write(
            {
                "payment_followup_enabled": True,
                "payment_followup_auto": True,
                "payment_followup_alarm_share": 0,
            }
        )
        self.create_level(15, "Other L1", company=other, send_email=True)
        self.make_due(2, company=other)
        self.company.payment_followup_alarm_share = 50
        self.make_due(3)

        actions = self.run_batch(DAY)

        self.assertEqual(actions.company_id, other)
        self.assertEqual(len(actions), 2)
        self.assertTrue(self.get_holds("volume"))
        self.assertFalse(self.get_holds(company=other))

    def test_manager_of_another_company_neither_sees_nor_decides(self):
        hold = self.hold_run()
        other = self.setup_other_company(name="Other")["company"]
        stranger = self.create_user(
            "guard_stranger", "account.group_account_manager", other
        )

        self.assertFalse(
            self.env["mail.activity"].sudo().search([("user_id", "=", stranger.id)])
        )
        with self.assertRaises(AccessError):
            self.decide(hold, "action_send_now", user=stranger)

    # --- the banner

    def test_banner_has_the_buttons_for_managers_only(self):
        hold = self.hold_run()

        [notice] = self.get_notices(DAY)
        [for_clerk] = self.get_notices(DAY, self.clerk)

        self.assertIn("3 of the 3 customers", notice["text"])
        self.assertEqual(
            [(b["model"], b["method"], b["args"]) for b in notice["buttons"]],
            [
                (hold._name, "action_send_now", [hold.ids]),
                (hold._name, "action_do_not_send", [hold.ids]),
            ],
        )
        self.assertIn("manager decides", for_clerk["text"])
        self.assertFalse(for_clerk["buttons"])

    def test_rows_do_not_promise_what_waits(self):
        hold = self.hold_run()
        with self.on(DAY):
            statements = self.env["payment.followup.statement"]
            due = statements.search([("reason", "=", "due")])
            self.assertIn("automatic sending waits", due[0].reason_text)
        self.decide(hold, "action_send_now")

        with self.on(DAY):
            self.assertIn("goes out by itself", due[0].reason_text)

    def test_banner_says_who_stopped_the_run(self):
        hold = self.hold_run()
        self.decide(hold, "action_do_not_send")

        [notice] = self.get_notices(DAY)

        self.assertIn(self.manager.name, notice["text"])
        self.assertEqual(len(notice["buttons"]), 1)
        self.assertFalse(self.get_notices(NEXT_DAY))

    def test_banner_of_several_companies_names_each(self):
        self.hold_run()
        other = self.setup_other_company(name="Other")["company"]
        other.payment_followup_enabled = True
        self.manager.company_ids += other

        notices = self.get_notices(DAY, companies=self.company + other)

        waits, no_plan = (notice["text"] for notice in notices)
        self.assertTrue(waits.startswith(f"{self.company.name}: "), waits)
        self.assertEqual(no_plan, "Other: There is no plan yet: nobody is reminded.")

    def test_banner_says_that_there_is_no_plan(self):
        (self.level_1 + self.level_2 + self.level_3).active = False

        [notice] = self.get_notices(DAY)
        [for_clerk] = self.get_notices(DAY, self.clerk)

        self.assertIn("There is no plan yet", notice["text"])
        [button] = notice["buttons"]
        guard = self.env[button["model"]].with_user(self.manager)
        action = getattr(guard, button["method"])(*button["args"])
        self.assertEqual(action["res_model"], "payment.followup.level")
        self.assertIn("Ask an accounting manager", for_clerk["text"])
        self.assertFalse(for_clerk["buttons"])

    def test_banner_is_not_for_colleagues_without_accounting(self):
        with self.assertRaises(AccessError):
            self.get_notices(DAY, self.create_user("guard_internal"))

    def test_banner_says_that_the_feature_is_off_and_nothing_else(self):
        self.hold_run()
        self.company.payment_followup_enabled = False

        [notice] = self.get_notices(DAY)

        self.assertIn(f"switched off for {self.company.name}", notice["text"])
        self.assertFalse(notice["buttons"])

    def test_screens_from_which_nothing_leaves_say_that_the_feature_is_off(self):
        self.hold_run()
        guard = self.env["payment.followup.guard"].with_user(self.manager)
        self.assertFalse(guard.get_notices(only_off=True))

        self.company.payment_followup_enabled = False

        self.assertEqual(len(guard.get_notices(only_off=True)), 1)

    def test_no_word_of_a_company_that_is_off_beside_one_that_is_on(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = False
        self.manager.company_ids += other

        self.assertFalse(self.get_notices(DAY, companies=other + self.company))


@tagged("post_install", "-at_install")
class TestDayOff(GuardCommon):
    """A day without any sending hours is written down once."""

    def test_weekend_is_one_row_and_ends_with_it(self):
        self.company._set_offered_payment_followup_hours()
        self.make_due(1)

        self.run_batch("2026-02-14", "03:00:00")
        self.run_batch("2026-02-15", "03:00:00")
        hold = self.get_holds("closed")

        self.assertEqual(len(hold), 1)
        self.assertEqual(hold.state, "waiting")
        self.assertIn("February 16, 2026", hold.message)
        self.assertIn("8:00", hold.message)
        self.assertFalse(hold.activity_ids)
        self.assertEqual(len(self.run_batch(DAY)), 1)
        self.assertEqual(
            (hold.state, str(hold.date), str(hold.last_date)),
            ("over", "2026-02-14", "2026-02-15"),
        )

    def test_night_is_no_row(self):
        self.company._set_offered_payment_followup_hours()

        self.run_batch(DAY, "03:00:00")

        self.assertFalse(self.get_holds())

    def test_banner_says_when_reminders_leave(self):
        self.company._set_offered_payment_followup_hours()

        [notice] = self.get_notices("2026-02-14")

        self.assertIn("Monday, February 16, 2026", notice["text"])
        self.assertFalse(self.get_notices(DAY))

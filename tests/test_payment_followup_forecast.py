from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..wizard import payment_followup_forecast
from .common import FollowupCommon

START = fields.Date.to_date("2026-02-10")


@tagged("post_install", "-at_install")
class TestForecast(FollowupCommon):
    """What the forecast says for a day is what the batch does on that day."""

    def get_forecast(self, horizon=30):
        with self.on(START):
            messages = self.env["payment.followup.forecast"]._forecast(
                self.company, horizon
            )
        return [
            (m["date"], m["partner_id"], m["level_id"], round(m["amount"], 2))
            for m in messages
        ]

    def play(self, horizon=30):
        """Run the batch day by day; return what it sent, as the forecast says it."""
        sent = []
        for offset in range(horizon + 1):
            day = START + timedelta(days=offset)
            rows = self.run_batch(day).filtered("level_id")
            for partner, group in rows.grouped("partner_id").items():
                row = group[0]
                sent.append(
                    (day, partner.id, row.level_id.id, round(row.amount_residual, 2))
                )
        return sent

    def prepare_ledger(self):
        self.level_1.repeat_days = 4
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-02-20")
        self.create_invoice(250, "2026-01-05", currency_id=euro.id)
        paused = self.create_customer("Paused")
        self.create_invoice(10, "2026-01-20", paused)
        self.env["payment.followup.customer"]._get_or_create(
            self.company, paused
        ).next_date = "2026-02-25"
        promising = self.create_customer("Promising")
        self.create_invoice(
            20, "2026-01-20", promising
        ).expected_payment_date = "2026-03-01"
        covered = self.create_customer("Covered")
        self.create_invoice(30, "2026-01-20", covered)
        self.create_credit_note(30, "2026-01-25", covered)
        by_hand = self.create_customer("By hand")
        self.create_invoice(40, "2026-01-20", by_hand)
        self.env["payment.followup.customer"]._get_or_create(
            self.company, by_hand
        ).mode = "manual"
        reminded = self.create_customer("Reminded")
        self.create_invoice(50, "2026-01-12", reminded)
        self.run_batch("2026-02-05")

    def test_forecast_says_what_the_batch_then_does(self):
        for escalation in ("step", "age"):
            with self.subTest(escalation), self.cr.savepoint() as savepoint:
                self.company.payment_followup_escalation = escalation
                self.prepare_ledger()

                forecast = self.get_forecast()

                self.assertGreater(len(forecast), 8)
                self.assertEqual(sorted(forecast), sorted(self.play()))
                savepoint.rollback()

    def test_forecast_and_batch_pass_over_the_same_days(self):
        self.company._set_offered_payment_followup_hours()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Public day off",
                "calendar_id": self.company.payment_followup_calendar_id.id,
                "date_from": "2026-02-16 00:00:00",
                "date_to": "2026-02-17 23:59:59",
            }
        )
        self.prepare_ledger()

        forecast = self.get_forecast()

        self.assertGreater(len(forecast), 8)
        self.assertEqual(sorted(forecast), sorted(self.play()))
        days = {str(day) for day, *_rest in forecast}
        # The levels of the weekend and of the days off all come on the Wednesday
        self.assertIn("2026-02-18", days)
        self.assertFalse(days & {f"2026-02-{day}" for day in (14, 15, 16, 17, 21, 22)})

    def prepare_everything(self, company):
        """Let ``company`` have a customer in each state that a day may change."""
        decisions = {
            "Paused": {"next_date": "2026-02-20"},
            "By hand": {"mode": "manual"},
            "Never": {"mode": "none"},
            "Came back": {"failure": "delivery", "failure_date": START},
            "Error of today": {"failure": "error", "failure_date": START},
            "Reminded": {"reminder_date": START},
        }
        customers = {
            name: self.create_customer(f"{name} {company.name}")
            for name in (*decisions, "Promising", "Nowhere", "In credit")
        }
        for number, customer in enumerate((self.customer, *customers.values())):
            # A few days apart, so that each is at another edge of the plan
            for due in (f"2026-01-{15 + number}", f"2026-02-{10 + number}"):
                self.create_invoice(100 + number, due, customer, company=company)
        for name, vals in decisions.items():
            self.env["payment.followup.customer"].sudo()._get_or_create(
                company, customers[name]
            ).write(vals)
        promised = self.env["account.move"].search(
            [("partner_id", "=", customers["Promising"].id)]
        )
        promised.expected_payment_date = "2026-02-24"
        customers["Nowhere"].write({"email": False, "street": False, "city": False})
        self.create_invoice(
            150,
            "2026-01-20",
            customers["In credit"],
            company=company,
            move_type="out_refund",
        )

    def prepare_companies(self):
        """Return three companies: by steps, by age, and one without the feature."""
        others = self.env["res.company"]
        for name in ("By age", "Switched off"):
            others += self.setup_other_company(name=name)["company"]
        by_age, off = others
        by_age.write(
            {
                "payment_followup_alarm_factor": 0,
                "payment_followup_alarm_share": 0,
                "payment_followup_auto": True,
                "payment_followup_enabled": True,
                "payment_followup_escalation": "age",
                "payment_followup_min_interval": 0,
            }
        )
        self.company.write(
            {"payment_followup_min_amount": 120, "payment_followup_min_interval": 3}
        )
        self.company._set_offered_payment_followup_hours()
        for company in others:
            self.create_level(-3, "Ahead", company, repeat_days=2)
            self.create_level(5, "Later", company, repeat_days=7)
            self.create_level(40, "By people", company, auto=False)
        off.write({"payment_followup_auto": True, "payment_followup_enabled": False})
        return self.company + others

    def test_forecast_of_several_companies_is_what_their_batches_do(self):
        companies = self.prepare_companies()
        for company in companies:
            self.prepare_everything(company)
        forecast = self.env["payment.followup.forecast"].with_context(
            allowed_company_ids=companies.ids
        )
        with self.on(START):
            forecast.action_open_forecast()
        found = [
            (row.date, row.company_id, row.partner_id, row.level_id, row.amount)
            for row in forecast.search([])
        ]

        sent = []
        for offset in range(31):
            day = START + timedelta(days=offset)
            rows = self.run_batch(day).filtered("level_id")
            for (company, partner), group in rows.grouped(
                lambda row: (row.company_id, row.partner_id)
            ).items():
                sent.append(
                    (day, company, partner, group.level_id, group[0].amount_residual)
                )

        self.assertEqual(Counter(found), Counter(sent))
        self.assertEqual({company for _day, company, *_rest in found}, {*companies[:2]})
        self.assertGreater(len({day for day, *_rest in found}), 12)
        self.assertGreater(len(found), 50)

    def test_level_that_a_new_order_says_again_counts_as_it_does_for_the_batch(self):
        self.create_invoice(1000, "2025-12-20")
        self.run_batch("2026-01-04")
        self.run_batch("2026-01-19")
        self.level_1.delay = 60
        last = self.level_2.copy({"delay": 70, "name": "Last"})

        forecast = self.get_forecast()

        self.assertEqual(
            [(str(day), level) for day, _partner, level, _amount in forecast],
            [
                ("2026-02-10", self.level_3.id),
                ("2026-03-02", self.level_1.id),
                ("2026-03-03", last.id),
            ],
        )
        self.assertEqual(forecast, self.play())

    def test_forecast_changes_nothing(self):
        self.prepare_ledger()
        claims = self.env["payment.followup.claim"].search([]).read()
        actions = self.env["payment.followup.action"].search([])

        self.get_forecast()

        self.assertEqual(self.env["payment.followup.claim"].search([]).read(), claims)
        self.assertEqual(self.env["payment.followup.action"].search([]), actions)

    def test_forecast_that_nobody_looks_at_any_more_is_forgotten(self):
        self.create_invoice(1000, "2026-01-31")
        with self.on("2026-02-15"):
            self.env["payment.followup.forecast"].action_open_forecast()
        batches = self.env["payment.followup.forecast.batch"].search([])
        self.assertTrue(batches)

        self.env.cr.execute(
            "UPDATE payment_followup_forecast_batch"
            " SET write_date = write_date - INTERVAL '2 days'"
        )
        batches._transient_vacuum()

        self.assertFalse(batches.exists())

    def test_large_ledger_shows_the_first_days_and_adds_the_others(self):
        self.prepare_ledger()
        model = self.env["payment.followup.forecast"]
        with self.on(START):
            action = model.action_open_forecast()
            self.assertNotIn("forecast_id", action["context"])
            every = self.read_kept(model)

            with patch.object(payment_followup_forecast, "LOOKS_AT_ONCE", 1):
                action = model.action_open_forecast()
            first = self.read_kept(model)
            model.action_complete_forecast()

        self.assertTrue(action["context"]["forecast_id"])
        self.assertEqual(first, [row for row in every if row[0] == START])
        self.assertTrue(first)
        self.assertEqual(self.read_kept(model), every)

    def test_large_ledger_shows_its_first_batch_also_after_a_weekend(self):
        self.company._set_offered_payment_followup_hours()
        self.prepare_ledger()
        model = self.env["payment.followup.forecast"]

        with (
            self.on("2026-02-14"),
            patch.object(payment_followup_forecast, "LOOKS_AT_ONCE", 1),
        ):
            model.action_open_forecast()
            first = self.read_kept(model)
            model.action_complete_forecast()
            every = self.read_kept(model)

        monday = fields.Date.to_date("2026-02-16")
        self.assertEqual(first, [row for row in every if row[0] == monday])
        self.assertTrue(first)
        self.assertLess(len(first), len(every))

    def test_large_ledger_that_sends_nothing_is_complete_at_once(self):
        self.prepare_ledger()
        self.company.payment_followup_auto = False
        model = self.env["payment.followup.forecast"]

        with (
            self.on(START),
            patch.object(payment_followup_forecast, "LOOKS_AT_ONCE", 1),
        ):
            action = model.action_open_forecast()

        self.assertNotIn("forecast_id", action["context"])
        self.assertFalse(self.read_kept(model))

    def read_kept(self, model):
        """Return what is kept for this user, in an order of its own."""
        rows = model.search([("user_id", "=", self.env.uid)])
        return sorted((r.date, r.partner_id.id, r.level_id.id, r.amount) for r in rows)

    def test_clerk_sees_the_forecast_as_chart_and_list(self):
        self.create_invoice(1000, "2026-01-31")

        with self.on(START):
            forecast = self.env["payment.followup.forecast"].with_user(self.clerk)
            action = forecast.action_open_forecast()
            rows = forecast.search([])

        self.assertEqual(action["view_mode"], "graph,list")
        self.assertEqual(
            rows.mapped("level_id"), self.level_1 + self.level_2 + self.level_3
        )

    def test_forecast_is_empty_where_people_send_everything(self):
        self.create_invoice(1000, "2026-01-31")
        self.assertTrue(self.get_forecast())

        self.company.payment_followup_auto = False

        self.assertFalse(self.get_forecast())

    def test_forecast_leaves_out_companies_that_do_not_use_the_feature(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = False
        self.create_invoice(1000, "2026-01-31")
        self.clerk.company_ids += other
        both = self.env["payment.followup.forecast"].with_user(self.clerk)
        both = both.with_context(allowed_company_ids=[other.id, self.company.id])

        with self.on(START):
            both.action_open_forecast()

        self.assertEqual(both.search([]).company_id, self.company)

    def test_forecast_leads_to_the_list_that_says_so_where_the_feature_is_off(self):
        self.create_invoice(1000, "2026-01-31")
        self.company.payment_followup_enabled = False
        forecast = self.env["payment.followup.forecast"].with_user(self.clerk)

        with self.on("2026-02-15"):
            action = forecast.action_open_forecast()
            forecast.action_complete_forecast()

        self.assertEqual(action["res_model"], "payment.followup.statement")
        self.assertFalse(forecast.search([]))

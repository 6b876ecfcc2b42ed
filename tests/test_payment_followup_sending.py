import io
from base64 import b64decode
from datetime import timedelta
from fnmatch import fnmatch
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from .sending_common import DAY, SendingCommon


@tagged("post_install", "-at_install")
class TestSending(SendingCommon):
    """Send Letters and Emails: what one sees is what leaves."""

    # --- the preview

    def test_opening_takes_as_many_queries_for_many_customers_as_for_few(self):
        self.level_1.print_letter = True
        for number in range(2):
            self.create_debtor(f"Customer {number}")
        self.open_sending()
        few = self.count_queries_to_open()
        for number in range(2, 8):
            self.create_debtor(f"Customer {number}")

        self.assertEqual(self.count_queries_to_open(), few)

    def count_queries_to_open(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.open_sending()
        return self.env.cr.sql_log_count - before

    def test_preview_says_what_the_batch_writes_row_by_row(self):
        self.create_mixed_company()

        sending = self.open_sending()
        rows = self.get_rows(sending)
        actions = self.run_batch(DAY)

        kinds = {"email", "letter", "post", "sms", "whatsapp", "activity"}
        self.assertEqual({row[2] for row in rows}, kinds)
        self.assertEqual(rows, self.get_log(actions))

    def test_preview_says_what_its_sending_writes_row_by_row(self):
        self.create_mixed_company()
        sending = self.open_sending()
        rows = [row for row in self.get_rows(sending) if row[2] != "error"]

        progress = self.send(sending)

        actions = self.env["payment.followup.action"].search([])
        self.assertEqual(rows, self.get_log(actions))
        self.assertEqual(sending.line_ids.action_id, actions)
        self.assertEqual(progress["sent"], len(actions.partner_id))
        self.assertEqual(set(actions.mapped("user_id")), {self.clerk})

    def test_preview_writes_nothing_else(self):
        self.create_mixed_company()

        self.open_sending()

        for model in ("payment.followup.action", "payment.followup.customer"):
            self.assertFalse(self.env[model].search([]), model)

    def test_customers_held_back_are_shown_with_their_reason(self):
        promised = self.create_debtor("Promised")
        claim = self.get_claim(
            self.env["account.move"].search([("partner_id", "=", promised.id)])
        )
        claim._set_expected_payment(fields.Date.to_date("2026-03-20"))
        covered = self.create_debtor("Covered")
        self.pay_unallocated(1000, "2026-02-01", covered)
        never = self.create_debtor("Never")
        self.set_mode(never, "none")
        self.create_debtor("Not due", "2026-04-30")

        sending = self.open_sending()

        held = sending.line_ids.filtered(lambda row: row.state == "held")
        self.assertEqual(
            {row.partner_id.name: row.reason for row in held},
            {"Promised": "promised", "Covered": "covered", "Never": "excluded"},
        )
        self.assertFalse(any(held.mapped("is_selected")))
        with self.on(DAY):
            self.assertIn("03/20/2026", held.sorted("reason")[-1].explanation)

    def test_customers_and_levels_by_hand_are_not_ticked(self):
        by_hand = self.create_debtor("By hand")
        self.set_mode(by_hand, "manual")
        self.level_2.auto = False
        self.company.payment_followup_escalation = "age"
        self.create_debtor("Level by hand", "2026-02-10")
        self.create_debtor("Ticked", "2026-02-25")

        sending = self.open_sending()

        ticked = sending.line_ids.filtered("is_selected")
        self.assertEqual(ticked.partner_id.name, "Ticked")
        self.assertEqual(set((sending.line_ids - ticked).mapped("state")), {"manual"})

    def test_customer_by_hand_is_sent_once_ticked(self):
        by_hand = self.create_debtor("By hand")
        self.set_mode(by_hand, "manual")
        sending = self.open_sending()

        sending.line_ids.action_tick()
        self.send(sending)

        actions = self.env["payment.followup.action"].search([])
        self.assertEqual(actions.partner_id, by_hand)

    def test_status_tells_what_becomes_of_a_row_as_it_is_ticked(self):
        by_hand = self.create_debtor("By hand")
        self.set_mode(by_hand, "manual")
        self.create_debtor("Ready")
        ready, manual = self.open_sending().line_ids.sorted("is_selected", reverse=True)
        self.assertEqual((ready.status, manual.status), ("ready", "manual"))

        (ready + manual).action_tick()
        self.assertEqual((ready.status, manual.status), ("ready", "ready"))

        (ready + manual).action_untick()
        self.assertEqual((ready.status, manual.status), ("left_out", "manual"))

    def test_totals_count_each_customer_once(self):
        self.company.payment_followup_escalation = "age"
        self.create_debtor("Two channels", "2026-02-10", 1000.25)
        self.create_debtor("One channel", "2026-02-25", 500.5)
        sending = self.open_sending()

        [(rows, customers, amount)] = sending.line_ids._read_group(
            [("sending_id", "=", sending.id)],
            [],
            ["__count", "customer_count:sum", "amount:sum"],
        )

        self.assertEqual((rows, customers, amount), (3, 2, 1500.75))
        summary = sending.get_summary()
        self.assertEqual(summary["customers"], 2)
        self.assertIn("1,500.75", summary["amounts"])
        self.assertEqual(
            {c["kind"]: c["count"] for c in summary["channels"]},
            {"email": 2, "letter": 1},
        )

    def test_groups_come_in_the_order_of_the_work(self):
        held = self.create_debtor("Held")
        self.set_mode(held, "none")
        by_hand = self.create_debtor("By hand")
        self.set_mode(by_hand, "manual")
        self.create_debtor("Ready")
        sending = self.open_sending()

        domain = [("sending_id", "=", sending.id)]
        for name, expected in (
            ("state", ["ready", "manual", "held"]),
            ("section", ["L1: E-mail", "By hand – L1: E-mail", "Not sent – Excluded*"]),
        ):
            groups = sending.line_ids.formatted_read_group(domain, [name], ["__count"])
            for group, text in zip(groups, expected, strict=True):
                self.assertTrue(fnmatch(group[name], text), group)

    # --- the messages

    def get_message(self, sending, kind, customer=None):
        """Return the row of ``kind`` with its words, as a clerk opens it."""
        row = sending.line_ids.filtered(
            lambda row: (
                row.kind == kind and (not customer or row.partner_id == customer)
            )
        )[:1]
        with self.on(DAY):
            row.read()
        return row

    def test_message_is_shown_as_it_leaves(self):
        self.create_mixed_company()
        sending = self.open_sending()
        customer = self.env["res.partner"].search([("name", "=", "Everything")])
        with self.on(DAY):
            shown = {
                kind: self.get_message(sending, kind, customer)
                for kind in ("email", "sms", "whatsapp", "activity", "letter", "post")
            }
            words = {
                kind: str(row.message_html or row.message_text)
                for kind, row in shown.items()
            }
        pages = PdfReader(io.BytesIO(b64decode(shown["letter"].document))).pages
        self.assertIn("Everything", pages[0].extract_text())
        self.assertFalse(self.env["payment.followup.action"].search([]))

        self.send(sending)

        for action in self.env["payment.followup.action"].search(
            [("partner_id", "=", customer.id), ("kind", "not in", ("letter", "post"))]
        ):
            is_text = action.kind in ("sms", "whatsapp")
            body = action.body_text if is_text else action.body
            self.assertEqual(words[action.kind], str(body), action.kind)

    def test_message_speaks_the_language_of_the_customer(self):
        self.create_mixed_company()
        spanish = self.env["res.partner"].search([("name", "=", "Spanish mail")])
        arabic = self.env["res.partner"].search([("name", "=", "Arabic letter")])

        sending = self.open_sending()

        self.assertIn(
            "1.000,00", self.get_message(sending, "email", spanish).message_html
        )
        self.assertIn("rtl", self.get_message(sending, "email", arabic).message_html)

    def test_message_of_a_customer_who_paid_meanwhile_says_so(self):
        customer = self.create_debtor("Paid")
        sending = self.open_sending()
        self.pay(self.env["account.move"].search([("partner_id", "=", customer.id)]))

        row = self.get_message(sending, "email")

        self.assertFalse(row.message_html)
        self.assertIn("any more", row.message_error)

    def test_pages_are_counted_on_demand(self):
        self.level_1.print_letter = True
        self.create_debtor("Short")
        long = self.create_debtor("Long")
        for number in range(40):
            self.create_invoice(10 + number, "2026-01-31", long)
        sending = self.open_sending()

        with self.on(DAY):
            progress = sending.action_count_pages()

        self.assertEqual(progress, {"done": 2, "total": 2})
        pages = {
            row.partner_id.name: row.page_count
            for row in sending.line_ids
            if row.kind == "letter"
        }
        self.assertEqual(pages["Short"], 1)
        self.assertGreater(pages["Long"], 1)
        self.assertFalse(self.env["payment.followup.action"].search([]))

    # --- sending

    def test_unticked_customer_gets_nothing(self):
        self.level_1.print_letter = True
        left = self.create_debtor("Left out")
        sent = self.create_debtor("Sent")
        sending = self.open_sending()

        sending.line_ids.filtered(lambda row: row.partner_id == left)[
            :1
        ].action_toggle()
        self.send(sending)

        actions = self.env["payment.followup.action"].search([])
        self.assertEqual(actions.partner_id, sent)
        self.assertEqual(
            set(sending.line_ids.filtered("is_selected").mapped("state")), {"sent"}
        )

    def test_customer_who_paid_since_the_preview_is_dropped_with_the_reason(self):
        customer = self.create_debtor("Paid")
        self.create_debtor("Owes")
        sending = self.open_sending()
        self.pay(self.env["account.move"].search([("partner_id", "=", customer.id)]))

        progress = self.send(sending)

        self.assertEqual((progress["sent"], progress["dropped"]), (1, 1))
        row = sending.line_ids.filtered(lambda row: row.partner_id == customer)
        self.assertEqual(row.state, "dropped")
        self.assertIn("paid meanwhile", row.remark)

    def test_customer_promised_since_the_preview_is_dropped_with_the_reason(self):
        customer = self.create_debtor("Promised")
        sending = self.open_sending()
        with self.on(DAY):
            self.get_claim(
                self.env["account.move"].search([("partner_id", "=", customer.id)])
            )._set_expected_payment(fields.Date.to_date("2026-03-20"))

        self.send(sending)

        self.assertEqual(sending.line_ids.state, "dropped")
        self.assertIn("03/20/2026", sending.line_ids.remark)

    def test_customer_reminded_by_the_batch_meanwhile_is_reminded_once(self):
        self.create_debtor("Once")
        sending = self.open_sending()
        actions = self.run_batch(DAY)

        self.send(sending)

        self.assertEqual(self.env["payment.followup.action"].search([]), actions)
        self.assertEqual(sending.line_ids.state, "dropped")

    def test_failure_of_one_customer_is_shown_on_that_row(self):
        bad = self.create_debtor("Bad")
        self.create_debtor("Good")
        sending = self.open_sending()
        prepare = type(self.env["payment.followup.channel.email"])._prepare_mail_vals

        def fail(channel, action, *args, **kwargs):
            if action.partner_id == bad:
                raise ValueError("No ink")
            return prepare(channel, action, *args, **kwargs)

        with (
            patch.object(
                self.env.registry["payment.followup.channel.email"],
                "_prepare_mail_vals",
                fail,
            ),
            self.assertLogs("odoo.addons.account_payment_followup", "WARNING"),
        ):
            progress = self.send(sending)

        self.assertEqual((progress["sent"], progress["failed"]), (1, 1))
        row = sending.line_ids.filtered(lambda row: row.state == "failed")
        self.assertEqual(row.partner_id, bad)
        self.assertEqual(
            row.remark,
            "“L1” could not be put together: No ink. Check the templates and texts of "
            "the level.",
        )

    def test_stopped_sending_keeps_what_was_sent_and_can_go_on(self):
        for number in range(30):
            self.create_debtor(f"Debtor {number}")
        sending = self.open_sending()
        with self.on(DAY):
            sending.action_start()
            sending.action_send_chunk()

            stopped = sending.action_stop()
            after = sending.action_send_chunk()

        self.assertEqual((stopped["state"], stopped["sent"]), ("stopped", 20))
        self.assertEqual(after, stopped)
        self.assertEqual(self.send(sending)["sent"], 30)
        actions = self.env["payment.followup.action"].search([])
        self.assertEqual(len(actions), len(actions.partner_id), 30)

    def test_sending_left_behind_is_finished_by_the_scheduled_action(self):
        for number in range(25):
            self.create_debtor(f"Debtor {number}")
        sending = self.open_sending()
        with self.on(DAY):
            sending.action_start()
            sending.action_send_chunk()

        self.run_cron(sending, minutes=0)
        self.assertEqual(sending.state, "running")
        self.run_cron(sending, minutes=3)

        self.assertEqual(sending.state, "done")
        actions = self.env["payment.followup.action"].search([])
        self.assertEqual(len(actions.partner_id), 25)
        self.assertEqual(actions.user_id, self.clerk)

    def test_sending_handed_over_is_finished_at_once_by_the_scheduled_action(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()
        with self.on(DAY):
            sending.action_start()
            sending.action_hand_over()

        self.run_cron(sending, minutes=0)

        self.assertEqual(sending.state, "done")
        self.assertEqual(sending.line_ids.state, "sent")

    def run_cron(self, sending, minutes):
        """Run the scheduled action ``minutes`` after the last chunk of ``sending``."""
        sending.invalidate_recordset()
        now = sending.write_date + timedelta(minutes=minutes)
        with (
            self.on(DAY),
            patch.object(fields.Datetime, "now", lambda: now),
            patch.object(
                self.env.registry["ir.cron"],
                "_commit_progress",
                lambda *args, **kwargs: float("inf"),
            ),
        ):
            self.env["payment.followup.sending"].sudo()._cron_continue()

    def test_nothing_ticked_is_refused_with_the_way_out(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()
        sending.line_ids.action_untick()

        with self.assertRaisesRegex(UserError, "No reminder is ticked"):
            sending.action_start()

    def test_sending_done_is_not_sent_again(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()
        self.send(sending)

        with self.assertRaisesRegex(UserError, "already begun"):
            sending.action_start()

    # --- who

    def test_sending_is_ones_own(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()
        other = self.create_user("other_clerk", "account.group_account_invoice")

        with self.assertRaises(AccessError):
            sending.with_user(other).action_start()
        with self.assertRaises(AccessError):
            sending.line_ids.with_user(other).read(["partner_id"])

    def test_rows_are_changed_by_ticking_only(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()

        with self.assertRaisesRegex(UserError, "decided by the plan"):
            sending.line_ids.kind = "letter"

    def test_auditor_may_not_open_it(self):
        auditor = self.create_user("auditor", "account.group_account_readonly")

        with self.assertRaises(AccessError):
            self.open_sending(user=auditor)

    def test_it_leads_to_the_list_that_says_so_where_the_feature_is_off(self):
        self.company.payment_followup_enabled = False
        sendings = self.env["payment.followup.sending"].with_user(self.clerk)

        action = sendings.action_open()

        self.assertEqual(action["res_model"], "payment.followup.statement")
        self.assertFalse(sendings.sudo().search([]))

    def test_another_company_is_not_part_of_it(self):
        other = self.setup_other_company()["company"]
        other.payment_followup_enabled = True
        self.create_level(15, "Other", other)
        self.create_invoice(
            1000, "2026-01-31", self.create_customer("X"), company=other
        )
        self.create_debtor("Mine")

        sending = self.open_sending()

        self.assertEqual(sending.line_ids.company_id, self.company)

    def test_screen_loads(self):
        self.create_debtor("Debtor")
        sending = self.open_sending()

        rows = sending.line_ids.with_user(self.clerk)
        self.assertTrue(
            rows.get_views([(False, "list"), (False, "form"), (False, "search")])
        )

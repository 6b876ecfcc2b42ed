from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestStatementReading(FollowupCommon):
    """How statements are found, counted, read and saved: rows without a table."""

    # --- ids

    def test_id_of_a_statement_stays_and_tells_its_keys(self):
        self.create_invoice(1000, "2026-01-31")
        before = self.get_statement("2026-02-15").id

        self.run_batch("2026-02-15")
        self.create_invoice(500, "2026-01-31")

        after = self.get_statement("2026-03-15")
        self.assertEqual(after.id, before)
        self.assertEqual(
            after._split_statement_id(before), (self.company.id, self.customer.id)
        )
        self.assertLess(before, 2**53, "JavaScript must be able to hold the number")

    def test_statement_is_looked_up_by_its_keys_not_by_computing_all(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")

        query = statement._search([("id", "=", statement.id)]).select("id")
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())

        self.assertRegex(plan, rf"Cond: \(commercial_partner_id = {self.customer.id}\)")
        self.assertRegex(plan, rf"\bcompany_id = {self.company.id}\)")

    def test_customers_are_counted_as_they_are_found(self):
        self.create_invoice(1000, "2026-01-31")
        later = self.create_customer("Later")
        self.create_invoice(500, "2026-12-31", later)
        self.create_invoice(500, "2026-12-31", self.create_contact(later))
        self.create_entry(500, "2026-01-31", partner_id=False)
        other = self.setup_other_company()["company"]
        self.create_invoice(1, "2026-01-31", company=other)
        statements = self.env["payment.followup.statement"]
        mine = statements.search([("partner_id", "=", later.id)])
        for companies, user in (
            (self.company, self.clerk),
            (self.company + other, self.env.user),
        ):
            model = statements.with_user(user).with_context(
                allowed_company_ids=companies.ids
            )
            for domain in (
                [],
                [("partner_id.name", "=", "Later")],
                [("partner_id", "=", later.id)],
                [("partner_id", "ilike", "later")],
                ["|", ("id", "in", mine.ids), ("company_id", "=", other.id)],
                [("id", "in", [])],
                [("reason", "=", "due")],
            ):
                with self.on("2026-02-15"), self.subTest(domain=domain):
                    found = model.search(domain, order="partner_id")
                    self.assertPages(model, domain, found)

    def assertPages(self, model, domain, found):
        """Check each page of two, what it says of all pages, and Odoo's own count."""
        self.assertEqual(model.search_count(domain), len(found))
        for offset in range(0, len(found), 2):
            for count_limit in (None, 1, 10):
                page = model.web_search_read(
                    domain, {}, offset, 2, "partner_id", count_limit
                )
                ids = [record["id"] for record in page["records"]]
                self.assertEqual(ids, found[offset : offset + 2].ids)
                self.assertEqual(page["length"], min(len(found), count_limit or 99))
        beyond = model.web_search_read(domain, {}, offset=99, limit=2)
        self.assertEqual(beyond, {"length": 0, "records": []})

    def test_page_takes_no_more_queries_for_more_customers(self):
        specification = {
            name: {} for name in ("reason", "reason_text", "amount_overdue", "trust")
        }
        counts = []
        # The first page fills caches that all later ones use
        for number in (1, 1, 5, 15):
            for place in range(number):
                customer = self.create_customer(f"{len(counts)} {place}")
                self.create_invoice(1000, "2026-01-31", customer)
                self.env["payment.followup.customer"]._get_or_create(
                    self.company, customer
                )._set_failure("delivery")
            with self.on("2026-02-15"):
                before = self.env.cr.sql_log_count
                page = self.env["payment.followup.statement"].web_search_read(
                    [], specification, limit=80
                )
                counts.append(self.env.cr.sql_log_count - before)

        self.assertEqual(len(page["records"]), 22)
        self.assertEqual({r["reason"] for r in page["records"]}, {"delivery_failed"})
        self.assertEqual(len(set(counts[1:])), 1, counts)

    def test_form_takes_no_more_queries_for_more_items_levels_and_messages(self):
        name = {"fields": {"display_name": {}}}
        items = {"move_id": name, "move_type": {}, "level_id": name, "reason_text": {}}
        history = {"date": {}, "kind": {}, "level_id": name, "user_id": name}
        specification = {
            "reason_text": {},
            "partner_id": name,
            "recipient_id": name,
            "phone": {},
            "whatsapp_url": {},
            "aging": {},
            "next_text": {},
            "next_level_id": name,
            "level_id": name,
            "last_contact": {},
            "open_task_count": {},
            "company_id": name,
            "line_ids": {"fields": items, "limit": 40},
            "action_ids": {"fields": history, "limit": 40},
        }
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")
        counts = []
        for day, due in (
            ("2026-02-20", None),
            ("2026-02-20", None),
            ("2026-03-02", "2026-02-25"),
            ("2026-03-12", "2026-06-30"),
        ):
            if due:
                self.create_invoice(100, due)
                self.run_batch(day)
            statement = self.get_statement(day).with_user(self.clerk)
            self.env.invalidate_all()
            with self.on(day):
                before = self.env.cr.sql_log_count
                [page] = statement.web_read(specification)
                counts.append(self.env.cr.sql_log_count - before)

        self.assertEqual(len(page["line_ids"]), 3)
        self.assertGreaterEqual(len(page["action_ids"]), 4)
        self.assertEqual(len({row["level_id"]["id"] for row in page["action_ids"]}), 3)
        self.assertEqual(len(set(counts[1:])), 1, counts)

    def test_what_is_saved_shows_at_once(self):
        self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15").with_user(self.clerk)
        item = {"reason": {}, "no_followup": {}, "expected_payment_date": {}}
        with self.on("2026-02-15"):
            self.assertEqual(statement.reason, "due")
            for vals, reason in (
                ({"planned_date": "2026-02-16"}, "paused"),
                ({"planned_date": False}, "due"),
                ({"mode": "none"}, "excluded"),
                ({"mode": "automatic"}, "due"),
            ):
                [saved] = statement.web_save(vals, {"reason": {}})
                self.assertEqual(saved["reason"], reason)
            line = statement.line_ids
            for vals, reason in (
                ({"expected_payment_date": "2026-02-15"}, "promised"),
                ({"no_followup": True}, "litigation"),
                ({"no_followup": False}, "promised"),
                ({"expected_payment_date": False}, "due"),
            ):
                [saved] = line.web_save(vals, item)
                self.assertEqual(saved["reason"], reason)
                self.assertEqual(
                    statement.web_save({}, {"reason": {}})[0]["reason"], reason
                )

    def test_open_items_of_a_statement_are_those_of_its_customer(self):
        mine = self.create_invoice(1000, "2026-01-31")
        self.create_invoice(500, "2026-01-31", self.create_customer("Other"))

        items = self.get_statement("2026-02-15").line_ids

        self.assertEqual(items.move_id, mine)
        self.assertEqual(items.ids, self.get_claim(mine).ids)

    def test_statement_is_gone_once_nothing_is_open(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15")

        self.pay(invoice)

        with self.on("2026-02-15"):
            self.assertFalse(statement.exists())
            self.assertEqual(self.customer.followup_amount_due, 0)

    def test_partner_shows_what_its_statement_says(self):
        self.create_invoice(1000, "2026-01-31")
        contact = self.create_contact(self.customer)

        with self.on("2026-02-15"):
            for partner in (self.customer, contact):
                self.assertEqual(partner.followup_reason, "due")
                self.assertEqual(partner.followup_amount_overdue, 1000)
                self.assertEqual(
                    partner.followup_next_date, fields.Date.to_date("2026-02-15")
                )

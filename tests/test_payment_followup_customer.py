from contextlib import closing, contextmanager

from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestCustomer(FollowupCommon):
    """What people decided about a customer stays when the customer becomes another."""

    def decide(self, partner, **vals):
        """Return the record of ``partner`` in the company, with decisions in it."""
        customer = self.env["payment.followup.customer"]._get_or_create(
            self.company, partner
        )
        # As follow-up itself: it notes some of it
        customer.sudo().write(vals)
        return customer

    def get_records(self, *partners):
        return self.env["payment.followup.customer"].search(
            [("partner_id", "in", [partner.id for partner in partners])]
        )

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (source + target).ids, target
        )

    def move(self, source, target):
        source.parent_id = target

    @contextmanager
    def undone(self):
        """Undo what happens inside."""
        with closing(self.env.cr.savepoint()):
            yield
        self.env.invalidate_all(flush=False)

    # --- a customer becomes a contact of another, or is merged into another

    def test_contact_form_and_statement_tell_the_same_history(self):
        for join in (self.merge, self.move):
            with self.subTest(join=join.__name__), self.undone():
                source = self.create_customer("Joins")
                self.create_invoice(1000, "2026-01-31", source)
                self.create_invoice(500, "2026-01-31")
                actions = self.run_batch("2026-02-15")

                join(source, self.customer)

                self.env.invalidate_all()
                told = self.customer.with_user(self.clerk).followup_action_ids
                self.assertEqual(told, actions.sorted())
                self.assertEqual(self.get_statement("2026-02-16").action_ids, told)

    def test_most_careful_decision_stays(self):
        for become in (self.merge, self.move):
            with self.subTest(become.__name__), self.undone():
                for place, (mine, theirs, kept) in enumerate(
                    (
                        ({"mode": "none"}, {"mode": "automatic"}, ("mode", "none")),
                        ({"mode": "automatic"}, {"mode": "manual"}, ("mode", "manual")),
                        (
                            {"next_date": "2026-03-01"},
                            {"next_date": "2026-02-20"},
                            ("next_date", "2026-03-01"),
                        ),
                        ({}, {"next_date": "2026-02-20"}, ("next_date", "2026-02-20")),
                        (
                            {"reminder_date": "2026-02-14"},
                            {},
                            ("reminder_date", "2026-02-14"),
                        ),
                        (
                            {"failure": "delivery", "failure_date": "2026-02-10"},
                            {"failure": "error", "failure_date": "2026-02-12"},
                            ("failure", "delivery"),
                        ),
                        ({"failure": "error"}, {}, ("failure", "error")),
                        (
                            {"responsible_id": self.clerk.id},
                            {},
                            ("responsible_id", self.clerk.name),
                        ),
                    )
                ):
                    with self.subTest(kept, mine=mine, theirs=theirs):
                        source, target = (
                            self.create_customer(f"{name} {place}") for name in "ST"
                        )
                        self.decide(source, **mine)
                        record = self.decide(target, **theirs)

                        become(source, target)

                        field, value = kept
                        self.assertEqual(self.get_records(source, target), record)
                        found = record[field]
                        self.assertEqual(str(getattr(found, "name", found)), value)

    def test_decision_about_the_one_holds_for_all_that_is_owed_now(self):
        for become in (self.merge, self.move):
            with self.subTest(become.__name__), self.undone():
                source = self.create_customer("Source")
                self.create_invoice(100, "2026-01-31", source)
                self.create_invoice(200, "2026-01-31")
                self.decide(source, mode="none")

                become(source, self.customer)

                statement = self.get_statement("2026-02-15")
                self.assertEqual(
                    (statement.reason, statement.amount_due), ("excluded", 300)
                )
                self.assertFalse(self.run_batch("2026-02-15"))

    def test_claims_of_both_keep_their_levels(self):
        for become in (self.merge, self.move):
            with self.subTest(become.__name__), self.undone():
                source = self.create_customer("Source")
                behind = self.create_invoice(100, "2026-02-15", source)
                ahead = self.create_invoice(200, "2026-01-31")
                self.run_batch("2026-02-15")
                self.run_batch("2026-03-02")
                self.decide(self.customer, next_date="2026-03-20")

                become(source, self.customer)

                self.assertEqual(behind.followup_level_id, self.level_1)
                self.assertEqual(ahead.followup_level_id, self.level_2)
                self.assertReason("2026-03-19", "paused")
                self.assertDue("2026-03-20", self.level_3)
                self.run_batch("2026-03-20")
                self.assertEqual(behind.followup_level_id, self.level_2)
                self.assertEqual(ahead.followup_level_id, self.level_3)

    def test_history_talk_and_documents_come_along(self):
        for become in (self.merge, self.move):
            with self.subTest(become.__name__), self.undone():
                source = self.create_customer("Source")
                promised = self.create_invoice(100, "2026-01-31", source)
                self.run_batch("2026-02-15")
                promised.expected_payment_date = "2026-02-16"
                self.run_batch("2026-02-17")
                message = self.decide(source).message_post(
                    body="Paid, see the receipt",
                    attachments=[("receipt.txt", b"1,000")],
                )
                history = self.get_statement("2026-02-18", source).action_ids
                self.assertEqual(
                    set(history.mapped("kind")), {"email", "promise", "promise_broken"}
                )

                become(source, self.customer)

                statement = self.get_statement("2026-02-18")
                self.assertEqual(statement.action_ids, history)
                self.assertEqual(statement.broken_count, 1)
                self.assertEqual(
                    statement.last_contact_date, max(history.mapped("date"))
                )
                self.assertIn(message, statement.customer_id.message_ids)
                self.assertEqual(message.attachment_ids.raw, b"1,000")
                self.assertEqual(
                    message.attachment_ids.res_id, statement.customer_id.id
                )

    def test_message_that_comes_back_later_is_shown_at_the_customer_of_now(self):
        for become in (self.merge, self.move):
            with self.subTest(become.__name__), self.undone():
                source = self.create_customer("Source")
                self.create_invoice(100, "2026-01-31", source)
                action = self.run_batch("2026-02-15")
                become(source, self.customer)

                with self.on("2026-02-16"):
                    action._set_failed("mailbox full")

                statement = self.get_statement("2026-02-16")
                self.assertEqual(statement.reason, "delivery_failed")
                self.assertIn("mailbox full", statement.reason_text)

    def test_each_company_joins_its_own_records(self):
        other = self.setup_other_company()["company"]
        records = self.env["payment.followup.customer"]
        for become in (self.merge, self.move):
            with self.subTest(become.__name__), self.undone():
                source = self.create_customer("Source")
                self.decide(source, mode="none")
                records._get_or_create(other, source).next_date = "2026-02-20"
                records._get_or_create(other, self.customer)

                become(source, self.customer)

                found = {
                    record.company_id: (record.mode, str(record.next_date))
                    for record in self.get_records(source, self.customer)
                }
                self.assertEqual(
                    found,
                    {
                        self.company: ("none", "False"),
                        other: ("automatic", "2026-02-20"),
                    },
                )

    def test_contact_merged_into_a_contact_of_another_customer(self):
        source = self.create_customer("Source")
        contact = self.create_contact(self.customer)
        self.create_invoice(100, "2026-01-31", source)
        self.decide(source, mode="none")

        self.merge(source, contact)

        self.assertReason("2026-02-15", "excluded")
        self.assertEqual(self.get_records(contact, self.customer).mode, "none")

    def test_company_that_becomes_a_person_of_its_parent_is_joined_as_well(self):
        subsidiary = self.create_customer(
            "Subsidiary", is_company=True, parent_id=self.customer.id
        )
        self.create_invoice(100, "2026-01-31", subsidiary)
        self.decide(subsidiary, mode="manual")
        self.assertEqual(subsidiary.commercial_partner_id, subsidiary)

        subsidiary.is_company = False

        record = self.get_records(self.customer, subsidiary)
        self.assertEqual((record.partner_id, record.mode), (self.customer, "manual"))
        self.assertFalse(self.get_statement("2026-02-15").is_automatic)

    def test_contact_that_leaves_its_customer_leaves_claims_and_decisions_there(self):
        contact = self.create_contact(self.customer)
        invoice = self.create_invoice(100, "2026-01-31", contact)
        self.run_batch("2026-02-15")
        self.decide(self.customer, mode="none")

        contact.parent_id = False

        self.assertReason("2026-03-02", "excluded")
        self.assertEqual(invoice.followup_level_id, self.level_1)
        self.assertFalse(self.get_statement("2026-03-02", contact))

    # --- a day in the past

    def test_planned_day_that_is_over_is_taken_and_the_history_says_so(self):
        self.create_invoice(1000, "2026-01-31")
        record = self.decide(self.customer).with_user(self.clerk)
        ways = {
            "rpc": lambda day: record.write({"next_date": day}),
            "import": lambda day: record.load(
                [".id", "next_date"], [[str(record.id), day]]
            ),
            "statement": lambda day: (
                self.env["payment.followup.statement"]
                .with_user(self.clerk)
                ._find(self.company, self.customer)
                .write({"planned_date": day})
            ),
        }
        actions = self.env["payment.followup.action"]
        for way, write in ways.items():
            for day, is_over in (
                ("2026-02-14", True),
                ("2026-02-15", False),
                ("2026-02-16", False),
                (False, False),
            ):
                with self.on("2026-02-15"), self.subTest(way, day=day):
                    before = actions.search([])

                    write(day)

                    self.assertEqual(str(record.next_date), str(day))
                    [*remarks] = (actions.search([]) - before).mapped("error")
                    self.assertEqual(len(remarks), int(is_over))
                    self.assertTrue(all("already over" in text for text in remarks))

    def test_record_imported_with_a_day_that_is_over_says_so_as_well(self):
        with self.on("2026-02-15"):
            self.env["payment.followup.customer"].with_user(self.clerk).load(
                ["company_id/.id", "partner_id/.id", "next_date"],
                [[str(self.company.id), str(self.customer.id), "2026-02-14"]],
            )

        action = self.env["payment.followup.action"].search([])
        self.assertEqual(action.partner_id, self.customer)
        self.assertIn("already over", action.error)

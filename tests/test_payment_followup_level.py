from psycopg2 import IntegrityError

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestLevel(FollowupCommon):
    """The plan: what a level may be."""

    def assertRefused(self, sentence, **vals):
        """Check that a level with ``vals`` is refused in words that say why."""
        with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
            self.create_level(99, "Refused", **vals)

    @mute_logger("odoo.sql_db")
    def assertRefusedByDatabase(self, sentence, **vals):
        """Check what a person is told where the database refuses a level."""
        with self.assertRaises(IntegrityError) as refusal, self.cr.savepoint():
            self.create_level(vals.pop("delay", 99), "Refused", **vals)
        message = self.env["payment.followup.level"]._sql_error_to_message(
            refusal.exception
        )
        self.assertIn(sentence, message)

    def test_two_levels_cannot_have_the_same_delay(self):
        with self.assertRaisesRegex(ValidationError, "“L1”"):
            self.create_level(15, "Twin")

    def test_level_cannot_move_to_a_delay_that_is_taken(self):
        with self.assertRaisesRegex(ValidationError, "“L2”"):
            self.level_1.delay = 30

    def test_delay_of_an_archived_level_is_free(self):
        self.level_1.active = False
        self.env.flush_all()

        again = self.create_level(15, "L1 again")

        self.assertTrue(again.active)
        with self.assertRaisesRegex(ValidationError, "“L1 again”"):
            self.level_1.active = True

    def test_repetition_cannot_be_negative(self):
        self.assertRefused("“Refused”.*every -5 days. Use 0", repeat_days=-5)
        with self.assertRaisesRegex(ValidationError, "“L1”.*every -1 days. Use 0"):
            self.level_1.repeat_days = -1
        self.level_1.repeat_days = 0

    def test_repetition_is_guarded_by_the_database_as_well(self):
        level = self.env["payment.followup.level"].with_context(default_repeat_days=-1)

        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as refusal,
            self.cr.savepoint(),
        ):
            level.create({"name": "Refused", "delay": 99})
        self.assertIn(
            "cannot be negative", level._sql_error_to_message(refusal.exception)
        )

    def test_level_needs_a_channel(self):
        self.assertRefused("“Refused” does nothing", send_email=False)

    def test_level_cannot_lose_its_last_channel(self):
        with self.assertRaisesRegex(ValidationError, "“L1” does nothing"):
            self.level_1.send_email = False

    def test_email_needs_a_template(self):
        self.assertRefused("e-mail template", mail_template_id=False)

    def test_sms_needs_a_template(self):
        self.assertRefused("SMS template", send_sms=True, sms_template_id=False)

    def test_templates_of_other_records_are_refused(self):
        partner = self.env["ir.model"]._get_id("res.partner")
        mail = self.env["mail.template"].create({"name": "Hello", "model_id": partner})
        sms = self.env["sms.template"].create(
            {"name": "Hi", "model_id": partner, "body": "Hi"}
        )

        self.assertRefused("“Hello”.*Contact", mail_template_id=mail.id)
        self.assertRefused("“Hi”.*Contact", send_sms=True, sms_template_id=sms.id)

    def test_activity_types_of_other_records_are_refused(self):
        other = self.env["mail.activity.type"].create(
            {"name": "Ship", "res_model": "res.partner"}
        )
        general = self.env.ref("mail.mail_activity_data_call")

        self.assertRefused("“Ship”", create_activity=True, activity_type_id=other.id)
        self.assertRefused(
            "activity type", create_activity=True, activity_type_id=False
        )
        level = self.create_level(98, "Call", activity_type_id=general.id)
        self.assertEqual(level.activity_type_id, general)

    def test_named_user_must_be_named(self):
        self.assertRefused(
            "needs the user", create_activity=True, responsible_type="user"
        )

    def test_copy_comes_a_week_after_the_last_level(self):
        copy = self.level_1.copy()

        self.assertEqual((copy.delay, copy.name), (47, "L1 (copy)"))
        self.assertEqual(copy.note, self.level_1.note)

    def test_several_levels_can_be_copied_at_once(self):
        copies = (self.level_1 + self.level_2).copy()

        self.assertEqual(len(set(copies.mapped("delay"))), 2)

    def test_levels_are_in_the_order_of_their_delays(self):
        self.create_level(-7, "Friendly")

        levels = self.env["payment.followup.level"].search(
            [("company_id", "=", self.company.id)]
        )

        self.assertEqual(levels.mapped("delay"), [-7, 15, 30, 40])

    def test_level_names_no_template_yet_has_one(self):
        level = self.create_level(99, "New")

        self.assertEqual(level.mail_template_id.model, "payment.followup.action")
        self.assertEqual(level.sms_template_id.model, "payment.followup.action")
        self.assertTrue(level.activity_type_id)

    def test_company_of_a_level_is_the_one_of_its_user(self):
        other = self.create_user(
            "other_manager", "account.group_account_manager", self.company
        )
        level = (
            self.env["payment.followup.level"]
            .with_user(other)
            .create({"name": "Mine", "delay": 77})
        )

        self.assertEqual(level.company_id, self.company)

    # --- what a wrong input gets

    def test_placeholder_in_the_text_is_refused(self):
        for text in (
            "{{ object.name }}",
            "${object.name}",
            "{amount}",
            "{ customer_name }",
            "{amount:.2f}",
            "{}",
            "[[name]]",
            "%(name)s",
            "%(days)d",
            "%s",
        ):
            with (
                self.subTest(text),
                self.assertRaises(ValidationError) as refusal,
                self.cr.savepoint(),
            ):
                self.level_1.note = f"<p>Dear {text}</p>"
            self.assertIn(text, str(refusal.exception))
            with (
                self.subTest(name=text),
                self.assertRaisesRegex(ValidationError, "placeholder"),
                self.cr.savepoint(),
            ):
                self.level_1.name = f"Dear {text}"

    def test_placeholder_in_pieces_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "“{amount}”"):
            self.level_1.note = "<p>Please pay {<b>amount</b>} soon</p>"

    def test_percentages_brackets_and_braces_in_prose_are_no_placeholders(self):
        for text in (
            "2 % interest, 100%",
            "5 %discount",
            "2 %d'intérêts",
            "[see above]",
            "[a] [b]",
            "{see above}",
            "50 % (sic)",
            "$100 (USD)",
        ):
            with self.subTest(text):
                self.level_1.write({"name": text, "note": f"<p>{text}</p>"})

    def test_template_with_an_unknown_field_is_refused(self):
        template = self.level_1.mail_template_id.copy()

        template.subject = "{{ object.partner_id.name }} {{ object.title }}"
        for path in ("partner_id.nickname", "customer_name"):
            with (
                self.subTest(path),
                self.assertRaisesRegex(ValidationError, f"object.{path}"),
                self.cr.savepoint(),
            ):
                template.body_html = f'<p t-out="object.{path}"/>'

    def test_sms_template_with_an_unknown_field_is_refused(self):
        template = self.level_1.sms_template_id.copy()

        with self.assertRaisesRegex(ValidationError, "object.total"):
            template.body = "{{ object.total }} is open"

    def test_template_or_activity_type_in_use_keeps_its_model(self):
        partner = self.env["ir.model"]._get_id("res.partner")
        self.level_2.active = False
        mail = self.level_2.mail_template_id = self.level_2.mail_template_id.copy()
        self.level_1.send_sms = True
        sms = self.level_1.sms_template_id = self.level_1.sms_template_id.copy()
        kind = self.level_3.activity_type_id = self.level_3.activity_type_id.copy()
        for record, vals, name in (
            (mail, {"model_id": partner, "subject": "Hi", "body_html": "Hi"}, "L2"),
            (sms, {"model_id": partner, "body": "Hi"}, "L1"),
            (kind, {"res_model": "res.partner"}, "L3"),
        ):
            with (
                self.subTest(record),
                self.assertRaisesRegex(ValidationError, f"“{name}” cannot use"),
                self.cr.savepoint(),
            ):
                record.write(vals)

    # --- wrong inputs: people of another company, levels in use

    def test_level_in_use_stays_in_its_company(self):
        other = self.setup_other_company()["company"]
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        with self.assertRaisesRegex(ValidationError, f"L1.*{other.name}"):
            self.level_1.company_id = other
        self.level_2.company_id = other
        self.assertEqual(self.level_2.company_id, other)

    def test_user_of_another_company_gets_no_manual_action(self):
        other = self.setup_other_company()["company"]
        stranger = self.create_user("stranger", companies=other)
        colleague = self.create_user("colleague", companies=self.company + other)

        self.level_3.write(
            {"responsible_type": "user", "activity_user_id": colleague.id}
        )
        with self.assertRaisesRegex(UserError, "L3.*stranger"):
            self.level_3.activity_user_id = stranger

    def test_level_in_use_is_offered_to_be_archived_instead_of_deleted(self):
        self.create_invoice(1000, "2026-01-31")
        self.run_batch("2026-02-15")

        with self.assertRaisesRegex(RedirectWarning, "L1.*Archive it") as caught:
            self.level_1.unlink()
        self.level_2.unlink()

        _message, action_id, _button, context = caught.exception.args
        action = self.env["ir.actions.server"].browse(action_id)
        action.with_context(**context).run()
        self.assertFalse(self.level_1.active)
        self.assertFalse(self.level_2.exists())

    def test_level_that_only_claims_in_another_message_have_is_in_use(self):
        self.company.payment_followup_escalation = "age"
        self.create_invoice(1000, "2026-01-31")
        behind = self.create_invoice(1000, "2026-02-20")
        action = self.run_batch("2026-03-12")
        self.assertEqual(action.level_id, self.level_3)
        self.assertEqual(behind.followup_level_id, self.level_1)

        with self.assertRaisesRegex(RedirectWarning, "L1.*Archive it"):
            self.level_1.unlink()
        other = self.setup_other_company()["company"]
        with self.assertRaisesRegex(ValidationError, f"L1.*{other.name}"):
            self.level_1.company_id = other

    def assertAskedAbout(self, record, field):
        """Check the question of the screen below and at today's edge."""
        for day, is_past in (("2026-02-14", True), ("2026-02-15", False)):
            with self.subTest(field, day=day), self.on("2026-02-15"):
                result = record.onchange({field: day}, [field], {field: {}})
                self.assertEqual("warning" in result, is_past)

    def test_day_in_the_past_is_asked_about(self):
        invoice = self.create_invoice(1000, "2026-01-31")
        statement = self.get_statement("2026-02-15")

        self.assertAskedAbout(invoice, "expected_payment_date")
        self.assertAskedAbout(statement, "planned_date")
        self.assertAskedAbout(statement.line_ids, "expected_payment_date")
        self.assertAskedAbout(statement._get_customer(), "next_date")

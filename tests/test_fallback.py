from odoo.tests import tagged

from ..models.payment_followup_look_again import LOOK_CRON
from .common import FollowupCommon

DAY = "2026-02-15"
NEXT_DAY = "2026-02-16"


@tagged("post_install", "-at_install")
class TestFallback(FollowupCommon):
    """A channel cannot be used: e-mail, post and letter stand in, in this order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.payment_followup_responsible_id = cls.clerk
        cls.customer.phone = "+1 212 555 0123"
        cls.invoice = cls.create_invoice(1000, "2026-01-31")

    def use(self, *names):
        """Let the first level use these channels only."""
        channels = ("send_email", "send_sms", "send_post", "send_whatsapp")
        self.level_1.write({name: name in names for name in channels})

    def post_letters(self):
        """Let the plan post letters somewhere, and the company have an address."""
        self.level_2.send_post = True

    def refuse_sms(self, actions, failure="sms_credit"):
        """Answer as the service does whose account is empty, or is not known."""
        with self.on(DAY):
            for action in actions:
                action.sms_id.write({"state": "error", "failure_type": failure})

    def refuse_post(self, actions, error="CREDIT_ERROR"):
        with self.on(DAY):
            for action in actions:
                action.letter_id.write(
                    {"state": "error", "error_code": error, "info_msg": "No credit"}
                )

    def assertStandIn(self, action, kind, *words):
        self.assertReminded(action, (self.level_1, kind))
        for word in words:
            self.assertIn(word, action.error)
        self.assertEqual(self.invoice.followup_level_id, self.level_1)

    # --- no address

    def test_sms_without_a_number_is_replaced_by_an_e_mail(self):
        self.use("send_sms")
        self.customer.phone = False

        self.assertStandIn(self.run_batch(DAY), "email", "No valid phone number.")

    def test_without_an_e_mail_address_the_letter_is_posted(self):
        self.post_letters()
        self.use("send_sms")
        self.customer.write({"phone": False, "email": False})

        self.assertStandIn(self.run_batch(DAY), "post", "No valid phone number.")

    def test_without_a_complete_address_the_letter_is_printed(self):
        self.post_letters()
        self.use("send_sms")
        self.customer.write({"phone": False, "email": False, "zip": False})

        self.assertStandIn(self.run_batch(DAY), "letter", "No valid phone number.")

    def test_post_without_a_complete_address_is_replaced_by_an_e_mail(self):
        self.use("send_post")
        self.customer.zip = False

        self.assertStandIn(self.run_batch(DAY), "email", "No complete postal address.")

    # --- no account, or no credit

    def test_sms_that_nobody_pays_for_is_replaced_by_an_e_mail_the_same_day(self):
        self.use("send_sms")
        for failure, reason in (
            ("sms_credit", "Insufficient Credit"),
            ("sms_acc", "Unregistered Account"),
        ):
            with self.subTest(failure=failure), self.env.cr.savepoint() as savepoint:
                sms = self.run_batch(DAY)
                self.refuse_sms(sms, failure)
                self.assertEqual((sms.state, sms.error), ("failed", reason))
                self.assertReason(DAY, "due")

                self.assertStandIn(
                    self.run_batch(DAY),
                    "email",
                    "SMS: the account is missing or has no credit.",
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_replacement_is_made_at_once(self):
        self.use("send_sms")
        sms = self.run_batch(DAY)
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.env.ref(LOOK_CRON).id)]
        triggers.search(domain).unlink()

        self.refuse_sms(sms)

        self.assertTrue(triggers.search(domain))
        self.assertReminded(self.look_again(DAY), (self.level_1, "email"))

    def test_sms_that_nobody_pays_for_is_replaced_by_post_then_by_a_letter(self):
        self.use("send_sms")
        self.post_letters()
        self.customer.email = False
        self.refuse_sms(self.run_batch(DAY))
        post = self.run_batch(DAY)
        self.assertStandIn(post, "post", "SMS: the account is missing")

        self.refuse_post(post)

        self.assertStandIn(self.run_batch(DAY), "letter", "SMS: the account is missing")

    def test_post_that_nobody_pays_for_is_replaced_by_an_e_mail(self):
        self.use("send_post")
        for error in ("CREDIT_ERROR", "TRIAL_ERROR"):
            with self.subTest(error=error), self.env.cr.savepoint() as savepoint:
                post = self.run_batch(DAY)
                self.refuse_post(post, error)

                self.assertStandIn(
                    self.run_batch(DAY),
                    "email",
                    "Post: the account is missing or has no credit.",
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_letter_that_was_replaced_is_not_posted_when_credit_comes(self):
        self.use("send_post")
        post = self.run_batch(DAY)

        self.refuse_post(post)

        self.assertEqual(post.letter_id.state, "canceled")
        self.assertEqual(post.state, "failed")

    def test_e_mail_beside_the_sms_is_not_sent_twice(self):
        self.use("send_email", "send_sms")
        actions = self.run_batch(DAY)

        self.refuse_sms(actions.filtered("sms_id"))

        self.assertFalse(self.run_batch(DAY))
        self.assertEqual(self.invoice.followup_level_id, self.level_1)
        self.assertReason(NEXT_DAY, "waiting")

    def test_customer_whom_nothing_else_reaches_shows_a_failed_delivery(self):
        self.use("send_sms")
        self.refuse_sms(self.run_batch(DAY))
        blocked = {"email": False, "street": False, "city": False, "zip": False}
        self.customer.write(blocked)

        rows = self.run_batch(DAY)

        self.assertFalse(rows.filtered(lambda row: row.state != "failed"))
        self.assertFalse(self.invoice.followup_level_id)

    def test_colleague_hears_of_the_account_once_not_of_each_customer(self):
        self.use("send_sms")
        other = self.create_customer("Customer B", phone="+1 212 555 0199")
        self.create_invoice(500, "2026-01-31", other)
        actions = self.run_batch(DAY)

        self.refuse_sms(actions)

        [alert] = actions.customer_id.activity_ids
        self.assertEqual(alert.user_id, self.clerk)
        self.assertIn("buy credit", alert.note)

    def test_next_customers_of_the_day_get_the_replacement_right_away(self):
        self.use("send_sms")
        self.refuse_sms(self.run_batch(DAY))
        other = self.create_customer("Customer B", phone="+1 212 555 0199")
        invoice = self.create_invoice(500, "2026-01-31", other)

        rows = self.run_batch(DAY)

        self.assertEqual(rows.filtered(lambda r: r.partner_id == other).kind, "email")
        self.assertEqual(invoice.followup_level_id, self.level_1)

    def test_account_is_tried_again_the_next_day(self):
        self.use("send_sms")
        self.refuse_sms(self.run_batch(DAY))

        self.assertStandIn(self.run_batch(NEXT_DAY), "sms")

    def test_person_may_try_the_account_at_once(self):
        self.use("send_sms")
        self.refuse_sms(self.run_batch(DAY))

        with self.on(DAY):
            statement = self.get_statement(DAY).with_user(self.clerk)
            sent = statement._send(kinds=["sms"])

        self.assertEqual((sent.kind, sent.state), ("sms", "queued"))

    def test_account_of_one_channel_says_nothing_about_another(self):
        self.use("send_sms", "send_post")
        actions = self.run_batch(DAY)
        self.refuse_sms(actions.filtered("sms_id"))
        other = self.create_customer("Customer B", phone="+1 212 555 0199")
        self.create_invoice(500, "2026-01-31", other)

        rows = self.run_batch(DAY)

        self.assertEqual(rows.mapped("kind"), ["post"])

    def test_wrong_number_is_no_trouble_with_the_account(self):
        self.use("send_sms")
        self.refuse_sms(self.run_batch(DAY), "sms_number_format")

        self.assertReason(NEXT_DAY, "delivery_failed")
        self.assertFalse(self.run_batch(DAY))

    # --- WhatsApp

    def test_whatsapp_without_an_account_is_prepared_to_be_sent_by_hand(self):
        self.use("send_whatsapp")

        action = self.run_batch(DAY)

        self.assertEqual((action.kind, action.state), ("whatsapp", "todo"))
        self.assertFalse(action.whatsapp_id)
        self.assertTrue(action.whatsapp_url.startswith("https://wa.me/12125550123?"))

    def test_whatsapp_without_a_number_is_replaced_by_an_e_mail(self):
        self.use("send_whatsapp")
        self.customer.phone = False

        self.assertStandIn(
            self.run_batch(DAY), "email", "No valid phone number with its country code."
        )

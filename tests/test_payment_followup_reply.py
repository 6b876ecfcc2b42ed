from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FollowupCommon
from .inbox import receive_mail

REPLY = "account_payment_followup.mail_activity_type_reply"


@tagged("post_install", "-at_install")
class TestReply(FollowupCommon):
    """What customers answer: on their thread, in the log, on a colleague's list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "in.company.example"})
        cls.company.alias_domain_id = domain
        cls.company.payment_followup_responsible_id = cls.clerk
        cls.create_invoice(1000, "2026-01-31")

    def setUp(self):
        super().setUp()
        self.action = self.run_batch("2026-02-15")
        with receive_mail(self.env) as inbox:
            self.env["mail.mail"].sudo().process_email_queue()
        [(_recipients, self.message)] = inbox.messages
        self.thread = self.action.customer_id

    def answer(self, *headers, text="Paid yesterday.", **fields):
        """Let an answer to the reminder come in as it would from a mail program."""
        fields = {
            "From": "customer.a@customer.example",
            "To": self.message["Reply-To"],
            "Subject": "Re: L1",
            "Message-Id": "<answer@customer.example>",
            "In-Reply-To": self.message["Message-Id"],
        } | {name.replace("_", "-"): value for name, value in fields.items()}
        lines = [f"{name}: {value}" for name, value in fields.items() if value]
        source = "\n".join([*lines, *headers, "", text])
        with self.on("2026-02-16"):
            self.env["mail.thread"].sudo().message_process(False, source)
        return self.env["payment.followup.action"].search([("kind", "=", "reply")])

    def get_alerts(self):
        return self.thread.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(REPLY)
        )

    def test_answer_is_on_the_thread_of_its_customer_and_in_the_log(self):
        before = self.thread.message_ids

        reply = self.answer()

        posted = self.thread.message_ids - before
        self.assertIn("Paid yesterday.", posted.body)
        self.assertEqual(posted.author_id, self.customer)
        self.assertEqual(reply.mail_message_id, posted)
        self.assertEqual(reply.customer_id, self.thread)
        self.assertEqual(reply.company_id, self.company)
        self.assertEqual((reply.state, reply.subject), ("done", "Re: L1"))
        self.assertEqual(str(reply.date), "2026-02-16")
        self.assertEqual(reply.error, "Customer A, by E-mail: Paid yesterday.")
        self.assertIn("Paid yesterday.", reply.body)

    def test_answer_cannot_be_changed(self):
        reply = self.answer()

        with self.assertRaises(UserError):
            reply.sudo().write({"body": "Never paid."})
        with self.assertRaises(UserError):
            reply.sudo().unlink()

    def test_answer_is_found_by_its_references_alone(self):
        reference = f"<older@customer.example> {self.message['Message-Id']}"

        reply = self.answer(In_Reply_To="", References=reference)

        self.assertEqual(reply.customer_id, self.thread)

    def test_answer_from_an_unknown_address_is_one_of_this_customer(self):
        reply = self.answer(From="Somebody <boss@elsewhere.example>")

        self.assertEqual(reply.partner_id, self.customer)

    def test_answer_comes_to_the_list_of_the_responsible_once(self):
        self.answer()
        self.answer()

        alert = self.get_alerts()
        self.assertEqual(len(alert), 1)
        self.assertEqual(alert.user_id, self.clerk)
        self.assertIn("Paid yesterday.", alert.note)
        self.assertEqual(str(alert.date_deadline), "2026-02-16")

    def test_second_answer_is_brought_to_the_responsible_as_well(self):
        self.answer()
        replies = self.answer(Message_Id="<second@customer.example>", text="And now?")

        self.assertEqual(len(replies), 2)
        self.assertEqual(len(self.get_alerts()), 2)

    def test_responsible_of_the_customer_goes_before_that_of_the_company(self):
        other = self.create_user("other_clerk", "account.group_account_invoice")
        self.thread.responsible_id = other

        self.answer()

        self.assertEqual(self.get_alerts().user_id, other)

    def test_quoted_reminder_is_not_part_of_the_remark(self):
        text = "Will pay on Friday.\n\nOn Monday we wrote:\n> Dear Customer A,\n> pay"

        reply = self.answer(text=text)

        self.assertIn("Will pay on Friday.", reply.error)
        self.assertNotIn("Dear Customer A", reply.error)
        self.assertIn("Dear Customer A", reply.body)

    def test_out_of_office_replies_are_no_answers(self):
        for number, header in enumerate(
            (
                "Auto-Submitted: auto-replied",
                'Auto-Submitted: auto-replied; owner-email="a@customer.example"',
                "Precedence: auto_reply",
                "X-Autoreply: yes",
            )
        ):
            with self.subTest(header=header):
                message_id = f"<absent{number}@customer.example>"
                self.assertFalse(self.answer(header, Message_Id=message_id))
                self.assertFalse(self.get_alerts())

    def test_header_of_a_message_by_hand_does_not_hide_an_answer(self):
        self.assertTrue(self.answer("Auto-Submitted: no"))

    def test_mail_of_a_colleague_to_the_thread_is_no_answer(self):
        self.clerk.email = "clerk@company.example"

        self.assertFalse(self.answer(From="clerk@company.example"))
        self.assertFalse(self.get_alerts())

    def test_note_of_a_colleague_is_no_answer(self):
        self.thread.with_user(self.clerk).message_post(body="Called them.")

        rows = self.env["payment.followup.action"].search([("kind", "=", "reply")])
        self.assertFalse(rows)

    def test_answer_by_another_channel_comes_to_the_responsible_as_well(self):
        self.thread._log_reply("whatsapp", "<p>5 &amp; 6</p>", self.customer)

        self.assertIn("5 &amp; 6", self.get_alerts().note)

    def test_answer_does_not_count_as_a_reminder(self):
        self.answer()

        self.assertEqual(str(self.thread.reminder_date), "2026-02-15")
        self.assertReason("2026-03-01", "waiting")
        self.assertDue("2026-03-02", self.level_2)

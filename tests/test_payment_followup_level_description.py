from odoo.tests import Form, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestLevelDescription(FollowupCommon):
    """A level in words, in the grammar of each language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("es_ES", "ar_001"):
            cls.env["res.lang"]._activate_lang(lang)

    def describe(self, lang="en_US", **vals):
        level = self.env["payment.followup.level"].new(
            {"delay": 15, "send_email": True, "responsible_type": "salesperson"} | vals
        )
        return level.with_context(lang=lang).description

    def assertDelays(self, lang, expected):
        for delay, sentence in expected.items():
            with self.subTest(delay=delay):
                self.assertEqual(self.describe(lang, delay=delay), sentence)

    def test_days_in_english(self):
        self.assertDelays(
            "en_US",
            {
                -7: "7 days before the due date: e-mail",
                -2: "2 days before the due date: e-mail",
                -1: "1 day before the due date: e-mail",
                0: "On the due date: e-mail",
                1: "1 day after the due date: e-mail",
                2: "2 days after the due date: e-mail",
                3: "3 days after the due date: e-mail",
                400: "400 days after the due date: e-mail",
            },
        )

    def test_days_in_spanish(self):
        self.assertDelays(
            "es_ES",
            {
                -7: "7 días antes del vencimiento: correo electrónico",
                -1: "1 día antes del vencimiento: correo electrónico",
                0: "El día del vencimiento: correo electrónico",
                1: "1 día después del vencimiento: correo electrónico",
                15: "15 días después del vencimiento: correo electrónico",
            },
        )

    def test_days_in_the_four_numbers_of_arabic(self):
        self.assertDelays(
            "ar_001",
            {
                -7: "قبل 7 أيام من تاريخ الاستحقاق: بريد إلكتروني",
                -2: "قبل يومين من تاريخ الاستحقاق: بريد إلكتروني",
                -1: "قبل يوم واحد من تاريخ الاستحقاق: بريد إلكتروني",
                0: "في تاريخ الاستحقاق: بريد إلكتروني",
                1: "بعد يوم واحد من تاريخ الاستحقاق: بريد إلكتروني",
                2: "بعد يومين من تاريخ الاستحقاق: بريد إلكتروني",
                3: "بعد 3 أيام من تاريخ الاستحقاق: بريد إلكتروني",
                10: "بعد 10 أيام من تاريخ الاستحقاق: بريد إلكتروني",
                11: "بعد 11 يومًا من تاريخ الاستحقاق: بريد إلكتروني",
                100: "بعد 100 يوم من تاريخ الاستحقاق: بريد إلكتروني",
                103: "بعد 103 أيام من تاريخ الاستحقاق: بريد إلكتروني",
            },
        )

    def test_negative_repetition_is_no_repetition(self):
        self.assertEqual(
            self.describe(repeat_days=-5), "15 days after the due date: e-mail"
        )

    def test_channels_are_listed_with_the_call_last(self):
        call = self.env.ref("account_payment_followup.mail_activity_type_followup")
        vals = {"create_activity": True, "activity_type_id": call.id}

        self.assertEqual(
            self.describe(**vals),
            "15 days after the due date: e-mail and a call by the salesperson",
        )
        self.assertEqual(
            self.describe("es_ES", **vals),
            "15 días después del vencimiento: correo electrónico y una llamada del "
            "comercial",
        )
        self.assertEqual(
            self.describe("ar_001", **vals),
            "بعد 15 يومًا من تاريخ الاستحقاق: بريد إلكتروني ومكالمة من مندوب المبيعات",
        )

    def test_activity_that_is_no_call_is_a_task(self):
        todo = self.env.ref("mail.mail_activity_data_todo")

        self.assertIn(
            "a task for Followup Clerk",
            self.describe(
                create_activity=True,
                activity_type_id=todo.id,
                responsible_type="user",
                activity_user_id=self.create_user(
                    "described", name="Followup Clerk"
                ).id,
            ),
        )

    def test_repetition_is_told(self):
        for days, words in (
            (0, ": e-mail"),
            (1, ": e-mail; again every day"),
            (2, ": e-mail; again every 2 days"),
            (7, ": e-mail; again every 7 days"),
        ):
            with self.subTest(days=days):
                self.assertTrue(self.describe(repeat_days=days).endswith(words))

    def test_level_that_is_not_automatic_says_so(self):
        self.assertTrue(
            self.describe(auto=False).endswith("; waits until somebody sends it")
        )

    def test_every_channel_has_words_and_an_icon(self):
        level = self.create_level(
            77,
            "All",
            send_sms=True,
            send_whatsapp=True,
            print_letter=True,
            send_post=True,
            create_activity=True,
        )

        [mark] = level._get_timeline()

        channels = self.env["payment.followup.channel"]._get_channels()
        self.assertEqual(len(mark["channels"]), len(channels))
        for channel in mark["channels"]:
            self.assertTrue(channel["icon"].startswith("fa-"))
            self.assertTrue(channel["label"])

    def test_time_line_is_in_the_order_of_the_days(self):
        levels = self.level_3 + self.level_1 + self.level_2

        self.assertEqual(
            [mark["delay"] for mark in levels._get_timeline()], [15, 30, 40]
        )

    # --- how often

    def test_frequency_is_a_choice_of_days(self):
        for days, choice in ((0, "0"), (1, "1"), (7, "7"), (15, "15"), (4, "other")):
            with self.subTest(days=days):
                self.level_1.repeat_days = days
                self.assertEqual(self.level_1.frequency, choice)

    def test_choice_sets_the_days(self):
        with Form(self.level_1) as form:
            form.frequency = "3"
        self.assertEqual(self.level_1.repeat_days, 3)

        with Form(self.level_1) as form:
            form.frequency = "0"
        self.assertEqual(self.level_1.repeat_days, 0)

    def test_another_number_begins_with_a_month_and_keeps_what_is_typed(self):
        with Form(self.level_1) as form:
            form.frequency = "other"
            self.assertEqual(form.repeat_days, 30)
            form.repeat_days = 10

        self.assertEqual(self.level_1.repeat_days, 10)
        self.assertEqual(self.level_1.frequency, "other")

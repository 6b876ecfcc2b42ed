from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from .test_replay import HEADER, ReplayCase


class TestReplayReference(ReplayCase):
    def get(
        self, *rows, delays=(3, 7, 15), repeat_days=0, end=date(2012, 4, 1), **options
    ):
        """Return the reminders as (month, day, delay, invoices that move)."""
        levels = [SimpleNamespace(delay=d, repeat_days=repeat_days) for d in delays]
        plan = self.plan.Plan(levels=tuple(levels), **options)
        ledger = self.ledger.read_ledger(self.write_file(HEADER + "".join(rows)))
        return [
            (found.day.month, found.day.day, found.delay, "".join(sorted(found.moved)))
            for found in self.reference.get_reminders(
                ledger, plan, date(2012, 1, 1), end
            )
        ]

    def row(self, number="A", due="01-31", amount=100, disputed="no", settled=""):
        settled = settled and f"2012-{settled}"
        day = "2011-12-01"
        return f"Ann,1,{number},{day},2012-{due},{amount},{disputed},{settled},paper\n"

    def test_a_claim_climbs_at_the_pace_of_the_plan(self):
        self.assertEqual(
            self.get(self.row()), [(2, 3, 3, "A"), (2, 7, 7, "A"), (2, 15, 15, "A")]
        )

    def test_a_payment_of_the_day_comes_before_its_reminder(self):
        self.assertEqual(self.get(self.row(settled="02-03")), [])
        self.assertEqual(self.get(self.row(settled="02-04")), [(2, 3, 3, "A")])

    def test_a_claim_in_litigation_is_left_alone(self):
        self.assertEqual(self.get(self.row(disputed="yes")), [])

    def test_a_claim_found_late_starts_at_the_first_level(self):
        row = self.row(due="01-01").replace("2011-12-01", "2011-11-01")
        row = row.replace("2012-01-01", "2011-11-11")

        self.assertEqual(
            self.get(row), [(1, 1, 3, "A"), (1, 5, 7, "A"), (1, 13, 15, "A")]
        )

    def test_by_age_a_claim_found_late_goes_straight_to_its_level(self):
        row = self.row().replace("2012-01-31", "2011-12-24")

        self.assertEqual(
            self.get(row, escalation="age"), [(1, 1, 7, "A"), (1, 9, 15, "A")]
        )

    def test_a_customer_gets_one_message_at_the_highest_level(self):
        rows = self.row("A", "01-31"), self.row("B", "02-04")

        self.assertEqual(
            self.get(*rows, delays=(3, 7)),
            [(2, 3, 3, "A"), (2, 7, 7, "AB"), (2, 11, 7, "B")],
        )

    def test_days_between_two_reminders_are_kept(self):
        rows = self.row("A", "01-31"), self.row("B", "02-01")

        self.assertEqual(
            self.get(*rows, delays=(3,), min_interval=5),
            [(2, 3, 3, "A"), (2, 8, 3, "B")],
        )

    def test_too_small_an_amount_waits_for_more(self):
        rows = self.row("A", "01-31", 10), self.row("B", "02-10", 10)

        self.assertEqual(
            self.get(*rows, delays=(3,), min_amount=Decimal(20)),
            [(2, 11, 3, "A"), (2, 13, 3, "B")],
        )

    def test_the_last_level_is_repeated(self):
        self.assertEqual(
            self.get(self.row(), delays=(3, 7), repeat_days=20, end=date(2012, 3, 20)),
            [(2, 3, 3, "A"), (2, 7, 7, "A"), (2, 27, 7, "A"), (3, 18, 7, "A")],
        )


class TestReplayResult(ReplayCase):
    def reminder(self, number="A", delay=3, channel="letter"):
        moved = frozenset(number)
        return self.result.Reminder(
            date(2012, 2, 3), "Ann", delay, (channel,), moved, moved
        )

    def differences(self, reminders, expected):
        return list(self.result.get_differences(reminders, expected, {"Ann": "paper"}))

    def test_equal_lists_have_no_differences(self):
        self.assertEqual(self.differences([self.reminder()], [self.reminder()]), [])

    def test_a_difference_names_day_customer_and_both_sides(self):
        self.assertEqual(
            self.differences([self.reminder()], [self.reminder("B", 7)]),
            [
                "2012-02-03 Ann: the add-on reminds at 3 days (moves A), "
                "the reference reminds at 7 days (moves B)"
            ],
        )
        self.assertEqual(
            self.differences([], [self.reminder()]),
            [
                "2012-02-03 Ann: the add-on sends nothing, "
                "the reference reminds at 3 days (moves A)"
            ],
        )

    def test_who_is_billed_on_paper_gets_no_mail(self):
        self.assertEqual(
            self.differences([self.reminder(channel="email")], [self.reminder()]),
            ["2012-02-03 Ann: billed paper, reached by email"],
        )

    def test_the_file_has_a_row_per_reminder(self):
        path = self.write_file("")

        self.result.write_reminders(path, [self.reminder("BA")])

        self.assertEqual(
            path.read_text(),
            "date,customer,level,channel,invoices\n2012-02-03,Ann,3,letter,A B\n",
        )

    def test_the_table_tells_how_long_the_money_took(self):
        invoices = [
            SimpleNamespace(number=number, settled=settled)
            for number, settled in {
                "A": date(2012, 2, 5),
                "B": date(2012, 2, 9),
                "C": date(2012, 3, 1),
            }.items()
        ]

        table = self.result.get_table(
            [self.reminder("A"), self.reminder("BC", 7)], invoices, date(2012, 2, 28)
        )

        self.assertEqual(
            [line.split() for line in table[1:]],
            [
                ["3", "days", "1", "1", "1", "1", "0", "2.0", "2.0"],
                ["7", "days", "1", "1", "2", "1", "1", "6.0", "6.0"],
                ["all", "2", "2", "3", "2", "1", "4.0", "4.0"],
            ],
        )

import importlib
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.tests import BaseCase, tagged

BIN = Path(__file__).resolve().parents[1] / "bin"
HEADER = (
    "customer,country_code,invoice,invoice_date,due_date,amount,disputed,"
    "settled_date,delivery\n"
)
ROW = "Ann,FR,INV1,2012-01-01,2012-01-31,100.50,no,,paper\n"


@tagged("post_install", "-at_install")
class ReplayCase(BaseCase):
    """What bin/replay reads and expects, apart from Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sys.path.insert(0, str(BIN))
        cls.addClassCleanup(sys.path.remove, str(BIN))
        for name in ("csv", "ledger", "plan", "reference", "result"):
            setattr(cls, name, importlib.import_module(f"dev.replay_{name}"))

    def write_file(self, text):
        """Return the path of a file that holds ``text`` (or bytes)."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, "file.csv")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def parse(self, *rows):
        return self.ledger.read_ledger(self.write_file(HEADER + "".join(rows)))

    def assert_refused(self, text, *reasons, read=None):
        """Assert that the file is refused with just these, "line: reason" each."""
        path = self.write_file(text)
        with self.assertRaises(self.csv.Refused) as caught:
            (read or self.ledger.read_ledger)(path)
        lines = [line.removeprefix(f"{path}:") for line in caught.exception.lines()]
        self.assertEqual(lines, list(reasons))


class TestReplayLedger(ReplayCase):
    def test_a_row_becomes_an_invoice(self):
        (invoice,) = self.parse("Ann, 391,INV1,2012-01-01,2012-01-31,9.5,Yes,,paper\n")

        self.assertEqual(
            invoice,
            self.ledger.Invoice(
                customer="Ann",
                country="391",
                number="INV1",
                date=date(2012, 1, 1),
                due=date(2012, 1, 31),
                amount=Decimal("9.5"),
                disputed=True,
                settled=None,
                delivery="paper",
            ),
        )

    def test_columns_may_come_in_any_order_with_others_and_a_byte_order_mark(self):
        header = "x," + ",".join(reversed(HEADER.strip().split(",")))
        row = "y," + ",".join(reversed(ROW.strip().split(",")))

        path = self.write_file(f"\ufeff{header}\r\n{row}\r\n\r\n")

        self.assertEqual(self.ledger.read_ledger(path), self.parse(ROW))

    def test_every_fault_of_every_row_is_told_in_the_order_of_the_lines(self):
        self.assert_refused(
            HEADER
            + "Ann,1,A,2012-01-01,31.01.2012,1e3,maybe,2012-02-30,pigeon\n"
            + "Ann,1\n"
            + ",1,,2012-01-01,2012-01-31,5,no,,paper\n",
            "2: due_date “31.01.2012” is not a date like 2012-12-31",
            "2: amount “1e3” is not a number like 1234.50",
            "2: disputed “maybe” is not one of: yes, no",
            "2: settled_date “2012-02-30” is not a date like 2012-12-31",
            "2: delivery “pigeon” is not one of: paper, electronic",
            "3: 2 values for 9 columns",
            "4: customer is empty",
            "4: invoice is empty",
        )

    def test_an_amount_is_above_zero_with_at_most_two_decimals(self):
        for amount, reason in (
            ("0", "is not above zero (the ledger holds invoices only)"),
            ("-1", "is not above zero (the ledger holds invoices only)"),
            ("1.005", "has more than two decimals"),
            ("9" * 13, "is too large"),
        ):
            with self.subTest(amount):
                row = ROW.replace("100.50", amount)
                self.assert_refused(HEADER + row, f"2: amount {amount} {reason}")

    def test_an_amount_may_be_a_cent(self):
        (invoice,) = self.parse(ROW.replace("100.50", "0.01"))

        self.assertEqual(invoice.amount, Decimal("0.01"))

    def test_a_number_is_used_once(self):
        self.assert_refused(HEADER + ROW + ROW, "3: invoice INV1 is also on line 2")

    def test_nothing_happens_before_the_invoice(self):
        row = "Ann,FR,INV1,2012-01-02,2012-01-01,5,no,2012-01-01,paper\n"

        self.assert_refused(
            HEADER + row,
            "2: due_date 2012-01-01 is before invoice_date 2012-01-02",
            "2: settled_date 2012-01-01 is before invoice_date 2012-01-02",
        )

    def test_all_may_happen_on_the_day_of_the_invoice(self):
        (invoice,) = self.parse("A,FR,1,2012-01-02,2012-01-02,5,no,2012-01-02,paper\n")

        self.assertEqual(invoice.due, invoice.settled)

    def test_a_file_that_is_no_ledger_is_refused(self):
        columns = "(the first line names the columns, separated by commas)"
        for text, reason in (
            ("", f"1: no column {HEADER.strip().replace(',', ', ')} {columns}"),
            (HEADER, "1: there are no rows below the header"),
            (HEADER.replace("amount,", ""), f"1: no column amount {columns}"),
            (HEADER.replace("customer", "customer,amount"), "1: two columns “amount”"),
            (HEADER.encode() + b"\xff", "2: not UTF-8 text"),
            (HEADER + "\0", "2: a NUL character, this is not a text file"),
            (HEADER + '"Ann', "2: unexpected end of data"),
        ):
            with self.subTest(reason):
                self.assert_refused(text, reason)

    def test_a_file_that_is_missing_is_refused(self):
        with self.assertRaises(self.csv.Refused) as caught:
            self.ledger.read_ledger(Path("/nowhere/ledger.csv"))

        reason = "/nowhere/ledger.csv: No such file or directory"
        self.assertEqual(caught.exception.lines(), [reason])

    def test_many_faults_are_counted_not_listed(self):
        rows = ROW.replace("paper", "") * 30

        with self.assertRaises(self.csv.Refused) as caught:
            self.parse(rows)

        lines = caught.exception.lines()
        self.assertEqual(len(lines), self.csv.MAX_SHOWN + 1)
        self.assertEqual(lines[-1], "… and 39 more faults")

    def test_a_customer_is_billed_as_most_invoices_were(self):
        rows = [
            f"{customer},1,{customer}{i},2012-01-01,2012-01-31,5,no,,{delivery}\n"
            for customer, deliveries in {
                "Paul": ("electronic", "paper", "paper"),
                "Eve": ("paper", "electronic", "electronic"),
                "Tim": ("paper", "electronic"),
            }.items()
            for i, delivery in enumerate(deliveries)
        ]

        self.assertEqual(
            self.ledger.get_deliveries(self.parse(*rows)),
            {"Paul": "paper", "Eve": "electronic", "Tim": "electronic"},
        )


class TestReplayPlan(ReplayCase):
    def parse(self, text):
        return self.plan.read_levels(self.write_file(text))

    def test_levels_come_in_the_order_of_their_delays(self):
        levels = self.parse(
            "delay,name,email,letter,activity,repeat_days\n"
            "10,Second,,yes,no,7\n"
            "-3,First,yes,,,\n"
        )

        Level = self.plan.Level
        self.assertEqual(
            levels,
            (
                Level(-3, "First"),
                Level(10, "Second", email=False, letter=True, repeat_days=7),
            ),
        )

    def test_a_level_does_something_and_has_a_delay_of_its_own(self):
        self.assert_refused(
            "delay,name,email,repeat_days\n3,A,yes,\n3,,yes,-1\nx,B,no,1.5\n",
            "3: name is empty",
            "3: repeat_days -1 is not within 0–3650 days",
            "3: delay 3 is also on line 2",
            "4: delay “x” is not a whole number",
            "4: repeat_days “1.5” is not a whole number",
            "4: none of email, letter, activity is “yes”: the level does nothing",
            read=self.plan.read_levels,
        )

    def test_the_basic_plan_has_3_7_and_15_days(self):
        levels = self.plan.get_levels(None)

        self.assertEqual([level.delay for level in levels], [3, 7, 15])
        self.assertTrue(all(level.email for level in levels))

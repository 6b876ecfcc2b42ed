"""CSV files that people hand over: read whole, every fault with its line and reason."""

import csv
import io
import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 1970, 2099
MAX_SHOWN = 20


class Refused(Exception):
    """A file that cannot be used.

    ``faults`` are pairs of a line number (None: the file as a whole) and a reason.
    """

    def __init__(self, path, faults):
        super().__init__(f"{path}: {len(faults)} faults")
        self.path = path
        self.faults = faults

    def lines(self):
        """Return what to print: the first faults, and how many more there are."""
        faults = sorted(self.faults, key=lambda fault: fault[0] or 0)
        shown = [
            f"{self.path}:{line}: {reason}" if line else f"{self.path}: {reason}"
            for line, reason in faults[:MAX_SHOWN]
        ]
        rest = len(faults) - len(shown)
        return shown + ([f"… and {rest} more faults"] if rest else [])


def read_rows(path, columns, faults):
    """Return the rows of a CSV file, a list of :class:`Row`.

    Columns may come in any order, and others are ignored. A row with too few or too
    many values is left out and noted in ``faults``, a list that gets every fault.

    :raise Refused: when the file cannot be read, lacks a column or has no rows
    """
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, columns)
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise Refused(path, [(reader.line_num, f"{error}")]) from error
    if not rows:
        raise Refused(path, [(1, "there are no rows below the header")])
    found = []
    for line, values in rows:
        if len(values) == len(header):
            stripped = map(str.strip, values)
            found.append(Row(line, dict(zip(header, stripped, strict=True)), faults))
        else:
            faults.append((line, f"{len(values)} values for {len(header)} columns"))
    return found


def _read_text(path):
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(path, [(None, error.strerror)]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(path, [(line, "not UTF-8 text")]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused(path, [(line, "a NUL character, this is not a text file")])
    return text


def _check_header(path, header, columns):
    missing = [name for name in columns if name not in header]
    if missing:
        reason = (
            f"no column {', '.join(missing)} (the first line names the columns, "
            "separated by commas)"
        )
        raise Refused(path, [(1, reason)])
    double = sorted({name for name in header if name and header.count(name) > 1})
    if double:
        raise Refused(path, [(1, f"two columns “{name}”") for name in double])


class Row:
    """One row: its values as Python values, its faults in a list shared by all rows."""

    def __init__(self, line, values, faults):
        self.line = line
        self.values = values
        self.faults = faults

    def refuse(self, reason):
        """Note a fault of this row."""
        self.faults.append((self.line, reason))

    def text(self, name):
        """Return a value that may not be empty."""
        value = self.values[name]
        if not value:
            self.refuse(f"{name} is empty")
        return value

    def date(self, name, *, required=True):
        """Return a date written as 2012-12-31; None when there is none."""
        value = self.values[name]
        if not value and not required:
            return None
        try:
            found = _parse_date(value)
        except ValueError:
            self.refuse(f"{name} “{value}” is not a date like 2012-12-31")
            return None
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.refuse(
                f"{name} {value}: the year is not between {FIRST_YEAR} and {LAST_YEAR}"
            )
            return None
        return found

    def whole(self, name, default=None):
        """Return a whole number; an empty value stands for ``default``, if given."""
        value = self.values.get(name, "")
        if not value and default is not None:
            return default
        if not re.fullmatch(r"[+-]?[0-9]{1,5}", value):
            self.refuse(f"{name} “{value}” is not a whole number")
            return None
        return int(value)

    def choice(self, name, words, default=None):
        """Return the meaning of a word, ``words`` being a dict {word: meaning}."""
        value = self.values.get(name, "").lower()
        if not value and default is not None:
            return default
        if value not in words:
            self.refuse(f"{name} “{value}” is not one of: {', '.join(words)}")
            return None
        return words[value]


def _parse_date(value):
    """Read one form only: what else Python takes differs between its versions."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(value)
    return date.fromisoformat(value)

"""A dataset as an Excel workbook: one sheet a table, then a sheet `columns` that says what each column means.

Numbers are numbers, shown with the digits they are printed with (`0.80` is 0.8 in the format `0.00`); lists are joined
as in CSV. Text stays text: none becomes a formula or a link, however it begins. Characters that XML cannot hold stand
in Excel's own notation (`_x0002_`), which Excel shows as the character. The same dataset gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from extract.records import TABLES, Schema
from extract.sinks.arrow import PRINTED, arrow_schema, printed_columns
from extract.sinks.dataset import PROGRAM, Dataset
from extract.sinks.exporting import DICTIONARY, Meaning, column_meanings, placing, read_rows
from extract.sinks.tables import csv_cell

# What people open first comes first; the two long ones last.
ORDER: tuple[Schema, ...] = (
    "documents", "trials", "studies", "outcomes", "dosing", "findings", "references", "mentions", "evidence",
)  # fmt: skip
SHEET_ROWS = 1_048_576  # Excel's limit, the header among them
CELL_CHARACTERS = 32_767  # Excel's limit, in UTF-16 units
CUT = "… [cut]"  # ends a text that Excel cannot hold
DIGITS = 15  # that Excel keeps; a number with more stays text
MAX_EXPONENT = 300  # of ten; Excel's numbers end a little beyond
NAMED_CELLS = 5  # that a warning names
MIN_WIDTH, MAX_WIDTH = 8, 60  # of a column, in characters
FILTER_WIDTH = 3  # characters that the filter's button covers in a header
CREATED = datetime(1980, 1, 1)  # in the properties: the bytes are not to depend on the day


@dataclass(frozen=True, slots=True)
class WrittenWorkbook:
    """A workbook in its place; `warnings` tell, one line a column, which texts were too long for Excel and are cut."""

    path: Path
    warnings: tuple[str, ...]


def write_workbook(dataset: Dataset, path: Path) -> WrittenWorkbook:
    """Write an `.xlsx` workbook in the place of `path`; a table too long for a sheet goes on in `<table> (2)`.

    Raises OutputError where the place cannot be written.
    """
    warnings: list[str] = []
    with placing(path, XlsxWriterException) as temporary, _File(temporary) as file, _open(file, temporary) as book:
        styles = _Styles(book)
        for table in ORDER:
            sheets = _Sheets(book, styles, table, _columns(table))
            for row in read_rows(dataset, table):
                sheets.add(list(row.values()))
            sheets.finish()
            warnings += sheets.warnings()
        dictionary = _Sheets(book, styles, DICTIONARY, [_Column(name, "text", "") for name in Meaning._fields])
        for each in column_meanings():
            if not each.column_name.endswith(PRINTED):  # here the format of a number says how it is printed
                dictionary.add(each)
        dictionary.finish()
    return WrittenWorkbook(path, tuple(warnings))


class _File(io.RawIOBase):
    """A file that takes all that is written and tells when it is closed that it could not be kept.

    The archive that XlsxWriter leaves behind after an error would write, fail and complain once more when it is freed.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._error: OSError | None = None

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._takes:
            try:
                self._file.write(data)
            except OSError as error:
                self._error = error
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence) if self._takes else 0

    def tell(self) -> int:
        return self._file.tell() if self._takes else 0

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        try:
            self._file.close()
        except OSError as error:
            self._error = self._error or error
        if self._error is not None:
            raise self._error

    @property
    def _takes(self) -> bool:
        return self._error is None and not self.closed


def _open(file: _File, path: Path) -> Workbook:
    """A workbook that keeps one row in memory, and its rows till then in the folder of `path`."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(file, options)
    book.set_properties({"title": "What clinical review articles report", "comments": PROGRAM, "created": CREATED})
    return book


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a sheet; `kind` is text, integer, number (a string, as printed) or boolean."""

    name: str
    kind: str
    meaning: str


def _columns(table: Schema) -> list[_Column]:
    schema = arrow_schema(table)
    decimals = printed_columns(table)
    columns = []
    for name in TABLES[table].model_fields:
        column = schema.field(name)
        if name in decimals:
            kind = "number"
        elif pa.types.is_integer(column.type):
            kind = "integer"
        else:
            kind = "boolean" if pa.types.is_boolean(column.type) else "text"
        columns.append(_Column(name, kind, column.metadata[b"description"].decode()))
    return columns


_Put = Callable[[int, Any], int]  # writes a value in a column and returns how many characters it shows


class _Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.header = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self.text = book.add_format({"num_format": "@"})

    def number(self, pattern: str) -> Format:
        """The format of numbers with a pattern, `0.00`."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern})
        return self._numbers[pattern]


class _Sheets:
    """The sheets of one table, filled from row to row."""

    def __init__(self, book: Workbook, styles: _Styles, name: str, columns: Sequence[_Column]) -> None:
        self._book = book
        self._styles = styles
        self._name = name
        self._columns = columns
        puts: dict[str, _Put] = {"number": self._put_number, "integer": self._put_integer, "boolean": self._put_boolean}
        self._puts = [puts.get(column.kind, self._put_text) for column in columns]
        self._cuts: dict[int, list[str]] = {}  # by column: the cells whose text was cut
        self._count = 0
        self._begin()

    def add(self, row: Sequence[Any]) -> None:
        """Write a row of JSON values; nothing is written where one is missing."""
        if self._row == SHEET_ROWS:
            self.finish()
            self._begin()
        for at, (value, put) in enumerate(zip(row, self._puts, strict=True)):
            if value is not None:
                self._widths[at] = max(self._widths[at], put(at, value))
        self._row += 1

    def finish(self) -> None:
        """Set what is known when the last row of a sheet is written."""
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._columns) - 1)
        for at, (column, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            style = self._styles.text if column.kind == "text" else None
            self._sheet.set_column(at, at, min(max(width + 1, MIN_WIDTH), MAX_WIDTH), style)

    def warnings(self) -> list[str]:
        """A line for each column in which a text was cut."""
        lines = []
        for at, cells in sorted(self._cuts.items()):
            named = ", ".join(cells[:NAMED_CELLS]) + (" …" if len(cells) > NAMED_CELLS else "")
            texts = "1 text is" if len(cells) == 1 else f"{len(cells)} texts are"
            lines.append(
                f"{self._name}.{self._columns[at].name}: {texts} longer than the {CELL_CHARACTERS:,} characters that"
                f" an Excel cell holds, and cut: {named}"
            )
        return lines

    def _begin(self) -> None:
        self._count += 1
        self._sheet = self._book.add_worksheet(self._name if self._count == 1 else f"{self._name} ({self._count})")
        self._sheet.freeze_panes(1, 0)
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # years and ids are text, and meant to be
        for at, column in enumerate(self._columns):
            self._sheet.write_string(0, at, column.name, self._styles.header)
            if column.meaning:
                self._sheet.write_comment(0, at, column.meaning, {"x_scale": 2})
        self._widths = [len(column.name) + FILTER_WIDTH for column in self._columns]
        self._row = 1

    def _put_text(self, at: int, value: Any) -> int:
        text = csv_cell(value)
        if len(text) > CELL_CHARACTERS // 2 and _units(text) > CELL_CHARACTERS:
            self._cuts.setdefault(at, []).append(f"{self._sheet.get_name()}!{xl_rowcol_to_cell(self._row, at)}")
            text = _cut(text)
        if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter would take it for XML of its own
            self._sheet.write_rich_string(self._row, at, text[0], text[1], text[2:], self._styles.text)
        elif text:
            self._sheet.write_string(self._row, at, text, self._styles.text)
        return len(text)

    def _put_number(self, at: int, printed: str) -> int:
        pattern = _pattern(printed)
        if pattern is None:
            return self._put_text(at, printed)
        self._sheet.write_number(self._row, at, float(printed), self._styles.number(pattern))
        return len(printed)

    def _put_integer(self, at: int, value: int) -> int:
        if abs(value) >= 10**DIGITS:
            return self._put_text(at, str(value))
        self._sheet.write_number(self._row, at, value, self._styles.number("0"))
        return len(str(value))

    def _put_boolean(self, at: int, value: bool) -> int:
        self._sheet.write_boolean(self._row, at, value)
        return len("FALSE")


@lru_cache(maxsize=10_000)
def _pattern(printed: str) -> str | None:
    """The number format that shows a number as printed; None where Excel would lose digits."""
    _, digits, exponent = Decimal(printed).as_tuple()
    if not isinstance(exponent, int) or len(digits) > DIGITS or abs(exponent) > MAX_EXPONENT:
        return None
    return "0." + "0" * -exponent if exponent < 0 else "0"


def _units(text: str) -> int:
    """Its length as Excel counts it, in which signs beyond U+FFFF are two."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    """The beginning of a text with the sign that it goes on, as long as Excel allows; no sign is cut in two."""
    kept = text.encode("utf-16-le")[: 2 * (CELL_CHARACTERS - len(CUT))]
    return kept.decode("utf-16-le", errors="ignore") + CUT

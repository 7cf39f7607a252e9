"""A dataset as a workbook: openpyxl reads every value back as what it is, and no text does anything."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from extract.errors import OutputError, ReadError
from extract.records import TABLES, Outcome, Schema
from extract.sinks import workbooks
from extract.sinks.arrow import arrow_schema, printed_columns
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import column_meanings
from extract.sinks.tables import csv_cell
from extract.sinks.workbooks import CELL_CHARACTERS, CUT, ORDER, write_workbook

from .datasets import (
    LONG,
    LONG_PAIRS,
    TEXTS,
    damage,
    make_dataset,
    make_hostile,
    make_quotes,
    names_in,
)
from .making import make_extraction


@pytest.fixture(scope="module")
def path(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(dataset, tmp_path_factory.mktemp("written") / "tables.xlsx").path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def texts_of(sheet: Worksheet, column: str) -> list[str]:
    """The texts of a column, as Excel shows them; none for an empty cell."""
    (at,) = (cell.column for cell in sheet[1] if cell.value == column)
    cells = [sheet.cell(row, at) for row in range(2, sheet.max_row + 1)]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}
    return ["" if cell.value is None else unescape(cell.value) for cell in cells]


def is_kept(value: Any) -> bool:
    """Whether Excel keeps all digits of a number."""
    return len(Decimal(value).as_tuple().digits) <= 15


class TestValues:
    @pytest.mark.parametrize("table", TABLES)
    def test_every_cell_holds_its_value_with_its_type(
        self, dataset: Dataset, book: openpyxl.Workbook, table: Schema
    ) -> None:
        sheet = book[table]
        rows = list(dataset.rows(table))
        assert sheet.max_row == len(rows) + 1
        for row, cells in zip(rows, sheet.iter_rows(min_row=2), strict=True):
            for (name, value), cell in zip(row.items(), cells, strict=True):
                if value is None or csv_cell(value) == "":
                    assert cell.value is None
                elif isinstance(value, bool):
                    assert (cell.data_type, cell.value) == ("b", value)
                elif (isinstance(value, int) or name in printed_columns(table)) and is_kept(value):
                    assert (cell.data_type, cell.value) == ("n", float(value))
                elif len(csv_cell(value)) < CELL_CHARACTERS // 2:
                    assert (cell.data_type, unescape(cell.value)) == ("s", csv_cell(value))

    def test_hostile_texts_come_back_as_they_are(self, tmp_path: Path) -> None:
        texts = [text for text in TEXTS if text not in (LONG, LONG_PAIRS)]
        written = write_workbook(make_quotes(tmp_path / "dataset", texts), tmp_path / "t.xlsx")
        assert written.warnings == ()
        found = texts_of(openpyxl.load_workbook(written.path)["evidence"], "quote")
        assert found == texts

    def test_no_text_is_a_formula_or_a_link(self, path: Path, book: openpyxl.Workbook) -> None:
        types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert types == {"s", "n", "b"}
        assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        with zipfile.ZipFile(path) as files:
            for name in files.namelist():
                text = files.read(name).decode()
                assert not re.search(r"<f[ >]|<hyperlink|<ddeLink|relationships/hyperlink|externalLink", text), name

    @pytest.mark.parametrize(
        ("printed", "pattern"),
        [
            ("0.80", "0.00"),
            ("5", "0"),
            ("-0.50", "0.00"),
            ("100", "0"),
            ("0.000", "0.000"),
            ("0.0000000", "0.0000000"),  # str() makes 0E-7
            ("0.0000001", "0.0000000"),  # and 1E-7
            ("123456789012345", "0"),
        ],
    )
    def test_a_number_is_shown_as_printed(self, tmp_path: Path, printed: str, pattern: str) -> None:
        cell = self.value_cell(tmp_path, printed)
        assert (cell.data_type, cell.value, cell.number_format) == ("n", float(printed), pattern)

    @pytest.mark.parametrize(
        "printed", ["12345678901234567890", "1.0000000000000001", f"1{0:0400}", f"0.{1:0400}"], ids=len
    )
    def test_a_number_that_excel_would_change_stays_text(self, tmp_path: Path, printed: str) -> None:
        cell = self.value_cell(tmp_path, printed)
        assert (cell.data_type, cell.value) == ("s", printed)

    @staticmethod
    def value_cell(folder: Path, printed: str) -> Any:
        """The cell of an outcome's value."""
        outcome = Outcome(
            document_id="a",
            record_id="o1",
            endpoint="OS",
            endpoint_text="OS",
            statistic="mean",
            quote="q",
            confidence="stated",
            rule="made",
            value=Decimal(printed),
        )
        dataset = make_dataset(folder / "dataset", [replace(make_extraction("a"), outcomes=(outcome,))])
        sheet = openpyxl.load_workbook(write_workbook(dataset, folder / "t.xlsx").path)["outcomes"]
        return sheet.cell(2, list(TABLES["outcomes"].model_fields).index("value") + 1)

    def test_whole_numbers_too_long_for_excel_stay_text(self, book: openpyxl.Workbook) -> None:
        ends = {cell.value: cell.data_type for cell in book["mentions"][column_letter("mentions", "end")]}
        assert ends[str(2**62)] == "s"
        assert ends[2] == "n"

    def test_a_text_too_long_for_excel_is_cut_and_told(self, tmp_path: Path) -> None:
        dataset = make_quotes(tmp_path / "dataset", ["short", LONG, LONG_PAIRS, *[LONG] * 9])
        written = write_workbook(dataset, tmp_path / "t.xlsx")
        _, long, pairs, *_ = texts_of(openpyxl.load_workbook(written.path)["evidence"], "quote")
        for text, whole in ((long, LONG), (pairs, LONG_PAIRS)):
            assert len(text.encode("utf-16-le")) // 2 in (CELL_CHARACTERS, CELL_CHARACTERS - 1)
            assert text.endswith(CUT)
            assert whole.startswith(text.removesuffix(CUT))
        (line,) = written.warnings
        assert line.startswith("evidence.quote: 11 texts are longer than the 32,767 characters")
        assert line.endswith("cut: evidence!I3, evidence!I4, evidence!I5, evidence!I6, evidence!I7 …")

    def test_a_text_as_long_as_excel_holds_is_whole(self, tmp_path: Path) -> None:
        text = "🧬" * (CELL_CHARACTERS // 2) + "x"
        written = write_workbook(make_quotes(tmp_path / "dataset", [text]), tmp_path / "t.xlsx")
        assert texts_of(openpyxl.load_workbook(written.path)["evidence"], "quote") == [text]
        assert written.warnings == ()


def column_letter(table: Schema, name: str) -> str:
    """The letter of a column."""
    return openpyxl.utils.get_column_letter(list(TABLES[table].model_fields).index(name) + 1)


class TestSheets:
    def test_there_is_one_a_table_and_one_of_the_meanings(self, book: openpyxl.Workbook) -> None:
        assert book.sheetnames == [*ORDER, "columns"]
        assert set(ORDER) == set(TABLES)

    @pytest.mark.parametrize("table", TABLES)
    def test_headers_are_bold_frozen_explained_and_have_filters(self, book: openpyxl.Workbook, table: Schema) -> None:
        sheet = book[table]
        header = sheet[1]
        assert [cell.value for cell in header] == list(TABLES[table].model_fields)
        assert all(cell.font.bold for cell in header)
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        meanings = [arrow_schema(table).field(cell.value).metadata[b"description"].decode() for cell in header]
        assert [cell.comment.text for cell in header] == meanings

    def test_columns_are_as_wide_as_what_they_hold_within_bounds(self, book: openpyxl.Workbook) -> None:
        widths = [each.width for sheet in book for each in sheet.column_dimensions.values()]
        assert min(widths) > workbooks.MIN_WIDTH
        assert max(widths) < workbooks.MAX_WIDTH + 1
        names = {cell.value: cell.column_letter for cell in book["documents"][1]}
        assert book["documents"].column_dimensions[names["sha256"]].width > 60
        assert book["mentions"].column_dimensions["B"].width < 20

    def test_the_last_sheet_says_what_each_column_means(self, book: openpyxl.Workbook) -> None:
        found = [tuple(cell.value for cell in row) for row in book["columns"].iter_rows(min_row=2)]
        assert found == [tuple(each) for each in column_meanings() if not each.column_name.endswith("_printed")]

    def test_a_table_too_long_for_a_sheet_goes_on_in_the_next(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(workbooks, "SHEET_ROWS", 4)
        quotes = [f"quote {number}" for number in range(6)]
        book = openpyxl.load_workbook(
            write_workbook(make_quotes(tmp_path / "d", [*quotes, LONG]), tmp_path / "t.xlsx").path
        )
        sheets = [book[name] for name in ("evidence", "evidence (2)", "evidence (3)")]
        assert "evidence (4)" not in book.sheetnames
        assert [text for sheet in sheets[:2] for text in texts_of(sheet, "quote")] == quotes
        assert {sheet.freeze_panes for sheet in sheets} == {"A2"}
        assert [sheet.auto_filter.ref for sheet in sheets] == ["A1:J4", "A1:J4", "A1:J2"]
        assert [cell.value for cell in sheets[2][1]] == list(TABLES["evidence"].model_fields)

    def test_a_dataset_without_rows_has_headers(self, tmp_path: Path) -> None:
        book = openpyxl.load_workbook(write_workbook(make_dataset(tmp_path / "d", []), tmp_path / "t.xlsx").path)
        for table in TABLES:
            assert [cell.value for cell in book[table][1]] == list(TABLES[table].model_fields)
            assert book[table].max_row == 1


class TestFiles:
    def test_the_bytes_are_the_same_when_written_again(self, dataset: Dataset, path: Path, tmp_path: Path) -> None:
        assert write_workbook(dataset, tmp_path / "again.xlsx").path.read_bytes() == path.read_bytes()

    def test_no_place_of_this_machine_stands_in_it(self, path: Path) -> None:
        with zipfile.ZipFile(path) as files:
            assert not [name for name in files.namelist() if str(path.parent).encode() in files.read(name)]

    def test_it_takes_the_place_of_an_earlier_file_and_makes_folders(self, dataset: Dataset, tmp_path: Path) -> None:
        place = tmp_path / "new" / "out" / "t.xlsx"
        write_workbook(make_quotes(tmp_path / "d", ["one"]), place)
        write_workbook(make_quotes(tmp_path / "d", ["two"]), place)
        assert texts_of(openpyxl.load_workbook(place)["evidence"], "quote") == ["two"]
        assert names_in(place.parent) == ["t.xlsx"]

    def test_a_damaged_table_is_named_and_the_earlier_file_stays(self, tmp_path: Path) -> None:
        dataset = make_dataset(tmp_path / "dataset", [make_hostile()])
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "t.xlsx").write_bytes(b"earlier")
        damage(dataset, "evidence")
        with pytest.raises(ReadError, match=r"evidence\.parquet: damaged \([^\n]+\)$"):
            write_workbook(dataset, tmp_path / "out" / "t.xlsx")
        assert names_in(tmp_path / "out") == ["t.xlsx"]
        assert (tmp_path / "out" / "t.xlsx").read_bytes() == b"earlier"

    def test_a_place_that_cannot_be_written_is_told_in_one_line(self, dataset: Dataset, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for place, reason in ((tmp_path, "it is a folder"), (tmp_path / "file" / "t.xlsx", "Not a directory")):
            with pytest.raises(OutputError, match=rf"^{place}: cannot be written: {reason}$"):
                write_workbook(dataset, place)
        assert names_in(tmp_path) == ["file"]

    def test_a_full_disk_is_told_in_one_line(
        self, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(zipfile.ZipFile, "write", full)
        with pytest.raises(OutputError, match=r"t\.xlsx: cannot be written: No space left on device$"):
            write_workbook(dataset, tmp_path / "t.xlsx")
        assert names_in(tmp_path) == []

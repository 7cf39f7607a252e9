"""Tables: typed JSON lines, raw CSV, the same bytes each time, complete or not there."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.assembly import Extraction
from extract.errors import OutputError
from extract.records import TABLES, Dosing, Evidence, Finding, Outcome, ReferenceRow, Schema, Study, Trial
from extract.sinks.tables import csv_cell, csv_line, open_atomically, open_tables, write_atomically

from .making import make_extraction

REVIEW = "[ENDPOINT OS] was [PERCENT 0.80%] at [DURATION 2 years], “quoted, with comma”"


def make_reviewed() -> Extraction:
    """One percentage, and by hand one row in each of the other tables."""
    made = make_extraction(REVIEW, **{"0_80_": {"value": Decimal("0.80"), "role": "value", "implicit": False}})
    key = {"document_id": "made", "record_id": "r1"}
    placed = {"quote": "0.80%", "confidence": "stated", "rule": "made", "dois": ("10.1/a", "10.1/b")}
    return replace(
        made,
        outcomes=(
            Outcome(
                **key,
                **placed,
                endpoint="OS",
                endpoint_text="OS",
                statistic="percent",
                value=Decimal("0.80"),
                refs=(4, 5),
            ),
        ),
        dosing=(Dosing(**key, **placed, unit="mg", low=Decimal("2.50"), high=Decimal(5)),),
        trials=(Trial(**key, id="RIALTO", aliases=("the one, or other",), enrolled=1986),),
        studies=(Study(**key, study="ref:4"),),
        findings=(
            Finding(**key, check_name="made", severity="suspicious", message="Made.", quote="0.80%", about=("r1",)),
        ),
        evidence=(
            Evidence(
                **key,
                field="value",
                start=7,
                end=12,
                source_spans=((12, 18), (40, 44)),
                boxes=((3, 72.0, -1.5, 90.25, 10.0),),
                quote="0.80%",
            ),
        ),
        references=(ReferenceRow(document_id="made", number=4, year=2019),),
    )


def write(folder: Path, *, helpers: bool = False) -> Path:
    with open_tables(folder, helpers=helpers) as tables:
        tables.add(make_reviewed())
    return folder


def write_then_fail(folder: Path) -> None:
    with open_tables(folder) as tables:
        for extraction in (make_extraction("[DOSE 5 mg]"), None):
            tables.add(extraction)  # type: ignore[arg-type]


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_writes_each_table_in_both_formats(tmp_path: Path) -> None:
    write(tmp_path / "new" / "out")
    names = sorted(path.name for path in (tmp_path / "new" / "out").iterdir())
    assert names == sorted(f"{table}.{form}" for table in TABLES for form in ("csv", "jsonl"))


@pytest.mark.parametrize("table", TABLES)
def test_columns_stand_in_the_order_of_the_schema(tmp_path: Path, table: Schema) -> None:
    write(tmp_path)
    columns = list(TABLES[table].model_fields)
    assert (tmp_path / f"{table}.csv").read_text(encoding="utf-8").split("\n")[0].split(",") == columns
    assert list(read_lines(tmp_path / f"{table}.jsonl")[0]) == columns


def test_numbers_stand_as_printed_and_missing_is_null(tmp_path: Path) -> None:
    write(tmp_path)
    percent = read_lines(tmp_path / "mentions.jsonl")[1]
    assert percent["value"] == "0.80"
    assert percent["low"] is None
    assert percent["implicit"] is False


@pytest.mark.parametrize("table", TABLES)
def test_csv_holds_the_same_rows_as_the_json_lines(tmp_path: Path, table: Schema) -> None:
    write(tmp_path)
    with (tmp_path / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = read_lines(tmp_path / f"{table}.jsonl")
    assert rows == [{name: csv_cell(value) for name, value in line.items()} for line in lines]


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        ("=1+1", "=1+1"),
        (["a", "b"], "a;b"),
        ([], ""),
        ([[12, 18], [40, 44]], "12:18;40:44"),
    ],
)
def test_csv_cells_hold_raw_values(value: object, printed: str) -> None:
    assert csv_cell(value) == printed


def test_lists_and_places_are_arrays_in_json_and_joined_in_csv(tmp_path: Path) -> None:
    write(tmp_path)
    (line,) = read_lines(tmp_path / "evidence.jsonl")
    assert line["source_spans"] == [[12, 18], [40, 44]]
    assert line["boxes"] == [[3, 72.0, -1.5, 90.25, 10.0]]
    with (tmp_path / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["source_spans"], row["boxes"]) == ("12:18;40:44", "3:72.0:-1.5:90.25:10.0")
    (outcome,) = read_lines(tmp_path / "outcomes.jsonl")
    assert (outcome["refs"], outcome["dois"]) == ([4, 5], ["10.1/a", "10.1/b"])


def test_written_rows_are_counted_by_table(tmp_path: Path) -> None:
    with open_tables(tmp_path) as tables:
        counts = tables.add(make_reviewed())
    assert counts == {**dict.fromkeys(TABLES, 1), "mentions": 2}


def test_only_the_promised_labels_are_written_unless_helpers_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "five")
    write(tmp_path / "all", helpers=True)
    assert [row["label"] for row in read_lines(tmp_path / "five" / "mentions.jsonl")] == ["ENDPOINT", "PERCENT"]
    assert [row["label"] for row in read_lines(tmp_path / "all" / "mentions.jsonl")] == [
        "ENDPOINT",
        "PERCENT",
        "DURATION",
    ]


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path / "first"), write(tmp_path / "second")
    for path in first.iterdir():
        data = path.read_bytes()
        assert data == (second / path.name).read_bytes()
        assert b"\r" not in data
        assert not data.startswith(b"\xef\xbb\xbf")


def test_an_error_leaves_the_earlier_tables_as_they_were(tmp_path: Path) -> None:
    write(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(AttributeError):
        write_then_fail(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"file.*cannot be written"), open_tables(tmp_path / "file"):
        pass


def test_a_folder_in_the_place_of_a_file_is_named_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "card.md").mkdir()
    with pytest.raises(OutputError, match=r"card\.md: cannot be written"), open_atomically(tmp_path / "card.md"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["card.md"]


def test_bytes_take_the_place_of_a_file_whole_or_not_at_all(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "page.png", b"\x89PNG\r\n")
    write_atomically(tmp_path / "new" / "page.png", b"later")
    assert (tmp_path / "new" / "page.png").read_bytes() == b"later"
    with pytest.raises(OutputError, match=r"new: cannot be written"):
        write_atomically(tmp_path / "new", b"")
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "page.png"]


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_any_row_of_cells_reads_back_from_csv(values: list[object]) -> None:
    cells = ["id", *map(csv_cell, values)]
    assert list(csv.reader(io.StringIO(csv_line(cells), newline=""))) == [cells]

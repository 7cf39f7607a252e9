"""The final tables: what people kept, who decided, every difference, the same bytes every time."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from extract.cli import main
from extract.decisions.entries import Anchor
from extract.decisions.tables import CHANGES
from extract.sinks.arrow import arrow_schema

from .samples import accept_all, add, decide, make_dataset, opened, run

REVIEW = """# Iron in Adults: A Review

## Results

Overall survival at 2 years was 61.5% with iron and 50% with placebo in the NORTH-7 trial (NCT00000007) [1].
Patients received iron 200 mg once daily. Anaemia was mild in many, and 12% of them stopped.

## References

1. Frost A. Iron in adults. J Invent Med. 2019;4:1-9. doi:10.5555/jim.2019.1
2. Winter B. More iron. J Invent Med. 2020;5:1-9. doi:10.5555/jim.2020.2
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A dataset of one review."""
    (tmp_path / "review.md").write_text(REVIEW, encoding="utf-8")
    make_dataset(tmp_path / "out", [tmp_path / "review.md"])
    return tmp_path / "out"


def export(out: Path) -> dict[str, list[dict[str, str]]]:
    assert main(["export", str(out), "--to", "reviewed"]) == 0
    folder = out / "exports" / "reviewed"
    return {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for path in folder.glob("*.csv")
    }


def outcomes(tables: dict[str, list[dict[str, str]]], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in tables["outcomes"]]


def test_the_review_has_the_rows_that_these_tests_are_about(out: Path) -> None:
    with opened(out) as (_, documents):
        rows = [(row.record_id, row.row["value"]) for row in documents[0].rows if row.table == "outcomes"]
    assert rows == [("o1", "61.5"), ("o2", "50")]


def test_rows_stand_with_what_was_decided(out: Path) -> None:
    decide(out, "review", "Anna", "accept", "o1")
    decide(out, "review", "Ben", "accept", "o1")
    add(
        out, "review", "Ben", "outcomes", "12%", endpoint="AE", endpoint_text="stopped", statistic="percent", value="12"
    )
    columns = ("record_id", "value", "decision", "decided_by", "machine_record_id")
    assert outcomes(export(out), *columns) == [
        ("o1", "61.5", "accepted", "Anna;Ben", "o1"),
        ("o2", "50", "open", "", "o2"),
        ("p1", "12", "added", "Ben", ""),
    ]
    assert outcomes(export(out), "rule")[-1] == ("person",)


def test_an_added_row_gets_its_place_in_the_file_and_the_dois_of_its_references(out: Path) -> None:
    add(
        out,
        "review",
        "Ben",
        "outcomes",
        "12%",
        endpoint="AE",
        endpoint_text="x",
        statistic="percent",
        value="12",
        refs="2",
    )
    add(out, "review", "Ben", "mentions", "12%", label="PERCENT", role="value", value="12")
    tables = export(out)
    added = tables["outcomes"][-1]
    assert REVIEW[int(added["source_start"]) : int(added["source_end"])] == "12%"
    assert (added["quote"], added["dois"]) == ("12%", "10.5555/jim.2020.2")
    mention = next(row for row in tables["mentions"] if row["mention_id"] == "p1")
    assert (mention["block_kind"], mention["section"]) == ("paragraph", "Results")
    assert REVIEW[int(mention["source_start"]) : int(mention["source_end"])] == "12%"


def test_where_the_file_was_changed_the_place_of_an_added_row_stays_empty(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(out, "review", "Ben", "outcomes", "12%", endpoint="AE", endpoint_text="x", statistic="percent", value="12")
    (out / "papers" / "review.md").write_text(f"{REVIEW}More.\n", encoding="utf-8")
    assert export(out)["outcomes"][-1]["source_start"] == ""
    assert "added rows without their place in the file: 1 (the file is not there any more" in capsys.readouterr().err


def test_other_references_lead_to_other_dois(out: Path) -> None:
    assert outcomes(export_after(out), "refs", "dois")[0] == ("1", "10.5555/jim.2019.1")
    decide(out, "review", "Ben", "correct", "o1", refs=[2, 1])
    assert outcomes(export(out), "refs", "dois")[0] == ("2;1", "10.5555/jim.2020.2;10.5555/jim.2019.1")


def export_after(out: Path) -> dict[str, list[dict[str, str]]]:
    """The tables where somebody has decided on something else."""
    decide(out, "review", "Anna", "accept", "o2")
    return export(out)


def test_rejected_rows_are_left_out_and_stand_among_the_changes(out: Path) -> None:
    decide(out, "review", "Anna", "reject", "o1")
    tables = export(out)
    assert outcomes(tables, "record_id") == [("o2",)]
    lines = [row for row in tables["changes"] if row["machine_record_id"] == "o1"]
    value = next(row for row in lines if row["field"] == "value")
    assert (value["machine_value"], value["final_value"], value["record_id"]) == ("61.5", "", "")
    assert {(row["decision"], row["decided_by"], row["table_name"]) for row in lines} == {
        ("rejected", "Anna", "outcomes")
    }


def test_changes_list_every_difference_and_nothing_else(out: Path) -> None:
    decide(out, "review", "Anna", "correct", "o1", value="61.50", arm=None, n="40")
    decide(out, "review", "Anna", "accept", "o2")
    tables = export(out)
    with opened(out) as (_, documents):
        machine = {row["record_id"]: row for row in documents[0].view.tables["outcomes"]}
    found = [(row["field"], row["machine_value"], row["final_value"]) for row in tables["changes"]]
    assert found == [("value", "61.5", "61.50"), ("n", "", "40"), ("arm", machine["o1"]["arm"], "")]


def test_a_disputed_row_stays_as_the_machine_has_it(out: Path) -> None:
    decide(out, "review", "Anna", "correct", "o1", arm="a")
    decide(out, "review", "Ben", "reject", "o1")
    tables = export(out)
    assert outcomes(tables, "record_id", "decision", "decided_by")[0] == ("o1", "disputed", "Anna;Ben")
    assert tables["changes"] == []


def test_parquet_has_the_tables_columns_then_the_decision_then_the_printed_numbers(out: Path) -> None:
    decide(out, "review", "Anna", "correct", "o1", value="61.50")
    tables = export(out)
    data = pq.read_table(out / "exports" / "reviewed" / "outcomes.parquet")
    usual = [name for name in arrow_schema("outcomes").names if not name.endswith("_printed")]
    added = ["decision", "decided_by", "machine_record_id"]
    assert data.column_names[: len(usual) + 3] == [*usual, *added] == list(tables["outcomes"][0])
    assert data.column("value")[0].as_py() == 61.5
    assert data.column("value_printed")[0].as_py() == "61.50"
    assert data.column("decided_by")[0].as_py() == ["Anna"]
    for table in ("dosing", "trials", "mentions"):
        assert len(pq.read_table(out / "exports" / "reviewed" / f"{table}.parquet")) == len(tables[table]) > 0


def test_the_same_decisions_give_the_same_bytes(out: Path) -> None:
    accept_all(out, "Anna")
    decide(out, "review", "Ben", "correct", "o1", arm="x")
    assert main(["export", str(out), "--to", "reviewed", "-o", str(out / "a")]) == 0
    assert main(["export", str(out), "--to", "reviewed", "-o", str(out / "b")]) == 0
    first, second = ({p.name: p.read_bytes() for p in (out / name).iterdir()} for name in "ab")
    assert first == second
    assert len(first) == 9


def test_a_row_that_the_machine_lost_is_the_persons_own(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(out, "review", "Anna", "accept", "o1")
    with opened(out) as (log, documents):
        gone = {**_row(documents, "o1"), "value": "99", "quote": "99%"}
        anchor = {"start": 5, "end": 8, "quote": "99%", "before": "what nobody ", "after": " wrote in it"}
        log.decide("review", "outcomes", reviewer="Anna", action="accept", anchor=Anchor.from_json(anchor), row=gone)
    tables = export(out)
    assert outcomes(tables, "record_id", "value", "decision", "machine_record_id", "source_start")[-1] == (
        *("p1", "99", "accepted", "", ""),
    )
    assert "review: rows whose words are not in the text any more: 1" in capsys.readouterr().err


def _row(documents: list[Any], record_id: str) -> dict[str, Any]:
    return next(row for row in documents[0].view.tables["outcomes"] if row["record_id"] == record_id)


def test_decisions_on_a_document_that_is_not_in_the_run_are_told(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(out, "review", "Anna", "accept", "o1")
    other = tmp_path / "other.md"
    other.write_text(REVIEW.replace("61.5%", "62.5%"), encoding="utf-8")
    run(out, [other])
    tables = export(out)
    assert {row["document_id"] for row in tables["outcomes"]} == {"other"}
    assert "review: left out: its file is not in the last run" in capsys.readouterr().err


def test_the_paths_of_both_exports_are_printed(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(out, "Anna")
    for form in ("reviewed", "gold"):
        assert main(["export", str(out), "--to", form]) == 0
        paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
        assert paths
        assert all(path.is_file() and path.is_relative_to(out / "exports" / form) for path in paths)


def test_without_decisions_there_is_nothing_to_export(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(out), "--to", "reviewed"]) == 2
    assert "nobody decided on anything here" in capsys.readouterr().err
    assert not (out / "exports").exists()


def test_the_folder_and_its_dataset_are_not_touched(out: Path) -> None:
    before = {path.name: path.read_bytes() for path in out.glob("*.parquet")}
    state = json.loads((out / "datapackage.json").read_text())
    decide(out, "review", "Anna", "reject", "o1")
    export(out)
    assert {path.name: path.read_bytes() for path in out.glob("*.parquet")} == before
    assert json.loads((out / "datapackage.json").read_text()) == state
    assert (out / "exports" / "reviewed" / CHANGES).is_file()

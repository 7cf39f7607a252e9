"""`extract run`: the tables it writes, what it counts and tells, and that a failing file keeps no other back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from extract.batch.inputs import document_ids
from extract.cli import main
from extract.records import TABLES, Schema

from .making import make_pdf, read_lines


def test_run_writes_tables_and_counts_their_rows(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(review), "-o", str(out)]) == 0
    shown = capsys.readouterr()
    header, *rows = [line for line in shown.out.splitlines() if line.startswith(("┃", "│"))]
    assert header.split()[1::2] == ["document", *(table for table in TABLES if table != "documents")]
    counts = [str(len(read_lines(out / f"{table}.jsonl"))) for table in TABLES if table != "documents"]
    assert [row.split()[1::2] for row in rows] == [["review", *counts]]
    assert shown.err == f"extract: wrote {2 * len(TABLES)} files to {out}\n"
    quotes = {(row["label"], row["quote"]) for row in read_lines(out / "mentions.jsonl")}
    assert {("REGISTRY_ID", "NCT02187354"), ("DOSE", "15 µg/m²/day"), ("PERCENT", "71.3")} <= quotes
    assert [row["document_id"] for row in read_lines(out / "documents.jsonl")] == ["review"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a sample review, which fills all of them."""
    folder = tmp_path_factory.mktemp("written")
    sample = Path(__file__).parents[2] / "corpus" / "samples" / "haematology.md"
    assert main(["run", str(sample), "-o", str(folder), "--helpers"]) == 0
    return folder


@pytest.mark.parametrize("table", TABLES)
def test_every_line_fits_the_schema_that_extract_prints(
    written: Path, capsys: pytest.CaptureFixture[str], table: Schema
) -> None:
    capsys.readouterr()
    assert main(["schema", table]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rows = read_lines(written / f"{table}.jsonl")
    assert rows
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []
    with (written / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == list(TABLES[table].model_fields)


def test_evidence_of_each_row_is_in_the_file(review: Path, tmp_path: Path) -> None:
    main(["run", str(review), "-o", str(tmp_path)])
    source = review.read_text(encoding="utf-8")
    for row in read_lines(tmp_path / "mentions.jsonl"):
        assert source[row["source_start"] : row["source_end"]] == row["quote"]  # type: ignore[misc]


def test_two_runs_give_the_same_bytes(review: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        main(["run", str(review), "-o", str(tmp_path / name)])
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_a_failing_file_is_told_and_the_others_go_on(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.md"
    assert main(["run", str(missing), str(review), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.splitlines()[0] == f"extract: {missing}: no such file"
    assert len(read_lines(tmp_path / "out" / "documents.jsonl")) == 1


def test_where_every_file_fails_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "-o", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr()
    assert (shown.out, len(shown.err.splitlines())) == ("", 2)
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_one_line(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(review), "-o", str(review)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {review}")
    assert error.count("\n") == 1


def test_helpers_are_written_on_request(review: Path, tmp_path: Path) -> None:
    main(["run", str(review), "-o", str(tmp_path / "five")])
    main(["run", str(review), "-o", str(tmp_path / "all"), "--helpers"])
    five, everything = (
        {str(row["mention_id"]) for row in read_lines(tmp_path / name / "mentions.jsonl")} for name in ("five", "all")
    )
    assert five < everything


def test_a_file_named_twice_is_read_once(review: Path, tmp_path: Path) -> None:
    assert main(["run", str(review), str(review), "-o", str(tmp_path / "out")]) == 0
    assert len(read_lines(tmp_path / "out" / "documents.jsonl")) == 1


def test_ids_are_the_stems_made_unique() -> None:
    names = ["a/x.md", "b/x.md", "x-2.md", "c/x.txt", "y.md"]
    assert list(document_ids([Path(name) for name in names])) == ["x", "x-3", "x-2", "x-4", "y"]


def test_rows_of_a_pdf_have_pages_and_boxes_and_no_offsets_into_the_file(pdf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["run", str(pdf), "-o", str(out)]) == 0
    (dose,) = read_lines(out / "dosing.jsonl")
    assert (dose["page_number"], dose["source_start"]) == (2, None)
    evidence = [row for row in read_lines(out / "evidence.jsonl") if row["record_id"] == dose["record_id"]]
    assert evidence
    for row in evidence:
        assert [box[0] for box in row["boxes"]] == [2]  # type: ignore[attr-defined]
    (document,) = read_lines(out / "documents.jsonl")
    assert (document["pages"], document["path"]) == (2, str(pdf))


@pytest.mark.parametrize("command", ["run", "show"])
def test_what_a_reader_was_unsure_of_is_told_for_each_file(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "In 43 children, survival was 71.3%.", "")
    output = [str(review), "-o", str(tmp_path / "out")] if command == "run" else []
    assert main([command, str(scan), *output]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert warnings
    assert all(line.startswith(f"extract: {scan}: warning: ") for line in warnings)
    if command == "run":
        kept = {row["document_id"]: row["warnings"] for row in read_lines(tmp_path / "out" / "documents.jsonl")}
        assert [f"extract: {scan}: warning: {each}" for each in kept["scan"]] == warnings  # type: ignore[attr-defined]
        assert kept["review"] == []

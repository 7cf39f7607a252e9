"""Comparisons for the terminal, as CSV and as JSON lines, of extractions and of a dataset."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import extract
from extract.assembly import Extraction
from extract.compare import ComparedRow, ComparedStudy, compare_documents
from extract.errors import ReadError
from extract.readers import parse_text
from extract.sinks.compare_tables import comparison_tables, read_sources, write_comparison

from .datasets import damage, make_dataset

REFERENCES = """
## References

1. Moreau A, Berg T. Lumetinib for relapsed lymphoma in older adults. J Made Up. 2019;1:1-9. doi: 10.5555/jmu.2019.1
2. Okafor B. Aspirin after stroke. J Made Up. 2011;2:3-4. doi: 10.5555/jmu.2011.2
"""
FIRST = (
    "# Lymphoma in Older Adults and What Helps\n\n## Results\n\nIn the study by Moreau et al., 3-year EFS was 47% and"
    " 3-year OS was 81% (1). Complete remission was seen in 24 of 40 patients (1).\n" + REFERENCES
)
SECOND = (
    "# Small Molecules in Lymphoma: A Narrative Review\n\n## Results\n\nMoreau et al. reported a 3-year OS of 47% and a"
    " 3-year EFS of 81% (1). Complete remission was seen in 60% of patients (1).\n" + REFERENCES
)


@pytest.fixture(scope="module")
def extractions() -> list[Extraction]:
    texts = {"first": FIRST, "second": SECOND}
    return [extract.extract_document(parse_text(text, document_id=name)) for name, text in texts.items()]


@pytest.fixture(scope="module")
def studies(extractions: list[Extraction]) -> list[ComparedStudy]:
    return list(compare_documents(extractions))


def shown(studies: list[ComparedStudy], width: int = 100) -> str:
    stream = StringIO()
    Console(file=stream, width=width).print(comparison_tables(studies))
    return stream.getvalue()


def written(studies: list[ComparedStudy], form: str) -> str:
    stream = StringIO()
    write_comparison(studies, stream, form)
    return stream.getvalue()


def test_figures_interchanged_in_two_texts(studies: list[ComparedStudy]) -> None:
    assert [study.matched_by for study in studies] == [("DOI 10.5555/jmu.2019.1",), ("DOI 10.5555/jmu.2011.2",)]
    assert [line.status for line in studies[0].lines] == ["swapped", "swapped", "agree"]


def test_the_terminal(studies: list[ComparedStudy]) -> None:
    text = shown(studies)
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith("2 studies in several reviews; results: 2 swapped, 1 agree")
    for words in (
        "Moreau 2019",
        "DOI 10.5555/jmu.2019.1",
        "first",
        "second",
        "47%",
        "81%",
        "24/40",
        "are interchanged",
    ):
        assert words in text
    assert "in several reviews, without results\n  Okafor 2011" in text


def test_nothing_in_common() -> None:
    assert shown([]) == "no study is in two of the reviews\n"


def test_csv_has_both_sides_with_their_places(studies: list[ComparedStudy]) -> None:
    rows = list(csv.DictReader(StringIO(written(studies, "csv"))))
    assert list(rows[0]) == list(ComparedRow.model_fields)
    row = next(row for row in rows if row["endpoint"] == "EFS")
    assert (row["status"], row["value_a"], row["value_b"]) == ("swapped", "47", "81")
    for letter, text in (("a", FIRST), ("b", SECOND)):
        assert text[int(row[f"source_start_{letter}"]) : int(row[f"source_end_{letter}"])] == row[f"quote_{letter}"]
        assert row[f"section_{letter}"] == "Results"
    assert (row["document_id_a"], row["document_id_b"], row["timepoint"]) == ("first", "second", "P3Y")


def test_json_lines_hold_the_same_rows(studies: list[ComparedStudy]) -> None:
    rows = [json.loads(line) for line in written(studies, "jsonl").splitlines()]
    assert [row["status"] for row in rows] == ["swapped", "swapped", "agree", None]
    assert rows[0]["matched_by"] == ["DOI 10.5555/jmu.2019.1"]
    assert all(ComparedRow.model_validate(row) for row in rows)


def test_a_dataset_gives_the_same(tmp_path: Path, extractions: list[Extraction], studies: list[ComparedStudy]) -> None:
    dataset = make_dataset(tmp_path, extractions)
    stored = list(compare_documents(read_sources(dataset)))
    assert written(stored, "jsonl") == written(studies, "jsonl")


def test_a_damaged_dataset_is_told(tmp_path: Path, extractions: list[Extraction]) -> None:
    dataset = make_dataset(tmp_path, extractions)
    damage(dataset, "outcomes")
    with pytest.raises(ReadError, match=r"outcomes\.parquet: damaged"):
        list(compare_documents(read_sources(dataset)))


def test_control_signs_do_not_steer_the_terminal(extractions: list[Extraction]) -> None:
    made = [
        extract.extract_document(parse_text(text.replace("Moreau A", "Mor\x1beau A"), document_id=name))
        for name, text in (("first", FIRST), ("second", SECOND))
    ]
    assert "\x1b" not in shown(list(compare_documents(made)))

"""The invariants of DESIGN.md on records: nothing invented, evidence, order, joins, shape, determinism, no state."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

import extract
from extract.assembly import Extraction, extract_document
from extract.document import BlockKind, CharSpan
from extract.readers import parse_text
from record_checks import (
    CHECKS,
    Check,
    codes_without_evidence,
    columns_without_evidence,
    evidence_out_of_place,
    misshapen,
    numbers_without_evidence,
    out_of_order,
    outcomes_outside_zones,
    texts_without_evidence,
    unresolved_studies,
)

ROOT = Path(__file__).resolve().parent.parent
# Where the texts of documents may lie: papers that are not free to pass on stand outside the repository.
FOLDERS = tuple(
    ROOT / folder for folder in ("corpus/samples", "corpus/sources", "../shared/corpus", "../shared/corpus/text")
)
SAMPLES = sorted((ROOT / "corpus" / "samples").glob("*.md"))
GOLD = {path.parent.name for path in (ROOT / "gold").glob("*/outcomes.csv")}
AT_HAND = {
    path.stem: path
    for folder in reversed(FOLDERS)
    for ending in ("*.txt", "*.md")
    for path in sorted(folder.glob(ending))
    if path.stem != "README"
}
TABLES = ("outcomes", "dosing", "trials", "studies", "evidence", "references")


@cache
def pipeline() -> Language:
    return extract.load()


@cache
def extracted(document_id: str) -> Extraction:
    if document_id not in AT_HAND:
        pytest.skip(f"the text of {document_id} is not at hand")
    return extract_document(extract.read(AT_HAND[document_id]), nlp=pipeline())


def run(text: str) -> Extraction:
    return extract_document(parse_text(text), nlp=pipeline())


def as_bytes(extraction: Extraction) -> bytes:
    """All rows of all tables of records."""
    return "\n".join(row.model_dump_json() for table in TABLES for row in getattr(extraction, table)).encode()


# ------------------------------------------------------------------------------------------- every document at hand


@pytest.mark.parametrize("document_id", sorted(GOLD | set(AT_HAND)))
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_record_holds_the_invariant(check: Check, document_id: str) -> None:
    extraction = extracted(document_id)
    assert extraction.outcomes
    wrong = check(extraction)
    assert not wrong, f"{len(wrong)} records of {document_id}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_give_rows_of_all_tables(path: Path) -> None:
    extraction = extracted(path.stem)
    assert all(len(getattr(extraction, table)) >= 10 for table in TABLES)


# ------------------------------------------------------------------------------------------- determinism and no state


@pytest.mark.parametrize("document_id", sorted(GOLD | set(AT_HAND)))
def test_the_same_file_gives_the_same_bytes(document_id: str) -> None:
    first = as_bytes(extracted(document_id))
    assert as_bytes(extract_document(extract.read(AT_HAND[document_id]), nlp=pipeline())) == first


def test_records_do_not_hang_on_the_documents_before() -> None:
    paths = [AT_HAND[name] for name in sorted(AT_HAND)]
    forward = {path: as_bytes(extract_document(extract.read(path), nlp=pipeline())) for path in paths}
    for path in reversed(paths):
        assert as_bytes(extract_document(extract.read(path), nlp=pipeline())) == forward[path], path.stem


HASHED = """
import hashlib, sys
import extract
nlp, found = extract.load(), hashlib.sha256()
for path in sys.argv[1:]:
    extraction = extract.extract_document(extract.read(path), nlp=nlp)
    for table in ("outcomes", "dosing", "trials", "studies", "evidence", "references"):
        for row in getattr(extraction, table):
            found.update(row.model_dump_json().encode() + b"\\n")
print(found.hexdigest())
"""


def test_another_process_gives_the_same_bytes() -> None:
    """Sets and dicts of strings are hashed with another seed there."""
    here = hashlib.sha256()
    for path in SAMPLES:
        extraction = extract_document(extract.read(path), nlp=pipeline())
        for table in TABLES:
            for row in getattr(extraction, table):
                here.update(row.model_dump_json().encode() + b"\n")
    for seed in ("1", "2024"):
        there = subprocess.run(
            [sys.executable, "-c", HASHED, *map(str, SAMPLES)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == here.hexdigest(), f"hash seed {seed}"


# --------------------------------------------------------------------------------------------- little or nothing there


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "# A review", "# A review\n\n## Results\n\n## Discussion\n", "## Results\n\nNothing was measured."],
    ids=["empty", "line ends", "title", "headings", "no figures"],
)
def test_where_nothing_is_said_the_tables_are_empty(text: str) -> None:
    extraction = run(text)
    assert [len(getattr(extraction, table)) for table in TABLES] == [0] * len(TABLES)


def test_without_a_reference_list_records_keep_the_numbers_they_cite() -> None:
    extraction = run(
        "# Iron in heart failure\n\n## Results\n\nIn a cohort, 2-year overall survival was 71.3% with iron and 58.4% "
        "with placebo (7).\n\nThe OPAL-4 trial (NCT01234567) gave torasemide 20 mg once daily; 9 of 210 died.\n"
    )
    assert extraction.references == ()
    assert {str(row.value) for row in extraction.outcomes if row.statistic == "percent"} == {"71.3", "58.4"}
    assert {row.refs for row in extraction.outcomes if row.statistic == "percent"} == {(7,)}
    assert not [wrong for check in CHECKS for wrong in check(extraction)]


# ----------------------------------------------------------------------------------------- sentences in random company


@cache
def pieces() -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The sentences and the tables of the samples, and their longest reference list: it holds every number cited."""
    sentences, tables = [], []
    lists: list[list[str]] = []
    for path in SAMPLES:
        document = extract.read(path)
        for block in document.blocks:
            text = document.text[slice(*block.span)]
            if block.kind is BlockKind.TABLE:
                tables.append(text)
            elif block.kind in {BlockKind.PARAGRAPH, BlockKind.ABSTRACT}:
                sentences += [each for each in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if re.search(r"\d", each)]
        lists.append([document.text[slice(*each.span)] for each in document.references])
    longest = max(lists, key=len)
    return tuple(sentences), tuple(tables), "\n\n".join(longest)


@st.composite
def reviews(draw: st.DrawFn) -> str:
    """A review of sentences and tables of several samples, with or without a reference list."""
    sentences, tables, references = pieces()
    paragraph = st.lists(st.sampled_from(sentences), min_size=1, max_size=4).map(" ".join)
    body = draw(st.lists(st.one_of(paragraph, paragraph, paragraph, st.sampled_from(tables)), min_size=1, max_size=5))
    tail = f"\n\n## References\n\n{references}\n" if draw(st.booleans()) else "\n"
    return "# Treatments compared\n\n## Results\n\n" + "\n\n".join(body) + tail


@given(reviews())
@settings(max_examples=60)
def test_any_recombination_of_sentences_holds_the_invariants(text: str) -> None:
    extraction = run(text)
    wrong = [f"{check.__name__}: {each}" for check in CHECKS for each in check(extraction)]
    assert not wrong, "\n".join(wrong)


# ----------------------------------------------------------------------------------------- the checks see what is wrong

REVIEW = """# Anticoagulants

## Results

In the OPAL-4 trial (NCT01234567) (1), 2-year overall survival was 71.3% with apixaban and 58.4% with placebo \
(HR 0.58, 95% CI 0.41-0.83, p = 0.003). Twelve of 204 patients died. Apixaban 5 mg twice daily was given orally.

## References

1. Moss A, Reed B. Apixaban in the old. Lancet 2019;1:2-9. doi: 10.1000/abc.1
"""


def changed(table: str, column: str, value: object, *, where: Callable[[Any], bool] = lambda row: True) -> Extraction:
    """The records of the review with another value in one column of the first row that fits."""
    extraction = run(REVIEW)
    rows = list(getattr(extraction, table))
    place = next(place for place, row in enumerate(rows) if where(row))
    rows[place] = rows[place].model_copy(update={column: value})
    tables: dict[str, Any] = {table: tuple(rows)}
    return replace(extraction, **tables)


def is_ratio(row: Any) -> bool:
    return bool(row.statistic == "hazard_ratio")


def is_percent(row: Any) -> bool:
    return bool(row.statistic == "percent")


def is_count(row: Any) -> bool:
    return bool(row.statistic == "count")


def test_the_review_without_a_change_holds_all() -> None:
    extraction = run(REVIEW)
    assert {row.statistic for row in extraction.outcomes} == {"percent", "hazard_ratio", "count"}
    assert len(extraction.dosing) == len(extraction.trials) == 1
    assert not [wrong for check in CHECKS for wrong in check(extraction)]


@pytest.mark.parametrize(
    ("check", "table", "column", "value", "where"),
    [
        (numbers_without_evidence, "outcomes", "value", Decimal("71.4"), is_percent),
        (numbers_without_evidence, "outcomes", "value", Decimal("71.30"), is_percent),
        (numbers_without_evidence, "outcomes", "value", Decimal("-71.3"), is_percent),
        (numbers_without_evidence, "outcomes", "ci_low", Decimal("0.42"), is_ratio),
        (numbers_without_evidence, "outcomes", "p", Decimal("0.03"), is_ratio),
        (numbers_without_evidence, "outcomes", "n", 204, is_count),
        (numbers_without_evidence, "outcomes", "refs", (2,), is_percent),
        (numbers_without_evidence, "outcomes", "study", "ref:3", is_percent),
        (numbers_without_evidence, "dosing", "value", Decimal(50), None),
        (texts_without_evidence, "outcomes", "arm", "rivaroxaban", is_percent),
        (texts_without_evidence, "outcomes", "endpoint_text", "overall mortality", is_percent),
        (texts_without_evidence, "outcomes", "study", "OPAL-5", is_percent),
        (texts_without_evidence, "dosing", "schedule", "three times daily", None),
        (texts_without_evidence, "trials", "registry_ids", ("NCT01234568",), None),
        (codes_without_evidence, "outcomes", "timepoint", "P3Y", is_percent),
        (codes_without_evidence, "outcomes", "timepoint", "P2M", is_percent),
        (codes_without_evidence, "dosing", "unit", "mg/kg", None),
        (codes_without_evidence, "dosing", "unit", "g", None),
        (codes_without_evidence, "dosing", "route", "iv", None),
        (columns_without_evidence, "outcomes", "grade", "grade 3", is_percent),
        (columns_without_evidence, "outcomes", "arm", None, is_percent),
        (columns_without_evidence, "outcomes", "record_id", "o77", is_percent),
        (evidence_out_of_place, "evidence", "end", 3, None),
        (evidence_out_of_place, "evidence", "source_spans", ((0, 4),), None),
        (out_of_order, "outcomes", "record_id", "o77", is_percent),
        (out_of_order, "outcomes", "source_start", 1, is_percent),
        (unresolved_studies, "outcomes", "study", "OPAL-5", is_percent),
        (unresolved_studies, "outcomes", "refs", (5,), is_percent),
        (unresolved_studies, "outcomes", "dois", ("10.1000/xyz",), is_percent),
        (misshapen, "outcomes", "total", 11, is_count),
        (misshapen, "outcomes", "value", Decimal(12), is_count),
        (misshapen, "outcomes", "low", Decimal(12), is_percent),
        (misshapen, "outcomes", "versus", "placebo", is_percent),
        (misshapen, "outcomes", "ci_low", None, is_ratio),
        (misshapen, "outcomes", "p_op", None, is_ratio),
        (misshapen, "outcomes", "p", Decimal(3), is_ratio),
        (misshapen, "outcomes", "bound", "<", is_count),
        (misshapen, "outcomes", "unit", None, is_percent),
        (misshapen, "outcomes", "statistic", "Hazard ratio", is_ratio),
        (misshapen, "outcomes", "confidence", "certain", is_percent),
    ],
)
def test_a_check_sees_a_record_that_is_wrong(
    check: Check, table: str, column: str, value: object, where: Callable[[Any], bool] | None
) -> None:
    assert check(changed(table, column, value, where=where or (lambda row: True)))


def test_a_figure_outside_zones_is_seen() -> None:
    extraction = run(REVIEW)
    place = CharSpan(*extraction.document.references[0].span)
    moved = extraction.evidence[0].model_copy(update={"start": place.start, "end": place.end})
    assert outcomes_outside_zones(replace(extraction, evidence=(moved, *extraction.evidence[1:])))


def test_a_place_given_twice_is_seen() -> None:
    extraction = run(REVIEW)
    assert columns_without_evidence(replace(extraction, evidence=(*extraction.evidence, extraction.evidence[0])))

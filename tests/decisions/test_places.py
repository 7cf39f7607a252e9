"""Where rows stand: the places that decisions keep are those that the program wrote down."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

from extract.assembly import Extraction
from extract.audit import extract_and_audit
from extract.decisions.places import anchor_row, find_placed, place_of, placed_rows
from extract.readers import read

from .making import make

SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"


@pytest.fixture(scope="module", params=["cardiology.md", "haematology-archive.nxml"])
def extraction(request: pytest.FixtureRequest, nlp: Language) -> Extraction:
    return extract_and_audit(read(SAMPLES / request.param), nlp=nlp)


def test_every_row_of_a_review_has_the_place_of_its_quote(extraction: Extraction) -> None:
    document = extraction.document
    tables = {
        table: [row.model_dump(mode="json") for row in extraction.rows(table)]
        for table in ("outcomes", "dosing", "trials", "mentions", "evidence")
    }
    rows = placed_rows(tables)
    assert len(rows) == sum(len(tables[table]) for table in ("outcomes", "dosing", "trials", "mentions"))
    for table, row, place in rows:
        assert place is not None
        if table != "trials":
            assert document.text[place.start : place.end] == row["quote"]
        if table != "trials" and document.has_source_offsets:
            assert document.source_spans(*place)[0].start == row["source_start"]


def test_every_anchor_holds_its_words(extraction: Extraction) -> None:
    tables = {
        table: [row.model_dump(mode="json") for row in extraction.rows(table)]
        for table in ("outcomes", "dosing", "trials", "evidence")
    }
    anchors = [anchor_row(extraction.document.text, placed) for placed in placed_rows(tables)]
    assert all(extraction.document.text[each.start : each.end] == each.quote for each in anchors)


def test_the_figure_comes_before_what_else_is_printed_in_the_same_words() -> None:
    pieces = [
        {"field": "endpoint", "start": 40, "end": 44, "quote": "died"},
        {"field": "n", "start": 9, "end": 10, "quote": "5"},
        {"field": "value", "start": 3, "end": 4, "quote": "5"},
    ]
    assert place_of("outcomes", {"quote": "5"}, pieces) == (3, 4)
    assert place_of("outcomes", {"quote": "died"}, pieces) == (40, 44)


def test_a_trial_stands_where_its_name_does_first() -> None:
    pieces = [
        {"field": "age", "start": 1, "end": 4, "quote": "old"},
        {"field": "id", "start": 50, "end": 55, "quote": "NORTH"},
        {"field": "id", "start": 20, "end": 25, "quote": "NORTH"},
    ]
    assert place_of("trials", {"id": "NORTH"}, pieces) == (20, 25)


def test_a_row_without_evidence_has_no_place() -> None:
    text, tables = make("Some [outcome 5%] of them.")
    placed = find_placed({**tables, "evidence": []}, "outcomes", "o1")
    assert placed is not None
    assert placed.place is None
    assert not anchor_row(text, placed).is_placed

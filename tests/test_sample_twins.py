"""The samples that are stored as PDF and as JATS, too: their tables are those of the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.assembly import extract_document
from extract.readers import read

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"


@pytest.mark.parametrize(
    ("twin", "sample"), [("cardiology-typeset.pdf", "cardiology.md"), ("haematology-archive.nxml", "haematology.md")]
)
def test_a_twin_has_the_results_of_its_text(twin: str, sample: str) -> None:
    tables = []
    for name in (twin, sample):
        extraction = extract_document(read(SAMPLES / name))
        rows = [(row.endpoint, row.statistic, row.value, row.n, row.ci_low) for row in extraction.outcomes]
        tables.append(sorted(map(repr, rows)))
    ours, theirs = tables
    shared = len(set(ours) & set(theirs))
    assert shared >= 0.95 * max(len(set(ours)), len(set(theirs)))

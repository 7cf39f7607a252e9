"""Numbers with commas, or without units, where others are expected: read or left alone, but never an error."""

from __future__ import annotations

import pytest

import extract
from extract.readers import parse_text

HEAD = "# A Review\n\n## Results\n\n"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (
            "Table 1. Events, n (%).\n\n| Event | Drug (n = 45, oral) | Placebo (N = 1,020, oral) |\n|---|---|---|\n"
            "| Fever | 9 (20.0) | 102 (10.0) |\n",
            [9, 102],
        ),
        (
            "Table 1. Responses.\n\n| Trial | Complete remission |\n|---|---|\n| NORTH-1 | 12/45, 3/40 |\n",
            [12],
        ),
        (
            "Table 1. Sizes.\n\n| Trial (n = 45, all) | OS at 2 years (%) |\n|---|---|\n| NORTH-1 (n = 45,) | 61.0 |\n",
            [],
        ),
        ("HbA1c fell by 1.5 with semaglutide and by 0.1% with placebo.", []),
        ("HbA1c fell by 1.5 points with semaglutide and 0.1% with placebo (p < 0.001).", []),
    ],
)
def test_a_document_with_odd_numbers_is_read(text: str, counts: list[int]) -> None:
    extraction = extract.extract_document(parse_text(HEAD + text))
    found = [row.n for row in extraction.outcomes if row.n is not None]
    assert found[: len(counts)] == counts

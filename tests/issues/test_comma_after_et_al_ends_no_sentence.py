"""The comma of "et al., 2019" was read as a citation behind a full stop, so every such bracket cut its sentence."""

from __future__ import annotations

import pytest

from extract.components.sentences import split


@pytest.mark.parametrize(
    "text",
    [
        "In the study (Keating et al., 2019), relapse was rare.",
        "Relapse was rare (Keating et al., 2019; Orlov et al., 2020).",
    ],
)
def test_a_bracket_with_author_and_year_stays_in_its_sentence(text: str) -> None:
    assert len(split(text, 0, len(text))) == 1


def test_superscript_citations_behind_the_full_stop_still_end_one() -> None:
    text = "Relapse was rare.¹,² Death was not."
    assert [text[start:end] for start, end in split(text, 0, len(text))] == ["Relapse was rare.¹,²", "Death was not."]

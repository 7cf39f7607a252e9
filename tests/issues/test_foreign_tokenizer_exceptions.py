"""spaCy's own tokenizer keeps `8)`, `<3` and `h.` in one token (emoticons, abbreviations): spans were too wide."""

from __future__ import annotations

import pytest
import spacy

from extract.pipeline import COMPONENTS


@pytest.mark.parametrize(
    ("text", "name", "quote"),
    [
        ("Growth was faster (95% credible interval 1.2 to 1.8).", "statistics", "95% credible interval 1.2 to 1.8"),
        ("Infants aged <3 years were treated.", "durations", "3 years"),
        ("It was begun within 72 h.", "durations", "72 h"),
    ],
)
def test_spans_are_exact_in_a_blank_pipeline(text: str, name: str, quote: str) -> None:
    nlp = spacy.blank("en")
    for component in COMPONENTS:
        nlp.add_pipe(component)
    doc = nlp(text)
    assert quote in [span.text for span in doc.spans[name]]

"""Sentences: abbreviations, decimals and citations do not end them; blocks do."""

from __future__ import annotations

import pytest
from spacy.language import Language

from extract.pipeline import make_doc
from inline import document_from


@pytest.mark.parametrize(
    "text",
    [
        "Death was rare.|Stroke was not.",
        "Keating et al. Reported it.",
        "It was 50 vs. 37% in adults.",
        "It was given i.e. Infused by day 3.",
        "See Fig. 3 for the curves.|They cross.",
        "The risk was 0.79 at 3 years.|It fell later.",
        "Statins help (5).|They are cheap.",
        "Statins help.¹²|They are cheap.",
        "Statins help.(5)|They are cheap.",
        "Is it safe?|It is!|Nobody doubts it.",
        "Dr. Moss and J. Lee wrote it.",
        "It was stopped.|SGLT2 inhibitors were not.",
    ],
)
def test_where_sentences_end(nlp: Language, text: str) -> None:
    doc = nlp(text.replace("|", " "))
    assert [span.text for span in doc.spans["sentences"]] == text.split("|")


def test_sentences_cover_all_but_the_space_between_them(nlp: Language) -> None:
    text = "  One. Two is longer.   Three 4.5 ends.  "
    doc = nlp(text)
    assert [span.text for span in doc.spans["sentences"]] == ["One.", "Two is longer.", "Three 4.5 ends."]


def test_a_block_ends_a_sentence_and_a_cell_is_one(nlp: Language) -> None:
    document = document_from(
        "Death was rare\n\n### Stroke\n\nIt was not.\n\nArm\tStroke (%)\nIron\t4. Or 5\nPlacebo\t6\n"
    )
    doc = make_doc(nlp, document)
    found = [span.text for span in doc.spans["sentences"]]
    cells = ["Arm", "Stroke (%)", "Iron", "4. Or 5", "Placebo", "6"]
    assert found == ["Results", "Death was rare", "Stroke", "It was not.", *cells]

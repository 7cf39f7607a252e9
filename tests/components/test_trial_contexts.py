"""Trial names shown by their place: lists of trials, what enrols or shows something, titles of the reference list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from extract.pipeline import make_doc
from extract.readers import parse_text

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Two replicate trials, <trial>SIROCCO</trial> and <trial>CALIMA</trial>, were positive.",
        "Both phase 3 studies (<trial>ORBIT</trial> and <trial>VENTUS</trial>) were negative.",
        "Negative trials such as <trial>STATIC-GOUT</trial> and <trial>SPARE-T</trial> were published late.",
        "The <trial>EMERALD-Late</trial> (5,988 patients) and <trial>RAPIDO</trial> (920 patients) trials agreed.",
    ],
)
def test_a_list_after_a_word_for_trials_holds_trials(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "<trial>SPARE-T</trial> randomised 150 patients with gout.",
        "<trial>GOUT-REG OUTCOME</trial> enrolled 7,020 adults.",
        "In <trial>DAPT-HF</trial>, death was rare with aspirin.",
        "In <trial>AspCheck 227</trial>, patients with gout had more flares.",
        "In <trial>SPIRAL GOUT-OFF MED</trial> [12], flares were rare.",
        "<trial>PATHWAYS-2</trial> showed fewer flares with colchicine.",
    ],
)
def test_a_code_that_enrols_or_shows_something_is_a_trial(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "The COG enrolled 40 patients.",
        "In COPD, 400 patients were studied.",
        "Patients with NSTE-GOUT were old. In NSTE-GOUT, aspirin was of no use.",
        "In FLT3-ITD, relapse is common. PD-L1 showed no effect, and AMG-510 showed activity.",
        "All included studies (Table 1) compared drugs. In Table 1, results are shown.",
    ],
)
def test_groups_diseases_genes_drugs_and_tables_are_none(check: Check, text: str) -> None:
    check(text, "trial")


@pytest.mark.parametrize(
    "marked",
    [
        "The <trial>LAKE 2</trial> trial was positive.",
        "The <trial>EMPIRE-Lung 1</trial> trial was positive.",
        "The <trial>LAKE-2</trial> phase 3 trial was positive.",
        "The <trial>LAKE</trial> phase III study was positive.",
    ],
)
def test_a_numeral_is_part_of_the_name_unless_it_is_that_of_a_phase(check: Check, marked: str) -> None:
    check(marked)


def test_a_name_in_the_title_of_a_reference_is_one_in_the_text(nlp: Language) -> None:
    doc = make_doc(
        nlp,
        parse_text(
            "# Gout: a review\n\n## Introduction\n\nFlares were rare with colchicine (INHALE-GOUT; 1), and MRI"
            " is useful (2).\n\n## References\n\n"
            "1. Amann B, Beer C. Inhaled colchicine: INHALE-GOUT. Rheum. 2019;1:1-2.\n"
            "2. Dahl E, Egede F. Imaging of joints (MRI). Rheum. 2020;2:3-4.\n"
        ),
    )
    assert [span.text for span in doc.spans["trials"]] == ["INHALE-GOUT"]

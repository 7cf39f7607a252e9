"""Trials: one row a trial, with its names, numbers and what the text prints of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from spacy.language import Language

from extract.document import CharSpan
from extract.linking import Link, Marks
from extract.linking.enrolment import find_enrolled
from extract.linking.trial_facts import find_age, find_people, find_phase, find_years
from extract.linking.trials import link_trials
from extract.pipeline import make_doc
from extract.readers import parse_text

Rows = Callable[..., dict[str, Mapping[str, Any]]]


def article(body: str, title: str = "Stroke: a narrative review", references: str = "") -> str:
    """A review in Markdown."""
    return (
        f"# {title}\n\n## Introduction\n\nStroke is common.\n\n## Results\n\n{body}\n\n## References\n\n{references}\n"
    )


@pytest.fixture
def links_of(nlp: Language) -> Callable[[str], tuple[Marks, list[Link]]]:
    """The trials of a text read as a file."""

    def build(text: str) -> tuple[Marks, list[Link]]:
        marks = Marks(make_doc(nlp, parse_text(text)))
        return marks, link_trials(marks)

    return build


@pytest.fixture
def rows_of(links_of: Callable[[str], tuple[Marks, list[Link]]]) -> Rows:
    """The values of each trial's row by its id."""

    def build(body: str, **how: str) -> dict[str, Mapping[str, Any]]:
        _, links = links_of(article(body, **how))
        return {link.fields["id"].value: {name: found.value for name, found in link.fields.items()} for link in links}

    return build


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ("The CASTLE trial (NCT01234567) was small.", {"CASTLE": ("NCT01234567",)}),
        ("The CASTLE trial (NCT01234567; 2012-003456-78) was small.", {"CASTLE": ("NCT01234567", "2012-003456-78")}),
        (
            "CASTLE (jRCT2031990457, also registered as UMIN000099604) was a trial.",
            {"CASTLE": ("jRCT2031990457", "UMIN000099604")},
        ),
        ("A trial is ongoing (CASTLE, EudraCT: 2012-003456-78).", {"CASTLE": ("2012-003456-78",)}),
        (
            "Adults are enrolled in the CASTLE trial for thrombolysis after stroke (ClinicalTrials.gov: NCT01234567).",
            {"CASTLE": ("NCT01234567",)},
        ),
        (
            "The CASTLE and TOWER trials have the numbers NCT01234567 for CASTLE and NCT01234568 for TOWER.",
            {"CASTLE": ("NCT01234567",), "TOWER": ("NCT01234568",)},
        ),
        (
            "The CASTLE (NCT01234567) and TOWER (NCT01234568) trials were small.",
            {"CASTLE": ("NCT01234567",), "TOWER": ("NCT01234568",)},
        ),
        (
            "The CASTLE trial is done. Another trial (NCT01234567) is ongoing.",
            {"CASTLE": (), "NCT01234567": ("NCT01234567",)},
        ),
        (
            "Patients treated according to the CASTLE protocol enter a new trial of stents (NCT01234567).",
            {"CASTLE": (), "NCT01234567": ("NCT01234567",)},
        ),
    ],
)
def test_a_number_belongs_to_the_name_it_stands_beside(
    rows_of: Rows, body: str, ids: dict[str, tuple[str, ...]]
) -> None:
    assert {trial: row.get("registry_ids", ()) for trial, row in rows_of(body).items()} == ids


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (
            "Three trials are recruiting (NCT01234567, NCT01234568 and ISRCTN12345678).",
            ["NCT01234567", "NCT01234568", "ISRCTN12345678"],
        ),
        (
            "Two registered trials may change this: NCT01234567 and ISRCTN12345678 in stroke.",
            ["NCT01234567", "ISRCTN12345678"],
        ),
        ("The study was registered on ClinicalTrials.gov (NCT01234567) and EudraCT (2012-003456-78).", ["NCT01234567"]),
    ],
)
def test_numbers_without_a_name_are_one_trial_unless_the_text_speaks_of_several(
    rows_of: Rows, body: str, rows: list[str]
) -> None:
    assert list(rows_of(body)) == rows


def test_a_table_row_joins_a_name_and_a_malformed_number_is_noted_with_the_one_meant(
    links_of: Callable[[str], tuple[Marks, list[Link]]],
) -> None:
    body = (
        "The CASTLE trial (NCT01234567) was small; the TOWER trial was large.\n\nTable 1. Trials.\n\n"
        "Trial\tRegistry\tN\tYears\nCASTLE\tNCT0123456\t120\t2011-15\nTOWER\tISRCTN12345678\t1,940\t2012-16\n"
    )
    _, links = links_of(article(body))
    rows = {link.fields["id"].value: link for link in links}
    assert rows["CASTLE"].fields["registry_ids"].value == ("NCT01234567", "NCT0123456")
    assert rows["CASTLE"].note == "NCT0123456: taken for NCT01234567"
    assert rows["TOWER"].fields["registry_ids"].value == ("ISRCTN12345678",)
    assert rows["TOWER"].note is None
    assert rows["TOWER"].fields["enrolled"].value == 1940
    assert rows["TOWER"].fields["years"].value == "2012-16"


def test_other_names_are_aliases_of_one_row(rows_of: Rows) -> None:
    rows = rows_of(
        "The CASTLE-2 trial (Carotid Stenting Late After Stroke) was small. CASTLE 2 failed, and CASTLE-2 is over."
    )
    assert list(rows) == ["CASTLE-2"]
    assert rows["CASTLE-2"]["aliases"] == ("Carotid Stenting Late After Stroke", "CASTLE 2")


def test_a_family_name_that_stands_for_several_trials_has_no_row(rows_of: Rows) -> None:
    assert list(rows_of("The CASTLE-2 trial was small. Since then the CASTLE trials have changed practice.")) == [
        "CASTLE-2"
    ]


def test_what_the_text_prints_of_a_trial_fills_its_row(rows_of: Rows) -> None:
    references = "\n".join(f"{n}. Amann B, Beer C. Stroke work {n}. Stroke. (201{n}) 1:1-2." for n in range(1, 6))
    row = rows_of(
        "The phase III CASTLE trial of the EORTC enrolled 1,240 adults aged 18-75 years between 2011 and 2015 (3)."
        " Death was rare (1). Stroke was seen (2) and stenting failed (5).",
        references=references,
    )["CASTLE"]
    assert row["phase"] == "III"
    assert row["enrolled"] == 1240
    assert row["age"] == "18-75 years"
    assert row["years"] == "between 2011 and 2015"
    assert row["sponsor"] == "EORTC"
    assert row["refs"] == (3,)


def test_the_report_of_a_trial_gives_its_own_row(links_of: Callable[[str], tuple[Marks, list[Link]]]) -> None:
    _, links = links_of(
        "# Stenting after stroke: a phase 2 randomised trial (CASTLE-2)\n\n## Abstract\n\n**Methods.** Patients were"
        " treated.\n\n**Results.** From May 2012 to June 2014, 97 patients were enrolled.\n\n**Trial registration.**"
        " NCT01234567.\n\n## Methods\n\nPatients were treated in the CASTLE-2 trial.\n\n## Results\n\nStroke was"
        " rare.\n"
    )
    (row,) = [link.fields for link in links]
    assert row["id"].value == "CASTLE-2"
    assert row["registry_ids"].value == ("NCT01234567",)
    assert row["phase"].value == "II"
    assert row["enrolled"].value == 97
    assert row["years"].value == "May 2012 to June 2014"


def test_every_field_is_printed_at_its_evidence(links_of: Callable[[str], tuple[Marks, list[Link]]]) -> None:
    marks, links = links_of(article("The phase 2 CASTLE trial (NCT01234567) enrolled 90 adults in 2011-2015."))
    printed = {name: [marks.text[start:end] for start, end in found.spans] for name, found in links[0].fields.items()}
    assert printed == {
        "id": ["CASTLE"],
        "registry_ids": ["NCT01234567"],
        "phase": ["phase 2"],
        "enrolled": ["90"],
        "years": ["2011-2015"],
        "age": ["adults"],
    }


def whole(text: str) -> CharSpan:
    """All of a text."""
    return CharSpan(0, len(text))


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("The trial, enrolling 90 infants, was small.", 90),
        ("In total, 1,110 patients were enrolled.", 1110),
        ("One hundred and seven patients were randomised.", 107),
        ("Twenty-six patients with asthma (12 boys) were included.", 26),
        ("The trial randomised 702 adults with gout.", 702),
        ("It was a trial in 618 women.", 618),
        ("A total of 743 patients were screened, of whom 351 patients were randomised.", 351),
        ("Twenty-six of the 38 patients (68%) responded.", 38),
        ("None of the 529 participants had a stroke.", 529),
        ("The trial will randomise 250 patients.", None),
        ("It plans to include 720 patients.", None),
        ("Eleven patients were randomised to each group.", None),
        ("Death occurred in 26 of 400 patients (6.5%) in one arm.", None),
        ("Forty-nine patients were treated in phase I.", None),
        ("Patients aged 40 years were included.", None),
    ],
)
def test_the_number_enrolled(sentence: str, number: int | None) -> None:
    found = find_enrolled(sentence, whole(sentence))
    assert (found.value if found else None) == number


@pytest.mark.parametrize(
    ("sentence", "phase"),
    [
        ("a phase III trial", "III"),
        ("the phase 2 study", "II"),
        ("a phase 1/2 open-label, single-arm study", "I/II"),
        ("a phase II-III trial", "II/III"),
        ("a phase 1b trial", "Ib"),
        ("the recommended phase 2 dose", None),
        ("in phase I patients were treated", None),
    ],
)
def test_the_phase_is_in_roman_numerals(sentence: str, phase: str | None) -> None:
    found = find_phase(sentence, whole(sentence))
    assert (found.value if found else None) == phase


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("patients diagnosed in 1999-2006", "1999-2006"),
        ("running from 2006 to 2016", "2006 to 2016"),
        ("enrolled between May 2011 and June 2015", "between May 2011 and June 2015"),
        ("in three arms (2016-20)", "2016-20"),
        ("EudraCT 2012-003456-78", None),
        ("CTRI/2022/09/099318", None),
    ],
)
def test_years_of_recruitment_as_written(sentence: str, years: str | None) -> None:
    found = find_years(sentence, whole(sentence))
    assert (found.value if found else None) == years


@pytest.mark.parametrize(
    ("sentence", "age"),
    [
        ("The trial includes patients aged 1-45 years.", "1-45 years"),
        ("Eligible patients were <18 years of age.", "<18 years"),
        ("enrolling patients aged ≥ 28 days up to 18 years", "≥ 28 days up to 18 years"),
        ("randomised adults aged 75 years or older", "75 years or older"),
        ("a trial in 43 women (median age 51 years [range 44-59])", "median age 51 years [range 44-59]"),
        ("The study excluded patients <3 years of age.", None),
        ("Patients were followed for 5 years.", None),
    ],
)
def test_the_age_of_those_who_can_enter_as_written(sentence: str, age: str | None) -> None:
    found = find_age(sentence, whole(sentence))
    assert (found.value if found else None) == age


def test_people_named_before_the_bracket_of_a_number_are_those_of_its_trial() -> None:
    sentence = "under study in children (NCT01234567) and adults (NCT01234568)"
    mention = CharSpan(sentence.index("NCT01234568"), len(sentence) - 1)
    found = find_people(sentence, whole(sentence), mention)
    assert found is not None
    assert found.value == "adults"

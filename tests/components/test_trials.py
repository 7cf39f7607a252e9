"""Trial names: the name only, by form and context; groups, unnamed studies and registry numbers are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "In the <trial trial=VESPER-HF>VESPER-HF</trial> trial, death was rare.",
        "The phase III <trial>KESTREL</trial> study enrolled women with breast cancer.",
        "The <trial>LUMINA-2</trial> registration study was positive.",
        "Study <trial>BX4401</trial> was done in children with asthma.",
        "The <trial>DULCET</trial> programme had three parts.",
        "The upcoming <trial>INSULARIS</trial> protocol omits steroids.",
        "The <trial>MARBLE</trial> (<registry_id>NCT01234567</registry_id>) compared two statins.",
        "Patients of <trial>MARBLE-06</trial> (EudraCT <registry_id>2012-003456-78</registry_id>) were older.",
        "<trial>SONATA</trial> was a phase 2 trial of psoriasis.",
        "The trial <trial>KX-1742</trial> enrolled adults with HIV.",
    ],
)
def test_only_the_name_without_the_words_around_it(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The <trial>KESTREL</trial> trial was positive. Death was rare in <trial>KESTREL</trial>, and"
        " <trial>KESTREL</trial>"
        " has changed practice.",
        "The <trial trial=MARBLE-06>MARBLE-06</trial> trial was positive; <trial trial=MARBLE-06>MARBLE 06</trial> and"
        " <trial trial=MARBLE-06>MARBLE-06</trial> are one.",
    ],
)
def test_every_mention_of_a_name_has_its_canonical_name(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The <trial>ORCHID</trial> (<trial trial=ORCHID>Omitting Radiation in Children With Hodgkin"
        " Disease</trial>) trial"
        " was closed.",
        "The <trial trial=GALENA>Glucose And Lipids Evaluation Now Assessed</trial>"
        " (<trial trial=GALENA>GALENA</trial>) trial"
        " was closed.",
    ],
)
def test_the_spelled_out_form_in_brackets_is_a_second_span(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The <trial>ALL HAVEN 2012</trial> protocol was used in Europe.",
        "Children were treated on <trial>AALL9999</trial> and <trial>AAML9876</trial>.",
        "The <trial>UKALL 2021</trial> trial gave less therapy.",
    ],
)
def test_a_name_with_group_year_or_code_is_one_span(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "The COG study (5) enrolled infants.",
        "The EORTC group and the SWOG investigators agreed.",
        "A study of the EBMT showed no benefit.",
        "The TIMI Study Group published a trial.",
        "Locatelli et al. reported a trial of adults.",
        "In a phase III trial of asthma, death was rare.",
        "The COPD trial of the USA was small.",
        "A randomised NSCLC study was stopped.",
        "The MRI study was negative.",
        "It was given in a compassionate use programme.",
        "The trial NCT01234567 enrolled women.",
        "The CD19 trial and the HER2 study were small.",
        "The FDA and the EMA asked for another trial.",
        "The RCT study and the CONSORT statement are cited.",
        "The HbA1c study was small.",
    ],
)
def test_groups_designs_diseases_and_numbers_are_no_trials(check: Check, text: str) -> None:
    check(text, "trial")


def test_a_group_in_the_study_column_is_no_trial_and_a_name_is_one(check: Check) -> None:
    check(
        "Study\tPatients\tEFS (%)\n<trial>Vesper 06</trial>\t120\t55\nCOG\t80\t42\nJapan (JPLSG)\t62\t60\n"
        "<trial>KESTREL-2</trial>\t40\t51"
    )


def test_an_abbreviation_of_something_else_is_no_trial(check: Check) -> None:
    check("Left atrial volume (LAVO) was measured. The LAVO study used echocardiography.", "trial")

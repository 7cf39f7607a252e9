"""Totals: the cohort that a count or percentage is counted in, in its sentence or in the one before."""

from __future__ import annotations

from making import Row, count, percent, rows, says
from spacy.language import Language


@says(
    (
        "Twenty-six of the 38 patients (68%) achieved a complete remission; of these, 17 (65%) proceeded "
        "to transplantation.",
        [percent("CR", "68", of="26/38"), percent("HSCT", "65", of="17/26", arm="complete remission")],
    ),
    (
        "Twenty-one of 51 children underwent transplantation. Eleven of the 21 developed sinusoidal "
        "obstruction syndrome.",
        [count("HSCT", "21/51"), count("VOD_SOS", "11/21", arm="underwent transplantation")],
    ),
)
def test_of_these_counts_those_just_counted(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "The trial enrolled 84 patients with septic shock. Thirty patients died.",
        [count("DEATH", "30/84")],
    ),
    (
        "We treated 25 children with refractory disease. Five relapsed and four died.",
        [count("RELAPSE", "5/25"), count("DEATH", "4/25")],
    ),
    (
        "In a cohort of 320 patients, 41 had a stroke.",
        [count("STROKE", "41/320")],
    ),
    (
        "Of 140 women randomised, 12% had a preterm birth.",
        [percent("preterm birth", "12", total="140")],
    ),
    (
        "In a series of 57 liver recipients, 1-year survival was 88%.",
        [percent("SURVIVAL", "88", total="57", timepoint="P1Y")],
    ),
)
def test_the_cohort_of_the_sentence_or_the_one_before(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Death occurred in 3 of 50 patients given dexamethasone and in 9 of 52 given placebo.",
        [count("DEATH", "3/50", arm="dexamethasone"), count("DEATH", "9/52", arm="placebo")],
    ),
)
def test_each_arm_has_its_own_total(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

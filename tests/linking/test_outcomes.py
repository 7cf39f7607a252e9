"""Percentages in running text: which outcome they report, and what in brackets goes with them."""

from __future__ import annotations

from making import Row, percent, row, rows, says
from spacy.language import Language


@says(
    ("Overall survival was 47%.", [percent("OS", "47")]),
    ("A complete response was seen in 38% of patients.", [percent("CR", "38")]),
    ("The overall response rate was 64%.", [percent("ORR", "64")]),
    ("Febrile neutropenia occurred in 12.5% of participants.", [percent("FN", "12.5")]),
    ("About 30% of patients relapsed.", [percent("RELAPSE", "30")]),
    ("In-hospital mortality remained as high as 41%.", [percent("DEATH", "41")]),
    ("Twelve per cent of the women developed pre-eclampsia.", [percent("pre-eclampsia", "12")]),
    (
        "Pathological complete response (pCR) was reached by 57% of patients.",
        [percent("Pathological complete response", "57")],
    ),
    ("The wound infection rate was only 2.1%.", [percent("INFECTION", "2.1")]),
    ("Major bleeding (3.4%) was uncommon.", [percent("BLEEDING", "3.4")]),
    ("Clinical cure was achieved in 81% of adults.", [percent("Clinical cure", "81")]),
)
def test_a_percentage_belongs_to_the_outcome_of_its_clause(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("OS was 47% (95% CI 27-80%).", [percent("OS", "47", ci="95% 27 to 80")]),
    ("OS was 47% [95% CI: 27 to 80].", [percent("OS", "47", ci="95% 27 to 80")]),
    ("The objective response rate was 31% (90% CI, 22-41).", [percent("ORR", "31", ci="90% 22 to 41")]),
    (
        "The cumulative incidence of relapse was 22% (standard error 3.1%).",
        [percent("RELAPSE", "22", se="3.1")],
    ),
    ("Event-free survival was 71.4% (SE 2.8).", [percent("EFS", "71.4", se="2.8")]),
    ("DFS was 62 ± 5%.", [percent("DFS", "62", unknown="5")]),
    ("Stroke occurred in 4.2% (n = 21).", [percent("STROKE", "4.2", n="21")]),
    (
        "Complete remission was reached by 55% of patients (95% CI 46 to 64; p<0.001).",
        [percent("CR", "55", ci="95% 46 to 64", p="<0.001")],
    ),
)
def test_statistics_in_brackets_belong_to_the_figure_before_them(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("Mortality was <1%.", [percent("DEATH", "<1")]),
    ("The graft failure rate was less than 2%.", [percent("graft failure", "<2")]),
)
def test_a_comparator_bounds_the_figure(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("Surgical site infection complicates 5-15% of colorectal resections.", [percent("INFECTION", "5 to 15")]),
    ("Relapse rates range from 20% to 35%.", [percent("RELAPSE", "20 to 35")]),
    ("Anaphylaxis occurs in 0.1-0.4% of infusions.", [percent("Anaphylaxis", "0.1 to 0.4")]),
)
def test_a_range_stays_a_range(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Nausea, fatigue and rash were reported by 31, 22 and 9% of patients, respectively.",
        [percent("Nausea", "31"), percent("fatigue", "22"), percent("rash", "9")],
    ),
    (
        "OS and PFS were 78% and 61%, respectively.",
        [percent("OS", "78"), percent("PFS", "61")],
    ),
    (
        "Rates of pneumonia, sepsis and death were 11%, 6% and 3%.",
        [percent("INFECTION", "11"), percent("SEPSIS", "6"), percent("DEATH", "3")],
    ),
    (
        "The most common adverse events were diarrhoea (24%), alopecia (18%) and neutropenia (9%).",
        [percent("diarrhoea", "24"), percent("alopecia", "18"), percent("neutropenia", "9")],
    ),
    (
        "Sustained virological response was 95% and relapse 3%.",
        [percent("Sustained virological response", "95"), percent("RELAPSE", "3")],
    ),
    (
        "Among 212 kidney recipients, delayed graft function and acute rejection occurred in 24 and 11%, respectively.",
        [percent("delayed graft function", "24", total="212"), percent("acute rejection", "11", total="212")],
    ),
)
def test_lists_pair_off_in_their_order(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Grade 3 mucositis occurred in 14% of patients.",
        [percent("MUCOSITIS", "14", grade="Grade 3")],
    ),
    (
        "Severe hypoglycaemia was reported by 2% of participants.",
        [percent("hypoglycaemia", "2", grade="Severe")],
    ),
    (
        "Acute GVHD of grades II-IV developed in 34% and chronic GVHD in 28% of recipients.",
        [percent("AGVHD", "34", grade="grades II-IV"), percent("CGVHD", "28")],
    ),
)
def test_the_severity_of_an_event_is_its_grade(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Median overall survival was 14.3 months (95% CI 11.8-17.0).",
        [row("OS", "median", "14.3", unit="mo", ci="95% 11.8 to 17.0")],
    ),
    (
        "The median duration of response was 8.2 months (interquartile range 4.4-13.9).",
        [row("DOR", "median", "8.2", unit="mo", iqr="4.4 to 13.9")],
    ),
    (
        "Neutrophil engraftment was reached after a median of 16 days (range 10-41).",
        [row("ENGRAFTMENT", "median", "16", unit="d", range="10 to 41")],
    ),
    (
        "Median time to progression was 5.6 months.",
        [row("TTP", "median", "5.6", unit="mo")],
    ),
    (
        "Median relapse-free survival was 2.5 years.",
        [row("RFS", "median", "2.5", unit="a")],
    ),
)
def test_medians_of_time_keep_their_unit_and_spread(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "FEV1 increased by a mean of 94 mL (95% CI 86 to 102).",
        [row("FEV1", "mean_difference", "94", unit="mL", ci="95% 86 to 102")],
    ),
    (
        "The 6-min walk distance rose by 31 ± 58 m.",
        [row("6-min walk distance", "mean_difference", "31", unit="m", unknown="58")],
    ),
)
def test_changes_of_a_measure(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

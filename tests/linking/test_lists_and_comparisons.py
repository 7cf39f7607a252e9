"""Lists, brackets and comparisons in the orders that reviews print them in."""

from __future__ import annotations

from making import Row, percent, row, rows, says
from spacy.language import Language


@says(
    ("The response was seen in 14 patients (33%).", [percent("ORR", "33", n="14")]),
    ("In total, 35 (4.3%) had sepsis.", [percent("SEPSIS", "4.3", n="35")]),
    ("Reintubation was needed in 11% (9/82).", [percent("Reintubation", "11", of="9/82")]),
    ("Two-thirds of patients (66%) were alive at 3 years.", [percent("ALIVE", "66", timepoint="P3Y")]),
)
def test_counts_with_percentages(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Stroke was more frequent with placebo (4.1%) than with clopidogrel (3.2%).",
        [percent("STROKE", "4.1", arm="placebo"), percent("STROKE", "3.2", arm="clopidogrel")],
    ),
    (
        "OS in the olaparib and placebo arms was 67% and 47% at 3 years.",
        [percent("OS", "67", timepoint="P3Y", arm="olaparib"), percent("OS", "47", timepoint="P3Y", arm="placebo")],
    ),
    (
        "For nivolumab vs. docetaxel, 1-year OS was 42% vs. 24%.",
        [percent("OS", "42", timepoint="P1Y", arm="nivolumab"), percent("OS", "24", timepoint="P1Y", arm="docetaxel")],
    ),
    (
        "Nausea was reported by 12% in the metformin arm, 14% in the sitagliptin arm and 5% in the placebo arm.",
        [
            percent("Nausea", "12", arm="metformin"),
            percent("Nausea", "14", arm="sitagliptin"),
            percent("Nausea", "5", arm="placebo"),
        ],
    ),
    (
        "Pneumonia, candidiasis and death were recorded in 7.1, 4.0 and 1.9% of patients on triple "
        "therapy and in 4.5, 1.6 and 2.8% of those on tiotropium.",
        [
            percent("INFECTION", "7.1", arm="triple therapy"),
            percent("INFECTION", "4.0", arm="triple therapy"),
            percent("DEATH", "1.9", arm="triple therapy"),
            percent("INFECTION", "4.5", arm="tiotropium"),
            percent("INFECTION", "1.6", arm="tiotropium"),
            percent("DEATH", "2.8", arm="tiotropium"),
        ],
    ),
)
def test_comparisons(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Median OS and PFS were 18.4 and 7.7 months, respectively.",
        [row("OS", "median", "18.4", unit="mo"), row("PFS", "median", "7.7", unit="mo")],
    ),
    (
        "The median time to response was 1.9 months (range, 0.8-11.1).",
        [row("time to response", "median", "1.9", unit="mo", range="0.8 to 11.1")],
    ),
    ("Patients relapsed after a median of 7 months.", [row("RELAPSE", "median", "7", unit="mo")]),
)
def test_medians(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

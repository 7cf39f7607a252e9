"""Counts in running text: how many of whom had the outcome."""

from __future__ import annotations

from making import Row, count, percent, rows, says
from spacy.language import Language


@says(
    ("Sixty-nine of the 110 patients (63%) achieved a complete remission.", [percent("CR", "63", of="69/110")]),
    ("A response was seen in 14 of 15 patients.", [count("ORR", "14/15")]),
    ("18/43 patients died.", [count("DEATH", "18/43")]),
    ("Relapse was documented in 23 (10%) of 233 patients.", [percent("RELAPSE", "10", of="23/233")]),
    ("Stroke occurred in 23 [10%] of 233 participants.", [percent("STROKE", "10", of="23/233")]),
    ("Anastomotic leak developed in 7/118 patients (5.9%).", [percent("Anastomotic leak", "5.9", of="7/118")]),
    ("Of 96 infants, 11 (11.5%) died.", [percent("DEATH", "11.5", of="11/96")]),
    (
        "Twenty-two of 619 patients had recurrent venous thromboembolism.",
        [count("recurrent venous thromboembolism", "22/619")],
    ),
    ("Acute rejection was diagnosed in nine of 61 recipients.", [count("Acute rejection", "9/61")]),
    ("Remission was reached by 64% (32/50).", [percent("REMISSION", "64", of="32/50")]),
    ("Virological failure was seen in 6 patients.", [count("FAILURE", "6")]),
)
def test_a_count_with_its_total_is_one_row(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("Three patients died.", [count("DEATH", "3")]),
    ("There were two deaths.", [count("DEATH", "2")]),
    ("Only one patient developed sepsis.", [count("SEPSIS", "1")]),
    ("Two patients had a stroke and one had a myocardial infarction.", [count("STROKE", "2"), count("MI", "1")]),
    ("Seven children were readmitted and four died.", [count("readmitted", "7"), count("DEATH", "4")]),
    (
        "Two patients relapsed, one of whom died.",
        [count("RELAPSE", "2"), count("DEATH", "1/2", arm="relapsed")],
    ),
    (
        "Cytokine release syndrome occurred in four patients, one of whom died.",
        [count("CRS", "4"), count("DEATH", "1/4", arm="Cytokine release syndrome")],
    ),
)
def test_number_words_count(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("None of the 17 patients developed veno-occlusive disease.", [count("VOD_SOS", "0/17")]),
    ("No patient died.", [count("DEATH", "0")]),
    ("No cases of anaphylaxis were observed.", [count("anaphylaxis", "0")]),
    ("There were no treatment-related deaths.", [count("TRM", "0")]),
    ("No pneumothorax occurred in any of the 310 patients.", [count("pneumothorax", "0/310")]),
)
def test_none_all_and_both_are_counts(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

"""Sentences of many specialties: every figure with its circumstances."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "In the 4,744 patients of the trial, the primary outcome of worsening heart failure or "
        "cardiovascular death occurred in 16.3% with dapagliflozin and in 21.2% with placebo (hazard "
        "ratio 0.74; 95% CI, 0.65 to 0.85; P<0.001).",
        [
            percent("MACE", "16.3", arm="dapagliflozin"),
            percent("MACE", "21.2", arm="placebo"),
            row(
                "MACE", "hazard_ratio", "0.74", arm="dapagliflozin", versus="placebo", ci="95% 0.65 to 0.85", p="<0.001"
            ),
        ],
    ),
    (
        "The risk of ischaemic stroke was lower with ticagrelor than with aspirin (3.2% vs. 4.1%, HR "
        "0.78, 95% CI 0.67-0.92).",
        [
            percent("STROKE", "3.2", arm="ticagrelor"),
            percent("STROKE", "4.1", arm="aspirin"),
            row("STROKE", "hazard_ratio", "0.78", arm="ticagrelor", versus="aspirin", ci="95% 0.67 to 0.92"),
        ],
    ),
    (
        "Major bleeding was seen in 61 of 2,310 patients (2.6%) on apixaban and 94 of 2,298 (4.1%) on warfarin.",
        [
            percent("BLEEDING", "2.6", of="61/2310", arm="apixaban"),
            percent("BLEEDING", "4.1", of="94/2298", arm="warfarin"),
        ],
    ),
    (
        "LVEF increased by 4.1% (95% CI 2.2-6.0) with sacubitril-valsartan.",
        [row("LVEF", "mean_difference", "4.1", unit="%", ci="95% 2.2 to 6.0", arm="sacubitril-valsartan")],
    ),
)
def test_cardiology(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Median PFS was 18.9 months with osimertinib versus 10.2 months with gefitinib (HR 0.46; 95% CI, "
        "0.37 to 0.57).",
        [
            row("PFS", "median", "18.9", unit="mo", arm="osimertinib"),
            row("PFS", "median", "10.2", unit="mo", arm="gefitinib"),
            row("PFS", "hazard_ratio", "0.46", arm="osimertinib", versus="gefitinib", ci="95% 0.37 to 0.57"),
        ],
    ),
    (
        "The objective response rate was 45% (95% CI 33-57), with a median duration of response of 11.1 months.",
        [percent("ORR", "45", ci="95% 33 to 57"), row("DOR", "median", "11.1", unit="mo")],
    ),
    (
        "Grade 3-4 neuropathy developed in 12.4% of patients treated with capecitabine and 1.6% of "
        "patients treated with placebo.",
        [
            percent("neuropathy", "12.4", grade="Grade 3-4", arm="capecitabine"),
            percent("neuropathy", "1.6", grade="Grade 3-4", arm="placebo"),
        ],
    ),
    (
        "Best responses were complete response in 8%, partial response in 37% and stable disease in 29%.",
        [percent("CR", "8"), percent("PR", "37"), percent("SD", "29")],
    ),
    (
        "The disease control rate was 82%, and 5 of 61 patients had a complete response.",
        [percent("DCR", "82"), count("CR", "5/61")],
    ),
)
def test_oncology(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Neutrophils engrafted in 61 of 63 children after a median of 17 days (range 11-38).",
        [count("ENGRAFTMENT", "61/63"), row("ENGRAFTMENT", "median", "17", unit="d", range="11 to 38")],
    ),
    (
        "MRD negativity was reached by 54% with daratumumab vs. 31% without daratumumab (odds ratio "
        "2.61, 95% CI 1.72-3.95).",
        [
            percent("MRD_NEG", "54", arm="daratumumab"),
            percent("MRD_NEG", "31", arm="without daratumumab"),
            row(
                "MRD_NEG", "odds_ratio", "2.61", arm="daratumumab", versus="without daratumumab", ci="95% 1.72 to 3.95"
            ),
        ],
    ),
)
def test_haematology_and_transplantation(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Clinical cure was reached by 84.1% of patients given ceftaroline and 78.4% of those given ceftriaxone "
        "(difference 5.7%, 95% CI -1.2 to 12.6).",
        [
            percent("Clinical cure", "84.1", arm="ceftaroline"),
            percent("Clinical cure", "78.4", arm="ceftriaxone"),
            row(
                "Clinical cure",
                "risk_difference",
                "5.7",
                unit="%",
                arm="ceftaroline",
                versus="ceftriaxone",
                ci="95% -1.2 to 12.6",
            ),
        ],
    ),
)
def test_infectious_disease(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "ACR20, ACR50 and ACR70 responses were achieved by 65, 42 and 20% of patients, respectively.",
        [percent("ACR20", "65"), percent("ACR50", "42"), percent("ACR70 responses", "20")],
    ),
)
def test_diabetes_stroke_psychiatry_and_rheumatology(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Conversion to open surgery was necessary in 9 of 134 laparoscopic procedures (6.7%).",
        [percent("Conversion to open surgery", "6.7", of="9/134")],
    ),
    (
        "Six of 42 neonates (14%) had necrotising enterocolitis, two of whom died.",
        [percent("necrotising enterocolitis", "14", of="6/42"), count("DEATH", "2/6", arm="necrotising enterocolitis")],
    ),
)
def test_obstetrics_surgery_and_paediatrics(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "FEV1 rose by 230 ± 410 mL with tezepelumab and by 100 ± 390 mL with placebo.",
        [
            row("FEV1", "mean_difference", "230", unit="mL", arm="tezepelumab", unknown="410"),
            row("FEV1", "mean_difference", "100", unit="mL", arm="placebo", unknown="390"),
        ],
    ),
)
def test_respiratory_medicine(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

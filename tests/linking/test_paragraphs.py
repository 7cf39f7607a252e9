"""Paragraphs of several sentences: what a sentence hands on to the next, and what it does not."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "In a phase 3 trial, 521 patients with metastatic colorectal cancer were randomised to "
        "panitumumab plus FOLFOX or FOLFOX alone. Median PFS was 10.1 and 7.9 months, respectively (HR "
        "0.72; 95% CI 0.58-0.90; p=0.004). The response rates were 58% and 46%. Skin toxicity of grade 3 "
        "or higher was seen in 37% of patients in the panitumumab arm and 2% in the FOLFOX-alone arm.",
        [
            row("PFS", "median", "10.1", unit="mo", arm="panitumumab plus FOLFOX"),
            row("PFS", "median", "7.9", unit="mo", arm="FOLFOX alone"),
            row(
                "PFS",
                "hazard_ratio",
                "0.72",
                arm="panitumumab plus FOLFOX",
                versus="FOLFOX alone",
                ci="95% 0.58 to 0.90",
                p="=0.004",
            ),
            percent("ORR", "58", arm="panitumumab plus FOLFOX"),
            percent("ORR", "46", arm="FOLFOX alone"),
            percent("Skin toxicity", "37", grade="grade 3 or higher", arm="panitumumab"),
            percent("Skin toxicity", "2", grade="grade 3 or higher", arm="FOLFOX-alone"),
        ],
    ),
    (
        "The trial compared oral with intravenous antibiotics for endocarditis in 400 adults. The "
        "primary outcome of treatment failure occurred in 12.1% of patients in the intravenous group and "
        "9.0% in the oral group (difference 3.1 percentage points; 95% CI, -3.4 to 9.6). Thirteen "
        "patients in the intravenous group and seven in the oral group died.",
        [
            percent("FAILURE", "12.1", arm="intravenous group"),
            percent("FAILURE", "9.0", arm="oral group"),
            row(
                "FAILURE",
                "risk_difference",
                "3.1",
                unit="%",
                arm="intravenous group",
                versus="oral group",
                ci="95% -3.4 to 9.6",
            ),
            count("DEATH", "13", arm="intravenous group"),
            count("DEATH", "7", arm="oral group"),
        ],
    ),
    (
        "Patients with type 2 diabetes were assigned to empagliflozin or placebo. Cardiovascular death "
        "occurred in 3.7% and 5.9%, respectively (HR 0.62, 95% CI 0.49-0.77), and hospitalisation for "
        "heart failure in 2.7% and 4.1% (HR 0.65, 95% CI 0.50-0.85). There was no difference in stroke "
        "(HR 1.18, 95% CI 0.89-1.56).",
        [
            percent("CV_DEATH", "3.7", arm="empagliflozin"),
            percent("CV_DEATH", "5.9", arm="placebo"),
            row("CV_DEATH", "hazard_ratio", "0.62", arm="empagliflozin", versus="placebo", ci="95% 0.49 to 0.77"),
            percent("HF_HOSP", "2.7", arm="empagliflozin"),
            percent("HF_HOSP", "4.1", arm="placebo"),
            row("HF_HOSP", "hazard_ratio", "0.65", arm="empagliflozin", versus="placebo", ci="95% 0.50 to 0.85"),
            row("STROKE", "hazard_ratio", "1.18", arm="empagliflozin", versus="placebo", ci="95% 0.89 to 1.56"),
        ],
    ),
    (
        "Overall, 37 of 110 patients (34%) relapsed after a median of 8 months (range 1-41). The 3-year "
        "cumulative incidence of relapse was 36% (95% CI 27-45) and that of NRM 14% (95% CI 8-21).",
        [
            percent("RELAPSE", "34", of="37/110"),
            row("RELAPSE", "median", "8", unit="mo", range="1 to 41"),
            percent("RELAPSE", "36", timepoint="P3Y", ci="95% 27 to 45"),
            percent("NRM", "14", timepoint="P3Y", ci="95% 8 to 21"),
        ],
    ),
    (
        "A randomised trial allocated 240 women to letrozole or clomiphene. Ovulation was achieved in "
        "88% and 77%, and live birth in 27.5% and 19.1%, respectively. Multiple pregnancy was rare (3.4% "
        "vs. 7.4%).",
        [
            percent("Ovulation", "88", arm="letrozole"),
            percent("Ovulation", "77", arm="clomiphene"),
            percent("live birth", "27.5", arm="letrozole"),
            percent("live birth", "19.1", arm="clomiphene"),
            percent("Multiple pregnancy", "3.4", arm="letrozole"),
            percent("Multiple pregnancy", "7.4", arm="clomiphene"),
        ],
    ),
)
def test_paragraphs(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


REVIEW = """# Anticoagulation after stroke: a review

## Introduction

Atrial fibrillation is common.

## Results

{}

## References

1. Amann B, Beer C. Apixaban after stroke: the HALCYON trial. Stroke Trials. (2011) 1:1-2. doi: 10.5555/st.2011.001
2. Castro D, Dahl E. Early anticoagulation. Stroke Trials. (2012) 2:3-4. doi: 10.5555/st.2012.003
3. Egede F, Fox G. Bleeding under anticoagulants. Stroke Trials. (2013) 3:5-6. doi: 10.5555/st.2013.005
"""


@says(
    (
        "In HALCYON, recurrent stroke occurred in 2.4% of 812 patients (1). Castro et al. found "
        "recurrence in 19 of 240 patients (2).",
        [
            percent("STROKE", "2.4", total="812", study="HALCYON"),
            count("RELAPSE", "19/240", study="ref:2"),
        ],
    ),
    (
        "Major bleeding was seen in 14 patients (3).",
        [count("BLEEDING", "14", study="ref:3")],
    ),
)
def test_a_review_ties_each_row_to_its_study(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, REVIEW.format(text), studies=True) == expected

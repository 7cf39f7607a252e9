"""Paragraphs of several sentences: what a sentence hands on to the next, and what it does not."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "In a phase 3 trial, 521 patients with metastatic colorectal cancer were randomised to panitumumab plus FOLFOX or "
        "FOLFOX alone. Median PFS was 10.1 and 7.9 months, respectively (HR 0.72; 95% CI 0.58-0.90; p=0.004). "
        "The response rates were 58% and 46%. Skin toxicity of grade 3 or higher was seen in 37% of patients in the "
        "panitumumab arm and 2% in the FOLFOX-alone arm.",
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
        "The trial compared oral with intravenous antibiotics for endocarditis in 400 adults. The primary outcome of treatment "
        "failure occurred in 12.1% of patients in the intravenous group and 9.0% in the oral group (difference 3.1 percentage "
        "points; 95% CI, -3.4 to 9.6). Thirteen patients in the intravenous group and seven in the oral group died.",
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
        "Forty-two patients with refractory lymphoma were treated. The response rate was 52%, with complete remission in 14 patients "
        "(33%). Cytokine release syndrome developed in 30 patients (71%), and was grade 3 or 4 in four. Two patients died of "
        "infection. Median PFS was 5.3 months and the 12-month OS was 48% (95% CI 34-63).",
        [
            percent("ORR", "52", total="42"),
            percent("CR", "33", of="14/42"),
            percent("CRS", "71", of="30/42"),
            count("CRS", "4/42", grade="grade 3 or 4"),
            count("DEATH", "2/42"),
            row("PFS", "median", "5.3", unit="mo"),
            percent("OS", "48", timepoint="P12M", ci="95% 34 to 63"),
        ],
    ),
    (
        "Patients with type 2 diabetes were assigned to empagliflozin or placebo. Cardiovascular death occurred in 3.7% and 5.9%, "
        "respectively (HR 0.62, 95% CI 0.49-0.77), and hospitalisation for heart failure in 2.7% and 4.1% (HR 0.65, 95% CI "
        "0.50-0.85). There was no difference in stroke (HR 1.18, 95% CI 0.89-1.56).",
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
        "Among 186 kidney recipients, belatacept was compared with tacrolimus. At 1 year, acute rejection had occurred in 22% of "
        "patients given belatacept and 9% of those given tacrolimus. Graft survival was 96% and 95%, respectively. One patient in "
        "the belatacept group developed a lymphoproliferative disorder; none did so in the tacrolimus group.",
        [
            percent("acute rejection", "22", timepoint="P1Y", arm="belatacept"),
            percent("acute rejection", "9", timepoint="P1Y", arm="tacrolimus"),
            percent("SURVIVAL", "96", arm="belatacept"),
            percent("SURVIVAL", "95", arm="tacrolimus"),
            count("lymphoproliferative disorder", "1", arm="belatacept"),
            count("lymphoproliferative disorder", "0", arm="tacrolimus"),
        ],
    ),
    (
        "In a retrospective study of 88 children with status epilepticus, 61 (69%) responded to midazolam. Respiratory depression "
        "was seen in 9 children (10%), and 3 (3%) were intubated. No child died.",
        [
            percent("ORR", "69", of="61/88"),
            percent("Respiratory depression", "10", of="9/88"),
            percent("intubated", "3", of="3/88"),
            count("DEATH", "0/88"),
        ],
    ),
    (
        "Clozapine was superior to other antipsychotics in a meta-analysis of 21 trials (SMD -0.51, 95% CI -0.74 to -0.28). "
        "Response was more frequent (RR 1.48, 95% CI 1.21-1.81; NNT 9), but so was sedation (RR 1.52, 95% CI 1.19-1.95).",
        [
            row("ORR", "risk_ratio", "1.48", ci="95% 1.21 to 1.81", arm="Clozapine", versus="other antipsychotics"),
            row("ORR", "number_needed_to_treat", "9", arm="Clozapine", versus="other antipsychotics"),
            row(
                "sedation", "risk_ratio", "1.52", ci="95% 1.19 to 1.95", arm="Clozapine", versus="other antipsychotics"
            ),
        ],
    ),
    (
        "Progesterone did not prevent preterm birth before 34 weeks (14.8% vs. 15.6%; RR 0.95, 95% CI 0.76 to 1.19). Neonatal "
        "mortality was 3.2% with progesterone and 5.0% with placebo (p=0.12).",
        [
            percent("preterm birth before 34 weeks", "14.8", arm="Progesterone"),
            percent("preterm birth before 34 weeks", "15.6"),
            row("preterm birth before 34 weeks", "risk_ratio", "0.95", arm="Progesterone", ci="95% 0.76 to 1.19"),
            percent("DEATH", "3.2", arm="progesterone", p="=0.12"),
            percent("DEATH", "5.0", arm="placebo", p="=0.12"),
        ],
    ),
    (
        "Overall, 37 of 110 patients (34%) relapsed after a median of 8 months (range 1-41). The 3-year cumulative incidence of "
        "relapse was 36% (95% CI 27-45) and that of NRM 14% (95% CI 8-21).",
        [
            percent("RELAPSE", "34", of="37/110"),
            row("RELAPSE", "median", "8", unit="mo", range="1 to 41"),
            percent("RELAPSE", "36", timepoint="P3Y", ci="95% 27 to 45"),
            percent("NRM", "14", timepoint="P3Y", ci="95% 8 to 21"),
        ],
    ),
    (
        "A randomised trial allocated 240 women to letrozole or clomiphene. Ovulation was achieved in 88% and 77%, and live birth in "
        "27.5% and 19.1%, respectively. Multiple pregnancy was rare (3.4% vs. 7.4%).",
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
        "In HALCYON, recurrent stroke occurred in 2.4% of 812 patients (1). Castro et al. found recurrence in 19 of 240 patients (2).",
        [
            percent("STROKE", "2.4", total="812", study="HALCYON"),
            count("RELAPSE", "19/240", study="ref:2"),
        ],
    ),
    (
        "Major bleeding was seen in 14 patients (3).",
        [count("BLEEDING", "14", study="ref:3")],
    ),
    (
        "Early treatment lowered recurrent stroke (HR 0.71; 95% CI 0.55-0.92) (2). Major bleeding was not more frequent (2.1% vs. 1.9%).",
        [
            row("STROKE", "hazard_ratio", "0.71", ci="95% 0.55 to 0.92", study="ref:2", arm="Early treatment"),
            percent("BLEEDING", "2.1", study="ref:2", arm="Early treatment"),
            percent("BLEEDING", "1.9", study="ref:2"),
        ],
    ),
)
def test_a_review_ties_each_row_to_its_study(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, REVIEW.format(text), studies=True) == expected

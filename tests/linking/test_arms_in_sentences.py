"""Arms and subgroups in running text: whose result a figure is."""

from __future__ import annotations

from making import Row, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "OS was 71% in the blinatumomab arm and 58% in the chemotherapy arm.",
        [percent("OS", "71", arm="blinatumomab"), percent("OS", "58", arm="chemotherapy")],
    ),
    (
        "Exacerbations occurred in 22% of patients on tiotropium and 31% of those on placebo.",
        [percent("Exacerbations", "22", arm="tiotropium"), percent("Exacerbations", "31", arm="placebo")],
    ),
    (
        "Hospitalisation for heart failure was less frequent with dapagliflozin (10.0%) than with placebo (13.7%).",
        [percent("HF_HOSP", "10.0", arm="dapagliflozin"), percent("HF_HOSP", "13.7", arm="placebo")],
    ),
    (
        "Remission was more common with lithium than with quetiapine (52% vs. 41%; p=0.03).",
        [
            percent("REMISSION", "52", arm="lithium", p="=0.03"),
            percent("REMISSION", "41", arm="quetiapine", p="=0.03"),
        ],
    ),
    (
        "Mortality was 12.1% versus 16.4% for dexamethasone versus usual care.",
        [percent("DEATH", "12.1", arm="dexamethasone"), percent("DEATH", "16.4", arm="usual care")],
    ),
    (
        "The ACR20 response rate was 61 vs. 34% in patients given tofacitinib and methotrexate, respectively.",
        [
            percent("ACR20 response rate", "61", arm="tofacitinib"),
            percent("ACR20 response rate", "34", arm="methotrexate"),
        ],
    ),
    (
        "Patients receiving tranexamic acid had less postpartum haemorrhage than those receiving placebo "
        "(6.1% vs. 9.8%, p = 0.002).",
        [
            percent("BLEEDING", "6.1", arm="tranexamic acid", p="=0.002"),
            percent("BLEEDING", "9.8", arm="placebo", p="=0.002"),
        ],
    ),
    (
        "Median PFS was 24.8 months with palbociclib plus letrozole and 14.5 months with letrozole alone.",
        [
            row("PFS", "median", "24.8", unit="mo", arm="palbociclib plus letrozole"),
            row("PFS", "median", "14.5", unit="mo", arm="letrozole alone"),
        ],
    ),
)
def test_two_arms_in_one_sentence(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Patients were randomised to ticagrelor or clopidogrel. Stent thrombosis occurred in 1.3% and "
        "1.9%, respectively.",
        [
            percent("Stent thrombosis", "1.3", arm="ticagrelor"),
            percent("Stent thrombosis", "1.9", arm="clopidogrel"),
        ],
    ),
    (
        "The trial compared rivaroxaban with warfarin. Stroke was seen in 2.1% with rivaroxaban and 2.4% "
        "with warfarin. Intracranial haemorrhage occurred in 0.5 vs. 0.7%.",
        [
            percent("STROKE", "2.1", arm="rivaroxaban"),
            percent("STROKE", "2.4", arm="warfarin"),
            percent("BLEEDING", "0.5", arm="rivaroxaban"),
            percent("BLEEDING", "0.7", arm="warfarin"),
        ],
    ),
)
def test_arms_set_against_each_other_in_a_sentence_before(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Stroke occurred in 5.1, 4.5 and 12.2% of those assigned to edoxaban 15 mg, edoxaban 30 mg and "
        "no anticoagulant.",
        [
            percent("STROKE", "5.1", arm="edoxaban 15 mg"),
            percent("STROKE", "4.5", arm="edoxaban 30 mg"),
            percent("STROKE", "12.2", arm="no anticoagulant"),
        ],
    ),
    (
        "Remission was achieved by 41% with adalimumab, 36% with etanercept and 15% with placebo.",
        [
            percent("REMISSION", "41", arm="adalimumab"),
            percent("REMISSION", "36", arm="etanercept"),
            percent("REMISSION", "15", arm="placebo"),
        ],
    ),
    (
        "Patients were assigned to venlafaxine, escitalopram or placebo. Response rates were 58, 54 and "
        "39%, respectively.",
        [
            percent("ORR", "58", arm="venlafaxine"),
            percent("ORR", "54", arm="escitalopram"),
            percent("ORR", "39", arm="placebo"),
        ],
    ),
)
def test_three_arms(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "An MRD response was seen in 47 and 92% for patients with ≥5 or <5% blasts.",
        [percent("MRD_RESPONSE", "47", arm="≥5"), percent("MRD_RESPONSE", "92", arm="<5% blasts")],
    ),
    (
        "OS was 81% in patients with BRCA mutations and 64% in patients without BRCA mutations.",
        [percent("OS", "81", arm="BRCA mutations"), percent("OS", "64", arm="without BRCA mutations")],
    ),
    (
        "Among women older than 40 years, the miscarriage rate was 34%.",
        [percent("miscarriage", "34", arm="older than 40 years")],
    ),
)
def test_subgroups(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "OS and PFS were 53 and 50% with fludarabine and 55 and 37% with antithymocyte globulin, respectively.",
        [
            percent("OS", "53", arm="fludarabine"),
            percent("PFS", "50", arm="fludarabine"),
            percent("OS", "55", arm="antithymocyte globulin"),
            percent("PFS", "37", arm="antithymocyte globulin"),
        ],
    ),
    (
        "Hypotension, hyperkalaemia and acute kidney injury were noted in 9.8, 6.1 and 3.9% with "
        "sacubitril-valsartan vs. 6.2, 4.4 and 4.2% with enalapril, respectively.",
        [
            percent("Hypotension", "9.8", arm="sacubitril-valsartan"),
            percent("hyperkalaemia", "6.1", arm="sacubitril-valsartan"),
            percent("acute kidney injury", "3.9", arm="sacubitril-valsartan"),
            percent("Hypotension", "6.2", arm="enalapril"),
            percent("hyperkalaemia", "4.4", arm="enalapril"),
            percent("acute kidney injury", "4.2", arm="enalapril"),
        ],
    ),
    (
        "Headache and dizziness were reported by 28% and 14% in the metformin group and 9% and 6% in the "
        "control group.",
        [
            percent("Headache", "28", arm="metformin"),
            percent("dizziness", "14", arm="metformin"),
            percent("Headache", "9", arm="control group"),
            percent("dizziness", "6", arm="control group"),
        ],
    ),
)
def test_several_outcomes_in_several_arms(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

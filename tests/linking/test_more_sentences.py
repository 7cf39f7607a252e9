"""More sentences as reviews print them: lists, brackets and comparisons in unusual order."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    ("The response was seen in 14 patients (33%).", [percent("ORR", "33", n="14")]),
    ("In total, 35 (4.3%) had sepsis.", [percent("SEPSIS", "4.3", n="35")]),
    (
        "Complete remission was reached by 21 (42%) and partial remission by 9 (18%) of the 50 patients.",
        [percent("CR", "42", of="21/50"), percent("PR", "18", of="9/50")],
    ),
    (
        "Relapse occurred in 12 (24%), death in 7 (14%) and second malignancy in 2 (4%) patients.",
        [percent("RELAPSE", "24", n="12"), percent("DEATH", "14", n="7"), percent("SECOND_MALIGNANCY", "4", n="2")],
    ),
    (
        "Adverse events were nausea (n = 14, 23%), rash (n = 8, 13%) and fever (n = 3, 5%).",
        [percent("nausea", "23", n="14"), percent("rash", "13", n="8"), percent("fever", "5", n="3")],
    ),
    (
        "Causes of death were sepsis (n = 4), haemorrhage (n = 2) and relapse (n = 9).",
        [count("SEPSIS", "4"), count("BLEEDING", "2"), count("RELAPSE", "9")],
    ),
    ("Reintubation was needed in 11% (9/82).", [percent("Reintubation", "11", of="9/82")]),
    ("There were 3 strokes and 2 myocardial infarctions.", [count("STROKE", "3"), count("MI", "2")]),
    (
        "Acute GVHD occurred in 19 patients: grade I in 9, grade II in 7 and grade III in 3.",
        [
            count("AGVHD", "19"),
            count("AGVHD", "9", grade="grade I"),
            count("AGVHD", "7", grade="grade II"),
            count("AGVHD", "3", grade="grade III"),
        ],
    ),
    ("Two-thirds of patients (66%) were alive at 3 years.", [percent("ALIVE", "66", timepoint="P3Y")]),
)
def test_counts_with_percentages(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "In-hospital mortality was more frequent after emergency surgery (18% vs. 4%).",
        [percent("DEATH", "18", arm="emergency surgery"), percent("DEATH", "4")],
    ),
    (
        "Stroke was more frequent with placebo (4.1%) than with clopidogrel (3.2%).",
        [percent("STROKE", "4.1", arm="placebo"), percent("STROKE", "3.2", arm="clopidogrel")],
    ),
    (
        "Death was less frequent (3% vs. 9%) with cefazolin than with vancomycin.",
        [percent("DEATH", "3", arm="cefazolin"), percent("DEATH", "9", arm="vancomycin")],
    ),
    (
        "Compared to warfarin, dabigatran reduced intracranial bleeding (0.3% vs 0.8%; p < 0.001).",
        [
            percent("BLEEDING", "0.3", arm="dabigatran", p="<0.001"),
            percent("BLEEDING", "0.8", arm="warfarin", p="<0.001"),
        ],
    ),
    (
        "Patients on insulin glargine had fewer episodes of hypoglycaemia than those on NPH insulin (26% vs. 38%).",
        [percent("hypoglycaemia", "26", arm="insulin glargine"), percent("hypoglycaemia", "38", arm="NPH insulin")],
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
        "Infections were seen in 21% (etanercept), 24% (adalimumab) and 20% (placebo).",
        [
            percent("INFECTION", "21", arm="etanercept"),
            percent("INFECTION", "24", arm="adalimumab"),
            percent("INFECTION", "20", arm="placebo"),
        ],
    ),
    (
        "Etanercept, adalimumab and placebo led to remission in 38, 36 and 12%, respectively.",
        [
            percent("REMISSION", "38", arm="Etanercept"),
            percent("REMISSION", "36", arm="adalimumab"),
            percent("REMISSION", "12", arm="placebo"),
        ],
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
        "Pneumonia, candidiasis and death were recorded in 7.1, 4.0 and 1.9% of patients on triple therapy and in 4.5, 1.6 and 2.8% of those on tiotropium.",
        [
            percent("INFECTION", "7.1", arm="triple therapy"),
            percent("INFECTION", "4.0", arm="triple therapy"),
            percent("DEATH", "1.9", arm="triple therapy"),
            percent("INFECTION", "4.5", arm="tiotropium"),
            percent("INFECTION", "1.6", arm="tiotropium"),
            percent("DEATH", "2.8", arm="tiotropium"),
        ],
    ),
    (
        "Median OS was 10.2 months in the sorafenib group, 7.9 months in the placebo group.",
        [row("OS", "median", "10.2", unit="mo", arm="sorafenib"), row("OS", "median", "7.9", unit="mo", arm="placebo")],
    ),
    (
        "The 2-year PFS was 31%, 28% and 12% with the triplet, the doublet and dexamethasone alone, respectively.",
        [
            percent("PFS", "31", timepoint="P2Y", arm="triplet"),
            percent("PFS", "28", timepoint="P2Y", arm="doublet"),
            percent("PFS", "12", timepoint="P2Y", arm="dexamethasone alone"),
        ],
    ),
)
def test_comparisons(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Median PFS was 5.3 months and the 12-month OS was 48%.",
        [row("PFS", "median", "5.3", unit="mo"), percent("OS", "48", timepoint="P12M")],
    ),
    (
        "Median OS was 22 months, and 2-year OS 46%.",
        [row("OS", "median", "22", unit="mo"), percent("OS", "46", timepoint="P2Y")],
    ),
    (
        "Median OS and PFS were 18.4 and 7.7 months, respectively.",
        [row("OS", "median", "18.4", unit="mo"), row("PFS", "median", "7.7", unit="mo")],
    ),
    (
        "Median OS was 10.2 (95% CI 8.8-11.4) vs. 7.9 (6.8-9.1) months with sorafenib and placebo, respectively.",
        [
            row("OS", "median", "10.2", unit="mo", ci="95% 8.8 to 11.4", arm="sorafenib"),
            row("OS", "median", "7.9", unit="mo", ci="6.8 to 9.1", arm="placebo"),
        ],
    ),
    ("Median survival exceeded 5 years.", [row("SURVIVAL", "median", ">5", unit="a")]),
    (
        "The median time to response was 1.9 months (range, 0.8-11.1).",
        [row("time to response", "median", "1.9", unit="mo", range="0.8 to 11.1")],
    ),
    (
        "Median overall survival improved from 9.1 to 14.3 months.",
        [row("OS", "median", "9.1", unit="mo"), row("OS", "median", "14.3", unit="mo")],
    ),
    ("Patients relapsed after a median of 7 months.", [row("RELAPSE", "median", "7", unit="mo")]),
    (
        "Median OS was 31 months in patients with, and 14 months in patients without, a mutation.",
        [
            row("OS", "median", "31", unit="mo", arm="with"),
            row("OS", "median", "14", unit="mo", arm="without, a mutation"),
        ],
    ),
)
def test_medians(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

"""Wordings: figures before their outcome, bounds in words, subgroups, rates, changes, effects and counts."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "Stroke occurred in 4%, while 9% of patients had major bleeding.",
        [percent("STROKE", "4"), percent("BLEEDING", "9")],
    ),
    (
        "OS was 61%; 12 patients died of sepsis and 9 relapsed.",
        [percent("OS", "61"), count("DEATH", "12"), count("RELAPSE", "9")],
    ),
    (
        "Remission was 44% with infliximab; 30% of patients given placebo had remission.",
        [percent("REMISSION", "44", arm="infliximab"), percent("REMISSION", "30", arm="placebo")],
    ),
)
def test_the_outcome_may_follow_its_figure(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("The response rate exceeded 80%.", [percent("ORR", ">80")]),
    ("Mortality was below 3%.", [percent("DEATH", "<3")]),
    ("Mortality was 3% or lower.", [percent("DEATH", "<=3")]),
    ("Nearly 30% of patients relapsed.", [percent("RELAPSE", "30")]),
)
def test_words_that_bound_a_figure(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Relapse was 12% in women and 19% in men.",
        [percent("RELAPSE", "12", arm="women"), percent("RELAPSE", "19", arm="men")],
    ),
    (
        "Remission was 52% among the responders and 11% among the non-responders.",
        [percent("REMISSION", "52", arm="responders"), percent("REMISSION", "11", arm="non-responders")],
    ),
    (
        "Survival was 92% in patients younger than 60 years and 71% in older patients.",
        [percent("SURVIVAL", "92", arm="younger than 60 years"), percent("SURVIVAL", "71", arm="older patients")],
    ),
)
def test_people_and_procedures_as_subgroups(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Systolic blood pressure was reduced by 9.6 mm Hg (95% CI 8.1 to 11.1) with chlorthalidone.",
        [row("BP", "mean_difference", "9.6", unit="mm[Hg]", ci="95% 8.1 to 11.1", arm="chlorthalidone")],
    ),
    ("Operative time was 142 ± 38 min.", [row("Operative time", "mean", "142", unit="min", unknown="38")]),
    ("Median hospital stay was 5 days (range 2-31).", [row("hospital stay", "median", "5", unit="d", range="2 to 31")]),
    (
        "Quality of life improved by 7.2 points (95% CI 3.1 to 11.3).",
        [row("Quality of life", "mean_difference", "7.2", unit="points", ci="95% 3.1 to 11.3")],
    ),
)
def test_means_and_changes(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "OS did not differ (HR 1.02, 95% CI 0.88-1.19, p = 0.77).",
        [row("OS", "hazard_ratio", "1.02", ci="95% 0.88 to 1.19", p="=0.77")],
    ),
    (
        "Aspirin did not lower the risk of pre-eclampsia (aOR 0.97; 95% CI 0.81-1.16; p=0.74).",
        [row("pre-eclampsia", "odds_ratio", "0.97", arm="Aspirin", ci="95% 0.81 to 1.16", p="=0.74")],
    ),
    (
        "HRs for OS and PFS were 0.81 (95% CI 0.66-0.99) and 0.64 (0.51-0.80), respectively.",
        [
            row("OS", "hazard_ratio", "0.81", ci="95% 0.66 to 0.99"),
            row("PFS", "hazard_ratio", "0.64", ci="95% 0.51 to 0.80"),
        ],
    ),
    (
        "In the subgroup with diabetes, the hazard ratio for stroke was 0.62 (95% CI 0.44-0.87).",
        [row("STROKE", "hazard_ratio", "0.62", arm="diabetes", ci="95% 0.44 to 0.87")],
    ),
    (
        "Risk of myocardial infarction: RR 0.83 (95% CI 0.72-0.95), 12 trials, n = 42,310.",
        [row("MI", "risk_ratio", "0.83", ci="95% 0.72 to 0.95")],
    ),
)
def test_more_effects(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Two of the 370, three of the 371 and 9 of the 372 participants were hospitalised.",
        [count("hospitalised", "2/370"), count("hospitalised", "3/371"), count("hospitalised", "9/372")],
    ),
    (
        "Twelve patients in the ketamine group and five in the midazolam group attained remission.",
        [count("REMISSION", "12", arm="ketamine"), count("REMISSION", "5", arm="midazolam")],
    ),
    (
        "Gynaecomastia was reported by eight of 171 men taking spironolactone and one of 168 taking placebo.",
        [count("Gynaecomastia", "8/171", arm="spironolactone"), count("Gynaecomastia", "1/168", arm="placebo")],
    ),
    (
        "There were 14 deaths (11%) in the dexamethasone group and 22 (18%) in the placebo group.",
        [percent("DEATH", "11", n="14", arm="dexamethasone"), percent("DEATH", "18", n="22", arm="placebo")],
    ),
    (
        "Serious adverse events occurred in 40/250 (16%) and 35/248 (14%) of patients given secukinumab "
        "and adalimumab, respectively.",
        [
            percent("AE", "16", of="40/250", grade="Serious", arm="secukinumab"),
            percent("AE", "14", of="35/248", grade="Serious", arm="adalimumab"),
        ],
    ),
    (
        "Acute kidney injury occurred in 11 of 96 (11.5%) and 21 of 98 (21.4%) patients, respectively.",
        [percent("Acute kidney injury", "11.5", of="11/96"), percent("Acute kidney injury", "21.4", of="21/98")],
    ),
)
def test_counts_with_arms(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

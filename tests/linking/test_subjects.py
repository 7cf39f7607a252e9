"""Sentences in which the figure comes before its outcome: "40% of responders relapsed"."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    ("OS was 61%, and 40% of patients relapsed.", [percent("OS", "61"), percent("RELAPSE", "40")]),
    ("The response rate was 61% and 40% of patients relapsed.", [percent("ORR", "61"), percent("RELAPSE", "40")]),
    (
        "Graft survival was 94%, and 12% of recipients developed sepsis.",
        [percent("SURVIVAL", "94"), percent("SEPSIS", "12")],
    ),
    (
        "Stroke occurred in 4%, while 9% of patients had major bleeding.",
        [percent("STROKE", "4"), percent("BLEEDING", "9")],
    ),
    (
        "Of the survivors, 22% had a stroke and 14% developed epilepsy.",
        [percent("STROKE", "22", arm="survivors"), percent("epilepsy", "14", arm="survivors")],
    ),
    ("Sixty percent of patients responded and 8% died.", [percent("ORR", "60"), percent("DEATH", "8")]),
    (
        "OS was 61%; 12 patients died of sepsis and 9 relapsed.",
        [percent("OS", "61"), count("DEATH", "12"), count("RELAPSE", "9")],
    ),
    (
        "The PFS was 51%, 17% of patients had grade 3 diarrhoea and 2% died of toxicity.",
        [percent("PFS", "51"), percent("diarrhoea", "17", grade="grade 3"), percent("DEATH", "2")],
    ),
    (
        "Remission was 44% with infliximab; 30% of patients given placebo had remission.",
        [percent("REMISSION", "44", arm="infliximab"), percent("REMISSION", "30", arm="placebo")],
    ),
)
def test_the_outcome_may_follow_its_figure(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    ("More than 70% of patients reached remission.", [percent("REMISSION", ">70")]),
    ("The response rate exceeded 80%.", [percent("ORR", ">80")]),
    ("Mortality was below 3%.", [percent("DEATH", "<3")]),
    ("Mortality was 3% or lower.", [percent("DEATH", "<=3")]),
    ("Over 60% of children survived.", [percent("ALIVE", ">60")]),
    ("Sustained response was seen in >95% of patients.", [percent("Sustained response", ">95")]),
    ("Nearly 30% of patients relapsed.", [percent("RELAPSE", "30")]),
    ("No more than 2% of patients had anaphylaxis.", [percent("anaphylaxis", "<=2")]),
)
def test_words_that_bound_a_figure(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "OS was 84% in stage II disease and 59% in stage III disease.",
        [percent("OS", "84", arm="stage II disease"), percent("OS", "59", arm="stage III disease")],
    ),
    (
        "Relapse was 12% in women and 19% in men.",
        [percent("RELAPSE", "12", arm="women"), percent("RELAPSE", "19", arm="men")],
    ),
    (
        "Mortality was 31% in ventilated patients and 6% in the others.",
        [percent("DEATH", "31", arm="ventilated patients"), percent("DEATH", "6", arm="others")],
    ),
    (
        "Remission was 52% among the responders and 11% among the non-responders.",
        [percent("REMISSION", "52", arm="responders"), percent("REMISSION", "11", arm="non-responders")],
    ),
    (
        "Graft failure was 3% with related donors and 9% with unrelated donors.",
        [percent("graft failure", "3", arm="related donors"), percent("graft failure", "9", arm="unrelated donors")],
    ),
    (
        "Stroke occurred in 2.2% of cases and 4.6% of controls.",
        [percent("STROKE", "2.2", arm="cases"), percent("STROKE", "4.6", arm="controls")],
    ),
    (
        "Wound infection was 3% after laparoscopic surgery and 9% after open surgery.",
        [percent("INFECTION", "3", arm="laparoscopic surgery"), percent("INFECTION", "9", arm="open surgery")],
    ),
    (
        "Survival was 92% in patients younger than 60 years and 71% in older patients.",
        [percent("SURVIVAL", "92", arm="younger than 60 years"), percent("SURVIVAL", "71", arm="older patients")],
    ),
    (
        "EFS was 71% in MRD-negative and 38% in MRD-positive patients.",
        [percent("EFS", "71", arm="MRD-negative"), percent("EFS", "38", arm="MRD-positive patients")],
    ),
    (
        "Mortality was 8% when antibiotics were given early and 17% when they were given late.",
        [percent("DEATH", "8", arm="antibiotics were given early"), percent("DEATH", "17", arm="given late")],
    ),
    (
        "Cure was achieved in 88% after 14 days and 86% after 7 days of antibiotics.",
        [percent("Cure", "88", arm="14 days"), percent("Cure", "86", arm="7 days of antibiotics")],
    ),
)
def test_people_and_procedures_as_subgroups(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "The exacerbation rate was 1.2 per patient per year.",
        [row("exacerbation rate", "rate", "1.2", unit="/patient/year")],
    ),
    (
        "The annualised relapse rate was 0.17 with ocrelizumab and 0.29 with interferon beta.",
        [row("RELAPSE", "rate", "0.17", arm="ocrelizumab"), row("RELAPSE", "rate", "0.29", arm="interferon beta")],
    ),
    (
        "The incidence of stroke was 1.6 per 100 patient-years with apixaban and 2.1 per 100 patient-years with warfarin.",
        [
            row("STROKE", "rate", "1.6", unit="/100 patient-years", arm="apixaban"),
            row("STROKE", "rate", "2.1", unit="/100 patient-years", arm="warfarin"),
        ],
    ),
    ("Mortality was 12.4 deaths per 1,000 live births.", [row("DEATH", "rate", "12.4", unit="/1000 live births")]),
)
def test_rates_per_person_time(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Systolic blood pressure was reduced by 9.6 mm Hg (95% CI 8.1 to 11.1) with chlorthalidone.",
        [row("BP", "mean_difference", "9.6", unit="mm[Hg]", ci="95% 8.1 to 11.1", arm="chlorthalidone")],
    ),
    (
        "Systolic blood pressure fell by 14 mm Hg with amlodipine and by 8 mm Hg with losartan.",
        [
            row("BP", "mean_difference", "14", unit="mm[Hg]", arm="amlodipine"),
            row("BP", "mean_difference", "8", unit="mm[Hg]", arm="losartan"),
        ],
    ),
    (
        "Mean pain scores at 24 h were 2.1 ± 1.4 with ropivacaine and 4.0 ± 1.9 with saline.",
        [
            row("pain scores", "mean", "2.1", unknown="1.4", timepoint="PT24H", arm="ropivacaine"),
            row("pain scores", "mean", "4.0", unknown="1.9", timepoint="PT24H", arm="saline"),
        ],
    ),
    ("Operative time was 142 ± 38 min.", [row("Operative time", "mean", "142", unit="min", unknown="38")]),
    ("Median hospital stay was 5 days (range 2-31).", [row("hospital stay", "median", "5", unit="d", range="2 to 31")]),
    (
        "Quality of life improved by 7.2 points (95% CI 3.1 to 11.3).",
        [row("Quality of life", "mean_difference", "7.2", unit="points", ci="95% 3.1 to 11.3")],
    ),
    ("The mean birth weight was 2,810 g (SD 420).", [row("birth weight", "mean", "2810", unit="g", sd="420")]),
    (
        "Peak VO2 increased from 14.1 to 16.3 mL/kg/min.",
        [row("Peak VO2", "mean", "14.1", unit="mL/kg/min"), row("Peak VO2", "mean", "16.3", unit="mL/kg/min")],
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
        "The adjusted hazard ratio of death for women was 0.91 (95% CI, 0.84-0.99).",
        [row("DEATH", "hazard_ratio", "0.91", arm="women", ci="95% 0.84 to 0.99")],
    ),
    (
        "Smoking was associated with a higher risk of wound infection (OR = 2.3; 95% CI = 1.6-3.3).",
        [row("INFECTION", "odds_ratio", "2.3", arm="Smoking", ci="95% 1.6 to 3.3")],
    ),
    (
        "Aspirin did not lower the risk of pre-eclampsia (aOR 0.97; 95% CI 0.81-1.16; p=0.74).",
        [row("pre-eclampsia", "odds_ratio", "0.97", arm="Aspirin", ci="95% 0.81 to 1.16", p="=0.74")],
    ),
    (
        "Early feeding reduced mortality by 12% (RR 0.88, 95% CI 0.79 to 0.98).",
        [
            row("DEATH", "risk_reduction", "12", unit="%", arm="Early feeding"),
            row("DEATH", "risk_ratio", "0.88", arm="Early feeding", ci="95% 0.79 to 0.98"),
        ],
    ),
    (
        "HRs for OS and PFS were 0.81 (95% CI 0.66-0.99) and 0.64 (0.51-0.80), respectively.",
        [
            row("OS", "hazard_ratio", "0.81", ci="95% 0.66 to 0.99"),
            row("PFS", "hazard_ratio", "0.64", ci="0.51 to 0.80"),
        ],
    ),
    (
        "Benralizumab lowered exacerbations by 51% (rate ratio 0.49, 95% CI 0.37-0.64; p < 0.0001).",
        [
            row("exacerbations", "risk_reduction", "51", unit="%", arm="Benralizumab"),
            row("exacerbations", "rate_ratio", "0.49", arm="Benralizumab", ci="95% 0.37 to 0.64", p="<0.0001"),
        ],
    ),
    (
        "The absolute risk reduction for recurrent bleeding was 4.1% and the number needed to treat was 24.",
        [row("BLEEDING", "risk_difference", "4.1", unit="%"), row("BLEEDING", "number_needed_to_treat", "24")],
    ),
    (
        "In the subgroup with diabetes, the hazard ratio for stroke was 0.62 (95% CI 0.44-0.87).",
        [row("STROKE", "hazard_ratio", "0.62", arm="diabetes", ci="95% 0.44 to 0.87")],
    ),
    (
        "Yoga improved anxiety (standardised mean difference, -0.38; 95% CI, -0.59 to -0.17; 9 trials).",
        [row("anxiety", "standardized_mean_difference", "-0.38", arm="Yoga", ci="95% -0.59 to -0.17")],
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
        "In 1,113 adults with mild asthma, severe exacerbations occurred in 6% with budesonide-formoterol and 13% with salbutamol.",
        [
            percent("exacerbations", "6", grade="severe", arm="budesonide-formoterol"),
            percent("exacerbations", "13", grade="severe", arm="salbutamol"),
        ],
    ),
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
        "Serious adverse events occurred in 40/250 (16%) and 35/248 (14%) of patients given secukinumab and adalimumab, respectively.",
        [
            percent("AE", "16", of="40/250", grade="Serious", arm="secukinumab"),
            percent("AE", "14", of="35/248", grade="Serious", arm="adalimumab"),
        ],
    ),
    (
        "No deaths occurred in the sertraline arm, compared with two in the placebo arm.",
        [count("DEATH", "0", arm="sertraline"), count("DEATH", "2", arm="placebo")],
    ),
    (
        "Of 64 patients, 21 relapsed, 13 died and 30 remain alive.",
        [count("RELAPSE", "21/64"), count("DEATH", "13/64"), count("ALIVE", "30/64")],
    ),
    (
        "Acute kidney injury occurred in 11 of 96 (11.5%) and 21 of 98 (21.4%) patients, respectively.",
        [percent("Acute kidney injury", "11.5", of="11/96"), percent("Acute kidney injury", "21.4", of="21/98")],
    ),
    ("All four deaths occurred in the placebo group.", [count("DEATH", "4", arm="placebo")]),
    (
        "Eight of 12 patients (67%) with ulcers healed within 8 weeks.",
        [percent("healed", "67", of="8/12", timepoint="P8W")],
    ),
)
def test_counts_with_arms(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

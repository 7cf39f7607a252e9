"""Effect measures in running text: ratios and differences with their interval, p-value and both arms."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "The hazard ratio for death was 0.79 (95% CI 0.69-0.90; p=0.0004).",
        [row("DEATH", "hazard_ratio", "0.79", ci="95% 0.69 to 0.90", p="=0.0004")],
    ),
    (
        "Rosuvastatin lowered the risk of myocardial infarction (HR 0.46, 95% CI 0.30 to 0.70).",
        [row("MI", "hazard_ratio", "0.46", arm="Rosuvastatin", ci="95% 0.30 to 0.70")],
    ),
    (
        "Antenatal steroids reduced neonatal death (RR 0.69, 95% CI 0.59-0.81).",
        [row("DEATH", "risk_ratio", "0.69", arm="Antenatal steroids", ci="95% 0.59 to 0.81")],
    ),
    (
        "The odds of remission were higher with ketamine than with placebo (odds ratio, 2.61; 95% CI, "
        "1.72 to 3.95; P<0.001).",
        [row("REMISSION", "odds_ratio", "2.61", arm="ketamine", versus="placebo", ci="95% 1.72 to 3.95", p="<0.001")],
    ),
    (
        "The rate ratio for exacerbations was 0.47 (95% CI 0.38 to 0.58) for mepolizumab versus placebo.",
        [row("exacerbations", "rate_ratio", "0.47", arm="mepolizumab", versus="placebo", ci="95% 0.38 to 0.58")],
    ),
    (
        "Compared with warfarin, apixaban was associated with less stroke (HR 0.79 [0.66-0.95]).",
        [row("STROKE", "hazard_ratio", "0.79", arm="apixaban", versus="warfarin", ci="0.66 to 0.95")],
    ),
    (
        "PFS was longer with olaparib than with placebo (HR 0.30; 95% CI 0.22-0.41; p<0.0001).",
        [row("PFS", "hazard_ratio", "0.30", arm="olaparib", versus="placebo", ci="95% 0.22 to 0.41", p="<0.0001")],
    ),
    (
        "Hazard ratios were 0.86 (95% CI 0.71-1.04) for cardiovascular death and 0.74 (95% CI 0.63-0.87) "
        "for heart failure hospitalisation.",
        [
            row("CV_DEATH", "hazard_ratio", "0.86", ci="95% 0.71 to 1.04"),
            row("HF_HOSP", "hazard_ratio", "0.74", ci="95% 0.63 to 0.87"),
        ],
    ),
    (
        "Neither overall survival (HR 1.02, 95% CI 0.88-1.19) nor progression-free survival (HR 0.94, "
        "95% CI 0.80-1.10) differed.",
        [
            row("OS", "hazard_ratio", "1.02", ci="95% 0.88 to 1.19"),
            row("PFS", "hazard_ratio", "0.94", ci="95% 0.80 to 1.10"),
        ],
    ),
)
def test_ratios_with_interval_and_p_value(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Death or stroke occurred in 402 of 1,606 patients (25.0%) given ticagrelor and in 494 of 1,608 "
        "(30.7%) given aspirin (HR 0.79; 95% CI 0.69-0.90; p=0.0004).",
        [
            percent("MACE", "25.0", of="402/1606", arm="ticagrelor"),
            percent("MACE", "30.7", of="494/1608", arm="aspirin"),
            row("MACE", "hazard_ratio", "0.79", arm="ticagrelor", versus="aspirin", ci="95% 0.69 to 0.90", p="=0.0004"),
        ],
    ),
    (
        "Recurrent stroke was seen in 22 of 619 patients with cilostazol and in 20 of 621 with placebo "
        "(risk ratio 1.10, 95% CI 0.61-2.00).",
        [
            count("STROKE", "22/619", arm="cilostazol"),
            count("STROKE", "20/621", arm="placebo"),
            row("STROKE", "risk_ratio", "1.10", arm="cilostazol", versus="placebo", ci="95% 0.61 to 2.00"),
        ],
    ),
    (
        "Median OS was 14.3 months with venetoclax and 9.1 months with placebo (hazard ratio 0.68; 95% "
        "CI 0.53-0.87; p = 0.002).",
        [
            row("OS", "median", "14.3", unit="mo", arm="venetoclax"),
            row("OS", "median", "9.1", unit="mo", arm="placebo"),
            row("OS", "hazard_ratio", "0.68", arm="venetoclax", versus="placebo", ci="95% 0.53 to 0.87", p="=0.002"),
        ],
    ),
    (
        "Surgical site infection was less frequent with chlorhexidine than with povidone-iodine (4.2% "
        "vs. 8.6%; RR 0.48; 95% CI 0.28-0.84).",
        [
            percent("INFECTION", "4.2", arm="chlorhexidine"),
            percent("INFECTION", "8.6", arm="povidone-iodine"),
            row(
                "INFECTION", "risk_ratio", "0.48", arm="chlorhexidine", versus="povidone-iodine", ci="95% 0.28 to 0.84"
            ),
        ],
    ),
    (
        "Bleeding was less frequent with apixaban than with warfarin (3.4% vs. 5.8%; absolute difference "
        "-2.4%, 95% CI -4.7% to -0.1%).",
        [
            percent("BLEEDING", "3.4", arm="apixaban"),
            percent("BLEEDING", "5.8", arm="warfarin"),
            row(
                "BLEEDING",
                "risk_difference",
                "-2.4",
                unit="%",
                arm="apixaban",
                versus="warfarin",
                ci="95% -4.7 to -0.1",
            ),
        ],
    ),
)
def test_a_ratio_compares_the_pair_before_it(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Empagliflozin reduced HbA1c more than placebo (mean difference -0.62%, 95% CI -0.77 to -0.47).",
        [
            row(
                "HbA1c",
                "mean_difference",
                "-0.62",
                unit="%",
                arm="Empagliflozin",
                versus="placebo",
                ci="95% -0.77 to -0.47",
            )
        ],
    ),
    (
        "Depressive symptoms improved with exercise (SMD -0.43, 95% CI -0.61 to -0.25).",
        [row("Depressive symptoms", "standardized_mean_difference", "-0.43", arm="exercise", ci="95% -0.61 to -0.25")],
    ),
    (
        "The relative risk reduction for stroke was 21% (95% CI 5 to 34).",
        [row("STROKE", "risk_reduction", "21", unit="%", ci="95% 5 to 34")],
    ),
    (
        "Hydrocortisone lowered mortality (number needed to treat, 18).",
        [row("DEATH", "number_needed_to_treat", "18", arm="Hydrocortisone")],
    ),
    (
        "Vaccination reduced the risk of pneumonia by 45%.",
        [row("INFECTION", "risk_reduction", "45", unit="%", arm="Vaccination")],
    ),
)
def test_differences_reductions_and_rates(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "In a meta-analysis of seven trials, statins lowered the risk of stroke (RR 0.84, 95% CI 0.77-0.92; I² = 23%).",
        [row("STROKE", "risk_ratio", "0.84", arm="statins", ci="95% 0.77 to 0.92")],
    ),
    (
        "The pooled odds ratio for graft loss was 1.41 (95% CI 1.24 to 1.60; I² = 37%; 11 studies).",
        [row("graft loss", "odds_ratio", "1.41", ci="95% 1.24 to 1.60")],
    ),
    (
        "Pooling of five trials gave a mean difference in peak VO2 of 1.96 mL/kg/min (95% CI 1.25 to 2.68, p<0.00001).",
        [row("peak VO2", "mean_difference", "1.96", unit="mL/kg/min", ci="95% 1.25 to 2.68", p="<0.00001")],
    ),
    (
        "The pooled prevalence of depression was 31% (95% CI 27-36; I² = 94%).",
        [percent("depression", "31", ci="95% 27 to 36")],
    ),
    (
        "Corticosteroids lowered mortality (OR 0.66, 95% CI 0.53-0.82). The effect on secondary "
        "infection was uncertain (OR 1.07, 95% CI 0.81-1.42).",
        [
            row("DEATH", "odds_ratio", "0.66", arm="Corticosteroids", ci="95% 0.53 to 0.82"),
            row("INFECTION", "odds_ratio", "1.07", ci="95% 0.81 to 1.42"),
        ],
    ),
)
def test_pooled_results(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

"""Sentences of many fields, as reviews print them: every figure with its circumstances."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "In the 4,744 patients of the trial, the primary outcome of worsening heart failure or cardiovascular death "
        "occurred in 16.3% with dapagliflozin and in 21.2% with placebo (hazard ratio 0.74; 95% CI, 0.65 to 0.85; P<0.001).",
        [
            percent("MACE", "16.3", arm="dapagliflozin"),
            percent("MACE", "21.2", arm="placebo"),
            row(
                "MACE", "hazard_ratio", "0.74", arm="dapagliflozin", versus="placebo", ci="95% 0.65 to 0.85", p="<0.001"
            ),
        ],
    ),
    (
        "All-cause mortality at 1 year was 9.4% after transcatheter and 10.9% after surgical valve replacement.",
        [
            percent("DEATH", "9.4", timepoint="P1Y", arm="transcatheter"),
            percent("DEATH", "10.9", timepoint="P1Y", arm="surgical valve replacement"),
        ],
    ),
    (
        "The risk of ischaemic stroke was lower with ticagrelor than with aspirin (3.2% vs. 4.1%, HR 0.78, 95% CI 0.67-0.92).",
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
        "The pathological complete response rate was 57.8% in the pertuzumab arm and 29.0% in the control arm (p=0.0141).",
        [
            percent("pathological complete response", "57.8", arm="pertuzumab", p="=0.0141"),
            percent("pathological complete response", "29.0", arm="control arm", p="=0.0141"),
        ],
    ),
    (
        "Median PFS was 18.9 months with osimertinib versus 10.2 months with gefitinib (HR 0.46; 95% CI, 0.37 to 0.57).",
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
        "Three-year disease-free survival was 75.5% after 3 months and 74.8% after 6 months of adjuvant oxaliplatin.",
        [
            percent("DFS", "75.5", timepoint="P3Y", arm="3 months"),
            percent("DFS", "74.8", timepoint="P3Y", arm="6 months of adjuvant oxaliplatin"),
        ],
    ),
    (
        "Grade 3-4 neuropathy developed in 12.4% of patients treated with capecitabine and 1.6% of patients treated with placebo.",
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
        "Local recurrence was 6% at 5 years, and 11% of patients developed distant metastases.",
        [percent("RELAPSE", "6", timepoint="P5Y"), percent("RELAPSE", "11")],
    ),
    (
        "Median OS was not reached with nivolumab and was 15.8 months with sunitinib.",
        [row("OS", "median", "15.8", unit="mo", arm="sunitinib")],
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
        "With haploidentical donors, 2-year NRM was 15% and relapse 32%; with cord blood, NRM was 24% and relapse 29%.",
        [
            percent("NRM", "15", timepoint="P2Y", arm="haploidentical donors"),
            percent("RELAPSE", "32", timepoint="P2Y", arm="haploidentical donors"),
            percent("NRM", "24", arm="cord blood"),
            percent("RELAPSE", "29", arm="cord blood"),
        ],
    ),
    (
        "Grade III-IV acute GVHD was observed in 11% (95% CI 7-16) and extensive chronic GVHD in 9% (95% CI 5-14).",
        [
            percent("AGVHD", "11", grade="Grade III-IV", ci="95% 7 to 16"),
            percent("CGVHD", "9", grade="extensive", ci="95% 5 to 14"),
        ],
    ),
    (
        "Neutrophils engrafted in 61 of 63 children after a median of 17 days (range 11-38).",
        [count("ENGRAFTMENT", "61/63"), row("ENGRAFTMENT", "median", "17", unit="d", range="11 to 38")],
    ),
    (
        "MRD negativity was reached by 54% with daratumumab vs. 31% without daratumumab (odds ratio 2.61, 95% CI 1.72-3.95).",
        [
            percent("MRD_NEG", "54", arm="daratumumab"),
            percent("MRD_NEG", "31", arm="without daratumumab"),
            row(
                "MRD_NEG", "odds_ratio", "2.61", arm="daratumumab", versus="without daratumumab", ci="95% 1.72 to 3.95"
            ),
        ],
    ),
    (
        "CRS of any grade occurred in 42 of 54 patients (78%) and was severe in 5 (9%).",
        [percent("CRS", "78", of="42/54"), percent("CRS", "9", of="5/54", grade="severe")],
    ),
    (
        "The 5-year OS was 68% (SE 4.2%) for matched siblings and 61% (SE 5.0%) for unrelated donors (p=0.31).",
        [
            percent("OS", "68", se="4.2", timepoint="P5Y", arm="matched siblings", p="=0.31"),
            percent("OS", "61", se="5.0", timepoint="P5Y", arm="unrelated donors", p="=0.31"),
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
    (
        "At week 48, HIV RNA was suppressed in 88% of adults taking dolutegravir and 81% taking efavirenz.",
        [
            percent("HIV RNA was suppressed", "88", timepoint="P48W", arm="dolutegravir"),
            percent("HIV RNA was suppressed", "81", timepoint="P48W", arm="efavirenz"),
        ],
    ),
    (
        "Vaccine efficacy against hospitalisation was 91% (95% CI 84-95).",
        [row("hospitalisation", "vaccine_efficacy", "91", unit="%", ci="95% 84 to 95")],
    ),
    (
        "Of 512 patients with bacteraemia, 97 (19%) died within 30 days.",
        [percent("DEATH", "19", of="97/512", timepoint="P30D")],
    ),
    (
        "Case fatality was 34% in untreated and 9% in treated patients.",
        [percent("DEATH", "34", arm="untreated"), percent("DEATH", "9", arm="treated patients")],
    ),
    (
        "Remdesivir shortened the time to recovery from 15 to 10 days (rate ratio 1.29; 95% CI 1.12-1.49).",
        [
            row("time to recovery", "median", "15", unit="d"),
            row("time to recovery", "median", "10", unit="d", arm="Remdesivir"),
            row("time to recovery", "rate_ratio", "1.29", arm="Remdesivir", ci="95% 1.12 to 1.49"),
        ],
    ),
)
def test_infectious_disease(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "HbA1c fell by 1.5% with semaglutide and by 0.1% with placebo.",
        [
            row("HbA1c", "mean_difference", "1.5", unit="%", arm="semaglutide"),
            row("HbA1c", "mean_difference", "0.1", unit="%", arm="placebo"),
        ],
    ),
    (
        "Body weight decreased by 14.9% in the semaglutide group and 2.4% in the placebo group.",
        [percent("Body weight", "14.9", arm="semaglutide"), percent("Body weight", "2.4", arm="placebo")],
    ),
    (
        "Functional independence at 90 days was more frequent after thrombectomy (46.0% vs. 26.5%; adjusted OR 2.49, 95% CI 1.76-3.53).",
        [
            percent("Functional independence", "46.0", timepoint="P90D", arm="thrombectomy"),
            percent("Functional independence", "26.5", timepoint="P90D"),
            row("Functional independence", "odds_ratio", "2.49", arm="thrombectomy", ci="95% 1.76 to 3.53"),
        ],
    ),
    (
        "Symptomatic intracranial haemorrhage occurred in 6.4% of patients treated with alteplase and 0.6% of controls.",
        [percent("BLEEDING", "6.4", arm="alteplase"), percent("BLEEDING", "0.6", arm="controls")],
    ),
    (
        "The MADRS score decreased by 21.4 points (SD 12.3) with esketamine and 17.0 points (SD 13.9) with placebo.",
        [
            row("MADRS score", "mean_difference", "21.4", unit="points", sd="12.3", arm="esketamine"),
            row("MADRS score", "mean_difference", "17.0", unit="points", sd="13.9", arm="placebo"),
        ],
    ),
    (
        "Response (reduction of the PANSS score by ≥30%) was seen in 51% with olanzapine and 38% with haloperidol.",
        [percent("ORR", "51", arm="olanzapine"), percent("ORR", "38", arm="haloperidol")],
    ),
    (
        "ACR20, ACR50 and ACR70 responses were achieved by 65, 42 and 20% of patients, respectively.",
        [percent("ACR20", "65"), percent("ACR50", "42"), percent("ACR70 responses", "20")],
    ),
    (
        "Serious infections occurred at a rate of 2.7 per 100 patient-years.",
        [row("INFECTION", "rate", "2.7", unit="/100 patient-years")],
    ),
    (
        "The DAS28 score improved by 1.8 ± 1.2 with baricitinib and 0.9 ± 1.1 with placebo (values are mean ± SD).",
        [
            row("DAS28 score", "mean_difference", "1.8", sd="1.2", arm="baricitinib"),
            row("DAS28 score", "mean_difference", "0.9", sd="1.1", arm="placebo"),
        ],
    ),
)
def test_diabetes_stroke_psychiatry_and_rheumatology(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "Pre-eclampsia developed in 13 women (1.6%) in the aspirin group and in 35 (4.3%) in the placebo group "
        "(odds ratio 0.38; 95% CI, 0.20 to 0.74; P=0.004).",
        [
            percent("Pre-eclampsia", "1.6", n="13", arm="aspirin"),
            percent("Pre-eclampsia", "4.3", n="35", arm="placebo"),
            row(
                "Pre-eclampsia",
                "odds_ratio",
                "0.38",
                arm="aspirin",
                versus="placebo",
                ci="95% 0.20 to 0.74",
                p="=0.004",
            ),
        ],
    ),
    (
        "Live birth rates were 27.4% and 29.1% after fresh and frozen embryo transfer, respectively.",
        [percent("Live birth rates", "27.4", arm="fresh"), percent("Live birth rates", "29.1", arm="frozen embryo transfer")],
    ),
    (
        "Conversion to open surgery was necessary in 9 of 134 laparoscopic procedures (6.7%).",
        [percent("Conversion to open surgery", "6.7", of="9/134")],
    ),
    (
        "The anastomotic leak rate was 4.1% with and 9.8% without a diverting stoma (p=0.04).",
        [
            percent("anastomotic leak", "4.1", arm="with", p="=0.04"),
            percent("anastomotic leak", "9.8", arm="without a diverting stoma", p="=0.04"),
        ],
    ),
    (
        "Length of stay was shorter after laparoscopy (median 5 vs. 8 days, p<0.001).",
        [
            row("Length of stay", "median", "5", unit="d", arm="laparoscopy", p="<0.001"),
            row("Length of stay", "median", "8", unit="d", p="<0.001"),
        ],
    ),
    (
        "Bronchopulmonary dysplasia or death occurred in 38% of infants given caffeine and 47% of controls.",
        [
            percent("Bronchopulmonary dysplasia or death", "38", arm="caffeine"),
            percent("Bronchopulmonary dysplasia or death", "47", arm="controls"),
        ],
    ),
    (
        "Six of 42 neonates (14%) had necrotising enterocolitis, two of whom died.",
        [percent("necrotising enterocolitis", "14", of="6/42"), count("DEATH", "2/6", arm="necrotising enterocolitis")],
    ),
    (
        "Recurrence of inguinal hernia was 2.1% after mesh repair and 5.6% after suture repair.",
        [percent("RELAPSE", "2.1", arm="mesh repair"), percent("RELAPSE", "5.6", arm="suture repair")],
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
    (
        "The rate of moderate or severe exacerbations was 0.91 per patient-year with triple therapy and 1.07 with "
        "fluticasone-vilanterol (rate ratio 0.85; 95% CI 0.80-0.90).",
        [
            row("moderate or severe exacerbations", "rate", "0.91", unit="/patient-year", arm="triple therapy"),
            row("moderate or severe exacerbations", "rate", "1.07", unit="/patient-year", arm="fluticasone-vilanterol"),
            row(
                "moderate or severe exacerbations",
                "rate_ratio",
                "0.85",
                arm="triple therapy",
                versus="fluticasone-vilanterol",
                ci="95% 0.80 to 0.90",
            ),
        ],
    ),
    (
        "The SGRQ score improved by 4 points or more in 52% of patients.",
        [percent("SGRQ score", "52")],
    ),
    (
        "Asthma control was achieved by 71% of children; 8% needed oral corticosteroids.",
        [percent("Asthma control", "71"), percent("needed oral corticosteroids", "8")],
    ),
    (
        "Thirty-day mortality fell from 12.1% to 6.5% with hydrocortisone.",
        [percent("DEATH", "12.1", timepoint="P30D"), percent("DEATH", "6.5", timepoint="P30D", arm="hydrocortisone")],
    ),
    (
        "The 30-day mortality was 7% in both the prednisone and the placebo arm.",
        [
            percent("DEATH", "7", timepoint="P30D", arm="prednisone"),
            percent("DEATH", "7", timepoint="P30D", arm="placebo"),
        ],
    ),
)
def test_respiratory_medicine(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected

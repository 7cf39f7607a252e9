"""What is no outcome: cohorts, thresholds, designs, doses and plans."""

from __future__ import annotations

from making import rows, silent
from spacy.language import Language


@silent(
    "The median age was 64 years (range 21-83), and 58% of patients were men.",
    "At baseline, 34% had diabetes and 12% had a previous stroke.",
    "Of the 431 patients, 45% had stage III disease.",
    "A history of myocardial infarction was present in 29% of patients.",
    "Mean HbA1c at baseline was 8.2 ± 0.9%.",
    "The patients were 67.3 ± 10.9 years old and 74% were male.",
    "Half of the patients had received at least three prior lines of therapy.",
)
def test_baseline_characteristics(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []


@silent(
    "MRD negativity was defined as <0.01% leukaemic cells.",
    "Complete remission required <5% blasts in the marrow.",
    "Patients with an ejection fraction of ≤40% were eligible.",
    "A reduction of at least 50% in the Hamilton score was called a response.",
    "Statistical heterogeneity was considered substantial when I² exceeded 50%.",
    "Progression was defined as an increase of 20% or more in the sum of diameters.",
)
def test_thresholds_and_definitions(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []


@silent(
    "A sample of 420 patients was needed to detect a reduction in mortality from 20% to 12% at a "
    "two-sided alpha of 5%.",
    "The non-inferiority margin for relapse was 10%.",
    "We assumed an annual stroke rate of 4.5% in the control group.",
    "The primary endpoint is overall survival at 2 years, and 600 patients will be enrolled.",
)
def test_designs_and_plans(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []


@silent(
    "Between 2012 and 2019, 642 patients were randomised in a 2:1 ratio.",
    "Median follow-up was 36 months (IQR 24-51).",
    "Patients received rituximab 375 mg/m² on day 1 of each 21-day cycle for 6 cycles.",
    "Survival has improved over the last 20 years (5, 12).",
    "Mortality is discussed in reference 14 and in Table 2.",
    "Heterogeneity was high (I² = 82%).",
    "Eleven trials with 4,512 participants reported mortality.",
    "Survival did not differ between the groups (p=0.41).",
    "Three trials reported stroke as a secondary outcome.",
    "Adverse events were graded from 1 to 5.",
    "Relapse remains the main cause of treatment failure.",
    "Blood pressure was measured after 5 min of rest.",
)
def test_cohorts_doses_and_sentences_without_results(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []


@silent(
    "Acute myeloid leukaemia accounts for 20% of childhood leukaemias.",
    "About 15% of patients with breast cancer carry a germline mutation.",
    "Atrial fibrillation is present in roughly 40% of these patients.",
    "HER2 is amplified in 15-20% of breast cancers.",
    "The prevalence of obesity among participants was 31%.",
    "Most patients (82%) were white, and 61% had never smoked.",
    "Patients with more than 5% weight loss were excluded.",
    "Ninety-one per cent of patients completed the questionnaire at baseline.",
)
def test_frequencies_of_traits_and_diseases(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []


@silent(
    "Patients aged 18-75 years with relapsed disease after 2 lines of therapy were eligible.",
    "The search identified 1,204 records, of which 37 trials were included.",
    "Each infusion lasted 4 h and was repeated every 14 days.",
    "A meta-analysis by Moor et al. (23) reviewed survival after transplantation.",
    "Mortality data from 2004 to 2016 were analysed.",
    "Patients were stratified by ejection fraction (<40% vs. ≥40%).",
    "OS was compared with the log-rank test at a significance level of 5%.",
    "Stroke was adjudicated by two neurologists.",
    "A p-value below 0.05 was regarded as significant.",
    "The median time from diagnosis to transplantation was 7.4 months.",
    "The registry includes data of 12 centres and 3 countries on relapse and survival.",
)
def test_methods(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []


@silent(
    "Since 2001, more than 1,500 patients have been transplanted in 24 centres.",
    "The trial was stopped early after 312 of the planned 640 patients had been enrolled.",
    "Only 3 of the 14 trials were double-blind, and 9 had a high risk of bias.",
    "Two reviewers extracted data on mortality, stroke and bleeding.",
    "The cumulative dose of anthracyclines was 300 mg/m² in 40% of patients.",
    "A quarter of the patients were treated in low-income countries.",
    "Patients in second remission (n = 34) were analysed separately.",
    "The ejection fraction at baseline was 29 ± 7%.",
    "The mean age of the children was 7.4 years (SD 3.1).",
    "The most recent guideline recommends a target HbA1c below 7%.",
    "Blinatumomab was given as a continuous infusion of 15 µg/m²/day for 28 days.",
    "Follow-up was complete for 96% of patients.",
    "Participants were excluded if they had had a stroke within 6 months or major bleeding within 30 days.",
    "The study was powered (80%, alpha 5%) for a 15% difference in response rate.",
    "The scale runs from 0 to 100, with higher scores indicating better quality of life.",
    "The weight of the largest study in the pooled analysis of mortality was 34%.",
    "Ki-67 was above 20% in half of the tumours.",
    "All patients received standard care, and 64% took aspirin.",
)
def test_numbers_of_studies_and_cohorts(nlp: Language, text: str) -> None:
    assert rows(nlp, text) == []

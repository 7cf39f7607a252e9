"""Outcomes that no lexicon names: the wording of a sentence and a figure in it show what was measured."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.components.noun_phrases import names_outcome, phrase_after, phrase_before

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "The risk of <endpoint code=OTHER>tendon snapping</endpoint> fell with bracing (HR 0.61, 95% CI 0.42-0.88).",
        "The incidence of <endpoint>corneal haze</endpoint> was 4% after the laser.",
        "Incidence rates of <endpoint>ring sideroblastosis</endpoint> reached 3% at five years.",
        "The odds ratio for <endpoint>tendon snapping</endpoint> was 1.9 in smokers.",
        "Splints gave a 20% lower risk of <endpoint>tendon snapping</endpoint>.",
        "The rate of <endpoint>mesh shrinkage</endpoint>, <endpoint>mesh erosion</endpoint> and"
        " <endpoint>stump blow-out</endpoint> was 3%, 4% and 6%.",
        "A <endpoint>corneal haze</endpoint> incidence of 12% was found.",
        "The odds of developing <endpoint>gastric hyperplasia</endpoint> rose with the dose (OR 2.4).",
    ],
)
def test_what_a_risk_or_rate_is_of(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "<endpoint>Mesh erosion</endpoint> was observed in 5% of the repairs.",
        "<endpoint>Mesh erosion</endpoint> and <endpoint>cuff necrosis</endpoint> occurred in 5% and 7%.",
        "<endpoint>Cuff necrosis</endpoint> has been reported in 3 of 40 patients.",
        "Twelve patients (9%) developed <endpoint>optic gliosis</endpoint>.",
        "In the wrap group 14% experienced <endpoint>cuff necrosis</endpoint>.",
        "Of 90 knees, 8% required <endpoint>patellar resurfacing</endpoint> within a year.",
        "Five patients (4%) tested positive for <endpoint>sapovirus shedding</endpoint>.",
    ],
)
def test_what_was_seen_in_people_and_what_people_had(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Bracing gave fewer <endpoint>tendon snappings</endpoint> (RR 0.71) than rest.",
        "Drains made no difference in <endpoint>stump oozing</endpoint> (4% vs 5%).",
        "Smoking was associated with <endpoint>mesh shrinkage</endpoint> (OR 1.8, 95% CI 1.2-2.7).",
        "It raised the risk of <endpoint>preterm lactation</endpoint> (OR 3.1), <endpoint>cord entanglement</endpoint>"
        " (OR 1.4) and <endpoint>uterine atony</endpoint> (OR 2.2).",
        "Male sex (OR 1.5) and a low albumin (OR 2.0) were risk factors for <endpoint>stump blow-out</endpoint>.",
    ],
)
def test_what_a_ratio_in_brackets_compares(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Median <endpoint>time to weight bearing</endpoint> was 9 days in the cast arm.",
        "The mean <endpoint>bead retention index</endpoint> was 4.1 after a year.",
        "The drops gave an improvement of 30% in <endpoint>tear clearance</endpoint>.",
        "The drops cut <endpoint>lens fogging</endpoint> by 40%.",
        "The splint group had a <endpoint>grip endurance score</endpoint> of 76 (95% CI 71-81).",
        "<endpoint>Glove dermatosis</endpoint> is one of the commonest hazards of the ward, with an incidence of 15%.",
    ],
)
def test_times_means_changes_and_levels(check: Check, marked: str) -> None:
    check(marked)


def test_a_list_with_a_known_member_or_announced_as_adverse_events(check: Check) -> None:
    check(
        "The complications were <endpoint>infections</endpoint> (15%), <endpoint>mesh shrinkage</endpoint> (3%) and"
        " <endpoint>cuff oozing</endpoint> (2%)."
    )
    check(
        "<endpoint>Infection</endpoint> (6%), <endpoint>sock irritation</endpoint> requiring a new sock (4%) and"
        " <endpoint>strap breakage</endpoint> (1%) led the list."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Studies from China (n = 11) and Brazil (n = 4) led the list.",
        "The definition was reported in 95 studies.",
        "Of these 90 articles, 60% reported smoke leakage.",
        "The median age was 61 years and 54% were women.",
        "In all, 62% had diabetes and 12% had prior surgery.",
        "The main exposures were dust (40%), noise (30%) and shift work (20%).",
        "The mean dose was 4 mg and the mean follow-up was 3.2 years.",
        "Mean strap score at baseline was 14.2 ± 3.1 points.",
        "The rate of 5% was planned.",
        "Patients at high risk of strap breakage (n = 40) wore two.",
        "We aimed to reduce the risk of strap breakage, with 80% power.",
        "Methotrexate was detected in 4 of 20 patients.",
        "A target heart rate of 60% was set.",
        "Heterogeneity was seen in 12 of 20 comparisons.",
        "Male sex (OR 1.5), age over 70 (OR 2.0) and smoking (OR 1.2) were studied.",
        "Reasons for leaving were travel (3%), weariness (2%) and marriage (1%).",
    ],
)
def test_people_exposures_studies_methods_and_drugs_are_none(check: Check, text: str) -> None:
    check(text, "endpoint")


def test_a_name_of_the_lexicon_that_a_number_does_not_stand_at_is_shown_by_the_wording(check: Check) -> None:
    check(
        "The risk of <endpoint code=INFECTION>pneumonia</endpoint> rose among residents with dementia, as against their"
        " neighbours without it (OR 1.6)."
    )
    check("Lower <endpoint code=BLEEDING>bleeding</endpoint> rates (4% vs 9%) were seen with the plug.")


@pytest.mark.parametrize(
    "marked",
    [
        "Late dislocation was associated with <endpoint>revision</endpoint> (HR 2.9).",
        "<endpoint>Revision</endpoint> due to dislocation was needed in 4% of the hips.",
        "Dislocation (OR 2.1) and seroma (OR 1.4) were risk factors for <endpoint>stump blow-out</endpoint>.",
        "Pruritus, present in 30% at baseline, was treated first.",
        "In hips with late dislocation, 20% had <endpoint>revision</endpoint>.",
    ],
)
def test_exposures_causes_and_states_at_baseline_are_none(check: Check, marked: str) -> None:
    check(marked, "endpoint")


@pytest.mark.parametrize(
    "marked",
    [
        "<endpoint>FEV1</endpoint> rose by 120 mL with the spray.",
        "<endpoint>FVC</endpoint> fell from 3.1 to 2.9 L.",
        "<endpoint>Exacerbations</endpoint> fell to 0.8 per patient-year with the spray.",
        "The mean QRS duration at baseline was 158 ± 12 ms and the <endpoint>QRS duration</endpoint> later was"
        " 131 ± 14 ms.",
    ],
)
def test_measures_with_a_level_and_rates_per_time(check: Check, marked: str) -> None:
    check(marked)


def test_headers_captions_and_rows_of_tables(check: Check) -> None:
    check(
        "Table 1. Characteristics of included studies\n\n"
        "Study\tN\tDiabetes (%)\tNumber of residents who developed <endpoint>delirium</endpoint>\n"
        "Ahlberg\t412\t30\t37\nBossi\t98\t22\t12"
    )
    check(
        "Table 2. Risk factors for <endpoint code=INFECTION>pneumonia</endpoint> in care homes\n\n"
        "Variable\tOR (95% CI)\nDysphagia\t3.05 (1.98 to 4.70)\nFalls\t1.37 (1.02 to 1.84)"
    )
    check(
        "Table 3. Results after one year\n\n"
        "Outcome\tSplint (n = 40)\tRest (n = 40)\n"
        "<endpoint code=DEATH>Death</endpoint>\t2 (5)\t3 (8)\n"
        "<endpoint>Reoperation</endpoint>\t4 (10)\t6 (15)\n"
        "<endpoint code=INFECTION>Wound infection</endpoint>\t1 (3)\t5 (13)\n"
        "<endpoint>Strap breakage</endpoint>\t3 (8)\t2 (5)"
    )


def test_the_words_of_a_phrase() -> None:
    text = "a reduction in the loss of night vision was seen with them"
    assert [text[slice(*phrase_after(text, 0, len(text)) or (0, 0))]] == ["loss of night vision"]
    text = "no further loss of night vision"
    assert [text[slice(*phrase_before(text, 0, len(text)) or (0, 0))]] == ["loss of night vision"]
    text = "heart failure (HF) admission after"
    assert [text[slice(*phrase_after(text, 0, len(text)) or (0, 0))]] == ["heart failure (HF) admission"]


@pytest.mark.parametrize(
    ("name", "is_outcome"),
    [
        ("graft loss", True),
        ("SGA", True),
        ("loss of vision", True),
        ("older patients", False),
        ("significant", False),
        ("improvement", False),
        ("further testing", False),
        ("poor functional outcome", True),
        ("outcomes", False),
    ],
)
def test_phrases_that_can_name_an_outcome(name: str, *, is_outcome: bool) -> None:
    assert names_outcome(name, 0, len(name)) is is_outcome

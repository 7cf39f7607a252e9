"""What cannot be larger than what it is a part of."""

from __future__ import annotations

import pytest

from audit.checking import findings, told

TABLE = (
    "TABLE 1 | Trials of consolidation.\n\n| Trial | N | EFS | OS | References |\n|---|---|---|---|---|\n{}\n\n"
    "## References\n\n1. Adler B. First trial. *J Made.* (2019) 1:1–2.\n"
    "2. Berg C. Second trial. *J Made.* (2020) 2:1–2.\n"
)


@pytest.mark.parametrize(
    ("text", "severity", "quote"),
    [
        ("Three-year OS and EFS were 47 and 81%, respectively.", "impossible", "81%"),
        ("The 5-year event-free survival was 62% and the 5-year overall survival was 55%.", "impossible", "62%"),
        ("At 2 years, PFS was 71.3% and OS was 64.0% in the durvalumab arm.", "impossible", "71.3%"),
        ("The 5-year DFS was 88% and the 5-year OS was 81% in the letrozole arm.", "impossible", "88%"),
        ("Four-year OS and PFS were 53% and 54%, respectively.", "suspicious", "54%"),
    ],
)
def test_event_free_survival_above_overall_survival(text: str, severity: str, quote: str) -> None:
    assert told(text, "survival_order") == [(severity, quote)]


def test_both_figures_stand_side_by_side_and_the_swap_is_told() -> None:
    (found,) = findings("Three-year OS and EFS were 47 and 81%, respectively.", "survival_order")
    assert found.correction == "EFS 47%, OS 81%"
    assert "81%" in found.message
    assert "47%" in found.message
    assert "3 years" in found.message


def test_a_swap_that_leaves_another_survival_above_is_not_proposed() -> None:
    text = "Two-year PFS, EFS and OS were 77, 85 and 70%, respectively."
    assert [found.correction for found in findings(text, "survival_order") if found.quote == "77"] == [None]


def test_in_a_table_row_the_arms_are_compared_one_by_one() -> None:
    text = TABLE.format("| Northern | 120 | MSD: 69% MMD: 45% | MSD: 60% MMD: 49% | (1) |")
    assert told(text, "survival_order") == [("impossible", "69")]


@pytest.mark.parametrize(
    "text",
    [
        "Three-year EFS and OS were 47 and 81%, respectively.",
        "Three-year EFS and OS were both 60%.",
        "The 3-year EFS was 60.4% and the 3-year OS was 60%.",
        "The 1-year PFS was 70% and the 5-year OS was 55%.",
        "The 3-year EFS was 85% for patients in CR1, and the 3-year OS was 65% in the whole cohort.",
        "The 3-year EFS was 70% in the ivosidenib arm and the 3-year OS was 61% in the placebo arm.",
        "Three-year EFS was 70% in the per-protocol population and 3-year OS was 66% by intention to treat.",
        "Median PFS was 14 months and median OS was 11 months.",
        "The hazard ratio was 0.81 for EFS and 0.74 for OS.",
    ],
)
def test_right_survivals_and_other_people_are_left_alone(text: str) -> None:
    assert told(text, "survival_order") == []


def test_disease_free_survival_may_be_that_of_patients_in_remission() -> None:
    text = "Complete remission was reached by 70%. The 5-year DFS was 60% and the 5-year OS was 50%."
    ((severity, quote),) = told(text, "survival_order")
    assert (severity, quote) == ("suspicious", "60%")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("OS was 52% at 2 years and 61% at 5 years.", "61%"),
        ("The cumulative incidence of relapse was 31% at 2 years and 24% at 5 years.", "24%"),
    ],
)
def test_what_goes_the_wrong_way_with_time(text: str, quote: str) -> None:
    assert told(text, "survival_rising") == [("impossible", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "OS was 61% at 2 years and 52% at 5 years.",
        "OS was 61% at 2 years and 61% at 5 years.",
        "OS was 52% at 2 years in the placebo arm and 61% at 5 years in the ivosidenib arm.",
        "Relapse was seen in 31% at 2 years and 24% at 5 years.",
        "Annual mortality was 9% at 1 year and 5% at 3 years.",
        "Mortality was 10% at 1 year and 14% at 3 years.",
        "Among survivors, OS was 52% at 2 years and 61% at 5 years.",
    ],
)
def test_what_goes_the_right_way_or_is_of_others(text: str) -> None:
    assert told(text, "survival_rising") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Neutropenia of any grade occurred in 40% and grade 3-4 neutropenia in 52% of patients.", "52%"),
        ("Diarrhoea was reported in 12%, with grade ≥3 diarrhoea in 21% of patients.", "21%"),
    ],
)
def test_more_severe_than_all_cases(text: str, quote: str) -> None:
    assert told(text, "severity_order") == [("impossible", quote)]


def test_severe_cases_are_compared_in_their_own_arm_of_a_table() -> None:
    text = (
        "TABLE 2 | Adverse events.\n\n| Event | Any grade | Grade 3–4 |\n|---|---|---|\n"
        "| Neutropenia, n (%) | 30 (30) | 42 (42) |\n| Anaemia, n (%) | 41 (41) | 12 (12) |\n"
    )
    assert [severity for severity, _ in told(text, "severity_order")] == ["impossible"]


@pytest.mark.parametrize(
    "text",
    [
        "Neutropenia of any grade occurred in 52% and grade 3-4 neutropenia in 40% of patients.",
        "Neutropenia of any grade occurred in 40% and grade 3-4 neutropenia in 40% of patients.",
        "Grade 1-2 neutropenia occurred in 10% and grade 3-4 neutropenia in 40% of patients.",
        "Neutropenia of any grade occurred in 10% and grade 3-4 anaemia in 40% of patients.",
        "Stroke occurred in 10%; of these, 60% of strokes were severe.",
        "Cytokine release syndrome occurred in 119 patients and was of grade 3 in one.",
    ],
)
def test_fewer_severe_cases_are_left_alone(text: str) -> None:
    assert told(text, "severity_order") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The CR rate was 45% and the overall response rate was 38%.", "45%"),
        ("ORR was 30% and CR was 41% in the sorafenib arm.", "41%"),
        ("CR was reached by 40% and MRD-negative CR by 55% of patients.", "55%"),
    ],
)
def test_more_of_the_better_response_than_of_all(text: str, quote: str) -> None:
    assert told(text, "response_order") == [("impossible", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "The CR rate was 38% and the overall response rate was 45%.",
        "The overall response rate was 45%, and 60% of responders had a CR.",
        "The overall response rate was 45% in the placebo arm and the CR rate 60% in the sorafenib arm.",
        "CR was reached by 40% of patients, of whom 70% were in MRD-negative CR.",
        "The overall response rate was 38%, and 45% had stable disease.",
    ],
)
def test_parts_of_responders_and_other_arms_are_left_alone(text: str) -> None:
    assert told(text, "response_order") == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Survival with stent-and-wait was 94.1% at 1 year, 84.0% at 2 years and 88.2% at 3 years, against 88.0%,"
            " 77.3% and 66.1% with surgery.",
            "88.2%",
        ),
        ("Survival was 80% (95% CI 70-88) at 1 year and 84% (95% CI 72-90) at 2 years.", "84%"),
        ("The 1-, 3- and 5-year overall survival rates were 91%, 74% and 79%.", "79%"),
        ("Overall survival was 91%, 74% and 79% at 1, 3 and 5 years, respectively.", "79%"),
    ],
)
def test_neighbours_in_a_list_of_survivals(text: str, quote: str) -> None:
    assert told(text, "survival_rising") == [("impossible", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "Survival was 94.1% at 1 year, 84.0% at 2 years and 82.2% at 3 years.",
        "Survival was 95.7% at 36 weeks and 95.7% at 48 weeks.",
        "The 1-, 3- and 5-year overall survival rates were 91%, 84% and 79%.",
        "The 1- and 3-year overall survival rates were 61% and 84% for surgery and radiotherapy.",
        "OS was 61% at 2 years and 70% at 3 years in children and adults, respectively.",
        "Overall survival was 60% at 1 year with placebo and 70% at 2 years with sorafenib.",
        "Conditional survival was 80% at 1 year, 85% at 2 years and 90% at 3 years.",
        "Graft survival was 80% at 1 year and 85% at 2 years.",
        "The cumulative mortality was 10% at 1 year, 15% at 2 years and 18% at 3 years.",
    ],
)
def test_lists_that_fall_or_are_of_several_groups(text: str) -> None:
    assert told(text, "survival_rising") == []


def test_a_time_of_its_own_behind_a_figure_is_its_time() -> None:
    assert told("OS was 60% at 2 years and PFS was 70% at 3 years.", "survival_order") == []


def test_serious_cases_by_count_and_share() -> None:
    text = "Bleeding of any severity was recorded in 21 of the 240 patients (8.8%) and serious bleeding in 27 (11.3%)."
    assert [severity for severity, _ in told(text, "severity_order")] == ["impossible"]


@pytest.mark.parametrize(
    "text",
    [
        "Bleeding of any severity was recorded in 27 of the 240 patients (11.3%) and serious bleeding in 21 (8.8%).",
        "Bleeding occurred in 8 of 210 (3.8%) on apixaban and serious bleeding in 12 of 208 (5.8%) on warfarin.",
        "Nausea was seen in 8 of 210 patients (3.8%) and severe vomiting in 12 (5.7%).",
        "Serious bleeding was seen in 8 of 210 patients (3.8%) and grade 3 bleeding in 12 (5.7%).",
    ],
)
def test_serious_cases_of_other_people_or_kinds(text: str) -> None:
    assert told(text, "severity_order") == []


SLASHES = (
    "TABLE 3 | Trials.\n\n| Trial | {} | Patients |\n|---|---|---|\n| HERON-1 | {} | 80 |\n| EGRET-2 | {} | 90 |\n"
)


@pytest.mark.parametrize(
    ("head", "cell", "check"),
    [
        ("PFS/OS at 12 months", "47.2%/41.0%†", "survival_order"),
        ("OS/PFS at 12 months", "41.0% / 47.2%", "survival_order"),
        ("ORR/CR, %", "41/47", "response_order"),
    ],
)
def test_two_outcomes_in_one_cell(head: str, cell: str, check: str) -> None:
    (found,) = findings(SLASHES.format(head, cell, "40%/50%" if head[0] == "P" else "50%/40%"), check)
    assert (found.severity, found.quote) == ("impossible", "47" if check == "response_order" else "47.2")


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("PFS/OS at 12 months", "41.0%/47.2%"),
        ("PFS/OS at 12 months", "47%/47%"),
        ("PFS/median age", "47%/41%"),
        ("Women/men", "47%/41%"),
    ],
)
def test_two_figures_in_one_cell_that_may_be_right(head: str, cell: str) -> None:
    assert told(SLASHES.format(head, cell, "40%/50%"), "survival_order") == []


def test_pairs_of_values_at_two_times_are_those_of_two_arms() -> None:
    text = "Event-free survival was 81.2% and 70.3% at 3 years, and 76.4% and 61.8% at 5 years."
    assert told(text, "survival_rising") == []

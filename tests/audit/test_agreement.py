"""The same result, size or years told twice."""

from __future__ import annotations

import pytest

from audit.checking import findings, told

HEAD = "# A Review\n\n## RESULTS\n\n"
REFERENCES = (
    "\n\n## REFERENCES\n\n1. Adler B, Crane D. Transplantation in the north. *J Made.* (2019) 1:1–2.\n"
    "2. Berg C. A second registry. *J Made.* (2020) 2:1–2.\n3. Dorn E. Follow-up. *J Made.* (2021) 3:1–2.\n"
)
COLUMNS = "**TABLE 1** | Studies.\n\n| Study | Years | N | 3-year OS | References |\n|---|---|---|---|---|\n"


def review(text: str, *rows: str) -> str:
    table = (
        COLUMNS
        + "\n".join(rows)
        + "\n\nMMD, mismatched donor; MSD, matched sibling donor; N, number; OS, overall survival."
        if rows
        else ""
    )
    return f"{text}\n\n{table}{REFERENCES}"


def found_in(text: str, check: str, *rows: str) -> list[tuple[str, str]]:
    return told(review(text, *rows), check, title=HEAD)


NORTH = "| North | 2004–2010 | 183 | 62% | (1) |"
ARMS = "| North | 2004–2010 | 183 | MSD: 72% MMD: 60% | (1) |"


def test_a_figure_that_the_table_gives_otherwise() -> None:
    text = "The 3-year OS was 71% in the registry study of Adler et al. (1)."
    assert found_in(text, "value_conflict", NORTH) == [("inconsistent", "71%")]
    (found,) = findings(review(text, NORTH), "value_conflict", title=HEAD)
    assert "71%" in found.message
    assert "62%" in found.message


def test_a_small_difference_is_only_suspicious() -> None:
    text = "The 3-year OS was 61% in the registry study of Adler et al. (1)."
    assert found_in(text, "value_conflict", NORTH) == [("suspicious", "61%")]


def test_a_figure_outside_those_of_all_groups() -> None:
    text = "The 3-year OS was 81% in the registry study of Adler et al. (1)."
    assert found_in(text, "value_conflict", ARMS) == [("inconsistent", "81%")]


def test_a_group_told_in_words_is_found_in_the_table() -> None:
    text = "The use of mismatched grafts gave a 3-year OS of 66% in the registry study of Adler et al. (1)."
    assert found_in(text, "value_conflict", ARMS) == [("inconsistent", "66%")]


@pytest.mark.parametrize(
    "text",
    [
        "The 3-year OS was 62% in the registry study of Adler et al. (1).",
        "The 3-year OS was 62.3% in the registry study of Adler et al. (1).",
        "The 5-year OS was 51% in the registry study of Adler et al. (1).",
        "The 3-year EFS was 51% in the registry study of Adler et al. (1).",
        "The 3-year OS was about 70% in the registry study of Adler et al. (1).",
        "The 3-year OS was 71% in the registry study of Berg et al. (2).",
        "In the per-protocol population the 3-year OS was 71% in the study of Adler et al. (1).",
        "The 3-year OS was 71% in girls in the registry study of Adler et al. (1).",
        "With longer follow-up, the 3-year OS was 71% in the study of Adler et al. (1).",
    ],
)
def test_other_times_people_and_analyses_are_no_conflict(text: str) -> None:
    assert found_in(text, "value_conflict", NORTH) == []


@pytest.mark.parametrize("value", ["72", "60", "66"])
def test_a_figure_among_or_between_those_of_the_groups_is_no_conflict(value: str) -> None:
    text = f"The 3-year OS was {value}% in the registry study of Adler et al. (1)."
    assert found_in(text, "value_conflict", ARMS) == []


def test_two_paragraphs_on_one_arm() -> None:
    text = (
        "In TULIP-3 (1), the 2-year OS was 64% in the sorafenib arm and 51% in the placebo arm.\n\n"
        "Other trials followed.\n\nAs in TULIP-3 (1), where the 2-year OS was 73% in the sorafenib arm, care improved."
    )
    assert found_in(text, "value_conflict") == [("inconsistent", "73%")]


def test_a_number_of_patients_that_the_table_gives_otherwise() -> None:
    text = "Adler et al. reported a registry study in 184 patients younger than 18 years. The 3-year OS was 62% (1)."
    assert found_in(text, "total_conflict", NORTH) == [("inconsistent", "184")]


@pytest.mark.parametrize(
    "text",
    [
        "Adler et al. reported a registry study in 183 patients younger than 18 years (1).",
        "Adler et al. reported a registry study in 203 patients younger than 18 years; 183 were transplanted (1).",
        "Adler et al. reported a registry study in which relapse was observed in 30 patients (1).",
        "Adler et al. reported a registry study in 150 evaluable patients (1).",
        "Adler et al. reported a registry study with 40 patients who received busulfan (1).",
        "Berg et al. reported a registry study in 184 patients younger than 18 years (2).",
    ],
)
def test_parts_of_a_study_are_no_other_total(text: str) -> None:
    assert found_in(text, "total_conflict", NORTH) == []


def test_the_same_verb_with_two_numbers() -> None:
    text = (
        "TULIP-3 (1) randomised 410 adults with asthma.\n\nOther trials followed.\n\n"
        "In TULIP-3 (1), 401 adults were randomised."
    )
    assert found_in(text, "total_conflict") == [("inconsistent", "401")]


def test_enrolled_and_randomised_are_two_numbers() -> None:
    text = (
        "TULIP-3 (1) enrolled 450 adults with asthma.\n\nOther trials followed.\n\n"
        "In TULIP-3 (1), 401 adults were randomised."
    )
    assert found_in(text, "total_conflict") == []


def test_years_that_the_table_gives_otherwise() -> None:
    text = "Adler et al. reported a registry study of children transplanted between 2004 and 2012 (1)."
    assert found_in(text, "years_conflict", NORTH) == [("suspicious", "between 2004 and 2012")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Adler et al. reported a registry study of children transplanted between 2004 and 2010 (1).", NORTH),
        ("Adler et al. studied children transplanted from 1999 to 2005 (1).", NORTH.replace("2004–2010", "1999–05")),
        ("Adler et al. reported, in a paper cited from 2012 to 2015, a good survival (1).", NORTH),
    ],
)
def test_the_same_years_in_another_form(text: str, row: str) -> None:
    assert found_in(text, "years_conflict", row) == []


def test_ages_at_entry_told_twice() -> None:
    text = (
        "TULIP-3 (1) enrolled patients aged 12 to 75 years.\n\nOther trials followed.\n\n"
        "Eligible for TULIP-3 (1) were patients aged 18 to 75 years, all enrolled in Norway."
    )
    assert [severity for severity, _ in found_in(text, "age_conflict")] == ["suspicious"]


def test_the_age_of_a_part_is_no_conflict() -> None:
    text = (
        "TULIP-3 (1) enrolled patients aged 12 to 75 years.\n\nOther trials followed.\n\n"
        "In TULIP-3 (1), patients aged 18 to 35 years responded best."
    )
    assert found_in(text, "age_conflict") == []


TULIP = "The TULIP-3 trial (1) enrolled 886 patients, of whom 445 had tezepelumab and 441 placebo.\n\nMore came.\n\n"
HERON = "The HERON-1 trial (2) enrolled 90 adults and infused 82. Of these, 13 (15.9%) went home within 72 h.\n\n"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (TULIP + "The 868 participants of TULIP-3 had a mean age of 61 years.", "868"),
        (TULIP + "Further, TULIP-3, with its 868 patients, used another threshold.", "868"),
        (HERON + "The 72 infused patients of HERON-1 came from large centres.", "72"),
    ],
)
def test_a_size_told_in_passing(text: str, quote: str) -> None:
    assert found_in(text, "total_conflict") == [("inconsistent", quote)]


@pytest.mark.parametrize(
    "text",
    [
        TULIP + "The 886 participants of TULIP-3 had a mean age of 61 years.",
        TULIP + "The 445 patients in TULIP-3 who had tezepelumab did well.",
        TULIP + "The 263 patients in TULIP-3 with eosinophilia did well.",
        TULIP + "The 120 Asian patients of TULIP-3 did well.",
        TULIP + "The 868 participants of EGRET-2 did well.",
        HERON + "The 82 infused patients of HERON-1 came from large centres.",
        HERON + "The 90 patients of HERON-1 came from large centres.",
        HERON + "The 61 evaluable patients of HERON-1 came from large centres.",
    ],
)
def test_sizes_in_passing_that_may_be_right(text: str) -> None:
    assert found_in(text, "total_conflict") == []


YEARS = "**TABLE 2** | Trials.\n\n| Trial | Enrolment | Drug |\n|---|---|---|\n| TULIP-3 | 2015–2017 | Tezepelumab |\n"


@pytest.mark.parametrize(
    "text",
    [
        "TULIP-3, which recruited in 2012–2014, asked for one attack, and EGRET-2 for two.",
        "TULIP-3 tested a strategy (1). From 2012 to 2014, 886 patients with asthma were allocated to two groups.",
    ],
)
def test_years_told_in_a_clause_or_behind(text: str) -> None:
    (found,) = findings(f"{text}\n\n{YEARS}{REFERENCES}", "years_conflict", title=HEAD)
    assert found.severity == "suspicious"
    assert "2015" in found.message
    assert "2012" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "TULIP-3, which recruited in 2015–2017, asked for one attack, and EGRET-2 for two.",
        "TULIP-3 recruited 886 patients from May 2015 to June 2017, and EGRET-2 fewer.",
        "TULIP-3, which was criticised from 2018 to 2020, asked for one attack.",
        "TULIP-3 tested a strategy (1). From 2012 to 2014, guidelines were rewritten.",
        "EGRET-2, which recruited in 2012–2014, asked for one attack, and TULIP-3 for two.",
    ],
)
def test_years_of_something_else(text: str) -> None:
    assert findings(f"{text}\n\n{YEARS}{REFERENCES}", "years_conflict", title=HEAD) == []


EFFECTS = (
    "**TABLE 2** | Trials.\n\n| Trial | Dose | Result (95% CI) | PFS/OS at 12 months |\n|---|---|---|---|\n"
    "| TULIP-3 | 75 mg | RR 0.58 (0.41–0.73) | 64.1%/80.7% |\n| EGRET-2 | 10 mg | RR 0.77 (0.60–0.99) | 50.0%/70.0% |\n"
)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("In TULIP-3 attacks were fewer. The rate ratio was 0.53 (95% CI 0.41 to 0.73) with the low dose.", "0.53"),
        ("In TULIP-3, estimates at 12 months were 61.4% for progression-free and 80.7% for overall survival.", "61.4%"),
    ],
)
def test_the_text_against_an_interval_or_a_pair_in_the_table(text: str, quote: str) -> None:
    found = findings(f"{text}\n\n{EFFECTS}{REFERENCES}", "value_conflict", title=HEAD)
    assert [(each.severity, each.quote) for each in found] == [("inconsistent", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "In TULIP-3 attacks were fewer. The rate ratio was 0.58 (95% CI 0.41 to 0.73) with the low dose.",
        "In TULIP-3 attacks were fewer. The rate ratio was 0.53 (95% CI 0.41 to 0.69) with the high dose.",
        "In HERON-1 attacks were fewer. The rate ratio was 0.53 (95% CI 0.41 to 0.73) with the low dose.",
        "In TULIP-3, estimates at 12 months were 64.1% for progression-free and 80.7% for overall survival.",
        "In TULIP-3, estimates at 24 months were 52.1% for progression-free and 66.3% for overall survival.",
        "In HERON-1, estimates at 12 months were 61.4% for progression-free and 80.7% for overall survival.",
    ],
)
def test_other_intervals_times_and_trials(text: str) -> None:
    assert findings(f"{text}\n\n{EFFECTS}{REFERENCES}", "value_conflict", title=HEAD) == []


def test_a_ratio_with_and_without_the_group_it_compares_with() -> None:
    text = (
        "Apixaban led to less major bleeding in TULIP-3 (HR 0.61, 95% CI 0.46–0.82).\n\nOthers followed.\n\n"
        "The TULIP-3 trial (1) compared apixaban and warfarin. Major bleeding was seen in 72 patients (6.0%) on"
        " apixaban and 105 (8.8%) on warfarin, for an HR of 0.67 (95% CI 0.50–0.90)."
    )
    assert found_in(text, "value_conflict") == [("inconsistent", "0.67")]


FEV1 = "The TULIP-3 trial (1) was large. FEV1 rose by 83 mL more than with placebo at week 52 (95% CI 42–125)."


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Tezepelumab raised FEV1 by 93 mL over placebo at week 52 in TULIP-3.", ["93 mL"]),
        ("Tezepelumab raised FEV1 by 83 mL over placebo at week 52 in TULIP-3.", []),
        ("Tezepelumab raised FEV1 by 93 mL over placebo at week 12 in TULIP-3.", []),
        ("Tezepelumab raised FEV1 by 93 mL at week 52 in TULIP-3.", []),
        ("Tezepelumab raised FEV1 by 93 mL over montelukast at week 52 in TULIP-3.", []),
        ("Tezepelumab raised FVC by 93 mL over placebo at week 52 in TULIP-3.", []),
        ("Tezepelumab raised FEV1 by 93 mL over placebo at week 52 in EGRET-2.", []),
        ("Among smokers, tezepelumab raised FEV1 by 93 mL over placebo at week 52 in TULIP-3 subgroups.", []),
    ],
)
def test_one_change_told_twice(text: str, quotes: list[str]) -> None:
    found = findings(f"{text}\n\nOthers followed.\n\n{FEV1}{REFERENCES}", "value_conflict", title=HEAD)
    assert [each.quote for each in found] == quotes

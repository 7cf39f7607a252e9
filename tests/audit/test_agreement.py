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

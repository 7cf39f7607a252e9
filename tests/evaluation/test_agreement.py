"""When two fields say the same."""

from __future__ import annotations

import pytest

from extract.evaluation.agreement import (
    DOSING_FIELDS,
    OUTCOME_FIELDS,
    TRIAL_FIELDS,
    duration,
    jaccard,
    name_key,
    same_figures,
    share_word,
    similar,
    study_key,
    tokens,
)
from extract.evaluation.gold_records import GoldTrial

from .making_records import gold_dosing, gold_outcome, lined_document, same_dosing, same_outcome, same_trial

DOCUMENT = lined_document(10)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("P12M", "P1Y", True),
        ("P24M", "P2Y", True),
        ("P1Y6M", "P18M", True),
        ("P2W", "P14D", True),
        ("P1.0Y", "P12M", True),
        ("P52W", "P1Y", False),
        ("P30D", "P1M", False),
        ("P1M", "PT1M", False),
    ],
)
def test_time_points_are_the_same_whatever_their_unit_but_never_by_rounding(
    first: str, second: str, same: bool
) -> None:
    assert (duration(first) == duration(second)) is same


def test_a_time_point_that_is_no_duration_is_only_itself() -> None:
    assert duration("day 5") == duration("day 5") != duration("day 6")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("the bisoprolol arm", "bisoprolol arm", True),
        ("Bisoprolol", "bisoprolol", True),
        ("sacubitril–valsartan", "sacubitril-valsartan", True),
        ("2·5 mg twice daily", "2.5 mg twice daily", True),
        ("NYHA class III", "NYHA class II", True),  # 2 of 4
        ("placebo", "bisoprolol", False),
        ("aged under five", "older women", False),
    ],
)
def test_phrases_are_similar_when_half_of_their_words_are_common(first: str, second: str, same: bool) -> None:
    assert similar(first, second) is same


def test_comparison_signs_count_and_other_punctuation_does_not() -> None:
    assert tokens("(≥5% of cells)") == {"≥", "5", "of", "cells"}
    assert tokens(">=5") == tokens("≥5") != tokens("<5")
    assert tokens("p. 0.05") == {"p", "0.05"}
    assert jaccard(None, None) == 1.0
    assert jaccard(None, "placebo") == 0.0


def test_names_of_outcomes_need_a_word_in_common_that_means_something() -> None:
    assert share_word("change in KCCQ score", "KCCQ score")
    assert not share_word("need for dialysis", "time to first ventilation for shock")
    assert not share_word("asthenia", "headache")
    assert share_word("in", "in")


def test_studies_are_compared_without_order_case_or_spelling_of_the_name() -> None:
    assert study_key("ref:21,22,23") == study_key("ref:23,22,21") != study_key("ref:21")
    assert study_key("KESTREL 2,Falcon") == study_key("falcon, KESTREL-2")
    assert study_key("KESTREL-2") != study_key("KESTREL-3")
    assert study_key("Keating et al., 2019") == study_key("Keating et al. , 2019")
    assert name_key("ALL SCT–2003") == "allsct2003"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("1–18 years; ≥1 to <19 years", "1 to 19 years", True),
        ("aged 57 (range 30 to 76)", "57 (30-76)", True),
        ("2006 to 2016", "2006–2016", True),
        ("2006 to 2016", "2006–16", False),
        ("1–18 years", "1–21 years", False),
        ("adults", "Adults", True),
        ("adults", "infants", False),
        ("adults", "18 years", False),
    ],
)
def test_ages_and_years_are_the_same_when_their_numbers_are(first: str, second: str, same: bool) -> None:
    assert same_figures(first, second) is same


@pytest.mark.parametrize(
    ("field", "gold", "changes", "same"),
    [
        ("ci", {"ci_low": "0.80", "ci_high": "0.90"}, {"ci_low": "0.8", "ci_high": "0.9"}, True),
        ("ci", {"ci_low": "0.8", "ci_high": "0.9"}, {"ci_high": None}, False),
        ("ci", {"ci_low": "0.8", "ci_high": "0.9", "ci_level": "95"}, {"ci_level": None}, True),
        ("p", {"p_op": "<", "p": "0.05"}, {"p_op": "="}, False),
        ("dispersion", {"dispersion": "3", "dispersion_kind": "sd"}, {"dispersion_kind": "unknown"}, False),
        ("dispersion", {}, {"dispersion_kind": "unknown"}, True),
        ("grade", {"grade": "Grade 3–4"}, {"grade": "grade 3-4"}, True),
        ("grade", {"grade": "grade 3"}, {"grade": "grade 4"}, False),
        ("n", {"n": "5"}, {"n": 6}, False),
        ("n", {"statistic": "count", "n": "5"}, {"n": 6}, True),  # of a count it is no field but the figure
        ("refs", {"refs": "4,5"}, {"refs": (5, 4)}, True),
        ("bound", {"bound": "<"}, {"bound": "<="}, False),
        ("unit", {"unit": "mm[Hg]"}, {"unit": None}, False),
        ("total", {"total": "40"}, {"total": None}, False),
        ("arm", {}, {"arm": "placebo"}, False),
    ],
)
def test_fields_of_outcomes(field: str, gold: dict[str, str], changes: dict[str, object], same: bool) -> None:
    row = gold_outcome(**gold)
    assert OUTCOME_FIELDS[field].agrees(row, same_outcome(DOCUMENT, row, **changes)) is same


def test_fields_of_doses_and_trials() -> None:
    dose = gold_dosing(agent="Sacubitril–valsartan", schedule="on days 1–7", route="iv")
    guess = same_dosing(DOCUMENT, dose, agent="sacubitril-valsartan", schedule="days 1-7", route=None)
    agree = [name for name, rule in DOSING_FIELDS.items() if rule.agrees(dose, guess)]
    assert agree == ["agent", "schedule", "bound", "study", "refs"]

    trial = GoldTrial(
        id="KESTREL", registry_ids=("NCT01234567", "2016-000227-71"), phase="II", sponsor="The Falcon group"
    )
    found = same_trial(
        DOCUMENT, trial, registry_ids=("2016–000227–71", "nct01234567"), phase="III", sponsor="Falcon group"
    )
    assert [name for name, rule in TRIAL_FIELDS.items() if not rule.agrees(trial, found)] == ["phase"]

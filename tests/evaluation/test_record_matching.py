"""Which predicted row stands for which gold row."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.evaluation.gold_records import GoldOutcome, GoldTrial
from extract.evaluation.matching import Pair
from extract.evaluation.record_matching import (
    Place,
    align_places,
    find_places,
    match_dosing,
    match_figures,
    match_outcomes,
    match_trials,
)
from extract.records import Outcome

from .making import gold_mention, predicted_mention
from .making_records import (
    evidence,
    gold_dosing,
    gold_outcome,
    lined_document,
    same_dosing,
    same_outcome,
    same_trial,
    start_of_line,
)

DOCUMENT = lined_document(20)


def pairs(gold: Sequence[GoldOutcome], predicted: Sequence[Outcome]) -> list[Pair]:
    return match_outcomes(gold, predicted, find_places(predicted, DOCUMENT.source))


def matches(gold: GoldOutcome, **changes: object) -> bool:
    return pairs([gold], [same_outcome(DOCUMENT, gold, **changes)]) == [(0, 0)]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"value": "50.0"}, True),
        ({"value": "50.1"}, False),
        ({"value": None, "low": "50", "high": "60"}, False),
        ({"endpoint": "EFS"}, False),
        ({"endpoint_text": "survival"}, True),
        ({"statistic": "rate"}, False),
        ({"n": 12}, True),
        ({"arm": "another"}, True),
        ({"source_start": start_of_line(DOCUMENT, 4)}, False),
        ({"source_start": start_of_line(DOCUMENT, 4) - 1}, True),
        ({"source_start": None}, False),
    ],
)
def test_line_code_statistic_and_value_make_a_match(changes: dict[str, object], same: bool) -> None:
    assert matches(gold_outcome(3, value="50"), **changes) is same


def test_a_range_matches_with_both_bounds_in_the_printed_order() -> None:
    gold = gold_outcome(low="20", high="25")
    assert matches(gold)
    assert not matches(gold, high="26")
    assert not matches(gold, low="25", high="20")


def test_a_count_matches_by_its_n() -> None:
    gold = gold_outcome(statistic="count", n="9", total="13")
    assert matches(gold, total=None)
    assert not matches(gold, n=8)


def test_medians_that_were_not_reached_match_each_other() -> None:
    assert matches(gold_outcome(statistic="median"))
    assert not matches(gold_outcome(statistic="median"), value="12")


def test_outcomes_without_a_code_need_a_word_of_their_name() -> None:
    gold = gold_outcome(endpoint="OTHER", endpoint_text="change in KCCQ score")
    assert matches(gold, endpoint_text="KCCQ")
    assert matches(gold, endpoint_text="change in weight")
    assert not matches(gold, endpoint_text="body weight")


def test_equal_figures_are_told_apart_by_their_arms() -> None:
    gold = [gold_outcome(arm="placebo"), gold_outcome(arm="bisoprolol group")]
    predicted = [same_outcome(DOCUMENT, gold[1], arm="the bisoprolol group"), same_outcome(DOCUMENT, gold[0])]
    assert pairs(gold, predicted) == [(0, 1), (1, 0)]


def test_equal_figures_without_arms_are_paired_in_the_order_of_the_text() -> None:
    gold = [gold_outcome(timepoint=f"P{year}Y") for year in (1, 2, 3)]
    start = start_of_line(DOCUMENT, 1)
    predicted = [same_outcome(DOCUMENT, row, source_start=start + n) for n, row in enumerate(gold)]
    assert pairs(gold, predicted[::-1]) == [(0, 2), (1, 1), (2, 0)]
    assert pairs(gold, predicted[1:]) == [(0, 0), (1, 1)]


def test_no_arm_costs_a_pair() -> None:
    """The similar arm goes elsewhere where that lets both rows find a partner."""
    names = ("headache and nausea", "nausea")
    gold = [gold_outcome(endpoint="OTHER", endpoint_text=name, arm="placebo") for name in names]
    predicted = [
        same_outcome(DOCUMENT, gold[0], endpoint_text="nausea", arm=None),
        same_outcome(DOCUMENT, gold[0], endpoint_text="headache", arm=None),
    ]
    assert pairs(gold, predicted) == [(0, 1), (1, 0)]


@given(st.permutations(range(6)))
def test_the_order_of_the_predictions_changes_no_pair(order: list[int]) -> None:
    gold = [gold_outcome(arm=arm, timepoint=time) for arm in ("a b", "b c", None) for time in ("P1Y", "P2Y")]
    predicted = [same_outcome(DOCUMENT, row, number=n) for n, row in enumerate(gold)]
    shuffled = [predicted[index] for index in order]
    found = {(first, shuffled[second].record_id) for first, second in pairs(gold, shuffled)}
    assert found == {(first, predicted[second].record_id) for first, second in pairs(gold, predicted)}


def test_a_long_line_of_equal_figures_is_still_paired_in_order() -> None:
    gold = [gold_outcome(value="0") for _ in range(300)]
    predicted = [same_outcome(DOCUMENT, row, source_start=0, arm=f"{n:03}") for n, row in enumerate(gold)]
    assert pairs(gold, predicted) == [(n, n) for n in range(300)]


def test_doses_match_by_line_figure_and_unit_and_agents_break_ties() -> None:
    gold = [gold_dosing(agent="heparin"), gold_dosing(agent="aspirin"), gold_dosing(3, value="20", unit="mg/kg")]
    predicted = [same_dosing(DOCUMENT, gold[n]) for n in (1, 0, 2)]
    places = find_places(predicted, DOCUMENT.source)
    assert match_dosing(gold, predicted, places) == [(0, 1), (1, 0), (2, 2)]
    other = [same_dosing(DOCUMENT, gold[2], unit="mg")]
    assert match_dosing(gold, other, find_places(other, DOCUMENT.source)) == []


def test_figures_alone_match_whatever_they_measure() -> None:
    gold = gold_outcome(value="50")
    predicted = [same_outcome(DOCUMENT, gold, endpoint="EFS", statistic="rate", value="50.0")]
    assert match_figures([gold], predicted, find_places(predicted, DOCUMENT.source)) == [(0, 0)]


def test_trials_match_by_any_name_or_number() -> None:
    gold = [
        GoldTrial(id="KESTREL-2", aliases=("Falcon one",)),
        GoldTrial(id="NCT01234567", registry_ids=("NCT01234567",)),
        GoldTrial(id="OSPREY"),
    ]
    predicted = [
        same_trial(DOCUMENT, gold[1], id="MERLIN"),
        same_trial(DOCUMENT, gold[0], id="Falcon One", aliases=()),
        same_trial(DOCUMENT, gold[2], id="Osprey 2"),
    ]
    assert match_trials(gold, predicted) == [(0, 1), (1, 0)]


def test_the_same_id_ranks_before_an_alias() -> None:
    gold = [GoldTrial(id="Kestrel"), GoldTrial(id="Kestrel pilot", aliases=("Kestrel",))]
    predicted = [same_trial(DOCUMENT, gold[1]), same_trial(DOCUMENT, gold[0])]
    assert match_trials(gold, predicted) == [(0, 1), (1, 0)]


def test_rows_of_another_rendition_stand_on_the_gold_line_of_the_aligned_mention() -> None:
    text = "OS 50%, EFS 40%"
    aligned = [
        (gold_mention("\n\nOS 50%", "PERCENT", 5, 8), predicted_mention(text, "PERCENT", 3, 6)),
        (gold_mention("\n\n\n\nEFS 40%", "PERCENT", 8, 11), predicted_mention(text, "PERCENT", 12, 15)),
    ]
    rows = [same_outcome(DOCUMENT, gold_outcome(), number=n, source_start=None) for n in range(4)]
    told = [
        evidence("o0", "value", 3), evidence("o0", "endpoint", 14),
        evidence("o1", "endpoint", 9), evidence("o1", "n", 0),
        evidence("o2", "arm", 3),
    ]  # fmt: skip
    assert align_places(rows, told, aligned) == [Place(3, 3), Place(5, 9), Place(None, -1), Place(None, -1)]
    assert align_places(rows[:1], told, []) == [Place(None, -1)]

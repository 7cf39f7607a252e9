"""An evaluation beside the baseline."""

from __future__ import annotations

import pytest

from extract.evaluation import baseline_of, evaluate_mentions
from extract.evaluation.changes import EVERYWHERE, Change, find_changes
from extract.evaluation.scores import Score

from .test_scores import make_case

MARKED = "[ENDPOINT:OS] was [PERCENT:50%] and [PERCENT:7%]"


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (Score(5, 1, 1), Score(5, 1, 1), "same"),
        (Score(5, 1, 1), Score(6, 1, 0), "gain"),
        (Score(5, 1, 1), Score(5, 2, 1), "loss"),
        (Score(5, 2, 1), Score(5, 1, 2), "moved"),
        (Score(), Score(0, 1, 0), "loss"),  # nothing to find, and something was found
        (Score(0, 1, 0), Score(), "gain"),
    ],
)
def test_a_change_is_judged_by_its_f1(before: Score, now: Score, verdict: str) -> None:
    assert Change("made", "TRIAL", before, now).verdict == verdict


def test_each_score_stands_beside_its_baseline_those_of_all_documents_first() -> None:
    evaluation = evaluate_mentions([make_case(MARKED, MARKED, document_id=name) for name in ("a", "b")])
    baseline = baseline_of(evaluation)
    baseline["b"]["PERCENT"] = {"tp": 1, "fp": 0, "fn": 1}
    changes = find_changes(evaluation, baseline)
    assert [each.document_id for each in changes.changes] == [EVERYWHERE] * 5 + ["a"] * 5 + ["b"] * 5
    changed = [each for each in changes.changes if each.verdict != "same"]
    assert changed == [
        Change(EVERYWHERE, "PERCENT", Score(3, 0, 1), Score(4, 0, 0)),
        Change("b", "PERCENT", Score(1, 0, 1), Score(2, 0, 0)),
    ]


def test_documents_on_one_side_only_are_named_and_not_compared() -> None:
    evaluation = evaluate_mentions([make_case(MARKED, MARKED, document_id=name) for name in ("new", "old")])
    baseline = baseline_of(evaluation)
    del baseline["new"]
    changes = find_changes(evaluation, baseline | {"gone": baseline["old"]})
    assert (changes.fresh, changes.absent) == (("new",), ("gone",))
    assert {each.document_id for each in changes.changes} == {EVERYWHERE, "old"}
    assert all(each.verdict == "same" for each in changes.changes)


def test_labels_on_one_side_only_are_left_out() -> None:
    evaluation = evaluate_mentions([make_case(MARKED, MARKED)])
    changes = find_changes(evaluation, {"made": {"PERCENT": {"tp": 2, "fp": 0, "fn": 0}, "OUTCOME core": {"tp": 9}}})
    assert [(each.document_id, each.label) for each in changes.changes] == [
        (EVERYWHERE, "PERCENT"),
        ("made", "PERCENT"),
    ]

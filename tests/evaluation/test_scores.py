"""Counts, attributes, intervals and the rule for hard-wrapped texts."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.evaluation.bootstrap import Intervals, bootstrap_intervals
from extract.evaluation.gold import GoldDocument
from extract.evaluation.scores import ALL, Case, Evaluation, Row, Score, evaluate_mentions
from extract.records import Mention

from .making import gold_mention, make_document, make_gold, make_predicted, predicted_mention, unmark

TEXT = "0123456789" * 6


def make_case(gold: str, predicted: str, *, document_id: str = "made", hard_wrapped: bool = False) -> Case:
    """A case from two markings of one text."""
    text, _ = unmark(gold)
    assert unmark(predicted)[0] == text
    document = make_document(text, document_id=document_id, hard_wrapped=hard_wrapped)
    return Case(make_gold(gold, document_id=document_id), document, make_predicted(predicted, document_id=document_id))


def row_of(evaluation: Evaluation, label: str) -> Row:
    return next(row for row in evaluation.rows if row.label == label)


def test_scores_are_the_usual_ratios() -> None:
    score = Score(tp=3, fp=1, fn=2)
    assert (score.precision, score.recall, score.f1) == (0.75, 0.6, 6 / 9)


def test_an_undefined_score_is_none_and_never_zero() -> None:
    assert (Score().precision, Score().recall, Score().f1) == (None, None, None)
    assert (Score(fn=2).precision, Score(fn=2).recall, Score(fn=2).f1) == (None, 0.0, 0.0)
    assert (Score(fp=2).precision, Score(fp=2).recall, Score(fp=2).f1) == (0.0, None, 0.0)


def test_each_label_is_scored_three_ways() -> None:
    evaluation = evaluate_mentions(
        [
            make_case(
                "[ENDPOINT:OS] was [PERCENT:50%] after [DOSE:1 mg] in [TRIAL:RIALTO trial] and [PERCENT:60]%",
                "[ENDPOINT:OS] was [PERCENT:50%] after [PERCENT:1 mg] in [TRIAL:RIALTO] trial and [PERCENT:60%]",
            )
        ]
    )
    assert row_of(evaluation, "ENDPOINT").strict == Score(1, 0, 0)
    assert row_of(evaluation, "PERCENT").strict == Score(1, 2, 1)
    assert row_of(evaluation, "PERCENT").overlap == Score(2, 1, 0)
    assert row_of(evaluation, "DOSE").type == Score(0, 0, 1)
    assert row_of(evaluation, "TRIAL").type == Score(1, 0, 0)
    assert row_of(evaluation, ALL).strict == Score(2, 3, 3)
    assert row_of(evaluation, ALL).type == Score(4, 1, 1)
    assert evaluation.confusion == (("DOSE", "PERCENT", 1),)


def test_counts_are_summed_over_documents() -> None:
    cases = [make_case("[ENDPOINT:OS]", "[ENDPOINT:OS]", document_id="a"), make_case("[ENDPOINT:OS]", "OS")]
    evaluation = evaluate_mentions(cases)
    assert [document.document_id for document in evaluation.documents] == ["a", "made"]
    assert [document.rows[-1].strict.f1 for document in evaluation.documents] == [1.0, 0.0]
    assert row_of(evaluation, ALL).strict == Score(1, 0, 1)


def test_helpers_are_not_scored() -> None:
    text = "for 2 years"
    case = Case(GoldDocument("made", ()), make_document(text), [predicted_mention(text, "DURATION", 4, 11)])
    assert row_of(evaluate_mentions([case]), ALL).predicted == 0


@pytest.mark.parametrize(
    ("label", "gold", "predicted", "attribute", "correct"),
    [
        ("PERCENT", {"role": "level"}, {"role": "value"}, "role", 0),
        ("PERCENT", {"value": Decimal("0.8")}, {"value": Decimal("0.80")}, "value", 1),
        ("PERCENT", {"value": None, "low": Decimal(1), "high": Decimal(2)}, {"value": Decimal(1)}, "value", 0),
        (
            "DOSE",
            {"value": None, "low": Decimal("9.9"), "high": Decimal(12)},
            {"value": None, "low": Decimal("9.90"), "high": Decimal("12.0")},
            "value",
            1,
        ),
        ("DOSE", {"unit": "mg/m2"}, {"unit": "mg/kg"}, "unit", 0),
        ("DOSE", {"agent": None}, {"agent": None}, "agent", 1),
        ("DOSE", {"agent": "TBI"}, {"agent": "tbi"}, "agent", 1),
        ("DOSE", {"agent": None}, {"agent": "busulfan"}, "agent", 0),
        ("ENDPOINT", {"code": "CR"}, {"code": "CRI"}, "code", 0),
        ("REGISTRY_ID", {"valid": False}, {"valid": True}, "valid", 0),
        ("TRIAL", {"trial": "Interfant–06"}, {"trial": "Interfant-06"}, "trial", 1),
    ],
)
def test_attributes_of_matched_mentions(
    label: str, gold: dict[str, Any], predicted: dict[str, Any], attribute: str, correct: int
) -> None:
    gold_document = GoldDocument("made", (gold_mention(TEXT, label, 0, 5, **gold),))
    case = Case(gold_document, make_document(TEXT), [predicted_mention(TEXT, label, 0, 5, **predicted)])
    accuracy = {item.attribute: item for item in row_of(evaluate_mentions([case]), label).attributes}[attribute]
    assert (accuracy.correct, accuracy.total) == (correct, 1)


def test_attributes_of_nothing_are_undefined() -> None:
    row = row_of(evaluate_mentions([make_case("[PERCENT:5%]", "5%")]), "PERCENT")
    assert [(item.total, item.share) for item in row.attributes] == [(0, None), (0, None)]


def test_a_hard_wrapped_text_leaves_out_what_crosses_a_line_end() -> None:
    gold = "The [ENDPOINT:quality] of\nlife, [ENDPOINT:OS] in [PERCENT:50%] and [PERCENT:60%]"
    predicted = "The [ENDPOINT:quality of\nlife], [ENDPOINT:OS] in [PERCENT:50%] and 60%"
    soft = evaluate_mentions([make_case(gold, predicted)])
    hard = evaluate_mentions([make_case(gold, predicted, hard_wrapped=True)])
    assert row_of(soft, ALL).strict == Score(2, 1, 2)
    assert row_of(hard, ALL).strict == Score(2, 0, 1)
    assert hard.documents[0].left_out == (1, 1)


def test_a_hard_wrapped_text_leaves_out_implicit_percentages_on_both_sides() -> None:
    gold = GoldDocument("made", tuple(gold_mention(TEXT, "PERCENT", at, at + 2, implicit=at < 10) for at in (0, 4, 12)))
    predicted = [predicted_mention(TEXT, "PERCENT", at, at + 2, implicit=at != 12) for at in (0, 8, 12, 20)]
    soft, hard = (
        row_of(evaluate_mentions([Case(gold, make_document(TEXT, hard_wrapped=wrapped), predicted)]), "PERCENT").strict
        for wrapped in (False, True)
    )
    assert soft == Score(2, 2, 1)
    assert hard == Score(1, 0, 0)


def test_another_rendition_is_scored_by_surface_alone() -> None:
    gold = make_gold("[ENDPOINT:OS] was [PERCENT:50\\%]; [ENDPOINT:CR]")
    marked = "Printed otherwise: [ENDPOINT:OS] was [PERCENT:50 %], [PERCENT:7%]"
    predicted = [mention.model_copy(update={"source_start": None}) for mention in make_predicted(marked)]
    evaluation = evaluate_mentions([Case(gold, make_document(unmark(marked)[0]), predicted)], aligned=True)
    row = row_of(evaluation, ALL)
    assert (row.strict, row.overlap, row.type) == (Score(2, 1, 1), None, None)
    assert evaluation.documents[0].predicted_blocks == (1, 1, 1)


labelled = st.tuples(st.sampled_from(["PERCENT", "DOSE", "TRIAL"]), st.integers(0, 40), st.integers(1, 12))
markings = st.sets(labelled, max_size=10)


def case_of(gold: set[tuple[str, int, int]], predicted: list[tuple[str, int, int]]) -> Case:
    mentions = tuple(gold_mention(TEXT, label, start, start + length) for label, start, length in sorted(gold))
    guesses: list[Mention] = [predicted_mention(TEXT, label, start, start + n) for label, start, n in predicted]
    return Case(GoldDocument("made", mentions), make_document(TEXT), guesses)


@given(gold=markings, predicted=markings, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=50)
def test_scores_do_not_depend_on_the_order_and_stay_in_bounds(
    gold: set[tuple[str, int, int]], predicted: set[tuple[str, int, int]], seed: int
) -> None:
    ordered = sorted(predicted)
    shuffled = random.Random(seed).sample(ordered, len(ordered))
    rows = evaluate_mentions([case_of(gold, ordered)]).rows
    assert rows == evaluate_mentions([case_of(gold, shuffled)]).rows
    for row in rows:
        assert row.overlap is not None
        assert row.type is not None
        assert row.strict.tp <= row.overlap.tp <= min(row.gold, row.predicted)
        assert row.type.tp <= row.overlap.tp
        assert row.strict.tp + row.strict.fn == row.overlap.tp + row.overlap.fn == row.gold


@given(gold=markings)
@settings(deadline=None, max_examples=50)
def test_a_perfect_prediction_scores_one_and_nothing_against_nothing_is_undefined(
    gold: set[tuple[str, int, int]],
) -> None:
    for row in evaluate_mentions([case_of(gold, sorted(gold))]).rows:
        expected = 1.0 if row.gold else None
        assert [score and score.f1 for score in (row.strict, row.overlap, row.type)] == [expected] * 3
        assert all(item.correct == item.total for item in row.attributes)


def test_no_documents_have_no_scores() -> None:
    row = row_of(evaluate_mentions([]), ALL)
    assert (row.strict.f1, row.intervals) == (None, Intervals())


def tallies(*blocks: tuple[int, int, int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([[block] for block in blocks], dtype=np.int64)


def test_the_bootstrap_is_deterministic() -> None:
    counts = tallies((5, 1, 0), (2, 0, 3), (0, 1, 1), (4, 0, 0))
    once, again, other = (bootstrap_intervals(counts, resamples=1000, seed=seed) for seed in (0, 0, 1))
    assert once == again
    assert once != other


def test_intervals_hold_the_score() -> None:
    (interval,) = bootstrap_intervals(tallies(*[(3, 1, 0), (2, 0, 2)] * 20), resamples=1000, seed=0)
    assert interval.f1 is not None
    assert interval.f1.low < Score(100, 20, 40).f1 < interval.f1.high  # type: ignore[operator]
    assert interval.f1.high - interval.f1.low < 0.2


def test_blocks_not_mentions_are_resampled() -> None:
    """One block holds all errors: the interval is as wide as its being drawn or not makes it."""
    (together,) = bootstrap_intervals(tallies((0, 0, 10), *[(10, 0, 0)] * 9), resamples=1000, seed=0)
    (apart,) = bootstrap_intervals(tallies(*[(9, 0, 1)] * 10), resamples=1000, seed=0)
    assert together.recall == pytest.approx((0.7, 1.0))
    assert apart.recall == pytest.approx((0.9, 0.9))


def test_one_block_has_no_interval() -> None:
    assert bootstrap_intervals(tallies((5, 1, 2)), resamples=10, seed=0) == (Intervals(),)


def test_mentions_of_one_paragraph_share_a_block() -> None:
    marked = "[PERCENT:1%] and [PERCENT:2%]\n\n[PERCENT:3%]"
    (document,) = evaluate_mentions([make_case(marked, marked)]).documents
    assert document.gold_blocks == document.predicted_blocks == (0, 0, 1)

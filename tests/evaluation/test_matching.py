"""One-to-one matching by place and, for other renditions, by surface and order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator

from extract.errors import GoldError
from extract.evaluation.matching import (
    Mode,
    Span,
    align_mentions,
    common_subsequence,
    match_spans,
    normalise_surface,
    predicted_span,
)
from extract.records import Label, Mention

from .making import make_gold, make_predicted

MODES: tuple[Mode, ...] = ("strict", "overlap", "type")
LABELS = ("PERCENT", "DOSE", "TRIAL")
spans = st.builds(
    lambda start, length, label: Span(start, start + length, label),
    st.integers(0, 40),
    st.integers(1, 12),
    st.sampled_from(LABELS),
)
documents = st.lists(spans, max_size=12)


def matched(gold: Sequence[Span], predicted: Sequence[Span], mode: Mode) -> list[tuple[Span, Span]]:
    return sorted((gold[i], predicted[j]) for i, j in match_spans(gold, predicted, mode=mode))


def common(first: Span, second: Span) -> int:
    return max(min(first.end, second.end) - max(first.start, second.start), 0)


def test_strict_needs_label_and_both_boundaries() -> None:
    gold = [Span(0, 5, "DOSE"), Span(10, 15, "DOSE"), Span(20, 25, "DOSE")]
    predicted = [Span(20, 25, "PERCENT"), Span(10, 16, "DOSE"), Span(0, 5, "DOSE")]
    assert match_spans(gold, predicted, mode="strict") == [(0, 2)]


def test_overlap_needs_the_label_and_one_character() -> None:
    gold = [Span(0, 5, "DOSE"), Span(10, 15, "DOSE"), Span(20, 25, "DOSE")]
    predicted = [Span(5, 9, "DOSE"), Span(14, 16, "DOSE"), Span(20, 25, "PERCENT")]
    assert match_spans(gold, predicted, mode="overlap") == [(1, 1)]


def test_type_pairs_labels_that_are_confused() -> None:
    assert match_spans([Span(20, 25, "DOSE")], [Span(21, 22, "PERCENT")], mode="type") == [(0, 0)]


def test_one_long_prediction_stands_for_one_gold_span_only() -> None:
    gold = [Span(0, 4, "PERCENT"), Span(8, 13, "PERCENT")]
    assert match_spans(gold, [Span(0, 13, "PERCENT")], mode="overlap") == [(1, 0)]


def test_more_pairs_come_before_more_overlap() -> None:
    gold = [Span(0, 10, "DOSE"), Span(9, 12, "DOSE")]
    predicted = [Span(0, 10, "DOSE"), Span(0, 3, "DOSE")]
    assert match_spans(gold, predicted, mode="overlap") == [(0, 1), (1, 0)]


def test_equal_overlap_is_settled_by_the_boundaries() -> None:
    predicted = [Span(0, 14, "DOSE"), Span(0, 10, "DOSE"), Span(0, 12, "DOSE")]
    assert match_spans([Span(0, 10, "DOSE")], predicted, mode="overlap") == [(0, 1)]


def test_type_prefers_the_right_label_to_the_longer_overlap() -> None:
    predicted = [Span(0, 10, "PERCENT"), Span(8, 12, "DOSE")]
    assert match_spans([Span(0, 10, "DOSE")], predicted, mode="type") == [(0, 1)]


@pytest.mark.parametrize("mode", MODES)
@given(gold=documents, predicted=documents, seed=st.integers(0, 99))
@settings(deadline=None)
def test_the_order_of_the_input_does_not_matter(mode: Mode, gold: list[Span], predicted: list[Span], seed: int) -> None:
    draw = random.Random(seed)
    shuffled = draw.sample(gold, len(gold)), draw.sample(predicted, len(predicted))
    assert matched(gold, predicted, mode) == matched(*shuffled, mode)


@pytest.mark.parametrize("mode", MODES)
@given(gold=documents, predicted=documents)
@settings(deadline=None)
def test_nothing_is_matched_twice(mode: Mode, gold: list[Span], predicted: list[Span]) -> None:
    pairs = match_spans(gold, predicted, mode=mode)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs) <= min(len(gold), len(predicted))
    assert all(common(gold[i], predicted[j]) for i, j in pairs)


@pytest.mark.parametrize("mode", MODES)
@given(gold=documents)
@settings(deadline=None)
def test_a_document_matches_itself(mode: Mode, gold: list[Span]) -> None:
    assert all(first == second for first, second in matched(gold, gold, mode))
    assert len(match_spans(gold, gold, mode=mode)) == len(gold)


@given(gold=st.lists(spans, max_size=4), predicted=st.lists(spans, max_size=4))
@settings(deadline=None)
def test_type_is_the_best_of_all_assignments(gold: list[Span], predicted: list[Span]) -> None:
    def worth(pairs: Sequence[tuple[Span, Span]]) -> tuple[int, int, int, int]:
        return (
            len(pairs),
            sum(first.label == second.label for first, second in pairs),
            sum(common(first, second) for first, second in pairs),
            -sum(abs(first.start - second.start) + abs(first.end - second.end) for first, second in pairs),
        )

    possible = (
        [(gold[i], predicted[j]) for i, j in zip(rows, columns, strict=True)]
        for size in range(min(len(gold), len(predicted)) + 1)
        for rows in combinations(range(len(gold)), size)
        for columns in permutations(range(len(predicted)), size)
    )
    best = max(worth(pairs) for pairs in possible if all(common(*pair) for pair in pairs))
    assert worth(matched(gold, predicted, "type")) == best


def nervaluate_correct(gold: Sequence[Span], predicted: Sequence[Span]) -> dict[str, int]:
    sides = [
        [[{"label": span.label, "start": span.start, "end": span.end - 1} for span in sorted(side)]]  # ends inclusive
        for side in (gold, predicted)
    ]
    overall = Evaluator(*sides, tags=list(LABELS), loader="dict").evaluate()["overall"]
    return {name: overall[name].correct for name in ("strict", "ent_type")}


def random_row(draw: random.Random, *, step: int, longest: int) -> list[Span]:
    """Spans that do not overlap each other."""
    starts = [start for start in range(0, 400, step) if draw.random() < 0.7]
    return [Span(start, start + draw.randint(1, longest), draw.choice(LABELS)) for start in starts]


@pytest.mark.parametrize("seed", range(40))
def test_nervaluate_counts_the_same_where_spans_do_not_chain(seed: int) -> None:
    draw = random.Random(seed)
    gold, predicted = random_row(draw, step=8, longest=8), random_row(draw, step=8, longest=8)
    theirs = nervaluate_correct(gold, predicted)
    pairs = matched(gold, predicted, "type")
    assert len(match_spans(gold, predicted, mode="strict")) == theirs["strict"]
    assert sum(first.label == second.label for first, second in pairs) == theirs["ent_type"]


@pytest.mark.parametrize("seed", range(40))
def test_nervaluate_never_finds_more_of_one_label_where_spans_chain(seed: int) -> None:
    draw = random.Random(seed)
    gold = [span._replace(label="DOSE") for span in random_row(draw, step=8, longest=8)]
    predicted = [span._replace(label="DOSE") for span in random_row(draw, step=5, longest=5)]
    theirs = nervaluate_correct(gold, predicted)
    assert len(match_spans(gold, predicted, mode="strict")) == theirs["strict"]
    assert len(match_spans(gold, predicted, mode="type")) >= theirs["ent_type"]


@pytest.mark.parametrize(
    ("printed", "elsewhere"),
    [
        ("15 $\\mu\\text{g}/\\text{m}^2/\\text{day}$", "15 µg/m²/day"),
        ("1.8 mg/m<sup>2</sup> per dose", "1.8 mg/m2 per dose"),
        ("5\\%", "5%"),
        ("25–50%", "25-50 %"),
        ("*EFS*", "efs"),
        ("MRD\nnegativity", "MRD negativity"),
        ("ef\ufb01cacy", "efficacy"),
    ],
)
def test_renditions_of_a_surface_are_one(printed: str, elsewhere: str) -> None:
    assert normalise_surface(printed) == normalise_surface(elsewhere)


@pytest.mark.parametrize(("one", "other"), [("25-50%", "2550%"), ("0.8", "0.80"), ("CR", "CRi")])
def test_different_surfaces_stay_different(one: str, other: str) -> None:
    assert normalise_surface(one) != normalise_surface(other)


def test_alignment_goes_by_label_surface_and_order() -> None:
    gold = make_gold("[ENDPOINT:OS] was [PERCENT:50%] and [PERCENT:60%], [ENDPOINT:EFS] [PERCENT:50%]").mentions
    predicted = make_predicted("x [ENDPOINT:OS] is [PERCENT:60 %] or [TRIAL:EFS] [ENDPOINT:efs]: [PERCENT:50 %]")
    assert align_mentions(gold, predicted) == [(0, 0), (2, 1), (3, 3), (4, 4)]


def test_a_table_printed_elsewhere_is_not_lost() -> None:
    table = "[ENDPOINT:CR] [PERCENT:12%] [PERCENT:34%] [PERCENT:56%]"
    body = "[ENDPOINT:OS] [PERCENT:1%] [ENDPOINT:EFS] [PERCENT:2%] [ENDPOINT:DFS] [PERCENT:3%]"
    pairs = align_mentions(make_gold(f"{table} {body}").mentions, make_predicted(f"{body} {table}"))
    assert len(pairs) == 10


def test_two_stray_equals_are_no_moved_table() -> None:
    body = "[ENDPOINT:OS] [PERCENT:1%] [ENDPOINT:EFS] [PERCENT:2%] [ENDPOINT:DFS] [PERCENT:3%]"
    stray = "[PERCENT:95%] [PERCENT:50%]"
    assert len(align_mentions(make_gold(f"{stray} {body}").mentions, make_predicted(f"{body} {stray}"))) == 6


@given(first=st.text("abc", max_size=30), second=st.text("abcd", max_size=30))
@settings(deadline=None)
def test_the_common_subsequence_is_one_and_is_longest(first: str, second: str) -> None:
    pairs = common_subsequence(first, second)
    assert all(first[i] == second[j] for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
    lengths = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, one in enumerate(first, start=1):
        for j, other in enumerate(second, start=1):
            lengths[i][j] = lengths[i - 1][j - 1] + 1 if one == other else max(lengths[i - 1][j], lengths[i][j - 1])
    assert len(pairs) == lengths[-1][-1]


def test_a_mention_without_source_offsets_needs_the_aligned_mode() -> None:
    mention = Mention(document_id="d", mention_id="m1", label=Label.DOSE, quote="1 mg", start=0, end=4)
    with pytest.raises(GoldError, match="d m1: '1 mg' has no source offsets"):
        predicted_span(mention)

"""Which predicted row stands for which gold row, one to one.

A result or dose is the same row on both sides where it stands on the same line and says the same figure (`core`). Where
several do, as many as possible are paired, then the most similar arms (agents), then those in the same order. Trials
match by what they are called and registered under.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from extract.evaluation.agreement import jaccard, name_key, share_word
from extract.evaluation.gold import GoldMention
from extract.evaluation.gold_records import GoldDosing, GoldOutcome, GoldTrial
from extract.evaluation.matching import Pair
from extract.records import Dosing, Evidence, Mention, Outcome, Trial

UNCODED = "OTHER"  # the code of outcomes that only their name tells apart
ANCHORS = ("value", "low", "endpoint", "n")  # the field that says where a row stands, the first that is filled
FINE = 1000  # steps of similarity that rank candidates

Gold = TypeVar("Gold", bound=GoldOutcome | GoldDosing)
Predicted = TypeVar("Predicted", bound=Outcome | Dosing)


class Place(NamedTuple):
    """Where a predicted row stands: its line in the gold's file, None where unknown, and an offset that orders rows."""

    line: int | None
    offset: int


def line_finder(source: str) -> Callable[[int], int]:
    """Leads from an offset in a file to its line, counted from 1."""
    starts = [0, *(index + 1 for index, character in enumerate(source) if character == "\n")]
    return lambda offset: bisect_right(starts, offset)


def find_places(rows: Iterable[Outcome | Dosing], source: str) -> list[Place]:
    """The places of rows of a document that is the gold's own file."""
    line_of = line_finder(source)
    return [
        Place(None, -1) if row.source_start is None else Place(line_of(row.source_start), row.source_start)
        for row in rows
    ]


def align_places(
    rows: Iterable[Outcome | Dosing],
    evidence: Iterable[Evidence],
    pairs: Iterable[tuple[GoldMention, Mention]],
) -> list[Place]:
    """The places of rows of another rendition: the gold line of the aligned mention at the row's value.

    Where the value itself is no aligned mention (a ratio, a count) the one nearest in the text stands in for it.
    """
    anchors = sorted((mention.start, gold.line) for gold, mention in pairs)
    starts = [start for start, _ in anchors]
    offsets: dict[str, dict[str, int]] = defaultdict(dict)
    for piece in evidence:
        fields = offsets[piece.record_id]
        fields[piece.field] = min(piece.start, fields.get(piece.field, piece.start))
    places = []
    for row in rows:
        found = offsets.get(row.record_id, {})
        offset = next((found[field] for field in ANCHORS if field in found), None)
        if offset is None or not anchors:
            places.append(Place(None, -1))
            continue
        index = bisect_left(starts, offset)
        near = min(anchors[max(index - 1, 0) : index + 1], key=lambda anchor: abs(anchor[0] - offset))
        places.append(Place(near[1], offset))
    return places


def match_outcomes(gold: Sequence[GoldOutcome], predicted: Sequence[Outcome], places: Sequence[Place]) -> list[Pair]:
    """Pairs with the same line, endpoint code, statistic and value or range, else n.

    Outcomes without a code also share a word of their names. `places` are those of the predicted rows.
    """

    def rank(first: GoldOutcome, second: Outcome) -> float | None:
        if first.endpoint == UNCODED and not share_word(first.endpoint_text, second.endpoint_text):
            return None
        return jaccard(first.arm, second.arm)

    return _match_rows(gold, predicted, places, _outcome_key, rank)


def match_dosing(gold: Sequence[GoldDosing], predicted: Sequence[Dosing], places: Sequence[Place]) -> list[Pair]:
    """Pairs with the same line, value or range, and unit."""
    return _match_rows(gold, predicted, places, _dosing_key, lambda first, second: jaccard(first.agent, second.agent))


def match_figures(gold: Sequence[Gold], predicted: Sequence[Predicted], places: Sequence[Place]) -> list[Pair]:
    """Pairs with the same line and value, range or n: what else differs is how the figure was read."""
    return _match_rows(gold, predicted, places, _any_figure, lambda first, second: jaccard(_name(first), _name(second)))


def match_trials(gold: Sequence[GoldTrial], predicted: Sequence[Trial]) -> list[Pair]:
    """Pairs that share a name or a registry number; the same id ranks before an alias for an id, and that before both.

    Case, spaces and hyphens do not count.
    """
    ours, theirs = [_names(trial) for trial in gold], [_names(trial) for trial in predicted]

    def rank(first: int, second: int) -> float | None:
        a, b = name_key(gold[first].id), name_key(predicted[second].id)
        if not ours[first] & theirs[second]:
            return None
        return 1.0 if a == b else 0.5 if a in theirs[second] or b in ours[first] else 0.0

    order = sorted(range(len(predicted)), key=lambda index: (name_key(predicted[index].id), predicted[index].id))
    return sorted(_assign(range(len(gold)), order, rank))


def _outcome_key(row: GoldOutcome | Outcome) -> tuple[object, ...]:
    """The figure is the count only where there is nothing else; of a median that was not reached there is none."""
    return (row.endpoint, row.statistic, *(_figure(row) or (row.n if row.statistic == "count" else None,)))


def _any_figure(row: GoldOutcome | GoldDosing | Outcome | Dosing) -> tuple[object, ...]:
    return _figure(row) or (row.n if isinstance(row, GoldOutcome | Outcome) else None,)


def _name(row: GoldOutcome | GoldDosing | Outcome | Dosing) -> str | None:
    return row.endpoint_text if isinstance(row, GoldOutcome | Outcome) else row.agent


def _dosing_key(row: GoldDosing | Dosing) -> tuple[object, ...]:
    return (row.unit, *_figure(row))


def _figure(row: GoldOutcome | GoldDosing | Outcome | Dosing) -> tuple[Decimal, ...]:
    """Decimals compare as numbers: 0.8 is 0.80."""
    if row.value is not None:
        return (row.value,)
    return () if row.low is None or row.high is None else (row.low, row.high)


def _names(trial: GoldTrial | Trial) -> frozenset[str]:
    return frozenset(map(name_key, (trial.id, *trial.aliases, *trial.registry_ids)))


def _match_rows(
    gold: Sequence[Gold],
    predicted: Sequence[Predicted],
    places: Sequence[Place],
    key: Callable[[Gold | Predicted], tuple[object, ...]],
    rank: Callable[[Gold, Predicted], float | None],
) -> list[Pair]:
    """The gold's order is that of its rows, the predicted one's that of the text: the input's does not matter."""
    groups: defaultdict[tuple[object, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, row in enumerate(gold):
        groups[row.line, *key(row)][0].append(index)
    for index, (place, guess) in enumerate(zip(places, predicted, strict=True)):
        if place.line is not None:
            groups[place.line, *key(guess)][1].append(index)
    pairs: list[Pair] = []
    for ours, theirs in groups.values():
        if ours and theirs:
            ordered = sorted(theirs, key=lambda second: (places[second].offset, _content(predicted[second])))
            pairs += _assign(ours, ordered, lambda first, second: rank(gold[first], predicted[second]))
    return sorted(pairs)


def _content(row: Outcome | Dosing) -> str:
    return row.model_dump_json(exclude={"record_id"})


def _assign(gold: Sequence[int], predicted: Sequence[int], rank: Callable[[int, int], float | None]) -> list[Pair]:
    """The best pairs of two short lists: most pairs, then highest ranks (0 to 1), then the same order.

    Pairs of rank None are impossible. Whole numbers as floats: exact up to lists of some 300.
    """
    if not gold or not predicted:
        return []
    longest = max(len(gold), len(predicted))
    step = longest**3 + 1  # one step of rank outweighs all differences of order
    whole = FINE * step * longest + step  # one pair outweighs all ranks
    weights = np.zeros((len(gold), len(predicted)))
    for row, first in enumerate(gold):
        for column, second in enumerate(predicted):
            value = rank(first, second)
            if value is not None:
                weights[row, column] = whole + step * round(FINE * value) - (row - column) ** 2
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [
        (gold[row], predicted[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if weights[row, column] > 0
    ]

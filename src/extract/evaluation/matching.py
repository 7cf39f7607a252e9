"""Which predicted span stands for which gold span, one to one.

Three ways to match by place, each independent of the order of its input:

strict   same label, same start and end (nervaluate's `strict`)
overlap  same label, at least one common character; each label is matched by itself
type     at least one common character, whatever the labels; a pair counts as correct only where the labels agree
         (nervaluate's `ent_type`), the other pairs say which labels are confused

`overlap` and `type` find the best assignment rather than the first: most pairs, then most pairs of one label, then
most common characters, then least distance of the boundaries. nervaluate goes through the predictions from left to
right, so where spans chain it may find fewer. A fourth way, `align_mentions`, needs no offsets.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from extract.errors import GoldError
from extract.evaluation.gold import GoldMention
from extract.readers.normalise import TextBuilder, flatten
from extract.records import Mention

Mode = Literal["strict", "overlap", "type"]
Pair = tuple[int, int]  # indices into the gold and the predicted sequence

# Another rendition may print a table or a box elsewhere. A run of surfaces in the same order counts as moved, not lost.
MOVED_RUN = 3  # pairs; fewer are chance, since "95%" stands everywhere
MOVED_STEP = 3  # mentions from one pair of a run to the next, on either side


class Span(NamedTuple):
    """A labelled place in the file as stored."""

    start: int
    end: int
    label: str


def gold_span(mention: GoldMention) -> Span:
    """Where a gold mention stands."""
    return Span(mention.start, mention.end, mention.label)


def predicted_span(mention: Mention) -> Span:
    """Where a predicted mention stands in the file; GoldError where the file has no text offsets."""
    if mention.source_start is None or mention.source_end is None:
        place = f"{mention.document_id} {mention.mention_id}"
        raise GoldError(f"{place}: {mention.quote!r} has no source offsets, so only the aligned mode can score it")
    return Span(mention.source_start, mention.source_end, mention.label)


def match_spans(gold: Sequence[Span], predicted: Sequence[Span], *, mode: Mode) -> list[Pair]:
    """The best one-to-one pairs of gold and predicted indices, sorted."""
    if mode == "strict":
        return _match_equal(gold, predicted)
    if mode == "type":
        return sorted(_match_overlapping(gold, predicted))
    pairs: list[Pair] = []
    for label in sorted({span.label for span in gold}):
        ours = [index for index, span in enumerate(gold) if span.label == label]
        theirs = [index for index, span in enumerate(predicted) if span.label == label]
        found = _match_overlapping([gold[index] for index in ours], [predicted[index] for index in theirs])
        pairs.extend((ours[first], theirs[second]) for first, second in found)
    return sorted(pairs)


def _match_equal(gold: Sequence[Span], predicted: Sequence[Span]) -> list[Pair]:
    places: defaultdict[Span, list[int]] = defaultdict(list)
    for index in reversed(range(len(predicted))):
        places[predicted[index]].append(index)
    return [(index, places[span].pop()) for index, span in enumerate(gold) if places[span]]


def _match_overlapping(gold: Sequence[Span], predicted: Sequence[Span]) -> Iterator[Pair]:
    for ours, theirs in _components(gold, predicted):
        if len(ours) == 1 and len(theirs) == 1:
            yield ours[0], theirs[0]
            continue
        weights = _weights([gold[index] for index in ours], [predicted[index] for index in theirs])
        rows, columns = linear_sum_assignment(weights, maximize=True)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if weights[row, column] > 0:
                yield ours[row], theirs[column]


def _components(gold: Sequence[Span], predicted: Sequence[Span]) -> Iterator[tuple[list[int], list[int]]]:
    """Indices of spans that chain by overlap, with spans of both sides; in an order that the input's does not touch."""
    spans = [(span, 0, index) for index, span in enumerate(gold) if span.start < span.end]
    spans += [(span, 1, index) for index, span in enumerate(predicted) if span.start < span.end]
    sides: tuple[list[int], list[int]] = ([], [])
    reach = 0
    for span, side, index in sorted(spans):
        if span.start >= reach:
            if all(sides):
                yield sides
            sides = ([], [])
        sides[side].append(index)
        reach = max(reach, span.end)
    if all(sides):
        yield sides


def _weights(gold: Sequence[Span], predicted: Sequence[Span]) -> NDArray[np.float64]:
    """One number a pair, 0 without overlap, that ranks pairs, then equal labels, then overlap, then distance.

    Whole numbers as floats: exact up to components of some 500 chained spans.
    """
    starts = np.maximum.outer([span.start for span in gold], [span.start for span in predicted])
    ends = np.minimum.outer([span.end for span in gold], [span.end for span in predicted])
    overlap = np.clip(ends - starts, 0, None).astype(np.float64)
    lengths = np.add.outer([span.end - span.start for span in gold], [span.end - span.start for span in predicted])
    distance = lengths - 2 * overlap
    labels = [span.label for span in predicted]
    same = np.array([[span.label == label for label in labels] for span in gold], dtype=np.float64)
    most = min(overlap.shape)  # pairs in an assignment
    fine = overlap * (most * lengths.max() + 1) - distance  # one character more outweighs all distances
    fine += lengths.max()  # above 0 for each overlapping pair; the same for all, and the number of pairs ranks first
    coarse = most * fine.max() + 1
    weights: NDArray[np.float64] = np.where(overlap > 0, coarse * (most + 1) + coarse * same + fine, 0.0)
    return weights


def plain_surface(text: str) -> str:
    """A text without what renditions of a paper print differently: markup, dashes, scripts, case, runs of spaces."""
    flat = flatten(text)
    builder = TextBuilder(flat)
    builder.piece(0, len(flat))
    plain = unicodedata.normalize("NFKC", builder.build()[0]).casefold()
    dashed = "".join("-" if unicodedata.category(character) == "Pd" else character for character in plain)
    return " ".join(dashed.split())


def normalise_surface(text: str) -> str:
    """A surface as `plain_surface` gives it, without any white space."""
    return plain_surface(text).replace(" ", "")


def align_mentions(gold: Sequence[GoldMention], predicted: Sequence[Mention]) -> list[Pair]:
    """Pairs of equal label and surface in the same order, for a rendition whose offsets mean nothing to the gold.

    The longest common subsequence of both, then runs that another rendition prints elsewhere (tables, boxes).
    """
    ours = sorted(range(len(gold)), key=lambda index: gold[index].start)
    theirs = sorted(range(len(predicted)), key=lambda index: predicted[index].start)
    gold_keys = [(str(gold[index].label), normalise_surface(gold[index].text)) for index in ours]
    predicted_keys = [(str(predicted[index].label), normalise_surface(predicted[index].quote)) for index in theirs]
    return sorted((ours[first], theirs[second]) for first, second in _align_keys(gold_keys, predicted_keys))


def _align_keys(gold: Sequence[tuple[str, str]], predicted: Sequence[tuple[str, str]]) -> list[Pair]:
    found = common_subsequence(gold, predicted)
    while True:
        ours = sorted(set(range(len(gold))) - {first for first, _ in found})
        theirs = sorted(set(range(len(predicted))) - {second for _, second in found})
        rest = common_subsequence([gold[index] for index in ours], [predicted[index] for index in theirs])
        moved = [pair for run in _runs((ours[i], theirs[j]) for i, j in rest) if len(run) >= MOVED_RUN for pair in run]
        if not moved:
            return found
        found += moved


def _runs(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Cuts an alignment wherever it leaps on either side."""
    run: list[Pair] = []
    for pair in pairs:
        if run and max(pair[0] - run[-1][0], pair[1] - run[-1][1]) > MOVED_STEP:
            yield run
            run = []
        run.append(pair)
    yield run


def common_subsequence(first: Sequence[object], second: Sequence[object]) -> list[Pair]:
    """Index pairs of a longest common subsequence; one bit a cell (Hyyrö 2004), 2,000 by 2,000 in milliseconds."""
    positions: defaultdict[object, int] = defaultdict(int)
    for index, item in enumerate(first):
        positions[item] |= 1 << index
    full = (1 << len(first)) - 1
    rows = [full]  # a 0 at bit i of row j: first[i] lengthens what first[:i] and second[:j] have in common
    for item in second:
        row = rows[-1]
        hits = row & positions.get(item, 0)
        rows.append(((row + hits) | (row - hits)) & full)
    pairs: list[Pair] = []
    i, j = len(first), len(second)
    while i and j:
        bit = 1 << (i - 1)
        if rows[j] & bit:
            i -= 1
        elif not rows[j - 1] & bit:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]

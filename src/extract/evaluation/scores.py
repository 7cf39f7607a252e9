"""Scores of predicted against gold mentions: by label, by document and over all documents.

Counts are summed over documents (micro).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.document import Document
from extract.evaluation.bootstrap import Intervals, bootstrap_intervals
from extract.evaluation.gold import GoldDocument, GoldMention
from extract.evaluation.matching import (
    Pair,
    align_mentions,
    gold_span,
    match_spans,
    normalise_surface,
    predicted_span,
)
from extract.patterns import lazy_regex
from extract.records import PROMISED, Label, Mention

if TYPE_CHECKING:
    from extract.evaluation.record_scores import RecordEvaluation

ALL = "ALL"  # the row over all labels
LABELS = (*(label.value for label in PROMISED), ALL)
LINE_END = lazy_regex(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Score:
    """Correct, spurious and missed items; a ratio without anything to divide by is None, never 0."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float | None:
        """Correct of the predicted; None where nothing is predicted."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Correct of the gold; None where there is no gold."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """2 tp / (2 tp + fp + fn); None only where there is neither gold nor prediction."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often an attribute is right among the strictly matched mentions that should carry it."""

    attribute: str
    correct: int
    total: int

    @property
    def share(self) -> float | None:
        """Correct of the total; None where no mention carries the attribute."""
        return _ratio(self.correct, self.total)


@dataclass(frozen=True, slots=True)
class Row:
    """One label: `overlap` and `type` are None in the aligned mode, which has no offsets."""

    label: str
    gold: int
    predicted: int
    strict: Score
    overlap: Score | None
    type: Score | None
    intervals: Intervals
    attributes: tuple[Accuracy, ...]


class Case(NamedTuple):
    """What is scored: a document, what people marked in it and what the program marked in it."""

    gold: GoldDocument
    document: Document
    predicted: Sequence[Mention]


@dataclass(frozen=True, slots=True)
class DocumentEvaluation:
    """The mentions of one document that count, and which stands for which.

    `strict` holds the aligned pairs in the aligned mode. Blocks number the places that are resampled together.
    `left_out` counts the gold and predicted mentions that the rule for hard-wrapped texts drops.
    """

    document: Document
    gold: tuple[GoldMention, ...]
    predicted: tuple[Mention, ...]
    strict: tuple[Pair, ...]
    overlap: tuple[Pair, ...] | None
    type: tuple[Pair, ...] | None
    gold_blocks: tuple[int, ...]
    predicted_blocks: tuple[int, ...]
    left_out: tuple[int, int] = (0, 0)
    rows: tuple[Row, ...] = ()

    @property
    def document_id(self) -> str:
        """The document's id."""
        return self.document.document_id


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of each document and of all; `confusion` counts `type` pairs of gold and predicted label that differ.

    `missing` names documents that have gold but whose file is not at hand. `records` holds the scores of the rows, None
    where they were not scored.
    """

    documents: tuple[DocumentEvaluation, ...]
    rows: tuple[Row, ...]
    confusion: tuple[tuple[str, str, int], ...] = ()
    missing: tuple[str, ...] = ()
    aligned: bool = False
    records: RecordEvaluation | None = None

    @property
    def document_ids(self) -> tuple[str, ...]:
        """The documents of which anything was scored, in order."""
        ids = [document.document_id for document in self.documents]
        if self.records is not None:
            ids += [document.document_id for document in self.records.documents]
        return tuple(dict.fromkeys(ids))


def _numbers(mention: GoldMention | Mention) -> tuple[object, object, object]:
    return mention.value, mention.low, mention.high


def _same_name(gold: str | None, predicted: str | None) -> bool:
    if gold is None or predicted is None:
        return gold is predicted
    return normalise_surface(gold) == normalise_surface(predicted)


# Which attributes a label carries and when they are right. Decimals compare as numbers: 0.8 is 0.80.
ATTRIBUTES: dict[Label, dict[str, Callable[[GoldMention, Mention], bool]]] = {
    Label.TRIAL: {"trial": lambda gold, mention: _same_name(gold.trial, mention.trial)},
    Label.REGISTRY_ID: {"valid": lambda gold, mention: gold.valid == mention.valid},
    Label.DOSE: {
        "agent": lambda gold, mention: _same_name(gold.agent, mention.agent),
        "value": lambda gold, mention: _numbers(gold) == _numbers(mention),
        "unit": lambda gold, mention: gold.unit == mention.unit,
    },
    Label.PERCENT: {
        "role": lambda gold, mention: gold.role == mention.role,
        "value": lambda gold, mention: _numbers(gold) == _numbers(mention),
    },
    Label.ENDPOINT: {"code": lambda gold, mention: gold.code == mention.code},
}


def evaluate_mentions(
    cases: Iterable[Case], *, aligned: bool = False, missing: Sequence[str] = (), resamples: int = 1000, seed: int = 0
) -> Evaluation:
    """Scores of the promised labels in each case and in all.

    Offsets of the file decide which mention stands for which, or with `aligned` label, surface and order.
    """
    judged = [judge_case(case, aligned=aligned) for case in cases]
    confusion: Counter[tuple[str, str]] = Counter()
    for document in judged:
        for first, second in document.type or ():
            confusion[document.gold[first].label.value, document.predicted[second].label.value] += 1
    return Evaluation(
        documents=tuple(
            replace(document, rows=score_rows([document], resamples=resamples, seed=seed)) for document in judged
        ),
        rows=score_rows(judged, resamples=resamples, seed=seed),
        confusion=tuple((*labels, count) for labels, count in sorted(confusion.items()) if labels[0] != labels[1]),
        missing=tuple(missing),
        aligned=aligned,
    )


def judge_case(case: Case, *, aligned: bool = False) -> DocumentEvaluation:
    """Which mentions of a document count, and which predicted one stands for which gold one."""
    gold = [mention for mention in case.gold.mentions if mention.label in PROMISED]
    predicted = [mention for mention in case.predicted if mention.label in PROMISED]
    if aligned:
        return _judge_aligned(case.document, gold, predicted)
    counts = len(gold), len(predicted)
    if case.document.hard_wrapped:
        gold, predicted = drop_hard_wrapped(gold, predicted, case.document.source)
    gold_spans, predicted_spans = [gold_span(m) for m in gold], [predicted_span(m) for m in predicted]
    block_of = block_finder(case.document)
    return DocumentEvaluation(
        document=case.document,
        gold=tuple(gold),
        predicted=tuple(predicted),
        strict=tuple(match_spans(gold_spans, predicted_spans, mode="strict")),
        overlap=tuple(match_spans(gold_spans, predicted_spans, mode="overlap")),
        type=tuple(match_spans(gold_spans, predicted_spans, mode="type")),
        gold_blocks=tuple(block_of(span.start) for span in gold_spans),
        predicted_blocks=tuple(block_of(span.start) for span in predicted_spans),
        left_out=(counts[0] - len(gold), counts[1] - len(predicted)),
    )


def drop_hard_wrapped(
    gold: Sequence[GoldMention], predicted: Sequence[Mention], source: str
) -> tuple[list[GoldMention], list[Mention]]:
    """What a text with hard line ends can score (GUIDELINES.md, last section).

    Left out are predicted spans that cross a line end, the gold spans they overlap, and implicit percentages.
    """
    places = [predicted_span(mention) for mention in predicted]
    crossing = [LINE_END.search(source, span.start, span.end) is not None for span in places]
    across = [span for span, crosses in zip(places, crossing, strict=True) if crosses]
    kept_gold = [
        mention
        for mention in gold
        if not _is_implicit(mention)
        and not any(mention.start < span.end and span.start < mention.end for span in across)
    ]
    kept = [m for m, crosses in zip(predicted, crossing, strict=True) if not crosses and not _is_implicit(m)]
    return kept_gold, kept


def block_finder(document: Document) -> Callable[[int], int]:
    """Leads from a source offset to the number of its block, between blocks to that of the one before."""
    places = sorted(
        (span.start, number)
        for number, block in enumerate(document.blocks)
        for span in document.source_spans(block.span.start, block.span.end)
    )
    starts = [start for start, _ in places]

    def block_of(offset: int) -> int:
        index = bisect_right(starts, offset) - 1
        return places[index][1] if index >= 0 else -1

    return block_of


def score_rows(documents: Sequence[DocumentEvaluation], *, resamples: int, seed: int) -> tuple[Row, ...]:
    """One row a label and one over all, counts summed over documents."""
    tallies = _tally_blocks(documents)
    intervals = bootstrap_intervals(tallies, resamples=resamples, seed=seed)
    aligned = any(document.overlap is None for document in documents)
    rows = []
    for index, label in enumerate(LABELS):
        tp, fp, fn = tallies[:, index].sum(axis=0).tolist()
        rows.append(
            Row(
                label=label,
                gold=tp + fn,
                predicted=tp + fp,
                strict=Score(tp, fp, fn),
                overlap=None if aligned else _loose_score(documents, label, attrgetter("overlap")),
                type=None if aligned else _loose_score(documents, label, attrgetter("type")),
                intervals=intervals[index],
                attributes=_accuracies(documents, label),
            )
        )
    return tuple(rows)


def wrong_attributes(gold: GoldMention, predicted: Mention) -> list[str]:
    """Names of the attributes in which a predicted mention differs from its gold."""
    return [name for name, agrees in ATTRIBUTES[gold.label].items() if not agrees(gold, predicted)]


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _is_implicit(mention: GoldMention | Mention) -> bool:
    return mention.label == Label.PERCENT and bool(mention.implicit)


def _judge_aligned(document: Document, gold: list[GoldMention], predicted: list[Mention]) -> DocumentEvaluation:
    """Blocks are the lines of the gold; a false alarm counts to the block of the aligned mention before it."""
    predicted.sort(key=lambda mention: mention.start)
    pairs = align_mentions(gold, predicted)
    gold_of = {second: first for first, second in pairs}
    blocks: list[int] = []
    for index in range(len(predicted)):
        before = blocks[-1] if blocks else -1
        blocks.append(gold[gold_of[index]].line if index in gold_of else before)
    return DocumentEvaluation(
        document=document,
        gold=tuple(gold),
        predicted=tuple(predicted),
        strict=tuple(pairs),
        overlap=None,
        type=None,
        gold_blocks=tuple(mention.line for mention in gold),
        predicted_blocks=tuple(blocks),
    )


def _tally_blocks(documents: Sequence[DocumentEvaluation]) -> NDArray[np.int64]:
    """Strict (tp, fp, fn) of each block that holds a mention, for each label: blocks × labels × 3."""
    items: list[tuple[tuple[int, int], str, int]] = []
    for number, document in enumerate(documents):
        found = {first for first, _ in document.strict}
        right = {second for _, second in document.strict}
        for index, (mention, block) in enumerate(zip(document.gold, document.gold_blocks, strict=True)):
            items.append(((number, block), mention.label.value, 0 if index in found else 2))
        for index, (guess, block) in enumerate(zip(document.predicted, document.predicted_blocks, strict=True)):
            if index not in right:
                items.append(((number, block), guess.label.value, 1))
    rows = {block: row for row, block in enumerate(sorted({block for block, _, _ in items}))}
    tallies = np.zeros((len(rows), len(LABELS), 3), dtype=np.int64)
    for place, label, kind in items:
        tallies[rows[place], LABELS.index(label), kind] += 1
    tallies[:, LABELS.index(ALL)] = tallies.sum(axis=1)
    return tallies


def _loose_score(
    documents: Sequence[DocumentEvaluation], label: str, pairs_of: Callable[[DocumentEvaluation], Sequence[Pair]]
) -> Score:
    gold = predicted = correct = 0
    for document in documents:
        gold += sum(label in (ALL, mention.label) for mention in document.gold)
        predicted += sum(label in (ALL, mention.label) for mention in document.predicted)
        pairs = [(document.gold[first].label, document.predicted[second].label) for first, second in pairs_of(document)]
        correct += sum(first == second and label in (ALL, first) for first, second in pairs)
    return Score(correct, predicted - correct, gold - correct)


def _accuracies(documents: Sequence[DocumentEvaluation], label: str) -> tuple[Accuracy, ...]:
    names = list(dict.fromkeys(name for kind in PROMISED if label in (ALL, kind) for name in ATTRIBUTES[kind]))
    correct: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for document in documents:
        for first, second in document.strict:
            gold, predicted = document.gold[first], document.predicted[second]
            if label in (ALL, gold.label):
                for name, agrees in ATTRIBUTES[gold.label].items():
                    total[name] += 1
                    correct[name] += agrees(gold, predicted)
    return tuple(Accuracy(name, correct[name], total[name]) for name in names)

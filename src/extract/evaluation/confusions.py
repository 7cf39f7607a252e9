"""What was taken for what: labels by place, codes of endpoints and roles of percentages among the matched mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from extract.evaluation.gold import GoldMention
from extract.evaluation.scores import Evaluation
from extract.records import Label, Mention

NOTHING = "nothing"  # beside a label: missed, or invented


class Confused(NamedTuple):
    """One thing of the gold and what it was taken for; `of` is how often the gold has it among what was compared."""

    gold: str
    predicted: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each thing of the gold was read as what, what is most often confused first.

    The matrix has the things that were confused, those that were always right are only in `total` and `right`.
    """

    total: int
    right: int
    wrong: tuple[Confused, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Counter[tuple[str, str]]

    def cells(self, row: str) -> tuple[int, ...]:
        """How often a thing of the gold was read as each of the columns."""
        return tuple(self.counts[row, column] for column in self.columns)


def count_confusions(pairs: Iterable[tuple[str, str]]) -> Confusion:
    """The confusions of pairs of what the gold says and what was predicted."""
    counts = Counter(pairs)
    of = Counter[str]()
    for (gold, _), count in counts.items():
        of[gold] += count
    wrong = [Confused(*pair, count, of[pair[0]]) for pair, count in counts.items() if pair[0] != pair[1]]
    wrong.sort(key=lambda each: (-each.times, each.gold, each.predicted))
    rows = _most_first((each.gold, each.times) for each in wrong)
    columns = _most_first((each.predicted, each.times) for each in wrong)
    return Confusion(
        total=counts.total(),
        right=sum(count for (gold, predicted), count in counts.items() if gold == predicted),
        wrong=tuple(wrong),
        rows=rows,
        columns=(*rows, *(name for name in columns if name not in rows)),
        counts=counts,
    )


def label_confusion(evaluation: Evaluation) -> Confusion | None:
    """Labels of mentions that share a place, and those that stand alone; None in the aligned mode, without places."""
    if evaluation.aligned:
        return None
    pairs: list[tuple[str, str]] = []
    for document in evaluation.documents:
        matched = document.type or ()
        found, right = ({pair[side] for pair in matched} for side in (0, 1))
        pairs += [
            (document.gold[first].label.value, document.predicted[second].label.value) for first, second in matched
        ]
        pairs += [(each.label.value, NOTHING) for index, each in enumerate(document.gold) if index not in found]
        pairs += [(NOTHING, each.label.value) for index, each in enumerate(document.predicted) if index not in right]
    return count_confusions(pairs)


def code_confusion(evaluation: Evaluation) -> Confusion:
    """Codes of the endpoints that were found where they stand."""
    return _attribute(evaluation, Label.ENDPOINT, lambda mention: mention.code)


def role_confusion(evaluation: Evaluation) -> Confusion:
    """Roles of the percentages that were found where they stand."""
    return _attribute(evaluation, Label.PERCENT, lambda mention: mention.role)


def _attribute(evaluation: Evaluation, label: Label, read: Callable[[GoldMention | Mention], str | None]) -> Confusion:
    return count_confusions(
        (read(document.gold[first]) or NOTHING, read(document.predicted[second]) or NOTHING)
        for document in evaluation.documents
        for first, second in document.strict
        if document.gold[first].label == label
    )


def _most_first(counted: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    counts = Counter[str]()
    for name, count in counted:
        counts[name] += count
    return tuple(sorted(counts, key=lambda name: (name == NOTHING, -counts[name], name)))

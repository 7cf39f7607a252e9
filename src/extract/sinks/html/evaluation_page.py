"""The page of an evaluation: scores with their intervals, confusions, changes since the baseline, every error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from extract.evaluation import Evaluation, RecordScore, Row, Score, find_errors
from extract.evaluation.bootstrap import Interval, Intervals
from extract.evaluation.changes import EVERYWHERE, Baseline, Change, Changes, find_changes
from extract.evaluation.confusions import NOTHING, Confusion, code_confusion, label_confusion, role_confusion
from extract.evaluation.mistakes import Mistake
from extract.evaluation.record_report import WHOLE, scores_of
from extract.evaluation.scores import ALL
from extract.sinks.baseline import find_losses
from extract.sinks.exporting import placing
from extract.sinks.html import render_page
from extract.sinks.markdown import ratio

STYLES, SCRIPTS = ("base.css", "evaluation.css"), ("evaluation.js",)
MAX_CONFUSED = 12  # rows and columns of a matrix; what is confused less often is only in the list
_STARTS = (0.9, 0.8, 0.5, 0.0)  # where the axis of the bars may begin
KINDS = {
    "miss": "in the gold, not found",
    "false alarm": "found, not in the gold",
    "boundary": "begins or ends elsewhere",
    "label": "taken for something else",
    "attribute": "found, with a wrong attribute",
    "core": "a figure that means something else",
    "field": "a row with wrong fields",
}


class Bar(NamedTuple):
    """A score and its interval on an axis, in percent of the width; None where they are undefined."""

    x: str | None
    left: str | None
    right: str | None


class Figure(NamedTuple):
    """A score in words and drawn."""

    text: str
    interval: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The scores of a label, of rows or of a field; `beside` is what else is told of it."""

    name: str
    gold: int
    predicted: int
    precision: Figure
    recall: Figure
    f1: Figure
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scores on one axis, which begins at `start`; `more` is what the last column tells, if anything."""

    title: str
    head: str
    more: str
    start: str
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class DocumentScores:
    """The scores of a document: its F1 under each heading of the overview, and its tables."""

    document_id: str
    f1: tuple[tuple[str, int] | None, ...]
    tables: tuple[ScoreTable, ...]
    left_out: tuple[int, int]
    errors: int


@dataclass(frozen=True, slots=True)
class ShownConfusion:
    """A confusion with the words by which the list of errors finds it: of a pair its kind, label and words."""

    title: str
    about: str
    confusion: Confusion
    kind: str
    label: str
    word: str

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the matrix."""
        return self.confusion.rows[:MAX_CONFUSED]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the matrix."""
        return self.confusion.columns[:MAX_CONFUSED]

    def errors(self, gold: str, predicted: str) -> tuple[str, str, str]:
        """Kind, label and words of the errors of a pair."""
        if self.label:
            return self.kind, self.label, f"{self.word} {gold} read as {predicted}"
        if NOTHING in (gold, predicted):
            return ("false alarm", predicted, "") if gold == NOTHING else ("miss", gold, "")
        return self.kind, gold, f"read as {predicted}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation beside the baseline: `alarms` are the losses that `--check-baseline` tells."""

    changes: Changes
    changed: tuple[Change, ...]
    alarms: tuple[str, ...]

    def count(self, verdict: str) -> int:
        """How many scores of single documents were gained or lost."""
        return sum(each.verdict == verdict and each.document_id != EVERYWHERE for each in self.changed)


def write_evaluation(evaluation: Evaluation, path: Path, *, baseline: Baseline | None = None) -> None:
    """Write the page of an evaluation; OutputError where it cannot be written."""
    html = render_evaluation(evaluation, baseline=baseline)
    with placing(path) as place:
        place.write_text(html, encoding="utf-8", newline="\n")


def render_evaluation(evaluation: Evaluation, *, baseline: Baseline | None = None) -> str:
    """The page of an evaluation, without a baseline where there is none."""
    mistakes = find_errors(evaluation)
    headings = [row.label for row in evaluation.rows]
    headings += [item.title for item in scores_of(evaluation.records) if item.name in WHOLE]
    return render_page(
        "evaluation.html",
        styles=STYLES,
        scripts=SCRIPTS,
        evaluation=evaluation,
        tables=list(_tables(evaluation.rows, scores_of(evaluation.records))),
        headings=headings,
        documents=list(_documents(evaluation, headings, mistakes)),
        confusions=list(_confusions(evaluation)),
        nothing=NOTHING,
        comparison=None if baseline is None else _compare(evaluation, baseline),
        everywhere=EVERYWHERE,
        mistakes=mistakes,
        kinds={kind: meaning for kind, meaning in KINDS.items() if any(each.kind == kind for each in mistakes)},
        tally=Counter((each.label, each.kind) for each in mistakes),
        labels=Counter(each.label for each in mistakes),
    )


def _tables(rows: Sequence[Row], records: Sequence[RecordScore]) -> Iterator[ScoreTable]:
    if rows:
        yield _table(
            "Mentions", "label", "attributes right; looser F1", [(*_of_row(row), _beside(row)) for row in rows]
        )
    whole = [item for item in records if item.name in WHOLE]
    fields = [item for item in records if item.name not in WHOLE and item.score.f1 is not None]
    for title, items in (("Rows", whole), ("Fields of the matched rows", fields)):
        if items:
            yield _table(title, "score", "", [(item.title, item.score, item.intervals, ()) for item in items])


def _of_row(row: Row) -> tuple[str, Score, Intervals]:
    return row.label, row.strict, row.intervals


def _beside(row: Row) -> tuple[str, ...]:
    """How often the attributes are right, over all labels nothing; F1 with less strict places."""
    told = [each for each in row.attributes if each.total and row.label != ALL]
    loose = {"overlap": row.overlap, "type": row.type}
    return (
        *(f"{each.attribute} {ratio(each.share)} ({each.correct}/{each.total})" for each in told),
        *(f"{name} F1 {ratio(score.f1)}" for name, score in loose.items() if score is not None),
    )


def _table(
    title: str, head: str, more: str, scores: Sequence[tuple[str, Score, Intervals, tuple[str, ...]]]
) -> ScoreTable:
    start = _start(scores)
    lines = [
        ScoreLine(
            name=name,
            gold=score.tp + score.fn,
            predicted=score.tp + score.fp,
            precision=_figure(score.precision, intervals.precision, start),
            recall=_figure(score.recall, intervals.recall, start),
            f1=_figure(score.f1, intervals.f1, start),
            beside=beside,
        )
        for name, score, intervals, beside in scores
    ]
    return ScoreTable(title, head, more, f"{start:g}", tuple(lines))


def _start(scores: Iterable[tuple[str, Score, Intervals, tuple[str, ...]]]) -> float:
    """The highest begin of an axis that holds all scores and intervals."""
    ends: list[float] = []
    for _, score, intervals, _ in scores:
        ends += [each for each in (score.precision, score.recall, score.f1) if each is not None]
        found = (intervals.precision, intervals.recall, intervals.f1)
        ends += [interval.low for interval in found if interval is not None]
    return next(start for start in _STARTS if start <= min(ends, default=0.0))


def _figure(value: float | None, interval: Interval | None, start: float) -> Figure:
    def place(number: float) -> str:
        return f"{100 * (number - start) / (1 - start):.2f}"

    if interval is None:
        return Figure(ratio(value), "", Bar(None if value is None else place(value), None, None))
    told = f"{ratio(interval.low)}–{ratio(interval.high)}"
    return Figure(ratio(value), told, Bar(None if value is None else place(value), *map(place, interval)))


def _documents(
    evaluation: Evaluation, headings: Sequence[str], mistakes: Sequence[Mistake]
) -> Iterator[DocumentScores]:
    mentions = {document.document_id: document for document in evaluation.documents}
    errors = Counter(each.document_id for each in mistakes)
    for document_id in evaluation.document_ids:
        judged = mentions.get(document_id)
        rows = () if judged is None else judged.rows
        records = scores_of(evaluation.records, document_id)
        f1 = {row.label: row.strict for row in rows} | {item.title: item.score for item in records}
        yield DocumentScores(
            document_id=document_id,
            f1=tuple((ratio(f1[name].f1), f1[name].tp + f1[name].fn) if name in f1 else None for name in headings),
            tables=tuple(_tables(rows, records)),
            left_out=(0, 0) if judged is None else judged.left_out,
            errors=errors[document_id],
        )


def _confusions(evaluation: Evaluation) -> Iterator[ShownConfusion]:
    if not evaluation.documents:
        return
    labels = label_confusion(evaluation)
    if labels is not None:
        about = "mentions that share a place; “nothing”: missed, or found where the gold has none"
        yield ShownConfusion("Labels", about, labels, "label", "", "")
    about = "endpoints whose place is right"
    yield ShownConfusion("Codes of endpoints", about, code_confusion(evaluation), "attribute", "ENDPOINT", "code")
    about = "percentages whose place is right"
    yield ShownConfusion("Roles of percentages", about, role_confusion(evaluation), "attribute", "PERCENT", "role")


def _compare(evaluation: Evaluation, baseline: Baseline) -> Comparison:
    changes = find_changes(evaluation, baseline)
    return Comparison(
        changes=changes,
        changed=tuple(each for each in changes.changes if each.verdict != "same"),
        alarms=tuple(find_losses(baseline, evaluation)),
    )

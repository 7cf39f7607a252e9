"""An evaluation for people (tables, lines of errors), for programs (JSON) and for the next run (baseline)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extract.evaluation.bootstrap import Interval, Intervals
from extract.evaluation.mistakes import Mistake, find_mistakes
from extract.evaluation.record_mistakes import find_record_mistakes
from extract.evaluation.record_report import (
    RecordLine,
    is_whole,
    lost_score,
    record_counts,
    record_json,
    record_lines,
    scores_of,
)
from extract.evaluation.record_scores import RecordScore
from extract.evaluation.scores import ALL, DocumentEvaluation, Evaluation, Row, Score

DIGITS = 4  # of ratios in JSON
Counts = dict[str, dict[str, dict[str, int]]]  # document, label or record score, tp | fp | fn


def score_table(evaluation: Evaluation, *, document_id: str | None = None) -> Table:
    """One row a label, of one document or (None) of all."""
    rows = evaluation.rows
    title = "aligned by surface" if evaluation.aligned else "matched by place"
    if document_id is not None:
        rows = next(document.rows for document in evaluation.documents if document.document_id == document_id)
    table = Table(title=f"{escape(document_id or 'all documents')} ({title})", title_justify="left")
    table.add_column("label", no_wrap=True)
    for heading in ("gold", "predicted", "P", "R"):
        table.add_column(heading, justify="right")
    table.add_column("F1 [95%]", no_wrap=True)
    loose = () if evaluation.aligned else ("overlap F1", "type F1")
    for heading in loose:
        table.add_column(heading, justify="right")
    table.add_column("attributes")
    for row in rows:
        strict = row.strict
        cells = [row.label, str(row.gold), str(row.predicted), _percent(strict.precision), _percent(strict.recall)]
        cells.append(_with_interval(strict.f1, row.intervals.f1))
        cells += [_percent(score.f1) for score in (row.overlap, row.type) if score is not None]
        cells.append(" · ".join(f"{item.attribute} {_percent(item.share)}" for item in row.attributes if item.total))
        table.add_row(*cells, end_section=row.label == rows[-2].label)
    return table


def record_table(evaluation: Evaluation, *, document_id: str | None = None) -> Table:
    """One line a score of the records over all documents; of one document the fields stand beside the cores.

    `gold` and `predicted` count rows, of a field the filled ones among the matched rows.
    """
    scores = scores_of(evaluation.records, document_id)
    table = Table(title=f"{escape(document_id or 'all documents')} (records)", title_justify="left")
    table.add_column("score", no_wrap=True)
    for heading in ("gold", "predicted", "P", "R"):
        table.add_column(heading, justify="right")
    table.add_column("F1 [95%]", no_wrap=True)
    if document_id is not None:
        table.add_column("F1 of the fields")
    lines = list(record_lines(scores)) if document_id is not None else [RecordLine(item, ()) for item in scores]
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        cells = [line.score.title, *_record_cells(line.score)]
        if document_id is not None:
            cells.append(" · ".join(f"{field.name} {_percent(field.score.f1)}" for field in line.fields))
        table.add_row(*cells, end_section=following is not None and following.score.table != line.score.table)
    return table


def print_evaluation(evaluation: Evaluation, console: Console) -> None:
    """The tables over all documents, then those of each, then confused labels and documents not at hand."""
    if evaluation.rows:
        console.print(score_table(evaluation))
    if evaluation.records is not None:
        console.print(record_table(evaluation))
    left_out = {document.document_id: document.left_out for document in evaluation.documents}
    for document_id in evaluation.document_ids:
        if document_id in left_out:
            console.print(score_table(evaluation, document_id=document_id))
            gold, predicted = left_out[document_id]
            if gold or predicted:
                console.print(f"hard-wrapped: {gold} gold and {predicted} predicted mentions left out", highlight=False)
        if scores_of(evaluation.records, document_id):
            console.print(record_table(evaluation, document_id=document_id))
    for gold_label, predicted_label, count in evaluation.confusion:
        console.print(f"{count} × gold {gold_label} predicted as {predicted_label}", highlight=False)
    if evaluation.missing:
        console.print(f"not at hand: {', '.join(evaluation.missing)}", markup=False, highlight=False)


def find_errors(evaluation: Evaluation) -> list[Mistake]:
    """Each error: of mentions, then of records, by document."""
    mentions = {document.document_id: document for document in evaluation.documents}
    records = {} if evaluation.records is None else {item.document_id: item for item in evaluation.records.documents}
    mistakes: list[Mistake] = []
    for document_id in evaluation.document_ids:
        if document_id in mentions:
            mistakes += find_mistakes(mentions[document_id])
        if document_id in records:
            mistakes += find_record_mistakes(records[document_id])
    return mistakes


def list_errors(evaluation: Evaluation) -> list[str]:
    """One line an error with its line number and the text around it, as `find_errors` orders them."""
    return [str(mistake) for mistake in find_errors(evaluation)]


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON values; keys always in the same order, undefined scores null."""
    mentions = {document.document_id: document for document in evaluation.documents}
    return {
        "aligned": evaluation.aligned,
        "missing": list(evaluation.missing),
        "labels": {row.label: _row_json(row) for row in evaluation.rows},
        "records": record_json(scores_of(evaluation.records), _record_score_json),
        "documents": {
            document_id: (_document_json(mentions[document_id]) if document_id in mentions else {})
            | {"records": record_json(scores_of(evaluation.records, document_id), _record_score_json)}
            for document_id in evaluation.document_ids
        },
        "confusion": [
            {"gold": gold_label, "predicted": predicted_label, "count": count}
            for gold_label, predicted_label, count in evaluation.confusion
        ],
    }


def baseline_of(evaluation: Evaluation) -> Counts:
    """Counts of each document, label and record score, for `gold/baseline.json`."""
    mentions = {
        document.document_id: {
            row.label: {"tp": row.strict.tp, "fp": row.strict.fp, "fn": row.strict.fn}
            for row in document.rows
            if row.label != ALL
        }
        for document in evaluation.documents
    }
    records = record_counts(evaluation.records)
    return {
        document_id: mentions.get(document_id, {}) | records.get(document_id, {})
        for document_id in evaluation.document_ids
    }


def compare_baseline(
    evaluation: Evaluation,
    baseline: Mapping[str, Mapping[str, Mapping[str, int]]],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    tolerance: int = 2,
) -> list[str]:
    """One line a label or field that lost more than `tolerance` correct ones in a group of documents.

    Core and whole-row scores of records are told where their F1 fell by more than `tolerance` rows are worth. `groups`
    names lists of document ids, by default each document by itself. Only what stands in both the evaluation and the
    baseline is compared.
    """
    current = baseline_of(evaluation)
    shared = [document_id for document_id in baseline if document_id in current]
    if groups is None:
        groups = {document_id: [document_id] for document_id in shared}
    losses = []
    for group, members in groups.items():
        compared = [document_id for document_id in members if document_id in shared]
        for label in dict.fromkeys(label for document_id in compared for label in baseline[document_id]):
            both = [name for name in compared if label in baseline[name] and label in current[name]]
            before, now = (sum_counts(counts[name][label] for name in both) for counts in (baseline, current))
            loss = None
            if is_whole(label):
                loss = lost_score(label, before, now, tolerance=tolerance)
            elif before.tp - now.tp > tolerance:
                fewer = before.tp - now.tp
                loss = f"{label} has {now.tp} correct, {fewer} fewer than the baseline's {before.tp}"
            if loss is not None:
                losses.append(f"{group}: {loss}")
    return losses


def sum_counts(counts: Iterable[Mapping[str, int]]) -> Score:
    """Counts of several documents together."""
    listed = list(counts)
    return Score(*(sum(item.get(kind, 0) for item in listed) for kind in ("tp", "fp", "fn")))


def _record_cells(item: RecordScore) -> tuple[str, str, str, str, str]:
    score = item.score
    return (
        str(score.tp + score.fn),
        str(score.tp + score.fp),
        _percent(score.precision),
        _percent(score.recall),
        _with_interval(score.f1, item.intervals.f1),
    )


def _percent(ratio: float | None) -> str:
    return "–" if ratio is None else f"{100 * ratio:.1f}"


def _with_interval(ratio: float | None, interval: Interval | None) -> str:
    if interval is None:
        return _percent(ratio)
    return escape(f"{_percent(ratio)} [{_percent(interval.low)}–{_percent(interval.high)}]")


def _document_json(document: DocumentEvaluation) -> dict[str, Any]:
    return {
        "left_out": {"gold": document.left_out[0], "predicted": document.left_out[1]},
        "labels": {row.label: _row_json(row) for row in document.rows},
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "gold": row.gold,
        "predicted": row.predicted,
        "strict": _score_json(row.strict),
        "strict_95": _intervals_json(row.intervals),
        "overlap": row.overlap and _score_json(row.overlap),
        "type": row.type and _score_json(row.type),
        "attributes": {
            item.attribute: {"correct": item.correct, "total": item.total, "share": _round(item.share)}
            for item in row.attributes
        },
    }


def _record_score_json(item: RecordScore) -> dict[str, Any]:
    return _score_json(item.score) | {"interval_95": _intervals_json(item.intervals)}


def _intervals_json(intervals: Intervals) -> dict[str, Any]:
    bounds = {name: getattr(intervals, name) for name in ("precision", "recall", "f1")}
    return {name: found and [_round(bound) for bound in found] for name, found in bounds.items()}


def _score_json(score: Score) -> dict[str, Any]:
    counts = {"tp": score.tp, "fp": score.fp, "fn": score.fn}
    ratios = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return counts | {name: _round(ratio) for name, ratio in ratios.items()}


def _round(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, DIGITS)

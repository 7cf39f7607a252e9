"""An evaluation for people (tables, lines of errors), for programs (JSON) and for the next run (baseline)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extract.evaluation.bootstrap import Interval
from extract.evaluation.mistakes import find_mistakes
from extract.evaluation.scores import ALL, Evaluation, Row, Score

DIGITS = 4  # of ratios in JSON
Counts = dict[str, dict[str, dict[str, int]]]  # document, label, tp | fp | fn


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


def print_evaluation(evaluation: Evaluation, console: Console) -> None:
    """The table over all documents, then one a document, then confused labels and documents not at hand."""
    console.print(score_table(evaluation))
    for document in evaluation.documents:
        console.print(score_table(evaluation, document_id=document.document_id))
        if any(document.left_out):
            gold, predicted = document.left_out
            console.print(f"hard-wrapped: {gold} gold and {predicted} predicted mentions left out", highlight=False)
    for gold_label, predicted_label, count in evaluation.confusion:
        console.print(f"{count} × gold {gold_label} predicted as {predicted_label}", highlight=False)
    if evaluation.missing:
        console.print(f"not at hand: {', '.join(evaluation.missing)}", markup=False, highlight=False)


def list_errors(evaluation: Evaluation) -> list[str]:
    """One line an error, in document order, with its line number and the text around it."""
    return [str(mistake) for document in evaluation.documents for mistake in find_mistakes(document)]


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON values; keys always in the same order, undefined scores null."""
    return {
        "aligned": evaluation.aligned,
        "missing": list(evaluation.missing),
        "labels": {row.label: _row_json(row) for row in evaluation.rows},
        "documents": {
            document.document_id: {
                "left_out": {"gold": document.left_out[0], "predicted": document.left_out[1]},
                "labels": {row.label: _row_json(row) for row in document.rows},
            }
            for document in evaluation.documents
        },
        "confusion": [
            {"gold": gold_label, "predicted": predicted_label, "count": count}
            for gold_label, predicted_label, count in evaluation.confusion
        ],
    }


def baseline_of(evaluation: Evaluation) -> Counts:
    """Strict counts of each document and label, for `gold/baseline.json`."""
    return {
        document.document_id: {
            row.label: {"tp": row.strict.tp, "fp": row.strict.fp, "fn": row.strict.fn}
            for row in document.rows
            if row.label != ALL
        }
        for document in evaluation.documents
    }


def compare_baseline(
    evaluation: Evaluation,
    baseline: Mapping[str, Mapping[str, Mapping[str, int]]],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    tolerance: int = 2,
) -> list[str]:
    """One line a label that lost more than `tolerance` strictly correct mentions in a group of documents.

    `groups` names lists of document ids, by default each document by itself. Only documents that stand in both the
    evaluation and the baseline are compared.
    """
    current = baseline_of(evaluation)
    shared = [document_id for document_id in baseline if document_id in current]
    if groups is None:
        groups = {document_id: [document_id] for document_id in shared}
    losses = []
    for group, members in groups.items():
        compared = [document_id for document_id in members if document_id in shared]
        for label in dict.fromkeys(label for document_id in compared for label in baseline[document_id]):
            before = sum(baseline[document_id].get(label, {}).get("tp", 0) for document_id in compared)
            now = sum(current[document_id].get(label, {}).get("tp", 0) for document_id in compared)
            if before - now > tolerance:
                losses.append(f"{group}: {label} has {now} correct, {before - now} fewer than the baseline's {before}")
    return losses


def _percent(ratio: float | None) -> str:
    return "–" if ratio is None else f"{100 * ratio:.1f}"


def _with_interval(ratio: float | None, interval: Interval | None) -> str:
    if interval is None:
        return _percent(ratio)
    return escape(f"{_percent(ratio)} [{_percent(interval.low)}–{_percent(interval.high)}]")


def _row_json(row: Row) -> dict[str, Any]:
    intervals = {name: getattr(row.intervals, name) for name in ("precision", "recall", "f1")}
    return {
        "gold": row.gold,
        "predicted": row.predicted,
        "strict": _score_json(row.strict),
        "strict_95": {name: bounds and [_round(bound) for bound in bounds] for name, bounds in intervals.items()},
        "overlap": row.overlap and _score_json(row.overlap),
        "type": row.type and _score_json(row.type),
        "attributes": {
            item.attribute: {"correct": item.correct, "total": item.total, "share": _round(item.share)}
            for item in row.attributes
        },
    }


def _score_json(score: Score) -> dict[str, Any]:
    counts = {"tp": score.tp, "fp": score.fp, "fn": score.fn}
    ratios = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return counts | {name: _round(ratio) for name, ratio in ratios.items()}


def _round(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, DIGITS)

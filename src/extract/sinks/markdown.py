"""Scores as tables in Markdown."""

from __future__ import annotations

from extract.evaluation import Evaluation, Row
from extract.evaluation.bootstrap import Interval
from extract.evaluation.record_report import RecordLine, record_lines, scores_of
from extract.evaluation.scores import ALL


def score_table(evaluation: Evaluation, *, document_id: str | None = None) -> str:
    """Strict precision, recall and F1 with attribute accuracies, one row a label, of one document or of all."""
    rows = evaluation.rows
    if document_id is not None:
        rows = next(document.rows for document in evaluation.documents if document.document_id == document_id)
    lines = [
        "| label | gold | precision | recall | F1 (95% interval) | attributes right |",
        "|---|---:|---:|---:|---:|---|",
    ]
    return "\n".join([*lines, *(_score_row(row) for row in rows)])


def record_table(evaluation: Evaluation, *, document_id: str | None = None) -> str:
    """Precision, recall and F1 of cores and whole rows with the F1 of the fields, of one document or of all."""
    lines = [
        "| record | gold | precision | recall | F1 (95% interval) | F1 of the fields |",
        "|---|---:|---:|---:|---:|---|",
    ]
    return "\n".join([*lines, *map(_record_row, record_lines(scores_of(evaluation.records, document_id)))])


def ratio(value: float | None) -> str:
    """A score with three decimals; a dash where it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def _score_row(row: Row) -> str:
    f1 = _with_interval(row.strict.f1, row.intervals.f1)
    counted = [item for item in row.attributes if item.total and row.label != ALL]  # over all labels they say nothing
    attributes = ", ".join(f"{item.attribute} {ratio(item.share)}" for item in counted)
    cells = (row.label, str(row.gold), ratio(row.strict.precision), ratio(row.strict.recall), f1, attributes)
    return f"| {' | '.join(cells)} |"


def _record_row(line: RecordLine) -> str:
    score = line.score.score
    fields = ", ".join(f"{field.name} {ratio(field.score.f1)}" for field in line.fields)
    f1 = _with_interval(score.f1, line.score.intervals.f1)
    cells = (line.score.title, str(score.tp + score.fn), ratio(score.precision), ratio(score.recall), f1, fields)
    return f"| {' | '.join(cells)} |"


def _with_interval(value: float | None, interval: Interval | None) -> str:
    return ratio(value) if interval is None else f"{ratio(value)} ({ratio(interval.low)}–{ratio(interval.high)})"

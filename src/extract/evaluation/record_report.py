"""The scores of rows for people (a table) and for programs (JSON, baseline)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from extract.evaluation.record_scores import CORE, ROW, RecordEvaluation, RecordScore
from extract.evaluation.scores import Score

WHOLE = (CORE, ROW)


class RecordLine(NamedTuple):
    """One line of a table of scores: core or whole row, with the fields beside the core."""

    score: RecordScore
    fields: tuple[RecordScore, ...]


def scores_of(records: RecordEvaluation | None, document_id: str | None = None) -> tuple[RecordScore, ...]:
    """The scores of one document or (None) of all; none where its rows were not scored."""
    if records is None:
        return ()
    if document_id is None:
        return records.scores
    return next((item.scores for item in records.documents if item.document_id == document_id), ())


def record_lines(scores: Sequence[RecordScore]) -> Iterator[RecordLine]:
    """The scores as lines: `OUTCOME core` with the fields that anyone fills, `OUTCOME row` …"""
    for _, group in groupby(scores, key=lambda item: item.table):
        items = list(group)
        for item in items:
            if item.name in WHOLE:
                beside = items if item.name == CORE else []
                yield RecordLine(item, tuple(f for f in beside if f.name not in WHOLE and f.score.f1 is not None))


def record_json(
    scores: Iterable[RecordScore], to_json: Callable[[RecordScore], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Table by table: core, row and fields, each score as `to_json` gives it."""
    tables: dict[str, dict[str, Any]] = {}
    for item in scores:
        table = tables.setdefault(item.table, {})
        place = table if item.name in WHOLE else table.setdefault("fields", {})
        place[item.name] = to_json(item)
    return tables


def record_counts(records: RecordEvaluation | None) -> dict[str, dict[str, dict[str, int]]]:
    """Counts of each document and score, named `OUTCOME core`, `OUTCOME arm` …"""
    documents = () if records is None else records.documents
    return {
        document.document_id: {item.title: _counts(item.score) for item in document.scores} for document in documents
    }


def lost_score(label: str, before: Score, now: Score, *, tolerance: int) -> str | None:
    """What to tell where a core or whole-row score fell by more than `tolerance` rows are worth; None otherwise."""
    allowed = Score(max(before.tp - tolerance, 0), before.fp + tolerance, before.fn + tolerance).f1
    if before.f1 is None or allowed is None or (now.f1 or 0.0) >= allowed:
        return None
    return f"{label} has F1 {now.f1 or 0.0:.3f}, the baseline {before.f1:.3f}"


def is_whole(label: str) -> bool:
    """Whether a label of the baseline names a core or whole-row score."""
    return label.rpartition(" ")[2] in WHOLE


def _counts(score: Score) -> dict[str, int]:
    return {"tp": score.tp, "fp": score.fp, "fn": score.fn}

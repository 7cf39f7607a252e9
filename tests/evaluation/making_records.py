"""Gold rows, and predicted rows that say the same, in documents that have nothing but lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from extract.document import Document
from extract.evaluation.gold_records import GoldDosing, GoldOutcome, GoldRecords, GoldTrial
from extract.evaluation.record_scores import RecordCase, RecordEvaluation, RecordScore, evaluate_records
from extract.records import Dosing, Evidence, Outcome, Trial

from .making import make_document

WORDS = "Forty words of text. " * 5


def lined_document(lines: int, *, document_id: str = "made", apart: bool = False) -> Document:
    """A document of so many lines; `apart`, every other one is empty, so that the others are blocks of their own."""
    texts = ["" if apart and line % 2 == 0 else WORDS for line in range(1, lines + 1)]
    return make_document("\n".join(texts), document_id=document_id)


def start_of_line(document: Document, line: int) -> int:
    return len("".join(document.source.splitlines(keepends=True)[: line - 1]))


def gold_outcome(line: int = 1, **fields: Any) -> GoldOutcome:
    """OS of 50% where nothing else is said; cells are written as in the csv file."""
    bare = "low" in fields or fields.get("statistic") in ("count", "median")
    figure = {} if bare else {"value": "50"}
    return GoldOutcome(
        line=line, **{"endpoint": "OS", "endpoint_text": "OS", "statistic": "percent", **figure, **fields}
    )


def gold_dosing(line: int = 1, **fields: Any) -> GoldDosing:
    return GoldDosing(line=line, **{"agent": "busulfan", "unit": "mg", "value": "10", **fields})


def same_outcome(document: Document, gold: GoldOutcome, *, number: int = 1, **changes: Any) -> Outcome:
    """What a program that reads like the gold would say."""
    fields = gold.model_dump(exclude={"line", "refs"})
    refs = tuple(int(ref) for ref in gold.refs if ref.isdigit())
    start = start_of_line(document, gold.line)
    place = {"source_start": start, "source_end": start + 5}
    fields = {**fields, **place, "refs": refs, "endpoint_text": gold.endpoint_text or "", **changes}
    told = {"quote": "Forty", "confidence": "stated", "rule": "made"}
    return Outcome(document_id=document.document_id, record_id=f"o{number}", **told, **fields)


def same_dosing(document: Document, gold: GoldDosing, *, number: int = 1, **changes: Any) -> Dosing:
    fields = gold.model_dump(exclude={"line", "refs"})
    refs = tuple(int(ref) for ref in gold.refs if ref.isdigit())
    start = start_of_line(document, gold.line)
    place = {"source_start": start, "source_end": start + 5}
    told = {"quote": "Forty", "confidence": "stated", "rule": "made"}
    values = {**fields, **place, **told, "refs": refs, **changes}
    return Dosing(document_id=document.document_id, record_id=f"d{number}", **values)


def same_trial(document: Document, gold: GoldTrial, *, number: int = 1, **changes: Any) -> Trial:
    refs = tuple(int(ref) for ref in gold.refs if ref.isdigit())
    fields = {**gold.model_dump(exclude={"refs"}), "refs": refs, **changes}
    return Trial(document_id=document.document_id, record_id=f"t{number}", **fields)


def spread(document: Document, rows: Sequence[GoldOutcome] | Sequence[GoldDosing]) -> list[dict[str, int]]:
    """Places for rows: those of one line stand behind each other."""
    used: Counter[int] = Counter()
    places = []
    for row in rows:
        start = start_of_line(document, row.line) + used[row.line]
        used[row.line] += 1
        places.append({"source_start": start, "source_end": start + 1})
    return places


def same_case(gold: GoldRecords, document: Document | None = None) -> RecordCase:
    """The gold as if the program had predicted it."""
    outcomes, doses = gold.outcomes or (), gold.dosing or ()
    if document is None:
        last = max((row.line for row in (*outcomes, *doses)), default=1)
        document = lined_document(last, document_id=gold.document_id)
    return RecordCase(
        gold=gold,
        document=document,
        outcomes=[
            same_outcome(document, row, **place)
            for row, place in zip(outcomes, spread(document, outcomes), strict=True)
        ],
        dosing=[same_dosing(document, row, **place) for row, place in zip(doses, spread(document, doses), strict=True)],
        trials=[same_trial(document, row) for row in gold.trials or ()],
    )


def outcome_case(gold: Sequence[GoldOutcome], changes: Sequence[dict[str, Any] | None]) -> RecordCase:
    """Gold rows with what the program says otherwise of each; None where it says nothing of it."""
    document = lined_document(max(row.line for row in gold), apart=True)
    predicted = [
        same_outcome(document, row, number=number, **change)
        for number, (row, change) in enumerate(zip(gold, changes, strict=True), 1)
        if change is not None
    ]
    return RecordCase(GoldRecords("made", outcomes=tuple(gold)), document, outcomes=predicted)


def score(evaluation: RecordEvaluation, title: str) -> RecordScore:
    """The score over all documents that is called `OUTCOME core`, `DOSING agent` …"""
    return next(item for item in evaluation.scores if item.title == title)


def counts(case: RecordCase, title: str) -> tuple[int, int, int]:
    """(tp, fp, fn) of one score of one case."""
    found = score(evaluate_records([case], resamples=1), title).score
    return found.tp, found.fp, found.fn


def evidence(record_id: str, field: str, start: int) -> Evidence:
    return Evidence(document_id="made", record_id=record_id, field=field, start=start, end=start + 1, quote="x")

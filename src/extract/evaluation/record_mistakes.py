"""Every error among the rows of an evaluation: gold rows missed, rows invented, figures and fields read wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extract.evaluation.gold_records import GoldDosing, GoldOutcome
from extract.evaluation.mistakes import Kind, Mistake, show_context
from extract.evaluation.record_matching import Place, match_figures
from extract.evaluation.record_scores import (
    TABLES,
    DocumentRecords,
    GoldRow,
    PredictedRow,
    TableEvaluation,
    wrong_fields,
)
from extract.records import Dosing, Outcome

TOLD = {  # what a line tells of a row besides its figure
    "OUTCOME": ("timepoint", "arm", "versus", "n", "total", "study", "ci", "se", "dispersion", "p"),
    "DOSING": ("schedule", "study"),
    "TRIAL": ("registry_ids",),
}


def find_record_mistakes(document: DocumentRecords) -> list[Mistake]:
    """Misses, false alarms and what was read wrongly in one document, table by table, each in text order.

    `core`: a figure that was found but means something else in the gold; `field`: a core match with wrong fields.
    """
    mistakes: list[Mistake] = []
    for table in document.tables:
        found = [*_read_wrongly(document, table), *_without_partner(document, table)]
        mistakes += sorted(found, key=lambda mistake: (mistake.place, mistake.kind, mistake.told))
    return mistakes


def _read_wrongly(document: DocumentRecords, table: TableEvaluation) -> Iterator[Mistake]:
    fields = TABLES[table.table].fields
    for first, second in table.pairs:
        gold, predicted = table.gold[first], table.predicted[second]
        wrong = [
            f"{name} {_tell(fields[name].read(gold))} read as {_tell(fields[name].read(predicted))}"
            for name in wrong_fields(table.table, gold, predicted)
        ]
        if wrong:
            yield _mistake(document, table, "field", f"{_title(gold)}: {'; '.join(wrong)}", gold=first, guess=second)


def _without_partner(document: DocumentRecords, table: TableEvaluation) -> Iterator[Mistake]:
    """Rows without a core match; a row with the same figure on the same line explains both sides at once."""
    found, right = ({pair[side] for pair in table.pairs} for side in (0, 1))
    gold = [index for index in range(len(table.gold)) if index not in found]
    predicted = [index for index in range(len(table.predicted)) if index not in right]
    for first, second in _same_figure(table, gold, predicted):
        told = f"{_title(table.gold[first])} read as {_title(table.predicted[second])}"
        yield _mistake(document, table, "core", told, gold=first, guess=second)
        gold.remove(first)
        predicted.remove(second)
    for index in gold:
        yield _mistake(document, table, "miss", _describe(table.table, table.gold[index]), gold=index)
    for index in predicted:
        yield _mistake(document, table, "false alarm", _describe(table.table, table.predicted[index]), guess=index)


def _same_figure(table: TableEvaluation, gold: list[int], predicted: list[int]) -> list[tuple[int, int]]:
    ours = [(index, row) for index in gold if isinstance(row := table.gold[index], GoldOutcome | GoldDosing)]
    theirs = [(index, guess) for index in predicted if isinstance(guess := table.predicted[index], Outcome | Dosing)]
    places = [Place(table.lines[index], guess.source_start or 0) for index, guess in theirs]
    pairs = match_figures([row for _, row in ours], [guess for _, guess in theirs], places)
    return [(ours[first][0], theirs[second][0]) for first, second in pairs]


def _mistake(
    document: DocumentRecords,
    table: TableEvaluation,
    kind: Kind,
    told: str,
    *,
    gold: int | None = None,
    guess: int | None = None,
) -> Mistake:
    """On the line of the gold row where there is one, in the context of the predicted row where there is one."""
    row = None if gold is None else table.gold[gold]
    line = row.line if isinstance(row, GoldOutcome | GoldDosing) else None
    if line is None and guess is not None:
        line = table.lines[guess]
    span = None
    if not document.aligned:
        if guess is not None:
            span = _span_of(table.predicted[guess])
        elif isinstance(row, GoldOutcome | GoldDosing):
            span = _find_figure(document.document.source, row)
    place = line or 0 if span is None else span[0]
    context = None if span is None else show_context(document.document.source, *span)
    return Mistake(place, kind, f"{table.table} row", told, context, document.document_id, line)


def _span_of(row: PredictedRow) -> tuple[int, int] | None:
    if row.source_start is None or row.source_end is None:
        return None
    return row.source_start, row.source_end


def _find_figure(source: str, row: GoldOutcome | GoldDosing) -> tuple[int, int]:
    """Where a gold row's figure may stand in its line: the first after its name, else the first, else its name."""
    begin = 0
    for _ in range(row.line - 1):
        begin = source.index("\n", begin) + 1
    text = source[begin : end if (end := source.find("\n", begin)) >= 0 else len(source)]
    name = row.endpoint_text if isinstance(row, GoldOutcome) else row.agent
    start = max(text.casefold().find(name.casefold()), 0) if name else 0
    figure = next((number for number in (row.value, row.low, getattr(row, "n", None)) if number is not None), None)
    if figure is not None:
        digits = "[  ,]?".join(str(abs(figure)).replace(".", "\0")).replace("\0", "[.·,]")
        pattern = re.compile(rf"(?<![\d.·,]){digits}(?!\d|[.·,]\d)")
        match = pattern.search(text, start) or pattern.search(text)
        if match:
            return begin + match.start(), begin + match.end()
    return begin + start, begin + start + len(name or "")


def _title(row: GoldRow | PredictedRow) -> str:
    if isinstance(row, GoldOutcome | Outcome):
        name = f"{row.endpoint} {row.endpoint_text!r}" if row.endpoint_text else row.endpoint
        return f"{name} {row.statistic} {_figure(row.value, row.low, row.high, row.n)}"
    if isinstance(row, GoldDosing | Dosing):
        return f"{row.agent or 'agent not stated'} {_figure(row.value, row.low, row.high, None)} {row.unit}"
    return repr(row.id)


def _describe(table: str, row: GoldRow | PredictedRow) -> str:
    fields = TABLES[table].fields
    filled = [(name, fields[name].read(row)) for name in TOLD[table]]
    told = "; ".join(f"{name} {_tell(value)}" for name, value in filled if value is not None)
    rule = f" by {row.rule}" if isinstance(row, Outcome | Dosing) else ""
    return f"{_title(row)}{f' ({told})' if told else ''}{rule}"


def _figure(value: Decimal | None, low: Decimal | None, high: Decimal | None, n: int | None) -> str:
    if value is not None:
        return str(value)
    if low is not None:
        return f"{low}–{high}"
    return "without a figure" if n is None else f"n {n}"


def _tell(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, tuple):
        return " ".join("–" if part is None else str(part) for part in value)
    return repr(value) if isinstance(value, str) else str(value)

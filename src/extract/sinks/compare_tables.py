"""Comparisons of reviews: in the terminal a table a study, and all results as CSV or JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TextIO

import pyarrow as pa
import pyarrow.parquet as pq
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from extract.compare import ComparedLine, ComparedRow, ComparedStudy, HasRows, Status, rows_of
from extract.records import TABLES, Record, Schema
from extract.sinks.arrow import records_to_arrow
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import placing, read_documents
from extract.sinks.record_cells import arms, endpoint_name, result, timepoint
from extract.sinks.tables import csv_cell, csv_line
from extract.sinks.terminal import visible

_TABLES: tuple[Schema, ...] = ("references", "trials", "outcomes", "mentions", "evidence")
_COLUMNS: Mapping[Schema, Sequence[str]] = {
    "mentions": ["document_id", "label", "quote", "start", "section", "normalized", "valid"],
    "evidence": ["document_id", "record_id", "field", "start", "page_number"],
}
_STYLES: Mapping[Status, str] = {
    "swapped": "bold red",
    "conflict": "bold red",
    "unclear": "bold yellow",
    "agree": "green",
    "only": "dim",
}
_SAID: Mapping[Status, str] = {
    "swapped": "swapped",
    "conflict": "conflict",
    "unclear": "unclear",
    "agree": "agree",
    "only": "in one only",
}
_ORDER: tuple[Status, ...] = ("swapped", "conflict", "unclear", "agree", "only")  # the gravest first
MAX_REVIEWS = 4  # beside each other; of more, the lines name them


class _Stored:
    """The rows of one document of a dataset."""

    def __init__(self, rows: Mapping[Schema, Sequence[Record]]) -> None:
        self._rows = rows

    def rows(self, table: Schema) -> Sequence[Record]:
        """Its rows of a table."""
        return self._rows[table]


def read_sources(dataset: Dataset) -> Iterator[HasRows]:
    """The documents of a dataset, to be compared; one is in memory at a time.

    Raises ReadError where a table is damaged or not in the order of the documents.
    """
    for document, tables in read_documents(dataset, _TABLES, _COLUMNS):
        rows: dict[Schema, Sequence[Record]] = {"documents": [TABLES["documents"](**_filled(document))]}
        for table, found in tables.items():
            if table in _COLUMNS:  # some columns alone: nothing to validate
                rows[table] = [TABLES[table].model_construct(**row) for row in found]
            else:
                rows[table] = [TABLES[table](**_filled(row)) for row in found]
        yield _Stored(rows)


def write_comparison(studies: Iterable[ComparedStudy], stream: TextIO, form: Literal["csv", "jsonl"]) -> None:
    """Write a row for each two sides that were compared and for each result of one review alone, in either form."""
    columns = list(ComparedRow.model_fields)
    if form == "csv":
        stream.write(csv_line(columns))
    for study in studies:
        for row in rows_of(study):
            fields = row.model_dump(mode="json")
            if form == "csv":
                stream.write(csv_line(csv_cell(fields[column]) for column in columns))
            else:
                stream.write(json.dumps(fields, ensure_ascii=False) + "\n")


def write_comparison_parquet(studies: Iterable[ComparedStudy], path: Path) -> None:
    """Write the same rows as Parquet, with numbers as doubles and as printed; raises OutputError as `placing`."""
    rows = [row for study in studies for row in rows_of(study)]
    with placing(path, pa.ArrowException) as temporary:
        pq.write_table(records_to_arrow(rows, ComparedRow, "comparison"), temporary, compression="zstd")


def comparison_tables(studies: Sequence[ComparedStudy]) -> Group:
    """A table a study of what each review reports, conflicts first; studies without results are listed at the end."""
    told = [study for study in studies if study.lines]
    silent = [study for study in studies if not study.lines]
    parts: list[RenderableType] = [_summary(studies)]
    for study in sorted(told, key=lambda study: (_rank(study), len(set(_reporting(study))) < 2)):
        parts += _study(study)
    if silent:
        parts.append(Text("\nin several reviews, without results", style="bold italic"))
        parts += [Text(visible(f"  {study.label}: {_details(study)}"), style="dim") for study in silent]
    return Group(*parts)


def _summary(studies: Sequence[ComparedStudy]) -> Text:
    """`17 studies in several reviews: 2 swapped, 1 unclear, 25 agree, 70 in one only`."""
    if not studies:
        return Text("no study is in two of the reviews", style="italic")
    counts = Counter(line.status for study in studies for line in study.lines)
    said = ", ".join(f"{counts[status]:,} {_SAID[status]}" for status in _ORDER if counts[status])
    noun = "study" if len(studies) == 1 else "studies"
    return Text(f"{len(studies):,} {noun} in several reviews; results: {said or 'none'}", style="italic")


def _study(study: ComparedStudy) -> Iterator[RenderableType]:
    """A study: its name, what it was matched by, and its table."""
    yield Text.assemble("\n", (visible(study.label), "bold"), (f"  {visible(_details(study))}", "dim"))
    reviews = study.document_ids
    wide = len(reviews) > MAX_REVIEWS
    has_times = any(side.outcome.timepoint for line in study.lines for side in line.said)
    has_arms = any(arms(side.outcome) for line in study.lines for side in line.said)
    notes: dict[str, str] = {}
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("outcome", overflow="fold", min_width=10, ratio=3)
    if has_times:
        table.add_column("at", no_wrap=True)
    if has_arms:
        table.add_column("arm", overflow="fold", min_width=8, ratio=3)
    for name in ["reviews"] if wide else reviews:
        table.add_column(Text(visible(name)), overflow="fold", min_width=9, ratio=4)
    for at, line in enumerate(study.lines):
        status = Text(_SAID[line.status], style=_STYLES[line.status])
        for note in line.notes:
            status.append(f" {notes.setdefault(note, _mark(len(notes)))}", style="not bold dim")
        circumstances = zip(_circumstances(line), (True, has_times, has_arms), strict=True)
        cells = [*(cell for cell, is_shown in circumstances if is_shown), *_sides(line, reviews, wide=wide)]
        is_last = at + 1 == len(study.lines) or study.lines[at + 1].status != line.status
        table.add_row(status, *map(_text, cells), end_section=is_last)
    yield table
    for note, mark in notes.items():
        yield _text(f"{mark} {note}", "dim")


def _mark(number: int) -> str:
    """What points to a note: a, b … z, aa, ab …"""
    letters = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
        number -= 1
    return letters


def _details(study: ComparedStudy) -> str:
    """What it was matched by, and what is to be said of its sources."""
    return "; ".join([", ".join(study.matched_by), *([study.note] if study.note else [])])


def _rank(study: ComparedStudy) -> int:
    return min(_ORDER.index(line.status) for line in study.lines)


def _reporting(study: ComparedStudy) -> list[str]:
    return [side.outcome.document_id for line in study.lines for side in line.said]


def _circumstances(line: ComparedLine) -> list[str]:
    """Outcome with grade, time, and the arm in the words of each review."""
    rows = [side.outcome for side in line.said]
    grade = f" ({rows[0].grade})" if rows[0].grade else ""
    time = next(filter(None, (timepoint(row) for row in rows)), "")  # the reviews' are one, if not in words
    named = dict.fromkeys(filter(None, (arms(row) for row in rows)))
    return [endpoint_name(rows[0]) + grade, time, " / ".join(named)]


def _sides(line: ComparedLine, reviews: Sequence[str], *, wide: bool) -> list[str]:
    """What each review says."""
    said = {side.outcome.document_id: result(side.outcome) for side in line.said}
    if wide:
        return ["; ".join(f"{review}: {said[review]}" for review in reviews if review in said)]
    return [said.get(review, "–") for review in reviews]


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if value is not None}

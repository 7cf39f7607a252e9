"""The terminal: the records of a document as tables for people, one line a record with its place in the file.

The place is the line of a text, the page of a PDF, the section of an XML file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from extract.coverage import Reason, Uncovered
from extract.document import Document, Lines
from extract.records import TABLES, Record, Schema
from extract.sinks.record_cells import amount, arms, endpoint_name, result, timepoint
from extract.sinks.terminal import grid, visible
from extract.values import as_printed

if TYPE_CHECKING:
    from extract.assembly import Extraction

_HIDDEN = frozenset({"document_id", "record_id", "source_start", "source_end", "page_number"})
MAX_COLUMNS = 6  # documents that fit beside each other

Cells = Mapping[str, Callable[[Any], str]]


def rows_table(extraction: Extraction, table: Schema, *, head: int | None = None) -> Group | Text:
    """The rows of a table, with `head` the first ones; columns in which no row has anything are left out."""
    name = f"{table} of {visible(extraction.document.document_id)}"
    rows = extraction.rows(table)
    if not rows:
        return Text(f"{name}: no rows")
    shown = rows if head is None else rows[:head]
    if len(shown) < len(rows):
        name = f"{name}: {len(shown)} of {len(rows)} rows"
    cells = {**_place_cells(extraction), **_CELLS.get(table, _plain_cells(table))}
    return grid(name, [{column: cell(row) for column, cell in cells.items()} for row in shown])


def row_counts(documents: Sequence[tuple[str, Mapping[Schema, int]]]) -> Table:
    """How many rows each document has in each table, and all together."""
    shown = Table()
    shown.add_column("document", overflow="fold")
    tables = [table for table in TABLES if table != "documents"]
    for table in tables:
        shown.add_column(table, justify="right")
    for position, (document_id, counts) in enumerate(documents, start=1):
        cells = [str(counts[table]) for table in tables]
        shown.add_row(Text(visible(document_id)), *cells, end_section=position == len(documents))
    if len(documents) > 1:
        shown.add_row("all", *(str(sum(counts[table] for _, counts in documents)) for table in tables))
    return shown


def uncovered_table(document: Document, uncovered: Sequence[Uncovered], total: int) -> Group | Text:
    """The numbers of a document that no record took, each with its place, reason and context."""
    title = f"{visible(document.document_id)}: {len(uncovered)} of {total} numbers, in text order"
    rows = [
        {
            **_uncovered_place(document, each),
            "number": each.number,
            "reason": each.reason.value,
            "in the text": each.context,
        }
        for each in uncovered
    ]
    return grid(title, rows) if rows else Text(title)


def reason_table(documents: Sequence[tuple[str, int, Sequence[Uncovered]]], reasons: Container[Reason]) -> Table:
    """How many numbers of each document stand in records and, for some reasons, how many do not.

    `documents` are ids, how many numbers each has, and all of those that no record took; many are counted together.
    """
    counts = [(visible(name), total, Counter(each.reason for each in left)) for name, total, left in documents]
    if len(counts) > 1:
        counts.append(("all", sum(total for _, total, _ in counts), sum((left for *_, left in counts), Counter())))
    if len(documents) > MAX_COLUMNS:
        counts = counts[-1:]
    shown = Table()
    shown.add_column("numbers", no_wrap=True)
    for name, *_ in counts:
        shown.add_column(Text(name), justify="right", overflow="fold")
    shown.add_row("in all", *(str(total) for _, total, _ in counts))
    shown.add_row("in records", *(str(total - left.total()) for _, total, left in counts), end_section=True)
    for reason in Reason:
        if reason in reasons and any(left[reason] for *_, left in counts):
            shown.add_row(reason.value, *(str(left[reason]) for *_, left in counts))
    return shown


def _place_cells(extraction: Extraction) -> Cells:
    """Where a row stands: its page, section or line, whichever its file has."""
    document = extraction.document
    if document.geometry is not None:
        return {"page": lambda row: _plain(getattr(row, "page_number", None))}
    if document.elements is not None:
        starts: dict[str, int] = {}
        for each in extraction.evidence:
            starts.setdefault(each.record_id, each.start)
        return {"section": lambda row: _section(document, starts.get(getattr(row, "record_id", "")))}
    lines = Lines(document.source)
    return {"line": lambda row: _line(row, lines)}


def _section(document: Document, start: int | None) -> str:
    """The innermost heading over a place in the text."""
    block = None if start is None else document.block_at(start)
    return block.section[-1] if block is not None and block.section else ""


def _uncovered_place(document: Document, number: Uncovered) -> dict[str, str]:
    if document.geometry is not None:
        return {"page": _plain(document.page_number(number.start, number.end))}
    if document.elements is not None:
        return {"section": _section(document, number.start)}
    return {"line": _plain(number.line)}


def _line(row: Record, lines: Lines) -> str:
    start = getattr(row, "source_start", None)
    return "" if start is None else str(lines.at(start))


def _plain_cells(table: Schema) -> Cells:
    """Every column that says something of the record, as it is."""
    names = [name for name in TABLES[table].model_fields if name not in _HIDDEN]
    return {name: _cell_of(name) for name in names}


def _cell_of(name: str) -> Callable[[Record], str]:
    return lambda row: _plain(getattr(row, name))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return as_printed(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


_CELLS: dict[Schema, Cells] = {
    "outcomes": {
        "outcome": endpoint_name,
        "result": result,
        "at": timepoint,
        "arm": arms,
        "study": lambda row: row.study or "",
        "grade": lambda row: row.grade or "",
        "confidence": lambda row: "" if row.confidence == "stated" else str(row.confidence),
    },
    "dosing": {
        "agent": lambda row: row.agent or "",
        "dose": amount,
        "schedule": lambda row: row.schedule or "",
        "route": lambda row: row.route or "",
        "study": lambda row: row.study or "",
        "confidence": lambda row: "" if row.confidence == "stated" else str(row.confidence),
    },
}

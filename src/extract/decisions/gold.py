"""What people decided as gold: annotations and texts in the form that `extract evaluate` reads.

`gold/<document id>/` holds the tables that are settled, `corpus/` the files that their offsets count in: a text file as
it is stored; of a PDF, XML or HTML file its text as the program reads it, and the file itself beside it, on which
`extract evaluate --aligned` tries the gold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from extract.decisions.documents import CHANGED, ReviewedDocument
from extract.decisions.entries import TABLE_NAMES, TableName
from extract.decisions.gold_rows import gold_cells, gold_columns, gold_mention
from extract.decisions.own_files import is_inside, own_files
from extract.decisions.reviewed import ReviewedRow
from extract.document import CharSpan, Document, Lines
from extract.errors import GoldError
from extract.evaluation.gold import MENTIONS_FILE
from extract.records import PROMISED, TABLES
from extract.sinks.annotations.rows import storable
from extract.sinks.tables import csv_line

GOLD, CORPUS = "gold", "corpus"  # folders
INDEX = "exported.csv"
_TEXTS = {".txt": ".txt", ".text": ".txt", ".md": ".md", ".markdown": ".md"}  # as the evaluation looks for them
_FILES: dict[TableName, str] = {
    "mentions": MENTIONS_FILE, "outcomes": "outcomes.csv", "dosing": "dosing.csv", "trials": "trials.csv",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, the tables among them by document, and what was left out and why, a line each."""

    paths: list[Path]
    tables: dict[str, list[TableName]]
    left_out: list[str]


def write_gold(documents: Iterable[ReviewedDocument], folder: Path) -> Exported:
    """Write what is settled as gold, of the documents that somebody decided on.

    What an earlier export left is replaced. Raises OutputError where the folder cannot be written, or another file is
    in the way.
    """
    tables: dict[str, list[TableName]] = {}
    left_out: list[str] = []
    with own_files(folder, index=INDEX) as files:
        for document in documents:
            if document.is_decided_on:
                settled, reasons = _settled(document)
                left_out += [f"{document.document_id}: {reason}" for reason in reasons]
                for name, data in settled.files.items() if settled else ():
                    files.write(name, data)
                if settled:
                    tables[document.document_id] = settled.tables
    return Exported(files.paths, tables, left_out)


class _Settled(NamedTuple):
    """The tables of a document that are settled, and their files by name."""

    tables: list[TableName]
    files: dict[str, bytes]


def _settled(document: ReviewedDocument) -> tuple[_Settled | None, list[str]]:
    """What is settled of a document, and why the rest is not."""
    try:
        source = _Source(document)
    except GoldError as error:
        return None, [f"left out: {error}"]
    tables: dict[TableName, bytes] = {}
    reasons = []
    for table in TABLE_NAMES:
        try:
            tables[table] = _gold_file(document, table, source)
        except GoldError as error:
            reasons.append(f"{table} left out: {error}")
    files = {f"{GOLD}/{document.document_id}/{_FILES[table]}": data for table, data in tables.items()}
    return (_Settled(list(tables), files | source.files) if tables else None), reasons


class _Source:
    """The file that the gold's offsets count in, and what goes into the corpus."""

    def __init__(self, document: ReviewedDocument) -> None:
        """Raises GoldError where the file is not what the decisions were made on."""
        name, suffix = document.document_id, document.place.suffix.lower()
        if not is_inside(name):
            raise GoldError(f"no file can have its id {name!r} for a name")
        data = document.bytes
        if data is None:
            raise GoldError(CHANGED)
        self._document: Document | None = None
        if suffix in _TEXTS:
            again = document.read_again
            if not isinstance(again, Document):
                raise GoldError(again)
            self._document, text = again, again.source
            self.files = {f"{CORPUS}/{name}{_TEXTS[suffix]}": data}
        else:
            text = storable(document.view.text)
            self.files = {f"{CORPUS}/{name}.txt": text.encode(), f"{CORPUS}/{name}{suffix}": data}
        self.text = text
        self._lines = Lines(text)

    def span(self, row: ReviewedRow) -> CharSpan:
        """Where a row stands in the file."""
        assert row.start is not None
        assert row.end is not None
        if self._document is None:
            return CharSpan(row.start, row.end)
        spans = self._document.source_spans(row.start, row.end)
        return CharSpan(spans[0].start, spans[-1].end)

    def line(self, row: ReviewedRow) -> int:
        """The line that a row begins on, counted from 1."""
        return self._lines.at(self.span(row).start)


def _gold_file(document: ReviewedDocument, table: TableName, source: _Source) -> bytes:
    """The gold of a table; raises GoldError where it is not settled, or a row does not fit."""
    rows = [row for row in document.rows if row.table == table and row.row.get("label", PROMISED[0]) in PROMISED]
    if not rows and not document.finished:
        raise GoldError("it has no rows, and nobody said to be done with the document")
    statuses = Counter(row.status for row in rows)
    kept = [row for row in rows if row.status != "rejected"]
    lost = sum(row.start is None and (row.lost_place or table != "trials") for row in kept)
    reasons = [f"{statuses['open']:,} of {len(rows):,} rows are not decided"] if statuses["open"] else []
    reasons += [f"{statuses['disputed']:,} of {len(rows):,} rows are disputed"] if statuses["disputed"] else []
    reasons += [f"{lost:,} of {len(rows):,} rows stand nowhere in the text"] if lost else []
    if reasons:
        raise GoldError("; ".join(reasons))
    if table == "mentions":
        return "".join(f"{line}\n" for line in _mention_lines(kept, source)).encode()
    lines = [gold_columns(table)]
    for row in kept if table == "trials" else sorted(kept, key=lambda row: (source.span(row), _content(row))):
        place = row.record_id or "an added row"
        lines.append(gold_cells(table, row.row, line=1 if table == "trials" else source.line(row), place=place))
    return "".join(map(csv_line, lines)).encode()


def _content(row: ReviewedRow) -> str:
    """Ranks rows at one place as the evaluation does, which pairs rows that look the same in their order."""
    cells = {name: value for name, value in row.row.items() if value is not None}
    return TABLES[row.table].model_validate({**cells, "record_id": ""}).model_dump_json(exclude={"record_id"})


def _mention_lines(rows: Sequence[ReviewedRow], source: _Source) -> Iterator[str]:
    """A line a mention, in the order of the file."""
    lines: dict[tuple[CharSpan, str], str] = {}
    for row in rows:
        span = source.span(row)
        text = source.text[span.start : span.end]
        key = (span, row.row["label"])
        if key in lines:
            raise GoldError(f"{row.row['label']} {text!r} stands twice at one place: reject one of the two")
        place = row.record_id or f"added {text!r}"
        lines[key] = gold_mention(row.row, text=text, start=span.start, line=source.line(row), place=place)
    for key in sorted(lines):
        yield lines[key]

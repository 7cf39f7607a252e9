"""The final tables as files: CSV and Parquet of each table, and `changes.csv` with every difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from extract.decisions.documents import ReviewedDocument
from extract.decisions.entries import TABLE_NAMES, TableName
from extract.decisions.final import DECIDED, Change, Decided, final_rows
from extract.sinks.arrow import records_to_arrow, schema_of
from extract.sinks.dataset import ROW_GROUP
from extract.sinks.exporting import placing
from extract.sinks.tables import csv_cell, csv_line, open_atomically

CHANGES = "changes.csv"


class Written(NamedTuple):
    """The files that were written, and what to tell about them."""

    paths: list[Path]
    warnings: list[str]


def write_reviewed(documents: Iterable[ReviewedDocument], folder: Path) -> Written:
    """Write the final tables into a folder; raises OutputError where it cannot be written.

    All files are put in place together, after the last document.
    """
    warnings: list[str] = []
    with ExitStack() as stack:
        sheets = {table: stack.enter_context(_sheet(folder, table)) for table in TABLE_NAMES}
        changes = stack.enter_context(open_atomically(folder / CHANGES))
        changes.write(csv_line(Change._fields))
        for document in documents:
            final = final_rows(document)
            for table, rows in final.tables.items():
                sheets[table].add(rows)
            changes.writelines(csv_line(map(_cell, change)) for change in final.changes)
            warnings += final.warnings
    names = [f"{table}.{ending}" for table in TABLE_NAMES for ending in ("csv", "parquet")]
    return Written([folder / name for name in (*names, CHANGES)], warnings)


class _Sheet:
    """A table that grows, as CSV and as Parquet; the bytes do not depend on how it was cut."""

    def __init__(self, table: TableName, lines: TextIO, writer: pq.ParquetWriter) -> None:
        self._table, self._lines, self._writer = table, lines, writer
        self._columns = list(DECIDED[table].model_fields)
        self._waiting: list[Decided] = []
        lines.write(csv_line(self._columns))

    def add(self, rows: Sequence[Decided]) -> None:
        """Add rows."""
        for row in rows:
            cells = row.model_dump(mode="json")
            self._lines.write(csv_line(csv_cell(cells[column]) for column in self._columns))
        self._waiting += rows
        while len(self._waiting) >= ROW_GROUP:
            self._write(ROW_GROUP)

    def finish(self) -> None:
        """Write what waits."""
        if self._waiting:
            self._write(len(self._waiting))

    def _write(self, count: int) -> None:
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        self._writer.write_table(records_to_arrow(group, DECIDED[self._table], self._table), row_group_size=ROW_GROUP)


@contextmanager
def _sheet(folder: Path, table: TableName) -> Iterator[_Sheet]:
    schema = schema_of(DECIDED[table], table)
    with (
        open_atomically(folder / f"{table}.csv") as lines,
        placing(folder / f"{table}.parquet", pa.ArrowException) as path,
        pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as writer,
    ):
        sheet = _Sheet(table, lines, writer)
        yield sheet
        sheet.finish()


def _cell(value: Any) -> str:
    return csv_cell(list(value) if isinstance(value, tuple) else value)

"""Rows of tables by place: which row and column holds an offset, and the caption above."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from extract.components import zone_spans, zones
from extract.document import BlockKind, Cell, CharSpan
from extract.linking import Marks


def sentences_of(marks: Marks) -> list[CharSpan]:
    """The sentences and cells of a doc in text order."""
    return [mark.span for mark in marks.all("sentences")] or zone_spans(marks.doc)


class TableRow:
    """One row of a table; `cells` in reading order, `table` counts the tables of the document from 0."""

    __slots__ = ("_by_column", "_starts", "cells", "number", "span", "table")

    def __init__(self, table: int, number: int, cells: Sequence[Cell]) -> None:
        self.table = table
        self.number = number
        self.cells = sorted(cells, key=lambda cell: cell.span)
        self.span = CharSpan(self.cells[0].span.start, self.cells[-1].span.end)
        self._starts = [cell.span.start for cell in self.cells]
        self._by_column = {cell.column: cell.span for cell in self.cells}

    @property
    def is_header(self) -> bool:
        """Whether it stands on top of the table."""
        return self.cells[0].is_header

    def column(self, offset: int) -> int | None:
        """The column whose cell holds the offset."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.cells[index].span.end:
            return None
        return self.cells[index].column

    def cell(self, column: int) -> CharSpan | None:
        """The content of a column."""
        return self._by_column.get(column)


class TableRows:
    """The rows of every table of a document. Built once a document."""

    def __init__(self, marks: Marks) -> None:
        self.rows: list[TableRow] = []
        self.captions: list[CharSpan | None] = []
        caption = None
        for zone in zones(marks.doc):
            if zone.kind is BlockKind.TABLE and zone.block is not None and zone.block.table is not None:
                numbered: dict[int, list[Cell]] = defaultdict(list)
                for cell in zone.block.table.cells:
                    numbered[cell.row].append(cell)
                for number, cells in numbered.items():
                    self.rows.append(TableRow(len(self.captions), number, cells))
                self.captions.append(zone.block.table.caption or caption)
            caption = CharSpan(zone.start, zone.end) if zone.kind is BlockKind.CAPTION else None
        headers: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            for cell in row.cells if row.is_header else ():
                headers[row.table][cell.column].append(marks.text[cell.span.start : cell.span.end])
        self._headers = {
            table: [(column, " ".join(words)) for column, words in sorted(columns.items())]
            for table, columns in headers.items()
        }
        self._starts = [row.span.start for row in self.rows]

    def headers(self, table: int) -> list[tuple[int, str]]:
        """The columns of a table with their header."""
        return self._headers.get(table, [])

    def index(self, offset: int) -> int | None:
        """The place in `rows` of the row that holds the offset."""
        index = bisect_right(self._starts, offset) - 1
        return index if index >= 0 and offset < max(self.rows[index].span.end, self._starts[index] + 1) else None

    def at(self, offset: int) -> TableRow | None:
        """The row that holds the offset."""
        index = self.index(offset)
        return None if index is None else self.rows[index]

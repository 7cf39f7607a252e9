"""Rows of tables by place: which row and column holds an offset, and the caption above."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from extract.components import zones
from extract.document import BlockKind, Cell, CharSpan
from extract.linking import Marks


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table; `cells` in reading order, `table` counts the tables of the document from 0."""

    table: int
    number: int
    cells: tuple[Cell, ...]

    @property
    def span(self) -> CharSpan:
        """From its first to its last cell."""
        return CharSpan(self.cells[0].span.start, self.cells[-1].span.end)

    @property
    def is_header(self) -> bool:
        """Whether it stands on top of the table."""
        return self.cells[0].is_header

    def column(self, offset: int) -> int | None:
        """The column whose cell holds the offset."""
        return next((cell.column for cell in self.cells if cell.span.start <= offset < cell.span.end), None)

    def cell(self, column: int) -> CharSpan | None:
        """The content of a column."""
        return next((cell.span for cell in self.cells if cell.column == column), None)


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
                    ordered = tuple(sorted(cells, key=lambda cell: cell.span))
                    self.rows.append(TableRow(len(self.captions), number, ordered))
                self.captions.append(zone.block.table.caption or caption)
            caption = CharSpan(zone.start, zone.end) if zone.kind is BlockKind.CAPTION else None
        self._headers: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            for cell in row.cells if row.is_header else ():
                self._headers[row.table][cell.column].append(marks.text[cell.span.start : cell.span.end])
        self._starts = [row.span.start for row in self.rows]

    def headers(self, table: int) -> list[tuple[int, str]]:
        """The columns of a table with their header."""
        return [(column, " ".join(words)) for column, words in sorted(self._headers[table].items())]

    def index(self, offset: int) -> int | None:
        """The place in `rows` of the row that holds the offset."""
        index = bisect_right(self._starts, offset) - 1
        return index if index >= 0 and offset < max(self.rows[index].span.end, self._starts[index] + 1) else None

    def at(self, offset: int) -> TableRow | None:
        """The row that holds the offset."""
        index = self.index(offset)
        return None if index is None else self.rows[index]

"""The cells of a table by row, by column and by place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from extract.document import Cell, CharSpan, Table

STUB_REACH = 20  # rows above that a continued row may belong to


class Grid:
    """Looks up the filled cells of a table."""

    __slots__ = ("_cells", "_spans", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._spans = {(cell.row, cell.column): cell.span for cell in table.cells if cell.span.end > cell.span.start}
        self._cells = sorted(table.cells, key=lambda cell: cell.span.start)

    def at(self, offset: int) -> Cell | None:
        """The cell that holds an offset."""
        index = bisect_right(self._cells, offset, key=lambda cell: cell.span.start) - 1
        return self._cells[index] if index >= 0 and offset < self._cells[index].span.end else None

    def stub(self, row: int) -> CharSpan | None:
        """What stands in the first column of a row; of a row that goes on, in the nearest row above."""
        rows = range(row, max(row - STUB_REACH, self.table.header_rows - 1), -1)
        return next((self._spans[each, 0] for each in rows if (each, 0) in self._spans), None)

    def header(self, column: int) -> Iterator[CharSpan]:
        """What stands over a column, the lowest first."""
        return self._filled((row, column) for row in range(self.table.header_rows - 1, -1, -1))

    def left(self, cell: Cell) -> Iterator[CharSpan]:
        """The cells left of a cell, the nearest first."""
        return self._filled((cell.row, column) for column in range(cell.column - 1, -1, -1))

    def right(self, cell: Cell) -> Iterator[CharSpan]:
        """The cells right of a cell, the nearest first."""
        return self._filled((cell.row, column) for column in range(cell.column + 1, self.table.n_columns))

    def _filled(self, places: Iterator[tuple[int, int]]) -> Iterator[CharSpan]:
        return (self._spans[place] for place in places if place in self._spans)

"""The rows of a header: its cells, from lines that wrap, and the columns that each of them spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_columns import GridLine
from extract.readers.pdf_table_cutting import Column
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_words import Piece

CENTRED = 3.0  # points: centres this close are alike
FLUSH = 1.5  # points: edges this close are alike
TOUCH = 1.0  # points: what overlaps by less does not
UNDER = 4.0  # of the height of type from a header cell to the rule below it
WRAP = 1.6  # of the height of type: lines of a cell are not farther apart
SPACE = 0.25  # of the height of type between words

Cells = list[list[list[tuple[int, int]]]]


@dataclass(slots=True, eq=False)
class _Cell:
    """A cell of the header with its pieces from top to bottom and the columns that it spans.

    While cells are put together, `first` and `last` count the lowest cells from left to right.
    """

    pieces: list[Piece]
    heights: list[float]
    first: int = 0
    last: int = 0
    under: list[_Cell] = field(default_factory=list)  # cells that it spans; none for the lowest

    @property
    def x0(self) -> float:
        """The left edge."""
        return min(piece.x0 for piece in self.pieces)

    @property
    def x1(self) -> float:
        """The right edge."""
        return max(piece.x1 for piece in self.pieces)

    @property
    def centre(self) -> float:
        """Half way between its edges."""
        return (self.x0 + self.x1) / 2


def header_rows(
    page: PageRuns,
    lines: Sequence[GridLine],
    columns: Sequence[Column],
    parts: Sequence[Bar],
    edges: tuple[float, float],
) -> Cells:
    """The rows of the header; what spans several columns is repeated over each of them.

    `parts` are the rules over some columns, `edges` the left and right edge of the table.
    """
    return _Builder(page, lines, columns, parts, edges).rows() if lines else []


class _Builder:
    """Puts the pieces of a header together, from its lowest line to its first."""

    def __init__(
        self,
        page: PageRuns,
        lines: Sequence[GridLine],
        columns: Sequence[Column],
        parts: Sequence[Bar],
        edges: tuple[float, float],
    ) -> None:
        self.page, self.columns = page, columns
        self.size = median(line.line.size for line in lines)
        self.parts = [bar for bar in parts if bar.y < lines[-1].line.bottom]
        self.rights = _right_edges(columns, edges)
        self.leaves: list[_Cell] = []
        self.wide: list[_Cell] = []
        blocks = self._blocks(lines)
        for block in sorted(blocks, key=lambda each: -each.heights[-1]):
            self._add(block, [other for other in blocks if _is_beside(other, block)])
        self.leaves.sort(key=lambda cell: cell.x0)

    # Cells from pieces

    def _blocks(self, lines: Sequence[GridLine]) -> list[_Cell]:
        """Pieces with those right below them that their words go on in."""
        blocks: list[_Cell] = []
        for line in lines:
            y = line.line.middle
            above = [block for block in blocks if y - block.heights[-1] < WRAP * self.size]
            for each in line.placed:
                over = [block for block in above if _overlap(block, each.piece) > 0]
                alone = len(over) == 1 and sum(_overlap(over[0], other.piece) > 0 for other in line.placed) == 1
                if alone and self._reads_on(over[0], each.piece, y):
                    over[0].pieces.append(each.piece)
                    over[0].heights.append(y)
                else:
                    blocks.append(_Cell([each.piece], [y]))
        return blocks

    def _reads_on(self, block: _Cell, piece: Piece, y: float) -> bool:
        """Whether a piece is aligned with the one above it and plainly goes on with its words."""
        last = block.pieces[-1]
        if abs(last.centre - piece.centre) > FLUSH and abs(block.x0 - piece.x0) > FLUSH:
            return False
        if any(block.heights[-1] < bar.y < y and bar.x0 < piece.centre < bar.x1 for bar in self.parts):
            return False
        above, text = last.text(self.page), piece.text(self.page)
        begun = text[0].islower() or text[0] in "([)]=<>≥≤%±,;/–-+" or text[0].isdigit()
        return begun or above[-1] in "-–/=(\ufffe,&+" or above.count("(") > above.count(")")

    def _add(self, block: _Cell, beside: Sequence[_Cell]) -> None:
        """Put a block on the cells below it."""
        under = self._spanned(block, beside)
        top = next((cell for cell in reversed(self.wide) if cell.under == under), None)
        joined = under[0] if len(under) == 1 else top if top is not None and self._wraps(block, top) else None
        if joined is not None and not self._is_ruled(joined, block):
            joined.pieces = [*block.pieces, *joined.pieces]
            joined.heights = [*block.heights, *joined.heights]
        elif under:
            block.under = under
            self.wide.append(block)
        else:
            self.leaves.append(block)

    def _spanned(self, block: _Cell, beside: Sequence[_Cell]) -> list[_Cell]:
        """The lowest cells under a block: one that it is a part of, or several that it stands over."""
        leaves = sorted(self.leaves, key=lambda cell: cell.x0)
        bars = self._bars_under(block, beside)
        ruled = [cell for cell in leaves if any(bar.x0 <= cell.centre <= bar.x1 for bar in bars)]
        if len(ruled) > 1:
            return ruled
        over = [cell for cell in leaves if _overlap(cell, block) > TOUCH]
        free = [cell for cell in leaves if not any(_overlap(cell, other) > TOUCH for other in beside)]
        centred = self._centred(block, free)
        if len(over) > 1:
            if sum(len(piece.words) for piece in block.pieces) == 1 and abs(block.x0 - over[0].x0) <= FLUSH:
                return over[:1]  # a word that is too long for its column
            off = abs((over[0].x0 + over[-1].x1) / 2 - block.centre) > CENTRED
            return centred if off and all(cell in centred for cell in over) else over
        if not over:
            return [] if self._has_column(block) else centred
        own = over[0]
        flush = abs(own.x0 - block.x0) <= FLUSH
        aligned = abs(own.centre - block.centre) <= CENTRED or flush
        wide = own in centred and not (flush and own is not centred[0])
        return centred if wide and (not aligned or self._has_room(block, own)) else over

    def _has_column(self, block: _Cell) -> bool:
        """Whether a block stands over a column of its own, which no lower cell names."""
        over = [column for column in self.columns if min(block.x1, column.x1) - max(block.x0, column.x0) > TOUCH]
        return any(
            not any(min(leaf.x1, column.x1) - max(leaf.x0, column.x0) > TOUCH for leaf in self.leaves)
            for column in over
        )

    def _bars_under(self, block: _Cell, beside: Sequence[_Cell]) -> list[Bar]:
        """The rule right below a block and no other one beside it."""
        y = block.heights[-1]
        bars = [bar for bar in self.parts if 0 < bar.y - y < UNDER * self.size and _is_on(bar, block)][:1]
        return [bar for bar in bars if not any(_is_on(bar, other) for other in beside)]

    def _centred(self, block: _Cell, leaves: Sequence[_Cell]) -> list[_Cell]:
        """Neighbouring cells that a block is centred over."""
        best: list[_Cell] = []
        least = CENTRED
        for first in range(len(leaves)):
            for last in range(first + 1, len(leaves)):
                ends = (leaves[last].x1, self._right_edge(leaves[last]))
                off = min(abs((leaves[first].x0 + end) / 2 - block.centre) for end in ends)
                if off < least:
                    best, least = list(leaves[first : last + 1]), off
        return best

    def _column_at(self, x: float) -> int | None:
        return next((n for n, c in enumerate(self.columns) if c.x0 - TOUCH <= x <= c.x1 + TOUCH), None)

    def _right_edge(self, cell: _Cell) -> float:
        """How far the column of a cell reaches: to the next one, less the gap between columns."""
        column = self._column_at(cell.centre)
        return max(cell.x1, self.rights[column]) if column is not None else cell.x1

    def _has_room(self, block: _Cell, cell: _Cell) -> bool:
        """Whether the first word of the cell below a block had room beside it: then the block is a cell of its own."""
        number = self._column_at(cell.centre)
        width = cell.x1 - cell.x0
        if number is not None:
            column, rights = self.columns[number], self.rights
            if column.left is not None:
                width = max(width, rights[number] - column.x0)
            else:
                before = 2 * column.x0 - self.columns[number - 1].x1 if number else column.x0
                width = max(width, 2 * min(cell.centre - before, rights[number] - cell.centre))
        word = cell.pieces[0].words[0]
        needed = block.pieces[-1].width + SPACE * self.size + word.x1 - word.x0
        return self.page.page.text[word.start] not in "([" and needed <= width

    def _wraps(self, block: _Cell, cell: _Cell) -> bool:
        """Whether a cell over several columns goes on with the block above it: its first word had no room there."""
        word = cell.pieces[0].words[0]
        width = self._right_edge(cell.under[-1]) - cell.under[0].x0
        return block.pieces[-1].width + SPACE * self.size + word.x1 - word.x0 > width

    def _is_ruled(self, cell: _Cell, block: _Cell) -> bool:
        """Whether a rule parts a block from the cell below it."""
        return any(block.heights[-1] < bar.y < cell.heights[0] and bar.x0 < block.centre < bar.x1 for bar in self.parts)

    # Columns and rows

    def rows(self) -> Cells:
        """The rows of the header."""
        self._settle()
        cells = [*self.leaves, *self.wide]
        depth = {id(cell): sum(1 for o in self.wide if self._is_over(o, cell)) for cell in cells}
        levels = 1 + max(depth.values())
        heights = [
            [y for cell in cells if depth[id(cell)] == n and (n or cell.under) for y in cell.heights]
            for n in range(levels)
        ]
        rows: Cells = [[[] for _ in self.columns] for _ in range(levels)]
        for cell in sorted(cells, key=lambda cell: cell.heights[0]):
            level = depth[id(cell)]
            if levels > 1 and level == 0 and not cell.under:
                level = self._printed_level(cell, heights)
            spans = [span for piece in cell.pieces for span in piece.spans()]
            for column in range(cell.first, cell.last + 1):
                rows[level][column] = rows[level][column] + spans
        return rows

    def _is_over(self, wide: _Cell, cell: _Cell) -> bool:
        if wide is cell:
            return False
        if cell.under:
            inside = all(leaf in wide.under for leaf in cell.under)
            return inside and (len(wide.under) > len(cell.under) or wide.heights[0] < cell.heights[0])
        return cell in wide.under

    def _settle(self) -> None:
        """Give each cell its columns: the lowest in their order where there are as many, else where they stand."""
        count = len(self.columns)
        if len(self.leaves) == count:
            for number, leaf in enumerate(self.leaves):
                leaf.first = leaf.last = number
        elif len(self.leaves) == count - 1 and not self._over_several():
            skipped = min(range(count), key=self._cost)
            for number, leaf in enumerate(self.leaves):
                leaf.first = leaf.last = number + (number >= skipped)
        else:
            for leaf in self.leaves:
                leaf.first, leaf.last = self._columns_of(leaf)
        for wide in self.wide:
            wide.first, wide.last = min(c.first for c in wide.under), max(c.last for c in wide.under)

    def _over_several(self) -> bool:
        return any(first < last for first, last in map(self._columns_of, self.leaves))

    def _cost(self, skipped: int) -> float:
        """How far the lowest cells stand from their columns where one column has none."""
        columns = [column for number, column in enumerate(self.columns) if number != skipped]
        return sum(
            abs(leaf.centre - (column.x0 + column.x1) / 2) for leaf, column in zip(self.leaves, columns, strict=True)
        )

    def _columns_of(self, leaf: _Cell) -> tuple[int, int]:
        """The columns under one of the lowest cells: those that it stands over, or is centred over."""
        over = [
            number
            for number, column in enumerate(self.columns)
            if min(leaf.x1, column.x1) - max(leaf.x0, column.x0) > min(TOUCH, (column.x1 - column.x0) / 2)
        ]
        ruled = [
            number
            for number, column in enumerate(self.columns)
            for bar in self._bars_under(leaf, [other for other in self.leaves if other is not leaf])
            if bar.x0 <= (column.x0 + column.x1) / 2 <= bar.x1
        ]
        if len(ruled) > 1:
            return ruled[0], ruled[-1]
        busy = {
            number
            for other in self.leaves
            if other is not leaf
            for number, column in enumerate(self.columns)
            if min(other.x1, column.x1) - max(other.x0, column.x0) > TOUCH
        }
        near = over[0] if over else min(range(len(self.columns)), key=lambda n: self._distance(leaf, n))
        own = self.columns[near]
        aligned = abs((own.x0 + own.x1) / 2 - leaf.centre) <= CENTRED or abs(own.x0 - leaf.x0) <= FLUSH
        best, least = (near, near), CENTRED
        for first in range(near, -1, -1):
            for last in range(max(near, first + 1), len(self.columns)):
                if any(number in busy for number in range(first, last + 1)):
                    continue
                ends = (self.columns[last].x1, self.rights[last])
                off = min(abs((self.columns[first].x0 + end) / 2 - leaf.centre) for end in ends)
                if off < least:
                    best, least = (first, last), off
        if best[0] < best[1] and not aligned:
            return best
        return (over[0], over[-1]) if over else best

    def _distance(self, leaf: _Cell, number: int) -> float:
        column = self.columns[number]
        return max(column.x0 - leaf.x1, leaf.x0 - column.x1, 0.0)

    def _printed_level(self, cell: _Cell, heights: Sequence[Sequence[float]]) -> int:
        """The row in which a cell without others above or below it is printed.

        Between wide cells it goes into the first row: a blank there would read as a part of its neighbour.
        """
        if any(o.first > cell.last for o in self.wide) and any(o.last < cell.first for o in self.wide):
            return 0
        middle = median(cell.heights)
        return min(range(len(heights)), key=lambda n: min((abs(middle - y) for y in heights[n]), default=1e9))


def _overlap(cell: _Cell, other: _Cell | Piece) -> float:
    """How far two things stand above one another."""
    return min(cell.x1, other.x1) - max(cell.x0, other.x0)


def _is_beside(cell: _Cell, other: _Cell) -> bool:
    """Whether cells stand at a common height."""
    return cell is not other and cell.heights[0] <= other.heights[-1] + 1 and cell.heights[-1] >= other.heights[0] - 1


def _is_on(bar: Bar, cell: _Cell) -> bool:
    """Whether a cell stands over a bar."""
    return bar.x0 - CENTRED <= cell.centre <= bar.x1 + CENTRED


def _right_edges(columns: Sequence[Column], edges: tuple[float, float]) -> list[float]:
    """How far columns reach: to the next one or the edge of the table, less the gap between columns."""
    gap = max(min((after.x0 - before.x1 for before, after in pairwise(columns)), default=0.0), 0.0)
    inset = columns[0].x0 - edges[0]
    gap = min(gap, 2 * inset) if inset > TOUCH else gap
    rights = [max(before.x1, after.x0 - gap) for before, after in pairwise(columns)]
    return [*rights, max(columns[-1].x1, edges[1] - max(inset, 0.0))]

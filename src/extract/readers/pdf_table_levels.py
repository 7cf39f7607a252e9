"""The rows of a header: its cells, from lines that wrap, and the columns that each of them spans."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_columns import GridLine
from extract.readers.pdf_table_cutting import Column
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_spans import CENTRED, FLUSH, TOUCH, Chooser, HeaderCell, bars_under, overlap
from extract.readers.pdf_table_words import Piece

SAME_HEIGHT = 0.6  # of the height of type: cells that end so close end on one line
WRAP = 1.6  # of the height of type: lines of a cell are not farther apart

Cells = list[list[list[tuple[int, int]]]]


def header_rows(
    page: PageRuns,
    lines: Sequence[GridLine],
    columns: Sequence[Column],
    parts: Sequence[Bar],
    edges: tuple[float, float],
    *,
    closed: bool,
) -> Cells:
    """The rows of the header; what spans several columns is repeated over each of them.

    `parts` are the rules over some columns, `edges` the left and right edge of the table, which rules draw where it is
    `closed`; else they are those of the space that it has.
    """
    return _Builder(page, lines, columns, parts, edges, closed=closed).rows() if lines else []


class _Builder:
    """Puts the pieces of a header together, from its lowest line to its first."""

    def __init__(
        self,
        page: PageRuns,
        lines: Sequence[GridLine],
        columns: Sequence[Column],
        parts: Sequence[Bar],
        edges: tuple[float, float],
        *,
        closed: bool,
    ) -> None:
        self.page, self.columns = page, columns
        self.size = median(line.line.size for line in lines)
        self.parts = [bar for bar in parts if bar.y < lines[-1].line.bottom]
        self.leaves: list[HeaderCell] = []
        self.wide: list[HeaderCell] = []
        chooser = Chooser(page, columns, self.parts, edges, self.size, closed=closed)
        blocks = sorted(self._blocks(lines), key=lambda each: -each.heights[-1])
        while blocks:
            seed, near = blocks[0], SAME_HEIGHT * self.size
            group = [each for each in blocks if _is_level_with(each, seed, near, inside=bool(self.leaves))]
            blocks = [each for each in blocks if each not in group]
            group.sort(key=lambda each: each.centre)
            for block, under in zip(group, chooser.choose(group, blocks, self.leaves), strict=True):
                self._add(block, under, chooser)
        self.leaves.sort(key=lambda cell: cell.x0)
        self.rights = chooser.rights

    # Cells from pieces

    def _blocks(self, lines: Sequence[GridLine]) -> list[HeaderCell]:
        """Pieces with those right below them that their words go on in."""
        blocks: list[HeaderCell] = []
        for line in lines:
            y = line.line.middle
            above = [block for block in blocks if y - block.heights[-1] < WRAP * self.size]
            for each in line.placed:
                over = [block for block in above if overlap(block, each.piece) > 0]
                alone = len(over) == 1 and sum(overlap(over[0], other.piece) > 0 for other in line.placed) == 1
                if alone and self._reads_on(over[0], each.piece, y):
                    over[0].pieces.append(each.piece)
                    over[0].heights.append(y)
                else:
                    blocks.append(HeaderCell([each.piece], [y]))
        return blocks

    def _reads_on(self, block: HeaderCell, piece: Piece, y: float) -> bool:
        """Whether a piece is aligned with the one above it and plainly goes on with its words."""
        last = block.pieces[-1]
        if abs(last.centre - piece.centre) > FLUSH and abs(block.x0 - piece.x0) > FLUSH:
            return False
        if any(block.heights[-1] < bar.y < y and bar.x0 < piece.centre < bar.x1 for bar in self.parts):
            return False
        above, text = last.text(self.page), piece.text(self.page)
        begun = text[0].islower() or text[0] in "([)]=<>≥≤%±,;/–-+" or text[0].isdigit()
        return begun or above[-1] in "-–/=(\ufffe,&+" or above.count("(") > above.count(")")

    def _add(self, block: HeaderCell, under: list[HeaderCell], chooser: Chooser) -> None:
        """Put a block on the cells below it."""
        top = next((cell for cell in reversed(self.wide) if cell.under == under), None)
        joined = under[0] if len(under) == 1 else top if top is not None and chooser.wraps(block, top) else None
        if joined is not None and not chooser.is_ruled(joined, block):
            joined.pieces = [*block.pieces, *joined.pieces]
            joined.heights = [*block.heights, *joined.heights]
        elif under:
            block.under = under
            self.wide.append(block)
        else:
            self.leaves.append(block)

    # Columns and rows

    def rows(self) -> Cells:
        """The rows of the header."""
        self._settle()
        cells = [*self.leaves, *self.wide]
        depth = {id(cell): sum(1 for o in self.wide if self._is_over(o, cell)) for cell in cells}
        levels = 1 + max(depth.values())
        heights = [
            [y for cell in cells if depth[id(cell)] == n and (cell.under or n == levels - 1) for y in cell.heights]
            for n in range(levels)
        ]
        rows: Cells = [[[] for _ in self.columns] for _ in range(levels)]
        for cell in sorted(cells, key=lambda cell: cell.heights[0]):
            level = depth[id(cell)]
            if level < levels - 1 and not cell.under:
                level = self._printed_level(cell, heights, level)
            spans = [span for piece in cell.pieces for span in piece.spans()]
            for column in range(cell.first, cell.last + 1):
                rows[level][column] = rows[level][column] + spans
        return rows

    def _is_over(self, wide: HeaderCell, cell: HeaderCell) -> bool:
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

    def _columns_of(self, leaf: HeaderCell) -> tuple[int, int]:
        """The columns under one of the lowest cells: those that it stands over, or is centred over."""
        over = [
            number
            for number, column in enumerate(self.columns)
            if min(leaf.x1, column.x1) - max(leaf.x0, column.x0) > min(TOUCH, (column.x1 - column.x0) / 2)
        ]
        ruled = [
            number
            for number, column in enumerate(self.columns)
            for bar in bars_under(self.parts, leaf, [o for o in self.leaves if o is not leaf], self.size)
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

    def _distance(self, leaf: HeaderCell, number: int) -> float:
        column = self.columns[number]
        return max(column.x0 - leaf.x1, leaf.x0 - column.x1, 0.0)

    def _printed_level(self, cell: HeaderCell, heights: Sequence[Sequence[float]], least: int) -> int:
        """The row in which a cell is printed that has none below it.

        Between wide cells it goes into the first row: a blank there would read as a part of its neighbour.
        """
        if any(o.first > cell.last for o in self.wide) and any(o.last < cell.first for o in self.wide):
            return least
        middle = median(cell.heights)
        levels = range(least, len(heights))
        return min(levels, key=lambda n: min((abs(middle - y) for y in heights[n]), default=1e9))


def _is_level_with(cell: HeaderCell, seed: HeaderCell, near: float, *, inside: bool) -> bool:
    """Whether a cell ends with another one; above the lowest line also whether it begins with it or stands inside."""
    if seed.heights[-1] - cell.heights[-1] < near:
        return True
    begins = abs(seed.heights[0] - cell.heights[0]) < near
    return inside and (begins or (seed.heights[0] < cell.heights[0] and cell.heights[-1] < seed.heights[-1]))

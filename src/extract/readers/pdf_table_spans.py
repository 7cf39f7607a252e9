"""The columns that the cells of a header span: the cells of one line are put on those below them, all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_cutting import Column
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_words import Piece

CENTRED = 3.0  # points: centres this close are alike
FLUSH = 1.5  # points: edges this close are alike
TOUCH = 1.0  # points: what overlaps by less does not
UNDER = 4.0  # of the height of type from a header cell to the rule below it
SPACE = 0.25  # of the height of type between words
UNKNOWN = 2.0  # points off the middle, where nothing says how far the last column reaches
# How unlikely it is that a cell stands over what: points off the middle, and what they are weighed against.
RULED, OFF, EACH = -10.0, 0.3, 0.15
SINGLE, ROOM, ASKEW, UNEVEN, FLUSH_INSIDE = 0.0, 1.5, 2.5, 3.0, 3.0
ALONE, LOST, NO_COLUMN, UNLIKE = 1.0, 20.0, 6.0, 0.7


@dataclass(slots=True, eq=False)
class HeaderCell:
    """A cell of the header with its pieces from top to bottom and the columns that it spans.

    While cells are put together, `first` and `last` count the lowest cells from left to right.
    """

    pieces: list[Piece]
    heights: list[float]
    first: int = 0
    last: int = 0
    under: list[HeaderCell] = field(default_factory=list)  # cells that it spans; none for the lowest

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


class _Option(NamedTuple):
    """A choice for a cell: the cells below it from first to last (counted from the left), -1 for none, and its cost."""

    first: int
    last: int
    cost: float


class Chooser:
    """Chooses what the cells of a line of the header stand over."""

    def __init__(
        self,
        page: PageRuns,
        columns: Sequence[Column],
        parts: Sequence[Bar],
        edges: tuple[float, float],
        size: float,
        *,
        closed: bool,
    ) -> None:
        self.page, self.columns, self.parts, self.size, self.closed = page, columns, parts, size, closed
        self.gap = _gap(columns, edges)
        self.rights = _right_edges(columns, edges, self.gap)
        between = [(before.x1 + after.x0) / 2 for before, after in pairwise(columns)]
        self.edges = [edges[0], *between, edges[1]]

    def choose(
        self, group: Sequence[HeaderCell], above: Sequence[HeaderCell], leaves: Sequence[HeaderCell]
    ) -> list[list[HeaderCell]]:
        """For each cell of a line, from left to right, the lowest cells that it stands over; none share one.

        `above` are the cells that are still to come.
        """
        ordered = sorted(leaves, key=lambda cell: cell.x0)
        best: dict[tuple[int, int], tuple[float, list[_Option]]] = {(-1, 0): (0.0, [])}  # by end and width of the last
        for block in group:
            options = self._options(block, [other for other in (*group, *above) if other is not block], ordered)
            following: dict[tuple[int, int], tuple[float, list[_Option]]] = {}
            for (last, width), (cost, chosen) in best.items():
                for option in options:
                    if 0 <= option.first <= last:
                        continue
                    count = option.last - option.first + 1 if option.first >= 0 else width
                    total = cost + option.cost + UNLIKE * (width not in {0, count})
                    key = max(last, option.last), count
                    if key not in following or total < following[key][0]:
                        following[key] = (total, [*chosen, option])
            best = following
        _, chosen = min(best.values(), key=lambda each: each[0])
        return [ordered[each.first : each.last + 1] if each.first >= 0 else [] for each in chosen]

    def _options(self, block: HeaderCell, others: Sequence[HeaderCell], leaves: Sequence[HeaderCell]) -> list[_Option]:
        """What a cell may stand over."""
        beside = [other for other in others if is_beside(other, block)]
        usable = [not is_beside(leaf, block) for leaf in leaves]
        bars = bars_under(self.parts, block, beside, self.size)
        ruled = [n for n, leaf in enumerate(leaves) if any(bar.x0 <= leaf.centre <= bar.x1 for bar in bars)]
        if len(ruled) > 1:
            return [_Option(ruled[0], ruled[-1], RULED), _Option(-1, -1, LOST)]
        over = [n for n, leaf in enumerate(leaves) if usable[n] and overlap(leaf, block) > TOUCH]
        none = LOST if over else ALONE if self._has_column(block, leaves) else NO_COLUMN
        options = [_Option(-1, -1, none)]
        own = leaves[over[0]] if over else None
        flush = own is not None and abs(own.x0 - block.x0) <= FLUSH
        if own is not None and len(over) == 1:
            aligned = flush or abs(own.centre - block.centre) <= CENTRED
            options.append(_Option(over[0], over[0], ASKEW if not aligned else ROOM * self._has_room(block, own)))
        elif over and flush and sum(len(piece.words) for piece in block.pieces) == 1:
            options.append(_Option(over[0], over[0], SINGLE))  # a word that is too long for its column
        for first in range(over[0] + 1 if over else len(leaves)):
            for last in range(max(first + 1, over[-1] if over else 0), len(leaves)):
                if not all(usable[first : last + 1]):
                    continue
                off = self._off(block, leaves[first], leaves[last])
                inside = FLUSH_INSIDE if flush and first < over[0] else 0.0
                if off <= CENTRED:
                    options.append(_Option(first, last, OFF * off + EACH * (last - first + 2) + inside))
                elif over and (first, last) == (over[0], over[-1]):
                    options.append(_Option(first, last, UNEVEN))
        return options

    def _has_column(self, block: HeaderCell, leaves: Sequence[HeaderCell]) -> bool:
        """Whether a cell stands over a column of its own, which no lower cell names."""
        over = [column for column in self.columns if min(block.x1, column.x1) - max(block.x0, column.x0) > TOUCH]
        return any(
            not any(min(leaf.x1, column.x1) - max(leaf.x0, column.x0) > TOUCH for leaf in leaves) for column in over
        )

    def _column_at(self, x: float) -> int | None:
        return next((n for n, c in enumerate(self.columns) if c.x0 - TOUCH <= x <= c.x1 + TOUCH), None)

    def _off(self, block: HeaderCell, first: HeaderCell, last: HeaderCell) -> float:
        """How far a cell stands off the middle of others: of their words, or of the columns that these are set in."""
        middles = [(first.x0 + last.x1) / 2, (first.x0 + self._right_edge(last)) / 2]
        low, high = self._column_at(first.centre), self._column_at(last.centre)
        if low is not None and high is not None and self.columns[low].left is None:
            left, right = self.edges[low], self.edges[high + 1]
            if self.columns[low].middle is not None:
                middles.append((left + right) / 2)
            elif self.columns[low].right is not None:
                before = self.columns[low - 1].x1 + self.gap if low else first.x0
                middles.append((min(first.x0, before) + last.x1) / 2)
        off = min(abs(middle - block.centre) for middle in middles)
        reach = 2 * block.centre - first.x0
        if high == len(self.columns) - 1 and not self.closed and last.x1 < reach < self.page.width:
            return min(off, UNKNOWN)
        return off

    def _right_edge(self, cell: HeaderCell) -> float:
        """How far the column of a cell reaches: to the next one, less the gap between columns."""
        column = self._column_at(cell.centre)
        return max(cell.x1, self.rights[column]) if column is not None else cell.x1

    def _has_room(self, block: HeaderCell, cell: HeaderCell) -> bool:
        """Whether the first word of the cell below a block had room beside it: then the block is a cell of its own."""
        number = self._column_at(cell.centre)
        width = cell.x1 - cell.x0
        if number is not None:
            column = self.columns[number]
            if column.left is not None:
                width = max(width, self.rights[number] - column.x0)
            else:
                before = 2 * column.x0 - self.columns[number - 1].x1 if number else column.x0
                width = max(width, 2 * min(cell.centre - before, self.rights[number] - cell.centre))
        word = cell.pieces[0].words[0]
        needed = block.pieces[-1].width + SPACE * self.size + word.x1 - word.x0
        return self.page.page.text[word.start] not in "([" and needed <= width

    def wraps(self, block: HeaderCell, cell: HeaderCell) -> bool:
        """Whether a cell over several columns goes on with the block above it: its first word had no room there."""
        word = cell.pieces[0].words[0]
        width = self._right_edge(cell.under[-1]) - cell.under[0].x0
        return block.pieces[-1].width + SPACE * self.size + word.x1 - word.x0 > width

    def is_ruled(self, cell: HeaderCell, block: HeaderCell) -> bool:
        """Whether a rule parts a block from the cell below it."""
        return any(block.heights[-1] < bar.y < cell.heights[0] and bar.x0 < block.centre < bar.x1 for bar in self.parts)


def bars_under(parts: Sequence[Bar], block: HeaderCell, beside: Sequence[HeaderCell], size: float) -> list[Bar]:
    """The rule right below a cell and no other one beside it."""
    y = block.heights[-1]
    bars = [bar for bar in parts if 0 < bar.y - y < UNDER * size and _is_on(bar, block)][:1]
    return [bar for bar in bars if not any(_is_on(bar, other) for other in beside)]


def overlap(cell: HeaderCell, other: HeaderCell | Piece) -> float:
    """How far two things stand above one another."""
    return min(cell.x1, other.x1) - max(cell.x0, other.x0)


def is_beside(cell: HeaderCell, other: HeaderCell) -> bool:
    """Whether cells stand at a common height."""
    return cell is not other and cell.heights[0] <= other.heights[-1] + 1 and cell.heights[-1] >= other.heights[0] - 1


def _is_on(bar: Bar, cell: HeaderCell) -> bool:
    """Whether a cell stands over a bar."""
    return bar.x0 - CENTRED <= cell.centre <= bar.x1 + CENTRED


def _gap(columns: Sequence[Column], edges: tuple[float, float]) -> float:
    """The white space between columns: the least that there is, or twice that at the left edge of the table."""
    gap = max(min((after.x0 - before.x1 for before, after in pairwise(columns)), default=0.0), 0.0)
    inset = columns[0].x0 - edges[0]
    return min(gap, 2 * inset) if inset > TOUCH else gap


def _right_edges(columns: Sequence[Column], edges: tuple[float, float], gap: float) -> list[float]:
    """How far columns reach: to the next one or the edge of the table, less the gap between columns."""
    rights = [max(before.x1, after.x0 - gap) for before, after in pairwise(columns)]
    return [*rights, max(columns[-1].x1, edges[1] - max(columns[0].x0 - edges[0], 0.0))]

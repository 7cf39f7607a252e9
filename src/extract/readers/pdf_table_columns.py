"""Columns of a table: white space that runs through its lines, and drawn vertical lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_cutting import ALIGNED, Column, Cutter, River
from extract.readers.pdf_table_words import Piece, TextLine

Floats = NDArray[np.float64]

SPANNING = 0.5  # weight against a boundary of a line with one piece: a heading between rows, or a wrapped cell
HEADING = 0.25  # the same where the piece begins at the left edge: it may be a section of the table
SPACED = 0.3  # weight of a usual space where others have a wide gap
MIN_SUPPORT = 2.0  # lines with a wide gap for each line that runs over it
FEW = 0.34  # of the cells of a column stand elsewhere in it: words among figures
LARGE = 1.2  # of the height of type: a gap this wide in one line alone divides columns
MOST = 0.6  # of the cells of a column begin alike where it is set flush left


@dataclass(slots=True)
class Placed:
    """A piece of a line with the first and the last column that it stands in."""

    piece: Piece
    first: int
    last: int


@dataclass(slots=True)
class GridLine:
    """A line of a table with its pieces in their columns."""

    line: TextLine
    placed: list[Placed] = field(default_factory=list)

    def at(self, column: int) -> Piece | None:
        """The piece that begins in a column."""
        return next((each.piece for each in self.placed if each.first == column), None)

    @property
    def columns(self) -> set[int]:
        """The columns in which a piece begins."""
        return {each.first for each in self.placed}


def find_rivers(lines: Sequence[TextLine], header: int = 0) -> list[River]:
    """The white space that divides the columns of lines whose pieces are known.

    The first lines, `header` of them, say where columns may be, but do not run over boundaries: they have wide cells.
    """
    bounds = np.unique([edge for line in lines for word in line.words for edge in (word.x0, word.x1)])
    if len(bounds) < 3:
        return []
    over, apart = _votes(lines, bounds, header if len(lines) > header + 1 else 0)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    rivers: list[River] = []
    known = np.zeros(len(over), np.bool_)  # stretches that grow with the level hold those of lower ones
    for level in np.unique(over):
        if MIN_SUPPORT * level > apart.max():
            break
        free = np.concatenate([[False], over <= level + 1e-6, [False]])
        changes = np.flatnonzero(free[1:] != free[:-1])
        for start, end in zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True):
            if start == 0 or end == len(over) or known[start:end].any():
                continue
            support = float(apart[start:end].max())
            wide = bounds[end] - bounds[start] >= LARGE * size
            if support >= max(1.0 if level == 0 and wide else 2.0, MIN_SUPPORT * level):
                known[start] = True
                rivers.append(_narrowest(over, apart, bounds, start, end))
    found = _without_empty(lines[header:] or lines, sorted(rivers))
    return _without_shifted(lines, found, header)


def _without_empty(lines: Sequence[TextLine], rivers: list[River]) -> list[River]:
    """Rivers without those that leave a column in which no piece stands alone; what fewer pieces cross stays."""
    pieces = [piece for line in lines for piece in line.pieces]
    crossed = {river: sum(piece.x0 < river.cut < piece.x1 for piece in pieces) for river in rivers}
    number = 1
    while number < len(rivers):
        left, right = rivers[number - 1], rivers[number]
        if any(piece.x0 >= left.x0 and piece.x1 <= right.x1 for piece in pieces):
            number += 1
        elif (crossed[left], left.x0 - left.x1) > (crossed[right], right.x0 - right.x1):
            del rivers[number - 1]
        else:
            del rivers[number]
    return rivers


def _without_shifted(lines: Sequence[TextLine], rivers: list[River], header: int) -> list[River]:
    """Rivers without those between two halves of one column: the few cells of one stand where the other has none.

    So do cells that span two columns and stand in their middle.
    """
    kept = list(rivers)
    while True:
        cuts = [float("-inf"), *(river.cut for river in kept), float("inf")]
        filled = [
            {row for row, line in enumerate(lines) if any(low < piece.centre < high for piece in line.pieces)}
            for low, high in pairwise(cuts)
        ]
        shifted = next((n for n in range(len(kept)) if _is_shifted(filled, n, header)), None)
        if shifted is None:
            return kept
        del kept[shifted]


def _is_shifted(filled: Sequence[set[int]], number: int, header: int) -> bool:
    """Whether a column and the next one, given the lines in which they are filled, are one."""
    left, right = filled[number], filled[number + 1]
    if left & right:
        return False
    few, many = sorted(({row for row in each if row >= header} for each in (left, right)), key=len)
    if len(many) >= 3 and len(few) <= max(2, FEW * len(many)):
        return True
    following = filled[number + 2] if number + 2 < len(filled) else set()
    return not right & following and len(left & following) >= 2


def _votes(lines: Sequence[TextLine], bounds: Floats, header: int) -> tuple[Floats, Floats]:
    """For each stretch between two bounds: what runs over it, and how many lines have a wide gap there."""
    over, apart = np.zeros(len(bounds) - 1), np.zeros(len(bounds) - 1)
    left = bounds[0]
    for row, line in enumerate(lines):
        alone = len(line.pieces) == 1
        weight = 1.0 if not alone else (HEADING if line.x0 - left < line.size else SPANNING)
        weight = 0.0 if row < header else weight
        edges = [edge for word in line.words for edge in (word.x0, word.x1)]
        indices = np.searchsorted(bounds, edges).tolist()
        for start, end in zip(indices[::2], indices[1::2], strict=True):
            over[start:end] += weight
        ends = {id(piece.words[-1]) for piece in line.pieces}
        for number, (before, after) in enumerate(pairwise(line.words)):
            if after.x0 <= before.x1:
                continue
            gap = slice(indices[2 * number + 1], indices[2 * number + 2])
            if id(before) in ends:
                apart[gap] += 1
            else:
                over[gap] += SPACED * weight
    return over, apart


def _narrowest(
    over: Floats,
    apart: Floats,
    bounds: Floats,
    start: int,
    end: int,
) -> River:
    """The part of a stretch over which least runs and where most lines have a gap."""
    score = apart[start:end] - MIN_SUPPORT * over[start:end]
    best = np.flatnonzero(score >= score.max() - 1e-6)
    breaks = np.flatnonzero(np.diff(best) > 1)
    parts = np.split(best, breaks + 1)
    widest = max(parts, key=lambda part: bounds[start + part[-1] + 1] - bounds[start + part[0]])
    return River(float(bounds[start + widest[0]]), float(bounds[start + widest[-1] + 1]))


def place(
    page: PageRuns, lines: Sequence[TextLine], rivers: Sequence[River], space: float, header: int = 0
) -> tuple[list[GridLine], list[Column]]:
    """The lines with their pieces in columns; pieces that hold two cells are cut between them.

    The first lines, `header` of them, may be set otherwise in their columns than the rest; `space` is the usual gap
    between words.
    """
    columns = _columns(lines, rivers)
    cutters = [Cutter(page, rivers, columns, space, part) for part in (lines[:header], ())]
    grid = []
    for number, line in enumerate(lines):
        cutter = cutters[number >= header]
        line.pieces = [part for piece in line.pieces for part in cutter.cut(piece)]
        grid.append(GridLine(line, [_place(piece, rivers, columns) for piece in line.pieces]))
    return grid, columns


def _columns(lines: Sequence[TextLine], rivers: Sequence[River]) -> list[Column]:
    """The columns between rivers, by the pieces that lie inside one of them."""
    cuts = [float("-inf"), *(river.cut for river in rivers), float("inf")]
    columns = []
    for low, high in pairwise(cuts):
        inside = [
            piece for line in lines for piece in line.pieces if piece.x0 > low - ALIGNED and piece.x1 < high + ALIGNED
        ]
        columns.append(
            Column(
                min((piece.x0 for piece in inside), default=max(low, 0.0)),
                max((piece.x1 for piece in inside), default=max(low, 0.0)),
                _shared([piece.x0 for piece in inside]),
                _shared([piece.centre for piece in inside]),
                _shared([piece.x1 for piece in inside]),
            )
        )
    return columns


def _shared(places: Sequence[float]) -> float | None:
    """Where most of some places are, if they are."""
    counts = Counter(round(place) for place in places)
    best = max(counts, key=lambda x: (counts[x - 1] + counts[x] + counts[x + 1], -x), default=0)
    near = sorted(place for place in places if abs(place - best) <= ALIGNED)
    return near[len(near) // 2] if near and len(near) >= MOST * len(places) else None


def _place(piece: Piece, rivers: Sequence[River], columns: Sequence[Column]) -> Placed:
    """The columns that a piece stands in: those whose text it lies over, else the one around its middle."""
    if not any(piece.x0 < river.cut < piece.x1 for river in rivers):
        column = sum(river.cut <= piece.centre for river in rivers)
        return Placed(piece, column, column)
    over = [
        number
        for number, column in enumerate(columns)
        if min(piece.x1, column.x1) - max(piece.x0, column.x0) > min(ALIGNED, 0.5 * (column.x1 - column.x0))
    ]
    if not over:
        column = sum(river.cut <= piece.centre for river in rivers)
        return Placed(piece, column, column)
    return Placed(piece, over[0], over[-1])

"""The header of a table: where it ends, its levels, and which columns a cell of it spans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_columns import Column, GridLine, Placed
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_words import Piece, TextLine

MAX_LINES = 12  # of a header
STUB = 1.5  # of the height of type: what begins farther from the left edge stands in no stub
CENTRED = 3.0  # points: centres this close are alike
WRAP = 1.6  # of the height of type: lines of one header cell are not farther apart
_NUMBER = re.compile(r"[<>≤≥~±]?\s*[-−–]?\d")

Cells = list[list[list[tuple[int, int]]]]


@dataclass(slots=True)
class _HeaderCell:
    """A cell of the header: its level from the top, its columns and its pieces."""

    level: int
    first: int
    last: int
    pieces: list[Piece]
    middles: list[float] = field(default_factory=list)

    @property
    def centre(self) -> float:
        """Half way between its edges."""
        return (min(p.x0 for p in self.pieces) + max(p.x1 for p in self.pieces)) / 2


def header_lines(page: PageRuns, lines: Sequence[TextLine], bars: Sequence[Bar]) -> int:
    """How many of the first lines are the header, by their pieces; `bars` are the rules from edge to edge."""
    inner = [bar for bar in bars if lines[0].middle < bar.y < lines[-1].middle]
    bold = _leading_bold(lines)
    if inner and (inner[0].drawn or not bold):
        count = sum(line.middle < inner[0].y for line in lines)
        if count <= MAX_LINES and not _is_body(page, lines[:count], lines[count:]):
            return _with_next_level(lines, [bar.y for bar in inner], count)
        return 0
    return bold or _before_numbers(page, lines)


def _is_body(page: PageRuns, upper: Sequence[TextLine], lower: Sequence[TextLine]) -> bool:
    """Whether the lines above the first rule hold figures like those below it."""
    if any(piece.bold for line in upper for piece in line.pieces):
        return False
    figures = [_share(page, lines) for lines in (upper, lower)]
    return figures[0] > 0.34 and figures[0] > 0.6 * figures[1]


def _inner(lines: Sequence[TextLine]) -> list[Piece]:
    """The pieces outside the stub."""
    left = min(line.x0 for line in lines)
    return [piece for line in lines for piece in line.pieces if piece.x0 > left + STUB * line.size]


def _share(page: PageRuns, lines: Sequence[TextLine]) -> float:
    """The share of pieces outside the stub that begin with a number."""
    pieces = _inner(lines)
    return sum(bool(_NUMBER.match(piece.text(page))) for piece in pieces) / len(pieces) if pieces else 0.0


def _with_next_level(lines: Sequence[TextLine], inner: Sequence[float], count: int) -> int:
    """The header with its next level where the rule under its first one goes from edge to edge."""
    if len(inner) < 2 or max(len(line.pieces) for line in lines[:count]) >= max(len(line.pieces) for line in lines):
        return count
    second = sum(line.middle < inner[1] for line in lines)
    bold = all(piece.bold for line in lines[count:second] for piece in line.pieces)
    upper = any(piece.bold for line in lines[:count] for piece in line.pieces)
    below = any(piece.bold for piece in _inner(lines[second:])) if second < len(lines) else True
    return second if bold and upper and not below else count


def _leading_bold(lines: Sequence[TextLine]) -> int:
    """The lines on top that are bold, where the rest outside the stub is not."""
    count = 0
    for line in lines:
        if not all(piece.bold for piece in line.pieces):
            break
        count += 1
    if not count or count > MAX_LINES or count == len(lines):
        return 0
    rest = [piece.bold for piece in _inner(lines[count:])]
    return count if rest and sum(rest) <= 0.3 * len(rest) else 0


def _before_numbers(page: PageRuns, lines: Sequence[TextLine]) -> int:
    """The lines on top without a number outside the stub; one row's where the whole table is words."""
    count = 0
    for number, line in enumerate(lines):
        others = [piece for piece in line.pieces if piece.x0 > lines[0].x0 + STUB * line.size or number == 0]
        if any(_NUMBER.match(piece.text(page)) for piece in others):
            break
        count += 1
    if 0 < count < len(lines) and count <= MAX_LINES:
        return _top_row(lines[:count]) if count > 3 else count
    return _top_row(lines) if count else 0


def _top_row(lines: Sequence[TextLine]) -> int:
    """The lines of the first row: those before the columns are filled once more."""
    most = max(len(line.pieces) for line in lines)
    for number in range(1, min(len(lines), MAX_LINES)):
        step = lines[number].middle - lines[number - 1].middle
        if step > WRAP * lines[number].size or len(lines[number].pieces) >= max(2, most - 1):
            return number
    return 1


def header_rows(page: PageRuns, lines: Sequence[GridLine], columns: Sequence[Column], parts: Sequence[Bar]) -> Cells:
    """The rows of the header; what spans several columns is repeated over each of them."""
    if not lines:
        return []
    cells = _cells(lines, columns, [bar for bar in parts if bar.y < lines[-1].line.bottom])
    levels = 1 + max(cell.level for cell in cells)
    heights = [
        [y for cell in cells if cell.level == level and _has_others(cell, cells) for y in cell.middles] or [0.0]
        for level in range(levels)
    ]
    rows: Cells = [[[] for _ in columns] for _ in range(levels)]
    for cell in cells:
        alone = levels > 1 and not _has_others(cell, cells)
        level = _printed_level(cell, cells, levels, heights) if alone else cell.level
        spans = [span for piece in cell.pieces for span in piece.spans()]
        for column in range(cell.first, cell.last + 1):
            rows[level][column] += spans
    return rows


def _has_others(cell: _HeaderCell, cells: Sequence[_HeaderCell]) -> bool:
    """Whether other cells stand above or below a cell."""
    return any(other is not cell and other.first <= cell.first <= other.last for other in cells)


def _printed_level(
    cell: _HeaderCell, cells: Sequence[_HeaderCell], levels: int, heights: Sequence[Sequence[float]]
) -> int:
    """The row in which a cell without others above or below it is printed.

    Between wide cells it goes into the first row: a blank there would read as a part of its neighbour.
    """
    wide = [other for other in cells if other.last > other.first]
    if any(o.first > cell.last for o in wide) and any(o.last < cell.first for o in wide):
        return 0
    middle = median(cell.middles)
    return min(range(levels), key=lambda level: min(abs(middle - y) for y in heights[level]))


def _cells(lines: Sequence[GridLine], columns: Sequence[Column], parts: Sequence[Bar]) -> list[_HeaderCell]:
    """The cells of a header, from its lines."""
    cells: list[_HeaderCell] = []
    for number, line in enumerate(lines):
        for each in line.placed:
            wide = _wide_above(cells, each, line, parts, lines[number - 1])
            if wide is not None:
                wide.pieces.append(each.piece)
                wide.middles.append(line.line.middle)
                continue
            first, last = _range(lines, number, each, columns, parts)
            above = [cell for cell in cells if cell.first <= last and cell.last >= first]
            before = above[-1] if above else None
            same = before is not None and (before.first, before.last) == (first, last)
            if before is not None and same and not _ruled_between(before, each.piece, line, parts):
                before.pieces.append(each.piece)
                before.middles.append(line.line.middle)
                continue
            level = 1 + max((cell.level for cell in above), default=-1)
            cells.append(_HeaderCell(level, first, last, [each.piece], [line.line.middle]))
    return cells


def _ruled_between(before: _HeaderCell, piece: Piece, line: GridLine, parts: Sequence[Bar]) -> bool:
    """Whether a rule parts a piece from the header cell above it."""
    return any(before.middles[-1] < bar.y < line.line.middle and bar.x0 < piece.centre < bar.x1 for bar in parts)


def _wide_above(
    cells: Sequence[_HeaderCell], each: Placed, line: GridLine, parts: Sequence[Bar], above: GridLine
) -> _HeaderCell | None:
    """The header cell over several columns that a piece goes on with: it stands below its middle or its beginning."""
    piece = each.piece
    for cell in reversed(cells):
        if (
            cell.last == cell.first
            or cell.middles[-1] != above.line.middle
            or each.last < cell.first
            or each.first > cell.last
        ):
            continue
        alone = sum(cell.first <= other.last and other.first <= cell.last for other in line.placed) == 1
        aligned = abs(piece.centre - cell.centre) <= CENTRED or abs(piece.x0 - cell.pieces[-1].x0) < 1.5
        if alone and aligned and not _ruled_between(cell, piece, line, parts):
            return cell
    return None


def _range(
    lines: Sequence[GridLine], number: int, each: Placed, columns: Sequence[Column], parts: Sequence[Bar]
) -> tuple[int, int]:
    """The columns that a piece of the header spans: those over the rule below it, or those that it is centred over."""
    line, piece = lines[number].line, each.piece
    under = [
        bar
        for bar in parts
        if bar.x0 - CENTRED <= piece.centre <= bar.x1 + CENTRED
        and -0.3 * line.size < bar.y - line.middle < 4 * line.size
    ]
    for bar in under[:1]:
        between = [o for o in lines[number + 1 :] if o.line.middle < bar.y]
        covered = [
            index
            for index, column in enumerate(columns)
            if bar.x0 - CENTRED <= (column.x0 + column.x1) / 2 <= bar.x1 + CENTRED
        ]
        others = [o for o in lines[number].placed if o is not each and covered and covered[0] <= o.first <= covered[-1]]
        if (
            len(covered) > 1
            and not others
            and all(sum(covered[0] <= o.first <= covered[-1] for o in each_line.placed) <= 1 for each_line in between)
        ):
            return covered[0], covered[-1]
    if each.last > each.first or number + 1 == len(lines):
        return each.first, each.last
    return _centred(lines, number, each)


def _centred(lines: Sequence[GridLine], number: int, each: Placed) -> tuple[int, int]:
    """The columns that a short piece is centred over, by the header cells below it."""
    piece, column = each.piece, each.first
    below: dict[int, Piece] = {}
    for line in lines[number + 1 :]:
        for other in line.placed:
            if other.first == other.last:
                below.setdefault(other.first, other.piece)
    own = below.get(column)
    if own is not None and (abs(own.centre - piece.centre) <= CENTRED or abs(own.x0 - piece.x0) <= 1.5):
        return column, column
    busy = {
        index for other in lines[number].placed if other is not each for index in range(other.first, other.last + 1)
    }
    best, least = (column, column), CENTRED
    for first in range(column, -1, -1):
        for last in range(max(first + 1, column), max(below, default=column) + 1):
            if any(index in busy or index not in below for index in range(first, last + 1)):
                continue
            off = abs((below[first].x0 + below[last].x1) / 2 - piece.centre)
            if off < least:
                best, least = (first, last), off
    return best

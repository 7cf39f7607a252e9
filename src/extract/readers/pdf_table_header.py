"""Where the header of a table ends: at a rule, where type changes, where numbers begin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.patterns import lazy_regex
from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_words import Piece, TextLine

MAX_LINES = 12  # of a header
STUB = 1.5  # of the height of type: what begins farther from the left edge stands in no stub
WRAP = 1.6  # of the height of type: lines of one header cell are not farther apart
ROW_GAP = 1.14  # times the advance inside a cell: a larger one begins a row
_NUMBER = lazy_regex(r"[<>≤≥~±]?\s*[-−–]?\d|(?:NR|NA|N/A|NS)\b|[-–—]$")


def header_lines(page: PageRuns, lines: Sequence[TextLine], bars: Sequence[Bar], *, continues: bool) -> int:
    """How many of the first lines are the header, by their pieces; `bars` are the rules from edge to edge.

    What `continues` a table of the page before has none, unless type or a rule says so.
    """
    inner = [bar for bar in bars if lines[0].middle < bar.y < lines[-1].middle]
    bold = _leading_bold(lines)
    if inner and (inner[0].drawn or not (bold or continues)):
        count = sum(line.middle < inner[0].y for line in lines)
        if count <= MAX_LINES and not _is_body(page, lines[:count], lines[count:]):
            return _with_next_levels(lines, [bar.y for bar in inner], count)
        return 0
    return bold or (0 if continues else _before_numbers(page, lines))


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


def _with_next_levels(lines: Sequence[TextLine], inner: Sequence[float], count: int) -> int:
    """The header with its next levels where the rule under its first one goes from edge to edge: all in bold type."""
    if max(len(line.pieces) for line in lines[:count]) >= max(len(line.pieces) for line in lines):
        return count
    last = count
    for y in inner[1:]:
        band = lines[last : sum(line.middle < y for line in lines)]
        if not band or not all(piece.bold for line in (*lines[:count], *band) for piece in line.pieces):
            break
        last += len(band)
    rest = _inner(lines[last:]) if last < len(lines) else []
    return last if rest and not any(piece.bold for piece in rest) else count


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
    count = _with_rest(lines, _before_stub(lines[:count]))
    if 0 < count < len(lines) and count <= MAX_LINES:
        return _top_row(lines[:count]) if count > 3 else count
    return _top_row(lines) if count else 0


def _with_rest(lines: Sequence[TextLine], count: int) -> int:
    """The first lines with the rest of their last row, which a wider gap follows: it may hold a number."""
    steps = [after.middle - before.middle for before, after in pairwise(lines)]
    if not count or not steps or max(steps) <= ROW_GAP * min(steps):
        return count
    left = min(line.x0 for line in lines)
    while count < len(lines) and steps[count - 1] <= ROW_GAP * min(steps):
        if lines[count].x0 < left + STUB * lines[count].size:
            break
        count += 1
    return count


def _before_stub(lines: Sequence[TextLine]) -> int:
    """The lines before the second one that begins with a stub and stands farther away than the lines of a cell."""
    steps = [after.middle - before.middle for before, after in pairwise(lines)]
    left = min((line.x0 for line in lines), default=0.0)
    stubs = [line.x0 < left + STUB * line.size for line in lines]
    for number in range(1, len(lines)):
        if stubs[number] and any(stubs[:number]) and steps[number - 1] > ROW_GAP * min(steps):
            return number
    return len(lines)


def _top_row(lines: Sequence[TextLine]) -> int:
    """The lines of the first row: those before the columns are filled once more."""
    most = max(len(line.pieces) for line in lines)
    for number in range(1, min(len(lines), MAX_LINES)):
        step = lines[number].middle - lines[number - 1].middle
        if step > WRAP * lines[number].size or len(lines[number].pieces) >= max(2, most - 1):
            return number
    return 1

"""How far a table goes: the lines and rules that belong to it, from its first line on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.readers.drafts import FOOTNOTE, LEGEND, LEGEND_START, OPEN_END
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_table_rules import Bar, Post
from extract.readers.pdf_table_scene import SAME_SIZE, Frame, Scene
from extract.readers.pdf_table_words import USUAL_SPACE, TextLine, add_words, split_pieces

FULL = 0.85  # of the width of a table: a bar that covers so much goes from edge to edge
BEYOND = 0.08  # of the width of a table: its rules begin and end as near its edges
GAP = 14.0  # points between the pieces of a rule that is broken between groups of columns
EDGE = 4.0  # points: how far text may stand over the end of a rule
BLANK = 3.2  # times the advance of the body: white space this high ends a table that no rule closes
TALL = 12.0  # times the advance of the body: white space this high ends any table
AFTER = 2.5  # times the advance of the body: the edge of a shade this far below the last line is that of the table
TAIL = 8.0  # the same for a rule: white space above it is that of a longer cell on the facing page
CELL_GAP = 0.8  # of the height of type: a wider gap between runs is one between cells
ALIGNED = 0.5  # of the cells of a row begin, end or have their middle where cells above do
MANY = 3  # cells of a row: of more, one may run into its neighbour
MIN_AFTER = 3  # lines with several cells that make rows below what looks like the last rule
MIN_LINES = 2  # lines with several cells that make a table
INNER = 0.08  # of the width of a table: what begins farther from its left edge stands in no stub
LONG = 0.6  # of the width of a table: a lone piece as wide is rather a note than a heading between rows
MIN_SENTENCE = 3  # spaces of a note that ends with a full stop
LONE = 0.4  # of the width of a table: a lone piece of a cell is narrower
CLOSE, NEAR = 1.6, 3.0  # of the height of type: from line to line in a cell, and between rows set widely


@dataclass(slots=True)
class Region:
    """A part of the page that may be a table, with its caption; `bars` are those from edge to edge."""

    x0: float
    x1: float
    top: float
    bottom: float
    closed: float  # where what belongs to it ends: its last rule, or the caption below it
    lines: list[TextLine]
    bars: list[Bar]
    parts: list[Bar]  # bars over some columns
    posts: list[Post]
    below: list[TextLine]  # what follows in the same place: notes or running text
    edge: float  # how far to the right it may go
    caption: list[Run] = field(default_factory=list)
    continued: bool = False


def is_tabular(line: TextLine) -> bool:
    """Whether a line has cells side by side: runs with a wide gap between them."""
    edge = line.runs[0].x1
    for run in line.runs[1:]:
        if run.x0 - edge > CELL_GAP * line.size:
            return True
        edge = max(edge, run.x1)
    return False


def find_extent(scene: Scene, frame: Frame, lines: list[TextLine], top: float) -> Region | None:
    """The region that begins with some lines of a frame: up to its last rule, or to where its cells end."""
    bars = [
        bar
        for bar in scene.bars
        if bar.y > top - 0.5 * scene.leading and bar.x0 < frame.x1 - EDGE and bar.x1 > frame.x0 + EDGE
    ]
    full = full_bars(bars, frame)
    end = _end(scene, lines, full)
    limit = lines[end - 1].bottom if end else top
    stop = lines[end].top if end < len(lines) else float("inf")
    inside = [bar for bar in full if bar.y < min(stop, limit + (TAIL if bar.drawn else AFTER) * scene.leading)]
    last = _last(scene, lines[:end], inside, frame)
    closed = any(bar.drawn and bar.y > lines[0].middle for bar in inside)
    if sum(map(is_tabular, lines[:last])) < (1 if closed else MIN_LINES):
        return None
    bottom = lines[last - 1].bottom
    following = lines[last].middle if last < len(lines) else float("inf")
    closing = [bar.y for bar in inside if bottom - 0.4 * lines[last - 1].size < bar.y < following]
    bottom = max([bottom, *closing[:1]])
    x0, x1 = min(line.x0 for line in lines[:last]), max(line.x1 for line in lines[:last])
    x0, x1 = min(x0, frame.x0), max(x1, frame.x1) if inside else x1
    return Region(
        x0,
        x1,
        top,
        bottom,
        bottom,
        lines[:last],
        [bar for bar in inside if bar.y <= bottom + 1],
        [bar for bar in bars if bar not in full and bar.y <= bottom + 1],
        [post for post in scene.posts if x0 - EDGE < post.x < x1 + EDGE and post.bottom > top and post.top < bottom],
        lines[last:],
        frame.x1,
    )


def _end(scene: Scene, lines: Sequence[TextLine], full: Sequence[Bar]) -> int:
    """How many lines there are before running text, a caption or white space."""
    for number, line in enumerate(lines):
        blank = line.top - lines[number - 1].bottom if number else 0.0
        ruled = any(line.bottom < bar.y < line.bottom + TALL * scene.leading for bar in full)
        if scene.is_text(line) or blank > (TALL if ruled else BLANK) * scene.leading:
            return number
    return len(lines)


def _last(scene: Scene, lines: Sequence[TextLine], bars: Sequence[Bar], frame: Frame) -> int:
    """How many lines belong to the table: those up to its last rule, and rows after it."""
    last = 0
    if bars:
        chain = _without_notes(scene.page, lines, sorted(bars, key=lambda bar: bar.y), frame)
        last = sum(line.middle < chain[-1].y for line in lines)
        after = [line for line in lines[last:] if is_tabular(line)][:MIN_AFTER]
        goes_on = (
            last > 0 and len(after) == MIN_AFTER and all(is_aligned(scene.page, line, lines[:last]) for line in after)
        )
        if last > 1 and chain[-1].drawn and not goes_on:
            return last
    for number in range(last, len(lines)):
        if not is_tabular(lines[number]):
            continue
        if last >= MIN_LINES and not is_aligned(scene.page, lines[number], lines[:last], fuller=True):
            break
        last = number + 1
    while 0 < last < len(lines) and _is_rest(scene.page, lines[last - 1], lines[last], frame):
        last += 1
    final = last == len(lines) - 1 and last > 1 and lines[-1].bottom > max(run.bottom for run in scene.runs) - 1
    return last + (final and not _is_note(scene.page, lines[last], lines[last - 1], frame))


def _is_rest(page: PageRuns, before: TextLine, line: TextLine, frame: Frame) -> bool:
    """Whether a lone piece right below the last row wraps one of its cells: an inner one, or its stub."""
    step = (line.middle - before.middle) / line.size
    width = frame.x1 - frame.x0
    if abs(line.size - before.size) > 0.1 * before.size or step > NEAR or line.x1 - line.x0 > LONE * width:
        return False
    above = page.page.text[before.runs[0].start : before.runs[0].end]
    here = page.page.text[line.runs[0].start]
    wraps = above.count("(") > above.count(")") or here.islower() or here in "([" or OPEN_END.search(above) is not None
    return line.x0 > frame.x0 + INNER * width or (wraps and step < CLOSE)


def _without_notes(page: PageRuns, lines: Sequence[TextLine], bars: list[Bar], frame: Frame) -> list[Bar]:
    """Bars from top to bottom without those below notes: no row stands between them and the one above."""
    while len(bars) > 2:
        band = [line for line in lines if bars[-2].y < line.middle < bars[-1].y]
        above = next((line for line in reversed(lines) if line.middle < bars[-2].y), None)
        if any(map(is_tabular, band)) or (not band and bars[-1].drawn and not bars[-2].drawn):
            break
        if band and above is not None and not any(_is_note(page, line, above, frame) for line in band):
            break
        bars = bars[:-1]
    return bars


def _is_note(page: PageRuns, line: TextLine, above: TextLine, frame: Frame) -> bool:
    """Whether a line of one piece below a row is rather a note than a heading between rows."""
    text = page.page.text[line.runs[0].start : line.runs[-1].end]
    small = line.size < (1 - SAME_SIZE) * above.size
    long = line.x1 - line.x0 > LONG * (frame.x1 - frame.x0) or line.x0 < frame.x0 - EDGE
    far = line.middle - above.middle > NEAR * line.size
    sentence = text.rstrip().endswith(".") and text.count(" ") >= MIN_SENTENCE
    cue = FOOTNOTE.match(text) or LEGEND_START.match(text) or LEGEND.search(text)
    return small or long or far or sentence or cue is not None


def full_bars(bars: Sequence[Bar], frame: Frame) -> list[Bar]:
    """Bars from edge to edge of a table; pieces of one line at the same height count together."""
    found = []
    width = frame.x1 - frame.x0
    for bar in bars:
        row = sorted(other for other in bars if abs(other.y - bar.y) < 2.0)
        covered = sum(min(each.x1, frame.x1) - max(each.x0, frame.x0) for each in row)
        gap = max((second.x0 - first.x1 for first, second in pairwise(row)), default=0.0)
        whole = gap < (GAP if all(each.drawn for each in row) else EDGE)
        left, right = row[0].x0 - frame.x0, max(each.x1 for each in row) - frame.x1
        if covered >= FULL * width and whole and max(abs(left), right) < BEYOND * width:
            found.append(bar)
    return found


def is_aligned(page: PageRuns, line: TextLine, above: Sequence[TextLine], *, fuller: bool = False) -> bool:
    """Whether the cells of a line stand each in one column of the lines above, most at an edge of its text.

    With `fuller` a line with more cells than any above will do: those are headers of groups.
    """
    for each in (line, *above):
        if not each.pieces:
            add_words(page, [each])
            split_pieces([each], USUAL_SPACE * each.size)
    most = max(len(each.pieces) for each in above)
    if fuller and len(line.pieces) > most:
        return True
    least = most if sum(len(each.pieces) == most for each in above) > 1 else max(2, most - 1)
    fullest = [piece for each in above for piece in each.pieces if len(each.pieces) >= least]
    columns: list[tuple[float, float]] = []
    for piece in sorted(fullest, key=lambda piece: piece.x0):
        if columns and piece.x0 <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], piece.x1))
        else:
            columns.append((piece.x0, piece.x1))
    over = sum(sum(piece.x0 < x1 and x0 < piece.x1 for x0, x1 in columns) > 1 for piece in line.pieces)
    if over > (len(line.pieces) > MANY):
        return False
    alike = sum(
        any(min(abs(piece.x0 - o.x0), abs(piece.x1 - o.x1), abs(piece.centre - o.centre)) <= 1.0 for o in fullest)
        for piece in line.pieces
    )
    return alike >= ALIGNED * len(line.pieces)

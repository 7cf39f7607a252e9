"""Cells between drawn lines, also where a rule goes over some columns only, by pdfplumber's table finder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_rules import SAME, Bar, Post
from extract.readers.pdf_table_words import Piece, TextLine, Word

COVERED = 0.5  # of the width of a column: a rule that runs over so much of it closes its cell
OVER = 1.5  # points: a word that stands over a line by more on both sides is two
NEAR = 4.0  # points: a line that ends this close to another one meets it
_SETTINGS = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 1,
    "join_tolerance": 1,
    "edge_min_length": 1,
    "intersection_tolerance": 1,
}
Spans = list[tuple[int, int]]


class RuledCell(NamedTuple):
    """A cell with the rows and columns that it spans, first and last."""

    first_row: int
    last_row: int
    first: int
    last: int


class Lattice(NamedTuple):
    """Cells between lines: edges of columns, upper edges of rows, and the cells."""

    cuts: list[float]
    heights: list[float]
    cells: list[RuledCell]

    def at(self, x: float, y: float) -> RuledCell | None:
        """The cell around a point."""
        column = sum(cut <= x for cut in self.cuts) - 1
        row = sum(height <= y for height in self.heights) - 1
        return next(
            (c for c in self.cells if c.first_row <= row <= c.last_row and c.first <= column <= c.last),
            None,
        )


class _Drawing:
    """What pdfplumber's finder asks of a page: its edges and its box."""

    def __init__(self, edges: list[dict[str, Any]], bbox: tuple[float, float, float, float]) -> None:
        self.edges, self.bbox = edges, bbox


def find_lattice(bars: Sequence[Bar], posts: Sequence[Post], top: float, bottom: float) -> Lattice:
    """The cells between lines; `top`, `bottom` and the outermost posts close the table, drawn or not."""
    from pdfplumber.table import TableFinder  # noqa: PLC0415 - pages without such tables need no pdfplumber

    cuts = sorted({post.x for post in posts})
    levels = [top, *sorted({bar.y for bar in bars if top + SAME < bar.y < bottom - SAME}), bottom]
    edges = [_edge("v", post.x, *_snapped(post, levels)) for post in posts]
    rows = [(top, [(0, len(cuts) - 2)]), *_spans(bars, cuts, top, bottom), (bottom, [(0, len(cuts) - 2)])]
    edges += [_edge("h", y, cuts[first], cuts[last + 1]) for y, spans in rows for first, last in spans]
    drawing: Any = _Drawing(edges, (cuts[0], top, cuts[-1], bottom))
    found = TableFinder(drawing, _SETTINGS).cells
    heights = sorted({round(cell[1], 1) for cell in found})
    cells = []
    for x0, y0, x1, y1 in found:
        first_row, last_row = sum(y <= y0 + 0.6 for y in heights) - 1, sum(y < y1 - 0.6 for y in heights) - 1
        first, last = sum(x <= x0 + 0.6 for x in cuts) - 1, sum(x < x1 - 0.6 for x in cuts) - 1
        cells.append(RuledCell(first_row, last_row, first, last))
    return Lattice(cuts, heights, cells)


def _snapped(post: Post, levels: Sequence[float]) -> tuple[float, float]:
    """A vertical line from rule to rule where it ends close to them."""
    ends = []
    for y in (post.top, post.bottom):
        nearest = min(levels, key=lambda level: abs(level - y))
        ends.append(nearest if abs(nearest - y) < NEAR else min(max(y, levels[0]), levels[-1]))
    return ends[0], ends[1]


def _spans(
    bars: Sequence[Bar], cuts: Sequence[float], top: float, bottom: float
) -> list[tuple[float, list[tuple[int, int]]]]:
    """For each height with rules, the columns from first to last over which they run."""
    rows: dict[float, set[int]] = {}
    for bar in bars:
        if not top + SAME < bar.y < bottom - SAME:
            continue
        covered = {
            number
            for number, (x0, x1) in enumerate(pairwise(cuts))
            if min(bar.x1, x1) - max(bar.x0, x0) > COVERED * (x1 - x0)
        }
        near = next((y for y in rows if abs(y - bar.y) < SAME), bar.y)
        rows.setdefault(near, set()).update(covered)
    found = []
    for y, covered in sorted(rows.items()):
        spans: list[tuple[int, int]] = []
        for column in sorted(covered):
            if spans and spans[-1][1] == column - 1:
                spans[-1] = (spans[-1][0], column)
            else:
                spans.append((column, column))
        found.append((y, spans))
    return found


def _edge(orientation: str, at: float, low: float, high: float) -> dict[str, Any]:
    x0, x1, top, bottom = (at, at, low, high) if orientation == "v" else (low, high, at, at)
    return {
        "orientation": orientation,
        "object_type": "line",
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
    }


def fill(page: PageRuns, lattice: Lattice, lines: Sequence[TextLine], header: float) -> list[list[Spans]]:
    """The rows of a lattice with the words of some lines; above `header` what spans columns is repeated over each."""
    words: dict[RuledCell, list[Word]] = {}
    for line in lines:
        for word in (part for whole in line.words for part in _parts(page, whole, lattice, line.middle)):
            cell = lattice.at((word.x0 + word.x1) / 2, line.middle)
            if cell is not None:
                words.setdefault(cell, []).append(word)
    rows: list[list[Spans]] = [[[] for _ in lattice.cuts[1:]] for _ in lattice.heights]
    for cell, inside in words.items():
        spans = Piece(inside).spans()
        upper = lattice.heights[cell.first_row] < header - SAME
        for column in range(cell.first, (cell.last if upper else cell.first) + 1):
            rows[cell.first_row][column] = spans
    return rows


def _parts(page: PageRuns, word: Word, lattice: Lattice, y: float) -> list[Word]:
    """A word, or the two that it is where it stands over a line between two cells."""
    for cut in lattice.cuts[1:-1]:
        if word.x0 + OVER < cut < word.x1 - OVER and lattice.at(cut - 0.5, y) != lattice.at(cut + 0.5, y):
            middles = page.boxes[word.start : word.end, [0, 2]].mean(axis=1)
            at = word.start + int((middles < cut).sum())
            if word.start < at < word.end:
                left, right = float(page.boxes[at - 1, 2]), float(page.boxes[at, 0])
                return [
                    Word(word.start, at, word.x0, left, word.run),
                    Word(at, word.end, right, word.x1, word.run),
                ]
    return [word]

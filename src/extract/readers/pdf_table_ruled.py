"""Cells between drawn lines, also where a rule goes over some columns only, by pdfplumber's table finder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from extract.readers.pdf_table_rules import Bar

COVERED = 0.5  # of the width of a column: a rule that runs over so much of it closes its cell
_SETTINGS = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 1,
    "join_tolerance": 1,
    "edge_min_length": 1,
    "intersection_tolerance": 1,
}


class RuledCell(NamedTuple):
    """A cell with the rows and columns that it spans, first and last."""

    first_row: int
    last_row: int
    first: int
    last: int


class _Drawing:
    """What pdfplumber's finder asks of a page: its edges and its box."""

    def __init__(self, edges: list[dict[str, Any]], bbox: tuple[float, float, float, float]) -> None:
        self.edges, self.bbox = edges, bbox


def find_ruled_cells(
    bars: Sequence[Bar], cuts: Sequence[float], top: float, bottom: float
) -> tuple[list[float], list[RuledCell]]:
    """The heights at which rows begin and the cells of a table.

    `cuts` are the edges of the columns from left to right, the outer ones too; `bars` the rules between `top` and
    `bottom`, which are ruled in any case.
    """
    from pdfplumber.table import TableFinder  # noqa: PLC0415 - pages without such tables need no pdfplumber

    edges = [_edge("v", x, top, x, bottom) for x in cuts]
    for y, spans in [(top, [(0, len(cuts) - 2)]), *_spans(bars, cuts), (bottom, [(0, len(cuts) - 2)])]:
        edges += [_edge("h", cuts[first], y, cuts[last + 1], y) for first, last in spans]
    drawing: Any = _Drawing(edges, (cuts[0], top, cuts[-1], bottom))
    found = TableFinder(drawing, _SETTINGS).cells
    heights = sorted({round(cell[1], 1) for cell in found})
    lefts = sorted({round(x, 1) for x in cuts})
    cells = []
    for x0, y0, x1, y1 in found:
        row = sum(y <= y0 + 0.6 for y in heights) - 1
        last_row = sum(y < y1 - 0.6 for y in heights) - 1
        first, last = sum(x <= x0 + 0.6 for x in lefts) - 1, sum(x < x1 - 0.6 for x in lefts) - 1
        cells.append(RuledCell(row, last_row, first, last))
    return heights, cells


def _spans(bars: Sequence[Bar], cuts: Sequence[float]) -> list[tuple[float, list[tuple[int, int]]]]:
    """For each height with rules, the columns from first to last over which they run."""
    rows: dict[float, set[int]] = {}
    for bar in bars:
        covered = {
            number
            for number, (x0, x1) in enumerate(pairwise(cuts))
            if min(bar.x1, x1) - max(bar.x0, x0) > COVERED * (x1 - x0)
        }
        near = next((y for y in rows if abs(y - bar.y) < 2.0), bar.y)
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


def _edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
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

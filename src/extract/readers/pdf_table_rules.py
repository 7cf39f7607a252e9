"""Lines of tables: horizontal and vertical rules, put together from the pieces that a page draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from extract.readers.pdf_page import RULE, Boxes
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_table_words import is_leader

MIN_BAR = 12.0  # points: shorter horizontal lines are ticks, signs and underlines
MIN_POST = 6.0  # points: shorter vertical lines are ticks
SAME = 2.6  # points: lines this close are one (double rules)
JOINT = 2.5  # points between the pieces of one line; rules under the headers of groups stand farther apart
MAX_RULES = 1500  # on one page; plots have more, tables never
MAX_PAIRS = 4_000_000  # of lines and areas that are compared, 100 MB of memory; plots have more, tables never
EDGE = 0.7  # points: a line this close to the side of an area is its edge
HAIR = 0.05  # points: sides of areas have no width of their own, lines have
BACKGROUND = 0.7  # of the page: larger areas lie behind everything
NARROW_SHADE = 3.0  # points: an area thinner than this is a line


class Bar(NamedTuple):
    """A horizontal line; `drawn` is false for the edge of an area, which may not be seen."""

    x0: float
    x1: float
    y: float
    drawn: bool


class Post(NamedTuple):
    """A vertical line; `drawn` is false for the edge of an area, which may not be seen."""

    x: float
    top: float
    bottom: float
    drawn: bool


def on_page(page: PageRuns, boxes: Boxes) -> Boxes:
    """The boxes that can be seen, as far as they can be."""
    if not len(boxes):
        return boxes
    seen = (boxes[:, 2] > 0) & (boxes[:, 0] < page.width) & (boxes[:, 3] > 0) & (boxes[:, 1] < page.height)
    return np.clip(boxes[seen], 0, np.array([page.width, page.height, page.width, page.height], np.float32))


def find_bars(page: PageRuns, runs: Iterable[Run] = ()) -> list[Bar]:
    """The horizontal lines of a page from top to bottom, those printed as characters too."""
    rules = on_page(page, page.rules)
    flat = rules[(rules[:, 3] - rules[:, 1] <= RULE) & (rules[:, 2] - rules[:, 0] >= MIN_POST)]
    if len(flat) > MAX_RULES:
        flat = flat[flat[:, 2] - flat[:, 0] >= page.width / 8]
    middles = (flat[:, 1] + flat[:, 3]) / 2
    drawn = flat[:, 3] - flat[:, 1] > HAIR
    drawn |= ~_on_edges(middles, flat[:, 0], flat[:, 2], on_page(page, page.shades), across=False)
    found = [
        (float(y), float(x0), float(x1), bool(real))
        for y, (x0, _, x1, _), real in zip(middles, flat, drawn, strict=True)
    ]
    found += [(y, x0, x1, False) for x0, top, x1, bottom in _areas(page) for y in (top, bottom)]
    found += [(run.middle + 0.2 * run.size, run.x0, run.x1, True) for run in runs if is_leader(page, run)]
    return [Bar(x0, x1, y, real) for y, x0, x1, real in _joined(found) if x1 - x0 >= MIN_BAR]


def find_posts(page: PageRuns) -> list[Post]:
    """The vertical lines of a page from left to right."""
    rules = on_page(page, page.rules)
    upright = rules[(rules[:, 2] - rules[:, 0] <= RULE) & (rules[:, 3] - rules[:, 1] >= MIN_POST)]
    if len(upright) > MAX_RULES:
        return []
    middles = (upright[:, 0] + upright[:, 2]) / 2
    drawn = upright[:, 2] - upright[:, 0] > HAIR
    drawn |= ~_on_edges(middles, upright[:, 1], upright[:, 3], on_page(page, page.shades), across=True)
    found = [
        (float(x), float(top), float(bottom), bool(real))
        for x, (_, top, _, bottom), real in zip(middles, upright, drawn, strict=True)
    ]
    found += [(x, top, bottom, False) for x0, top, x1, bottom in _areas(page) for x in (x0, x1)]
    return [Post(x, top, bottom, real) for x, top, bottom, real in _joined(found)]


def _areas(page: PageRuns) -> list[list[float]]:
    """The areas that may be cells, rows or whole tables, as far as they can be seen."""
    shades = on_page(page, page.shades)
    high, wide = shades[:, 3] - shades[:, 1], shades[:, 2] - shades[:, 0]
    shades = shades[(high > NARROW_SHADE) & (wide > MIN_BAR) & (high * wide < BACKGROUND * page.width * page.height)]
    if len(shades) > MAX_RULES:
        return []
    areas: list[list[float]] = shades.tolist()
    return areas


def _on_edges(
    at: Boxes, low: Boxes, high: Boxes, shades: Boxes, *, across: bool
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which lines are the edge of an area."""
    if not len(shades) or not len(at) or len(shades) * len(at) > MAX_PAIRS:
        return np.zeros(len(at), np.bool_)
    shades = shades[(shades[:, 3] - shades[:, 1] > NARROW_SHADE) & (shades[:, 2] - shades[:, 0] > NARROW_SHADE)]
    x0, top, x1, bottom = shades.T
    sides, first, last = ((x0, x1), top, bottom) if across else ((top, bottom), x0, x1)
    near = np.minimum(*(np.abs(at[:, None] - side[None, :]) for side in sides)) < EDGE
    inside = (low[:, None] > first[None, :] - EDGE) & (high[:, None] < last[None, :] + EDGE)
    edges: np.ndarray[tuple[int], np.dtype[np.bool_]] = (near & inside).any(axis=1)
    return edges


def _joined(lines: Sequence[tuple[float, float, float, bool]]) -> list[tuple[float, float, float, bool]]:
    """Lines (place, from, to, drawn) on the same place that touch or overlap, put together."""
    groups: list[list[tuple[float, float, float, bool]]] = []
    for line in sorted(lines):
        if groups and line[0] - groups[-1][0][0] <= SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    joined: list[tuple[float, float, float, bool]] = []
    for group in groups:
        start = len(joined)
        for place, low, high, drawn in sorted(group, key=lambda line: line[1]):
            if len(joined) > start and low - joined[-1][2] <= JOINT:
                at, first, last, real = joined[-1]
                joined[-1] = (place if drawn and not real else at, first, max(last, high), real or drawn)
            else:
                joined.append((place, low, high, drawn))
    return joined

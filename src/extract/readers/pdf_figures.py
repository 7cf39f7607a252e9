"""Words inside drawings: flow charts, plots with their labels, forest plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extract.document import BBox
from extract.readers.drafts import CAPTION
from extract.readers.pdf_page import Boxes
from extract.readers.pdf_runs import PageRuns, Run

Area = tuple[float, float, float, float]  # x0, top, x1, bottom

MAX_LINES = 3  # lines nearly as wide as an area show that it is no drawing
PICTURE = 0.03  # of the area of the page: smaller pictures are logos and marks
BACKGROUND = 0.6  # of the area of the page: larger ones lie behind the text
NEAR = 30.0  # points between the shapes of one drawing, and between it and its caption
MIN_SHAPES = 4  # drawn areas that make a drawing
MIN_PARTS = 7  # areas and lines, at least one of them an area, that make one
TALL = 0.25  # of the height of the page: a shape of a drawing is lower, a tinted box of text taller


@dataclass(slots=True)
class Figure:
    """A drawing or picture with the words in it, which may be none."""

    box: BBox
    runs: list[Run]


def find_figures(page: PageRuns, runs: Sequence[Run], tables: Sequence[BBox] = ()) -> list[Figure]:
    """The captioned drawings and pictures of a page outside its tables."""
    if not len(page.pictures) and not len(page.shades):
        return []
    text = page.page.text
    captions = [
        _words_of(run, runs)
        for run in runs
        if (match := CAPTION.match(text[run.start : run.end])) and "ig" in match[0].lower()
    ]
    words = {id(run) for caption in captions for run in caption}
    found: list[Figure] = []
    for drawn, area in _areas(page, captions, tables):
        inside = _inside([run for run in runs if id(run) not in words], area)
        if _is_text(inside, area) or any(_holds(figure.box, drawn) for figure in found):
            continue
        words |= {id(run) for run in inside}
        parts = [drawn, *((run.x0, run.top, run.x1, run.bottom) for run in inside)]
        hull = BBox(
            min(part[0] for part in parts),
            min(part[1] for part in parts),
            max(part[2] for part in parts),
            max(part[3] for part in parts),
        )
        found.append(Figure(hull, inside))
    return found


def _holds(box: BBox, area: Area) -> bool:
    """Whether the middle of an area lies in a box."""
    return box.x0 <= (area[0] + area[2]) / 2 <= box.x1 and box.top <= (area[1] + area[3]) / 2 <= box.bottom


def _inside(runs: Sequence[Run], area: Area) -> list[Run]:
    x0, top, x1, bottom = area
    return [
        run
        for run in runs
        if x0 - 2 <= (run.x0 + run.x1) / 2 <= x1 + 2 and top - run.size <= run.middle <= bottom + run.size
    ]


def _is_text(runs: Sequence[Run], area: Area) -> bool:
    """Whether runs in an area are lines of running text, which a frame or a far line has drawn in."""
    wide = 0.6 * (area[2] - area[0])
    return sum(run.width > wide for run in runs) >= MAX_LINES


def _words_of(caption: Run, runs: Sequence[Run]) -> list[Run]:
    """The runs of a caption: those on its line and on the lines below it in the same type."""
    found = [caption]
    x0, x1 = caption.x0, caption.x1
    for run in sorted(runs, key=lambda each: (each.middle, each.x0)):
        last = found[-1]
        step = run.middle - last.middle
        alike = abs(run.size - caption.size) < 0.1 * caption.size
        if run is caption or step < -0.3 * caption.size or not alike:
            continue
        if step > 1.7 * caption.size:
            break
        if run.x0 < x1 + 2 * caption.size and run.x1 > x0 - 2 * caption.size:
            found.append(run)
            x1 = max(x1, run.x1)
    return found


def _areas(page: PageRuns, captions: Sequence[Sequence[Run]], tables: Sequence[BBox]) -> list[tuple[Area, Area]]:
    """Where pictures and drawings stand that have a caption near, and where their words may stand."""
    whole = page.width * page.height
    areas = [
        (box[0], box[1], box[2], box[3])
        for box in page.pictures.tolist()
        if PICTURE * whole < (box[2] - box[0]) * (box[3] - box[1]) < BACKGROUND * whole
    ]
    shapes = _outside(page.shades[page.shades[:, 3] - page.shades[:, 1] < TALL * page.height], tables)
    areas += _clusters(shapes.tolist(), _outside(page.rules, tables).tolist())
    areas += _clusters(shapes.tolist(), [])
    found = []
    for x0, top, x1, bottom in areas:
        near = next((caption for caption in captions if _is_near(caption, x0, top, x1, bottom)), None)
        if near is not None:  # labels stand beside a plot, as far as its caption is wide
            left, right = min(run.x0 for run in near), max(run.x1 for run in near)
            found.append(((x0, top, x1, bottom), (min(x0, left), top, max(x1, right), bottom)))
    return found


def _outside(boxes: Boxes, tables: Sequence[BBox]) -> Boxes:
    """The boxes whose middle is in none of the tables."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    kept = np.ones(len(boxes), bool)
    for table in tables:
        kept &= ~((x > table.x0 - 3) & (x < table.x1 + 3) & (y > table.top - 3) & (y < table.bottom + 3))
    found: Boxes = boxes[kept]
    return found


def _is_near(caption: Sequence[Run], x0: float, top: float, x1: float, bottom: float) -> bool:
    """Whether a caption stands above or below an area, or beside it."""
    first, last = caption[0], caption[-1]
    away = min(abs(first.top - bottom), abs(last.bottom - top))
    beside = first.top > top and last.bottom < bottom
    return (away < 2 * NEAR or beside) and first.x0 < x1 + NEAR and max(run.x1 for run in caption) > x0 - NEAR


def _clusters(shapes: list[list[float]], rules: list[list[float]]) -> list[Area]:
    """Boxes around shapes and lines that stand near one another."""
    boxes = np.array([*shapes, *rules], np.float32).reshape(-1, 4)
    is_shape = np.arange(len(boxes)) < len(shapes)
    clusters: list[Area] = []
    left = np.ones(len(boxes), bool)
    while (left & is_shape).any():
        first = int(np.flatnonzero(left & is_shape)[0])
        x0, top, x1, bottom = boxes[first]
        members = np.zeros(len(boxes), bool)
        while True:
            near = (
                left
                & (boxes[:, 0] < x1 + NEAR)
                & (boxes[:, 2] > x0 - NEAR)
                & (boxes[:, 1] < bottom + NEAR)
                & (boxes[:, 3] > top - NEAR)
            )
            if (near == members).all():
                break
            members = near
            x0, top = boxes[near, 0].min(), boxes[near, 1].min()
            x1, bottom = boxes[near, 2].max(), boxes[near, 3].max()
        left &= ~members
        if int(members.sum()) >= MIN_PARTS or int((members & is_shape).sum()) >= MIN_SHAPES:
            clusters.append((float(x0), float(top), float(x1), float(bottom)))
    return clusters

"""Words inside drawings: flow charts, plots with their labels, forest plots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.readers.drafts import CAPTION
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_tables import BodyType

PICTURE = 0.03  # of the area of the page: smaller pictures are logos and marks
BACKGROUND = 0.6  # of the area of the page: larger ones lie behind the text
NEAR = 30.0  # points between the shapes of one drawing, and between it and its caption
MIN_SHAPES = 4  # drawn areas that make a drawing
TALL = 0.25  # of the height of the page: a shape of a drawing is lower, a tinted box of text taller


def find_figures(page: PageRuns, body: BodyType, runs: Sequence[Run]) -> list[list[Run]]:
    """The runs inside each drawing of a page."""
    if not len(page.pictures) and len(page.shades) < MIN_SHAPES:
        return []
    text = page.page.text
    captions = [run for run in runs if (match := CAPTION.match(text[run.start : run.end])) and "ig" in match[0].lower()]
    found: list[list[Run]] = []
    taken: set[int] = set()
    for x0, top, x1, bottom in _areas(page, captions):
        inside = [
            run
            for run in runs
            if id(run) not in taken
            and x0 - 2 <= (run.x0 + run.x1) / 2 <= x1 + 2
            and top - 2 <= run.middle <= bottom + 2
            and run not in captions
        ]
        if inside:
            taken |= {id(run) for run in inside}
            found.append(inside)
    return found


def _areas(page: PageRuns, captions: Sequence[Run]) -> list[tuple[float, float, float, float]]:
    """Where pictures and drawings stand that have a caption near."""
    whole = page.width * page.height
    areas = [
        box
        for box in page.pictures.tolist()
        if PICTURE * whole < (box[2] - box[0]) * (box[3] - box[1]) < BACKGROUND * whole
    ]
    shapes = (
        page.shades[(page.shades[:, 3] - page.shades[:, 1]) < TALL * page.height] if len(page.shades) else page.shades
    )
    for cluster in _clusters(shapes.tolist(), page.rules.tolist()):
        areas.append(cluster)
    return [
        (x0, top, x1, bottom)
        for x0, top, x1, bottom in areas
        if any(
            min(abs(caption.top - bottom), abs(caption.bottom - top)) < 2 * NEAR
            and caption.x0 < x1 + NEAR
            and caption.x1 > x0 - NEAR
            for caption in captions
        )
    ]


def _clusters(shapes: list[list[float]], rules: list[list[float]]) -> list[tuple[float, float, float, float]]:
    """Boxes around shapes and lines that stand near one another."""
    boxes = np.array([*shapes, *rules], np.float32).reshape(-1, 4)
    is_shape = np.arange(len(boxes)) < len(shapes)
    clusters: list[tuple[float, float, float, float]] = []
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
        if int((members & is_shape).sum()) >= MIN_SHAPES:
            clusters.append((float(x0), float(top), float(x1), float(bottom)))
    return clusters

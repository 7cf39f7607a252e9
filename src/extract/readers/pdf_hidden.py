"""Words that a page holds but does not show: behind the clip of a figure, white on white, under a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.readers.pdf_runs import PageRuns, Run

RARE = 0.05  # of the characters of the document: words in a family of type this rare are looked at
SCALE = 0.5  # pixels a point of the picture that is looked at
CONTRAST = 12  # of 255 steps of grey between paper and ink, at least


def find_hidden(pages: Sequence[PageRuns], file: Any) -> list[list[Run]]:
    """The runs of each page of an open file that leave no ink, among those in rare type on pages with drawings."""
    counts: Counter[str] = Counter()
    for page in pages:
        for run in page.runs:
            counts[run.font.family] += run.end - run.start
    rare = {family for family, count in counts.items() if count < RARE * counts.total()}
    found = []
    for page in pages:
        drawn = len(page.pictures) or len(page.shades)
        suspects = [run for run in page.runs if run.font.family in rare] if drawn else []
        found.append(_without_ink(suspects, page, file[page.page.number - 1]) if suspects else [])
    return found


def _without_ink(runs: Sequence[Run], page: PageRuns, opened: Any) -> list[Run]:
    try:
        bitmap = opened.render(scale=SCALE, grayscale=True)
        picture: NDArray[np.uint8] = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
        return [run for run in runs if not _has_ink(picture, page, run)]
    finally:
        opened.close()


def _has_ink(picture: NDArray[np.uint8], page: PageRuns, run: Run) -> bool:
    """Whether the picture of a page changes where a run stands on it."""
    boxes = page.page.boxes[run.start : run.end]
    boxes = boxes[boxes[:, 2] > boxes[:, 0]]
    x0, top = np.floor(boxes[:, :2].min(0) * SCALE).astype(int).tolist()
    x1, bottom = np.ceil(boxes[:, 2:].max(0) * SCALE).astype(int).tolist()
    part = picture[max(top, 0) : bottom, max(x0, 0) : x1]
    return part.size == 0 or int(part.max()) - int(part.min()) >= CONTRAST

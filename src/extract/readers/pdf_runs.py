"""Runs: characters of a page side by side on one line, without a gap as wide as that between columns or cells."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from extract.readers.pdf_page import Boxes, Font, PageContent

MIN_SIZE = 0.05  # points: characters without a height have this one, by which can be divided
GAP = 1.0  # of the height of a line: words of justified text seldom stand farther apart, columns never closer
BACK = 0.6  # of the height: a character this far left of the one before it begins another run
OVERLAP = 0.3  # of the lower height: what shares less of it with its neighbour stands on another line
SCRIPT = 0.86  # of the height of the line: smaller characters off its middle are raised or lowered
RAISED, LOWERED = 0.04, 0.04  # of the height of the line: how far the middle of a script is off that of the line
MIN_TURNED = 3  # characters one above the other that are a turned word
_BREAKS = frozenset({10, 13})


@dataclass(slots=True)
class Run:
    """Characters `page.text[start:end]` on one line; boxes in points, `size` the height of a line of this type."""

    start: int
    end: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: Font
    last_font: Font

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0


@dataclass(slots=True)
class PageRuns:
    """The runs of a page, in the order of the file, in the frame in which they read from left to right.

    `boxes`, `rules`, `shades` and `pictures` are in that frame, too: on a page whose words are turned by 90 degrees it
    is not the frame of `page.boxes`. `stamps` are the runs that are turned otherwise than most.
    """

    page: PageContent
    width: float
    height: float
    boxes: Boxes
    rules: Boxes
    shades: Boxes
    pictures: Boxes
    runs: list[Run]
    stamps: list[Run] = field(default_factory=list)
    hidden: int = 0  # characters that the page does not show
    scripts: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))  # 1 raised, -1 lowered

    def hide(self, runs: list[Run]) -> None:
        """Leave out runs that the page does not show."""
        left_out = set(map(id, runs))
        self.runs = [run for run in self.runs if id(run) not in left_out]
        self.hidden += sum(run.end - run.start for run in runs)


def find_runs(page: PageContent) -> PageRuns:
    """The runs of a page."""
    codes = np.frombuffer(page.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    drawn = np.flatnonzero(_is_shown(codes, page.boxes, page.width, page.height))
    turns = _turns(page.boxes[drawn])
    angle = _main_angle(turns)
    boxes = _turn(page.boxes, angle, page)
    found = PageRuns(
        page,
        *((page.height, page.width) if angle else (page.width, page.height)),
        boxes,
        _turn(page.rules, angle, page),
        _turn(page.shades, angle, page),
        _turn(page.pictures, angle, page),
        runs=[],
        scripts=np.zeros(len(codes), np.int8),
    )
    if not len(drawn):
        return found
    upright = turns == angle
    cuts = np.flatnonzero(_cuts(codes, boxes, drawn) | (upright[1:] != upright[:-1])) + 1
    firsts = np.concatenate([[0], cuts])
    lasts = np.concatenate([cuts, [len(drawn)]])
    edges = np.concatenate(
        [np.minimum.reduceat(boxes[drawn, :2], firsts), np.maximum.reduceat(boxes[drawn, 2:], firsts)], axis=1
    ).tolist()
    heights = boxes[drawn, 3] - boxes[drawn, 1]
    lowest, highest = np.minimum.reduceat(heights, firsts).tolist(), np.maximum.reduceat(heights, firsts).tolist()
    known = np.array(sorted(page.fonts), np.int64)
    for index, (first, last, (x0, top, x1, bottom)) in enumerate(
        zip(firsts.tolist(), lasts.tolist(), edges, strict=True)
    ):
        start, end = int(drawn[first]), int(drawn[last - 1]) + 1
        if end < len(codes) and codes[end] == 0xFFFE:
            end += 1  # PDFium's sign for a hyphen at the end of a line
        at = np.searchsorted(known, [start, end - 1], side="right") - 1
        font, last_font = (page.fonts[int(known[max(index, 0)])] for index in at.tolist())
        even = lowest[index] > SCRIPT * highest[index]  # no script in it
        same = lowest[index] > 0.99 * highest[index]
        size = max(round(highest[index], 1), MIN_SIZE) if same else _height(heights[first:last])
        run = Run(start, end, x0, top, x1, bottom, size, font, last_font)
        if upright[first]:
            found.runs.append(run)
            if not even:
                _mark_scripts(found.scripts, page.text, boxes, drawn[first:last], run)
        else:
            _add_stamp(found.stamps, run)
    return found


def _is_shown(codes: NDArray[np.uint32], boxes: Boxes, width: float, height: float) -> NDArray[np.bool_]:
    """Which characters are drawn on the page; files hold others that its edge cuts off."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (x > 0) & (x < width) & (y > 0) & (y < height) & (boxes[:, 2] > boxes[:, 0])
    shown: NDArray[np.bool_] = inside & (codes > 32) & (codes != 160)
    return shown


def _turns(boxes: Boxes) -> NDArray[np.int16]:
    """By how many degrees each of the characters is turned: 0, 270 where words run upwards, 90 where downwards."""
    turns = np.zeros(len(boxes), np.int16)
    if len(boxes) < MIN_TURNED:
        return turns
    before, after = boxes[:-1], boxes[1:]
    widths = np.minimum(before[:, 2] - before[:, 0], after[:, 2] - after[:, 0])
    beside = np.minimum(before[:, 2], after[:, 2]) - np.maximum(before[:, 0], after[:, 0]) > 0.7 * widths
    upwards = after[:, 1] + after[:, 3] < before[:, 1] + before[:, 3]
    gap = np.where(upwards, before[:, 1] - after[:, 3], after[:, 1] - before[:, 3])
    for angle, way in ((270, upwards), (90, ~upwards)):
        turns[_chained(beside & way & (np.abs(gap) < 0.6 * widths))] = angle
    for index in np.flatnonzero((before == after).all(axis=1)).tolist():
        turns[index + 1] = turns[index]  # the letters of a ligature share its box
    main = _main_angle(turns)
    if main:  # cells of one or two characters go with the rest of the page
        heights = np.minimum(before[:, 3] - before[:, 1], after[:, 3] - after[:, 1])
        level = np.minimum(before[:, 3], after[:, 3]) - np.maximum(before[:, 1], after[:, 1]) > 0.7 * heights
        upright = _chained(level & (np.abs(after[:, 0] - before[:, 2]) < 0.6 * heights))
        turns[(turns == 0) & ~upright] = main
    return turns


def _chained(linked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which characters stand in a chain of several that are linked, each with the next."""
    found = np.zeros(len(linked) + 1, bool)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], linked.view(np.int8), [0]])))
    for first, last in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
        if last - first >= MIN_TURNED - 1:
            found[first : last + 1] = True
    return found


def _add_stamp(stamps: list[Run], run: Run) -> None:
    """Add a turned run, whose characters the frame of the page takes apart."""
    last = stamps[-1] if stamps else None
    if last is not None and run.start - last.end <= 2:
        last.end = run.end
        last.x0, last.top = min(last.x0, run.x0), min(last.top, run.top)
        last.x1, last.bottom = max(last.x1, run.x1), max(last.bottom, run.bottom)
    else:
        stamps.append(run)


def _main_angle(turns: NDArray[np.int16]) -> int:
    """By how many degrees most characters of the page are turned."""
    angles, counts = np.unique(turns, return_counts=True)
    return int(angles[np.argmax(counts)]) if len(angles) else 0


def _turn(boxes: Boxes, angle: int, page: PageContent) -> Boxes:
    """Boxes in the frame in which words turned by `angle` read from left to right."""
    if not angle or not len(boxes):
        return boxes
    x0, top, x1, bottom = boxes.T
    if angle == 90:
        return np.stack([top, page.width - x1, bottom, page.width - x0], axis=1)
    return np.stack([page.height - bottom, x0, page.height - top, x1], axis=1)


def _cuts(codes: NDArray[np.uint32], boxes: Boxes, drawn: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether another run begins behind each of the drawn characters but the last."""
    before, after = boxes[drawn[:-1]], boxes[drawn[1:]]
    heights = boxes[drawn, 3] - boxes[drawn, 1]
    larger, lower = np.maximum(heights[:-1], heights[1:]), np.minimum(heights[:-1], heights[1:])
    gap = after[:, 0] - before[:, 2]
    common = np.minimum(before[:, 3], after[:, 3]) - np.maximum(before[:, 1], after[:, 1])
    apart = (gap > GAP * larger) | (gap < -BACK * larger) | (common < OVERLAP * lower)
    ends = np.cumsum(np.isin(codes, tuple(_BREAKS)))
    broken = ends[drawn[1:]] > ends[drawn[:-1]]
    apart |= broken & ((gap < -0.1 * larger) | (gap > 0.6 * larger))
    ligature = (before == after).all(axis=1)  # the letters of one sign share its box
    ended: NDArray[np.bool_] = apart & ~ligature
    return ended


def _height(heights: Boxes) -> float:
    """The height of most characters of a run."""
    heights = heights[heights > MIN_SIZE]
    if len(heights) < 2:
        return float(heights[0]) if len(heights) else MIN_SIZE
    values, counts = np.unique(np.round(heights, 1), return_counts=True)
    return float(values[len(values) - 1 - np.argmax(counts[::-1])])  # of two as common the larger


def remark_scripts(page: PageRuns, run: Run) -> None:
    """Mark the raised and lowered characters of a run anew, whose height was changed."""
    indices = np.arange(run.start, run.end)
    boxes = page.boxes[indices]
    drawn = np.array([character > " " for character in page.page.text[run.start : run.end]])
    _mark_scripts(page.scripts, page.page.text, page.boxes, indices[drawn & (boxes[:, 2] > boxes[:, 0])], run)


def _mark_scripts(scripts: NDArray[np.int8], text: str, boxes: Boxes, indices: NDArray[np.int64], run: Run) -> None:
    """Mark the characters of a run that are raised or lowered against most of its characters."""
    tops, bottoms = boxes[indices, 1], boxes[indices, 3]
    heights = bottoms - tops
    small = heights < SCRIPT * run.size
    if not small.any():
        return
    plain = ~small & (np.abs(heights - run.size) < 0.15 * run.size)
    if not plain.any():
        return
    middle = np.median((tops[plain] + bottoms[plain]) / 2)
    middles = (tops + bottoms) / 2
    marks = np.zeros(len(indices), np.int8)
    marks[small & (middles < middle - RAISED * run.size)] = 1
    marks[small & (middles > middle + LOWERED * run.size)] = -1
    signs = ~np.array([text[index].isalnum() for index in indices.tolist()])
    beside = np.pad(np.where(signs, 0, marks), 1)
    shared = np.zeros(len(indices), bool)  # the letters of a ligature have one box, which may be another font's
    same = (boxes[indices[:-1]] == boxes[indices[1:]]).all(axis=1)
    shared[:-1] |= same
    shared[1:] |= same
    marks[shared] = 0
    lone = signs & (beside[:-2] != marks) & (beside[2:] != marks)  # a dash of another font is no script
    scripts[indices] = np.where(lone, 0, marks)

"""Where tables stand on a page: below or above their captions, between rules, at the top of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from extract.document import BBox
from extract.readers.pdf_runs import Run
from extract.readers.pdf_table_extent import BLANK, EDGE, Region, find_extent, full_bars, is_tabular
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_scene import Caption, Frame, Scene, without_leaders
from extract.readers.pdf_table_words import TextLine, find_lines

REACH = 3.5  # times the advance of the body from a caption to its table
FAR = 12.0  # times the advance of the body from a caption to the first rule, where that stands below the header
WIDE_BAR = 0.15  # of the width of the page: shorter rules below a caption are those of notes and headers of groups
MIN_WIDTH = 0.25  # of the width of the page: shorter rules are not those of a table without a caption
TOP = 4.0  # times the advance of the body: what is looked at to see whether a page begins with a table
MIN_RUNS = 6  # runs there, at least
MAX_TITLE = 3  # lines above the first with several cells: the upper ones of a header
MAX_CAPTION = 10  # lines after the first
BESIDE = 3.0  # of the height of type between the label of a caption and its words
HEADNOTE = 0.6  # of the width of a table: a remark below its caption is wider, a header of one cell is not
FLUSH = 3.0  # of the height of type: lines of a caption are set in by less


class Taken(Protocol):
    """What a table takes of a page."""

    box: BBox
    runs: list[Run]
    caption: list[Run]
    notes: list[Run]


class Finder:
    """Finds the regions of a page; runs that a table has taken are not looked at again."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.taken: set[int] = set()
        self.boxes: list[BBox] = []

    def take(self, area: Taken) -> None:
        """Leave the runs of a table to it."""
        runs = (*area.runs, *area.caption, *area.notes)
        self.taken |= {id(run) for run in runs}
        top, bottom = min(area.box.top, *(run.top for run in runs)), max(area.box.bottom, *(run.bottom for run in runs))
        self.boxes.append(BBox(area.box.x0, top - 1, area.box.x1, bottom + 1))

    def free(self) -> list[Run]:
        """Runs that no table has taken."""
        return [run for run in self.scene.runs if id(run) not in self.taken]

    def words_of(self, caption: Caption) -> list[Run]:
        """The runs of a caption whose table is a picture."""
        words = self._first_line(caption.run)
        self._take_caption(words, self._lines(self._text_frame(caption.run), words, caption.run.middle), None)
        return words

    def below(self, caption: Caption) -> Region | None:
        """The table below a caption: where the first rule below it says, else where the text leaves room."""
        words = self._first_line(caption.run)
        bar = self._first_bar(words)
        region = self._below(caption, list(words), Frame(bar.x0, bar.x1), bar) if bar is not None else None
        return region or self._below(caption, words, self._text_frame(caption.run), None)

    def _below(self, caption: Caption, words: list[Run], frame: Frame, bar: Bar | None) -> Region | None:
        rest = self._take_caption(words, self._lines(frame, words, caption.run.middle), bar)
        if not rest:
            return None
        top = min(rest[0].top, bar.y) if bar is not None else rest[0].top
        region = find_extent(self.scene, frame, rest, top)
        if region is not None:
            region.caption, region.continued = words, caption.continued
        return region

    def above(self, caption: Caption) -> Region | None:
        """The table above a caption."""
        scene, run = self.scene, caption.run
        words = self._first_line(run)
        reach = run.top - REACH * scene.leading
        bars = [
            bar
            for bar in scene.bars
            if reach < bar.y <= run.top + 0.3 * run.size
            and bar.x0 - EDGE <= run.x0 <= bar.x1
            and bar.x1 - bar.x0 > WIDE_BAR * scene.page.width
        ]
        frame = Frame(bars[-1].x0, bars[-1].x1) if bars else self._text_frame(run)
        lines = [line for line in self._lines(frame, words, 0.0) if line.middle < run.middle - 0.5 * run.size]
        if not lines or lines[-1].bottom < reach:
            return None
        start = self._start(lines, frame)
        region = find_extent(scene, frame, lines[start:], lines[start].top) if start < len(lines) else None
        if region is None or region.below:
            return None
        region.below = self._lines(frame, words, run.middle)
        while region.below and self._goes_on(words, region.below[0]):
            words += region.below.pop(0).runs
        region.caption, region.continued = words, caption.continued
        region.closed = max(each.bottom for each in words)
        return region

    def _start(self, lines: Sequence[TextLine], frame: Frame) -> int:
        """The first line of the table that ends at the last of some lines."""
        start = len(lines)
        for number in range(len(lines) - 1, -1, -1):
            blank = lines[number + 1].top - lines[number].bottom if number + 1 < len(lines) else 0.0
            if self.scene.is_text(lines[number]) or blank > BLANK * self.scene.leading:
                break
            start = number
        bars = full_bars([bar for bar in self.scene.bars if bar.y < lines[-1].bottom], frame)
        above = sum(line.middle < bars[0].y for line in lines[:-1]) if bars else start
        return start if above <= start or any(map(is_tabular, lines[start:above])) else above

    def _first_line(self, run: Run) -> list[Run]:
        """The runs on the first line of a caption."""
        scene = self.scene
        line = [each for each in self.free() if each is not run and abs(each.middle - run.middle) < 0.35 * run.size]
        words, edge = [run], run.x1
        for each in sorted(line, key=lambda each: each.x0):
            gutter = any(frame.x1 < each.x0 and abs(frame.x1 - edge) < abs(each.x0 - edge) for frame in scene.frames)
            begins = any(abs(frame.x0 - each.x0) < EDGE for frame in scene.frames[1:])
            if each.x0 >= run.x1 - 1 and each.x0 - edge < BESIDE * run.size and not (gutter and begins):
                words.append(each)
                edge = each.x1
        return words

    def _first_bar(self, words: Sequence[Run]) -> Bar | None:
        """The first wide line below a caption, with what continues it to the left and right."""
        scene, run = self.scene, words[0]
        end = max(each.x1 for each in words)
        for bar in scene.bars:
            above = bar.y < run.bottom - (0.3 if bar.drawn else 0.1) * run.size
            if above or bar.x1 < run.x0 or bar.x0 > end or bar.x1 - bar.x0 < WIDE_BAR * scene.page.width:
                continue
            between = any(run.middle < each.run.middle < bar.y for each in scene.captions)
            if between or bar.y - run.bottom > FAR * scene.leading:
                return None
            row = [each for each in scene.bars if abs(each.y - bar.y) < 2.0]
            x0, x1 = min(each.x0 for each in row), max(each.x1 for each in row)
            near = bar.y - run.bottom < REACH * scene.leading
            return Bar(min(x0, run.x0) if near else x0, x1, bar.y, bar.drawn)
        return None

    def _text_frame(self, run: Run) -> Frame:
        """The width that a table without rules can take: that of the text's column, or of all where none is beside."""
        scene = self.scene
        runs = [each for each in self.free() if 0 < each.middle - run.middle < 6 * scene.leading]
        own = next((frame for frame in scene.frames if frame.x0 - EDGE <= run.x0 <= frame.x1), None)
        hull = Frame(min(each.x0 for each in scene.runs), max(each.x1 for each in scene.runs))
        if own is None:
            return hull
        beside = [
            frame
            for frame in scene.frames
            if (frame.x0 > own.x1 or frame.x1 < own.x0)
            and any(frame.x0 - 3 <= each.x0 and each.x1 <= frame.x1 + 3 and scene.fills_frame(each) for each in runs)
        ]
        left = max((frame.x1 + EDGE for frame in beside if frame.x1 < own.x0), default=hull.x0)
        right = min((frame.x0 - EDGE for frame in beside if frame.x0 > own.x1), default=hull.x1)
        return Frame(left, right)

    def _lines(self, frame: Frame, words: Sequence[Run], top: float) -> list[TextLine]:
        """The lines of a frame below a height, without some words."""
        known = {id(run) for run in words}
        return find_lines(
            self.scene.page,
            without_leaders(
                self.scene.page,
                [
                    run
                    for run in self.free()
                    if run.middle > top + 0.3 * run.size
                    and frame.x0 - EDGE <= (run.x0 + run.x1) / 2 <= frame.x1 + EDGE
                    and id(run) not in known
                ],
            ),
        )

    def _take_caption(self, words: list[Run], lines: list[TextLine], bar: Bar | None) -> list[TextLine]:
        """Move the lines that go on with a caption to its words; the lines below it."""
        for number, line in enumerate(lines):
            under = bar is not None and line.middle > bar.y
            prose = bar is None and self.scene.is_text(line)
            if under or prose or is_tabular(line) or number == MAX_CAPTION:
                return lines[number:]
            if not self._goes_on(words, line) and not (bar is not None and self._is_headnote(words, line, bar)):
                return lines[number:]
            words += line.runs
        return []

    def _is_headnote(self, words: Sequence[Run], line: TextLine, bar: Bar) -> bool:
        """Whether a line between a caption and the rule below it is a remark on the whole table."""
        close = line.top - words[-1].bottom < 2 * self.scene.leading
        long = line.x1 - line.x0 > HEADNOTE * (bar.x1 - bar.x0)
        return close and long and not any(map(self.scene.is_caption, line.runs))

    def _goes_on(self, words: Sequence[Run], line: TextLine) -> bool:
        """Whether a line goes on with a caption: set in the same type, right below it, at its left edge or centred."""
        first, last = words[0], words[-1]
        above = [run for run in words if abs(run.middle - last.middle) < 0.3 * last.size]
        alike = abs(line.runs[0].size - last.size) < 0.15 * last.size
        flush = line.x0 - first.x0 < FLUSH * first.size
        centred = abs(line.x0 + line.x1 - min(run.x0 for run in above) - max(run.x1 for run in above)) < 2 * EDGE
        close = line.middle - last.middle < 1.75 * last.size
        return alike and (flush or centred) and close and not any(map(self.scene.is_caption, line.runs))

    def uncaptioned(self, *, first_page: bool) -> Iterator[Region]:
        """Regions between rules, at the top of the page, between the edges of shades, that no caption names."""
        yield from self._between_bars(drawn=True)
        if not first_page:
            yield from self._at_top()
        yield from self._between_bars(drawn=False)

    def _between_bars(self, *, drawn: bool) -> Iterator[Region]:
        scene = self.scene
        for bar in scene.bars:
            if bar.drawn != drawn or bar.x1 - bar.x0 < MIN_WIDTH * scene.page.width:
                continue
            if self._is_taken(bar) or not self._has_fellow(bar):
                continue
            frame = Frame(bar.x0, bar.x1)
            lines = self._lines(frame, (), bar.y)
            if not lines or lines[0].top - bar.y > REACH * scene.leading or self._is_inside_wider(bar, lines[0]):
                continue
            region = find_extent(scene, frame, lines, bar.y)
            if region is not None and not self._is_figure(region):
                self.boxes.append(BBox(region.x0, region.top - 1, region.x1, region.bottom + 1))
                yield region

    def _at_top(self) -> Iterator[Region]:
        scene, free = self.scene, self.free()
        top = min((run.top for run in free), default=0.0)
        first = [run for run in free if run.top < top + TOP * scene.leading]
        if len(first) < MIN_RUNS or not any(b.x0 - a.x1 > a.size for a, b in pairwise(first)):
            return
        frame = Frame(min(run.x0 for run in free), max(run.x1 for run in free))
        lines = self._lines(frame, (), 0.0)
        start = next((number for number, line in enumerate(lines[:MAX_TITLE]) if is_tabular(line)), None)
        if start is not None and not any(map(scene.is_text, lines[: start + 1])):
            region = find_extent(scene, frame, lines, lines[0].top)
            if region is not None and not self._is_figure(region):
                yield region

    def _is_taken(self, bar: Bar) -> bool:
        """Whether a bar is one of a table that is known."""
        return any(box.top <= bar.y <= box.bottom and bar.x0 < box.x1 and bar.x1 > box.x0 for box in self.boxes)

    def _has_fellow(self, bar: Bar) -> bool:
        """Whether another bar below has the same edges."""
        return any(
            other.y > bar.y and abs(other.x0 - bar.x0) < EDGE and abs(other.x1 - bar.x1) < EDGE
            for other in self.scene.bars
        )

    def _is_inside_wider(self, bar: Bar, line: TextLine) -> bool:
        """Whether a wider bar stands between a bar and the line below it."""
        return any(
            bar.y < other.y < line.middle and other.x1 - other.x0 > bar.x1 - bar.x0 + EDGE for other in self.scene.bars
        )

    def _is_figure(self, region: Region) -> bool:
        """Whether the caption of a figure stands right below a region."""
        leading = self.scene.leading
        return any(
            not caption.table
            and -leading < caption.run.top - region.bottom < 2 * REACH * leading
            and caption.run.x0 < region.x1
            and caption.run.x1 > region.x0
            for caption in self.scene.captions
        )

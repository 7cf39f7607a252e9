"""What helps to find the tables of a page: captions, drawn lines and the columns of the running text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.patterns import lazy_regex
from extract.readers.drafts import TERMINAL
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_table_rules import Bar, Post, find_bars, find_posts
from extract.readers.pdf_table_words import TextLine, is_leader

SAME_SIZE = 0.07  # of the height of type: a smaller difference is none
ADJACENT = 1.3  # times the advance of the body: lines closer than this are one paragraph
MIN_FRAME = 0.24  # of the width of the page: narrower runs say nothing about the columns of the text
FRAME_LINES = 4  # lines that make a column of running text
FRAME_SHARE = 0.25  # of the runs that begin alike end at one edge
OWN_LINES = 6  # wide runs of the page's own type of running text
SAME_EDGE = 3.0  # points: lines that begin this close begin alike
FILLS = 1.2  # of the height of type: a line of running text ends this close to the edge of its column
MAX_NUMBER = 4  # characters: numbers of lines in the margin are no longer
INDENT = 3.0  # of the height of type: first lines of paragraphs are set in by less
_LABEL = lazy_regex(
    r"(?:(?:Supplement(?:ary|al)|Extended\ Data|Online|Appendix)\ )?"
    r"(?P<kind>TABLE|Table|Tab\.|FIGURE|Figure|FIG\.?|Fig\.?|BOX|Box|SCHEME|Scheme|Chart|CHART|Panel|PANEL)\s{0,3}"
    r"(?P<number>[A-Z]?\d+(?:[.-]\d+)?[A-Za-z]?|[IVX]{1,4})(?P<rest>[|.:—–-]|\s*$|\s+\S)",
)
_STARTS = lazy_regex(r"\s+[A-Z(\[|‘“\"α-ωÀ-Ž–—-]|\s*[|.:—–-]|\s*$")
_CONTINUED = lazy_regex(r"\W*(?:\(?cont(?:inued|['’]d|d|\.)?\)?|\(?continued\b.*)\W*$", re.IGNORECASE)
CONTINUED = lazy_regex(r"\(?cont(?:inued|['’]?d|\.)", re.IGNORECASE)


class Frame(NamedTuple):
    """Left and right edge of a column of running text."""

    x0: float
    x1: float


class Caption(NamedTuple):
    """The first run of a caption."""

    run: Run
    table: bool
    label: str
    continued: bool


@dataclass(slots=True)
class Scene:
    """A page as the search for tables sees it."""

    page: PageRuns
    body_font: str
    body_size: float
    leading: float
    runs: list[Run]
    captions: list[Caption]
    bars: list[Bar] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    types: list[tuple[str, float]] = field(default_factory=list)

    def look(self) -> None:
        """Find lines, and the type and the columns of running text: that of the document, and the page's own."""
        self.bars = find_bars(self.page, self.runs)
        self.posts = find_posts(self.page)
        wide = [run for run in self.runs if run.width > MIN_FRAME * self.page.width and not is_leader(self.page, run)]
        body = (self.body_font, self.body_size)
        self.frames, self.types = _frames([run for run in wide if _is_set_in(run, body)]), [body]
        counts = Counter((run.font.name, round(run.size, 1)) for run in wide if not _is_set_in(run, body))
        if counts:
            own, count = max(counts.items(), key=lambda item: (item[1], item[0]))
            frames = _frames([run for run in wide if _is_set_in(run, own)]) if count >= OWN_LINES else []
            if frames and self._fit_page(frames):
                self.frames, self.types = sorted({*self.frames, *frames}), [body, own]

    def _fit_page(self, frames: Sequence[Frame]) -> bool:
        """Whether columns begin at the left edge of what is printed and are all as wide: no columns of a table."""
        widths = [frame.x1 - frame.x0 for frame in frames]
        alike = max(widths) - min(widths) < 0.1 * max(widths)
        left = frames[0].x0 - min(run.x0 for run in self.runs) < SAME_EDGE
        return left and alike and (len(frames) > 1 or widths[0] > 0.5 * self.page.width)

    def is_caption(self, run: Run) -> bool:
        """Whether a caption begins with a run."""
        return any(caption.run is run for caption in self.captions)

    def is_text(self, line: TextLine) -> bool:
        """Whether a line is none of a table: a caption, or running text in each of its columns."""
        runs = [run for run in line.runs if run.end - run.start > MAX_NUMBER or self.in_frame(run)]
        prose = any(map(self.fills_frame, runs)) and all(map(self.in_frame, runs))
        return prose or any(map(self.is_caption, line.runs))

    def is_body(self, run: Run) -> bool:
        """Whether a run is set in the type of the running text."""
        return any(_is_set_in(run, each) for each in self.types)

    def fills_frame(self, run: Run) -> bool:
        """Whether a run is a line of running text from edge to edge of its column."""
        return self.is_body(run) and any(
            -2.0 <= run.x0 - frame.x0 <= INDENT * run.size and abs(frame.x1 - run.x1) <= FILLS * run.size
            for frame in self.frames
        )

    def in_frame(self, run: Run) -> bool:
        """Whether a run begins where lines of running text do, and ends in the same column."""
        return any(
            -2.0 <= run.x0 - frame.x0 <= INDENT * run.size and run.x1 <= frame.x1 + FILLS * run.size
            for frame in self.frames
        )


def _is_set_in(run: Run, kind: tuple[str, float]) -> bool:
    return run.font.name == kind[0] and abs(run.size - kind[1]) < SAME_SIZE * kind[1]


def _frames(runs: Sequence[Run]) -> list[Frame]:
    """The columns of running text set in one type: where its lines begin, and where most of them end."""
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: each.x0):
        if groups and run.x0 - groups[-1][0].x0 <= SAME_EDGE:
            groups[-1].append(run)
        else:
            groups.append([run])
    found: list[Frame] = []
    for group in groups:
        for x1, count in _ends(group):
            frame = Frame(group[0].x0, x1)
            indented = any(
                frame.x0 - other.x0 < INDENT * group[0].size and abs(x1 - other.x1) < 2 * SAME_EDGE for other in found
            )
            if count >= max(FRAME_LINES, FRAME_SHARE * len(group)) and not indented:
                found.append(frame)
    return found


def _ends(group: Sequence[Run]) -> list[tuple[float, int]]:
    """The right edges at which several runs end, with how many do."""
    found: list[list[float]] = []
    for end in sorted((run.x1 for run in group), reverse=True):
        if found and found[-1][0] - end <= FILLS * group[0].size:
            found[-1].append(end)
        else:
            found.append([end])
    return [(ends[0], len(ends)) for ends in found]


def find_captions(page: PageRuns, runs: Sequence[Run], leading: float) -> list[Caption]:
    """The captions of tables and figures on a page, from top to bottom."""
    text = page.page.text
    found = []
    for run in runs:
        if text[run.start] not in "TFBSCPEOA":
            continue
        match = _LABEL.match(text, run.start, run.end)
        if match is None or not _STARTS.match(text, match.end("number"), run.end):
            continue
        if _is_in_flow(page, run, runs, leading):
            continue
        table = match["kind"].lower().startswith("tab")
        rest = text[match.end("number") : run.end]
        found.append(Caption(run, table, match[0][: match.end("number") - match.start()], bool(_CONTINUED.match(rest))))
    return sorted(found, key=lambda caption: caption.run.middle)


def _is_in_flow(page: PageRuns, run: Run, runs: Sequence[Run], leading: float) -> bool:
    """Whether a run goes on with the line of text above or left of it."""
    for other in runs:
        if other is run or abs(other.size - run.size) > 0.15 * run.size:
            continue
        step = run.middle - other.middle
        if abs(step) < 0.3 * run.size and 0 < run.x0 - other.x1 < 2 * run.size:
            return True
        near = 0.5 * leading < step < ADJACENT * leading and abs(other.x0 - run.x0) <= INDENT * run.size
        if near and not TERMINAL.search(page.page.text[other.start : other.end].rstrip()):
            return True
    return False


def is_continued(page: PageRuns, runs: Sequence[Run]) -> bool:
    """Whether a caption says that its table began on a page before."""
    return any(CONTINUED.search(page.page.text, run.start, run.end) for run in runs)


def without_leaders(page: PageRuns, runs: Sequence[Run]) -> list[Run]:
    """Runs without rules that are printed as characters."""
    return [run for run in runs if not is_leader(page, run)]

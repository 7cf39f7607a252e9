"""What repeats from page to page: running heads, page numbers, stamps, line numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.patterns import lazy_regex
from extract.readers.drafts import CAPTION
from extract.readers.pdf_runs import PageRuns, Run

MARGIN = 0.13  # of the height of a page, at its top and bottom, in which running heads stand
SHIFT = 8.0  # points by which a head may move from page to page
MIN_LINE_NUMBERS = 8  # numbers below one another that count lines
FEW_LINE_NUMBERS = 3  # the same where the document is known to count its lines
COUNTED_PAGES = 0.6  # of the pages have columns of line numbers, and of these columns count on
_DIGITS = lazy_regex(r"\d+")
# An address, a journal's own citation or a licence on the last line of a page.
_IMPRINT = lazy_regex(
    r"https?:|www\.|\bdoi\b|(?:19|20)\d\d;\s?\d|©|\bISSN\b|\bDownloaded\b|\bCopyright\b", re.IGNORECASE
)
HEAD = 0.085  # of the height of a page: a line with the number of the page stands there
EDGE = 0.07  # of the height of a page: an imprint that does not repeat stands there
MAX_HEAD = 160  # characters of a running head
_END_NUMBER = lazy_regex(r"^\d{1,5}(?![\d.,%/-])|(?<![\d.,/-])\d{1,5}$")
_PAGE_NUMBER = lazy_regex(r"(?:page\s|p\.\s?)?\d{1,5}(?:\s?(?:of|/|\|)\s?\d{1,5})?|[ivxl]{1,6}", re.IGNORECASE)


def find_furniture(pages: Sequence[PageRuns]) -> list[list[Run]]:
    """The runs of each page that belong to no flow of text."""
    numbers = _line_numbers(pages)
    edges = [
        [*_edge_lines(page, set(map(id, taken)), top=True), *_edge_lines(page, set(map(id, taken)), top=False)]
        for page, taken in zip(pages, numbers, strict=True)
    ]
    counts: Counter[tuple[str, bool, int]] = Counter()
    steps: Counter[tuple[bool, int]] = Counter()
    for page, lines in zip(pages, edges, strict=True):
        counts.update({(key, top, place) for key, top, _, _, middle in lines for place in _places(middle)})
        heads = [(top, printed) for _, top, printed, _, middle in lines if middle < HEAD * page.height]
        steps.update({(top, step) for top, printed in heads for step in _steps(printed, page)})
    needed = 2 if len(pages) > 1 else len(pages) + 1
    found = []
    for page, lines, taken in zip(pages, edges, numbers, strict=True):
        runs = [*page.stamps, *taken]
        ended = {True: False, False: False}
        numbered = {True: False, False: False}  # a line farther out holds the number of the page
        for key, top, printed, line, middle in lines:
            repeated = max(counts[key, top, place] for place in _places(middle)) >= needed
            counted = middle < HEAD * page.height and any(steps[top, step] >= needed for step in _steps(printed, page))
            counted = counted and not numbered[top]
            alone = _PAGE_NUMBER.fullmatch(printed) or (
                middle < EDGE * page.height and _is_imprint(printed, line, page)
            )
            if not ended[top] and (repeated or counted or alone) and not CAPTION.match(printed):
                runs += line
                numbered[top] = numbered[top] or any(map(str.isdigit, printed))
            else:
                ended[top] = True  # what stands farther in belongs to the page
        found.append(runs)
    return found


def _is_imprint(printed: str, line: Sequence[Run], page: PageRuns) -> bool:
    """Whether a line at the edge is the publisher's, apart from the text: no last line of a column with an address."""
    if not _IMPRINT.search(printed):
        return False
    top, bottom, size = min(run.top for run in line), max(run.bottom for run in line), line[0].size
    taken = set(map(id, line))
    others = (run for run in page.runs if id(run) not in taken)
    near = sum(
        -0.5 * size < top - run.bottom < 0.6 * size or -0.5 * size < run.top - bottom < 0.6 * size for run in others
    )
    return near == 0 or line[0].size < 0.93 * max(run.size for run in page.runs)


def _steps(printed: str, page: PageRuns) -> Iterator[int]:
    """How far numbers at either end of a short line are ahead of the page's: the same on all pages for page numbers."""
    if len(printed) <= MAX_HEAD:
        for match in _END_NUMBER.finditer(printed):
            yield int(match[0]) - page.page.number


def _edge_lines(page: PageRuns, taken: set[int], *, top: bool) -> Iterator[tuple[str, bool, str, list[Run], float]]:
    """The lines at an edge of the page from the outside in: key, edge, text, runs and height on the page."""
    limit = MARGIN * page.height
    left = [run for run in page.runs if id(run) not in taken]
    inside = [run for run in left if (run.bottom < limit if top else run.top > page.height - limit)]
    lines: list[list[Run]] = []
    for run in sorted(inside, key=lambda each: each.middle if top else -each.middle):
        if lines and abs(lines[-1][0].middle - run.middle) < 0.5 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda each: each.x0)
        printed = " ".join(" ".join(page.page.text[run.start : run.end].split()) for run in line)
        yield (
            _DIGITS.sub("#", printed).lower(),
            top,
            printed,
            line,
            line[0].middle if top else page.height - line[0].middle,
        )


def _places(middle: float) -> tuple[int, int]:
    """The two overlapping bins of a height, so that lines less than `SHIFT` apart share one."""
    return int(middle // (2 * SHIFT)), -1 - int((middle + SHIFT) // (2 * SHIFT))


class _Count(NamedTuple):
    """Numbers below one another that count by a step."""

    first: int
    last: int
    step: int
    runs: list[Run]


def _line_numbers(pages: Sequence[PageRuns]) -> list[list[Run]]:
    """Numbers that count the lines of a manuscript, on each page: columns of numbers that count on from page to page.

    The numbers of the rows of a table do so, too, but not on most pages.
    """
    found = [_counts(page, MIN_LINE_NUMBERS) for page in pages]
    counting = [count for counts in found for count in counts]
    goes_on = sum(after.first in {before.last + after.step, 1} for before, after in pairwise(counting))
    enough = sum(map(bool, found)) >= COUNTED_PAGES * len(pages)
    if not counting or not enough or goes_on < COUNTED_PAGES * (len(counting) - 1):
        return [[] for _ in pages]
    return [[run for count in _counts(page, FEW_LINE_NUMBERS) for run in count.runs] for page in pages]


def _counts(page: PageRuns, least: int) -> list[_Count]:
    """The columns of numbers of a page that count by one step, from left to right."""
    text = page.page.text
    columns: dict[tuple[str, int], list[Run]] = {}
    for run in page.runs:
        if run.end - run.start <= 4 and text[run.start : run.end].isdecimal():
            for edge, place in (("right", run.x1), ("left", run.x0)):
                columns.setdefault((edge, round(place / 6)), []).append(run)
    found: list[_Count] = []
    used: set[int] = set()
    for column in sorted(columns.values(), key=len, reverse=True):  # of two readings of a column the longer
        column.sort(key=lambda run: run.top)
        values = [int(text[run.start : run.end]) for run in column]
        steps = Counter(after - before for before, after in pairwise(values))
        step, count = steps.most_common(1)[0] if steps else (0, 0)
        counts = len(column) >= least and step in {1, 5} and count >= 0.9 * (len(values) - 1)
        if counts and used.isdisjoint(map(id, column)):
            used.update(map(id, column))
            found.append(_Count(values[0], values[-1], step, column))
    return sorted(found, key=lambda each: each.runs[0].x0)

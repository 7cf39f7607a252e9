"""What repeats from page to page: running heads, page numbers, stamps, line numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.readers.drafts import CAPTION
from extract.readers.pdf_runs import PageRuns, Run

MARGIN = 0.13  # of the height of a page, at its top and bottom, in which running heads stand
SHIFT = 8.0  # points by which a head may move from page to page
MIN_LINE_NUMBERS = 8  # numbers below one another at the left edge that count lines
_DIGITS = re.compile(r"\d+")
# An address, a journal's own citation or a licence on the last line of a page.
_IMPRINT = re.compile(
    r"https?:|www\.|\bdoi\b|(?:19|20)\d\d;\s?\d|©|\bISSN\b|\bDownloaded\b|\bCopyright\b", re.IGNORECASE
)
HEAD = 0.085  # of the height of a page: a line with the number of the page stands there
EDGE = 0.07  # of the height of a page: an imprint that does not repeat stands there
MAX_HEAD = 160  # characters of a running head
_END_NUMBER = re.compile(r"^\d{1,5}(?![\d.,%/-])|(?<![\d.,/-])\d{1,5}$")
_PAGE_NUMBER = re.compile(r"(?:page\s|p\.\s?)?\d{1,5}(?:\s?(?:of|/|\|)\s?\d{1,5})?|[ivxl]{1,6}", re.IGNORECASE)


def find_furniture(pages: Sequence[PageRuns]) -> list[list[Run]]:
    """The runs of each page that belong to no flow of text."""
    edges = [[*_edge_lines(page, top=True), *_edge_lines(page, top=False)] for page in pages]
    counts: Counter[tuple[str, bool, int]] = Counter()
    steps: Counter[tuple[bool, int]] = Counter()
    for page, lines in zip(pages, edges, strict=True):
        counts.update({(key, top, place) for key, top, _, _, middle in lines for place in _places(middle)})
        steps.update(
            {
                (top, step)
                for _, top, printed, _, middle in lines
                if middle < HEAD * page.height
                for step in _steps(printed, page)
            }
        )
    needed = 2 if len(pages) > 1 else len(pages) + 1
    found = []
    for page, lines in zip(pages, edges, strict=True):
        runs = list(page.stamps)
        ended = {True: False, False: False}
        for key, top, printed, line, middle in lines:
            repeated = max(counts[key, top, place] for place in _places(middle)) >= needed
            counted = middle < HEAD * page.height and any(steps[top, step] >= needed for step in _steps(printed, page))
            alone = _PAGE_NUMBER.fullmatch(printed) or (middle < EDGE * page.height and _IMPRINT.search(printed))
            if not ended[top] and (repeated or counted or alone) and not CAPTION.match(printed):
                runs += line
            else:
                ended[top] = True  # what stands farther in belongs to the page
        taken = set(map(id, runs))
        runs += _line_numbers(page, [run for run in page.runs if id(run) not in taken])
        found.append(runs)
    return found


def _steps(printed: str, page: PageRuns) -> Iterator[int]:
    """How far numbers at either end of a short line are ahead of the page's: the same on all pages for page numbers."""
    if len(printed) <= MAX_HEAD:
        for match in _END_NUMBER.finditer(printed):
            yield int(match[0]) - page.page.number


def _edge_lines(page: PageRuns, *, top: bool) -> Iterator[tuple[str, bool, str, list[Run], float]]:
    """The lines at an edge of the page from the outside in: key, edge, text, runs and height on the page."""
    limit = MARGIN * page.height
    inside = [run for run in page.runs if (run.bottom < limit if top else run.top > page.height - limit)]
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


def _line_numbers(page: PageRuns, runs: Sequence[Run]) -> list[Run]:
    """Numbers that count the lines of a manuscript: the leftmost runs, one step apart from top to bottom."""
    text = page.page.text
    numbers = [run for run in runs if run.end - run.start <= 4 and text[run.start : run.end].isdigit()]
    columns: dict[tuple[str, int], list[Run]] = {}
    for run in numbers:
        for edge, place in (("right", run.x1), ("left", run.x0)):
            columns.setdefault((edge, round(place / 6)), []).append(run)
    for column in columns.values():
        if len(column) < MIN_LINE_NUMBERS:
            continue
        column.sort(key=lambda run: run.top)
        values = [int(text[run.start : run.end]) for run in column]
        steps = Counter(after - before for before, after in pairwise(values))
        step, count = steps.most_common(1)[0]
        others = [run.x0 for run in runs if run not in column]
        left = max(run.x1 for run in column) <= min(others, default=page.width) + 2
        if step in {1, 5} and count >= 0.9 * (len(values) - 1) and left:
            return column
    return []

"""The text of a review as HTML: its blocks in their order, with mentions and words in doubt marked.

Every element with `data-at` holds exactly the characters of the document's text from there on (in UTF-16 units), so a
script finds a span by its offsets, and the offsets of what a person selects.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from extract.sinks.annotations import TextBlock, TextCell
from extract.sinks.html.offsets import Utf16
from extract.sinks.html.views import ReviewView

HEADINGS = range(3, 7)  # levels of headings under the page's own
_ELEMENTS = {"title": "h2", "heading": "h3", "reference": "p"}


@dataclass(frozen=True, slots=True)
class Span:
    """What is marked: a mention, with its label, or words of a finding, with its severity."""

    start: int
    end: int
    mark: str
    kind: str
    is_finding: bool = False


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of the page: its kind, its HTML and the findings in it."""

    kind: str
    html: Markup
    findings: tuple[str, ...]


class MarkedText:
    """The text of a review with its mentions and findings."""

    def __init__(self, view: ReviewView) -> None:
        self._text = view.text
        self._utf16 = Utf16(view.text)
        self._blocks = view.blocks
        self._spans = sorted(_spans(view), key=lambda span: (span.start, -span.end))
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def blocks(self) -> Iterator[ShownBlock]:
        """The blocks in their order."""
        for block in self._blocks:
            found = self._within(block.start, block.end)
            yield ShownBlock(
                block.kind,
                self._table(block) if block.cells else self._element(block),
                tuple(dict.fromkeys(span.mark for span in found if span.is_finding)),
            )

    def _element(self, block: TextBlock) -> Markup:
        name = _ELEMENTS.get(block.kind, "p")
        if block.kind == "heading" and block.level is not None:
            name = f"h{min(max(block.level + 2, HEADINGS.start), HEADINGS.stop - 1)}"
        return self._leaf(name, block.start, block.end)

    def _table(self, block: TextBlock) -> Markup:
        """A table whose cells stand in their rows and columns; empty places get an empty cell."""
        grid: dict[int, dict[int, TextCell]] = defaultdict(dict)
        for cell in block.cells:
            grid[cell.row][cell.column] = cell
        width = 1 + max(cell.column for cell in block.cells)
        rows = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(self._cell(cells.get(column), is_stub=column == 0) for column in range(width))
            )
            for _, cells in sorted(grid.items())
        )
        return Markup(
            '<div class="wide" tabindex="0" role="region" aria-label="table of the review"><table>{}</table></div>'
        ).format(rows)

    def _cell(self, cell: TextCell | None, *, is_stub: bool) -> Markup:
        if cell is None or cell.start == cell.end:
            return Markup("<td></td>")
        return self._leaf("th" if cell.is_header else "td", cell.start, cell.end, ' class="stub"' if is_stub else "")

    def _leaf(self, name: str, start: int, end: int, extra: str = "") -> Markup:
        """An element that holds `text[start:end]` and nothing else."""
        opening = Markup('<{}{} data-at="{}">').format(name, Markup(extra), self._utf16.units(start))
        return opening + self._marked(start, end) + Markup("</{}>").format(name)

    def _marked(self, start: int, end: int) -> Markup:
        """`text[start:end]`, cut where a mark begins or ends; of several marks the shortest gives the colour."""
        spans = self._within(start, end)
        if not spans:
            return escape(self._text[start:end])
        cuts = {start, end}
        for span in spans:
            cuts |= {max(span.start, start), min(span.end, end)}
        pieces = []
        for left, right in pairwise(sorted(cuts)):
            over = [span for span in spans if span.start < right and span.end > left]
            pieces.append(_mark(self._text[left:right], over) if over else escape(self._text[left:right]))
        return Markup("").join(pieces)

    def _within(self, start: int, end: int) -> list[Span]:
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_right(self._starts, end - 1)
        return [span for span in self._spans[first:last] if span.end > start]


def _mark(text: str, spans: Sequence[Span]) -> Markup:
    mentions = sorted((span for span in spans if not span.is_finding), key=lambda span: span.end - span.start)
    findings = [span for span in spans if span.is_finding]
    classes = [mentions[0].kind] if mentions else ["plain"]
    classes += [f"doubt {each.kind}" for each in findings[:1]]
    hooks = Markup(' data-m="{}"').format(" ".join(each.mark for each in mentions)) if mentions else Markup("")
    if findings:
        hooks += Markup(' data-f="{}"').format(" ".join(dict.fromkeys(each.mark for each in findings)))
    return Markup('<mark class="{}"{}>{}</mark>').format(" ".join(classes), hooks, text)


def _spans(view: ReviewView) -> Iterator[Span]:
    for row in view.tables["mentions"]:
        yield Span(row["start"], row["end"], row["mention_id"], row["label"])
    severities = {row["record_id"]: row["severity"] for row in view.tables["findings"]}
    for row in view.tables["evidence"]:
        if row["record_id"] in severities:
            yield Span(row["start"], row["end"], row["record_id"], severities[row["record_id"]], is_finding=True)

"""The immutable document: normalised text, its blocks and tables, and the map back to the file.

All offsets named `start`/`end` are half-open code-point offsets into `Document.text`; those named `source_*` are
half-open code-point offsets into `Document.source`: the decoded file as stored or, of a PDF or XML file, the characters
that its reader took from it, in reading order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CharSpan(NamedTuple):
    """Half-open code-point offsets."""

    start: int
    end: int


class BlockKind(StrEnum):
    """What a block is; `ZONES` are the kinds that carry mentions."""

    TITLE = "title"
    AUTHORS = "authors"
    FRONT_MATTER = "front_matter"  # affiliations, editors, dates, citation block, keywords
    ABSTRACT = "abstract"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    CAPTION = "caption"
    LEGEND = "legend"  # abbreviation lists under tables and figures
    FOOTNOTE = "footnote"
    REFERENCE = "reference"
    BACK_MATTER = "back_matter"  # contributions, funding, acknowledgements, conflicts, publisher's notes
    FIGURE = "figure"  # words inside a drawing
    FURNITURE = "furniture"  # running heads, page numbers, download stamps


ZONES = frozenset(
    {BlockKind.ABSTRACT, BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.CAPTION, BlockKind.FOOTNOTE}
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text and the run of the file it stands for.

    Where both have the same length, character i stands for character i; otherwise the whole text run stands for the
    whole source run (`µ` for `\\mu`). Segments of one `piece` come from one unbroken run of the file: what is left out
    between them is markup.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    piece: int = 0


class SourceMap:
    """Leads from offsets in the text to offsets in the file."""

    __slots__ = ("_starts", "segments")

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self.segments = segments
        self._starts = [segment.start for segment in segments]

    def spans(self, start: int, end: int) -> tuple[CharSpan, ...]:
        """Source spans of `text[start:end]`, one for each piece of the file: several where the text crosses a float."""
        if start >= end:
            return ()
        found: list[CharSpan] = []
        piece = None
        index = max(bisect_right(self._starts, start) - 1, 0)
        for position in range(index, len(self.segments)):
            segment = self.segments[position]
            if segment.start >= end:
                break
            if segment.end <= start:
                continue
            first, last = segment.source_start, segment.source_end
            if segment.end - segment.start == last - first:
                first += max(start - segment.start, 0)
                last -= max(segment.end - end, 0)
            if first == last:
                continue
            if found and segment.piece == piece:
                found[-1] = CharSpan(found[-1].start, last)
            else:
                found.append(CharSpan(first, last))
            piece = segment.piece
        return tuple(found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceMap) and self.segments == other.segments

    def __hash__(self) -> int:
        return hash(self.segments)


class BBox(NamedTuple):
    """A box on a page in PDF points; the origin is the top left corner of the page as it is shown."""

    x0: float
    top: float
    x1: float
    bottom: float


class PageBox(NamedTuple):
    """A box and the page that it is on, counted from 1."""

    page_number: int
    box: BBox


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is shown: its number, counted from 1, and its size in PDF points."""

    number: int
    width: float
    height: float


class Geometry:
    """Where each character of `Document.source` stands on the pages of a PDF.

    `boxes` is an array of shape (characters, 4): x0, top, x1, bottom in points; `page_numbers` of shape (characters,)
    counts from 1, 0 for what stands on no page (separators that the reader added).
    """

    __slots__ = ("boxes", "page_numbers")

    def __init__(self, boxes: NDArray[np.float32], page_numbers: NDArray[np.uint16]) -> None:
        self.boxes = boxes
        self.page_numbers = page_numbers

    def page_at(self, start: int, end: int) -> int | None:
        """The page of the first character of `source[start:end]` that stands on one."""
        return next((page for page in self.page_numbers[start:end].tolist() if page), None)

    def boxes_of(self, start: int, end: int) -> tuple[PageBox, ...]:
        """The boxes of `source[start:end]`, one for each printed line."""
        found: list[PageBox] = []
        last: BBox | None = None  # the character before
        for page, edges in zip(self.page_numbers[start:end].tolist(), self.boxes[start:end].tolist(), strict=True):
            here = BBox(*edges)
            if not page or here.x1 <= here.x0:
                continue
            if found and last is not None and found[-1].page_number == page and _same_line(last, here):
                box = found[-1].box
                wider = (
                    min(box.x0, here.x0),
                    min(box.top, here.top),
                    max(box.x1, here.x1),
                    max(box.bottom, here.bottom),
                )
                found[-1] = PageBox(page, BBox(*wider))
            else:
                found.append(PageBox(page, here))
            last = here
        return tuple(PageBox(page, BBox(*(round(each, 2) for each in box))) for page, box in found)


def _same_line(last: BBox, here: BBox) -> bool:
    """Whether a character stands in the line of the one before it: beside it or, in turned words, above or below."""
    height = min(last.bottom - last.top, here.bottom - here.top)
    width = min(last.x1 - last.x0, here.x1 - here.x0)
    if min(last.bottom, here.bottom) - max(last.top, here.top) > 0.3 * height:
        return here.x1 > last.x0  # else it begins another line of the same height
    beside = min(last.x1, here.x1) - max(last.x0, here.x0) > 0.7 * width
    return beside and max(here.top - last.bottom, last.top - here.bottom) < 0.6 * width


class ElementMap:
    """The element of an XML or HTML file that each character of `Document.source` comes from."""

    __slots__ = ("_paths", "_starts")

    def __init__(self, elements: Sequence[tuple[int, str]]) -> None:
        """`elements`: where the text of an element begins in the source, and its path, in order."""
        self._starts = [start for start, _ in elements]
        self._paths = [path for _, path in elements]

    def at(self, offset: int) -> str | None:
        """The path of the element (`/article/body/sec[2]/p[1]`) that a character of the source stands in."""
        index = bisect_right(self._starts, offset) - 1
        return self._paths[index] if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; rows and columns count from 0, `text[span]` is its content without outer space."""

    row: int
    column: int
    span: CharSpan
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table in reading order; `header_rows` rows on top are headers, column 0 is the stub."""

    cells: tuple[Cell, ...]
    n_rows: int
    n_columns: int
    header_rows: int = 1
    caption: CharSpan | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the document with its kind and the headings it stands under."""

    kind: BlockKind
    span: CharSpan
    section: tuple[str, ...] = ()
    level: int | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list, as printed; `text[span]` is the entry.

    `number` is printed or, in a list without numbers, counted by place. `first_author` is a family name or a group's
    name. `note` says what is doubtful: a DOI that looks garbled is flagged, not mended.
    """

    number: int
    first_author: str | None
    title: str | None
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    note: str | None
    span: CharSpan


@dataclass(frozen=True, slots=True)
class Document:
    """A review, read once.

    `text` is normalised (markup residue, ligatures, dashes, spaces, line breaks); `source` is the decoded file, so that
    evidence can be checked against it.
    """

    document_id: str
    text: str
    source: str
    source_map: SourceMap
    blocks: tuple[Block, ...]
    path: str | None = None
    sha256: str | None = None
    title: str | None = None
    doi: str | None = None
    hard_wrapped: bool = False
    references: tuple[Reference, ...] = ()
    warnings: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    geometry: Geometry | None = None
    elements: ElementMap | None = None

    @property
    def has_source_offsets(self) -> bool:
        """Whether `source` is the file as stored, so that offsets into it mean something outside."""
        return self.geometry is None and self.elements is None

    def boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """Where `text[start:end]` stands on the pages, a box for each printed line; none without pages."""
        if self.geometry is None:
            return ()
        spans = self.source_map.spans(start, end)
        return tuple(box for span in spans for box in self.geometry.boxes_of(*span))

    def page_number(self, start: int, end: int) -> int | None:
        """The page on which `text[start:end]` begins, None without pages."""
        if self.geometry is None:
            return None
        spans = self.source_map.spans(start, end)
        return next((page for span in spans if (page := self.geometry.page_at(*span))), None)

    def element(self, start: int, end: int) -> str | None:
        """The path of the XML element in which `text[start:end]` begins, None where there are none."""
        if self.elements is None:
            return None
        spans = self.source_map.spans(start, end)
        return self.elements.at(spans[0].start) if spans else None

    def block_at(self, offset: int) -> Block | None:
        """The block that holds a character of the text, None between blocks."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.span.start) - 1
        if index >= 0 and offset < self.blocks[index].span.end:
            return self.blocks[index]
        return None

    def source_spans(self, start: int, end: int) -> tuple[CharSpan, ...]:
        """Source spans of `text[start:end]`, widened to close markup that opens inside (`$`, `{`, tags)."""
        spans = self.source_map.spans(start, end)
        return tuple(CharSpan(first, _close_markup(self.source, first, last)) for first, last in spans)


class Lines:
    """Line numbers of a file by offsets into it, counted from 1."""

    __slots__ = ("_breaks",)

    def __init__(self, source: str) -> None:
        self._breaks = [offset for offset, character in enumerate(source) if character == "\n"]

    def at(self, source_offset: int) -> int:
        """The line that holds an offset."""
        return bisect_left(self._breaks, source_offset) + 1


def _close_markup(source: str, start: int, end: int) -> int:
    """The end of `source[start:end]` after the closers of the markup that it opens."""
    while source[end : end + 1] in ("}", "$"):
        piece = source[start:end]
        opened = piece.count("{") > piece.count("}") if source[end] == "}" else piece.count("$") % 2 == 1
        if not opened:
            break
        end += 1
    return end

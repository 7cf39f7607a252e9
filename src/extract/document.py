"""The immutable document: normalised text, its blocks and tables, and the map back to the file.

All offsets named `start`/`end` are half-open code-point offsets into `Document.text`; those named `source_*` are
half-open code-point offsets into the decoded file as stored.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


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
    while end < len(source):
        piece = source[start:end]
        if (source[end] == "}" and piece.count("{") > piece.count("}")) or (
            source[end] == "$" and piece.count("$") % 2 == 1
        ):
            end += 1
        else:
            break
    return end

"""Coverage: every number in the zones that no record took, with what it is or why it was left.

A number is a run of digits with its decimal and thousands signs; a number word or quantifier ("nine", "none", "all")
is one where a count is marked. Digits set as superscripts are citations, footnote marks or exponents and are left out.
A number is covered where it lies inside the evidence of a row of `outcomes`, `dosing`, `trials` or `studies`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.components import Places
from extract.components.grammar import NUMBER, NUMBER_WORD
from extract.components.sentences import split
from extract.coverage.reasons import Place, Reason, find_reason
from extract.document import ZONES, Block, BlockKind, Cell, CharSpan, Document, Lines
from extract.patterns import lazy_regex
from extract.records import Label, Mention

if TYPE_CHECKING:
    from extract.assembly import Extraction

__all__ = ["Reason", "Uncovered", "find_numbers", "find_uncovered"]

CONTEXT = 40  # characters shown on either side of a number
MAX_HEAD = 120  # characters of a header or a row label that are looked at
HEAD_ROWS = 3  # header rows above a cell that are looked at
_NUMBER = lazy_regex(rf"(?<![\w.])\.\d+|(?!\.){NUMBER}(?!\d)")
_WORD = lazy_regex(rf"\b(?:{NUMBER_WORD}|none|no|neither|both|all|every|each)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A number that no record took; offsets as in `mentions`, `line` counts the lines of the file from 1."""

    document_id: str
    number: str
    reason: Reason
    line: int | None
    start: int
    end: int
    source_start: int | None
    source_end: int | None
    section: str | None
    block_kind: str
    context: str
    page_number: int | None = None


def find_numbers(extraction: Extraction) -> list[CharSpan]:
    """Every number in the zones, in text order."""
    document = extraction.document
    words = [mention for mention in extraction.mentions if mention.label is Label.COUNT]
    spans = {
        CharSpan(*match.span()) for block in _zones(document) for match in _NUMBER.finditer(document.text, *block.span)
    }
    spans |= {
        CharSpan(*match.span())
        for mention in words
        for match in _WORD.finditer(document.text, mention.start, mention.end)
    }
    return sorted(spans)


def find_uncovered(extraction: Extraction) -> list[Uncovered]:
    """The numbers of a document that no record took, in text order.

    The reasons are read from the marks of the helpers: extract with `helpers=True`.
    """
    document = extraction.document
    covered = Places(merge(CharSpan(row.start, row.end) for row in extraction.evidence))
    left = [number for number in find_numbers(extraction) if not _holds(covered.at(number.start), number)]
    lines = Lines(document.source)
    found = []
    for place in _places(extraction, left):
        start, end = place.number
        source = document.source_spans(start, end) if document.has_source_offsets else ()
        found.append(
            Uncovered(
                document_id=document.document_id,
                number=document.text[start:end],
                reason=find_reason(place),
                line=lines.at(source[0].start) if source else None,
                start=start,
                end=end,
                source_start=source[0].start if source else None,
                source_end=source[-1].end if source else None,
                section=" > ".join(place.block.section) or None,
                block_kind=place.block.kind.value,
                context=_context(document.text, place),
                page_number=document.page_number(start, end),
            )
        )
    return found


def merge(spans: Iterable[CharSpan]) -> list[CharSpan]:
    """Sorted spans, those that overlap made one."""
    merged: list[CharSpan] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = CharSpan(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _holds(outer: CharSpan | None, inner: CharSpan) -> bool:
    return outer is not None and inner.end <= outer.end


def _zones(document: Document) -> Iterator[Block]:
    return (block for block in document.blocks if block.kind in ZONES)


def _places(extraction: Extraction, numbers: list[CharSpan]) -> Iterator[Place]:
    """Each number with its sentence or cell, the marks that hold it and what a table says of it."""
    document = extraction.document
    outcomes = sorted(mention.start for mention in extraction.mentions if mention.label is Label.ENDPOINT)
    starts = [number.start for number in numbers]
    marks = _marks(extraction.mentions, numbers)
    for before, block in pairwise((None, *document.blocks)):
        if block is None or block.kind not in ZONES:
            continue
        chosen = range(bisect_left(starts, block.span.start), bisect_left(starts, block.span.end))
        if not chosen:
            continue
        title = " ".join(block.section[-1:])
        if block.table and before is not None and before.kind is BlockKind.CAPTION:
            title += " | " + document.text[slice(*before.span)][:MAX_HEAD]
        pieces = _Cells(document.text, block, outcomes) if block.table else _Sentences(document.text, block, outcomes)
        for index in chosen:
            span, heads, headed, outcome = pieces.at(numbers[index].start)
            yield Place(document.text, numbers[index], span, block, marks[index], title, heads, headed, outcome)


def _marks(mentions: Iterable[Mention], numbers: list[CharSpan]) -> list[dict[Label, Mention]]:
    """For each number the mentions that hold or touch it, by label."""
    ordered = sorted(mentions, key=lambda mention: mention.start)
    found: list[dict[Label, Mention]] = []
    active: list[Mention] = []
    position = 0
    for number in numbers:
        while position < len(ordered) and ordered[position].start < number.end:
            active.append(ordered[position])
            position += 1
        active = [mention for mention in active if mention.end > number.start]
        found.append({mention.label: mention for mention in active})
    return found


class _Sentences:
    """The sentences of a block and whether an outcome is named in them."""

    def __init__(self, text: str, block: Block, outcomes: list[int]) -> None:
        self._block = block.span
        self._places = Places(split(text, *block.span))
        self._outcomes = outcomes

    def at(self, offset: int) -> tuple[CharSpan, str, bool, bool]:
        """The sentence at an offset, no header, and whether the sentence names an outcome."""
        span = self._places.at(offset) or self._block
        return span, "", False, _any_inside(self._outcomes, span)


class _Cells:
    """The cells of a table, the header and row label of each, and whether these or the row name an outcome."""

    def __init__(self, text: str, block: Block, outcomes: list[int]) -> None:
        table = block.table
        cells = sorted((cell for cell in table.cells if cell.span.end > cell.span.start), key=_begin) if table else []
        self._text, self._block, self._outcomes = text, block.span, outcomes
        self._places = Places([cell.span for cell in cells])
        self._by_span = {cell.span: cell for cell in cells}
        self._heads: dict[int, list[CharSpan]] = {}
        self._labels: dict[int, CharSpan] = {}
        self._named_rows: set[int] = set()
        for cell in cells:
            if table is not None and cell.row < table.header_rows:
                self._heads.setdefault(cell.column, []).append(cell.span)
                continue
            if cell.column == 0:
                self._labels[cell.row] = cell.span
            if _any_inside(outcomes, cell.span):
                self._named_rows.add(cell.row)

    def at(self, offset: int) -> tuple[CharSpan, str, bool, bool]:
        """The cell at an offset, its header and row label, and whether these and whether these or its row name one."""
        span = self._places.at(offset)
        if span is None:
            return self._block, "", False, False
        cell = self._by_span[span]
        about = [each for each in self._heads.get(cell.column, [])[-HEAD_ROWS:] if each != span]
        if cell.column and cell.row in self._labels:
            about.append(self._labels[cell.row])
        heads = " | ".join(self._text[each.start : min(each.end, each.start + MAX_HEAD)] for each in about)
        headed = any(_any_inside(self._outcomes, each) for each in about)
        return span, heads, headed, headed or cell.row in self._named_rows


def _begin(cell: Cell) -> int:
    return cell.span.start


def _any_inside(starts: list[int], span: CharSpan) -> bool:
    index = bisect_left(starts, span.start)
    return index < len(starts) and starts[index] < span.end


def _context(text: str, place: Place) -> str:
    """The number between » and « with the words of its block around it, on one line."""
    (start, end), block = place.number, place.block.span
    before = text[max(start - CONTEXT, block.start) : start]
    after = text[end : min(end + CONTEXT, block.end)]
    return "".join(" " if character in "\r\n\t" else character for character in f"{before}»{text[start:end]}«{after}")

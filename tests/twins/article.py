"""A review's text file to a neutral article: what a typesetter or an XML writer needs, with the words it stands for.

The structure is that of `extract.readers.read`. Paragraphs that a table interrupts are put together here once more, and
short notes under a table go to it, so that an error of the text reader in these is not set in print.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from extract import read
from extract.document import Block, BlockKind, Document, Reference, Segment

MAX_NOTE = 160  # characters: a longer paragraph after a table is the text's, not the table's
_TERMINAL = re.compile(r"[.?!:]['\")\]]*[⁰¹²³⁴-⁹,⁻]*$")
_TAG = re.compile(r"<(sup|sub)>(.*)</\1>|\^\{(.*)\}", re.DOTALL)
_TOGGLE = re.compile(r"\*\*|\*|</?(?:i|b|em|strong)>")
_NUMBER = re.compile(r"(?:(?P<number>\[?\d{1,3}[.\]]?)|[-•])\s+(?=\S)")
_REFERENCE_HEADING = re.compile(r"(?i)references?$")


class Run(NamedTuple):
    """Characters as the file has them, in one style; `script` is "sup", "sub" or empty."""

    text: str
    script: str = ""
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Printed runs and the normalised text that a reader should make of them."""

    runs: tuple[Run, ...]
    text: str

    def __add__(self, other: Passage) -> Passage:
        return Passage((*self.runs, Run(" "), *other.runs), f"{self.text} {other.text}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; 1 is the highest level of the body."""

    level: int
    words: Passage


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body or of the back matter."""

    words: Passage


@dataclass(slots=True)
class Float:
    """A table or, without rows, a figure."""

    caption: Passage | None
    rows: list[list[Passage]] = field(default_factory=list)
    header_rows: int = 0
    notes: list[Passage] = field(default_factory=list)


Element = Heading | Paragraph | Float


class Entry(NamedTuple):
    """An entry of the reference list: printed without its number, and taken apart; `number` is None in a bare list."""

    number: str | None
    words: Passage
    parts: Reference


@dataclass(slots=True)
class Article:
    """A review in the order printed; `front` holds affiliations, correspondence and dates."""

    document_id: str
    title: Passage
    byline: Passage
    front: list[Passage] = field(default_factory=list)
    abstract_heading: Passage | None = None
    abstract: list[Passage] = field(default_factory=list)
    keywords: list[Passage] = field(default_factory=list)
    body: list[Element] = field(default_factory=list)
    back: list[Element] = field(default_factory=list)
    references_heading: Passage | None = None
    references: list[Entry] = field(default_factory=list)


class _Item(NamedTuple):
    """A piece of a block in the order of the file."""

    kind: BlockKind
    words: Passage
    block: Block


def read_article(path: Path) -> Article:
    """The article of a Markdown or text file."""
    return article_of(read(path))


def article_of(document: Document) -> Article:
    """The article of a document that was read from text."""
    items = _items(document)
    first = next(index for index, item in enumerate(items) if item.kind is BlockKind.ABSTRACT)
    lines = [item for item in items[:first] if item.kind is not BlockKind.HEADING]
    title = next(item.words for item in lines if item.kind is BlockKind.TITLE)
    others = [item.words for item in lines if item.kind is not BlockKind.TITLE]
    entries = [_entry(document, reference) for reference in document.references]
    article = Article(document.document_id, title, others[0], others[1:], references=entries)
    if items[first - 1].kind is BlockKind.HEADING:
        article.abstract_heading = items[first - 1].words
    _fill(article, document, items[first:])
    return article


def _fill(article: Article, document: Document, items: Sequence[_Item]) -> None:
    """The parts after the title block."""
    flow: list[_Item] = []
    for item in items:
        if item.kind is BlockKind.ABSTRACT:
            article.abstract.append(item.words)
        elif item.kind is BlockKind.FRONT_MATTER and not flow:
            article.keywords.append(item.words)
        elif item.kind not in {BlockKind.BACK_MATTER, BlockKind.REFERENCE}:
            flow.append(item)
        elif item.kind is BlockKind.REFERENCE:
            continue
        elif item.block.level is None:
            article.back.append(Paragraph(item.words))
        elif _REFERENCE_HEADING.match(item.words.text):
            article.references_heading = item.words
        else:
            article.back.append(Heading(1, item.words))
    article.body = _body(document, flow)


def _body(document: Document, items: Sequence[_Item]) -> list[Element]:
    levels = sorted({item.block.level for item in items if item.kind is BlockKind.HEADING and item.block.level})
    body: list[Element] = []
    open_at: int | None = None  # the paragraph whose sentence has not ended
    for item in items:
        if item.kind is BlockKind.HEADING:
            body.append(Heading(levels.index(item.block.level or levels[0]) + 1, item.words))
            open_at = None
        elif item.kind is BlockKind.CAPTION:
            body.append(Float(item.words))
        elif item.kind is BlockKind.TABLE:
            if not (body and isinstance(body[-1], Float) and not body[-1].rows):
                body.append(Float(None))
            _set_rows(document, body[-1], item.block)
        elif isinstance(body[-1], Float) and _is_note(item, body[-1], flow_open=open_at is not None):
            body[-1].notes.append(item.words)
        elif open_at is not None and isinstance(cut := body[open_at], Paragraph):
            body[open_at] = Paragraph(cut.words + item.words)
            open_at = None if _ends(item.words) else open_at
        else:
            body.append(Paragraph(item.words))
            open_at = None if _ends(item.words) else len(body) - 1
    return body


def _is_note(item: _Item, float_: Float, *, flow_open: bool) -> bool:
    if item.kind in {BlockKind.LEGEND, BlockKind.FOOTNOTE}:
        return True
    return bool(float_.rows) and not item.words.text[0].islower() and (flow_open or len(item.words.text) <= MAX_NOTE)


def _ends(words: Passage) -> bool:
    return bool(_TERMINAL.search(words.text))


def _set_rows(document: Document, float_: Element, block: Block) -> None:
    assert isinstance(float_, Float)
    assert block.table is not None
    float_.header_rows = block.table.header_rows
    cells = groupby(block.table.cells, key=lambda cell: cell.row)
    float_.rows = [[_passage(document, *cell.span) for cell in row] for _, row in cells]
    for row in float_.rows:
        row.extend([Passage((), "")] * (block.table.n_columns - len(row)))
    if float_.header_rows == 1 and len(float_.rows) > 2 and spanners(float_.rows[0]):
        float_.header_rows = 2


def spanners(row: Sequence[Passage]) -> list[tuple[int, int]]:
    """First column and width of the header cells that stand over several columns: empty cells follow them."""
    filled = [index for index, cell in enumerate(row) if cell.text]
    widths = [end - start for start, end in zip(filled, [*filled[1:], len(row)], strict=True)]
    return [(start, width) for start, width in zip(filled, widths, strict=True) if width > 1 and start > 0]


def _entry(document: Document, reference: Reference) -> Entry:
    """Bullets in place of numbers are what a converter has made of them."""
    pieces = groupby(_segments(document, *reference.span), key=lambda segment: segment.piece)
    runs: list[Run] = []
    for _, piece in pieces:
        part = _runs(document, piece)
        found = _NUMBER.match(part[0].text)
        if not runs:
            match = found
        elif found is not None and found["number"]:
            found = None
        cut = found.end() if found is not None else 0
        runs += [Run(" "), part[0]._replace(text=part[0].text[cut:]), *part[1:]]
    del runs[0]
    number = None if match is None else match["number"] or f"{reference.number}."
    return Entry(number, Passage(_merged(runs), document.text[slice(*reference.span)]), reference)


def _items(document: Document) -> list[_Item]:
    """The pieces of all blocks in the order of the file, tables whole."""
    found: list[tuple[int, _Item]] = []
    for block in document.blocks:
        segments = _segments(document, *block.span)
        if block.kind is BlockKind.TABLE:
            found.append((segments[0].source_start, _Item(block.kind, Passage((), ""), block)))
            continue
        for _, piece in groupby(segments, key=lambda segment: segment.piece):
            run = list(piece)
            words = Passage(_runs(document, run), document.text[run[0].start : run[-1].end])
            found.append((run[0].source_start, _Item(block.kind, words, block)))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _segments(document: Document, start: int, end: int) -> list[Segment]:
    segments = document.source_map.segments
    first = bisect_left(segments, start, key=lambda segment: segment.start)
    last = bisect_left(segments, end, key=lambda segment: segment.start)
    return list(segments[first:last])


def _passage(document: Document, start: int, end: int) -> Passage:
    return Passage(_runs(document, _segments(document, start, end)), document.text[start:end])


def _runs(document: Document, segments: Iterable[Segment]) -> tuple[Run, ...]:
    """The file's own characters (dashes, decimal points) where one stands for one, else what they stand for."""
    source = document.source
    runs: list[Run] = []
    bold = italic = False
    last: int | None = None
    for segment in segments:
        printed = source[segment.source_start : segment.source_end]
        gap = source[segment.source_start - 3 if last is None else last : segment.source_start]
        for sign in _TOGGLE.findall(gap if last is not None else re.sub(r".*[^*]", "", gap, flags=re.DOTALL)):
            if sign in {"**", "<b>", "</b>", "<strong>", "</strong>"}:
                bold = not bold
            else:
                italic = not italic
        last = segment.source_end
        if tag := _TAG.fullmatch(printed):
            inner = tag[2] if tag[1] else tag[3]
            runs.append(Run(inner.replace("\\", ""), tag[1] or "sup", bold, italic))
        elif printed.startswith("^"):
            runs.append(Run(printed[1:], "sup", bold, italic))
        else:
            alike = segment.end - segment.start == len(printed) and "\n" not in printed
            runs.append(Run(printed if alike else document.text[segment.start : segment.end], "", bold, italic))
    return _merged(runs)


def _merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    groups = groupby(runs, key=lambda run: run[1:])
    return tuple(Run("".join(run.text for run in group), *style) for style, group in groups)

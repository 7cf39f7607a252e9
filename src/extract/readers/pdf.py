"""PDF files of articles: pages to runs, runs to columns, columns to blocks, blocks to one text with pages and boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import pypdfium2
from pypdfium2 import PdfiumError

from extract.collector import collector_paused
from extract.document import BBox, BlockKind, CharSpan, Document, Geometry, Page
from extract.errors import ReadError
from extract.patterns import lazy_regex
from extract.readers.building import build_document, split_legends
from extract.readers.drafts import FOOTNOTE, Draft, join_flows
from extract.readers.layout import Column, Piece, read_columns
from extract.readers.normalise import flatten
from extract.readers.pdf_figures import Figure, find_figures
from extract.readers.pdf_furniture import find_furniture
from extract.readers.pdf_hidden import find_hidden
from extract.readers.pdf_joins import PrintedRow, join_entries, join_tables, printed_rows
from extract.readers.pdf_lines import Line, TextBlock, advances, body_type, find_blocks, make_line, set_levels
from extract.readers.pdf_page import read_page
from extract.readers.pdf_runs import PageRuns, Run, find_runs
from extract.readers.pdf_tables import BodyType, TableArea, find_tables
from extract.readers.pdf_text import Vocabulary, Writer
from extract.readers.pdf_warnings import order_warnings, page_warnings
from extract.readers.references import read_references
from extract.readers.sections import Parts, is_legend

Content = Run | TableArea | Figure  # of a piece of a page
MAX_SIDE = 1e6  # points: PDFium's units of a thousandth fit no larger page, and no printer either
GUTTER = 0.75  # of the height of a line of the body: the least white space between two columns
MIN_GUTTER = 3.0  # points: the same for type too small to be read
TITLE = 1.2  # times the height of the body's lines: the title of the article
MAX_DAMAGED = 3  # pages that may be damaged, or as many as can be read
MIN_TITLE = 12  # characters
NOTE = 0.93  # of the height of the body's lines: notes at the foot of a page
FOOT = 0.55  # of the height of a page: notes stand below it
# What publishers print at the foot of the first page, in the type of the text or smaller.
_IMPRINT = lazy_regex(
    r"[*†‡✉\W]{0,3}\s?(?:Correspond(?:ing|ence)\b|Address (?:for )?correspondence|©|\(c\)|Copyright|Received\b|"
    r"E-?mail\b|This is an [Oo]pen[ -][Aa]ccess|Open [Aa]ccess This|Full list of author|Citation:|How to cite|"
    r"Edited by|Reviewed by|Academic Editor|Published by|Licensee)"
)
_LEADER = lazy_regex(r"[.·_…\s-]{12,}")  # rules printed as characters
_MARK = lazy_regex(r"[^\w\s]{1,2}|[(\[]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]{0,2}")


@collector_paused()
def parse_pdf(
    data: bytes,
    *,
    document_id: str = "pdf",
    path: str | None = None,
    sha256: str | None = None,
    password: str | None = None,
) -> Document:
    """A `Document` from the bytes of a PDF file; ReadError for what PDFium cannot open."""
    name = path or document_id
    written = _write_pages(data, name, password)  # the pages themselves are gone when the document is built
    if not written.source.strip():
        reason = written.warnings[0] if written.warnings else "no text in it"
        raise ReadError(f"{name}: {reason}; recognise its text first (--ocr)")
    return build_document(
        written.drafts,
        written.source,
        flatten(written.source),
        document_id=document_id,
        path=path,
        sha256=sha256,
        markup=False,
        hard_wrapped=False,
        warnings=written.warnings,
        pages=written.pages,
        geometry=written.geometry,
        references=partial(read_references, wrapped=True),
    )


class _Written(NamedTuple):
    """A file in one string: drafts whose pieces and cells are spans of the source."""

    drafts: list[Draft]
    source: str
    geometry: Geometry
    pages: list[Page]
    warnings: tuple[str, ...]


def _write_pages(data: bytes, name: str, password: str | None) -> _Written:
    pages, damaged = _read_pages(data, name, password)
    layout = _Layout(pages)
    blocks = [block for page in range(len(pages)) for block in layout.blocks(page)]
    set_levels(blocks)
    drafts = _settled(blocks)
    warnings = (*damaged, *page_warnings(pages, blocks), *order_warnings(drafts, blocks))
    writer = Writer(Vocabulary(pages))
    for draft in drafts:
        _write(draft, blocks, writer)
    source, geometry = writer.build()
    drafts = [draft for draft in split_legends(drafts) if draft.pieces or draft.rows]
    shown = [Page(page.page.number, page.page.width, page.page.height) for page in pages]
    return _Written(drafts, source, geometry, shown, warnings)


def _read_pages(data: bytes, name: str, password: str | None) -> tuple[list[PageRuns], list[str]]:
    """The runs of every page, and what is wrong with pages that cannot be read.

    Each page of the file is closed before the next is opened.
    """
    try:
        file = pypdfium2.PdfDocument(data, password=password)
    except PdfiumError as error:
        if "password" in str(error).lower():
            wrong = "wrong password" if password else "encrypted; give --password"
            raise ReadError(f"{name}: {wrong}") from error
        raise ReadError(f"{name}: damaged, or no PDF file ({error})") from error
    try:
        if not len(file):
            raise ReadError(f"{name}: a PDF file without pages")
        pages: list[PageRuns] = []
        damaged: list[ReadError] = []
        for index in range(len(file)):
            try:
                pages.append(_read(file, index, name))
            except ReadError as error:
                damaged.append(error)
                if len(damaged) > max(len(pages), MAX_DAMAGED):  # the file may lie about its pages
                    raise
        if not pages:
            raise damaged[0]
        for page, hidden in zip(pages, find_hidden(pages, file), strict=True):
            page.hide(hidden)
        return pages, [str(error).removeprefix(f"{name}: ") for error in damaged]
    finally:
        file.close()


def _read(file: pypdfium2.PdfDocument, index: int, name: str) -> PageRuns:
    try:
        page = file[index]
    except PdfiumError as error:
        raise ReadError(f"{name}: page {index + 1}: damaged ({error})") from error
    try:
        width, height = page.get_size()
        if max(width, height) > MAX_SIDE:
            raise ReadError(f"{name}: page {index + 1}: damaged (a size of {width:.0f} by {height:.0f} points)")
        return find_runs(read_page(page, index + 1))
    except PdfiumError as error:
        raise ReadError(f"{name}: page {index + 1}: damaged ({error})") from error
    finally:
        page.close()


@dataclass(slots=True)
class _Layout:
    """The blocks of pages in reading order, by what all pages have in common: type of the body, advances, heads."""

    pages: list[PageRuns]
    body: BodyType = field(init=False)
    pitches: dict[int, float] = field(init=False)
    furniture: list[list[Run]] = field(init=False)

    def __post_init__(self) -> None:
        self.furniture = find_furniture(self.pages)
        self.body = body_type(self.pages)
        self.pitches = advances(self.pages)

    def blocks(self, index: int) -> list[TextBlock]:
        """The blocks of one page."""
        page, furniture = self.pages[index], list(self.furniture[index])
        taken = {id(run) for run in furniture}
        runs = [run for run in page.runs if id(run) not in taken]
        tables = find_tables(page, self.body, runs)
        text = page.page.text
        furniture += [run for run in runs if _LEADER.fullmatch(text[run.start : run.end])]
        taken = {id(run) for run in furniture}
        taken |= {id(run) for table in tables for run in (*table.runs, *table.caption, *table.notes)}
        rest = [run for run in runs if id(run) not in taken]
        figures = find_figures(page, rest, [_whole(table) for table in tables])
        taken |= {id(run) for figure in figures for run in figure.runs}
        rest = [run for run in runs if id(run) not in taken]
        pieces: list[Piece[Content]] = [Piece(BBox(run.x0, run.top, run.x1, run.bottom), run) for run in rest]
        pieces += [Piece(_whole(table), table, solid=True) for table in tables]
        apart = [figure for figure in figures if not any(_is_inside(run, figure.box) for run in rest)]
        pieces += [Piece(figure.box, figure, solid=True) for figure in apart]
        gutter = max(GUTTER * self.body.size, MIN_GUTTER)
        columns = read_columns(pieces, gutter=gutter, is_mark=lambda each: self._is_mark(page, each))
        blocks = [block for column in columns for block in self._of_column(column, page)]
        if index == 0:
            _find_title(blocks, self.body)
        blocks += [block for figure in figures if figure not in apart for block in _of_figure(figure, page)]
        blocks += [TextBlock(BlockKind.FURNITURE, [make_line(page, [run])]) for run in furniture]
        return blocks

    @staticmethod
    def _is_mark(page: PageRuns, payload: Content) -> bool:
        return isinstance(payload, Run) and bool(_MARK.fullmatch(page.page.text[payload.start : payload.end].strip()))

    def _of_column(self, column: Column[Content], page: PageRuns) -> Iterator[TextBlock]:
        """The blocks of a column, tables and figures in their places."""
        lines: list[list[Piece[Run]]] = []
        for line in column.lines:
            floats = [piece.payload for piece in line if not isinstance(piece.payload, Run)]
            if floats:
                yield from self._of_lines(lines, column, page)
                lines = []
            for each in floats:
                yield from _of_table(each, page) if isinstance(each, TableArea) else _of_figure(each, page)
            runs = [Piece(piece.box, piece.payload) for piece in line if isinstance(piece.payload, Run)]
            if runs:
                lines.append(runs)
        yield from self._of_lines(lines, column, page)

    def _of_lines(self, lines: list[list[Piece[Run]]], column: Column[Content], page: PageRuns) -> Iterator[TextBlock]:
        if not lines:
            return
        blocks = find_blocks(Column(lines, column.x0, column.x1), page, self.body, self.pitches)
        sizes: Counter[float] = Counter()
        for block in blocks:
            sizes[round(block.size, 1)] += len(block.text)
        usual = max(sizes, key=lambda each: (sizes[each], each))
        for block in blocks:
            note = block.kind is BlockKind.PARAGRAPH and block.size < NOTE * min(usual, self.body.size)
            note = note and (page.page.number == 1 or bool(FOOTNOTE.match(block.text)) or _under_rule(block, page))
            if column.side or (page.page.number == 1 and _IMPRINT.match(block.text)):
                block.kind = BlockKind.FRONT_MATTER
            elif note and block.lines[0].top > FOOT * page.height and _is_last(block, lines):
                block.kind = BlockKind.FRONT_MATTER if page.page.number == 1 else BlockKind.FOOTNOTE
            yield block


def _under_rule(block: TextBlock, page: PageRuns) -> bool:
    """Whether a drawn line stands right above a block, as above footnotes."""
    first = block.lines[0]
    level = page.rules[:, 3] - page.rules[:, 1] < page.rules[:, 2] - page.rules[:, 0]
    above = (page.rules[:, 1] < first.middle) & (page.rules[:, 1] > first.top - 1.5 * first.size)
    return bool((level & above & (page.rules[:, 0] < first.x1) & (page.rules[:, 2] > first.x0)).any())


def _is_last(block: TextBlock, lines: Sequence[Sequence[Piece[Run]]]) -> bool:
    """Whether nothing but smaller type stands below a block in its column."""
    size = block.size
    below = [piece.payload for line in lines for piece in line if piece.box.top >= block.lines[-1].bottom]
    return all(run.size < 1.05 * size for run in below)


def _whole(table: TableArea) -> BBox:
    """The place of a table with its caption and notes."""
    parts = [table.box, *(BBox(run.x0, run.top, run.x1, run.bottom) for run in (*table.caption, *table.notes))]
    return BBox(
        min(box.x0 for box in parts),
        min(box.top for box in parts),
        max(box.x1 for box in parts),
        max(box.bottom for box in parts),
    )


def _is_inside(run: Run, box: BBox) -> bool:
    return box.x0 < (run.x0 + run.x1) / 2 < box.x1 and box.top < run.middle < box.bottom


def _of_figure(figure: Figure, page: PageRuns) -> Iterator[TextBlock]:
    if figure.runs:
        yield TextBlock(BlockKind.FIGURE, _lines_of(page, figure.runs))


def _of_table(table: TableArea, page: PageRuns) -> Iterator[TextBlock]:
    if table.caption:
        yield TextBlock(BlockKind.CAPTION, _lines_of(page, table.caption))
    yield TextBlock(BlockKind.TABLE, _lines_of(page, table.runs), table)
    if table.notes:
        notes = TextBlock(BlockKind.FOOTNOTE, _lines_of(page, table.notes))
        if is_legend(notes.text):
            notes.kind = BlockKind.LEGEND
        yield notes


def _lines_of(page: PageRuns, runs: Sequence[Run]) -> list[Line]:
    """Runs as lines, from top to bottom and left to right."""
    columns = read_columns([Piece(BBox(run.x0, run.top, run.x1, run.bottom), run) for run in runs], gutter=page.width)
    return [make_line(page, [piece.payload for piece in line]) for column in columns for line in column.lines]


def _find_title(blocks: list[TextBlock], body: BodyType) -> None:
    """Mark the block of the largest type on the first page, well above the body's."""
    upper = [
        block
        for block in blocks
        if block.table is None
        and block.size >= TITLE * body.size
        and len(block.text) >= MIN_TITLE
        and " " in block.text
    ]
    upper = [block for block in upper if " " in block.text]
    if upper:
        title = max(upper, key=lambda block: (round(block.size), -block.lines[0].top))
        title.kind = BlockKind.TITLE


def _settled(blocks: Sequence[TextBlock]) -> list[Draft]:
    """The drafts of blocks in their final order; their pieces count blocks until they are written."""
    drafts = []
    for number, block in enumerate(blocks):
        table = block.table
        rows = [[CharSpan(0, 0)] * len(row) for row in table.rows] if table is not None else []
        draft = Draft(block.kind, [CharSpan(number, number + 1)], block.text, level=block.level, rows=rows)
        draft.runs_on, draft.begins = block.runs_on, block.begins
        draft.header_rows = table.header_rows if table is not None else 1
        drafts.append(draft)
    return join_tables(join_entries(join_flows(Parts(drafts).settle()), blocks), blocks)


def _write(draft: Draft, blocks: Sequence[TextBlock], writer: Writer) -> None:
    """Write a draft; its pieces and cells become spans of the source."""
    written = [blocks[number] for first, last in draft.pieces for number in range(first, last)]
    if writer.length:
        writer.separator("\n")
    start = writer.length
    if draft.rows:
        rows = printed_rows(written)
        headers = [_once(row) for row in rows[: draft.header_rows]]
        draft.rows = [[_write_cell(parts, writer) for parts in row] for row in (*headers, *rows[len(headers) :])]
    else:
        writer.lines([line for block in written for line in block.lines])
    draft.pieces = [CharSpan(start, writer.length)]
    draft.text = writer.printed(start).replace("\n", " ")


def _once(row: PrintedRow) -> PrintedRow:
    """The cells of a header row, one over several columns printed over the first of them only."""
    return [[] if number and parts == row[number - 1] else parts for number, parts in enumerate(row)]


def _write_cell(parts: Sequence[tuple[PageRuns, Sequence[tuple[int, int]]]], writer: Writer) -> CharSpan:
    """Write a cell, whose parts stand on one page or, where a page end cuts it, on two."""
    start = writer.length
    for page, cell in parts:
        if cell and writer.length > start:
            writer.separator("\n")
        writer.cell(page, cell)
    written = CharSpan(start, writer.length)
    writer.separator("\t")
    return written

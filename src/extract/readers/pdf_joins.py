"""What the end of a column or page cuts, put together again: tables and entries of the reference list."""

from __future__ import annotations

from collections.abc import Sequence

from extract.document import BlockKind
from extract.patterns import lazy_regex
from extract.readers.drafts import Draft
from extract.readers.pdf_lines import TextBlock
from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_rows import reads_on

Rows = list[list[list[tuple[int, int]]]]  # cells of rows, each the char spans of a page that it is made of
PrintedRow = list[list[tuple[PageRuns, list[tuple[int, int]]]]]  # cells, each of parts with their pages

_ENTRY_END = lazy_regex(r"[.)\]]$|\d$|/\S+$|\bhttps?:\S+$")  # how an entry of the reference list ends
MAX_CAPTION = 60  # characters of a caption that only says that a table goes on


def join_entries(drafts: Sequence[Draft], blocks: Sequence[TextBlock]) -> list[Draft]:
    """The drafts, entries of the reference list that a column or page cuts put together again."""
    joined: list[Draft] = []
    entry: Draft | None = None
    for draft in drafts:
        block = blocks[draft.pieces[0].start]
        goes_on = False
        if entry is not None and draft.kind is BlockKind.REFERENCE and block.leads:
            goes_on = block.is_rest or not _ENTRY_END.search(blocks[entry.pieces[-1].start].text)
        if entry is not None and goes_on:
            entry.pieces += draft.pieces
            continue
        entry = draft if draft.kind is BlockKind.REFERENCE else entry
        joined.append(draft)
    return joined


def join_tables(drafts: Sequence[Draft], blocks: Sequence[TextBlock]) -> list[Draft]:
    """The drafts, tables that go on over pages as one; captions that only say so stand in no text."""
    joined: list[Draft] = []
    table: Draft | None = None
    for draft in drafts:
        block = blocks[draft.pieces[0].start]
        if draft.kind is not BlockKind.TABLE or block.table is None:
            joined.append(draft)
            continue
        if table is not None and _goes_on(table, block, blocks):
            table.pieces += draft.pieces
            table.rows += draft.rows[len(draft.rows) - len(rest_rows(blocks[table.pieces[0].start], block)) :]
            caption = joined[-1]
            if caption.kind is BlockKind.CAPTION and len(caption.text) < MAX_CAPTION:
                caption.kind = BlockKind.FURNITURE
            continue
        table = draft
        joined.append(draft)
    return joined


def _goes_on(table: Draft, block: TextBlock, blocks: Sequence[TextBlock]) -> bool:
    """Whether a table goes on with one of the page before: the same columns under the same header, or under none."""
    first, last = blocks[table.pieces[0].start], blocks[table.pieces[-1].start]
    if (
        first.table is None
        or block.table is None
        or not (block.table.continues and first.table.rows and block.table.rows)
    ):
        return False
    apart = block.lines[0].page.page.number - last.lines[0].page.page.number
    width = len(first.table.rows[0])
    if block.table.beside:
        return apart == 1 and len(block.table.rows) == len(first.table.rows)
    return apart in {0, 1} and all(len(row) == width for row in block.table.rows)


def rest_rows(first: TextBlock, block: TextBlock) -> Rows:
    """The rows of a table that goes on, without the header that it repeats."""
    table = block.table
    if table is None or first.table is None:
        return []
    repeated = 0
    headers = [_words(first, row) for row in first.table.rows[: first.table.header_rows]]
    for row in table.rows[: max(table.header_rows, len(headers))]:
        if repeated < len(headers) and _words(block, row) == headers[repeated]:
            repeated += 1
        else:
            break
    return table.rows[repeated:]


def _words(block: TextBlock, row: Sequence[Sequence[tuple[int, int]]]) -> list[str]:
    return [_words_of(block.lines[0].page, cell) for cell in row]


def _words_of(page: PageRuns, cell: Sequence[tuple[int, int]]) -> str:
    return " ".join(" ".join(page.page.text[start:end] for start, end in cell).split())


def printed_rows(written: Sequence[TextBlock]) -> list[PrintedRow]:
    """The rows of a table from all the blocks in which it stands: the header once, a row that a page end cuts as one.

    The rows of a block that goes on to the right, as on a facing page, go on with those of the blocks before.
    """
    first = written[0]
    rows: list[PrintedRow] = []
    for block in written:
        table = block.table
        if table is None:
            continue
        page = block.lines[0].page
        found = table.rows if block is first else rest_rows(first, block)
        printed: list[PrintedRow] = [[[(page, cell)] for cell in row] for row in found]
        if table.beside and len(printed) == len(rows):
            rows = [left + right for left, right in zip(rows, printed, strict=True)]
            continue
        if rows and printed and len(rows) > first_header(first) and reads_on(_texts(rows[-1]), _texts(printed[0])):
            rows[-1] = [[*above, *below] for above, below in zip(rows[-1], printed.pop(0), strict=True)]
        rows += printed
    return rows


def first_header(block: TextBlock) -> int:
    """How many rows of a table's first block are its header."""
    return block.table.header_rows if block.table is not None else 0


def _texts(row: PrintedRow) -> list[str]:
    return [" ".join(_words_of(page, cell) for page, cell in parts).strip() for parts in row]

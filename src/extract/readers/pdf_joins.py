"""What the end of a column or page cuts, put together again: tables and entries of the reference list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.document import BlockKind
from extract.readers.drafts import Draft
from extract.readers.pdf_lines import TextBlock
from extract.readers.pdf_tables import TableArea

Rows = list[list[list[tuple[int, int]]]]  # cells of rows, each the char spans of a page that it is made of

_ENTRY_END = re.compile(r"[.)\]]$|\d$|/\S+$|\bhttps?:\S+$")  # how an entry of the reference list ends
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
    text = block.lines[0].page.page.text
    return [" ".join(" ".join(text[start:end] for start, end in cell).split()) for cell in row]


def all_rows(written: Sequence[TextBlock]) -> list[tuple[TextBlock, Rows]]:
    """The rows of a table by the blocks in which they stand, the header once."""
    first = written[0]
    tables: list[tuple[TextBlock, TableArea]] = [(block, block.table) for block in written if block.table is not None]
    return [(block, table.rows if block is first else rest_rows(first, block)) for block, table in tables]

"""Documents with their marked mentions, as annotation tools take them: brat, BioC, Web Annotation, spaCy's DocBin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from extract.document import Document, Table


class TextCell(NamedTuple):
    """A cell of a table: `text[start:end]`; rows and columns count from 0."""

    row: int
    column: int
    start: int
    end: int
    is_header: bool


class TextBlock(NamedTuple):
    """A block of the text: `text[start:end]`, its kind, level (of headings), headings above it, cells (of tables)."""

    kind: str
    start: int
    end: int
    level: int | None
    section: tuple[str, ...]
    cells: tuple[TextCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """The normalised text of a document and its blocks in order."""

    text: str
    blocks: tuple[TextBlock, ...]

    @classmethod
    def of(cls, document: Document) -> Content:
        """The content of a document that was read."""
        blocks = (
            TextBlock(each.kind.value, *each.span, each.level, each.section, _cells_of(each.table))
            for each in document.blocks
        )
        return cls(document.text, tuple(blocks))

    def to_bytes(self) -> bytes:
        """As stored beside a dataset."""
        return json.dumps({"text": self.text, "blocks": self.blocks}, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Content:
        """As read from beside a dataset."""
        stored = json.loads(data)
        blocks = (
            TextBlock(
                kind, start, end, level, tuple(section), tuple(TextCell(*cell) for each in cells for cell in each)
            )
            for kind, start, end, level, section, *cells in stored["blocks"]  # what was kept earlier has no cells
        )
        return cls(stored["text"], tuple(blocks))


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with its mentions, which are rows of the table `mentions` as `extract run` writes them in JSON."""

    document_id: str
    path: str
    sha256: str
    title: str | None
    doi: str | None
    content: Content
    mentions: tuple[dict[str, Any], ...]


def _cells_of(table: Table | None) -> tuple[TextCell, ...]:
    if table is None:
        return ()
    return tuple(
        TextCell(each.row, each.column, *each.span, each.is_header or each.row < table.header_rows)
        for each in table.cells
    )

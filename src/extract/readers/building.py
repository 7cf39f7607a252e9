"""Drafts to a `Document`: one text with its map, blocks, tables, and the reference list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from extract.document import Block, BlockKind, Cell, CharSpan, Document, ElementMap, Geometry, Page, Reference, Table
from extract.patterns import lazy_regex
from extract.readers.drafts import LEGEND, Draft
from extract.readers.normalise import TextBuilder
from extract.readers.references import read_references

_ABBREVIATIONS = lazy_regex(r"\b(?:Abbreviations?|ABBREVIATIONS?):\s")
_DOI = lazy_regex(r"\b10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)\]]")


def build_document(
    drafts: Sequence[Draft],
    source: str,
    flat: str,
    *,
    document_id: str,
    vocabulary: frozenset[str] = frozenset(),
    path: str | None = None,
    sha256: str | None = None,
    hard_wrapped: bool = False,
    markup: bool = True,
    title: str | None = None,
    doi: str | None = None,
    warnings: Sequence[str] = (),
    pages: Sequence[Page] = (),
    geometry: Geometry | None = None,
    elements: ElementMap | None = None,
    references: Callable[[Document], tuple[Reference, ...]] = read_references,
) -> Document:
    """The document of drafts that have their final kind and order.

    `flat` is `source` flattened; `vocabulary` settles hyphens at line ends; without `markup` signs such as `$` and
    `<i>` stand for themselves. Without `title` and `doi` both are taken from the blocks; `references` reads the entries
    of the reference list.
    """
    builder = TextBuilder(flat, vocabulary=vocabulary, markup=markup)
    blocks = tuple(_build(builder, draft) for draft in drafts)
    text, source_map = builder.build()
    printed = (text[slice(*block.span)] for block in blocks if block.kind is BlockKind.TITLE)
    document = Document(
        document_id=document_id,
        text=text,
        source=source,
        source_map=source_map,
        blocks=blocks,
        path=path,
        sha256=sha256,
        title=title or next(printed, None),
        doi=doi or _own_doi(text, blocks),
        hard_wrapped=hard_wrapped,
        warnings=tuple(warnings),
        pages=tuple(pages),
        geometry=geometry,
        elements=elements,
    )
    return replace(document, references=references(document))


def split_legends(drafts: list[Draft]) -> list[Draft]:
    """Captions without the abbreviation list that some journals print inside them."""
    result: list[Draft] = []
    for draft in drafts:
        result.append(draft)
        if draft.kind is not BlockKind.CAPTION or len(draft.pieces) != 1:
            continue
        match = LEGEND.search(draft.text) or _ABBREVIATIONS.search(draft.text)
        if match is None:
            continue
        cut = draft.pieces[0].start + match.start() + (match[0][0] in ";.:")
        piece = draft.pieces[0]
        draft.pieces[0] = CharSpan(piece.start, cut)
        legend = Draft(BlockKind.LEGEND, [CharSpan(cut, piece.end)], draft.text[match.start() :], section=draft.section)
        result.append(legend)
    return [draft for draft in result if draft.kind is BlockKind.TABLE or draft.pieces[0].start < draft.pieces[-1].end]


def _build(builder: TextBuilder, draft: Draft) -> Block:
    """Append a draft to the text and give its block."""
    if builder.length:
        builder.literal("\n")
    start = builder.length
    table = None
    if draft.rows:
        table = _build_table(builder, draft)
    else:
        for number, piece in enumerate(draft.pieces):
            if number and not builder.ends_with_space():
                builder.literal(" ")
            builder.piece(*piece)
    return Block(draft.kind, CharSpan(start, builder.length), draft.section, draft.level, table)


def _build_table(builder: TextBuilder, draft: Draft) -> Table:
    cells: list[Cell] = []
    for row, spans in enumerate(draft.rows):
        if row:
            builder.literal("\n")
        for column, span in enumerate(spans):
            if column:
                builder.literal("\t")
            start = builder.length
            builder.piece(*span)
            cells.append(Cell(row, column, CharSpan(start, builder.length), row < draft.header_rows))
    n_columns = max((len(spans) for spans in draft.rows), default=0)
    return Table(tuple(cells), len(draft.rows), n_columns, draft.header_rows)


def _own_doi(text: str, blocks: tuple[Block, ...]) -> str | None:
    """The first DOI printed in the title block: the document's own."""
    for block in blocks:
        if block.kind in {BlockKind.FRONT_MATTER, BlockKind.AUTHORS, BlockKind.TITLE, BlockKind.FURNITURE}:
            match = _DOI.search(text, block.span.start, block.span.end)
            if match:
                return match[0]
        elif block.kind is BlockKind.REFERENCE:
            break
    return None

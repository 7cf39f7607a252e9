"""What a page shows of one review: its text and blocks, the rows of all tables, pages and places on them, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from extract.document import Page
from extract.records import TABLES, Schema
from extract.sinks.annotations import Content, TextBlock

if TYPE_CHECKING:
    from extract.assembly import Extraction

Row = Mapping[str, Any]  # a row of a table as `extract run` writes it in JSON
Box = tuple[int, float, float, float, float]  # page, x0, top, x1, bottom in points, as in `evidence`


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as its page shows it.

    `pages` and `mention_boxes` (by mention id) are empty where the file has no pages or is not at hand; `uncovered`
    holds the numbers in no row, with their reasons, None where that was not looked for.
    """

    document_id: str
    title: str | None
    path: str
    sha256: str
    doi: str | None
    warnings: tuple[str, ...]
    text: str
    blocks: tuple[TextBlock, ...]
    tables: Mapping[Schema, Sequence[Row]] = field(repr=False)
    pages: tuple[Page, ...] = ()
    mention_boxes: Mapping[str, Sequence[Box]] = field(default_factory=dict, repr=False)
    uncovered: Sequence[Row] | None = field(default=None, repr=False)
    n_numbers: int | None = None

    @property
    def name(self) -> str:
        """The title, else the id."""
        return self.title or self.document_id


def view_extraction(extraction: Extraction) -> ReviewView:
    """The view of what was just extracted, with `helpers=True`: they give the reasons of the coverage."""
    from extract.coverage import find_numbers, find_uncovered  # noqa: PLC0415 - only here

    document = extraction.document
    tables: dict[Schema, Sequence[Row]] = {
        table: [
            row.model_dump(mode="json")
            for row in (_mentions(extraction) if table == "mentions" else extraction.rows(table))
        ]
        for table in TABLES
    }
    boxes: dict[str, Sequence[Box]] = {}
    if document.geometry is not None:
        for mention in extraction.promised():
            boxes[mention.mention_id] = [(page, *box) for page, box in document.boxes(mention.start, mention.end)]
    return ReviewView(
        document_id=document.document_id,
        title=document.title,
        path=document.path or "",
        sha256=document.sha256 or "",
        doi=document.doi,
        warnings=document.warnings,
        text=document.text,
        blocks=Content.of(document).blocks,
        tables=tables,
        pages=document.pages,
        mention_boxes=boxes,
        uncovered=[asdict(each) for each in find_uncovered(extraction)],
        n_numbers=len(find_numbers(extraction)),
    )


def view_rows(tables: Mapping[Schema, Sequence[Row]], content: Content) -> ReviewView:
    """The view of what is kept of an earlier extraction: rows and text, no pages, no coverage."""
    document = tables["documents"][0]
    return ReviewView(
        document_id=document["document_id"],
        title=document["title"],
        path=document["path"],
        sha256=document["sha256"],
        doi=document["doi"],
        warnings=tuple(document["warnings"]),
        text=content.text,
        blocks=content.blocks,
        tables=tables,
    )


def _mentions(extraction: Extraction) -> Sequence[Any]:
    """Helpers explain the coverage; pages show what the tables promise."""
    return extraction.promised()

"""Tables on a page of a PDF: where they stand and what is in their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_runs import PageRuns, Run


class BodyType(NamedTuple):
    """The type in which most of the document's running text is set: font name, height of a line and its advance."""

    font: str
    size: float
    leading: float


@dataclass(slots=True)
class TableArea:
    """A table: its place, the runs that it takes, and its grid.

    `rows` has a list of cells for each row, all of the same length; a cell is the char spans of `page.text` that it is
    made of, in reading order, empty for an empty cell. `unread` says why the cells could not be told apart; such a
    table has no rows. `continues` is true where it goes on with the table of the page before.
    """

    box: BBox
    runs: list[Run]
    rows: list[list[list[tuple[int, int]]]] = field(default_factory=list)
    header_rows: int = 1
    caption: list[Run] = field(default_factory=list)
    notes: list[Run] = field(default_factory=list)
    continues: bool = False
    unread: str | None = None


def find_tables(page: PageRuns, body: BodyType, runs: Sequence[Run]) -> list[TableArea]:
    """The tables among the runs of a page (without running heads), from top to bottom."""
    return []

"""How much of the printed tables stands in the document that a reader made of a twin: same text in row and column."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from extract.document import Document, Table

from .article import Article, Float
from .words import Difference

MAX_TOLD = 12  # cells told of one table


@dataclass(slots=True)
class CellScore:
    """Filled cells printed and those read with the same text at the same place."""

    printed: int = 0
    exact: int = 0
    tables: int = 0
    tables_read: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Cells read exactly of those printed."""
        return self.exact / self.printed if self.printed else 1.0


Grid = dict[tuple[int, int], str]


def score_cells(article: Article, document: Document) -> CellScore:
    """The score of a twin's document; each printed table is compared with the table that holds most of its cells."""
    score = CellScore()
    tables = [(block.table, block.span) for block in document.blocks if block.table is not None]
    score.tables_read = len(tables)
    grids = [_grid(document, table) for table, _ in tables]
    for element in article.body:
        if not isinstance(element, Float) or not element.rows:
            continue
        printed = {
            (row, column): cell.text
            for row, cells in enumerate(element.rows)
            for column, cell in enumerate(cells)
            if cell.text
        }
        score.tables += 1
        score.printed += len(printed)
        name = element.caption.text[:24] if element.caption else "table"
        best = _nearest(printed, grids)
        if best is None:
            score.differences.append(Difference("table", "", f"{name}: not read"))
            continue
        table, span = tables[best]
        page = document.page_number(*span)
        _compare(score, printed, grids[best], f"page {page}" if page else f"table {best}", name)
        shape = (len(element.rows), len(element.rows[0]), element.header_rows)
        read = (table.n_rows, table.n_columns, table.header_rows)
        if shape != read:
            told = f"{name}: {shape[0]}×{shape[1]}, {shape[2]} header rows, read {read[0]}×{read[1]}, {read[2]}"
            score.differences.append(Difference("shape", f"page {page}", told))
    return score


def _grid(document: Document, table: Table) -> Grid:
    cells = ((cell.row, cell.column, document.text[slice(*cell.span)]) for cell in table.cells)
    return {(row, column): text for row, column, text in cells if text}


def _nearest(printed: Grid, grids: list[Grid]) -> int | None:
    common = [(Counter(printed.values()) & Counter(grid.values())).total() for grid in grids]
    best = max(range(len(grids)), key=lambda index: common[index], default=None)
    return best if best is not None and common[best] else None


def _compare(score: CellScore, printed: Grid, read: Grid, place: str, name: str) -> None:
    wrong = [key for key, text in sorted(printed.items()) if read.get(key) != text]
    score.exact += len(printed) - len(wrong)
    extra = [key for key in sorted(read) if key not in printed]
    told = [(key, printed[key]) for key in wrong] + [(key, "") for key in extra]
    for (row, column), text in told[:MAX_TOLD]:
        difference = f"{name} row {row} column {column}: [{text}] read [{read.get((row, column), '')}]"
        score.differences.append(Difference("cell", place, difference))
    if len(told) > MAX_TOLD:
        score.differences.append(Difference("cell", place, f"{name}: {len(told) - MAX_TOLD} more"))

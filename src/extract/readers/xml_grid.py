"""Tables of XML and HTML: rows and columns that cells span, resolved to a grid of the columns that hold something."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.readers.drafts import Draft
from extract.readers.xml_inline import InlineText
from extract.readers.xml_source import SourceWriter

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_COLUMNS = 400  # that a cell may span; no printed table is wider
MAX_GRID = 400_000  # cells, blank ones too; a larger table is no table, and its columns are not aligned
_SPAN = lazy_regex(r"\s*[0-9]{1,9}\s*")
_NUMERIC = lazy_regex(r"[<>≤≥~±]?\s*[-−]?\d")
_BRACKETED = lazy_regex(r"[(\[].*[)\]]\W{0,3}|±.*|%")
MAX_HEADER_ROWS = 3  # of a table that does not mark them


class GridCell(NamedTuple):
    """The words of a cell and the columns that it spans, both ends included; `rest` was set in a column of its own."""

    element: _Element
    text: str
    first: int
    last: int
    rest: GridCell | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled cells of each row that has any, from left to right; the rows on top that are headers."""

    rows: list[list[GridCell]]
    header_rows: int
    n_columns: int


def read_grid(table: _Element, inline: InlineText) -> Grid:
    """The cells of a table at the rows and columns where they begin."""
    groups = list(_row_groups(table))
    rows: list[list[GridCell]] = []
    header_rows, marked = 0, False
    for name, elements in groups:
        placed = [row for row in _place(elements, inline, _column_names(table)) if row]
        if name == "thead" and header_rows == len(rows):
            header_rows += len(placed)
            marked = True
        rows += placed
    rows, n_columns = _without_empty_columns(rows)
    if not marked or header_rows == len(rows):
        header_rows = _header_rows(rows)
    shared = {column for row in rows[:header_rows] for cell in row for column in range(cell.first + 1, cell.last + 1)}
    for column in sorted(shared - {1}, reverse=True):
        if _is_rest(rows, header_rows, column):
            rows = [_with_rest(row, column) for row in rows]
            n_columns -= 1
    return Grid(rows, header_rows, n_columns)


def write_grid(grid: Grid, table: _Element, writer: SourceWriter, section: tuple[str, ...]) -> Draft | None:
    """The draft of a table, its cells written in reading order; None for a table without words.

    Positions that a cell spans beyond its first one are blank, so that columns stay aligned.
    """
    if not grid.rows:
        return None
    aligned = len(grid.rows) * grid.n_columns <= MAX_GRID
    rows: list[list[CharSpan]] = []
    for row in grid.rows:
        begins = {cell.first if aligned else number: cell for number, cell in enumerate(row)}
        spans: list[CharSpan] = []
        for column in range(grid.n_columns if aligned else len(row)):
            cell = begins.get(column)
            after = "\t" if column else "\n"
            span = writer.add(cell.text if cell else "", cell.element if cell else table, after=after)
            if cell is not None and cell.rest is not None:
                span = CharSpan(span.start, writer.add(cell.rest.text, cell.rest.element, after=" ").end)
            spans.append(span)
        rows.append(spans)
    pieces = [CharSpan(rows[0][0].start, rows[-1][-1].end)]
    return Draft(BlockKind.TABLE, pieces, "", rows=rows, header_rows=grid.header_rows, section=section)


def _row_groups(table: _Element) -> Iterator[tuple[str, list[_Element]]]:
    """The groups of rows in the order in which they are shown: head, bodies, foot."""
    groups: list[tuple[str, list[_Element]]] = []
    loose: list[_Element] = []
    for child in table:
        if child.tag in {"tr", "row"}:
            loose.append(child)
            continue
        if child.tag in {"thead", "tbody", "tfoot"}:
            groups.append((child.tag, [row for row in child if row.tag in {"tr", "row"}]))
        elif child.tag == "tgroup":
            groups += _row_groups(child)
        if loose:
            groups.insert(len(groups) - 1, ("tbody", loose))
            loose = []
    if loose:
        groups.append(("tbody", loose))
    order = {"thead": 0, "tbody": 1, "tfoot": 2}
    yield from sorted(groups, key=lambda group: order[group[0]])


def _column_names(table: _Element) -> dict[str, int]:
    """Columns by name, of a table in the OASIS form."""
    return {
        colspec.get("colname", ""): min(_number(colspec.get("colnum"), index + 1), MAX_COLUMNS) - 1
        for index, colspec in enumerate(table.iter("colspec"))
    }


def _place(elements: Sequence[_Element], inline: InlineText, names: dict[str, int]) -> Iterator[list[GridCell]]:
    """The filled cells of each row of a group; a cell reaches over no later group."""
    taken: dict[int, int] = {}  # column: rows below that a cell from above still covers
    for index, row in enumerate(elements):
        covered = {column for column, left in taken.items() if left > 0}
        taken = {column: left - 1 for column, left in taken.items() if left > 1}
        cells: list[GridCell] = []
        column = 0
        for element in row:
            if element.tag not in {"td", "th", "entry"}:
                continue
            while column in covered:
                column += 1
            column, width, height = _extent(element, column, names)
            if column + width > MAX_COLUMNS:
                width = 1
            height = min(height or len(elements), len(elements) - index)
            text = inline.read(element)
            if text:
                cells.append(GridCell(element, text, column, column + width - 1))
            if height > 1:
                taken.update(dict.fromkeys(range(column, column + width), height - 1))
            column += width
        yield cells


def _extent(element: _Element, column: int, names: dict[str, int]) -> tuple[int, int, int]:
    """Where a cell begins, how many columns it spans and how many rows (0: to the end of its group)."""
    if element.tag != "entry":
        return column, max(_number(element.get("colspan")), 1), _number(element.get("rowspan"))
    first = names.get(element.get("namest") or element.get("colname") or "", column)
    last = names.get(element.get("nameend") or "", first)
    return max(first, column), max(last - max(first, column), 0) + 1, _number(element.get("morerows"), 0) + 1


def _number(printed: str | None, default: int = 1) -> int:
    return int(printed) if printed is not None and _SPAN.fullmatch(printed) else default


def _without_empty_columns(rows: list[list[GridCell]]) -> tuple[list[list[GridCell]], int]:
    """The rows without columns in which no filled cell ends, then without those in which none begins.

    Typesetters indent labels by a column of their own and set groups of columns apart by an empty one.
    """
    ends = sorted({cell.last for row in rows for cell in row})
    rows = [[_moved(cell, bisect_left(ends, cell.first), bisect_left(ends, cell.last)) for cell in row] for row in rows]
    starts = sorted({cell.first for row in rows for cell in row})
    rows = [
        [_moved(cell, bisect_right(starts, cell.first) - 1, bisect_right(starts, cell.last) - 1) for cell in row]
        for row in rows
    ]
    return rows, len(starts)


def _moved(cell: GridCell, first: int, last: int) -> GridCell:
    """The cell over other columns."""
    return cell if (cell.first, cell.last) == (first, last) else cell._replace(first=first, last=last)


def _is_rest(rows: Sequence[Sequence[GridCell]], header_rows: int, column: int) -> bool:
    """Whether a column holds but what is printed in brackets behind the figures of the one before.

    No header parts the two columns: typesetters part them to align the figures.
    """
    headers = [cell for row in rows[:header_rows] for cell in row if cell.first <= column <= cell.last]
    if not headers or any(cell.first == column for cell in headers):
        return False
    own = [(row, cell) for row in rows[header_rows:] for cell in row if cell.first == column]
    before = {id(row): cell for row in rows for cell in row if cell.last == column - 1}
    return bool(own) and all(
        _BRACKETED.fullmatch(cell.text) and cell.last == column and id(row) in before and before[id(row)].rest is None
        for row, cell in own
    )


def _with_rest(row: Sequence[GridCell], column: int) -> list[GridCell]:
    """A row without a column, its cell joined to the one before."""
    rest = next((cell for cell in row if cell.first == column), None)
    found = []
    for cell in row:
        if cell is rest:
            continue
        first = cell.first - (cell.first > column)
        joined = rest if rest is not None and cell.last == column - 1 else cell.rest
        found.append(cell._replace(first=first, last=cell.last - (cell.last >= column), rest=joined))
    return found


def _header_rows(rows: Sequence[Sequence[GridCell]]) -> int:
    """The rows on top that are headers where the table does not say so: of `th` alone, else without a figure."""
    headed = _count_on_top(all(cell.element.tag == "th" for cell in row) for row in rows)
    if headed and headed < len(rows):
        return headed
    words = _count_on_top(
        len(row) > 1 and not any(_NUMERIC.match(cell.text) for cell in row if cell.first > 0) for row in rows
    )
    return 1 if words == len(rows) else min(max(words, 1), MAX_HEADER_ROWS)


def _count_on_top(tests: Iterable[bool]) -> int:
    count = 0
    for test in tests:
        if not test:
            break
        count += 1
    return count

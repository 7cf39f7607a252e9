"""Parts and their whole in tables: rows that merge other rows, columns that add up other columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from extract.audit.case import Case, Claim
from extract.document import Block, Cell, CharSpan, Table
from extract.patterns import lazy_regex

_MERGED = lazy_regex(r"\s(?:&|and|\+|/)\s|\b(?:merged|pooled|combined)\b", re.IGNORECASE)
_NAMED_MERGED = lazy_regex(r"\b(?:merged|pooled|combined)\b", re.IGNORECASE)
_TOKEN = lazy_regex(r"[A-Za-z]+|\d+")
_GENERIC = frozenset(
    {"trial", "trials", "study", "studies", "protocol", "protocols", "merged", "pooled", "combined", "and", "the", "of"}
    | {"cohort", "cohorts", "analysis", "data"}
)
_SIZE_HEADER = lazy_regex(
    r"[nN]|[nN]o\.?(?:\sof)?(?:\s(?:patients|participants|subjects))?|[nN]umber(?:\sof\s(?:patients|participants|subjects))?|"
    r"(?:total\s)?patients(?:,?\s\(?[nN]\)?)?|participants|sample\ssize(?:\s?\([nN]\))?|total\spopulation",
    re.IGNORECASE,
)
_INTEGER = lazy_regex(r"\d{1,3}(?:,\d{3})+|\d+")
_N_IS = lazy_regex(r"\b[nN]\s?=\s?(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\w.%/])")
_ALL = lazy_regex(r"\b(?:total|all|overall)\b", re.IGNORECASE)
_COUNT_CELL = lazy_regex(r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?:\s?[(\[]\s?[\d.]+\s?%?\s?[)\]])")
_NOT_COUNTS = lazy_regex(r"\bSDs?\b|\bSE\b|\bIQR\b|range|median|mean|\bCI\b|±|rate\b|score", re.IGNORECASE)
_MOST_PARTS = 4  # rows that one row merges


def find_table_sums(case: Case) -> Iterator[Claim]:
    """Totals of tables that are not the sum of what they say they add up."""
    for block in case.document.blocks:
        if block.table is not None and block.table.n_columns > 1:
            yield from _merged_rows(case, block.table)
            yield from _total_columns(case, block, block.table)


def _merged_rows(case: Case, table: Table) -> Iterator[Claim]:
    text = case.document.text
    by_place = {(cell.row, cell.column): cell for cell in table.cells}
    stubs = {cell.row: cell for cell in table.cells if cell.column == 0 and cell.row >= table.header_rows}
    merged = [cell for cell in stubs.values() if _MERGED.search(text, *cell.span)]
    headers = [c for c in table.cells if c.is_header or c.row < table.header_rows]
    columns = [c.column for c in headers if _SIZE_HEADER.fullmatch(text, *c.span)]
    if not merged or len(columns) != 1:
        return
    names = {row: _name(text, cell.span) for row, cell in stubs.items()}
    for whole in merged:
        rows = _parts_of(names, whole.row, named=_NAMED_MERGED.search(text, *whole.span) is not None)
        sizes = [_size(text, by_place.get((row, columns[0]))) for row in (whole.row, *rows)]
        counts = [size for size in sizes if size is not None]
        if not rows or len(counts) < len(sizes) or counts[0] == sum(counts[1:]):
            continue
        cells = [by_place[row, columns[0]].span for row in (whole.row, *rows)]
        yield Claim(
            severity="inconsistent",
            message=f"{case.quote(whole.span)} has {counts[0]:,} people, but the rows that it puts together have "
            f"{' and '.join(f'{count:,}' for count in counts[1:])}, together {sum(counts[1:]):,}.",
            stated=(cells[0],),
            against=tuple(sorted(cells[1:])),
            correction=f"{sum(counts[1:]):,}",
        )


def _name(text: str, span: CharSpan) -> frozenset[str]:
    words = (word.lower() for word in _TOKEN.findall(text, *span))
    return frozenset(word for word in words if word not in _GENERIC)


def _parts_of(names: dict[int, frozenset[str]], whole: int, *, named: bool) -> tuple[int, ...]:
    """The rows whose names make up that of a row: the same words, each with numbers (years, trials) of its own."""
    name = names[whole]
    inside = [row for row, other in names.items() if row != whole and other < name]
    for size in range(2, min(len(inside), _MOST_PARTS) + 1):
        for rows in combinations(inside[:8], size):
            shared = frozenset.intersection(*(names[row] for row in rows))
            own = [names[row] - shared for row in rows]
            apart = all(own) and sum(map(len, own)) == len(frozenset.union(*own))
            numbers = all(word.isdigit() for words in own for word in words)
            if apart and shared and (numbers or named) and frozenset.union(*(names[row] for row in rows)) == name:
                return rows
    return ()


def _size(text: str, cell: Cell | None) -> int | None:
    if cell is None or _INTEGER.fullmatch(text, *cell.span) is None:
        return None
    return int(text[cell.span.start : cell.span.end].replace(",", ""))


def _total_columns(case: Case, block: Block, table: Table) -> Iterator[Claim]:
    """Rows of counts whose total column is not the sum of the arms, where the sizes of the arms make the total's."""
    text = case.document.text
    if "(" not in text[block.span.start : block.span.end]:
        return
    sizes: dict[int, int] = {}
    total = None
    for cell in table.cells:
        if cell.is_header or cell.row < table.header_rows:
            match = _N_IS.search(text, *cell.span)
            if match is not None:
                if cell.column in sizes:
                    return
                sizes[cell.column] = int(match["n"].replace(",", ""))
                if _ALL.search(text, *cell.span):
                    if total is not None:
                        return
                    total = cell.column
    arms = [column for column in sizes if column != total]
    if total is None or len(arms) < 2 or sum(sizes[column] for column in arms) != sizes[total]:
        return
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    for cells in rows.values():
        yield from _row(case, cells, arms, total)


def _row(case: Case, cells: dict[int, Cell], arms: list[int], total: int) -> Iterator[Claim]:
    text, stub = case.document.text, cells.get(0)
    if stub is not None and _NOT_COUNTS.search(text, *stub.span):
        return
    places: list[CharSpan] = []
    for column in (*arms, total):
        cell = cells.get(column)
        match = _COUNT_CELL.fullmatch(text, *cell.span) if cell is not None else None
        if match is None:
            return
        places.append(CharSpan(*match.span("n")))
    *parts, whole = [int(text[at.start : at.end].replace(",", "")) for at in places]
    if sum(parts) != whole:
        named = f" ({case.quote(stub.span)})" if stub is not None else ""
        yield Claim(
            severity="inconsistent",
            message=f"{' and '.join(map(str, parts))} make {sum(parts)}, not {whole} as in the total column{named}.",
            stated=(places[-1],),
            against=tuple(places[:-1]),
            correction=str(sum(parts)),
        )

"""Counts with percentages in the columns of a table whose header gives the number of people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from extract.audit.case import Case, Claim
from extract.audit.shares import fits, meant_by, share_of, totals_of
from extract.document import Cell, CharSpan, Table
from extract.patterns import lazy_regex
from extract.rounding import percent_of, span_of

_SIZE = lazy_regex(r"\b[nN]\s?=\s?(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\w.%/])")
_CELL = lazy_regex(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)\s?[(\[]\s?(?P<percent>\d{1,3}(?:\.\d+)?)\s?(?P<sign>%?)\s?[)\]][*†‡§ᵃ-ᶻ]{0,2}"
)
_NOT_SHARES = lazy_regex(
    r"\bSDs?\b|\bSE\b|\bIQR\b|range|median|mean|\bCI\b|±|rate\b|probab|surviv|year|events?\sper", re.IGNORECASE
)
_LEAST_PART = 0.4  # of a column's people: a row may be of the men, or of those with data
_LEAST_CELLS = 5  # of a column that fit its size, before another one is in doubt
_LEAST_FITTING = 0.8  # of a column's cells: in others the percentages are of something else


@dataclass(frozen=True, slots=True)
class _Share:
    n: int
    percent: Decimal
    cell: Cell
    n_at: CharSpan
    percent_at: CharSpan


def find_table_mismatches(case: Case) -> Iterator[Claim]:
    """Cells "12 (26%)" that do not go with the number of people in the header of their column, where others do."""
    for block in case.document.blocks:
        if block.table is not None and "(" in case.document.text[block.span.start : block.span.end]:
            yield from _in_table(case, block.table)


def _in_table(case: Case, table: Table) -> Iterator[Claim]:
    text = case.document.text
    columns: dict[int, list[_Share]] = {}
    sizes: dict[int, set[tuple[int, CharSpan]]] = {}
    stubs = {cell.row: text[cell.span.start : cell.span.end] for cell in table.cells if cell.column == 0}
    for cell in table.cells:
        if cell.is_header or cell.row < table.header_rows:
            for match in _SIZE.finditer(text, *cell.span):
                sizes.setdefault(cell.column, set()).add((int(match["n"].replace(",", "")), CharSpan(*match.span("n"))))
        elif cell.column:
            found = _CELL.fullmatch(text, *cell.span)
            if found is None or _NOT_SHARES.search(stubs.get(cell.row, "")):
                continue
            if Decimal(found["percent"]) <= 100:
                share = _Share(
                    int(found["n"].replace(",", "")),
                    Decimal(found["percent"]),
                    cell,
                    CharSpan(*found.span("n")),
                    CharSpan(*found.span("percent")),
                )
                columns.setdefault(cell.column, []).append(share)
    for column, shares in columns.items():
        stated = sizes.get(column, set())
        if len({size for size, _ in stated}) == 1:
            yield from _in_column(shares, *min(stated), stubs)


def _of_part(share: _Share, total: int) -> bool:
    """Whether the percentage is of a large part of the people of the column."""
    totals = totals_of(share.n, share.percent)
    return max(totals.start, ceil(_LEAST_PART * total)) < min(totals.stop, total + 1)


def _in_column(shares: list[_Share], total: int, total_at: CharSpan, stubs: dict[int, str]) -> Iterator[Claim]:
    fitting = [share for share in shares if share.n <= total and fits(share.n, total, share.percent, cut_off=True)]
    if len(fitting) < max(_LEAST_CELLS, _LEAST_FITTING * len(shares)):
        return
    for share in shares:
        if share.n > total or fits(share.n, total, share.percent, cut_off=True):
            continue
        low = span_of(share.percent).high < percent_of(share.n, total)
        if not low and _of_part(share, total):
            continue  # some people without data, or a part of the cohort
        yield Claim(
            severity="inconsistent",
            message=f"{share.n} of {total} is {share_of(share.n, total, share.percent, digits=1)}%, "
            f"printed as {share.percent}% under n = {total} ({' '.join(stubs.get(share.cell.row, '').split())}).",
            stated=(share.percent_at,),
            against=tuple(sorted((share.n_at, total_at))),
            correction=meant_by(share.n, total, share.percent),
        )

"""Percentages of table cells whose sign stands in a header, a stub or a caption.

A bare number is a percentage only where its column, row or section says so, or where it is what its count is of the
column's N (`28 (59.6)` under `n = 47`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.components.grammar import NUMBER, WHOLE, decimal, quantity
from extract.document import Table
from extract.patterns import lazy_regex
from extract.values import PercentRole, Quantity

_LEVEL = lazy_regex(r"(?<!\d)\d++(?:\.\d++)?\s?%\s?(?:CI|CrI|confidence|credible)[^,;\]\)]*", re.IGNORECASE)
_N_PERCENT = lazy_regex(
    r"\b(?:n|no\.?|number|N|events?|cases|patients)\s?(?:/\s?N\s?)?[,;]?\s?[(\[]\s?%\s?[)\]]|%\s?[(\[]\s?n\b",
    re.IGNORECASE,
)
_PERCENT_ONLY = lazy_regex(r"(?:^|[\s,(\[])%\s?[)\]]?(?:$|\s|,)|\bper\s?cent\b|\bpercentage\b", re.IGNORECASE)
_OTHER_MEASURE = lazy_regex(r"\b(?:median|mean|SD|SE|range|IQR|ratio|HR|OR|RR|months|p[\s-]?value)\b|±", re.IGNORECASE)
# Columns whose figures a row of percentages does not speak of: counts, tests, ratios.
_NO_PERCENT_COLUMN = lazy_regex(
    r"^(?:n|N|k|no\.?|number|total)(?:\s(?:of\s)?\w+)?$|\b(?:studies|trials|participants|sample\ssize|p[\s-]?values?|HR|OR|RR|"
    r"ratios?|I[²2])\s*$",
    re.IGNORECASE,
)
_AVERAGE = lazy_regex(r"\b(?:median|mean|range|IQR)\b|[(\[,]\s?(?:SD|SE|SEM)\b|±", re.IGNORECASE)
_PROBABILITY = lazy_regex(
    r"\b(?:OS|EFS|DFS|PFS|RFS|LFS|TRM|NRM|CIR|ORR|survival|relapse|response|remission|mortality|incidence)\b",
    re.IGNORECASE,
)
_NOT_PROBABILITY = lazy_regex(r"\b(?:median|months?|mo|HR|hazard|ratio|OR|RR)\b", re.IGNORECASE)
_COLUMN_N = lazy_regex(rf"\b[nN]\s?=\s?(?P<total>{WHOLE})(?!\s?/)")
_COUNT_PERCENT = lazy_regex(rf"(?P<n>{WHOLE})(?:\s?/\s?\d+)?\s?[(\[]\s?(?P<percent>{NUMBER})\s?[)\]]")
_BARE = lazy_regex(rf"[(\[]?\s?(?P<percent>{NUMBER})\s?[)\]]?(?:[*†‡ᵃ-ᶻ]|[a-d])?$")
_RANGE_CELL = lazy_regex(
    rf"(?P<percent>{NUMBER})\s?[(\[]\s?(?P<low>{NUMBER})(?:\s?-\s?|\sto\s|,\s?)(?P<high>{NUMBER})\s?[)\]]$"
)
_TIMED = lazy_regex(
    rf"(?P<percent>{NUMBER})\s?[(\[][^)\]]*(?:\d\s?-?\s?(?:y|yr|year|mo|month)s?\b|\bSE\b|\bCI\b|±)[^)\]]*[)\]]?"
)
_LISTED = lazy_regex(rf"{NUMBER}(?:\s?(?:;|/|vs\.?|versus|,)\s{NUMBER})+(?=$|\s?[(\[])")
_LIST_ITEM = lazy_regex(rf"(?P<percent>{NUMBER})")
_BOUNDS_AFTER = lazy_regex(rf"\s?[(\[](?P<low>{NUMBER})(?:\s?-\s?|\sto\s)(?P<high>{NUMBER})[)\]]")
ROUNDING = 1  # percentage points by which a printed percentage may differ from its count over N

Found = tuple[int, int, Quantity, PercentRole]


@dataclass(slots=True)
class _Context:
    """What governs the cells of one table."""

    headers: dict[int, str] = field(default_factory=dict)
    corner: str = ""
    sections: list[str] = field(default_factory=list)


def table_percents(text: str, table: Table, taken: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """Start, end, number and role of each implicit percentage; `taken` are the signed ones, left alone."""
    context = _Context(corner=text[table.caption.start : table.caption.end] if table.caption else "")
    rows: dict[int, list[tuple[int, int, int]]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append((cell.column, cell.span.start, cell.span.end))
    signed = sorted(taken)
    for row, cells in rows.items():
        if row < table.header_rows:
            spanning = row + 1 < table.header_rows or cells[0][1] == cells[0][2]
            _read_header(text, cells, context, width=table.n_columns if spanning else 0)
            continue
        filled = [cell for cell in cells if cell[2] > cell[1]]
        stub = text[cells[0][1] : cells[0][2]]
        if len(filled) == 1 and filled[0][0] == 0:
            context.sections = [*[s for s in context.sections if "%" in s][-1:], stub] if "%" not in stub else [stub]
            continue
        if _is_subheader(text, filled, len(cells)):
            _read_header(text, cells, context)
            continue
        for column, start, end in filled:
            if column == 0 and len(cells) > 1:
                continue
            for found in _cell(text, (start, end), stub, context.headers.get(column, ""), context):
                if not any(first < found[1] and found[0] < last for first, last in signed):
                    yield found


def _read_header(text: str, cells: list[tuple[int, int, int]], context: _Context, *, width: int = 0) -> None:
    """Add a row of headers to the columns; with `width` a name stands over the empty cells behind it, too."""
    names = {column: text[start:end] for column, start, end in cells}
    context.corner = f"{context.corner} {names.pop(0, '')}"
    group = ""
    for column in range(1, max(width, *names, 0) + 1) if names else ():
        name = names.get(column, "")
        group = name or group
        name = group if width else name
        context.headers[column] = f"{context.headers.get(column, '')} {name}".strip()


def _is_subheader(text: str, filled: list[tuple[int, int, int]], width: int) -> bool:
    """Whether a row inside the table names columns anew: every cell but the stub carries an `n =` or is a word."""
    values = [text[start:end] for column, start, end in filled if column > 0]
    return bool(values) and all(_COLUMN_N.search(value) for value in values) and width > 1


def _cell(text: str, span: tuple[int, int], stub: str, header: str, context: _Context) -> Iterator[Found]:
    start, end = span
    cell = text[start:end]
    row_words, column_words = _LEVEL.sub("", stub), _LEVEL.sub("", header)
    section = next((s for s in reversed(context.sections) if "%" in s), "")
    everywhere = f"{_LEVEL.sub('', context.corner)} {_LEVEL.sub('', section)}"
    measured = bool(_OTHER_MEASURE.search(row_words)) and "%" not in row_words
    if match := _COUNT_PERCENT.match(cell):
        said = any(_says_n_percent(words) for words in (row_words, column_words, everywhere))
        if _agrees(match, header) or (said and not _AVERAGE.search(row_words)):
            yield _found(start, match, "percent", "value")
            bounds = _BOUNDS_AFTER.match(cell, match.end())
            if bounds and re.search(r"\bCI\b|interval", f"{stub} {header}"):
                yield (
                    start + bounds.start("low"),
                    start + bounds.end("high"),
                    quantity(bounds["low"], bounds["high"]),
                    "interval",
                )
        return
    mixed = bool(_OTHER_MEASURE.search(column_words))  # "Mean/percentage (95% CI)": the row says which
    of_column = _says_percent(column_words) and not _OTHER_MEASURE.search(row_words) and not mixed
    of_row = _says_percent(row_words) and ("%" in column_words or not _NO_PERCENT_COLUMN.search(column_words))
    if (of_column or of_row) and not measured:
        if match := _BARE.match(cell):
            if decimal(match["percent"]) <= 100:
                yield _found(start, match, "percent", "value")
        elif _LISTED.match(cell):
            for match in _LIST_ITEM.finditer(_LISTED.match(cell)[0]):  # type: ignore[index]
                yield _found(start, match, "percent", "value")
        elif match := _TIMED.match(cell):
            yield _found(start, match, "percent", "value")
        elif match := _RANGE_CELL.match(cell):
            yield _found(start, match, "percent", "value")
            yield (
                start + match.start("low"),
                start + match.end("high"),
                quantity(match["low"], match["high"]),
                "interval",
            )
        return
    probability = _PROBABILITY.search(header) and not _NOT_PROBABILITY.search(f"{header} {stub}")
    if probability and (match := _TIMED.match(cell)) and decimal(match["percent"]) <= 100:
        yield _found(start, match, "percent", "value")


def _found(start: int, match: re.Match[str], name: str, role: PercentRole) -> Found:
    return (start + match.start(name), start + match.end(name), quantity(match[name]), role)


def _says_n_percent(words: str) -> bool:
    return bool(_N_PERCENT.search(words)) or ("%" in words and bool(re.search(r"[(\[]\s?%", words)))


def _says_percent(words: str) -> bool:
    return bool(_PERCENT_ONLY.search(words)) and not _N_PERCENT.search(words)


def _agrees(match: re.Match[str], header: str) -> bool:
    """Whether the bracketed number is the count as a percentage of the column's N."""
    total = _COLUMN_N.search(header)
    if not total:
        return False
    n, whole = decimal(match["n"]), decimal(total["total"])
    return whole > 0 and abs(100 * n / whole - decimal(match["percent"])) <= ROUNDING

"""Tables from lines: tab-separated and Markdown pipes."""

from __future__ import annotations

from itertools import pairwise

from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.readers.drafts import Draft, Line

_PIPE_ROW = lazy_regex(r"\|.*\|$")
_PIPE_RULE = lazy_regex(r"\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\|?$")
_PIPE_SPLIT = lazy_regex(r"(?<!\\)\|")
_NUMERIC = lazy_regex(r"[<>≤≥~±]?\s*-?\d")
MAX_HEADER_ROWS = 3  # deeper header hierarchies are not printed as text lines


def is_pipe_row(line: Line) -> bool:
    """Whether the line is a row of a Markdown table."""
    return bool(_PIPE_ROW.match(line.text)) and line.text.count("|") >= 3


def is_tab_row(flat: str, line: Line) -> bool:
    """Whether the line has cells set apart by tabs."""
    return "\t" in flat[line.raw_start : line.raw_end]


def table_draft(flat: str, lines: list[Line]) -> Draft:
    """One table from consecutive rows of either form."""
    if is_pipe_row(lines[0]):
        rules = [i for i, line in enumerate(lines) if _PIPE_RULE.match(line.text)]
        rows = [_pipe_cells(line) for line in lines if not _PIPE_RULE.match(line.text)]
        header_rows = rules[0] if rules else 1
    else:
        rows = [_tab_cells(flat, line) for line in lines]
        header_rows = _header_rows(flat, rows)
    pieces = [CharSpan(lines[0].start, lines[-1].end)]
    return Draft(BlockKind.TABLE, pieces, "", rows=rows, header_rows=header_rows)


def _stripped(flat: str, start: int, end: int) -> CharSpan:
    text = flat[start:end]
    inner = text.strip()
    first = start + text.find(inner) if inner else start
    return CharSpan(first, first + len(inner))


def _tab_cells(flat: str, line: Line) -> list[CharSpan]:
    cells, start = [], line.raw_start
    for part in flat[start : line.raw_end].split("\t"):
        cells.append(_stripped(flat, start, start + len(part)))
        start += len(part) + 1
    return cells


def _pipe_cells(line: Line) -> list[CharSpan]:
    bars = [m.start() for m in _PIPE_SPLIT.finditer(line.text)]
    cells = []
    for left, right in pairwise(bars):
        inner = line.text[left + 1 : right]
        text = inner.strip()
        first = line.start + left + 1 + (inner.find(text) if text else 0)
        cells.append(CharSpan(first, first + len(text)))
    return cells


def _header_rows(flat: str, rows: list[list[CharSpan]]) -> int:
    """Rows on top without a number outside the stub; one where the whole table is words."""
    count = 0
    for row in rows:
        filled = [flat[cell.start : cell.end] for cell in row[1:] if cell.end > cell.start]
        if not filled or any(_NUMERIC.match(text) for text in filled):
            break
        count += 1
    if count == len(rows):
        return 1
    return min(max(count, 1), MAX_HEADER_ROWS)

"""Rows of a table: which lines are one row, told by gaps, by the stub, by where numbers begin and by how text wraps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extract.patterns import lazy_regex
from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_columns import GridLine
from extract.readers.pdf_table_cutting import Column
from extract.readers.pdf_table_words import Piece

ROW_GAP = 1.14  # times the advance inside a cell: a larger one begins a row
FAR = 1.95  # of the height of type: lines farther apart are never one cell
ADJACENT = 1.35  # of the advance inside a cell: lines of a cell are not farther apart
NEAR = 0.72  # of the advance inside a cell: lines this close belong to cells that are centred against one another
INDENT = 0.5  # of the height of type: lines set in by more are
MOST = 0.5  # of the cells of a column begin with a number where it is one of figures
NEARLY_ALL = 0.8  # of the lines that stand close read on: then all of them do
SOME, HARDLY_ANY = 0.3, 0.1  # of the lines at a distance
CLEAR = 1.0  # how much likelier lines that stand close are to be one row, for gaps to decide
_NUMBER = lazy_regex(r"[<>≤≥=~±+−–-]?\s?(?:\d|NR\b|NA\b|N/A\b|–$|-$|—$)")
_FIGURES = lazy_regex(r"[^A-Za-zÀ-ž]*$|(?:NR|NA|N/A|n\.?s\.?)$", re.IGNORECASE)
_OPEN = lazy_regex(r"(?:[A-Za-zÀ-ž][-‐‑\ufffe\u00ad]|\w[–—/]|\S\s[-–/±+=<>≤≥&×]|[(\[&])$")
_OPEN_WORD = lazy_regex(
    r"(?:[,;]|(?:^|\s)(?:the|an?|of|and|or|in|with|for|to|by|from|at|on|as|vs\.?|versus|than|between|per|plus|without))$"
)
_CLOSING = lazy_regex(r"[)\]%,.;:±=/–]")
_LOWER = lazy_regex(r"[a-zà-ž]{2}|[a-z] ")


@dataclass(slots=True)
class _Row:
    """Lines of one row so far: the first piece in each column, and the last with its height."""

    lines: list[GridLine]
    last: dict[int, tuple[float, Piece]] = field(default_factory=dict)
    first: dict[int, Piece] = field(default_factory=dict)
    open: dict[int, int] = field(default_factory=dict)  # brackets that wait for their end

    def add(self, line: GridLine, texts: Mapping[int, str]) -> None:
        """Take in a line with the texts of its pieces."""
        self.lines.append(line)
        for each in line.placed:
            text = texts[id(each.piece)]
            self.open[each.first] = max(self.open.get(each.first, 0), 0) + _brackets(text)
            self.last[each.first] = (line.line.middle, each.piece)
            self.first.setdefault(each.first, each.piece)


class RowFinder:
    """Groups the lines of a table's body into rows."""

    def __init__(
        self, page: PageRuns, columns: Sequence[Column], lines: Sequence[GridLine], *, wrapped: float | None = None
    ) -> None:
        self.page, self.columns, self.lines = page, columns, lines
        self.size = median(line.line.size for line in lines) if lines else 0.0
        self.texts = {id(each.piece): self._plain(each.piece) for line in lines for each in line.placed}
        heights: dict[int, list[float]] = {}
        for line in lines:
            for column in line.columns:
                heights.setdefault(column, []).append(line.line.middle)
        steps = sorted(after - before for column in heights.values() for before, after in pairwise(column))
        closest = steps[len(steps) // 20] if steps else FAR * self.size
        self.advance = min([closest, *([wrapped] if wrapped else [])])
        self.room = [self._room(number) for number in range(len(columns))]
        self.numeric = [self._is_numeric(number) for number in range(len(columns))]

    def _plain(self, piece: Piece) -> str:
        """The words of a piece without raised marks."""
        text, scripts = self.page.page.text, self.page.scripts
        if not scripts[piece.words[0].start : piece.words[-1].end].any():
            return piece.text(self.page).replace("\ufffe", "-")
        return " ".join(
            "".join(text[at] for at in range(word.start, word.end) if scripts[at] <= 0) for word in piece.words
        ).strip()

    def _pieces(self, column: int) -> list[Piece]:
        return [each.piece for line in self.lines for each in line.placed if each.first == each.last == column]

    def _is_numeric(self, column: int) -> bool:
        """Whether most cells of a column begin with a number."""
        texts = [self.texts[id(piece)] for piece in self._pieces(column)]
        return sum(_NUMBER.match(text) is not None for text in texts) > MOST * len(texts)

    def _room(self, column: int) -> float:
        """How wide a line of a column can be: as its widest, or up to the next column where both are flush left."""
        widest = max((piece.width for piece in self._pieces(column)), default=0.0)
        left = self.columns[column].left
        following = self.columns[column + 1].left if column + 1 < len(self.columns) else None
        if left is None or following is None:
            return widest
        gaps = [b.left - a.x1 for a, b in pairwise(self.columns) if b.left is not None]
        return max(widest, following - max(min(gaps), 0.3 * self.size) - left)

    def rows(self, breaks: Sequence[float] = ()) -> list[list[GridLine]]:
        """The lines of each row; at `breaks` (heights on the page) a rule or the edge of a shade begins one."""
        if not self.lines:
            return []
        scores = self._scores()
        close = [score for step, score in scores if step <= ROW_GAP * self.advance]
        far = [score for step, score in scores if step > ROW_GAP * self.advance]
        decided = bool(close and far) and sum(close) / len(close) > max(sum(far) / len(far) + CLEAR, -0.5)
        clearly = decided and sum(score > 0 for score in close) >= NEARLY_ALL * len(close)
        bonus = 5.0 if clearly else 3.0 if decided else 0.0
        return self._group(breaks, bonus=20.0 if self._gaps_tell() else bonus)

    def _gaps_tell(self) -> bool:
        """Whether lines that stand close read on, and lines that stand farther away do not."""
        close: list[tuple[GridLine, GridLine]] = []
        far: list[tuple[GridLine, GridLine]] = []
        for before, line in pairwise(self.lines):
            step = line.line.middle - before.line.middle
            if step >= NEAR * self.advance:
                (close if step <= ROW_GAP * self.advance else far).append((before, line))
        if len(close) < 2 or len(far) < 2:
            return False
        on = [sum(self._begins_inside(line) for _, line in pairs) / len(pairs) for pairs in (close, far)]
        against = sum(self._are_figures(before, line) for before, line in close) / len(close)
        return on[0] >= SOME and on[1] <= HARDLY_ANY and against <= HARDLY_ANY

    def _begins_inside(self, line: GridLine) -> bool:
        """Whether a piece of a line begins as only the later lines of a cell do."""
        texts = (self.texts[id(each.piece)] for each in line.placed)
        return any(_LOWER.match(text) or text.startswith((")", "]", ",", ";", "%")) for text in texts)

    def _are_figures(self, before: GridLine, line: GridLine) -> bool:
        """Whether a figure stands right below a figure."""
        pairs = ((before.at(each.first), each.piece) for each in line.placed)
        texts = [(self.texts[id(above)], self.texts[id(piece)]) for above, piece in pairs if above is not None]
        return any(_FIGURES.match(above) and _NUMBER.match(text) and _brackets(above) == 0 for above, text in texts)

    def _scores(self) -> list[tuple[float, float]]:
        """For each line but the first: its advance, and how likely it goes on with the line above."""
        found = []
        row = _Row([])
        row.add(self.lines[0], self.texts)
        for before, line in pairwise(self.lines):
            step = line.line.middle - before.line.middle
            score = self._score(row, line)
            if step >= NEAR * self.advance:
                found.append((step, score))
                if score <= 0:
                    row = _Row([])
            row.add(line, self.texts)
        return found

    def _group(self, breaks: Sequence[float], *, bonus: float) -> list[list[GridLine]]:
        row = _Row([])
        row.add(self.lines[0], self.texts)
        rows = [row]
        for before, line in pairwise(self.lines):
            step = line.line.middle - before.line.middle
            score = self._score(row, line)
            if step > FAR * self.size or _between(breaks, before, line):
                score = -9.0
            elif step < NEAR * self.advance:
                score = 9.0  # cells that are centred against one another
            elif step > ROW_GAP * self.advance:
                score -= 4.0
            else:
                score += bonus
            if score <= 0:
                row = _Row([])
                rows.append(row)
            row.add(line, self.texts)
        return [row.lines for row in rows]

    def _score(self, row: _Row, line: GridLine) -> float:
        """How likely a line goes on with a row: above 0 it does."""
        score = 0.0
        stub = line.at(0)
        for each in line.placed:
            before = row.last.get(each.first)
            if before is None:
                score += self._score_new(row, each.first, line.line.middle)
            elif line.line.middle - before[0] > ADJACENT * self.advance:
                score -= 2.0
            else:
                score += self._score_wrap(before[1], each.piece, each.first, row)
        filled, had = len(line.placed), len(row.lines[0].placed)
        if had > 1 and self._hangs(row, line):
            score += 3.0
        if stub is None and 0 in row.first and filled <= max(1, had // 2):
            score += 2.5 if filled == 1 and not _NUMBER.match(self.texts[id(line.placed[0].piece)]) else 1.5
        if filled >= 3 and filled >= 0.8 * len(self.columns):
            score -= 1.5
        if any(each.last > each.first for each in line.placed):
            score -= 2.0
        return score

    def _hangs(self, row: _Row, line: GridLine) -> bool:
        """Whether the stub goes on set in, beside no column of figures: a sub-row would bring its own."""
        stub = line.at(0)
        if stub is None or 0 not in row.first or stub.x0 - row.first[0].x0 <= INDENT * self.size:
            return False
        others = [each for each in line.placed if each.first > 0]
        return not any(self.numeric[each.first] and _NUMBER.match(self.texts[id(each.piece)]) for each in others)

    def _score_new(self, row: _Row, column: int, y: float) -> float:
        """A column begins below the row's first line: the stub never, others where the stub wraps first."""
        if column == 0:
            return -3.0
        stub = row.last.get(0)
        below = stub is not None and y - stub[0] < ADJACENT * self.advance
        return -0.5 if below and len(row.first) == 1 else -1.5

    def _score_wrap(self, before: Piece, piece: Piece, column: int, row: _Row) -> float:
        """How likely a piece goes on with the one above it in its column."""
        above, text = self.texts[id(before)], self.texts[id(piece)]
        score = 0.0
        if before.bold != piece.bold:
            score -= 2.5
        first = row.first[column]
        flush = self.columns[column].left is not None or column == 0
        set_in = piece.x0 - first.x0 > INDENT * self.size
        if flush and set_in:
            score += 2.0 if before is first or abs(before.x0 - piece.x0) < INDENT * self.size else 0.5
        elif flush and piece.x0 - before.x0 < -INDENT * self.size:
            score -= 2.0
        if _OPEN.search(above) or _OPEN_WORD.search(above) or row.open[column] > 0:
            score += 3.0
        elif _NUMBER.match(text) and (_FIGURES.match(above) or self.numeric[column]):
            score -= 3.0
        elif _LOWER.match(text) or _CLOSING.match(text):
            score += 2.5
        elif text.startswith(("(", "[")):
            score += 2.0
        elif text[:1].isupper():
            score -= 0.3
        elif not text[:1].isalpha():
            score += 0.5 if text[:1].isdigit() else 1.0
        if self._fits(before, piece, column) and not set_in:
            score -= 2.0
        return score

    def _fits(self, before: Piece, piece: Piece, column: int) -> bool:
        """Whether the first word of a line had room on the line above."""
        word = piece.words[0]
        return word.x1 - word.x0 < self.room[column] - before.width - 0.35 * self.size


def _brackets(text: str) -> int:
    """How many more brackets open than close."""
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def _between(breaks: Sequence[float], before: GridLine, line: GridLine) -> bool:
    return any(before.line.middle < y < line.line.middle for y in breaks)


def reads_on(before: Sequence[str], row: Sequence[str]) -> bool:
    """Whether the first row of a part of a table is the rest of the last row of the part before, by their texts.

    The end of a page may cut a row: then its rest has no stub, or its beginning has none because it is centred.
    """
    filled = [number for number, text in enumerate(row) if text]
    begun = [number for number, text in enumerate(before) if text]
    if not filled or not begun:
        return False
    if not before[0] and row[0] and len(begun) == 1 and begun[0] in filled:
        return not _NUMBER.match(before[begun[0]])
    score = 1.0 if not row[0] and 2 * len(filled) <= len(begun) else 0.0
    for number in filled:
        above, text = before[number], row[number]
        if not above:
            score -= 3.0 if number == 0 else 1.0
        elif _OPEN.search(above) or _OPEN_WORD.search(above) or _brackets(above) > 0:
            score += 3.0
        elif _NUMBER.match(text) and _FIGURES.match(above):
            score -= 3.0
        elif _LOWER.match(text) or _CLOSING.match(text) or text[0] in "([":
            score += 2.0
        elif number == 0:
            score -= 1.0
    return score > 0

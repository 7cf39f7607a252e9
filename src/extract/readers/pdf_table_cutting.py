"""Cells of two columns that are set as one run of text, cut where the second one begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_words import Piece, TextLine, Word

ALIGNED = 1.3  # points: edges this close are alike
CLOSE = 0.6  # points: edges and middles this close are so by design
LEAST = 0.6  # of a usual space: cells that are no more than aligned are never closer
UNLIKE = 0.15  # of a usual space: a gap that differs by more is none
WIDER = 1.3  # times the usual space of a table, where no other gap is at hand
OVERLAP = 12.0  # points: cells that are too wide run into the next one so far


class River(NamedTuple):
    """White space between two columns."""

    x0: float
    x1: float

    @property
    def cut(self) -> float:
        """Half way between the edges."""
        return (self.x0 + self.x1) / 2


class Column(NamedTuple):
    """Edges of the text in a column, and the left edge, the middle and the right edge that most of its cells share."""

    x0: float
    x1: float
    left: float | None
    middle: float | None
    right: float | None


class Cutter:
    """Cuts pieces that hold the cells of several columns; `lines` are those of the header for its own pieces."""

    def __init__(
        self,
        page: PageRuns,
        rivers: Sequence[River],
        columns: Sequence[Column],
        space: float,
        lines: Sequence[TextLine] = (),
    ) -> None:
        self.page, self.rivers, self.columns, self.space = page, rivers, columns, space
        cuts = [float("-inf"), *(river.cut for river in rivers), float("inf")]
        pieces = [piece for line in lines for piece in line.pieces]
        self.heads = [[piece for piece in pieces if low < piece.x0 and piece.x1 < high] for low, high in pairwise(cuts)]

    def cut(self, piece: Piece) -> list[Piece]:
        """The cells of a piece."""
        if not any(piece.x0 < river.cut < piece.x1 for river in self.rivers):
            return [piece]
        parts, rest = [], self._split_words(piece.words)
        for number, river in enumerate(self.rivers):
            if rest[0].x0 >= river.cut or rest[-1].x1 <= river.cut:
                continue
            for at in range(1, len(rest)):
                begins = rest[at].x0 > river.x0 - OVERLAP and rest[at - 1].x0 < river.cut
                if begins and self._is_cell(rest, at, number + 1):
                    parts.append(Piece(rest[:at]))
                    rest = rest[at:]
                    break
        return [*parts, Piece(rest)]

    def _is_cell(self, words: Sequence[Word], at: int, column: int) -> bool:
        """Whether a cell of a column begins with a word: it is aligned there, as is what stands before it."""
        end = self.rivers[column].cut if column < len(self.rivers) else float("inf")
        after = [word for word in words[at:] if word.x1 <= end + ALIGNED]
        before = [word for word in words[:at] if column < 2 or word.x0 > self.rivers[column - 2].cut - ALIGNED]
        if not after or not before or words[at].x0 - words[at - 1].x1 < -OVERLAP:
            return False
        if self._stands_in(after, column, CLOSE) and self._stands_in(before, column - 1, CLOSE):
            return True
        return self._is_gap(words, at) and self._stands_in(after, column, ALIGNED)

    def _stands_in(self, words: Sequence[Word], number: int, near: float) -> bool:
        """Whether words are set as the cells of a column are, or as its header is."""
        column = self.columns[number]
        x0, x1 = words[0].x0, words[-1].x1
        centre = (x0 + x1) / 2
        if any(min(abs(x0 - head.x0), abs(centre - head.centre)) < CLOSE for head in self.heads[number]):
            return True
        if column.left is None and column.middle is None:
            return abs(x1 - column.x1) <= near
        flush = column.left is not None and abs(x0 - column.left) <= near
        return flush or (column.middle is not None and abs(centre - column.middle) <= near)

    def _is_gap(self, words: Sequence[Word], at: int) -> bool:
        """Whether the gap before a word is no usual space: unlike those between the other words."""
        gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
        others = sorted(gap for number, gap in enumerate(gaps) if number != at - 1 and gap > 0)
        if not others:
            return gaps[at - 1] > WIDER * self.space
        usual = others[len(others) // 2]
        return gaps[at - 1] > LEAST * usual and abs(gaps[at - 1] - usual) > UNLIKE * usual

    def _split_words(self, words: Sequence[Word]) -> list[Word]:
        """Words, of which some are the end of one cell and the beginning of the next, without a space between them."""
        found: list[Word] = []
        for word in words:
            rest = word
            for number, river in enumerate(self.rivers, start=1):
                at = self._beginning(rest, number) if rest.x0 < river.cut < rest.x1 else None
                if at is not None:
                    found.append(Word(rest.start, at, rest.x0, float(self.page.boxes[at - 1, 2]), rest.run))
                    rest = Word(at, rest.end, float(self.page.boxes[at, 0]), rest.x1, rest.run)
            found.append(rest)
        return found

    def _beginning(self, word: Word, number: int) -> int | None:
        """The character of a word with which a cell of a column begins."""
        lefts = [head.x0 for head in self.heads[number]]
        left = self.columns[number].left
        lefts += [left] if left is not None else []
        for index in range(word.start + 1, word.end):
            x0 = float(self.page.boxes[index, 0])
            if any(abs(x0 - left) < CLOSE for left in lefts) and not self.page.page.text[index].islower():
                return index
        return None

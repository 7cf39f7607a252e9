"""The cells of a table: its lines put into columns and rows, by rules where they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_columns import GridLine, find_rivers, place
from extract.readers.pdf_table_cutting import Column, River
from extract.readers.pdf_table_extent import Region
from extract.readers.pdf_table_header import header_lines
from extract.readers.pdf_table_levels import Cells, header_rows
from extract.readers.pdf_table_rows import RowFinder
from extract.readers.pdf_table_ruled import fill, find_lattice
from extract.readers.pdf_table_rules import SAME, Bar, Post
from extract.readers.pdf_table_words import TextLine, add_words, split_pieces, usual_space

BESIDE_POST = 4.0  # points between a drawn line and the white space around it
ROW_RULED = 0.3  # of the bands between rules: if no more hold several rows, every row is ruled
DRAWN = 0.5  # of the height of a table: its vertical lines are drawn over more of it, headings between rows apart
Row = list[list[tuple[int, int]]]


class UnreadError(Exception):
    """Why the cells of a region cannot be told apart."""


class GridReader:
    """Reads the cells of one region."""

    def __init__(self, page: PageRuns, region: Region, *, continues: bool = False) -> None:
        self.page, self.region = page, region
        add_words(page, region.lines)
        space = usual_space(region.lines)
        split_pieces(region.lines, space)
        self.bars = sorted(region.bars, key=lambda bar: bar.y)
        self.header = header_lines(page, region.lines, self.bars, continues=continues)
        self.posts = self._inner_posts(region.lines)
        rivers = self._rivers(region.lines)
        if not rivers:
            raise UnreadError("no columns told apart")
        self.gridded = self._is_gridded(rivers)
        self.lines, self.columns = place(page, region.lines, rivers, space, self.header)
        self.rivers = rivers

    def read(self) -> tuple[Cells, int]:
        """The rows of cells and the number of header rows."""
        header, body = self.lines[: self.header], self.lines[self.header :]
        top, end = self.region.top, _top(body[0]) if body else self.region.bottom
        below = [bar.y for bar in self.bars if header and bar.y > header[-1].line.middle]
        if header and self.gridded and below:
            rows = self._ruled([line.line for line in header], top, min(below), min(below))
        else:
            edges = (self.region.x0, self.region.edge)
            closed = bool(self.region.bars)
            rows = header_rows(self.page, header, self.columns, self.region.parts, edges, closed=closed)
        n_header = len(rows)
        rows += self._body_rows(header, body, end)
        return rows, n_header

    def _inner_posts(self, lines: Sequence[TextLine]) -> list[Post]:
        """The drawn vertical lines between columns."""
        x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
        return [post for post in self.region.posts if post.drawn and x0 < post.x < x1]

    def _is_gridded(self, rivers: Sequence[River]) -> bool:
        """Whether all boundaries of columns are drawn, over most of the table."""
        xs = {post.x for post in self.posts}
        drawn = sum(post.bottom - post.top for post in self.posts)
        return bool(xs) and len(rivers) == len(xs) and drawn > DRAWN * len(xs) * (self.region.bottom - self.region.top)

    def _rivers(self, lines: Sequence[TextLine]) -> list[River]:
        """The boundaries of the columns: drawn ones, and white space between them."""
        found = find_rivers(lines, self.header)
        xs = sorted({post.x for post in self.posts})
        posts = [River(x - 0.5, x + 0.5) for x in xs]
        free = [river for river in found if not any(river.x0 - BESIDE_POST < x < river.x1 + BESIDE_POST for x in xs)]
        return sorted([*posts, *(free if len(xs) < len(found) / 2 else [])])

    def _body_rows(self, header: Sequence[GridLine], body: Sequence[GridLine], top: float) -> list[Row]:
        """The rows below the header: as their rules part them, else as their text does."""
        if not body:
            return []
        steps = [b.line.middle - a.line.middle for a, b in pairwise(header) if a.columns & b.columns]
        finder = RowFinder(self.page, self.columns, body, wrapped=min(steps) if steps else None)
        bottom = max(line.line.bottom for line in body)
        edges = [bar.y for bar in self.bars if top < bar.y < bottom]
        parts = [bar for bar in self.region.parts if bar.drawn and top < bar.y < bottom]
        found = finder.rows([*edges, *(bar.y for bar in parts)])
        marks = sorted([*edges, *(bar.y for bar in parts)])
        if len(edges) < 2 and not parts:
            return [self._cells(lines) for lines in found]
        bands: dict[int, list[list[GridLine]]] = {}
        for row in found:
            bands.setdefault(sum(y < row[0].line.middle for y in marks), []).append(row)
        several = [band for band in bands.values() if sum(_is_full(row, self.columns) for row in band) > 1]
        if len(several) > ROW_RULED * len(bands):
            return [self._cells(lines) for lines in found]
        if parts or self.gridded:
            return self._ruled([line.line for line in body], top, bottom, top)
        return [self._cells([line for row in band for line in row]) for band in bands.values()]

    def _ruled(self, lines: Sequence[TextLine], top: float, bottom: float, header: float) -> list[Row]:
        """Rows between rules, of which some may run over a part of the columns: other cells span several rows."""
        region = self.region
        outer = [Post(x, top, bottom, False) for x in (region.x0 - 1, region.x1 + 1)]
        if self.gridded:
            inner = [post for post in self.posts if post.top < bottom and post.bottom > top]
        else:
            inner = [Post(river.cut, top, bottom, False) for river in self.rivers]
        bars: list[Bar] = [bar for bar in (*self.bars, *region.parts) if bar.drawn or bar in self.bars]
        lattice = find_lattice(bars, [*outer, *inner], top, bottom)
        rows = fill(self.page, lattice, lines, header)
        places = [sum(river.cut <= x + 1 for river in self.rivers) for x in (*lattice.cuts[:-1], region.x1 + 1)]
        spread: list[Row] = [[[] for _ in self.columns] for _ in rows]
        for row, wide, y in zip(rows, spread, lattice.heights, strict=True):
            for cell, (first, following) in zip(row, pairwise(places), strict=True):
                for column in range(first, max(following, first + 1) if y < header - SAME else first + 1):
                    wide[column] = wide[column] + cell
        return [row for row in spread if any(row)]

    def _cells(self, lines: Sequence[GridLine]) -> Row:
        """The cells of one row."""
        cells: Row = [[] for _ in self.columns]
        placed = [each for line in lines for each in line.placed]
        if len(placed) == 1 and placed[0].last > placed[0].first:
            cells[0] = placed[0].piece.spans()
            return cells
        for each in placed:
            cells[each.first] += each.piece.spans()
        return cells


def _is_full(row: Sequence[GridLine], columns: Sequence[Column]) -> bool:
    """Whether most columns are filled in a row."""
    return len({each.first for line in row for each in line.placed}) >= max(2, 0.6 * len(columns))


def _top(line: GridLine) -> float:
    """The top of a line, where a cell may begin."""
    return line.line.top - 0.1 * line.line.size

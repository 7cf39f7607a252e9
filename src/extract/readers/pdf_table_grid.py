"""The cells of a table: its lines put into columns and rows, by rules where they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.readers.pdf_runs import PageRuns
from extract.readers.pdf_table_columns import BESIDE_POST, FULL_POST, Column, GridLine, River, find_rivers, place
from extract.readers.pdf_table_extent import Region
from extract.readers.pdf_table_header import Cells, header_lines, header_rows
from extract.readers.pdf_table_rows import RowFinder
from extract.readers.pdf_table_ruled import find_ruled_cells
from extract.readers.pdf_table_rules import Bar
from extract.readers.pdf_table_words import TextLine, add_words, split_pieces, usual_space

ROW_RULED = 0.3  # of the bands between rules: if no more hold several rows, every row is ruled


Row = list[list[tuple[int, int]]]


class UnreadError(Exception):
    """Why the cells of a region cannot be told apart."""


class GridReader:
    """Reads the cells of one region."""

    def __init__(self, page: PageRuns, region: Region) -> None:
        self.page, self.region = page, region
        add_words(page, region.lines)
        split_pieces(region.lines, usual_space(region.lines))
        self.bars = sorted(region.bars, key=lambda bar: bar.y)
        self.header = header_lines(page, region.lines, self.bars)
        rivers = self._rivers(region.lines)
        if not rivers:
            raise UnreadError("no columns told apart")
        self.lines, self.columns = place(page, region.lines, rivers)
        self.rivers = rivers

    def read(self) -> tuple[Cells, int]:
        """The rows of cells and the number of header rows."""
        header, body = self.lines[: self.header], self.lines[self.header :]
        rows = header_rows(self.page, header, self.columns, self.region.parts)
        n_header = len(rows)
        rows += self._body_rows(header, body)
        return rows, n_header

    def _rivers(self, lines: Sequence[TextLine]) -> list[River]:
        """The boundaries of the columns: drawn ones, and white space between them."""
        found = find_rivers(lines, self.header)
        region = self.region
        height = region.bottom - region.top
        xs = sorted(
            post.x
            for post in region.posts
            if post.drawn
            and min(post.bottom, region.bottom) - max(post.top, region.top) > FULL_POST * height
            and min(line.x0 for line in lines) < post.x < max(line.x1 for line in lines)
        )
        if not xs:
            return found
        posts = [River(x - 0.5, x + 0.5) for x in xs]
        free = [river for river in found if not any(river.x0 - BESIDE_POST < x < river.x1 + BESIDE_POST for x in xs)]
        return sorted([*posts, *(free if len(xs) < len(found) / 2 else [])])

    def _body_rows(self, header: Sequence[GridLine], body: Sequence[GridLine]) -> list[Row]:
        """The rows below the header: as their rules part them, else as their text does."""
        if not body:
            return []
        steps = [b.line.middle - a.line.middle for a, b in pairwise(header) if a.columns & b.columns]
        finder = RowFinder(self.page, self.columns, body, wrapped=min(steps) if steps else None)
        inside = range_of(body)
        edges = [bar.y for bar in self.bars if inside[0] < bar.y < inside[1]]
        parts = [bar for bar in self.region.parts if bar.drawn and inside[0] < bar.y < inside[1]]
        found = finder.rows([*edges, *(bar.y for bar in parts)])
        if len(edges) < 2 and not parts:
            return [self._cells(lines) for lines in found]
        marks = sorted([*edges, *(bar.y for bar in parts)])
        bands: dict[int, list[list[GridLine]]] = {}
        for row in found:
            bands.setdefault(sum(y < row[0].line.middle for y in marks), []).append(row)
        several = [band for band in bands.values() if sum(_is_full(row, self.columns) for row in band) > 1]
        if len(several) > ROW_RULED * len(bands):
            return [self._cells(lines) for lines in found]
        if parts:
            return self._ruled(body, parts)
        return [self._cells([line for row in band for line in row]) for band in bands.values()]

    def _ruled(self, body: Sequence[GridLine], parts: Sequence[Bar]) -> list[Row]:
        """Rows between rules of which some run over a part of the columns: other cells span several rows."""
        top, bottom = range_of(body)
        region = self.region
        cuts = [region.x0, *(river.cut for river in self.rivers), region.x1]
        bars = [bar for bar in self.bars if top < bar.y < bottom]
        heights, cells = find_ruled_cells([*bars, *parts], cuts, top, bottom)
        rows: list[Row] = [[[] for _ in self.columns] for _ in heights]
        for line in body:
            at = sum(y <= line.line.middle for y in heights) - 1
            for each in line.placed:
                cell = next(
                    (c for c in cells if c.first_row <= at <= c.last_row and c.first <= each.first <= c.last), None
                )
                rows[cell.first_row if cell else at][each.first] += each.piece.spans()
        return [row for row in rows if any(row)]

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


def range_of(lines: Sequence[GridLine]) -> tuple[float, float]:
    """From the top of the first line to the bottom of the last."""
    return lines[0].line.top - 0.1 * lines[0].line.size, max(line.line.bottom for line in lines)

"""Tables drawn on pages in the ways of journals, and what `find_tables` makes of them, for its tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import pypdfium2
from reportlab.lib.colors import Color
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from extract.readers.pdf_lines import body_type
from extract.readers.pdf_page import read_page
from extract.readers.pdf_runs import PageRuns, Run, find_runs
from extract.readers.pdf_tables import TableArea, find_tables

from .pdf_making import HEIGHT, Draw, column, make_pdf

PROSE = (
    "Between March 2011 and June 2014 the trial enrolled 214 adults with stable disease, and the primary outcome was "
    "reached by 31% of those given the drug and by 45% of those given placebo over a median follow-up of two years. "
    "Adverse events were few, and no patient died of them within the first year. "
)
INDENT = 1.0  # of the height of type: how far a stub that begins with a space is set in
GREY = Color(0.9, 0.9, 0.9)


class Wide(NamedTuple):
    """A cell over several columns."""

    text: str
    columns: int


Cell = str | Wide


@dataclass(frozen=True)
class Style:
    """How a table is set; lengths in points."""

    size: float = 8.0
    leading: float = 9.5
    row_gap: float = 4.0
    inset: float = 4.0
    align: str = "left"  # of all but the first column
    middle: bool = False  # cells centred in the height of their row
    hang: float = 0.0  # how far the second and later lines of a cell are set in
    bold: bool = True  # header
    rules: str = "three"  # three, grid, rows, header, none, dots
    group_rules: bool = False  # under header cells over several columns
    shaded: bool = False  # every second row
    rule_after: frozenset[int] = frozenset()  # rows


def draw_table(
    canvas: Canvas,
    x: float,
    top: float,
    widths: Sequence[float],
    rows: Sequence[Sequence[Cell]],
    style: Style,
    header: int = 1,
) -> float:
    """Draw a table; the height below it."""
    edges = list(accumulate(widths, initial=x))
    y = top
    tops = []
    for number, row in enumerate(rows):
        cells = list(_placed(row))
        font = "Times-Bold" if style.bold and number < header else "Times-Roman"
        broken = [
            (first, last, _broken(text, edges[last] - edges[first] - 2 * style.inset, font, style.size))
            for first, last, text in cells
        ]
        height = max(len(texts) for _, _, texts in broken) * style.leading + style.row_gap
        if style.shaded and number % 2:
            canvas.setFillColor(GREY)
            canvas.rect(edges[0], HEIGHT - y - height, edges[-1] - edges[0], height, stroke=0, fill=1)
            canvas.setFillColor(Color(0, 0, 0))
        for first, last, texts in broken:
            spare = height - style.row_gap - len(texts) * style.leading if style.middle else 0.0
            align = "center" if last - first > 1 and number < header else "left" if first == 0 else style.align
            inset = INDENT * style.size if first == 0 and cells[0][2].startswith(" ") else 0.0
            for line, text in enumerate(texts):
                at = y + style.row_gap / 2 + spare / 2 + line * style.leading
                left = edges[first] + inset + (style.hang if line else 0.0)
                _draw(canvas, text, left, edges[last], at, font, style, align)
            if style.group_rules and number < header - 1 and last - first > 1:
                _rule(canvas, edges[first] + 2, edges[last] - 2, y + height, 0.5)
            if style.rules == "grid":
                _rule(canvas, edges[first], edges[last], y + height, 0.5)
                for edge in (edges[first], edges[last]):
                    canvas.line(edge, HEIGHT - y, edge, HEIGHT - y - height)
        tops.append(y)
        y += height
    _draw_rules(canvas, edges, [*tops, y], style, header)
    return y


def _placed(row: Sequence[Cell]) -> Iterator[tuple[int, int, str]]:
    at = 0
    for cell in row:
        text, count = (cell.text, cell.columns) if isinstance(cell, Wide) else (cell, 1)
        yield at, at + count, text
        at += count


def _broken(text: str, width: float, font: str, size: float) -> list[str]:
    found, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, font, size) > width:
            found.append(line)
            line = word
        else:
            line = longer
    return [*found, line]


def _draw(canvas: Canvas, text: str, x0: float, x1: float, y: float, font: str, style: Style, align: str) -> None:
    canvas.setFont(font, style.size)
    width = stringWidth(text, font, style.size)
    at = {
        "left": x0 + style.inset,
        "right": x1 - style.inset - width,
        "center": (x0 + x1 - width) / 2,
    }[align]
    canvas.drawString(at, HEIGHT - y - style.size, text)


def _rule(canvas: Canvas, x0: float, x1: float, y: float, weight: float) -> None:
    canvas.setLineWidth(weight)
    canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)


def _draw_rules(canvas: Canvas, edges: Sequence[float], tops: Sequence[float], style: Style, header: int) -> None:
    heights = {
        "three": {0, header, len(tops) - 1},
        "grid": {0},
        "rows": {0, *range(header, len(tops))},
        "header": {header},
        "none": set(),
        "dots": {0, len(tops) - 1},
    }[style.rules]
    for number in heights | {row + 1 for row in style.rule_after}:
        _rule(canvas, edges[0], edges[-1], tops[number], 1.0 if number in {0, len(tops) - 1} else 0.5)
    if style.rules == "dots":
        canvas.setFont("Times-Roman", style.size)
        dots = "." * int((edges[-1] - edges[0]) / stringWidth(".", "Times-Roman", style.size))
        canvas.drawString(edges[0], HEIGHT - tops[header] - 1, dots)


@dataclass
class Found:
    """A table that was found: its texts, and the area itself."""

    rows: list[list[str]]
    caption: str
    notes: str
    area: TableArea
    page: int
    runs: PageRuns = field(repr=False)


def read_tables(*pages: Draw, size: tuple[float, float] | None = None) -> list[Found]:
    """The tables found on pages."""
    data = make_pdf(*pages, size=size) if size else make_pdf(*pages)
    return tables_of(data)


def tables_of(data: bytes) -> list[Found]:
    """The tables found in a file."""
    file = pypdfium2.PdfDocument(data)
    found = [find_runs(read_page(file[number], number + 1)) for number in range(len(file))]
    file.close()
    body = body_type(found)
    return [
        Found(
            [[_text(runs, cell) for cell in row] for row in area.rows],
            _words(runs, area.caption),
            _words(runs, area.notes),
            area,
            number,
            runs,
        )
        for number, runs in enumerate(found, start=1)
        for area in find_tables(runs, body, runs.runs)
    ]


def _text(runs: PageRuns, cell: Sequence[tuple[int, int]]) -> str:
    return " ".join(" ".join(runs.page.text[start:end].replace("\ufffe", "-").split()) for start, end in cell)


def _words(runs: PageRuns, words: Sequence[Run]) -> str:
    return _text(runs, [(run.start, run.end) for run in words])


def two_columns_of_prose(canvas: Canvas, top: float, *, repeats: int = 3) -> float:
    """Running text in two columns; the height below it."""
    left = column(canvas, 54, top, 240, PROSE * repeats)
    return max(left, column(canvas, 318, top, 240, PROSE * repeats))


def caption_line(canvas: Canvas, x: float, top: float, label: str, text: str, *, size: float = 8.5) -> float:
    """A caption with a bold label; the height below it."""
    canvas.setFont("Times-Bold", size)
    canvas.drawString(x, HEIGHT - top - size, label)
    canvas.setFont("Times-Roman", size)
    canvas.drawString(x + stringWidth(label + " ", "Times-Bold", size), HEIGHT - top - size, text)
    return top + 1.4 * size

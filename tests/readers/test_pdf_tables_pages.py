"""Tables that go on over pages, stand over two facing pages, or are pictures."""

from __future__ import annotations

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract.readers.pdf_table_rows import reads_on

from .pdf_making import HEIGHT, column, lines
from .pdf_table_making import PROSE, Style, caption_line, draw_table, read_tables, two_columns_of_prose

HEADER = ["Trial", "Drug", "N", "Events"]
ROWS = [
    [f"Trial {number}", drug, str(40 + number), f"{number} ({2 * number}%)"] for number, drug in enumerate("ABCDEF")
]
WIDTHS = [120, 100, 80, 100]


def first_page(style: Style, rows: list[list[str]]):
    def draw(canvas: Canvas) -> None:
        top = two_columns_of_prose(canvas, 60, repeats=5)
        top = caption_line(canvas, 54, top + 20, "Table 1.", "Trials")
        draw_table(canvas, 54, top, WIDTHS, [HEADER, *rows], style)

    return draw


def next_page(style: Style, rows: list[list[str]], *, caption: str = "", header: bool = True):
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", caption) if caption else 60.0
        top = draw_table(canvas, 54, top, WIDTHS, [HEADER, *rows] if header else rows, style, header=int(header))
        two_columns_of_prose(canvas, top + 30, repeats=4)

    return draw


@pytest.mark.parametrize("caption", ["(continued)", "Cont.", "continued", "(Cont'd)"])
def test_a_caption_says_that_a_table_goes_on(caption: str) -> None:
    first, second = read_tables(first_page(Style(), ROWS[:3]), next_page(Style(), ROWS[3:], caption=caption))
    assert (first.area.continues, second.area.continues) == (False, True)
    assert second.rows == [HEADER, *ROWS[3:]]
    assert second.area.header_rows == 1


@pytest.mark.parametrize(
    "style", [Style(), Style(rules="none"), Style(rules="grid"), Style(rules="none", shaded=True)], ids=repr
)
def test_a_table_at_the_top_of_a_page_without_a_caption_goes_on(style: Style) -> None:
    first, second = read_tables(first_page(style, ROWS[:3]), next_page(style, ROWS[3:]))
    assert (first.area.continues, second.area.continues) == (False, True)
    assert second.rows == [HEADER, *ROWS[3:]]
    assert second.area.header_rows == 1


def test_without_a_header_no_row_is_taken_for_one() -> None:
    style = Style(rules="none", bold=False)
    _, second = read_tables(first_page(Style(rules="none"), ROWS[:3]), next_page(style, ROWS[3:], header=False))
    assert second.area.continues
    assert second.area.header_rows == 0
    assert second.rows == ROWS[3:]


def test_the_sign_that_a_table_goes_on_is_neither_note_nor_cell() -> None:
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 500, "Table 1.", "Trials")
        top = draw_table(canvas, 54, top, WIDTHS, [HEADER, *ROWS], Style())
        lines(canvas, 400, top + 2, ["(Continued)"], size=7)

    (table,) = read_tables(draw)
    assert table.notes == ""
    assert table.rows == [HEADER, *ROWS]
    assert any("Continued" in table.runs.page.text[run.start : run.end] for run in table.area.runs)


def test_a_table_over_two_facing_pages() -> None:
    def left(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, two_columns_of_prose(canvas, 60) + 20, "Table 1.", "Trials")
        draw_table(canvas, 54, top, [120, 100, 338], [["Trial", "Drug", "N"], *(row[:3] for row in ROWS)], Style())

    def right(canvas: Canvas) -> None:
        top = two_columns_of_prose(canvas, 60) + 20
        rows = [["Events", "Deaths", "Comment"], *([row[3], "0", "None"] for row in ROWS)]
        draw_table(canvas, 0, top + 12, [200, 100, 100], rows, Style(inset=54))

    first, second = read_tables(left, right)
    assert first.rows == [["Trial", "Drug", "N"], *(row[:3] for row in ROWS)]
    assert second.area.beside
    assert second.area.continues
    assert second.rows == [["Events", "Deaths", "Comment"], *([row[3], "0", "None"] for row in ROWS)]


def test_a_table_that_is_a_picture_is_not_read_and_says_so() -> None:
    def draw(canvas: Canvas) -> None:
        top = column(canvas, 54, 60, 500, PROSE * 3)
        top = caption_line(canvas, 54, top + 20, "Table 1.", "Trials of the drug")
        picture = ImageReader(Image.new("RGB", (40, 20), "white"))
        canvas.drawImage(picture, 54, HEIGHT - top - 150, 400, 150)
        column(canvas, 54, top + 180, 500, PROSE * 3)

    (table,) = read_tables(draw)
    assert table.area.unread == "printed as a picture"
    assert table.rows == []
    assert table.caption == "Table 1. Trials of the drug"


def test_rows_in_which_no_columns_can_be_told_apart_are_not_read() -> None:
    texts = [
        ("Adults with stable disease", "in whom no other cause of it was found by two of the authors"),
        ("Adults whose disease came back after the first or second", "course of the drug"),
        ("Children", "whose parents agreed in writing, and whose teachers were told of the trial"),
        ("People of any age in whom the drug had been stopped early for", "want of effect"),
    ]

    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", "Criteria")
        canvas.setFont("Times-Roman", 8)
        for number, (left, right) in enumerate(texts):
            y = HEIGHT - top - 20 - 11 * number
            canvas.drawString(60, y, left)
            canvas.drawString(60 + canvas.stringWidth(left, "Times-Roman", 8) + 12, y, right)
        canvas.line(54, HEIGHT - top, 500, HEIGHT - top)
        canvas.line(54, HEIGHT - top - 60, 500, HEIGHT - top - 60)
        two_columns_of_prose(canvas, 300)

    (table,) = read_tables(draw)
    assert table.rows == []
    assert table.area.unread == "no columns told apart"
    assert len(table.area.runs) == 8


def test_the_caption_of_a_table_on_another_page_takes_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        top = two_columns_of_prose(canvas, 60, repeats=5)
        caption_line(canvas, 54, top + 20, "Table 1.", "Trials of the drug")

    assert read_tables(draw) == []


CUT = {
    "its rest has no stub": (["Trial 1", "Drug A, then", "0.31 (0.20-"], ["", "drug B", "0.44)"], True),
    "a bracket waits for its end": (["Trial 1 (Marble", "A", "40"], ["et al., 2016)", "", ""], True),
    "its beginning has no stub": (["", "United", ""], ["Trial 2", "States", "40"], True),
    "a row of the same study": (["Trial 1", "A", "40"], ["", "B", "41"], False),
    "another row": (["Trial 1", "A", "40"], ["Trial 2", "B", "41"], False),
    "a heading": (["Trial 1", "A", "40"], ["Children", "", ""], False),
}


@pytest.mark.parametrize(("before", "row", "cut"), CUT.values(), ids=CUT.keys())
def test_a_row_that_the_end_of_a_page_cuts_reads_on(before: list[str], row: list[str], cut: bool) -> None:
    assert reads_on(before, row) is cut

"""What looks like a table and is none: columns of text, references, flow charts, forest plots, formulas."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from .pdf_making import HEIGHT, Draw, column, lines
from .pdf_table_making import PROSE, read_tables, two_columns_of_prose


def columns(canvas: Canvas) -> None:
    two_columns_of_prose(canvas, 60, repeats=7)


def three_columns(canvas: Canvas) -> None:
    for x in (54, 225, 396):
        column(canvas, x, 60, 155, PROSE * 4)


def references(canvas: Canvas) -> None:
    entries = [
        "Ambrose A, Bell B. Walking and its effects on adults. Journal of Things. 2011;4:12-19.",
        "Corrigan C. Cycling in the cold: a trial. Annals of Else. 2016;31:100-8.",
        "Dubrovnik Group. Open labels and closed minds. Lancelot. 2017;390:1-10.",
    ]
    for x in (54, 318):
        top = 60.0
        for number, entry in enumerate(entries * 5, start=1):
            lines(canvas, x, top, [f"{number}."], size=8)
            top = column(canvas, x + 20, top, 220, entry, size=8) + 2


def authors(canvas: Canvas) -> None:
    lines(canvas, 54, 60, ["A Trial of Something in Adults"], font="Times-Bold", size=18)
    names = ["Anna Ambrose, MD", "Berta Bell, PhD", "Carl Corrigan, MD", "Dora Doe, MSc", "Emil Eastman", "Frida Falk"]
    for number, name in enumerate(names):
        lines(canvas, 54 + 180 * (number % 3), 100 + 14 * (number // 3), [name])
    column(canvas, 54, 150, 500, PROSE * 6)


def framed_abstract(canvas: Canvas) -> None:
    top = column(canvas, 60, 104, 490, PROSE * 3)
    canvas.rect(54, HEIGHT - top - 6, 504, top - 94, stroke=1, fill=0)
    two_columns_of_prose(canvas, top + 30, repeats=5)


def flow_chart(canvas: Canvas) -> None:
    top = column(canvas, 54, 60, 500, PROSE * 2) + 30
    texts = ["Records found (n = 412)", "Screened (n = 315)", "Assessed (n = 47)", "Included (n = 18)"]
    for number, text in enumerate(texts):
        y = HEIGHT - top - 50 * number
        for x, words in ((54, text), (320, f"Left out (n = {97 - number})")):
            canvas.rect(x, y - 30, 200, 30, stroke=1, fill=0)
            canvas.setFont("Times-Roman", 9)
            canvas.drawString(x + 20, y - 18, words)
    lines(canvas, 54, top + 200, ["Figure 1. How the trials were found."], size=8)
    column(canvas, 54, top + 240, 500, PROSE * 3)


def forest_plot(canvas: Canvas) -> None:
    top = column(canvas, 54, 60, 500, PROSE * 2) + 30
    rows = [
        ["Study", "Events", "RR (95% CI)"],
        ["Ambrose", "12", "0.61 (0.40-0.93)"],
        ["Bell", "14", "0.87 (0.70-1.10)"],
    ]
    for number, row in enumerate([*rows, ["Corrigan", "9", "1.04 (0.80-1.40)"], ["Pooled", "35", "0.82 (0.73-0.93)"]]):
        for x, text in zip((54, 160, 420), row, strict=True):
            lines(canvas, x, top + 16 * number, [text], size=9)
        if number:
            canvas.line(260 + 10 * number, HEIGHT - top - 16 * number - 5, 330, HEIGHT - top - 16 * number - 5)
    canvas.line(54, HEIGHT - top - 14, 540, HEIGHT - top - 14)
    canvas.line(54, HEIGHT - top - 80, 540, HEIGHT - top - 80)
    lines(canvas, 54, top + 90, ["Figure 2. Risk ratios of the trials."], size=8)
    column(canvas, 54, top + 130, 500, PROSE * 3)


def formulas(canvas: Canvas) -> None:
    top = column(canvas, 54, 60, 500, PROSE * 2) + 10
    for number, formula in enumerate(["y = a + b x", "z = y / s", "w = 1 / v"], start=1):
        lines(canvas, 230, top, [formula])
        lines(canvas, 530, top, [f"({number})"])
        top = column(canvas, 54, top + 24, 500, PROSE) + 10


def numbered_lines(canvas: Canvas) -> None:
    two_columns_of_prose(canvas, 60, repeats=7)
    for number in range(1, 50):
        lines(canvas, 30, 60 + 12 * (number - 1), [str(number)], size=6)
        lines(canvas, 570, 60 + 12 * (number - 1), [str(number + 49)], size=6)


def sentences_about_tables(canvas: Canvas) -> None:
    texts = [
        "The trials differed in their design, in the age of those treated and in the dose, as is shown in detail in",
        "Table 1 (8-14). They were alike in what they measured, and their results are given for all patients in the",
        "Table 2. Overall, the effect was small, as may be seen from the figures that the authors gave for each arm.",
        "Table 3 delineates what was known of the patients who left the study early, most of them in the first year.",
    ]
    lines(canvas, 54, 60, texts)
    column(canvas, 54, 108, 480, PROSE * 8)


NONE: list[Draw] = [
    columns,
    three_columns,
    references,
    authors,
    framed_abstract,
    flow_chart,
    forest_plot,
    formulas,
    numbered_lines,
    sentences_about_tables,
]


@pytest.mark.parametrize("draw", NONE, ids=lambda draw: draw.__name__)
def test_no_table_is_found(draw: Draw) -> None:
    assert read_tables(draw) == []


@pytest.mark.parametrize("draw", NONE, ids=lambda draw: draw.__name__)
def test_no_table_is_found_at_the_top_of_a_later_page(draw: Draw) -> None:
    assert read_tables(columns, draw) == []


def test_an_empty_page_has_no_tables() -> None:
    assert read_tables(lambda canvas: None) == []

"""Which lines are one row: told by gaps, stubs, where numbers begin and how text wraps."""

from __future__ import annotations

import random

import pytest
from reportlab.pdfgen.canvas import Canvas

from .pdf_table_making import Style, Wide, caption_line, draw_table, read_tables, two_columns_of_prose

HEADER = ["Variable", "Drug", "Placebo"]
TIGHT = Style(row_gap=0.0)  # nothing but the words tells rows from lines
CASES: dict[str, tuple[Style, list[list[str]]]] = {
    "headings and rows without a stub": (
        TIGHT,
        [
            ["Sites", "", ""],
            ["Liver", "4", "6"],
            ["", "5", "7"],
            ["Lung", "8", "9"],
            ["All", "", ""],
            ["Any", "3", "2"],
        ],
    ),
    "rows set in below their headings": (
        TIGHT,
        [["Women", "104", "98"], [" Under 40", "31", "29"], [" Over 40", "73", "69"], ["Men", "110", "116"]],
    ),
    "stubs that wrap": (
        TIGHT,
        [
            ["Patients with an event of any kind during the first year of treatment", "12", "14"],
            ["Deaths (of any cause, in hospital or out of it)", "3", "5"],
            ["Serious events", "1", "0"],
        ],
    ),
    "stubs that wrap with a hanging indent": (
        Style(row_gap=0.0, hang=8.0),
        [
            ["Ambrose, Bellweather and Corrigan 2011", "Walking and cycling in the first year", "None"],
            ["Dubrovnik Group for the Study of Walking 2016", "Cycling", "Usual care and a leaflet on walking"],
            ["Eastman 2019", "Walking", "None"],
        ],
    ),
    "dashes are cells": (
        TIGHT,
        [["Death", "1 (1)", "1 (1)"], ["Relapse", "-", "-"], ["Withdrawal", "2 (3)", "-"], ["Transfer", "-", "4 (5)"]],
    ),
    "signs between letters end no line": (
        TIGHT,
        [["+/+", "17", "16"], ["Disease at entry", "", ""], ["+/-", "4", "5"], ["A/B", "", ""], ["-/-", "1", "2"]],
    ),
    "brackets that wait for their end": (
        Style(row_gap=5.0),
        [
            ["First year", "43 (95% CI by the method of Peto, 31-55)", "67 (95% CI by the method of Peto, 54-77)"],
            ["Second year", "47 (SE 2.6)", "55 (SE 2.7)"],
        ],
    ),
    "lists in cells": (
        TIGHT,
        [
            ["Ambrose", "Drug A 20 mg/day; drug B 40 mg/day; drug C weekly", "0.14; 0.15"],
            ["Bell", "Drug A vs. none", "0.93 vs. 2.10"],
            ["Corrigan", "Drug B, then the drug that the patient had not had", "NR"],
        ],
    ),
}


@pytest.mark.parametrize(("style", "rows"), CASES.values(), ids=CASES.keys())
def test_rows_are_told_from_lines(style: Style, rows: list[list[str]]) -> None:
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, two_columns_of_prose(canvas, 60) + 20, "Table 1.", "What was found")
        top = draw_table(canvas, 54, top, [110, 110, 110], [HEADER, *rows], style)
        two_columns_of_prose(canvas, top + 40)

    (table,) = read_tables(draw)
    assert table.rows == [HEADER, *([row[0].strip(), *row[1:]] for row in rows)]


HEADERS: dict[str, tuple[list[list[str | Wide]], list[list[str]], Style]] = {
    "lines of one cell": (
        [["Trial (first author)", "Patients randomised", "Median age, years (range)", "Events"]],
        [["Trial (first author)", "Patients randomised", "Median age, years (range)", "Events"]],
        Style(),
    ),
    "two levels, the upper one over all": (
        [["", Wide("Patients with an event", 3)], ["Trial", "Year one", "Year two", "Later"]],
        [["", *["Patients with an event"] * 3], ["Trial", "Year one", "Year two", "Later"]],
        Style(),
    ),
    "an upper level that wraps": (
        [["", Wide("Patients given the drug for at least one year (n = 40)", 2), ""], ["Trial", "n", "%", "P"]],
        [["", *["Patients given the drug for at least one year (n = 40)"] * 2, ""], ["Trial", "n", "%", "P"]],
        Style(),
    ),
    "three levels": (
        [["", Wide("Events", 3)], ["", Wide("Drug", 2), ""], ["Trial", "n", "%", "P"]],
        [["", *["Events"] * 3], ["", "Drug", "Drug", ""], ["Trial", "n", "%", "P"]],
        Style(group_rules=True),
    ),
    "three levels between lines": (
        [["", Wide("Events", 3)], ["", Wide("Drug", 2), ""], ["Trial", "n", "%", "P"]],
        [["", *["Events"] * 3], ["", "Drug", "Drug", ""], ["Trial", "n", "%", "P"]],
        Style(rules="grid"),
    ),
}


@pytest.mark.parametrize(("printed", "read", "style"), HEADERS.values(), ids=HEADERS.keys())
def test_levels_of_a_header(printed: list[list[str | Wide]], read: list[list[str]], style: Style) -> None:
    body = [["Ambrose", "14", "35", "0.04"], ["Bell", "9", "22", "0.31"], ["Corrigan", "31", "40", "0.7"]]

    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, two_columns_of_prose(canvas, 60) + 20, "Table 1.", "What was found")
        top = draw_table(canvas, 54, top, [90, 60, 60, 60], [*printed, *body], style, header=len(printed))
        two_columns_of_prose(canvas, top + 40)

    (table,) = read_tables(draw)
    assert table.rows == [*read, *body]
    assert table.area.header_rows == len(read)


def test_a_cell_that_spans_columns_stands_in_the_first_of_them() -> None:
    rows: list[list[str | Wide]] = [
        ["Ambrose", "14", "35"],
        ["Bell", Wide("not reported by arm", 2)],
        ["Corrigan", "31", "40"],
        ["Doe", "3", "4"],
    ]

    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", "What was found")
        draw_table(canvas, 54, top, [90, 70, 70], [HEADER, *rows], Style(rules="grid"))
        two_columns_of_prose(canvas, 300)

    (table,) = read_tables(draw)
    assert table.rows[2] == ["Bell", "not reported by arm", ""]


WORDS = ("adults", "children", "response", "relapse", "death", "infection", "nausea", "drug", "arm", "year", "any")


def made_up(seed: int) -> tuple[list[str], list[list[str]], list[float]]:
    """A table of invented words and figures, with the widths of its columns."""
    chance = random.Random(seed)
    columns = chance.randint(3, 7)

    def words(most: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most))).capitalize()

    def figure() -> str:
        number = chance.randint(0, 900)
        return chance.choice(
            [f"{number}", f"{number / 10:.1f}", f"{number} ({number // 9}%)", "NR", f"{number / 7:.2f} (SE 0.3)"]
        )

    textual = {0, *(column for column in range(1, columns) if chance.random() < 0.3)}
    header = [f"{words(2)} {number}" for number in range(columns)]
    rows = [
        [words(8) if column in textual else figure() for column in range(columns)] for _ in range(chance.randint(3, 14))
    ]
    return header, rows, [90.0 if column in textual else 65.0 for column in range(columns)]


@pytest.mark.parametrize("seed", range(24))
def test_tables_of_any_size(seed: int) -> None:
    header, rows, widths = made_up(seed)
    style = [
        Style(row_gap=5.0),
        Style(rules="grid", align="center", middle=True),
        Style(rules="none", shaded=True),
        Style(rules="rows", align="center"),
    ][seed % 4]

    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 40, 60, "Table 1.", "What was found")
        draw_table(canvas, 40, top, widths, [header, *rows], style)

    (table,) = read_tables(draw, two_columns_page)
    assert table.rows == [header, *rows]


def two_columns_page(canvas: Canvas) -> None:
    two_columns_of_prose(canvas, 60, repeats=6)

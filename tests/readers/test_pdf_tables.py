"""Tables on PDF pages: where they stand, and their cells, whatever rules, shades or spaces they are set with."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from .pdf_making import column, lines
from .pdf_table_making import (
    PROSE,
    Found,
    Style,
    Wide,
    caption_line,
    draw_table,
    read_tables,
    two_columns_of_prose,
)

HEADER = ["Study", "Country", "Patients", "Response (%)", "Comment"]
ROWS = [
    ["Ambrose 2011", "Norway", "214", "31 (24-39)", "No serious events in either group"],
    [
        "Bellweather and Thistlewood 2013",
        "Japan",
        "1,096",
        "45 (41-49)",
        "Stopped early after the second interim analysis",
    ],
    ["Corrigan 2016", "New Zealand", "88", "NR", "Crossover"],
    ["Dubrovnik group 2017", "Croatia", "402", "28 (23-33)", "Open label; results at five years are awaited"],
    ["Eastman 2019", "Kenya", "530", "39 (35-43)", "Children only"],
]
WIDTHS = [100, 70, 60, 80, 150]
STYLES = {
    "three rules": Style(),
    "all cells ruled": Style(rules="grid"),
    "all cells ruled, cells centred": Style(rules="grid", align="center", middle=True),
    "every row ruled": Style(rules="rows", align="center", middle=True),
    "rows shaded": Style(rules="none", shaded=True),
    "no rules": Style(rules="none"),
    "a rule under the header": Style(rules="header", bold=False),
    "rows as close as the lines of a cell": Style(row_gap=0.0),
    "rules printed as dots": Style(rules="dots"),
    "centred": Style(align="center", middle=True),
    "cells close to one another": Style(inset=1.8),
}


def page_with(style: Style, *, header: list = [HEADER], rows: list = ROWS, widths: list[float] = WIDTHS):  # noqa: B006
    def draw(canvas: Canvas) -> None:
        top = two_columns_of_prose(canvas, 60)
        top = caption_line(canvas, 54, top + 20, "Table 1.", "Trials of the drug in adults with stable disease")
        top = draw_table(canvas, 54, top, widths, [*header, *rows], style, header=len(header))
        lines(
            canvas, 54, top + 2, ["CI, confidence interval; NR, not reported; Response, partial or complete."], size=7
        )
        two_columns_of_prose(canvas, top + 40, repeats=2)

    return draw


def the_table(found: list[Found]) -> Found:
    (table,) = found
    return table


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_cells_are_read_however_the_table_is_set(style: Style) -> None:
    table = the_table(read_tables(page_with(style)))
    assert table.rows == [HEADER, *ROWS]
    assert table.area.header_rows == 1
    assert table.caption == "Table 1. Trials of the drug in adults with stable disease"
    assert table.notes.startswith("CI, confidence interval")
    assert table.area.unread is None
    assert not table.area.continues


def test_right_aligned_figures_under_centred_headers() -> None:
    header = ["Endpoint", "Drug", "Placebo", "P value"]
    rows = [["Death", "7", "11", "0.34"], ["Relapse", "23", "104", "<0.001"], ["Any event", "1,030", "998", "0.8"]]
    table = the_table(
        read_tables(page_with(Style(align="right"), header=[header], rows=rows, widths=[120, 80, 80, 80]))
    )
    assert table.rows == [header, *rows]


TWO_LEVELS = [
    ["", Wide("Drug (n = 40)", 2), Wide("Placebo (n = 41)", 2), ""],
    ["Adverse event", "Any grade", "Grade 3-4", "Any grade", "Grade 3-4", "P value"],
]
SPREAD = [
    ["", "Drug (n = 40)", "Drug (n = 40)", "Placebo (n = 41)", "Placebo (n = 41)", ""],
    ["Adverse event", "Any grade", "Grade 3-4", "Any grade", "Grade 3-4", "P value"],
]
EVENTS = [
    ["Nausea", "12 (30)", "1 (3)", "9 (22)", "0", "0.41"],
    ["Peripheral neuropathy", "17 (43)", "3 (8)", "4 (10)", "1 (2)", "0.001"],
    ["Rash", "5 (13)", "0", "6 (15)", "0", "0.78"],
]


@pytest.mark.parametrize(
    "style",
    [
        Style(),
        Style(group_rules=True),
        Style(rules="grid"),
        Style(rules="none"),
        Style(align="center", bold=False),
        Style(align="right", group_rules=True),
    ],
    ids=["three rules", "rules under groups", "grid", "none", "centred", "right"],
)
def test_a_header_cell_over_several_columns_is_repeated_over_each(style: Style) -> None:
    widths = [110, 70, 70, 70, 70, 60]
    table = the_table(read_tables(page_with(style, header=TWO_LEVELS, rows=EVENTS, widths=widths)))
    assert table.rows == [*SPREAD, *EVENTS]
    assert table.area.header_rows == 2


def test_headings_between_rows_and_rows_set_in_stand_in_the_stub() -> None:
    rows = [
        ["Sex", "", ""],
        ["  Women", "104", "98"],
        ["  Men", "110", "116"],
        ["Age at diagnosis, with those of unknown age left out", "", ""],
        ["  Under 40 years", "31", "29"],
        ["  40 years or older", "183", "185"],
    ]

    style = Style(row_gap=0.5)
    table = the_table(read_tables(page_with(style, header=[["", "Drug", "Placebo"]], rows=rows, widths=[150, 80, 80])))
    assert table.rows == [["", "Drug", "Placebo"], *([row[0].strip(), *row[1:]] for row in rows)]


def test_rules_between_groups_of_rows_end_no_table_and_part_no_group() -> None:
    rows = [
        ["Drug", "A", "12"],
        ["", "B", "14"],
        ["", "C", "9"],
        ["Placebo", "A", "20"],
        ["", "B", "22"],
        ["", "C", "19"],
    ]
    style = Style(rule_after=frozenset({3}))
    table = the_table(
        read_tables(page_with(style, header=[["Arm", "Centre", "Events"]], rows=rows, widths=[90, 90, 90]))
    )
    assert table.rows == [["Arm", "Centre", "Events"], *rows]


def test_a_rule_over_some_columns_parts_only_their_cells() -> None:
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", "Findings")
        widths = [110, 60, 200, 110]
        rows = [
            ["Study", "N", "Finding", "Measure"],
            ["Ambrose et al., 2011", "214", "Fewer events with the drug", "HR 0.61 (0.40-0.93)"],
            ["", "", "No difference in deaths", "HR 0.97 (0.71-1.32)"],
            ["Corrigan et al., 2016", "88", "Fewer admissions to hospital in the second year", "RR 0.70"],
        ]
        bottom = draw_table(canvas, 54, top, widths, rows, Style(row_gap=8), header=1)
        canvas.setLineWidth(0.5)
        for y, x0 in ((52.5, 54), (35, 224), (17.5, 54)):
            canvas.line(x0, 792 - bottom + y, 534, 792 - bottom + y)
        two_columns_of_prose(canvas, 300)

    table = the_table(read_tables(draw))
    assert table.rows[1:] == [
        ["Ambrose et al., 2011", "214", "Fewer events with the drug", "HR 0.61 (0.40-0.93)"],
        ["", "", "No difference in deaths", "HR 0.97 (0.71-1.32)"],
        ["Corrigan et al., 2016", "88", "Fewer admissions to hospital in the second year", "RR 0.70"],
    ]


def test_a_table_in_one_column_beside_running_text() -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, 318, 60, 240, PROSE * 9)
        top = column(canvas, 54, 60, 240, PROSE * 2)
        top = caption_line(canvas, 54, top + 20, "Table 1.", "Deaths by arm")
        rows = [["Arm", "Deaths", "Years"], ["Drug", "7", "2,011"], ["Placebo", "11", "1,987"]]
        top = draw_table(canvas, 54, top, [100, 70, 70], rows, Style(rules="none"))
        column(canvas, 54, top + 20, 240, PROSE * 3)

    table = the_table(read_tables(draw))
    assert table.rows == [["Arm", "Deaths", "Years"], ["Drug", "7", "2,011"], ["Placebo", "11", "1,987"]]
    assert table.area.box.x1 < 318


def test_a_caption_below_its_table() -> None:
    def draw(canvas: Canvas) -> None:
        top = column(canvas, 54, 60, 500, PROSE * 2)
        top = draw_table(canvas, 54, top + 20, WIDTHS, [HEADER, *ROWS], Style(rules="grid"))
        top = caption_line(canvas, 54, top + 4, "TABLE 1:", "Trials of the drug", size=11)
        lines(canvas, 54, top + 4, ["NR, not reported; all figures as published."], size=7)
        column(canvas, 54, top + 50, 500, PROSE * 2)

    table = the_table(read_tables(draw))
    assert table.rows == [HEADER, *ROWS]
    assert table.caption == "TABLE 1: Trials of the drug"
    assert table.notes == "NR, not reported; all figures as published."


def test_a_remark_between_the_caption_and_the_first_rule_is_of_the_caption() -> None:
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", "Trials of the drug")
        lines(canvas, 54, top, ["Values are medians unless stated otherwise."], size=8)
        top = draw_table(canvas, 54, top + 14, WIDTHS, [HEADER, *ROWS], Style())
        two_columns_of_prose(canvas, top + 40)

    table = the_table(read_tables(draw))
    assert table.rows == [HEADER, *ROWS]
    assert table.caption == "Table 1. Trials of the drug Values are medians unless stated otherwise."


def test_two_tables_with_captions_above_keep_theirs() -> None:
    def draw(canvas: Canvas) -> None:
        top = 60.0
        for number, rows in enumerate((ROWS[:3], ROWS[2:]), start=1):
            top = caption_line(canvas, 54, top, f"Table {number}.", "Trials")
            top = draw_table(canvas, 54, top, WIDTHS, [HEADER, *rows], Style()) + 40

    first, second = read_tables(draw)
    assert (first.caption, first.rows) == ("Table 1. Trials", [HEADER, *ROWS[:3]])
    assert (second.caption, second.rows) == ("Table 2. Trials", [HEADER, *ROWS[2:]])


def test_entries_of_a_list_that_begin_elsewhere_are_no_notes() -> None:
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", "Trials of the drug")
        top = draw_table(canvas, 54, top, WIDTHS, [HEADER, *ROWS], Style())
        lines(canvas, 54, top + 2, ["NR, not reported."], size=8)
        entries = [f"{number} Castell A. Drug {number} in asthma: a trial. Airway 2019;7:1-12." for number in (3, 4, 5)]
        lines(canvas, 170, top + 14, entries, size=8)
        two_columns_of_prose(canvas, top + 80)

    table = the_table(read_tables(draw))
    assert table.notes == "NR, not reported."


def test_raised_marks_stay_in_their_cells() -> None:
    def draw(canvas: Canvas) -> None:
        top = caption_line(canvas, 54, 60, "Table 1.", "Doses")
        rows = [["Arm", "Dose, mg", "N"], ["Low", "10", "40"], ["High", "20", "41"]]
        draw_table(canvas, 54, top, [90, 90, 90], rows, Style(row_gap=6))
        canvas.setFont("Times-Roman", 5)
        canvas.drawString(54 + 4 + 12.5, 792 - top - 15.5 - 9, "a")
        two_columns_of_prose(canvas, 300)

    table = the_table(read_tables(draw))
    assert [row[0].replace(" ", "") for row in table.rows] == ["Arm", "Lowa", "High"]


def test_cells_set_as_one_run_are_cut_where_the_next_column_begins() -> None:
    rows = [["Kestrel 2010", "Walking", "12"], ["Kestrel and Marble", "Cycling", "14"], ["Marble 2014", "None", "9"]]
    table = the_table(
        read_tables(page_with(Style(inset=1.0), header=[["Author", "Exercise", "N"]], rows=rows, widths=[66, 40, 40]))
    )
    assert table.rows == [["Author", "Exercise", "N"], *rows]


def test_all_runs_of_a_table_are_taken_once_and_hold_its_cells() -> None:
    (table,) = read_tables(page_with(Style(rules="rows")))
    runs = [*table.area.runs, *table.area.caption, *table.area.notes]
    assert len({id(run) for run in runs}) == len(runs)
    inside = {index for run in table.area.runs for index in range(run.start, run.end)}
    spans = [span for row in table.area.rows for cell in row for span in cell]
    assert all(index in inside for start, end in spans for index in range(start, end))
    printed = [index for start, end in spans for index in range(start, end)]
    assert len(printed) == len(set(printed))
    assert len({len(row) for row in table.area.rows}) == 1

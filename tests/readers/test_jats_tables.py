"""JATS tables: a grid of what cells span, header rows, captions before and notes behind."""

from __future__ import annotations

import pytest

from extract.document import Document

from .making_jats import blocks_of, document_of, grid, tables_of


def table(rows: str, *, around: str = "{}") -> Document:
    """The document of one table."""
    return document_of("<sec><title>Results</title>" + around.format(f"<table>{rows}</table>") + "</sec>")


def rows(*texts: str, tag: str = "td") -> str:
    """Table rows from `a | b`; `b*2` spans two columns, `b^2` two rows."""
    written = []
    for text in texts:
        cells = []
        for cell in text.split("|"):
            words, _, width = cell.strip().partition("*")
            words, _, height = words.partition("^")
            spans = (f' colspan="{width}"' if width else "") + (f' rowspan="{height}"' if height else "")
            cells.append(f"<{tag}{spans}>{words}</{tag}>")
        written.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(written)


def head(*texts: str) -> str:
    """A table head."""
    return f"<thead>{rows(*texts, tag='th')}</thead>"


def body(*texts: str) -> str:
    """A table body."""
    return f"<tbody>{rows(*texts)}</tbody>"


def test_cells_and_header() -> None:
    document = table(head("Outcome | Iron | Placebo") + body("Death | 4 | 6", "Fever | 9 | 8"))
    assert grid(document) == [["Outcome", "Iron", "Placebo"], ["Death", "4", "6"], ["Fever", "9", "8"]]
    (found,) = tables_of(document)
    assert (found.n_rows, found.n_columns, found.header_rows) == (3, 3, 1)
    assert [cell.is_header for cell in found.cells] == [True] * 3 + [False] * 6


def test_each_cell_leads_to_its_element() -> None:
    document = table(head("Outcome | Iron") + body("Death | 4"))
    paths = [document.element(*cell.span) for cell in tables_of(document)[0].cells]
    place = "/article/body/sec/table"
    assert paths == [
        f"{place}/thead/tr/th[1]",
        f"{place}/thead/tr/th[2]",
        f"{place}/tbody/tr/td[1]",
        f"{place}/tbody/tr/td[2]",
    ]


def test_spans_keep_columns_aligned() -> None:
    document = table(
        head("Outcome^2 | Iron*2 | Placebo*2 | P^2", "n | % | n | %") + body("Death | 4 | 10 | 6 | 14 | 0.5")
    )
    assert grid(document) == [
        ["Outcome", "Iron", "", "Placebo", "", "P"],
        ["", "n", "%", "n", "%", ""],
        ["Death", "4", "10", "6", "14", "0.5"],
    ]
    assert tables_of(document)[0].header_rows == 2


def test_a_stub_over_several_rows_stands_in_the_first() -> None:
    document = table(head("Trial | Arm | OS") + body("KESTREL^2 | Iron | 60", "Placebo | 50", "MARBLE | Iron | 70"))
    assert grid(document)[1:] == [["KESTREL", "Iron", "60"], ["", "Placebo", "50"], ["MARBLE", "Iron", "70"]]


def test_a_span_ends_with_its_group_of_rows() -> None:
    document = table(body("Iron^9 | 60", "50") + body("Placebo | 40"))
    assert grid(document) == [["Iron", "60"], ["", "50"], ["Placebo", "40"]]


def test_several_bodies_and_a_heading_between_rows() -> None:
    document = table(head("Outcome | Iron") + body("Efficacy*2", "Death | 4") + body("Safety*2", "Fever | 9"))
    assert grid(document)[1:] == [["Efficacy", ""], ["Death", "4"], ["Safety", ""], ["Fever", "9"]]


def test_columns_and_rows_without_words_are_left_out() -> None:
    document = table(head("Outcome | | Iron | | Placebo") + body("| | | |", "Death | | 4 | | 6"))
    assert grid(document) == [["Outcome", "Iron", "Placebo"], ["Death", "4", "6"]]


def test_labels_indented_by_a_column_are_one_stub() -> None:
    document = table(head("Stage*2 | Iron") + body("Early*2 | 9", " | IA | 4", " | IB | 5"))
    assert grid(document) == [["Stage", "Iron"], ["Early", "9"], ["IA", "4"], ["IB", "5"]]


def test_figures_split_over_two_columns_are_one_cell() -> None:
    document = table(
        head("Outcome | Iron*2 | Placebo*2") + body("Death | 4 | (10%) | 6 | (14%)", "Fever | 9 | (22%) | 8 | ")
    )
    assert grid(document) == [
        ["Outcome", "Iron", "Placebo"],
        ["Death", "4 (10%)", "6 (14%)"],
        ["Fever", "9 (22%)", "8"],
    ]
    last = tables_of(document)[0].cells[4]
    assert document.element(last.span.end - 1, last.span.end) == "/article/body/sec/table/tbody/tr[1]/td[3]"


@pytest.mark.parametrize("second", ["n | % | n | %", "Adults | Children | Adults | Children"])
def test_columns_with_headers_of_their_own_stay_apart(second: str) -> None:
    document = table(head("Outcome^2 | Iron*2 | Placebo*2", second) + body("Death | 4 | (10%) | 6 | (14%)"))
    assert grid(document)[2] == ["Death", "4", "(10%)", "6", "(14%)"]


@pytest.mark.parametrize(
    ("written", "header_rows"),
    [
        (rows("Outcome | Iron", tag="th") + rows("Death | 4"), 1),
        (rows("Outcome | Iron", "Death | 4"), 1),
        (rows("| Iron | Placebo", "| n (%) | n (%)", "Death | 4 (10%) | 6 (14%)"), 2),
        (rows("Group | Meaning", "Low | few", "High | many"), 1),
    ],
    ids=["th", "words over figures", "two rows of words", "words alone"],
)
def test_header_rows_of_a_table_without_a_head(written: str, header_rows: int) -> None:
    assert tables_of(table(written))[0].header_rows == header_rows


def test_the_foot_comes_last_wherever_it_stands() -> None:
    document = table(f"{head('Outcome | Iron')}<tfoot>{rows('Total | 13')}</tfoot>{body('Death | 4', 'Fever | 9')}")
    assert grid(document)[-1] == ["Total", "13"]


FRAME = (
    '<table-wrap id="t1">{}<label>Table 1</label><caption><title>Outcomes</title><p>At one year.</p></caption>'
    "<table-wrap-foot><fn><label>a</label><p>Of any cause.</p></fn>"
    "<p>CI, confidence interval; OS, overall survival; NR, not reached</p></table-wrap-foot></table-wrap>"
)


def test_the_caption_stands_before_and_the_notes_behind() -> None:
    document = table(body("Death<sup>a</sup> | 4", "Fever | 9"), around=FRAME)
    assert blocks_of(document)[1:] == [
        ("caption", "Table 1. Outcomes. At one year."),
        ("table", "Deathᵃ\t4\nFever\t9"),
        ("footnote", "ᵃ Of any cause."),
        ("legend", "CI, confidence interval; OS, overall survival; NR, not reached"),
    ]


def test_tables_of_the_floats_group_and_of_appendices() -> None:
    wrap = f"<table-wrap><label>Table {{}}</label><table>{body('Death | 4', 'Fever | 9')}</table></table-wrap>"
    document = document_of(
        "<p>Text.</p>",
        back=f"<app-group><app><title>More results</title>{wrap.format('A1')}</app></app-group>",
        after=f"<floats-group>{wrap.format(1)}</floats-group>",
    )
    assert [grid(document, number) for number in range(2)] == [[["Death", "4"], ["Fever", "9"]]] * 2


def test_words_inside_cells_stand_apart() -> None:
    document = table(
        rows("Arm | Iron<break/>(n = 40)", "<p>One</p><p>Two</p> | <list><list-item><p>a</p></list-item></list>")
    )
    assert grid(document) == [["Arm", "Iron (n = 40)"], ["One Two", "a"]]


def test_a_table_given_as_an_image_is_said() -> None:
    document = document_of(
        "<table-wrap><label>Table 2</label><caption><p>Deaths</p></caption><graphic/></table-wrap><p>Text.</p>"
    )
    assert document.warnings == ("Table 2. Deaths: an image, its cells are not in the file",)
    assert blocks_of(document) == [("caption", "Table 2. Deaths"), ("paragraph", "Text.")]


def test_of_a_table_and_its_image_the_table_is_read() -> None:
    document = table(
        body("Death | 4", "Fever | 9"), around="<table-wrap><alternatives><graphic/>{}</alternatives></table-wrap>"
    )
    assert grid(document) == [["Death", "4"], ["Fever", "9"]]
    assert document.warnings == ()


OASIS = """<table-wrap>
<oasis:table xmlns:oasis="http://www.niso.org/standards/oasis-exchange/table"><oasis:tgroup cols="3">
<oasis:colspec colname="c1"/><oasis:colspec colname="c2"/><oasis:colspec colname="c3"/>
<oasis:thead><oasis:row><oasis:entry morerows="1">Outcome</oasis:entry>
<oasis:entry namest="c2" nameend="c3">Arms</oasis:entry></oasis:row>
<oasis:row><oasis:entry>Iron</oasis:entry><oasis:entry>Placebo</oasis:entry></oasis:row></oasis:thead>
<oasis:tbody><oasis:row><oasis:entry>Death</oasis:entry>
<oasis:entry colname="c3">6</oasis:entry></oasis:row></oasis:tbody>
</oasis:tgroup></oasis:table></table-wrap>"""


def test_tables_in_the_oasis_form() -> None:
    document = document_of(OASIS)
    assert grid(document) == [["Outcome", "Arms", ""], ["", "Iron", "Placebo"], ["Death", "", "6"]]


@pytest.mark.parametrize("span", ["99999", "9" * 5000, "0", "two", "-1", "²"], ids=lambda span: span[:6])
def test_a_senseless_span_makes_no_large_table(span: str) -> None:
    document = table(f'<tr><td>Death</td><td rowspan="{span}">4</td></tr><tr><td>Fever</td></tr>')
    assert tables_of(document)[0].n_rows == 2
    wide = table(f'<tr><td>Death</td><td>4</td><td colspan="{span}">5</td></tr><tr><td>Fever</td><td>9</td></tr>')
    assert tables_of(wide)[0].n_columns <= 3


def test_a_table_too_large_for_a_grid_keeps_its_cells() -> None:
    wide = f"<tr>{'<td>4</td>' * 500}</tr>"
    document = table(wide + "<tr><td>Death</td></tr>" * 1000)
    (found,) = tables_of(document)
    assert len(found.cells) == 1500

"""Tables from tab-separated and Markdown pipe lines: header rows, stubs and cells."""

from __future__ import annotations

import pytest

from extract.document import BlockKind, Document, Table
from extract.readers import parse_text


def table_of(rows: str) -> tuple[Document, Table]:
    document = parse_text(f"## Results\n\nTable 1 | Trials\n\n{rows}\n\nAsthma is common.\n")
    (block,) = (block for block in document.blocks if block.kind is BlockKind.TABLE)
    assert block.table is not None
    return document, block.table


def grid(document: Document, table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(document.text[slice(*cell.span)])
    return rows


CELLS = [["Trial", "N", "EFS (%)"], ["KESTREL", "40", "51"], ["MARBLE", "60", "48"]]
TABS = "\n".join("\t".join(row) for row in CELLS)
PIPES = "| Trial | N | EFS (%) |\n|:---|---:|---|\n| KESTREL | 40 | 51 |\n| MARBLE | 60 | 48 |"
NARROW = "|Trial|N|EFS (%)|\n|-|-|-|\n|KESTREL|40|51|\n|MARBLE|60|48|".replace("|-|-|-|", "|--|--|--|")


@pytest.mark.parametrize("rows", [TABS, PIPES, NARROW], ids=["tabs", "pipes", "narrow pipes"])
def test_cells_in_reading_order(rows: str) -> None:
    document, table = table_of(rows)
    assert grid(document, table) == CELLS
    assert (table.n_rows, table.n_columns, table.header_rows) == (3, 3, 1)
    assert [cell.is_header for cell in table.cells] == [True] * 3 + [False] * 6
    assert [(cell.row, cell.column) for cell in table.cells] == [(r, c) for r in range(3) for c in range(3)]


@pytest.mark.parametrize("rows", [TABS, PIPES], ids=["tabs", "pipes"])
def test_each_cell_leads_to_its_place_in_the_file(rows: str) -> None:
    document, table = table_of(rows)
    for cell in table.cells:
        (span,) = document.source_spans(*cell.span)
        assert document.source[slice(*span)] == document.text[slice(*cell.span)]


def test_empty_cells_keep_their_column() -> None:
    document, table = table_of("Trial\tN\tEFS (%)\nKESTREL\t\t51\nMARBLE\t60\t48")
    assert grid(document, table) == [["Trial", "N", "EFS (%)"], ["KESTREL", "", "51"], ["MARBLE", "60", "48"]]


def test_two_header_rows() -> None:
    document, table = table_of("Trial\tOutcome\tOutcome\n\tEFS (%)\tOS (%)\nKESTREL\t51\t60\nMARBLE\t48\t55")
    assert table.header_rows == 2
    assert grid(document, table)[1] == ["", "EFS (%)", "OS (%)"]


def test_a_row_that_has_only_its_stub_stays_in_the_table() -> None:
    document, table = table_of("Outcome\tIron\tPlacebo\nDeath\t2\t3\nBleeding of any kind\nMajor\t4\t5\nMinor\t6\t7")
    assert grid(document, table)[2] == ["Bleeding of any kind"]
    assert table.n_rows == 5


def test_an_escaped_pipe_ends_no_cell() -> None:
    document, table = table_of("| Trial | Arm |\n|---|---|\n| KESTREL | a \\| b |")
    assert grid(document, table)[1] == ["KESTREL", "a | b"]


def test_cells_are_normalised_too() -> None:
    document, table = table_of("Trial\tHR\nKESTREL\t0·79 (0·69–0·90)\nMARBLE\t*0.8* m<sup>2</sup>")
    assert grid(document, table)[1:] == [["KESTREL", "0.79 (0.69-0.90)"], ["MARBLE", "0.8 m²"]]


def test_what_stands_after_the_table_is_no_cell() -> None:
    document, _ = table_of(TABS)
    assert document.text.endswith("\nAsthma is common.")
    assert document.blocks[-1].kind is BlockKind.PARAGRAPH

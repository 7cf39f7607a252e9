"""Records in the terminal: one line a record, in words that a person reads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType

from extract.assembly import Extraction
from extract.coverage import Reason, Uncovered
from extract.document import Block, BlockKind, CharSpan
from extract.records import TABLES, Dosing, Evidence, Outcome, ReferenceRow
from extract.sinks.record_tables import reason_table, row_counts, rows_table, uncovered_table

from .making import in_elements, make_extraction, on_pages


def printed(shown: RenderableType) -> str:
    console = Console(width=200, file=StringIO())
    console.print(shown)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def cells(shown: RenderableType) -> list[list[str]]:
    rows = [line for line in printed(shown).splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in row.strip("│").split("│")] for row in rows]


def make_outcome(**fields: Any) -> Outcome:
    given = {"endpoint": "OS", "endpoint_text": "OS", "statistic": "percent", "quote": "", "confidence": "stated"}
    return Outcome(document_id="made", **{"record_id": "o1", "rule": "made", **given, **fields})


def with_rows(**rows: tuple[Any, ...]) -> Extraction:
    made = make_extraction("One line\n\nOS was [PERCENT 50%]")
    return Extraction(made.document, made.mentions, **rows)


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"value": Decimal("24.50"), "unit": "%", "n": 49, "total": 200}, "24.50% (49/200)"),
        ({"value": Decimal(3), "unit": "%", "bound": "<="}, "≤3%"),
        ({"low": Decimal(20), "high": Decimal(25), "unit": "%"}, "20 to 25%"),
        ({"statistic": "count", "n": 0, "total": 12}, "0/12"),
        ({"statistic": "count", "n": 7}, "7"),
        (
            {
                "statistic": "hazard_ratio",
                "value": Decimal("0.80"),
                "ci_level": Decimal(95),
                "ci_low": Decimal("0.66"),
                "ci_high": Decimal("0.97"),
                "p": Decimal("0.02"),
                "p_op": "=",
            },
            "HR 0.80 (95% CI 0.66 to 0.97; p = 0.02)",
        ),
        (
            {
                "statistic": "median",
                "value": Decimal("10.4"),
                "unit": "mo",
                "dispersion_low": Decimal(8),
                "dispersion_high": Decimal(13),
                "dispersion_kind": "iqr",
            },
            "median 10.4 mo (IQR 8 to 13)",
        ),
        (
            {"statistic": "mean_difference", "value": Decimal("-4.1"), "unit": "mm[Hg]", "se": Decimal("0.9")},
            "MD -4.1 mm[Hg] (SE 0.9)",
        ),
        (
            {"statistic": "win_ratio", "value": Decimal("1.2"), "p": Decimal("0.05"), "p_op": "<="},
            "win ratio 1.2 (p ≤ 0.05)",
        ),
    ],
)
def test_a_result_stands_with_its_statistics(fields: dict[str, Any], result: str) -> None:
    shown = cells(rows_table(with_rows(outcomes=(make_outcome(**fields),)), "outcomes"))
    assert shown == [["OS", result]]


def test_an_outcome_has_its_line_time_arms_study_and_doubt() -> None:
    row = make_outcome(
        source_start=17,
        endpoint_text="overall survival",
        value=Decimal(50),
        unit="%",
        timepoint="P2Y",
        arm="placebo",
        versus="candesartan",
        study="CHARM",
        confidence="carried",
    )
    shown = cells(rows_table(with_rows(outcomes=(row,)), "outcomes"))
    assert shown == [["3", "overall survival (OS)", "50%", "2 y", "placebo vs. candesartan", "CHARM", "carried"]]


def test_a_row_of_a_pdf_has_its_page_and_no_line(tmp_path: Path) -> None:
    made = on_pages(make_extraction("One page\nOS was [PERCENT 50%]"), tmp_path, lines_a_page=1)
    row = make_outcome(page_number=2, value=Decimal(50), unit="%")
    shown = rows_table(replace(made, outcomes=(row,)), "outcomes")
    assert cells(shown) == [["2", "OS", "50%"]]
    assert "page" in printed(shown)
    assert "line" not in printed(shown)


def test_a_row_of_an_xml_file_has_the_heading_that_its_evidence_stands_under() -> None:
    made = in_elements(make_extraction("OS was [PERCENT 50%]"))
    block = Block(BlockKind.PARAGRAPH, CharSpan(0, 10), section=("Results", "Survival"))
    evidence = Evidence(document_id="made", record_id="o1", field="value", start=7, end=10, quote="50%")
    placed = replace(made, document=replace(made.document, blocks=(block,)), evidence=(evidence,))
    rows = (make_outcome(value=Decimal(50), unit="%"), make_outcome(record_id="o2", value=Decimal(60), unit="%"))
    shown = cells(rows_table(replace(placed, outcomes=rows), "outcomes"))
    assert shown == [["Survival", "OS", "50%"], ["", "OS", "60%"]]


def test_the_first_rows_stand_under_a_title_that_tells_how_many_there_are() -> None:
    rows = tuple(make_outcome(value=Decimal(number), unit="%") for number in range(5))
    shown = rows_table(with_rows(outcomes=rows), "outcomes", head=2)
    assert cells(shown) == [["OS", "0%"], ["OS", "1%"]]
    assert printed(shown).startswith("outcomes of made: 2 of 5 rows\n")
    assert printed(rows_table(with_rows(outcomes=rows), "outcomes", head=5)).startswith("outcomes of made\n")


@pytest.mark.parametrize(("iso", "shown"), [("P12M", "12 mo"), ("P28D", "28 d"), ("PT6H", "6 h"), ("P1Y6M", "P1Y6M")])
def test_times_are_short(iso: str, shown: str) -> None:
    row = make_outcome(value=Decimal(1), timepoint=iso)
    assert cells(rows_table(with_rows(outcomes=(row,)), "outcomes")) == [["OS", "1", shown]]


def test_an_outcome_without_a_code_stands_under_its_name() -> None:
    row = make_outcome(endpoint="OTHER", endpoint_text="pruritus", value=Decimal(1))
    assert cells(rows_table(with_rows(outcomes=(row,)), "outcomes"))[0][0] == "pruritus"


def test_doses_stand_with_bound_range_and_unit() -> None:
    row = Dosing(
        document_id="made",
        record_id="d1",
        agent="aspirin",
        low=Decimal(75),
        high=Decimal(100),
        unit="mg",
        quote="",
        confidence="stated",
        rule="made",
    )
    assert cells(rows_table(with_rows(dosing=(row,)), "dosing")) == [["aspirin", "75 to 100 mg"]]


def test_other_tables_show_the_columns_that_are_filled() -> None:
    rows = (ReferenceRow(document_id="made", number=1, first_author="Osei", year=2020),)
    text = printed(rows_table(with_rows(references=rows), "references"))
    assert "first_author" in text
    assert "pmid" not in text


def test_a_table_without_rows_says_so() -> None:
    assert printed(rows_table(with_rows(), "trials")) == "trials of made: no rows\n"


def test_markup_of_the_terminal_library_in_a_review_is_text() -> None:
    row = make_outcome(endpoint="OTHER", endpoint_text="[/red] \x1b[2J", value=Decimal(1))
    assert cells(rows_table(with_rows(outcomes=(row,)), "outcomes"))[0][0] == "[/red] �[2J"


def test_rows_are_counted_for_each_document_and_for_all() -> None:
    counts = dict.fromkeys(TABLES, 0)
    shown = cells(row_counts([("one", {**counts, "outcomes": 2}), ("two", {**counts, "outcomes": 3})]))
    assert [row[:3] for row in shown] == [["one", "0", "2"], ["two", "0", "3"], ["all", "0", "5"]]


def make_uncovered(number: str, reason: Reason) -> Uncovered:
    return Uncovered("made", number, reason, 3, 0, len(number), 0, len(number), None, "paragraph", f"in »{number}« of")


def test_uncovered_numbers_stand_with_line_reason_and_context() -> None:
    document = make_extraction("one").document
    shown = uncovered_table(document, [make_uncovered("2019", Reason.YEAR)], 12)
    assert cells(shown) == [["3", "2019", "year or date", "in »2019« of"]]
    assert "made: 1 of 12 numbers" in printed(shown)
    assert printed(uncovered_table(document, [], 12)) == "made: 0 of 12 numbers, in text order\n"


def test_uncovered_numbers_of_a_pdf_stand_with_their_page(tmp_path: Path) -> None:
    made = on_pages(make_extraction("One page\nIn 2019"), tmp_path, lines_a_page=1)
    number = replace(make_uncovered("2019", Reason.YEAR), line=None, start=12, end=16)
    assert cells(uncovered_table(made.document, [number], 1))[0][:2] == ["2", "2019"]


def test_uncovered_numbers_of_an_xml_file_stand_with_their_heading() -> None:
    made = in_elements(make_extraction("In 2019"))
    block = Block(BlockKind.PARAGRAPH, CharSpan(0, 7), section=("Methods",))
    number = replace(make_uncovered("2019", Reason.YEAR), line=None, start=3, end=7)
    assert cells(uncovered_table(replace(made.document, blocks=(block,)), [number], 1))[0][:2] == ["Methods", "2019"]


def test_reasons_are_counted_for_each_document_and_for_all() -> None:
    year, age = make_uncovered("2019", Reason.YEAR), make_uncovered("64", Reason.AGE)
    shown = cells(reason_table([("one", 5, [year, age]), ("two", 4, [year])], set(Reason)))
    assert shown == [
        ["in all", "5", "4", "9"],
        ["in records", "3", "3", "6"],
        ["age", "1", "0", "1"],
        ["year or date", "1", "1", "2"],
    ]


def test_only_the_reasons_asked_for_are_counted_but_what_is_in_records_stays() -> None:
    shown = cells(reason_table([("one", 5, [make_uncovered("2019", Reason.YEAR)])], {Reason.AGE}))
    assert shown == [["in all", "5"], ["in records", "4"]]


def test_many_documents_are_counted_together() -> None:
    documents = [(f"document {number}", 2, [make_uncovered("64", Reason.AGE)]) for number in range(9)]
    assert cells(reason_table(documents, set(Reason))) == [["in all", "18"], ["in records", "9"], ["age", "9"]]

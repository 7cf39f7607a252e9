"""What a query writes and shows: results exact in CSV and JSON, and readable in the terminal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from extract.records import TABLES, Schema
from extract.sinks import query as sink
from extract.sinks.arrow import printed_columns
from extract.sinks.dataset import Dataset
from extract.sinks.query import MAX_COLUMNS, QueryForm, query_table, run_query, write_query
from extract.sinks.text_tables import write_csv

from .datasets import HOSTILE, TEXTS


def written(dataset: Dataset, sql: str, form: QueryForm = "csv", head: int | None = None) -> str:
    """What a query writes."""
    stream = io.StringIO()
    write_query(run_query(dataset.folder, sql), stream, form, head=head)
    return stream.getvalue()


def shown(dataset: Dataset, sql: str, head: int | None = None) -> str:
    """What a query shows in the terminal."""
    console = Console(file=io.StringIO(), width=120)
    console.print(query_table(run_query(dataset.folder, sql), head=head))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


class TestCsv:
    @pytest.mark.parametrize("table", [table for table in TABLES if table != "evidence"])
    def test_a_table_stands_as_it_is_exported(self, dataset: Dataset, tmp_path: Path, table: Schema) -> None:
        printed = printed_columns(table)
        columns = [
            f'"{name}_printed" AS "{name}"' if name in printed else f'"{name}"' for name in TABLES[table].model_fields
        ]
        write_csv(dataset, tmp_path)
        expected = (tmp_path / f"{table}.csv").read_bytes().decode()
        assert written(dataset, f'SELECT {", ".join(columns)} FROM "{table}"') == expected

    @pytest.mark.parametrize(
        ("value", "cell"),
        [
            ("NULL", ""),
            ("1.50::DECIMAL(9, 4)", "1.5000"),
            ("12345678901234567890.123456789::DECIMAL(38, 9)", "12345678901234567890.123456789"),
            ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
            ("0.1 + 0.2::DOUBLE", "0.30000000000000004"),
            ("'nan'::DOUBLE", "nan"),
            ("true", "true"),
            ("DATE '2020-01-31'", "2020-01-31"),
            ("TIMESTAMP '2020-01-31 10:00:00'", "2020-01-31 10:00:00"),
            (r"'\xAA\x00'::BLOB", "aa00"),
            ("[1, 2, NULL]", "1;2;"),
            ("[[12, 18], [40, 44]]", "12:18;40:44"),
            ("[DATE '2020-01-31']", "2020-01-31"),
            ("[[[1]]]", "[[[1]]]"),
            ("{'a': 1, 'b': ['x']}", '{"a": 1, "b": ["x"]}'),
            ("[{'a': 1}]", '[{"a": 1}]'),
            ("MAP {'k': 1.5}", '{"k": 1.5}'),
        ],
    )
    def test_each_kind_of_value_has_its_text(self, dataset: Dataset, value: str, cell: str) -> None:
        header, row = csv.reader(io.StringIO(written(dataset, f"SELECT {value} AS v, 1 AS one")))
        assert (header, row) == (["v", "one"], [cell, "1"])

    def test_hostile_texts_come_back_as_they_are(self, dataset: Dataset) -> None:
        csv.field_size_limit(100_000)
        key = HOSTILE.replace("'", "''")
        text = written(dataset, f"SELECT quote, field FROM evidence WHERE document_id = '{key}'")
        rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
        assert [quote for quote, _ in rows] == list(TEXTS)

    def test_an_empty_value_by_itself_is_a_row(self, dataset: Dataset) -> None:
        assert written(dataset, "SELECT unnest(['a', NULL, 'b']) AS v") == 'v\na\n""\nb\n'

    def test_no_rows_have_a_header(self, dataset: Dataset) -> None:
        assert written(dataset, "SELECT 1 AS a, 2 AS b WHERE false") == "a,b\n"


class TestJson:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("NULL", None),
            ("1.50::DECIMAL(9, 4)", 1.5),
            ("170141183460469231731687303715884105727::HUGEINT", 170141183460469231731687303715884105727),
            ("'nan'::DOUBLE", None),
            ("'-inf'::DOUBLE", None),
            ("true", True),
            ("DATE '2020-01-31'", "2020-01-31"),
            (r"'\xAA\x00'::BLOB", "aa00"),
            ("[1, 2, NULL]", [1, 2, None]),
            ("[[1.5], []]", [[1.5], []]),
            ("{'a': 1, 'b': [DATE '2020-01-31']}", {"a": 1, "b": ["2020-01-31"]}),
            ("MAP {1: 'x'}", {"1": "x"}),
        ],
    )
    def test_each_kind_of_value_has_its_place(self, dataset: Dataset, value: str, expected: object) -> None:
        assert json.loads(written(dataset, f"SELECT {value} AS v", "jsonl")) == {"v": expected}

    def test_no_column_is_lost_that_shares_its_name(self, dataset: Dataset) -> None:
        assert json.loads(written(dataset, "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a", "jsonl")) == {
            "a": 1,
            "a_3": 2,
            "a_2": 3,
            "a_4": 4,
        }

    def test_hostile_texts_come_back_as_they_are(self, dataset: Dataset) -> None:
        lines = written(dataset, "SELECT quote FROM evidence", "jsonl").split("\n")[:-1]
        assert [json.loads(line)["quote"] for line in lines][-len(TEXTS) :] == list(TEXTS)


@pytest.mark.parametrize(("form", "lines"), [("csv", 3), ("jsonl", 2)])
def test_the_first_rows_alone_can_be_written(dataset: Dataset, form: QueryForm, lines: int) -> None:
    assert written(dataset, "SELECT * FROM range(1000000000000)", form, head=2).count("\n") == lines


class TestTerminal:
    def test_numbers_stand_to_the_right_without_noise(self, dataset: Dataset) -> None:
        text = shown(dataset, "SELECT unnest(['a', 'b']) AS name, unnest([0.1 + 0.2::DOUBLE, 12.5]) AS number")
        assert "│ a    │    0.3 │" in text
        assert "│ b    │   12.5 │" in text
        assert text.startswith("2 rows\n")

    def test_the_first_rows_are_shown_and_that_there_are_more(self, dataset: Dataset) -> None:
        text = shown(dataset, "SELECT * FROM range(1000000000000)", head=2)
        assert text.startswith("the first 2 rows; there are more\n")
        assert "│     1 │" in text
        assert "│     2 │" not in text

    def test_a_long_result_is_not_all_shown(self, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sink, "MAX_ROWS", 3)
        text = shown(dataset, "SELECT * FROM range(1000000000000)")
        assert text.startswith("the first 3 rows; there are more (--csv and --json give all)\n")
        assert shown(dataset, "SELECT * FROM range(3)").startswith("3 rows\n")
        assert shown(dataset, "SELECT * FROM range(4)", head=5).startswith("4 rows\n")

    def test_many_columns_stand_below_each_other(self, dataset: Dataset) -> None:
        names = ", ".join(f"{number} AS c{number}" for number in range(MAX_COLUMNS + 1))
        text = shown(dataset, f"SELECT {names}, NULL AS missing")
        assert "│   1 │ c0     │ 0     │" in text
        assert "missing" not in text

    def test_no_text_steers_the_terminal(self, dataset: Dataset) -> None:
        text = shown(dataset, "SELECT quote AS \"a\x1b[31m\" FROM evidence WHERE quote LIKE 'control%'")
        assert "control" in text
        assert not {"\x00", "\x1b", "\x9b", "\x0b"} & set(text)

    def test_no_rows_are_said(self, dataset: Dataset) -> None:
        assert shown(dataset, "SELECT 1 WHERE false") == "no rows\n"
        assert shown(dataset, "SELECT 1 AS a").startswith("1 row\n")

    def test_lists_are_joined(self, dataset: Dataset) -> None:
        assert "│ 1, 2 │ 12:18, 40:44 │" in shown(dataset, "SELECT [1, 2] AS a, [[12, 18], [40, 44]] AS b")

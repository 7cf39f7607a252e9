"""Tables as Arrow: rows come back as `extract run` writes them, with numbers as printed and as doubles."""

from __future__ import annotations

import json
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.frames import column_types
from extract.records import TABLES, Dosing, Schema
from extract.sinks.arrow import arrow_schema, printed_columns, to_arrow, to_rows

from .datasets import make_extractions

PRINTED_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)
ARROW_OF_PANDAS = {"string": pa.string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}


def dosing(value: Decimal) -> Dosing:
    """A dose of a value."""
    return Dosing(document_id="a", record_id="d1", value=value, unit="mg", quote="q", confidence="stated", rule="made")


@pytest.mark.parametrize("table", TABLES)
def test_rows_come_back_as_a_run_writes_them(table: Schema) -> None:
    rows = [row for extraction in make_extractions() for row in extraction.rows(table)]
    assert rows
    found = [json.dumps(row) for row in to_rows(to_arrow(rows, table), table)]  # 3 and 3.0 are told apart
    assert found == [json.dumps(row.model_dump(mode="json")) for row in rows]


@pytest.mark.parametrize("table", TABLES)
def test_columns_stand_in_the_order_of_the_records_and_printed_numbers_behind(table: Schema) -> None:
    fields = list(TABLES[table].model_fields)
    assert arrow_schema(table).names == [*fields, *(f"{name}_printed" for name in printed_columns(table))]


@pytest.mark.parametrize("table", TABLES)
def test_types_are_those_of_the_frames(table: Schema) -> None:
    for name, kind in column_types(TABLES[table]).items():
        found = arrow_schema(table).field(name).type
        assert pa.types.is_list(found) if kind == "object" else found == ARROW_OF_PANDAS[kind]


@pytest.mark.parametrize("table", TABLES)
def test_what_a_record_must_have_is_not_null(table: Schema) -> None:
    required = {name for name, field in TABLES[table].model_fields.items() if field.is_required()}
    assert {column.name for column in arrow_schema(table) if not column.nullable} == required


def test_lists_in_lists_have_their_own_types() -> None:
    schema = arrow_schema("evidence")
    assert schema.field("source_spans").type == pa.list_(pa.list_(pa.int64()))
    assert schema.field("boxes").type == pa.list_(pa.list_(pa.float64()))
    assert arrow_schema("outcomes").field("refs").type == pa.list_(pa.int64())
    assert arrow_schema("trials").field("aliases").type == pa.list_(pa.string())


def test_a_number_is_a_double_and_a_text_as_printed() -> None:
    data = to_arrow([dosing(Decimal("0.80"))], "dosing")
    assert data["value"].to_pylist() == [0.8]
    assert data["value_printed"].to_pylist() == ["0.80"]
    assert data["low"].to_pylist() == data["low_printed"].to_pylist() == [None]


@given(PRINTED_NUMBERS)
def test_every_printed_number_keeps_its_digits(number: Decimal) -> None:
    (row,) = to_rows(to_arrow([dosing(number)], "dosing"), "dosing")
    assert Decimal(row["value"]).as_tuple() == number.as_tuple()


def test_no_rows_have_all_columns() -> None:
    for table in TABLES:
        assert to_arrow([], table).schema.equals(arrow_schema(table), check_metadata=True)

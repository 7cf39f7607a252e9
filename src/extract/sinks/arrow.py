"""Tables as Arrow: typed columns for Parquet, DuckDB and pandas, and back to the rows that `extract run` writes.

A number stands twice: in its column as a double, to compute with, and as printed (`0.80`) in a text column
`<column>_printed` behind all others. Lists are lists; missing is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pyarrow as pa

from extract.records import TABLES, Record, Schema
from extract.values import as_printed

SCHEMA_VERSION = "1.0"  # of the tables: the second number grows with columns added, the first with any other change
PRINTED = "_printed"  # ends the name of a column that holds a number as printed
_TYPES: dict[type, pa.DataType] = {
    bool: pa.bool_(),  # before int, which it is, too
    int: pa.int64(),
    float: pa.float64(),
    Decimal: pa.float64(),
}

ColumnKind = Literal["text", "integer", "number", "boolean", "list"]
_PANDAS = {pa.int64(): "Int64", pa.float64(): "Float64", pa.bool_(): "boolean", pa.string(): "string"}


@cache
def arrow_schema(table: Schema) -> pa.Schema:
    """The columns of a table: those of its records in their order, then the printed numbers."""
    return schema_of(TABLES[table], table)


@cache
def schema_of(model: type[Record], name: str) -> pa.Schema:
    """The columns of records of a kind, as a table of a name has them."""
    columns = [
        _column(field_name, _type_of(field.annotation), field.description or "", required=field.is_required())
        for field_name, field in model.model_fields.items()
    ]
    columns += [_column(each + PRINTED, pa.string(), f"`{each}` as printed.") for each in _printed(model)]
    metadata = {"schema_version": SCHEMA_VERSION, "table": name, "pandas": json.dumps(_for_pandas(columns))}
    return pa.schema(columns, metadata=metadata)


@cache
def printed_columns(table: Schema) -> tuple[str, ...]:
    """The columns of a table that hold numbers as printed."""
    return _printed(TABLES[table])


def kind_of(column: pa.DataType) -> ColumnKind:
    """What the cells of a column of this type are."""
    if pa.types.is_list(column):
        return "list"
    if pa.types.is_boolean(column):
        return "boolean"
    if pa.types.is_integer(column):
        return "integer"
    return "number" if pa.types.is_floating(column) else "text"


def to_arrow(rows: Sequence[Record], table: Schema) -> pa.Table:
    """Records of a table as Arrow."""
    return _fill(rows, arrow_schema(table), printed_columns(table))


def records_to_arrow(rows: Sequence[Record], model: type[Record], name: str) -> pa.Table:
    """Records of a kind that is no table of a dataset as Arrow."""
    return _fill(rows, schema_of(model, name), _printed(model))


def _fill(rows: Sequence[Record], schema: pa.Schema, decimals: Sequence[str]) -> pa.Table:
    """A schema filled with the fields of records; `decimals` are the columns of numbers as printed."""
    columns = []
    for field in schema:
        if field.name.endswith(PRINTED):
            values = [getattr(row, field.name.removesuffix(PRINTED)) for row in rows]
            columns.append(pa.array([None if value is None else as_printed(value) for value in values], field.type))
        elif field.name in decimals:
            values = [getattr(row, field.name) for row in rows]
            columns.append(pa.array([None if value is None else float(value) for value in values], field.type))
        else:
            columns.append(pa.array([getattr(row, field.name) for row in rows], field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def to_rows(data: pa.Table | pa.RecordBatch, table: Schema) -> Iterator[dict[str, Any]]:
    """The rows of a table as `extract run` writes them in JSON: numbers as printed, in the columns of the records."""
    names = list(TABLES[table].model_fields)
    decimals = printed_columns(table)
    columns = [data.column(name + PRINTED if name in decimals else name).to_pylist() for name in names]
    if table == "evidence":
        at = names.index("boxes")
        columns[at] = [[[int(page), *edges] for page, *edges in boxes] for boxes in columns[at]]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


@cache
def _printed(model: type[Record]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if Decimal in _plain_types(field.annotation))


def _column(name: str, kind: pa.DataType, meaning: str, *, required: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=not required, metadata={"description": meaning})


def _for_pandas(columns: Sequence[pa.Field]) -> dict[str, Any]:
    """What tells pandas to read nullable types, so that a page number with gaps stays whole (see its user guide)."""
    described = [
        {
            "name": column.name,
            "field_name": column.name,
            "pandas_type": str(column.type),
            "numpy_type": _PANDAS.get(column.type, "object"),
            "metadata": None,
        }
        for column in columns
    ]
    return {"index_columns": [], "column_indexes": [], "columns": described, "attributes": {}}


def _type_of(annotation: Any) -> pa.DataType:
    """The Arrow type of a column."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _type_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _type_of(next(option for option in get_args(annotation) if option is not type(None)))
    if origin is tuple:
        inner = [_type_of(each) for each in get_args(annotation) if each is not Ellipsis]
        return pa.list_(inner[-1])  # a box, page and four edges, is a list of doubles
    if origin is Literal:
        return pa.string()
    return next((kind for known, kind in _TYPES.items() if issubclass(annotation, known)), pa.string())


def _plain_types(annotation: Any) -> set[Any]:
    arguments = get_args(annotation)
    return {annotation} if not arguments else {each for argument in arguments for each in _plain_types(argument)}

"""Frames: the tables as tidy pandas data frames, with the rows, columns and order that `extract run` writes.

Column types follow from the schema, so that an empty frame has the same ones: text is `string`, whole numbers are
`Int64`, true and false `boolean`, decimals `Float64`, lists are tuples. Missing is `pandas.NA`; a list without items is
empty. With `printed`, decimals are `decimal.Decimal` as printed (`0.80` keeps two digits) or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, Union, get_args, get_origin

from extract.errors import ExtractError
from extract.records import TABLES, Record, Schema

if TYPE_CHECKING:
    import pandas

KEYS: dict[Schema, tuple[str, ...]] = {
    "mentions": ("document_id", "mention_id"),
    "outcomes": ("document_id", "record_id"),
    "dosing": ("document_id", "record_id"),
    "trials": ("document_id", "record_id"),
    "studies": ("document_id", "record_id"),
    "findings": ("document_id", "record_id"),
    "evidence": ("document_id", "record_id", "field", "start"),
    "references": ("document_id", "number"),
    "documents": ("document_id",),
}  # what tells the rows of a table apart
_DTYPES: dict[type, str] = {int: "Int64", bool: "boolean", Decimal: "Float64", tuple: "object"}
TEXT = "string"


class HasRows(Protocol):
    """What holds the rows of one document: an `Extraction`."""

    def rows(self, table: Schema) -> Sequence[Any]:
        """Its rows of a table."""


def to_frames(extractions: Iterable[HasRows], *, printed: bool = False) -> dict[Schema, pandas.DataFrame]:
    """All tables of some extractions as data frames by name, document after document.

    Raises ExtractError where two documents share an id, since rows are told apart by it.
    """
    import pandas  # noqa: PLC0415 - half of the time that a short program takes

    kept = list(extractions)
    frames = {}
    for table, model in TABLES.items():
        rows = [row for extraction in kept for row in extraction.rows(table)]
        columns = {
            name: _column([getattr(row, name) for row in rows], dtype, printed=printed)
            for name, dtype in column_types(model).items()
        }
        frames[table] = pandas.DataFrame(columns)
    ids = frames["documents"]["document_id"]
    if not ids.is_unique:
        shared = ids[ids.duplicated()].iloc[0]
        raise ExtractError(f"two documents have the id {shared!r}; read one with another: read(path, document_id=…)")
    return frames


def column_types(model: type[Record]) -> dict[str, str]:
    """The pandas type of each column of a table."""
    return {name: _DTYPES.get(_plain(field.annotation), TEXT) for name, field in model.model_fields.items()}


def _column(values: list[Any], dtype: str, *, printed: bool) -> Any:
    import pandas  # noqa: PLC0415

    if dtype == "Float64" and not printed:
        return pandas.array([None if value is None else float(value) for value in values], dtype=dtype)
    if dtype == TEXT:
        return pandas.array([None if value is None else str(value) for value in values], dtype=dtype)
    return pandas.Series(values, dtype="object" if dtype == "Float64" else dtype)


def _plain(annotation: Any) -> type:
    """The type of a column's values without `| None` and annotations; words of a list are text."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _plain(next(option for option in get_args(annotation) if option is not type(None)))
    if origin is Literal:
        return str
    plain: type = origin or annotation
    return plain

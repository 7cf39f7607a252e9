"""The columns that a person may set, how what was typed becomes their values, and when two rows say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, get_args
from unicodedata import category

from pydantic import ValidationError

from extract.decisions.entries import DecisionError, Row, TableName
from extract.decisions.gold_rows import gold_cells, gold_mention
from extract.errors import GoldError
from extract.evaluation.gold_records import PRINTED_NUMBER, WHOLE_NUMBER
from extract.records import PROMISED, TABLES
from extract.values import as_printed

# What the program alone fills: where a row stands, how it was found, and what follows from the citations.
_NOT_SET = frozenset({
    "document_id", "record_id", "mention_id", "source_start", "source_end", "page_number", "section", "block_kind",
    "start", "end", "quote", "confidence", "rule", "dois",
})  # fmt: skip
REMARKS = frozenset({"note"})  # columns that say nothing of the result: two rows may differ in them and agree
_PLACEHOLDERS: Row = {
    "document_id": "d", "record_id": "p1", "mention_id": "p1", "start": 0, "end": 1, "quote": "q",
    "confidence": "stated", "rule": "person",
}  # fmt: skip
# Attributes of mentions that belong to some labels alone.
_OWN: Mapping[str, frozenset[str]] = {
    "role": frozenset({"PERCENT"}),
    "code": frozenset({"ENDPOINT", "STATISTIC"}),
    "unit": frozenset({"DOSE"}),
    "implicit": frozenset({"PERCENT"}),
    "agent": frozenset({"DOSE", "AGENT"}),
    "registry": frozenset({"REGISTRY_ID"}),
    "normalized": frozenset({"REGISTRY_ID"}),
    "valid": frozenset({"REGISTRY_ID"}),
    "reason": frozenset({"REGISTRY_ID"}),
    "meant": frozenset({"REGISTRY_ID"}),
    "trial": frozenset({"TRIAL"}),
}
MAX_TEXT = 5_000  # characters of a cell: no result needs more
MAX_ITEMS = 500  # of a list
MAX_DIGITS = 18  # of a number: what fits into the columns of the tables
_MAX_SHOWN = 200  # characters of a refused value
_UNPRINTED = frozenset({"Cc", "Cs"})  # control characters, halves of characters
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-"})
_BOOLEANS = {"true": True, "false": False}


@cache
def settable(table: TableName) -> tuple[str, ...]:
    """The columns of a table that a person may set, in their order."""
    return tuple(name for name in TABLES[table].model_fields if name not in _NOT_SET)


def empty_row(table: TableName) -> dict[str, Any]:
    """A row of a table without anything in it."""
    return {name: [] if _is_list(table, name) else None for name in TABLES[table].model_fields}


def parse_fields(table: TableName, fields: Row) -> dict[str, Any]:
    """Values of columns as the table's JSON has them, from those that a form or a program gives.

    Numbers as printed are texts or whole numbers (a float has lost its printed precision), an empty text is no value,
    a list may be one text cut at `;`, of whole numbers also at commas. Raises DecisionError that names column and
    reason.
    """
    unknown = [name for name in fields if name not in settable(table)]
    if unknown:
        raise DecisionError(f"{table}: {_shown(unknown[0])} is no column that a person may set")
    return {name: _parse(table, name, fields[name]) for name in settable(table) if name in fields}


def check_row(table: TableName, row: Row) -> None:
    """Raise DecisionError where a row does not fit its table, or could not stand in gold."""
    cells = {name: value for name, value in row.items() if value is not None and name not in _PLACEHOLDERS}
    try:
        TABLES[table].model_validate({name: _PLACEHOLDERS[name] for name in _placeholders(table)} | cells)
    except ValidationError as error:
        raise DecisionError(_reason(table, error)) from None
    try:
        if table == "mentions":
            _check_mention(row)
        else:
            gold_cells(table, row, line=1, place=table)
    except GoldError as error:
        raise DecisionError(str(error)) from None


def differing(table: TableName, first: Row, second: Row) -> list[str]:
    """The columns that a person may set in which two rows differ: numbers by value, lists in any order."""
    return [name for name in settable(table) if not same_value(table, name, first.get(name), second.get(name))]


def say_the_same(table: TableName, first: Row, second: Row) -> bool:
    """Whether two rows say the same, whatever the remarks on them."""
    return set(differing(table, first, second)) <= REMARKS


def same_value(table: TableName, name: str, first: Any, second: Any) -> bool:
    """Whether two values of a column are the same: 0.8 is 0.80, the order of a list does not count."""
    if _is_list(table, name):
        return sorted(first or (), key=str) == sorted(second or (), key=str)
    if first is None or second is None:
        return first is second
    if "number" in _kind(table, name):
        return Decimal(str(first)) == Decimal(str(second))
    return bool(first == second)


def changed_fields(seen: Row, fields: Row) -> dict[str, Any]:
    """Those of some fields that are not, to the letter, what the row has already."""
    return {name: value for name, value in fields.items() if seen.get(name) != value}


def _parse(table: TableName, name: str, value: Any) -> Any:
    kind = _kind(table, name)
    if isinstance(value, str):
        value = " ".join(value.split()) or None
    if kind.startswith("list of "):
        items = list(islice(_items(kind, value), MAX_ITEMS + 1))
        if len(items) > MAX_ITEMS:
            raise DecisionError(f"{table} {name}: over {MAX_ITEMS} entries")
        return [_parse_one(table, name, kind.removeprefix("list of "), item) for item in items]
    return None if value is None else _parse_one(table, name, kind, value)


def _items(kind: str, value: Any) -> Iterator[Any]:
    if value is None:
        return
    if isinstance(value, str):
        value = re.split(r"[;,]" if kind == "list of integer" else ";", value)
    if not isinstance(value, Sequence):
        yield value
        return
    for item in value:
        plain = " ".join(item.split()) if isinstance(item, str) else item
        if plain not in ("", None):
            yield plain


def _parse_one(table: TableName, name: str, kind: str, value: Any) -> Any:
    refused = DecisionError(f"{table} {name}: {_shown(value)} is no {_TOLD[kind]}")
    if kind == "boolean":
        if isinstance(value, str) and value.lower() in _BOOLEANS:
            return _BOOLEANS[value.lower()]
        if not isinstance(value, bool):
            raise refused
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise refused
    if isinstance(value, str) and (len(value) > MAX_TEXT or any(category(sign) in _UNPRINTED for sign in value)):
        raise DecisionError(f"{table} {name}: over {MAX_TEXT:,} characters, or signs that cannot be printed")
    if kind == "text":
        if not isinstance(value, str):
            raise refused
        return value
    printed = str(value).translate(_MINUS)
    pattern = WHOLE_NUMBER if kind == "integer" else PRINTED_NUMBER
    if not pattern.fullmatch(printed) or len(printed) > MAX_DIGITS:
        raise refused
    return int(printed) if kind == "integer" else as_printed(Decimal(printed))


def _shown(value: Any) -> str:
    """A value as an error tells it: what nobody typed may be of any size and depth."""
    if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
        return "a list" if isinstance(value, Sequence) else "an object"
    shown = repr(value)
    return shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}…"


_TOLD = {
    "boolean": "true or false",
    "text": "text",
    "integer": "whole number",
    "number": "number as printed: digits, a point, an ASCII minus",
}


def _is_list(table: TableName, name: str) -> bool:
    return _kind(table, name).startswith("list of ")


@cache
def _kind(table: TableName, name: str) -> str:
    """What a column holds: text, integer, number, boolean, or a list of those."""
    types = list(_types(TABLES[table].model_fields[name].annotation))
    prefix = "list of " if tuple in types else ""
    for kind, said in ((bool, "boolean"), (Decimal, "number"), (int, "integer")):
        if kind in types:
            return prefix + said
    return f"{prefix}text"


def _types(annotation: Any) -> Iterator[Any]:
    """All types in an annotation; of `tuple[int, ...]` both."""
    arguments = get_args(annotation)
    if not arguments or getattr(annotation, "__origin__", None) is tuple:
        yield getattr(annotation, "__origin__", annotation)
    for argument in arguments:
        if not isinstance(argument, str):
            yield from _types(argument)


@cache
def _placeholders(table: TableName) -> tuple[str, ...]:
    return tuple(name for name in TABLES[table].model_fields if name in _PLACEHOLDERS)


def _reason(table: TableName, error: ValidationError) -> str:
    first = error.errors()[0]
    column = ".".join(str(part) for part in first["loc"][:1])
    if first["type"] == "missing":
        return f"{table} {column}: is missing"
    return f"{table} {column}: {_shown(first['input'])}: {first['msg'].removeprefix('Value error, ')}"


def _check_mention(row: Row) -> None:
    label = row["label"]
    for name, labels in _OWN.items():
        if row.get(name) is not None and label not in labels:
            raise GoldError(f"mentions: {label} has no {name}")
    if label in PROMISED:
        gold_mention(row, text=row.get("quote") or "q", start=0, line=1, place="mentions")

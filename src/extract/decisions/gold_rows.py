"""Rows and mentions in the spelling of the gold: its columns alone, cells of CSV, a line of JSON a mention."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from extract.decisions.entries import Row, TableName
from extract.evaluation.gold import UNKNOWN_AGENT, gold_attributes, parse_mention
from extract.evaluation.gold_records import GoldDosing, GoldOutcome, GoldRow, GoldTrial, parse_row
from extract.records import Label

GOLD_MODELS: Mapping[TableName, type[GoldRow]] = {
    "outcomes": GoldOutcome,
    "dosing": GoldDosing,
    "trials": GoldTrial,
}
_NUMBERS = ("value", "low", "high")  # JSON numbers as printed: 0.80 stays 0.80
_SEPARATORS = {"refs": ",", "aliases": ";", "registry_ids": ";"}


def gold_columns(table: TableName) -> list[str]:
    """The header of a table's gold."""
    return list(GOLD_MODELS[table].model_fields)


def gold_cells(table: TableName, row: Row, *, line: int, place: str) -> list[str]:
    """The cells of a row in gold, `line` counting from 1; raises GoldError, which begins with `place`, where it does
    not fit.
    """
    cells = [_cell(row, column, line) for column in gold_columns(table)]
    parse_row(place, cells, GOLD_MODELS[table])
    return cells


def gold_mention(row: Row, *, text: str, start: int, line: int, place: str) -> str:
    """The JSON line of a mention in gold, `text` and `start` being those of the gold's file; GoldError as above."""
    label = Label(row["label"])
    fields: dict[str, Any] = {"start": start, "end": start + len(text), "line": line, "label": label, "text": text}
    for name in gold_attributes(label):
        value = row.get(name)
        if name == "agent" and value is None:
            value = UNKNOWN_AGENT
        if value is None or (name == "implicit" and not value):
            continue
        fields[name] = value
    written = ", ".join(f"{json.dumps(name)}: {_json(name, value)}" for name, value in fields.items())
    parse_mention(f"{{{written}}}", place)
    return f"{{{written}}}"


def _cell(row: Row, column: str, line: int) -> str:
    if column == "line":
        return str(line)
    value = row.get(column)
    if column in _SEPARATORS:
        return _SEPARATORS[column].join(map(str, value or ()))
    if value is None:
        return UNKNOWN_AGENT if column == "agent" else ""
    return str(value)


def _json(name: str, value: Any) -> str:
    return str(value) if name in _NUMBERS else json.dumps(value, ensure_ascii=False)

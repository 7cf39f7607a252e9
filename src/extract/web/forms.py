"""What a form asks for a row of each table: its columns with their meanings, kinds and choices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.decisions.entries import TABLE_NAMES, TableName
from extract.decisions.fields import settable
from extract.lexicons import load
from extract.records import PROMISED, TABLES

# What is asked first; the rest is asked for on request where it is empty.
_FIRST: Mapping[TableName, tuple[str, ...]] = {
    "outcomes": ("endpoint", "endpoint_text", "statistic", "value", "unit", "n", "total", "timepoint", "arm", "study"),
    "dosing": ("agent", "value", "low", "high", "unit", "schedule", "route", "study"),
    "trials": ("id", "aliases", "registry_ids", "phase", "enrolled", "years", "age"),
    "mentions": ("label",),
}
_STATISTICS = (
    "percent", "count", "hazard_ratio", "odds_ratio", "risk_ratio", "mean_difference", "risk_reduction", "median",
    "mean", "rate",
)  # fmt: skip
# Attributes that a label has.
LABEL_FIELDS: Mapping[str, tuple[str, ...]] = {
    "TRIAL": ("trial",),
    "REGISTRY_ID": ("registry", "valid"),
    "DOSE": ("agent", "value", "low", "high", "unit"),
    "PERCENT": ("role", "value", "low", "high", "implicit"),
    "ENDPOINT": ("code",),
}


@cache
def form_fields() -> dict[str, list[dict[str, Any]]]:
    """By table: name, meaning, kind (text, number, boolean, list), choices and whether it is asked first."""
    return {table: [_field(table, name) for name in settable(table)] for table in TABLE_NAMES}


def _field(table: TableName, name: str) -> dict[str, Any]:
    schema = TABLES[table].model_json_schema()
    column = schema["properties"][name]
    kinds = [_resolved(each, schema) for each in column.get("anyOf", [column])]
    choices = [choice for kind in kinds for choice in kind.get("enum", ())]
    names = {kind.get("type") for kind in kinds}
    kind = next((told for told, types in _KINDS.items() if names & types), "text")
    is_needed = name in schema.get("required", ())
    field = {"name": name, "meaning": column["description"], "kind": kind, "first": name in _FIRST[table]}
    if table == "mentions" and name == "label":
        choices = [str(label) for label in PROMISED]
    if choices:
        field["choices"] = choices if is_needed else ["", *choices]
    suggestions = _suggestions(table, name)
    if suggestions:
        field["suggestions"] = suggestions
    return field


_KINDS: Mapping[str, frozenset[str]] = {
    "list": frozenset({"array"}),
    "boolean": frozenset({"boolean"}),
    "number": frozenset({"integer", "number"}),
}


def _resolved(kind: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = kind.get("$ref", "")
    found: dict[str, Any] = schema["$defs"][reference.rpartition("/")[2]] if reference else kind
    return found


def _suggestions(table: TableName, name: str) -> list[list[str]]:
    """Values that a field often has, each with its meaning."""
    if name in {"endpoint", "code"}:
        return [[code, meaning] for code, meaning in sorted(load("endpoints").codes.items())]
    if (table, name) == ("outcomes", "statistic"):
        return [[each, each.replace("_", " ")] for each in _STATISTICS]
    return []

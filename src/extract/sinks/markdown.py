"""Markdown for people: the data dictionary from the schema, and scores as a table."""

from __future__ import annotations

from typing import Any

from extract.evaluation import Evaluation, Row
from extract.evaluation.scores import ALL
from extract.records import TABLES

PREFACE = """# Data dictionary

`extract run FILE… -o DIR` writes each table below as `<table>.jsonl` and `<table>.csv`, one row a record, columns in
this order. `extract schema TABLE` prints the JSON Schema that every line of the `.jsonl` file fits. This page is made
by `extract schema --markdown`.

- Offsets count Unicode code points, are half-open (`start` is in, `end` is out) and begin at 0.
- Numbers stand as printed, in JSON as strings: `"0.80"` stays two-digit, a range keeps both ends.
- Missing is `null` in JSON and an empty cell in CSV, never 0. Lists are JSON arrays, in CSV joined with `;`.
- Units are written in UCUM, the order of rows is that of the text.
- CSV cells hold the raw values and are not escaped against spreadsheet formulas. To open one in a spreadsheet program,
  import it as UTF-8 text with all columns as text: that also keeps `0.80` and ids as they are.
"""


def data_dictionary() -> str:
    """Every table and column with its type and meaning."""
    parts = [PREFACE]
    for table, model in TABLES.items():
        schema = model.model_json_schema(mode="serialization")
        definitions = schema.get("$defs", {})
        lines = [f"## {table}\n", f"{schema['description']}\n", "| column | type | meaning |", "|---|---|---|"]
        for name, column in schema["properties"].items():
            meaning = column.get("description", "").replace("|", "\\|")
            lines.append(f"| `{name}` | {_type_of(column, definitions)} | {meaning} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def score_table(evaluation: Evaluation, *, document_id: str | None = None) -> str:
    """Strict precision, recall and F1 with attribute accuracies, one row a label, of one document or of all."""
    rows = evaluation.rows
    if document_id is not None:
        rows = next(document.rows for document in evaluation.documents if document.document_id == document_id)
    lines = [
        "| label | gold | precision | recall | F1 (95% interval) | attributes right |",
        "|---|---:|---:|---:|---:|---|",
    ]
    return "\n".join([*lines, *(_score_row(row) for row in rows)])


def ratio(value: float | None) -> str:
    """A score with three decimals; a dash where it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def _score_row(row: Row) -> str:
    f1 = ratio(row.strict.f1)
    if row.intervals.f1 is not None:
        f1 += f" ({ratio(row.intervals.f1.low)}–{ratio(row.intervals.f1.high)})"
    counted = [item for item in row.attributes if item.total and row.label != ALL]  # over all labels they say nothing
    attributes = ", ".join(f"{item.attribute} {ratio(item.share)}" for item in counted)
    cells = (row.label, str(row.gold), ratio(row.strict.precision), ratio(row.strict.recall), f1, attributes)
    return f"| {' | '.join(cells)} |"


def _type_of(column: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A JSON Schema type in words: `string or null`, one of some words, `list of string`."""
    if "$ref" in column:
        return _type_of(definitions[column["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in column:
        return " or ".join(_type_of(option, definitions) for option in column["anyOf"])
    if "enum" in column:
        return "one of " + ", ".join(f"`{word}`" for word in column["enum"])
    if column["type"] == "array":
        return f"list of {_type_of(column['items'], definitions)}"
    return str(column["type"])

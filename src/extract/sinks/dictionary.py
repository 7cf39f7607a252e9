"""The data dictionary: every table and column with its type and meaning, in Markdown."""

from __future__ import annotations

from typing import Any

from extract.records import TABLES

PREFACE = """# Data dictionary

`extract run FILE… -o DIR` writes each table below as `<table>.jsonl` and `<table>.csv`, one row a record, columns in
this order; `extract batch` writes `<table>.parquet`. `extract schema TABLE` prints the JSON Schema that every line of
the `.jsonl` file fits. This page is made by `extract schema --markdown`.

- Offsets count Unicode code points, are half-open (`start` is in, `end` is out) and begin at 0.
- Numbers stand as printed, in JSON as strings: `"0.80"` stays two-digit, a range keeps both ends.
- Missing is `null` in JSON and an empty cell in CSV, never 0. Lists are JSON arrays, in CSV joined with `;`. Where a
  list holds spans or boxes, their numbers are joined with `:`, so two spans are `12:18;40:44`.
- In Parquet a number is a double, to compute with, and stands once more as printed, as text, in a column behind all
  others: `value` and `value_printed`. Lists are lists, missing is null.
- Rows are told apart by `document_id` with `mention_id`, `record_id` or `number`; `evidence` has a row for each place
  (`start`) of each filled field of each record. `record_id` begins with `o` in `outcomes`, `d` in `dosing`, `t` in
  `trials`, `s` in `studies`.
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


def _type_of(column: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A JSON Schema type in words: `string or null`, one of some words, `list of (integer, integer)`."""
    if "$ref" in column:
        return _type_of(definitions[column["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in column:
        return " or ".join(_type_of(option, definitions) for option in column["anyOf"])
    if "enum" in column:
        return "one of " + ", ".join(f"`{word}`" for word in column["enum"])
    if "prefixItems" in column:
        return f"({', '.join(_type_of(item, definitions) for item in column['prefixItems'])})"
    if column["type"] == "array":
        return f"list of {_type_of(column['items'], definitions)}"
    return str(column["type"])

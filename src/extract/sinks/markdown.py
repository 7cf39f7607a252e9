"""Markdown for people: the data dictionary from the schema, and scores as a table."""

from __future__ import annotations

from typing import Any

from extract.evaluation import Evaluation, Row
from extract.evaluation.bootstrap import Interval
from extract.evaluation.record_report import RecordLine, record_lines, scores_of
from extract.evaluation.scores import ALL
from extract.records import TABLES

PREFACE = """# Data dictionary

`extract run FILE… -o DIR` writes each table below as `<table>.jsonl` and `<table>.csv`, one row a record, columns in
this order. `extract schema TABLE` prints the JSON Schema that every line of the `.jsonl` file fits. This page is made
by `extract schema --markdown`.

- Offsets count Unicode code points, are half-open (`start` is in, `end` is out) and begin at 0.
- Numbers stand as printed, in JSON as strings: `"0.80"` stays two-digit, a range keeps both ends.
- Missing is `null` in JSON and an empty cell in CSV, never 0. Lists are JSON arrays, in CSV joined with `;`. Where a
  list holds spans or boxes, their numbers are joined with `:`, so two spans are `12:18;40:44`.
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


def record_table(evaluation: Evaluation, *, document_id: str | None = None) -> str:
    """Precision, recall and F1 of cores and whole rows with the F1 of the fields, of one document or of all."""
    lines = [
        "| record | gold | precision | recall | F1 (95% interval) | F1 of the fields |",
        "|---|---:|---:|---:|---:|---|",
    ]
    return "\n".join([*lines, *map(_record_row, record_lines(scores_of(evaluation.records, document_id)))])


def ratio(value: float | None) -> str:
    """A score with three decimals; a dash where it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def _score_row(row: Row) -> str:
    f1 = _with_interval(row.strict.f1, row.intervals.f1)
    counted = [item for item in row.attributes if item.total and row.label != ALL]  # over all labels they say nothing
    attributes = ", ".join(f"{item.attribute} {ratio(item.share)}" for item in counted)
    cells = (row.label, str(row.gold), ratio(row.strict.precision), ratio(row.strict.recall), f1, attributes)
    return f"| {' | '.join(cells)} |"


def _record_row(line: RecordLine) -> str:
    score = line.score.score
    fields = ", ".join(f"{field.name} {ratio(field.score.f1)}" for field in line.fields)
    f1 = _with_interval(score.f1, line.score.intervals.f1)
    cells = (line.score.title, str(score.tp + score.fn), ratio(score.precision), ratio(score.recall), f1, fields)
    return f"| {' | '.join(cells)} |"


def _with_interval(value: float | None, interval: Interval | None) -> str:
    return ratio(value) if interval is None else f"{ratio(value)} ({ratio(interval.low)}–{ratio(interval.high)})"


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

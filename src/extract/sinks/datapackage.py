"""`datapackage.json`: the description of a dataset by the Frictionless Data Package specification.

It names each table's file and its checksum, its columns with types and meanings, and its keys. It holds no date: the
same tables have the same description.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from extract.frames import KEYS
from extract.records import TABLES, Schema
from extract.sinks.arrow import SCHEMA_VERSION, ColumnKind, arrow_schema, kind_of

DESCRIPTOR = "datapackage.json"
MEDIA_TYPE = "application/vnd.apache.parquet"
_TYPES: dict[ColumnKind, str] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "list": "any",  # readers by way of pandas meet numpy arrays, which Frictionless takes for no "array"
}
_OWNERS: tuple[Schema, ...] = tuple(table for table in TABLES if table != "documents")


def describe(folder: Path, program: str) -> str:
    """The text of `datapackage.json` for the tables in `folder`; `program` is the name and version of their maker."""
    package = {
        "profile": "tabular-data-package",
        "name": "extracted-reviews",
        "title": "What clinical review articles report",
        "version": SCHEMA_VERSION,
        "description": f"Trials, results, doses and their evidence, made by {program}.",
        "resources": [_resource(folder, table) for table in TABLES],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(folder: Path, table: Schema) -> dict[str, Any]:
    path = folder / f"{table}.parquet"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in arrow_schema(table)],
        "primaryKey": list(KEYS[table]),
        "missingValues": [],  # missing is null; an empty text is a text
    }
    if table in _OWNERS:
        reference = {"resource": "documents", "fields": ["document_id"]}
        schema["foreignKeys"] = [{"fields": ["document_id"], "reference": reference}]
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "title": (TABLES[table].__doc__ or "").strip(),
        "path": path.name,
        "format": "parquet",
        "mediatype": MEDIA_TYPE,
        "sha256": digest,  # as `hash`, which the specification knows, its Python library would look for a text file
        "schema": schema,
    }


def _field(column: pa.Field) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[kind_of(column.type)],
        "description": column.metadata[b"description"].decode(),
    }
    if not column.nullable:
        described["constraints"] = {"required": True}
    return described

"""Results packed small: a table of one document as an Arrow stream under zstd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from extract.batch.outcomes import CONTENT
from extract.batch.sealing import open_seal, seal
from extract.records import TABLES, Schema
from extract.sinks.annotations import Content
from extract.sinks.arrow import arrow_schema, to_arrow

if TYPE_CHECKING:
    from extract.assembly import Extraction

_CODEC = "zstd"


def pack_extraction(extraction: Extraction, *, helpers: bool) -> tuple[dict[str, bytes], dict[Schema, int]]:
    """The parts of a result by name, and how many rows each table has."""
    parts: dict[str, bytes] = {}
    counts: dict[Schema, int] = {}
    for table in TABLES:
        rows = extraction.promised() if table == "mentions" and not helpers else extraction.rows(table)
        counts[table] = len(rows)
        parts[table] = pack(to_arrow(rows, table))
    parts[CONTENT] = compress(Content.of(extraction.document).to_bytes())
    return parts, counts


def pack(rows: pa.Table) -> bytes:
    """A table in bytes."""
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, rows.schema) as writer:
        writer.write_table(rows)
    return compress(stream.getvalue().to_pybytes())


def unpack(data: bytes, table: Schema, *, document_id: str, path: str) -> pa.Table:
    """A packed table with the document id and, in `documents`, the path of the file that it now belongs to."""
    with pa.ipc.open_stream(decompress(data)) as reader:
        rows = reader.read_all()
    return _named(rows, table, document_id=document_id, path=path)


def compress(data: bytes) -> bytes:
    """Bytes made small and sealed."""
    packed: bytes = pa.compress(data, codec=_CODEC, asbytes=True)
    return seal(packed, length=len(data))


def decompress(data: bytes) -> bytes:
    """Undoes `compress`."""
    length, packed = open_seal(data)
    plain: bytes = pa.decompress(packed, length, codec=_CODEC, asbytes=True)
    return plain


def _named(rows: pa.Table, table: Schema, *, document_id: str, path: str) -> pa.Table:
    schema = arrow_schema(table)
    names = {"document_id": document_id}
    if table == "documents":
        names["path"] = path
    for name, value in names.items():
        at = schema.get_field_index(name)
        rows = rows.set_column(at, schema.field(at), pa.array([value] * len(rows), pa.string()))
    return rows

"""The texts of a batch with what was found in them: from the ledger, since a dataset holds no texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.batch.ledger import Entry, Ledger
from extract.batch.outcomes import CONTENT, Options
from extract.batch.packing import decompress, unpack
from extract.batch.versions import hash_file, key_of
from extract.records import TABLES, Schema
from extract.sinks.annotations import AnnotatedDocument, Content
from extract.sinks.arrow import to_rows
from extract.sinks.html.views import ReviewView, view_rows


def annotated_documents(ledger: Ledger) -> Iterator[AnnotatedDocument]:
    """The documents of the last run that have a result, in their order, of several with the same bytes the first."""
    for entry, key in ledger.documents():
        row = read_table(ledger, entry, key, "documents")[0]
        yield AnnotatedDocument(
            document_id=entry.document_id,
            path=str(entry.path),
            sha256=row["sha256"],
            title=row["title"],
            doi=row["doi"],
            content=read_content(ledger, key),
            mentions=tuple(read_table(ledger, entry, key, "mentions")),
        )


def stored_view(ledger: Ledger, entry: Entry, key: str) -> ReviewView:
    """What a page can show of a document from the ledger alone: text and rows, no pages, no coverage."""
    return view_rows({table: read_table(ledger, entry, key, table) for table in TABLES}, read_content(ledger, key))


def is_current(entry: Entry) -> bool:
    """Whether the file has its bytes, and this program would make of it, without OCR, what the ledger holds."""
    try:
        sha256 = hash_file(entry.place)
    except OSError:
        return False
    options = (Options(helpers=helpers) for helpers in (False, True))
    return entry.key in {key_of(sha256, entry.place.suffix, each) for each in options}


def read_table(ledger: Ledger, entry: Entry, key: str, table: Schema) -> list[dict[str, Any]]:
    """The rows of a document's table as `extract run` writes them in JSON."""
    rows = unpack(ledger.part(key, table), table, document_id=entry.document_id, path=str(entry.path))
    return list(to_rows(rows, table))


def read_content(ledger: Ledger, key: str) -> Content:
    """The text and the blocks of a document."""
    return Content.from_bytes(decompress(ledger.part(key, CONTENT)))

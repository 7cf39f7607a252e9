"""The texts of a batch with their mentions, for annotation tools: from the ledger, since a dataset holds no texts."""

from __future__ import annotations

from collections.abc import Iterator

from extract.batch.ledger import Ledger
from extract.batch.outcomes import CONTENT
from extract.batch.packing import decompress, unpack
from extract.sinks.annotations import AnnotatedDocument, Content
from extract.sinks.arrow import to_rows


def annotated_documents(ledger: Ledger) -> Iterator[AnnotatedDocument]:
    """The documents of the last run that have a result, in their order, of several with the same bytes the first."""
    for entry, key in ledger.documents():
        path = str(entry.path)
        row = unpack(ledger.part(key, "documents"), "documents", document_id=entry.document_id, path=path).to_pylist()[
            0
        ]
        mentions = unpack(ledger.part(key, "mentions"), "mentions", document_id=entry.document_id, path=path)
        yield AnnotatedDocument(
            document_id=entry.document_id,
            path=path,
            sha256=row["sha256"],
            title=row["title"],
            doi=row["doi"],
            content=Content.from_bytes(decompress(ledger.part(key, CONTENT))),
            mentions=tuple(to_rows(mentions, "mentions")),
        )

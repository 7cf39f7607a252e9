"""HTML files of articles."""

from __future__ import annotations

from extract.document import Document


def parse_html(data: bytes, *, document_id: str, path: str | None = None, sha256: str | None = None) -> Document:
    """A `Document` from the bytes of a file."""
    raise NotImplementedError

"""JATS/NLM XML."""

from __future__ import annotations

from extract.document import Document


def parse_jats(data: bytes, *, document_id: str, path: str | None = None, sha256: str | None = None) -> Document:
    """A `Document` from the bytes of a file."""
    raise NotImplementedError

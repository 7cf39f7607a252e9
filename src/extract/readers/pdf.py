"""PDF."""

from __future__ import annotations

from extract.document import Document


def parse_pdf(
    data: bytes,
    *,
    document_id: str = "pdf",
    path: str | None = None,
    sha256: str | None = None,
    password: str | None = None,
) -> Document:
    """A `Document` from the bytes of a PDF file."""
    raise NotImplementedError

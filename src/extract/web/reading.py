"""What the worker of the desk does: the view of a review from its file, and pictures of its pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2

from extract.audit import extract_and_audit
from extract.batch.versions import hash_file
from extract.batch.work import pipeline
from extract.document import Page
from extract.errors import ReadError
from extract.readers import load_readers, read
from extract.sinks.html.pages import draw_page
from extract.sinks.html.views import ReviewView, view_extraction


def prepare() -> None:
    """Load what every request needs."""
    load_readers()
    pipeline()


def read_view(place: Path, *, document_id: str, path: str, password: str | None, sha256: str) -> ReviewView:
    """The view of a file that has these bytes; ReadError where it has not, or cannot be read."""
    document = read(place, document_id=document_id, password=password)
    if document.sha256 != sha256:
        raise ReadError(f"{place}: changed since it was extracted")
    nlp = pipeline()
    with nlp.memory_zone():  # the words of one document leave with it
        view = view_extraction(extract_and_audit(document, nlp=nlp, helpers=True))
    documents = [{**row, "path": path} for row in view.tables["documents"]]
    return replace(view, path=path, tables={**view.tables, "documents": documents})


def draw(place: Path, number: int, *, scale: float, password: str | None, sha256: str) -> bytes:
    """A page of a PDF that has these bytes as WebP; ReadError where it has not, or there is no such page."""
    if hash_file(place) != sha256:
        raise ReadError(f"{place}: changed since it was extracted")
    try:
        with pypdfium2.PdfDocument(place, password=password) as pdf:
            if not 1 <= number <= len(pdf):
                raise ReadError(f"{place}: no page {number}; there are pages 1 to {len(pdf)}")
            page = Page(number, *pdf[number - 1].get_size())
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"{place}: cannot be drawn: {error}") from error
    return draw_page(str(place), page, scale=scale, password=password)


def answer(kind: str, values: dict[str, Any]) -> ReviewView | bytes:
    """What the desk asks for."""
    return read_view(**values) if kind == "view" else draw(**values)

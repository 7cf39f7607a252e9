"""The pages of a PDF as pictures with the boxes of what was found over them."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pypdfium2

from extract.document import Page
from extract.errors import ReadError
from extract.sinks.html.views import Box, ReviewView

SCALE = 1.6  # pixels a point: small print stays legible, a page takes some 100 KB
QUALITY = 55  # of WebP, on which letters keep their edges
MAX_PIXELS = 25_000_000  # of one picture


@dataclass(frozen=True, slots=True)
class PageMark:
    """A box on a page, in points, and what it belongs to; `kind` is a label or a severity."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    mark: str
    is_finding: bool


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page: its size in points, its picture's address and its marks."""

    number: int
    width: str
    height: str
    picture: str
    marks: tuple[PageMark, ...]


def shown_pages(view: ReviewView, pictures: Sequence[str]) -> tuple[ShownPage, ...]:
    """The pages of a review with the addresses of their pictures."""
    marks: dict[int, list[PageMark]] = defaultdict(list)
    for number, mark in _marks(view):
        marks[number].append(mark)
    return tuple(
        ShownPage(page.number, _points(page.width), _points(page.height), picture, tuple(marks[page.number]))
        for page, picture in zip(view.pages, pictures, strict=True)
    )


def draw_page(path: str, page: Page, *, scale: float = SCALE, password: str | None = None) -> bytes:
    """A page as WebP; ReadError where it cannot be drawn."""
    return next(draw_pages(path, [page], scale=scale, password=password))


def draw_pages(
    path: str, pages: Sequence[Page], *, scale: float = SCALE, password: str | None = None
) -> Iterator[bytes]:
    """Pages of a PDF as WebP, one after the other; ReadError where one cannot be drawn."""
    try:
        with pypdfium2.PdfDocument(path, password=password) as pdf:
            for page in pages:
                fitting = min(scale, (MAX_PIXELS / max(page.width * page.height, 1)) ** 0.5)
                picture = pdf[page.number - 1].render(scale=fitting).to_pil().convert("RGB")
                data = BytesIO()
                picture.save(data, "WEBP", quality=QUALITY, method=4)
                yield data.getvalue()
    except (pypdfium2.PdfiumError, OSError) as error:
        raise ReadError(f"{path}: cannot be drawn: {error}") from error


def data_address(picture: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/webp;base64,{base64.b64encode(picture).decode()}"


def _marks(view: ReviewView) -> Iterator[tuple[int, PageMark]]:
    labels = {row["mention_id"]: row["label"] for row in view.tables["mentions"]}
    for mention_id, boxes in view.mention_boxes.items():
        for box in boxes:
            yield _mark(box, labels[mention_id], mention_id, is_finding=False)
    severities = {row["record_id"]: row["severity"] for row in view.tables["findings"]}
    for row in view.tables["evidence"]:
        if row["record_id"] in severities:
            for box in row["boxes"]:
                yield _mark(box, severities[row["record_id"]], row["record_id"], is_finding=True)


def _mark(box: Box, kind: str, mark: str, *, is_finding: bool) -> tuple[int, PageMark]:
    page, x0, top, x1, bottom = box
    return page, PageMark(_points(x0), _points(top), _points(x1 - x0), _points(bottom - top), kind, mark, is_finding)


def _points(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

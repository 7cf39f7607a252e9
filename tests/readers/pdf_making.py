"""PDF files made of lines at places, for the tests of the reader."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from extract.document import Document
from extract.readers.pdf import parse_pdf

WIDTH, HEIGHT = 612, 792
SIZE, LEADING = 10, 12
Draw = Callable[[Canvas], None]


def make_pdf(*pages: Draw, size: tuple[float, float] = (WIDTH, HEIGHT), **options: Any) -> bytes:
    """A file with a page for each function that draws."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1, **options)
    for draw in pages:
        canvas.setFont("Times-Roman", SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(
    canvas: Canvas, x: float, top: float, texts: Sequence[str], *, font: str = "Times-Roman", size: float = SIZE
) -> None:
    """Lines one below the other; `top` counts from the top of the page."""
    canvas.setFont(font, size)
    for number, text in enumerate(texts):
        canvas.drawString(x, HEIGHT - top - size - number * LEADING * size / SIZE, text)


def column(canvas: Canvas, x: float, top: float, width: float, text: str, **style: Any) -> float:
    """A paragraph broken into lines of a width; the height below it."""
    size = style.get("size", SIZE)
    font = style.get("font", "Times-Roman")
    broken, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and canvas.stringWidth(longer, font, size) > width:
            broken.append(line)
            line = word
        else:
            line = longer
    lines(canvas, x, top, [*broken, line], **style)
    return top + (len(broken) + 1) * LEADING * size / SIZE


def read_pages(*pages: Draw, **options: Any) -> Document:
    """The document that the reader makes of pages."""
    return parse_pdf(make_pdf(*pages, **options), document_id="made")


def texts_of(document: Document, kind: str) -> list[str]:
    """The texts of the blocks of a kind."""
    return [document.text[slice(*block.span)] for block in document.blocks if block.kind.value == kind]

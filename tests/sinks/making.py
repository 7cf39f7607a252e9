"""Small extractions from marked text: `OS was [PERCENT 50%]`; the same on the pages of a small PDF or in XML."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from extract.assembly import Extraction
from extract.document import (
    Block,
    BlockKind,
    CharSpan,
    Document,
    ElementMap,
    Geometry,
    Page,
    Segment,
    SourceMap,
)
from extract.records import Label, Mention

WIDTH, HEIGHT = A5
SIZE = 10.0  # points: Courier, whose characters are all 0.6 of it wide
LEFT, TOP = 40.0, 40.0  # points: where the first line of a page begins
LEADING = 14.0  # points from line to line
MARK = re.compile(r"\[([A-Z_]+) ([^\]]*)\]")


def make_extraction(marked: str, *, document_id: str = "made", **attributes: dict[str, Any]) -> Extraction:
    """An extraction whose blocks are its lines; `attributes` are given by quote with `_` for other signs."""
    text, mentions, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        mentions.append((Label(match[1]), len(text), match[2]))
        text += match[2]
        position = match.end()
    text += marked[position:]
    blocks = tuple(Block(BlockKind.PARAGRAPH, CharSpan(line.start(), line.end())) for line in re.finditer(r".+", text))
    document = Document(
        document_id=document_id,
        text=text,
        source=text,
        source_map=SourceMap((Segment(0, len(text), 0, len(text)),)),
        blocks=blocks,
        path=f"{document_id}.txt",
        sha256="0" * 64,
    )
    return Extraction(
        document,
        tuple(
            Mention(
                document_id=document_id,
                mention_id=f"m{number}",
                label=label,
                quote=quote,
                start=start,
                end=start + len(quote),
                **attributes.get(re.sub(r"\W", "_", quote), {}),
            )
            for number, (label, start, quote) in enumerate(mentions, start=1)
        ),
    )


def on_pages(extraction: Extraction, folder: Path, *, lines_a_page: int) -> Extraction:
    """The extraction with its lines printed in a PDF, so many on a page, and the geometry of that print."""
    document = extraction.document
    path = folder / f"{document.document_id}.pdf"
    canvas = Canvas(str(path), pagesize=A5, invariant=True)
    boxes, numbers = np.zeros((len(document.source), 4), dtype=np.float32), np.zeros(len(document.source), np.int32)
    number = 0
    for index, match in enumerate(re.finditer(r".+", document.source)):
        if index % lines_a_page == 0:
            if number:
                canvas.showPage()
            number += 1
            canvas.setFont("Courier", SIZE)
        top = TOP + index % lines_a_page * LEADING
        canvas.drawString(LEFT, HEIGHT - top - 0.8 * SIZE, match[0])
        for column, offset in enumerate(range(match.start(), match.end())):
            x0 = LEFT + column * 0.6 * SIZE
            boxes[offset] = (x0, top, x0 + 0.6 * SIZE, top + SIZE)
            numbers[offset] = number
    canvas.save()
    pages = tuple(Page(each, WIDTH, HEIGHT) for each in range(1, number + 1))
    paged = replace(document, path=str(path), pages=pages, geometry=Geometry(boxes, numbers))
    return replace(extraction, document=paged)


def in_elements(extraction: Extraction) -> Extraction:
    """The extraction as if its document had come from an XML file of one element."""
    return replace(extraction, document=replace(extraction.document, elements=ElementMap([(0, "/article/body/p")])))

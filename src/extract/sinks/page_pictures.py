"""Pictures of PDF pages with what was found drawn on them: mentions in the colours of their labels, or blocks.

A mention is a transparent box over each printed line of it; a block is a frame with its place in the reading order and
its kind, one for each column or page that it runs through, and thin frames for the cells of its table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont

from extract.document import BBox, BlockKind, Document, PageBox
from extract.errors import OutputError, ReadError
from extract.records import Label
from extract.sinks.tables import write_atomically
from extract.sinks.terminal import COLOURS

if TYPE_CHECKING:
    from extract.assembly import Extraction

SCALE = 2.0  # pixels a point: 144 to the inch
MAX_PIXELS = 100_000_000  # of one picture: 400 MB while it is drawn
HELPER_COLOUR = "#bbbbbb"
PADDING = 1.0  # points between the words and their frame
LETTER = 7.0  # points: height of the words in the legend
TAG = 5.0  # points: height of the words at a frame, which cover the line above
# Colours of Tol's "muted" scheme and greys; kinds of text that runs on are far apart.
BLOCK_COLOURS: dict[BlockKind, str] = {
    BlockKind.TITLE: "#882255",
    BlockKind.AUTHORS: "#999933",
    BlockKind.FRONT_MATTER: "#777777",
    BlockKind.ABSTRACT: "#44aa99",
    BlockKind.HEADING: "#aa4499",
    BlockKind.PARAGRAPH: "#332288",
    BlockKind.TABLE: "#117733",
    BlockKind.CAPTION: "#cc6677",
    BlockKind.LEGEND: "#b08040",
    BlockKind.FOOTNOTE: "#88ccee",
    BlockKind.REFERENCE: "#555555",
    BlockKind.BACK_MATTER: "#777777",
    BlockKind.FIGURE: "#ddaa33",
    BlockKind.FURNITURE: "#aaaaaa",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn at a box: its frame and, in the legend, its `name`; `tag` stands at its corner."""

    box: BBox
    name: str
    colour: str
    tag: str = ""
    filled: bool = False
    thin: bool = False


Marks = Mapping[int, Sequence[Mark]]  # by page number


def mark_mentions(extraction: Extraction, labels: Sequence[Label]) -> Marks:
    """A filled box for each printed line of each mention of some labels."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mention in extraction.mentions:
        if mention.label in labels:
            colour = COLOURS.get(mention.label, HELPER_COLOUR)
            for page, box in extraction.document.boxes(mention.start, mention.end):
                marks[page].append(Mark(box, str(mention.label), colour, filled=True))
    return marks


def mark_blocks(document: Document) -> Marks:
    """A frame for each block with its number in the reading order and its kind."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    for number, block in enumerate(document.blocks, start=1):
        colour, kind = BLOCK_COLOURS[block.kind], str(block.kind)
        for cell in block.table.cells if block.table else ():
            for page, box in document.boxes(*cell.span):
                marks[page].append(Mark(box, kind, colour, thin=True))
        for page, box in _areas(document.boxes(*block.span), one_a_page=block.table is not None):
            marks[page].append(Mark(box, kind, colour, tag=f"{number} {kind}"))
    return marks


def check_pages(document: Document, out: Path, *, page: int | None = None) -> dict[int, Path]:
    """The pages that are to be drawn, one or all, with their files: `out` or, in a folder, `<id>-page-<number>.png`.

    Raises ReadError for a document without pages or without that page, OutputError where one file is named for many.
    """
    if document.geometry is None or document.path is None:
        raise ReadError(f"{document.path or document.document_id}: has no pages; pictures are drawn of PDF files")
    count = len(document.pages)
    if page is not None and not 1 <= page <= count:
        raise ReadError(f"{document.path}: no page {page}; there are pages 1 to {count}")
    pages = range(1, count + 1) if page is None else (page,)
    if out.suffix.lower() == ".png" and not out.is_dir():
        if len(pages) > 1:
            raise OutputError(f"{out}: one picture cannot hold {count} pages; name a folder, or one page with --page")
        return {pages[0]: out}
    width = len(str(count))
    return {number: out / f"{document.document_id}-page-{number:0{width}}.png" for number in pages}


def write_pages(
    document: Document, marks: Marks, files: Mapping[int, Path], *, scale: float = SCALE, password: str | None = None
) -> list[Path]:
    """Draw pages of a PDF with their marks to PNG files; ReadError or OutputError where that cannot be."""
    pictures = draw_pages(document, marks, list(files), scale=scale, password=password)
    for path, picture in zip(files.values(), pictures, strict=True):
        data = BytesIO()
        picture.save(data, "PNG")
        write_atomically(path, data.getvalue())
    return list(files.values())


def draw_pages(
    document: Document, marks: Marks, pages: Sequence[int], *, scale: float = SCALE, password: str | None = None
) -> Iterator[Image.Image]:
    """The pictures of some pages of a PDF with their marks, each under a legend of the names on it."""
    path = document.path or ""
    try:
        with pypdfium2.PdfDocument(path, password=password) as pdf:
            for number in pages:
                page = pdf[number - 1]
                width, height = page.get_size()
                if width * height * scale * scale > MAX_PIXELS:
                    raise OutputError(
                        f"{path}: page {number} is {width:.0f} x {height:.0f} points; take a lower --scale"
                    )
                picture = page.render(scale=scale).to_pil().convert("RGB")
                yield _with_legend(_with_marks(picture, marks.get(number, ()), scale), marks.get(number, ()), scale)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise ReadError(f"{path}: cannot be drawn: {error}") from error


def _areas(boxes: Sequence[PageBox], *, one_a_page: bool) -> list[PageBox]:
    """The lines of a block put together to areas: one for each column, of a table one for each page."""
    areas: list[PageBox] = []
    for page, box in boxes:
        last = areas[-1] if areas else None
        if last is not None and last.page_number == page and (one_a_page or _goes_on(last.box, box)):
            areas[-1] = PageBox(page, _around(last.box, box))
        else:
            areas.append(PageBox(page, box))
    return areas


def _goes_on(area: BBox, line: BBox) -> bool:
    """Whether a line stands in the column of an area, not above its last line."""
    return line.x0 < area.x1 and line.x1 > area.x0 and line.bottom > area.bottom - (line.bottom - line.top)


def _around(one: BBox, other: BBox) -> BBox:
    return BBox(min(one.x0, other.x0), min(one.top, other.top), max(one.x1, other.x1), max(one.bottom, other.bottom))


def _with_marks(picture: Image.Image, marks: Sequence[Mark], scale: float) -> Image.Image:
    """The page with its marks; a filled one colours the paper and leaves the letters black."""
    colours = Image.new("RGB", picture.size, "white")
    fill = ImageDraw.Draw(colours)
    for mark in marks:
        if mark.filled:
            fill.rectangle(_pixels(mark.box, scale), fill=mark.colour)
    picture = ImageChops.multiply(picture, colours)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(TAG * scale)
    line = max(1, round(scale / 2))
    for mark in marks:
        x0, top, x1, bottom = _pixels(mark.box, scale)
        draw.rectangle((x0, top, x1, bottom), outline=mark.colour, width=1 if mark.thin or mark.filled else line)
    for mark in marks:
        if mark.tag:
            x0, top, _, _ = _pixels(mark.box, scale)
            box = draw.textbbox((x0, top), mark.tag, font=font, anchor="lb")
            draw.rectangle((box[0] - line, box[1] - line, box[2] + line, box[3] + line), fill=mark.colour)
            draw.text((x0, top), mark.tag, fill="white", font=font, anchor="lb")
    return picture


def _with_legend(picture: Image.Image, marks: Sequence[Mark], scale: float) -> Image.Image:
    """The page under a strip that tells the colour of each name on it."""
    names: dict[str, str] = {mark.name: mark.colour for mark in marks}
    font = ImageFont.load_default(LETTER * scale)
    gap = round(LETTER * scale / 2)
    height = round(2 * LETTER * scale)
    legend = Image.new("RGB", (picture.width, height), "white")
    draw = ImageDraw.Draw(legend)
    x = float(gap)
    for name in sorted(names):
        draw.rectangle((x, gap, x + 2 * gap, height - gap), fill=names[name])
        x += 3 * gap
        draw.text((x, height / 2), name, fill="black", font=font, anchor="lm")
        x += draw.textlength(name, font=font) + 3 * gap
    if not names:
        draw.text((gap, height / 2), "nothing marked on this page", fill="black", font=font, anchor="lm")
    whole = Image.new("RGB", (picture.width, picture.height + height), "white")
    whole.paste(legend, (0, 0))
    whole.paste(picture, (0, height))
    return whole


def _pixels(box: BBox, scale: float) -> tuple[float, float, float, float]:
    return (
        (box.x0 - PADDING) * scale,
        (box.top - PADDING) * scale,
        (box.x1 + PADDING) * scale,
        (box.bottom + PADDING) * scale,
    )

"""Articles typeset with ReportLab, a second maker of PDFs: the fonts are the viewer's own, the signs those of Symbol.

Two columns, justified without hyphens; tables and the figure full width on pages of their own; Times has no ≥, ≤ and −.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from .article import Article, Element, Float, Heading, Passage, Run, spanners

WIDTH, HEIGHT = A4
MARGIN = 50
GUTTER = 16
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
FOOT = 60  # points from the foot of the page to the text
HEAD = HEIGHT - 64
JOURNAL = "Reviews of Controlled Trials"
TEXT = ParagraphStyle("text", fontName="Times-Roman", fontSize=9.5, leading=11.4, alignment=TA_JUSTIFY)
FIRST = ParagraphStyle("first", parent=TEXT, spaceBefore=2)
INDENTED = ParagraphStyle("indented", parent=TEXT, firstLineIndent=10)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=17, leading=20, spaceAfter=8)
BYLINE = ParagraphStyle("byline", fontName="Helvetica", fontSize=10, leading=13, spaceAfter=5)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7, leading=8.6, spaceAfter=2)
ABSTRACT = ParagraphStyle("abstract", parent=TEXT, fontName="Times-Bold", fontSize=9)
HEADINGS = (
    ParagraphStyle(
        "one", fontName="Helvetica-Bold", fontSize=11, leading=13, spaceBefore=11, spaceAfter=4, keepWithNext=1
    ),
    ParagraphStyle(
        "two", fontName="Helvetica-Oblique", fontSize=9.5, leading=12, spaceBefore=7, spaceAfter=3, keepWithNext=1
    ),
)
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=6.8, leading=8.2)
CAPTION = ParagraphStyle("caption", fontName="Helvetica-Bold", fontSize=8, leading=10, spaceBefore=12, spaceAfter=4)
ENTRY = ParagraphStyle("entry", parent=TEXT, fontSize=8, leading=9.6, leftIndent=14, firstLineIndent=-14)
MAX_LINES = 8  # of affiliations and dates; more are set as one paragraph
SYMBOL = "≥≤−αβγδκλµχ×±≈∞→"  # what is printed in the font Symbol


def typeset_plainly(article: Article) -> bytes:
    """The PDF of an article; the same article gives the same bytes."""
    title = _title(article)
    height = sum(
        each.wrap(WIDTH - 2 * MARGIN, HEIGHT)[1] + each.getSpaceBefore() + each.getSpaceAfter() for each in title
    )
    below = HEAD - height - 18
    file = BytesIO()
    document = BaseDocTemplate(file, pagesize=A4, invariant=1, title=article.title.text, author="")
    first = [_wide(below, HEAD), _frame(0, below), _frame(1, below)]
    document.addPageTemplates(
        [
            PageTemplate("first", first, onPage=_furniture),
            PageTemplate("later", [_frame(0, HEAD), _frame(1, HEAD)], onPage=_furniture),
            PageTemplate("wide", [_wide(FOOT, HEAD)], onPage=_furniture),
        ]
    )
    floats = [each for each in article.body if isinstance(each, Float)]
    document.build(
        [
            NextPageTemplate("later"),
            *title,
            *_flow(article.body),
            NextPageTemplate("wide"),
            PageBreak(),
            *(part for each in floats for part in _float(each)),
            NextPageTemplate("later"),
            PageBreak(),
            *_flow(article.back),
            *_references(article),
        ]
    )
    return file.getvalue()


def _frame(column: int, top: float) -> Frame:
    left = MARGIN + column * (COLUMN + GUTTER)
    return Frame(left, FOOT, COLUMN, top - FOOT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _wide(bottom: float, top: float) -> Frame:
    width = WIDTH - 2 * MARGIN
    return Frame(MARGIN, bottom, width, top - bottom, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
    """Running heads on the outer side, a page number, and who downloaded it when."""
    canvas.saveState()
    canvas.setFont("Helvetica", 7.5)
    if document.page % 2:
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 42, f"{JOURNAL} 2024, 12(3)")
    else:
        canvas.drawString(MARGIN, HEIGHT - 42, JOURNAL)
    canvas.drawCentredString(WIDTH / 2, 36, str(document.page + 411))
    canvas.setFont("Helvetica", 6)
    canvas.translate(20, HEIGHT / 2)
    canvas.rotate(90)
    canvas.drawCentredString(0, 0, "Downloaded by a reader on 3 June 2024. For personal use only.")
    canvas.restoreState()


def _title(article: Article) -> list[Flowable]:
    parts: list[Flowable] = [Paragraph(_markup(article.title), TITLE), Paragraph(_markup(article.byline), BYLINE)]
    lines = [_markup(line) for line in article.front]
    parts += [Paragraph(line, SMALL) for line in (lines if len(lines) <= MAX_LINES else [" ".join(lines)])]
    parts.append(Spacer(1, 6))
    if article.abstract_heading is not None:
        parts.append(Paragraph(_markup(article.abstract_heading), HEADINGS[0]))
    parts += [Paragraph(_markup(line), ABSTRACT) for line in article.abstract]
    parts += [Paragraph(_markup(line), SMALL) for line in article.keywords]
    return parts


def _flow(elements: Sequence[Element]) -> Iterator[Flowable]:
    style = FIRST
    for element in elements:
        if isinstance(element, Heading):
            yield Paragraph(_markup(element.words), HEADINGS[min(element.level, 2) - 1])
            style = FIRST
        elif not isinstance(element, Float):
            yield Paragraph(_markup(element.words), style)
            style = INDENTED


def _references(article: Article) -> Iterator[Flowable]:
    if article.references_heading is not None:
        yield Paragraph(_markup(article.references_heading), HEADINGS[0])
    for entry in article.references:
        number = f"{entry.number} " if entry.number else ""
        yield Paragraph(number + _markup(entry.words), ENTRY)


def _float(element: Float) -> Iterator[Flowable]:
    caption = [Paragraph(_markup(element.caption), CAPTION)] if element.caption is not None else []
    if element.rows:
        yield from caption
        yield _table(element)
    else:
        yield _drawing()
        yield from caption
    for note in element.notes:
        yield Paragraph(_markup(note), SMALL)
    yield Spacer(1, 14)


def _table(element: Float) -> Table:
    lengths = [max(8, *(len(row[column].text) for row in element.rows)) for column in range(len(element.rows[0]))]
    words = [
        max([6, *(len(word) for row in element.rows for word in row[column].text.split())]) * CELL.fontSize * 0.64 + 8
        for column in range(len(lengths))
    ]
    left = WIDTH - 2 * MARGIN - sum(words)
    widths = [word + max(left, 0) * length / sum(lengths) for word, length in zip(words, lengths, strict=True)]
    head = element.header_rows
    style = [
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, head - 1), (-1, head - 1), 0.5, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    for number, row in enumerate(element.rows[:head]):
        style += [("SPAN", (start, number), (start + width - 1, number)) for start, width in spanners(row)]
    cells = [[Paragraph(_markup(cell), CELL) for cell in row] for row in element.rows]
    return Table(cells, colWidths=widths, repeatRows=head, style=TableStyle(style))


def _drawing() -> Drawing:
    """A flow of boxes with words and arrows between them."""
    drawing = Drawing(WIDTH - 2 * MARGIN, 120)
    steps = ("Records identified (n = 1,204)", "Records screened (n = 861)", "Trials included (n = 22)")
    for place, words in enumerate(steps):
        top = 96 - 44 * place
        drawing.add(Rect(120, top - 6, 220, 24, fillColor=None, strokeColor=colors.black, strokeWidth=0.7))
        drawing.add(String(230, top + 3, words, fontName="Helvetica", fontSize=8, textAnchor="middle"))
        if place:
            drawing.add(Line(230, top + 18, 230, top + 38, strokeWidth=0.7))
    return drawing


def _markup(words: Passage) -> str:
    return "".join(_run(run) for run in words.runs)


def _run(run: Run) -> str:
    text = re.sub(f"[{SYMBOL}]+", r'<font name="Symbol">\g<0></font>', escape(run.text))
    if run.script:
        tag = "super" if run.script == "sup" else "sub"
        text = f"<{tag}>{text}</{tag}>"
    if run.italic:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if run.bold else text

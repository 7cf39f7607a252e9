"""Articles typeset with Typst in the manner of several journals; the same article and style give the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typst

from .article import Article, Element, Float, Heading, Paragraph, Passage, Run, spanners

TEMPLATE = Path(__file__).with_name("journal.typ")
DATE = 1_717_200_000  # seconds since 1970: the first of June 2024
DOI = "10.5555/atr.2024.0101"
# Of the font size: a character's width in the fonts used, for the widths of table columns.
MEAN_ADVANCE = 0.54
BOLD_ADVANCE = 0.66
CELL_INSET = 8  # points left and right of a cell's words
_LABEL = re.compile(r"(?i)(?:table|figure)\s\d+")
_UNIT_END = re.compile(r"(?:m|cm|kg)$")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a journal looks; sizes in points. `journal.typ` says what the words of `rules`, `abstract` … look like.

    `wide_tables` and `narrow_tables` say where tables go, `turned_tables` where the first wide one goes instead;
    `unit_glyphs` prints m² with the font's own raised two.
    """

    name: str
    journal: str = "Annals of Trial Reviews"
    issue: str = "2024; 7: 101–118"
    doi: str = DOI
    first_page: int = 101
    width: float = 595
    height: float = 792
    margin_left: float = 48
    margin_right: float = 48
    margin_top: float = 58
    margin_bottom: float = 54
    columns: int = 2
    gutter: float = 18
    side_bar: float = 0
    font: str = "Libertinus Serif"
    size: float = 9.5
    table_size: float = 7.5
    accent: str = "#1d3f72"
    rules: str = "three"
    caption_below: bool = False
    sub_headings: str = "bold"
    run_in: bool = False
    abstract: str = "box"
    drawing: str = "flow"
    figure_place: str = "page"
    wide_tables: str = "page"
    narrow_tables: str = "column"
    turned_tables: str | None = None
    line_numbers: bool = False
    stamp: str | None = None
    head_rule: bool = False
    foot_number: bool = False
    reference_column: bool = True
    unit_glyphs: bool = False

    @property
    def column_width(self) -> float:
        """Of one column of text."""
        inner = self.width - self.margin_left - self.margin_right
        return (inner - self.gutter * (self.columns - 1)) / self.columns


STYLES = {
    style.name: style
    for style in (
        Style(
            name="two_column",
            stamp="Downloaded from https://trial-reviews.example by guest on 14 May 2024",
            head_rule=True,
        ),
        Style(
            name="ruled_numbered",
            width=612,
            font="New Computer Modern",
            size=9,
            table_size=7,
            accent="#000000",
            rules="grid",
            sub_headings="italic",
            abstract="rules",
            drawing="forest",
            figure_place="column",
            turned_tables="turned",
            line_numbers=True,
            foot_number=True,
            reference_column=False,
        ),
        Style(
            name="side_bar",
            width=612,
            height=690,
            margin_left=190,
            columns=1,
            side_bar=142,
            size=10,
            table_size=8,
            accent="#16786c",
            rules="bands",
            abstract="rules",
            wide_tables="running",
            narrow_tables="running",
            foot_number=True,
            unit_glyphs=True,
        ),
        Style(
            name="three_column",
            height=842,
            margin_left=36,
            margin_right=36,
            columns=3,
            gutter=12,
            size=7.6,
            table_size=6.6,
            accent="#8a1c1c",
            rules="none",
            run_in=True,
            abstract="plain",
            drawing="forest",
            figure_place="column",
            wide_tables="bottom",
            head_rule=True,
            unit_glyphs=True,
        ),
        Style(
            name="article_info",
            height=780,
            margin_left=40,
            margin_right=40,
            gutter=22,
            font="New Computer Modern",
            size=8.6,
            table_size=7,
            accent="#000000",
            sub_headings="italic",
            abstract="beside",
            figure_place="column",
            turned_tables="landscape",
            foot_number=True,
        ),
    )
}


def typeset(article: Article, style: Style) -> bytes:
    """The PDF of an article in a journal's style."""
    return typst.compile(
        TEMPLATE.read_bytes(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"article": json.dumps(_article(article, style)), "style": json.dumps(_keys(style))},
        timestamp=DATE,
        pdf_tags=False,
    )


def _keys(style: Style) -> dict[str, Any]:
    """Typst's names have hyphens."""
    return {key.replace("_", "-"): value for key, value in asdict(style).items()}


def _article(article: Article, style: Style) -> dict[str, Any]:
    first_author = re.split(r",|;| and ", article.byline.runs[0].text)[0]
    return {
        "title": _runs(article.title, style),
        "plain_title": article.title.text,
        "short_title": article.title.text[:48].rsplit(" ", 1)[0],
        "short_authors": f"{first_author.split()[-1]} et al.",
        "byline": _runs(article.byline, style),
        "front": [_runs(line, style) for line in article.front],
        "abstract_heading": article.abstract_heading and _runs(article.abstract_heading, style),
        "abstract": [_runs(line, style) for line in article.abstract],
        "keywords": [_runs(line, style) for line in article.keywords],
        "body": _elements(article.body, style),
        "back": _elements(article.back, style),
        "references_heading": article.references_heading and _runs(article.references_heading, style),
        "references": [{"number": each.number, "runs": _runs(each.words, style)} for each in article.references],
    }


def _runs(passage: Passage, style: Style) -> list[Run]:
    found: list[Run] = []
    for run in passage.runs:
        unit = style.unit_glyphs and run.script == "sup" and found and _UNIT_END.search(found[-1].text)
        found.append(run._replace(text=run.text.translate(_SUPERSCRIPT), script="") if unit else run)
    return found


def _elements(elements: Sequence[Element], style: Style) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    turned = False
    for number, element in enumerate(elements):
        if isinstance(element, Heading):
            found.append({"kind": "heading", "level": element.level, "runs": _runs(element.words, style)})
        elif isinstance(element, Paragraph):
            found.append({"kind": "paragraph", "runs": _runs(element.words, style)})
        else:
            wide = element.rows and sum(_least_widths(element, style)) > style.column_width * 0.9
            place = style.wide_tables if wide else style.narrow_tables
            if wide and style.turned_tables is not None and not turned:
                place, turned = style.turned_tables, True
            found.append(_float(element, number, style, place) | {"wide": bool(wide)})
    return found


def _float(element: Float, number: int, style: Style, place: str) -> dict[str, Any]:
    caption = element.caption or Passage((Run("Table"),), "Table")
    label = _LABEL.match(caption.text)
    spans = [_spans(row) for row in element.rows[: element.header_rows]]
    return {
        "kind": "table" if element.rows else "figure",
        "place": place if element.rows else style.figure_place,
        "number": number,
        "label": label[0] if label else "Table",
        "caption": _runs(caption, style),
        "notes": [_runs(note, style) for note in element.notes],
        "columns": _column_widths(element, style) if element.rows else [],
        "header": [
            [_cell(row[column], column, span, style) for column, span in widths]
            for row, widths in zip(element.rows, spans, strict=False)
        ],
        "body": [_body_row(row, style) for row in element.rows[element.header_rows :]],
    }


def _spans(row: Sequence[Passage]) -> list[tuple[int, int]]:
    """First column and width of each header cell."""
    over = dict(spanners(row))
    found: list[tuple[int, int]] = []
    column = 0
    while column < len(row):
        found.append((column, over.get(column, 1)))
        column += found[-1][1]
    return found


def _body_row(row: Sequence[Passage], style: Style) -> list[dict[str, Any]]:
    """A row with only a stub runs over all columns: a subheading in the table."""
    if row[0].text and not any(cell.text for cell in row[1:]):
        return [_cell(row[0], 0, len(row), style)]
    return [_cell(cell, column, 1, style) for column, cell in enumerate(row)]


def _cell(words: Passage, column: int, span: int, style: Style) -> dict[str, Any]:
    return {"column": column, "span": span, "runs": _runs(words, style)}


def _least_widths(table: Float, style: Style) -> list[float]:
    """Points that the longest word of each column takes; a cell over several columns breaks where it must."""
    least = [style.table_size] * len(table.rows[0])
    for number, row in enumerate(table.rows):
        advance = BOLD_ADVANCE if number < table.header_rows else MEAN_ADVANCE
        over = {column for column, _ in spanners(row)} if number < table.header_rows else set()
        if not any(cell.text for cell in row[1:]):
            over.add(0)
        for column, cell in enumerate(row):
            if column not in over:
                longest = max(map(len, cell.text.split()), default=0)
                least[column] = max(least[column], longest * advance * style.table_size)
    return [width + CELL_INSET for width in least]


def _column_widths(table: Float, style: Style) -> list[float]:
    """Room for the longest word of each column; what is left by how much the columns hold."""
    least = _least_widths(table, style)
    held = [sum(len(row[column].text) for row in table.rows) for column in range(len(least))]
    page = style.width - style.margin_left - style.margin_right + style.side_bar
    left = max(page - sum(least), 0)
    return [width + left * share / sum(held) for width, share in zip(least, held, strict=True)]

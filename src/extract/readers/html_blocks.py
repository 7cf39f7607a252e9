"""The blocks of an HTML page: headings, paragraphs, list items, captions and tables in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.readers.drafts import CAPTION, Draft
from extract.readers.html_inline import HtmlInline, is_dropped
from extract.readers.normalise import flatten
from extract.readers.sections import opens
from extract.readers.xml_grid import read_grid, write_grid
from extract.readers.xml_source import SourceWriter

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {
    *("p", "div", "section", "article", "main", "header", "aside", "body", "address", "details", "summary", "hgroup"),
    *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "figure", "figcaption", "center", "fieldset"),
    *("tbody", "thead", "tfoot", "tr", "td", "th", "caption"),
}
_DOI = lazy_regex(r"(?i)doi\.org/(10\.\d{4,9}/[^\s\"<>?#]+)")
_PUBMED = lazy_regex(r"(?i)(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{4,8})")
LAYOUT_PARAGRAPHS = 4  # in a table: one with as many, or with headings, lays out a page


@dataclass(slots=True)
class HtmlBlocks:
    """Reads elements to drafts, their words to the source."""

    writer: SourceWriter
    inline: HtmlInline = field(default_factory=HtmlInline)
    drafts: list[Draft] = field(default_factory=list)
    _references: bool = False  # under the heading of the reference list

    def read(self, element: _Element) -> None:
        """Read what stands in an element: its blocks, and words between them as paragraphs."""
        run: list[_Element] = []
        text = element.text or ""
        for child in element:
            if not is_dropped(child) and any(inner.tag in _BLOCKS for inner in child.iter()):
                self._paragraph(element, self.inline.read_all(text, run))
                self._block(child)
                text, run = child.tail or "", []
            else:
                run.append(child)
        self._paragraph(element, self.inline.read_all(text, run))

    def _block(self, element: _Element) -> None:
        tag = element.tag
        if tag in _HEADINGS:
            self._heading(element, int(tag[1]))
        elif tag == "table":
            self._table(element)
        elif tag == "figure":
            self._figure(element)
        elif tag == "figcaption":
            if next(element.iterancestors("figure"), None) is None:  # its figure has read it
                self._add(BlockKind.CAPTION, element, self.inline.read(element))
        elif tag == "li" and not _holds_blocks(element):
            self._item(element)
        elif tag == "dl":
            self._definitions(element)
        else:
            self.read(element)

    def _add(self, kind: BlockKind, element: _Element, text: str, level: int | None = None) -> None:
        if text:
            span = self.writer.add(text, element)
            marked = kind is BlockKind.HEADING
            self.drafts.append(Draft(kind, [span], flatten(text), level=level, marked=marked))

    def _heading(self, element: _Element, level: int) -> None:
        """A heading, or the label of a table or figure that is set as one."""
        text = self.inline.read(element)
        if CAPTION.match(flatten(text)):
            self._add(BlockKind.CAPTION, element, text)
            return
        self._references = opens("references", flatten(text))
        self._add(BlockKind.HEADING, element, text, level)

    def _paragraph(self, element: _Element, text: str) -> None:
        """A paragraph; one that begins with the label of a table or figure is a caption."""
        label = CAPTION.match(flatten(text))
        self._add(BlockKind.CAPTION if label and label.start() == 0 else BlockKind.PARAGRAPH, element, text)

    def _item(self, element: _Element) -> None:
        """A list item; an entry of the reference list with the identifiers that only its links have."""
        text = self.inline.read(element)
        if self._references and text:
            addresses = [link.get("href") or "" for link in element.iter("a")]
            for pattern, name in ((_DOI, "doi:"), (_PUBMED, "PMID: ")):
                number = next((match[1] for address in addresses if (match := pattern.search(address))), None)
                if number is not None and number.lower() not in text.lower():
                    text += f" {name}{number}"
        self._add(BlockKind.PARAGRAPH, element, text)

    def _definitions(self, element: _Element) -> None:
        """A list of terms with what they mean: one block each."""
        terms: list[str] = []
        for child in element.iter("dt", "dd"):
            text = self.inline.read(child)
            if child.tag == "dt":
                terms.append(text)
            else:
                self._add(BlockKind.PARAGRAPH, child, f"{', '.join(terms)}: {text}" if terms else text)
                terms = []

    def _figure(self, element: _Element) -> None:
        """A figure or table in a frame: its captions first."""
        for caption in element.iter("figcaption"):
            self._add(BlockKind.CAPTION, caption, self.inline.read(caption))
        self.read(element)

    def _table(self, element: _Element) -> None:
        """A table with its caption; one that only lays out a page is read as what stands in it."""
        if _is_layout(element):
            self.read(element)
            return
        for caption in element.iterchildren("caption"):
            self._caption(caption)
        grid = read_grid(element, self.inline)
        draft = write_grid(grid, element, self.writer, ())
        if draft is not None:
            self.drafts.append(draft)

    def _caption(self, element: _Element) -> None:
        """The caption of a table, joined to a label that stands above it by itself."""
        text = self.inline.read(element)
        before = self.drafts[-1] if self.drafts else None
        if text and before is not None and before.kind is BlockKind.CAPTION and is_bare_label(before.text):
            join_caption(before, self.writer.add(text, element), text)
        else:
            self._add(BlockKind.CAPTION, element, text)


def is_bare_label(text: str) -> bool:
    """Whether a caption is only `Table 3`."""
    match = CAPTION.match(text)
    return match is not None and len(text) - match.end() < 3


def join_caption(label: Draft, span: CharSpan, text: str) -> None:
    """Append the words of a caption to its label."""
    label.pieces.append(span)
    label.text = f"{label.text} {flatten(text)}"


def _holds_blocks(element: _Element) -> bool:
    """Whether a list item holds more than one paragraph of words."""
    inner = [each.tag for each in element.iterdescendants() if each.tag in _BLOCKS]
    return any(tag not in {"p", "div"} for tag in inner) or inner.count("p") > 1


def _is_layout(table: _Element) -> bool:
    if table.get("role") == "presentation" or next(table.iterdescendants("table"), None) is not None:
        return True
    if next(table.iter(*_HEADINGS), None) is not None:
        return True
    cells = sum(1 for _ in table.iter("td", "th"))
    if not cells:
        return True
    return sum(1 for _ in table.iter("p")) >= max(LAYOUT_PARAGRAPHS, 2 * cells)

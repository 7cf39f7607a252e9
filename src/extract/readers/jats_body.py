"""The blocks of JATS: each element is what its name says it is, its section the titles above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from extract.document import BlockKind, CharSpan
from extract.lexicons import load
from extract.patterns import lazy_regex
from extract.readers.building import split_legends
from extract.readers.drafts import LEGEND, LEGEND_START, Draft
from extract.readers.jats_inline import JatsInline
from extract.readers.jats_references import ListedEntry, read_entry
from extract.readers.normalise import flatten, normalised, raised
from extract.readers.sections import heading_key, opens
from extract.readers.xml_grid import read_grid, write_grid
from extract.readers.xml_inline import collapse
from extract.readers.xml_source import SourceWriter

if TYPE_CHECKING:
    from lxml.etree import _Element

_STOP = lazy_regex(r"[.:;?!|)\]–—-]$")
_ABBREVIATIONS = lazy_regex(r"(?:list of )?abbreviations\b|nomenclature|glossary")
MAX_MARK = 3  # characters of a footnote's mark
EARLY = 40  # characters of a note before its list of abbreviations begins


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: the titles above it, and what paragraphs and titles are there."""

    section: tuple[str, ...] = ()
    level: int = 0
    text: BlockKind = BlockKind.PARAGRAPH
    title: BlockKind = BlockKind.HEADING


BACK = Place(text=BlockKind.BACK_MATTER, title=BlockKind.BACK_MATTER)
FRONT = Place(text=BlockKind.FRONT_MATTER, title=BlockKind.FRONT_MATTER)


@dataclass(slots=True)
class Blocks:
    """Reads elements to drafts, their words to the source."""

    writer: SourceWriter
    inline: JatsInline = field(default_factory=JatsInline)
    drafts: list[Draft] = field(default_factory=list)
    entries: list[ListedEntry] = field(default_factory=list)
    floating: dict[str, _Element] = field(default_factory=dict)  # by id: what is printed near the words that name it
    warnings: list[str] = field(default_factory=list)

    def read(self, parent: _Element, place: Place) -> None:
        """Read the elements inside another; words between them are paragraphs."""
        if parent.text and not parent.text.isspace():
            self.add(place.text, parent, place, collapse(parent.text))
        for child in parent:
            _READERS.get(child.tag, Blocks.other)(self, child, place)
            if child.tail and not child.tail.isspace():
                self.add(place.text, parent, place, collapse(child.tail))

    def block(self, element: _Element, place: Place) -> None:
        """Read one element."""
        _READERS.get(element.tag, Blocks.other)(self, element, place)

    def read_floating(self, place: Place) -> None:
        """Read what no paragraph named."""
        floating, self.floating = list(self.floating.values()), {}
        for element in floating:
            self.block(element, place)

    def add(
        self, kind: BlockKind, element: _Element, place: Place, text: str | None = None, level: int | None = None
    ) -> None:
        """Append a block of one run of words, those of the element unless they are given; none without words."""
        words = self.inline.read(element) if text is None else text
        if words:
            span = self.writer.add(words, element)
            self.drafts.append(Draft(kind, [span], words, level=level, section=place.section))

    def section(self, element: _Element, place: Place) -> None:
        """A section, or a part of the back matter, with its title."""
        self.read(element, self._titled(element, place))

    def _titled(self, element: _Element, place: Place) -> Place:
        """Append the title of a section; the place of what stands in it."""
        title, label = element.find("title"), element.find("label")
        named = title if title is not None else label
        if named is None:
            return place
        text = self.inline.read(named)
        if label is not None and title is not None and (number := self.inline.read(label)):
            text = f"{number} {text}"
        if not text:
            return place
        inside = _place_under(text, place)
        self.add(inside.title, named, inside, text, inside.level)
        self._floats(inside)
        return inside

    def skip(self, element: _Element, place: Place) -> None:
        """What its parent has read, or what has no words."""

    def other(self, element: _Element, place: Place) -> None:
        """What has no reader: its parts where it holds blocks and no words between them, else its words."""
        loose = (element.text, *(child.tail for child in element))
        if any(child.tag in _READERS for child in element) and not any(text and not text.isspace() for text in loose):
            self.read(element, place)
        else:
            self.paragraph(element, place)

    def paragraph(self, element: _Element, place: Place, head: str = "") -> None:
        """A paragraph; lists and quotations in it are blocks of their own, and what floats in it comes after it."""
        if not any(child.tag in _FLOW for child in element):
            words = self.inline.read(element)
            self.add(place.text, element, place, f"{head} {words}" if head and words else words)
            self._floats(place)
            return
        run: list[_Element] = []
        text = f"{head} {element.text or ''}"
        for child in [*element, None]:
            if child is not None and child.tag not in _FLOW:
                run.append(child)
                continue
            self.add(place.text, element, place, self.inline.read_all(text, run))
            self._floats(place)
            if child is not None:
                self.block(child, place)
                run, text = [], child.tail or ""

    def _floats(self, place: Place) -> None:
        """Read what floated in the words before, and what they named."""
        inline = self.inline
        while inline.floats:
            floats, inline.floats = inline.floats, []
            for element in floats:
                self.block(element, place)
        named, inline.named = inline.named, []
        if self.floating and place.text is BlockKind.PARAGRAPH:
            for name in named:
                if name in self.floating:
                    self.block(self.floating.pop(name), place)

    def list(self, element: _Element, place: Place) -> None:
        """A list: each item a paragraph, with its printed number or sign."""
        self._list_title(element, place)
        for item in element.iterchildren("list-item"):
            label = item.find("label")
            head = self.inline.read(label) if label is not None else ""
            for child in item:
                if child.tag == "p":
                    self.paragraph(child, place, head)
                    head = ""
                else:
                    self.block(child, place)

    def definitions(self, element: _Element, place: Place) -> None:
        """Terms with what they mean."""
        self._list_title(element, place)
        for child in element:
            if child.tag != "def-item":
                self.block(child, place)
                continue
            terms = ", ".join(self.inline.read(term) for term in child.iterchildren("term"))
            meaning = " ".join(self.inline.read(each) for each in child.iterchildren("def"))
            self.add(place.text, child, place, f"{terms}: {meaning}" if meaning else terms)
            self._floats(place)

    def _list_title(self, element: _Element, place: Place) -> None:
        title = element.find("title")
        if title is not None:
            self.add(place.text, title, place)

    def glossary(self, element: _Element, place: Place) -> None:
        """A list of abbreviations."""
        self.section(element, replace(place, text=BlockKind.LEGEND, title=BlockKind.FRONT_MATTER))

    def appendix(self, element: _Element, place: Place) -> None:
        """An appendix carries facts as the body does."""
        self.section(element, Place())

    def box(self, element: _Element, place: Place) -> None:
        """A box: its caption a heading over its blocks."""
        caption = element.find("caption")
        if caption is None:
            self.section(element, place)
            return
        title = self._caption_text(element, paragraphs=False)
        inside = place
        if title:
            inside = _place_under(title, place)
            self.add(inside.title, caption, inside, title, inside.level)
        for child in caption.iterchildren("p"):
            self.paragraph(child, inside)
        self.read(element, inside)

    def figure(self, element: _Element, place: Place) -> None:
        """A figure: its label and caption, and the words below it."""
        first = len(self.drafts)
        self.add(BlockKind.CAPTION, element, place, self._caption_text(element))
        self.drafts[first:] = split_legends(self.drafts[first:])
        self._floats(place)
        for child in element:
            if child.tag in {"attrib", "p"}:
                self._note(child, place)
            elif child.tag in {"fn", "fn-group", "table-wrap", "fig", "def-list"}:
                self.block(child, replace(place, text=BlockKind.LEGEND))

    def floats(self, element: _Element, place: Place) -> None:
        """Several floats, with a caption over them all."""
        self.add(BlockKind.CAPTION, element, place, self._caption_text(element))
        self.read(element, place)

    def supplement(self, element: _Element, place: Place) -> None:
        """Files that go with the article: their labels and captions."""
        self.add(BlockKind.BACK_MATTER, element, place, self._caption_text(element))
        for child in element:
            if child.tag not in {"label", "caption"}:
                self.block(child, replace(place, text=BlockKind.BACK_MATTER))

    def _caption_text(self, element: _Element, *, paragraphs: bool = True) -> str:
        """Label, title and, unless told otherwise, paragraphs of a caption in one line."""
        label = self.inline.read(found) if (found := element.find("label")) is not None else ""
        caption = element.find("caption")
        words = [
            self.inline.read(child)
            for child in (caption if caption is not None else [])
            if paragraphs or child.tag != "p"
        ]
        if caption is not None and (loose := collapse(caption.text or "")):
            words.insert(0, loose)
        words = [each for each in (label, *words) if each]
        return " ".join([*(each if _STOP.search(each) else f"{each}." for each in words[:-1]), *words[-1:]])

    def table(self, element: _Element, place: Place) -> None:
        """A table: its caption, its cells, the notes under it; the caption first wherever it stands."""
        caption = self._caption_text(element)
        self.add(BlockKind.CAPTION, element, place, caption)
        read = [self._cells(table, place) for table in _tables(element)]
        if not any(read):
            pictured = next(element.iter("graphic", "inline-graphic", "media"), None) is not None
            if pictured:
                self.warnings.append(f"{caption[:40] or 'a table'}: an image, its cells are not in the file")
        self._floats(place)
        for child in element:
            if child.tag == "table-wrap-foot":
                self._feet(child, place)
            elif child.tag == "attrib":
                self._note(child, place)
            elif child.tag in {"fn", "fn-group", "list", "def-list", "table-wrap", "disp-formula", "p"}:
                self.block(child, place)

    def cells(self, element: _Element, place: Place) -> None:
        """A table without a frame."""
        self._cells(element, place)

    def _cells(self, table: _Element, place: Place) -> bool:
        draft = write_grid(read_grid(table, self.inline), table, self.writer, place.section)
        if draft is not None:
            self.drafts.append(draft)
        return draft is not None

    def _feet(self, element: _Element, place: Place) -> None:
        for child in element:
            if child.tag in {"fn-group", "table-wrap-foot"}:
                self._feet(child, place)
            elif child.tag == "fn":
                self.footnote(child, place)
            elif child.tag in {"def-list", "list"}:
                self.block(child, replace(place, text=BlockKind.LEGEND))
            elif child.tag not in {"label", "title"}:
                self._note(child, place)

    def footnote(self, element: _Element, place: Place) -> None:
        """A footnote, its mark raised; in front and back matter it is what stands there."""
        label = element.find("label")
        mark = self.inline.read(label) if label is not None else ""
        head = f"{raised(mark)} " if mark and len(mark) <= MAX_MARK else mark
        for child in element:
            if child.tag == "label":
                continue
            text = head + self.inline.read(child)
            if text != head:
                self._note(child, place, text)
                head = ""
        self._floats(place)

    def _note(self, element: _Element, place: Place, text: str | None = None) -> None:
        """Words under a float or in a footnote: a list of abbreviations is a legend."""
        words = self.inline.read(element) if text is None else text
        kind = place.text
        if kind not in {BlockKind.BACK_MATTER, BlockKind.FRONT_MATTER}:
            listed = LEGEND.search(flatten(words))
            is_legend = LEGEND_START.match(words) or (listed is not None and listed.start() < EARLY)
            kind = BlockKind.LEGEND if is_legend else BlockKind.FOOTNOTE
        self.add(kind, element, place, words)

    def references(self, element: _Element, place: Place) -> None:
        """A reference list: one block an entry."""
        inside = self._titled(element, replace(place, title=BlockKind.BACK_MATTER))
        for child in element:
            if child.tag == "ref":
                entry = read_entry(child, self.inline)
                if entry is not None:
                    span: CharSpan = self.writer.add(entry.text, child)
                    self.drafts.append(Draft(BlockKind.REFERENCE, [span], entry.text, section=inside.section))
                    self.entries.append(entry)
            elif child.tag == "ref-list":
                self.references(child, inside)
            elif child.tag not in {"title", "label"}:
                self.block(child, replace(inside, text=BlockKind.BACK_MATTER))


def _place_under(title: str, place: Place) -> Place:
    """The place of what stands under a title, itself included."""
    title = normalised(title, markup=False)
    under = replace(place, section=(*place.section, title), level=place.level + 1)
    key = heading_key(title)
    if _ABBREVIATIONS.match(key):
        return replace(under, text=BlockKind.LEGEND, title=BlockKind.FRONT_MATTER)
    if place.text is BlockKind.ABSTRACT:
        if opens("front_matter", title) and not opens("body", title):
            return replace(under, text=BlockKind.FRONT_MATTER, title=BlockKind.FRONT_MATTER)
    elif place.text is BlockKind.PARAGRAPH and place.level == 0:
        if opens("back_matter", title):
            return replace(under, text=BlockKind.BACK_MATTER, title=BlockKind.BACK_MATTER)
        if key in load("sections").front_matter:
            return replace(under, text=BlockKind.FRONT_MATTER, title=BlockKind.FRONT_MATTER)
    elif place.text is BlockKind.BACK_MATTER and opens("body", title):
        return replace(under, text=BlockKind.PARAGRAPH, title=BlockKind.HEADING)
    return under


def _tables(element: _Element) -> list[_Element]:
    """The tables right inside an element, also those given in other forms too."""
    found: list[_Element] = []
    for child in element:
        if child.tag in {"table", "array"}:
            found.append(child)
        elif child.tag == "alternatives":
            found += _tables(child)
    return found


_Reader = Callable[[Blocks, "_Element", Place], None]
_FLOW = frozenset({"list", "def-list", "disp-quote", "verse-group", "statement", "speech", "preformat"})
_READERS: dict[str, _Reader] = {
    "p": Blocks.paragraph,
    "list": Blocks.list,
    "def-list": Blocks.definitions,
    "glossary": Blocks.glossary,
    "app": Blocks.appendix,
    "boxed-text": Blocks.box,
    "fig": Blocks.figure,
    "table-wrap": Blocks.table,
    "table": Blocks.cells,
    "array": Blocks.cells,
    "fn": Blocks.footnote,
    "ref-list": Blocks.references,
    "supplementary-material": Blocks.supplement,
    "media": Blocks.supplement,
    **dict.fromkeys(("sec", "ack", "notes", "bio", "fn-group", "app-group", "floats-group"), Blocks.section),
    **dict.fromkeys(("fig-group", "table-wrap-group"), Blocks.floats),
    **dict.fromkeys(("disp-quote", "verse-group", "statement", "speech"), Blocks.other),
    **dict.fromkeys(("title", "label", "caption", "sec-meta", "object-id", "alt-text", "long-desc"), Blocks.skip),
    **dict.fromkeys(("graphic", "permissions", "ref", "colgroup", "col", "xref", "subtitle"), Blocks.skip),
}

"""BioC XML 1.0 (Comeau et al. 2013, doi:10.1093/database/bat064): a passage a block, the mentions as annotations.

Offsets and lengths count Unicode code points from the beginning of the document, as PubTator and the `bioc` library
count them; the collection says so in the infon `offsets`. Text between two passages is white space and is not stored.
The typed values of a mention are infons of its annotation by the names of the table's columns, `type` is its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from extract import __version__
from extract.patterns import lazy_regex
from extract.sinks.annotations import AnnotatedDocument, TextBlock
from extract.sinks.annotations.rows import STAND_IN, checked_mentions, printed, typed_values
from extract.sinks.exporting import telling
from extract.sinks.tables import open_atomically

# The types of passages of BioC-PMC (https://www.ncbi.nlm.nih.gov/research/bionlp/APIs/BioC-PMC) for our kinds of
# blocks; headings are `title_1`, `title_2` …, captions `table_caption` or `fig_caption` where their first word tells.
TYPES = {"reference": "ref", "front_matter": "front", "figure": "fig"}
UNPLACED = "text"  # type of a passage that stands in no block
_CAPTION = lazy_regex(r"\W*(?:(?P<table>table)|(?P<fig>fig))", re.IGNORECASE)
_NOT_XML = lazy_regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production Char
_HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<collection>"  # no DOCTYPE: some parsers would look for BioC.dtd


class _Passage(NamedTuple):
    """A run of the text, and the first of the blocks that it holds."""

    start: int
    end: int
    block: TextBlock | None


def write_bioc(documents: Iterable[AnnotatedDocument], path: Path) -> Path:
    """Write a BioC collection, one document after the other, and return its path.

    The date is left empty, so that the same documents give the same bytes. XML cannot hold control characters: U+FFFD
    stands for each. Of no documents the collection is empty, which libraries read and the DTD does not foresee. Raises
    OutputError where the place cannot be written or a mention does not fit its text.
    """
    with open_atomically(path) as stream:
        for piece in _pieces(documents):
            with telling(path):
                stream.write(piece)
    return path


def _pieces(documents: Iterable[AnnotatedDocument]) -> Iterator[str]:
    yield _HEAD
    for name, value in (("source", f"extract {__version__}"), ("date", ""), ("key", "columns of the table mentions")):
        element = etree.Element(name)
        element.text = value
        yield _serialized(element)
    offsets = etree.Element("infon", {"key": "offsets"})
    offsets.text = "Unicode code points"
    yield _serialized(offsets)
    for document in documents:
        yield "\n" + _serialized(_document(document))
    yield "\n</collection>\n"


def _serialized(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode")


def _document(document: AnnotatedDocument) -> etree._Element:
    element = etree.Element("document")
    _add(element, "id", document.document_id)
    for key in ("title", "doi", "path", "sha256"):
        if value := getattr(document, key):
            _infon(element, key, value)
        mentions = checked_mentions(document)
    position = 0
    for passage in _passages(document, mentions):
        begin = position
        while position < len(mentions) and mentions[position]["start"] < passage.end:
            position += 1
        _add_passage(element, passage, document.content.text, mentions[begin:position])
    return element


def _add_passage(parent: etree._Element, passage: _Passage, text: str, mentions: list[dict[str, Any]]) -> None:
    element = etree.SubElement(parent, "passage")
    content = text[passage.start : passage.end]
    for key, value in _infons(passage.block, content).items():
        _infon(element, key, value)
    _add(element, "offset", str(passage.start))
    _add(element, "text", content)
    for row in mentions:
        annotation = etree.SubElement(element, "annotation", {"id": _xml(row["mention_id"])})
        _infon(annotation, "type", row["label"])
        for key, value in typed_values(row).items():
            _infon(annotation, key, printed(value))
        start, end = row["start"], row["end"]
        etree.SubElement(annotation, "location", {"offset": str(start), "length": str(end - start)})
        _add(annotation, "text", text[start:end])


def _passages(document: AnnotatedDocument, mentions: list[dict[str, Any]]) -> Iterator[_Passage]:
    """The blocks in order, with what stands outside of them; blocks that a mention ties together are one passage."""
    text = document.content.text
    runs = [_Passage(block.start, block.end, block) for block in document.content.blocks if block.start < block.end]
    runs += [_Passage(row["start"], row["end"], None) for row in mentions]
    joined: list[_Passage] = []
    for run in sorted(runs, key=lambda run: (run.start, run.block is None)):
        if joined and run.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = _Passage(last.start, max(last.end, run.end), last.block or run.block)
        else:
            joined.append(run)
    position = 0
    for passage in joined:
        yield from _between(text, position, passage.start)
        yield passage
        position = passage.end
    yield from _between(text, position, len(text))
    if not text.strip() and not joined:
        yield _Passage(0, len(text), None)  # the DTD asks for a passage


def _between(text: str, start: int, end: int) -> Iterator[_Passage]:
    """What is printed between two passages, if anything is."""
    piece = text[start:end]
    if printed_part := piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield _Passage(start, start + len(printed_part), None)


def _infons(block: TextBlock | None, content: str) -> dict[str, str]:
    if block is None:
        return {"type": UNPLACED}
    infons = {"type": TYPES.get(block.kind, block.kind), "block_kind": block.kind}
    if block.kind == "heading":
        infons["type"] = f"title_{block.level or 1}"
    elif block.kind == "caption" and (match := _CAPTION.match(content)):
        infons["type"] = f"{match.lastgroup}_caption"
    if block.section:
        infons["section"] = " > ".join(block.section)
    return infons


def _infon(parent: etree._Element, key: str, value: str) -> None:
    etree.SubElement(parent, "infon", {"key": key}).text = _xml(value)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = _xml(text)


def _xml(text: str) -> str:
    return _NOT_XML.sub(STAND_IN, text)

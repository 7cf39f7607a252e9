"""JATS and NLM XML: an article's elements to a `Document`, each block what its element says it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract.collector import collector_paused
from extract.document import Document
from extract.errors import ReadError
from extract.patterns import lazy_regex
from extract.readers.building import build_document
from extract.readers.html import parse_html
from extract.readers.jats_body import BACK, Blocks, Place
from extract.readers.jats_front import read_front
from extract.readers.jats_references import references_of
from extract.readers.normalise import flatten
from extract.readers.xml_parsing import parse_xml
from extract.readers.xml_source import SourceWriter

if TYPE_CHECKING:
    from lxml.etree import _Element

_HTML = lazy_regex(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_PARTS = ("front", "body", "back")


@collector_paused()
def parse_jats(data: bytes, *, document_id: str, path: str | None = None, sha256: str | None = None) -> Document:
    """A `Document` from the bytes of an XML file; HTML in one is read as such.

    Of several articles the first is read. Raises ReadError where the file is not well-formed or holds no article.
    """
    place = path or document_id
    if _HTML.match(data):
        return parse_html(data, document_id=document_id, path=path, sha256=sha256)
    root, warnings = parse_xml(data, place)
    article, more = _find_article(root, place)
    blocks = Blocks(SourceWriter(), warnings=warnings + more)
    doi = _read(article, blocks)
    if not blocks.drafts:
        raise ReadError(f"{place}: the article holds no words")
    source, elements = blocks.writer.build()
    return build_document(
        blocks.drafts,
        source,
        flatten(source),
        document_id=document_id,
        markup=False,
        path=path,
        sha256=sha256,
        doi=doi,
        warnings=blocks.warnings,
        elements=elements,
        references=references_of(blocks.entries),
    )


def _find_article(root: _Element, place: str) -> tuple[_Element, list[str]]:
    """The first article of a file, and warnings of what is left out."""
    articles = [each for each in root.iter("article") if any(each.find(part) is not None for part in _PARTS)]
    if not articles:
        raise ReadError(f"{place}: XML, but no JATS article in it (root element <{root.tag}>)")
    warnings = [f"{len(articles)} articles in the file; only the first is read"] if len(articles) > 1 else []
    attached = len(articles[0].findall("sub-article")) + len(articles[0].findall("response"))
    if attached:
        warnings.append(f"{attached} sub-articles or responses are left out")
    return articles[0], warnings


def _read(article: _Element, blocks: Blocks) -> str | None:
    """Read the parts of an article in the order in which they are printed; gives its DOI."""
    front, body, back = (article.find(part) for part in _PARTS)
    for group in article.iterchildren("floats-group", "floats-wrap"):
        for element in group:
            blocks.floating[element.get("id") or f"{len(blocks.floating)}"] = element
    doi = read_front(front, blocks) if front is not None else None
    if body is not None:
        blocks.read(body, Place())
    else:
        blocks.warnings.append("no body in the file: only title, abstract and references are read")
    blocks.read_floating(Place())
    if back is not None:
        blocks.read(back, BACK)
    return doi

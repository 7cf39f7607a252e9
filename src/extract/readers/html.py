"""HTML pages of articles: the article without what surrounds it, its parts told by their headings as in a text."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from lxml import etree

from extract.collector import collector_paused
from extract.document import BlockKind, Document
from extract.errors import ReadError
from extract.patterns import lazy_regex
from extract.readers.building import build_document, split_legends
from extract.readers.drafts import Draft
from extract.readers.html_blocks import HtmlBlocks, is_bare_label, join_caption
from extract.readers.normalise import flatten
from extract.readers.sections import Parts
from extract.readers.xml_inline import collapse, words_of
from extract.readers.xml_source import SourceWriter

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = lazy_regex(rb"(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DOI = lazy_regex(r"10\.\d{4,9}/\S+")
_DEPTH = "Excessive depth"
HEAD = 4096  # bytes in which a page names its encoding
MAIN_SHARE = 0.5  # of a page's words: an element with fewer is not its article


@collector_paused()
def parse_html(data: bytes, *, document_id: str, path: str | None = None, sha256: str | None = None) -> Document:
    """A `Document` from the bytes of a page; raises ReadError for one without words or nested too deeply."""
    place = path or document_id
    root = _parse(data, place)
    blocks = HtmlBlocks(SourceWriter())
    blocks.read(_main(root))
    source, elements = blocks.writer.build()
    drafts = _with_title(_whole_captions(blocks.drafts), _named(root, "citation_title"))
    if not drafts:
        raise ReadError(f"{place}: no words in the page")
    doi = _DOI.search(_named(root, "citation_doi", "dc.identifier", "prism.doi") or "")
    return build_document(
        split_legends(Parts(drafts).settle()),
        source,
        flatten(source),
        document_id=document_id,
        markup=False,
        path=path,
        sha256=sha256,
        doi=doi[0] if doi else None,
        elements=elements,
    )


def _parse(data: bytes, place: str) -> _Element:
    """The root of a page, read in the encoding that it names, else as UTF-8 where it is."""
    encoding = _encoding(data)
    if encoding != "utf-16" and b"\x00" in data[:8192]:
        raise ReadError(f"{place}: binary data, not HTML")
    parser = etree.HTMLParser(
        encoding=encoding, remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"{place}: no HTML: {error.msg}") from None
    if any(_DEPTH in entry.message for entry in parser.error_log):
        raise ReadError(f"{place}: elements nested deeper than 256")
    if root is None:
        raise ReadError(f"{place}: no words in the page")
    return root


def _encoding(data: bytes) -> str:
    """The encoding of a page: that of its byte order mark, the one that it names, UTF-8 where it is, else Windows'."""
    for mark, name in _MARKS:
        if data.startswith(mark) and (name == "utf-8" or b"\x00" in data):
            return name
    named = _CHARSET.search(data, 0, HEAD)
    if named is not None and _is_readable(name := named[1].decode("ascii")):
        return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _is_readable(name: str) -> bool:
    """Whether an encoding is known, and one in which a page can name it."""
    try:
        etree.HTMLParser(encoding=name)
        return b"<".decode(name) == "<"
    except (LookupError, UnicodeError):
        return False


def _main(root: _Element) -> _Element:
    """The element that holds the article: the smallest `article` or `main` with most of the words, else the page."""
    page = root.find("body") if root.find("body") is not None else root
    if page is None:
        return root
    whole = _words(page)
    found = page
    for element in page.iter("main", "article"):
        if element.tag == "article" or element.get("role") == "main" or found is page:
            words = _words(element)
            if words >= MAIN_SHARE * whole:
                found = element
    return found


def _words(element: _Element) -> int:
    """The characters of words in an element, without scripts."""
    dropped = sum(len(words_of(each)) for each in element.iter("script", "style", "nav", "footer"))
    return len(words_of(element)) - dropped


def _named(root: _Element, *names: str) -> str | None:
    """What the head of the page says in the first `meta` of one of these names."""
    for name in names:
        for meta in root.iter("meta"):
            if (meta.get("name") or "").lower() == name and (content := collapse(meta.get("content") or "")):
                return content
    return None


def _with_title(drafts: list[Draft], named: str | None) -> list[Draft]:
    """The drafts with the title marked: the heading that the page's head names, else the first of the highest level.

    What stands before it is the frame of the page.
    """
    headings = [draft for draft in drafts if draft.kind is BlockKind.HEADING]
    title = next((draft for draft in headings if named and _key(draft.text) == _key(named)), None)
    if title is None:
        title = next((draft for draft in headings if draft.level == 1), None)
    if title is None:
        return drafts
    title.kind, title.level = BlockKind.TITLE, None
    for draft in drafts:
        if draft is title:
            break
        draft.kind, draft.rows = BlockKind.FURNITURE, []
    return drafts


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _whole_captions(drafts: list[Draft]) -> list[Draft]:
    """Labels that stand by themselves, joined with the words that follow them."""
    found: list[Draft] = []
    for draft in drafts:
        before = found[-1] if found else None
        if (
            before is not None
            and before.kind is BlockKind.CAPTION
            and is_bare_label(before.text)
            and draft.kind in {BlockKind.PARAGRAPH, BlockKind.CAPTION}
            and not (draft.kind is BlockKind.CAPTION and is_bare_label(draft.text))
        ):
            join_caption(before, draft.pieces[0], draft.text)
        else:
            found.append(draft)
    return found

"""The front matter of a JATS article: title, authors, affiliations, where and when it was published, abstracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.document import BlockKind
from extract.patterns import lazy_regex
from extract.readers.jats_body import FRONT, Blocks, Place
from extract.readers.normalise import raised
from extract.readers.xml_inline import registry_id

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEASERS = frozenset({"graphical", "teaser", "toc", "precis", "video", "highlights", "key-image", "web-summary"})
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MARKS = lazy_regex(r"[\s*†‡§¶]+$")
_OTHERS = frozenset({"editor", "reviewer", "translator", "compiler"})
_CUSTOM = ("meta-name", "meta-value")
_SUBJECT_ENDS = ":?!.–—-"
MAX_MARK = 3  # characters of the mark of an affiliation


def read_front(front: _Element, blocks: Blocks) -> str | None:
    """Read the front matter to blocks; gives the article's own DOI."""
    meta = front.find("article-meta")
    if meta is None:
        meta = front
    for subject in meta.findall("article-categories/subj-group/subject"):
        blocks.add(BlockKind.FRONT_MATTER, subject, FRONT)
    _titles(meta, blocks)
    for group in meta.iterchildren("contrib-group"):
        _authors(group, blocks)
    for element in meta.iter("aff"):
        _affiliation(element, blocks)
    for group in meta.iterchildren("author-notes"):
        for child in group:
            _affiliation(child, blocks)
    _imprint(front, meta, blocks)
    for element in meta.iterchildren("abstract"):
        _abstract(element, blocks)
    for element in meta.iterchildren("trans-abstract"):
        blocks.section(element, FRONT)
    for group in meta.iterchildren("kwd-group"):
        _keywords(group, blocks)
    for element in meta.iterchildren("related-object"):
        blocks.add(BlockKind.FRONT_MATTER, element, FRONT, _registration(element, blocks))
    for element in meta.iterfind("custom-meta-group/custom-meta"):
        blocks.add(BlockKind.FRONT_MATTER, element, FRONT, _named_number(element, blocks))
    for element in (*meta.iterchildren("supplementary-material"), *front.iterchildren("notes")):
        blocks.block(element, FRONT)
    for element in meta.iterfind("funding-group/funding-statement"):
        blocks.add(BlockKind.BACK_MATTER, element, FRONT)
    return _doi(meta, blocks)


def _doi(meta: _Element, blocks: Blocks) -> str | None:
    ids = (blocks.inline.read(each) for each in meta.iterchildren("article-id") if each.get("pub-id-type") == "doi")
    return next(filter(None, ids), None)


def _titles(meta: _Element, blocks: Blocks) -> None:
    """The title with its subtitle in one block; titles in other languages are front matter."""
    group = meta.find("title-group")
    if group is None:
        return
    title = group.find("article-title")
    if title is not None:
        text = _MARKS.sub("", blocks.inline.read(title))
        for subtitle in group.iterchildren("subtitle"):
            words = blocks.inline.read(subtitle)
            text = f"{text}{'' if text[-1:] in _SUBJECT_ENDS else ':'} {words}" if text and words else text or words
        blocks.add(BlockKind.TITLE, title, FRONT, text)
    for other in group.iterfind("trans-title-group/trans-title"):
        blocks.add(BlockKind.FRONT_MATTER, other, FRONT)


def _authors(group: _Element, blocks: Blocks) -> None:
    """One block of all names; groups by theirs."""
    names = []
    for contrib in group.iterchildren("contrib", "on-behalf-of", "collab"):
        if contrib.tag != "contrib":
            names.append(blocks.inline.read(contrib))
            continue
        for name in contrib.iter("name", "string-name", "collab"):
            if name.tag == "name":
                given, surname, suffix = (name.findtext(tag) for tag in ("given-names", "surname", "suffix"))
                names.append(" ".join(filter(None, (given, surname, suffix))))
            else:
                names.append(blocks.inline.read(name))
            break
    kinds = {contrib.get("contrib-type", "author") for contrib in group.iterchildren("contrib")}
    kind = BlockKind.FRONT_MATTER if kinds and "author" not in kinds and not kinds - _OTHERS else BlockKind.AUTHORS
    blocks.add(kind, group, FRONT, ", ".join(filter(None, names)))


def _affiliation(element: _Element, blocks: Blocks) -> None:
    """An affiliation or an author's note, its mark raised."""
    label = element.find("label")
    mark = blocks.inline.read(label) if label is not None else ""
    rest = [child for child in element if child is not label]
    loose = (element.text or "") + ((label.tail or "") if label is not None else "")
    words = blocks.inline.read_all(loose, rest)
    if words:
        blocks.add(BlockKind.FRONT_MATTER, element, FRONT, f"{raised(mark)} {words}" if mark else words)


def _imprint(front: _Element, meta: _Element, blocks: Blocks) -> None:
    """Journal, date, volume and pages in one line with the DOI; the dates of its history; copyright."""
    journal = front.findtext(".//journal-title") or ""
    dates = sorted(meta.iterchildren("pub-date"), key=lambda each: "pmc" in each.get("pub-type", ""))
    year = next((each.findtext("year") for each in dates if each.findtext("year")), "") or ""
    issue = meta.findtext("issue")
    volume = (meta.findtext("volume") or "") + (f"({issue})" if issue else "")
    pages = "-".join(filter(None, (meta.findtext("fpage"), meta.findtext("lpage")))) or meta.findtext("elocation-id")
    numbers = ":".join(filter(None, (volume, pages)))
    line = " ".join(filter(None, (journal and f"{journal}.", ";".join(filter(None, (year, numbers))))))
    doi = _doi(meta, blocks)
    blocks.add(BlockKind.FRONT_MATTER, meta, FRONT, " ".join(filter(None, (line, doi and f"doi:{doi}"))))
    for date in meta.iterfind("history/date"):
        kind = date.get("date-type", "").replace("-", " ").capitalize()
        words = _date(date)
        blocks.add(BlockKind.FRONT_MATTER, date, FRONT, f"{kind}: {words}" if kind and words else words)
    for parent in (meta, *meta.iterchildren("permissions")):
        for element in parent.iterchildren("copyright-statement"):
            blocks.add(BlockKind.FRONT_MATTER, element, FRONT)
        for element in parent.iterchildren("license"):
            for part in element.iter("license-p", "p"):
                blocks.add(BlockKind.FRONT_MATTER, part, FRONT)


def _date(date: _Element) -> str:
    day, month, year = (date.findtext(tag) or "" for tag in ("day", "month", "year"))
    if month.isdecimal() and 1 <= int(month) <= len(_MONTHS):
        month = _MONTHS[int(month) - 1]
    return " ".join(filter(None, (day, month, year))) or date.findtext("string-date") or ""


def _abstract(element: _Element, blocks: Blocks) -> None:
    """An abstract, under its own title or the word; what advertises an article is front matter."""
    if element.get("abstract-type") in _TEASERS:
        blocks.section(element, FRONT)
        return
    titled = element.find("title") is not None
    place = Place(() if titled else ("Abstract",), 0 if titled else 1, text=BlockKind.ABSTRACT)
    blocks.section(element, place)


def _keywords(group: _Element, blocks: Blocks) -> None:
    title = group.find("title")
    name = blocks.inline.read(title) if title is not None else "Keywords"
    words = [blocks.inline.read(each) for each in group.iter("kwd", "compound-kwd")]
    if words:
        blocks.add(BlockKind.FRONT_MATTER, group, FRONT, f"{name.rstrip(':')}: {'; '.join(filter(None, words))}")


def _named_number(element: _Element, blocks: Blocks) -> str:
    """What a publisher adds under a name of its own, if it is the number of a registration."""
    name, value = (blocks.inline.read(part) if (part := element.find(tag)) is not None else "" for tag in _CUSTOM)
    return f"{name}: {value}" if registry_id().search(value) else ""


def _registration(element: _Element, blocks: Blocks) -> str:
    """The words of a link to a registration, with its number where they lack it."""
    words, number = blocks.inline.read(element), element.get("document-id") or ""
    return words if number in words else f"{words} {number}".strip()

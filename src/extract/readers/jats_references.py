"""One entry of a JATS reference list: its fields from the elements, its words as printed or, where nothing but the
elements is given, in the usual order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from extract.document import BlockKind, Document, Reference
from extract.patterns import lazy_regex
from extract.readers.entries import Entry, find_doi, parse_entry
from extract.readers.normalise import normalised
from extract.readers.references import RESTARTED
from extract.readers.xml_inline import HREF, InlineText, collapse

if TYPE_CHECKING:
    from lxml.etree import _Element

_CITATIONS = ("mixed-citation", "element-citation", "nlm-citation", "citation")
_NUMBER = lazy_regex(r"\W*(\d{1,4})\W*")
_YEAR = lazy_regex(r"(?:19|20)\d\d")
_DOI_ADDRESS = lazy_regex(r"(?i)^(?:https?://)?(?:dx\.)?(?:www\.)?doi\.org/|^doi:\s*")
_PMID = lazy_regex(r"\d{1,8}")
_PEOPLE = frozenset({"name", "string-name", "collab", "institution", "etal", "anonymous", "name-alternatives"})
_EDITORS = frozenset({"editor", "translator", "compiler", "guest-editor"})
_TITLES = ("article-title", "chapter-title", "part-title", "data-title")
_PAGES = frozenset({"volume", "issue", "fpage", "lpage", "page-range", "elocation-id", "year", "month", "day"})


class ListedEntry(NamedTuple):
    """An entry with its words; `number` is None without a printed one."""

    text: str
    number: int | None
    entry: Entry


def read_entry(ref: _Element, inline: InlineText) -> ListedEntry | None:
    """The entry of a `ref`; None for one without words. Of several citations in one entry the first one counts."""
    label = inline.read(found) if (found := ref.find("label")) is not None else ""
    citations = list(_citations(ref))
    words = [_words(citation, inline) for citation in citations]
    words += [inline.read(note) for note in ref.iterchildren("note", "p")]
    text = " ".join(filter(None, words))
    if not text:
        return None
    number = int(match[1]) if (match := _NUMBER.fullmatch(label)) else None
    if label:
        text = f"{label}{'' if label[-1] in '.)]:' else '.'} {text}"
    entry = _fields(citations[0], inline, words[0]) if citations else parse_entry(words[0])
    note = f"{len(citations)} works in one entry; the first one is given" if len(citations) > 1 else None
    return ListedEntry(text, number, entry._replace(note=note))


def references_of(entries: Sequence[ListedEntry]) -> Callable[[Document], tuple[Reference, ...]]:
    """What gives the references of a document whose blocks of references are these entries, in order."""

    def references(document: Document) -> tuple[Reference, ...]:
        spans = (block.span for block in document.blocks if block.kind is BlockKind.REFERENCE)
        found = []
        last = 0
        for (_, number, entry), span in zip(entries, spans, strict=True):
            restarts = number is not None and number <= last
            last = last + 1 if number is None or restarts else number
            note = "; ".join(filter(None, (RESTARTED if restarts else None, entry.note))) or None
            author, title, journal = map(_shown, (entry.first_author, entry.title, entry.journal))
            found.append(Reference(last, author, title, journal, entry.year, entry.doi, entry.pmid, note, span))
        return tuple(found)

    return references


def _shown(printed: str | None) -> str | None:
    return normalised(printed, markup=False) or None if printed else None


def _citations(ref: _Element) -> Iterator[_Element]:
    """The citations of an entry; of one given in two forms the one with more elements."""
    for child in ref:
        if child.tag in _CITATIONS:
            yield child
        elif child.tag == "citation-alternatives":
            yield from sorted(child.iterchildren(*_CITATIONS), key=lambda each: -len(list(each.iter())))[:1]


def _fields(citation: _Element, inline: InlineText, words: str) -> Entry:
    """The fields of the entry, from the elements and, where those say little, from the words."""
    author = _first_author(citation, inline)
    title = next((inline.read(each) for tag in _TITLES for each in citation.iter(tag)), None)
    source = _read_first(citation, "source", inline)
    if author is None and title is None and source is None:
        return parse_entry(words)
    if title is None and citation.get("publication-type", citation.get("citation-type")) != "journal":
        title, source = source, None
    year = _YEAR.search(_read_first(citation, "year", inline) or "")
    if author is None or year is None:  # printed without an element of its own
        plain = parse_entry(words)
        author = author or plain.first_author
        year = year or _YEAR.search(str(plain.year))
    doi = _identifier(citation, "doi", inline) or find_doi(words)[0]
    pmid = _PMID.fullmatch(_identifier(citation, "pmid", inline) or "")
    return Entry(
        author,
        title.strip(" .,;:") or None if title else None,
        source.strip(" .,;:") or None if source else None,
        int(year[0]) if year else None,
        _DOI_ADDRESS.sub("", doi) if doi else None,
        pmid[0] if pmid else None,
        None,
    )


def _read_first(citation: _Element, tag: str, inline: InlineText) -> str | None:
    element = next(citation.iter(tag), None)
    return inline.read(element) or None if element is not None else None


def _first_author(citation: _Element, inline: InlineText) -> str | None:
    """The family name of the first author, or the first group's name."""
    for element in citation.iter("name", "string-name", "collab", "institution"):
        group = next(element.iterancestors("person-group"), None)
        if (
            group is not None
            and group.get("person-group-type") in _EDITORS
            and citation.find(".//article-title") is not None
        ):
            continue
        surname = element if element.tag in {"collab", "institution"} else next(element.iter("surname"), None)
        text = inline.read(surname if surname is not None else element).strip(" .,;:")
        if text:
            return text
    return None


def _identifier(citation: _Element, kind: str, inline: InlineText) -> str | None:
    """The identifier of a kind as printed, without the address before it."""
    for element in citation.iter("pub-id", "ext-link", "object-id"):
        if kind in {element.get("pub-id-type"), element.get("ext-link-type")}:
            return inline.read(element) or element.get(HREF)
        if kind == "doi" and "doi.org/10." in (address := element.get(HREF) or ""):
            return address
    return None


def _words(citation: _Element, inline: InlineText) -> str:
    """The words of a citation: as they stand where it has signs between its elements, else put in order."""
    loose = (citation.text, *(child.tail for child in citation))
    if len(citation) == 0 or any(text and not text.isspace() for text in loose):
        return inline.read(citation)
    people: list[str] = []
    others: list[str] = []
    pages: dict[str, str] = {}
    ids: list[str] = []
    for child in citation:
        text = inline.read(child)
        if child.tag in _PEOPLE:
            people.append(_person(child, text))
        elif child.tag == "person-group":
            people += [_person(each, inline.read(each)) for each in child if each.tag in _PEOPLE]
        elif child.tag in _PAGES:
            pages.setdefault(child.tag, text)
        elif child.tag == "pub-id":
            ids.append(f"{_ID_NAMES.get(child.get('pub-id-type', ''), '')}{text}")
        elif text:
            others.append(text)
    parts = [", ".join(filter(None, people)), *others, _imprint(pages), *ids]
    return " ".join(part if part[-1] in ".?!" else f"{part}." for part in parts if part)


_ID_NAMES = {"doi": "doi:", "pmid": "PMID: ", "pmcid": ""}


def _person(element: _Element, text: str) -> str:
    """A name as reference lists print it: family name and initials."""
    if element.tag == "etal":
        return text or "et al"
    surname, given = element.findtext("surname"), element.findtext("given-names")
    if surname is None:
        return text
    return collapse(" ".join(filter(None, (surname, given, element.findtext("suffix")))))


def _imprint(pages: dict[str, str]) -> str:
    """Year, volume, issue and pages: `2019;3(4):5-9`."""
    date = " ".join(filter(None, (pages.get(tag) for tag in ("year", "month", "day"))))
    volume = pages.get("volume", "") + (f"({pages['issue']})" if "issue" in pages else "")
    last = f"-{pages['lpage']}" if pages.get("lpage") and pages.get("lpage") != pages.get("fpage") else ""
    first = pages.get("fpage") or pages.get("page-range") or pages.get("elocation-id") or ""
    numbers = ":".join(filter(None, (volume, first + last)))
    return ";".join(filter(None, (date, numbers)))

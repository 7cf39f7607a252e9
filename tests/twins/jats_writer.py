"""Articles written as JATS XML in two manners: all structured and in place, or as printed with floats at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from lxml import etree
from lxml.builder import E  # type: ignore[import-not-found]

from extract.document import Reference

from .article import Article, Entry, Float, Heading, Passage, Run, spanners

DOI = "10.5555/atr.2024.0101"
XLINK = "http://www.w3.org/1999/xlink"
DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.2 20190208//EN"'
    ' "JATS-archivearticle1.dtd">'
)
Node = etree._Element
_CITED = re.compile(r"\d{1,3}")
_IN_BRACKETS = re.compile(r"\((?:\d{1,3})(?:[,–-]\s?\d{1,3})*\)")
_FLOAT = re.compile(r"\b(?P<kind>Table|Figure)s?\s(?P<number>\d)\b", re.IGNORECASE)
_LABEL = re.compile(r"((?:table|figure)\s\d+[.:]?)\s*\|?\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*\.?)\s+(?=\S)")
_AUTHOR = re.compile(r"(?P<name>[^\x00]+)\x00(?P<marks>[^\x01]*)\x01")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_DOI = re.compile(r"10\.5555/\S+|10\.\d{4,9}/\S+")
_INITIALS = re.compile(r"[\s,]+(?P<initials>(?:[A-Z]\.?[\s-]?){1,3})(?=[,.&\s]|$)")


class Manner(NamedTuple):
    """How a publisher writes JATS.

    `structured`: references as `element-citation`, else as printed; `labels`: numbers of headings in `label`;
    `floats_apart`: tables and figures in `floats-group`; `ascii_only`: other characters as references.
    """

    structured: bool = True
    labels: bool = False
    floats_apart: bool = False
    ascii_only: bool = False


MANNERS = {
    "jats": Manner(),
    "jats_printed": Manner(structured=False, labels=True, floats_apart=True, ascii_only=True),
}


def write_jats(article: Article, manner: Manner) -> bytes:
    """The XML file of an article."""
    return _Writer(article, manner).write()


class _Writer:
    """Writes one article; keeps what citations are linked by."""

    def __init__(self, article: Article, manner: Manner) -> None:
        self._article = article
        self._manner = manner
        parts = [entry.parts for entry in article.references]
        self._numbers = {str(each.number): f"B{each.number}" for each in parts}
        self._named = [(_named(each), f"B{each.number}") for each in parts if each.first_author]
        printed = (
            run.text for each in article.body if not isinstance(each, Float | Heading) for run in each.words.runs
        )
        self._bracketed = any(_IN_BRACKETS.search(text) for text in printed)
        self._floats: list[Node] = []

    def write(self) -> bytes:
        """The bytes of the file."""
        root = etree.Element("article", {"article-type": "review-article"}, nsmap={"xlink": XLINK})
        root.append(self._front())
        root.append(self._body())
        root.append(self._back())
        if self._manner.floats_apart and self._floats:
            root.append(_E("floats-group", *self._floats))
        encoding = "ASCII" if self._manner.ascii_only else "UTF-8"
        written = etree.tostring(root, xml_declaration=True, encoding=encoding, doctype=DOCTYPE)
        assert isinstance(written, bytes)
        return written

    def _front(self) -> Node:
        article = self._article
        authors = list(_authors(article.byline))
        contributors = _E("contrib-group", *(_contributor(name, marks) for name, marks in authors))
        affiliations = [node for line in article.front for node in self._affiliations(line)]
        others = [line for line in article.front if not _is_affiliation(line)]
        notes = _E("author-notes", *(self._note("fn", line) for line in others)) if others else None
        abstract = _E("abstract", *(self._fill(_E("p"), each) for each in article.abstract))
        if article.abstract_heading is not None:
            abstract.insert(0, self._fill(_E("title"), article.abstract_heading))
        parts = [
            _E("article-id", DOI, {"pub-id-type": "doi"}),
            _E("article-categories", _E("subj-group", _E("subject", "Review"), {"subj-group-type": "heading"})),
            _E("title-group", self._fill(_E("article-title"), article.title)),
            contributors,
            *affiliations,
            *([notes] if notes is not None else []),
            _E("pub-date", _E("day", "1"), _E("month", "6"), _E("year", "2024"), {"pub-type": "epub"}),
            _E("volume", "7"),
            _E("fpage", "101"),
            _E("lpage", "118"),
            _E("permissions", _E("copyright-statement", "© 2024 The authors")),
            abstract,
            *(_keywords(line) for line in article.keywords),
        ]
        journal = _E(
            "journal-meta",
            _E("journal-id", "Ann Trial Rev", {"journal-id-type": "nlm-ta"}),
            _E("journal-title-group", _E("journal-title", "Annals of Trial Reviews")),
            _E("issn", "0000-0000", {"pub-type": "epub"}),
            _E("publisher", _E("publisher-name", "Trial Reviews Press")),
        )
        return _E("front", journal, _E("article-meta", *parts))

    def _affiliations(self, line: Passage) -> Iterator[Node]:
        if not _is_affiliation(line):
            return
        node: Node | None = None
        for run in line.runs:
            if run.script == "sup" or run.text in _RAISED:
                if node is not None:
                    node[0].tail = (node[0].tail or "").rstrip(" ;,")
                    yield node
                mark = _RAISED.get(run.text, run.text)
                node = _E("aff", _E("label", mark), {"id": f"aff{mark}"})
            elif node is not None:
                node[0].tail = (node[0].tail or "") + run.text
        if node is not None:
            yield node

    def _body(self) -> Node:
        body = _E("body")
        open_sections = [body]
        for number, element in enumerate(self._article.body):
            if isinstance(element, Heading):
                del open_sections[element.level :]
                section = _E("sec", {"id": f"s{number}"})
                self._head(section, element.words)
                open_sections[-1].append(section)
                open_sections.append(section)
            elif isinstance(element, Float):
                node = self._float(element, len(self._floats) + 1)
                self._floats.append(node)
                if not self._manner.floats_apart:
                    open_sections[-1].append(node)
            else:
                open_sections[-1].append(self._fill(_E("p"), element.words))
        return body

    def _head(self, section: Node, words: Passage) -> None:
        number = _NUMBERED.match(words.runs[0].text)
        if number is None or not self._manner.labels:
            section.append(self._fill(_E("title"), words))
            return
        section.append(_E("label", number[1]))
        first = words.runs[0]._replace(text=words.runs[0].text[number.end() :])
        section.append(self._fill(_E("title"), Passage((first, *words.runs[1:]), "")))

    def _float(self, element: Float, number: int) -> Node:
        label = _FLOAT.match(element.caption.text) if element.caption else None
        name = f"{label['kind'].lower().replace('figure', 'fig')}{label['number']}" if label else f"float{number}"
        wrap = _E("table-wrap" if element.rows else "fig", {"id": name, "position": "float"})
        if element.caption is not None:
            self._caption(wrap, element.caption)
        if element.rows:
            wrap.append(self._table(element))
            if element.notes:
                wrap.append(_E("table-wrap-foot", *(self._note("fn", note) for note in element.notes)))
        else:
            wrap[-1].extend(self._fill(_E("p"), note) for note in element.notes)
            wrap.append(_E("graphic", {f"{{{XLINK}}}href": f"figure-{number}.tif"}))
        return wrap

    def _caption(self, wrap: Node, caption: Passage) -> None:
        """The label by itself; the bar after it is the typesetter's."""
        runs = list(caption.runs)
        text = "".join(run.text for run in runs)
        if label := _LABEL.match(text):
            wrap.append(_E("label", label[1]))
            left = label.end()
            while left and runs:
                cut = min(left, len(runs[0].text))
                runs[0] = runs[0]._replace(text=runs[0].text[cut:])
                left -= cut
                if not runs[0].text:
                    del runs[0]
        tag = "p" if self._manner.structured else "title"
        wrap.append(_E("caption", self._fill(_E(tag), Passage(tuple(runs), ""))))

    def _table(self, element: Float) -> Node:
        head, body = _E("thead"), _E("tbody")
        columns = len(element.rows[0])
        for number, row in enumerate(element.rows):
            in_head = number < element.header_rows
            line = _E("tr")
            spans = dict(spanners(row)) if in_head else {}
            if not in_head and row[0].text and not any(cell.text for cell in row[1:]):
                spans = {0: columns}
            column = 0
            while column < columns:
                width = spans.get(column, 1)
                attributes = {"colspan": str(width)} if width > 1 else {}
                line.append(self._fill(_E("th" if in_head else "td", attributes), row[column]))
                column += width
            (head if in_head else body).append(line)
        return _E("table", head, body, {"frame": "hsides", "rules": "groups"})

    def _note(self, tag: str, words: Passage) -> Node:
        return _E(tag, self._fill(_E("p"), words))

    def _back(self) -> Node:
        back = _E("back")
        section: Node | None = None
        for element in self._article.back:
            if isinstance(element, Heading):
                acknowledges = element.words.text.lower().startswith("acknowledg")
                section = _E("ack" if acknowledges else "sec", self._fill(_E("title"), element.words))
                back.append(section)
            elif not isinstance(element, Float):
                target = section if section is not None else back
                note = self._fill(_E("p"), element.words)
                target.append(note if section is not None else _E("notes", note))
        entries = [self._entry(entry) for entry in self._article.references]
        references = _E("ref-list", *entries)
        if self._article.references_heading is not None:
            references.insert(0, self._fill(_E("title"), self._article.references_heading))
        back.append(references)
        return back

    def _entry(self, entry: Entry) -> Node:
        node = _E("ref", {"id": f"B{entry.parts.number}"})
        if entry.number is not None:
            node.append(_E("label", entry.number.strip("[].")))
        node.append(_structured(entry) if self._manner.structured else self._as_printed(entry.words))
        return node

    def _as_printed(self, printed: Passage) -> Node:
        node = _E("mixed-citation", {"publication-type": "journal"})
        for run in printed.runs:
            doi = _DOI.search(run.text)
            if doi is None:
                _append(node, _styled(run))
                continue
            _append(node, run.text[: doi.start()])
            _append(node, _E("pub-id", doi[0], {"pub-id-type": "doi"}))
            _append(node, run.text[doi.end() :])
        return node

    def _fill(self, node: Node, words: Passage) -> Node:
        """The node with the runs of a passage as mixed content, citations linked."""
        before = ""
        for run in words.runs:
            if run.script == "sup" and before and not before[-1].isalnum() and self._cites(run.text):
                _append(node, self._linked("sup", run.text))
            elif run.script or run.bold or run.italic:
                _append(node, _styled(run))
            else:
                for piece in self._links(run.text):
                    _append(node, piece)
            before = run.text or before
        return node

    def _cites(self, text: str) -> bool:
        return (
            bool(self._numbers)
            and all(number in self._numbers for number in _CITED.findall(text))
            and text[0].isdigit()
        )

    def _linked(self, tag: str, text: str) -> Node:
        """Numbers of entries, each in an `xref`."""
        node = _E(tag)
        for piece in self._xrefs(text):
            _append(node, piece)
        return node

    def _xrefs(self, text: str) -> Iterator[str | Node]:
        last = 0
        for match in _CITED.finditer(text):
            yield text[last : match.start()]
            yield _xref("bibr", self._numbers.get(match[0], ""), match[0])
            last = match.end()
        yield text[last:]

    def _links(self, text: str) -> Iterator[str | Node]:
        """Plain text with its citations and its mentions of floats linked."""
        found: list[tuple[int, int, str, str]] = []
        for match in _FLOAT.finditer(text):
            kind = "table" if match["kind"].lower() == "table" else "fig"
            found.append((*match.span(), kind, f"{kind}{match['number']}"))
        for pattern, target in self._named:
            found += [(*match.span(), "bibr", target) for match in pattern.finditer(text)]
        if self._bracketed:
            found += [
                (*match.span(), "numbers", "") for match in _IN_BRACKETS.finditer(text) if self._cites(match[0][1:-1])
            ]
        last = 0
        for start, end, kind, target in sorted(found):
            if start < last:
                continue
            yield text[last:start]
            if kind == "numbers":
                yield from self._xrefs(text[start:end])
            else:
                yield _xref(kind, target, text[start:end])
            last = end
        yield text[last:]


def _E(tag: str, *parts: str | Node | dict[str, str]) -> Node:  # noqa: N802 - as in lxml.builder
    """An element of attributes, text and children."""
    return cast(Node, E(tag, *parts))


def _append(node: Node, piece: str | Node) -> None:
    """Add text or an element to mixed content."""
    if not isinstance(piece, str):
        node.append(piece)
    elif len(node):
        node[-1].tail = (node[-1].tail or "") + piece
    else:
        node.text = (node.text or "") + piece


def _styled(run: Run) -> str | Node:
    tags = [tag for tag, on in (("bold", run.bold), ("italic", run.italic), (run.script, bool(run.script))) if on]
    node: str | Node = run.text
    for tag in reversed(tags):
        node = _E(tag, node)
    return node


def _xref(kind: str, target: str, text: str) -> Node:
    return _E("xref", text, {"ref-type": kind, "rid": target})


def _named(entry: Reference) -> re.Pattern[str]:
    """How an entry is cited by author and year."""
    second = r"(?:\s(?:and|&)\s[A-Z][\w’'-]+|\set\sal\.)?"
    return re.compile(rf"{re.escape(entry.first_author or '')}{second},?\s\(?{entry.year}")


def _is_affiliation(line: Passage) -> bool:
    first = line.runs[0]
    return (first.script == "sup" or first.text[:1] in _RAISED) and len(line.text) > 20


def _authors(byline: Passage) -> Iterator[tuple[str, list[str]]]:
    """Name and marks of each author: every author of the samples has a mark."""
    flat = "".join(f"\x00{run.text}\x01" if run.script == "sup" else run.text for run in byline.runs)
    flat = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda match: f"\x00{''.join(map(_RAISED.__getitem__, match[0]))}\x01", flat)
    for match in _AUTHOR.finditer(flat):
        name = re.sub(r"^and\s+", "", match["name"].strip(" ,;*\\")).split(",")[0].strip()
        yield name, [mark for mark in re.split(r"[,\s]+", match["marks"]) if mark.isalnum()]


def _contributor(name: str, marks: Sequence[str]) -> Node:
    given, _, surname = name.rpartition(" ")
    links = (_xref("aff", f"aff{mark}", mark) for mark in marks)
    return _E(
        "contrib", _E("name", _E("surname", surname), _E("given-names", given)), *links, {"contrib-type": "author"}
    )


def _keywords(line: Passage) -> Node:
    words = re.split(r"[;,]\s", line.text.partition(":")[2].strip())
    return _E("kwd-group", *(_E("kwd", word) for word in words))


def _structured(cited: Entry) -> Node:
    entry, printed = cited.parts, cited.words
    node = _E("element-citation", {"publication-type": "journal"})
    people = _E("person-group", {"person-group-type": "author"})
    if entry.first_author:
        initials = _INITIALS.search(printed.text, printed.text.find(entry.first_author) + len(entry.first_author))
        name = _E("name", _E("surname", entry.first_author))
        if initials:
            name.append(_E("given-names", initials["initials"].replace(".", "").replace(" ", "").strip()))
        people.append(name)
        people.append(_E("etal"))
    node.append(people)
    for tag, value in (("article-title", entry.title), ("source", entry.journal), ("year", entry.year)):
        if value:
            node.append(_E(tag, str(value)))
    for kind, value in (("doi", entry.doi), ("pmid", entry.pmid)):
        if value:
            node.append(_E("pub-id", value, {"pub-id-type": kind}))
    return node

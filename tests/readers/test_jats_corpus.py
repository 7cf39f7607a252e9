"""Published trial reports in JATS: nothing is lost, and the program finds what it finds in their text.

The files are not part of the project; each test is skipped where nobody has put any.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from spacy.language import Language

import extract
from extract.assembly import Extraction, extract_document
from extract.components import values
from extract.document import Document
from extract.evaluation import align_mentions, find_source, gold_documents, load_gold
from extract.pipeline import make_doc

ROOT = Path(__file__).resolve().parents[2]
CORPORA = (ROOT / "corpus", ROOT.parent / "shared" / "corpus")
FILES = sorted(
    path for corpus in CORPORA for folder in ("sources", "jats") for path in (corpus / folder).glob("*.nxml")
)
GOLD = [name for name in gold_documents(ROOT / "gold") if name in {path.stem for path in FILES}]
NONE_AT_HAND = "no JATS file is at hand: put some into corpus/sources/"
files = pytest.mark.parametrize(
    "path",
    FILES or [pytest.param(None, marks=pytest.mark.skip(reason=NONE_AT_HAND))],
    ids=lambda path: path.stem if path else "",
)
REGISTRY_ID = re.compile(r"NCT\d{8}|ISRCTN\s?\d{8}|ACTRN\d{14}|\b(?:19|20)\d\d-\d{6}-\d\d\b")
# Read apart from the words around them, or for machines only.
APART = (
    "table-wrap",
    "fig",
    "list",
    "boxed-text",
    "supplementary-material",
    "media",
    "fn",
    "tex-math",
    "institution-id",
)


@cache
def read(path: Path) -> tuple[Document, etree._Element]:
    """The document, and the tree of its file."""
    return extract.read(path), etree.parse(str(path)).getroot()


@cache
def extraction_of(path: Path) -> Extraction:
    return extract_document(read(path)[0], helpers=True)


def words_of(text: str) -> list[str]:
    """Words and numbers; raised and lowered ones as if they stood on the line."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))


def own_words(element: etree._Element) -> list[str]:
    """The words of an element without what is read apart from it, each citation and mark a word."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    for inner in copy.iter("p", "list-item") if copy.tag == "td" else ():
        inner.tail = f" {inner.tail or ''}"
    for inner in list(copy.iter(*APART)):
        if inner is not copy and not (copy.tag == "td" and inner.tag == "list"):
            tail, parent, before = f" {inner.tail or ''}", inner.getparent(), inner.getprevious()
            assert parent is not None
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
            parent.remove(inner)
    for inner in copy.iter("break"):
        inner.tail = f" {inner.tail or ''}"
    return words_of("".join(copy.itertext()))


@files
def test_no_words_are_lost(path: Path) -> None:
    document, root = read(path)
    text = f" {' '.join(words_of(document.text))} "
    lost = []
    for element in root.iter("p", "td", "th", "title", "article-title", "kwd"):
        words = own_words(element)
        runs = [words[first : first + 5] for first in range(max(len(words) - 4, 1))] if words else []
        lost += [(element.tag, run) for run in runs if f" {' '.join(run)} " not in text]
    assert lost == []


@files
def test_every_registry_id_is_in_the_text(path: Path) -> None:
    document, root = read(path)
    printed = set(REGISTRY_ID.findall(" ".join(str(text) for text in root.itertext())))
    assert printed - set(REGISTRY_ID.findall(document.text)) == set()


@files
def test_every_filled_cell_is_a_cell(path: Path) -> None:
    document, root = read(path)
    in_file = [
        [" ".join(own_words(cell)) for cell in table.iter("td", "th") if own_words(cell)]
        for table in root.iter("table")
    ]
    in_document = [
        [" ".join(words_of(words)) for cell in block.table.cells if words_of(words := document.text[slice(*cell.span)])]
        for block in document.blocks
        if block.table is not None
    ]
    assert sorted(in_document) == sorted(in_file)


@files
def test_every_cell_stands_in_a_column_of_the_grid(path: Path) -> None:
    document, _ = read(path)
    for block in document.blocks:
        if block.table is not None:
            places = [(cell.row, cell.column) for cell in block.table.cells]
            assert places == [
                (row, column) for row in range(block.table.n_rows) for column in range(block.table.n_columns)
            ]
            assert 0 < block.table.header_rows < block.table.n_rows


@files
def test_blocks_are_in_order_and_leave_out_only_line_ends(path: Path) -> None:
    document, _ = read(path)
    position = 0
    for block in document.blocks:
        assert position <= block.span.start < block.span.end
        assert document.text[position : block.span.start].strip() == ""
        position = block.span.end
    assert position == len(document.text)


@files
def test_every_mention_and_record_has_its_quote_and_its_element(path: Path) -> None:
    document, root = read(path)
    found = extraction_of(path)
    assert found.mentions
    for mention in found.mentions:
        assert document.text[mention.start : mention.end] == mention.quote
    for row in (*found.mentions, *found.evidence):
        place = document.element(row.start, row.end)
        assert place is not None
        assert len(root.xpath(place)) == 1  # type: ignore[arg-type]


@files
def test_every_reference_is_a_row_with_author_and_year(path: Path) -> None:
    document, root = read(path)
    assert [reference.number for reference in document.references] == [*range(1, len(list(root.iter("ref"))) + 1)]
    complete = [reference for reference in document.references if reference.first_author and reference.title]
    assert len(complete) >= 0.95 * len(document.references)


@files
def test_citations_are_what_the_file_links(path: Path, nlp: Language) -> None:
    document, root = read(path)
    numbers = {
        ref.get("id"): reference.number for ref, reference in zip(root.iter("ref"), document.references, strict=True)
    }
    place_of = root.getroottree().getpath
    linked: Counter[tuple[str, int]] = Counter()
    for element in root.iter("p", "td", "th", "title"):
        before: etree._Element | None = None
        for link in element.iter("xref"):
            if link.get("ref-type") != "bibr" or next(link.iterancestors("p", "td", "th", "title")) is not element:
                continue
            first = numbers[(link.get("rid") or "").split()[0]]
            if before is not None and re.fullmatch(r"\s*[-–—]\s*", before.tail or ""):
                last = numbers[(before.get("rid") or "").split()[0]]
                linked.update((place_of(element), number) for number in range(last + 1, first))
            linked[place_of(element), first] += 1
            before = link
    found = Counter(
        (document.element(start, end), number)
        for start, end, value in values(make_doc(nlp, document), "citations")
        for number in value.numbers
    )
    assert found == linked


@pytest.mark.parametrize("name", GOLD or [pytest.param("", marks=pytest.mark.skip(reason=NONE_AT_HAND))])
def test_the_mentions_of_a_text_are_found_in_its_jats(name: str) -> None:
    gold = load_gold(ROOT / "gold", name).mentions
    text = find_source(name, CORPORA)
    if text is None:
        pytest.skip(f"the text of {name} is not at hand: put it into corpus/sources/")
    jats = next(path for path in FILES if path.stem == name)
    in_text = len(align_mentions(gold, extract_document(extract.read(text)).promised()))
    in_jats = len(align_mentions(gold, extraction_of(jats).promised()))
    assert in_jats >= in_text - 0.01 * len(gold)

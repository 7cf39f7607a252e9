"""The readers: any file is read into a sound document, or refused in one line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st
from lxml import etree

from damage import damaged
from extract.document import Document
from extract.errors import ReadError
from extract.readers import read
from extract.readers.isolated import Reader
from fuzz.bases import SAMPLES, html_files, sentences, short_texts, xml_files
from fuzz.mutating import CHANGES, MARKUP, NUMBERS, ODD, PIECES, Change, change, changed, changes
from fuzz.targets import Target
from odd_pdfs import odd_pdfs, sound_pdfs, with_contents, with_map
from odd_xml import ENTITIES, html, odd_articles, odd_pages
from test_damaged_input import assert_sound
from test_invariants import assert_blocks, assert_mapped

LIMIT = 30.0  # seconds for a PDF, on a loaded machine
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-32", "shift_jis", "cp037")
_MOST_ELEMENTS = 600  # of an article that grows
_ODD_BYTES = 200_000  # of files that are taken from odd_xml and odd_pdfs: larger ones have their own tests


class File(NamedTuple):
    """A file to be read."""

    suffix: str
    data: bytes


def size(file: File) -> int:
    return len(file.data)


def encoded(text: str, encoding: str) -> bytes:
    """In an encoding, or as UTF-8 with what that cannot hold replaced."""
    return text.encode(encoding, "replace")


_FOLDERS: list[Path] = []


@contextmanager
def folder() -> Iterator[None]:
    """A folder for the files of a round."""
    with tempfile.TemporaryDirectory() as made:
        _FOLDERS.append(Path(made))
        try:
            yield
        finally:
            _FOLDERS.pop()


def read_here(file: File) -> Document | None:
    """The document, or None for a file that is refused as it should be."""
    path = _FOLDERS[-1] / f"case{file.suffix}"
    path.write_bytes(file.data)
    try:
        return read(path)
    except ReadError as error:
        check_refusal(str(error), path)
        return None


def check_refusal(refusal: str, path: Path) -> None:
    """A refusal is one line that begins with the file."""
    assert refusal.startswith(f"{path}: ")
    assert refusal.isprintable()
    assert len(refusal) < 2_000


def check_reading(file: File) -> None:
    """The same sound document both times, with text, map and blocks that fit."""
    document = read_here(file)
    if document is not None:
        assert_sound(document)
        assert_blocks(document)
        assert_mapped(document)
    again = read_here(file)
    assert as_parts(again) == as_parts(document)


def as_parts(document: Document | None) -> object:
    """What a document is made of, to be compared."""
    if document is None:
        return None
    return document.text, document.source, document.source_map, document.blocks, document.references, document.title


def texts() -> st.SearchStrategy[File]:
    """Text files: reviews with changes, in an encoding, some with damaged bytes."""
    whole = st.one_of(
        changed(st.lists(st.sampled_from(sentences()), min_size=1, max_size=3).map("\n\n".join)),
        changed(st.sampled_from(short_texts())),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    )
    encoding = st.sampled_from(("utf-8",) * 8 + ENCODINGS)
    return st.builds(
        lambda text, kind, suffix, seed: File(suffix, _damaged(encoded(text, kind), seed)),
        whole, encoding, st.sampled_from([".md", ".txt"]), st.one_of(st.none(), st.none(), st.integers(0, 1 << 30)),
    )  # fmt: skip


def _damaged(data: bytes, seed: int | None) -> bytes:
    return data if seed is None or not data else damaged(data, seed)


@cache
def _odd_articles() -> tuple[str, ...]:
    made = (make() for _, make in odd_articles())
    return tuple(each.decode("utf-8", "replace") for each in made if len(each) < 20_000)


@cache
def _odd_pages() -> tuple[str, ...]:
    made = (make() for _, make in odd_pages())
    return tuple(each.decode("utf-8", "replace") for each in made if len(each) < 20_000)


_XML_PIECES = (*MARKUP, *NUMBERS, *ODD, "<sec><title>Results</title>", "</sec>", "<p>" * 200, "<ref-list>", "</body>")
_XML_PIECES += tuple(f"<!DOCTYPE article [{declared[:4000]}]>" for declared, _ in ENTITIES.values())
_XML_PIECES += ("<td colspan='9999999'>", "<td rowspan='-1'>", "<?xml version='1.0' encoding='utf-16'?>", "<mml:math>")


_NO_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def grown(text: str, moves: list[Change]) -> str:
    """A sound article with elements lost, doubled, moved or renamed, and with other words: sound markup again."""
    root = etree.fromstring(text.encode())
    for kind, one, other, piece in moves:
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        element, target = elements[one % len(elements)], elements[other % len(elements)]
        words = _NO_XML.sub("", piece)
        if kind == "words":
            element.text = words + (element.text or "")
        elif kind == "change":
            element.text = _NO_XML.sub(
                "", change(element.text or "", [(sorted(CHANGES)[other % len(CHANGES)], one, other, piece)])
            )
        elif kind == "rename":
            element.tag = target.tag
        elif kind == "attribute" and element.attrib:
            element.set(sorted(element.attrib)[other % len(element.attrib)], words)
        elif kind == "double" and len(elements) < _MOST_ELEMENTS:
            target.append(deepcopy(element))
        elif kind == "lose" and (parent := element.getparent()) is not None:
            parent.remove(element)
        elif kind == "move" and element not in target.iterancestors() and element is not target and element is not root:
            target.insert(one % (len(target) + 1), element)
    return etree.tostring(root, encoding="unicode")


def _moves() -> st.SearchStrategy[list[Change]]:
    kinds = st.sampled_from(("words", "change", "rename", "attribute", "double", "lose", "move"))
    place = st.integers(0, 1 << 14)
    return st.lists(st.tuples(kinds, place, place, st.sampled_from(PIECES)), max_size=6)


def _markup_files(suffix: str, sound: tuple[str, ...], odd: tuple[str, ...]) -> st.SearchStrategy[File]:
    bases = st.one_of(st.sampled_from(sound), st.sampled_from(odd))
    text = st.builds(change, bases, changes(pieces=_XML_PIECES))
    return st.builds(
        lambda text, kind, seed: File(suffix, _damaged(encoded(text, kind), seed)),
        text,
        st.sampled_from(("utf-8",) * 8 + ENCODINGS),
        st.one_of(st.none(), st.integers(0, 1 << 30)),
    )


def xml() -> st.SearchStrategy[File]:
    """Articles with changes and damage, half of them well-formed."""
    whole = tuple(each for each in xml_files() if _is_whole(each))
    sound = st.builds(lambda text, moves: File(".xml", grown(text, moves).encode()), st.sampled_from(whole), _moves())
    return st.one_of(sound, _markup_files(".xml", xml_files(), _odd_articles()))


def _is_whole(text: str) -> bool:
    try:
        etree.fromstring(text.encode())
    except etree.XMLSyntaxError:
        return False
    return True


def pages() -> st.SearchStrategy[File]:
    """Web pages with changes and damage."""
    return _markup_files(".html", html_files(), (*_odd_pages(), html().decode()))


# ---------------------------------------------------------------------------------------------------------------- PDF


@cache
def _pdfs() -> tuple[bytes, ...]:
    odd = [data for name, make in odd_pdfs() if "deep" not in name and len(data := make()) < _ODD_BYTES]
    return (*sound_pdfs(), *odd)


def pdfs() -> st.SearchStrategy[bytes]:
    """PDF files with damage to the file, to the contents of a page or to the map of a font."""
    sample = (SAMPLES / "cardiology-typeset.pdf").read_bytes()
    seeds = st.integers(0, 1 << 30)
    return st.one_of(
        st.builds(damaged, st.sampled_from(sound_pdfs()), seeds),
        st.builds(damaged, st.sampled_from(_pdfs()), seeds),
        st.builds(lambda seed: with_contents(lambda data: damaged(data, seed)), seeds),
        st.builds(lambda seed: with_contents(lambda data: damaged(data, seed)), seeds),
        st.builds(lambda seed: with_map(lambda data: damaged(data, seed)), seeds),
        st.builds(lambda seed: damaged(sample, seed) if seed % 20 == 0 else damaged(sound_pdfs()[1], seed), seeds),
    )


_READER: list[Reader] = []


@contextmanager
def worker() -> Iterator[None]:
    """A process that reads the PDF files of a round."""
    with folder(), Reader(timeout=LIMIT) as reader:
        _READER.append(reader)
        try:
            yield
        finally:
            _READER.pop()


def check_pdf(data: bytes) -> None:
    """Read in another process, twice the same; the worker neither dies nor hangs nor runs out of memory."""
    path = _FOLDERS[-1] / "case.pdf"
    path.write_bytes(data)
    found: list[object] = []
    for _ in range(2):
        try:
            document = _READER[-1].read(path)
        except ReadError as error:
            refusal = str(error)
            check_refusal(refusal, path)
            if any(reason in refusal for reason in ("crashed", "seconds", "memory")):
                raise AssertionError(refusal) from error
            found.append(None)
            continue
        assert_sound(document)
        assert_blocks(document)
        assert_mapped(document)
        found.append(as_parts(document))
    assert found[0] == found[1]


TARGETS = (
    Target("text files", texts, check_reading, few=40, many=25_000, size=size, around=folder),
    Target("XML files", xml, check_reading, few=30, many=10_000, size=size, around=folder),
    Target("HTML files", pages, check_reading, few=30, many=10_000, size=size, around=folder),
    Target("PDF files", pdfs, check_pdf, few=12, many=5_000, around=worker),
)

"""Outlines of six published PDFs: every block with its kind, page, place and shape, and a hash of its words.

The papers are not part of the project, nor are their words: tests/golden/pdf/ holds one line a block, in reading order:

    page kind x0 top x1 bottom rowsxcolumns/header rows hash

The box is that of the block's first line in whole points, the shape is `-` for all but tables, the hash is the first
ten hexadecimal digits of the SHA-256 of the text with white space collapsed; of a table cell by cell, so that words
that move to another cell change it. A test is skipped where its paper is not at hand.

An outline that changed is judged by eye (`extract show PAPER.pdf --png pages --blocks`) and then written again with

    EXTRACT_UPDATE_GOLDEN=1 pytest tests/readers/test_pdf_outlines.py
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import extract
from extract.document import Block, CharSpan, Document

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "pdf"
FOLDERS = (ROOT / "corpus" / "sources", ROOT.parent / "shared" / "corpus" / "pdf")
PAPERS = ("PMC10770818", "PMC11051417", "PMC11052642", "PMC11231943", "PMC11401826", "PMC11424384")
LINE = re.compile(r"\d+ [a-z_]+ (?:-?\d+ -?\d+ -?\d+ -?\d+|- - - -) (?:-|\d+x\d+/\d+) [0-9a-f]{10}")
SHOWN = 60  # characters of a block's text beside its line where a test fails


def find_paper(name: str) -> Path | None:
    return next((path for folder in FOLDERS if (path := folder / f"{name}.pdf").is_file()), None)


def outline_of(document: Document) -> list[str]:
    """A line for each block, in reading order."""
    return [" ".join(map(str, _fields(document, block))) for block in document.blocks]


def _fields(document: Document, block: Block) -> Iterator[object]:
    boxes = document.boxes(*block.span)
    yield boxes[0].page_number if boxes else 0
    yield block.kind.value
    yield from map(round, boxes[0].box) if boxes else "----"
    table = block.table
    yield f"{table.n_rows}x{table.n_columns}/{table.header_rows}" if table is not None else "-"
    yield hashlib.sha256(_collapsed(document, block).encode()).hexdigest()[:10]


def _collapsed(document: Document, block: Block) -> str:
    def words(span: CharSpan) -> str:
        return " ".join(document.text[slice(*span)].split())

    if block.table is None:
        return words(block.span)
    return "\n".join(f"{cell.row}\t{cell.column}\t{words(cell.span)}" for cell in block.table.cells)


def differences(expected: list[str], found: list[str], document: Document) -> str:
    """What changed, page by page: lines that went and lines that came, those with the beginning of their text."""
    texts = (document.text[slice(*block.span)][:SHOWN] for block in document.blocks)
    starts = dict(zip(found, texts, strict=True))
    told: list[str] = []
    for page in sorted({int(line.split()[0]) for line in chain(expected, found)}):
        before, after = ([line for line in lines if line.startswith(f"{page} ")] for lines in (expected, found))
        changed = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
        if changed:
            told.append(f"page {page}:")
            told += [f"  {line}" + (f"  {starts[line[2:]]!r}" if line[0] == "+" else "") for line in changed]
    return "\n".join(told) or "the same blocks in another order of pages"


@pytest.mark.parametrize("name", PAPERS)
def test_the_blocks_of_a_paper_are_those_that_were_judged(name: str) -> None:
    paper = find_paper(name)
    if paper is None:
        pytest.skip(f"{name}.pdf is not at hand: put it into corpus/sources/")
    document = extract.read(paper)
    found = outline_of(document)
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("EXTRACT_UPDATE_GOLDEN") == "1":
        golden.write_text("\n".join(found) + "\n", encoding="utf-8", newline="\n")
    expected = golden.read_text(encoding="utf-8").splitlines()
    if found != expected:
        pytest.fail(f"{name}: the outline changed\n{differences(expected, found, document)}", pytrace=False)


@pytest.mark.parametrize("name", PAPERS)
def test_outlines_hold_no_words_of_a_paper(name: str) -> None:
    lines = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not LINE.fullmatch(line)] == []

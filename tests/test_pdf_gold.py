"""The pages of published PDFs that have gold: mentions by page, label and words, implicit percentages included."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from extract.assembly import extract_document
from extract.evaluation.gold import load_gold
from extract.evaluation.matching import normalise_surface
from extract.readers import read

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "corpus" / "sources", ROOT.parent / "shared" / "corpus")
MIN_F1 = 0.93
Key = tuple[int, str, str]  # page, label, words


def find(name: str) -> Path:
    places = (path for folder in FOLDERS for path in (folder / name, *folder.glob(f"*/{name}")))
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        pytest.skip(f"{name} is not at hand: put it into corpus/sources/")
    return found


@pytest.mark.parametrize("paper", ["PMC11231943", "PMC11424384"])
def test_mentions_of_the_annotated_pages(paper: str) -> None:
    excerpt = find(f"{paper}.txt").read_bytes().decode()
    marks = [(mark.start(), int(mark[1])) for mark in re.finditer(r"=== page (\d+) ===", excerpt)]
    gold: Counter[Key] = Counter()
    for mention in load_gold(ROOT / "gold", paper).mentions:
        page = [number for start, number in marks if start <= mention.start][-1]
        gold[page, mention.label.value, normalise_surface(mention.text)] += 1
    pages = {page for page, _, _ in gold}
    predicted: Counter[Key] = Counter()
    for found in extract_document(read(find(f"{paper}.pdf"))).mentions:
        if found.page_number in pages:
            predicted[found.page_number, found.label.value, normalise_surface(found.quote)] += 1
    shared = (gold & predicted).total()
    assert 2 * shared / (gold.total() + predicted.total()) >= MIN_F1, (gold - predicted, predicted - gold)

"""Numbers of citations and the DOIs that they lead to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from spacy.language import Language

from extract.components import document_of
from extract.document import Document
from extract.linking import Marks
from extract.linking.citations import dois_of, numbers_of
from extract.pipeline import make_doc
from extract.readers import parse_text, read

ROOT = Path(__file__).parents[2]
REVIEW = """# Asthma

## Results

Steroids help (2, 1). They are cheap (1, 3), and safe.

## References

1. Hart AB. Steroids in asthma. Chest. (2019) 4:12-9. doi: 10.5555/chest.12
2. Lee D. Asthma in cities. Lancet. (2020) 5:1-7. doi: 10.5555/lancet.1
3. Noor F. Spirometry at home. Thorax. (2021) 6:30-8.
4. Osei G. Steroids again. Chest. (2022) 7:1-2. doi: 10.5555/chest.12
"""


@pytest.fixture(scope="module")
def marks(nlp: Language) -> Marks:
    return Marks(make_doc(nlp, parse_text(REVIEW)))


def test_numbers_stand_once_in_the_order_printed(marks: Marks) -> None:
    assert numbers_of(marks.all("citations")) == (2, 1, 3)


def test_numbers_of_a_run_of_text(marks: Marks) -> None:
    start = marks.text.index("They")
    assert numbers_of(marks.inside("citations", start, len(marks.text))) == (1, 3)


@pytest.mark.parametrize(
    ("numbers", "dois"),
    [
        ((1, 2), ("10.5555/chest.12", "10.5555/lancet.1")),
        ((2, 1), ("10.5555/lancet.1", "10.5555/chest.12")),
        ((1, 4), ("10.5555/chest.12",)),
        ((3,), ()),
        ((99,), ()),
        ((), ()),
    ],
)
def test_dois_stand_as_printed_in_the_order_of_the_numbers(
    marks: Marks, numbers: tuple[int, ...], dois: tuple[str, ...]
) -> None:
    document = document_of(marks.doc)
    assert document is not None
    assert dois_of(document, numbers) == dois


FOLDERS = ("corpus/samples", "corpus/sources", "../shared/corpus")
REVIEWS = (
    "kallay2022.txt",
    "balduzzi2022.txt",
    "cardiology.md",
    "haematology.md",
    "solid-tumours.md",
    "respiratory.md",
)


def at_hand(name: str) -> Document:
    """A review of the corpus; the test is skipped where nobody has put it."""
    path = next((ROOT / folder / name for folder in FOLDERS if (ROOT / folder / name).is_file()), None)
    if path is None:
        pytest.skip(f"{name} is not at hand: put it into corpus/sources/")
    return read(path)


@pytest.mark.parametrize("name", REVIEWS)
def test_every_citation_of_a_review_leads_to_its_list(nlp: Language, name: str) -> None:
    document = at_hand(name)
    listed = {reference.number for reference in document.references}
    citations = Marks(make_doc(nlp, document)).all("citations")
    assert citations
    assert all(mark.value.numbers and listed.issuperset(mark.value.numbers) for mark in citations)


@pytest.mark.parametrize("name", REVIEWS)
def test_every_doi_that_the_list_prints_stands_in_its_rows(name: str) -> None:
    document = at_hand(name)
    listed = document.text[document.references[0].span.start :]
    printed = re.findall(r"\b10\.\d{4,9}/\S*[^\s.,;)\]>]", listed)
    assert [reference.doi for reference in document.references if reference.doi] == printed

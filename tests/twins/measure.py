"""One twin measured against its text: words, cells, references, mentions and records, with every difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from extract import read
from extract.assembly import Extraction, extract_document
from extract.document import Document
from extract.evaluation.matching import common_subsequence

from .article import Article, article_of
from .cells import CellScore, score_cells
from .facts import Facts, Gold, compare_facts, load_both, rows_alike, score_facts
from .words import Difference, WordScore, score_words

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "gold"
SAMPLES = ROOT / "corpus" / "samples"
# Papers that are not free to pass on stand outside the repository.
FOLDERS = (SAMPLES, ROOT / "corpus" / "sources", ROOT.parent / "shared" / "corpus")
SAMPLE_IDS = ("cardiology", "haematology", "respiratory", "solid-tumours")
PAPER_IDS = ("kallay2022", "balduzzi2022")


class Original:
    """The text that twins are made of, with its gold and what the program finds in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.document = read(path)
        self.article: Article = article_of(self.document)

    @cached_property
    def extraction(self) -> Extraction:
        """What the program finds in the text."""
        return extract_document(self.document)

    @cached_property
    def gold(self) -> Gold:
        """What people marked in the text."""
        return load_both(GOLD, self.document.document_id)

    @cached_property
    def facts(self) -> Facts:
        """The scores of the text."""
        return score_facts(self.gold, self.extraction)


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a twin's document is what its text says."""

    name: str
    original: Original
    extraction: Extraction
    words: WordScore
    cells: CellScore
    facts: Facts
    rows_alike: float
    references_right: int
    title_right: bool

    @property
    def losses(self) -> Mapping[str, float]:
        """By label and table how much lower the F1 of the twin is than that of the text."""
        text, twin = self.original.facts, self.facts
        return {
            name: (ours or 0) - (theirs or 0)
            for first, second in ((text.mentions, twin.mentions), (text.records, twin.records))
            for name, ours, theirs in ((name, first[name], second.get(name)) for name in first)
            if ours is not None or theirs is not None
        }

    def differences(self) -> Iterator[Difference]:
        """Everything that differs, words first."""
        yield from self.words.differences
        yield from self.cells.differences
        yield from _references(self.original.document, self.extraction.document)
        yield from compare_facts(self.original.extraction, self.extraction)


def find_text(document_id: str) -> Path | None:
    """The text of a sample or a paper, None where it is not at hand."""
    names = (folder / f"{document_id}{suffix}" for folder in FOLDERS for suffix in (".md", ".txt"))
    return next((path for path in names if path.is_file()), None)


@cache
def load_original(document_id: str) -> Original | None:
    """A sample or a paper, read once; None where it is not at hand."""
    path = find_text(document_id)
    return None if path is None else Original(path)


def measure(name: str, original: Original, path: Path, *, run_in: bool = False) -> Measured:
    """A twin's file read, its mentions and records found, and all compared with the text."""
    document = read(path, document_id=original.document.document_id)
    extraction = extract_document(document)
    wrong = sum(" added" not in each.told for each in _references(original.document, document))
    return Measured(
        name=name,
        original=original,
        extraction=extraction,
        words=score_words(original.article, document, run_in=run_in),
        cells=score_cells(original.article, document),
        facts=score_facts(original.gold, original.extraction, extraction),
        rows_alike=rows_alike(original.extraction, extraction),
        references_right=max(len(original.document.references) - wrong, 0),
        title_right=document.title == original.document.title,
    )


def _references(text: Document, twin: Document) -> Iterator[Difference]:
    """Entries lost, added, numbered otherwise, or whose author, year, title, journal or DOI differ."""
    ours, theirs = text.references, twin.references
    pairs = common_subsequence(*([(each.first_author, each.year) for each in side] for side in (ours, theirs)))
    found, right = ({pair[side] for pair in pairs} for side in (0, 1))
    for index, entry in enumerate(ours):
        if index not in found:
            yield Difference("reference", "", f"{entry.number} lost: {entry.first_author} {entry.year}")
    for index, entry in enumerate(theirs):
        if index not in right:
            page = twin.page_number(*entry.span)
            told = f"{entry.number} added: {entry.first_author} {entry.year}: {twin.text[slice(*entry.span)][:60]}"
            yield Difference("reference", f"page {page}" if page else "", told)
    for first, second in pairs:
        fields = [
            f"{name} {getattr(ours[first], name)} read {getattr(theirs[second], name)}"
            for name in ("number", "title", "journal", "doi")
            if getattr(ours[first], name) != getattr(theirs[second], name)
        ]
        if fields:
            yield Difference("reference", "", f"{ours[first].number}: {'; '.join(fields)}")

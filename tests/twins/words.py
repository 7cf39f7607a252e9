"""How much of what was printed stands in the document that a reader made of a twin: runs of words, kinds, order.

Each block printed is looked for in the block of the twin that holds most of its runs of five words; runs that stand
there in the same order count. A paragraph that is cut in two, or that a float interrupts, loses the smaller part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from extract.document import ZONES, Block, BlockKind, Document
from extract.evaluation.matching import common_subsequence

from .article import Article, Float, Heading

RUN = 5  # words
MIN_ADDED = 3  # words in a row that are no slip of one word
SHOWN = 70  # characters of a block quoted in a report
_LABEL = re.compile(r"^((?:table|figure) \d+) ?[.:|]? ", re.IGNORECASE)
_SAME = {BlockKind.FOOTNOTE: {BlockKind.FOOTNOTE, BlockKind.LEGEND, BlockKind.PARAGRAPH}}


class Difference(NamedTuple):
    """One difference between what was printed and what was read; `place` says where."""

    kind: str
    place: str
    told: str

    def __str__(self) -> str:
        return f"  {self.kind:<14} {self.place:<12} {' '.join(self.told.split())}"


class Printed(NamedTuple):
    """A block as it was printed; `inside` one that may be the beginning of the next: a heading in the line."""

    kind: BlockKind
    words: tuple[str, ...]
    inside: bool = False

    @property
    def grams(self) -> list[tuple[str, ...]]:
        """Its runs of five words; a shorter block is one run."""
        return grams_of(self.words, min(RUN, len(self.words)))


@dataclass(slots=True)
class WordScore:
    """Runs of words printed, those found in order in one block, and those found anywhere in the zones.

    `notes` are words of the notes under tables and figures, found in any block; `added` counts words of the twin's
    zones that nothing printed there explains.
    """

    printed: int = 0
    in_order: int = 0
    anywhere: int = 0
    notes: int = 0
    notes_found: int = 0
    added: int = 0
    kinds_wrong: int = 0
    order_wrong: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Runs found in order of those printed."""
        return self.in_order / self.printed if self.printed else 1.0


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in one case, without the sign that parts a caption's label from its words.

    An XML file has no such sign, and a journal may set its headings in capitals.
    """
    return tuple(_LABEL.sub(r"\1 ", text, count=1).casefold().split())


def grams_of(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """Runs of `length` words."""
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)] if length else []


def printed_blocks(article: Article, *, run_in: bool = False) -> list[Printed]:
    """The blocks whose text counts, without tables; `run_in` headings below the first level end in a full stop."""
    found = [Printed(BlockKind.ABSTRACT, words_of(each.text)) for each in article.abstract]
    if article.abstract_heading is not None:
        found.insert(0, Printed(BlockKind.HEADING, words_of(article.abstract_heading.text)))
    for element in article.body:
        if isinstance(element, Float):
            if element.caption is not None:
                found.append(Printed(BlockKind.CAPTION, words_of(element.caption.text)))
        elif isinstance(element, Heading):
            inside = run_in and element.level > 1
            text = f"{element.words.text}." if inside else element.words.text
            found.append(Printed(BlockKind.HEADING, words_of(text), inside))
        else:
            found.append(Printed(BlockKind.PARAGRAPH, words_of(element.words.text)))
    return found


def notes_of(article: Article) -> list[tuple[str, ...]]:
    """Words of each note under a table or figure."""
    floats = [element for element in article.body if isinstance(element, Float)]
    return [words_of(note.text) for each in floats for note in each.notes]


class Readable:
    """The text blocks of a twin's document, with the places of their runs of words."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.blocks = [block for block in document.blocks if block.kind in ZONES and block.table is None]
        self.words = [self._words(block) for block in self.blocks]
        self._grams: dict[int, dict[tuple[str, ...], list[int]]] = {}

    def _words(self, block: Block) -> tuple[str, ...]:
        return words_of(self.document.text[slice(*block.span)])

    def holders(self, gram: tuple[str, ...]) -> list[int]:
        """The blocks that hold a run of words."""
        if len(gram) not in self._grams:
            index: dict[tuple[str, ...], list[int]] = {}
            for number, words in enumerate(self.words):
                for each in grams_of(words, len(gram)):
                    index.setdefault(each, []).append(number)
            self._grams[len(gram)] = index
        return self._grams[len(gram)].get(gram, [])

    @cached_property
    def all_words(self) -> Counter[str]:
        """Words of all blocks of any kind."""
        return Counter(words_of(self.document.text))

    def page(self, number: int) -> str:
        """Where a block stands, for a report."""
        page = self.document.page_number(*self.blocks[number].span)
        return f"page {page}" if page else f"block {number}"


def score_words(article: Article, document: Document, *, run_in: bool = False) -> WordScore:
    """The score of a twin's document."""
    twin = Readable(document)
    score = WordScore()
    covered: list[set[int]] = [set() for _ in twin.blocks]
    places: list[tuple[Printed, int]] = []
    for block in printed_blocks(article, run_in=run_in):
        best = _score_block(block, twin, score, covered)
        if best is not None:
            places.append((block, best))
    _score_order(places, twin, score)
    _score_notes(article, twin, score)
    known = {word for note in notes_of(article) for word in note}
    for number, words in enumerate(twin.words):
        for start, end in _gaps(covered[number], len(words)):
            added = words[start:end]
            if len(added) >= MIN_ADDED and sum(word not in known for word in added) > len(added) / 4:
                score.added += len(added)
                kind = twin.blocks[number].kind
                score.differences.append(Difference("added", twin.page(number), f"{kind}: {_quote(added)}"))
    return score


def _score_block(block: Printed, twin: Readable, score: WordScore, covered: list[set[int]]) -> int | None:
    grams = block.grams
    score.printed += len(grams)
    holders = [twin.holders(gram) for gram in grams]
    counts = Counter(number for found in holders for number in set(found))
    score.anywhere += sum(bool(found) for found in holders)
    if not counts:
        score.differences.append(Difference("not found", "", f"{block.kind}: {_quote(block.words)}"))
        return None
    # Of two headings alike each is found once.
    best = min(counts, key=lambda at: (-counts[at], twin.blocks[at].kind is not block.kind, bool(covered[at]), at))
    words = twin.words[best]
    found = common_subsequence(grams, grams_of(words, len(grams[0])))
    score.in_order += len(found)
    for first, second in common_subsequence(block.words, words):
        del first
        covered[best].add(second)
    if len(found) < len(grams):
        score.differences += _told_missing(block, twin, best, counts)
    kind = twin.blocks[best].kind
    if kind is not block.kind and kind not in _SAME.get(block.kind, ()) and not block.inside:
        score.kinds_wrong += 1
        score.differences.append(Difference("kind", twin.page(best), f"{block.kind} as {kind}: {_quote(block.words)}"))
    # Parts that stand in other blocks are explained as well.
    for number in counts:
        if number != best and counts[number] >= RUN:
            covered[number].update(second for _, second in common_subsequence(block.words, twin.words[number]))
    return best


def _told_missing(block: Printed, twin: Readable, best: int, counts: Counter[int]) -> Iterator[Difference]:
    """Where a block's words differ from those read, with what stands in their place."""
    others = [number for number in counts if number != best and counts[number] >= RUN]
    if others:
        parts = ", ".join(
            f"{counts[number]} in {twin.blocks[number].kind} on {twin.page(number)}" for number in (best, *others)
        )
        yield Difference("cut", twin.page(best), f"{block.kind} {_quote(block.words)}: runs {parts}")
    pairs = common_subsequence(block.words, twin.words[best])
    tail = len(block.words), (pairs[-1][1] if pairs else -1) + 1 + RUN
    for (first, second), (next_first, end) in pairwise([(-1, -1), *pairs, tail]):
        missing = block.words[first + 1 : next_first]
        if not missing:
            continue
        instead = twin.words[best][second + 1 : end]
        before = " ".join(block.words[max(first - 2, 0) : first + 1])
        yield Difference("words", twin.page(best), f"…{before} [{_quote(missing)}] read [{_quote(instead)}]")


def _score_order(places: Sequence[tuple[Printed, int]], twin: Readable, score: WordScore) -> None:
    flow = [(block, number) for block, number in places if block.kind is not BlockKind.CAPTION]
    for (_, last), (block, number) in pairwise(flow):
        if number < last and len(block.words) > RUN:
            score.order_wrong += 1
            told = f"{block.kind} {_quote(block.words)} comes before {_quote(twin.words[last])}"
            score.differences.append(Difference("order", twin.page(number), told))


def _score_notes(article: Article, twin: Readable, score: WordScore) -> None:
    for words in notes_of(article):
        missing = [word for word in words if word not in twin.all_words]
        score.notes += len(words)
        score.notes_found += len(words) - len(missing)
        if missing:
            score.differences.append(Difference("note", "", f"without {_quote(missing)}: {_quote(words)}"))


def _gaps(covered: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    """Runs of positions that are not covered."""
    for before, after in pairwise([-1, *sorted(covered), length]):
        if after - before > 1:
            yield before + 1, after


def _quote(words: Sequence[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

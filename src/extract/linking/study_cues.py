"""What a sentence says of whose results it reports: trials, citations, authors, words that open or resume a study."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from extract.document import CharSpan
from extract.linking import Mark, Marks
from extract.linking.study_words import (
    AUTHOR,
    BRACKET,
    CLAUSE,
    COHORT,
    COMMA,
    COMPARISON,
    HEADING_NOUN,
    NEW,
    NOT_NEW,
    OPENING,
    OPENS_SAME,
    PAST,
    PLAIN_PAST,
    PRESENT,
    RELATIVE,
    REPORTED,
    SAME,
    STUDY_OF,
    SUMMARY,
    THEN_SAYS,
)
from extract.linking.trial_index import TrialIndex
from extract.patterns import lazy_regex

# What every author's mention holds, to be looked for before its costly pattern.
_AUTHOR_WORDS = (" et al", " and co", " and associates")
_AND_NAME = lazy_regex(r"(?:and|&)\s(?:[A-ZÀ-Ž]|(?:v[ao]n|d[eiau]|de[rnl]|l[ea]|[ea]l|te[nr])[ -])")
CueKind = Literal["trial", "citation", "author"]


class Clauses:
    """The clauses of a sentence: cut at signs and words outside brackets."""

    __slots__ = ("_brackets", "_comparisons", "_cuts", "_text", "span")

    def __init__(self, text: str, span: CharSpan) -> None:
        self._text = text
        self.span = span
        self._brackets: list[tuple[int, int]] | None = None  # offset and depth behind it
        self._cuts: list[int] | None = None
        self._comparisons: frozenset[int] = frozenset()

    def at(self, offset: int) -> CharSpan:
        """The clause that holds an offset."""
        starts = self._starts()
        index = bisect_right(starts, offset) - 1
        end = starts[index + 1] if index + 1 < len(starts) else self.span.end
        return CharSpan(starts[index], end)

    def is_comparison(self, offset: int) -> bool:
        """Whether the clause that holds an offset speaks of something else for comparison."""
        starts = self._starts()
        return bool(self._comparisons) and starts[bisect_right(starts, offset) - 1] in self._comparisons

    def is_aside(self, offset: int) -> bool:
        """Whether the clause that holds an offset is a relative one."""
        return bool(RELATIVE.match(self._text, self.at(offset).start))

    def bracketed(self, offset: int) -> bool:
        """Whether an offset lies inside brackets."""
        if self._brackets is None:
            depth, self._brackets = 0, [(self.span.start, 0)]
            for match in BRACKET.finditer(self._text, *self.span):
                depth = depth + 1 if match[0] in "([" else max(depth - 1, 0)
                self._brackets.append((match.end(), depth))
        return self._brackets[bisect_right(self._brackets, (offset, len(self._text))) - 1][1] > 0

    def _starts(self) -> list[int]:
        if self._cuts is None:
            words = self._text[slice(*self.span)].lower()
            cuts = {
                self.span.start + match.start(): pattern is COMPARISON
                for pattern in (CLAUSE, COMPARISON)
                for match in pattern.finditer(words)
                if not (words[match.start()].isalpha() and words[match.start() - 1 : match.start()].isalnum())
            }
            opening = OPENING.match(words) or cuts.get(self.span.start, False)
            cuts = {cut: compared for cut, compared in cuts.items() if not self.bracketed(cut)}
            comma = self._first_comma() if opening else None
            if comma is not None:
                cuts[comma] = False
            cuts.setdefault(self.span.start, False)
            comparisons: list[int] = []
            self._cuts = []
            for cut in sorted(cuts):
                if cuts[cut] and comparisons and comparisons[-1] == self._cuts[-1]:
                    continue  # within a comparison
                self._cuts.append(cut)
                if cuts[cut]:
                    comparisons.append(cut)
            self._comparisons = frozenset(comparisons)
        return self._cuts

    def _first_comma(self) -> int | None:
        """Where the clause ends that a sentence opens with ("Although …, ", "Compared with …, ")."""
        return next((m.start() for m in COMMA.finditer(self._text, *self.span) if not self.bracketed(m.start())), None)


class Cue(NamedTuple):
    """A mark in a sentence that tells a study.

    `key` is a trial id, an author or a citation's numbers or keys. `leads`: what follows it is that study's (the
    subject of a sentence), else what stands before. `compared`: it stands in a comparison; `borrowed`: only its
    protocol or treatment was taken over.
    """

    kind: CueKind
    start: int
    end: int
    key: tuple[str, ...]
    leads: bool = False
    compared: bool = False
    borrowed: bool = False
    names: tuple[str, ...] = ()  # of a citation: authors and years as printed


class Cues:
    """Cues in text order, for look-up by place."""

    __slots__ = ("_starts", "cues")

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.cues = list(cues)
        self._starts = [cue.start for cue in self.cues]

    def __iter__(self) -> Iterator[Cue]:
        return iter(self.cues)

    def __bool__(self) -> bool:
        return bool(self.cues)

    def before(self, offset: int, floor: int = 0) -> Cue | None:
        """The last cue that begins before an offset, not before `floor`."""
        index = bisect_left(self._starts, offset) - 1
        return self.cues[index] if index >= 0 and self._starts[index] >= floor else None

    def after(self, offset: int, ceiling: int | None = None) -> Cue | None:
        """The first cue that begins at an offset or after it, before `ceiling`."""
        index = bisect_left(self._starts, offset)
        if index < len(self.cues) and (ceiling is None or self._starts[index] < ceiling):
            return self.cues[index]
        return None


_NO_CUES = dict.fromkeys(
    ("trials", "subjects", "citations", "own_citations", "all_leading", "all_closing", "leading", "closing", "authors"),
    Cues(()),
)


class Said:
    """A sentence with its cues in text order and what its words say of the study before."""

    def __init__(self, text: str, span: CharSpan, cues: list[Cue], clauses: Clauses) -> None:
        self.span = span
        self.cues = cues
        if not cues:
            self.__dict__.update(_NO_CUES)
        self.clauses = clauses
        self._sentence = text[span.start : span.end].lower()

    @cached_property
    def trials(self) -> Cues:
        """Trials whose results can be meant, compared ones too."""
        return Cues(cue for cue in self.cues if cue.kind == "trial" and not cue.borrowed)

    @cached_property
    def subjects(self) -> Cues:
        """Trials that the sentence is about."""
        return Cues(cue for cue in self.trials if not cue.compared)

    @cached_property
    def citations(self) -> Cues:
        """All citations."""
        return Cues(cue for cue in self.cues if cue.kind == "citation")

    @cached_property
    def own_citations(self) -> Cues:
        """Citations that stand for no comparison."""
        return Cues(cue for cue in self.citations if not cue.compared)

    @cached_property
    def all_leading(self) -> Cues:
        """Citations that open what is their study's, compared ones too."""
        return Cues(cue for cue in self.citations if cue.leads)

    @cached_property
    def all_closing(self) -> Cues:
        """Citations that close it, compared ones too."""
        return Cues(cue for cue in self.citations if not cue.leads)

    @cached_property
    def leading(self) -> Cues:
        """Of those the ones that open what is their study's ("Smith et al. (5) found")."""
        return Cues(cue for cue in self.own_citations if cue.leads)

    @cached_property
    def closing(self) -> Cues:
        """And the ones that close it."""
        return Cues(cue for cue in self.own_citations if not cue.leads)

    @cached_property
    def authors(self) -> Cues:
        """Authors whose work the sentence is about."""
        return Cues(cue for cue in self.cues if cue.kind == "author" and not cue.compared)

    @cached_property
    def _new(self) -> re.Match[str] | None:
        """The words that speak of a study not spoken of before."""
        new = None if self.resumes else NEW.search(self._sentence)
        if new is None or NOT_NEW.search(new[0]) or self.clauses.bracketed(self.span.start + new.start()):
            return None
        return None if self.clauses.is_comparison(self.span.start + new.start()) else new

    @property
    def opens(self) -> bool:
        """Whether the sentence speaks of a study not spoken of before."""
        return self._new is not None

    @property
    def several(self) -> bool:
        """Whether it speaks of several of them."""
        return self._new is not None and self._new["plural"] is not None

    @cached_property
    def resumes(self) -> bool:
        """Whether the sentence begins with the study spoken of before."""
        return bool(OPENS_SAME.match(self._sentence))

    @cached_property
    def continues(self) -> bool:
        """Whether the sentence speaks of it anywhere."""
        return self.resumes or bool(SAME.search(self._sentence))

    @cached_property
    def sums_up(self) -> bool:
        """Whether the sentence draws studies together."""
        return bool(SUMMARY.match(self._sentence))

    @cached_property
    def reports(self) -> bool:
        """Whether the sentence is in the past tense, as results are."""
        return bool(PAST.search(self._sentence))

    @cached_property
    def generalises(self) -> bool:
        """Whether it is in the present tense only."""
        return bool(PRESENT.search(self._sentence)) and not PLAIN_PAST.search(self._sentence)

    @cached_property
    def states_cohort(self) -> bool:
        """Whether the sentence says how many people were studied."""
        return bool(COHORT.search(self._sentence))

    @property
    def introduces(self) -> bool:
        """Whether the sentence brings in a study of its own."""
        return bool(self.subjects or self.authors or self.leading or self.opens)


def read_sentence(span: CharSpan, marks: Marks, index: TrialIndex) -> Said:
    """A sentence's cues."""
    text = marks.text
    clauses = Clauses(text, span)
    cues: list[Cue] = []
    for mark in marks.inside("trials", *span) + marks.inside("registry_ids", *span):
        entry = index.of(mark.start)
        if entry is not None:
            compared = clauses.is_comparison(mark.start)
            cues.append(Cue("trial", mark.start, mark.end, (entry.id,), True, compared, index.is_borrowed(mark)))
    for mark in marks.inside("citations", *span):
        cue = citation_cue(mark)
        compared = clauses.is_comparison(mark.start) and _is_source(text, clauses.at(mark.start).start, mark.start)
        cues.append(cue._replace(leads=_leads(text, span, cue), compared=compared))
    sentence = text[span.start : span.end]
    if any(word in sentence for word in _AUTHOR_WORDS) or _AND_NAME.search(sentence):
        named = Cues(sorted((cue for cue in cues if cue.kind == "trial"), key=lambda cue: cue.start))
        for match in AUTHOR.finditer(text, *span):
            start = match.start("author")
            trial = named.before(start + 1)
            if trial is None or trial.end <= start:
                key = (match["author"],)
                cues.append(Cue("author", start, match.end(), key, True, clauses.is_comparison(start)))
    return Said(text, span, sorted(cues, key=lambda cue: cue.start), clauses)


def _leads(text: str, span: CharSpan, citation: Cue) -> bool:
    """Whether a citation opens what is its study's: right after an author or a word for a study."""
    before = max(citation.start - 60, span.start)
    narrative = bool(citation.names) and text[citation.start].isalpha() and "(" in text[citation.start : citation.end]
    if narrative or HEADING_NOUN.search(text, before, citation.start):
        return bool(text[citation.end : min(citation.end + 40, span.end)].strip(" .)],;"))
    if not STUDY_OF.search(text, before, citation.start):
        return False
    return bool(THEN_SAYS.match(text, citation.end, span.end))


def _is_source(text: str, start: int, end: int) -> bool:
    """Whether the words before a citation in a comparison say that another study is compared."""
    return bool(REPORTED.search(text, max(start, end - 120), end))


def citation_cue(mark: Mark) -> Cue:
    """A citation as a cue: its numbers, else its authors and years."""
    key = tuple(map(str, mark.value.numbers)) or mark.value.keys
    return Cue("citation", mark.start, mark.end, key, names=mark.value.keys)

"""Passages: runs of sentences about one study, within a paragraph or over a break where the next plainly goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from extract.components import zones
from extract.document import BlockKind, CharSpan
from extract.linking import Marks
from extract.linking.study_cues import Cue, Cues, Said, read_sentence
from extract.linking.study_tables import sentences_of
from extract.linking.trial_index import TrialIndex
from extract.patterns import lazy_regex

MAX_CITATIONS = 2  # of one study: a statement with more citations is not the report of one
_COORDINATED = lazy_regex(r"[^.;%\d]{0,110}?\b(?:and|&)\b[^.;%\d]{0,60}|,\s")
_VERB = lazy_regex(r"\b(?:is|are|was|were|had|did|has|have|showed|found|reported|enrolled|yielded)\b")


@dataclass(slots=True, eq=False)
class Passage:
    """Sentences about one study, with what tells the study."""

    trial: Cue | None = None
    author: Cue | None = None
    citations: list[Cue] = field(default_factory=list)
    particular: bool = False  # one study that the text introduces, so that later sentences can be about it
    opening: CharSpan | None = None
    headed: bool = False  # the heading names the study
    _known: set[str] = field(default_factory=set)

    @property
    def is_named(self) -> bool:
        """Whether a trial or an author tells the study."""
        return self.trial is not None or self.author is not None

    def add(self, citation: Cue) -> None:
        """Make a citation the passage's."""
        self.citations.append(citation)
        self._known.update(citation.key)

    def knows(self, citation: Cue) -> bool:
        """Whether a citation belongs to the passage."""
        return not self._known.isdisjoint(citation.key)


class Ties(Protocol):
    """What is known of trials and citations over the whole document."""

    def titled(self, trial: str, citation: str) -> bool:
        """Whether the citation's title names the trial."""


@dataclass(slots=True)
class Place:
    """A sentence with the passage that it belongs to, and the one that the sentence before it belongs to."""

    said: Said
    passage: Passage | None
    before: Passage | None = None


class Passages:
    """Every sentence outside tables with its passage. Built once a document."""

    def __init__(self, marks: Marks, index: TrialIndex) -> None:
        self._text = marks.text
        self.places: list[Place] = []
        running: Passage | None = None  # of the paragraph before
        headed: Passage | None = None  # of the heading above, where it names a trial
        for kind, sentences in _blocks(marks):
            first = len(self.places)
            said = [read_sentence(span, marks, index) for span in sentences]
            if kind is BlockKind.PARAGRAPH and said:
                running = self._read(said, running if self._goes_on(said[0]) else headed)
            elif kind is BlockKind.HEADING:
                running, headed = None, self._read(said, None)
                if headed is not None and (headed.trial is None or len(headed.trial.key) > 1):
                    headed = None
                elif headed is not None:
                    headed.headed = True
            else:
                cited = any(each.citations for each in said)
                self._read(said, None, each_by_itself=kind is BlockKind.ABSTRACT and not cited)
            self._look_ahead(first)

    def _read(self, sentences: list[Said], current: Passage | None, *, each_by_itself: bool = False) -> Passage | None:
        """The passage at the end of a block; an abstract goes from study to study."""
        for said in sentences:
            before = None if each_by_itself and not said.continues else current
            current = self._next(before, said)
            self.places.append(Place(said, current, before))
        return current

    def join(self, ties: Ties) -> None:
        """Make a passage that a citation alone tells part of the trial's before, where its title names the trial."""
        for place in self.places:
            before, passage = place.before, place.passage
            if before is None or before.trial is None or passage is None or passage is before or passage.is_named:
                continue
            if all(ties.titled(before.trial.key[0], key) for cue in passage.citations for key in cue.key):
                for cue in passage.citations:
                    before.add(cue)
                passage.trial = before.trial

    def _goes_on(self, said: Said) -> bool:
        """Whether a paragraph begins with the study of the paragraph before."""
        first = self._text[said.span.start]
        return said.resumes or first.islower()

    def _next(self, current: Passage | None, said: Said) -> Passage | None:
        """The passage after a sentence."""
        if said.sums_up and not said.subjects and not said.authors:
            return None
        opened = self._opened(current, said)
        passage = opened or current
        for cue in said.own_citations:
            if passage is None:
                passage = self._cited(said, cue)
            elif passage.knows(cue) or self._is_others(cue, said, passage):
                continue
            elif self._takes(passage, said, cue, is_new=passage is opened):
                passage.add(cue)
                passage.particular &= passage.is_named or len(cue.key) <= MAX_CITATIONS
            elif passage is not opened and not (passage.particular and said.clauses.is_aside(cue.start)):
                passage = self._cited(said, cue)
        return passage

    def _takes(self, passage: Passage, said: Said, cue: Cue, *, is_new: bool) -> bool:
        """Whether a citation that a passage does not know yet is that of its study."""
        trial = passage.trial
        if trial is not None and cue.leads and said.clauses.at(cue.start).start > trial.start >= said.span.start:
            return False  # the subject of a clause of its own
        if is_new and len(said.own_citations.cues) == 1:
            return True
        named = trial is not None and any(subject.key[0] in trial.key for subject in said.subjects)
        if said.resumes or (len(cue.key) <= MAX_CITATIONS and (named or (passage.headed and not said.introduces))):
            return True
        if passage.citations or not passage.particular:
            return False
        plain = len(cue.key) <= MAX_CITATIONS and (not said.generalises or said.continues)
        return plain or passage.opening == said.span

    def _cited(self, said: Said, cue: Cue) -> Passage:
        """A passage that a citation alone tells."""
        passage = Passage(particular=said.reports and len(cue.key) <= MAX_CITATIONS, opening=said.span)
        passage.add(cue)
        return passage

    def _is_others(self, citation: Cue, said: Said, passage: Passage) -> bool:
        """Whether a citation stands in a clause about another trial than the passage's."""
        trial = said.trials.before(citation.start, said.clauses.at(citation.start).start)
        return trial is not None and passage.trial is not None and trial.key[0] not in passage.trial.key

    def _opened(self, current: Passage | None, said: Said) -> Passage | None:
        """A new passage where a sentence introduces a study."""
        if said.subjects:
            subject = self._subject(said.subjects.cues)
            if current is not None and current.trial is not None and set(current.trial.key) & set(subject.key):
                return None
            if current is not None and current.trial is None and said.resumes and current.particular:
                current.trial = subject
                return None
            return Passage(trial=subject, author=_first(said.authors), particular=True, opening=said.span)
        author = _first(said.authors)
        known = current.author.key if current is not None and current.author is not None else None
        if author is not None and author.key != known and not (current is not None and said.resumes):
            return Passage(author=author, particular=True, opening=said.span)
        if said.opens:
            return Passage(particular=not said.several, opening=said.span)
        leading = _first(said.leading)
        if leading is not None and (current is None or (current.citations and not current.knows(leading))):
            return Passage(particular=len(leading.key) <= MAX_CITATIONS, opening=said.span)
        if current is None and said.reports and said.states_cohort:
            return Passage(particular=True, opening=said.span)
        return None

    def _subject(self, trials: list[Cue]) -> Cue:
        """The trial that a sentence is about; several where they are named side by side."""
        first = trials[0]
        keys = list(first.key)
        last = first
        for cue in trials[1:]:
            joined = _COORDINATED.fullmatch(self._text, last.end, cue.start)
            if joined is None or _VERB.search(joined[0]):
                break
            keys += [key for key in cue.key if key not in keys]
            last = cue
        return first._replace(key=tuple(keys), end=last.end if len(keys) > 1 else first.end)

    def _look_ahead(self, first: int) -> None:
        """Give a result without a study the citation that closes the report, from the sentences after."""
        for number in range(len(self.places) - 1, first - 1, -1):
            place = self.places[number]
            known = place.passage is not None and place.passage.particular
            if known or place.said.sums_up or not place.said.reports or place.said.cues:
                continue
            following = self.places[number + 1] if number + 1 < len(self.places) else None
            if following is None or following.passage is None or following.said.introduces:
                continue
            passage = following.passage
            if passage.particular and not passage.is_named:
                place.passage = passage


def _first(cues: Cues) -> Cue | None:
    return next(iter(cues), None)


def _blocks(marks: Marks) -> Iterator[tuple[BlockKind, list[CharSpan]]]:
    """The sentences of each block outside tables."""
    spans = sentences_of(marks)
    position = 0
    for zone in zones(marks.doc):
        inside = []
        while position < len(spans) and spans[position].start < zone.end:
            inside.append(spans[position])
            position += 1
        if zone.kind is not BlockKind.TABLE:
            yield zone.kind, inside

"""Passages: runs of sentences about one study, within a paragraph or over a break where the next plainly goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from extract.components import sentence_spans, zones
from extract.document import BlockKind, CharSpan
from extract.linking import Marks
from extract.linking.study_cues import Cue, Said, read_sentence, states_cohort
from extract.linking.trial_index import TrialIndex

MAX_CITATIONS = 2  # of one study: a statement with more citations is not the report of one
LOOK_AHEAD = 3  # sentences until the citation that closes a report
_COORDINATED = re.compile(r"[^.;]{0,110}?\b(?:and|&)\b[^.;]{0,60}$|,\s$")


@dataclass(slots=True, eq=False)
class Passage:
    """Sentences about one study, with what tells the study."""

    trial: Cue | None = None
    authors: list[Cue] = field(default_factory=list)
    citations: list[Cue] = field(default_factory=list)
    particular: bool = False  # one study that the text introduces, so that later sentences can be about it
    opening: CharSpan | None = None

    @property
    def is_named(self) -> bool:
        """Whether a trial or an author tells the study."""
        return self.trial is not None or bool(self.authors)

    def knows(self, cue: Cue) -> bool:
        """Whether a citation belongs to the passage."""
        return any(set(cue.key) & set(known.key) for known in self.citations)


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
        current: Passage | None = None
        for kind, sentences in _blocks(marks):
            said = [read_sentence(span, marks, index) for span in sentences]
            goes_on = kind is BlockKind.PARAGRAPH and said and self._goes_on(said[0])
            first = len(self.places)
            current = current if goes_on else None
            for each in said:
                if kind is BlockKind.ABSTRACT and not each.continues:
                    current = None  # an abstract goes from study to study
                before, current = current, self._next(current, each)
                self.places.append(Place(each, current, before))
            self._look_ahead(first)
            if kind not in {BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.FOOTNOTE}:
                current = None

    def join(self, ties: Ties) -> None:
        """Make a passage that a citation alone tells part of the trial's before, where its title names the trial."""
        for place in self.places:
            before, passage = place.before, place.passage
            if before is None or before.trial is None or passage is None or passage is before or passage.is_named:
                continue
            if all(ties.titled(before.trial.key[0], key) for cue in passage.citations for key in cue.key):
                before.citations += passage.citations
                passage.trial = before.trial

    def _goes_on(self, said: Said) -> bool:
        """Whether a paragraph begins with the study of the paragraph before."""
        first = self._text[said.span.start]
        return said.resumes or first.islower()

    def _next(self, current: Passage | None, said: Said) -> Passage | None:
        """The passage after a sentence."""
        trials, authors, citations = said.of_kind("trial"), said.of_kind("author"), said.of_kind("citation")
        if said.sums_up and not trials and not authors:
            return None
        opened = self._opened(current, said, trials, authors, citations)
        passage = current
        if opened is not None:
            passage = opened
        for cue in citations:
            if passage is not None and self._is_others(cue, said, passage):
                continue
            if passage is None:
                passage = self._cited(said, cue)
            elif passage.knows(cue):
                continue
            elif (not passage.citations and passage.particular and self._closes(said, cue, passage)) or (passage is opened and len(citations) == 1) or said.resumes:
                passage.citations.append(cue)
                passage.particular &= passage.is_named or len(cue.key) <= MAX_CITATIONS
            elif passage is not opened:
                passage = self._cited(said, cue)
        return passage

    def _closes(self, said: Said, cue: Cue, passage: Passage) -> bool:
        """Whether a citation in a sentence can be the one of a passage that has none yet."""
        if passage.opening == said.span:
            return True
        return len(cue.key) <= MAX_CITATIONS and (not said.generalises or said.continues)

    def _cited(self, said: Said, cue: Cue) -> Passage:
        """A passage that a citation alone tells."""
        particular = said.reports and len(cue.key) <= MAX_CITATIONS
        return Passage(citations=[cue], particular=particular, opening=said.span)

    def _is_others(self, citation: Cue, said: Said, passage: Passage) -> bool:
        """Whether a citation stands in a clause about another trial than the passage's."""
        clause = said.clause(citation.start)
        others = {
            key
            for cue in said.cues
            if cue.kind == "trial" and clause.start <= cue.start < citation.start
            for key in cue.key
        }
        return bool(others) and passage.trial is not None and not others & set(passage.trial.key)

    def _opened(
        self, current: Passage | None, said: Said, trials: list[Cue], authors: list[Cue], citations: list[Cue]
    ) -> Passage | None:
        """A new passage where a sentence introduces a study."""
        if trials:
            subject = self._subject(trials)
            if current is not None and current.trial is not None and set(current.trial.key) & set(subject.key):
                return None
            if current is not None and current.trial is None and said.resumes and current.particular:
                current.trial = subject
                return None
            return Passage(trial=subject, authors=authors, particular=True, opening=said.span)
        new = [cue for cue in authors if current is None or cue.key not in [known.key for known in current.authors]]
        if new and not (current is not None and said.resumes):
            return Passage(authors=new[:1], particular=True, opening=said.span)
        if said.opens and not said.resumes:
            return Passage(particular=not said.several, opening=said.span)
        leading = [cue for cue in citations if cue.leads]
        if leading and (current is None or not current.knows(leading[0])) and not (current and not current.citations):
            return Passage(particular=len(leading[0].key) <= MAX_CITATIONS, opening=said.span)
        if current is None and said.reports and states_cohort(self._text, said.span):
            return Passage(particular=True, opening=said.span)
        return None

    def _subject(self, trials: list[Cue]) -> Cue:
        """The trial that a sentence is about; several where they are named side by side."""
        first = trials[0]
        keys = list(first.key)
        last = first
        for cue in trials[1:]:
            if not _COORDINATED.fullmatch(self._text, last.end, cue.start):
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
            if passage.particular and passage.trial is None and not passage.authors:
                place.passage = passage


def _blocks(marks: Marks) -> Iterator[tuple[BlockKind, list[CharSpan]]]:
    """The sentences of each block outside tables."""
    spans = sentence_spans(marks.doc)
    position = 0
    for zone in zones(marks.doc):
        inside = []
        while position < len(spans) and spans[position].start < zone.end:
            inside.append(spans[position])
            position += 1
        if zone.kind is not BlockKind.TABLE:
            yield zone.kind, inside

"""Whose result a value is: the trial, citation or author of its clause, sentence, passage, table row or document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.components import document_of
from extract.document import Block, CharSpan
from extract.linking import Found, Marks
from extract.linking.citation_ties import CitationTies
from extract.linking.own_study import OwnStudy, find_own_study, is_elsewhere, is_introduction, pools_studies, speaks_of_own
from extract.linking.passages import Passage, Passages, Place
from extract.linking.study_cues import Cue
from extract.linking.study_tables import TableRows
from extract.linking.table_studies import TableStudies
from extract.linking.trial_index import TrialIndex
from extract.values import Confidence

_IN_TRIAL = re.compile(r"[^,;.()]{0,40}?\b(?:in|from|of|within)\s(?:the\s)?(?:[\w-]+\s){0,2}?$")
_THEN_VALUE = re.compile(r"(?:\s(?:trial|study|protocol))?\s?[(\[][^()\[\]]{0,60}$")


@dataclass(frozen=True, slots=True)
class StudyAt:
    """The study of a value and the citations that support it, with the places where they are printed."""

    study: Found | None
    refs: Found | None
    confidence: Confidence
    rule: str
    dois: Found | None = None  # of the references cited, as printed in the list


class Studies:
    """Looks up whose result a value is. Built once a document, linear in its length."""

    def __init__(self, marks: Marks) -> None:
        self._text = marks.text
        self._marks = marks
        self.index = TrialIndex(marks)
        self.own = find_own_study(marks, self.index)
        self.rows = TableRows(marks)
        self._tables = TableStudies(marks, self.index, self.rows)
        self._passages = Passages(marks, self.index)
        self.ties = CitationTies(marks, self.index, self._passages, self._tables)
        citations = marks.all("citations")
        self._by_names = 2 * sum(bool(mark.value.keys) for mark in citations) > len(citations)
        document = document_of(marks.doc)
        references = document.references if document is not None else ()
        self._references = {str(reference.number): reference for reference in references}
        self._pools = pools_studies(marks)
        self._passages.join(self.ties)
        self._starts = [place.said.span.start for place in self._passages.places]

    @property
    def places(self) -> list[Place]:
        """Every sentence outside tables with its passage, in text order."""
        return self._passages.places

    def own_sentences(self) -> Iterator[CharSpan]:
        """The sentences of the parts in which a report speaks of its own trial."""
        for place in self.places:
            block = self._block(place.said.span.start)
            if block is None or not is_elsewhere(block):
                yield place.said.span

    def at(self, start: int, end: int) -> StudyAt | None:
        """The study of a value in running text or, by its offset, in a table."""
        if self.rows.at(start) is not None:
            return self.of_row((), start)
        place = self._place(start)
        if place is None:
            return None
        if self.own is not None:
            return self._in_report(self.own, place, start, end)
        return self._by_trial(place, start, end) or self._by_citation(place, start, end) or self._by_passage(place)

    def of_place(self, place: Place) -> StudyAt | None:
        """The study that a sentence is about as a whole."""
        return self._by_passage(place)

    def of_row(self, cells: Sequence[CharSpan], offset: int) -> StudyAt | None:
        """The study of a value at `offset` in a table row; `cells` of the row may be empty."""
        number = self.rows.index(offset if offset or not cells else cells[0].start)
        if number is None:
            return None
        row = self.rows.rows[number]
        head = self._tables.of_column(row, offset)
        if head is not None:
            return self._trial(head, (), "stated", "column header")
        at: int | None = number
        while at is not None:
            trials, cites = self._tables.of_row(self.rows.rows[at])
            found = self._of_cues(trials, cites, "table row")
            if found is not None:
                return found if at == number else replace(found, confidence="carried")
            at = self._tables.continued(self.rows.rows[at], at)
        found = self._of_cues(*self._tables.of_caption(row), "caption")
        if found is None and self.own is not None:
            return self._own_at(self.own)
        return replace(found, confidence="carried") if found else None

    def _of_cues(self, trials: list[Cue], cites: list[Cue], rule: str) -> StudyAt | None:
        if trials:
            return self._trial(trials[0], [cue for cue in cites if cue.kind == "citation"], "stated", rule)
        return self._cited(cites[0], "stated", rule) if cites else None

    def _in_report(self, own: OwnStudy, place: Place, start: int, end: int) -> StudyAt | None:
        """In the report of one trial: the document's own, where the text does not plainly speak of another."""
        said = place.said
        block = self._block(start)
        others = [cue for cue in said.cues if cue.kind == "trial" and cue.key[0] != own.entry.id and not cue.borrowed]
        if others:
            found = self._by_trial(place, start, end)
            if found is not None and found.study is not None and found.rule == "trial in clause":
                return found
        if block is None or not is_elsewhere(block) or speaks_of_own(self._text, said.span):
            return self._own_at(own)
        found = self._by_trial(place, start, end) or self._by_citation(place, start, end) or self._by_passage(place)
        if found is None and not is_introduction(block):
            return self._own_at(own)
        return found

    def _own_at(self, own: OwnStudy) -> StudyAt:
        return StudyAt(Found(own.entry.id, (own.mark.span,)), None, "inferred", "document")

    def _block(self, offset: int) -> Block | None:
        document = document_of(self._marks.doc)
        return document.block_at(offset) if document is not None else None

    def _place(self, offset: int) -> Place | None:
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self._passages.places[index].said.span.end:
            return None
        return self._passages.places[index]

    def _by_trial(self, place: Place, start: int, end: int) -> StudyAt | None:
        """The trial named beside the value, in its clause, or as the subject of its sentence."""
        said = place.said
        trials = [cue for cue in said.cues if cue.kind == "trial" and not cue.borrowed]
        clause = said.clause(start)
        beside = [
            cue
            for cue in trials
            if (cue.start >= end and _IN_TRIAL.fullmatch(self._text, end, cue.start))
            or (cue.end <= start and _THEN_VALUE.fullmatch(self._text, cue.end, start))
        ]
        within = [cue for cue in trials if clause.start <= cue.start < clause.end]
        main = [cue for cue in trials if not cue.compared]
        for group in (beside, within):
            before = [cue for cue in group if cue.start < start]
            cue = before[-1] if before else group[0] if group else None
            if cue is not None:
                return self._trial(self._joined(cue, place), self._near(place, start, cue), "stated", "trial in clause")
        cited = [c for c in said.cues if c.kind == "citation" and clause.start <= c.start < clause.end]
        before = [cue for cue in main if cue.start < start]
        if before and not any(c.compared for c in cited):
            cue = self._joined(before[-1], place)
            return self._trial(cue, self._near(place, start, cue), "stated", "trial in sentence")
        if main and not cited and place.said.cues[0].kind != "author":
            return self._trial(main[0], self._near(place, start, main[0]), "stated", "trial in sentence")
        return None

    def _joined(self, cue: Cue, place: Place) -> Cue:
        """The cue with the trials named side by side with it."""
        passage = place.passage
        if passage is not None and passage.trial is not None and len(passage.trial.key) > 1:
            if cue.key[0] in passage.trial.key and passage.opening == place.said.span:
                return passage.trial
        return cue

    def _near(self, place: Place, start: int, trial: Cue) -> list[Cue]:
        """The citations that support a trial's value: of its clause, its passage, else its sentence."""
        said = place.said
        cites = [cue for cue in said.cues if cue.kind == "citation"]
        clause = said.clause(start)
        here = [cue for cue in cites if clause.start <= cue.start < clause.end]
        if here:
            after = [cue for cue in here if cue.start > start]
            return after[:1] or here[-1:]
        passage = place.passage
        if passage is not None and passage.citations:
            known = [cue for cue in cites if passage.knows(cue)]
            return known[:1] or self._best(passage)
        return [cue for cue in cites if cue.start > start][:1]

    def _by_citation(self, place: Place, start: int, end: int) -> StudyAt | None:
        """The citation or author of the value's clause, else of its sentence."""
        said, passage = place.said, place.passage
        clause = said.clause(start)
        cites = [cue for cue in said.cues if cue.kind == "citation"]
        within = [cue for cue in cites if clause.start <= cue.start < clause.end]
        leading = [cue for cue in within if cue.leads and cue.start < start]
        closing = [cue for cue in within if cue.start >= end and not cue.leads]
        beside = [cue for cue in within if cue.end <= start and _THEN_VALUE.fullmatch(self._text, cue.end, start)]
        chosen = beside[-1:] or leading[-1:] or closing[:1] or within[-1:]
        if not chosen:
            main = [cue for cue in cites if not cue.compared]
            leading = [cue for cue in main if cue.leads and cue.start < start]
            closing = [cue for cue in main if cue.start >= end]
            chosen = leading[-1:] or closing[:1] or main[-1:]
            own = place.before
            if chosen and own is not None and own.particular and said.is_aside(chosen[0].start) and not said.introduces:
                return None if own.knows(chosen[0]) else self._of_passage(own)
        if not chosen:
            return None
        cue = chosen[0]
        if passage is not None and passage.trial is not None and passage.knows(cue):
            return self._trial(passage.trial, [cue], "carried", "citation of the passage")
        return self._cited(cue, "stated", "citation in sentence")

    def _by_passage(self, place: Place) -> StudyAt | None:
        """The study that the passage is about."""
        passage, said = place.passage, place.said
        if passage is None or said.sums_up:
            return None
        if not passage.particular or not (said.reports or said.continues or passage.opening == said.span):
            return None
        if self._pools and not (said.resumes or passage.is_named or passage.opening == said.span):
            return None
        return self._of_passage(passage)

    def _of_passage(self, passage: Passage) -> StudyAt | None:
        best = self._best(passage)
        if passage.trial is not None:
            return self._trial(passage.trial, best, "carried", "passage")
        if best:
            return self._cited(best[0], "carried", "passage")
        for cue in passage.authors:
            numbers = self.ties.by_author(cue.key[0])
            if len(numbers) == 1:
                return self._cited(cue._replace(kind="citation", key=(numbers[0],)), "carried", "author")
        return None

    def _best(self, passage: Passage) -> list[Cue]:
        """The citation of a passage that is its study's own."""
        cites = passage.citations
        if len(cites) < 2:
            return cites[:1]
        if passage.trial is not None:
            named = [c for c in cites if any(self.ties.titled(passage.trial.key[0], key) for key in c.key)]
            if named:
                return named[:1]
        for author in passage.authors:
            own = [c for c in cites if any(self.ties.is_by(key, author.key[0]) for key in c.key)]
            if own:
                return own[:1]
        if passage.opening is not None:
            opening = self._text[passage.opening.start : passage.opening.end]
            likeness = [max(self.ties.likeness(key, opening) for key in cue.key) for cue in cites]
            return [cites[likeness.index(max(likeness))]]
        return cites[:1]

    def _trial(self, trial: Cue, cites: Sequence[Cue], confidence: Confidence, rule: str) -> StudyAt:
        cue = next(iter(cites), None)
        if cue is None and len(trial.key) == 1:
            primary = self.ties.primary(trial.key[0])
            cue = self.ties.cue(trial.key[0], primary) if primary else None
            cue = cue._replace(key=(primary,)) if cue is not None and primary else None
        study = Found(",".join(trial.key), (CharSpan(trial.start, trial.end),))
        return self._study_at(study, cue, confidence, rule)

    def _cited(self, cue: Cue, confidence: Confidence, rule: str) -> StudyAt:
        """The trial that a citation is tied to, else the citation itself."""
        span = CharSpan(cue.start, cue.end)
        if cue.kind == "author":
            number = self.ties.by_author_year(*cue.key)
            cue = cue._replace(kind="citation", key=(number or " ".join(cue.key),))
        trial = self.ties.trial_of(cue.key)
        if trial is not None:
            entry = next(entry for entry in self.index.entries if entry.id == trial)
            study = Found(trial, (span, entry.marks[0].span))
            return self._study_at(study, cue, "inferred", f"{rule}, tied to trial")
        by_name = self.refs_of(cue) is None
        name = ",".join(cue.names or cue.key) if by_name else f"ref:{','.join(cue.key)}"
        return self._study_at(Found(name, (span,)), cue, confidence, rule)

    def _study_at(self, study: Found, cue: Cue | None, confidence: Confidence, rule: str) -> StudyAt:
        refs = self.refs_of(cue) if cue is not None else None
        return StudyAt(study, refs, confidence, rule, self._dois(cue) if cue is not None else None)

    def refs_of(self, cue: Cue) -> Found | None:
        """The citation numbers of a cue; None where the document cites by author and year."""
        numbered = all(key.isdigit() for key in cue.key) and not (self._by_names and cue.names)
        return Found(tuple(map(int, cue.key)), (CharSpan(cue.start, cue.end),)) if numbered else None

    def _dois(self, cue: Cue) -> Found | None:
        cited = [self._references[key] for key in cue.key if key in self._references]
        found = [(reference.doi, reference.span) for reference in cited if reference.doi]
        return Found(tuple(doi for doi, _ in found), tuple(span for _, span in found)) if found else None

"""Whose result a value is: the trial, citation or author of its clause, sentence, passage, table row or document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract.components import document_of
from extract.document import Block, CharSpan
from extract.linking import Found, Mark, Marks
from extract.linking.citation_ties import CitationTies
from extract.linking.own_study import (
    OwnStudy,
    find_own_study,
    is_elsewhere,
    is_introduction,
    pools_studies,
    speaks_of_own,
)
from extract.linking.passages import Passage, Passages, Place
from extract.linking.study_cues import Cue, Said
from extract.linking.study_tables import TableRows
from extract.linking.table_studies import TableStudies, Told
from extract.linking.trial_index import TrialIndex
from extract.patterns import lazy_regex
from extract.values import Confidence, Percent

_IN_TRIAL = lazy_regex(
    r"(?:(?:(?!\b(?:and|but|or)\b)[^,;.()]){0,40}?\b(?:in|from|of|within)\s|\s?%?\s?[(\[])(?:the\s)?(?:[\w-]+\s){0,2}?"
)  # "45% in the RIVER", "45% (RIVER"
_THEN_VALUE = lazy_regex(r"(?:\s(?:trial|study|protocol))?\s?[(\[][^()\[\]]{0,60}$")
REACH = 40  # characters between a trial's name and its own citation
_VALUES = ("percents", "statistics")
_RESULTS = frozenset(
    ["hazard_ratio", "odds_ratio", "risk_ratio", "rate_ratio", "mean_difference", "median", "mean", "rate"]
)


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
        self._chosen: dict[int, Cue] = {}
        self._known: dict[int, StudyAt | None] = {}
        self._ordered: dict[int, dict[int, Cue]] = {}
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
            return self._trial(head, None, "stated", "column header")
        told = self._tables.of_row(number)
        found = self._told(told, "table row")
        if found is not None:
            return found if told.number == number else replace(found, confidence="carried")
        found = self._told(self._tables.of_caption(row), "caption")
        if found is None and self.own is not None:
            return self._own_at(self.own)
        return replace(found, confidence="carried") if found else None

    def _told(self, told: Told, rule: str) -> StudyAt | None:
        if told.trial is not None:
            cited = told.citation if told.citation is not None and told.citation.kind == "citation" else None
            return self._trial(told.trial, cited, "stated", rule)
        return self._cited(told.citation, "stated", rule) if told.citation is not None else None

    def _in_report(self, own: OwnStudy, place: Place, start: int, end: int) -> StudyAt | None:
        """In the report of one trial: the document's own, where the text does not plainly speak of another."""
        said = place.said
        if any(cue.key[0] != own.entry.id for cue in self._near_trials(said, start, end)):
            found = self._by_trial(place, start, end)
            if found is not None and found.rule == "trial in clause":
                return found
        block = self._block(start)
        if block is None or not is_elsewhere(block) or speaks_of_own(self._text, said.span):
            return self._own_at(own)
        found = self._by_trial(place, start, end) or self._by_citation(place, start, end) or self._by_passage(place)
        return self._own_at(own) if found is None and not is_introduction(block) else found

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
        if not said.trials:
            return None
        clause = said.clauses.at(start)
        in_order = self._in_order(said, start)
        if in_order is not None:
            return self._trial(in_order, self._support(place, start), "stated", "trial in clause")
        cue = next(iter(self._near_trials(said, start, end)), None)
        if cue is not None:
            leading = said.leading.before(start, cue.start)
            if leading is not None and not self._is_of(leading, cue, place):
                return None
            return self._named(cue, place, start, "trial in clause")
        cited = said.citations.after(clause.start, clause.end)
        before, first = said.subjects.before(start), _first(said.subjects)
        if before is not None and (cited is None or (not cited.compared and self._is_of(cited, before, place))):
            return self._named(before, place, start, "trial in sentence")
        if first is not None and cited is None and said.cues[0].kind != "author":
            return self._named(first, place, start, "trial in sentence")
        return None

    def _is_of(self, citation: Cue, trial: Cue, place: Place) -> bool:
        """Whether a citation is known to be a trial's."""
        passage = place.passage
        if passage is not None and passage.trial is not None and passage.knows(citation):
            return trial.key[0] in passage.trial.key
        tied = self.ties.trial_of(citation.key)
        return tied in trial.key or (tied is None and (not citation.leads or citation.start - trial.end <= REACH))

    def _in_order(self, said: Said, start: int) -> Cue | None:
        """Of as many trials as values in a sentence with "respectively" the one in the value's place."""
        if id(said) not in self._ordered:
            self._ordered[id(said)] = self._pair(said)
        return self._ordered[id(said)].get(start)

    def _pair(self, said: Said) -> dict[int, Cue]:
        """The start of each value and its trial, in a sentence that gives one value to each "respectively"."""
        at = self._text.find("respectively", *said.span)
        trials = list({cue.key: cue for cue in reversed(said.subjects.cues)}.values())[::-1]
        if at < 0 or len(trials) < 2:
            return {}
        values = [mark for name in _VALUES for mark in self._marks.inside(name, said.span.start, at)]
        starts = sorted({mark.start for mark in values if is_result(mark)})
        return dict(zip(starts, trials, strict=True)) if len(starts) == len(trials) else {}

    def _near_trials(self, said: Said, start: int, end: int) -> list[Cue]:
        """The trial beside a value, else that of its clause: before the value rather than after it."""
        before, after = said.trials.before(start), said.trials.after(end)
        if after is not None and _IN_TRIAL.fullmatch(self._text, end, after.start):
            return [after]
        if before is not None and _THEN_VALUE.fullmatch(self._text, before.end, start):
            return [before]
        clause = said.clauses.at(start)
        if before is not None and before.start >= clause.start:
            return [before]
        return [after] if after is not None and after.start < clause.end else []

    def _named(self, cue: Cue, place: Place, start: int, rule: str) -> StudyAt:
        """A trial told by its name in the value's sentence, with those named side by side with it."""
        passage = place.passage
        if passage is not None and passage.trial is not None and passage.opening == place.said.span:
            cue = passage.trial if cue.key[0] in passage.trial.key else cue
        return self._trial(cue, self._support(place, start), "stated", rule)

    def _support(self, place: Place, start: int) -> Cue | None:
        """The citation that supports a named trial's value: of its clause, its passage, else its sentence."""
        said, passage = place.said, place.passage
        clause = said.clauses.at(start)
        here = said.citations.after(start, clause.end) or said.citations.before(start, clause.start)
        if here is not None:
            return here
        if passage is not None and passage.citations:
            return next((cue for cue in said.citations if passage.knows(cue)), None) or self._best(passage)
        return said.citations.after(start)

    def _by_citation(self, place: Place, start: int, end: int) -> StudyAt | None:
        """The citation or author of the value's clause, else of its sentence."""
        said, passage = place.said, place.passage
        if not said.citations:
            return None
        cue = self._in_clause(said, start, end)
        if cue is None:
            cue = said.leading.before(start) or said.closing.after(end) or said.own_citations.before(start)
            if cue is not None and self._is_aside(cue, place):
                return None if place.before is None or place.before.knows(cue) else self._of_passage(place.before)
        if cue is None:
            return None
        if passage is not None and passage.trial is not None and passage.knows(cue):
            return self._trial(passage.trial, cue, "carried", "citation of the passage")
        return self._cited(cue, "stated", "citation in sentence")

    @staticmethod
    def _is_aside(citation: Cue, place: Place) -> bool:
        """Whether a citation stands in a relative clause amid a passage ("…, for which it is advised (9)")."""
        running = place.before is not None and place.before.particular
        return running and place.said.clauses.is_aside(citation.start) and not place.said.introduces

    def _in_clause(self, said: Said, start: int, end: int) -> Cue | None:
        """The citation right before the value's bracket, one that leads to it, the next that closes, the last."""
        clause = said.clauses.at(start)
        before = said.citations.before(start, clause.start)
        if before is not None and _THEN_VALUE.fullmatch(self._text, before.end, start):
            return before
        leading = said.all_leading.before(start, clause.start)
        return leading or said.all_closing.after(end, clause.end) or before or said.citations.after(end, clause.end)

    def _by_passage(self, place: Place) -> StudyAt | None:
        """The study that the passage is about."""
        passage, said = place.passage, place.said
        if passage is None or not passage.particular or said.sums_up:
            return None
        opens = passage.opening == said.span
        if said.generalises and not (said.reports or said.continues or opens):
            return None
        if self._pools and not (said.resumes or passage.is_named or opens):
            return None
        return self._of_passage(passage)

    def _of_passage(self, passage: Passage) -> StudyAt | None:
        """The study of a passage; each of its values asks, so it is found once."""
        if id(passage) not in self._known:
            self._known[id(passage)] = self._find_of_passage(passage)
        return self._known[id(passage)]

    def _find_of_passage(self, passage: Passage) -> StudyAt | None:
        best = self._best(passage)
        if passage.trial is not None:
            return self._trial(passage.trial, best, "carried", "passage")
        if best is not None:
            return self._cited(best, "carried", "passage")
        numbers = self.ties.by_author(passage.author.key[0]) if passage.author is not None else []
        if passage.author is not None and len(numbers) == 1:
            cue = passage.author._replace(kind="citation", key=(numbers[0],))
            return self._cited(cue, "carried", "author")
        return None

    def _best(self, passage: Passage) -> Cue | None:
        """The citation of a passage that is its study's own: by trial, author, likeness of its title, place."""
        cites = passage.citations
        if len(cites) < 2:
            return _first(cites)
        if id(passage) not in self._chosen:
            self._chosen[id(passage)] = self._choose(passage)
        return self._chosen[id(passage)]

    def _choose(self, passage: Passage) -> Cue:
        cites = passage.citations
        for cue in cites if passage.trial is not None else ():
            if passage.trial is not None and any(self.ties.titled(passage.trial.key[0], key) for key in cue.key):
                return cue
        for cue in cites if passage.author is not None else ():
            if passage.author is not None and any(self.ties.is_by(key, passage.author.key[0]) for key in cue.key):
                return cue
        opening = self._text[slice(*passage.opening)] if passage.opening is not None else ""
        words = self.ties.words(opening)
        return max(cites, key=lambda cue: max(self.ties.likeness(key, words) for key in cue.key))

    def _trial(self, trial: Cue, cue: Cue | None, confidence: Confidence, rule: str) -> StudyAt:
        if cue is None and len(trial.key) == 1:
            primary = self.ties.primary(trial.key[0])
            found = self.ties.cue(trial.key[0], primary) if primary else None
            cue = found._replace(key=(primary,)) if found is not None and primary else None
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
            study = Found(trial, (span, self.index.first(trial).span))
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


def _first(cues: Iterable[Cue]) -> Cue | None:
    return next(iter(cues), None)


def is_result(mark: Mark) -> bool:
    """Whether a mark is a figure that reports an outcome, not an interval or an error beside one."""
    value = mark.value
    return value.role == "value" if isinstance(value, Percent) else value.kind in _RESULTS

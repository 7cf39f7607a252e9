"""Which citation is which trial's: learnt from passages, table rows and titles of the reference list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from extract.components import document_of
from extract.components.trial_names import NameFinder
from extract.document import CharSpan
from extract.linking import Marks
from extract.linking.passages import MAX_CITATIONS, Passages
from extract.linking.study_cues import Cue, citation_cue
from extract.linking.table_studies import TableStudies
from extract.linking.trial_index import TrialIndex
from extract.patterns import lazy_regex

IN_TITLE, IN_ROW, IN_PASSAGE = 4, 3, 2  # strength of a tie
_RIGHT_AFTER = lazy_regex(
    r"(?:\s(?:[\w-]+\s){0,2}(?:trial|study|protocol|program(?:me)?))?[,;]?\s?(?:[(\[][^()\[\]]*[)\]],?\s?)?[(\[]?"
)
MAX_TIED = 3  # citations in one bracket that can be one trial's
STEM = 7  # letters that stand for a word: "paediatric" and "paediatrics" are one
_GROUP = lazy_regex(r"\s(?:\w+\s)?(?:group|network|consortium|investigators)\b", re.IGNORECASE)
_WORD = lazy_regex(r"[^\W\d_]{4,}")


class CitationTies:
    """Trials and the citations that stand with them, over the whole document."""

    def __init__(self, marks: Marks, index: TrialIndex, passages: Passages, tables: TableStudies) -> None:
        self._strength: dict[tuple[str, str], int] = defaultdict(int)
        self._cues: dict[tuple[str, str], Cue] = {}
        document = document_of(marks.doc)
        references = document.references if document is not None else ()
        self._titles = {str(reference.number): (reference.title or "") for reference in references}
        self._authors = {str(reference.number): (reference.first_author or "") for reference in references}
        self._years = {str(reference.number): str(reference.year) for reference in references}
        self._by_author: dict[str, list[str]] = defaultdict(list)
        for number, author in self._authors.items():
            self._by_author[_surname(author)].append(number)
        self._from_passages(passages)
        self._from_neighbours(passages, marks.text)
        self._from_rows(tables)
        self._from_titles(marks, index)
        self._trial: dict[str, str | None] = {}
        self._refs: dict[str, list[str]] = defaultdict(list)
        for trial, citation in self._strength:
            self._refs[trial].append(citation)
        best: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for (trial, citation), strength in self._strength.items():
            best[citation].append((strength, trial))
        for citation, found in best.items():
            top = max(strength for strength, _ in found)
            trials = [trial for strength, trial in found if strength == top]
            self._trial[citation] = trials[0] if len(trials) == 1 else None

    def trial_of(self, citations: Iterable[str]) -> str | None:
        """The one trial that all citations are tied to."""
        trials = {self._trial.get(citation) for citation in citations}
        return trials.pop() if len(trials) == 1 else None

    def refs_of(self, trial: str) -> list[str]:
        """The citations that stand with a trial, in text order."""
        return self._refs.get(trial, [])

    def primary(self, trial: str) -> str | None:
        """The first citation that stands with a trial."""
        return next(iter(self._refs.get(trial, ())), None)

    def cue(self, trial: str, citation: str) -> Cue | None:
        """Where a citation stands with a trial."""
        return self._cues.get((trial, citation))

    def titled(self, trial: str, citation: str) -> bool:
        """Whether the citation's title names the trial."""
        return self._strength.get((trial, citation), 0) >= IN_TITLE

    def by_author(self, author: str) -> list[str]:
        """The numbers of the references of a first author."""
        return self._by_author.get(_surname(author), [])

    def by_author_year(self, author: str, year: str) -> str | None:
        """The one reference of a first author and year."""
        found = [number for number in self.by_author(author) if self._years.get(number) == year]
        return found[0] if len(found) == 1 else None

    def is_by(self, citation: str, author: str) -> bool:
        """Whether a reference's first author is this one."""
        return bool(self._authors.get(citation)) and _surname(self._authors[citation]) == _surname(author)

    @staticmethod
    def words(text: str) -> frozenset[str]:
        """The longer words of a text by their beginnings."""
        return frozenset(word.lower()[:STEM] for word in _WORD.findall(text))

    def likeness(self, citation: str, words: frozenset[str]) -> float:
        """Share of the words of a reference's title that are among these."""
        title = self.words(self._titles.get(citation, ""))
        return len(title & words) / len(title) if title else 0.0

    def _tie(self, trial: str, cue: Cue, citation: str, strength: int) -> None:
        key = (trial, citation)
        self._strength[key] = max(self._strength[key], strength)
        self._cues.setdefault(key, cue)

    def _from_passages(self, passages: Passages) -> None:
        done: set[int] = set()
        for place in passages.places:
            passage = place.passage
            if passage is None or passage.trial is None or id(passage) in done or len(passage.trial.key) > 1:
                continue
            done.add(id(passage))
            for cue in passage.citations:
                for citation in cue.key if len(cue.key) <= MAX_TIED else ():
                    self._tie(passage.trial.key[0], cue, citation, IN_PASSAGE)

    def _from_neighbours(self, passages: Passages, text: str) -> None:
        """Ties between a trial and the citation right after it."""
        for place in passages.places:
            for cue, following in pairwise(place.said.cues):
                if cue.kind != "trial" or following.kind != "citation" or cue.borrowed:
                    continue
                if len(following.key) <= MAX_CITATIONS and _RIGHT_AFTER.fullmatch(text, cue.end, following.start):
                    for citation in following.key:
                        self._tie(cue.key[0], following, citation, IN_PASSAGE)

    def _from_rows(self, tables: TableStudies) -> None:
        for number in range(len(tables.rows.rows)):
            told = tables.of_row(number)
            if told.number != number or told.trial is None or len(told.trial.key) > 1 or told.citation is None:
                continue
            tied = told.citation.kind == "citation" and len(told.citation.key) <= MAX_TIED
            for citation in told.citation.key if tied else ():
                self._tie(told.trial.key[0], told.citation, citation, IN_ROW)

    def _from_titles(self, marks: Marks, index: TrialIndex) -> None:
        """Ties between the cited references and the trials that their titles name."""
        names = {_key(index.text_of(mark)): entry.id for entry in index.entries for mark in entry.names}
        if not names or not self._titles:
            return
        printed = {index.text_of(mark) for entry in index.entries for mark in entry.names}
        lower = {name.lower() for name in printed if any(map(str.isdigit, name))}  # "the river-2 protocol"
        finder = NameFinder(printed | lower, ())
        places: dict[str, Cue] = {}
        for cue in map(citation_cue, marks.all("citations")):
            for citation in cue.key:
                places.setdefault(citation, cue)
        for number, title in self._titles.items():
            named = {
                names[_key(title[start:end])]
                for start, end in finder.find(title, 0, len(title))
                if not index.is_borrowed_in(title, CharSpan(start, end))
                and not _GROUP.match(title, end)
                and _key(title[start:end]) in names
            }
            if len(named) == 1 and number in places:
                self._tie(named.pop(), places[number], number, IN_TITLE)


def _key(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _surname(name: str) -> str:
    """The last word of a family name in lower case: `von Stackelberg` and `Stackelberg` are one."""
    words = re.split(r"[\s-]+", name.strip().lower())
    return words[-1] if words else ""

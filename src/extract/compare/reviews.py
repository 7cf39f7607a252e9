"""What each review says of each study: its results, by the trial that it names or the reference that it cites.

A result that is given for several studies together, or that cites several references and names no trial, belongs to
none: no one study reports it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extract.compare.documents import Named, Papers, Places, names_of, numbers_of, well_formed_numbers
from extract.compare.joins import name_key
from extract.compare.rows import ReviewStudy, Said, Source
from extract.frames import HasRows
from extract.patterns import lazy_regex
from extract.records import Outcome, ReferenceRow, Trial

_REFERENCE = lazy_regex(r"ref:(?P<number>\d+)")
_AUTHOR_YEAR = lazy_regex(r"(?P<author>.+?),? (?:et al\.?,? )?\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?")


def read_reviews(sources: Iterable[HasRows]) -> Iterator[ReviewStudy]:
    """The studies of some reviews; a further file of the same paper is left out."""
    papers = Papers()
    for source in sources:
        document = source.rows("documents")[0]
        paper = papers.of(document)
        if paper == document.document_id:
            yield from _Review(source).studies(paper)


class _Review:
    """The studies of one review in the making."""

    def __init__(self, source: HasRows) -> None:
        self._source = source
        self._document = source.rows("documents")[0]
        mentions = source.rows("mentions")
        self._places = Places(source.rows("evidence"), mentions)
        self._numbers = well_formed_numbers(mentions)
        self._trials: dict[str, Trial] = {each.id: each for each in source.rows("trials")}
        self._references: dict[int, ReferenceRow] = {each.number: each for each in source.rows("references")}
        self._named = Named((trial, trial.id) for trial in self._trials.values())
        self._years: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        for each in self._references.values():
            if each.first_author:
                self._years[name_key(each.first_author), each.year].append(each.number)

    def studies(self, paper: str) -> Iterator[ReviewStudy]:
        """The trials in their order, then the references that report on none of them, in theirs."""
        outcomes = defaultdict(list)
        for row in self._source.rows("outcomes"):
            key = self._study_of(row)
            if key is not None:
                outcomes[key].append(row)
        owned = self._owned({key: rows for key, rows in outcomes.items() if isinstance(key, str)})
        own = self._own_trial(outcomes)
        for trial in self._trials.values():
            numbers = numbers_of(trial, self._numbers)
            cited = [number for number, owner in owned.items() if owner == trial.id]
            sources = [_source(self._references[number]) for number in cited]
            if trial.id == own and self._document.doi:
                sources.append(Source(None, self._document.doi, None, None, None, self._document.title))
            rows = [*outcomes[trial.id], *(row for number in cited for row in outcomes[number])]
            made = self._study(paper, trial.id, sources, rows)
            yield replace(made, names=tuple(names_of(trial, numbers)), numbers=numbers)
        for number, reference in self._references.items():
            if number not in owned:
                yield self._study(paper, f"ref:{number}", [_source(reference)], outcomes[number])

    def _study(self, paper: str, own_name: str, sources: Sequence[Source], rows: Sequence[Outcome]) -> ReviewStudy:
        said = [Said(row, *self._place(row)) for row in rows]
        document_id = self._document.document_id
        return ReviewStudy(document_id, paper, own_name, sources=tuple(sources), said=said)

    def _place(self, row: Outcome) -> tuple[int | None, str | None]:
        page, section = self._places.of(row.record_id)
        return page if row.page_number is None else row.page_number, section

    def _study_of(self, row: Outcome) -> str | int | None:
        """The trial (its id) or the reference (its number) that a result is of; None where it is of several."""
        if row.study is None:
            return None
        trial = self._named.trial(row.study)
        if trial is not None:
            return trial
        if match := _REFERENCE.fullmatch(row.study):
            number = int(match["number"])
            return number if number in self._references else None
        match = _AUTHOR_YEAR.fullmatch(row.study)
        numbers = self._years.get((name_key(match["author"]), int(match["year"])), []) if match else []
        cited = [number for number in numbers if number in row.refs or self._references[number].doi in row.dois]
        numbers = cited or numbers
        return numbers[0] if len(numbers) == 1 else None

    def _owned(self, outcomes: dict[str, list[Outcome]]) -> dict[int, str]:
        """The references that report on one trial alone: cited for it by half of its results, and for no other trial.

        A trial without results has the one reference that stands with it.
        """
        cited = {trial: Counter(number for row in rows for number in row.refs) for trial, rows in outcomes.items()}
        for trial in self._trials.values():
            if trial.id not in cited and len(trial.refs) == 1:
                cited[trial.id] = Counter(trial.refs)
        trials = Counter(number for counts in cited.values() for number in counts)
        owned = {}
        for trial_id, counts in cited.items():
            rows = [row.refs for row in outcomes.get(trial_id, ()) if row.refs]
            for number in counts:
                is_main = 2 * rows.count((number,)) >= len(rows)
                if is_main and trials[number] == 1 and number in self._references:
                    owned[number] = trial_id
        return owned

    def _own_trial(self, outcomes: dict[str | int, list[Outcome]]) -> str | None:
        """The trial that the document itself reports: the only one with results of the document's own."""
        own = {
            key
            for key, rows in outcomes.items()
            if isinstance(key, str) and any(row.confidence == "inferred" and not row.refs for row in rows)
        }
        return own.pop() if len(own) == 1 else None


def _source(reference: ReferenceRow) -> Source:
    return Source(
        reference.number, reference.doi, reference.pmid, reference.first_author, reference.year, reference.title
    )

"""Which sentences and table rows are about which study: what makes two places comparable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from extract.audit.case import Case
from extract.audit.groups import Place, PlaceFinder
from extract.document import ZONES, BlockKind, CharSpan
from extract.patterns import lazy_regex

_ET_AL = lazy_regex(r" (?:et al\b|and (?:colleagues|co-?workers|associates)\b)")
_FAMILY_NAME = lazy_regex(r"[A-ZÀ-Ž][\w'À-ž-]+$")
_LONGEST_NAME = 30  # characters


class StudyPlaces:
    """The places that are about one study each: by name, citation, author or the results printed there.

    A place that two studies lay claim to is about none.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._finder = finder = case.once(PlaceFinder)
        self._found: dict[Place, set[str]] = defaultdict(set)
        self._named: set[Place] = set()
        self._row_labels: dict[Place, set[str]] = {}
        self._by_ref = self._studies_of_references()
        for name in ("outcomes", "dosing"):
            for row in getattr(case.extraction, name):
                if row.study:
                    self._found[finder.at(case.anchor(row))].update(row.study.split(","))
        self._add_named()
        self._by_study: dict[str, list[Place]] = defaultdict(list)
        for place, studies in sorted(self._found.items(), key=lambda item: item[0].span):
            if len(studies) == 1:
                self._by_study[next(iter(studies))].append(place)

    def of(self, study: str) -> list[Place]:
        """The places about a study, in text order."""
        return self._by_study.get(study, [])

    def studies(self) -> list[str]:
        """Every study that has places, in text order."""
        return list(self._by_study)

    def is_named(self, place: Place) -> bool:
        """Whether a place names its study, cites it, or names its author."""
        return place in self._named

    def _studies_of_references(self) -> dict[int, str]:
        """The study of each reference that belongs to one only."""
        found: dict[int, set[str]] = defaultdict(set)
        for row in self._case.extraction.studies:
            for number in row.refs if "," not in row.study else ():
                found[number].add(row.study)
        return {number: next(iter(studies)) for number, studies in found.items() if len(studies) == 1}

    def _add_named(self) -> None:
        marks, finder = self._case.marks, self._finder
        cited: dict[Place, set[str]] = defaultdict(set)
        for mark in marks.all("trials"):
            place = finder.at(mark.span)
            if place.table is None or mark.value.trial in self._labels(place, mark.value.trial):
                cited[place].add(mark.value.trial)
        for mark in marks.all("citations"):
            numbers = mark.value.numbers
            if place := finder.at(mark.span):
                cited[place].update(self._by_ref.get(number, f"ref:{number}") for number in numbers)
        for place, study in self._by_author():
            cited[place].add(study)
        for place, studies in cited.items():
            self._found[place] |= studies
            self._named.add(place)

    def _labels(self, place: Place, trial: str) -> set[str]:
        """The trial that labels a table row, alone in its first cell; else the given one."""
        if place not in self._row_labels:
            block = self._case.block(place.span)
            cells = block.table.cells if block is not None and block.table else ()
            first = next((cell.span for cell in cells if cell.span.start == place.span.start), None)
            found = {mark.value.trial for mark in self._case.marks.inside("trials", *first)} if first else set()
            self._row_labels[place] = found if len(found) == 1 else set()
        return self._row_labels[place] or {trial}

    def _by_author(self) -> Iterator[tuple[Place, str]]:
        """Sentences that name the first author of a single reference."""
        references = self._case.document.references
        names = Counter(reference.first_author for reference in references)
        numbers = {each.first_author: each.number for each in references if names[each.first_author] == 1}
        text, document = self._case.document.text, self._case.document
        for match in _ET_AL.finditer(text):
            block = document.block_at(match.start())
            author = _FAMILY_NAME.search(text, max(match.start() - _LONGEST_NAME, 0), match.start())
            if author is None or block is None or block.kind not in ZONES or block.kind is BlockKind.TABLE:
                continue
            number = numbers.get(author[0])
            if number is not None and number in self._by_ref:
                yield self._finder.at(CharSpan(author.start(), match.end())), self._by_ref[number]


def study_in_words(study: str | None) -> str:
    """A study as a reader knows it: its name, or its number in the list of references."""
    return f"reference {study[4:]}" if study and study.startswith("ref:") else study or "the study"


def own_study(case: Case) -> str | None:
    """The study that a report is the report of: nearly all results are its own, by the document as a whole."""
    rows = case.extraction.outcomes
    found = Counter(row.study for row in rows if row.confidence == "inferred" and row.study)
    if not found:
        return None
    (study, number), *_ = found.most_common(1)
    return study if 2 * number > len(rows) else None

"""What is asked of each document: which paper it is a file of, which trial a `study` names, where its rows stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from sys import intern
from typing import Generic, TypeVar

from extract.compare.joins import name_key
from extract.records import DocumentRow, Evidence, Label, Mention, Trial

T = TypeVar("T")

# Of a record the place of its first filled field in this order, else that of any.
_PLACE_FIELDS = ("value", "low", "n", "id", "study", "endpoint")
MIN_TITLE = 6  # words: shorter titles ("Original Article") stand over different papers


class Papers:
    """Which documents are one paper: the same bytes, the same DOI, or the same title of some length."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, document: DocumentRow) -> str:
        """The first document that is the same paper, or the document itself."""
        keys = [f"sha256 {document.sha256}"] if document.sha256 else []
        if document.doi:
            keys.append(f"doi {document.doi.lower()}")
        words = (document.title or "").casefold().split()
        if len(words) >= MIN_TITLE:
            keys.append(f"title {' '.join(words)}")
        paper = next((self._known[key] for key in keys if key in self._known), document.document_id)
        for key in keys:
            self._known.setdefault(key, paper)
        return paper


class Named(Generic[T]):
    """What belongs to each trial of a document, by all that `study` may call the trial."""

    def __init__(self, trials: Iterable[tuple[Trial, T]]) -> None:
        self._ids: dict[str, T] = {}
        self._others: dict[str, list[T]] = {}
        for record, each in trials:
            self._ids[record.id] = each
            for name in dict.fromkeys((*record.aliases, *record.registry_ids)):
                self._others.setdefault(name, []).append(each)

    def trials(self, study: str | None) -> list[T]:
        """The trials that a `study` names; none where any name of it leads to no trial or to several."""
        if study is None:
            return []
        whole = self.trial(study)
        if whole is not None:
            return [whole]
        parts = [self.trial(part.strip()) for part in study.split(",")]
        found = {id(part): part for part in parts if part is not None}
        return list(found.values()) if None not in parts else []

    def trial(self, name: str) -> T | None:
        """The one trial of a name."""
        others = self._others.get(name, ())
        return self._ids.get(name) or (others[0] if len(others) == 1 else None)


class Places:
    """Where the rows of a document stand."""

    def __init__(self, evidence: Iterable[Evidence], mentions: Iterable[Mention]) -> None:
        self._at: dict[str, tuple[int, int, int | None]] = {}
        for each in evidence:
            known = each.field in _PLACE_FIELDS
            rank = _PLACE_FIELDS.index(each.field) if known else len(_PLACE_FIELDS)
            best = self._at.get(each.record_id)
            if best is None or rank < best[0]:
                self._at[each.record_id] = (rank, each.start, each.page_number)
        self._sections = sorted((mention.start, intern(mention.section or "")) for mention in mentions)

    def of(self, record_id: str) -> tuple[int | None, str | None]:
        """The page of a row and the headings above it, which are None where the mentions around it differ in theirs."""
        _, start, page = self._at.get(record_id, (0, None, None))
        return page, self._section(start)

    def _section(self, start: int | None) -> str | None:
        """The headings of the mention at a place, else those that the mentions before and after it share."""
        if start is None:
            return None
        after = bisect_left(self._sections, (start, ""))
        if after < len(self._sections) and self._sections[after][0] == start:
            return self._sections[after][1] or None
        around = {section for _, section in self._sections[max(after - 1, 0) : after + 1]}
        return around.pop() or None if len(around) == 1 else None


def well_formed_numbers(mentions: Iterable[Mention]) -> dict[str, str]:
    """The well-formed registry ids among some mentions: as printed, and as `REGISTRY:ID`."""
    return {
        " ".join(mention.quote.split()): mention.normalized
        for mention in mentions
        if mention.label == Label.REGISTRY_ID and mention.valid and mention.normalized
    }


def numbers_of(trial: Trial, numbers: dict[str, str]) -> tuple[str, ...]:
    """The well-formed registry ids of a trial as `REGISTRY:ID`, each once."""
    return tuple(dict.fromkeys(numbers[printed] for printed in trial.registry_ids if printed in numbers))


def names_of(trial: Trial, numbers: Iterable[str]) -> list[str]:
    """What a document calls a trial, without its registry numbers."""
    ids = set(map(name_key, (*trial.registry_ids, *(number.partition(":")[2] for number in numbers))))
    return [name for name in (trial.id, *trial.aliases) if name_key(name) not in ids]

"""What each document of a dataset says of each of its trials, document by document.

A record belongs to the trial of its document whose id, other name or registry number is its `study`; one that names
several trials of the document (`LAKE-1,LAKE-2`) belongs to each. A record that only cites a reference belongs to none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any, Generic, TypeVar

from extract.records import Dosing, Label, Outcome, Schema, Study, Trial
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import read_documents

R = TypeVar("R", Outcome, Dosing, Trial, Study)
Row = dict[str, Any]

# Of a record the place of its first filled field in this order, else that of any.
_PLACE_FIELDS = ("value", "low", "n", "id", "study", "endpoint")
_MENTION_COLUMNS = ["document_id", "label", "quote", "start", "section", "normalized", "valid"]
_EVIDENCE_COLUMNS = ["document_id", "record_id", "field", "start", "page_number"]
MIN_TITLE = 6  # words: shorter titles ("Original Article") stand over different papers


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """A record with its place: the page of a PDF, the headings above it.

    `section` is None where the mentions around the record stand under different headings. `also_in` tells where
    another file of the same paper has the same record: `document_id record_id`.
    """

    record: R
    page_number: int | None
    section: str | None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentTrial:
    """What one document says of one trial.

    `numbers` are its well-formed registry ids as `REGISTRY:ID`. `paper` is one id for all files of a paper.
    """

    document_id: str
    title: str | None
    paper: str
    trial: Line[Trial]
    numbers: tuple[str, ...]
    studies: list[Line[Study]] = field(default_factory=list)
    outcomes: list[Line[Outcome]] = field(default_factory=list)
    dosing: list[Line[Dosing]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """What the document calls the trial, without its registry numbers."""
        record = self.trial.record
        ids = set(map(name_key, (*record.registry_ids, *(number.partition(":")[2] for number in self.numbers))))
        return [name for name in (record.id, *record.aliases) if name_key(name) not in ids]


def name_key(name: str) -> str:
    """A name by its letters and digits; a plus stays, as `LAKE+` is another trial than `LAKE`."""
    return re.sub(r"[^\w+]|_", "", name).casefold()


def read_trials(dataset: Dataset) -> Iterator[DocumentTrial]:
    """The trials of all documents in the order of the dataset; holds the rows of one document at a time.

    Raises ReadError where a table is damaged or not in the order of the documents.
    """
    papers = _Papers()
    tables: tuple[Schema, ...] = ("trials", "studies", "outcomes", "dosing", "mentions", "evidence")
    columns: dict[Schema, Sequence[str]] = {"mentions": _MENTION_COLUMNS, "evidence": _EVIDENCE_COLUMNS}
    for document, rows in read_documents(dataset, tables, columns):
        yield from _trials_of(document, papers.of(document), rows)


def _trials_of(document: Row, paper: str, rows: dict[Schema, list[Row]]) -> Iterator[DocumentTrial]:
    places = _Places(rows["evidence"], rows["mentions"])
    numbers = {
        " ".join(mention["quote"].split()): mention["normalized"]
        for mention in rows["mentions"]
        if mention["label"] == Label.REGISTRY_ID and mention["valid"]
    }
    found = []
    for row in rows["trials"]:
        trial = Trial(**_filled(row))
        valid = (numbers[printed] for printed in trial.registry_ids if printed in numbers)
        line = places.line(trial, trial.page_number)
        found.append(
            DocumentTrial(document["document_id"], document["title"], paper, line, tuple(dict.fromkeys(valid)))
        )
    named = _Named(found)
    for row in rows["studies"]:
        for each in named.trials(row["study"]):
            each.studies.append(places.line(Study(**_filled(row)), None))
    for row in rows["outcomes"]:
        for each in named.trials(row["study"]):
            each.outcomes.append(places.line(Outcome(**_filled(row)), row["page_number"]))
    for row in rows["dosing"]:
        for each in named.trials(row["study"]):
            each.dosing.append(places.line(Dosing(**_filled(row)), row["page_number"]))
    yield from found


class _Named:
    """The trials of a document by all that `study` may call them."""

    def __init__(self, trials: Iterable[DocumentTrial]) -> None:
        self._ids: dict[str, DocumentTrial] = {}
        self._others: dict[str, list[DocumentTrial]] = {}
        for each in trials:
            record = each.trial.record
            self._ids[record.id] = each
            for name in dict.fromkeys((*record.aliases, *record.registry_ids)):
                self._others.setdefault(name, []).append(each)

    def trials(self, study: str | None) -> list[DocumentTrial]:
        """The trials that a `study` names; none where any name of it leads to no trial or to several."""
        if study is None:
            return []
        whole = self._trial(study)
        if whole is not None:
            return [whole]
        parts = [self._trial(part.strip()) for part in study.split(",")]
        found = {id(part): part for part in parts if part is not None}
        return list(found.values()) if None not in parts else []

    def _trial(self, name: str) -> DocumentTrial | None:
        others = self._others.get(name, ())
        return self._ids.get(name) or (others[0] if len(others) == 1 else None)


class _Places:
    """Where the records of a document stand."""

    def __init__(self, evidence: Iterable[Row], mentions: Iterable[Row]) -> None:
        self._at: dict[str, tuple[int, int, int | None]] = {}
        for row in evidence:
            known = row["field"] in _PLACE_FIELDS
            rank = _PLACE_FIELDS.index(row["field"]) if known else len(_PLACE_FIELDS)
            place = (rank, row["start"], row["page_number"])
            best = self._at.get(row["record_id"])
            if best is None or rank < best[0]:
                self._at[row["record_id"]] = place
        self._sections = sorted((row["start"], intern(row["section"] or "")) for row in mentions)

    def line(self, record: R, page_number: int | None) -> Line[R]:
        """A record with its place; the page is that of its evidence where the record itself has none."""
        _, start, page = self._at.get(record.record_id, (0, None, None))
        return Line(record, page if page_number is None else page_number, self._section(start))

    def _section(self, start: int | None) -> str | None:
        """The headings of the mention at a place, else those that the mentions before and after it share."""
        if start is None:
            return None
        after = bisect_left(self._sections, (start, ""))
        if after < len(self._sections) and self._sections[after][0] == start:
            return self._sections[after][1] or None
        around = {section for _, section in self._sections[max(after - 1, 0) : after + 1]}
        return around.pop() or None if len(around) == 1 else None


class _Papers:
    """Which documents are one paper: the same bytes, the same DOI, or the same title of some length."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, document: Row) -> str:
        """The first document that is the same paper, or the document itself."""
        keys = [f"sha256 {document['sha256']}"]
        if document["doi"]:
            keys.append(f"doi {document['doi'].lower()}")
        words = (document["title"] or "").casefold().split()
        if len(words) >= MIN_TITLE:
            keys.append(f"title {' '.join(words)}")
        paper = next((self._known[key] for key in keys if key in self._known), str(document["document_id"]))
        for key in keys:
            self._known.setdefault(key, paper)
        return paper


def _filled(row: Row) -> Row:
    """The columns that say something: a record remembers what it was given, and all are kept."""
    return {column: value for column, value in row.items() if value is not None}

"""What each document of a dataset says of each of its trials, document by document.

A record belongs to the trial of its document whose id, other name or registry number is its `study`; one that names
several trials of the document (`LAKE-1,LAKE-2`) belongs to each. A record that only cites a reference belongs to none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from extract.compare.documents import Named, Papers, Places, names_of, numbers_of, well_formed_numbers
from extract.records import DocumentRow, Dosing, Evidence, Mention, Outcome, Schema, Study, Trial
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import read_documents

R = TypeVar("R", Outcome, Dosing, Trial, Study)
Row = dict[str, Any]

_MENTION_COLUMNS = ["document_id", "label", "quote", "start", "section", "normalized", "valid"]
_EVIDENCE_COLUMNS = ["document_id", "record_id", "field", "start", "page_number"]


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
    def own_name(self) -> str:
        """What tells the trial from the others of the document."""
        return self.trial.record.id

    @property
    def names(self) -> list[str]:
        """What the document calls the trial, without its registry numbers."""
        return names_of(self.trial.record, self.numbers)


def read_trials(dataset: Dataset) -> Iterator[DocumentTrial]:
    """The trials of all documents in the order of the dataset; holds the rows of one document at a time.

    Raises ReadError where a table is damaged or not in the order of the documents.
    """
    papers = Papers()
    tables: tuple[Schema, ...] = ("trials", "studies", "outcomes", "dosing", "mentions", "evidence")
    columns: dict[Schema, Sequence[str]] = {"mentions": _MENTION_COLUMNS, "evidence": _EVIDENCE_COLUMNS}
    for document, rows in read_documents(dataset, tables, columns):
        yield from _trials_of(document, papers.of(DocumentRow(**_filled(document))), rows)


def _trials_of(document: Row, paper: str, rows: dict[Schema, list[Row]]) -> Iterator[DocumentTrial]:
    mentions = [Mention.model_construct(**row) for row in rows["mentions"]]
    places = Places((Evidence.model_construct(**row) for row in rows["evidence"]), mentions)
    numbers = well_formed_numbers(mentions)
    found = []
    for row in rows["trials"]:
        trial = Trial(**_filled(row))
        line = _line(places, trial, trial.page_number)
        own = numbers_of(trial, numbers)
        found.append(DocumentTrial(document["document_id"], document["title"], paper, line, own))
    named = Named((each.trial.record, each) for each in found)
    for row in rows["studies"]:
        for each in named.trials(row["study"]):
            each.studies.append(_line(places, Study(**_filled(row)), None))
    for row in rows["outcomes"]:
        for each in named.trials(row["study"]):
            each.outcomes.append(_line(places, Outcome(**_filled(row)), row["page_number"]))
    for row in rows["dosing"]:
        for each in named.trials(row["study"]):
            each.dosing.append(_line(places, Dosing(**_filled(row)), row["page_number"]))
    yield from found


def _line(places: Places, record: R, page_number: int | None) -> Line[R]:
    """A record with its place; the page is that of its evidence where the record itself has none."""
    page, section = places.of(record.record_id)
    return Line(record, page if page_number is None else page_number, section)


def _filled(row: Row) -> Row:
    """The columns that say something: a record remembers what it was given, and all are kept."""
    return {column: value for column, value in row.items() if value is not None}

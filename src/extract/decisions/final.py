"""The tables as people leave them: rows that nobody rejected, with who decided what, and every difference.

A row that the machine does not have is numbered `p1`, `p2` … by table and document, in the order of the text. Where it
stands in the file is filled in from the file, if that still is what was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import Field

from extract.decisions.documents import ReviewedDocument
from extract.decisions.entries import TABLE_NAMES, Row, TableName
from extract.decisions.fields import changed_fields, settable
from extract.decisions.places import row_id
from extract.decisions.reviewed import ReviewedRow
from extract.document import Document
from extract.records import Dosing, Mention, Outcome, Record, Trial

Kept = Literal["accepted", "corrected", "added", "open", "disputed"]


class Decided(Record):
    """What was decided about a row."""

    decision: Kept = Field(description="accepted, corrected, added, open (nobody decided) or disputed.")
    decided_by: tuple[str, ...] = Field((), description="Who stands behind it.")
    machine_record_id: str | None = Field(None, description="Id of the program's row, null where it has none.")


class DecidedOutcome(Decided, Outcome):
    """A result with what was decided about it."""


class DecidedDosing(Decided, Dosing):
    """A dose with what was decided about it."""


class DecidedTrial(Decided, Trial):
    """A trial with what was decided about it."""


class DecidedMention(Decided, Mention):
    """A mention with what was decided about it."""


DECIDED: Mapping[TableName, type[Decided]] = {
    "outcomes": DecidedOutcome,
    "dosing": DecidedDosing,
    "trials": DecidedTrial,
    "mentions": DecidedMention,
}


class Change(NamedTuple):
    """A field in which the final table differs from the program's row; `record_id` is empty where the row is left out.

    Of a row that is rejected or added each filled field is one.
    """

    document_id: str
    table_name: str
    machine_record_id: str | None
    record_id: str | None
    field: str
    machine_value: Any
    final_value: Any
    decision: str
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinalRows:
    """The final rows of one document by table, what differs from the program's, and what a reader should know."""

    tables: Mapping[TableName, Sequence[Decided]]
    changes: Sequence[Change]
    warnings: Sequence[str] = field(default_factory=tuple)


def final_rows(document: ReviewedDocument) -> FinalRows:
    """The rows of a document as people leave them."""
    tables: dict[TableName, list[Decided]] = {table: [] for table in TABLE_NAMES}
    changes: list[Change] = []
    own = dict.fromkeys(TABLE_NAMES, 0)
    filler = _Filler(document)
    for row in document.rows:
        machine_id = None if row.machine is None else row_id(row.table, row.machine)
        is_kept = row.status != "rejected" and not (row.table == "mentions" and row.start is None)
        record_id = machine_id
        if is_kept and machine_id is None:
            own[row.table] += 1
            record_id = f"p{own[row.table]}"
        if is_kept:
            assert record_id is not None
            decided = {"decision": row.status, "decided_by": row.decided_by, "machine_record_id": machine_id}
            cells = {**filler.filled(row, record_id), **decided}
            tables[row.table].append(DECIDED[row.table].model_validate(cells))
        changes += _changes(document.document_id, row, machine_id, record_id if is_kept else None)
    return FinalRows(tables, changes, tuple(_warnings(document, filler)))


def _changes(document_id: str, row: ReviewedRow, machine_id: str | None, record_id: str | None) -> Iterator[Change]:
    columns = settable(row.table)
    machine: Row = row.machine or {}
    final: Row = {} if record_id is None else row.row
    before = {name: machine.get(name) for name in columns if machine.get(name) not in (None, [])}
    after = {name: final.get(name) for name in columns if final.get(name) not in (None, [])}
    for name in columns:
        if before.get(name) != after.get(name):
            place = (document_id, row.table, machine_id, record_id, name)
            yield Change(*place, before.get(name), after.get(name), row.status, row.decided_by)


class _Filler:
    """Fills the program's own columns of rows that people changed or added."""

    def __init__(self, document: ReviewedDocument) -> None:
        self._document = document
        self._dois = {each["number"]: each["doi"] for each in document.view.tables["references"]}
        self.unplaced = 0  # rows whose place in the file is not known, since it is not what was read

    def filled(self, row: ReviewedRow, record_id: str) -> dict[str, Any]:
        """The columns that say something."""
        cells = dict(row.row)
        if "dois" in cells and (row.machine is None or changed_fields(row.machine, {"refs": cells["refs"]})):
            wanted = (self._dois.get(number) for number in cells["refs"])
            cells["dois"] = list(dict.fromkeys(doi for doi in wanted if doi is not None))
        if row.machine is None:
            cells["mention_id" if row.table == "mentions" else "record_id"] = record_id
            cells |= self._place(row)
        return {name: value for name, value in cells.items() if value is not None}

    def _place(self, row: ReviewedRow) -> dict[str, Any]:
        """Where a row stands in the file, and of a mention the block that it stands in."""
        if row.start is None or row.end is None:
            return {}
        found: dict[str, Any] = {}
        if row.table == "mentions":
            for block in self._document.view.blocks:
                if block.start <= row.start < block.end:
                    found = {"section": " > ".join(block.section) or None, "block_kind": block.kind}
        again = self._document.read_again
        if not isinstance(again, Document):
            self.unplaced += 1
        elif again.has_source_offsets:
            spans = again.source_spans(row.start, row.end)
            found |= {"source_start": spans[0].start, "source_end": spans[-1].end} if spans else {}
        else:
            found["page_number"] = again.page_number(row.start, row.end)
        return found


def _warnings(document: ReviewedDocument, filler: _Filler) -> Iterator[str]:
    lost = [row for row in document.rows if row.lost_place and row.status != "rejected"]
    if lost:
        left_out = sum(row.table == "mentions" for row in lost)
        told = f", of which {left_out} mentions are left out" if left_out else ""
        yield f"{document.document_id}: rows whose words are not in the text any more: {len(lost)}{told}"
    if filler.unplaced:
        yield (
            f"{document.document_id}: added rows without their place in the file: {filler.unplaced}"
            f" ({document.read_again})"
        )

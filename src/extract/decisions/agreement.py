"""How far two reviewers agree who worked independently: rows kept, fields, kappa, and where they differ.

Of a document that both say they are done with, the rows of the machine that both decided on count, and all that either
added. Of another one only the rows that both decided on or both added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from extract.decisions.entries import TABLE_NAMES, Decision, Row, TableName
from extract.decisions.fields import REMARKS, same_value, settable
from extract.decisions.folding import as_decided
from extract.decisions.reviewed import ReviewedRow

Scope = Literal["finished", "decided"]
Verdict = Literal["kept", "rejected", "not added"]
ALL = "all"


class DocumentRows(NamedTuple):
    """The rows of a document as `fold` gives them with everyone's decisions, and who is done with it."""

    document_id: str
    rows: Sequence[ReviewedRow]
    finished: Collection[str] = ()


class Disagreement(NamedTuple):
    """A row, or a field of a row that both keep, of which two reviewers say different things.

    Without a `field` the values are verdicts: kept, rejected, not added.
    """

    document_id: str
    table: TableName
    subject_id: int | None
    record_id: str | None
    start: int | None
    end: int | None
    field: str | None
    first: Any
    second: Any


@dataclass(slots=True)
class Share:
    """How many of some are equal; the share is None where there are none."""

    equal: int = 0
    of: int = 0

    @property
    def share(self) -> float | None:
        """Equal ones of all."""
        return self.equal / self.of if self.of else None


@dataclass(slots=True)
class TableAgreement:
    """What two reviewers make of the rows of a table, or of all.

    Of the machine's rows that both decided on: `both_kept`, `first_kept` (by the first alone), `second_kept`,
    `both_rejected`. Of rows that people added: `both_added`, `first_added`, `second_added`. `equal` counts the rows
    that both have and that say the same. `fields` counts, among the rows that both have, those where at least one of
    the two fills the field; it is empty over all tables.
    """

    table: str
    both_kept: int = 0
    first_kept: int = 0
    second_kept: int = 0
    both_rejected: int = 0
    both_added: int = 0
    first_added: int = 0
    second_added: int = 0
    equal: int = 0
    fields: dict[str, Share] = field(default_factory=dict)

    @property
    def f1(self) -> float | None:
        """F1 of the rows that either has, the same row with equal fields being a match; None where nobody has any."""
        return self._f1(self.equal)

    @property
    def f1_of_rows(self) -> float | None:
        """The same whatever the fields say."""
        return self._f1(self.both_kept + self.both_added)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa of keeping or rejecting the machine's rows; None where chance alone agrees on all."""
        n = self.both_kept + self.first_kept + self.second_kept + self.both_rejected
        kept = (self.both_kept + self.first_kept) * (self.both_kept + self.second_kept)
        rejected = (self.both_rejected + self.second_kept) * (self.both_rejected + self.first_kept)
        by_chance = kept + rejected  # of n * n
        if by_chance == n * n:
            return None
        return (n * (self.both_kept + self.both_rejected) - by_chance) / (n * n - by_chance)

    def _f1(self, matches: int) -> float | None:
        both = 2 * (self.both_kept + self.both_added)
        rows = both + self.first_kept + self.second_kept + self.first_added + self.second_added
        return 2 * matches / rows if rows else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of two reviewers: over all tables, by table, where they differ, and which documents counted."""

    first: str
    second: str
    overall: TableAgreement
    tables: tuple[TableAgreement, ...]
    disagreements: tuple[Disagreement, ...]
    documents: tuple[str, ...]


def measure_agreement(
    documents: Iterable[DocumentRows], first: str, second: str, *, scope: Scope = "finished"
) -> Agreement:
    """How far two reviewers agree, in the documents that both are done with or, by `scope`, in all."""
    overall = TableAgreement(ALL)
    tables = {table: TableAgreement(table, fields=_no_shares(table)) for table in TABLE_NAMES}
    disagreements: list[Disagreement] = []
    counted = []
    for document in documents:
        is_finished = first in document.finished and second in document.finished
        if scope == "finished" and not is_finished:
            continue
        counted.append(document.document_id)
        for row in document.rows:
            ours, theirs = row.decision_of(first), row.decision_of(second)
            if ours is None and theirs is None:
                continue
            if (ours is None or theirs is None) and not (row.is_added and is_finished):
                continue
            for tally in (overall, tables[row.table]):
                _count(tally, row, ours, theirs)
            disagreements += _differences(document.document_id, row, ours, theirs)
    return Agreement(first, second, overall, tuple(tables.values()), tuple(disagreements), tuple(counted))


def _no_shares(table: TableName) -> dict[str, Share]:
    return {name: Share() for name in settable(table) if name not in REMARKS}


def _count(tally: TableAgreement, row: ReviewedRow, ours: Decision | None, theirs: Decision | None) -> None:
    kept = (_keeps(ours), _keeps(theirs))
    if row.is_added:
        tally.both_added += kept == (True, True)
        tally.first_added += kept == (True, False)
        tally.second_added += kept == (False, True)
    else:
        tally.both_kept += kept == (True, True)
        tally.first_kept += kept == (True, False)
        tally.second_kept += kept == (False, True)
        tally.both_rejected += kept == (False, False)
    if ours is None or theirs is None or kept != (True, True):
        return
    first, second = as_decided(row.table, row.row, ours), as_decided(row.table, row.row, theirs)
    differing = set(_differing(row.table, first, second))
    tally.equal += not differing
    for name, share in tally.fields.items():
        if not (_is_empty(first[name]) and _is_empty(second[name])):
            share.of += 1
            share.equal += name not in differing


def _differences(
    document_id: str, row: ReviewedRow, ours: Decision | None, theirs: Decision | None
) -> Iterator[Disagreement]:
    place = (document_id, row.table, row.subject_id, row.record_id, row.start, row.end)
    if _keeps(ours) != _keeps(theirs):
        yield Disagreement(*place, None, _verdict(ours), _verdict(theirs))
    elif ours is not None and theirs is not None and _keeps(ours):
        first, second = as_decided(row.table, row.row, ours), as_decided(row.table, row.row, theirs)
        for name in _differing(row.table, first, second):
            yield Disagreement(*place, name, first[name], second[name])


def _differing(table: TableName, first: Row, second: Row) -> list[str]:
    return [
        name
        for name in settable(table)
        if name not in REMARKS and not same_value(table, name, first[name], second[name])
    ]


def _keeps(decision: Decision | None) -> bool:
    return decision is not None and decision.action != "reject"


def _verdict(decision: Decision | None) -> Verdict:
    if decision is None:
        return "not added"
    return "rejected" if decision.action == "reject" else "kept"


def _is_empty(value: Any) -> bool:
    return value is None or value == []

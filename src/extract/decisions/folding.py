"""What stands of each row of a document: the machine's rows and those that people added, with what was decided.

What an adjudicator decided last comes before all else; of each reviewer the last decision that was not taken back
counts. Rows that several people added and that are the same count as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from extract.decisions.attaching import attach
from extract.decisions.entries import Author, Decision, Role, Row, Subject, TableName
from extract.decisions.fields import changed_fields, differing, empty_row, say_the_same, settable
from extract.decisions.merging import join_machine, merge_added
from extract.decisions.places import PlacedRow, in_text_order, placed_rows, row_id
from extract.decisions.reviewed import ReviewedRow, Status
from extract.document import CharSpan
from extract.records import Schema

Standing = Mapping[Author, Decision]
ADDED_RULE = "person"  # stands as the rule of a row that a person added


def fold(
    tables: Mapping[Schema, Sequence[Row]],
    text: str,
    subjects: Sequence[Subject],
    decisions: Iterable[Decision],
    *,
    reviewer: str | None = None,
    role: Role = "reviewer",
    finished: Iterable[str] = (),
) -> list[ReviewedRow]:
    """The rows of a document in the order of the text.

    `tables` are the machine's rows and their evidence, `decisions` those of the document in the order they were made.
    With `reviewer` only that person's decisions in that `role` are seen: independent work is blind. A row that somebody
    added and a reviewer among those `finished` did not is disputed.
    """
    rows = placed_rows(tables)
    attached = attach(text, rows, subjects)
    standing: defaultdict[int, dict[Author, Decision]] = defaultdict(dict)
    for decision in decisions:
        if not decision.is_undone and (reviewer is None or decision.author == (reviewer, role)):
            standing[decision.subject_id][decision.author] = decision
    decided = [each for each in subjects if each.subject_id in standing]
    known = {attached[each.subject_id].row: each for each in subjects}  # of several without a row the last: not asked
    folded = [_of_machine(row, known.get(index), standing) for index, row in enumerate(rows)]
    alone = [each for each in decided if attached[each.subject_id].row is None]
    own = [_of_people(each, attached[each.subject_id].place, standing[each.subject_id]) for each in alone]
    folded = join_machine(folded, merge_added([each for each in own if each.is_added]))
    folded += [each for each in own if each.lost_row]
    done = frozenset(finished) if reviewer is None else frozenset[str]()
    settled = [_settle(each, done) for each in folded]
    spans = [None if each.start is None or each.end is None else CharSpan(each.start, each.end) for each in settled]
    return [settled[at] for at in in_text_order(spans)]


def _of_machine(placed: PlacedRow, subject: Subject | None, standing: Mapping[int, Standing]) -> ReviewedRow:
    """A row of the machine, not yet settled."""
    number = None if subject is None else subject.subject_id
    return ReviewedRow(
        table=placed.table,
        subject_id=number,
        record_id=row_id(placed.table, placed.row),
        machine=placed.row,
        row=placed.row,
        status="open",
        start=placed.place.start if placed.place else None,
        end=placed.place.end if placed.place else None,
        decisions={} if number is None else standing.get(number, {}),
    )


def _of_people(subject: Subject, place: CharSpan | None, standing: Standing) -> ReviewedRow:
    """A row that stands on decisions alone: added, or not found by the machine any more; not yet settled."""
    first = min(standing.values(), key=lambda each: (each.action == "reject", each.decision_id))
    return ReviewedRow(
        table=subject.table,
        subject_id=subject.subject_id,
        record_id=None,
        machine=None,
        row=as_decided(subject.table, _own_columns(subject, place), first),
        status="open",
        start=place.start if place else None,
        end=place.end if place else None,
        decisions=standing,
        lost_row=subject.origin == "machine",
        lost_place=place is None and subject.anchor.is_placed,
    )


def _own_columns(subject: Subject, place: CharSpan | None) -> dict[str, Any]:
    """The program's columns of a row that it does not have now; offsets into the file are not known."""
    said: dict[str, Any] = {"document_id": subject.document_id, "confidence": "stated", "rule": ADDED_RULE}
    if subject.snapshot is not None:
        said |= {name: subject.snapshot.get(name) for name in ("confidence", "rule")}
    said["quote"] = subject.anchor.quote
    if place is not None:
        said |= {"start": place.start, "end": place.end}
    return {name: said.get(name, empty) for name, empty in empty_row(subject.table).items()}


def as_decided(table: TableName, row: Row, decision: Decision) -> dict[str, Any]:
    """A row with what a decision says in the columns that people set."""
    said = {**empty_row(table), **decision.row}
    return {**row, **{name: said[name] for name in settable(table)}}


def _settle(row: ReviewedRow, done: frozenset[str]) -> ReviewedRow:
    """The row with its status and what stands in it."""
    adjudicated = [each for each in row.decisions.values() if each.role == "adjudicator"]
    counting = sorted(adjudicated or row.decisions.values(), key=lambda each: each.decision_id)
    if not counting:
        return row
    if adjudicated:
        counting = counting[-1:]
    counting.sort(key=lambda each: each.action == "correct")  # of those that agree the last correction stands
    rows = [as_decided(row.table, row.row, each) for each in counting]
    status = _status(row, counting, rows)
    if row.is_added and not adjudicated and status == "added" and not done <= {each.reviewer for each in counting}:
        status = "disputed"
    return replace(
        row,
        row=row.row if status == "disputed" else rows[-1],
        status=status,
        decided_by=tuple(sorted({each.reviewer for each in counting})),
        is_adjudicated=bool(adjudicated),
        machine_changed=row.machine is not None
        and any(each.seen is not None and differing(row.table, each.seen, row.machine) for each in counting),
    )


def _status(row: ReviewedRow, decisions: Sequence[Decision], rows: Sequence[Row]) -> Status:
    """What some decisions, of people with a say, make of a row; `rows` are the row as each of them has it."""
    rejected = [each.action == "reject" for each in decisions]
    if all(rejected):
        return "rejected"
    if any(rejected) or not all(say_the_same(row.table, rows[0], each) for each in rows[1:]):
        return "disputed"
    if row.is_added:
        return "added"
    is_as_found = all(each.action == "accept" for each in decisions)
    if row.machine is not None and not is_as_found:
        is_as_found = not changed_fields(row.machine, {name: rows[-1][name] for name in settable(row.table)})
    return "accepted" if is_as_found else "corrected"

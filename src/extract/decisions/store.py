"""The decisions on the documents of a folder: a log beside the dataset, to which lines are added and never removed.

Several threads and several processes may use it at once. Undoing marks a decision and stands in the log itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

from extract.decisions.entries import (
    Action,
    Anchor,
    Author,
    Decision,
    DecisionError,
    Origin,
    Role,
    Row,
    StaleDecisionError,
    Subject,
    TableName,
    checked_name,
)
from extract.decisions.fields import changed_fields, check_row, empty_row, parse_fields
from extract.decisions.log import DECISIONS_OF, Log, decision_of, dumped, subject_of
from extract.errors import ReadError

DECISIONS = "decisions.sqlite"
_BY_ONE = f"{DECISIONS_OF} document_id = ? AND reviewer = ? AND role = ?"


def utc_now() -> str:
    """The time in UTC to the millisecond, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Decisions:
    """The log of a folder, open until it is closed."""

    def __init__(self, folder: Path, *, make: bool = True, now: Callable[[], str] = utc_now) -> None:
        """Open the log, with `make` also a new one; `now` tells the time of a decision.

        Raises OutputError where the folder cannot be written or the log is damaged, ReadError where there is none and
        none is to be made.
        """
        self.path = folder / DECISIONS
        self._now = now
        if not make and not self.path.is_file():
            raise ReadError(f"{folder}: nobody decided on anything here: {DECISIONS} is missing")
        self._log = Log(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the log."""
        self._log.close()

    def decide(
        self,
        document_id: str,
        table: TableName,
        *,
        reviewer: str,
        action: Action,
        role: Role = "reviewer",
        subject: int | None = None,
        anchor: Anchor | None = None,
        row: Row | None = None,
        fields: Row | None = None,
        base: int = 0,
    ) -> Decision:
        """Keep what a person decides on a row.

        The row is a `subject` of the log or, where nobody decided on it yet, one of the machine's by its `anchor` and
        `row`; of `add` a new one at an `anchor`. `row` is the row that the person saw: without it, what the subject
        says. `fields` are of `correct` those that differ (None: emptied), of `add` all. `base` is the standing decision
        of the same person and role on this row that the person saw, 0 for none.

        Raises StaleDecisionError where another one stands, DecisionError where the values do not fit.
        """
        by = Author(checked_name(reviewer), role)
        _check_request(table, action, role, subject=subject, anchor=anchor, row=row, fields=fields)
        given = parse_fields(table, fields or {})
        with self._log.transaction():
            known = self._known(document_id, table, subject, action=action, anchor=anchor, row=row)
            standing = None if known is None else self._standing(known.subject_id, by)
            if (standing.decision_id if standing else 0) != base:
                message = f"{document_id}: {by.reviewer} has decided on this row in another window since"
                raise StaleDecisionError(message, newer=standing)
            seen = None if action == "add" else row if row is not None or known is None else self._says(known)
            given = _checked(table, action, seen, given, known.anchor if known else anchor)
            if known is None:
                assert anchor is not None
                if action == "add" and (sent := self._sent(document_id, table, anchor, given, by=by)):
                    return sent
                known = self._new_subject(document_id, table, "person" if action == "add" else "machine", anchor, seen)
            number = self._log.insert(
                "decisions",
                made_at=self._now(),
                **by._asdict(),
                subject_id=known.subject_id,
                action=action,
                seen=dumped(None if seen == known.snapshot else seen),
                fields=dumped(given),
                base=base,
            )
            return self._decision(number)

    def undo(self, document_id: str, *, reviewer: str, role: Role = "reviewer") -> Decision | None:
        """Take back the person's last decision in a document that stands, and return it; None where there is none."""
        by = Author(checked_name(reviewer), role)
        with self._log.transaction():
            made = self._decisions(f"{_BY_ONE} ORDER BY decision_id", document_id, *by)
            standing = [each for each in made if not each.is_undone]
            return self._mark("undo", standing[-1].decision_id, made[-1].decision_id) if standing else None

    def redo(self, document_id: str, *, reviewer: str, role: Role = "reviewer") -> Decision | None:
        """Let the decision stand again that the person took back last; None where there is none, or a newer one."""
        by = Author(checked_name(reviewer), role)
        with self._log.transaction():
            made = self._decisions(f"{_BY_ONE} ORDER BY decision_id", document_id, *by)
            marks = self._log.all(
                "SELECT decisions.decision_id, last_decision FROM decisions JOIN subjects USING (subject_id)"
                " JOIN undos ON undo_id = undone_by WHERE document_id = ? AND reviewer = ? AND role = ?"
                " ORDER BY undo_id DESC LIMIT 1",
                *(document_id, *by),
            )
            for decision_id, last_decision in marks:
                if last_decision == made[-1].decision_id:
                    return self._mark("redo", decision_id, last_decision)
            return None

    def subjects(self, document_id: str) -> list[Subject]:
        """The rows of a document that were decided on, in the order of their first decision."""
        return self._log.read(
            subject_of, "SELECT * FROM subjects WHERE document_id = ? ORDER BY subject_id", document_id
        )

    def history(self, document_id: str) -> list[Decision]:
        """All decisions on a document in the order they were made, those taken back as well."""
        return self._decisions(f"{DECISIONS_OF} document_id = ? ORDER BY decision_id", document_id)

    def document_ids(self) -> list[str]:
        """The documents with decisions, sorted."""
        return [row[0] for row in self._log.all("SELECT DISTINCT document_id FROM subjects ORDER BY document_id")]

    def reviewers(self) -> list[str]:
        """Everyone who decided on something, in either role, or said to be done; sorted."""
        rows = self._log.all("SELECT reviewer FROM decisions UNION SELECT reviewer FROM finished ORDER BY reviewer")
        return [row[0] for row in rows]

    def progress(self, *, role: Role = "reviewer") -> dict[str, dict[str, int]]:
        """How many rows each person has decided on, by document."""
        counts: dict[str, dict[str, int]] = {}
        for document_id, reviewer, count in self._log.all(
            "SELECT document_id, reviewer, count(DISTINCT subject_id) FROM decisions JOIN subjects USING (subject_id)"
            " WHERE undone_by IS NULL AND role = ? GROUP BY 1, 2 ORDER BY 1, 2",
            role,
        ):
            counts.setdefault(document_id, {})[reviewer] = count
        return counts

    def finish(self, document_id: str, *, reviewer: str) -> None:
        """Note that a person is done with a document."""
        self._note_finished(document_id, checked_name(reviewer), is_finished=True)

    def unfinish(self, document_id: str, *, reviewer: str) -> None:
        """Note that a person is not done with a document after all."""
        self._note_finished(document_id, checked_name(reviewer), is_finished=False)

    def finished(self, document_id: str) -> dict[str, str]:
        """Who is done with a document, and since when."""
        latest: dict[str, str | None] = {}
        for reviewer, made_at, is_finished in self._log.all(
            "SELECT reviewer, made_at, is_finished FROM finished WHERE document_id = ? ORDER BY finish_id", document_id
        ):
            latest[reviewer] = made_at if is_finished else None
        return {reviewer: since for reviewer, since in sorted(latest.items()) if since is not None}

    def _note_finished(self, document_id: str, reviewer: str, *, is_finished: bool) -> None:
        with self._log.transaction():
            if (reviewer in self.finished(document_id)) != is_finished:
                self._log.insert(
                    "finished",
                    made_at=self._now(),
                    reviewer=reviewer,
                    document_id=document_id,
                    is_finished=int(is_finished),
                )

    def _known(
        self,
        document_id: str,
        table: TableName,
        number: int | None,
        *,
        action: Action,
        anchor: Anchor | None,
        row: Row | None,
    ) -> Subject | None:
        """The subject of that number or, where someone else has just made one of the same row of the machine, that."""
        if number is None:
            if action == "add" or anchor is None:
                return None
            found = self._log.read(
                subject_of,
                "SELECT * FROM subjects WHERE document_id = ? AND table_name = ? AND anchor = ? AND snapshot = ?",
                *(document_id, table, dumped(anchor.as_json()), dumped(row)),
            )
            return found[0] if found else None
        known = self._log.read(subject_of, "SELECT * FROM subjects WHERE subject_id = ?", number)
        if not known or (known[0].document_id, known[0].table) != (document_id, table):
            raise DecisionError(f"{document_id}: there is no row {number} of {table} that was decided on")
        if action == "add" and known[0].origin == "machine":
            raise DecisionError(f"{document_id}: a row of the program is corrected, not added")
        return known[0]

    def _says(self, known: Subject) -> Row:
        """What a subject says: the machine's row as it was, or an added one as it was added last."""
        if known.snapshot is not None:
            return known.snapshot
        added = self._decisions(
            f"{DECISIONS_OF} subject_id = ? AND action = 'add' AND undone_by IS NULL ORDER BY decision_id DESC LIMIT 1",
            known.subject_id,
        )
        if not added:
            raise DecisionError(f"{known.document_id}: the added row was taken back since")
        return added[0].row

    def _sent(self, document_id: str, table: TableName, anchor: Anchor, given: Row, *, by: Author) -> Decision | None:
        """The decision that added this very row already: the browser has sent it twice."""
        found = self._decisions(
            f"{_BY_ONE} AND table_name = ? AND anchor = ? AND fields = ? AND action = 'add' AND undone_by IS NULL",
            *(document_id, *by, table, dumped(anchor.as_json()), dumped(given)),
        )
        return found[0] if found else None

    def _new_subject(
        self, document_id: str, table: TableName, origin: Origin, anchor: Anchor, snapshot: Row | None
    ) -> Subject:
        number = self._log.insert(
            "subjects",
            document_id=document_id,
            table_name=table,
            origin=origin,
            anchor=dumped(anchor.as_json()),
            snapshot=dumped(snapshot),
        )
        return Subject(number, document_id, table, origin, anchor, snapshot)

    def _standing(self, subject_id: int, by: Author) -> Decision | None:
        found = self._decisions(
            f"{DECISIONS_OF} subject_id = ? AND reviewer = ? AND role = ? AND undone_by IS NULL"
            " ORDER BY decision_id DESC LIMIT 1",
            *(subject_id, *by),
        )
        return found[0] if found else None

    def _mark(self, action: str, decision_id: int, last_decision: int) -> Decision:
        undo_id = self._log.insert(
            "undos", made_at=self._now(), decision_id=decision_id, action=action, last_decision=last_decision
        )
        mark = undo_id if action == "undo" else None
        self._log.all("UPDATE decisions SET undone_by = ? WHERE decision_id = ?", mark, decision_id)
        return self._decision(decision_id)

    def _decision(self, decision_id: int) -> Decision:
        return self._decisions(f"{DECISIONS_OF} decision_id = ?", decision_id)[0]

    def _decisions(self, statement: str, *values: Any) -> list[Decision]:
        return self._log.read(decision_of, statement, *values)


def _check_request(
    table: TableName,
    action: Action,
    role: Role,
    *,
    subject: int | None,
    anchor: Anchor | None,
    row: Row | None,
    fields: Row | None,
) -> None:
    """Raise DecisionError for what is no decision."""
    for said, kind, known in (("table", table, TableName), ("action", action, Action), ("role", role, Role)):
        if kind not in get_args(known):
            raise DecisionError(f"no {said} {kind!r} to decide with; there are {', '.join(get_args(known))}")
    if subject is None and (anchor is None or (action != "add" and row is None)):
        raise DecisionError(f"{table}: a decision needs a subject, or where the row stands and what it says")
    if subject is None and action == "add" and anchor is not None and not anchor.is_placed:
        raise DecisionError(f"{table}: an added row needs a place in the text")
    if fields and action in ("accept", "reject"):
        raise DecisionError(f"{table}: to {action} a row sets no fields")


def _checked(
    table: TableName, action: Action, seen: Row | None, given: dict[str, Any], anchor: Anchor | None
) -> dict[str, Any]:
    """The fields to keep: those that say something new; raises DecisionError where the row would not fit its table."""
    quote = anchor.quote if anchor is not None else ""
    if action == "add":
        check_row(table, {**empty_row(table), **given, "quote": quote})
        return {name: value for name, value in given.items() if value not in (None, [])}
    if action == "correct":
        assert seen is not None
        given = changed_fields(seen, given)
        if not given:
            raise DecisionError(f"{table}: nothing differs from the row: accept it instead")
        check_row(table, {**empty_row(table), **seen, **given, "quote": quote})
    return given

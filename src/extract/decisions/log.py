"""The SQLite file of the log: its layout, its rows as values, what is told where it cannot be read or written."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from extract.batch.database import Advice, transaction
from extract.decisions.entries import Anchor, Decision, Row, Subject
from extract.errors import OutputError

Value = TypeVar("Value")
LAYOUT = 1  # of the tables below
PATIENCE = 10.0  # seconds to wait for another process that writes; a decision takes milliseconds
_PAUSE = 0.02  # seconds between two attempts at what SQLite does not wait for by itself
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE subjects (
  subject_id INTEGER PRIMARY KEY,
  document_id TEXT NOT NULL,
  table_name TEXT NOT NULL,
  origin TEXT NOT NULL,              -- machine | person
  anchor TEXT NOT NULL,              -- JSON: where it stands
  snapshot TEXT                      -- JSON: the machine's row when it was first decided on
);
CREATE INDEX subjects_by_document ON subjects (document_id);
CREATE TABLE decisions (
  decision_id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_at TEXT NOT NULL,             -- UTC, ISO 8601
  reviewer TEXT NOT NULL,
  role TEXT NOT NULL,                -- reviewer | adjudicator
  subject_id INTEGER NOT NULL REFERENCES subjects,
  action TEXT NOT NULL,              -- accept | correct | reject | add
  seen TEXT,                         -- JSON: the row decided on, null: the subject's snapshot
  fields TEXT NOT NULL,              -- JSON: what differs from it; of add all
  base INTEGER NOT NULL,             -- the person's decision on this row before, 0: none
  undone_by INTEGER REFERENCES undos
);
CREATE INDEX decisions_by_subject ON decisions (subject_id);
CREATE TABLE undos (
  undo_id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_at TEXT NOT NULL,
  decision_id INTEGER NOT NULL REFERENCES decisions,
  action TEXT NOT NULL,              -- undo | redo
  last_decision INTEGER NOT NULL     -- the last that the person had made in the document
);
CREATE TABLE finished (
  finish_id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  document_id TEXT NOT NULL,
  is_finished INTEGER NOT NULL
);
"""
_ADVICE = Advice(
    busy="busy: another process writes to it; try again",
    full="what was decided is kept: make room and try again",
    damaged="put back a copy of it, or move it away to begin anew",
)
DECISIONS_OF = (
    "SELECT decision_id, made_at, reviewer, role, subject_id, document_id, table_name, action,"
    " coalesce(seen, snapshot), fields, base, undone_by FROM decisions JOIN subjects USING (subject_id) WHERE "
)
_DECISION = tuple(field.name for field in fields(Decision))  # in the order of the columns above


class Log:
    """The file, open in this process; its threads take turns."""

    def __init__(self, path: Path) -> None:
        """Open the file or make it; raises OutputError where that cannot be."""
        self.path = path
        self._lock = RLock()
        self._file: tuple[int, int] | None = None  # which it is, once it is open
        if path.is_dir():
            raise OutputError(f"{path}: a folder lies in its place; move it away")
        with self._telling():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            with self._telling():
                self._prepare()
                self._file = identity_of(path)
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        with self._lock, self._telling():
            return self._database.execute(statement, values).fetchall()

    def read(self, make: Callable[[tuple[Any, ...]], Value], statement: str, *values: Any) -> list[Value]:
        """What is made of the rows that a statement gives; raises OutputError where they are damaged."""
        rows = self.all(statement, *values)
        try:
            return list(map(make, rows))
        except (KeyError, TypeError, ValueError) as error:
            raise OutputError(f"{self.path}: {_ADVICE.damage(str(error))}") from error

    def insert(self, table: str, **values: Any) -> int:
        """Add a row and return its number."""
        marks = ", ".join("?" * len(values))
        with self._lock, self._telling():
            statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
            number = self._database.execute(statement, tuple(values.values())).lastrowid
        assert number is not None
        return number

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written in the block is written whole, and nobody else writes in between."""
        with self._lock, self._telling():
            self._check_place()
            with transaction(self._database):
                yield

    def _check_place(self) -> None:
        """Raise OutputError where the file is not in its place any more: what is written to it now would be lost."""
        if self._file is not None and identity_of(self.path) != self._file:
            raise OutputError(
                f"{self.path}: was moved, removed or replaced while it was open, so nothing more is kept in it: put it"
                " back, or start the review desk again"
            )

    def _prepare(self) -> None:
        self._use_wal()
        self._database.execute("PRAGMA synchronous = FULL")  # what a person decided outlives a power cut
        self._database.execute("PRAGMA foreign_keys = ON")
        with self.transaction():
            if not self.all("SELECT 1 FROM sqlite_master"):
                for statement in _TABLES.split(";\n"):
                    self._database.execute(statement)
                self.insert("about", name="layout", value=str(LAYOUT))
        layout = self.all("SELECT value FROM about WHERE name = 'layout'")
        if layout != [(str(LAYOUT),)]:
            raise OutputError(f"{self.path}: made by another version of the program; use that version")

    def _use_wal(self) -> None:
        """Let others read while one writes; for this switch alone SQLite does not wait by itself."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)

    def _telling(self) -> AbstractContextManager[None]:
        return _ADVICE.told(self.path)


def dumped(value: Row | None) -> str | None:
    """A value as stored: the same for the same value, in ASCII, since the text of a PDF may hold half a character."""
    return None if value is None else json.dumps(value, sort_keys=True)


def subject_of(row: tuple[Any, ...]) -> Subject:
    """A subject from its row."""
    subject_id, document_id, table, origin, anchor, snapshot = row
    anchored = Anchor.from_json(json.loads(anchor))
    return Subject(subject_id, document_id, table, origin, anchored, json.loads(snapshot) if snapshot else None)


def decision_of(row: tuple[Any, ...]) -> Decision:
    """A decision from its row of `DECISIONS_OF`."""
    values = dict(zip(_DECISION, row, strict=True))
    values["seen"] = json.loads(values["seen"]) if values["seen"] else None
    values["fields"] = json.loads(values["fields"])
    values["is_undone"] = values["is_undone"] is not None
    return Decision(**values)


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which file lies in a place, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

"""The ledger of a batch: what each file is, what became of it, and the packed results, in one SQLite file.

A result belongs to a key: the SHA-256 of the file's bytes with its ending, the version of the program and the options.
What is recorded is recorded whole (one transaction a file), and a process that is killed leaves the ledger as it was
before. One run at a time holds the ledger; the lock goes with its process.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from extract.batch.database import Advice, transaction
from extract.batch.outcomes import Failure, Result, Stage
from extract.batch.sealing import is_whole
from extract.errors import OutputError, ReadError
from extract.records import Schema

LEDGER = "ledger.sqlite"
LAYOUT = 1  # of the tables below
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (
  place TEXT PRIMARY KEY,            -- absolute
  path TEXT NOT NULL,                -- as given
  document_id TEXT NOT NULL UNIQUE,
  position INTEGER UNIQUE,           -- in the last run; null: not in it
  sha256 TEXT,
  key TEXT,                          -- of its result or failure; null: could not be opened
  error TEXT                         -- why it could not be opened
);
CREATE INDEX files_by_key ON files (key);
CREATE TABLE results (
  key TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  doi TEXT,
  title TEXT,
  counts TEXT NOT NULL,              -- JSON: rows of each table
  warnings TEXT NOT NULL,            -- JSON
  seconds REAL NOT NULL
);
CREATE TABLE parts (
  key TEXT NOT NULL REFERENCES results ON DELETE CASCADE,
  name TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (key, name)
);
CREATE TABLE failures (
  key TEXT PRIMARY KEY,
  stage TEXT NOT NULL,
  error TEXT NOT NULL,
  advice TEXT NOT NULL
);
"""


_ADVICE = Advice(
    busy="another run works on this folder; wait for it, or choose another folder",
    full="what was done is kept: make room and run again",
    damaged="move it away to begin anew",
)
_ENTRY = "position, place, path, document_id, key, error, sha256"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the last run: its place in the run, its id, where its result or failure is, and its bytes then."""

    position: int
    place: Path
    path: Path
    document_id: str
    key: str | None
    error: str | None
    sha256: str | None = None


class Ledger:
    """The ledger in a folder, held by this process until it is closed."""

    def __init__(self, folder: Path, *, make: bool = True, threads: bool = False) -> None:
        """Open the ledger, with `make` also a new one, with `threads` for several threads of this process.

        Raises OutputError where the folder cannot be written, the ledger is damaged or another run holds it, ReadError
        where there is none and none is to be made.
        """
        self.path = folder / LEDGER
        self._lock = threading.RLock()  # one statement or transaction at a time
        if not make and not self.path.is_file():
            raise ReadError(f"{folder}: no batch was run here: {LEDGER} is missing; run `extract batch` first")
        if self.path.is_dir():
            raise OutputError(f"{self.path}: a folder lies in its place; move it away, or choose another folder")
        with self._telling():
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, timeout=0, isolation_level=None, check_same_thread=not threads)
        try:
            with self._telling():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the ledger go."""
        with self._lock:
            self._database.close()

    def list_files(self, files: Sequence[tuple[Path, Path]], ids: Mapping[Path, str]) -> None:
        """Enter the files of a run, `(place, path)` in their order; `ids` are the document ids of places not known."""
        with self._transaction() as database:
            database.execute("UPDATE files SET position = NULL")
            database.executemany(
                "INSERT INTO files (place, path, document_id, position) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (place) DO UPDATE SET path = excluded.path, position = excluded.position",
                ((str(place), str(path), ids.get(place, ""), position) for position, (place, path) in enumerate(files)),
            )

    def known_ids(self) -> dict[Path, str]:
        """The document id of every place that was ever in a run."""
        return {Path(place): document_id for place, document_id in self._all("SELECT place, document_id FROM files")}

    def entries(self) -> Iterator[Entry]:
        """The files of the last run in their order."""
        last = -1
        while True:  # by the piece: the caller may write in between
            rows = self._all(f"SELECT {_ENTRY} FROM files WHERE position > ? ORDER BY position LIMIT 1000", last)
            yield from map(_entry, rows)
            if not rows:
                return
            last = rows[-1][0]

    def find(self, document_id: str) -> Entry | None:
        """The file of the last run that has an id."""
        found = f"SELECT {_ENTRY} FROM files WHERE document_id = ? AND position IS NOT NULL"
        return next(map(_entry, self._all(found, document_id)), None)

    def move(self, place: Path, *, to: Path, path: Path) -> None:
        """A file lies elsewhere now; it keeps its id and its result."""
        self._execute("UPDATE OR IGNORE files SET place = ?, path = ? WHERE place = ?", str(to), str(path), str(place))

    def documents(self) -> Iterator[tuple[Entry, str]]:
        """The files of the last run that have a result, of several with the same bytes the first, and their keys."""
        seen: set[str] = set()
        for entry in self.entries():
            if entry.key is not None and entry.key not in seen and self.has_result(entry.key):
                seen.add(entry.key)
                yield entry, entry.key

    def enter(self, place: Path, *, sha256: str, key: str) -> None:
        """What a file's bytes are now."""
        self._execute(
            "UPDATE files SET sha256 = ?, key = ?, error = NULL WHERE place = ?"
            " AND (sha256 IS NOT ? OR key IS NOT ? OR error IS NOT NULL)",
            *(sha256, key, str(place), sha256, key),
        )

    def enter_unopened(self, place: Path, error: str) -> None:
        """A file that could not be opened."""
        self._execute("UPDATE files SET sha256 = NULL, key = NULL, error = ? WHERE place = ?", error, str(place))

    def has_result(self, key: str) -> bool:
        """Whether there is a result of this key."""
        return bool(self._all("SELECT 1 FROM results WHERE key = ?", key))

    def has_failure(self, key: str) -> bool:
        """Whether the work on this key failed."""
        return bool(self._all("SELECT 1 FROM failures WHERE key = ?", key))

    def record(self, key: str, result: Result) -> None:
        """Keep a result."""
        with self._transaction() as database:
            database.execute("DELETE FROM failures WHERE key = ?", (key,))
            database.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(key, result.sha256, result.doi, result.title),
                    *(json.dumps(dict(result.counts)), json.dumps(result.warnings), result.seconds),
                ),
            )
            rows = ((key, name, data) for name, data in result.parts.items())
            database.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", rows)

    def record_failure(self, key: str, failure: Failure) -> None:
        """Keep why there is no result."""
        values = (key, failure.stage.value, failure.error, failure.advice)
        self._execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)", *values)

    def failure(self, key: str, path: Path) -> Failure | None:
        """Why there is no result of a key, told of a file."""
        for stage, error, advice in self._all("SELECT stage, error, advice FROM failures WHERE key = ?", key):
            with self._telling():
                return Failure(path, Stage(stage), error, advice)
        return None

    def part(self, key: str, name: str) -> bytes:
        """A part of a result; LookupError where another version made it without, OutputError where it is damaged."""
        rows = self._all("SELECT data FROM parts WHERE key = ? AND name = ?", key, name)
        if not rows:
            raise LookupError(name)
        [(data,)] = rows
        if not isinstance(data, bytes) or not is_whole(data):
            raise OutputError(f"{self.path}: {_ADVICE.damage('a result in it is not as it was written')}")
        return data

    def summary(self, key: str) -> tuple[str | None, str | None, dict[Schema, int], tuple[str, ...]] | None:
        """DOI, title, rows of each table and warnings of a result, None where there is none."""
        for doi, title, counts, warnings in self._all(
            "SELECT doi, title, counts, warnings FROM results WHERE key = ?", key
        ):
            with self._telling():
                return doi, title, json.loads(counts), tuple(json.loads(warnings))
        return None

    def state(self) -> str:
        """What the dataset depends on, in one line: files, ids and keys of the last run with a result."""
        from hashlib import sha256  # noqa: PLC0415

        digest = sha256()
        for entry in self.entries():
            done = entry.key is not None and self.has_result(entry.key)
            digest.update(f"{entry.path}\t{entry.document_id}\t{entry.key if done else ''}\n".encode())
        return digest.hexdigest()

    def about(self, name: str) -> str | None:
        """A remark in the ledger."""
        found = self._all("SELECT value FROM about WHERE name = ?", name)
        return found[0][0] if found else None

    def note(self, name: str, value: str) -> None:
        """Write a remark."""
        self._execute("INSERT OR REPLACE INTO about VALUES (?, ?)", name, value)

    def forget_unused(self) -> None:
        """Let results and failures go that belong to no file any more: other bytes, another version or options."""
        with self._transaction() as database:
            for table in ("parts", "results", "failures"):
                database.execute(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM files WHERE key IS NOT NULL)")

    def _prepare(self) -> None:
        database = self._database
        database.execute("PRAGMA locking_mode = EXCLUSIVE")  # no shared memory file; the lock goes with the process
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("BEGIN IMMEDIATE")
        if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in _TABLES.split(";\n"):
                database.execute(statement)
            database.execute("INSERT INTO about VALUES ('layout', ?)", (str(LAYOUT),))
        database.execute("COMMIT")
        layout = self.about("layout")
        if layout != str(LAYOUT):
            raise OutputError(f"{self.path}: made by another version of the program; choose another folder")

    def _all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock, self._telling():
            return self._database.execute(statement, values).fetchall()

    def _execute(self, statement: str, *values: Any) -> None:
        with self._lock, self._telling():
            self._database.execute(statement, values)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._telling(), transaction(self._database) as database:
            yield database

    def _telling(self) -> AbstractContextManager[None]:
        return _ADVICE.told(self.path, damage=(TypeError, ValueError))  # text that is none, JSON that is none


def _entry(row: tuple[Any, ...]) -> Entry:
    position, place, path, *rest = row
    return Entry(position, Path(place), Path(path), *rest)

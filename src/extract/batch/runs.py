"""A batch into a folder: what is new or changed is extracted and recorded, then the dataset is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from extract.batch.inputs import document_ids, find_inputs
from extract.batch.ledger import Entry, Ledger
from extract.batch.outcomes import Failure, Limits, Options, Result, Stage, failure_of
from extract.batch.packing import unpack
from extract.batch.pool import Pool, Task
from extract.batch.versions import hash_file, key_of
from extract.errors import ReadError
from extract.readers import BAD_NAME, escaped
from extract.records import TABLES, Schema
from extract.sinks.dataset import FILES, write_dataset
from extract.sinks.tables import csv_cell, csv_line, open_atomically

FAILURES, DUPLICATES = "failures.csv", "duplicates.csv"
_FAILURE_COLUMNS = ("file", "document_id", "stage", "error", "advice")
_DUPLICATE_COLUMNS = ("file", "document_id", "same_as_file", "same_as", "why")
_WRITTEN = "dataset"  # the remark in the ledger that says what the dataset was written from


class Became(StrEnum):
    """What became of a file in a run."""

    DONE = "done"  # extracted now
    KEPT = "kept"  # extracted in an earlier run
    SAME = "same"  # the bytes of another file of the run
    FAILED = "failed"
    LEFT = "left"  # not looked at: only failures were retried


Extractor = Callable[[Iterable[Task]], Generator[tuple[Task, Result | Failure], None, None]]
Told = Callable[[Became, Path, Result | Failure | None], None]


@dataclass(slots=True)
class Summary:
    """What a run did: how many files became what, and how many rows the dataset has."""

    files: int
    became: dict[Became, int] = field(default_factory=lambda: dict.fromkeys(Became, 0))
    documents: int = 0
    duplicates: int = 0
    counts: dict[Schema, int] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def failed(self) -> int:
        """Files without a result."""
        return self.became[Became.FAILED]


class Batch:
    """A folder that holds a ledger and a dataset, and the run that works on it."""

    def __init__(self, folder: Path, options: Options, *, ledger: Ledger | None = None) -> None:
        """Open or begin the batch in `folder`, with `ledger` if that is open; OutputError where it cannot be."""
        self.folder = folder
        self.options = options
        self.ledger = ledger or Ledger(folder)

    def choose(self, inputs: Sequence[str | Path]) -> int:
        """Enter the files of this run and count them; without `inputs` those of the last run.

        Raises ReadError where there are none.
        """
        if inputs:
            self._enter(_placed(find_inputs(inputs)))
        count = sum(1 for _ in self.ledger.entries())
        if not count:
            raise ReadError(f"{self.folder}: no files were ever given; name some: `extract batch INPUT… -o DIR`")
        return count

    def add(self, paths: Iterable[Path]) -> None:
        """Enter more files behind those of the last run."""
        listed = {entry.place: entry.path for entry in self.ledger.entries()}
        self._enter([*listed.items(), *((place, path) for place, path in _placed(paths) if place not in listed)])

    def run(
        self,
        extract: Extractor,
        *,
        files: int,
        told: Told,
        retry_failed: bool = False,
        only: Container[Path] | None = None,
    ) -> Summary:
        """Extract what is new or changed, with `retry_failed` only what failed, and record it as it comes.

        With `only`, files at other places are not looked at and not told of. An interruption ends the run; what was
        recorded stays.
        """
        summary = Summary(files)

        def tell(became: Became, path: Path, outcome: Result | Failure | None = None) -> None:
            summary.became[became] += 1
            told(became, path, outcome)

        keys: dict[Path, tuple[str, Path]] = {}  # of the files in work, by their places
        try:
            with closing(extract(self._tasks(keys, tell, retry_failed=retry_failed, only=only))) as outcomes:
                for task, outcome in outcomes:
                    key, path = keys.pop(task.path)
                    if isinstance(outcome, Result):
                        self.ledger.record(key, outcome)
                        tell(Became.DONE, path, outcome)
                    else:
                        self.ledger.record_failure(key, outcome)
                        tell(Became.FAILED, path, Failure(path, outcome.stage, outcome.error, outcome.advice))
        except KeyboardInterrupt:
            summary.interrupted = True
        return summary

    def write(self, summary: Summary) -> bool:
        """Write dataset, failures and duplicates where they are not those of the ledger; whether that was needed."""
        state = self.ledger.state()
        names = (*FILES, FAILURES, DUPLICATES)
        is_written = self.ledger.about(_WRITTEN) == state and all((self.folder / name).is_file() for name in names)
        if not is_written:
            self.ledger.note(_WRITTEN, "")
            self._write_dataset()
        self._write_failures()
        self._count(summary)
        if not is_written:
            self.ledger.note(_WRITTEN, state)
        if not summary.interrupted:
            self.ledger.forget_unused()
        return not is_written

    def _tasks(
        self,
        keys: dict[Path, tuple[str, Path]],
        tell: Callable[..., None],
        *,
        retry_failed: bool,
        only: Container[Path] | None,
    ) -> Iterator[Task]:
        seen: set[str] = set()
        for entry in self.ledger.entries():
            if only is not None and entry.place not in only:
                continue
            if retry_failed and not self._has_failed(entry):
                has_result = entry.key is not None and self.ledger.has_result(entry.key)
                tell(Became.KEPT if has_result else Became.LEFT, entry.path)
                continue
            try:
                sha256 = _hash(entry.place)
            except OSError as error:
                failure = failure_of(entry.path, Stage.OPEN, error.strerror or str(error))
                self.ledger.enter_unopened(entry.place, failure.error)
                tell(Became.FAILED, entry.path, failure)
                continue
            key = key_of(sha256, entry.place.suffix, self.options)
            self.ledger.enter(entry.place, sha256=sha256, key=key)
            if key in seen:
                tell(Became.SAME, entry.path)
            elif self.ledger.has_result(key):
                tell(Became.KEPT, entry.path)
            elif not retry_failed and (failed := self.ledger.failure(key, entry.path)) is not None:
                tell(Became.FAILED, entry.path, failed)
            else:
                keys[entry.place] = (key, entry.path)
                yield Task(entry.place, sha256)
            seen.add(key)

    def _enter(self, files: Sequence[tuple[Path, Path]]) -> None:
        """Make these, `(place, path)`, the files of the run; a place keeps the id that it once had."""
        known = self.ledger.known_ids()
        new = [(place, path) for place, path in files if place not in known]
        ids = document_ids([path for _, path in new], taken=frozenset(known.values()))
        self.ledger.list_files(files, {place: name for (place, _), name in zip(new, ids, strict=True)})

    def _has_failed(self, entry: Entry) -> bool:
        return entry.error is not None or (entry.key is not None and self.ledger.has_failure(entry.key))

    def _write_dataset(self) -> None:
        with write_dataset(self.folder) as writer:
            for entry, key in self.ledger.documents():
                for table in TABLES:
                    data = self.ledger.part(key, table)
                    writer.add(table, unpack(data, table, document_id=entry.document_id, path=str(entry.path)))
        self._write_duplicates()

    def _write_duplicates(self) -> None:
        """Files with the bytes or the DOI of a file before them."""
        keys: dict[str, Entry] = {}
        dois: dict[str, Entry] = {}
        with open_atomically(self.folder / DUPLICATES) as stream:
            stream.write(csv_line(_DUPLICATE_COLUMNS))
            for entry in self.ledger.entries():
                found = self.ledger.summary(entry.key) if entry.key is not None else None
                if entry.key is None or found is None:
                    continue
                doi = (found[0] or "").lower()
                first, why = keys.get(entry.key), "same bytes"
                if first is None and doi:
                    first, why = dois.get(doi), f"same DOI {doi}"
                if first is not None:
                    cells = (str(entry.path), entry.document_id, str(first.path), first.document_id, why)
                    stream.write(csv_line(cells))
                keys.setdefault(entry.key, entry)
                if doi:
                    dois.setdefault(doi, entry)

    def _write_failures(self) -> None:
        with open_atomically(self.folder / FAILURES) as stream:
            stream.write(csv_line(_FAILURE_COLUMNS))
            for entry in self.ledger.entries():
                failure = self.ledger.failure(entry.key, entry.path) if entry.key is not None else None
                if entry.error is not None:
                    failure = failure_of(entry.path, Stage.OPEN, entry.error)
                if failure is not None:
                    cells = (str(entry.path), entry.document_id, failure.stage, failure.error, failure.advice)
                    stream.write(csv_line(map(csv_cell, cells)))

    def _count(self, summary: Summary) -> None:
        counts: dict[Schema, int] = dict.fromkeys(TABLES, 0)
        for _, key in self.ledger.documents():
            summary.documents += 1
            found = self.ledger.summary(key)
            for table, count in (found[2] if found else {}).items():
                counts[table] += count
        summary.counts = counts
        with (self.folder / DUPLICATES).open(encoding="utf-8") as lines:
            summary.duplicates = sum(1 for _ in lines) - 1

    def close(self) -> None:
        """Let the ledger go."""
        self.ledger.close()


def _placed(paths: Iterable[Path]) -> list[tuple[Path, Path]]:
    """The absolute place of each path; a name that is no text stands for itself until it is opened."""
    return [(Path(os.path.abspath(path)), path) for path in map(escaped, paths)]  # noqa: PTH100 - keeps links


def local_extractor(options: Options, limits: Limits, *, workers: int) -> Extractor:
    """Extracts in worker processes of this machine."""
    return Pool(options, limits, workers=workers).run


def _hash(place: Path) -> str:
    if place.is_dir():
        raise OSError("is a folder")
    if place.exists() and not place.is_file():
        raise OSError("not a regular file")
    if "\\udc" in str(place) and not place.exists():
        raise OSError(BAD_NAME)
    return hash_file(place)

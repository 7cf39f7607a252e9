"""A dataset: one Parquet file a table, `datapackage.json` and the data dictionary in a folder, put in place together.

The same rows in the same order give the same bytes, however they were cut into documents and runs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extract import __version__
from extract.errors import OutputError, ReadError
from extract.records import TABLES, Schema
from extract.sinks.arrow import SCHEMA_VERSION, arrow_schema, to_rows
from extract.sinks.datapackage import DESCRIPTOR, describe
from extract.sinks.dictionary import data_dictionary

ROW_GROUP = 50_000  # rows that are written together: a few MB, and few enough to be read by the piece
CHUNKS = 256  # tables of single documents that wait to be joined: each holds some KB besides its rows
BATCH = 10_000  # rows that are read together
PROGRAM = f"extract {__version__}"
FILES = (*(f"{table}.parquet" for table in TABLES), DESCRIPTOR)  # that a dataset needs
DICTIONARY = "data-dictionary.md"  # for people


class DatasetWriter:
    """Collects the rows of documents and writes them in groups of `ROW_GROUP`."""

    def __init__(self, writers: Mapping[Schema, pq.ParquetWriter]) -> None:
        self._writers = writers
        self._waiting: dict[Schema, list[pa.Table]] = {table: [] for table in writers}
        self._lengths: dict[Schema, int] = dict.fromkeys(writers, 0)
        self.counts: dict[Schema, int] = dict.fromkeys(writers, 0)

    def add(self, table: Schema, rows: pa.Table) -> None:
        """Add rows of a table, which have its `arrow_schema`."""
        self.counts[table] += len(rows)
        self._lengths[table] += len(rows)
        self._waiting[table].append(rows)
        if self._lengths[table] >= ROW_GROUP:
            self._write(table, all_rows=False)
        elif len(self._waiting[table]) >= CHUNKS:
            self._waiting[table] = [_joined(self._waiting[table])]

    def finish(self) -> None:
        """Write what waits."""
        for table in self._writers:
            self._write(table, all_rows=True)

    def _write(self, table: Schema, *, all_rows: bool) -> None:
        waiting = _joined([arrow_schema(table).empty_table(), *self._waiting[table]])
        full = len(waiting) if all_rows else len(waiting) - len(waiting) % ROW_GROUP
        if full:
            self._writers[table].write_table(waiting.slice(0, full), row_group_size=ROW_GROUP)
        rest = waiting.slice(full)
        self._waiting[table] = [rest] if len(rest) else []
        self._lengths[table] = len(rest)


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of some tables, copied, so that what the tables stood in can go."""
    return pa.concat_tables(tables).combine_chunks()


@contextmanager
def write_dataset(folder: Path) -> Iterator[DatasetWriter]:
    """A writer of a dataset that takes the place of the one in `folder` when the block ends without an error.

    Raises OutputError where the folder cannot be written.
    """
    beside = folder / f".dataset.{os.getpid()}"
    try:
        for left in folder.glob(".dataset.*"):  # of a run that was killed
            shutil.rmtree(left)
        beside.mkdir(parents=True)
        with ExitStack() as stack:
            writer = DatasetWriter({table: stack.enter_context(_open(beside, table)) for table in TABLES})
            yield writer
            writer.finish()
        (beside / DESCRIPTOR).write_text(describe(beside, PROGRAM), encoding="utf-8", newline="\n")
        (beside / DICTIONARY).write_text(data_dictionary(), encoding="utf-8", newline="\n")
        for name in (*FILES, DICTIONARY):
            (beside / name).replace(folder / name)
    except (OSError, pa.ArrowException) as error:
        raise OutputError(f"{folder}: cannot be written: {getattr(error, 'strerror', None) or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _open(folder: Path, table: Schema) -> pq.ParquetWriter:
    path = folder / f"{table}.parquet"
    # With checksums a damaged page is found out and not read as other text.
    return pq.ParquetWriter(path, arrow_schema(table), compression="zstd", write_page_checksum=True)


class Dataset:
    """A dataset in a folder, to be read."""

    def __init__(self, folder: Path) -> None:
        """Raises ReadError where `folder` holds no dataset of this program, or one of another schema version."""
        self.folder = folder
        missing = [name for name in FILES if not self.has(name)]
        if missing:
            raise ReadError(f"{folder}: no dataset: {missing[0]} is missing; make one with `extract batch`")
        for table in TABLES:
            self._check(table)

    def has(self, name: str) -> bool:
        """Whether the folder holds a file."""
        return (self.folder / name).is_file()

    def path(self, table: Schema) -> Path:
        """The file of a table."""
        return self.folder / f"{table}.parquet"

    def count(self, table: Schema) -> int:
        """How many rows a table has."""
        rows: int = pq.read_metadata(self.path(table)).num_rows
        return rows

    def batches(self, table: Schema) -> Iterator[pa.RecordBatch]:
        """The rows of a table in order, some thousands at a time; raises OSError or ArrowException where damaged."""
        options = {"pre_buffer": False, "page_checksum_verification": True}  # buffered, the whole file would be held
        read = 0
        with pq.ParquetFile(self.path(table), **options) as file:
            for batch in file.iter_batches(BATCH):
                read += len(batch)
                yield batch
            if read != file.metadata.num_rows:  # Arrow takes a damaged page header for the end
                raise pa.ArrowInvalid(f"{read} of {file.metadata.num_rows} rows")

    def rows(self, table: Schema) -> Iterator[dict[str, Any]]:
        """The rows of a table in order, as `extract run` writes them in JSON."""
        for batch in self.batches(table):
            yield from to_rows(batch, table)

    def _check(self, table: Schema) -> None:
        path = self.path(table)
        try:
            found = pq.read_schema(path)
        except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
            raise ReadError(f"{path}: damaged, or no Parquet file ({' '.join(str(error).split())})") from error
        version = (found.metadata or {}).get(b"schema_version", b"unknown").decode(errors="replace")
        if version != SCHEMA_VERSION or not found.equals(arrow_schema(table)):
            raise ReadError(f"{path}: written by another version (schema {version}); run `extract batch` again")

"""What exporters of a dataset share: its rows, what its columns mean, a place for a file that is whole or absent."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pyarrow as pa

from extract.errors import OutputError, ReadError
from extract.records import TABLES, Schema
from extract.sinks.arrow import arrow_schema, kind_of, printed_columns, to_rows
from extract.sinks.dataset import Dataset

DICTIONARY = "columns"  # the table, or sheet, that says what each column means
REFERENCES_VIEW = "reference_list"  # the table `references` by a name that SQL does not reserve


class Meaning(NamedTuple):
    """What a column holds; `type` is text, integer, number, boolean, or a list of those."""

    table_name: str
    column_name: str
    type: str
    meaning: str


def column_meanings() -> list[Meaning]:
    """A row for each column of each table, in their order, the printed numbers among them."""
    return [
        Meaning(table, column.name, _words(column.type), column.metadata[b"description"].decode())
        for table in TABLES
        for column in arrow_schema(table)
    ]


def read_batches(dataset: Dataset, table: Schema) -> Iterator[pa.RecordBatch]:
    """The rows of a table in order, some thousands at a time; raises ReadError where the file breaks off."""
    try:
        yield from dataset.batches(table)
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise ReadError(f"{dataset.path(table)}: damaged ({_one_line(error)})") from error


def read_rows(dataset: Dataset, table: Schema, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a table in order, as `extract run` writes them in JSON; errors as `read_batches`.

    With `columns` these alone, none of which may hold numbers as printed.
    """
    if columns is not None and not set(columns) <= set(TABLES[table].model_fields) - set(printed_columns(table)):
        raise ValueError(f"no plain columns of {table}: {', '.join(columns)}")
    for batch in read_batches(dataset, table):
        yield from to_rows(batch, table) if columns is None else batch.select(list(columns)).to_pylist()


def read_documents(
    dataset: Dataset, tables: Sequence[Schema], columns: Mapping[Schema, Sequence[str]] = MappingProxyType({})
) -> Iterator[tuple[dict[str, Any], dict[Schema, list[dict[str, Any]]]]]:
    """Each document's row with its rows of some tables, of a table in `columns` those columns; one document at a time.

    Raises ReadError where a table is damaged or not in the order of the documents.
    """
    streams = {table: _DocumentRows(read_rows(dataset, table, columns.get(table))) for table in tables}
    for document in read_rows(dataset, "documents"):
        yield document, {table: stream.take(document["document_id"]) for table, stream in streams.items()}
    for table, stream in streams.items():
        if stream.document_id is not None:
            raise ReadError(
                f"{dataset.path(table)}: rows of {stream.document_id} are not in the order of the documents"
            )


class _DocumentRows:
    """The rows of a table, to be taken document by document in their order."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._groups = groupby(rows, key=itemgetter("document_id"))
        self._next: tuple[str, Iterator[dict[str, Any]]] | None = next(self._groups, None)

    @property
    def document_id(self) -> str | None:
        """The document whose rows come next."""
        return None if self._next is None else self._next[0]

    def take(self, document_id: str) -> list[dict[str, Any]]:
        """The rows of a document where they come next, else none."""
        if self._next is None or self._next[0] != document_id:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


@contextmanager
def telling(path: Path, *errors: type[Exception]) -> Iterator[None]:
    """Turns an OSError, or one of `errors`, into an OutputError that names the place."""
    known: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield
    except known as error:
        cause = next((each for each in error.args if isinstance(each, OSError)), error)  # XlsxWriter wraps it
        reason = getattr(cause, "strerror", None) or _one_line(error)
        raise OutputError(f"{path}: cannot be written: {reason}") from error


@contextmanager
def placing(path: Path, *errors: type[Exception]) -> Iterator[Path]:
    """A name, in a folder of its own, for a file that takes the place of `path` when the block ends without an error.

    The folder goes with all that was made in it. Raises OutputError as `telling`.
    """
    if path.is_dir():
        raise OutputError(f"{path}: cannot be written: it is a folder")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with telling(path, *errors):
            shutil.rmtree(beside, ignore_errors=True)  # of a killed run that had the same number
            beside.mkdir(parents=True)
            yield beside / path.name
            (beside / path.name).replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _words(column: pa.DataType) -> str:
    kind = kind_of(column)
    return f"list of {_words(column.value_type)}" if kind == "list" else kind

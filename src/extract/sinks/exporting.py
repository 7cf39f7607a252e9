"""What exporters of a dataset share: its rows, what its columns mean, a place for a file that is whole or absent."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from extract.errors import OutputError, ReadError
from extract.records import TABLES, Schema
from extract.sinks.arrow import arrow_schema, to_rows
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


def read_rows(dataset: Dataset, table: Schema) -> Iterator[dict[str, Any]]:
    """The rows of a table in order, as `extract run` writes them in JSON; errors as `read_batches`."""
    for batch in read_batches(dataset, table):
        yield from to_rows(batch, table)


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


def _words(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_words(kind.value_type)}"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    return "number" if pa.types.is_floating(kind) else "text"

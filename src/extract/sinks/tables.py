"""Tables as JSON lines and CSV: the same records give the same bytes, and a file is complete or not there at all.

JSON lines keep types: numbers as printed stand in strings (`"0.80"`), lists are arrays, missing is null. CSV holds the
raw values: missing is empty, lists are joined with `;`, the numbers of a list within a list with `:` (`12:18;40:44`),
true and false are lower case. CSV cells are not escaped against spreadsheet formulas: a quote that begins with `=`
stands as it is printed in the review.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from extract.errors import OutputError
from extract.patterns import lazy_regex
from extract.records import TABLES, Record, Schema

if TYPE_CHECKING:
    from extract.assembly import Extraction

LIST_SEPARATOR = ";"  # between the items of a list in CSV
INNER_SEPARATOR = ":"  # between the numbers of a span or a box, which are lists in a list; a box may go below 0
_NEEDS_QUOTES = lazy_regex(r'[",\r\n]')


Writer = Callable[[Record], None]


class Tables:
    """The tables of one run: each extraction adds its rows; `paths` are the files in the order they are opened."""

    def __init__(self, writers: dict[Schema, Writer], paths: tuple[Path, ...], *, helpers: bool) -> None:
        self._writers = writers
        self._helpers = helpers
        self.paths = paths

    def add(self, extraction: Extraction) -> dict[Schema, int]:
        """Write the rows of one document and count them; mentions of the helper labels only with `helpers`."""
        counts: dict[Schema, int] = {}
        for table, write in self._writers.items():
            rows = extraction.promised() if table == "mentions" and not self._helpers else extraction.rows(table)
            for row in rows:
                write(row)
            counts[table] = len(rows)
        return counts


@contextmanager
def open_tables(folder: Path, *, helpers: bool = False) -> Iterator[Tables]:
    """`<table>.jsonl` and `<table>.csv` in `folder`, each put in place when the block ends without an error.

    Raises OutputError where the folder cannot be written.
    """
    with ExitStack() as stack:
        paths: list[Path] = []
        writers: dict[Schema, Writer] = {}
        for table, model in TABLES.items():
            lines, sheet = folder / f"{table}.jsonl", folder / f"{table}.csv"
            writers[table] = _row_writer(
                stack.enter_context(open_atomically(lines)),
                stack.enter_context(open_atomically(sheet)),
                list(model.model_fields),
                folder,
            )
            paths += [lines, sheet]
        yield Tables(writers, tuple(paths), helpers=helpers)


@contextmanager
def open_atomically(path: Path) -> Iterator[TextIO]:
    """A UTF-8 stream that takes the place of `path` when the block ends without an error and else leaves nothing.

    Folders on the way are made. Raises OutputError where the place cannot be written.
    """
    with _placing(path) as temporary:
        with _telling(path):
            stream = temporary.open("w", encoding="utf-8", newline="")
        try:
            yield stream
        finally:
            with _telling(path):
                stream.close()


def write_atomically(path: Path, data: bytes) -> None:
    """Put a file of these bytes in place, whole or not at all; as `open_atomically`."""
    with _placing(path) as temporary, _telling(path):
        temporary.write_bytes(data)


@contextmanager
def _placing(path: Path) -> Iterator[Path]:
    """A name beside `path` for a file that takes its place when the block ends without an error and else is removed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield temporary
        with _telling(path):
            temporary.replace(path)
    finally:
        with suppress(OSError):  # where nothing could be written there is nothing to remove
            temporary.unlink(missing_ok=True)


def csv_cell(value: Any) -> str:
    """A JSON value as it stands in a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return LIST_SEPARATOR.join(
            INNER_SEPARATOR.join(map(csv_cell, item)) if isinstance(item, list) else csv_cell(item) for item in value
        )
    return str(value)


def csv_line(cells: Iterable[str]) -> str:
    """A line of CSV (RFC 4180); the csv module of Python 3.11 leaves a bare carriage return unquoted."""
    quoted = ('"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text for text in cells)
    return ",".join(quoted) + "\n"


def _row_writer(lines: TextIO, sheet: TextIO, columns: list[str], folder: Path) -> Writer:
    """Writes a record to both files of its table."""

    def write(record: Record) -> None:
        fields = record.model_dump(mode="json")
        with _telling(folder):
            lines.write(json.dumps(fields, ensure_ascii=False) + "\n")
            sheet.write(csv_line(csv_cell(fields[column]) for column in columns))

    with _telling(folder):
        sheet.write(csv_line(columns))
    return write


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turns what the operating system says into an OutputError that names the place."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error

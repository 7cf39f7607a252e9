"""SQL over a dataset, by DuckDB in memory: its tables under their names, nothing else within reach.

Beside the tables stand `columns`, the meaning of every column, and `reference_list`, the table `references`, whose name
SQL reserves and which else has to be quoted. DuckDB is shut before it sees the query: it opens no file and no network
address, loads no extension and keeps its settings, so that a query can read the tables and nothing more.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import Any, Literal, TextIO

import duckdb
import pyarrow as pa
import pyarrow.dataset
import pyarrow.fs
from rich.console import Group
from rich.table import Table
from rich.text import Text

from extract.errors import ExtractError
from extract.patterns import lazy_regex
from extract.records import TABLES, Schema
from extract.sinks.arrow import PRINTED, arrow_schema
from extract.sinks.databases import interruptible
from extract.sinks.dataset import BATCH, Dataset
from extract.sinks.exporting import DICTIONARY, REFERENCES_VIEW, Meaning, column_meanings
from extract.sinks.tables import INNER_SEPARATOR, csv_cell, csv_line
from extract.sinks.terminal import visible

FETCH = 1_000  # rows that are taken from DuckDB together
MAX_ROWS = 1_000  # that a terminal is given unless more are asked for: a table is laid out when its last row is known
MAX_COLUMNS = 10  # that fit beside each other in a terminal; a row with more is shown as a list
SIGNIFICANT = 10  # digits of a computed number in the terminal, more than any review prints
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # else names of Python variables would be tables
    "temp_directory": "",  # else a query that needs much memory would write files
}
_QUERIES = ("SELECT", "EXPLAIN", "MULTI")  # DuckDB's names for what only reads; PIVOT is MULTI
_LINE = lazy_regex(r"\n+LINE (\d+): ")

QueryForm = Literal["csv", "jsonl"]


class QueryResult:
    """The rows that a query gives, computed as they are taken, and so to be taken once.

    `columns` are their names, made different where the query repeats one; `types` are DuckDB's words for their types.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: str, place: Path) -> None:
        self._connection = connection
        self._sql = sql
        self._place = place
        described = connection.description or []
        self.columns = _different([str(column[0]) for column in described])
        self.types = tuple(str(column[1]) for column in described)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows in order as Python values; raises ExtractError where one cannot be computed."""
        while True:
            try:
                with interruptible():
                    rows = self._connection.fetchmany(FETCH)
            except duckdb.Error as error:
                raise _mistake(error, self._sql, self._place) from error
            if not rows:
                return
            yield from rows


def run_query(folder: Path, sql: str) -> QueryResult:
    """The result of one SQL query (DuckDB's dialect) over the tables of a dataset.

    Raises ReadError where `folder` holds no dataset, ExtractError where the query is wrong or would do more than read.
    """
    connection = _connect(Dataset(folder))
    if not sql.isascii() and sql.encode(errors="ignore").decode() != sql:
        raise ExtractError(f"{folder}: the query is not encoded in UTF-8")
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1:
            raise ExtractError(f"{folder}: a query is one SQL statement, here are {len(statements)}")
        kind = _kind(statements[0])
        if kind not in _QUERIES:
            raise ExtractError(f"{folder}: {kind} is no query; the tables are only read: use SELECT")
        with interruptible():
            connection.execute(sql)
    except duckdb.Error as error:
        raise _mistake(error, sql, folder) from error
    return QueryResult(connection, sql, folder)


def query_table(result: QueryResult, *, head: int | None = None) -> Group | Text:
    """A result for the terminal: its first rows, `head` or `MAX_ROWS`; a missing value is an empty cell."""
    most = MAX_ROWS if head is None else head
    rows = list(islice(result, most + 1))
    title = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    if len(rows) > most:
        rows, title = rows[:most], f"the first {most} rows; there are more"
        title += " (--csv and --json give all)" if head is None else ""
    if not rows:
        return Text(title if head == 0 else "no rows", style="italic")
    lay_out = _beside if len(result.columns) <= MAX_COLUMNS else _below
    return Group(Text(title, style="italic"), lay_out(result.columns, rows))


def write_query(result: QueryResult, stream: TextIO, form: QueryForm, *, head: int | None = None) -> int:
    """Write a result, with `head` its first rows, as CSV with a header or as JSON lines; return how many rows.

    Values stand as in the tables that `extract run` writes; numbers of JSON are doubles, NaN and infinity are null.
    """
    written = 0
    if form == "csv":
        stream.write(csv_line(result.columns))
    for written, row in enumerate(islice(result, head), start=1):  # noqa: B007 - the number of rows is returned
        if form == "csv":
            line = csv_line(map(_csv_text, row))
            stream.write(line if line != "\n" else '""\n')  # an empty line would be no row
        else:
            fields = dict(zip(result.columns, map(_json_value, row), strict=True))
            stream.write(json.dumps(fields, ensure_ascii=False, allow_nan=False) + "\n")
    return written


def _connect(dataset: Dataset) -> duckdb.DuckDBPyConnection:
    """DuckDB with the tables of a dataset, shut.

    The files are read by Arrow: as DuckDB's own Parquet views they would have to stay open to it, for writing, too.
    """
    connection = duckdb.connect(":memory:", config=_CLOSED)
    for table in TABLES:
        connection.register(table, _Stream.of(dataset, table))
    connection.execute(f'CREATE VIEW {REFERENCES_VIEW} AS SELECT * FROM "references"')
    meanings = zip(*column_meanings(), strict=True)
    connection.register(DICTIONARY, pa.table(dict(zip(Meaning._fields, map(pa.array, meanings), strict=True))))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


class _Stream(pyarrow.dataset.FileSystemDataset):  # type: ignore[misc]
    """A table that Arrow reads no faster than DuckDB takes it; else it would run ahead and hold up to 1 GB."""

    @classmethod
    def of(cls, dataset: Dataset, table: Schema) -> _Stream:
        """The table of a dataset."""
        options = pyarrow.dataset.ParquetFragmentScanOptions(pre_buffer=False, page_checksum_verification=True)
        form = pyarrow.dataset.ParquetFileFormat(default_fragment_scan_options=options)
        files = pyarrow.fs.LocalFileSystem()
        return cls([form.make_fragment(str(dataset.path(table)), files)], arrow_schema(table), form, files)

    def scanner(self, **chosen: Any) -> Any:
        """A scanner for the columns and rows that DuckDB chooses."""
        return super().scanner(batch_size=BATCH, use_threads=False, **chosen)


def _kind(statement: duckdb.Statement) -> str:
    """DuckDB's name for what a statement does."""
    try:
        return str(statement.type.name)
    except ValueError:  # UPDATE EXTENSIONS, say, for which its Python module has no name
        return "this statement"


def _mistake(error: Exception, sql: str, place: Path) -> ExtractError:
    """What DuckDB says in one line, with the line of the query if it has several, and with what there is instead."""
    message, *rest = _LINE.split(str(error), maxsplit=1)
    where = f" (line {rest[0]} of the query)" if rest and "\n" in sql.strip() else ""
    said = " ".join(message.partition("\nTraceback")[0].split()).rstrip(":")
    hint = _hint(said, sql)
    return ExtractError(visible(f"{place}: {said}{where}{f'; {hint}' if hint else ''}"))


def _hint(said: str, sql: str) -> str:
    words = {word.lower() for word in re.findall(r"\w+", sql)}
    if 'at or near "references"' in said:
        return f'write "references" in double quotes, or {REFERENCES_VIEW}'
    if "'pytz'" in said:
        return "cast times with a time zone to TIMESTAMP"
    if said.startswith("Catalog Error: Table"):
        return f"tables: {', '.join([*TABLES, REFERENCES_VIEW, DICTIONARY])}"
    if "not found in FROM clause" in said or "does not have a column" in said:
        used = [table for table in TABLES if table in words or (table == "references" and REFERENCES_VIEW in words)]
        return "; ".join(f"columns of {table}: {', '.join(_names(table))}" for table in used)
    return ""


def _names(table: Schema) -> list[str]:
    return [name for name in arrow_schema(table).names if not name.endswith(PRINTED)]


def _different(names: Sequence[str]) -> tuple[str, ...]:
    """The names with `_2`, `_3` … behind those that came before, so that no field of a JSON object is lost."""
    different: dict[str, None] = {}
    for name in names:
        options = (f"{name}_{number}" for number in count(2))
        free = (option for option in options if option not in different and option not in names)
        different[next(free) if name in different else name] = None
    return tuple(different)


def _beside(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    """A line a row, numbers to the right."""
    table = Table()
    for at, name in enumerate(columns):
        values = [row[at] for row in rows if row[at] is not None]
        numbers = bool(values) and all(_is_number(value) for value in values)
        table.add_column(Text(visible(name)), justify="right" if numbers else "left", overflow="fold", no_wrap=numbers)
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    return table


def _below(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    """A line a filled field, row under row: for results with many columns."""
    table = Table()
    table.add_column("row", justify="right", no_wrap=True)
    table.add_column("column", no_wrap=True)
    table.add_column("value", overflow="fold")
    for number, row in enumerate(rows, start=1):
        filled = [(name, value) for name, value in zip(columns, row, strict=True) if value not in (None, [])]
        for at, (name, value) in enumerate(filled):
            table.add_row("" if at else str(number), Text(visible(name)), Text(_shown(value)))
        table.add_section()
    return table


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """A value in the terminal: lists joined, computed numbers without the noise of their last digits."""
    if isinstance(value, float):
        return f"{value:.{SIGNIFICANT}g}"
    if isinstance(value, list):
        return ", ".join(
            INNER_SEPARATOR.join(map(_shown, each)) if isinstance(each, list) else _shown(each) for each in value
        )
    return visible(_csv_text(value))


def _csv_text(value: Any) -> str:
    """A value in a CSV cell; a DECIMAL keeps its digits, what the separators of lists cannot tell apart is JSON."""
    if isinstance(value, float | Decimal):
        return str(value)
    simple = _json_value(value)
    return json.dumps(simple, ensure_ascii=False) if _depth(simple) > 2 else csv_cell(simple)


def _depth(value: Any) -> int:
    """How deep lists stand in lists; an object is too deep for CSV wherever it stands."""
    if isinstance(value, dict):
        return 3
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _json_value(value: Any) -> Any:
    """A value of DuckDB as JSON has it: what it has no word for, a date say, as text."""
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):  # and bool, which is an int
        return value
    if isinstance(value, list | tuple):
        return [_json_value(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _json_value(each) for key, each in value.items()}
    return value.hex() if isinstance(value, bytes) else str(value)

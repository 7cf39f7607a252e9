"""A dataset as a database file: SQLite, which everything reads, or DuckDB, which keeps lists and computes fast.

Both have the tables of the dataset with their keys, numbers beside the same as printed (`value`, `value_printed`), a
table `columns` with the meaning of every column, and the view `reference_list`, since `references`, a word of SQL,
has to be quoted. Rows keep their order. Lists are JSON text in SQLite, true and false 1 and 0.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from extract.errors import ReadError
from extract.frames import KEYS
from extract.records import TABLES, Schema
from extract.sinks.arrow import ColumnKind, arrow_schema, kind_of, printed_columns
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import (
    DICTIONARY,
    REFERENCES_VIEW,
    Meaning,
    column_meanings,
    placing,
    read_batches,
    read_rows,
)

# documents come first, since all other tables refer to them
ORDER: tuple[Schema, ...] = ("documents", *(table for table in TABLES if table != "documents"))
_SQLITE_TYPES: dict[ColumnKind, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
    "list": "TEXT",
}
_DUCKDB_TYPES: dict[ColumnKind, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}
# What people look rows up by, beside the keys.
INDEXES: dict[Schema, tuple[str, ...]] = {
    "documents": ("doi",),
    "mentions": ("label",),
    "outcomes": ("endpoint", "study"),
    "dosing": ("agent",),
    "trials": ("id",),
    "studies": ("study",),
    "references": ("doi",),
}
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.0.0",  # so that DuckDB 1.0 and later open the file
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def write_sqlite(dataset: Dataset, path: Path) -> Path:
    """Write an SQLite database in the place of `path`.

    Raises OutputError where the place cannot be written, ReadError where two rows of the dataset share a key.
    """
    with placing(path, sqlite3.Error) as temporary, closing(sqlite3.connect(temporary)) as connection:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON"):  # the file is new: no way back
            connection.execute(f"PRAGMA {setting}")
        for table in ORDER:
            connection.execute(_create(table, _sqlite_type))
            places = ", ".join("?" * len(arrow_schema(table)))
            with _checking(dataset, table, sqlite3.IntegrityError), connection:
                connection.executemany(f"INSERT INTO {quoted(table)} VALUES ({places})", _sqlite_rows(dataset, table))
            for column in INDEXES.get(table, ()):
                name = quoted(f"{table}_{column}")
                connection.execute(f"CREATE INDEX {name} ON {quoted(table)} ({quoted(column)})")
        with connection:
            _add_helpers(connection)
    return path


def write_duckdb(dataset: Dataset, path: Path) -> Path:
    """Write a DuckDB database in the place of `path`, with the meanings as comments, too; errors as `write_sqlite`."""
    with (
        placing(path, duckdb.Error) as temporary,
        interruptible(),
        closing(duckdb.connect(temporary, config=_SETTINGS)) as connection,
    ):
        for table in ORDER:
            connection.execute(_create(table, _duckdb_type))
            with _checking(dataset, table, duckdb.ConstraintException):
                for batch in read_batches(dataset, table):
                    connection.register("incoming", pa.Table.from_batches([batch]))
                    connection.execute(f"INSERT INTO {quoted(table)} SELECT * FROM incoming")
            title = (TABLES[table].__doc__ or "").strip()
            connection.execute(f"COMMENT ON TABLE {quoted(table)} IS {_literal(title)}")
        for each in column_meanings():
            column = f"{quoted(each.table_name)}.{quoted(each.column_name)}"
            connection.execute(f"COMMENT ON COLUMN {column} IS {_literal(each.meaning)}")
        _add_helpers(connection)
    return path


@contextmanager
def interruptible() -> Iterator[None]:
    """Makes a KeyboardInterrupt of what DuckDB raises when Ctrl-C ends its work."""
    try:
        yield
    except (duckdb.InterruptException, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "interrupted" not in str(error):
            raise
        raise KeyboardInterrupt from error


def quoted(name: str) -> str:
    """A name as it stands in SQL, whatever word it is."""
    return '"' + name.replace('"', '""') + '"'


def _create(table: Schema, type_of: Callable[[pa.DataType], str]) -> str:
    """The statement that makes a table, with its key and its documents."""
    lines = [
        f"{quoted(column.name)} {type_of(column.type)}{'' if column.nullable else ' NOT NULL'}"
        for column in arrow_schema(table)
    ]
    lines.append(f"PRIMARY KEY ({', '.join(map(quoted, KEYS[table]))})")
    if table != "documents":
        lines.append('FOREIGN KEY ("document_id") REFERENCES "documents" ("document_id")')
    return f"CREATE TABLE {quoted(table)} ({', '.join(lines)})"


def _add_helpers(connection: sqlite3.Connection | duckdb.DuckDBPyConnection) -> None:
    """The table that says what the columns mean, and the view of the references."""
    fields = Meaning._fields
    connection.execute(f"CREATE TABLE {DICTIONARY} ({', '.join(f'{field} TEXT NOT NULL' for field in fields)})")
    connection.executemany(f"INSERT INTO {DICTIONARY} VALUES ({', '.join('?' * len(fields))})", column_meanings())
    connection.execute(f'CREATE VIEW {REFERENCES_VIEW} AS SELECT * FROM "references"')


@contextmanager
def _checking(dataset: Dataset, table: Schema, error: type[Exception]) -> Iterator[None]:
    """Turns what the database says of keys that do not hold into a ReadError that names the table's file."""
    try:
        yield
    except error as found:
        raise ReadError(f"{dataset.path(table)}: damaged: {' '.join(str(found).split())}") from found


def _sqlite_rows(dataset: Dataset, table: Schema) -> Iterator[list[Any]]:
    """Rows as they stand in SQLite: printed numbers behind, lists as JSON."""
    decimals = printed_columns(table)
    for row in read_rows(dataset, table):
        printed = [row[name] for name in decimals]
        row.update((name, None if row[name] is None else float(row[name])) for name in decimals)
        yield [*map(_sqlite_cell, row.values()), *printed]


def _sqlite_cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _sqlite_type(column: pa.DataType) -> str:
    return _SQLITE_TYPES[kind_of(column)]


def _duckdb_type(column: pa.DataType) -> str:
    kind = kind_of(column)
    return f"{_duckdb_type(column.value_type)}[]" if kind == "list" else _DUCKDB_TYPES[kind]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

"""A dataset as a database: sqlite3 and DuckDB read types, keys and values back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract.errors import OutputError, ReadError
from extract.frames import KEYS
from extract.records import TABLES, Schema
from extract.sinks.arrow import arrow_schema
from extract.sinks.databases import INDEXES, interruptible, write_duckdb, write_sqlite
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import column_meanings

from .datasets import HOSTILE, TEXTS, damage, make_dataset, make_hostile, names_in

Write = Callable[[Dataset, Path], Path]
BOTH = pytest.mark.parametrize("write", [write_sqlite, write_duckdb])


@pytest.fixture(scope="module")
def lite_path(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sqlite(dataset, tmp_path_factory.mktemp("written") / "tables.sqlite")


@pytest.fixture(scope="module")
def lite(lite_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(lite_path)) as connection:
        yield connection


@pytest.fixture(scope="module")
def duck(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = write_duckdb(dataset, tmp_path_factory.mktemp("written") / "tables.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def parquet_rows(dataset: Dataset, table: Schema) -> list[tuple[Any, ...]]:
    """The rows of a table as pyarrow reads them."""
    return [tuple(row.values()) for row in pq.read_table(dataset.path(table)).to_pylist()]


def in_sqlite(value: Any) -> Any:
    """A value as SQLite has it: lists as JSON text, true and false as 1 and 0."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return int(value) if isinstance(value, bool) else value


def in_json(value: Any) -> Any:
    """Pages as whole numbers, as JSON rows have them."""
    return [[int(page), *edges] for page, *edges in value]


class TestSQLite:
    def test_the_file_is_sound_and_all_its_references_hold(self, lite: sqlite3.Connection) -> None:
        assert lite.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert lite.execute("PRAGMA foreign_key_check").fetchall() == []

    @pytest.mark.parametrize("table", TABLES)
    def test_every_value_is_that_of_the_parquet_in_the_same_order(
        self, dataset: Dataset, lite: sqlite3.Connection, table: Schema
    ) -> None:
        boxes = arrow_schema(table).names.index("boxes") if table == "evidence" else None
        expected = [
            tuple(in_sqlite(in_json(value) if at == boxes else value) for at, value in enumerate(row))
            for row in parquet_rows(dataset, table)
        ]
        assert lite.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall() == expected

    @pytest.mark.parametrize("table", TABLES)
    def test_columns_have_types_and_keys(self, lite: sqlite3.Connection, table: Schema) -> None:
        types = {pa.int64(): "INTEGER", pa.bool_(): "INTEGER", pa.float64(): "REAL"}
        described = lite.execute(f'PRAGMA table_info("{table}")').fetchall()
        assert [(name, kind, bool(required)) for _, name, kind, required, _, _ in described] == [
            (column.name, types.get(column.type, "TEXT"), not column.nullable) for column in arrow_schema(table)
        ]
        places = {place: name for _, name, _, _, _, place in described if place}
        assert tuple(places[place] for place in sorted(places)) == KEYS[table]
        references = lite.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
        assert [row[2:5] for row in references] == [("documents", "document_id", "document_id")] * (
            table != "documents"
        )

    def test_numbers_are_stored_as_numbers(self, lite: sqlite3.Connection) -> None:
        kinds = lite.execute("SELECT DISTINCT typeof(value), typeof(value_printed), typeof(n) FROM outcomes")
        assert {kind for row in kinds for kind in row} == {"real", "text", "integer", "null"}
        assert lite.execute("SELECT value FROM outcomes WHERE value_printed = '0.80'").fetchone() == (0.8,)

    @pytest.mark.parametrize(("table", "columns"), INDEXES.items())
    def test_what_rows_are_looked_up_by_has_an_index(
        self, lite: sqlite3.Connection, table: Schema, columns: tuple[str, ...]
    ) -> None:
        for column in columns:
            plan = lite.execute(f'EXPLAIN QUERY PLAN SELECT * FROM "{table}" WHERE "{column}" = ?', ("x",)).fetchall()
            assert f"INDEX {table}_{column}" in plan[0][3]

    def test_lists_can_be_taken_apart_in_sql(self, lite: sqlite3.Connection) -> None:
        sql = "SELECT j.value FROM outcomes, json_each(refs) AS j WHERE document_id = ? AND record_id = 'o2'"
        assert lite.execute(sql, (HOSTILE,)).fetchall() == [(0,), (1,)]

    def test_the_bytes_are_the_same_when_written_again(self, dataset: Dataset, lite_path: Path, tmp_path: Path) -> None:
        assert write_sqlite(dataset, tmp_path / "again.sqlite").read_bytes() == lite_path.read_bytes()


class TestDuckDB:
    @pytest.mark.parametrize("table", TABLES)
    def test_every_value_is_that_of_the_parquet_in_the_same_order(
        self, dataset: Dataset, duck: duckdb.DuckDBPyConnection, table: Schema
    ) -> None:
        assert duck.execute(f'SELECT * FROM "{table}"').fetchall() == parquet_rows(dataset, table)

    @pytest.mark.parametrize("table", TABLES)
    def test_columns_have_the_types_of_the_parquet(
        self, dataset: Dataset, duck: duckdb.DuckDBPyConnection, table: Schema
    ) -> None:
        found = duck.execute(f'DESCRIBE "{table}"').fetchall()
        with duckdb.connect() as other:
            expected = other.execute(f"DESCRIBE SELECT * FROM '{dataset.path(table)}'").fetchall()
        assert [row[:2] for row in found] == [row[:2] for row in expected]
        assert [row[2] == "YES" for row in found] == [column.nullable for column in arrow_schema(table)]

    @pytest.mark.parametrize("table", TABLES)
    def test_tables_have_keys(self, duck: duckdb.DuckDBPyConnection, table: Schema) -> None:
        sql = "SELECT constraint_type, constraint_column_names FROM duckdb_constraints() WHERE table_name = ?"
        found = dict(duck.execute(sql, [table]).fetchall())
        assert found["PRIMARY KEY"] == list(KEYS[table])
        assert found.get("FOREIGN KEY") == (None if table == "documents" else ["document_id"])

    def test_tables_and_columns_carry_their_meaning(self, duck: duckdb.DuckDBPyConnection) -> None:
        tables = dict(duck.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert {table: tables[table] for table in TABLES} == {table: TABLES[table].__doc__ for table in TABLES}
        sql = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE comment IS NOT NULL"
        found = {(table, name): comment for table, name, comment in duck.execute(sql).fetchall()}
        assert found == {(each.table_name, each.column_name): each.meaning for each in column_meanings()}


def query(path: Path, sql: str) -> list[Any]:
    """The rows of a query, by the library that the file's name tells."""
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql).fetchall()
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def place_of(write: Write, folder: Path) -> Path:
    """A name for the file of a writer."""
    return folder / ("t.sqlite" if write is write_sqlite else "t.duckdb")


@BOTH
class TestBoth:
    def test_hostile_texts_come_back_as_they_are(self, tmp_path: Path, write: Write) -> None:
        path = write(make_dataset(tmp_path / "dataset", [make_hostile()]), place_of(write, tmp_path))
        assert query(path, "SELECT quote FROM evidence ORDER BY start") == [(text,) for text in TEXTS]

    def test_the_columns_are_explained_and_the_references_have_a_plain_name(
        self, dataset: Dataset, tmp_path: Path, write: Write
    ) -> None:
        path = write(dataset, place_of(write, tmp_path))
        assert query(path, "SELECT * FROM columns") == list(map(tuple, column_meanings()))
        assert query(path, "SELECT count(*) FROM reference_list") == [(dataset.count("references"),)]

    def test_a_dataset_without_rows_has_tables(self, tmp_path: Path, write: Write) -> None:
        path = write(make_dataset(tmp_path / "dataset", []), place_of(write, tmp_path))
        for table in TABLES:
            assert query(path, f'SELECT count(*) FROM "{table}"') == [(0,)]

    def test_it_takes_the_place_of_an_earlier_file_and_makes_folders(
        self, dataset: Dataset, tmp_path: Path, write: Write
    ) -> None:
        path = place_of(write, tmp_path / "new" / "out")
        write(make_dataset(tmp_path / "dataset", []), path)
        assert write(dataset, path) == path
        assert query(path, "SELECT count(*) FROM documents") == [(3,)]
        assert names_in(path.parent) == [path.name]

    def test_rows_that_share_a_key_are_told_in_one_line(self, tmp_path: Path, write: Write) -> None:
        made = make_hostile()
        dataset = make_dataset(tmp_path / "dataset", [replace(made, trials=(*made.trials, made.trials[0]))])
        with pytest.raises(ReadError, match=r"trials\.parquet: damaged: [^\n]+$"):
            write(dataset, place_of(write, tmp_path / "out"))
        assert names_in(tmp_path / "out") == []

    def test_rows_of_a_document_that_is_not_there_are_told_in_one_line(self, tmp_path: Path, write: Write) -> None:
        dataset = make_dataset(tmp_path / "dataset", [make_hostile()])
        pq.write_table(pq.read_table(dataset.path("documents")).slice(0, 0), dataset.path("documents"))
        with pytest.raises(ReadError, match=r"mentions\.parquet: damaged: [^\n]+$"):
            write(dataset, place_of(write, tmp_path / "out"))

    def test_a_damaged_table_is_named_and_the_earlier_file_stays(self, tmp_path: Path, write: Write) -> None:
        dataset = make_dataset(tmp_path / "dataset", [make_hostile()])
        path = place_of(write, tmp_path / "out")
        path.parent.mkdir()
        path.write_bytes(b"earlier")
        damage(dataset, "evidence")
        with pytest.raises(ReadError, match=r"evidence\.parquet: damaged \([^\n]+\)$"):
            write(dataset, path)
        assert names_in(path.parent) == [path.name]
        assert path.read_bytes() == b"earlier"

    def test_a_place_that_cannot_be_written_is_told_in_one_line(
        self, dataset: Dataset, tmp_path: Path, write: Write
    ) -> None:
        (tmp_path / "file").touch()
        for place, reason in ((tmp_path, "it is a folder"), (tmp_path / "file" / "t", "Not a directory")):
            with pytest.raises(OutputError, match=rf"^{place}: cannot be written: {reason}$"):
                write(dataset, place)
        assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error")])
def test_ctrl_c_in_duckdb_is_an_interrupt(error: Exception) -> None:
    def interrupted() -> None:
        with interruptible():
            raise error

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def test_other_errors_of_duckdb_stay_what_they_are() -> None:
    def wrong() -> None:
        with interruptible():
            raise RuntimeError("wrong")

    with pytest.raises(RuntimeError, match="wrong"):
        wrong()

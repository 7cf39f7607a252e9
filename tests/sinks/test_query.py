"""SQL over a dataset: it reads the tables and can do nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract.errors import ExtractError, ReadError
from extract.records import TABLES, Schema
from extract.sinks import dataset as dataset_sink
from extract.sinks import query as sink
from extract.sinks.arrow import arrow_schema, to_arrow
from extract.sinks.dataset import Dataset, write_dataset
from extract.sinks.exporting import column_meanings
from extract.sinks.query import run_query

from .datasets import damage, make_dataset, make_hostile, names_in

Ask = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def ask(dataset: Dataset) -> Ask:
    return lambda sql: list(run_query(dataset.folder, sql))


class TestTables:
    @pytest.mark.parametrize("table", TABLES)
    def test_each_has_the_rows_of_its_parquet(self, dataset: Dataset, ask: Ask, table: Schema) -> None:
        rows = [tuple(row.values()) for row in pq.read_table(dataset.path(table)).to_pylist()]
        assert ask(f'SELECT * FROM "{table}"') == rows

    def test_references_have_a_name_that_needs_no_quotes(self, ask: Ask) -> None:
        assert ask("SELECT * FROM reference_list") == ask('SELECT * FROM "references"')

    def test_the_columns_are_explained(self, ask: Ask) -> None:
        assert ask("SELECT * FROM columns") == list(map(tuple, column_meanings()))

    @pytest.mark.parametrize(
        "sql",
        [
            "DESCRIBE outcomes",
            "SUMMARIZE trials",
            "FROM documents SELECT count(*)",
            "WITH a AS (SELECT 1) SELECT * FROM a;  -- with a comment",
            "SELECT label FROM mentions UNION SELECT agent FROM dosing",
            "SELECT * FROM outcomes JOIN evidence USING (document_id, record_id) WHERE value > 0.5",
            "PIVOT mentions ON label IN ('DOSE', 'PERCENT') USING count(*) GROUP BY document_id",
            "EXPLAIN SELECT * FROM trials",
        ],
    )
    def test_what_reads_is_a_query(self, ask: Ask, sql: str) -> None:
        assert ask(sql)

    def test_a_table_can_be_read_more_than_once(self, ask: Ask) -> None:
        ((joined,),) = ask("SELECT count(*) FROM trials a JOIN trials b USING (document_id, record_id)")
        assert [(joined,)] == ask("SELECT count(*) FROM trials")

    @pytest.mark.parametrize("name", ["a b", "per%20cent", "c:d", "hash#", "é", "quote'"])
    def test_folders_may_have_any_name(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        make_dataset(tmp_path / name, [make_hostile()])
        monkeypatch.chdir(tmp_path)
        assert list(run_query(Path(name), "SELECT count(*) FROM documents")) == [(1,)]


class TestReadingOnly:
    """Neither by a statement that writes nor by a function in a SELECT is there a way out of the tables."""

    @pytest.mark.parametrize(
        "sql",
        [
            "COPY documents TO '{place}'",
            "COPY (SELECT 1) TO '{place}'",
            "EXPLAIN ANALYZE COPY (SELECT 1) TO '{place}'",
            "EXPLAIN ANALYZE COPY (PIVOT mentions ON label USING count(*)) TO '{place}'",
            "COPY (PIVOT mentions ON label USING count(*)) TO '{place}'",
            "EXPORT DATABASE '{place}'",
            "IMPORT DATABASE '{folder}'",
            "ATTACH '{place}' AS other",
            "ATTACH ':memory:' AS other",
            "INSTALL httpfs",
            "LOAD httpfs",
            "LOAD '{place}.duckdb_extension'",
            "UPDATE EXTENSIONS",
            "PRAGMA enable_profiling",
            "SET threads = 1",
            "SET enable_external_access = true",
            "EXPLAIN ANALYZE SET threads = 1",
            "RESET lock_configuration",
            "USE memory",
            "CREATE TABLE a (b INT)",
            "CREATE VIEW trials AS SELECT 1",
            "CREATE SECRET (TYPE s3)",
            "INSERT INTO documents VALUES (1)",
            "UPDATE documents SET document_id = 'x'",
            "DELETE FROM documents",
            "DROP VIEW documents",
            "WITH a AS (DELETE FROM documents RETURNING *) SELECT * FROM a",
            "CALL enable_logging(storage = 'file', storage_path = '{place}')",
            "SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '{place}')",
            "SELECT * FROM enable_profiling(save_location = '{place}')",
            "BEGIN",
            "PREPARE a AS SELECT 1",
            "VACUUM",
        ],
    )
    def test_a_statement_that_does_more_is_refused(self, dataset: Dataset, tmp_path: Path, sql: str) -> None:
        before = {path: path.read_bytes() for path in dataset.folder.iterdir()}
        with pytest.raises(ExtractError, match=r"^[^\n]+$"):
            list(run_query(dataset.folder, sql.format(place=tmp_path / "place", folder=dataset.folder)))
        assert names_in(tmp_path) == []
        assert {path: path.read_bytes() for path in dataset.folder.iterdir()} == before

    @pytest.mark.parametrize(
        "source",
        [
            "'{file}'",
            "read_csv('{file}')",
            "read_text('{file}')",
            "read_blob('{file}')",
            "read_parquet('{parquet}')",
            "'{parquet}'",
            "parquet_metadata('{parquet}')",
            "glob('{folder}/*')",
            "sniff_csv('{file}')",
            "query_table('{file}')",
            "query('FROM read_text(''{file}'')')",
            "'https://example.org/a.csv'",
            "read_csv('https://example.org/a.csv')",
            "read_parquet('s3://example/a.parquet')",
        ],
    )
    def test_no_file_and_no_address_is_opened(self, dataset: Dataset, tmp_path: Path, source: str) -> None:
        (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        names = {"file": tmp_path / "secret.csv", "folder": tmp_path, "parquet": dataset.path("trials")}
        with pytest.raises(ExtractError, match=r"(Permission|Binder|Catalog|Parser) Error"):
            list(run_query(dataset.folder, f"SELECT * FROM {source.format(**names)}"))

    def test_variables_of_the_program_are_no_tables(self, dataset: Dataset) -> None:
        frame = pa.table({"a": [1]})
        assert len(frame) == 1
        with pytest.raises(ExtractError, match="frame does not exist"):
            run_query(dataset.folder, "SELECT * FROM frame")

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("enable_external_access", False),
            ("lock_configuration", True),
            ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False),
            ("temp_directory", ""),
        ],
    )
    def test_duckdb_is_shut(self, ask: Ask, setting: str, value: object) -> None:
        assert ask(f"SELECT current_setting('{setting}')") == [(value,)]


class TestMistakes:
    @pytest.mark.parametrize("sql", ["", " \n", ";", ";;", "-- only a comment", "/* only a comment */"])
    def test_a_query_without_a_statement_is_told(self, ask: Ask, sql: str) -> None:
        with pytest.raises(ExtractError, match=r"a query is one SQL statement, here are 0$"):
            ask(sql)

    @pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "SELECT 1; DROP VIEW documents"])
    def test_two_statements_are_refused(self, ask: Ask, sql: str) -> None:
        with pytest.raises(ExtractError, match=r"a query is one SQL statement, here are 2$"):
            ask(sql)

    @pytest.mark.parametrize(
        ("sql", "message"),
        [
            ("SELECT * FROM trial", r"Table with name trial does not exist.*; tables: mentions, outcomes, .*columns$"),
            ("SELECT nothing FROM trials", r'"nothing" not found.*; columns of trials: document_id, .*, phase, '),
            ("SELECT * FROM references", r'; write "references" in double quotes, or reference_list$'),
            ("SELECT\n  1 +\n  FROM FROM trials", r"Parser Error: .* \(line \d of the query\)$"),
            ("SELECT 'open", r"Parser Error: unterminated"),
            ("SELECT ?", r"[Pp]arameters"),
            ("SELECT study::INT FROM studies", r"Conversion Error: "),
            ("SELECT now()", r"; cast times with a time zone to TIMESTAMP$"),
            ("SELECT \udce9", r"the query is not encoded in UTF-8$"),
        ],
    )
    def test_each_is_one_line_that_names_the_place_and_says_what_there_is(
        self, dataset: Dataset, ask: Ask, sql: str, message: str
    ) -> None:
        with pytest.raises(ExtractError) as raised:
            ask(sql)
        assert str(raised.value).startswith(f"{dataset.folder}: ")
        assert "\n" not in str(raised.value)
        assert re.search(message, str(raised.value))

    def test_a_row_that_cannot_be_computed_is_told(self, ask: Ask) -> None:
        with pytest.raises(ExtractError, match=r"late$"):
            ask("SELECT CASE WHEN range < 1000000 THEN 1 ELSE error('late') END FROM range(2000000)")

    def test_a_folder_without_dataset_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="no dataset"):
            run_query(tmp_path, "SELECT 1")

    def test_a_damaged_table_is_told_in_one_line(self, tmp_path: Path) -> None:
        dataset = make_dataset(tmp_path, [make_hostile()])
        damage(dataset, "evidence")
        with pytest.raises(ExtractError, match=r"^[^\n]*'?evidence'?[^\n]*$"):
            list(run_query(tmp_path, "SELECT * FROM evidence"))
        assert list(run_query(tmp_path, "SELECT count(*) FROM trials")) == [(2,)]

    def test_no_changed_byte_is_read_as_other_rows(self, tmp_path: Path) -> None:
        path, chance = make_dataset(tmp_path, [make_hostile()]).path("evidence"), random.Random(0)
        data, rows = path.read_bytes(), list(run_query(tmp_path, "SELECT * FROM evidence"))
        told = 0
        for _ in range(150):
            changed = bytearray(data)
            changed[chance.randrange(len(data))] ^= chance.randrange(1, 256)
            path.write_bytes(changed)
            try:
                found = list(run_query(tmp_path, "SELECT * FROM evidence"))
            except ExtractError:
                told += 1
            else:
                assert found == rows
        assert told > 50


class TestSize:
    def test_rows_are_computed_as_they_are_taken(self, dataset: Dataset) -> None:
        assert list(islice(run_query(dataset.folder, "SELECT * FROM range(1000000000000)"), 2)) == [(0,), (1,)]

    def test_a_long_table_is_not_held(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dataset_sink, "ROW_GROUP", 5_000)
        monkeypatch.setattr(sink, "BATCH", 1_000)
        evidence = to_arrow(make_hostile().evidence[:1], "evidence")
        quote = evidence.schema.names.index("quote")
        evidence = evidence.set_column(quote, arrow_schema("evidence").field("quote"), pa.array(["x" * 200]))
        rows = pa.concat_tables([evidence] * 50_000).combine_chunks()
        with write_dataset(tmp_path) as writer:
            for _ in range(8):
                writer.add("evidence", rows)
        size = 8 * rows.nbytes
        del rows
        before = pa.total_allocated_bytes()
        held = 0
        for number, _ in enumerate(run_query(tmp_path, "SELECT * FROM evidence")):
            if number % 1000 == 0:
                held = max(held, pa.total_allocated_bytes() - before)
        assert number == 8 * 50_000 - 1
        assert held < size / 2

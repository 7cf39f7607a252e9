"""A dataset: other programs read its values, its description is true, and it is whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract.errors import OutputError, ReadError
from extract.frames import KEYS
from extract.records import TABLES, Record, Schema
from extract.sinks import dataset as sink
from extract.sinks.arrow import arrow_schema, printed_columns, to_arrow
from extract.sinks.datapackage import DESCRIPTOR
from extract.sinks.dataset import DICTIONARY, FILES, Dataset, write_dataset
from extract.sinks.exporting import read_rows

from .datasets import damage, make_dataset, make_extractions, make_hostile, names_in, read_parquet

TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


@pytest.fixture
def small(tmp_path: Path) -> Dataset:
    """A dataset that a test may spoil."""
    return make_dataset(tmp_path / "dataset", [make_hostile()])


def records(table: Schema) -> list[Record]:
    """All records of a table."""
    return [
        row
        for extraction in make_extractions()
        for row in (extraction.promised() if table == "mentions" else extraction.rows(table))
    ]


def plain(record: Record, table: Schema) -> dict[str, Any]:
    """The columns of a record in Parquet: numbers as doubles and as printed, tuples as lists."""
    row = record.model_dump(mode="json")
    printed = {f"{name}_printed": row[name] for name in printed_columns(table)}
    return {name: getattr(record, name) if name in printed_columns(table) else row[name] for name in row} | printed


class TestOtherPrograms:
    @pytest.mark.parametrize("table", TABLES)
    def test_pyarrow_reads_every_value(self, dataset: Dataset, table: Schema) -> None:
        found = pq.read_table(dataset.path(table)).to_pylist()
        assert found == [
            {
                name: float(value) if value is not None and name in printed_columns(table) else value
                for name, value in plain(each, table).items()
            }
            for each in records(table)
        ]

    @pytest.mark.parametrize("table", TABLES)
    def test_duckdb_reads_what_pyarrow_reads(self, dataset: Dataset, table: Schema) -> None:
        with duckdb.connect() as connection:
            result = connection.execute(f"SELECT * FROM '{dataset.path(table)}'")
            names = [column[0] for column in result.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        assert rows == pq.read_table(dataset.path(table)).to_pylist()

    @pytest.mark.parametrize("table", TABLES)
    def test_pandas_reads_nullable_types_and_the_same_values(self, dataset: Dataset, table: Schema) -> None:
        frame = read_parquet(dataset, table)
        expected = {pa.int64(): "Int64", pa.float64(): "Float64", pa.bool_(): "boolean", pa.string(): "string"}
        for column in arrow_schema(table):
            assert str(frame[column.name].dtype).split("[")[0] == expected.get(column.type, "object")
        rows = pq.read_table(dataset.path(table)).to_pylist()
        for name in frame.columns:
            assert [None if value is pd.NA else value for value in frame[name]] == [row[name] for row in rows]


@pytest.mark.filterwarnings("ignore:os.path.commonprefix:DeprecationWarning")  # frictionless on Python 3.15
class TestDescription:
    def test_frictionless_finds_the_dataset_valid(self, small: Dataset) -> None:
        report = frictionless.validate(str(small.folder / DESCRIPTOR))
        assert report.valid, report.flatten(["type", "message"])
        assert [task.name for task in report.tasks] == list(TABLES)

    @pytest.mark.parametrize("kept", [0, 100, -200])
    def test_frictionless_finds_a_truncated_file(self, small: Dataset, kept: int) -> None:
        path = small.path("trials")
        path.write_bytes(path.read_bytes()[:kept])
        report = frictionless.validate(str(small.folder / DESCRIPTOR))
        assert [task.name for task in report.tasks if not task.valid] == ["trials"]

    def test_frictionless_finds_rows_of_a_document_that_is_not_there(self, tmp_path: Path) -> None:
        dataset = make_dataset(tmp_path / "dataset", [make_hostile()])
        documents = pq.read_table(dataset.path("documents"))
        pq.write_table(documents.slice(0, 0), dataset.path("documents"))
        report = frictionless.validate(str(dataset.folder / DESCRIPTOR))
        assert "foreign-key" in {error for (error,) in report.flatten(["type"])}

    @pytest.mark.parametrize("table", TABLES)
    def test_each_field_is_described_as_the_parquet_has_it(self, dataset: Dataset, table: Schema) -> None:
        described = {each["name"]: each for each in json.loads((dataset.folder / DESCRIPTOR).read_text())["resources"]}
        resource = described[table]
        schema = pq.read_schema(dataset.folder / resource["path"])
        assert [field["name"] for field in resource["schema"]["fields"]] == schema.names
        for field, column in zip(resource["schema"]["fields"], schema, strict=True):
            assert field["type"] == "any" if pa.types.is_list(column.type) else TYPES[field["type"]] == column.type
            assert field["description"] == column.metadata[b"description"].decode() != ""
            assert field.get("constraints", {}).get("required", False) is not column.nullable
        assert resource["sha256"] == hashlib.sha256(dataset.path(table).read_bytes()).hexdigest()

    @pytest.mark.parametrize("table", TABLES)
    def test_its_keys_tell_the_rows_apart(self, dataset: Dataset, table: Schema) -> None:
        frame = read_parquet(dataset, table)
        assert not frame.duplicated(list(KEYS[table])).any()
        assert set(frame["document_id"]) <= set(read_parquet(dataset, "documents")["document_id"])


class TestBytes:
    @staticmethod
    def written(folder: Path, cuts: Sequence[int]) -> dict[str, bytes]:
        """The files where the rows of each table came in the pieces between `cuts`."""
        with write_dataset(folder) as writer:
            for table in TABLES:
                rows = records(table)
                for start, end in pairwise([0, *cuts, len(rows)]):
                    writer.add(table, to_arrow(rows[min(start, len(rows)) : end], table))
        return {name: (folder / name).read_bytes() for name in FILES}

    def test_they_do_not_depend_on_how_the_rows_were_cut(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sink, "ROW_GROUP", 7)
        whole = self.written(tmp_path / "whole", [])
        assert pq.read_metadata(tmp_path / "whole" / "evidence.parquet").num_row_groups > 10
        for number, cuts in enumerate(([1, 2, 3], [7, 14], [6, 8, 15, 20], [5], [0, 0, 3, 100])):
            assert self.written(tmp_path / str(number), cuts) == whole

    def test_they_are_the_same_when_written_again_in_the_same_place(self, tmp_path: Path) -> None:
        assert self.written(tmp_path, []) == self.written(tmp_path, [])

    def test_groups_are_full_but_for_the_last(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sink, "ROW_GROUP", 10)
        self.written(tmp_path, [3, 25])
        metadata = pq.read_metadata(tmp_path / "evidence.parquet")
        lengths = [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
        assert set(lengths[:-1]) == {10}
        assert sum(lengths) == len(records("evidence"))

    def test_no_day_and_no_place_stand_in_the_description(self, small: Dataset) -> None:
        text = (small.folder / DESCRIPTOR).read_text(encoding="utf-8")
        assert str(small.folder) not in text
        assert "created" not in text


class TestWriting:
    def test_an_interrupted_write_leaves_the_earlier_dataset(self, small: Dataset) -> None:
        before = {path: path.read_bytes() for path in small.folder.iterdir()}

        def interrupted() -> None:
            with write_dataset(small.folder) as writer:
                writer.add("trials", to_arrow(records("trials"), "trials"))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert {path: path.read_bytes() for path in small.folder.iterdir()} == before

    def test_what_a_killed_run_left_goes(self, small: Dataset) -> None:
        (small.folder / ".dataset.1").mkdir()
        (small.folder / ".dataset.1" / "trials.parquet").write_bytes(b"PAR1")
        make_dataset(small.folder, [])
        assert names_in(small.folder) == sorted((*FILES, DICTIONARY))

    def test_a_place_below_a_file_is_told_in_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match=r"file/out: cannot be written: [^\n]+$"):
            make_dataset(tmp_path / "file" / "out", [])
        assert names_in(tmp_path) == ["file"]

    def test_a_folder_in_the_place_of_a_table_is_told_in_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "trials.parquet").mkdir()
        with pytest.raises(OutputError, match=r"cannot be written: [^\n]+$"):
            make_dataset(tmp_path, [])
        assert not [name for name in names_in(tmp_path) if name.startswith(".")]

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who may do all may write everywhere")
    def test_a_folder_that_may_not_be_written_is_told_in_one_line(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(OutputError, match=r"cannot be written: Permission denied$"):
            make_dataset(tmp_path / "out", [])


class TestReading:
    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_file_is_named(self, small: Dataset, name: str) -> None:
        (small.folder / name).unlink()
        with pytest.raises(ReadError, match=rf"^{small.folder}: no dataset: {name} is missing; make one with [^\n]+$"):
            Dataset(small.folder)

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"gone: no dataset"):
            Dataset(tmp_path / "gone")

    @pytest.mark.parametrize("kept", [0, 4, 100, -1, -200])
    def test_a_truncated_table_is_told_in_one_line(self, small: Dataset, kept: int) -> None:
        path = small.path("evidence")
        path.write_bytes(path.read_bytes()[:kept])
        with pytest.raises(ReadError, match=rf"^{path}: damaged, or no Parquet file \([^\n]+\)$"):
            Dataset(small.folder)

    def test_a_table_damaged_in_its_middle_is_told_in_one_line(self, small: Dataset) -> None:
        damage(small, "evidence")
        with pytest.raises(ReadError, match=rf"^{small.path('evidence')}: damaged[^\n]+$"):
            list(read_rows(Dataset(small.folder), "evidence"))

    def test_no_changed_byte_is_read_as_other_rows(self, small: Dataset) -> None:
        path, chance = small.path("evidence"), random.Random(0)
        data, rows = path.read_bytes(), list(small.rows("evidence"))
        told = []
        for _ in range(150):
            changed = bytearray(data)
            changed[chance.randrange(len(data))] ^= chance.randrange(1, 256)
            path.write_bytes(changed)
            try:
                found = list(read_rows(Dataset(small.folder), "evidence"))
            except ReadError as error:
                told.append(str(error))
            else:
                assert found == rows
        assert len(told) > 50
        assert not [line for line in told if "\n" in line]

    def test_a_page_that_is_taken_for_the_last_is_told(self, small: Dataset) -> None:
        path = small.path("evidence")
        data = bytearray(path.read_bytes())
        column = pq.read_metadata(path).row_group(0).column(0)
        data[column.data_page_offset + 1] ^= 0x50  # in the page's type: one that Arrow skips
        path.write_bytes(data)
        with pytest.raises(ReadError, match=r"damaged \(0 of 31 rows\)"):
            list(read_rows(Dataset(small.folder), "evidence"))

    @pytest.mark.parametrize("change", [{b"schema_version": b"0.9"}, {b"schema_version": b"\xff"}, {}])
    def test_the_same_columns_of_another_version_are_refused(self, small: Dataset, change: dict[bytes, bytes]) -> None:
        data = pq.read_table(small.path("trials"))
        pq.write_table(data.replace_schema_metadata(change), small.path("trials"))
        with pytest.raises(ReadError, match=r"trials\.parquet: written by another version \(schema [^\n]+\); run"):
            Dataset(small.folder)

    def test_other_columns_are_refused(self, small: Dataset) -> None:
        data = pq.read_table(small.path("trials"))
        pq.write_table(data.drop_columns(["phase"]), small.path("trials"))
        with pytest.raises(ReadError, match=r"trials\.parquet: written by another version"):
            Dataset(small.folder)

    def test_rows_come_some_thousands_at_a_time(self, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sink, "BATCH", 10)
        lengths = [len(batch) for batch in dataset.batches("evidence")]
        assert max(lengths) == 10
        assert sum(lengths) == dataset.count("evidence") == len(records("evidence"))

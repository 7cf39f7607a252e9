"""A dataset as CSV and JSON lines: the bytes of a run, whole or not there."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from extract.errors import OutputError, ReadError
from extract.records import TABLES, Schema
from extract.sinks.arrow import printed_columns
from extract.sinks.dataset import Dataset
from extract.sinks.tables import open_tables
from extract.sinks.text_tables import write_csv, write_json_lines

from .datasets import HOSTILE, TEXTS, damage, make_dataset, make_extractions, make_hostile, names_in, read_parquet

Write = Callable[[Dataset, Path], list[Path]]


@pytest.fixture(scope="module")
def written(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write_csv(dataset, folder)
    write_json_lines(dataset, folder)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    with open_tables(folder) as tables:
        for extraction in make_extractions():
            tables.add(extraction)
    return folder


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("table", TABLES)
def test_the_bytes_are_those_of_a_run(written: Path, run: Path, table: Schema, ending: str) -> None:
    expected = (run / f"{table}.{ending}").read_bytes()
    assert expected.count(b"\n") > 1
    assert (written / f"{table}.{ending}").read_bytes() == expected


@pytest.mark.parametrize(("write", "ending"), [(write_csv, "csv"), (write_json_lines, "jsonl")])
def test_the_paths_are_returned(dataset: Dataset, tmp_path: Path, write: Write, ending: str) -> None:
    paths = write(dataset, tmp_path / "new" / "out")
    assert paths == [tmp_path / "new" / "out" / f"{table}.{ending}" for table in TABLES]
    assert names_in(tmp_path / "new" / "out") == sorted(path.name for path in paths)


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_the_values_of_the_parquet_from_csv(dataset: Dataset, written: Path, table: Schema) -> None:
    found = pd.read_csv(written / f"{table}.csv", dtype=str, keep_default_na=False, engine="python")  # C ends at NUL
    expected = read_parquet(dataset, table)
    assert len(found) == len(expected)
    for name in found.columns:
        source = expected[f"{name}_printed" if name in printed_columns(table) else name]
        if source.dtype != object:
            filled = source.astype("string").fillna("")
            assert found[name].tolist() == [
                text.lower() if source.dtype == "boolean" else text for text in filled.tolist()
            ]


def test_the_csv_module_reads_hostile_quotes_as_they_are(written: Path) -> None:
    csv.field_size_limit(100_000)
    with (written / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        quotes = [row["quote"] for row in csv.DictReader(stream) if row["document_id"] == HOSTILE]
    assert quotes == list(TEXTS)


def test_json_lines_are_the_rows_of_the_dataset(dataset: Dataset, written: Path) -> None:
    for table in TABLES:
        lines = (written / f"{table}.jsonl").read_bytes().decode().split("\n")[:-1]
        assert [json.loads(line) for line in lines] == list(dataset.rows(table))


def test_a_dataset_without_rows_has_headers(tmp_path: Path) -> None:
    empty = make_dataset(tmp_path / "dataset", [])
    for path in write_csv(empty, tmp_path / "out"):
        assert path.read_text(encoding="utf-8").count("\n") == 1
    assert all(path.read_bytes() == b"" for path in write_json_lines(empty, tmp_path / "out"))


@pytest.mark.parametrize("write", [write_csv, write_json_lines])
def test_a_damaged_table_is_named_and_earlier_files_stay(tmp_path: Path, write: Write) -> None:
    dataset = make_dataset(tmp_path / "dataset", [make_hostile()])
    before = {path: path.read_bytes() for path in write(dataset, tmp_path / "out")}
    damage(dataset, "evidence")
    with pytest.raises(ReadError, match=r"evidence\.parquet: damaged"):
        write(dataset, tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


@pytest.mark.parametrize("write", [write_csv, write_json_lines])
def test_a_place_that_cannot_be_written_is_named(dataset: Dataset, tmp_path: Path, write: Write) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"file.*: cannot be written"):
        write(dataset, tmp_path / "file")
    assert names_in(tmp_path) == ["file"]

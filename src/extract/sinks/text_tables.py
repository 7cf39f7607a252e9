"""A dataset as CSV and JSON lines, byte for byte what `extract run` writes for the same documents in the same order.

What the files hold and how missing values and lists stand in them is told in `extract.sinks.tables`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from extract.records import TABLES, Schema
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import read_rows, telling
from extract.sinks.tables import csv_cell, csv_line, open_atomically

Lines = Callable[[Dataset, Schema], Iterator[str]]


def write_csv(dataset: Dataset, folder: Path) -> list[Path]:
    """Write `<table>.csv` for each table and return the paths; raises OutputError where `folder` cannot be written."""
    return _write(dataset, folder, "csv", _csv_lines)


def write_json_lines(dataset: Dataset, folder: Path) -> list[Path]:
    """Write `<table>.jsonl` for each table and return the paths; raises OutputError as `write_csv`."""
    return _write(dataset, folder, "jsonl", _json_lines)


def _write(dataset: Dataset, folder: Path, ending: str, lines: Lines) -> list[Path]:
    """All files are put in place together, after the last line of the last one."""
    paths = {table: folder / f"{table}.{ending}" for table in TABLES}
    with ExitStack() as stack:
        for table, path in paths.items():
            stream = stack.enter_context(open_atomically(path))
            with telling(path):
                stream.writelines(lines(dataset, table))
    return list(paths.values())


def _csv_lines(dataset: Dataset, table: Schema) -> Iterator[str]:
    columns = list(TABLES[table].model_fields)
    yield csv_line(columns)
    for row in read_rows(dataset, table):
        yield csv_line(csv_cell(row[column]) for column in columns)


def _json_lines(dataset: Dataset, table: Schema) -> Iterator[str]:
    for row in read_rows(dataset, table):
        yield json.dumps(row, ensure_ascii=False) + "\n"

"""`extract batch`, `query`, `trials` and `export` as a person runs them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from extract.cli import main
from extract.commands.batches import TABLE_EXPORTS, TEXT_EXPORTS

from .reviews import write_reviews


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write_reviews(folder, 4)
    return folder


@pytest.fixture(scope="module")
def dataset(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    assert main(["batch", str(papers), "-o", str(folder), "--workers", "1"]) == 0
    return folder


def test_a_batch_writes_a_dataset_and_says_what_it_did(
    papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", str(papers), "-o", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "documents" in printed.out
    assert [line for line in printed.err.splitlines() if "4 files: 4 extracted" in line]
    outcomes = pd.read_parquet(tmp_path / "outcomes.parquet")
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/outcomes.parquet'").fetchall() == [(len(outcomes),)]
    assert main(["batch", "-o", str(tmp_path)]) == 0
    assert "4 files: 4 kept from before" in capsys.readouterr().err


def test_a_batch_with_a_bad_file_goes_on_and_says_so(
    papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    out = tmp_path / "out"
    assert main(["batch", str(papers), str(bad), "-o", str(out)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert any(line.startswith(f"extract: {bad}: ") for line in said)  # after a line of progress on a slow machine
    assert any("4 extracted, 1 failed" in line for line in said)
    assert any(str(out / "failures.csv") in line for line in said)
    assert main(["batch", "-o", str(out), "--retry-failed"]) == 1


def test_a_batch_in_which_nothing_can_be_done_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "-o", str(tmp_path / "none")]) == 2
    assert "nothing to extract" in capsys.readouterr().err
    assert main(["batch", str(tmp_path / "gone.md"), "-o", str(tmp_path)]) == 2
    assert "gone.md: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--workers", "0"), ("--timeout", "-1"), ("--timeout", "nan"), ("--memory", "lots"), ("--memory", "0M")],
)
def test_a_limit_that_makes_no_sense_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["batch", "x", "-o", "y", option, value])
    assert ended.value.code == 2
    assert f"{value!r} is no" in capsys.readouterr().err


def test_a_query_is_printed_as_a_table_csv_or_json(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT study, value FROM outcomes WHERE statistic = 'hazard_ratio' ORDER BY study"
    assert main(["query", str(dataset), sql]) == 0
    assert "NORTH-0" in capsys.readouterr().out
    assert main(["query", str(dataset), sql, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["study"] for row in rows] == [f"NORTH-{number}" for number in range(4)]
    assert main(["query", str(dataset), sql, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["value"] for line in lines] == [0.7, 0.71, 0.72, 0.73]


def test_a_query_may_come_from_standard_input(
    dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT count(*) AS n FROM documents"))
    assert main(["query", str(dataset), "-", "--csv"]) == 0
    assert capsys.readouterr().out == "n\n4\n"


def test_a_query_with_a_mistake_is_one_line(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(dataset), "SELECT nothing FROM outcomes"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "nothing" in line
    assert "endpoint_text" in line  # what there is instead


def test_trials_are_listed_and_shown(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trials", str(dataset)]) == 0
    printed = capsys.readouterr().out
    assert "NORTH-0" in printed
    assert "NCT00000003" in printed
    assert main(["trials", str(dataset), "--trial", "north-2"]) == 0
    assert "52.5" in capsys.readouterr().out
    assert main(["trials", str(dataset), "--json"]) == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 8
    assert main(["trials", str(dataset), "--trial", "NORTHSTAR"]) == 2
    assert "NORTHSTAR" in capsys.readouterr().err


@pytest.mark.parametrize("form", [*TABLE_EXPORTS, *TEXT_EXPORTS])
def test_every_format_is_exported_and_its_paths_are_printed(
    form: str, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(dataset), "--to", form, "-o", str(tmp_path / "exported")]) == 0
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert paths
    assert all(path.is_file() for path in paths)
    assert any(path.stat().st_size for path in paths)  # JSON lines of a table without rows are none
    assert all(path.is_relative_to(tmp_path) for path in paths)


def test_an_export_goes_beside_the_dataset_where_no_place_is_named(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(dataset, copy)
    assert main(["export", str(copy), "--to", "sqlite"]) == 0
    assert capsys.readouterr().out.strip() == str(copy / "exports" / "tables.sqlite")
    with sqlite3.connect(copy / "exports" / "tables.sqlite") as database:
        assert database.execute("SELECT count(*) FROM documents").fetchone() == (4,)
    database.close()


@pytest.mark.parametrize("command", [["query", "{}", "SELECT 1"], ["trials", "{}"], ["export", "{}", "--to", "csv"]])
def test_a_folder_without_a_dataset_is_told(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([part.format(tmp_path) for part in command]) == 2
    assert "make one with `extract batch`" in capsys.readouterr().err


def test_a_batch_compares_what_its_reviews_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in (("a", 61), ("b", 51)):
        text = f"# Review {name}\n\n## Results\n\nIn NORTH-1 (NCT09870001), 2-year overall survival was {value}%.\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["batch", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "-o", str(out), "--compare"]) == 0
    (row,) = pd.read_parquet(out / "comparison.parquet").to_dict("records")
    assert (row["status"], row["value_a"], row["value_b_printed"]) == ("conflict", 61.0, "51")
    capsys.readouterr()
    assert main(["compare", str(out), "--parquet", str(tmp_path / "c.parquet")]) == 0
    assert (tmp_path / "c.parquet").read_bytes() == (out / "comparison.parquet").read_bytes()
    assert main(["compare", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "--csv"]) == 0
    assert "conflict" in capsys.readouterr().out
    assert main(["compare", str(tmp_path / "a.md")]) == 2
    assert "name another" in capsys.readouterr().err

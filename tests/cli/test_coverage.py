"""`extract coverage`: the numbers that stand in no record, each with its line and reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from extract.cli import main
from extract.coverage import Reason


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.md"
    path.write_text("# Walks\n\n## Results\n\nIt rained in 2019.\n\nSee Table 4.\n", encoding="utf-8")
    return path


def test_coverage_lists_numbers_with_line_and_reason(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd)]) == 0
    shown = capsys.readouterr().out
    assert "odd: 2 of 2 numbers" in shown
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")] for line in shown.splitlines() if line.startswith("│")
    ]
    assert rows == [
        ["5", "2019", "year or date", "It rained in »2019«."],
        ["7", "4", "number of a table, figure or item", "See Table »4«."],
    ]


def test_coverage_prints_json_lines(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), "--json", "--reason", "year"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert (row["document_id"], row["number"], row["reason"], row["line"]) == ("odd", "2019", "year or date", 5)


def test_coverage_prints_csv_with_one_header(odd: Path, review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), str(review), "--csv"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert [row[:3] for row in rows[:3]] == [
        ["document_id", "number", "reason"],
        ["odd", "2019", "year or date"],
        ["odd", "4", "number of a table, figure or item"],
    ]
    assert [row[0] for row in rows].count("document_id") == 1


def test_coverage_summary_counts_by_reason(odd: Path, review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), str(review), "--summary"]) == 0
    rows = [line.split("│")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    counts = {row[0].strip(): [int(cell) for cell in row[1:]] for row in rows}
    assert counts["in records"][0] == 0
    assert counts["year or date"][0] == 1
    left = [name for name in counts if name in list(Reason)]
    for column in range(3):
        taken = counts["in records"][column] + sum(counts[name][column] for name in left)
        assert taken == counts["in all"][column]


def test_an_unknown_reason_is_told_with_those_there_are(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), "--reason", "weather"]) == 2
    assert capsys.readouterr().err == f"extract: no reason contains 'weather'; there are: {', '.join(Reason)}\n"


def test_coverage_goes_on_after_a_file_that_fails(
    odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.md"
    assert main(["coverage", str(missing), str(odd)]) == 1
    assert "odd: 2 of 2 numbers" in capsys.readouterr().out
    assert main(["coverage", str(missing)]) == 2

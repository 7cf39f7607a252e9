"""Decisions as gold: what everybody accepts is found again to the last row, what is not settled is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract.cli import main
from extract.decisions.documents import READ_OTHERWISE
from extract.evaluation import check_lines, check_offsets, load_gold, load_gold_records
from extract.readers import read

from .samples import SAMPLES, accept_all, add, decide, make_dataset, opened
from .test_tables import REVIEW

RECORDS = ("outcomes", "dosing", "trials")
PERCENT = {"endpoint": "AE", "endpoint_text": "stopped", "statistic": "percent", "value": "12", "unit": "%"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A dataset of one review."""
    (tmp_path / "review.md").write_text(REVIEW, encoding="utf-8")
    make_dataset(tmp_path / "out", [tmp_path / "review.md"])
    return tmp_path / "out"


def export(out: Path, *, code: int = 0) -> Path:
    assert main(["export", str(out), "--to", "gold", "-o", str(out / "mine")]) == code
    return out / "mine"


def scores(mine: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    capsys.readouterr()
    folders = ["--gold", str(mine / "gold"), "--corpus", str(mine / "corpus")]
    assert main(["evaluate", *folders, "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def imperfect(found: dict[str, Any]) -> list[str]:
    """The scores that are neither 1 nor without anything to count."""
    named = {label: row["strict"] for label, row in found["labels"].items()}
    for table, scores in found["records"].items():
        fields = scores.get("fields", {})
        named |= {f"{table} {name}": score for name, score in (scores | fields).items() if name != "fields"}
    return [name for name, score in named.items() if score["f1"] not in (1.0, None)]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["cardiology.md", "respiratory.md"])
def test_gold_of_a_text_that_everybody_accepted_is_found_again(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_dataset(tmp_path, [SAMPLES / name])
    accept_all(tmp_path, "Anna", "Ben")
    mine = export(tmp_path)
    found = scores(mine, capsys)
    assert found["labels"]["ALL"]["strict"]["f1"] == 1.0
    assert found["records"]["OUTCOME"]["row"]["f1"] == 1.0
    assert imperfect(found) == []
    assert (mine / "corpus" / name).read_bytes() == (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", ["cardiology-typeset.pdf", "haematology-archive.nxml"])
def test_gold_of_a_file_that_is_no_text_is_found_again_in_its_text_and_in_the_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_dataset(tmp_path, [SAMPLES / name])
    accept_all(tmp_path, "Anna")
    mine = export(tmp_path)
    for options in ((), ("--aligned",)):
        found = scores(mine, capsys, *options)
        assert found["aligned"] == bool(options)
        assert found["labels"]["ALL"]["strict"]["f1"] == 1.0
        assert found["records"]["OUTCOME"]["row"]["f1"] == 1.0
        assert imperfect(found) == []
    assert (mine / "corpus" / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_gold_has_what_people_added_and_corrected_where_it_stands(out: Path) -> None:
    accept_all(out, "Anna")
    decide(out, "review", "Anna", "reject", "o2")
    decide(out, "review", "Anna", "correct", "o1", value="61.50", arm="iron")
    add(out, "review", "Anna", "outcomes", "12%", **PERCENT)
    add(out, "review", "Anna", "mentions", "12% of", label="ENDPOINT", code="AE")
    mine = export(out)
    source = read(mine / "corpus" / "review.md").source
    mentions, records = load_gold(mine / "gold", "review"), load_gold_records(mine / "gold", "review")
    check_offsets(mentions, source)
    check_lines(records, source)
    line = next(number for number, text in enumerate(REVIEW.split("\n"), start=1) if "12%" in text)
    assert [(row.line, str(row.value), row.arm) for row in records.outcomes or ()][0::1] == [
        (line - 1, "61.50", "iron"),
        (line, "12", None),
    ]
    assert [each.text for each in mentions.mentions if each.code == "AE"] == ["12% of"]


def test_a_table_is_exported_only_when_it_is_settled(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(out, "Anna", tables=RECORDS)
    decide(out, "review", "Ben", "reject", "o1")
    mine = export(out)
    assert files(mine / "gold") == ["review/dosing.csv", "review/trials.csv"]
    said = capsys.readouterr().err
    assert "review: outcomes left out: 1 of 2 rows are disputed" in said
    assert "review: mentions left out: " in said
    assert "rows are not decided" in said


def test_gold_of_rows_alone_can_be_evaluated(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(out, "Anna", tables=("outcomes",))
    found = scores(export(out), capsys)
    assert found["records"]["OUTCOME"]["row"]["f1"] == 1.0
    assert found["labels"] == {}


def test_a_table_without_rows_is_gold_only_when_somebody_is_done(tmp_path: Path) -> None:
    text = REVIEW.replace("Patients received iron 200 mg once daily. ", "")
    (tmp_path / "review.md").write_text(text, encoding="utf-8")
    make_dataset(tmp_path / "out", [tmp_path / "review.md"])
    decide(tmp_path / "out", "review", "Anna", "accept", "o1")
    decide(tmp_path / "out", "review", "Anna", "accept", "o2")
    assert "review/dosing.csv" not in files(export(tmp_path / "out") / "gold")
    with opened(tmp_path / "out") as (log, _):
        log.finish("review", reviewer="Anna")
    mine = export(tmp_path / "out")
    assert "review/dosing.csv" in files(mine / "gold")
    assert load_gold_records(mine / "gold", "review").dosing == ()


def test_a_file_that_was_changed_is_left_out(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(out, "Anna")
    (out / "papers" / "review.md").write_text("Changed.\n", encoding="utf-8")
    export(out, code=2)
    said = capsys.readouterr().err
    assert "review: left out: the file is not there any more, or was changed since it was extracted" in said
    assert "nothing to export as gold" in said


def test_a_text_that_is_read_otherwise_is_left_out(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    accept_all(out, "Anna")
    monkeypatch.setattr("extract.decisions.documents.read", lambda path, **_: read(SAMPLES / "cardiology.md"))
    export(out, code=2)
    assert READ_OTHERWISE in capsys.readouterr().err


def test_documents_that_nobody_decided_on_are_passed_over(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.md").write_text(f"{REVIEW}\nThe {name}.\n", encoding="utf-8")
    make_dataset(tmp_path / "out", [tmp_path / "first.md", tmp_path / "second.md"])
    decide(tmp_path / "out", "second", "Anna", "accept", "t1")
    assert files(export(tmp_path / "out")) == ["corpus/second.md", "exported.csv", "gold/second/trials.csv"]


def test_an_export_replaces_the_one_before_and_nothing_else(out: Path) -> None:
    accept_all(out, "Anna")
    mine = export(out)
    (mine / "gold" / "other").mkdir()
    (mine / "gold" / "other" / "trials.csv").write_text("by hand")
    decide(out, "review", "Ben", "reject", "o1")
    assert files(export(out)) == [
        *("corpus/review.md", "exported.csv", "gold/other/trials.csv"),
        *(f"gold/review/{name}" for name in ("dosing.csv", "mentions.jsonl", "trials.csv")),
    ]


def test_what_was_changed_by_hand_is_not_overwritten(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(out, "Anna")
    changed = export(out) / "gold" / "review" / "dosing.csv"
    text = changed.read_text() + "by hand"
    changed.write_text(text)
    decide(out, "review", "Ben", "reject", "o1")
    for _ in range(2):  # and is not forgotten
        export(out, code=2)
        assert f"{changed}: not written by an earlier export, or changed since" in capsys.readouterr().err
        assert changed.read_text() == text


def test_gold_that_was_made_by_hand_is_not_overwritten(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept_all(out, "Anna")
    (out / "mine" / "gold" / "review").mkdir(parents=True)
    (out / "mine" / "gold" / "review" / "trials.csv").write_text("by hand")
    export(out, code=2)
    assert "trials.csv: not written by an earlier export" in capsys.readouterr().err
    assert (out / "mine" / "gold" / "review" / "trials.csv").read_text() == "by hand"

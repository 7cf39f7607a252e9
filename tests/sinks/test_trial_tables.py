"""Trials over the documents of a dataset: how they are shown in the terminal and written."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from extract.assembly import Extraction
from extract.cli import main
from extract.errors import ReadError
from extract.sinks.dataset import Dataset
from extract.sinks.merged_trials import MergedTrial, find_trial, merge_trials
from extract.sinks.trial_tables import trial_detail, trials_overview, write_trials

from .datasets import damage, make_dataset, make_hostile
from .making_trials import (
    LAKE,
    RIVER,
    make_document,
    make_dosing,
    make_outcome,
    make_study,
    make_trial,
    merge,
    printed,
)


def make_review() -> list[Extraction]:
    return [
        make_document(
            "osei2019",
            make_trial("LAKE", LAKE, phase="III", enrolled=40),
            make_outcome("LAKE", "71.3", timepoint="P2Y", arm="aspirin", ci_low="60", ci_high="80", page_number=4),
            make_outcome("LAKE", "0.80", endpoint="OTHER", endpoint_text="Wet  feet", statistic="hazard_ratio"),
            make_dosing("LAKE", "75", agent="aspirin", route="po", schedule="daily", confidence="carried"),
            make_study("LAKE", n="Forty", design="randomised"),
            title="Cold lakes",
        ),
        make_document("brandt2021", make_trial("LAKE"), make_outcome("LAKE", "71.0", timepoint="P24M", arm="aspirin")),
    ]


def test_the_overview_has_a_line_a_trial_the_most_read_first(tmp_path: Path) -> None:
    merged = merge(tmp_path, make_document("x", make_trial(RIVER, RIVER)), *make_review())
    lines = [line.split() for line in printed(trials_overview(merged)).splitlines() if line.strip()]
    assert " ".join(lines[0]) == "2 trials, 1 of them in more than one document"
    assert lines[1] == ["trial", "registry", "ids", "documents", "outcomes", "doses", "endpoints"]
    assert lines[3:] == [["LAKE", LAKE, "2", "3", "1", "OS", "2", "·", "wet", "feet", "1"], [RIVER, "1"]]


def test_the_detail_shows_documents_and_results_by_endpoint(tmp_path: Path) -> None:
    merged = find_trial(merge(tmp_path, *make_review()), "LAKE")
    shown = printed(trial_detail(merged))
    lines = [" ".join(line.strip("│").split()) for line in shown.splitlines()]
    assert f"registry ids {LAKE}" in lines
    assert "document 1 osei2019: Cold lakes (joined by name)" in lines
    assert "document 2 brandt2021 (joined by name)" in lines
    assert "1 Forty III randomised" in lines
    first = lines.index("survival (OS) 2 y aspirin 71.3% (CI 60 to 80) 1 p. 4")
    assert lines[first + 1] == "24 mo aspirin 71.0% 2"
    assert lines[first + 3] == "Wet feet HR 0.80% 1"
    assert "aspirin 75 mg daily po ~ 1" in lines
    assert lines[-1] == "~ the study is that of a sentence before"


@pytest.mark.parametrize("width", [80, 140])
def test_hostile_names_break_no_terminal(tmp_path: Path, width: int) -> None:
    name = "LAKE \x1b[2J\x07\r\nRED [bold]x[/bold] " + "long" * 40
    rows = [make_trial(name, LAKE, aliases=["[/]", "\x9b"]), make_outcome(name, arm=name, endpoint_text=name)]
    merged = merge(tmp_path, make_document("a", *rows, make_dosing(name, agent=name)), make_hostile())
    texts = [printed(shown, width) for shown in (trials_overview(merged), *map(trial_detail, merged))]
    assert not set("".join(texts)) & {"\x1b", "\x07", "\r", "\x9b"}
    assert max(len(line) for text in texts for line in text.splitlines()) <= width
    assert "[bold]x[/bold]" in " ".join(texts[0].split())
    assert {row["trial"] for row in read_csv(merged)} == {each.label for each in merged}


def read_csv(merged: list[MergedTrial]) -> list[dict[str, str]]:
    stream = StringIO()
    write_trials(merged, stream, "csv")
    return list(csv.DictReader(StringIO(stream.getvalue(), newline="")))


def test_csv_has_a_row_a_record(tmp_path: Path) -> None:
    rows = read_csv(merge(tmp_path, *make_review()))
    assert [(row["table"], row["document_id"], row["record_id"]) for row in rows] == [
        ("trials", "osei2019", "t1"),
        ("trials", "brandt2021", "t1"),
        ("studies", "osei2019", "s1"),
        ("outcomes", "osei2019", "o1"),
        ("outcomes", "brandt2021", "o1"),
        ("outcomes", "osei2019", "o2"),
        ("dosing", "osei2019", "d1"),
    ]
    assert {row["trial"] for row in rows} == {"LAKE"}
    assert {row["trial_registry_ids"] for row in rows} == {LAKE}
    assert (rows[3]["title"], rows[3]["value"], rows[3]["ci_low"], rows[3]["page_number"]) == (
        *("Cold lakes", "71.3", "60", "4"),
    )
    assert rows[5]["value"] == "0.80"
    assert (rows[2]["n"], rows[2]["design"]) == ("Forty", "randomised")


def test_json_has_a_line_a_trial_with_its_evidence_as_in_the_tables(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path, [*make_review(), make_document("x", make_trial(RIVER, RIVER))])
    stream = StringIO()
    write_trials(merge_trials(dataset), stream, "json")
    lake, river = map(json.loads, stream.getvalue().splitlines())
    assert (lake["trial"], river["trial"]) == ("LAKE", RIVER)
    assert [(each["document_id"], each["joined_by"]) for each in lake["documents"]] == [
        ("osei2019", "name"),
        ("brandt2021", "name"),
    ]
    for table in ("trials", "studies", "outcomes", "dosing"):
        known = {(row["document_id"], row["record_id"]): row for row in dataset.rows(table)}
        for row in lake[table]:
            assert row.pop("section") is None
            assert row.pop("also_in") == []
            if table == "studies":
                assert row.pop("page_number") is None
            assert row == known[row["document_id"], row["record_id"]]
        assert len(lake[table]) == sum(key[0] != "x" for key in known)
    assert river["outcomes"] == []


def test_a_dataset_without_trials(tmp_path: Path) -> None:
    merged = merge(tmp_path, make_document("a", make_outcome("ref:4")))
    assert merged == []
    assert printed(trials_overview(merged)).strip() == "no trials"
    assert read_csv(merged) == []


def test_a_damaged_table_is_told(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path, make_review())
    damage(dataset, "outcomes")
    with pytest.raises(ReadError, match=r"outcomes\.parquet: damaged"):
        merge_trials(dataset)


def test_rows_out_of_the_order_of_the_documents_are_told(tmp_path: Path) -> None:
    for name, documents in (("a", make_review()), ("b", make_review()[::-1])):
        make_dataset(tmp_path / name, documents)
    (tmp_path / "b" / "outcomes.parquet").replace(tmp_path / "a" / "outcomes.parquet")
    with pytest.raises(ReadError, match=r"outcomes\.parquet: rows of osei2019 are not in the order of the documents"):
        merge_trials(Dataset(tmp_path / "a"))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_dataset(tmp_path, make_review())
    assert main(["trials", str(tmp_path)]) == 0
    assert "1 trial, 1 of them in more than one document" in capsys.readouterr().out
    assert main(["trials", str(tmp_path), "--trial", "lake"]) == 0
    assert "╭─ LAKE" in capsys.readouterr().out
    assert main(["trials", str(tmp_path), "--trial", LAKE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trial"] == "LAKE"
    assert main(["trials", str(tmp_path), "--trial", "river"]) == 2
    assert "extract: no trial 'river'" in capsys.readouterr().err

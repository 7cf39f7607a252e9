"""`extract evaluate` with the rows of the gold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.cli import main
from extract.evaluation.gold_records import GoldOutcome

TEXT = "# Iron\n\n## Results\n\nOverall survival at 2 years was 61.5% with iron.\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Gold of one mention and two rows, the second of which nobody can find, beside a corpus with the text."""
    corpus, folder = tmp_path / "corpus", tmp_path / "gold" / "review"
    corpus.mkdir()
    folder.mkdir(parents=True)
    (corpus / "review.md").write_text(TEXT, encoding="utf-8")
    start = TEXT.index("61.5%")
    mention = {"start": start, "end": start + 5, "line": 5, "label": "PERCENT", "text": "61.5%", "role": "value"}
    (folder / "mentions.jsonl").write_text(json.dumps(mention | {"value": 61.5}), encoding="utf-8")
    columns = list(GoldOutcome.model_fields)
    rows = [columns]
    for value in ("61.5", "99.9"):
        cells = {"line": "5", "endpoint": "OS", "endpoint_text": "Overall survival", "statistic": "percent"}
        rows.append([(cells | {"value": value, "unit": "%", "timepoint": "P24M"}).get(name, "") for name in columns])
    (folder / "outcomes.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    return tmp_path / "gold"


def evaluate(gold: Path, *options: str) -> int:
    return main(["evaluate", "--gold", str(gold), "--corpus", str(gold.parent / "corpus"), *options])


def test_both_tables_are_printed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold) == 0
    shown = capsys.readouterr().out
    assert shown.index("all documents (matched by place)") < shown.index("all documents (records)")
    assert "OUTCOME timepoint" in shown
    assert "DOSING" not in shown  # nobody annotated doses


def test_records_alone(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--only", "records") == 0
    shown = capsys.readouterr().out
    assert "OUTCOME core" in shown
    assert "matched by place" not in shown


def test_mentions_alone(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--only", "mentions", "--markdown") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("| label |")
    assert "OUTCOME" not in shown


def test_markdown_has_both_tables(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--markdown") == 0
    mentions, records = capsys.readouterr().out.split("\n\n")
    assert mentions.startswith("| label |")
    assert records.startswith("| record |")


def test_errors_of_records_are_listed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--errors", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["records"]["OUTCOME"]["core"]["fn"] >= 1
    assert any(
        error.startswith("review line 5: OUTCOME row miss: OS 'Overall survival' percent 99.9")
        for error in report["errors"]
    )


def test_another_rendition_is_scored_without_offsets(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = gold.parent / "corpus" / "review.md"
    text.write_text("\n\n" + TEXT, encoding="utf-8")
    assert evaluate(gold, "--aligned", "--only", "records", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["aligned"] is True
    assert report["records"]["OUTCOME"]["core"]["tp"] == 1


def test_the_baseline_tells_records_that_were_lost(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = gold / "baseline.json"
    assert evaluate(gold, "--update-baseline") == 0
    baseline = json.loads(path.read_text(encoding="utf-8"))
    assert evaluate(gold, "--check-baseline") == 0
    baseline["review"]["OUTCOME core"] = {"tp": 40, "fp": 0, "fn": 0}
    path.write_text(json.dumps(baseline), encoding="utf-8")
    capsys.readouterr()
    assert evaluate(gold, "--check-baseline") == 1
    assert "review: OUTCOME core has F1 0." in capsys.readouterr().err
    assert evaluate(gold, "--only", "mentions", "--check-baseline") == 0


def test_a_gold_row_that_does_not_fit_is_told(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = gold / "review" / "outcomes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("99.9", "many"), encoding="utf-8")
    assert evaluate(gold) == 2
    assert "review/outcomes.csv row 3: value: 'many' is no number as printed" in capsys.readouterr().err


def test_the_page_is_written_beside_what_is_printed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = gold.parent / "evaluation.html"
    assert evaluate(gold, "--html", str(page)) == 0
    shown = capsys.readouterr()
    assert "all documents (records)" in shown.out
    assert f"wrote {page}" in shown.err
    assert "There is no baseline" in page.read_text(encoding="utf-8")


def test_the_page_compares_with_the_baseline_before_it_is_updated(gold: Path) -> None:
    page = gold.parent / "evaluation.html"
    assert evaluate(gold, "--update-baseline") == 0
    path = gold / "baseline.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"tp": 1', '"tp": 0'), encoding="utf-8")
    assert evaluate(gold, "--html", str(page), "--update-baseline") == 0
    assert "gain</td>" in page.read_text(encoding="utf-8")

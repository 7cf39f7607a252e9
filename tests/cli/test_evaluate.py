"""`extract evaluate`: scores, errors and the baseline of a small gold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.cli import main

from .making import REVIEW


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Gold of two mentions, one of which the program finds, beside a corpus with the text."""
    corpus = tmp_path / "corpus" / "sources"
    corpus.mkdir(parents=True)
    (corpus / "review.md").write_text(REVIEW, encoding="utf-8")
    folder = tmp_path / "gold" / "review"
    folder.mkdir(parents=True)
    rows = []
    for quote, attributes in (
        ("NCT02187354", {"label": "REGISTRY_ID", "registry": "NCT", "valid": True}),
        ("children", {"label": "TRIAL", "trial": "children"}),
    ):
        start = REVIEW.index(quote, 30)
        rows.append({"start": start, "end": start + len(quote), "line": 5, "text": quote, **attributes})
    rows.sort(key=lambda row: row["start"])
    (folder / "mentions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    other = tmp_path / "gold" / "elsewhere"
    other.mkdir()
    (other / "mentions.jsonl").write_text("", encoding="utf-8")
    return tmp_path / "gold"


def evaluate(gold: Path, *options: str) -> int:
    return main(["evaluate", "--gold", str(gold), "--corpus", str(gold.parent / "corpus"), *options])


def test_evaluate_prints_scores_and_what_is_not_at_hand(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold) == 0
    shown = capsys.readouterr().out
    assert "REGISTRY_ID" in shown
    assert "not at hand: elsewhere" in shown


def test_evaluate_lists_errors_in_context(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--errors") == 0
    assert "review line 5: TRIAL miss: 'children' | " in capsys.readouterr().out


def test_evaluate_prints_json_with_the_errors_asked_for(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--json", "--errors") == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["labels"]["REGISTRY_ID"]["strict"]["f1"] == 1
    assert any("'children'" in error for error in scores["errors"])


def test_evaluate_prints_markdown(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--markdown") == 0
    assert "| REGISTRY_ID | 1 | 1.000 | 1.000 | 1.000" in capsys.readouterr().out


def test_evaluate_aligned_needs_no_offsets(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = gold.parent / "corpus" / "sources" / "review.md"
    text.write_text("\n\nOther offsets. " + REVIEW, encoding="utf-8")
    assert evaluate(gold) == 2
    capsys.readouterr()
    assert evaluate(gold, "--aligned", "--json") == 0
    assert json.loads(capsys.readouterr().out)["labels"]["REGISTRY_ID"]["strict"]["f1"] == 1


def test_the_baseline_is_written_kept_and_compared(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = gold / "baseline.json"
    path.write_text('{"other": {"DOSE": {"tp": 4, "fp": 0, "fn": 0}}}', encoding="utf-8")
    assert evaluate(gold, "--update-baseline") == 0
    baseline = json.loads(path.read_text(encoding="utf-8"))
    assert baseline["other"]["DOSE"]["tp"] == 4
    assert baseline["review"]["REGISTRY_ID"] == {"tp": 1, "fp": 0, "fn": 0}
    assert evaluate(gold, "--check-baseline") == 0
    baseline["review"]["REGISTRY_ID"]["tp"] = 4
    path.write_text(json.dumps(baseline), encoding="utf-8")
    capsys.readouterr()
    assert evaluate(gold, "--check-baseline") == 1
    assert "review: REGISTRY_ID has 1 correct, 3 fewer" in capsys.readouterr().err


def test_a_missing_baseline_is_told(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--check-baseline") == 2
    assert "baseline.json" in capsys.readouterr().err


def test_an_evaluation_without_any_text_is_told(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--gold", str(gold), "--corpus", str(gold)]) == 2
    assert "has its text in" in capsys.readouterr().err


def test_an_evaluation_without_gold_tells_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--gold", str(tmp_path / "none")]) == 2
    assert f"{tmp_path / 'none'}: no gold documents; name their folder with --gold" in capsys.readouterr().err


def test_a_document_asked_for_must_be_at_hand(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--documents", "elsewhere") == 2
    assert "elsewhere" in capsys.readouterr().err

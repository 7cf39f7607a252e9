"""Gold without mentions: the rows are scored, nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.cli import main
from extract.evaluation import gold_documents
from extract.evaluation.gold import MENTIONS_FILE, has_mentions

from .test_command import evaluate, gold  # noqa: F401 - a fixture


@pytest.fixture
def records(gold: Path) -> Path:  # noqa: F811
    """The gold of that test without its mentions."""
    (gold / "review" / MENTIONS_FILE).unlink()
    return gold


def test_rows_are_scored_and_mentions_are_not(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gold_documents(records) == ["review"]
    assert not has_mentions(records, "review")
    assert evaluate(records) == 0
    shown = capsys.readouterr().out
    assert "OUTCOME core" in shown
    assert "matched by place" not in shown


def test_rows_alone_can_be_named(records: Path) -> None:
    assert evaluate(records, "--documents", "review", "--errors") == 0


@pytest.mark.parametrize("option", [("--aligned",), ("--only", "mentions")])
def test_what_needs_mentions_passes_it_over(
    records: Path, option: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(records, *option) == 2
    assert "no gold document" in capsys.readouterr().err
    assert evaluate(records, "--documents", "review", *option) == 2
    assert "no gold mentions" in capsys.readouterr().err


def test_mentions_of_one_and_rows_of_another_document(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (records / "other").mkdir()
    (records / "other" / MENTIONS_FILE).write_text("", encoding="utf-8")
    (records.parent / "corpus" / "other.md").write_text("Nothing is marked here.\n", encoding="utf-8")
    assert main(["evaluate", "--gold", str(records), "--corpus", str(records.parent / "corpus")]) == 0
    shown = capsys.readouterr().out
    assert "other (matched by place)" in shown
    assert "review (records)" in shown
    assert "review (matched by place)" not in shown

"""What every command says in one line: an interrupt, and a file whose name has two lines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extract.cli import main


def test_an_interrupt_is_one_line(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extract.audit.extract_and_audit", interrupt)
    assert main(["run", str(review), "-o", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "extract: interrupted\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="line feeds do not fit in a Windows path")
def test_a_line_feed_in_a_name_does_not_break_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(tmp_path / "two\nlines.md")]) == 2
    assert capsys.readouterr().err.count("\n") == 1

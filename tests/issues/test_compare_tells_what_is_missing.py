"""`extract compare` of reviews of which fewer than two can be read said that no study was in two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.cli import main


@pytest.mark.parametrize(("there", "readable"), [((), "none of them"), (("a",), "only a")])
def test_it_says_how_many_could_be_read(
    there: tuple[str, ...], readable: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in there:
        (tmp_path / f"{name}.md").write_text("# A review\n\nSurvival was 50%.\n", encoding="utf-8")
    assert main(["compare", str(tmp_path / "a.md"), str(tmp_path / "b.md")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == f"extract: nothing to compare: of 2 reviews {readable} could be read"

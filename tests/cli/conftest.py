"""What tests of the command start from: a review, a paper as PDF, and no wishes about colour."""

from __future__ import annotations

from pathlib import Path

import pytest

from .making import REVIEW, make_pdf


@pytest.fixture
def review(tmp_path: Path) -> Path:
    path = tmp_path / "review.md"
    path.write_text(REVIEW, encoding="utf-8")
    return path


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return make_pdf(
        tmp_path / "paper.pdf",
        "In 43 children, 2-year survival was 71.3% in the blinatumomab arm.",
        "They took 15 mg of prednisone daily (NCT02187354).",
    )


@pytest.fixture(autouse=True)
def _no_colour_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

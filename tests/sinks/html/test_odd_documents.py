"""Reports of documents, names and places that nobody expects."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from batch.reviews import review_text
from extract.batch.ledger import Ledger
from extract.batch.outcomes import Limits, Options
from extract.batch.runs import Batch
from extract.cli import main
from web.desks import HerePool, make_pdf

RESULT = "In 43 children, 2-year survival was 71.3% in the blinatumomab arm."
DOTS = pytest.param("..", marks=pytest.mark.skipif(sys.version_info >= (3, 14), reason="there `...md` has no suffix"))
NAMES = ["a?b#c%2e%2e d'\"e", "😀", DOTS, "%2e%2e", "x" * 200, "a\nb", "<img src=x onerror=alert(1)>", "{{ 7*7 }}"]


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A dataset of a PDF that has a password, and of a text."""
    papers = tmp_path / "papers"
    papers.mkdir()
    make_pdf(papers / "locked.pdf", RESULT, password="secret")
    (papers / "open.md").write_text(review_text(1))
    options = Options(password="secret")
    with closing(Batch(tmp_path / "out", options)) as batch:
        files = batch.choose([str(papers)])
        pool = HerePool(options, Limits.of(options), workers=1)
        batch.write(batch.run(pool.run, files=files, told=lambda *_: None))
    return tmp_path / "out"


def test_a_report_never_takes_the_place_of_the_review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = tmp_path / "review.html"
    review.write_text(f"<html><body><h1>A review</h1><p>{RESULT}</p></body></html>")
    before = review.read_bytes()
    (tmp_path / "below").mkdir()
    assert main(["report", str(review), "-o", str(tmp_path / "below" / ".." / "review.html")]) == 2
    assert "is the review itself" in capsys.readouterr().err
    assert review.read_bytes() == before


def test_a_dataset_with_an_encrypted_file_is_shown_with_the_password(locked: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(locked), "-o", str(page), "--password", "secret"]) == 0
    assert "data:image/webp" in page.read_text()


def test_without_the_password_what_was_kept_is_shown(
    locked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(locked), "-o", str(page)]) == 0
    assert "locked.pdf: encrypted; give --password; only what was kept is shown" in capsys.readouterr().err
    assert "data:image/webp" not in page.read_text()
    assert "71.3%" in page.read_text()


def test_rows_of_another_version_are_one_line(locked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger(locked) as ledger:
        ledger._execute("DELETE FROM parts WHERE name = 'findings'")
    (tmp_path / "papers" / "open.md").unlink()
    (tmp_path / "papers" / "locked.pdf").unlink()
    capsys.readouterr()
    assert main(["report", str(locked), "-o", str(tmp_path / "page.html")]) == 2
    said = capsys.readouterr().err
    assert "another version of the program extracted it" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("name", NAMES)
def test_files_of_any_name(name: str, tmp_path: Path) -> None:
    review = tmp_path / f"{name}.md"
    review.write_text(review_text(2).replace("# Therapy of Disease 2: A Review\n", ""))
    page = tmp_path / "page.html"
    assert main(["report", str(review), "-o", str(page)]) == 0
    assert "<img src=x" not in page.read_text()


@pytest.mark.parametrize(
    "text", ["Nothing.\n", "# Only a title\n", "| |\n|-|\n| |\n", "\u202e\u200b\ufeff\n", "𝛼" * 9_000]
)
def test_documents_without_anything_in_them(text: str, tmp_path: Path) -> None:
    review = tmp_path / "review.md"
    review.write_text(text, encoding="utf-8")
    main(["report", str(review), "-o", str(tmp_path / "page.html")])
    assert (tmp_path / "page.html").exists() or not text.strip("\u202e\u200b\ufeff\n")

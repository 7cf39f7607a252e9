"""A clock that is set back or forward changes no result: it is asked for remarks on when something was done alone."""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import extract
from batch.reviews import dataset_bytes, review_text, run_here, write_reviews
from extract.batch.runs import Became

ASKED = frozenset({"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"})
REMARKS = {  # when somebody decided, and the day on which a paper was fetched
    "decisions/store.py": {"datetime.now"},
    "corpus/__init__.py": {"datetime.now"},
}


def asked(path: Path) -> Iterator[str]:
    """What a module asks of the clock on the wall."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ASKED:
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ASKED & {f"time.{each.name}" for each in node.names}


def test_the_clock_on_the_wall_is_asked_for_remarks_alone() -> None:
    """Limits, waiting and speed go by clocks that nobody sets."""
    folder = Path(extract.__file__).parent
    found = {path.relative_to(folder).as_posix(): set(asked(path)) for path in folder.rglob("*.py")}
    assert {name: names for name, names in found.items() if names} == REMARKS


def test_a_batch_under_a_jumping_clock_is_kept_and_the_same(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    write_reviews(papers, 3)
    run_here(tmp_path / "steady", papers)
    years = iter([0.0, 4e9, 1e9, 3e9] * 10_000)
    with pytest.MonkeyPatch.context() as jumping:
        jumping.setattr(time, "time", lambda: next(years))
        run_here(tmp_path / "out", papers)
        _, told = run_here(tmp_path / "out", papers)
    assert told
    assert {became for became, _ in told} == {Became.KEPT}
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "steady")


@pytest.mark.parametrize("when", [0, 2_000_000_000, 4_000_000_000])
def test_a_file_that_changed_is_extracted_again_whatever_its_date(tmp_path: Path, when: int) -> None:
    """A clock that was set back gives new files old dates: bytes count, not dates."""
    (path,) = write_reviews(tmp_path / "papers", 1)
    os.utime(path, (2_000_000_000, 2_000_000_000))
    run_here(tmp_path / "out", path)
    before = (tmp_path / "out" / "outcomes.parquet").read_bytes()
    path.write_text(review_text(7), encoding="utf-8")
    os.utime(path, (when, when))
    run_here(tmp_path / "out", path)
    assert (tmp_path / "out" / "outcomes.parquet").read_bytes() != before

"""Batches of a program that goes on: a ledger for several threads, files that come later, work that is ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extract.batch.ledger import Ledger
from extract.batch.outcomes import Limits, Options, Stage, failure_of
from extract.batch.pool import Pool, Task
from extract.batch.runs import Batch, Became
from extract.errors import OutputError
from extract.sinks.dataset import Dataset

from . import reviews
from .reviews import extract_here, run_here, write_reviews


def test_a_ledger_is_used_from_several_threads_if_that_was_asked_for(tmp_path: Path) -> None:
    with Ledger(tmp_path, threads=True) as ledger:

        def work(number: int) -> bool:
            key = f"k{number}"
            ledger.note(key, "x" * number)
            ledger.record_failure(key, failure_of(Path("a"), Stage.READ, "damaged"))
            return ledger.about(key) == "x" * number and ledger.has_failure(key)

        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(work, range(200)))


def test_a_ledger_belongs_to_its_thread_else(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger, ThreadPoolExecutor(1) as thread, pytest.raises(OutputError, match="thread"):
        thread.submit(ledger.note, "a", "b").result()


def test_a_transaction_is_not_mixed_with_the_statements_of_other_threads(tmp_path: Path) -> None:
    with Ledger(tmp_path, threads=True) as ledger:
        begun, ended = threading.Event(), threading.Event()

        def files() -> Iterator[tuple[Path, Path]]:
            yield Path("/a"), Path("a")
            begun.set()
            ended.wait(0.2)  # another thread would come in here
            yield Path("/b"), Path("b")

        with ThreadPoolExecutor(2) as threads:
            listing = threads.submit(ledger.list_files, files(), {Path("/a"): "a", Path("/b"): "b"})  # type: ignore[arg-type]
            assert begun.wait(60)
            seen = threads.submit(lambda: [entry.document_id for entry in ledger.entries()])
            assert seen.result() == ["a", "b"]
            ended.set()
            listing.result()


def test_files_that_are_added_stand_behind_the_others_and_are_done_alone(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    paths = write_reviews(papers, 3)
    run_here(out, paths[0])
    paths[0].write_text(reviews.review_text(50), encoding="utf-8")
    told: list[tuple[Became, str]] = []
    ledger = Ledger(out)
    batch = Batch(out, Options(), ledger=ledger)
    batch.add([paths[2], paths[1], paths[0]])
    assert [entry.document_id for entry in ledger.entries()] == ["review000", "review002", "review001"]
    summary = batch.run(
        extract_here, files=1, told=lambda became, path, _: told.append((became, path.name)), only={paths[1]}
    )
    batch.write(summary)
    batch.close()
    assert told == [(Became.DONE, "review001.md")]
    assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["review000", "review001"]
    assert "NORTH-0" in {row["id"] for row in Dataset(out).rows("trials")}  # as it was before it changed


def test_a_file_is_found_by_its_id_and_keeps_it_when_it_moves(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    (path,) = write_reviews(papers, 1)
    run_here(out, path)
    with Ledger(out) as ledger:
        before = ledger.find("review000")
        ledger.move(path, to=tmp_path / "moved.md", path=Path("moved.md"))
        after = ledger.find("review000")
        assert ledger.find("review001") is None
    assert before is not None
    assert after is not None
    assert (after.place, after.path) == (tmp_path / "moved.md", Path("moved.md"))
    assert (after.key, after.sha256) == (before.key, before.sha256)
    assert before.sha256 is not None


def test_a_pool_is_ended_from_another_thread_in_the_middle_of_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.batch.pool._extract", reviews.act)
    paths = [*write_reviews(tmp_path, 1), tmp_path / "hang1.md", tmp_path / "hang2.md"]
    pool = Pool(Options(), Limits(), workers=2)
    outcomes = pool.run(Task(path) for path in paths)
    task, _ = next(outcomes)
    assert task.path == paths[0]
    with ThreadPoolExecutor(1) as thread:
        rest = thread.submit(list, outcomes)
        pool.stop()
        assert rest.result(60) == []
    assert pool.pids() == []
    assert list(pool.run([Task(paths[0])])) == []

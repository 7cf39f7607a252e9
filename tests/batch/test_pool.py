"""Worker processes: what a file does to its worker costs that file, and nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extract.batch.outcomes import Failure, Limits, Options, Result, Stage
from extract.batch.pool import ATTEMPTS, Pool, Task
from extract.batch.work import extract_file
from extract.errors import ExtractError

from . import reviews


def run(pool: Pool, paths: list[Path]) -> dict[str, Result | Failure]:
    with closing(pool.run(Task(path) for path in paths)) as outcomes:
        return {task.path.name: outcome for task, outcome in outcomes}


@pytest.fixture
def troubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and workers that files in it trouble."""
    monkeypatch.setattr("extract.batch.pool._extract", reviews.act)
    return tmp_path


def test_files_that_trouble_their_worker_fail_and_all_others_are_done(troubled: Path) -> None:
    for name in ("crash.md", "hang.md", "memory.md", "fault.md"):
        (troubled / name).write_text("x", encoding="utf-8")
    good = reviews.write_reviews(troubled, 6)
    bad = [troubled / name for name in ("crash.md", "hang.md", "memory.md", "fault.md", "gone.md")]
    pool = Pool(Options(), Limits(timeout=3), workers=2)

    outcomes = run(pool, [*bad[:3], *good[:3], *bad[3:], *good[3:]])

    assert len(outcomes) == 11
    assert all(isinstance(outcomes[path.name], Result) for path in good)
    failures = {path.stem: outcomes[path.name] for path in bad}
    assert {name: (failure.stage, failure.error) for name, failure in failures.items()} == {
        "crash": (Stage.CRASH, f"the process that worked on it died {ATTEMPTS} times (signal {signal.SIGABRT:d})"),
        "hang": (Stage.LIMIT, "not done within 3 seconds"),
        "memory": (Stage.LIMIT, "needs more than 2,048 MiB of memory"),
        "fault": (Stage.EXTRACT, "LookupError: a fault of the program in two lines"),
        "gone": (Stage.OPEN, "no such file"),
    }
    assert all(failure.advice for failure in failures.values())


def test_a_result_is_that_of_this_process(tmp_path: Path) -> None:
    (path,) = reviews.write_reviews(tmp_path, 1)
    (result,) = run(Pool(Options(), Limits(), workers=1), [path]).values()
    expected = extract_file(path, Options())
    assert isinstance(result, Result)
    assert isinstance(expected, Result)
    assert result.parts == expected.parts
    assert result.counts == expected.counts
    assert result.rows("outcomes") == expected.rows("outcomes") != ()


def test_a_file_whose_worker_was_killed_once_is_done_by_another(tmp_path: Path) -> None:
    paths = reviews.write_reviews(tmp_path, 8)
    pool = Pool(Options(), Limits(), workers=2)
    outcomes, killed = {}, set()
    with closing(pool.run(Task(path) for path in paths)) as results:
        for task, outcome in results:
            outcomes[task.path] = outcome
            if len(killed) < 4:
                pid = pool.pids()[0]
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
    assert len(killed) == 4
    assert sorted(outcomes) == paths
    assert all(isinstance(outcome, Result) for outcome in outcomes.values())


def test_workers_end_with_the_iterator(tmp_path: Path) -> None:
    paths = reviews.write_reviews(tmp_path, 4)
    pool = Pool(Options(), Limits(), workers=2)
    results = pool.run(Task(path) for path in paths)
    next(results)
    pids = pool.pids()
    results.close()
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_tasks_are_taken_when_a_worker_is_free(tmp_path: Path) -> None:
    taken: list[Path] = []

    def tasks() -> Iterator[Task]:
        for path in reviews.write_reviews(tmp_path, 10):
            taken.append(path)
            yield Task(path)

    with closing(Pool(Options(), Limits(), workers=2).run(tasks())) as results:
        next(results)
        assert len(taken) == 3
        next(results)
        assert len(taken) == 4


def test_a_file_that_changed_since_it_was_hashed_is_told(tmp_path: Path) -> None:
    (path,) = reviews.write_reviews(tmp_path, 1)
    outcome = extract_file(path, Options(), sha256="0" * 64)
    assert isinstance(outcome, Failure)
    assert (outcome.stage, outcome.error) == (Stage.OPEN, "changed while it was read")


def test_workers_that_never_start_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.batch.pool._prepare", os.abort)
    with pytest.raises(ExtractError, match=r"no worker process starts \(signal 6\)"):
        run(Pool(Options(), Limits(), workers=2), reviews.write_reviews(tmp_path, 3))

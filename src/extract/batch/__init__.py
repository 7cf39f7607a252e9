"""Batches: many files at once, in worker processes, with a failure here and there and nothing lost."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from extract.batch.inputs import document_ids
from extract.batch.outcomes import Failure, Limits, Options, Result, Stage
from extract.batch.pool import Pool, Task

__all__ = ["Failure", "Limits", "Options", "Result", "Stage", "count_workers", "run_batch"]


def run_batch(
    paths: Iterable[str | Path],
    *,
    workers: int | None = None,
    timeout: float | None = None,
    max_memory: int | None = None,
    helpers: bool = False,
    ocr: bool = False,
    password: str | None = None,
) -> Generator[Result | Failure, None, None]:
    """Extract files in worker processes and give a `Result` or `Failure` for each as it ends, in no set order.

    The results are not kept: memory stays the same however many files there are. Closing the generator ends the work.
    `workers`: processes, as many as there are processors by default; `timeout`: seconds for one file; `max_memory`:
    bytes for one worker on top of what it has loaded; `helpers`: also mentions of the helper labels; `ocr` and
    `password` as in the command `run`. A script that calls it needs `if __name__ == "__main__":`, as always where
    processes are spawned. Raises ValueError for limits that allow nothing.
    """
    options = Options(helpers=helpers, ocr=ocr, password=password)
    limits = Limits.of(options, timeout=timeout, max_memory=max_memory)
    pool = Pool(options, limits, workers=count_workers() if workers is None else workers)
    return _run(pool, [Path(path) for path in paths])


def count_workers() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run(pool: Pool, paths: Sequence[Path]) -> Generator[Result | Failure, None, None]:
    different = list(dict.fromkeys(paths))
    ids = dict(zip(different, document_ids(different), strict=True))
    with closing(pool.run(Task(path) for path in paths)) as outcomes:
        for task, outcome in outcomes:
            yield replace(outcome, document_id=ids[task.path]) if isinstance(outcome, Result) else outcome

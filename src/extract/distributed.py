"""The work of a batch on a Dask cluster, of this machine or of many; the extra `dask`.

A unit of work is a file, which every worker must see under the same path; what comes back is its result, and the ledger
where the batch runs is the only record. Each thread of a Dask worker keeps a process of its own for the files, as on
one machine: crashes, time and memory cost one file and no Dask worker. Dask gives the files of a lost worker to others.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.batch import count_workers
from extract.batch.outcomes import Failure, Limits, Options, Result, Stage, failure_of
from extract.batch.pool import Pool, Task
from extract.batch.runs import Extractor
from extract.batch.versions import program_version
from extract.errors import ExtractError

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT = 15.0  # seconds for a scheduler to answer
JOIN = 60.0  # seconds for the first worker to be there
AHEAD = 2  # files given out for each thread of the cluster: one in work, one waiting
COUNTED = 5.0  # seconds between two looks at how many threads the cluster has


@contextmanager
def dask_extractor(
    options: Options, limits: Limits, *, scheduler: str | None = None, workers: int | None = None
) -> Iterator[Extractor]:
    """What extracts files on the cluster of a `scheduler` (`tcp://host:8786`), or on one of this machine.

    `workers`: processes of the cluster of this machine, by default one a processor. Raises ExtractError where Dask is
    not installed, nobody answers, no worker joins, or a worker has another version of the program or its libraries.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra
        from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415
    except ImportError as error:
        raise ExtractError(f"Dask is not installed ({error}): pip install 'review-extract[dask]'") from error
    with ExitStack() as stack:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost shows in what comes of the files
        address: object = scheduler
        if scheduler is None:
            address = stack.enter_context(
                LocalCluster(
                    n_workers=workers or count_workers(),
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=0,  # the files are in processes of their own, which are limited
                    dashboard_address="127.0.0.1:0",  # any free port: two runs at once do not get in each other's way
                    scheduler_kwargs={"dashboard": False},
                    silence_logs=logging.CRITICAL,
                )
            )
        try:
            if scheduler is not None:
                get_address_host_port(scheduler, strict=True)
            client = stack.enter_context(Client(address, timeout=CONNECT, set_as_default=False))
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            reason = " ".join(str(error).split())
            raise ExtractError(f"{scheduler or 'Dask'}: no scheduler answers ({reason})") from error
        try:
            client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError as error:
            raise ExtractError(f"{scheduler or 'Dask'}: no worker joined within {JOIN:g} seconds") from error
        yield partial(_extract_all, client, options, limits)


def _extract_all(
    client: Client, options: Options, limits: Limits, tasks: Iterable[Task]
) -> Generator[tuple[Task, Result | Failure], None, None]:
    """The outcome of each task in the order in which they end; the cluster has some tasks at a time."""
    from distributed import as_completed  # noqa: PLC0415

    waiting = iter(tasks)
    in_work: dict[Any, tuple[Task, Future[Result | Failure]]] = {}
    done = as_completed(loop=client.loop)
    threads, counted = 0, 0.0
    try:
        while True:
            if time.monotonic() - counted > COUNTED:  # workers come and go
                threads, counted = sum(client.nthreads().values()), time.monotonic()
            while len(in_work) < AHEAD * max(threads, 1) and (task := next(waiting, None)) is not None:
                arguments = (task.path, task.sha256, options, limits, program_version())
                future = client.submit(_extract, *arguments, pure=False, key=f"extract-{task.path}-{id(task)}")
                in_work[future.key] = (task, future)
                done.add(future)
            if not in_work:
                return
            future = next(done)
            task, _ = in_work.pop(future.key)
            yield task, _outcome(client, task, future)
    finally:
        for _, future in in_work.values():
            future.cancel()


def _outcome(client: Client, task: Task, future: Future[Result | Failure]) -> Result | Failure:
    """What came of a file; raises ExtractError where the cluster cannot go on."""
    from distributed import CancelledError, KilledWorker  # noqa: PLC0415

    try:
        outcome = future.result()
    except KilledWorker:
        return failure_of(task.path, Stage.CRASH, "the Dask workers that worked on it died, one after another")
    except (CancelledError, OSError) as error:
        address = client.scheduler.addr if client.scheduler else "Dask"
        raise ExtractError(f"{address}: the scheduler is gone; what was done is kept: run again") from error
    assert isinstance(outcome, Result | Failure)
    return outcome


class _Place(threading.local):
    """Where a thread of a Dask worker has its files extracted: one process, kept from file to file."""

    def __init__(self) -> None:
        self._waiting: deque[Task] = deque()
        self._settings: tuple[Options, Limits] | None = None
        self._outcomes: Iterator[tuple[Task, Result | Failure]] = iter(())

    def extract(self, task: Task, options: Options, limits: Limits) -> Result | Failure:
        """The outcome of a task."""
        if self._settings != (options, limits):
            self._settings = (options, limits)
            self._outcomes = Pool(options, limits, workers=1).run(self._tasks())
        self._waiting.append(task)
        try:
            return next(self._outcomes)[1]
        except BaseException:
            self._settings = None  # the pool has ended
            raise

    def _tasks(self) -> Iterator[Task | None]:
        while True:
            yield self._waiting.popleft() if self._waiting else None


_place = _Place()


def _extract(path: Path, sha256: str | None, options: Options, limits: Limits, version: str) -> Result | Failure:
    """The work on one file, as a Dask worker does it."""
    if program_version() != version:
        raise ExtractError(
            f"a Dask worker has extract {program_version()}, here is {version}: install the same versions everywhere"
        )
    # Dask marks its workers as daemons, which may not have children; ours end by themselves when the worker is gone.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    return _place.extract(Task(path, sha256), options, limits)

"""Files in work: a thread that extracts what was uploaded, one round after the other, and tells how far it is."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from extract.batch import count_workers
from extract.batch.outcomes import Failure, Limits, Result
from extract.batch.pool import Pool, Task
from extract.batch.runs import Batch, Became
from extract.errors import ExtractError, OutputError
from extract.web.words import advice_of, told_counts

KEPT = 200  # jobs that are told of; older ones go once they have ended
_LOG = logging.getLogger("extract.web")


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Job:
    """A file on its way: under which name people know it, how far it is, and what came of it."""

    number: int
    name: str
    state: State = State.QUEUED
    message: str = ""
    advice: str = ""
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A file to be extracted; `retry` where it failed before."""

    job: Job
    place: Path
    path: Path
    retry: bool = False


class Jobs:
    """The work on one batch, in a thread of its own; to be asked from all."""

    def __init__(self, batch: Batch, limits: Limits, *, find_work: Callable[[bool], Sequence[Work]]) -> None:
        """`find_work` gives what there is to do when all is to be extracted again, or only what failed."""
        self._batch = batch
        self._limits = limits
        self._find_work = find_work
        self._changed = threading.Condition(threading.RLock())
        self._jobs: dict[int, Job] = {}
        self._numbers = itertools.count(1)
        self._waiting: list[Work] = []
        self._asked: list[bool] = []  # "extract again", one each time it was asked for; True: only what failed
        self._is_busy = False
        self._is_stopping = False
        self._pool: Pool | None = None
        self._said = self._problem = ""
        self._thread = threading.Thread(target=self._run, name="extract-jobs", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """End the work; what is not recorded is done again another time."""
        with self._changed:
            self._is_stopping = True
            if self._pool is not None:
                self._pool.stop()
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def new(self, name: str, **values: Any) -> Job:
        """A job to tell of."""
        with self._changed:
            job = Job(next(self._numbers), name, **values)
            self._jobs[job.number] = job
            ended = [number for number, each in self._jobs.items() if each.state in (State.DONE, State.FAILED)]
            for number in ended[: max(len(self._jobs) - KEPT, 0)]:
                del self._jobs[number]
            return job

    def add(self, work: Iterable[Work]) -> None:
        """Work to be done."""
        with self._changed:
            self._waiting += work
            self._changed.notify_all()

    def extract_again(self, *, retry_failed: bool) -> None:
        """Do what is new, changed or of another version, or what failed."""
        with self._changed:
            self._asked.append(retry_failed)
            self._changed.notify_all()

    def is_waiting(self, place: Path) -> bool:
        """Whether a file will be worked on."""
        with self._changed:
            return any(each.place == place for each in self._waiting)

    def report(self) -> dict[str, Any]:
        """How far everything is, the latest job first; of very many those that go on."""
        with self._changed:
            jobs, said = list(reversed(self._jobs.values())), self._said
            if len(jobs) > KEPT:
                jobs.sort(key=lambda job: job.state is not State.READING)
                said = f"{sum(job.state is State.QUEUED for job in jobs):,} files wait."
            return {
                "busy": bool(self._is_busy or self._waiting or self._asked),
                "said": said,
                "problem": self._problem,
                "jobs": [asdict(job) for job in jobs[:KEPT]],
            }

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._asked or self._is_stopping)
                if self._is_stopping:
                    return
                work, asked = self._waiting, list(dict.fromkeys(self._asked))
                self._waiting, self._asked = [], []
                self._is_busy = True
            try:
                self._round(work, asked)
            except ExtractError as error:
                self._fail(str(error))
            except Exception as error:
                _LOG.exception("a fault of the program")
                self._fail(f"{type(error).__name__}: {error}; please report it")
            finally:
                with self._changed:
                    self._is_busy = False

    def _round(self, work: list[Work], asked: Sequence[bool]) -> None:
        with self._changed:
            self._said = self._problem = ""
        for retry_failed in asked:
            found = list(self._find_work(retry_failed))
            work += found
            if not found:
                self._said = "There is no failed file to try." if retry_failed else "Everything is up to date."
        for retry in (False, True):
            if (group := [each for each in work if each.retry is retry]) and not self._is_stopping:
                self._extract(group, retry_failed=retry)

    def _extract(self, group: Sequence[Work], *, retry_failed: bool) -> None:
        jobs = {each.place: each.job for each in group}
        by_path = {each.path: each.job for each in group}
        summary = self._batch.run(
            lambda tasks: self._work_on(tasks, jobs),
            files=len(group),
            told=lambda became, path, outcome: self._told(by_path[path], became, outcome),
            retry_failed=retry_failed,
            only=jobs,
        )
        if self._is_stopping:
            return
        try:
            self._batch.write(summary)
        except (LookupError, ValueError) as error:
            raise OutputError(
                f"{self._batch.folder}: the tables are as before: another version of the program extracted some"
                " reviews, and their rows do not fit; choose “Extract again”"
            ) from error

    def _work_on(
        self, tasks: Iterable[Task], jobs: dict[Path, Job]
    ) -> Generator[tuple[Task, Result | Failure], None, None]:
        pool = Pool(self._batch.options, self._limits, workers=count_workers())

        def begun() -> Iterator[Task]:
            for task in tasks:
                self._set(jobs[task.path], State.READING)
                yield task

        with self._changed:
            self._pool = pool
            if self._is_stopping:
                pool.stop()
        try:
            yield from pool.run(begun())
        finally:
            with self._changed:
                self._pool = None

    def _told(self, job: Job, became: Became, outcome: Result | Failure | None) -> None:
        if isinstance(outcome, Failure):
            self._set(job, State.FAILED, outcome.error, advice_of(outcome))
        elif isinstance(outcome, Result):
            self._set(job, State.DONE, told_counts(outcome.counts))
        else:
            words = {Became.SAME: "the same file as another one", Became.KEPT: "was extracted before"}
            self._set(job, State.DONE, words.get(became, ""))

    def _set(self, job: Job, state: State, message: str = "", advice: str = "") -> None:
        with self._changed:
            job.state, job.message, job.advice = state, message, advice

    def _fail(self, problem: str) -> None:
        """Tell why a round ended before its time; what it has not done is failed."""
        with self._changed:
            if self._is_stopping:
                return
            self._problem = problem
            waiting = {each.job.number for each in self._waiting}
            for job in self._jobs.values():
                if job.state in (State.QUEUED, State.READING) and job.number not in waiting:
                    job.state, job.message = State.FAILED, "not extracted"

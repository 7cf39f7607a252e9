"""A pool of workers that extract files, one file each at a time, within limits of time and memory."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path

from extract.batch.outcomes import Failure, Limits, Options, Result, Stage, failure_of
from extract.errors import ExtractError
from extract.workers import START, Worker, WorkerDiedError

ATTEMPTS = 3  # at a file whose worker dies: the machine may have been short of memory, or somebody killed it
FILES = 1000  # that one worker extracts before a fresh one follows: libraries may lose memory
STARTS = 3  # workers in a row that end before they are ready; something is wrong with the installation


@dataclass(slots=True)
class Task:
    """A file to be extracted; with `sha256`, as long as it has these bytes."""

    path: Path
    sha256: str | None = None
    attempts: int = 0


@dataclass(slots=True)
class _Seat:
    """A worker and what it works on."""

    worker: Worker
    is_ready: bool = False
    task: Task | None = None
    deadline: float = field(default_factory=lambda: time.monotonic() + START)
    files: int = 0


class Pool:
    """Extracts files in worker processes; a file that crashes, hangs or eats memory costs one worker."""

    def __init__(self, options: Options, limits: Limits, *, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"workers is not above 0: {workers}")
        self.options = options
        self.limits = limits
        self.workers = workers
        self._seats: list[_Seat] = []
        self._waiting: Iterator[Task | None] = iter(())
        self._has_more = False
        self._again: deque[Task] = deque()
        self._stillborn = 0  # workers in a row
        self._is_stopped = False

    def run(self, tasks: Iterable[Task | None]) -> Generator[tuple[Task, Result | Failure], None, None]:
        """The outcome of each task, in the order in which they end; tasks are taken one by one when a worker is free.

        A worker has its next task before the outcome of the last one is given. None among the tasks: there is no other
        now, but may be later. Raises ExtractError where workers do not start. The workers end when the iterator is
        closed.
        """
        self._waiting, self._has_more = iter(tasks), True
        try:
            while True:
                self._fill()
                if self._is_stopped or not self._seats:
                    return
                yield from self._wait()
        finally:
            for seat in self._seats:
                seat.worker.end()
            self._seats = []

    def stop(self) -> None:
        """End the work, from another thread: `run` gives nothing more, and what was begun has no outcome."""
        self._is_stopped = True
        for seat in tuple(self._seats):
            seat.worker.kill()  # wakes the thread that waits for its answer

    def pids(self) -> list[int]:
        """The processes of the workers."""
        return [seat.worker.pid for seat in self._seats]

    def _fill(self) -> None:
        """Give every free worker a task, start workers while there are tasks for them, end those without."""
        for seat in [seat for seat in self._seats if seat.task is None]:
            task = self._next()
            if task is not None:
                self._assign(seat, task)
            elif not self._has_more:
                self._dismiss(seat)
        while len(self._seats) < self.workers and (task := self._next()) is not None:
            seat = _Seat(Worker(_extract, prepare=_prepare, max_memory=self.limits.max_memory), task=task)
            self._seats.append(seat)

    def _next(self) -> Task | None:
        if self._again:
            return self._again.popleft()
        try:
            return next(self._waiting)
        except StopIteration:
            self._has_more = False
            return None

    def _assign(self, seat: _Seat, task: Task) -> None:
        seat.task = task
        seat.deadline = time.monotonic() + self.limits.timeout
        with suppress(WorkerDiedError):  # its pipe has ended, too, which is seen at once
            seat.worker.send(task.path, self.options, task.sha256)

    def _wait(self) -> Iterator[tuple[Task, Result | Failure]]:
        """Wait until workers have answered, died or run out of time; what came of it."""
        first = min(seat.deadline for seat in self._seats)
        ready = wait([seat.worker.pipe for seat in self._seats], max(first - time.monotonic(), 0))
        now = time.monotonic()
        for seat in list(self._seats):
            if seat.worker.pipe in ready:
                yield from self._receive(seat)
            elif seat.deadline <= now:
                yield from self._overdue(seat)

    def _receive(self, seat: _Seat) -> Iterator[tuple[Task, Result | Failure]]:
        try:
            answer = seat.worker.receive()
        except WorkerDiedError as error:
            yield from self._died(seat, str(error))
            return
        if not seat.is_ready:
            seat.is_ready, self._stillborn = True, 0
            if seat.task is not None:
                self._assign(seat, seat.task)
            return
        task = seat.task
        assert task is not None
        seat.task = None
        seat.files += 1
        if isinstance(answer, MemoryError) or seat.files >= FILES:
            self._dismiss(seat)  # what it holds is not known
        elif (following := self._next()) is not None:
            self._assign(seat, following)
        yield task, self._outcome(task, answer)

    def _outcome(self, task: Task, answer: object) -> Result | Failure:
        if isinstance(answer, Result | Failure):
            return answer
        if isinstance(answer, MemoryError):
            mebibytes = self.limits.max_memory >> 20
            return failure_of(task.path, Stage.LIMIT, f"needs more than {mebibytes:,} MiB of memory")
        assert isinstance(answer, Exception)
        return failure_of(task.path, Stage.EXTRACT, answer)

    def _overdue(self, seat: _Seat) -> Iterator[tuple[Task, Result | Failure]]:
        self._dismiss(seat)
        if not seat.is_ready:
            yield from self._unstarted(seat, f"not ready after {START:g} seconds")
        elif seat.task is not None:
            message = f"not done within {self.limits.timeout:g} seconds"
            yield seat.task, failure_of(seat.task.path, Stage.LIMIT, message)

    def _died(self, seat: _Seat, reason: str) -> Iterator[tuple[Task, Result | Failure]]:
        self._dismiss(seat)
        if self._is_stopped:
            return
        if not seat.is_ready:
            yield from self._unstarted(seat, reason)
        elif seat.task is not None:
            seat.task.attempts += 1
            if seat.task.attempts < ATTEMPTS:
                self._again.append(seat.task)
            else:
                message = f"the process that worked on it died {ATTEMPTS} times ({reason})"
                yield seat.task, failure_of(seat.task.path, Stage.CRASH, message)

    def _unstarted(self, seat: _Seat, reason: str) -> Iterator[tuple[Task, Result | Failure]]:
        """A worker that ended before it was ready: its task goes to another."""
        self._stillborn += 1
        if self._stillborn >= STARTS * self.workers:
            raise ExtractError(
                f"no worker process starts ({reason}); a script that starts some needs `if __name__ == '__main__':`,"
                " and cannot come from standard input"
            )
        if seat.task is not None:
            self._again.append(seat.task)
        yield from ()

    def _dismiss(self, seat: _Seat) -> None:
        seat.worker.end()
        self._seats.remove(seat)


def _prepare() -> None:
    from extract.batch.work import pipeline  # noqa: PLC0415 - in the worker alone
    from extract.readers import load_readers  # noqa: PLC0415

    load_readers()
    pipeline()


def _extract(path: Path, options: Options, sha256: str | None) -> Result | Failure:
    from extract.batch.work import extract_file  # noqa: PLC0415 - in the worker alone

    return extract_file(path, options, sha256=sha256)

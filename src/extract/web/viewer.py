"""The process that reads files for the pages of the desk: what crashes or hangs there costs the page, not the desk."""

from __future__ import annotations

import threading
from typing import Any

from extract.batch.outcomes import MAX_MEMORY, TIMEOUT
from extract.errors import ExtractError
from extract.workers import Worker, WorkerDiedError

ANSWERS = 1000  # of one process before a fresh one follows: libraries may lose memory


class ViewerError(ExtractError):
    """What was asked for cannot be had; the message says why."""


class ViewerBusyError(ViewerError):
    """Others are being answered; it can be had later."""


class Viewer:
    """Asks one worker, one question at a time; for several threads."""

    def __init__(self, *, timeout: float = TIMEOUT, max_memory: int = MAX_MEMORY) -> None:
        self._timeout = timeout
        self._max_memory = max_memory
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._is_ready = False
        self._answers = 0
        self._is_closed = False

    def warm(self) -> None:
        """Start the process before it is needed."""
        if self._lock.acquire(blocking=False):
            try:
                self._start()
            finally:
                self._lock.release()

    def ask(self, kind: str, **values: Any) -> Any:
        """The answer of `reading.answer`; raises ViewerError where there is none."""
        if not self._lock.acquire(timeout=self._timeout):
            raise ViewerBusyError("other pages are being made; load this one again in a moment")
        try:
            answer = self._ask(kind, values)
            if isinstance(answer, MemoryError):
                self._end()  # what it holds is not known
                raise ViewerError(f"it needs more than {self._max_memory >> 20:,} MiB of memory")
            if isinstance(answer, ExtractError):
                raise ViewerError(str(answer))
            if isinstance(answer, Exception):
                raise ViewerError(f"{type(answer).__name__}: {answer}")
            return answer
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process, also in the middle of its work."""
        self._is_closed = True
        if (worker := self._worker) is not None:
            worker.kill()  # whoever waits for it lets the lock go
        with self._lock:
            self._end()

    def _ask(self, kind: str, values: dict[str, Any]) -> Any:
        worker = self._start()
        try:
            if not self._is_ready:
                worker.wait_until_ready()
                self._is_ready = True
            worker.send(kind, values)
            answer = worker.receive(self._timeout)
        except RuntimeError as error:  # not started; it has ended itself
            self._worker = None
            raise ViewerError(str(error)) from error
        except TimeoutError as error:
            self._end()
            raise ViewerError(f"not done within {self._timeout:g} seconds") from error
        except WorkerDiedError as error:
            self._end()
            raise ViewerError(f"the process that read it died ({error})") from error
        self._answers += 1
        if self._answers >= ANSWERS:
            self._end()
        return answer

    def _start(self) -> Worker:
        if self._is_closed:
            raise ViewerError("the review desk is closing")
        if self._worker is None:
            self._worker = Worker(_answer, prepare=_prepare, max_memory=self._max_memory, name="extract-viewer")
            self._is_ready, self._answers = False, 0
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


def _prepare() -> None:
    from extract.web.reading import prepare  # noqa: PLC0415 - in the worker alone

    prepare()


def _answer(kind: str, values: dict[str, Any]) -> Any:
    from extract.web.reading import answer  # noqa: PLC0415 - in the worker alone

    return answer(kind, values)

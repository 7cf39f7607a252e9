"""Reading in a process of its own: a file that crashes a library, hangs or eats memory costs one error and no more."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from extract.document import Document
from extract.errors import ReadError
from extract.readers import load_readers, read
from extract.workers import Worker, WorkerDiedError

__all__ = ["Reader", "read_isolated"]

TIMEOUT = 30.0  # seconds; a review of 20 pages takes 0.2
MAX_MEMORY = 2 << 30  # bytes on top of the loaded libraries; a review of 20 pages takes a fortieth


class Reader:
    """Reads files in a worker process, which it starts with the first file and again after a crash or a timeout.

    It serves one thread. As always with spawned processes, a script that uses it needs `if __name__ == "__main__":`.
    """

    def __init__(self, *, timeout: float = TIMEOUT, max_memory: int = MAX_MEMORY) -> None:
        """`timeout`: seconds for one file; `max_memory`: bytes, kept to where the system can limit a process."""
        self.timeout = timeout
        self.max_memory = max_memory
        self._worker: Worker | None = None

    def read(self, path: str | Path, *, document_id: str | None = None, password: str | None = None) -> Document:
        """Read a file as `extract.readers.read` does.

        Raises ReadError also for a file on which the worker crashed, took too long or too much memory; an error of
        another kind is a fault of a reader and is raised as it is, with the worker's traceback as a note.
        """
        if self._worker is None or not self._worker.is_alive():
            self.close()
            worker = Worker(_read, prepare=load_readers, max_memory=self.max_memory, name="extract-reader")
            worker.wait_until_ready()
            self._worker = worker
        try:
            self._worker.send(os.fspath(path), document_id, password)
            outcome = self._worker.receive(self.timeout)
        except TimeoutError:
            self.close()
            raise ReadError(f"{path}: not read within {self.timeout:g} seconds") from None
        except WorkerDiedError as error:
            self.close()
            raise ReadError(f"{path}: the reader crashed ({error})") from None
        except BaseException:  # interrupted: what the worker still sends answers no later question
            self.close()
            raise
        if isinstance(outcome, Document):
            return outcome
        if isinstance(outcome, MemoryError):
            self.close()  # what it holds is not known
            raise ReadError(f"{path}: needs more than {self.max_memory >> 20:,} MiB of memory")
        raise outcome

    def close(self) -> None:
        """End the worker; a later `read` starts another."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_isolated(
    path: str | Path,
    *,
    document_id: str | None = None,
    password: str | None = None,
    timeout: float = TIMEOUT,
    max_memory: int = MAX_MEMORY,
) -> Document:
    """Read one file in a worker process, which takes half a second to start; a `Reader` keeps it for many files."""
    with Reader(timeout=timeout, max_memory=max_memory) as reader:
        return reader.read(path, document_id=document_id, password=password)


def _read(path: str, document_id: str | None, password: str | None) -> Document | ReadError:
    try:
        return read(path, document_id=document_id, password=password)
    except ReadError as error:
        return ReadError(str(error))  # without what it came from, which may not travel

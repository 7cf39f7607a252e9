"""Reading in a process of its own: a file that crashes a library, hangs or eats memory costs one error and no more.

The worker shields from accidents, not from attacks: it runs with the rights of the caller, and what it sends is
unpickled.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import traceback
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from extract.document import Document
from extract.errors import ReadError
from extract.readers import read

if sys.platform == "linux":
    import resource
if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

__all__ = ["Reader", "read_isolated"]

TIMEOUT = 30.0  # seconds; a review of 20 pages takes 0.2
MAX_MEMORY = 2 << 30  # bytes on top of the loaded libraries; a review of 20 pages takes a fortieth
DYING = 5.0  # seconds; the pipe of a process ends a moment before the process does
START = 60.0  # seconds until a worker has imported the readers, also on a loaded machine

_Request = tuple[str, str, str | None, str | None]  # working folder, path, document id, password


class Reader:
    """Reads files in a worker process, which it starts with the first file and again after a crash or a timeout.

    It serves one thread. As always with spawned processes, a script that uses it needs `if __name__ == "__main__":`.
    """

    def __init__(self, *, timeout: float = TIMEOUT, max_memory: int = MAX_MEMORY) -> None:
        """`timeout`: seconds for one file; `max_memory`: bytes, kept to where the system can limit a process."""
        self.timeout = timeout
        self.max_memory = max_memory
        self._worker: _Worker | None = None

    def read(self, path: str | Path, *, document_id: str | None = None, password: str | None = None) -> Document:
        """Read a file as `extract.readers.read` does.

        Raises ReadError also for a file on which the worker crashed, took too long or too much memory; an error of
        another kind is a fault of a reader and is raised as it is, with the worker's traceback as a note.
        """
        if self._worker is None or not self._worker.is_alive():
            self.close()
            self._worker = _Worker(self.max_memory)
        request = (str(Path.cwd()), os.fspath(path), document_id, password)
        try:
            outcome = self._worker.ask(request, self.timeout)
        except TimeoutError:
            self.close()
            raise ReadError(f"{path}: not read within {self.timeout:g} seconds") from None
        except (EOFError, OSError):
            reason = self._worker.how_it_died()
            self.close()
            raise ReadError(f"{path}: the reader crashed ({reason})") from None
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


class _Worker:
    """A process that reads the files it is asked for, and the pipe to it."""

    def __init__(self, max_memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, max_memory), name="extract-reader", daemon=True
        )
        self._process.start()
        theirs.close()  # ours of it: when the process dies, the pipe ends
        try:
            self._receive(START)
        except (EOFError, OSError, TimeoutError) as error:
            reason = "too slow" if isinstance(error, TimeoutError) else self.how_it_died()
            self.end()
            raise RuntimeError(f"the process that reads files did not start ({reason})") from error

    def ask(self, request: _Request, timeout: float) -> Document | Exception:
        """What became of a file; TimeoutError, or EOFError or OSError where the process died."""
        self._pipe.send(request)
        outcome: Document | Exception = pickle.loads(self._receive(timeout))
        return outcome

    def _receive(self, timeout: float) -> bytes:
        if not wait([self._pipe], timeout):  # a process that dies closes its end
            raise TimeoutError
        return self._pipe.recv_bytes()

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def how_it_died(self) -> str:
        """The signal or the exit code of a process whose pipe has ended."""
        self._process.join(DYING)
        code = self._process.exitcode
        if code is None:
            return "its pipe ended"
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def end(self) -> None:
        """Kill the process if it runs, and free what it held."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()


def _serve(pipe: Connection, max_memory: int) -> None:
    """The worker: reads files until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides what an interruption means
    for name in ("html", "jats", "pdf"):
        __import__(f"extract.readers.{name}")  # before the clock runs and the limit holds
    _limit_memory(max_memory)
    pipe.send_bytes(b"")
    with contextlib.suppress(EOFError, OSError):
        while True:
            folder, path, document_id, password = pipe.recv()
            pipe.send_bytes(_outcome(folder, path, document_id, password))


def _outcome(folder: str, path: str, document_id: str | None, password: str | None) -> bytes:
    """The pickled document, or the error that reading it raised."""
    try:
        os.chdir(folder)
        return pickle.dumps(read(path, document_id=document_id, password=password), pickle.HIGHEST_PROTOCOL)
    except ReadError as error:
        return pickle.dumps(ReadError(str(error)))
    except MemoryError:
        return pickle.dumps(MemoryError())
    except Exception as error:  # a fault of a reader: raised where the caller is
        printed = "".join(traceback.format_exception(error))
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            error = RuntimeError(f"{type(error).__name__}: {error}")
        error.add_note(f"In the process that reads files:\n{printed}")
        return pickle.dumps(error)


def _limit_memory(max_memory: int) -> None:
    """Allow this process so many bytes of addresses more than it has, where the system can."""
    if sys.platform != "linux":
        return
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + max_memory
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))

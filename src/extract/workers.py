"""Worker processes: a file that crashes a library, hangs or eats memory costs one process and no more.

Each worker has a pipe of its own. Pools that share one among their workers, as those of the standard library, lock it,
and a worker that is killed with the lock in its hand blocks the others.

The workers shield from accidents, not from attacks: they run with the rights of the caller, and what they send is
unpickled.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

if sys.platform == "linux":
    import resource
if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

DYING = 5.0  # seconds; the pipe of a process ends a moment before the process does
_CAN_HOLD = hasattr(signal, "pthread_sigmask")
START = 60.0  # seconds until a worker has imported what it needs, also on a loaded machine


class WorkerDiedError(Exception):
    """A worker's process ended before it answered; the message says how."""


class Worker:
    """A process that answers requests one at a time, and the pipe to it.

    As always with spawned processes, a script that uses it needs `if __name__ == "__main__":`.
    """

    def __init__(
        self, answer: Callable[..., Any], *, prepare: Callable[[], None], max_memory: int, name: str = "extract-worker"
    ) -> None:
        """Start a process that calls `prepare` once and `answer` with each request.

        Both are functions of modules. `max_memory`: bytes on top of what is loaded, kept to where the system can limit
        a process. The process is there at once and ready later: `wait_until_ready`.
        """
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, answer, prepare, max_memory), name=name, daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()  # ours of it: when the process dies, the pipe ends

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid or 0

    def wait_until_ready(self, timeout: float = START) -> None:
        """Wait for the first sign of life; raises RuntimeError where there is none."""
        try:
            self.receive(timeout)
        except (WorkerDiedError, TimeoutError) as error:
            reason = "too slow" if isinstance(error, TimeoutError) else str(error)
            self.end()
            raise RuntimeError(f"a worker process did not start ({reason})") from error

    def send(self, *request: Any) -> None:
        """Ask; raises WorkerDiedError where nobody listens."""
        try:
            self.pipe.send((str(Path.cwd()), request))
        except OSError as error:
            raise WorkerDiedError(self.how_it_died()) from error

    def receive(self, timeout: float | None = None) -> Any:
        """The answer, which may be an exception: MemoryError, or a fault of `answer` with the worker's traceback.

        Raises WorkerDiedError where the process ended, TimeoutError after `timeout` seconds.
        """
        if not wait([self.pipe], timeout):  # a process that dies closes its end
            raise TimeoutError
        try:
            return pickle.loads(self.pipe.recv_bytes())
        except (EOFError, OSError) as error:
            raise WorkerDiedError(self.how_it_died()) from error

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

    def kill(self) -> None:
        """Kill the process, from any thread; who waits for its answer learns that it died."""
        with contextlib.suppress(ValueError):  # freed by `end`
            self._process.kill()

    def end(self) -> None:
        """Kill the process if it runs, and free what it held."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _serve(pipe: Connection, answer: Callable[..., Any], prepare: Callable[[], None], max_memory: int) -> None:
    """The worker: answers until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides what an interruption means
    if _CAN_HOLD:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare()  # before the clock runs and the limit holds
    _limit_memory(max_memory)
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(pickle.dumps(None))
        while True:
            folder, request = pipe.recv()
            pipe.send_bytes(_answered(folder, answer, request))


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes that are started here get no SIGINT before they ignore it; one that comes meanwhile waits."""
    if not _CAN_HOLD:
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - of systems with signals

    resource_tracker.ensure_running()  # multiprocessing's own, whose start lets signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this process when its parent is gone: it may hang where nobody waits for it any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answered(folder: str, answer: Callable[..., Any], request: tuple[Any, ...]) -> bytes:
    """The pickled answer, or the error that was raised instead."""
    try:
        os.chdir(folder)
        return pickle.dumps(answer(*request), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(MemoryError())
    except Exception as error:
        printed = "".join(traceback.format_exception(error))
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            error = RuntimeError(f"{type(error).__name__}: {error}")
        error.add_note(f"In the worker process:\n{printed}")
        return pickle.dumps(error)


def _limit_memory(max_memory: int) -> None:
    """Allow this process so many bytes of addresses more than it has, where the system can."""
    if sys.platform != "linux":
        return
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + max_memory
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))

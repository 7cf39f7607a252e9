"""A target: what is tried on which input, and how it is run: so many cases from a seed, in bounds of time and memory.

A check raises where something does not hold. Time is processor time, and a case fails only when it goes over three
times in a row, for the machines that run this are busy.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SECONDS = 2.0  # processor seconds of the smallest case
SECONDS_A_CHARACTER = 0.002
MEGABYTE = 1 << 20
MEMORY = 150 * MEGABYTE  # that one case may add to the process
MEMORY_A_CHARACTER = 4_000
ROUND = 1_000  # cases from one seed: a failure is found again without those before
HOPELESS = 10  # times the bound after which a case is stopped


@dataclass(frozen=True, slots=True)
class Target:
    """What is tried: `check` on cases of a strategy, within what `around` sets up for a round of cases.

    `size` is the number of characters by which time and memory are judged. `few` cases in the tests, `many` at length.
    """

    name: str
    cases: Callable[[], st.SearchStrategy[Any]]
    check: Callable[[Any], None]
    few: int
    many: int
    size: Callable[[Any], int] = field(default=lambda case: len(case) if hasattr(case, "__len__") else 1_000)
    around: Callable[[], Any] = nullcontext
    a_round: int = ROUND


class TooSlowError(AssertionError):
    """A case took longer than its size allows."""


class TooLargeError(AssertionError):
    """A case took more memory than its size allows."""


@dataclass(slots=True)
class Outcome:
    """What a run of a target came to: how many cases, and each kind of failure once, as a trace."""

    cases: int = 0
    failures: dict[str, str] = field(default_factory=dict)


def run_target(target: Target, outcome: Outcome, *, cases: int, start: int, shrink: bool = False) -> int:
    """Try a target on so many more cases, in rounds of a seed each from `start` on; the seed that comes next."""
    until = outcome.cases + cases
    while (before := outcome.cases) < until:
        in_round = min(target.a_round, until - before)
        try:
            run_round(target, outcome, cases=in_round, number=start, shrink=shrink)
        except Exception as error:  # each kind once; the run goes on
            told = "".join(traceback.format_exception(error, limit=-6))
            again = f"--only '{target.name}' --seed {start} --cases {in_round} --shrink"
            outcome.failures.setdefault(_kind(error), f"{again}\n{told}")
        start += 1
        if outcome.cases == before:
            break  # no case can be made
    return start


def run_round(target: Target, outcome: Outcome, *, cases: int, number: int, shrink: bool = True) -> None:
    """One round of cases from a seed; raises what the first case that fails raises, with `shrink` of the smallest."""
    with target.around():
        seed(number)(
            settings(
                max_examples=cases,
                database=None,
                deadline=None,
                derandomize=False,
                phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            )(trial_of(target, outcome))
        )()


def trial_of(target: Target, outcome: Outcome) -> Callable[..., None]:
    """The check as Hypothesis runs it."""

    @given(target.cases())
    def trial(case: Any) -> None:
        outcome.cases += 1
        check_bounded(target, case)

    return trial


def check_bounded(target: Target, case: Any) -> None:
    """Check a case within its bounds of time and memory."""
    size = target.size(case)
    allowed = SECONDS + SECONDS_A_CHARACTER * size
    before = _peak()
    took = _timed(target, case, allowed)
    grown = _peak() - before
    if grown > MEMORY + MEMORY_A_CHARACTER * size:
        raise TooLargeError(f"{grown / MEGABYTE:.0f} MB for {size} characters")
    if took > allowed and all(_timed(target, case, allowed) > allowed for _ in range(2)):
        raise TooSlowError(f"{took:.1f} s for {size} characters, {allowed:.1f} s allowed")


def _timed(target: Target, case: Any, allowed: float) -> float:
    started = time.process_time()
    with stopped_after(HOPELESS * allowed):
        target.check(case)
    return time.process_time() - started


@contextmanager
def stopped_after(allowed: float) -> Iterator[None]:
    """Raise TooSlowError in the block after so many processor seconds, in a regular expression too."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"stopped after {allowed:.0f} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, allowed)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _peak() -> int:
    """Bytes that the process has had at most."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _kind(error: BaseException) -> str:
    """What tells failures apart: the error and the innermost line of this project."""
    if isinstance(error, BaseExceptionGroup):
        return " & ".join(sorted(_kind(each) for each in error.exceptions))
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "hypothesis" not in each.filename]
    place = next((f"{each.filename.rpartition('/')[2]}:{each.lineno}" for each in reversed(frames)), "")
    return f"{type(error).__name__} {place}"

"""How the time that a pattern takes grows with the string."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from fuzz.strings import Unit, units
from fuzz.targets import TooSlowError, stopped_after

LENGTH = 2_000  # characters of the first string: a pattern that needs the square of them takes over FLOOR
FLOOR = 0.003  # processor seconds below which a string tells nothing
MAX_GROWTH = 2.6  # of the time when the string doubles: 2 is linear, 4 quadratic
ALLOWED = 0.5  # processor seconds for one string
PIECE = 60  # characters of the words, cells and windows that patterns see that are not linear
STUCK = 0.05  # processor seconds that no piece may take
_TRIES = 3  # in each of which something is slow, on machines that do other work too


class Slow(NamedTuple):
    """A unit on whose strings a pattern is slow: by how much the time grows, and how long it is."""

    unit: Unit
    growth: float
    seconds: float


def first_slow(
    pattern: re.Pattern[str], *, is_matched: bool = False, length: int = LENGTH, most: int | None = None
) -> Slow | None:
    """The first of the units, `most` of them, on which a pattern's time grows by more than `MAX_GROWTH` at a doubling.

    `is_matched`: the pattern is tried at the start of the string, and not searched for.
    """
    for unit in _some(units(pattern), most):
        took = seconds(pattern, unit.times(length), is_matched=is_matched)
        if took == float("inf"):
            return Slow(unit, took, took)
        if took > FLOOR and (growth := _growth(pattern, unit, length, is_matched=is_matched)) > MAX_GROWTH:
            return Slow(unit, growth, took)
    return None


def first_stuck(pattern: re.Pattern[str], *, is_matched: bool = False, most: int | None = None) -> Slow | None:
    """The first of the units on which a pattern takes long when the string is as short as a piece of a text."""
    for unit in _some(units(pattern), most):
        text = unit.times(PIECE)
        if all(seconds(pattern, text, is_matched=is_matched) > STUCK for _ in range(_TRIES)):
            return Slow(unit, float("inf"), seconds(pattern, text, is_matched=is_matched))
    return None


def _some(found: list[Unit], most: int | None) -> list[Unit]:
    """So many of the units at most, from all parts of the list."""
    return found if most is None else found[:: -(-len(found) // most)]


def seconds(pattern: re.Pattern[str], text: str, *, is_matched: bool = False) -> float:
    """Processor seconds to use a pattern on a string; infinite above `ALLOWED`."""
    try:
        return _clocked(lambda: _use(pattern, text, is_matched=is_matched))
    except TooSlowError:
        return float("inf")


def _clocked(work: Callable[[], None]) -> float:
    with stopped_after(ALLOWED):
        started = time.thread_time()  # the time of a process is told in hundredths while an alarm is set on it
        work()
        return time.thread_time() - started


def _use(pattern: re.Pattern[str], text: str, *, is_matched: bool) -> None:
    if is_matched:
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        for _ in pattern.finditer(text):
            pass


def _growth(pattern: re.Pattern[str], unit: Unit, length: int, *, is_matched: bool) -> float:
    """By how much the time grows when the string doubles: the least of two doublings, of the tries the least."""
    texts = [unit.times(length * times) for times in (1, 2, 4)]
    least = float("inf")
    for _ in range(_TRIES):
        took = [seconds(pattern, text, is_matched=is_matched) for text in texts]
        if took[1] == float("inf"):
            break
        least = min(least, *(later / max(earlier, FLOOR / 4) for earlier, later in pairwise(took)))
        if least <= MAX_GROWTH:
            break
    return least

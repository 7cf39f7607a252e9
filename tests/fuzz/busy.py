"""Strings that keep one of the package's patterns busy, through the whole program: its time grows with their length."""

from __future__ import annotations

import time
from typing import NamedTuple

from hypothesis import strategies as st

from extract.audit import extract_and_audit
from extract.coverage import find_uncovered
from extract.readers import parse_text
from fuzz.bases import nlp
from fuzz.finding import warm
from fuzz.patterns import known_pieces, package_patterns
from fuzz.strings import Unit, units
from fuzz.targets import Target, TooSlowError

LENGTH = 3_000
LONGER = 4  # times
MAX_GROWTH = 8.0  # of the time: 4 is linear, 16 quadratic
FLOOR = 0.4  # processor seconds of the longer text below which it tells nothing
_FRAMES = (
    "Survival was 5% in {}.",
    "The dose was 5 mg ({}) daily.",
    "Overall survival was longer with iron compared with {}; copper arm (12% vs. 5%).",
    "{}",
    "Table 1. Outcomes, n (%)\n\n| Trial | {} | Copper |\n|---|---|---|\n| {} | 5 ({}) | 6 |",
    "## References\n\n1. Moss A. {}. Lung 2019; 1: 2.",
)


class Busy(NamedTuple):
    """A unit repeated inside some words."""

    unit: Unit
    frame: str

    def text(self, length: int) -> str:
        string = self.unit.times(length // self.frame.count("{}"))
        return "# A review\n\n## Results\n\n" + self.frame.replace("{}", string)


def strings() -> st.SearchStrategy[Busy]:
    """Units of all patterns, half of them of those that are known to be slow on long strings."""
    places = st.one_of(st.sampled_from(sorted(package_patterns())), st.sampled_from(sorted(known_pieces())))
    unit = places.flatmap(lambda place: st.sampled_from(units(package_patterns()[place])))
    return st.builds(Busy, unit, st.sampled_from(_FRAMES))


def check(case: Busy) -> None:
    """Four times the text needs about four times the time."""
    growth = 0.0
    for _ in range(3):
        once, longer = (_seconds(case.text(length)) for length in (LENGTH, LENGTH * LONGER))
        growth = longer / once
        if longer < FLOOR or growth < MAX_GROWTH:
            return
    raise TooSlowError(f"{growth:.1f} times as long, {longer:.1f} s, for {LONGER} times {case}")


def _seconds(text: str) -> float:
    started = time.thread_time()
    extraction = extract_and_audit(parse_text(text), nlp=nlp(), helpers=True)
    find_uncovered(extraction)
    return time.thread_time() - started


TARGETS = (Target("busy strings", strings, check, few=0, many=3_000, size=lambda _: 20_000, around=warm),)

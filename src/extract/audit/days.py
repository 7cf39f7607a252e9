"""Days of a schedule as printed: "days -7 to -4", "day 1, 3 and 5"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from extract.components.grammar import NUMBER_WORDS
from extract.patterns import lazy_regex

_DAY = r"[-+]?\d{1,3}(?!\d|\.\d|\s?%)"
_TO = r"(?:\s?-\s?|\s(?:to|through|until)\s)"
_AND = r"(?:\s?[,;&]\s?(?:and\s)?|\sand\s)"
_NEXT = rf"(?:{_TO}|{_AND})(?:(?i:days?)\s)?{_DAY}"
DAYS = rf"(?P<days>(?i:days?)\s{_DAY}(?:{_NEXT}){{1,12}})"
_STEP = lazy_regex(rf"(?P<joint>{_TO}|{_AND})?(?:(?i:days?)\s)?(?P<day>{_DAY})")
_WORDS = {word: number for word, number in NUMBER_WORDS.items() if 1 <= number <= 20}
MAX_DAYS = 100  # of one span; longer ones are follow-up


class Days(NamedTuple):
    """Days in order; `sizes` are how many they may be: of a span over day 0 with or without it."""

    days: tuple[int, ...]
    is_range: bool
    sizes: frozenset[int]

    @property
    def are_consecutive(self) -> bool:
        """Whether no day is left out but day 0."""
        known = [day for day in self.days if day]
        steps = {after - before for before, after in pairwise(known) if (before, after) != (-1, 1)}
        return steps <= {1}


def read_days(printed: str) -> Days | None:
    """The days of a phrase: one span, or a list of days; None for several spans, or days that go backwards."""
    days: list[int] = []
    spans = 0
    for match in _STEP.finditer(printed):
        joint, day = (match["joint"] or "").strip(), int(match["day"])
        if days and (joint in ("-", "to", "through", "until")):
            spans += 1
            if not days[-1] < day <= days[-1] + MAX_DAYS:
                return None
            days.extend(range(days[-1] + 1, day + 1))
        else:
            days.append(day)
    if not days or (spans and len(re.findall(_AND, printed))) or spans > 1 or sorted(set(days)) != days:
        return None
    sizes = {len(days)}
    if spans and days[0] < 0 < days[-1]:
        sizes.add(len(days) - 1)
    return Days(tuple(days), bool(spans), frozenset(sizes))


def number_of(printed: str | None) -> int | None:
    """A printed number or number word up to twenty."""
    if not printed:
        return None
    if printed.isdigit():
        return int(printed)
    return _WORDS.get(printed.lower())

"""Grades of adverse events as numbers: "grade ≥3", "severe"."""

from __future__ import annotations

import re

from extract.patterns import lazy_regex

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_GRADE = lazy_regex(
    r"grades?\s?(?P<at_least>≥|>=|at least)?\s?(?P<low>[1-5]|IV|V|I{1,3})(?:\s?(?:-|/|to|or|and)\s?(?:grade\s)?"
    r"(?P<high>[1-5]|IV|V|I{1,3}|higher|worse|above|more))?",
    re.IGNORECASE,
)
_WORD_GRADES = {
    "severe": (3, 5),
    "serious": (2, 5),  # by its outcome, not by its grade: surely among all, and all deaths are among these
    "life-threatening": (4, 5),
    "fatal": (5, 5),
    "any grade": (1, 5),
    "all grades": (1, 5),
}


def grades_of(words: str | None) -> tuple[int, int] | None:
    """The lowest and the highest grade that words stand for."""
    if words is None:
        return None
    if words.lower() in _WORD_GRADES:
        return _WORD_GRADES[words.lower()]
    match = _GRADE.fullmatch(words)
    if match is None:
        return None
    low, high = _number(match["low"]), match["high"]
    if match["at_least"] or (high and high.lower() in ("higher", "worse", "above", "more")):
        return low, 5
    return low, _number(high) if high else low


def _number(grade: str) -> int:
    return _ROMAN.get(grade.upper()) or int(grade)

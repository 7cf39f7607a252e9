"""What makes two results comparable: where they stand, what they measure, in whom, when."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable
from decimal import Decimal
from typing import NamedTuple

from extract.audit.case import Case
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.rounding import Span, half_unit, span_of
from extract.values import days_of

_NUMBERS = lazy_regex(r"(?P<number>[\d.]+)(?P<unit>[YMWDH])")
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour"}
_WORDS = lazy_regex(r"[^\W_]+")
_GRADED = lazy_regex(
    r"\b(?:any|all)\sgrades?\b|\bgrades?\s[\dIV≥/-]+(?:\s(?:or|to|and)\s(?:[\dIV]+|higher|worse|above))?|"
    r"\b(?:severe|serious|fatal|mild|moderate|any|all)\b",
    re.IGNORECASE,
)
NAMES = {
    "OS": "overall survival",
    "EFS": "event free survival",
    "DFS": "disease free survival",
    "RFS": "relapse free survival",
    "PFS": "progression free survival",
    "CR": "complete remission",
    "ORR": "overall response rate",
}
# Words that make two figures of one group two analyses.
ANALYSIS = lazy_regex(
    r"\b(?:per[- ]protocol|intent(?:ion)?[- ]to[- ]treat|as[- ]treated|adjusted|unadjusted|imputed?|interim|updated?|"
    r"sensitivity|sub-?(?:groups?|set)|post[- ]hoc|landmark|evaluable|worst[- ]case|censor\w*|weighted|propensity\w*|"
    r"matched[- ](?:pairs?|cohorts?|analys\w+)|"
    r"investigators?|independent|central(?:ly)?|locally|blinded|historical|expected|assum\w+|predicted|estimated|"
    r"hypothe\w+|target)\b|\bITT\b|\bPP\b|\bmITT\b|\bBICR\b|\bIRC\b",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """A sentence or a table row; `table` is where its table begins, None outside tables."""

    span: CharSpan
    table: int | None = None


class PlaceFinder:
    """Looks up the sentence or table row that holds a place of one document."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._rows: dict[int, tuple[list[int], list[Place]]] = {}

    def at(self, span: CharSpan) -> Place:
        """The table row that holds a place, else its sentence."""
        block = self._case.block(span)
        if block is None or block.table is None:
            return Place(self._case.sentence(span))
        if block.span.start not in self._rows:
            rows: dict[int, CharSpan] = {}
            for cell in block.table.cells:
                first, last = rows.get(cell.row, cell.span)
                rows[cell.row] = CharSpan(min(first, cell.span.start), max(last, cell.span.end))
            places = [Place(row, block.span.start) for row in sorted(rows.values())]
            self._rows[block.span.start] = [place.span.start for place in places], places
        starts, places = self._rows[block.span.start]
        index = bisect_right(starts, span.start) - 1
        return places[index] if index >= 0 else Place(span, block.span.start)

    def of(self, row: Outcome) -> Place:
        """The table row or sentence in which the figure of a result is printed."""
        return self.at(self._case.anchor(row))


def name_of(text: str) -> str:
    """A name for comparison: lower case, without hyphens, plural and brackets."""
    words = [word.lower() for word in _WORDS.findall(text)]
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def endpoint_of(row: Outcome) -> str:
    """What a result measures; the usual name and its symbol are one, words for severity do not count."""
    name = name_of(_GRADED.sub(" ", row.endpoint_text))
    full = NAMES.get(row.endpoint)
    return row.endpoint if full is not None and name in (full, row.endpoint.lower()) else f"{row.endpoint} {name}"


def arm_of(row: Outcome) -> str | None:
    """The arm for comparison, None where there is none."""
    return name_of(row.arm) if row.arm else None


def time_in_words(iso: str) -> str:
    """A duration in words: `3 years`."""
    return " ".join(
        f"{match['number']} {_UNITS[match['unit']]}{'' if match['number'] == '1' else 's'}"
        for match in _NUMBERS.finditer(iso)
    )


def at_time(iso: str | None) -> str:
    """` at 3 years`, empty without a time."""
    words = time_in_words(iso) if iso else ""
    return f" at {words}" if words else ""


def in_arm(arm: str | None) -> str:
    """` (blinatumomab)`, empty without an arm."""
    return f" ({arm})" if arm else ""


def group_of(row: Outcome) -> tuple[Hashable, ...]:
    """Whose result it is: study, arm, time."""
    return row.study, arm_of(row), days_of(row.timepoint) if row.timepoint else None


def is_single_percent(row: Outcome) -> bool:
    """Whether a result is one percentage, not a range or a bound."""
    return row.statistic == "percent" and row.value is not None and row.bound is None and 0 <= row.value <= 100


def surely_above(high: Decimal, low: Decimal) -> bool:
    """Whether a printed number is above another however both were rounded."""
    return span_of(high).low >= span_of(low).high


def above_even_cut(high: Decimal, low: Decimal) -> bool:
    """The same where digits may have been cut off instead."""
    return _cut(high).low >= _cut(low).high


def agree(one: Decimal, other: Decimal) -> bool:
    """Whether two printed numbers may be one number, one of them rounded or cut to fewer digits."""
    coarse, fine = sorted((one, other), key=half_unit, reverse=True)
    if half_unit(coarse) == half_unit(fine):
        return coarse == fine
    span = span_of(coarse, cut_off=True)
    return span.low <= fine <= span.high


def _cut(printed: Decimal) -> Span:
    return span_of(printed, cut_off=True)

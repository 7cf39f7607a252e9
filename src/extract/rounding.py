"""Printed numbers stand for an interval: 46.7 is anything from 46.65 to 46.75."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import NamedTuple


class Span(NamedTuple):
    """The values that a printed number may stand for, both ends included."""

    low: Decimal
    high: Decimal

    def overlaps(self, other: Span) -> bool:
        """Whether both may stand for the same value."""
        return self.low <= other.high and other.low <= self.high


def decimals(printed: Decimal) -> int:
    """How many digits are printed behind the point."""
    exponent = printed.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def half_unit(printed: Decimal) -> Decimal:
    """Half a unit of the last printed digit: 0.05 for 46.7, 0.5 for 47."""
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(5).scaleb(exponent - 1)


def span_of(printed: Decimal, *, cut_off: bool = False) -> Span:
    """What a printed number may stand for; with `cut_off` also a value whose further digits were left out."""
    half = half_unit(printed)
    outer = 2 * half if cut_off else half
    return Span(printed - half, printed + outer)


def percent_of(count: int, total: int) -> Decimal:
    """The percentage that a count is of a total."""
    return Decimal(100 * count) / Decimal(total)


def counts_of(percent: Decimal, total: int, *, cut_off: bool = False) -> range:
    """The whole numbers of `total` that make a printed percentage; empty where none does."""
    span = span_of(percent, cut_off=cut_off)
    low, high = ceil(span.low * total / 100), floor(span.high * total / 100)
    return range(max(low, 0), min(high, total) + 1)

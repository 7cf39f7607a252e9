"""Effect measures on the scale on which they are pooled: the value, its standard error, and why one is missing.

Ratios are pooled as natural logarithms, differences as they are. The standard error comes from the printed interval,
(upper - lower) / (2 z) with the z of its printed level, or is the printed one of a difference. What is not printed is
not assumed: an interval without its level gives no standard error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import Literal

from extract.records import Outcome
from extract.sinks.meta_arms import half_unit
from extract.sinks.meta_pairs import is_pooled

Transform = Literal["log", "none"]

# Statistic of a record -> metafor's abbreviation of the measure, and the scale it is pooled on.
MEASURES: dict[str, tuple[str, Transform]] = {
    "hazard_ratio": ("HR", "log"),
    "odds_ratio": ("OR", "log"),
    "risk_ratio": ("RR", "log"),
    "rate_ratio": ("IRR", "log"),
    "ratio_of_means": ("ROM", "log"),
    "win_ratio": ("WR", "log"),
    "win_odds": ("WO", "log"),
    "mean_difference": ("MD", "none"),
    "standardized_mean_difference": ("SMD", "none"),
    "risk_difference": ("RD", "none"),
}
SKEW = 0.2  # of the half width: by so much the value may lie beside the middle of its interval, beyond rounding


@dataclass(frozen=True, slots=True)
class Effect:
    """A measure of two arms; `yi` and `sei` are on the scale of `transform`, and null for a reason in `notes`."""

    row: Outcome
    measure: str
    transform: Transform
    yi: float | None
    sei: float | None
    source: Literal["interval", "standard error"] | None
    notes: tuple[str, ...] = ()

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The bounds of the interval, the lower one first."""
        if self.row.ci_low is None or self.row.ci_high is None:
            return None
        return min(self.row.ci_low, self.row.ci_high), max(self.row.ci_low, self.row.ci_high)


def find_effect(row: Outcome) -> Effect | None:
    """The effect measure of a record, None where its statistic is none of `MEASURES`."""
    if row.statistic not in MEASURES:
        return None
    measure, transform = MEASURES[row.statistic]
    notes: list[str] = []
    if is_pooled(row):
        notes.append("pooled over studies, no single one")
    if row.versus is None:
        change = ": may be the change within one arm" if row.statistic == "mean_difference" else ""
        notes.append(f"no reference arm named{change}")
    value, why = _value(row, transform)
    if value is None:
        return Effect(row, measure, transform, None, None, None, (*notes, why))
    bare = Effect(row, measure, transform, value, None, None)
    sei, source, remark = _standard_error(bare)
    return Effect(row, measure, transform, value, sei, source, (*notes, *([remark] if remark else [])))


def z_of(level: Decimal) -> float:
    """How many standard errors an interval of a level in percent reaches to either side."""
    return NormalDist().inv_cdf(0.5 + float(level) / 200)


def _value(row: Outcome, transform: Transform) -> tuple[float | None, str]:
    if row.value is None:
        return None, "a range, no value" if row.low is not None else "no value printed"
    if row.bound is not None:
        return None, "a bound, no value"
    if transform == "none":
        return float(row.value), ""
    if row.unit == "%":
        return None, "a ratio in percent"
    return (math.log(row.value), "") if row.value > 0 else (None, "no logarithm of a ratio of 0 or below")


def _standard_error(effect: Effect) -> tuple[float | None, Literal["interval", "standard error"] | None, str]:
    """The standard error, what it is from, and a remark: why there is none, or what is odd."""
    row, bounds = effect.row, effect.bounds
    if row.se is not None and effect.transform == "none":
        return (float(row.se), "standard error", "") if row.se > 0 else (None, None, "standard error of 0")
    if bounds is None:
        return None, None, "scale of the standard error not printed" if row.se is not None else "no interval printed"
    low, high = bounds
    if row.ci_level is None:
        return None, None, "level of the interval not printed"
    if not 0 < row.ci_level < 100:
        return None, None, "level of the interval is no percentage"
    if effect.transform == "log" and low <= 0:
        return None, None, "no logarithm of a bound of 0 or below"
    if low == high:
        return None, None, "interval without width"
    if row.value is None or not low <= row.value <= high:
        return None, None, "value outside its interval"
    lower, upper = (math.log(low), math.log(high)) if effect.transform == "log" else (float(low), float(high))
    sei = (upper - lower) / (2 * z_of(row.ci_level))
    return sei, "interval", _skewed(effect, lower, upper)


def _skewed(effect: Effect, lower: float, upper: float) -> str:
    """A remark where the value lies beside the middle of its interval by more than rounding explains."""
    row = effect.row
    if effect.yi is None or row.value is None or row.ci_low is None or row.ci_high is None:
        return ""
    numbers = (row.value, row.ci_low, row.ci_high)
    printed = [float(half_unit(number)) for number in numbers]
    scaled = printed
    if effect.transform == "log":
        scaled = [off / float(number) for off, number in zip(printed, numbers, strict=True)]
    rounding, beside = scaled[0] + (scaled[1] + scaled[2]) / 2, abs(effect.yi - (lower + upper) / 2)
    even = abs(2 * row.value - row.ci_low - row.ci_high) <= 2 * Decimal(printed[0])
    if effect.transform == "log" and even and beside > 2 * rounding:
        return "interval not made on the log scale: as wide on both sides of the ratio"
    if beside <= SKEW * (upper - lower) / 2 + rounding:
        return ""
    return "value beside the middle of its interval" + (" on the log scale" if effect.transform == "log" else "")

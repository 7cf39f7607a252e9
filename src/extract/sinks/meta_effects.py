"""Effect measures on the scale on which they are pooled: the value, its standard error, and why one is missing.

Ratios are pooled as natural logarithms, differences as they are, risk differences printed in percent as shares. The
standard error comes from the printed interval, (upper - lower) / (2 z) with the z of its printed level, or is the
printed one of a difference. An interval without its level gives none; that of 95 % stands apart, in `sei_if_95`.
Intervals of few people are made with t, not z: their standard errors come out some percent too large.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist
from typing import Literal

from extract.records import Outcome
from extract.rounding import half_unit
from extract.sinks.meta_arms import Arm, ArmNames, outcome_name, severity, whose
from extract.sinks.meta_pairs import matching_arms, place_of

Transform = Literal["log", "none", "percent"]  # percent: divided by 100
Source = Literal["interval", "standard error"]

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
APART = 0.2  # of the larger: by so much a printed standard error and one from the interval may differ (t of 10 people)
TURNED = 0.1  # on the log scale: so near the inverse ratio of the arms, and so far from none, is turned round
NEAR = 3  # records: "20 (33%) and eight patients (13%) (RR = 2.50)"
LEAST_LEVEL = 50  # percent: a level below is a share (0.95) or misread
USUAL_LEVEL = Decimal(95)  # percent


@dataclass(frozen=True, slots=True)
class Effect:
    """A measure of two arms; `yi` and `sei` are on the scale of `transform`; `missing` is why one of them is null."""

    row: Outcome
    measure: str
    transform: Transform
    yi: float | None = None
    sei: float | None = None
    source: Source | None = None
    missing: str = ""
    remarks: tuple[str, ...] = ()
    sei_if_95: float | None = None
    turned: bool = False  # the figures of its arms give the ratio the other way round

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The bounds of the interval, the lower one first."""
        if self.row.ci_low is None or self.row.ci_high is None:
            return None
        return min(self.row.ci_low, self.row.ci_high), max(self.row.ci_low, self.row.ci_high)

    @property
    def notes(self) -> tuple[str, ...]:
        """All that a reader should know before pooling it."""
        turned = "the figures of its arms give the ratio the other way round" if self.turned else ""
        return tuple(note for note in (*self.remarks, turned, self.missing) if note)


def find_effect(row: Outcome) -> Effect | None:
    """The effect measure of a record, None where its statistic is none of `MEASURES`."""
    if row.statistic not in MEASURES:
        return None
    measure, transform = MEASURES[row.statistic]
    if measure == "RD" and row.unit == "%":
        transform = "percent"
    effect = Effect(row, measure, transform, remarks=_remarks(row, transform))
    value, missing = _value(effect)
    if value is None:
        return replace(effect, missing=missing)
    return _with_error(replace(effect, yi=value))


def z_of(level: Decimal) -> float:
    """How many standard errors an interval of a level in percent reaches to either side."""
    return NormalDist().inv_cdf(0.5 + float(level) / 200)


def find_repeats(effects: Sequence[Effect]) -> dict[int, str]:
    """For each effect of a document that another tells better, or as well and before, the record of that other."""
    repeats: dict[int, str] = {}
    kept: list[Effect] = []
    worse = [(effect.sei is None, effect.turned, effect.row.versus is None) for effect in effects]
    for at in sorted(range(len(effects)), key=lambda at: (worse[at], at)):
        same = next((each for each in kept if _is_same(effects[at], each)), None)
        if same is None:
            kept.append(effects[at])
        else:
            repeats[at] = same.row.record_id
    return repeats


def check_direction(effect: Effect, arms: Sequence[Arm], names: ArmNames) -> Effect:
    """The effect, marked where the figures of its two arms give the inverse ratio, and none give the ratio itself."""
    row = effect.row
    if effect.yi is None or abs(effect.yi) <= TURNED or effect.measure not in ("RR", "OR"):
        return effect
    sides = []
    for name in (names.name(row.arm, row.study), names.name(row.versus, row.study)):
        near = [arm for arm in arms if arm.name == name is not None and _is_near(arm, row)]
        shares = [_share(arm) for arm in (*matching_arms(name, arms, row), *near)]
        sides.append([_log(share, effect.measure) for share in shares if share is not None])
    gaps = [one - two for one in sides[0] for two in sides[1]]
    turned = any(abs(gap + effect.yi) <= TURNED for gap in gaps)
    return replace(effect, turned=turned and not any(abs(gap - effect.yi) <= TURNED for gap in gaps))


def _remarks(row: Outcome, transform: Transform) -> tuple[str, ...]:
    """What stands against pooling a record as that of two arms of one study, or in its direction."""
    remarks = []
    of = whose(row)
    if of is not None:
        remarks.append(of)
    if row.versus is None:
        change = ": may be the change within one arm" if row.statistic == "mean_difference" else ""
        remarks.append(f"no reference arm named{change}")
    if transform != "log" and row.ci_low is not None and row.ci_high is not None and row.ci_low > row.ci_high:
        remarks.append("interval printed from high to low: a decrease may stand without its sign")
    return tuple(remarks)


def _value(effect: Effect) -> tuple[float | None, str]:
    row = effect.row
    if row.value is None:
        return None, "a range, no value" if row.low is not None else "no value printed"
    if row.bound is not None:
        return None, "a bound, no value"
    if effect.transform == "log":
        if row.unit == "%":
            return None, "a ratio in percent"
        if row.value <= 0:
            return None, "no logarithm of a ratio of 0 or below"
    value = _scaled(row.value, effect.transform)
    if effect.measure == "RD":
        if row.unit not in (None, "%"):
            return None, "a risk difference in an unknown unit"
        if abs(value) > 1:
            return None, "a risk difference beyond 1"
    return value, ""


def _with_error(effect: Effect) -> Effect:
    """An effect with its standard error, or why it has none."""
    row = effect.row
    width, missing = _width(effect)
    level = row.ci_level
    if width is not None and level is None:
        missing = "level of the interval not printed"
        effect = replace(effect, sei_if_95=width / (2 * z_of(USUAL_LEVEL)))
    elif width is not None and level is not None and not LEAST_LEVEL <= level < 100:
        missing = "level of the interval is no percentage"
    by_interval = None if width is None or missing or level is None else width / (2 * z_of(level))
    remarks = effect.remarks if width is None else (*effect.remarks, *_skewed(effect))
    if row.se is not None and effect.transform != "log":
        if row.se <= 0:
            return replace(effect, missing="standard error of 0 or below", remarks=remarks)
        se = _scaled(row.se, effect.transform)
        if by_interval is not None and abs(se - by_interval) > APART * max(se, by_interval) + _rounding(row.se, effect):
            remarks = (*remarks, "standard error and interval disagree")
        return replace(effect, sei=se, source="standard error", remarks=remarks, sei_if_95=None)
    if by_interval is None:
        return replace(effect, missing=missing, remarks=remarks)
    return replace(effect, sei=by_interval, source="interval", remarks=remarks)


def _width(effect: Effect) -> tuple[float | None, str]:
    """The width of the interval on the scale of the effect, or why it has none."""
    row, bounds = effect.row, effect.bounds
    if bounds is None:
        return None, "no interval printed" if row.se is None else "scale of the standard error not printed"
    low, high = bounds
    if effect.transform == "log" and low <= 0:
        return None, "no logarithm of a bound of 0 or below"
    if low == high:
        return None, "interval without width"
    if row.value is None or not low <= row.value <= high:
        return None, "value outside its interval"
    return _scaled(high, effect.transform) - _scaled(low, effect.transform), ""


def _skewed(effect: Effect) -> tuple[str, ...]:
    """A remark where the value lies beside the middle of its interval by more than rounding explains."""
    row, bounds = effect.row, effect.bounds
    if effect.yi is None or row.value is None or bounds is None:
        return ()
    lower, upper = (_scaled(bound, effect.transform) for bound in bounds)
    rounding = _rounding(row.value, effect) + sum(_rounding(bound, effect) for bound in bounds) / 2
    beside = abs(effect.yi - (lower + upper) / 2)
    even = abs(2 * row.value - bounds[0] - bounds[1]) <= 2 * half_unit(row.value)
    if effect.transform == "log" and even and beside > 2 * rounding:
        return ("interval not made on the log scale: as wide on both sides of the ratio",)
    if beside <= SKEW * (upper - lower) / 2 + rounding:
        return ()
    return ("value beside the middle of its interval" + (" on the log scale" if effect.transform == "log" else ""),)


def _scaled(number: Decimal, transform: Transform) -> float:
    if transform == "log":
        return math.log(number)
    return float(number / 100 if transform == "percent" else number)


def _rounding(number: Decimal, effect: Effect) -> float:
    """By how much rounding may have moved a printed number, on the scale of the effect."""
    half = half_unit(number)
    return float(half / number) if effect.transform == "log" else _scaled(half, effect.transform)


def _share(arm: Arm) -> float | None:
    """The share of an arm's people with the event, where it lies between 0 and 1."""
    if arm.kind != "proportion" or arm.bounded or arm.is_estimate or arm.doubt:
        return None
    if arm.events is not None and arm.total:
        share = arm.events / arm.total
    elif arm.value is not None:
        share = float(arm.value) / 100
    else:
        return None
    return share if 0 < share < 1 else None


def _log(share: float, measure: str) -> float:
    """The logarithm of a risk, or of odds."""
    return math.log(share / (1 - share) if measure == "OR" else share)


def _is_near(arm: Arm, row: Outcome) -> bool:
    """Whether a record of an arm, by whatever name of the outcome, stands close before that of an effect."""
    gaps = [place_of(row) - place_of(each) for each in arm.rows]
    return arm.row.study == row.study is not None and any(0 < gap <= NEAR for gap in gaps)


def _is_same(one: Effect, two: Effect) -> bool:
    """Whether two effects are one result of a study: same outcome, measure and figures, nothing against it."""
    if whose(one.row) is not None or one.row.study != two.row.study or one.measure != two.measure:
        return False
    if one.row.value is None or one.bounds is None:
        return False
    if (one.row.value, one.bounds, one.row.unit) != (two.row.value, two.bounds, two.row.unit):
        return False
    settings = [
        (one.row.timepoint, two.row.timepoint),
        (severity(one.row), severity(two.row)),
        (one.row.ci_level, two.row.ci_level),
    ]
    if any(None not in pair and pair[0] != pair[1] for pair in settings):
        return False
    return _outcome(one.row) == _outcome(two.row) and _arms_alike(one.row, two.row)


def _outcome(row: Outcome) -> str:
    return outcome_name(row.endpoint, row.endpoint_text) if row.endpoint == "OTHER" else row.endpoint


def _arms_alike(one: Outcome, two: Outcome) -> bool:
    """Whether the arms of two effects may be the same two, in either order: each name is null or part of the other."""
    first, second = [(_words(row.arm), _words(row.versus)) for row in (one, two)]
    return any(
        all(not a or not b or a <= b or b <= a for a, b in zip(first, turned, strict=True))
        for turned in (second, second[::-1])
    )


def _words(name: str | None) -> frozenset[str]:
    return frozenset((name or "").casefold().split())

"""Whether two results that may be one say the same: the figures within rounding, the arms by their words.

A figure printed with fewer digits stands for all that round or are cut to it. `None` is no verdict: the figures cannot
be compared, since one is a bound, or counts are of different totals.
"""

from __future__ import annotations

from decimal import Decimal

from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.rounding import Span, decimals, percent_of, span_of

# Words of an arm that say nothing of whom it holds.
_EMPTY = frozenset(
    (
        *("a", "an", "the", "of", "in", "with", "for", "who", "were", "was", "had", "and", "or", "those"),
        *("patient", "patients", "people", "children", "adults", "participants", "subjects", "recipients"),
        *("arm", "arms", "group", "groups", "cohort", "treatment", "treated", "therapy", "receiving", "received"),
    )
)
_WORD = lazy_regex(r"[<>≤≥=]\s*|[^\W_]+")
_RATIOS = frozenset({"hazard_ratio", "odds_ratio", "risk_ratio", "rate_ratio"})  # turned round when arms are
PROPORTION = "proportion"
USUAL_LEVEL = 95  # percent, of an interval that prints no level


def measure(row: Outcome) -> str:
    """What kind of figure a result is: percentages and counts are of one kind, every other statistic is its own."""
    if row.statistic == "count" or (row.statistic == "percent" and row.unit in ("%", None)):
        return PROPORTION
    return f"{row.statistic} {row.unit or ''}".strip()


def same_figures(one: Outcome, two: Outcome) -> bool | None:
    """Whether the figures of two results of one measure agree."""
    if measure(one) == PROPORTION:
        return _same_proportion(one, two)
    if one.bound != two.bound:
        return None
    first, second = _numbers(one), _numbers(two)
    if len(first) != len(second) or not first:
        return None
    return all(map(near, first, second))


def same_intervals(one: Outcome, two: Outcome) -> bool:
    """Whether the confidence intervals of two results agree, or one prints none of the same level."""
    if (one.ci_level or USUAL_LEVEL) != (two.ci_level or USUAL_LEVEL):
        return True
    bounds = ((one.ci_low, two.ci_low), (one.ci_high, two.ci_high))
    return all(first is None or second is None or near(first, second) for first, second in bounds)


def is_turned_round(one: Outcome, two: Outcome) -> bool:
    """Whether two ratios are of the same arms, each the other way round, and one is the inverse of the other."""
    if measure(one) not in _RATIOS or not one.value or not two.value:
        return False
    if arm_relation(one.arm, two.versus) != "same" or arm_relation(one.versus, two.arm) != "same":
        return False
    ends = span_of(two.value, cut_off=True)
    if ends.low <= 0:
        return False
    return Span(1 / ends.high, 1 / ends.low).overlaps(span_of(one.value, cut_off=True))


def near(one: Decimal, two: Decimal) -> bool:
    """Whether two printed numbers can be one: equal, or the one with fewer digits is the other rounded or cut."""
    if one == two:
        return True
    coarse, fine = sorted((one, two), key=decimals)
    if decimals(coarse) == decimals(fine):
        return False
    span = span_of(abs(coarse), cut_off=True)
    return (coarse < 0) == (fine < 0) and span.low <= abs(fine) < span.high


def arm_relation(one: str | None, two: str | None) -> str:
    """How two arms stand to each other: `same`, `within` (one has all words of the other), `unnamed`, `other`."""
    if one is None or two is None:
        return "same" if one is two else "unnamed"
    first, second = _arm_words(one), _arm_words(two)
    if first == second:
        return "same"
    return "within" if first and second and (first <= second or second <= first) else "other"


def _arm_words(arm: str) -> frozenset[str]:
    words = [word.strip() for word in _WORD.findall(arm.casefold())]
    kept = frozenset(word for word in words if word not in _EMPTY)
    return kept or frozenset(words)


def _same_proportion(one: Outcome, two: Outcome) -> bool | None:
    if one.bound != two.bound:
        return None
    counted, other = (one.n, one.total), (two.n, two.total)
    is_counted = None not in counted
    is_other_counted = None not in other
    first, second = _numbers(one), _numbers(two)
    if first and second:
        if len(first) != len(second):
            return None
        return all(map(near, first, second)) and not (
            is_counted and is_other_counted and one.total == two.total and one.n != two.n
        )
    if is_counted and is_other_counted:
        if one.total != two.total:
            return None
        return one.n == two.n
    if first and is_other_counted:
        return _fits(first, two)
    if second and is_counted:
        return _fits(second, one)
    return True if one.n is not None and one.n == two.n else None


def _fits(percent: list[Decimal], row: Outcome) -> bool | None:
    """Whether a printed percentage can be a count of a total."""
    if len(percent) != 1 or row.n is None or not row.total or row.n > row.total:
        return None
    exact = percent_of(row.n, row.total)
    span = span_of(percent[0], cut_off=True)
    return span.low <= exact < span.high


def _numbers(row: Outcome) -> list[Decimal]:
    numbers = [row.value] if row.value is not None else [row.low, row.high]
    return [number for number in numbers if number is not None]

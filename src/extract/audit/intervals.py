"""Estimates and their intervals: bounds turned round, estimates outside, intervals and p-values that disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import erfc, log, sqrt
from statistics import NormalDist
from types import MappingProxyType

from extract.audit.case import Case, Check, Claim
from extract.audit.estimates import DIFFERENCES, LEVELS, NEAR_P, PLAIN_RATIO, RATIOS, UNNAMED, Interval, intervals
from extract.document import Block, BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.rounding import half_unit, span_of

_USUAL_LEVEL = Decimal(95)  # percent, where none is printed
_FAR = 5  # times one p-value the other, on opposite sides of the threshold: more than one-sided or log-rank tests make
_PERCENT = 5  # a ratio above may be a percentage: "reduced by 20 % (0.62-0.98)"
_VERY_FAR = 500  # times: no test explains it, however near the interval comes to no effect
_CLEARLY_NOT_SIGNIFICANT = 0.1  # p of an interval that holds no effect well inside
_OFF_CENTRE = 0.15  # of the interval's length on the logarithmic scale: more than exact methods shift an estimate
_EVEN_OFF_CENTRE = 0.04  # the same for an estimate in the very middle of the plain scale
_NARROW = 6  # high bound by low bound: below it there are enough events for the usual methods

_CHANGE = lazy_regex(
    r"reduc|decreas|declin|\bfell\b|\bfall|lower|loss|lost|chang|drop|improv|differen|shorten|shrink|less|increas|"
    r"efficacy|effectiveness",
    re.IGNORECASE,
)
_OTHER_TEST = lazy_regex(
    r"inferior|equivalen|interaction|heterogen|superiority|\bfor\s(?:linear\s)?trend|[Pp][\s-]?trend|subgroup\sdiff|"
    r"homogen|one-sided|1-sided|one-tailed|sequential|adjusted\s[pP]\b|Bonferroni|Holm|correct",
    re.IGNORECASE,
)
_MARGIN = lazy_regex(r"inferior|equivalen", re.IGNORECASE)  # the p-values of the paragraph may test a margin
_DIGIT = lazy_regex(r"\d")
_WORD = lazy_regex(r"[A-Za-zχτ]")
_OTHER_METHOD = lazy_regex(
    r"\bCrI|credible|bootstrap|\bexact|profile|Bayes|percentile|prior\b|poster|median", re.IGNORECASE
)
_SUBGROUPS = lazy_regex(r"sub-?group|sub-?analys|meta-?regress", re.IGNORECASE)
_SUBGROUP_REACH = 400  # characters before an estimate
_NOTE_MARK = lazy_regex(r"[\^*†‡§¶#]|[ᵃ-ᶻ]|\(\w\)\s?$")


def find_reversed_intervals(case: Case) -> Iterator[Claim]:
    """Intervals printed from high to low; not those of differences, which people print by size without their signs."""
    for each in intervals(case):
        first, second = each.printed
        if first <= second or each.low < 0:
            continue
        sentence = case.quote(case.sentence(each.value_at))
        if not each.is_ratio and (each.statistic not in LEVELS | {UNNAMED} or _CHANGE.search(sentence)):
            continue
        yield Claim(
            severity="inconsistent",
            message=f"The interval of the {each.name} {each.value} is printed from {first} down to {second}.",
            stated=(each.interval_at,),
            against=(each.value_at,),
            correction=f"{each.low} to {each.high}" if each.holds_estimate else None,
            study=each.study,
            about=each.about,
        )


def find_estimates_outside(case: Case) -> Iterator[Claim]:
    """Estimates outside of their interval by more than rounding; not where the two are of different scales."""
    for each in intervals(case):
        if each.holds_estimate or _other_scale(each):
            continue
        side = "below" if each.value < each.low else "above"
        yield Claim(
            severity="impossible",
            message=f"The {each.name} {each.value} lies {side} its own interval, {each.low} to {each.high}.",
            stated=(each.value_at,),
            against=(each.interval_at,),
            correction=_with_sign(each),
            study=each.study,
            about=each.about,
        )


def _other_scale(each: Interval) -> bool:
    """Whether the estimate is in the interval once it is turned: a sign left out, a share of 1 or of 100, its rest."""
    if each.is_ratio and each.low <= 0:
        return True
    value, hundred = each.value, Decimal(100)
    is_percent = abs(value) > (_PERCENT if each.is_ratio else 1)
    turned = [value / hundred, 1 - value / hundred, 1 + value / hundred, hundred - value] if is_percent else []
    turned += [value * hundred, hundred * (1 - value)] if abs(value) < 1 else []
    turned += [value - 1, hundred * (value - 1)] if each.is_ratio or each.statistic == UNNAMED else []
    turned += [-value, 1 - value] if not each.is_ratio else []
    slack = half_unit(each.low)
    return any(each.low - slack <= number <= each.high + slack for number in turned)


def _with_sign(each: Interval) -> str | None:
    """The interval with a minus before its low bound, where that would hold a difference."""
    if each.is_ratio or each.statistic in LEVELS | {UNNAMED} or each.low <= 0 or each.value > each.high:
        return None
    return f"-{each.low} to {each.high}"


def find_interval_p_conflicts(case: Case) -> Iterator[Claim]:
    """Intervals and p-values on opposite sides of the threshold, too far apart for another test to explain."""
    notes: dict[int, bool] = {}
    for each in intervals(case):
        if each.p is None or each.p_op is None or each.p_at is None or each.statistic not in RATIOS | DIFFERENCES:
            continue
        if each.is_ratio and each.low <= 0:
            continue
        if not each.holds_estimate and (each.is_ratio or not each.low <= -each.value <= each.high):
            continue
        told = _conflict(each, float(each.p), each.p_op)
        if told == "excludes" and _is_of_subgroups(case, each):
            continue
        if told is not None and _belongs(case, each, each.p_at, notes):
            effect = "1 (no effect)" if each.is_ratio else "0 (no effect)"
            yield Claim(
                severity="inconsistent",
                message=f"The interval {each.low} to {each.high} of the {each.name} {each.value} {told} {effect}, "
                f"which does not go with {case.quote(each.p_at)}.",
                stated=(each.interval_at,),
                against=(each.p_at,),
                study=each.study,
                about=each.about,
            )


def _belongs(case: Case, each: Interval, p_value: CharSpan, notes: dict[int, bool]) -> bool:
    """Whether a p-value stands right behind the interval and tests the estimate itself.

    `notes` keeps, by table, whether it speaks of another test.
    """
    text, block = case.document.text, case.block(each.interval_at)
    if block is None or block is not case.block(p_value) or p_value.start < each.interval_at.end:
        return False
    between = text[each.interval_at.end : p_value.start]
    if len(between) > NEAR_P or _WORD.search(between) or _DIGIT.search(between):
        return False
    if each.row is None and _MARGIN.search(text, *block.span):
        return False
    sentence = case.sentence(each.value_at)
    if _OTHER_TEST.search(text, sentence.start, max(sentence.end, min(p_value.end + 60, block.span.end))):
        return False
    if _shares_p(case, each, sentence):
        return False
    if block.kind is BlockKind.TABLE:
        key = block.span.start
        if key not in notes:
            notes[key] = any(_OTHER_TEST.search(words) for words in _words_around(case, block))
        return not notes[key]
    return True


def _is_of_subgroups(case: Case, each: Interval) -> bool:
    """Whether subgroups are told of, whose p-value may be that of the difference between them."""
    block, start = case.block(each.value_at), each.value_at.start
    headings = " ".join(block.section) if block is not None else ""
    before = case.document.text[max(start - _SUBGROUP_REACH, 0) : start]
    return _SUBGROUPS.search(headings) is not None or _SUBGROUPS.search(before) is not None


def _shares_p(case: Case, each: Interval, sentence: CharSpan) -> bool:
    """Whether an interval before it has no p-value of its own: what follows may compare the two estimates."""
    before = case.marks.inside("statistics", sentence.start, each.interval_at.start)
    kinds = [mark.value.kind for mark in before if mark.value.kind in {"confidence_interval", "p_value"}]
    return bool(kinds) and kinds[-1] == "confidence_interval"


def _words_around(case: Case, block: Block) -> Iterator[str]:
    """What is said about a table: its own words, its caption and its notes, which stand before and behind it."""
    document = case.document
    index = document.blocks.index(block)
    for other in document.blocks[max(index - 2, 0) : index + 6]:
        if other is block or other.kind in {BlockKind.CAPTION, BlockKind.FOOTNOTE, BlockKind.LEGEND}:
            yield document.text[other.span.start : other.span.end]


def _conflict(each: Interval, p: float, operator: str) -> str | None:
    """How an interval stands to no effect, where the p-value says otherwise; None where both agree or nearly do."""
    alpha = 1 - float(each.level or _USUAL_LEVEL) / 100
    if not 0 < alpha < 1 or p > 1:
        return None
    null = Decimal(1 if each.is_ratio else 0)
    least, greatest = _p_of(each, alpha)
    if each.low - half_unit(each.low) > null or each.high + half_unit(each.high) < null:
        apart = p >= _FAR * max(greatest, 1e-12) and operator in {"=", ">", ">="}
        return "excludes" if apart and p > alpha and greatest < alpha else None
    inside = each.low + half_unit(each.low) < null < each.high - half_unit(each.high)
    if inside and p < alpha and operator in {"=", "<", "<="}:
        ratio = least / max(p, 1e-12)
        if ratio >= _VERY_FAR or (ratio >= _FAR and least > _CLEARLY_NOT_SIGNIFICANT):
            return "holds"
    return None


def _p_of(each: Interval, alpha: float) -> tuple[float, float]:
    """The least and greatest p-value that an interval goes with: of its estimate and of its middle, rounded any way."""

    def scale(number: Decimal) -> float:
        return log(float(number)) if each.is_ratio else float(number)

    floor = Decimal("1e-9") if each.is_ratio else None
    found = []
    for shift in (-1, 1):
        low, high = each.low - shift * half_unit(each.low), each.high + shift * half_unit(each.high)
        low = low if floor is None else max(low, floor)
        if low >= high:
            continue
        error = (scale(high) - scale(low)) / (2 * NormalDist().inv_cdf(1 - alpha / 2))
        value = each.value if not each.is_ratio else max(each.value, Decimal("1e-9"))
        centres = (abs(scale(value)), abs(scale(high) + scale(low)) / 2)
        found += [erfc(centre / error / sqrt(2)) for centre in centres]
    return (min(found), max(found)) if found else (0.0, 1.0)


def find_asymmetric_intervals(case: Case) -> Iterator[Claim]:
    """Ratios far from the middle of their interval on the logarithmic scale, where intervals of ratios are even."""
    for each in intervals(case):
        if (
            not each.is_ratio
            or each.statistic == PLAIN_RATIO
            or not 0 < each.low < each.value < each.high
            or not each.holds_estimate
        ):
            continue
        off, even = _off_centre(each), _is_even(each)
        if not (off > _OFF_CENTRE and each.high < _NARROW * each.low) and not (off > _EVEN_OFF_CENTRE and even):
            continue
        if _OTHER_METHOD.search(case.quote(case.sentence(each.value_at))) or _has_note(case, each):
            continue
        middle = (each.low * each.high).sqrt().quantize(each.value)
        how = (
            "lies evenly around it as around a difference"
            if even
            else f"has its middle at {middle} on the scale of ratios"
        )
        yield Claim(
            severity="suspicious",
            message=f"The interval {each.low} to {each.high} of the {each.name} {each.value} {how}; "
            "intervals of ratios lie evenly on the logarithmic scale.",
            stated=(each.interval_at,),
            against=(each.value_at,),
            assumes="the interval comes from a usual model, not from resampling or an exact method",
            study=each.study,
            about=each.about,
        )


def _off_centre(each: Interval) -> float:
    """How far the estimate is from the middle, as a share of the interval on the logarithmic scale, at the least."""
    low, value, high = span_of(each.low), span_of(each.value), span_of(each.high)
    if low.low <= 0:
        return 0.0
    middles = [log(float(a * b)) / 2 for a, b in ((low.low, high.low), (low.high, high.high))]
    width = log(float(high.high / low.low))
    apart = max(log(float(value.low)) - middles[1], middles[0] - log(float(value.high)), 0.0)
    return apart / width


def _is_even(each: Interval) -> bool:
    """Whether the estimate is the middle of its bounds on the plain scale, as far as rounding tells."""
    slack = half_unit(each.value) + (half_unit(each.low) + half_unit(each.high)) / 2
    return abs((each.low + each.high) / 2 - each.value) <= slack


def _has_note(case: Case, each: Interval) -> bool:
    """Whether a table's row refers to a note, which may say that its figures are of another kind."""
    text, block = case.document.text, case.block(each.value_at)
    if block is None or block.table is None:
        return False
    row = next((cell.row for cell in block.table.cells if cell.span.end > each.value_at.start), None)
    return any(
        _NOTE_MARK.search(text, cell.span.start, cell.span.end) is not None
        for cell in block.table.cells
        if cell.row == row
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "interval_reversed": find_reversed_intervals,
        "estimate_outside_interval": find_estimates_outside,
        "interval_p_conflict": find_interval_p_conflicts,
        "interval_asymmetric": find_asymmetric_intervals,
    }
)

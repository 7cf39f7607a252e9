"""Results of a sentence: each printed figure that can report an outcome, with the statistics printed beside it.

A percentage and the count of the same result ("Sixty-nine of the 110 patients (63%)") are one `Result`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extract.components.grammar import NUMBER, comparator_before, decimal
from extract.document import CharSpan
from extract.linking import Found, Mark, Marks
from extract.linking.counting import is_result
from extract.linking.measures import free_numbers, measured, unit_after
from extract.values import Count, Percent, Quantity, Statistic

EFFECTS = frozenset(
    {
        "hazard_ratio",
        "odds_ratio",
        "risk_ratio",
        "rate_ratio",
        "win_ratio",
        "win_odds",
        "ratio_of_means",
        "mean_difference",
        "standardized_mean_difference",
        "risk_difference",
        "risk_reduction",
        "risk_increase",
        "regression_coefficient",
        "correlation",
        "number_needed_to_treat",
        "number_needed_to_harm",
    }
)
AVERAGES = frozenset({"median", "mean", "rate"})
_BESIDE = frozenset({"confidence_interval", "standard_error", "dispersion", "p_value", "i_squared"})
_LAST_NUMBER = re.compile(rf"-?{NUMBER}$")
# "63 patients achieved CR (": the bracket that gives the percentage of the count before it.
_COUNT_THEN_BRACKET = re.compile(r"[^()\[\];]{0,70}[(\[]\s?$")
_BRACKETED_COUNT = re.compile(r"\s?[(\[,;]\s?(?:[nN]\s?=\s?|i\.e\.,?\s)?$")
_TOTAL_AFTER = re.compile(
    r"\s?[)\]]\s(?:[a-z-]+\s){0,3}?(?:out\s)?of\s(?:the\s|these\s|all\s|our\s)?(?P<total>[1-9]\d{0,2}(?:,\d{3})+|\d+)(?![\w%.,]\d|\d|%)"
)
_OPPOSED = re.compile(
    r"(?:\s[a-z]+){0,2}(?:\s(?:in|with|on|for|among|of)\s[^();,.]{1,70}?)?\s(?:vs\.?|versus)\s(?P<n>[1-9]\d{0,4})(?=\s?[),;.]|\s(?:in|with|on|for|among|of)\s)(?!\.\d)"
)
_LISTED = re.compile(r",\s|,?\s(?:and|or|vs\.?|versus)\s")
_SEVERAL = re.compile(r"\s?(?:vs\.?|versus|and|or|,\s\d)(?!\w)")
_N_SIGN = re.compile(r"\b[nN](?=\s?=\s?$)")
_NOT_A_RESULT = re.compile(
    r"\b(?:age[ds]?|follow[\s-]?up|observation|weight|BMI|dos(?:e|es|age)|duration of (?:therapy|treatment|follow)|"
    r"time (?:from|since|between)|interval|enrol\w+|number of (?:prior|previous|cycles|doses|patients))\b",
    re.IGNORECASE,
)
_SD = re.compile(r"\b(?:SDs?|standard deviations?)\b", re.IGNORECASE)
_IQR = re.compile(r"\b(?:IQR|inter-?quartile)", re.IGNORECASE)
_CLOSED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LIST_GAP = re.compile(
    r"\s?[\w/²-]{0,12}[\s,]*(?:(?:in|for|with|among|on|of|after|given)\s[\w\s/+<>≤≥-]{1,60}?[\s,]+)?(?:and|vs\.?|versus|compared\s(?:with|to)|"
    r"against|but|or|,)\s(?:[\w\s/+<>≤≥-]{0,40}?\s)?(?:was\s|of\s|by\s)?$"
)
_BOUNDS_AFTER = re.compile(r"\s?[(\[]\s?(?:\d\d\s?%\s?CI[:,]?\s?)?-?\d[\d.]*\s?(?:-|to|,)")
_REDUCTION_AFTER = re.compile(
    r"\s?\)?\s(?:\w+\s)?(?:relative\s|absolute\s)?(?:risk\sreductions?|reductions?\sin\s(?:the\s)?(?:relative\s|absolute\s)?(?:risks?|odds|hazards?))\b",
    re.IGNORECASE,
)
_INCREASE_AFTER = re.compile(
    r"\s(?:\w+\s)?(?:(?:increased|higher|greater|elevated|added|excess)\s(?:relative\s)?(?:risk|odds|likelihood|hazard|chance|incidence)|"
    r"increase\sin\s(?:the\s)?(?:risk|odds|likelihood|hazard))\b",
    re.IGNORECASE,
)
_REDUCTION_BEFORE = re.compile(
    r"\b(?:reduc|lower|decreas|cut)\w*\s(?:the\s|its\s)?(?:relative\s|absolute\s)?(?:risks?|odds|hazards?)\b[^.;,()]{0,60}\bby\s(?:about\s|approximately\s)?$",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:reduc|decreas|increas|improv|chang|declin|fell|rose|lower)\w*\s(?:\w+\s)?by\s")
_BOUNDS = re.compile(
    rf"\s?[(\[]\s?(?P<low>-?{NUMBER})\s?%?\s?(?:-|to|,|;|and)\s?(?P<high>-?{NUMBER})\s?%?\+?\s?[)\]]"
)
_INTERVAL_NAME = re.compile(r"(?:(?P<level>\d\d(?:\.\d)?)\s?%\s?)?\bC[Ir]?I\b|confidence interval")
_SPREAD_NAME = re.compile(r"\b(?:IQR|interquartile|range)\b")
_BOUND_BEFORE = re.compile(
    r"\b(?:(?P<less>(?:less|fewer|lower)\sthan|below|under)|(?:more|greater|higher)\sthan|above|over|exceed(?:ed|ing|s)?)\s$"
)
_BOUND_AFTER = re.compile(r"\sor\s(?:(?P<less>lower|less|fewer|below)|higher|more|greater|above)\b")
MAX_SIBLING = 140  # characters between two figures of one measure
REACH_OF_CI = 60  # characters between a value and the interval or error that belongs to it
NEAR = 25  # characters between a value and a p-value that stands with it
REACH_OF_P = 220  # characters between a value and its p-value


@dataclass(slots=True, eq=False)
class Result:
    """A figure that can report an outcome; `span` is the figure, `start` to `end` it with what stands beside it."""

    span: CharSpan
    statistic: str
    fields: dict[str, Found]
    start: int
    end: int
    count: CharSpan | None = None
    named: CharSpan | None = None  # the measure's name and value: "hazard ratio 0.36"
    mark: Mark | None = None
    reports: bool = True  # False: a count that only says how many people there are

    @property
    def is_effect(self) -> bool:
        """Whether it compares two arms."""
        return self.statistic in EFFECTS

    @property
    def is_count(self) -> bool:
        """Whether it is a count without a percentage."""
        return self.statistic == "count"


def quantity_fields(quantity: Quantity, span: CharSpan, names: tuple[str, str, str]) -> dict[str, Found]:
    """One number under the first name, or a range under the other two."""
    numbers: tuple[Decimal | None, ...] = (quantity.value, quantity.low, quantity.high)
    return {
        name: Found(number, (span,)) for name, number in zip(names, numbers, strict=True) if number is not None
    }


def find_results(marks: Marks, start: int, end: int) -> list[Result]:
    """The results of `text[start:end]` in text order, counts merged with their percentages."""
    effects = list(_effects(marks, start, end))
    effects += _siblings(marks, effects, start, end)
    taken = [result.named or result.span for result in effects]
    percents = [result for result in _percents(marks, start, end) if not _touches(result.span, taken)]
    counts = [result for result in _counts(marks, start, end) if not _touches(result.span, taken)]
    results = _merge(marks.text, percents, counts)
    totals = [result.fields["total"].spans[-1] for result in results if "total" in result.fields and not result.is_count]
    results = [result for result in results if not (result.is_count and _touches(result.span, totals))] + effects
    results += [
        _measured(value) for value in measured(marks, start, end, [(each.start, each.end) for each in results])
    ]
    for result in results:
        if "unit" in result.fields:
            result.end = max(result.end, result.fields["unit"].spans[-1].end)
    results.sort(key=lambda result: (result.start, result.end))
    _attach(marks, results, start, end)
    return results


def _touches(span: CharSpan, spans: list[CharSpan]) -> bool:
    return any(each.start < span.end and span.start < each.end for each in spans)


def _siblings(marks: Marks, effects: list[Result], start: int, end: int) -> list[Result]:
    """Further figures of a named measure: "median OS was 14.3 vs. 9.1 months", "hazard ratios of 0.86 for A and 0.74"."""
    if not effects:
        return []
    text = marks.text
    found: list[Result] = []
    heads = sorted(effects, key=lambda result: result.start)
    numbers = free_numbers(marks, start, end, [(each.start, each.end) for each in effects])
    for index, head in enumerate(heads):
        ceiling = heads[index + 1].start if index + 1 < len(heads) else end
        last = max(head.span.end, head.end)
        run = [head]
        for number in numbers:
            if not last <= number.start() < min(ceiling, last + MAX_SIBLING):
                continue
            if not _goes_on(text, head, last, number, end):
                break
            span = CharSpan(*number.span())
            sign = -1 if number["sign"] == "-" else 1
            fields = {"value": Found(sign * decimal(number["number"]), (span,))}
            sibling = Result(span, head.statistic, fields, span.start, span.end, mark=head.mark)
            _add_bounds(text, sibling, text[head.start : head.span.start], end)
            run.append(sibling)
            last = sibling.end
        _share_unit(text, run, end)
        found += run[1:]
    return found


def _goes_on(text: str, head: Result, last: int, number: re.Match[str], end: int) -> bool:
    """Whether a free number goes on with the list that `head` opened."""
    gap = _CLOSED.sub("", text[last : number.start()])
    if not _LIST_GAP.match(gap) or re.search(r"[;.:]\s", gap):
        return False
    bounds = _BOUNDS.match(text, number.end(), min(end, number.end() + 60))
    unit = unit_after(text, number.end(), end) or (unit_after(text, bounds.end(), end) if bounds else None)
    if head.statistic in AVERAGES:
        own = head.fields.get("unit") or unit_after(text, head.span.end, end)
        name = own.value if isinstance(own, Found) else own[0] if own else None
        return unit is not None and name in {None, unit[0]}
    if unit is not None:
        return "unit" in head.fields
    return "." in number["number"] or bool(_BOUNDS_AFTER.match(text, number.end(), end))


def _share_unit(text: str, run: list[Result], end: int) -> None:
    unit = None
    for result in reversed(run):
        if "unit" in result.fields:
            continue
        if text[result.span.end : result.span.end + 1] == "%":
            result.fields["unit"] = Found("%", (CharSpan(result.span.end, result.span.end + 1),))
            continue
        own = unit_after(text, result.span.end, end)
        unit = own or unit
        if unit is not None:
            result.fields["unit"] = Found(unit[0], (unit[1],))


def _percents(marks: Marks, start: int, end: int) -> Iterator[Result]:
    for mark in marks.inside("percents", start, end):
        value: Percent = mark.value
        if value.role != "value":
            continue
        fields = quantity_fields(value.quantity, mark.span, ("value", "low", "high"))
        fields["unit"] = Found("%", (mark.span,))
        bound = _bound(marks.text, mark, start, end)
        if bound is not None:
            fields["bound"] = bound
        reduction = _REDUCTION_AFTER.match(marks.text, mark.end, end) or _REDUCTION_BEFORE.search(
            marks.text, max(start, mark.start - 110), mark.start
        )
        statistic = "risk_reduction" if reduction else "percent"
        if _INCREASE_AFTER.match(marks.text, mark.end, end):
            statistic = "risk_increase"
        yield Result(mark.span, statistic, fields, mark.start, mark.end, mark=mark)


def _bound(text: str, mark: Mark, start: int, end: int) -> Found | None:
    """The comparator of a percentage: a sign before it, words before it ("less than"), words after it ("or lower")."""
    if mark.value.bound is not None:
        return Found(mark.value.bound, (CharSpan(max(mark.start - 2, start), mark.start),))
    before = _BOUND_BEFORE.search(text, max(start, mark.start - 14), mark.start)
    if before is not None:
        return Found("<" if before["less"] else ">", (CharSpan(*before.span()),))
    after = _BOUND_AFTER.match(text, mark.end, min(end, mark.end + 20))
    if after is not None:
        return Found("<=" if after["less"] else ">=", (CharSpan(*after.span()),))
    return None


def _counts(marks: Marks, start: int, end: int) -> list[Result]:
    text = marks.text
    outcomes = [mark.start for mark in marks.inside("endpoints", start, end)]
    results: list[Result] = []
    for mark in marks.inside("counts", start, end):
        value: Count = mark.value
        fields: dict[str, Found] = {}
        if value.n is not None:
            fields["n"] = Found(value.n, (mark.span,))
        if value.total is not None:
            fields["total"] = Found(value.total, (mark.span,))
        result = Result(mark.span, "count", fields, mark.start, mark.end, count=mark.span, mark=mark)
        index = bisect_left(outcomes, mark.end)
        result.reports = is_result(text, mark, start, end, outcomes[index] if index < len(outcomes) else None)
        results.append(result)
    results = sorted([*results, *_opposed(text, results, end)], key=lambda result: result.start)
    for first, second in reversed(list(pairwise(results))):  # "in 3, 33 and 12 patients"
        if second.reports and _LISTED.fullmatch(text[first.end : second.start]):
            first.reports = True
    return results


def _opposed(text: str, counts: Sequence[Result], end: int) -> Iterator[Result]:
    """The other side of a comparison of counts: "42 events vs. 53", "60 events with A vs. 63 with B"."""
    taken = {result.start for result in counts}
    for first in counts:
        match = _OPPOSED.match(text, first.end, min(end, first.end + MAX_SIBLING)) if first.reports else None
        if match is not None and match.start("n") not in taken and "total" not in first.fields:
            span = CharSpan(*match.span("n"))
            yield Result(span, "count", {"n": Found(int(match["n"]), (span,))}, *span, count=span)


def _effects(marks: Marks, start: int, end: int) -> Iterator[Result]:
    text = marks.text
    for mark in marks.inside("statistics", start, end):
        value: Statistic = mark.value
        if value.quantity is None or (value.kind not in EFFECTS and value.kind not in AVERAGES):
            continue
        number = _LAST_NUMBER.search(text, mark.start, mark.end)
        if number is None:
            continue
        if value.kind in AVERAGES and re.match(r"-(?:year|month|week|day)", text[number.end() : number.end() + 6]):
            continue  # "median 5-year survival"
        if value.kind in AVERAGES and _NOT_A_RESULT.search(text, max(mark.start - 12, start), mark.end + 30):
            continue
        span = CharSpan(number.start(), number.end())
        kind = "mean_difference" if value.kind == "mean" and _BY.search(text, mark.start, span.start) else value.kind
        fields = quantity_fields(value.quantity, span, ("value", "low", "high"))
        bound = comparator_before(text, span.start)
        if bound is not None:
            fields["bound"] = Found(bound, (CharSpan(max(span.start - 2, start), span.start),))
        result = Result(span, kind, fields, mark.start, mark.end, named=mark.span, mark=mark)
        _add_bounds(text, result, text[mark.start : span.start], end)
        yield result


def _add_bounds(text: str, result: Result, name: str, end: int) -> None:
    """The bounds printed right behind a value: of a ratio its interval, of an average what its name says."""
    match = _BOUNDS.match(text, result.span.end, min(end, result.span.end + 60))
    if match is None or "ci_low" in result.fields:
        return
    span = CharSpan(match.start("low"), match.end("high"))
    low, high = Found(_number(match["low"]), (span,)), Found(_number(match["high"]), (span,))
    level = _INTERVAL_NAME.search(name)
    if level is not None or result.statistic in EFFECTS:
        result.fields |= {"ci_low": low, "ci_high": high}
        if level is not None and level["level"]:
            place = CharSpan(result.start + level.start("level"), result.start + level.end("level"))
            result.fields["ci_level"] = Found(Decimal(level["level"]), (place,))
    elif _SPREAD_NAME.search(name):
        kind = "iqr" if _IQR.search(name) else "range"
        result.fields |= {"dispersion_low": low, "dispersion_high": high, "dispersion_kind": Found(kind, (span,))}
    else:
        return
    result.end = max(result.end, match.end())
    unit = unit_after(text, match.end(), end)
    if unit is not None and "unit" not in result.fields:
        result.fields["unit"] = Found(unit[0], (unit[1],))
        result.end = max(result.end, unit[1].end)


def _number(text: str) -> Decimal:
    return -decimal(text[1:]) if text.startswith("-") else decimal(text)



def _measured(value: tuple[CharSpan, str, dict[str, Found]]) -> Result:
    span, statistic, fields = value
    return Result(span, statistic, fields, span.start, span.end)


def _merge(text: str, percents: list[Result], counts: list[Result]) -> list[Result]:
    """Percentages with the count of the same result inside them."""
    results = sorted([*percents, *counts], key=lambda result: result.start)
    merged: list[Result] = []
    skip: set[int] = set()
    for index, (first, second) in enumerate(pairwise(results)):
        if index in skip or first.is_count == second.is_count:
            continue
        gap = text[first.span.end : second.span.start]
        percent, count = (second, first) if first.is_count else (first, second)
        together = (_COUNT_THEN_BRACKET if first.is_count else _BRACKETED_COUNT).match(gap)
        if together and "n" in count.fields and "low" not in percent.fields:
            size = not count.reports and "total" not in count.fields and first.is_count
            if size and _SEVERAL.match(text, second.span.end):
                continue
            names = {"n": "total"} if size or _is_total(gap, count, percent) else {"n": "n", "total": "total"}
            percent.fields |= {names[name]: count.fields[name] for name in names if name in count.fields}
            percent.start, percent.end = first.start, max(first.end, second.end)
            percent.count = count.span
            _add_total_after(text, percent)
            skip |= {index, index + 1}
            merged.append(percent)
    merged += [result for index, result in enumerate(results) if index not in skip]
    return merged


def _add_total_after(text: str, result: Result) -> None:
    """The cohort behind a count and its percentage: "23 (10%) of 233 patients"."""
    match = _TOTAL_AFTER.match(text, result.end, result.end + 80)
    if match is not None and "total" not in result.fields:
        span = CharSpan(*match.span("total"))
        result.fields["total"] = Found(int(decimal(match["total"])), (span,))
        result.end = span.end


def _is_total(gap: str, count: Result, percent: Result) -> bool:
    """Whether `(n = 50)` behind a percentage is the size of the group and not the count of the percentage.

    The printed digits decide where only one of the two can give them; else a capital N is the size.
    """
    sign = _N_SIGN.search(gap)
    n, share = count.fields["n"].value, percent.fields["value"].value
    if sign is None or "total" in count.fields or not isinstance(n, int) or not isinstance(share, Decimal):
        return False
    as_total = _gives(round(n * share / 100), n, share)
    as_count = share > 0 and _gives(n, round(n * 100 / share), share)
    return sign[0] == "N" if as_total == as_count else as_total


def _gives(n: int, total: int, share: Decimal) -> bool:
    """Whether n of total, rounded as printed, is the percentage."""
    return total > 0 and round(Decimal(100 * n) / total, -int(share.as_tuple().exponent)) == share


def _attach(marks: Marks, results: list[Result], start: int, end: int) -> None:
    """Give each interval, error, dispersion and p-value to the result before it."""
    text = marks.text
    for mark in marks.inside("statistics", start, end):
        value: Statistic = mark.value
        if value.kind not in _BESIDE or value.quantity is None:
            continue
        owner = next((each for each in reversed(results) if each.reports and each.span.end <= mark.start + 1), None)
        if owner is None:
            continue
        gap = text[owner.span.end : mark.start]
        if value.kind == "p_value":
            if len(gap) <= REACH_OF_P and "p" not in owner.fields:
                owner.fields["p"] = Found(value.quantity.value or Decimal(0), (mark.span,))
                owner.fields["p_op"] = Found(value.operator or "=", (mark.span,))
                if len(gap) <= NEAR:
                    owner.end = max(owner.end, mark.end)
        elif len(gap) <= REACH_OF_CI and not re.search(r"[;.]\s", gap.replace("; ", ", ", 1)):
            _add_beside(text, owner, mark)


def _add_beside(text: str, owner: Result, mark: Mark) -> None:
    value: Statistic = mark.value
    quantity = value.quantity
    if quantity is None:
        return
    if value.kind == "confidence_interval" and "ci_low" not in owner.fields:
        owner.fields |= quantity_fields(quantity, mark.span, ("ci_value", "ci_low", "ci_high"))
        if value.level is not None:
            owner.fields["ci_level"] = Found(value.level, (mark.span,))
    elif value.kind == "standard_error" and "se" not in owner.fields:
        owner.fields |= quantity_fields(quantity, mark.span, ("se", "ci_low", "ci_high"))
    elif value.kind == "i_squared":
        owner.fields |= quantity_fields(quantity, mark.span, ("i2", "ci_low", "ci_high"))
    elif value.kind == "dispersion" and "dispersion_kind" not in owner.fields:
        if not _spreads(text, owner, mark):
            return
        owner.fields |= quantity_fields(
            quantity, mark.span, ("dispersion", "dispersion_low", "dispersion_high")
        )
        owner.fields["dispersion_kind"] = Found(_kind(text, mark), (mark.span,))
        unit = unit_after(text, mark.end, mark.end + 24)
        if unit is not None and "unit" not in owner.fields:
            owner.fields["unit"] = Found(unit[0], (unit[1],))
            owner.end = max(owner.end, unit[1].end)
    else:
        return
    owner.end = max(owner.end, mark.end)


def _spreads(text: str, owner: Result, mark: Mark) -> bool:
    """Whether a dispersion belongs to the figure before it: a `±` right after it, a range in brackets after an average."""
    gap = text[owner.span.end : mark.start]
    if text[mark.start] in "±+":
        return len(gap) <= 12 and "(" not in gap
    return owner.statistic in AVERAGES and len(gap) <= 30


def _kind(text: str, mark: Mark) -> str:
    printed = text[mark.start : mark.end]
    if _SD.search(printed):
        return "sd"
    if _IQR.search(printed):
        return "iqr"
    return "range" if "rang" in printed else "unknown"

"""Named measures: ratios, differences, medians and means that the text calls by name, with the figures that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extract.components.grammar import LEVEL, NUMBER, comparator_before, decimal
from extract.document import CharSpan
from extract.linking import Found, Marks
from extract.linking.figures import AVERAGES, BOUND_SIGN, EFFECTS, Result, quantity_fields
from extract.linking.measures import free_numbers, unit_after
from extract.patterns import lazy_regex
from extract.values import Statistic

_LAST_NUMBER = lazy_regex(rf"-?{NUMBER}$")
_NOT_A_RESULT = lazy_regex(
    r"\b(?:age[ds]?|follow[\s-]?up|observation|weight|BMI|dos(?:e|es|age)|duration of (?:therapy|treatment|follow)|"
    r"time (?:from|since|between)|interval|enrol\w+|number of (?:prior|previous|cycles|doses|patients))\b",
    re.IGNORECASE,
)
_IQR = lazy_regex(r"\b(?:IQR|inter-?quartile)", re.IGNORECASE)
_CLOSED = lazy_regex(r"\([^()]*\)|\[[^\[\]]*\]")
_LIST_GAP = lazy_regex(
    r"\s?[\w/²-]{0,12}[\s,]*(?:(?:in|for|with|among|on|of|after|given)\s[\w\s/+<>≤≥-]{1,60}?[\s,]+)?(?:and|vs\.?|"
    r"versus|compared\s(?:with|to)|"
    r"against|but|or|,)\s(?:[\w\s/+<>≤≥-]{0,40}?\s)?(?:was\s|of\s|by\s)?$|"
    r"[\s;,]*(?:vs\.?|versus)\s[\w\s-]{1,60}?,\s$|"
    r"\s[\w/²-]{0,12}\s?(?:in|for|with|among|on|after)\s[\w\s/+<>≤≥-]{1,60},\s$|\sto\s$"
)
_BOUNDS_AFTER = lazy_regex(r"\s?[(\[]\s?(?:\d\d\s?%\s?CI[:,]?\s?)?-?\d[\d.]*\s?(?:-|to|,)")
_OPENING = lazy_regex(r"^\s?;\s(?=vs)")
_LISTED_UNIT = lazy_regex(rf"(?:\s?(?:,\s(?:and\s|or\s)?|\s(?:and|or|vs\.?|versus)\s){NUMBER}){{1,4}}(?=\s?[a-zA-Z])")
_BY = lazy_regex(r"\b(?:reduc|decreas|increas|improv|chang|declin|fell|rose|lower)\w*\s(?:\w+\s)?by\s")
_CHANGE = lazy_regex(r"\bchanges?\b")
_AT_TIME = lazy_regex(r"\bat\s\d[\d.]*\s?(?:h|d|mi|we|mo|ye|da|ho)")
_STANDARDISED = lazy_regex(r"\b[Ss]tandardi[sz]ed\s$")
_BY_BEFORE = lazy_regex(
    r"\b(?:reduc|decreas|increas|improv|chang|declin|fell|rose|lower)\w*\s(?:\w+\s)?by\s(?:an?\s)?$"
)
_BOUNDS = lazy_regex(rf"\s?[(\[]\s?(?P<low>-?{NUMBER})\s?%?\s?(?:-|to|,|;|and)\s?(?P<high>-?{NUMBER})\s?%?\+?\s?[)\]]")
_INTERVAL_NAME = lazy_regex(rf"(?:(?P<level>{LEVEL}(?:\.\d)?)\s?%\s?)?\bC[Ir]?I\b|confidence interval")
_SPREAD_NAME = lazy_regex(r"\b(?:IQR|interquartile|range)\b")
NAMED_AFTER = 12  # characters behind a value in which its bracket is called an interval: "10.2 (95% CI"
MAX_SIBLING = 140  # characters between two figures of one measure


def find_named(marks: Marks, start: int, end: int) -> Iterator[Result]:
    """The ratios, differences, medians and means of `text[start:end]` with their bounds."""
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
        if value.kind in AVERAGES and _AT_TIME.search(text, max(start, number.start() - 8), number.end() + 3):
            continue  # "mean pain scores at 24 h"
        if value.kind in AVERAGES and _NOT_A_RESULT.search(text, max(mark.start - 12, start), mark.end + 30):
            continue
        span = CharSpan(number.start(), number.end())
        changed = (
            _CHANGE.search(text, mark.start, span.start)
            or _BY.search(text, mark.start, span.start)
            or _BY_BEFORE.search(text, max(start, mark.start - 30), mark.start)
        )
        kind = "mean_difference" if value.kind == "mean" and changed else value.kind
        if kind == "mean_difference" and _STANDARDISED.search(text, max(start, mark.start - 14), mark.start):
            kind = "standardized_mean_difference"
        fields = quantity_fields(value.quantity, span, ("value", "low", "high"))
        bound = comparator_before(text, span.start)
        if bound is not None:
            sign = BOUND_SIGN.search(text, max(span.start - 4, start), span.start)
            fields["bound"] = Found(bound, (CharSpan(*sign.span(1)) if sign else span,))
        result = Result(span, kind, fields, mark.start, mark.end, named=mark.span, mark=mark)
        _add_bounds(text, result, CharSpan(mark.start, span.start), end)
        yield result


def _add_bounds(text: str, result: Result, name: CharSpan, end: int) -> None:
    """The bounds printed right behind a value: of a ratio its interval, of an average what its name says."""
    match = _BOUNDS.match(text, result.span.end, min(end, result.span.end + 60))
    if match is None or "ci_low" in result.fields:
        return
    span = CharSpan(match.start("low"), match.end("high"))
    low, high = Found(_number(match["low"]), (span,)), Found(_number(match["high"]), (span,))
    level = _INTERVAL_NAME.search(text, *name)
    if level is not None or result.statistic in EFFECTS:
        result.fields |= {"ci_low": low, "ci_high": high}
        if level is not None and level["level"]:
            result.fields["ci_level"] = Found(Decimal(level["level"]), (CharSpan(*level.span("level")),))
    elif _SPREAD_NAME.search(text, *name):
        kind = "iqr" if _IQR.search(text, *name) else "range"
        result.fields |= {"dispersion_low": low, "dispersion_high": high, "dispersion_kind": Found(kind, (span,))}
    else:
        return
    result.end = max(result.end, match.end())
    unit = unit_after(text, match.end(), end)
    if unit is not None and "unit" not in result.fields:
        result.fields["unit"] = Found(unit[0], (unit[1],))
        result.end = max(result.end, unit[1].end)


def _number(text: str) -> Decimal:
    return decimal(text[1:]).copy_negate() if text.startswith("-") else decimal(text)


def find_siblings(marks: Marks, effects: list[Result], start: int, end: int) -> list[Result]:
    """Further figures of a named measure: "median OS was 14.3 vs. 9.1 months"."""
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
            _add_bounds(text, sibling, CharSpan(head.start, head.span.end + NAMED_AFTER), end)
            run.append(sibling)
            last = sibling.end
        _share_unit(text, run, end)
        found += run[1:]
    return found


def _goes_on(text: str, head: Result, last: int, number: re.Match[str], end: int) -> bool:
    """Whether a free number goes on with the list that `head` opened."""
    gap = _CLOSED.sub("", text[last : number.start()])
    if text[number.end() : number.end() + 1] == "-":
        return False  # "and the 12-month survival"
    if not _LIST_GAP.match(gap) or re.search(r"[;.:]\s", _OPENING.sub("", gap).replace("vs.", "vs")):
        return False
    bounds = _BOUNDS.match(text, number.end(), min(end, number.end() + 60))
    unit = unit_after(text, number.end(), end) or (unit_after(text, bounds.end(), end) if bounds else None)
    if unit is None and head.statistic in AVERAGES:
        listed = _LISTED_UNIT.match(text, number.end(), min(end, number.end() + 60))
        unit = unit_after(text, listed.end(), end) if listed else None
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
            own_unit = result.fields["unit"]
            unit = (str(own_unit.value), own_unit.spans[0])
            continue
        if text[result.span.end : result.span.end + 1] == "%":
            result.fields["unit"] = Found("%", (CharSpan(result.span.end, result.span.end + 1),))
            continue
        own = unit_after(text, result.span.end, end)
        unit = own or unit
        if unit is not None:
            result.fields["unit"] = Found(unit[0], (unit[1],))

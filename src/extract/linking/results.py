"""Results of a sentence: each printed figure that can report an outcome, with the statistics printed beside it.

A percentage and the count of the same result ("Sixty-nine of the 110 patients (63%)") are one `Result`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from extract.components.grammar import NUMBER_WORD, NUMBER_WORDS, decimal
from extract.document import CharSpan
from extract.linking import Found, Mark, Marks
from extract.linking.beside import attach_statistics
from extract.linking.counting import is_result
from extract.linking.figures import BOUND_SIGN, Result, quantity_fields
from extract.linking.measures import measured
from extract.linking.named_measures import find_named, find_siblings
from extract.patterns import lazy_regex
from extract.values import Count, Percent

# "63 patients achieved CR (": the bracket that gives the percentage of the count before it.
_COUNT_THEN_BRACKET = lazy_regex(r"[^()\[\];]{0,70}[(\[]\s?$")
_BRACKETED_COUNT = lazy_regex(r"\s?(?:[(\[]\s?(?:[nN]\s?=\s?|i\.e\.,?\s)?|[,;]\s?[nN]\s?=\s?)$")
_TOTAL_AFTER = lazy_regex(
    r"\s?[)\]]\s(?:[a-z-]+\s){0,3}?(?:out\s)?of\s(?:the\s|these\s|all\s|our\s)?(?P<total>[1-9]\d{0,2}(?:,\d{3})+|"
    r"\d+)(?![\w%.,]\d|\d|%)"
)
_OPPOSED = lazy_regex(
    r"(?:\s[a-z]+){0,2}(?:\s(?:in|with|on|for|among|of)\s[^();,.]{1,70}?)?\s(?:vs\.?|"
    r"versus)\s(?P<n>[1-9]\d{0,4})(?=\s?[),;.]|\s(?:in|with|on|for|among|of)\s)(?!\.\d)"
)
_LISTED = lazy_regex(r",\s|,?\s(?:and|or|vs\.?|versus)\s")
# "in the eight patients aged … (100%)": the size of a group and not the count of the percentage
_OF_GROUP = lazy_regex(r"\b(?:[Ii]n|[Ff]or|[Aa]mong|[Oo]f|[Ww]ith)\s(?:the|these|those|all)\s(?:only\s)?$")
_N_EQUALS = lazy_regex(r"\b[nN]\s?=\s?$")
_PERCENT_SIGN = lazy_regex(r"%|[Pp]er\s?cent(?:age)?s?\b")
SIGN_REACH = 90  # characters between a figure and the percent sign that it shares
_DIGIT = lazy_regex(r"\d")
_WHOLE = lazy_regex(r"\b(?:[Aa]ll\s(?:the\s)?\S+|[Bb]oth)$")
_N_OPENS = lazy_regex(r"\s?[(\[]\s?[nN]\s?=\s?$")
_EVENT_ADJECTIVES = "fatal|severe|serious|major|minor|new|late|early|confirmed|acute|further"
_NUMBER_BEFORE = lazy_regex(
    rf"(?<![\w.,/%≥≤<>=-])(?P<n>[1-9]\d{{0,3}}|(?i:{NUMBER_WORD}))\s(?:(?:{_EVENT_ADJECTIVES})\s)*$"
)
_LAST_WORD = lazy_regex(r"[^\W_]+(?=\s$)")
_BEFORE_NAMES = {*_EVENT_ADJECTIVES.split("|"), *(word.replace("-", " ").split()[-1] for word in NUMBER_WORDS)}
_NO_COUNT_BEFORE = lazy_regex(
    r"\b(?:grades?|days?|weeks?|months?|years?|phases?|types?|stages?|class|least|or|to|than|NYHA|first|score|"
    r"level|of\s(?:the|these))\s(?:[≥>≤<]\s?)?$",
    re.IGNORECASE,
)
_SIDE_BY_SIDE = lazy_regex(r"\s?[;,:=/-]?\s?(?:i\.e\.,?\s)?")
_SEVERAL = lazy_regex(r"\s?(?:vs\.?|versus|and|or|,\s\d)(?!\w)")
_N_SIGN = lazy_regex(r"\b[nN](?=\s?=\s?$)")
_REDUCTION_AFTER = lazy_regex(
    r"\s?\)?\s(?:\w+\s)?(?:relative\s|absolute\s)?(?:risk\sreductions?|reductions?\sin\s(?:the\s)?(?:relative\s|"
    r"absolute\s)?(?:risks?|odds|hazards?))\b",
    re.IGNORECASE,
)
_DIFFERENCE_BEFORE = lazy_regex(
    r"\b(?:absolute\s|risk\s|between-group\s|treatment\s)?difference(?:\s(?:of|was))?[,:=]?\s$", re.IGNORECASE
)
_INCREASE_AFTER = lazy_regex(
    r"\s(?:\w+\s)?(?:(?:increased|higher|greater|elevated|added|excess)\s(?:relative\s)?(?:risk|odds|likelihood|"
    r"hazard|chance|incidence)|"
    r"increase\sin\s(?:the\s)?(?:risk|odds|likelihood|hazard))\b",
    re.IGNORECASE,
)
_REDUCTION_BEFORE = lazy_regex(
    r"\b(?:reduc|lower|decreas|cut)\w*\s(?:the\s|its\s)?(?:relative\s|absolute\s)?(?:risks?|odds|"
    r"hazards?)\b[^.;,()]{0,60}\bby\s(?:about\s|approximately\s)?$",
    re.IGNORECASE,
)
_BOUND_BEFORE = lazy_regex(
    r"\b(?:(?P<most>up\sto|at\smost|no\smore\sthan|not\smore\sthan)|(?P<least>at\sleast|no\sless\sthan|"
    r"not\sless\sthan)|"
    r"(?P<less>(?:less|fewer|lower)\sthan|below|under)|(?:more|greater|higher)\sthan|above|over|exceed(?:ed|ing|"
    r"s)?)\s$",
    re.IGNORECASE,
)
_BOUND_AFTER = lazy_regex(r"\sor\s(?:(?P<less>lower|less|fewer|below)|higher|more|greater|above)\b")
MAX_SIBLING = 140  # characters between two figures of one measure


def find_results(marks: Marks, start: int, end: int) -> list[Result]:
    """The results of `text[start:end]` in text order, counts merged with their percentages."""
    figures = any(marks.inside(name, start, end) for name in ("percents", "counts", "statistics"))
    if not figures and not (marks.inside("endpoints", start, end) and _DIGIT.search(marks.text, start, end)):
        return []
    effects = list(find_named(marks, start, end))
    effects += find_siblings(marks, effects, start, end)
    taken = [result.named or result.span for result in effects]
    percents = [result for result in _percents(marks, start, end) if not _touches(result.span, taken)]
    counts = [result for result in _counts(marks, start, end) if not _touches(result.span, taken)]
    results = _merge(marks.text, percents, counts)
    totals = [
        result.fields["total"].spans[-1] for result in results if "total" in result.fields and not result.is_count
    ]
    results = [result for result in results if not (result.is_count and _touches(result.span, totals))] + effects
    results += [_measured(value) for value in measured(marks, start, end, [(each.start, each.end) for each in results])]
    for result in results:
        if "unit" in result.fields and result.fields["unit"].value != "%":
            result.end = max(result.end, result.fields["unit"].spans[-1].end)
    results.sort(key=lambda result: (result.start, result.end))
    attach_statistics(marks, results, start, end)
    return results


def _touches(span: CharSpan, spans: list[CharSpan]) -> bool:
    return any(each.start < span.end and span.start < each.end for each in spans)


def _percents(marks: Marks, start: int, end: int) -> Iterator[Result]:
    for mark in marks.inside("percents", start, end):
        value: Percent = mark.value
        if value.role != "value":
            continue
        fields = quantity_fields(value.quantity, mark.span, ("value", "low", "high"))
        fields["unit"] = Found("%", (_sign(marks.text, mark, start, end),))
        bound = _bound(marks.text, mark, start, end)
        if bound is not None:
            fields["bound"] = bound
        reduction = _REDUCTION_AFTER.match(marks.text, mark.end, end) or _REDUCTION_BEFORE.search(
            marks.text, max(start, mark.start - 110), mark.start
        )
        statistic = "risk_reduction" if reduction else "percent"
        if _DIFFERENCE_BEFORE.search(marks.text, max(start, mark.start - 40), mark.start):
            statistic = "risk_difference"
        if _INCREASE_AFTER.match(marks.text, mark.end, end):
            statistic = "risk_increase"
        yield Result(mark.span, statistic, fields, mark.start, mark.end, mark=mark)


def _sign(text: str, mark: Mark, start: int, end: int) -> CharSpan:
    """Where the percent sign of a figure is printed: in it, else behind the list that shares it, else before."""
    if "%" in text[mark.start : mark.end]:
        return mark.span
    behind = _PERCENT_SIGN.search(text, mark.end, min(end, mark.end + SIGN_REACH))
    if behind is not None:
        return CharSpan(*behind.span())
    ahead = [*_PERCENT_SIGN.finditer(text, max(start, mark.start - SIGN_REACH), mark.end)]
    return CharSpan(*ahead[-1].span()) if ahead else mark.span


def _bound(text: str, mark: Mark, start: int, end: int) -> Found | None:
    """The comparator of a percentage: a sign before it, words before it ("less than"), words after it ("or lower")."""
    if mark.value.bound is not None:
        printed = BOUND_SIGN.search(text, max(mark.start - 4, start), mark.start)
        return Found(mark.value.bound, (CharSpan(*printed.span(1)) if printed else mark.span,))
    before = _BOUND_BEFORE.search(text, max(start, mark.start - 16), mark.start)
    if before is not None:
        sign = "<=" if before["most"] else ">=" if before["least"] else "<" if before["less"] else ">"
        return Found(sign, (CharSpan(before.start(), before.end() - 1),))
    after = _BOUND_AFTER.match(text, mark.end, min(end, mark.end + 20))
    if after is not None:
        return Found("<=" if after["less"] else ">=", (CharSpan(after.start() + 1, after.end()),))
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
        whole = _WHOLE.search(text, max(start, mark.start - 10), mark.end)
        if value.n is not None and whole is not None and "total" not in fields:
            fields["total"] = Found(value.n, (CharSpan(whole.start(), mark.end),))  # "all 22 infants survived"
        result = Result(mark.span, "count", fields, mark.start, mark.end, count=mark.span, mark=mark)
        index = bisect_left(outcomes, mark.end)
        result.reports = is_result(text, mark, start, end, outcomes[index] if index < len(outcomes) else None)
        results.append(result)
    ends = {mark.end for mark in marks.inside("endpoints", start, end)}
    for result in results:
        before = _N_OPENS.search(text, max(start, result.start - 12), result.start)
        if before is not None and before.start() in ends:
            result.reports = True  # "sepsis (n = 4)"
    results += _before_names(marks, results, start, end)
    results = sorted([*results, *_opposed(text, results, end)], key=lambda result: result.start)
    for first, second in reversed(list(pairwise(results))):  # "in 3, 33 and 12 patients"
        if second.reports and _LISTED.fullmatch(text[first.end : second.start]):
            first.reports = True
    return results


def _before_names(marks: Marks, counts: Sequence[Result], start: int, end: int) -> Iterator[Result]:
    """Numbers right before the name of an event that no mark covers: "and 2 myocardial infarctions"."""
    taken = [each.span for each in counts]
    for mark in marks.inside("endpoints", start, end):
        last = _LAST_WORD.search(marks.text, max(start, mark.start - 14), mark.start)
        if last is None or not (last[0].isdigit() or last[0].lower() in _BEFORE_NAMES):
            continue
        match = _NUMBER_BEFORE.search(marks.text, max(start, mark.start - 40), mark.start)
        if match is None or _NO_COUNT_BEFORE.search(marks.text, max(start, match.start() - 16), match.start()):
            continue
        span = CharSpan(*match.span("n"))
        word = match["n"].lower()
        if not _touches(span, taken) and not marks.inside("percents", span.start, span.end):
            n = NUMBER_WORDS[word] if word in NUMBER_WORDS else int(word)
            yield Result(span, "count", {"n": Found(n, (span,))}, *span, count=span)


def _opposed(text: str, counts: Sequence[Result], end: int) -> Iterator[Result]:
    """The other side of a comparison of counts: "42 events vs. 53", "60 events with A vs. 63 with B"."""
    taken = {result.start for result in counts}
    for first in counts:
        match = _OPPOSED.match(text, first.end, min(end, first.end + MAX_SIBLING)) if first.reports else None
        if match is not None and match.start("n") not in taken and "total" not in first.fields:
            span = CharSpan(*match.span("n"))
            yield Result(span, "count", {"n": Found(int(match["n"]), (span,))}, *span, count=span)


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
        listed = first.is_count and _SIDE_BY_SIDE.fullmatch(gap) and _N_EQUALS.search(text, 0, first.span.start)
        together = (
            listed
            or (_COUNT_THEN_BRACKET if first.is_count else _BRACKETED_COUNT).match(gap)
            or _agree(gap, count, percent)
        )
        if together and "n" in count.fields and "low" not in percent.fields:
            ahead = text[max(0, count.start - 24) : count.start]
            size = not count.reports and "total" not in count.fields and first.is_count and _OF_GROUP.search(ahead)
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


def _agree(gap: str, count: Result, percent: Result) -> bool:
    """Whether a ratio and a percentage side by side are the same figure: "5/117; 4.3%"."""
    if not _SIDE_BY_SIDE.fullmatch(gap) or not {"n", "total"} <= count.fields.keys() or "value" not in percent.fields:
        return False
    n, total, share = count.fields["n"].value, count.fields["total"].value, percent.fields["value"].value
    return isinstance(n, int) and isinstance(total, int) and isinstance(share, Decimal) and _gives(n, total, share)


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

"""Doses: units of another kind, days that are miscounted, parts that do not make the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from extract.audit.case import Case, Check, Claim
from extract.audit.days import DAYS, Days, number_of, read_days
from extract.audit.dose_units import find_suspect_units
from extract.components.grammar import NUMBER_WORD
from extract.document import CharSpan
from extract.linking import Mark
from extract.patterns import lazy_regex, regex
from extract.rounding import Span, span_of
from extract.values import Severity

# ------------------------------------------------------------------------------------------------- schedule_mismatch
_COUNT = rf"(?<![\w.,/+-])(?P<count>\d{{1,2}}|(?i:{NUMBER_WORD}))\s"
_CONSECUTIVE = r"(?P<consecutive>(?:consecutive|successive|sequential)\s)"
_END = lazy_regex(r"\s?[)\],;.]|\s(?:of|in|every|each|before|prior|after|for|and|plus|with|by|at)\b|\s?$", re.MULTILINE)
# Before days: "for 3 consecutive days (", "on 5 days, "
_DAYS_BEFORE = lazy_regex(
    rf"{_COUNT}{_CONSECUTIVE}?(?P<noun>(?:treatment\s)?days)(?:\s?[(\[,:]\s?|\s)(?:i\.e\.,?\s)?(?:on\s|from\s)?$"
)
# "4 doses (", "four daily doses on "
_DOSES_BEFORE = lazy_regex(
    rf"{_COUNT}(?P<daily>daily\s)?(?P<noun>doses|infusions|injections|administrations)"
    r"(?:\s?[(\[,:]\s?|\s)(?:given\s|administered\s)?(?:on\s)?$"
)
# After days: " (3 days)", " (4 doses in total)"
_COUNT_AFTER = regex(
    rf"\s?[(\[]\s?(?:(?:a\s)?total\s(?:of\s)?|for\s|i\.e\.,?\s)?{_COUNT}"
    rf"{_CONSECUTIVE}?(?P<daily>daily\s)?(?P<noun>days|doses|infusions|injections)(?:\s(?:in\s)?total)?\s?[)\]]"
)
# What makes a number of days no count of these days.
_NO_COUNT = lazy_regex(
    r"(?:\b(?:every|each|within|after|before|than|least|most|to|or|first|last|next|about|approximately|around|median|"
    r"mean|average|minimum|maximum|per|alternate|other|day|days|cycle|week|course)|[<>≤≥~±-]|\d\s?-)\s?$",
    re.IGNORECASE,
)
# Before a number of days on which something is given.
_GIVEN_FOR = lazy_regex(r"\b(?:for|on|over|during|across|total\sof)\s(?:the\s)?$", re.IGNORECASE)
_DAYS = lazy_regex(DAYS)
# Doses that are not one a day.
_SEVERAL_A_DAY = lazy_regex(
    r"\b(?:twice|thrice|two|three|four|\d)[\s-](?:times\s)?(?:daily|(?:a|per|each)\sday)|\bb\.?i\.?d\b|\bt\.?i\.?d\b|"
    r"\bq\.?i\.?d\b|\bq\s?\d+\s?h|\bevery\s\S+\s?h|\bdivided\b|\bhourly\b|\bloading\b",
    re.IGNORECASE,
)
_RUNNING = lazy_regex(r"\b(?:continuous(?:ly)?|infusions?|infused|over|hours?|h|overnight|evening|morning)\b")
_REACH = 60  # characters before a count in which the way of giving is told
_BEFORE = 50  # characters before days in which their number is told

# --------------------------------------------------------------------------------------------------------- dose_sum
_MADE_OF = lazy_regex(
    r"(?:\s(?P<per>per\s(?:dose|infusion|injection|administration|day)))?[\s,:;(\[]{1,3}"
    r"(?P<cue>(?:consisting|composed|made\sup|comprised)\sof|comprising|(?:given|administered|divided|split)\s(?:as|into)|"
    r"i\.e\.,?|that\sis,?)\s"
)
_PART_JOINT = lazy_regex(
    r"(?P<days>\s?\(?(?:on|at)?\s?\(?(?:day|week)\s[+-]?\d{1,3}\)?)?(?:\s?[,;+]\s?(?:and\s)?|\s(?:and|plus)\s)"
)
_PART_END = lazy_regex(r"\s?\(?(?:on|at)?\s?\(?(?:day|week)\s[+-]?\d{1,3}")
_TIMES = lazy_regex(
    rf"(?P<rate>\s(?:once[\s-])?daily|\sa\sday|\sper\sday|\sonce\sa\sday)?"
    rf"(?:,?\s(?:(?:given|administered)\s)?(?:for|on)\s(?P<count>\d{{1,2}}|(?i:{NUMBER_WORD}))\s(?:consecutive\s)?days"
    rf"|\s?[×x]\s?(?P<times>\d{{1,2}})(?:\s(?:days|doses|fractions))?|,?\s(?:on\s|from\s)?{DAYS})"
)
_TOTAL_AFTER = lazy_regex(
    r"\s?[(\[,;]{1,2}\s?(?:(?:for|to|giving|with|i\.e\.,?)\s)?(?:an?\s|the\s)?(?:total|cumulative)(?:\sdose)?(?:\s(?:of|was))?[,:]?\s$"
)
# " (1,000 mg/m2 in total)": what leads to a total that is called so behind it, and what calls it so
_PLAIN_LEAD = lazy_regex(r"\s?[(\[,;]{1,2}\s?(?:(?:that\sis|i\.e\.|or|to\smake|making|giving|for)\s)?")
_CALLED_TOTAL = lazy_regex(r"\s(?:in\s(?:all|total)|altogether|total|overall|cumulatively)\b(?!\sbody)")
_PIECE = (
    r"(?:injections|infusions|doses|vials|tablets|capsules|pens|ampoules|syringes|administrations|pulses|instillations)"
)
# "eight injections of " before a dose
_PIECES = lazy_regex(
    rf"(?<![\w.,/+-])(?P<count>\d{{1,2}}|(?i:{NUMBER_WORD}))\s(?:[a-z]+\s)?{_PIECE}\s(?:of|at|each\sof)\s$"
)
_MADE_AS = lazy_regex(
    r"(?:\s(?:total|in\s(?:all|total)))?(?:\s?[(:=]\s?|,?\s(?:given\s|administered\s|taken\s)?as\s)(?:i\.e\.,?\s)?$"
)
_TOTAL_BEFORE = lazy_regex(
    r"(?:total|cumulative)(?:\s\w+){0,2}\sdose(?:\s(?:of|was))?[,:]?\s(?:[\w-]+\s)?$", re.IGNORECASE
)
_OPENS = lazy_regex(r"(?:\stotal(?:\sdose)?)?\s?[(\[,:]\s?(?:given\s(?:as|at)\s|as\s|at\s|i\.e\.,?\s)?$")
_FRACTIONS = lazy_regex(
    rf"\s(?:delivered\s|given\s|administered\s)?(?:in|over|as)\s(?P<count>\d{{1,2}}|(?i:{NUMBER_WORD}))\s"
    r"(?:daily\s|equal\s)?fractions(?:\sof\s|\s?\(\s?)$"
)
_RADIATION = frozenset(["Gy", "cGy"])

_SINGLE = {"{dose}": "per dose", "/d": "per day"}  # in a unit, and in words
_SINGLE_END = lazy_regex(r"\s?(?:/|per\s)\s?(?:dose|day|d)$")


def find_schedule_mismatches(case: Case) -> Iterator[Claim]:
    """Numbers of days or doses that are not those of the days named beside them."""
    text = case.document.text
    for match in _DAYS.finditer(text):
        block = case.document.block_at(match.start())
        days = read_days(match[0])
        if block is None or days is None or len(days.days) < 2:
            continue
        floor = max(match.start() - _BEFORE, block.span.start)
        told = [_COUNT_AFTER.match(text, match.end(), block.span.end)]
        if _END.match(text, match.end(), block.span.end):
            told += [pattern.search(text, floor, match.start()) for pattern in (_DAYS_BEFORE, _DOSES_BEFORE)]
        for count in told:
            claim = count and _miscounted(case, count, days, CharSpan(*match.span()))
            if claim:
                yield claim


def _miscounted(case: Case, told: re.Match[str], days: Days, against: CharSpan) -> Claim | None:
    """The claim where a printed number is not that of the printed days."""
    text, groups = case.document.text, told.groupdict()
    count = number_of(told["count"])
    if count is None or _NO_COUNT.search(text, max(told.start("count") - 15, 0), told.start("count")):
        return None
    if not _is_of_these_days(told, count, days):
        return None
    stated = CharSpan(told.start("count"), told.end("noun"))
    quoted, named = case.quote(stated), case.quote(against)
    is_consecutive = groups.get("consecutive") is not None
    is_daily = groups.get("daily") is not None
    severity: Severity = "inconsistent"
    if not told["noun"].endswith("days") and not is_daily:
        sentence = case.sentence(against)
        several = _SEVERAL_A_DAY.search(text, sentence.start, sentence.end)
        if days.is_range or count in days.sizes:
            return None
        if count > len(days.days) and (several or count % len(days.days) == 0):
            return None
    elif count in days.sizes:
        if not is_consecutive or days.are_consecutive:
            return None
        message = f"The text says “{quoted}”, but {named} do not follow each other."
        return Claim(severity="impossible", message=message, stated=(stated,), against=(against,))
    elif is_consecutive:
        severity = "impossible"
    elif days.is_range and not is_daily and count + 1 in days.sizes:
        return _a_day_longer(case, stated, against, days)
    return Claim(severity=severity, message=_message(case, stated, against, days), stated=(stated,), against=(against,))


def _is_of_these_days(told: re.Match[str], count: int, days: Days) -> bool:
    """Whether a number of days can be that of the days on which something is given, not the length of a cycle."""
    if not told["noun"].endswith("days") or told.groupdict().get("consecutive") or told.groupdict().get("daily"):
        return True
    if told.re is _COUNT_AFTER:
        return count <= max(len(days.days), days.days[-1])
    return _GIVEN_FOR.search(told.string, max(told.start() - _REACH, 0), told.start("count")) is not None


def _a_day_longer(case: Case, stated: CharSpan, against: CharSpan, days: Days) -> Claim | None:
    """A span that is a day longer than its number may begin and end in the middle of a day."""
    if _RUNNING.search(case.document.text, max(stated.start - _REACH, 0), stated.start):
        return None
    return Claim(
        severity="suspicious",
        message=_message(case, stated, against, days),
        stated=(stated,),
        against=(against,),
        assumes="the first and the last day both count",
    )


def _message(case: Case, stated: CharSpan, against: CharSpan, days: Days) -> str:
    size = " or ".join(map(str, sorted(days.sizes)))
    return f"The text says “{case.quote(stated)}”, but “{case.quote(against)}” are {size} days."


def find_dose_sums(case: Case) -> Iterator[Claim]:
    """Doses whose parts, or whose number of days, do not make the stated whole."""
    doses = [mark for mark in case.marks.all("doses") if mark.value.quantity.value is not None]
    for at, dose in enumerate(doses):
        following = doses[at + 1 : at + 8]
        yield from _parts_of(case, dose, following)
        if following:
            yield from _products(case, dose, following[0])
            yield from _pieces(case, dose, following[0])


def _parts_of(case: Case, whole: Mark, following: Sequence[Mark]) -> Iterator[Claim]:
    """`1.8 mg/m2 per dose, consisting of 0.8 mg/m2 on day 1 and 1.0 mg/m2 on day 8`: a sum is no single dose."""
    text = case.document.text
    if not following:
        return
    cue = _MADE_OF.fullmatch(text, whole.end, following[0].start)
    if cue is None:
        return
    parts, on_days = _listed(text, following)
    if len(parts) < 2 or any(_bare(part.value.unit) != _bare(whole.value.unit) for part in parts):
        return
    total = sum((part.value.quantity.value for part in parts), Decimal(0))
    unit = text[whole.start : whole.end]
    said = " + ".join(str(part.value.quantity.value) for part in parts)
    against = tuple(part.span for part in parts)
    printed = whole.value.quantity.value
    if total == printed:
        single = cue["per"] or next((said for code, said in _SINGLE.items() if code in whole.value.unit), None)
        if single and on_days == len(parts):
            end = cue.end("per") if cue["per"] else whole.end
            stated = CharSpan(whole.start, end)
            yield Claim(
                severity="suspicious",
                message=f"“{case.quote(stated)}” is the sum {said} of doses on different days, so not {single}.",
                stated=(stated,),
                against=against,
                correction=f"{_SINGLE_END.sub('', unit)} per course",
                assumes="the parts are the doses of one course",
            )
    elif not span_of(printed).overlaps(_sum_of(parts)):
        yield Claim(
            severity="inconsistent",
            message=f"“{unit}” is said to consist of {said}, which make {total}.",
            stated=(whole.span,),
            against=against,
        )


def _listed(text: str, marks: Sequence[Mark]) -> tuple[list[Mark], int]:
    """The doses of a list, and how many of them are given on a day of their own."""
    parts, on_days = [marks[0]], 0
    for before, after in pairwise(marks):
        joint = _PART_JOINT.fullmatch(text, before.end, after.start)
        if joint is None:
            break
        on_days += joint["days"] is not None
        parts.append(after)
    return parts, on_days + (_PART_END.match(text, parts[-1].end) is not None)


def _products(case: Case, one: Mark, two: Mark) -> Iterator[Claim]:
    """`30 mg/m2/day for 5 days (total dose 160 mg/m2)` and `60 Gy in 25 fractions of 2 Gy`."""
    text = case.document.text
    between = text[one.end : two.start]
    if "\n" in between or len(between) > 80:
        return
    if one.value.unit in _RADIATION and one.value.unit == two.value.unit:
        match = _FRACTIONS.fullmatch(text, one.end, two.start)
        if match and (times := number_of(match["count"])):
            yield from _unequal(case, one, two, times, CharSpan(match.start("count"), two.end))
            return
    for total, single, tail in ((two, one, one.end), (one, two, two.end)):
        if _bare(total.value.unit) != _bare(single.value.unit) or "/d" in total.value.unit:
            continue
        given = _TIMES.match(text, tail, tail + 60)
        if given is None or not (given["rate"] or "/d" in single.value.unit or given["times"]):
            continue
        days = read_days(given["days"]) if given["days"] else None
        sizes = days.sizes if days else {number_of(given["count"] or given["times"])}
        if len(sizes) != 1 or None in sizes:
            continue
        is_total = (
            _TOTAL_AFTER.fullmatch(text, given.end(), two.start)
            or (_PLAIN_LEAD.fullmatch(text, given.end(), two.start) and _CALLED_TOTAL.match(text, two.end))
            if total is two
            else _OPENS.fullmatch(text, one.end, two.start) and _is_total(text, one)
        )
        sentence = case.sentence(single.span)
        if is_total and not _SEVERAL_A_DAY.search(text, sentence.start, sentence.end):
            yield from _unequal(case, total, single, next(iter(sizes)) or 0, CharSpan(single.start, given.end()))
        return


def _pieces(case: Case, one: Mark, two: Mark) -> Iterator[Claim]:
    """`eight injections of 100 mg, 600 mg in all` and `600 mg (two injections of 200 mg)`."""
    text = case.document.text
    if one.value.unit != two.value.unit or two.start - one.end > _BEFORE:
        return
    count = _PIECES.search(text, max(one.start - _REACH, case.sentence(one.span).start), one.start)
    single, total = one, two
    if (
        count is None
        or not (_PLAIN_LEAD.fullmatch(text, one.end, two.start) and _CALLED_TOTAL.match(text, two.end))
        or _NO_COUNT.search(text, max(count.start() - 15, 0), count.start())
    ):
        count = _PIECES.search(text, one.end, two.start)
        single, total = two, one
        if count is None or not _MADE_AS.fullmatch(text, one.end, count.start()):
            return
    times = number_of(count["count"])
    if times is not None and not (
        re.match(r"\s?(?:/|per\b|each\b|and\b|plus\b|or\b)", text[single.end : single.end + 6])
    ):
        yield from _unequal(case, total, single, times, CharSpan(count.start("count"), single.end))


def _is_total(text: str, dose: Mark) -> bool:
    """Whether a dose is called a total one."""
    before = _TOTAL_BEFORE.search(text, max(dose.start - 50, 0), dose.start)
    return before is not None or re.match(r"\stotal\b", text[dose.end : dose.end + 7]) is not None


def _unequal(case: Case, total: Mark, single: Mark, times: int, against: CharSpan) -> Iterator[Claim]:
    """The claim where a dose so many times is not the total."""
    part, whole = single.value.quantity.value, total.value.quantity.value
    span = _given_span(part)
    if times < 2 or Span(span.low * times, span.high * times).overlaps(span_of(whole)):
        return
    printed = case.document.text[total.start : total.end]
    made = f"{part * times:f}"
    yield Claim(
        severity="inconsistent",
        message=f"The total is given as “{printed}”, but {times} times {part} are {made}.",
        stated=(total.span,),
        against=(against,),
        correction=printed.replace(str(whole), made) if str(whole) in printed else None,
    )


def _sum_of(parts: Sequence[Mark]) -> Span:
    spans = [_given_span(part.value.quantity.value) for part in parts]
    return Span(sum((each.low for each in spans), Decimal(0)), sum((each.high for each in spans), Decimal(0)))


def _given_span(dose: Decimal) -> Span:
    """What one dose may be: a whole number is what was prescribed, further digits may be rounded (2.67 Gy)."""
    return Span(dose, dose) if dose == dose.to_integral_value() else span_of(dose)


def _bare(unit: str) -> str:
    """A unit without its time: `mg/m2` of `mg/m2/d`."""
    return "/".join(part for part in unit.split("/") if part not in ("d", "{dose}", "h", "wk"))


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "unit_suspect": find_suspect_units,
        "schedule_mismatch": find_schedule_mismatches,
        "dose_sum": find_dose_sums,
    }
)

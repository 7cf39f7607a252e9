"""Figures of measures: changes, means and differences that carry a unit or an interval and no percent sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.components.grammar import NUMBER, decimal
from extract.document import CharSpan
from extract.linking import Found, Marks
from extract.patterns import lazy_regex

# Printed unit -> UCUM; of the measures that reviews report as means, medians and differences.
UNITS: dict[str, str] = {
    "mm Hg": "mm[Hg]",
    "mmHg": "mm[Hg]",
    "mL/kg/min": "mL/kg/min",
    "ml/kg/min": "mL/kg/min",
    "mL/min/1.73 m²": "mL/min/{1.73_m2}",
    "mL/min": "mL/min",
    "mmol/L": "mmol/L",
    "mmol/l": "mmol/L",
    "mmol/mol": "mmol/mol",
    "µmol/L": "umol/L",
    "μmol/L": "umol/L",
    "umol/L": "umol/L",
    "mg/dL": "mg/dL",
    "mg/dl": "mg/dL",
    "ng/mL": "ng/mL",
    "pg/mL": "pg/mL",
    "pg/ml": "pg/mL",
    "g/dL": "g/dL",
    "g/L": "g/L",
    "mg/L": "mg/L",
    "IU/L": "[IU]/L",
    "U/L": "U/L",
    "kg/m²": "kg/m2",
    "kg": "kg",
    "g": "g",
    "mL": "mL",
    "ml": "mL",
    "L": "L",
    "cm": "cm",
    "mm": "mm",
    "ms": "ms",
    "m": "m",
    "bpm": "/min",
    "beats per minute": "/min",
    "beats/min": "/min",
    "points": "points",
    "point": "points",
    "letters": "letters",
    "years": "a",
    "year": "a",
    "months": "mo",
    "month": "mo",
    "mo": "mo",
    "weeks": "wk",
    "week": "wk",
    "days": "d",
    "day": "d",
    "hours": "h",
    "hour": "h",
    "h": "h",
    "minutes": "min",
    "min": "min",
}
_UNIT = lazy_regex(rf"\s?-?\s?(?P<unit>{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})(?![\w/²³])")
_NUMBER = lazy_regex(rf"(?<![\w.,/·-])(?P<sign>[-+](?=\d))?(?P<number>{NUMBER})(?![\d%]|\.\d)")
# What stands before a figure of change or of a level reached.
_LED = lazy_regex(
    r"(?:\b(?:by|of|was|were|averaged|averaging|reached|to|from|and|vs\.?|versus|is|than|being)\s(?:a\s|an\s|"
    r"only\s|about\s|approximately\s|"
    r"(?:a\s)?(?:mean|median)\s(?:of\s)?)?|[:=(,]\s?)$"
)
_LED_CHANGE = lazy_regex(r"\b(?:by|of)\s(?:a\s|only\s|about\s|approximately\s|(?:a\s)?(?:mean|median)\s(?:of\s)?)?$")
_SPREAD_AFTER = lazy_regex(
    r"\s?[^\s\d()\[\]]{0,12}\s?(?:[(\[,;]\s?(?:\d{2}(?:\.\d)?\s?%[\s-]?)?(?:CI|CrI|confidence interval|SEM?\b|SD\b|"
    r"IQR|range|"
    r"interquartile|standard)|±|\+/-)"
)
_CHANGE = lazy_regex(
    r"\b(?:differ\w*|reduc\w+|decreas\w+|increas\w+|improv\w+|chang\w+|fell|fall|rose|rise|declin\w+|lower\w*|"
    r"gain\w*|worsen\w*|drop\w*)\b",
    re.IGNORECASE,
)
_MEDIAN = lazy_regex(r"\bmedians?\b", re.IGNORECASE)
_MORE_THAN = lazy_regex(r"\b(?:more|less|greater|lower|higher|longer|shorter|difference)\b", re.IGNORECASE)
_PER_TIME = lazy_regex(
    r"\s?(?:(?:events?|cases?|deaths?|episodes?|exacerbations?)\s)?(?:per|/)\s?(?P<base>(?:100|1,?000|10,?000|"
    r"100,?000)\s)?"
    r"(?:(?:patient|person|participant|subject|women|child)?s?[\s-]?(?:per\s)?(?:years?|months?|days?)|"
    r"(?:live\s)?births|inhabitants|deliveries|"
    r"admissions|procedures|catheter-days)\b"
)
_PER = lazy_regex(r"^.*?(?:per|/)\s?")
# "prolonged median survival compared with placebo (14.3 vs. 9.1 months"
_COMPARED_MEDIAN = lazy_regex(r"\bmedian\b[^.;]{0,140}[(\[]\s?(?:\d[\d.]*\s?(?:vs\.?|versus|and|to)\s)?$")
_FROM = lazy_regex(r"from\s(?:a\s|an\s)?$")
_TO = lazy_regex(r"from\s(?:a\s|an\s)?\d[\d.,]*\s?[^\s\d]{0,12}\sto\s$")
_TO_BEHIND = lazy_regex(r"\s?[^\s\d]{0,12}\sto\s\d[\d.,]*\d?")
_CHANGE_OR_SHIFT = lazy_regex(
    r"\b(?:increas|decreas|improv|declin|fell|fall|rose|ris|reduc|lower|shorten|prolong|drop|chang|extend)\w*\b",
    re.IGNORECASE,
)
_RATE_LED = lazy_regex(
    r"\brates?\b(?![^.;]*\bratios?\b)[^.;()\d%]{0,60}\b(?:was|were|of)\s(?:\d\.\d+\s(?:[^.;()\d%]{0,60}?\s)?(?:and|"
    r"vs\.?|versus)\s)?$"
)
_RATE_GOES_ON = lazy_regex(r"(?:,|\band|\bvs\.?|\bversus)\s(?:and\s)?$")
_RATE_OF = lazy_regex(r"\s(?:with|in|for|on|among|after)\s|\s?[(\[]")
_RATES = lazy_regex(r"\brates?\b(?!\sratio)(?![^.;]*\bratio)", re.IGNORECASE)
_JOINT = lazy_regex(r"\s?(?:,|,?\s?and|vs\.?|versus|compared (?:with|to)|or|to)\s$")
AROUND = 90  # characters before a figure that say what kind of figure it is
TIME_UNITS = frozenset({"a", "mo", "wk", "d", "h", "min"})
Value = tuple[CharSpan, str, dict[str, Found]]


def unit_after(text: str, offset: int, end: int) -> tuple[str, CharSpan] | None:
    """The UCUM unit printed at the offset and where it stands."""
    match = _UNIT.match(text, offset, min(offset + 24, end))
    return (UNITS[match["unit"]], CharSpan(*match.span("unit"))) if match else None


def free_numbers(marks: Marks, start: int, end: int, taken: Sequence[tuple[int, int]]) -> list[re.Match[str]]:
    """The numbers of `text[start:end]` that no mark covers."""
    barred = sorted(
        [
            *taken,
            *(
                (mark.start, mark.end)
                for name in ("percents", "statistics", "citations", "doses", "counts", "registry_ids", "trials")
                for mark in marks.inside(name, start, end)
            ),
        ]
    )
    return [
        match
        for match in _NUMBER.finditer(marks.text, start, end)
        if not any(first < match.end() and match.start() < last for first, last in barred)
    ]


def measured(marks: Marks, start: int, end: int, taken: Sequence[tuple[int, int]]) -> Iterator[Value]:
    """Figures of a change, a level or a rate that no other mark covers, with statistic and fields."""
    text = marks.text
    last: Value | None = None
    rate_unit: Found | None = None
    pending: list[re.Match[str]] = []  # figures that wait for the unit after a later one
    for match in free_numbers(marks, start, end, taken):
        rate = _PER_TIME.match(text, match.end(), min(match.end() + 60, end))
        if rate is not None:
            unit = Found(_PER.sub("/", rate[0].strip()), (_trimmed(rate),))
            rate_unit = unit
            for each in [*pending, match]:
                yield CharSpan(*each.span()), "rate", {"value": _value(each), "unit": unit}
            pending = []
            continue
        if (
            rate_unit is not None
            and _RATE_GOES_ON.search(text, max(start, match.start() - 12), match.start())
            and _RATE_OF.match(text, match.end())
        ):
            yield CharSpan(*match.span()), "rate", {"value": _value(match), "unit": rate_unit}
            continue
        joined = _JOINT.match(text, match.end(), min(match.end() + 20, end)) is not None
        value = _figure(text, match, start, end) or _from_to(text, match, start, end)
        if value is not None:
            if (
                last is not None
                and value[1] == "mean"
                and _same_unit(value, last)
                and value[0].start - last[0].end < AROUND
            ):
                value = (value[0], last[1], value[2])  # "fell by 14 mm Hg with A and by 8 mm Hg with B"
            last = value
            yield value
            pending = []
        elif re.match(r"\s?(?:,|,?\s?and|vs\.?|versus)\s-?\d", text[match.end() : match.end() + 12]):
            pending.append(match)
        elif not joined:
            pending = []


def _from_to(text: str, match: re.Match[str], start: int, end: int) -> Value | None:
    """A side of "rose from 14.1 to 16.3 mL/kg/min", "shortened the time from 15 to 10 days"."""
    before = text[max(start, match.start() - AROUND) : match.start()]
    side = _FROM.search(before) or _TO.search(before)
    behind = _TO_BEHIND.match(text, match.end(), min(end, match.end() + 40))
    if side is None or not _CHANGE_OR_SHIFT.search(before) or (side[0].startswith("from") and behind is None):
        return None
    unit = unit_after(text, match.end(), end) or (unit_after(text, behind.end(), end) if behind else None)
    if unit is None:
        return None
    fields = {"value": _value(match), "unit": Found(unit[0], (unit[1],))}
    return CharSpan(*match.span()), "median" if unit[0] in TIME_UNITS else "mean", fields


def _trimmed(match: re.Match[str]) -> CharSpan:
    """The span of a match without the space before it."""
    return CharSpan(match.end() - len(match[0].lstrip()), match.end())


def _figure(text: str, match: re.Match[str], start: int, end: int) -> Value | None:
    span = CharSpan(*match.span())
    unit = unit_after(text, span.end, end)
    if unit and unit[0] in TIME_UNITS and text[span.end : span.end + 1] == "-":
        return None
    after = unit[1].end if unit else span.end
    spread = _SPREAD_AFTER.match(text, after, min(after + 40, end))
    before = text[max(start, span.start - AROUND) : span.start]
    changed = unit is not None and _LED_CHANGE.search(before) and _CHANGE.search(before) and unit[0] not in TIME_UNITS
    compared = (
        unit is not None
        and unit[0] in TIME_UNITS
        and _COMPARED_MEDIAN.search(text, max(start, span.start - 160), span.start)
    )
    rated = unit is None and "." in match["number"] and _RATE_LED.search(before) is not None
    if rated and re.match(r"\s?%", text[span.end : span.end + 2]) is None:
        return span, "rate", {"value": _value(match)}
    if not changed and not compared and not (spread and _LED.search(before)):
        return None
    fields = {"value": _value(match)}
    if unit:
        fields["unit"] = Found(unit[0], (unit[1],))
    return span, _statistic(before, text[after : min(after + 70, end)], compared=bool(compared)), fields


def _same_unit(first: Value, second: Value) -> bool:
    units = first[2].get("unit"), second[2].get("unit")
    return units[0] is not None and units[1] is not None and units[0].value == units[1].value


def _value(match: re.Match[str]) -> Found:
    number = decimal(match["number"])
    return Found(number.copy_negate() if match["sign"] == "-" else number, (CharSpan(*match.span()),))


def _statistic(before: str, after: str, *, compared: bool) -> str:
    if _MEDIAN.search(before) or compared:
        return "median"
    if _RATES.search(before) and not _LED_CHANGE.search(before):
        return "rate"
    if _CHANGE.search(before) or _MORE_THAN.search(after):
        return "mean_difference"
    return "mean"

"""The grammar of a table cell: `71 (3-y, SE 4.9)`, `MSD: 79% MUD: 71%`, `12/43 (28%)`, `3.1; 4.4; 2.9`, `0.8 vs. 1.1`.

A cell is read into items, one a printed figure, each with its label and with what stands beside it in brackets. What a
bare figure or pair of figures means is not decided here: that is said by headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from extract.components.grammar import COMPARATOR, LEVEL, NUMBER, WHOLE, comparator_before, decimal
from extract.document import CharSpan
from extract.linking import Mark
from extract.patterns import lazy_regex
from extract.values import Comparator, Operator

PartKind = Literal["interval", "pair", "se", "sd", "iqr", "range", "spread", "percent", "number", "count", "n", "p"]

_SIGNED = rf"[-+]?{NUMBER}"
_OPEN = r"(?:NE|NR|NA|NC|NYR|n\.?e\.?|n\.?r\.?|∞|inf(?:inity)?|not\s(?:reached|estimable|evaluable))"  # an open bound
_PAIR = rf"(?P<low>{_SIGNED}|{_OPEN})\s?[%+]?\s?(?:-|to\b|[,;:~]|and\b)\s?(?P<high>{_SIGNED}|{_OPEN})\s?[%+]?"
_PLAIN_PAIR = rf"(?P<low>{_SIGNED})\s?%?(?:\s?[-~]\s?|\sto\s)(?P<high>{_SIGNED})\s?%?"
_LEVEL = rf"(?:(?P<level>{LEVEL}(?:\.\d)?)\s?%?[\s-]?)?"
_AFTER_NAME = r"\)?\s?[:,=]?\s?(?:of\s)?[(\[]?\s?"
_INTERVAL = lazy_regex(
    rf"{_LEVEL}(?:CrI|CIs?\b|C\.I\.|[Cc]onfidence\s(?:interval|limits?)|[Cc]redible\sinterval){_AFTER_NAME}{_PAIR}"
)
_NAMED: tuple[tuple[PartKind, re.Pattern[str]], ...] = (
    ("p", lazy_regex(rf"(?<![A-Za-z])[pP](?:[\s-]?values?)?\s?(?P<op>{COMPARATOR})\s?(?P<value>{NUMBER})")),
    ("se", lazy_regex(rf"(?:\bSEM?\b|\bs\.e\.|[Ss]tandard\serror){_AFTER_NAME}±?\s?(?P<value>{NUMBER})\s?%?")),
    ("sd", lazy_regex(rf"(?:\bSD\b|\bs\.d\.|[Ss]tandard\sdeviation){_AFTER_NAME}±?\s?(?P<value>{NUMBER})\s?%?")),
    ("iqr", lazy_regex(rf"(?:\bIQR\b|[Ii]nter-?quartile\srange){_AFTER_NAME}{_PAIR}")),
    ("range", lazy_regex(rf"\b[Rr]ange{_AFTER_NAME}{_PAIR}")),
    ("spread", lazy_regex(rf"(?:±|\+/-)\s?(?P<value>{NUMBER})\s?%?")),
    ("n", lazy_regex(rf"\b[nN]\s?=\s?(?P<value>{WHOLE})(?!\.\d)")),
)
_COUNT = lazy_regex(rf"(?P<value>{WHOLE})\s?/\s?(?P<total>{WHOLE})(?![\w/.]|\s?%)")
_RANGE = lazy_regex(rf"{_PLAIN_PAIR}(?![\w/])")
_FIGURE = lazy_regex(rf"(?P<value>{_SIGNED})(?:\s?(?P<sign>%))?")
_INNER_PAIR = lazy_regex(_PAIR)
_WHOLE_PAIR = lazy_regex(rf"\s?{_PAIR}\s?")
_BRACKETS = {"(": ")", "[": "]"}
_SEPARATOR = lazy_regex(r"[;,|]|\b(?:vs\.?|versus)(?=\s|$)|/(?=\s)")
_VERSUS = lazy_regex(r"vs\.?|versus")
# A word may hold digits and joints (`CR1`, `MSD/MD`, `Bu-Cy-VP16`, `5-FU`); a bare number is none.
_WORD = lazy_regex(r"(?:[^\W\d_]|\d+(?:[-/][^\W\d_]|[^\W\d_]))[\w/+.'-]*")
_NOT_IN_WORD = lazy_regex(r"(?<![\w.,/])")
_RUNS_ON = lazy_regex(r"-?[^\W\d_]{2,}|-[^\W\d_]|\s?/\s?\d")
_LABEL_SIGN = lazy_regex(r"\s?[:=]")
_BLANK = lazy_regex(r"(?:[-*†‡§.\s]*|N\.?[ADREPS]\.?|n\.?[adrs]\.?|n/a|N/A|not\s\w+|none\sreported)$", re.IGNORECASE)
_P_CELL = lazy_regex(rf"(?:[pP][\s-]?(?:values?)?\s?)?(?P<op>{COMPARATOR})?\s?(?P<value>{NUMBER})(?!\d|\s?%)")
_OPERATORS: dict[str, Operator] = {"≤": "<=", "≥": ">=", "<": "<", ">": ">", "=": "=", "<=": "<=", ">=": ">="}
MAX_WORDS = 4  # words without a colon in a cell of one figure; more make it a sentence
WORDS_EACH = 2  # the same for each of several figures


class Figure(NamedTuple):
    """A printed number (`value`) or range; `signed` where a percent sign stands at it."""

    span: CharSpan
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    signed: bool = False
    bound: Comparator | None = None


class Part(NamedTuple):
    """What stands beside a figure: a named statistic, or a bare number or pair whose kind a header must say."""

    kind: PartKind
    span: CharSpan
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    level: tuple[Decimal, CharSpan] | None = None
    operator: Operator | None = None
    bound: Comparator | None = None


@dataclass(slots=True)
class Item:
    """One figure of a cell with its label (`MSD:`), its count (`12/43`) and what stands beside it."""

    figure: Figure
    label: CharSpan | None = None
    total: Part | None = None
    parts: list[Part] = field(default_factory=list)
    times: list[Mark] = field(default_factory=list)
    tail: CharSpan | None = None
    versus: bool = False  # stands after `vs.`
    slot: int = 0  # its place in a list, counting what is not reported (`94; NR; 88`)
    slots: int = 1

    def part(self, *kinds: PartKind) -> Part | None:
        """The first part of one of the kinds."""
        return next((part for part in self.parts if part.kind in kinds), None)


@dataclass(slots=True)
class _Reading:
    """Where the reading of a cell stands."""

    text: str
    end: int
    durations: dict[int, Mark]
    items: list[Item] = field(default_factory=list)
    words: list[tuple[CharSpan, bool]] = field(default_factory=list)  # before the next figure; whether `:` follows
    times: list[Mark] = field(default_factory=list)  # named before the next figure
    loose: int = 0
    versus: bool = False
    slot: int = 0


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, NA, NR."""
    return _BLANK.match(text) is not None


def read_p(text: str, start: int, end: int) -> Part | None:
    """The p-value that a cell of a p-column begins with."""
    match = _P_CELL.match(text, start, end)
    if match is None or decimal(match["value"]) > 1:
        return None
    operator = _OPERATORS[match["op"]] if match["op"] else "="
    return Part("p", CharSpan(*match.span()), decimal(match["value"]), operator=operator)


def read_pair(text: str, start: int, end: int) -> Part | None:
    """The bounds that a cell of an interval column holds."""
    named = _INTERVAL.search(text, start, end)
    if named is not None:
        return _interval(named)
    match = _INNER_PAIR.search(text, start, end)
    return None if match is None else _pair("pair", match)


def read_cell(text: str, span: CharSpan, durations: Sequence[Mark]) -> list[Item]:
    """The items of a cell of figures in text order, none where the cell is blank or a sentence."""
    if is_blank(text[span.start : span.end]) or not any(c.isdigit() for c in text[span.start : span.end]):
        return []
    reading = _Reading(text, span.end, {mark.start: mark for mark in durations})
    offset = span.start
    while offset < span.end:
        offset = _step(reading, offset)
    return _finish(reading)


def _step(reading: _Reading, offset: int) -> int:
    """Read what stands at the offset; returns where it ends."""
    text, end = reading.text, reading.end
    character = text[offset]
    if character.isspace():
        return offset + 1
    if character in _BRACKETS:
        return _bracket(reading, offset)
    separator = _SEPARATOR.match(text, offset, end)
    if separator is not None:
        reading.versus = _VERSUS.match(separator[0]) is not None
        reading.slot += 1
        return separator.end()
    for part in _named_parts(text, offset, end):
        if reading.items:
            reading.items[-1].parts.append(part)
        return max(part.span.end, offset + 1)
    duration = reading.durations.get(offset)
    if duration is not None and _is_label_time(text, duration, end):
        reading.times.append(duration)
        sign = _LABEL_SIGN.match(text, duration.end, end)
        return sign.end() if sign else duration.end
    number = _number(reading, offset)
    if number is not None:
        return number
    word = _WORD.match(text, offset, end)
    if word is not None:
        sign = _LABEL_SIGN.match(text, word.end(), end)
        _add_word(reading, CharSpan(offset, word.end()), labels=sign is not None)
        return sign.end() if sign else word.end()
    return offset + 1


def _add_word(reading: _Reading, span: CharSpan, *, labels: bool) -> None:
    start = span.start
    if start > 0 and reading.text[start - 1] in "<>≤≥":
        start -= 1
    reading.words.append((CharSpan(start, span.end), labels))


def _is_label_time(text: str, duration: Mark, end: int) -> bool:
    """Whether a duration outside brackets names a time (`3-year: 45%`) and is no figure with a unit (`34.1 months`)."""
    return "-" in text[duration.start : duration.end] or _LABEL_SIGN.match(text, duration.end, end) is not None


def _number(reading: _Reading, offset: int) -> int | None:
    """Read a count, a range or a number that begins a new item."""
    text, end = reading.text, reading.end
    if _NOT_IN_WORD.match(text, offset) is None:
        return None
    total = None
    if (match := _COUNT.match(text, offset, end)) is not None and _int(match["value"]) <= _int(match["total"]):
        figure = Figure(CharSpan(*match.span("value")), decimal(match["value"]))
        total = Part("count", CharSpan(*match.span("total")), decimal(match["total"]))
    elif (match := _RANGE.match(text, offset, end)) is not None:
        figure = Figure(
            CharSpan(*match.span()), low=signed(match["low"]), high=signed(match["high"]), signed="%" in match[0]
        )
    elif (match := _FIGURE.match(text, offset, end)) is not None and not _runs_on(text, match.end(), end):
        figure = Figure(CharSpan(offset, match.end("value")), signed(match["value"]), signed=bool(match["sign"]))
    else:
        return None
    figure = figure._replace(bound=comparator_before(text, offset))
    versus = reading.versus and reading.slot > 0
    item = Item(figure, _label(reading), total, times=reading.times, versus=versus, slot=reading.slot)
    reading.items.append(item)
    reading.words, reading.times, reading.versus = [], [], False
    return match.end()


def _runs_on(text: str, offset: int, end: int) -> bool:
    """Whether a word goes on from a number (`2nd`, `5-FU`) or a slash does (`10/6`); a footnote letter does not."""
    word = _RUNS_ON.match(text, offset, end)
    return word is not None and not text[offset:end].startswith(("mo", "yr"))


def _label(reading: _Reading) -> CharSpan | None:
    """The words before a figure that name what it belongs to; of several groups the one with a colon."""
    words = reading.words
    if not words:
        return None
    closed = max((index for index, (_, labels) in enumerate(words) if labels), default=None)
    if closed is not None:
        reading.loose += len(words) - closed - 1
        first = closed
        while first > 0 and not words[first - 1][1] and _joins(reading.text, words[first - 1][0], words[first][0]):
            first -= 1
        return CharSpan(words[first][0].start, words[closed][0].end)
    reading.loose += len(words)
    return CharSpan(words[0][0].start, words[-1][0].end)


def _joins(text: str, first: CharSpan, second: CharSpan) -> bool:
    return not re.search(r"[;,%)\]]", text[first.end : second.start])


def _bracket(reading: _Reading, offset: int) -> int:
    """Read a bracket; its parts belong to the figure before it."""
    text = reading.text
    close = text.find(_BRACKETS[text[offset]], offset, reading.end)
    stop = close if close >= 0 else reading.end
    parts, times, words = _inside(reading, offset + 1, stop)
    if reading.items and not reading.words:
        item = reading.items[-1]
        item.parts += parts
        item.times += times
        if words is not None and not parts and not times and item.label is None:
            item.label = words
    elif words is not None:
        reading.loose += 1
    return stop + 1


def _inside(reading: _Reading, start: int, end: int) -> tuple[list[Part], list[Mark], CharSpan | None]:
    """Parts, time points and plain words of a bracket."""
    text = reading.text
    whole = _WHOLE_PAIR.fullmatch(text, start, end)
    if whole is not None and not any(start <= each < end for each in reading.durations):
        return [_pair("pair", whole)], [], None
    parts: list[Part] = []
    times: list[Mark] = []
    words: list[CharSpan] = []
    offset = start
    while offset < end:
        if text[offset].isspace() or text[offset] in ",;:":
            offset += 1
            continue
        part = next(_named_parts(text, offset, end), None) or _bare_part(reading, offset, end)
        duration = reading.durations.get(offset)
        if duration is not None and (part is None or part.kind in {"number", "pair"}):
            times.append(duration)
            offset = max(duration.end, offset + 1)
        elif part is not None:
            parts.append(part)
            offset = max(part.span.end, offset + 1)
        elif (word := _WORD.match(text, offset, end)) is not None:
            words.append(CharSpan(*word.span()))
            offset = word.end()
        else:
            offset += 1
    return parts, times, CharSpan(words[0].start, words[-1].end) if words else None


def _bare_part(reading: _Reading, offset: int, end: int) -> Part | None:
    text = reading.text
    if _NOT_IN_WORD.match(text, offset) is None:
        return None
    if (match := _COUNT.match(text, offset, end)) is not None:
        return Part("count", CharSpan(*match.span()), low=decimal(match["value"]), high=decimal(match["total"]))
    if (match := _RANGE.match(text, offset, end)) is not None:
        return _pair("pair", match)
    if (match := _FIGURE.match(text, offset, end)) is not None and not _runs_on(text, match.end(), end):
        kind: PartKind = "percent" if match["sign"] else "number"
        bound = comparator_before(text, offset)
        return Part(kind, CharSpan(offset, match.end("value")), signed(match["value"]), bound=bound)
    return None


def _named_parts(text: str, offset: int, end: int) -> Iterator[Part]:
    """The named statistic that begins at the offset, if one does."""
    if (match := _INTERVAL.match(text, offset, end)) is not None:
        yield _interval(match)
        return
    for kind, pattern in _NAMED:
        match = pattern.match(text, offset, end)
        if match is None:
            continue
        if kind in {"iqr", "range"}:
            yield _pair(kind, match)
        else:
            operator = _OPERATORS[match["op"]] if kind == "p" else None
            yield Part(kind, CharSpan(*match.span()), decimal(match["value"]), operator=operator)
        return


def _interval(match: re.Match[str]) -> Part:
    level = (Decimal(match["level"]), CharSpan(*match.span("level"))) if match["level"] else None
    return _pair("interval", match)._replace(level=level)


def _pair(kind: PartKind, match: re.Match[str]) -> Part:
    return Part(kind, CharSpan(*match.span()), low=_bound(match["low"]), high=_bound(match["high"]))


def _bound(printed: str) -> Decimal | None:
    return signed(printed) if any(character.isdigit() for character in printed) else None


def signed(printed: str) -> Decimal:
    """A printed number with its sign."""
    return decimal(printed[1:]).copy_negate() if printed.startswith("-") else decimal(printed.lstrip("+"))


def _int(printed: str) -> int:
    return int(decimal(printed))


def _finish(reading: _Reading) -> list[Item]:
    """Words behind figures become their labels where none stand before; sentences give no items."""
    items = reading.items
    for item in items:
        item.slots = reading.slot + 1
    tail = [word for word, _ in reading.words]
    if reading.loose + len(tail) > max(MAX_WORDS, WORDS_EACH * len(items)):
        return []
    if items and tail:
        items[-1].tail = CharSpan(tail[0].start, tail[-1].end)
        if len(items) > 1 and items[0].label is None and all(item.label for item in items[1:]):
            labels = [item.label for item in items[1:]] + [items[-1].tail]
            for item, label in zip(items, labels, strict=True):
                item.label = label
            items[-1].tail = None
    if items and reading.times:
        items[-1].times += reading.times
    return items

"""Fragments of regular expressions that the components compose: numbers, ranges, comparators, percent signs.

They match the normalised text of a `Document`: one dash (`-`), one space, one decimal point. All are linear: anchored
at digits, no nested repetition. `²` is a word character to `re`, so boundaries are spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from extract.patterns import lazy_regex
from extract.values import Comparator, Quantity

# 1,568 · 1 568 (U+00A0) · 0.82 · .05 · 12
NUMBER = r"(?:\d{1,3}(?:[,\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
WHOLE = r"(?:\d{1,3}(?:[,\u00a0]\d{3})+|\d+)(?!\d)"  # a whole number, and no comma that follows it
START = r"(?<![\w.,·])(?<!\d[-/])"  # before a number: no word, no decimal part, no part of a date or a ratio
LEVEL = r"(?<!\d)(?<!\d\.)\d{2}"  # of confidence, before its decimals: no end of a longer number
SPACE = r"[ \t]?"
DASH = r"[ \t]?-[ \t]?"
PERCENT_SIGN = r"(?:%|(?:per\ ?cent|percentage|percent)(?![a-z]))"
COMPARATOR = r"(?:<=|>=|≤|≥|<|>|=)"
_COMPARATORS: dict[str, Comparator] = {"<": "<", "≤": "<=", "<=": "<=", ">": ">", "≥": ">=", ">=": ">="}
_BOUND = lazy_regex(r"(<=|>=|[<>≤≥])\s?$")
_GROUPING = lazy_regex(r"[,\u00a0](?=\d{3})")

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORDS: dict[str, int] = {word: value for value, word in enumerate(_UNITS)}
NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
NUMBER_WORDS |= {
    f"{ten}{sign}{unit}": 10 * tens + units
    for tens, ten in enumerate(_TENS, start=2)
    for units, unit in enumerate(_UNITS[1:10], start=1)
    for sign in "- "
}
NUMBER_WORDS["hundred"] = NUMBER_WORDS["one hundred"] = NUMBER_WORDS["a hundred"] = 100
_TO_NINE = "|".join(_UNITS[1:10])
# The words of NUMBER_WORDS, longer before shorter ("twenty-four" is not "twenty"): short, since many patterns hold it.
NUMBER_WORD = (
    rf"(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[-\ ](?:{_TO_NINE}))?|"
    rf"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:(?:one|a)\ )?hundred|eleven|twelve|ten|zero|{_TO_NINE})"
)


def near(
    pattern: re.Pattern[str], anchor: re.Pattern[str], text: str, start: int, end: int, *, before: int, after: int
) -> Iterator[re.Match[str]]:
    """Matches of `pattern` that cover a hit of `anchor`, in text order and not overlapping.

    The anchor is a cheap literal (`%`, `year`); the costly pattern then runs only from `before` characters before each
    hit to `after` characters behind it, so the work grows with the hits and not with the text.
    """
    hits = [hit.span() for hit in anchor.finditer(text, start, end)]
    return covering(pattern, hits, text, start, end, before=before, after=after)


def covering(
    pattern: re.Pattern[str],
    hits: Iterable[tuple[int, int]],
    text: str,
    start: int,
    end: int,
    *,
    before: int,
    after: int,
) -> Iterator[re.Match[str]]:
    """`near` for hits that are known, in text order."""
    floor = start
    for first, last in hits:
        if first < floor:
            continue
        ceiling = min(last + after, end)
        match = pattern.search(text, max(first - before, floor), ceiling)
        while match is not None and match.end() <= first:
            match = pattern.search(text, max(match.end(), match.start() + 1), ceiling)
        if match is not None and match.start() < last:
            yield match
            floor = match.end()


def begun(
    pattern: re.Pattern[str], anchor: re.Pattern[str], text: str, start: int, end: int, *, after: int
) -> Iterator[re.Match[str]]:
    """`near` for a pattern whose matches begin with the anchor: tried there and nowhere else."""
    return beginning(pattern, [hit.span() for hit in anchor.finditer(text, start, end)], text, end, after=after)


def beginning(
    pattern: re.Pattern[str], hits: Iterable[tuple[int, int]], text: str, end: int, *, after: int
) -> Iterator[re.Match[str]]:
    """`begun` for hits that are known, in text order."""
    floor = 0
    for first, last in hits:
        if first >= floor:
            match = pattern.match(text, first, min(last + after, end))
            if match is not None:
                yield match
                floor = match.end()


def whole_number(text: str) -> int | None:
    """The whole number that digits, with thousands separators or without, or a word stand for."""
    lower = text.lower()
    if lower in NUMBER_WORDS:
        return NUMBER_WORDS[lower]
    digits = text.replace(",", "").replace("\u00a0", "")
    return int(digits) if digits.isdecimal() else None  # `²` is a digit, and no number


def decimal(text: str) -> Decimal:
    """The number as printed, thousands separators removed."""
    return Decimal(_GROUPING.sub("", text))


def quantity(low: str, high: str | None = None) -> Quantity:
    """A value, or a range in the order printed."""
    if high is None:
        return Quantity(value=decimal(low))
    return Quantity(low=decimal(low), high=decimal(high))


def comparator_before(text: str, start: int) -> Comparator | None:
    """The comparator that stands right before an offset."""
    match = _BOUND.search(text, max(start - 4, 0), start)
    return _COMPARATORS[match[1]] if match else None

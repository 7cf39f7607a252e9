"""Survival by time in one list: "93% at 1 year, 85% at 2 years and 88% at 3 years".

Between two figures of such a list stand only times, intervals and list signs, so they are of the same people,
whoever these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from extract.audit.case import Case, Claim
from extract.audit.groups import ANALYSIS, above_even_cut
from extract.components.grammar import NUMBER_WORDS
from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex

_UNIT_DAYS = {"year": Fraction(1461, 4), "month": Fraction(1461, 48), "week": Fraction(7), "day": Fraction(1)}
_WORDS = {word: number for word, number in NUMBER_WORDS.items() if 1 <= number <= 10}
_FIGURE = r"\d{1,3}(?:\.\d+)?"
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d+)?|{'|'.join(_WORDS)})"
_UNIT = r"(?P<unit>year|month|week|day)s?"
_JOINT = r"(?:\s?[,;]\s?(?:(?:and|then)\s)?|\s(?:and|then)\s)"
_INTERVAL = r"(?:\s?\((?:95\s?%\s?)?(?:CI|confidence interval)?[:,]?\s?[\d.]+\s?%?\s?(?:-|to|,)\s?[\d.]+\s?%?\))?"
_AT = lazy_regex(
    rf"(?<![\d.,/-])(?P<value>{_FIGURE})\s?%{_INTERVAL}\s(?:at|after)\s(?:(?P<time>{_NUMBER})[\s-]{_UNIT}|"
    r"(?P<named>year|month|week|day)\s(?P<at>\d{1,3}))\b",
    re.IGNORECASE,
)
_VALUES = rf"(?P<values>{_FIGURE}\s?%?(?:{_JOINT}{_FIGURE}\s?%?){{1,9}})(?<=%)"
# "93%, 85% and 88% at 1, 2 and 3 years"
_VALUES_FIRST = lazy_regex(
    rf"(?<![\d.,/-]){_VALUES}\s(?:at|after)\s(?P<times>{_NUMBER}(?:{_JOINT}{_NUMBER}){{1,9}})[\s-]{_UNIT}\b",
    re.IGNORECASE,
)
# "the 1-, 2- and 3-year overall survival rates were 93%, 85% and 88%"
_TIMES_FIRST = lazy_regex(
    rf"(?<![\d.,/-])(?P<times>{_NUMBER}-?(?:{_JOINT}{_NUMBER}-?){{1,9}})[\s-]?{_UNIT}\s(?P<words>[^.;:%\d]{{2,60}}?)"
    rf"\s(?:was|were|of|at|reached)\s{_VALUES}",
    re.IGNORECASE,
)
_SURVIVAL = lazy_regex(r"(?:[\w-]+\s)?\bsurvival\b|\b(?:OS|EFS|DFS|RFS|PFS|LFS)\b", re.IGNORECASE)
_NAMED = lazy_regex(r"urvival|URVIVAL|OS\b|[EDRPL]FS\b")  # the same, sooner found
# Words that make figures of time no points of one falling curve.
_NO_CURVE = lazy_regex(
    r"\b(?:conditional|annual\w*|yearly|per\s(?:year|annum)|interval|landmark|survivors?|in-hospital|relative|period|"
    r"graft|implant|technique|differ\w*|benefit|gain|advantage|increase\w*|decrease\w*|mortality|deaths?|died|incidence|"
    r"hazard|median|versus|vs|between|ranged|second|mice|cells?)\b",
    re.IGNORECASE,
)
_OF_GROUPS = lazy_regex(
    r"\s?%?(?:\s(?:at|after)\s[\w.-]+[\s-](?:years?|months?|weeks?|days?)\b)?"
    r"\s?,?\s?(?:respectively\b,?\s?)?(?:for|in|among|with)\s(?P<whom>[^.;:%]{1,80})",
    re.IGNORECASE,
)
_SEVERAL = lazy_regex(r"(?<!-)\b(?:and|or|versus|vs)\b(?!-)|/")
_NAME_REACH = 100  # characters before a list in which the survival is named


class _At(NamedTuple):
    """A figure with the time it is of, as printed."""

    value: Decimal
    span: CharSpan
    days: Fraction
    time: str


def rising_series(case: Case) -> Iterator[Claim]:
    """Neighbours in a list of survivals by time of which the later is the higher."""
    for figures, name, assumes in _lists(case):
        for early, late in pairwise(figures):
            if early.days < late.days and above_even_cut(late.value, early.value):
                yield Claim(
                    severity="suspicious" if assumes else "impossible",
                    message=(
                        f"{name} is {late.value}% at {late.time} but {early.value}% at {early.time} in one list;"
                        " survival cannot rise with time."
                    ),
                    stated=(late.span,),
                    against=(early.span,),
                    correction=f"{early.value}% at {late.time}, {late.value}% at {early.time}",
                    assumes=assumes,
                )


def _lists(case: Case) -> Iterator[tuple[list[_At], str, str | None]]:
    """The figures of each list of one survival, its name, and what is taken for granted."""
    text = case.document.text
    for block in case.document.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT) or text.count("%", *block.span) < 2:
            continue
        if not _NAMED.search(text, *block.span):
            continue
        for match in _TIMES_FIRST.finditer(text, *block.span):
            figures = _of_lists(match)
            name = None if _SEVERAL.search(match["words"]) else _name(match["words"])
            if figures and name and not tells_groups(text, match.end(), block.span.end):
                yield figures, name, None
        for match in _VALUES_FIRST.finditer(text, *block.span):
            name = _name_before(case, match.start(), of_one=True)
            figures = _of_lists(match)
            if figures and name and not tells_groups(text, match.end(), block.span.end):
                yield figures, name, None
        for run, end in _runs(text, block.span):
            if (name := _name_before(case, run[0].span.start)) and not tells_groups(text, end, block.span.end):
                ends_in = _OF_GROUPS.match(text, end, block.span.end)
                yield run, name, "all figures of the list are of the same patients" if ends_in else None


def _runs(text: str, span: CharSpan) -> Iterator[tuple[list[_At], int]]:
    """The figures with a time each that stand side by side, and where their list ends."""
    run: list[_At] = []
    end = 0
    for match in _AT.finditer(text, *span):
        number, unit = match["time"] or match["at"], (match["unit"] or match["named"]).lower()
        at = _At(
            Decimal(match["value"]),
            CharSpan(match.start(), text.index("%", match.end("value")) + 1),
            _number(number) * _UNIT_DAYS[unit],
            f"{number} {unit}s" if match["time"] and number not in ("1", "one") else f"{number} {unit}",
        )
        if run and not re.fullmatch(_JOINT, text[end : match.start()]):
            if len(run) > 1:
                yield run, end
            run = []
        run.append(at)
        end = match.end()
    if len(run) > 1:
        yield run, end


def _of_lists(match: re.Match[str]) -> list[_At]:
    """The figures of a list with the times of another; none where their numbers differ."""
    unit = match["unit"].lower()
    times = re.findall(_NUMBER, match["times"], re.IGNORECASE)
    values = list(re.finditer(rf"{_FIGURE}(?:\s?%)?", match["values"]))
    if len(times) != len(values):
        return []
    base = match.start("values")
    return [
        _At(
            Decimal(value[0].rstrip("% \u00a0")),
            CharSpan(base + value.start(), base + value.end()),
            _number(time) * _UNIT_DAYS[unit],
            f"{time} {unit}" if time in ("1", "one") else f"{time} {unit}s",
        )
        for value, time in zip(values, times, strict=True)
    ]


def _number(printed: str) -> Fraction:
    word = printed.lower()
    return Fraction(_WORDS[word]) if word in _WORDS else Fraction(printed)


def _name(words: str) -> str | None:
    """The one survival that words name, None where they say that it is no falling curve."""
    names = _SURVIVAL.findall(words)
    if len(names) != 1 or _NO_CURVE.search(words) or ANALYSIS.search(words):
        return None
    name: str = names[0].strip()
    return name[0].upper() + name[1:]


def _name_before(case: Case, start: int, *, of_one: bool = False) -> str | None:
    """The one survival that the sentence names before a list, with no other figure between; `of_one` group only."""
    text = case.document.text
    floor = max(case.sentence(CharSpan(start, start + 1)).start, start - _NAME_REACH)
    clause = re.split(r"[;%]|, (?:and|but|whereas|while)\s", text[floor:start])[-1]
    return None if of_one and _SEVERAL.search(clause) else _name(clause)


def tells_groups(text: str, end: int, limit: int) -> bool:
    """Whether the figures before are of several groups, told behind them."""
    match = _OF_GROUPS.match(text, end, limit)
    return match is not None and _SEVERAL.search(match["whom"]) is not None

"""A change that one trial is said to have made, told twice: "raised FEV1 by 93 mL over placebo at week 52"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from extract.audit.case import Case, Claim
from extract.audit.groups import ANALYSIS, agree, at_time, name_of
from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.values import days_of

_UP = r"(?:rais(?:ed|es|ing)|increas(?:ed|es|ing)|rose|rises|improv(?:ed|es|ing)|gain(?:ed|s)|grew)"
_DOWN = r"(?:lower(?:ed|s|ing)|reduc(?:ed|es|ing)|decreas(?:ed|es|ing)|fell|falls|cut|dropped|declined)"
_MEASURE = r"(?P<measure>(?:(?!by\b|and\b|or\b|with\b|in\b|of\b|to\b)[A-Za-z][\w-]*\s){1,4}?)"
_BY = r"by\s(?P<value>\d{1,4}(?:\.\d+)?)\s?(?P<unit>%|percent(?:age)?\spoints?|points?|[A-Za-zµ][\w/%·µ]{0,10})"
_BEYOND = lazy_regex(
    r"(?:\smore)?\s(?:over|than|versus|vs\.?|compared\s(?:with|to)|relative\sto)\s(?:with\s|in\s|on\s)?(?P<control>[a-z]+)\b"
)
# "raised FEV1 by 93 mL", "FEV1 rose by 83 mL"
_PATTERNS = (
    lazy_regex(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s(?:the\s|mean\s)?{_MEASURE}{_BY}", re.IGNORECASE),
    lazy_regex(rf"\b{_MEASURE}(?:was\s|were\s|had\s)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s{_BY}", re.IGNORECASE),
)
_BY_FIGURE = lazy_regex(r"\bby\s(?:[a-z]+\s){0,3}\d")  # all changes have it, and few paragraphs
_SOME = lazy_regex(
    r"\b(?:among|subgroups?|in\s(?:those|the\s\d|patients\swith|people\swith)|whose|mg|dose|respectively)\b",
    re.IGNORECASE,
)
_BEHIND = 40  # characters behind a change in which its time stands


class _Change(NamedTuple):
    """A change of a measure beyond that of a control, at a time."""

    value: Decimal
    span: CharSpan
    block: CharSpan
    measure: str
    time: str | None


def change_conflict(case: Case) -> Iterator[Claim]:
    """One change at one time, of one measure of one trial beyond one control, with two figures."""
    found: dict[tuple[object, ...], list[_Change]] = defaultdict(list)
    for key, change in _changes(case):
        found[key].append(change)
    for (trial, *_), changes in found.items():
        first = changes[0]
        later = [each for each in changes if each.block != first.block and not agree(each.value, first.value)]
        if len({each.value for each in changes}) == 2 and later:
            told = case.quote(first.span)
            yield Claim(
                severity="inconsistent",
                message=(
                    f"{first.measure}{at_time(first.time)} of {trial} changed by {told} here; another place gives"
                    f" {case.quote(later[0].span)}."
                ),
                stated=(first.span,),
                against=(later[0].span,),
                study=str(trial),
            )


def _changes(case: Case) -> Iterator[tuple[tuple[object, ...], _Change]]:
    """The changes beyond a control, each with what must be alike: trial, measure, direction, unit, control, time."""
    text = case.document.text
    for block in case.document.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT) or not _BY_FIGURE.search(text, *block.span):
            continue
        for pattern in _PATTERNS:
            for match in pattern.finditer(text, *block.span):
                sentence = case.sentence(CharSpan(match.start(), match.start("value")))
                beyond = _BEYOND.match(text, match.end(), sentence.end)
                words = text[match.start() : min(match.end() + 2 * _BEHIND, sentence.end)]
                trial = _trial(case, block.span, sentence, match.start())
                if beyond is None or trial is None or _SOME.search(words) or ANALYSIS.search(words):
                    continue
                times = case.marks.inside("durations", beyond.end(), min(beyond.end() + _BEHIND, sentence.end))
                time = times[0].value.iso if len({each.value.iso for each in times}) == 1 else None
                measure = match["measure"].strip()
                change = _Change(
                    Decimal(match["value"]), CharSpan(match.start("value"), match.end()), block.span, measure, time
                )
                if time:
                    last = name_of(measure).split()[-1]
                    direction = bool(match["up"])
                    yield (trial, last, direction, match["unit"], beyond["control"].lower(), days_of(time)), change


def _trial(case: Case, block: CharSpan, sentence: CharSpan, start: int) -> str | None:
    """The one trial that the sentence names before or behind a change, else the one that opens the paragraph last."""
    here = {mark.value.trial for mark in case.marks.inside("trials", *sentence)}
    if here:
        return here.pop() if len(here) == 1 else None
    before = {mark.value.trial for mark in case.marks.inside("trials", block.start, start)}
    first = case.sentence(CharSpan(block.start, block.start + 1))
    opening = case.marks.inside("trials", *first)
    return opening[0].value.trial if opening and (len(before) == 1 or _opens(case, block, opening[0].span)) else None


def _opens(case: Case, block: CharSpan, name: CharSpan) -> bool:
    """Whether a name is the first word of its paragraph."""
    return not case.document.text[block.start : name.start].strip()

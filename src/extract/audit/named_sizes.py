"""Sizes told in passing beside a trial's name, "the 868 participants of X", against how many the trial took in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from extract.audit.case import Case
from extract.audit.groups import PlaceFinder
from extract.audit.sizes import PEOPLE, whole
from extract.components.grammar import WHOLE
from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex

_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+|\d{2,6})"
_ENTERED = r"(?:enrol?led|randomi[sz]ed|recruited|assigned|allocated|allotted|included)"
_STATE = r"(?:infused|treated|transplanted|evaluable|analy[sz]ed|evaluated|dosed|operated|implanted|vaccinated)"
_KIND = rf"(?:(?P<kind>{_ENTERED}|{_STATE})\s)?"
# "the 868 participants of ", "all 72 infused patients in "
_BEFORE = lazy_regex(
    rf"(?:\bthe|\bits|\ball|\bthese|\bthose|\ball\sthe|\ball\sof\sthe)\s{_NUMBER}\s{_KIND}{PEOPLE}\s"
    rf"(?:of|in|from|(?P<entered>{_ENTERED})\sin|who\s(?:entered|joined))\s(?:the\s)?$",
    re.IGNORECASE,
)
# ", with its 647 patients", " and its 647 patients", "'s 647 patients"
_AFTER = lazy_regex(
    rf"(?:\s(?:trial|study))?(?:,?\s(?:with|and|despite|among|in)\s(?:its|all)|'s)\s{_NUMBER}\s{_KIND}{PEOPLE}\b",
    re.IGNORECASE,
)
# Behind the people or the name: some of them only.
_SOME = lazy_regex(
    r"(?:\s(?:trial|study))?\s?,?\s?(?:with|who|whose|whom|aged|having|without|at|given|receiving|assigned|allocated|"
    r"randomi[sz]ed\sto|treated|on|from|for\swhom|in\swhom|under|over|younger|older)\b",
    re.IGNORECASE,
)
_WORDS = r"(?:(?!and\b|or\b|of\b|in\b|with\b|versus\b|vs\b|to\b|were\b|was\b|who\b)[A-Za-z][\w/-]*,?\s){0,4}?"
_ENTRIES = (
    lazy_regex(rf"\b{_ENTERED}\s(?:a\stotal\sof\s)?{_NUMBER}\s{_WORDS}{PEOPLE}\b", re.IGNORECASE),
    lazy_regex(
        rf"(?<![\d,.(])\b(?<!of\s)(?<!the\s){_NUMBER}\s{_WORDS}{PEOPLE}\s(?:[^.;()]{{0,60}}\s)?(?:were|had\sbeen)\s{_ENTERED}\b",
        re.IGNORECASE,
    ),
)
_STATED = lazy_regex(
    rf"\b(?P<one>{_STATE})\s(?:a\stotal\sof\s)?(?P<n1>\d{{1,3}}(?:,\d{{3}})+|\d{{2,6}})(?=\s(?![a-z]+s?\s?/)|[,;.(])"
    rf"|(?<![\d,.(])\b(?P<n2>\d{{1,3}}(?:,\d{{3}})+|\d{{2,6}})\s(?:{PEOPLE}\s)?(?:(?:were|was|had\sbeen)\s)?(?P<two>{_STATE})\b",
    re.IGNORECASE,
)
# A number that may be one of people.
_ANY = lazy_regex(
    r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?!\d|[.,]\d|\s?%|[\s-](?:hours?|days?|weeks?|months?|years?|h|mg|g|kg|m[lL])\b)"
)
_ARM = lazy_regex(rf"\bn\s?=\s?({WHOLE})")
_REACH = 110  # characters before a name in which its people are told
_ENTERED_KIND = "entered"


class NamedSize(NamedTuple):
    """A number of people beside a trial's name, and the one that another place gives for the same people."""

    trial: str
    span: CharSpan
    against: CharSpan


def named_sizes(case: Case) -> Iterator[NamedSize]:
    """Numbers of people beside a trial's name that no place about the trial has, where one gives another."""
    text = case.document.text
    told = list(_told(case))
    if not told:
        return
    regions = _regions(case, {trial for trial, *_ in told})
    for trial, kind, span, sentence in told:
        number = whole(text[slice(*span)])
        about = [region for region in regions[trial] if not region.start <= span.start < region.end]
        about += [
            part
            for region in regions[trial]
            if region.start <= span.start < region.end
            for part in (CharSpan(region.start, sentence.start), CharSpan(sentence.end, region.end))
        ]
        if number in _numbers(text, about):
            continue
        sizes = [each for region in about for each in _sizes(text, kind, region)]
        if sizes:
            yield NamedSize(trial, span, sizes[0])


def _told(case: Case) -> Iterator[tuple[str, str, CharSpan, CharSpan]]:
    """Trial, kind of people, place of the number and its sentence."""
    text = case.document.text
    for mark in case.marks.all("trials"):
        block = case.block(mark.span)
        if block is None or block.kind not in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT):
            continue
        sentence = case.sentence(mark.span)
        before = _BEFORE.search(text, max(mark.start - _REACH, sentence.start), mark.start)
        after = _AFTER.match(text, mark.end, sentence.end)
        for match, end in ((before, mark.end), (after, after.end() if after else 0)):
            if match and not _SOME.match(text, end, sentence.end):
                kind = (match["kind"] or _ENTERED_KIND).lower()
                kind = kind if re.fullmatch(_STATE, kind) else _ENTERED_KIND
                yield mark.value.trial, kind, CharSpan(*match.span("n")), sentence


def _regions(case: Case, trials: set[str]) -> dict[str, list[CharSpan]]:
    """The paragraphs and table rows that name each trial and no other; of other paragraphs the sentences."""
    finder = case.once(PlaceFinder)
    found: dict[str, set[CharSpan]] = defaultdict(set)
    for mark in case.marks.all("trials"):
        block = case.block(mark.span)
        if mark.value.trial not in trials or block is None:
            continue
        if block.kind is BlockKind.TABLE:
            found[mark.value.trial].add(finder.at(mark.span).span)
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT):
            named = {each.value.trial for each in case.marks.inside("trials", *block.span)}
            found[mark.value.trial].add(block.span if len(named) == 1 else case.sentence(mark.span))
    return {trial: sorted(regions) for trial, regions in found.items()}


def _numbers(text: str, regions: list[CharSpan]) -> set[int]:
    """Every whole number in some places, and the sums of the arms told there."""
    found = {whole(match[0]) for region in regions for match in _ANY.finditer(text, *region)}
    for region in regions:
        arms = [whole(match[1]) for match in _ARM.finditer(text, *region)][:6]
        found |= {sum(some) for size in range(2, len(arms) + 1) for some in combinations(arms, size)}
    return found


def _sizes(text: str, kind: str, region: CharSpan) -> Iterator[CharSpan]:
    """Where a place tells how many entered the trial, or of how many what `kind` says holds."""
    if kind == _ENTERED_KIND:
        for pattern in _ENTRIES:
            for match in pattern.finditer(text, *region):
                yield CharSpan(*match.span("n"))
        return
    for match in _STATED.finditer(text, *region):
        if (match["one"] or match["two"]).lower() == kind:
            yield CharSpan(*match.span("n1" if match["one"] else "n2"))

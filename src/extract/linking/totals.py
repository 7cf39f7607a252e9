"""Totals: the cohort that a result is counted in, where the sentence, or for counts the paragraph, states it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.linking import Found, Mark
from extract.linking.figures import Result
from extract.patterns import lazy_regex
from extract.values import Confidence

_OF_THESE = lazy_regex(
    r"\b(?:of|among|in)\s(?:these|them|whom|those|which|the\s(?:latter|former))\b|\bthese\b[^.;]{0,30}$", re.IGNORECASE
)
_OF_THESE_AFTER = lazy_regex(
    r"(?:\s\([^()]*\))?\s(?:\w+\s)?(?:of|among|in)\s(?:these|them|whom|those|which)\b", re.IGNORECASE
)
_AMONG = lazy_regex(r"[^.;:()]{0,40}\b(?:among|of|out\sof|in|from|for)\s(?:the\s|these\s|those\s|all\s)?$")
_SIZE_OF_GROUP = lazy_regex(
    r"\b(?:of|among|in|for|from|with|on|within|all|the|these|both)\s(?:the\s|these\s|all\s|a\stotal\sof\s|only\s)?$",
    re.IGNORECASE,
)
_PART = lazy_regex(
    r"\b(?:including|with\sonly|except|excluding|additional|other|another|remaining)\s(?:the\s)?$",
    re.IGNORECASE,
)
_N_BEHIND = lazy_regex(r"(?:\s(?:arm|group))?\s?[(\[,]\s?[nN]\s?=\s?")
_NEAR_ARM = 40  # characters between an arm and the size of its group
_AFTER_RESULT = 70  # characters behind a result in which its cohort stands


def group_sizes(text: str, results: Sequence[Result], start: int) -> list[Result]:
    """The counts of a sentence that say how many people there are."""
    return [
        result
        for result in results
        if not result.reports
        and "n" in result.fields
        and "total" not in result.fields
        and result.fields["n"].value not in (0, None)
        and not _PART.search(text[max(start, result.start - 30) : result.start])
    ]


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The groups of people that a sentence, which begins at `start`, counts in.

    `sizes` stand in the sentence itself; `counted` are the people of the last count, `cohort` those of the study.
    """

    text: str
    start: int
    sizes: Sequence[Result]
    counted: Found | None
    cohort: Found | None


def sizes_of_arms(text: str, arms: Sequence[Mark], sizes: Sequence[Result]) -> Iterator[tuple[str, Found]]:
    """The arms of a sentence, in lower case, whose size stands beside them: "dabigatran (n = 120)"."""
    for arm in arms:
        for size in sizes:
            if size.start >= arm.end and _N_BEHIND.fullmatch(text[arm.end : size.start]):
                yield text[arm.start : arm.end].lower(), size.fields["n"]


def find_total(
    cohorts: Cohorts, result: Result, outcome_end: int, arm: Found | None
) -> tuple[Found, Confidence] | None:
    """The cohort of a result with how it was found: `stated` in the sentence or `carried` from one before."""
    text, start, sizes = cohorts.text, cohorts.start, cohorts.sizes
    counted, cohort = cohorts.counted, cohorts.cohort
    own = _size_of_arm(text, arm, sizes)
    if own is not None:
        return own, "stated"
    edge = max(result.end, outcome_end)
    for size in sizes:
        if result.end <= size.start <= edge + _AFTER_RESULT and _AMONG.fullmatch(
            text[min(edge, size.start) : size.start]
        ):
            return size.fields["n"], "stated"
    before = text[max(start, result.start - 45) : result.start]
    if (
        counted is not None
        and (result.count is not None or start <= counted.spans[0].start)
        and (_OF_THESE.search(before) or _OF_THESE_AFTER.match(text, result.end))
    ):
        return counted, "stated" if start <= counted.spans[0].start else "carried"
    ahead = [size for size in sizes if size.end <= result.start]
    if (
        arm is None
        and len(ahead) == 1
        and _SIZE_OF_GROUP.search(text[max(start, ahead[0].start - 20) : ahead[0].start])
    ):
        return ahead[0].fields["n"], "stated"
    if cohort is not None and arm is None and ("n" in result.fields or result.is_count):
        return cohort, "carried"
    return None


def _size_of_arm(text: str, arm: Found | None, sizes: Sequence[Result]) -> Found | None:
    if arm is None:
        return None
    for first, last in arm.spans:
        for size in sizes:
            if first <= size.start < last:
                return size.fields["n"]
            gap = text[size.end : first] if size.end <= first else text[last : size.start]
            if len(gap) <= _NEAR_ARM and not re.search(r"[;.,]|\d", gap):
                return size.fields["n"]
    return None

"""Arms: which arm or subgroup a result belongs to, by preposition, by order and by what a comparison stands against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.document import CharSpan
from extract.linking import Found, Mark
from extract.linking.coordination import RESPECTIVELY
from extract.linking.results import Result

_CUT = re.compile(r";|\b(?:whereas|while|although|however)\b")
_AFTER = re.compile(
    r"^[\s)\]%,]*(?:\([^()]*\)|\[[^\[\]]*\])?[\s,)\]]*(?:of\b|in\b|for\b|with\b|among\b|on\b|after\b|when\b|from\b|given\b|treated\b|receiving\b|"
    r"who\b|the\b|to\b|under\b|by\b|at\b|using\b|following\b|aged\b|\(|-|$)"
)
Cluster = Sequence[Result]
NEAR = 120  # characters between a figure and its arm


@dataclass(frozen=True, slots=True)
class ArmPair:
    """The arms of a comparison in the order of its figures."""

    arms: tuple[Mark, ...]


def bind_arms(text: str, clusters: Sequence[Cluster], arms: Sequence[Mark], start: int, end: int) -> list[list[Mark]]:
    """The arms of each cluster of figures; clusters stand in text order and need an arm each."""
    if not arms or not clusters:
        return [[] for _ in clusters]
    edges = [(cluster[0].start, cluster[-1].end) for cluster in clusters]
    after = [_after(text, edges, index, arms, end) for index in range(len(edges))]
    before = [_before(text, edges, index, arms, start) for index in range(len(edges))]
    if len(clusters) == 1:
        return [after[0] or before[0]]
    parallel = _parallel(text, edges, arms, end)
    if parallel:
        return parallel
    if after[-1] and (all(after) or not before[0]):
        return [each or other for each, other in zip(after, before, strict=True)] if all(after) else after
    if before[0] and any(before[1:]):
        return before
    if after[-1]:
        return after
    if after[0] and not before[0]:
        return after
    return before


def _after(text: str, edges: Sequence[tuple[int, int]], index: int, arms: Sequence[Mark], end: int) -> list[Mark]:
    edge = edges[index][1]
    ceiling = edges[index + 1][0] if index + 1 < len(edges) else end
    for arm in arms:
        if edge <= arm.start < min(ceiling, edge + NEAR):
            gap = text[edge : arm.start]
            if _AFTER.match(gap) and not _CUT.search(gap):
                return [arm]
            return []
    return []


def _before(text: str, edges: Sequence[tuple[int, int]], index: int, arms: Sequence[Mark], start: int) -> list[Mark]:
    edge = edges[index][0]
    floor = edges[index - 1][1] if index else start
    for arm in reversed(arms):
        if floor <= arm.start and arm.end <= edge:
            gap = text[arm.end : edge]
            return [] if _CUT.search(gap) and index == 0 and len(gap) > NEAR else [arm]
    return []


def _parallel(
    text: str, edges: Sequence[tuple[int, int]], arms: Sequence[Mark], end: int
) -> list[list[Mark]] | None:
    """As many arms after the last figure as there are figures, or before the first, with none in between."""
    count = len(edges)
    first, last = edges[0][0], edges[-1][1]
    between = [arm for arm in arms if first <= arm.start < last]
    behind = [arm for arm in arms if last <= arm.start < last + 2 * NEAR]
    ahead = [arm for arm in arms if arm.end <= first]
    if between:
        return None
    said = RESPECTIVELY.search(text, last, min(end, last + 240)) is not None
    if len(behind) >= count and _AFTER.match(text[last : behind[0].start]) and (said or _joined(text, behind[:count])):
        return [[arm] for arm in behind[:count]]
    if len(ahead) >= count and (said or _joined(text, ahead[-count:])):
        return [[arm] for arm in ahead[-count:]]
    return None


def _joined(text: str, arms: Sequence[Mark]) -> bool:
    """Whether the arms stand in one phrase."""
    return all(
        second.start - first.end <= 60 and not re.search(r"[;]", text[first.end : second.start])
        for first, second in zip(arms, arms[1:], strict=False)
    )


def found_arm(text: str, arms: Sequence[Mark]) -> Found | None:
    """The arms of one result as a field; several are joined with `; `."""
    if not arms:
        return None
    names = "; ".join(text[arm.start : arm.end] for arm in arms)
    return Found(names, tuple(CharSpan(arm.start, arm.end) for arm in arms))


def comparison(
    text: str, result: Result, arms: Sequence[Mark], pair: Sequence[Mark], start: int, end: int
) -> tuple[Mark | None, Mark | None]:
    """The index and the reference arm of a ratio or difference.

    Said by "vs.", "compared with" and the like; else the arms of the two figures that it compares, in their order.
    """
    near = sorted(arms, key=lambda arm: _distance(text, result, arm))
    reference = next((arm for arm in near if arm.value.role == "reference"), None)
    index = next((arm for arm in near if arm.value.role == "index"), None)
    own = _after(text, [(result.start, result.end)], 0, [arm for arm in arms if arm is not reference], end)
    if own:
        index = own[0]
    if index is None and reference is None and len(pair) == 2:
        return pair[0], pair[1]
    if index is None:
        others = [arm for arm in near if arm is not reference and arm.end <= result.start]
        index = others[0] if others else None
    if reference is None and len(pair) == 2 and index is pair[0]:
        reference = pair[1]
    return index, reference


def _distance(text: str, result: Result, arm: Mark) -> int:
    gap = text[arm.end : result.start] if arm.end <= result.start else text[result.end : arm.start]
    return len(gap) + 200 * len(_CUT.findall(gap))

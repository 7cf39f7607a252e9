"""Which two arms of a study are compared, where the records themselves say so.

Two arms of one study, outcome, time and severity are a comparison where a ratio or difference of the study names both,
or where they are the only two and one is the reference by a record or by its name (placebo, usual care). Where only one
of two records that follow each other gives the time or severity, and no other arm has either, it holds for both. All
other arms stay single, each with the reason. Arms of a crossover are the same people and are no pair.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extract.lexicons import load
from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.sinks.meta_arms import Arm, ArmNames, arm_name, is_pooled, outcome_name, severity, split_subgroup, whose

# The arm and the reference that records name, without subgroups -> these records in order; the arm may be null.
Said = dict[tuple[str | None, str | None], list[Outcome]]
Basis = Literal["this outcome", "another outcome", "reference of the study", "name of the reference"]

_CONTROL = lazy_regex(r"(?:active )?controls?")
_AND_MORE = lazy_regex(r" (?:plus|and|with|added to) | ?\+ ?")
_CROSSOVER = lazy_regex(r"cross-?\s?over", re.IGNORECASE)
_NUMBER = lazy_regex(r"\D*(\d+)")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms that are compared; `said_by` is the record that names the reference, if one does."""

    index: Arm
    reference: Arm
    basis: Basis
    said_by: Outcome | None = None
    notes: tuple[str, ...] = ()


def find_said(outcomes: Iterable[Outcome], names: ArmNames) -> dict[str, Said]:
    """For each study of a document the records that name its reference arm; not those of pooled studies."""
    said: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for row in outcomes:
        if row.study is not None and row.versus is not None and not is_pooled(row):
            heads = (_head(names.name(row.arm, row.study)), _head(names.name(row.versus, row.study)))
            said[row.study][heads].append(row)
    return said


def find_comparisons(
    arms: Sequence[Arm], said: Mapping[str, Said], designs: Mapping[str, str]
) -> tuple[list[tuple[int, int, Comparison]], dict[int, str]]:
    """The comparisons of one document with the places of their arms, and for each arm in none the reason."""
    reasons = {at: reason for at, arm in enumerate(arms) if (reason := _unfit(arm, designs))}
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, arm in enumerate(arms):
        if at not in reasons:
            blocks[arm.row.study, arm.kind, arm.row.endpoint, arm.outcome].append(at)
    comparisons: list[tuple[int, int, Comparison]] = []
    paired: set[int] = set()
    for block in blocks.values():
        known = said.get(arms[block[0]].row.study or "", {})
        settings = Counter(_setting(arms[at]) for at in block)
        alone = {at for at in block if settings[_setting(arms[at])] == 1}
        for at in block:
            beside = [
                other
                for other in block
                if _setting(arms[at]) == _setting(arms[other])
                or ({at, other} <= alone and _goes_on(arms[at], arms[other]))
            ]
            names = Counter(arms[each].name for each in beside)
            for other in (other for other in beside if other > at):
                found = _compare(arms[at], arms[other], names, known)
                if isinstance(found, Comparison):
                    comparisons.append((at, other, found))
                    paired |= {at, other}
                else:
                    reasons.setdefault(at, found)
                    reasons.setdefault(other, found)
    for at in range(len(arms)):
        reasons.setdefault(at, "no other arm of the outcome")
    return comparisons, {at: reason for at, reason in sorted(reasons.items()) if at not in paired}


def matching_arms(name: str | None, arms: Sequence[Arm], like: Outcome) -> list[Arm]:
    """The arms of a normal name in the study, outcome, time and severity of a record."""
    return [
        arm
        for arm in arms
        if name is not None
        and arm.name == name
        and arm.row.study == like.study is not None
        and _on_outcome(like, arm)
        and (arm.row.timepoint, severity(arm.row)) == (like.timepoint, severity(like))
    ]


def _compare(one: Arm, two: Arm, names: Counter[str | None], said: Said) -> Comparison | str:
    """Two arms of one setting as a comparison, or why they are none; `names` are those of all arms of the setting."""
    if one.name == two.name or names[one.name] > 1 or names[two.name] > 1:
        return "several figures of one arm"
    if split_subgroup(one.name or "")[1] != split_subgroup(two.name or "")[1]:
        return "arms of different subgroups"
    if one.kind != "proportion" and one.row.unit != two.row.unit:
        return "different units"
    notes = []
    if one.row.timepoint != two.row.timepoint:
        notes.append("the time point stands with one arm alone")
    if severity(one.row) != severity(two.row):
        notes.append("the severity stands with one arm alone")
    texts = [" ".join(arm.row.endpoint_text.casefold().split()) for arm in (one, two)]
    if texts[0] != texts[1]:
        notes.append(f"the outcome is named in two ways: {one.row.endpoint_text}, {two.row.endpoint_text}")
    stated = [
        (index, reference, row)
        for index, reference in ((one, two), (two, one))
        for row in said.get((_head(index.name), _head(reference.name)), ())
    ]
    if stated:  # on the outcome itself before others, then in order
        index, reference, row = min(stated, key=lambda each: (not _on_outcome(each[2], one), place_of(each[2])))
        if any(other is reference for other, _, _ in stated):
            notes.append("records of the study compare the arms both ways round")
        basis: Basis = "this outcome" if _on_outcome(row, one) else "another outcome"
        return Comparison(index, reference, basis, row, tuple(notes))
    if names.total() > 2:
        return "more than two arms, and not said which are compared"
    return _against_reference(one, two, said, tuple(notes)) or "not said which arm is the reference"


def _against_reference(one: Arm, two: Arm, said: Said, notes: tuple[str, ...]) -> Comparison | None:
    """Two arms, one of which a record names as the reference, or its own name does."""
    heads = (_head(one.name), _head(two.name))
    named = [(row, versus) for (arm, versus), rows in said.items() if arm is None and versus in heads for row in rows]
    if named and heads[0] != heads[1]:
        row, versus = min(named, key=lambda each: place_of(each[0]))
        index, reference = (one, two) if versus == heads[1] else (two, one)
        return Comparison(index, reference, "reference of the study", row, notes)
    controls = [_is_control(arm) for arm in (one, two)]
    if controls == [False, True]:
        return Comparison(one, two, "name of the reference", None, notes)
    return Comparison(two, one, "name of the reference", None, notes) if controls == [True, False] else None


def _unfit(arm: Arm, designs: Mapping[str, str]) -> str | None:
    """Why an arm cannot be half of a comparison, whatever stands beside it."""
    reason = whose(arm.row)
    if reason is not None:
        return reason
    if arm.name is None:
        return "arm not named"
    if _CROSSOVER.search(designs.get(arm.row.study or "", "")):
        return "crossover: the arms are the same people"
    if arm.bounded:
        return "a bound or a range"
    if arm.kind == "proportion":
        return arm.doubt or ("no count printed" if arm.events_derived is None else None)
    return None if arm.value is not None and arm.sd is not None else "no standard deviation printed"


def _setting(arm: Arm) -> tuple[str | None, str | None]:
    return arm.row.timepoint, severity(arm.row)


def _goes_on(one: Arm, two: Arm) -> bool:
    """Whether of two records that follow each other one leaves time or severity to the other."""
    in_a_row = any(abs(place_of(first) - place_of(second)) == 1 for first in one.rows for second in two.rows)
    settings = zip(_setting(one), _setting(two), strict=True)
    return in_a_row and all(first == second or first is None or second is None for first, second in settings)


def _on_outcome(row: Outcome, arm: Arm) -> bool:
    return (row.endpoint, outcome_name(row.endpoint, row.endpoint_text)) == (arm.row.endpoint, arm.outcome)


def place_of(row: Outcome) -> int:
    """The place of a record in its document."""
    match = _NUMBER.match(row.record_id)
    return int(match[1]) if match else -2  # never beside another


def _head(name: str | None) -> str | None:
    return None if name is None else split_subgroup(name)[0]


def _is_control(arm: Arm) -> bool:
    first = _AND_MORE.split(_head(arm.name) or "", maxsplit=1)[0].strip()
    return first in _controls() or bool(_CONTROL.fullmatch(first))


@cache
def _controls() -> frozenset[str]:
    return frozenset(arm_name(each) for each in load("cues").arms.controls)

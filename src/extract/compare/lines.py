"""The results of one study in some reviews, those that are one result side by side, each with a verdict.

Two results can be one where endpoint, grade and kind of figure are the same and times and arms do not speak against it.
What agrees is set side by side first, then what stands the other way round: two arms, or two endpoints, whose figures
are interchanged. What then differs is a conflict only where time and arm are the same and each review has one such
result; else it is said that it is unclear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from extract.compare.judging import measure
from extract.compare.pairing import Entry, Pair, Pairing
from extract.compare.rows import ComparedLine, Judgement, Said, Status
from extract.records import Outcome
from extract.values import days_of

_GRAVITY: tuple[Status, ...] = ("swapped", "conflict", "unclear", "agree", "only")
_JOINED_FIRST: tuple[Status, ...] = ("agree", "swapped", "conflict", "unclear")


def days(timepoint: str | None) -> float:
    """How long a duration is, so that `P2Y` stands by `P24M`; 0 where it is in no such form."""
    return round(float(days_of(timepoint) or 0), 3)


def outcome_group(row: Outcome) -> str:
    """What an outcome is grouped by: its endpoint's code, or its text in lower case."""
    return " ".join(row.endpoint_text.lower().split()) if row.endpoint == "OTHER" else row.endpoint


Slot = tuple[str, str, str]


def compare_lines(reviews: Sequence[Sequence[Said]]) -> tuple[ComparedLine, ...]:
    """The lines of a study, from what each review says of it; gravest first, then by endpoint, time and arm."""
    slots: dict[Slot, list[list[Entry]]] = {}
    for review, said in enumerate(reviews):
        for each in said:
            row = each.outcome
            key = (outcome_group(row), measure(row), " ".join((row.grade or "").lower().split()))
            entry = Entry(review, each, days(row.timepoint))
            own = slots.setdefault(key, [[] for _ in reviews])[review]
            if not any(entry.repeats(other) for other in own):
                own.append(entry)
    pairs: list[Pair] = []
    notes: dict[Entry, tuple[Status, str]] = {}
    for first, second in combinations(range(len(reviews)), 2):
        pairing = Pairing(
            {key: (slot[first], slot[second]) for key, slot in slots.items() if slot[first] or slot[second]}
        )
        pairs += pairing.pairs
        for entry, told in pairing.notes.items():
            notes.setdefault(entry, told)
    entries = [entry for slot in slots.values() for review in slot for entry in review]
    return tuple(sorted(_lines(entries, pairs, notes), key=_order))


def _lines(
    entries: Iterable[Entry], pairs: Iterable[Pair], notes: dict[Entry, tuple[Status, str]]
) -> Iterator[ComparedLine]:
    """The entries in lines that pairs hold together, one entry a review; what agrees is put together first."""
    together: dict[Entry, list[Entry]] = {entry: [entry] for entry in entries}
    ordered = sorted(pairs, key=lambda pair: _JOINED_FIRST.index(pair.status))
    for pair in ordered:
        one, two = together[pair.one], together[pair.two]
        fits = one is not two and {each.review for each in one}.isdisjoint(each.review for each in two)
        if fits and (pair.status != "unclear" or len(one) == len(two) == 1):
            both = sorted([*one, *two], key=lambda each: each.review)
            for entry in both:
                together[entry] = both
    judged: dict[int, list[Pair]] = {}
    for pair in ordered:
        if together[pair.one] is together[pair.two]:
            judged.setdefault(id(together[pair.one]), []).append(pair)
    for line in {id(line): line for line in together.values()}.values():
        yield _line(line, judged.get(id(line), []), notes)


def _line(line: Sequence[Entry], pairs: Iterable[Pair], notes: dict[Entry, tuple[Status, str]]) -> ComparedLine:
    said = tuple(entry.said for entry in line)
    if len(line) == 1:
        alone: tuple[Status, str | None] = notes.get(line[0], ("only", None))
        return ComparedLine(alone[0], said, note=alone[1])
    at = {entry: place for place, entry in enumerate(line)}
    judgements = sorted(
        (Judgement(at[pair.one], at[pair.two], pair.status, pair.note) for pair in pairs),
        key=lambda each: (each.first, each.second),
    )
    status = min((each.status for each in judgements), key=_GRAVITY.index)
    return ComparedLine(status, said, tuple(judgements))


def _order(line: ComparedLine) -> tuple[Any, ...]:
    row = line.said[0].outcome
    arm = (row.arm or "").casefold()
    return (_GRAVITY.index(line.status), row.endpoint == "OTHER", outcome_group(row), days(row.timepoint), arm)

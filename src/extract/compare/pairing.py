"""The results of two reviews in pairs: what agrees, what stands the other way round, what differs, what is unclear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from extract.compare.judging import (
    arm_relation,
    is_turned_round,
    measure,
    same_figures,
    same_intervals,
)
from extract.compare.rows import Said, Status
from extract.records import Outcome

Times = Literal["same", "unnamed", "other"]
Slot = tuple[str, str, str]  # endpoint, kind of figure, grade
SAME_TIME = 0.01  # share by which two spellings of one time differ: 12 months are 365.25 days, 52 weeks 364
# How well times and arms of two results agree, the best first; what is not listed speaks against one result.
_CIRCUMSTANCES = [(time, arm) for arm in ("same", "within", "unnamed") for time in ("same", "unnamed")]


@dataclass(eq=False, frozen=True, slots=True)
class Entry:
    """A result in one of the reviews, which are numbered; `days` is its time, 0 where it has none."""

    review: int
    said: Said
    days: float

    @property
    def row(self) -> Outcome:
        """The result."""
        return self.said.outcome

    def repeats(self, other: Entry) -> bool:
        """Whether it says what another result of its review says, of the same endpoint and grade."""
        figures = [(row.value, row.low, row.high, row.bound, row.n, row.total) for row in (self.row, other.row)]
        return figures[0] == figures[1] and _time(self, other) == "same" and _arms(self.row, other.row) == "same"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two results that are, or may be, one."""

    one: Entry
    two: Entry
    status: Status
    note: str | None = None


class Pairing:
    """The results of two reviews by slot, set side by side; `notes` tells of results that stay alone why."""

    def __init__(self, slots: Mapping[Slot, tuple[list[Entry], list[Entry]]]) -> None:
        self.pairs: list[Pair] = []
        self.notes: dict[Entry, tuple[Status, str]] = {}
        self._taken: set[Entry] = set()
        self._slots = slots
        both = [(ones, twos) for ones, twos in slots.values() if ones and twos]
        steps: tuple[Callable[[list[Entry], list[Entry]], None], ...] = (
            self._agree_exactly,
            self._find_swapped_arms,
            self._agree_loosely,
        )
        for step in steps:
            for ones, twos in both:
                step(ones, twos)
        self._find_swapped_endpoints()
        for ones, twos in both:
            self._find_conflicts(ones, twos)
            self._tell_repeated(ones, twos)
            self._tell_repeated(twos, ones)
            self._tell_unclear(ones, twos)

    def _free(self, entries: list[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry not in self._taken and entry not in self.notes]

    def _add(self, one: Entry, two: Entry, status: Status, note: str | None = None) -> None:
        self._taken |= {one, two}
        self.pairs.append(Pair(one, two, status, note))

    def _agree(self, one: Entry, two: Entry, note: str | None = None) -> None:
        if same_intervals(one.row, two.row):
            self._add(one, two, "agree", note)
        else:
            self._add(one, two, "conflict", "the confidence intervals differ")

    def _agree_exactly(self, ones: list[Entry], twos: list[Entry]) -> None:
        for one in ones:
            for two in self._free(twos):
                if _time(one, two) != "same":
                    continue
                if _arms(one.row, two.row) == "same" and same_figures(one.row, two.row):
                    self._agree(one, two)
                    break
                if is_turned_round(one.row, two.row):
                    self._add(one, two, "agree", "the arms are compared the other way round")
                    break

    def _find_swapped_arms(self, ones: list[Entry], twos: list[Entry]) -> None:
        """Two arms of one endpoint and time whose figures are interchanged."""
        mates = [(one, two) for one in self._free(ones) for two in self._free(twos) if _are_mates(one, two)]
        for (one, two), (other, another) in combinations(mates, 2):
            if self._taken & {one, two, other, another} or one is other or two is another:
                continue
            if _arms(one.row, other.row) == "same" or _time(one, other) != "same":
                continue
            if _are_crossed(one.row, two.row, other.row, another.row):
                note = f"the figures of {_quoted(one.row.arm)} and {_quoted(other.row.arm)} are interchanged"
                self._add(one, two, "swapped", note)
                self._add(other, another, "swapped", note)

    def _agree_loosely(self, ones: list[Entry], twos: list[Entry]) -> None:
        """Equal figures where a review names no time or arm, or names the arm in other words."""
        ranked = []
        for one in self._free(ones):
            for two in self._free(twos):
                rank = _rank(one, two)
                if rank is not None and same_figures(one.row, two.row):
                    ranked.append((rank, one, two))
        for _, one, two in sorted(ranked, key=lambda each: each[0]):
            if one not in self._taken and two not in self._taken:
                self._agree(one, two, _difference(one, two))
        for one in self._free(ones):
            found = [two for two in self._free(twos) if _time(one, two) == "same" and same_figures(one.row, two.row)]
            if len(found) == 1 and self._is_alone(one, found[0], ones, twos):
                self._agree(one, found[0], _difference(one, found[0]))

    def _is_alone(self, one: Entry, two: Entry, ones: list[Entry], twos: list[Entry]) -> bool:
        """Whether two figures are told once in each review, with arms that are none of the other's."""
        if one.row.value is None and None in (one.row.n, one.row.total):
            return False
        again = [each for each in ones if each is not one and same_figures(each.row, two.row)]
        again += [each for each in twos if each is not two and same_figures(each.row, one.row)]
        known = any(_arms(one.row, each.row) in ("same", "within") for each in twos)
        return not again and not known and not any(_arms(each.row, two.row) in ("same", "within") for each in ones)

    def _find_swapped_endpoints(self) -> None:
        """Two endpoints of one time and the same people whose figures are interchanged."""
        kinds: dict[tuple[str, str], list[tuple[Entry, Entry]]] = {}
        for (_, kind, grade), (ones, twos) in self._slots.items():
            for one in self._free(ones):
                for two in self._free(twos):
                    if one.row.value is not None and two.row.value is not None and _rank(one, two) is not None:
                        kinds.setdefault((kind, grade), []).append((one, two))
        for mates in kinds.values():
            for (one, two), (other, another) in _by_time(mates):
                if self._taken & {one, two, other, another} or one.row.endpoint_text == other.row.endpoint_text:
                    continue
                if one.row.endpoint == other.row.endpoint != "OTHER":
                    continue
                alike = all(
                    _time(*pair) == "same" and _arms(pair[0].row, pair[1].row) == "same"
                    for pair in ((one, other), (two, another))
                )
                if alike and _are_crossed(one.row, two.row, other.row, another.row):
                    names = f"{one.row.endpoint_text} and {other.row.endpoint_text}"
                    note = f"the figures of {names} are interchanged"
                    self._add(one, two, "swapped", note)
                    self._add(other, another, "swapped", note)

    def _find_conflicts(self, ones: list[Entry], twos: list[Entry]) -> None:
        """Different figures of the same time and arm, where each review has one."""
        for one in self._free(ones):
            found = [two for two in twos if _are_mates(one, two)]
            if len(found) != 1 or found[0] in self._taken:
                continue
            two = found[0]
            back = [each for each in ones if _are_mates(each, two)]
            if back != [one] or same_figures(one.row, two.row) is not False:
                continue
            if _other_people(one.row, two.row):
                continue
            self._add(one, two, "conflict", _difference(one, two))

    def _tell_repeated(self, entries: list[Entry], others: list[Entry]) -> None:
        """What a review says again in other words, where the other review agrees."""
        for entry in self._free(entries):
            agreeing = (other for other in others if other in self._taken and _are_mates(entry, other))
            if any(same_figures(entry.row, other.row) for other in agreeing):
                self.notes[entry] = ("agree", "said again in this review")

    def _tell_unclear(self, ones: list[Entry], twos: list[Entry]) -> None:
        """What may be one result, but for other people or at another time."""
        left = [(one, two) for one in self._free(ones) for two in self._free(twos) if _may_be_one(one, two)]
        if len(left) == 1:
            one, two = left[0]
            self._add(one, two, "unclear", _difference(one, two) or _other_people(one.row, two.row) or _UNLIKE)
            return
        for one, two in left:
            arms = _arms(one.row, two.row)
            told = "arms cannot be matched" if arms != "same" else "there are several such results"
            for entry in (one, two):
                self.notes.setdefault(entry, ("unclear", told))


_UNLIKE = "the figures cannot be compared"


def _by_time(mates: list[tuple[Entry, Entry]]) -> Iterator[tuple[tuple[Entry, Entry], tuple[Entry, Entry]]]:
    """Each two of some pairs whose first results are of about the same time."""
    groups: dict[float, list[tuple[Entry, Entry]]] = {}
    for pair in mates:
        groups.setdefault(round(pair[0].days), []).append(pair)
    for group in groups.values():
        yield from combinations(group, 2)


def _time(one: Entry, two: Entry) -> Times:
    if one.row.timepoint == two.row.timepoint:
        return "same"
    if one.row.timepoint is None or two.row.timepoint is None:
        return "unnamed"
    is_near = one.days > 0 and abs(one.days - two.days) <= SAME_TIME * max(one.days, two.days)
    return "same" if is_near else "other"


def _arms(one: Outcome, two: Outcome) -> str:
    """How the arms of two results stand to each other; of comparisons both arms."""
    found = {arm_relation(one.arm, two.arm), arm_relation(one.versus, two.versus)}
    return next(each for each in ("other", "unnamed", "within", "same") if each in found)


def _rank(one: Entry, two: Entry) -> int | None:
    """How well times and arms agree; None where they speak against one result."""
    circumstances = (_time(one, two), _arms(one.row, two.row))
    return _CIRCUMSTANCES.index(circumstances) if circumstances in _CIRCUMSTANCES else None


def _are_mates(one: Entry, two: Entry) -> bool:
    """Whether two results are of the same time and arm."""
    return _time(one, two) == "same" and _arms(one.row, two.row) in ("same", "within")


def _may_be_one(one: Entry, two: Entry) -> bool:
    """Whether times and arms do not tell two results apart; arms in other words do not at one time."""
    return _rank(one, two) is not None or (_time(one, two) == "same" and one.row.timepoint is not None)


def _are_crossed(one: Outcome, two: Outcome, other: Outcome, another: Outcome) -> bool:
    """Whether the first pair's figures differ, and each is that of the second pair's other side."""
    if measure(one) != measure(another):
        return False
    return bool(
        same_figures(one, two) is False
        and same_figures(other, another) is False
        and same_figures(one, another)
        and same_figures(other, two)
    )


def _other_people(one: Outcome, two: Outcome) -> str | None:
    """That counts are of different totals and no arm says that the people are the same."""
    if one.total is None or two.total is None or one.total == two.total or (one.arm and two.arm):
        return None
    return f"counted in {one.total} and in {two.total}"


def _difference(one: Entry, two: Entry) -> str | None:
    """What times and arms leave open."""
    told = []
    if _time(one, two) == "unnamed":
        told.append("one review alone names the time")
    relation = _arms(one.row, two.row)
    if relation == "unnamed":
        told.append("one review alone names the arm")
    elif relation in ("within", "other"):
        names = f"{_quoted(one.row.arm)} and {_quoted(two.row.arm)}"
        told.append(f"arms named {names}" if relation == "within" else f"arms cannot be matched: {names}")
    return "; ".join(told) or None


def _quoted(arm: str | None) -> str:
    return f"“{arm}”"

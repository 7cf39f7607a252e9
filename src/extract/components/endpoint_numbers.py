"""What reports the outcomes of a sentence or cell: its numbers, and which of its names each of them speaks for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.components import Places, Zone
from extract.components.endpoint_context import is_status
from extract.components.endpoint_names import Concept, Lookup
from extract.components.figures import Figures
from extract.components.phrases import Hit
from extract.document import CharSpan
from extract.patterns import lazy_regex

Pair = tuple[int, int]

_OF_PEOPLE = lazy_regex(
    r"\sof\s(?:the\s|all\s|these\s|our\s|those\s)?(?:[\w-]+\s){0,2}?(?:patients?|subjects?|participants?|"
    r"individuals?|children|adults|infants?|women|men|"
    r"people|recipients?|responders?|survivors?|cases?|them)\s(?:(?:had|have|developed|experienced|achieved|then|"
    r"later|also|subsequently|eventually)\s)*"
)
_VERBAL = lazy_regex(r"(?:relaps|surviv|respond|progress|recur)ed\b|died\b|discontinued\b|underwent\b|proceeded\b")
_CLAUSE_CUT = lazy_regex(r"[;]|\s(?:whereas|while|although|though|but)\s")
_BRACKET_OPEN = lazy_regex(r"(?:(?!\sand\s)[^,;()\[\]\d]){0,30}[(\[][^()\[\]]{0,24}$")
_PLAIN_GAP = lazy_regex(r"[^,;.()]{0,45}$")
_ATTACHED = lazy_regex(
    r"\s?(?:[=:,]|(?:was|were|is|are|in|of|at|rates?|occurred|occurring|developed|reported|seen|ranged|ranging|"
    r"around|about|by|to|from|being|with)\b)"
)
_PREDICATE = lazy_regex(r"\b(?:was|were|occurr\w+|reported|developed|observed|seen|noted|affected)\b")
_COORDINATION = lazy_regex(
    r"(?:,|,?\s(?:and|or|as\swell\sas|and/or|plus)|/|,?\s&)\s?(?:(?!with\b|in\b|of\b|than\b)[a-z-]+\s){0,2}$|"
    r"\s?\($|\)?\s?[,/]\s?$"
)
AT = 40  # characters between an event and a number that shows it to be a result also where it names the patients
NEAR = 4  # characters between an outcome and a number that can only be its own
REACH = 110  # characters between a number and the outcome after it that it reports
REACH_BACK = 70  # characters between an outcome and the number after it
PREDICATE_REACH = 130  # characters between a subject and the number of its predicate
STATISTIC_REACH = 160  # characters between a measure and the statistic that reports it


def outcomes_of(
    text: str, hits: list[Hit[Concept]], place: CharSpan, numbers: Numbers
) -> tuple[list[Hit[Concept]], dict[Pair, bool]]:
    """The hits of a sentence or cell that are no status, and which of them a number reports."""
    if not hits:
        return [], {}
    outcomes = [hit for hit in hits if not is_status(text, hit.start, hit.end, hit.payload.code, place)]
    return outcomes, reported(text, [(hit.start, hit.end) for hit in outcomes], numbers.reporting(place))


class Numbers:
    """The numbers of a doc that can report an outcome, sorted for look-up."""

    def __init__(self, results: Sequence[Pair], statistics: Sequence[Pair]) -> None:
        self._results = sorted(results)
        self._statistics = sorted(statistics)
        self._spans = (self._statistics, self._results)

    def reporting(self, place: CharSpan) -> list[Pair]:
        """Percentages, counts and effect measures inside the place."""
        return sorted([*_inside(self._results, place), *_inside(self._statistics, place)])

    def near(self, start: int, end: int) -> bool:
        """Whether a percentage or count stands right at a place."""
        index = bisect_left(self._results, (start, 0))
        around = self._results[max(index - 1, 0) : index + 2]
        return any(first - end <= AT and start - last <= AT for first, last in around)

    def statistics(self, place: CharSpan, offset: int) -> bool:
        """Whether a statistic or percentage stands near the offset inside the place."""
        if bisect_left(self._statistics, (place[0], 0)) == bisect_left(self._statistics, (place[1], 0)):
            return False
        around = max(place[0], offset - STATISTIC_REACH), min(place[1], offset + STATISTIC_REACH + 1)
        return any(bisect_left(each, (around[0], 0)) < bisect_left(each, (around[1], 0)) for each in self._spans)


def _inside(spans: Sequence[Pair], place: CharSpan) -> Sequence[Pair]:
    return spans[bisect_left(spans, (place[0], 0)) : bisect_left(spans, (place[1], 0))]


def reported(text: str, hits: Sequence[Pair], numbers: Sequence[Pair]) -> dict[Pair, bool]:
    """The hits that a number of the sentence reports, each with whether the number stands right at it.

    A number speaks for the outcome before it when it is attached to it ("infections (15%)", "mortality was 3%") and for
    the next one after it ("two patients relapsed"), within a clause; outcomes coordinated with a reported one are
    reported. The hits are sorted and do not overlap.
    """
    claimed: dict[Pair, bool] = {}
    starts, ends = [start for start, _ in hits], [end for _, end in hits]
    for start, end in numbers:
        next_one, last_one = bisect_left(starts, end), bisect_right(ends, start) - 1
        after = hits[next_one] if next_one < len(hits) else None
        before = hits[last_one] if last_one >= 0 else None
        inside = hits[last_one + 1] if last_one + 1 < len(hits) and starts[last_one + 1] <= start else None
        if inside:
            claimed[inside] = True
            continue
        if after is not None and after[0] - end <= REACH and _has_own_predicate(text, end, after):
            claimed.setdefault(after, False)
            continue
        near = before is not None and start - before[1] <= PREDICATE_REACH
        gap = text[before[1] : start] if before is not None and near else ""
        attached = near and (_is_attached(gap) or (before not in claimed and _is_predicate(gap)))
        if before is not None and attached:
            claimed[before] = claimed.get(before, False) or start - before[1] <= NEAR
        spoken_for = attached and (text[end - 1] == "%" or bool(_BRACKET_OPEN.match(gap)))
        if (
            after is not None
            and not spoken_for
            and after[0] - end <= REACH
            and not _CLAUSE_CUT.search(text[end : after[0]])
        ):
            claimed.setdefault(after, False)
    _spread(text, hits, claimed)
    return claimed


def _has_own_predicate(text: str, end: int, after: Pair) -> bool:
    """Whether a number begins a clause that the outcome behind it ends: "40% of patients relapsed", "8% died"."""
    gap = text[end : after[0]]
    return bool(_OF_PEOPLE.fullmatch(gap)) or (gap == " " and bool(_VERBAL.match(text, after[0])))


def _is_predicate(gap: str) -> bool:
    """Whether a subject's verb stands between an outcome and the first number after it."""
    return bool(_PREDICATE.search(gap)) and not _CLAUSE_CUT.search(gap)


def _is_attached(gap: str) -> bool:
    if len(gap) > REACH_BACK or _CLAUSE_CUT.search(gap):
        return False
    return bool(_BRACKET_OPEN.match(gap) or _ATTACHED.match(gap) or _PLAIN_GAP.match(gap))


def _spread(text: str, hits: Sequence[Pair], claimed: dict[Pair, bool]) -> None:
    """Carry a claim to outcomes coordinated with a claimed one, in both directions."""
    for ordered in (list(hits), list(reversed(hits))):
        for first, second in pairwise(ordered):
            left, right = (first, second) if first[0] < second[0] else (second, first)
            if first in claimed and second not in claimed and _COORDINATION.match(text[left[1] : right[0]]):
                claimed[second] = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a document holds beside outcomes; `things` are drugs and trials, which are none."""

    text: str
    lookup: Lookup
    sentences: Places
    numbers: Numbers
    figures: Figures
    things: Places

    def sentence_at(self, offset: int, zone: Zone) -> CharSpan:
        """The sentence that holds the offset, else the zone."""
        return CharSpan(*(self.sentences.at(offset) or (zone.start, zone.end))[:2])

"""Dosing: for each dose its agent, amount, schedule, route and study, each with the place where it is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extract.components import Places, sentence_spans, zone_spans
from extract.components.dose_agents import Bound, bind_agents
from extract.components.dose_words import dose_chains
from extract.components.grammar import NUMBER
from extract.document import CharSpan
from extract.linking import Found, Link, Mark, Marks
from extract.linking.schedule_words import KIND
from extract.linking.schedules import Regimen, Surroundings, find_regimen, route_beside
from extract.patterns import lazy_regex
from extract.values import Comparator, Confidence

if TYPE_CHECKING:
    from extract.linking.studies import Studies

PARAGRAPH = 2000  # characters before a dose in which an earlier mention of its agent counts
MENTIONS = 12  # agents looked at there
_BARE = lazy_regex(NUMBER)
_SIGN = lazy_regex(r"(?:<=|>=|[<>≤≥])\s?$")
# Words that bound the number after them.
_BOUND_BEFORE: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (
        "<=",
        lazy_regex(
            r"\b(?:up to|at most|(?:no|not) (?:more|higher|greater) than|(?:not|never) (?:to )?exceed(?:ing)?|cap of|"
            r"capped at|maximum (?:daily |single )?dose of|max(?:imum)?(?: of|[,:.])?)\s$",
            re.IGNORECASE,
        ),
    ),
    (
        ">=",
        lazy_regex(
            r"\b(?:at least|(?:no|not) (?:less|lower) than|minimum (?:daily )?dose of|minimum of)\s$", re.IGNORECASE
        ),
    ),
    (
        ">",
        lazy_regex(
            r"\b(?:(?:more|higher|greater|larger) than|above|exceed(?:ing|ed|s)?|in excess of)\s$", re.IGNORECASE
        ),
    ),
    ("<", lazy_regex(r"\b(?:(?:less|lower|smaller|fewer) than|below)\s$", re.IGNORECASE)),
)
_TITRATED = lazy_regex(r"\b(?:titrat\w+|escalat\w+|increas\w+|ramp\w+|raised|rising)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_BOUND_AFTER: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (">=", lazy_regex(r"\s(?:upwards?|or (?:more|higher|greater|above))\b")),
    ("<=", lazy_regex(r"\s(?:or (?:less|lower|below))\b")),
)
# Between a dose and another that may stand in for it: "25 mg on days 1-21, or 10 mg"
_OR = lazy_regex(r"[)\]]?,?\sor\s(?:(?:at|to|a|as|the)\s){0,2}")
# After a dose in a bracket that stands in for the one before it: "60 mg once daily (30 mg in light patients)"
_BANDED = lazy_regex(r"\s(?:for|in|if|when|with)\s")
_WEIGHT: dict[Confidence, int] = {"stated": 0, "carried": 1, "inferred": 2}


def link_dosing(marks: Marks, studies: Studies | None = None) -> list[Link]:
    """One link a dose, in text order."""
    doses = marks.all("doses")
    keys = [(mark.start, mark.end, mark.value.unit) for mark in doses]
    bound = bind_agents(marks.doc, keys)
    sentences = Places(sentence_spans(marks.doc))
    chains = list(dose_chains(marks.text, keys, sentences))
    regimens = _Regimens(marks, doses, bound, sentences).of_chains(chains)
    return [
        _link(marks, index, bound[index], regimen, studies)
        for chain, regimen in zip(chains, regimens, strict=True)
        for index in chain
    ]


class _Regimens:
    """Schedules and routes of chains of doses."""

    def __init__(self, marks: Marks, doses: Sequence[Mark], bound: Sequence[Bound | None], sentences: Places) -> None:
        self._marks = marks
        self._text = marks.text
        self._doses = doses
        self._starts = [mark.start for mark in doses]
        self._bound = bound
        self._sentences = sentences
        self._areas = Places(zone_spans(marks.doc))

    def of_chains(self, chains: Sequence[range]) -> list[Regimen]:
        """One regimen a chain: its own, else what the dose before, the list or the paragraph gives it."""
        regimens = [self._regimen(chain, chains[i - 1] if i else None) for i, chain in enumerate(chains)]
        for i in range(1, len(chains)):
            if self._same_place(chains[i - 1], chains[i]):
                self._take_from(chains[i - 1], regimens[i - 1], chains[i], regimens[i])
        listed = [False] * len(chains)  # with the next one
        for i in range(len(chains) - 2, -1, -1):
            listed[i] = self._listed(chains[i], chains[i + 1], further=listed[i + 1])
            if listed[i]:
                self._give_back(regimens[i], chains[i + 1], regimens[i + 1])
        for i in range(1, len(chains)):
            if listed[i - 1] and regimens[i - 1].inhaled:
                regimens[i].route = regimens[i].route or regimens[i - 1].route
        for chain, regimen in zip(chains, regimens, strict=True):
            regimen.route = regimen.route or self._route_before(chain)
        return regimens

    def _regimen(self, chain: range, before: range | None) -> Regimen:
        first, last = self._doses[chain[0]], self._doses[chain[-1]]
        place = self._sentences.at(first.start) or CharSpan(first.start, last.end)
        floor = max(place.start, self._doses[before[-1]].end if before else 0)
        bound = self._bound[chain[-1]]
        here = bound is not None and place.start <= bound.span.start < place.end and bound.rule != "unit"
        window = CharSpan(max(place.start, first.start - 400), min(place.end, last.end + 400))
        agents = self._marks.inside("agents", *window)
        around = Surroundings(
            self._text,
            place.start,
            place.end,
            floor,
            CharSpan(first.start, last.end),
            self._starts,
            agents,
            bound.name if bound else None,
            bound.span if bound and here else None,
        )
        return find_regimen(around)

    def _same_place(self, one: range, two: range) -> bool:
        return self._sentences.at(self._doses[one[-1]].start) == self._sentences.at(self._doses[two[0]].start)

    def _take_from(self, before: range, given: Regimen, chain: range, regimen: Regimen) -> None:
        """What stands beside an agent holds for all its doses; "…, or 10 mg if" has the schedule of the dose before."""
        one, two = self._bound[before[-1]], self._bound[chain[0]]
        if one is None or two is None or one.name != two.name:
            return
        if one.span == two.span:
            regimen.route = regimen.route or given.route
        if regimen.schedule or not given.schedule:
            return
        kind = any(KIND.search(self._text, *span) for span in given.schedule)
        dose = self._doses[chain[0]]
        end = max(self._doses[before[-1]].end, given.schedule[-1].end)
        if given.shared and one.span == two.span and not kind:
            regimen.schedule, regimen.shared = given.schedule, True
        elif _OR.fullmatch(self._text, end, dose.start) or (
            self._text[end : dose.start] == " (" and _BANDED.match(self._text, self._doses[chain[-1]].end)
        ):
            regimen.schedule = given.schedule

    def _listed(self, chain: range, after: range, *, further: bool) -> bool:
        """Whether two doses in one unit stand in a list of agents: "X 25 mg, Y 50 mg and Z 10 mg once daily"."""
        one, two, other = self._doses[chain[-1]], self._doses[after[0]], self._bound[after[0]]
        if other is None or one.value.unit != two.value.unit or not self._same_place(chain, after):
            return False
        if not one.end <= other.span.start < two.start or self._text[other.span.end : two.start].strip(" ("):
            return False
        joint = self._text[one.end : other.span.start].strip(" ,")
        return joint in {"and", "plus", "with"} or (further and not joint)

    def _give_back(self, regimen: Regimen, after: range, given: Regimen) -> None:
        """A schedule at the end of a list is that of all its doses."""
        kind = any(KIND.search(self._text, *span) for span in given.schedule)
        if given.schedule and not kind and given.schedule[0].start >= self._doses[after[-1]].end:
            regimen.schedule = regimen.schedule or given.schedule

    def _route_before(self, chain: range) -> tuple[str, CharSpan] | None:
        """The one route that stands before earlier mentions of the agent in the paragraph: "Inhaled amikacin …"."""
        dose, bound = self._doses[chain[0]], self._bound[chain[0]]
        area = self._areas.at(dose.start)
        if bound is None or area is None:
            return None
        mentions = self._marks.inside("agents", max(area.start, dose.start - PARAGRAPH), dose.start)
        named = [mark for mark in mentions[-MENTIONS:] if mark.value.name == bound.name]
        routes = [route for mark in named if (route := route_beside(self._text, area.start, mark.span))]
        return routes[0] if len({code for code, _ in routes}) == 1 else None


def _link(marks: Marks, index: int, bound: Bound | None, regimen: Regimen, studies: Studies | None) -> Link:
    doses = marks.all("doses")
    mark = doses[index]
    quantity = mark.value.quantity
    fields = {
        name: Found(number, (mark.span,))
        for name, number in (("value", quantity.value), ("low", quantity.low), ("high", quantity.high))
        if number is not None
    }
    fields["unit"] = Found(mark.value.unit, (_unit_span(marks, doses, index),))
    if bound is not None:
        fields["agent"] = Found(bound.printed(marks.text), (bound.span,))
    limit = _limit(marks.text, mark)
    at = studies.at(mark.start, mark.end) if studies is not None else None
    optional = {
        "bound": limit,
        "schedule": regimen.found_schedule(marks.text),
        "route": regimen.found_route(),
        "study": at.study if at else None,
        "refs": at.refs if at else None,
    }
    fields |= {name: found for name, found in optional.items() if found is not None}
    confidences: list[Confidence] = ["carried" if bound and bound.carried else "stated"]
    if at is not None and (at.study or at.refs):
        confidences.append(at.confidence)
    confidence = max(confidences, key=_WEIGHT.__getitem__)
    return Link("dosing", mark.span, fields, bound.rule if bound else "no agent", confidence, _note(bound))


def _note(bound: Bound | None) -> str | None:
    if bound is None:
        return "no agent named"
    if bound.several:
        return "the place that names the agent names several"
    return "agent's name read as a misprint" if bound.rule == "misspelt name" else None


def _unit_span(marks: Marks, doses: Sequence[Mark], index: int) -> CharSpan:
    """The dose itself, or the next one in its list that prints the unit."""
    for mark in doses[index : index + 12]:
        if mark.value.unit != doses[index].value.unit:
            break
        if not _BARE.fullmatch(marks.text, mark.start, mark.end):
            return mark.span
    return doses[index].span


def _limit(text: str, mark: Mark) -> Found | None:
    """The comparator with the sign or the words that say it."""
    window = text[max(mark.start - 40, 0) : mark.start]
    offset = mark.start - len(window)
    sign = _SIGN.search(window)
    if mark.value.bound is not None and sign:
        return Found(
            mark.value.bound, (CharSpan(offset + sign.start(), offset + len(sign[0].rstrip()) + sign.start()),)
        )
    for comparator, pattern in _BOUND_BEFORE:
        match = pattern.search(window)
        if match and not (comparator == "<=" and _TITRATED.search(window[: match.start()])):
            return Found(comparator, (CharSpan(offset + match.start(), mark.start - 1),))
    for comparator, pattern in _BOUND_AFTER:
        after = pattern.match(text, mark.end, mark.end + 20)
        if after:
            return Found(comparator, (CharSpan(after.start() + 1, after.end()),))
    return None

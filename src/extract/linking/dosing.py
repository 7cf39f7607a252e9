"""Dosing: for each dose its agent, amount, schedule, route and study, each with the place where it is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from extract.components import Places, sentence_spans
from extract.components.dose_agents import Bound, bind_agents, dose_chains
from extract.components.grammar import NUMBER
from extract.document import CharSpan
from extract.linking import Found, Link, Mark, Marks
from extract.linking.schedule_words import KIND
from extract.linking.schedules import Regimen, Surroundings, find_regimen
from extract.values import Comparator, Confidence

_BARE = re.compile(NUMBER)
_SIGN = re.compile(r"(?:<=|>=|[<>≤≥])\s?$")
# Words that bound the number after them.
_BOUND_BEFORE: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (
        "<=",
        re.compile(
            r"\b(?:up to|at most|(?:no|not) (?:more|higher|greater) than|(?:not|never) (?:to )?exceed(?:ing)?|cap of|"
            r"capped at|maximum (?:daily |single )?dose of|max(?:imum)?(?: of|[,:.])?)\s$",
            re.IGNORECASE,
        ),
    ),
    (
        ">=",
        re.compile(
            r"\b(?:at least|(?:no|not) (?:less|lower) than|minimum (?:daily )?dose of|minimum of)\s$", re.IGNORECASE
        ),
    ),
    (
        ">",
        re.compile(
            r"\b(?:(?:more|higher|greater|larger) than|above|exceed(?:ing|ed|s)?|in excess of)\s$", re.IGNORECASE
        ),
    ),
    ("<", re.compile(r"\b(?:(?:less|lower|smaller|fewer) than|below)\s$", re.IGNORECASE)),
)
_TITRATED = re.compile(r"\b(?:titrat\w+|escalat\w+|increas\w+|ramp\w+|raised|rising)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_BOUND_AFTER: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (">=", re.compile(r"\s(?:upwards?|or (?:more|higher|greater|above))\b")),
    ("<=", re.compile(r"\s(?:or (?:less|lower|below))\b")),
)
# A dose that another one replaces or goes with: "…, or 10 mg if", "X 25 mg and Y 50 mg once daily".
_OR = re.compile(r"[)\]]?,?\sor\s(?:(?:at|to|a|as|the)\s){0,2}")
_WEIGHT: dict[Confidence, int] = {"stated": 0, "carried": 1, "inferred": 2}


class StudyAt(Protocol):
    """What `Studies.at` says of a place."""

    @property
    def study(self) -> Found | None:
        """Id of the trial, citation or author."""

    @property
    def refs(self) -> Found | None:
        """Citation numbers."""

    @property
    def confidence(self) -> Confidence:
        """How it was found."""


class Studies(Protocol):
    """Looks up the study that a place speaks of."""

    def at(self, start: int, end: int) -> StudyAt | None:
        """The study at `text[start:end]`."""


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

    def of_chains(self, chains: Sequence[range]) -> list[Regimen]:
        regimens = [self._regimen(chain, chains[i - 1] if i else None) for i, chain in enumerate(chains)]
        for i in range(1, len(chains)):
            self._take_from(chains[i - 1], regimens[i - 1], chains[i], regimens[i])
        for i in range(len(chains) - 2, -1, -1):
            self._give_back(chains[i], regimens[i], chains[i + 1], regimens[i + 1])
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
        if regimen.schedule or not given.schedule or one is None or two is None or one.name != two.name:
            return
        if not self._same_place(before, chain):
            return
        end = max(self._doses[before[-1]].end, given.schedule[-1].end)
        kind = any(KIND.search(self._text, *span) for span in given.schedule)
        if given.shared and one.span == two.span and not kind:
            regimen.schedule, regimen.shared = given.schedule, True
        elif _OR.fullmatch(self._text, end, self._doses[chain[0]].start):
            regimen.schedule = given.schedule

    def _give_back(self, chain: range, regimen: Regimen, after: range, given: Regimen) -> None:
        """ "X 25 mg and Y 50 mg once daily": a schedule at the end of a pair in one unit holds for both."""
        one, two = self._doses[chain[-1]], self._doses[after[0]]
        other = self._bound[after[0]]
        if regimen.schedule or not given.schedule or other is None or one.value.unit != two.value.unit:
            return
        kind = any(KIND.search(self._text, *span) for span in given.schedule)
        if kind or given.schedule[0].start < two.end or not one.end <= other.span.start < two.start:
            return
        joined = self._text[one.end : other.span.start].strip() in {"and", "plus"}
        if joined and not self._text[other.span.end : two.start].strip(" (") and self._same_place(chain, after):
            regimen.schedule = given.schedule


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
        fields["agent"] = Found(bound.name, (bound.span,))
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

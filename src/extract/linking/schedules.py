"""When and by which route a dose is given: what stands after the dose, before it, or beside its agent."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.document import CharSpan
from extract.linking import Found, Mark
from extract.linking.schedule_words import (
    ADJECTIVE,
    BESIDE_AGENT,
    BREAK,
    BY,
    CAP,
    FAR_STEP,
    GIVEN,
    JOINED,
    KIND,
    KIND_OF,
    LENGTH_OF,
    LINKS,
    OF,
    OPENING,
    SKIP,
    STEP,
    TELLING_KIND,
    WHEN,
    route_at,
    route_code,
    routes_in,
)
from extract.patterns import lazy_regex

WIDTH = 160  # characters read on either side of a dose
FAR = 90  # characters between a dose and a schedule that does not follow it at once
ASIDE = 80  # characters of a bracket that is passed over
# Between a route and a dose that it is not of: "5 mg intravenously or 10 mg".
_PARTED = lazy_regex(r"\b(?:or|and|then|followed|was|were)\b|[,;]")
# Between a route and its agent: "intravenous low-dose".
_ADJECTIVES = lazy_regex(r"\s?(?!and\b|or\b|plus\b|with\b|but\b|then\b)(?:[\w-]+\s(?!and\b|or\b|plus\b|with\b)){0,2}")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The text around a dose (a chain of doses counts as one) that may speak of it.

    `start` and `end` bound its sentence or cell, `floor` is the end of the dose before in it; `doses` are the starts of
    all doses, `agents` the agents near it in the sentence, `agent` is the name of its own and where it stands there.
    """

    text: str
    start: int
    end: int
    floor: int
    dose: CharSpan
    doses: Sequence[int]
    agents: Sequence[Mark]
    name: str | None
    agent: CharSpan | None

    def next_dose(self, offset: int) -> int:
        """Where the next dose begins, at most the sentence's end."""
        index = bisect_left(self.doses, offset)
        return min(self.doses[index] if index < len(self.doses) else self.end, self.end)

    def agent_at(self, offset: int) -> Mark | None:
        """The agent that begins at an offset."""
        index = bisect_left(self.agents, offset, key=lambda mark: mark.start)
        return self.agents[index] if index < len(self.agents) and self.agents[index].start == offset else None

    def other_at(self, offset: int) -> Mark | None:
        """The agent that begins at an offset, where it is not the dose's own."""
        found = self.agent_at(offset)
        return found if found is not None and found.value.name != self.name else None

    def own_end(self, offset: int) -> int | None:
        """Where the dose's own agent ends, if it begins at an offset."""
        if self.agent is not None and self.agent.start == offset:
            return self.agent.end
        found = self.agent_at(offset)
        return found.end if found is not None and found.value.name == self.name else None


@dataclass(slots=True)
class Regimen:
    """The schedule and route of a dose with their places; `shared` where the schedule stands beside the agent."""

    schedule: list[CharSpan] = field(default_factory=list)
    route: tuple[str, CharSpan] | None = None
    shared: bool = False

    @property
    def inhaled(self) -> bool:
        """Whether it is inhaled: what is listed in one inhaler goes the same way."""
        return self.route is not None and self.route[0] == "inh"

    def found_schedule(self, text: str) -> Found | None:
        """The schedule as printed."""
        if not self.schedule:
            return None
        return Found(" ".join(text[span.start : span.end] for span in self.schedule), tuple(self.schedule))

    def found_route(self) -> Found | None:
        """The code of the route."""
        return Found(self.route[0], (self.route[1],)) if self.route else None


def find_regimen(around: Surroundings) -> Regimen:
    """The schedule and the route that the surroundings give a dose."""
    text = around.text
    after = _Reader(around)
    after.read()
    spans = _merged(text, after.steps)
    before = _before(around)
    shared = False
    if not spans:
        spans = before or _far(around, after.position)
    elif before and (LENGTH_OF.match(text, before[0].start) or _tells(text, before[0], spans)):
        spans = before + spans
    if not spans:
        spans = _beside_agent(around)
        shared = bool(spans)
    if not any(WHEN.search(text, *span) for span in spans):
        spans = _opening(around) + spans
    return Regimen(spans, after.route or _route_before(around), shared)


class _Reader:
    """Reads on from a dose, step by step, as long as the words speak of its schedule."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self.position = around.dose.end
        self.steps: list[CharSpan] = []
        self.route: tuple[str, CharSpan] | None = None

    def read(self) -> None:
        """Read to the first word that speaks of something else."""
        stop = min(self._around.end, self._around.dose.end + WIDTH)
        while self.position < stop and (self._step(stop) or self._pass(stop)):
            pass

    def _step(self, stop: int) -> bool:
        text = self._around.text
        match = STEP.match(text, self.position, stop)
        following = self._around.next_dose(self.position)
        if match is not None and following < match.end() and "Gy" not in match[0]:
            # A dose inside a step is the size of a fraction; any other is no part of it.
            match = STEP.match(text, self.position, following)
        if match is None or self._of_next(match.end(), match[0]) or self._leads_on(match):
            return False
        self.steps.append(CharSpan(*match.span()))
        within = routes_in(text, *match.span())
        if within and self.route is None:
            self.route = (route_code(within[0][0]), CharSpan(*within[0].span()))
        self.position = match.end()
        return True

    def _of_next(self, end: int, printed: str) -> bool:
        """Whether a frequency is the adjective of the next agent: "…, weekly paclitaxel"."""
        if not ADJECTIVE.match(printed + " "):
            return False
        return self._around.other_at(end + 1) is not None

    def _pass(self, stop: int) -> bool:
        """Pass over what may stand between a dose and its schedule."""
        text, around = self._around.text, self._around
        route = route_at(text, self.position, stop)
        if route and not around.other_at(route.end() + 1):
            self.route = self.route or (route_code(route[0]), CharSpan(*route.span()))
            self.position = route.end()
            return True
        by = BY.match(text, self.position, stop)
        if by and route_at(text, by.end(), stop):
            self.position = by.end()
            return True
        own_end = around.own_end(self.position)
        if own_end is not None:
            self.position = own_end
            return True
        if text.startswith(("(", "["), self.position):
            return self._bracket(stop)
        if text.startswith((")", "]"), self.position) and self._in_aside():
            return False
        for pattern in (SKIP, JOINED) if self.steps else (SKIP,):
            skipped = pattern.match(text, self.position, min(stop, around.next_dose(self.position)))
            if skipped and skipped.end() > self.position and (pattern is SKIP or STEP.match(text, skipped.end(), stop)):
                self.position = skipped.end()
                return True
        beside = BESIDE_AGENT.match(text, self.position, stop)
        companion = around.agent_at(beside.end()) if beside else None
        if companion and not self.steps and around.next_dose(companion.end) - companion.end > 3:
            self.position = companion.end
            return True
        return False

    def _in_aside(self) -> bool:
        """Whether the dose stands in a bracket on the dose before: "1 mg/kg (maximum 60 mg) daily"."""
        around = self._around
        led = max(
            around.text.rfind("(", around.floor, around.dose.start),
            around.text.rfind("[", around.floor, around.dose.start),
        )
        named = any(around.floor <= mark.start < around.dose.start for mark in around.agents)
        return around.floor > around.start and led >= 0 and not named

    def _bracket(self, stop: int) -> bool:
        """Read on inside a bracket that speaks of the schedule, or behind one that is an aside."""
        text, inside = self._around.text, self.position + 1
        close = text.find(")" if text[self.position] == "(" else "]", inside, min(self._around.end, inside + ASIDE))
        step = STEP.match(text, inside, stop)
        if (step and not self._leads_on(step)) or route_at(text, inside, stop):
            self.position = inside
            return True
        if close < 0 or any(sign in text[inside:close] for sign in "([;"):
            return False
        if self._around.next_dose(inside) < close and not CAP.match(text, inside):
            return False
        self.position = close + 1
        return True

    def _leads_on(self, step: re.Match[str]) -> bool:
        """Whether a kind of dose is that of the next one: "(loading dose 600 mg)"."""
        text = self._around.text
        gap = text[step.end() : self._around.next_dose(step.end())]
        opens = text[step.start() - 1] in "([" and gap in {", ", ": "}
        return bool(KIND.fullmatch(step[0]) and (opens or OF.fullmatch(gap)))


def _merged(text: str, steps: Sequence[CharSpan]) -> list[CharSpan]:
    """Steps with nothing but punctuation and conjunctions between them as one span, brackets closed."""
    spans: list[CharSpan] = []
    for step in steps:
        gap = text[spans[-1].end : step.start] if spans else ""
        if spans and not gap.replace("and", "").replace("then", "").strip(" ,;()[]"):
            spans[-1] = CharSpan(spans[-1].start, step.end)
        else:
            spans.append(step)
    for index, span in enumerate(spans):
        opened = text.count("(", *span) - text.count(")", *span)
        if opened > 0 and text.startswith(")", span.end):
            spans[index] = CharSpan(span.start, span.end + 1)
    return spans


def _tells(text: str, kind: CharSpan, steps: Sequence[CharSpan]) -> bool:
    """Whether a kind of dose before it adds to the steps after it."""
    told = TELLING_KIND.match(text, kind.start)
    return told is not None and not any(told[0].lower() in text[step.start : step.end].lower() for step in steps)


def _before(around: Surroundings) -> list[CharSpan]:
    """The phrase that leads to the dose: "1 week of", "a loading dose of", "once-daily"."""
    text, dose = around.text, around.dose
    start = max(around.floor, dose.start - WIDTH)
    for pattern in (LENGTH_OF, KIND_OF, ADJECTIVE):
        last = None
        for match in pattern.finditer(text, start, dose.start):
            last = match
        if last is None or _in_name(around, last.start()) or not _leads_to(around, last.end()):
            continue
        if pattern is ADJECTIVE and around.floor > around.start and "with" in text[last.end() : dose.start]:
            continue  # of the dose before: "40 mg weekly with 45 Gy"
        name = last.lastgroup or "out"
        return [CharSpan(*last.span(name))]
    linked = LINKS.search(text, start, dose.start)
    if linked is None or around.floor > around.start:
        return []
    found = (CharSpan(*match.span()) for match in STEP.finditer(text, start, linked.start()))
    steps = _merged(text, [step for step in found if not _in_name(around, step.start)])
    return steps[-1:] if steps and steps[-1].end == linked.start() else []


def _in_name(around: Surroundings, offset: int) -> bool:
    """Whether an offset lies in an agent's name: `vitamin D3`."""
    return any(mark.start <= offset < mark.end for mark in around.agents)


def _opening(around: Surroundings) -> list[CharSpan]:
    """The days that open the sentence of a dose that is given then: "On days 1 and 8, patients received"."""
    opening = OPENING.match(around.text, around.start, min(around.start + WIDTH, around.dose.start))
    told = opening and GIVEN.search(around.text, opening.end(), min(opening.end() + WIDTH, around.dose.start))
    return [CharSpan(*opening.span("out"))] if opening and told else []


def _leads_to(around: Surroundings, end: int) -> bool:
    """Whether nothing but the dose's own agent and small words stand between a phrase and the dose."""
    text, dose, agent = around.text, around.dose, around.agent
    if agent is not None and end <= agent.start < agent.end <= dose.start:
        return bool(OF.fullmatch(text, end, agent.start) and OF.fullmatch(text, agent.end, dose.start))
    return bool(OF.fullmatch(text, end, dose.start))


def _far(around: Surroundings, position: int) -> list[CharSpan]:
    """A schedule further on, where no word between says that it is of something else."""
    stop = min(around.next_dose(position), position + FAR)
    following = bisect_left(around.agents, position, key=lambda mark: mark.start)
    if following < len(around.agents):
        stop = min(stop, around.agents[following].start)
    match = FAR_STEP.search(around.text, position, stop)
    if match is None or around.agent_at(match.end() + 1) or BREAK.search(around.text, position, match.start()):
        return []
    return [CharSpan(*match.span())]


def _beside_agent(around: Surroundings) -> list[CharSpan]:
    """What stands beside the agent: "weekly paclitaxel (", "treosulfan on days -6 through -4 ("."""
    text, agent = around.text, around.agent
    if agent is None:
        return []
    if agent.end <= around.dose.start:
        stop = min(around.next_dose(agent.end), agent.end + WIDTH)
        reader = _Reader(replace(around, end=stop, floor=agent.end, dose=agent))
        reader.read()
        of_first = around.floor > agent.end and any(KIND.search(text, *step) for step in reader.steps)
        leads = text[reader.position : stop].strip() in {"", "(", "[", "at", ":", "at a dose of"}
        if reader.steps and leads and not of_first:
            return _merged(text, reader.steps)
    start = max(around.start, agent.start - 40)
    last = None
    for match in ADJECTIVE.finditer(text, start, agent.start):
        last = match
    if last is not None and not text[last.end() : agent.start].replace("low-dose", "").replace("oral", "").strip():
        return [CharSpan(*last.span("out"))]
    return []


def _route_before(around: Surroundings) -> tuple[str, CharSpan] | None:
    """The route before the dose: of its dose phrase, after its agent, or right before its agent."""
    text, dose, agent = around.text, around.dose, around.agent
    before = agent is not None and agent.end <= dose.start
    if before and agent and agent.end >= around.floor:
        windows = [(agent.end, dose.start)]
    else:
        windows = [(max(around.floor, dose.start - 30), dose.start)]
        windows += [(agent.end, around.next_dose(agent.end))] if before and agent else []
    for start, stop in windows:
        for match in reversed(routes_in(text, start, stop)):
            parted = start >= around.floor > around.start and _PARTED.search(text, match.end(), stop)
            if not parted and not any(match.end() <= other.start < stop for other in around.agents):
                return route_code(match[0]), CharSpan(*match.span())
    return route_beside(text, around.start, agent) if agent else None


def route_beside(text: str, floor: int, agent: CharSpan) -> tuple[str, CharSpan] | None:
    """The route right before an agent's name or in it: "intravenous low-dose ketamine", "inhaled insulin"."""
    for match in reversed(routes_in(text, max(floor, agent.start - 40), agent.end)):
        if match.start() >= agent.start or _ADJECTIVES.fullmatch(text, match.end(), agent.start):
            return route_code(match[0]), CharSpan(*match.span())
    return None

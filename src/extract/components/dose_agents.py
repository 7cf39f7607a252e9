"""Which agent a dose is of: by what stands beside it, by list, by clause, by table, and last by what went before.

Each dose looks at a few agents around it, so the work grows with the doses and not with the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from spacy.tokens import Doc

from extract.components import Places, document_of, sentence_spans, text_of, values, zones
from extract.components.dose_names import name_beside, printed_name
from extract.components.dose_words import (
    AFTER_DOSE,
    AGENT_JOIN,
    BEFORE_DOSE,
    CLAUSE_END,
    COMPANION,
    DOSED_IN_UNITS,
    FOR,
    FOR_AGENT,
    HISTORY,
    IRRADIATED,
    MIXED,
    PREDICATE,
    RADIATION_NAME,
    RESPECTIVELY,
    STATUS,
    WITH,
    dose_chains,
)
from extract.components.table_grid import Grid
from extract.document import BlockKind, CharSpan

REACH = 12  # agents looked at on one side of a dose
WIDTH = 240  # characters looked at between an agent and a dose
HEADING_REACH = 20  # blocks above that a heading may open
RADIATION = "radiation"
FIXED_COMBINATION = "fixed combination"
UNITS = frozenset({"U", "kU", "mU", "[IU]", "k[IU]", "m[IU]", "M[IU]"})
RADIATION_UNITS = frozenset({"Gy", "cGy", "mGy", "RAD"})


class Bound(NamedTuple):
    """The agent of a dose, where its name is printed, and the rule that found it.

    `carried`: it stands outside the dose's sentence, row and caption. `several`: it is the first of several there.
    """

    name: str
    span: CharSpan
    rule: str
    carried: bool = False
    several: bool = False

    def printed(self, text: str) -> str:
        """Its generic name, as the text prints it if it prints one."""
        part = self.rule == FIXED_COMBINATION  # the span holds the whole combination
        return self.name if part else printed_name(self.name, text[self.span.start : self.span.end])


class _Agent(NamedTuple):
    start: int
    end: int
    name: str

    def bound(self, rule: str, *, carried: bool = False, several: bool = False) -> Bound:
        return Bound(self.name, CharSpan(self.start, self.end), rule, carried, several)


class _Dose(NamedTuple):
    start: int
    end: int
    unit: str

    @property
    def radiation(self) -> bool:
        """Whether it is printed in gray, which measures nothing but radiation."""
        return self.unit.split("/", maxsplit=1)[0] in RADIATION_UNITS


def bind_agents(doc: Doc, doses: Sequence[tuple[int, int, str]]) -> list[Bound | None]:
    """The agent of each dose (start, end, UCUM unit), which stand in text order; None where the text does not say."""
    return _Binder(doc, [_Dose(*dose) for dose in doses]).bind() if doses else []


class _Binder:
    def __init__(self, doc: Doc, doses: list[_Dose]) -> None:
        self._document = document_of(doc)
        self._text = text_of(doc)
        self._doses = doses
        self._dose_starts = [dose.start for dose in doses]
        self._sentences = Places(sentence_spans(doc))
        self._zones = zones(doc)
        self._areas = Places([CharSpan(zone.start, zone.end) for zone in self._zones])
        agents = [_Agent(start, end, value.name) for start, end, value in values(doc, "agents")]
        # Two lists, so that a look-up is one step.
        radiation = [agent for each in agents if (agent := _as_radiation(each))]
        self._agents = {True: radiation, False: [agent for agent in agents if not _as_radiation(agent)]}
        self._starts = {kind: [agent.start for agent in listed] for kind, listed in self._agents.items()}
        self._bound: list[Bound | None] = []
        self._grids: dict[int, Grid] = {}

    def bind(self) -> list[Bound | None]:
        for chain in dose_chains(self._text, self._doses, self._sentences):
            self._bound += self._bind_chain([self._doses[index] for index in chain])
        return self._bound

    def _bind_chain(self, chain: list[_Dose]) -> Sequence[Bound | None]:
        first, last = chain[0], chain[-1]
        place = self._sentences.at(first.start) or CharSpan(first.start, last.end)
        paired = self._paired(chain, place) if len(chain) > 1 else None
        if paired:
            return paired
        before = self._beside_before(first, place)
        after = self._beside_after(chain, place, before)
        if after and before:
            return [before] * (len(chain) - 1) + [after]
        bound = after or before or self._unlisted(chain, place)
        bound = bound or self._in_sentence(chain, place) or self._elsewhere(chain, place)
        return [self._in_units(first, place, bound) or bound] * len(chain)

    def _in_units(self, dose: _Dose, place: CharSpan, bound: Bound | None) -> Bound | None:
        """Of a dose in units bound to an agent that is dosed by weight: the nearest agent that is dosed in units."""
        if dose.unit.split("/", maxsplit=1)[0] not in UNITS or bound is None or DOSED_IN_UNITS.search(bound.name):
            return None
        near = (*islice(self._before(dose, place), REACH), *islice(self._after(dose, place), REACH))
        fit = next((agent for agent in near if DOSED_IN_UNITS.search(agent.name)), None)
        return fit.bound("unit of activity") if fit else None

    # ------------------------------------------------------------------------------------------ beside the dose

    def _beside_before(self, dose: _Dose, place: CharSpan) -> Bound | None:
        agent = next(self._before(dose, place), None)
        if (
            agent is None
            or dose.start - agent.end > WIDTH
            or not BEFORE_DOSE.fullmatch(self._text, agent.end, dose.start)
        ):
            return None
        gap = self._text[agent.end : dose.start]
        if "," in gap and self._set_aside(agent):
            return None
        bracketed = re.search(r"[(\[]", gap)
        return agent.bound("bracket" if bracketed else "agent before")

    def _beside_after(self, chain: list[_Dose], place: CharSpan, before: Bound | None) -> Bound | None:
        """The agent right after a dose, unless the one right before it has the better claim."""
        last = chain[-1]
        agent = next(self._after(last, place), None)
        if (
            agent is None
            or agent.start - last.end > WIDTH
            or not AFTER_DOSE.fullmatch(self._text, last.end, agent.start)
        ):
            return None
        between = self._text[last.end : agent.start]
        if not re.match(r"[\s)\]-]", between) or STATUS.match(self._text, agent.end, agent.end + 16):
            return None
        if before and not re.search(r"\bof\b", between) and self._leads(before, last, agent, place):
            return None
        return agent.bound("agent after")

    def _leads(self, before: Bound, dose: _Dose, after: _Agent, place: CharSpan) -> bool:
        """Whether agents lead their doses: nothing parts the agent from the dose, or the next agent has its own."""
        if not re.search(r"[,;:]", self._text[before.span.end : dose.start]):
            return True
        index = bisect_left(self._dose_starts, after.end)
        following = self._doses[index].start if index < len(self._doses) else place.end
        next_agent = next(self._after(after, place), None)
        return (
            following < min(place.end, after.end + WIDTH)
            and (next_agent is None or following < next_agent.start)
            and BEFORE_DOSE.fullmatch(self._text, after.end, following) is not None
        )

    def _unlisted(self, chain: list[_Dose], place: CharSpan) -> Bound | None:
        if chain[0].radiation:
            return None
        beside = name_beside(self._text, (chain[0].start, chain[-1].end), place)
        return Bound(beside.name, beside.span, beside.rule) if beside else None

    def _paired(self, chain: list[_Dose], place: CharSpan) -> list[Bound] | None:
        """As many agents as doses, in order: "A and B at 5 and 10 mg, respectively", "A/B 160/4.5 µg"."""
        first, last, count = chain[0], chain[-1], len(chain)
        slashed = all(self._text[one.end : two.start].strip() == "/" for one, two in pairwise(chain))
        told = RESPECTIVELY.match(self._text, last.end, min(last.end + 60, place.end))
        if not slashed and not told:
            return None
        before = list(islice(self._before(first, place), count))[::-1]
        beside = bool(before) and BEFORE_DOSE.fullmatch(self._text, before[-1].end, first.start)
        after = list(islice(self._after(last, place), count))
        for agents, near in ((before, told or beside), (after, told)):
            if near and len(agents) == count and self._listed(agents):
                return [agent.bound("list") for agent in agents]
        earlier = self._sentence_before(first, place) if told and not before and not after else []
        if len(earlier) == count:
            return [agent.bound("carried", carried=True) for agent in earlier]
        parts = self._components(before[-1]) if beside and slashed else []
        return (
            [before[-1]._replace(name=part).bound(FIXED_COMBINATION) for part in parts] if len(parts) == count else None
        )

    def _sentence_before(self, dose: _Dose, place: CharSpan) -> list[_Agent]:
        """The agents of the sentence before, each once."""
        sentence = self._sentences.at(max(place.start - 2, 0))
        here = self._inside(dose, sentence) if sentence else ()
        return list({agent.name: agent for agent in reversed(here)}.values())[::-1]

    def _listed(self, agents: Sequence[_Agent]) -> bool:
        return all(
            two.start - one.end < 24 and AGENT_JOIN.fullmatch(self._text, one.end, two.start)
            for one, two in pairwise(agents)
        )

    def _components(self, whole: _Agent) -> list[str]:
        """The components of a fixed combination, as printed with slashes, plus signs or hyphens."""
        printed = self._text[whole.start : whole.end].lower()
        return [part.strip() for part in re.split(r"[/+-]", printed if re.search(r"[/+-]", printed) else whole.name)]

    # ------------------------------------------------------------------------------------------ in the sentence

    def _in_sentence(self, chain: list[_Dose], place: CharSpan) -> Bound | None:
        first, last = chain[0], chain[-1]
        after = next(self._after(last, place), None)
        if after and after.start - last.end < WIDTH and FOR.fullmatch(self._text, last.end, after.start):
            return after.bound("agent after")
        chosen, weak = self._subject(list(islice(self._before(first, place), REACH)), first.start)
        if chosen:
            return chosen.bound("clause")
        near = after is not None and after.start - last.end < WIDTH and not self._set_aside(after)
        if after and near and FOR_AGENT.fullmatch(self._text, last.end, after.start):
            return after.bound("agent after")
        return weak.bound("clause") if weak else None

    def _subject(self, agents: Sequence[_Agent], offset: int) -> tuple[_Agent | None, _Agent | None]:
        """Of agents before an offset, nearest first: the nearest with a claim of its own, and the nearest companion."""
        weak = None
        for index, agent in enumerate(agents):
            if self._set_aside(agent):
                continue
            after = self._text[agent.end : min(offset, agent.end + WIDTH)]
            led = index + 1 < len(agents) and WITH.fullmatch(self._text, agents[index + 1].end, agent.start)
            companion = led or COMPANION.search(self._lead(agent))
            if not (companion and PREDICATE.search(after)) and not _closed_off(after):
                return agent, weak
            weak = weak or agent
        return None, weak

    def _set_aside(self, agent: _Agent) -> bool:
        history = HISTORY.search(self._lead(agent))
        return bool(history or STATUS.match(self._text, agent.end, agent.end + 16))

    def _lead(self, agent: _Agent) -> str:
        return self._text[max(agent.start - 50, 0) : agent.start]

    # ------------------------------------------------------------------------------------- outside the sentence

    def _elsewhere(self, chain: list[_Dose], place: CharSpan) -> Bound | None:
        first, last = chain[0], chain[-1]
        area = self._areas.at(first.start) or place
        grid = self._grid(area)
        if grid is not None:
            bound = self._in_table(first, grid)
        else:
            bound = self._carried(first, place, area) or self._later(last, place) or self._headed(first, area)
        return bound or (self._of_unit(first, last, place) if first.radiation else None)

    def _carried(self, dose: _Dose, place: CharSpan, area: CharSpan) -> Bound | None:
        """The agent of the nearest sentence before, in the paragraph, that names one which may be dosed."""
        agents, starts = self._agents[dose.radiation], self._starts[dose.radiation]
        index = bisect_left(starts, place.start) - 1
        for _ in range(REACH):
            if index < 0 or agents[index].start < area.start:
                return None
            sentence = self._sentences.at(agents[index].start) or area
            dosed = self._last_dosed(dose, sentence)
            if dosed:
                return dosed._replace(rule="carried", carried=True)
            here = [a for a in agents[max(index - REACH, 0) : index + 1] if a.start >= sentence.start]
            index -= len(here)
            able = [agent for agent in here if not self._set_aside(agent)]
            main = [agent for agent in able if not COMPANION.search(self._lead(agent))] or able
            if main:
                return main[0].bound("carried", carried=True, several=len({agent.name for agent in main}) > 1)
        return None

    def _last_dosed(self, dose: _Dose, sentence: CharSpan) -> Bound | None:
        """The agent of the last dose in a sentence before that is printed in the same unit."""
        index = bisect_left(self._dose_starts, sentence.end) - 1
        if not 0 <= index < len(self._bound) or self._doses[index].start < sentence.start:
            return None
        return self._bound[index] if self._doses[index].unit == dose.unit else None

    def _later(self, dose: _Dose, place: CharSpan) -> Bound | None:
        after = next(self._after(dose, place), None)
        if after is None or after.start - dose.end > WIDTH or self._set_aside(after):
            return None
        return None if CLAUSE_END.search(self._text, dose.end, after.start) else after.bound("clause")

    def _headed(self, dose: _Dose, area: CharSpan) -> Bound | None:
        """The one agent of the heading above."""
        index = bisect_left(self._zones, area.start, key=lambda zone: zone.start)
        above = islice(reversed(self._zones[max(index - HEADING_REACH, 0) : index]), HEADING_REACH)
        heading = next((zone for zone in above if zone.kind is BlockKind.HEADING), None)
        here = self._inside(dose, CharSpan(heading.start, heading.end)) if heading else []
        return here[0].bound("heading", carried=True) if len({agent.name for agent in here}) == 1 else None

    def _of_unit(self, first: _Dose, last: _Dose, place: CharSpan) -> Bound:
        """Gray measures nothing but radiation: the word that says so, or the unit itself."""
        window = CharSpan(max(place.start, first.start - WIDTH), min(place.end, last.end + WIDTH))
        words = [CharSpan(*match.span()) for match in IRRADIATED.finditer(self._text, *window)]
        nearest = min(words, key=lambda word: max(word.start - last.end, first.start - word.end), default=None)
        return Bound(RADIATION, nearest or CharSpan(last.start, last.end), "unit")

    # ------------------------------------------------------------------------------------------------ in tables

    def _grid(self, area: CharSpan) -> Grid | None:
        if area.start not in self._grids:
            block = self._document.block_at(area.start) if self._document is not None else None
            if block is None or block.table is None:
                return None
            self._grids[area.start] = Grid(block.table)
        return self._grids[area.start]

    def _in_table(self, dose: _Dose, grid: Grid) -> Bound | None:
        """The agent of a stub that is its name, of the header, of the row, of the stub above, of the caption."""
        cell = grid.at(dose.start)
        if cell is None:
            return None
        stub = grid.stub(cell.row)
        named = self._of_cell(dose, stub, "table stub")
        if named and stub and 2 * (named.span.end - named.span.start) >= stub.end - stub.start:
            return named
        places = (
            ("table header", grid.header(cell.column)),
            ("table row", grid.left(cell)),
            ("table stub", iter((stub,))),
            ("table row", grid.right(cell)),
            ("table caption", iter((grid.table.caption or self._caption(cell.span),))),
        )
        for rule, spans in places:
            bound = next((found for span in islice(spans, REACH) if (found := self._of_cell(dose, span, rule))), None)
            if bound is not None:
                return bound
        return None

    def _caption(self, cell: CharSpan) -> CharSpan | None:
        """The caption right above a table."""
        index = bisect_right(self._zones, cell.start, key=lambda zone: zone.start) - 2
        zone = self._zones[index] if index >= 0 else None
        return CharSpan(zone.start, zone.end) if zone and zone.kind is BlockKind.CAPTION else None

    def _of_cell(self, dose: _Dose, cell: CharSpan | None, rule: str) -> Bound | None:
        here = [agent for agent in self._inside(dose, cell) if not self._set_aside(agent)] if cell else []
        return here[0].bound(rule, several=len({agent.name for agent in here}) > 1) if here else None

    # ------------------------------------------------------------------------------------------------- look-up

    def _before(self, dose: _Dose, place: CharSpan) -> Iterator[_Agent]:
        """The agents of a dose's kind before it in its place, the nearest first."""
        agents = self._agents[dose.radiation]
        for index in range(bisect_left(self._starts[dose.radiation], dose.start) - 1, -1, -1):
            if agents[index].start < place.start:
                return
            yield agents[index]

    def _after(self, item: _Dose | _Agent, place: CharSpan) -> Iterator[_Agent]:
        """The agents of the same kind after a dose or an agent in its place, in text order."""
        kind = item.radiation if isinstance(item, _Dose) else _as_radiation(item) is not None
        agents = self._agents[kind]
        for index in range(bisect_left(self._starts[kind], item.end), len(agents)):
            if agents[index].start >= place.end:
                return
            yield agents[index]

    def _inside(self, dose: _Dose, span: CharSpan) -> Sequence[_Agent]:
        """The first agents of a dose's kind in a span."""
        starts = self._starts[dose.radiation]
        first = bisect_left(starts, span.start)
        return self._agents[dose.radiation][first : min(bisect_left(starts, span.end), first + REACH)]


def _as_radiation(agent: _Agent) -> _Agent | None:
    if agent.name in MIXED:
        return agent._replace(name=RADIATION)
    return agent if RADIATION_NAME.search(agent.name) else None


def _closed_off(after: str) -> bool:
    """Whether the text after an agent closes a bracket that it stands in."""
    bracket = re.search(r"[()\[\]]", after)
    return bracket is not None and bracket[0] in ")]"

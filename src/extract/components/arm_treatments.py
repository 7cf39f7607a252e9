"""Treatments that a preposition or a verb ties to a result: "with placebo", "on 2.5 mg", "Exercise improved"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.components import Places
from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_phrases import after, word_set, words_of
from extract.document import CharSpan
from extract.patterns import lazy_regex, regex

_BESIDE_AGENT = lazy_regex(
    r"(?:\b(?:with|on|under|given|taking|receiving|received|than|vs\.?|versus|by)\s|"
    r"\b(?:randomi[sz]ed|assigned|allocated)\sto\s)"
    r"(?:the\s|either\s|intravenous\s|oral\s|subcutaneous\s|high-dose\s|low-dose\s)*$",
    re.IGNORECASE,
)
_NOT_ARM_BEFORE = lazy_regex(
    r"\b(?:treat(?:ment|ing)|therapy|experience|combin(?:ed|ation|ing)|interact\w*|dealt|studies|trials?|study|"
    r"concomitantly|pre-?treated|progress\w*|replaced|deal|prophylaxis|together)\swith\s(?:the\s)?$|"
    r"\b(?:data|studies|focus|based|effects?|information|report\w*|relapse|progression)\son\s(?:the\s)?$|"
    r"\ball\s(?:\w+\s)?(?:patients|participants|children|women|subjects)\s(?:also\s)?received\s(?:the\s)?$|"
    r"\b(?:followed|replaced|caused|induced|inhibited|preceded|days)\s(?:by|on)\s(?:the\s)?$",
    re.IGNORECASE,
)
_SCHEDULE = (
    r"(?:\s\d[\d.,-]*(?:\s?[\w\u00b5%]+(?:/\w+)*)?(?:\s(?:once|twice|three|four|times|daily|weekly|a|per|every|days?|weeks?|"
    r"hours?|\d+|orally|intravenously|subcutaneously|for)\b){0,8})?"
)
EFFECTS = word_set(
    "improve improves improved reduce reduces reduced increase increases increased decrease decreases decreased lower"
    " lowers lowered prolong prolongs prolonged resulted results yielded gave led leads produced achieved change"
    " changes changed prevent prevents prevented raise raises raised double doubles doubled halved associated slow"
    " slows slowed shorten shortens shortened lengthen lengthens lengthened extend extends extended worsen worsens"
    " worsened provided delayed induced showed demonstrated shown superior inferior noninferior effect effects"
)
_EFFECT = lazy_regex(
    rf"(?:\s(?:therapy|treatment|administration))?{_SCHEDULE}(?:\s\([^()]{{1,30}}\))?(?:\s(?:in|for)\s[^.;,()]{{1,50}}?)?"
    r"\s(?:also\s|significantly\s|further\s|had\s|has\s|did\snot\s|does\snot\s|failed\sto\s|was\s|were\s|not\s|both\s|"
    rf"no\s|similar\s|significant\s|non-)*(?:{'|'.join(sorted(EFFECTS, key=lambda verb: (-len(verb), verb)))})\b"
)
_CLAUSE_START = lazy_regex(r"(?:[,;:]\s|\b(?:that|and|but|whereas|while|when|although)\s)(?:the\s)?$", re.IGNORECASE)
_ROUTE = lazy_regex(
    r"(?:^|\s)(?P<route>(?:intravenous|oral|inhaled|nebuli[sz]ed|subcutaneous|topical|adjuvant|early|weekly|daily|"
    r"(?:high|low)-dose)\s)$",
    re.IGNORECASE,
)
_TREATED_WITH = lazy_regex(r"\b(?:treatment|therapy|prophylaxis|vaccination|pre-?treatment)\swith\s$", re.IGNORECASE)
_AND_NEXT = lazy_regex(r"\s(?:and|or)\s")
_OR_NEXT = lazy_regex(r"\sor\s")
_COMMA_NEXT = lazy_regex(r",?\sand\s|,\s|/")
_REGIMEN_NOUN = lazy_regex(r"\s(?:conditioning|chemotherapy|regimens?|combination|therapy)\b")
MAX_AGENTS = 6  # of one regimen
RESPECTIVELY = 60  # characters from a list to its "respectively"
_INTRODUCED = lazy_regex(r"[^.;()]{3,90}?,\s")
_ENDS_PHRASE = lazy_regex(
    r"\s?(?:$|[(;,.\[]|(?:and|or|vs\.?|versus|compared|than|in|was|were|at|had|but|while|whereas)\b)"
)
_DOSE_BEFORE = lazy_regex(
    r"(?<!given )(?<!started )(?<!dosed )(?<!administered )(?<!more )(?<!less )"
    r"\b(?:with|at|than|vs\.?|versus|to|on)\s(?:the\s)?$"
)
_DOSE_AFTER = lazy_regex(r"\s?(?:$|[(;,.]|\s(?:and|vs|versus|compared|than|in\s\d+\sfractions|had|was|were)\b)")
_RECEIVED_BEFORE = lazy_regex(
    r"\b(?:receiv\w+|given|administered|dose[sd]?|started|infus\w+|escalat\w+|increas\w+|reduc\w+|titrat\w+)\b[^.;]{0,40}$"
)
_CONTROL_MORE = lazy_regex(r"\s(?:alone|only|procedures?|surgery|injections?)\b")
_CONTROL_BEFORE = lazy_regex(
    r"\b(?:with|to|than|vs\.?|versus|or|and|in|on|receiving|received|over|by|given|plus|after|for)\s(?:the\s|a\s|an\s)?$",
    re.IGNORECASE,
)
_PLUS = lazy_regex(r"\s(?:plus|\+|combined with)\s")
_REGIMEN_GOES_ON = lazy_regex(r"\s(?:with|of|therapy|treatment|arms?|groups?|regimens?)\b|-")
_REGIMEN_BEFORE = lazy_regex(
    r"\b(?:with|to|than|on|vs\.?|versus|for|at)\s(?:the|a)\s$|\b(?:with|than|vs\.?|versus)\s$|\band\s(?:the\s)$",
    re.IGNORECASE,
)
_CONTROLS_GO_ON = lazy_regex(r"(?:\s(?:of|arms?|groups?|over|and\sprevention|the|in\sthe|for|was|is|with)\b|-)")
_CONTROLS_BEFORE = lazy_regex(
    r"\b(?:with|to|than|vs\.?|versus|among|in|and|or)\s(?:the\s|healthy\s|matched\s|historical\s)?$", re.IGNORECASE
)


class Treatments:
    """Finds candidates at the names of treatments and comparators: `cue` in the sentence or cell `place`."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self._control = _any_of(naming.controls)
        self._regimen = _any_of(naming.regimens)

    def by_control(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "placebo", "usual care", "best supportive care alone"."""
        text = scene.text
        match = self._control.match(text, cue.start, place.end)
        if match is None or text[cue.start - 1 : cue.start] in {"-", "/"} or text[match.end() : match.end() + 1] == "-":
            return
        end = match.end()
        if more := _CONTROL_MORE.match(text, end, place.end):
            end = more.end()
        joined = after(text, cue.start, place.end)
        if joined is not None and joined.end > end and _PLUS.match(text, end, joined.end):
            end = joined.end
        placebo = match[0].lower().endswith("placebo")
        if placebo or _CONTROL_BEFORE.search(text, max(place.start, cue.start - 16), cue.start):
            yield Candidate(cue.start, end, "arm", 2 if placebo else 1, placebo)

    def by_regimen(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "with the triplet", "the higher dose"."""
        text = scene.text
        match = self._regimen.match(text, cue.start, place.end)
        if match is None or _REGIMEN_GOES_ON.match(text, match.end(), place.end):
            return
        effect = _EFFECT.match(text, match.end(), place.end) is not None
        if effect or _REGIMEN_BEFORE.search(text, max(place.start, cue.start - 14), cue.start):
            yield Candidate(*match.span(), "arm")

    def by_controls(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "compared with control", "in controls"."""
        text = scene.text
        if _CONTROLS_GO_ON.match(text, cue.end, place.end):
            return
        if _CONTROLS_BEFORE.search(text, max(place.start, cue.start - 24), cue.start):
            yield Candidate(*cue, "arm")

    def by_without(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "less frequent without anthracyclines", and the treatment that others are "with"."""
        if scene.text[cue.start - 4 : cue.start] == " or ":
            return
        span = after(scene.text, cue.end, place.end)
        if span is not None and self.naming.is_treatment(scene, span):
            yield Candidate(cue.start, span.end, "arm", 2)

    def by_with(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "larger with early combination therapy", "with anthracyclines"."""
        text = scene.text
        span = after(text, cue.end, place.end)
        if span is None or not self.naming.is_treatment(scene, span) or scene.agents.touch(*span):
            return
        if words_of(text, span)[0] in self.naming.not_names or not _ENDS_PHRASE.match(text, span.end, place.end):
            return
        if not _NOT_ARM_BEFORE.search(text, max(place.start, cue.start - 40), cue.end + 1):
            yield Candidate(*span, "arm")

    def by_agent(self, scene: Scene, places: Places) -> Iterator[Candidate]:
        """Agents that a preposition or the verb of an effect ties to a result of the sentence."""
        text, taken = scene.text, 0
        for first, last in scene.agents:
            place = places.at(first) if first >= taken else None
            if place is None or not scene.has_result(place):
                continue
            beside = _BESIDE_AGENT.search(text, max(place.start, first - 60), first) is not None
            treated = _TREATED_WITH.search(text, max(place.start, first - 30), first) if beside else None
            if treated is not None and self._begins(text, treated.start(), place):
                beside = False  # "Treatment with prednisolone shortened"
            elif not (beside or self._begins(text, first, place)):
                continue
            span = self._agent_phrase(scene, CharSpan(first, last), place)
            taken = span.end
            if beside:
                if not _NOT_ARM_BEFORE.search(text, max(place.start, first - 40), first):
                    yield Candidate(*span, "arm", 2 if " or " in text[slice(*span)] else 1)
                    yield from self._listed(scene, span, place)
            elif _EFFECT.match(text, span.end, place.end):
                yield Candidate(*span, "arm")
            elif several := self._subjects(scene, span, place):
                taken = several[-1].end
                yield from (Candidate(*each, "arm") for each in several)
            elif joined := _AND_NEXT.match(text, span.end, place.end):
                other = scene.agents.at(joined.end())
                if other is not None and _EFFECT.match(text, other.end, place.end):
                    taken = other.end
                    yield from (Candidate(*span, "arm"), Candidate(*other, "arm"))

    @staticmethod
    def _begins(text: str, start: int, place: CharSpan) -> bool:
        """Whether a clause begins at `start`, adjectives of route and dose apart."""
        for _ in range(2):
            adjective = _ROUTE.search(text, max(place.start, start - 16), start)
            start = adjective.start("route") if adjective is not None else start
        return start == place.start or _CLAUSE_START.search(text, max(place.start, start - 12), start) is not None

    def _subjects(self, scene: Scene, first: CharSpan, place: CharSpan) -> list[CharSpan]:
        """The arms of a list that leads to results told respectively: "A, B and placebo led to"."""
        several = [first, *self._others(scene, first, place)]
        ordered = len(several) > 1 and scene.text.find("respectively", several[-1].end, place.end) >= 0
        return several if ordered and _EFFECT.match(scene.text, several[-1].end, place.end) else []

    def _listed(self, scene: Scene, first: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """The other arms of a list with a comparator or a "respectively": "with A, B, and placebo"."""
        text, others = scene.text, self._others(scene, first, place)
        last = others[-1].end if others else first.end
        controlled = any(self._control.fullmatch(text, *other) for other in others)
        if controlled or text.find("respectively", last, min(last + RESPECTIVELY, place.end)) >= 0:
            yield from (Candidate(*other, "arm") for other in others)

    def _others(self, scene: Scene, first: CharSpan, place: CharSpan) -> list[CharSpan]:
        """The agents and comparators that a list goes on with behind its first."""
        text, last, others = scene.text, first.end, list[CharSpan]()
        for _ in range(MAX_AGENTS):
            joined = _COMMA_NEXT.match(text, last, place.end)
            if joined is None:
                break
            control = self._control.match(text, joined.end(), place.end)
            other = scene.agents.at(joined.end()) if control is None else CharSpan(*control.span())
            if other is None or other.start != joined.end():
                break
            others.append(other)
            last = other.end
        return others

    def _agent_phrase(self, scene: Scene, agent: CharSpan, place: CharSpan) -> CharSpan:
        """The phrase that an agent begins: "A plus B", "A, B and C conditioning", "either A or B"."""
        text = scene.text
        phrase = after(text, agent.start, place.end)
        span = CharSpan(agent.start, max(agent.end, phrase.end if phrase is not None else 0))
        either = text[max(0, agent.start - 7) : agent.start].lower() == "either "
        last = span.end
        for _ in range(MAX_AGENTS):
            joined = (_OR_NEXT if either else _COMMA_NEXT).match(text, last, place.end)
            other = scene.agents.at(joined.end()) if joined is not None else None
            if other is None:
                break
            last = other[1]
        if last > span.end:
            closing = _REGIMEN_NOUN.match(text, last, place.end)
            if either or closing is not None:
                return CharSpan(span.start, closing.end() if closing is not None else last)
        return span

    def by_dose(self, scene: Scene, places: Places) -> Iterator[Candidate]:
        """Doses that stand for their arm: "less bleeding with 2.5 mg (3.4%)"."""
        text, listed_to = scene.text, -1
        for first, last in scene.doses:
            place = places.at(first)
            follows = 0 <= listed_to < first <= listed_to + 6 and _COMMA_NEXT.fullmatch(text, listed_to, first)
            if place is None or not (follows or _DOSE_BEFORE.search(text, max(place.start, first - 20), first)):
                continue
            if not scene.has_result(place) or not _DOSE_AFTER.match(text, last, place.end):
                continue
            if not _RECEIVED_BEFORE.search(text, max(place.start, first - 60), first):
                yield Candidate(first, last, "arm")
                listed_to = last

    def by_subject(self, scene: Scene, place: CharSpan) -> Iterator[Candidate]:
        """A treatment that begins a clause and has an effect in it: "Exercise was associated with"."""
        text = scene.text
        start = place.start
        for _ in range(3):
            span = after(text, start, place.end)
            if (
                span is not None
                and _EFFECT.match(text, span.end, place.end)
                and self.naming.is_name(scene, span, titled=True)
            ):
                yield Candidate(*span, "arm")
            introduced = _INTRODUCED.match(text, start, place.end)
            if introduced is None:
                return
            start = introduced.end()


def _any_of(forms: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, forms), key=lambda form: (-len(form), form))
    return regex(rf"(?:{'|'.join(longest_first)})(?![\w-])", re.IGNORECASE)

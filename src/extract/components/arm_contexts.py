"""The contexts that make a phrase an arm: an arm's noun, a comparison, an assignment, a verb of effect."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.components import Places
from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_people import people_arms
from extract.components.arm_phrases import after, alternatives, before, listed, word_set, words_of
from extract.document import CharSpan
from extract.values import ArmKind

_LETTER = r"(?:[A-H]|[1-9]|I{1,3}V?|IV)"
_LABEL = re.compile(
    rf"\s(?P<label>{_LETTER})(?![\w%.-]|\s(?:years?|months?|weeks?|days?)|\s?=)"
    rf"(?:(?:,\s|\s(?:and|or|vs\.?|versus)\s)(?P<second>{_LETTER})(?![\w%.-]))?"
)
_RECEIVING = re.compile(
    r"\s(?:(?:receiving|given|taking|treated\swith|assigned\sto|allocated\sto|randomi[sz]ed\sto)|"
    r"(?:that|which|who)\s(?:received|underwent|was\s(?:given|treated\swith)|took))(?=\s)"
)
_AND = re.compile(r"\s(?:and|or|vs\.?|versus)\s(?:the\s)?$")
_ONE_AND = re.compile(r"\bthe\s(?P<first>[A-Za-z][\w-]*(?:\s[\w-]+)?)\sand\s$")
_COMMA = re.compile(r",\s$")
_INDEFINITE = re.compile(r"\ban?\s$", re.IGNORECASE)
_DISTRIBUTED = re.compile(
    r"\b(?:either|each|every|both|any|assigned|allocated|same|their|by|this|these|such)\s(?:the\s)?$", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\((?P<short>[A-Za-z][\w+/-]{1,14})\)[\s-]?$")
_NO_NAME_ENDS = word_set("age risk study work sex gender working research cooperative oncology cancer collaborative")
_COMMON = word_set("treatment intervention therapy exercise donor comparison active")

VERSUS = re.compile(r"(?:versus|vs?\.?)(?=\s)")
COMPARED = re.compile(
    r"(?:compared|comparing)\s(?:with|to)(?=\s)|relative\sto(?=\s)|(?:superior|inferior|preferable)\sto(?=\s)|noninferior\sto(?=\s)"
)
THAN = re.compile(r"than\s?(?=\s)(?:\s(?:that|those)(?=\s))?")
OVER = re.compile(r"over(?=\s)")
_OVER_BEFORE = re.compile(r"\b(?:superiority|advantages?|benefits?|superior|improvements?|preferred)\b[^.;]{0,40}$")
_COMPARES = re.compile(r"(?:compar(?:ed|es|ing|e)|comparison\s(?:of|between))(?=\s)")
_AGAINST = re.compile(r"[^.;,]{0,40}?\s(?:with|to|versus|vs\.?|against)(?=\s)")
_PLACE = re.compile(r"\s(?:that\s|those\s)?(?:in|with|on|for|among|under|after|of|from)(?=\s)")
_RATHER = re.compile(r"\b(?:rather|other|more|less|fewer)\s$")
_NUMERIC = re.compile(r"[\s(]*[-+\u00b1<>\u2264\u2265~]?\s?\d")
_TAIL_NUMBER = re.compile(r"[\d%)]\s?$")
_ASSIGNED = re.compile(
    r"(?:randomi[sz]ed|assigned|allocated|randomi[sz]ation|randomly\sassigned)\s(?:[^.;()]{0,60}?\s)??(?:\([^()]{1,30}\)\s)?"
    r"(?:in\sa\s[\d:\s]+ratio,?\s)?(?:to|between)\s(?:either\s|receive\s|undergo\s|take\s|have\s|one\s(?:cycle|course)\sof\s)*(?=\S)"
)
_SINCE = re.compile(r"\b(?:from|since|after|at|before)\s$")
_OR_TO = re.compile(
    r"[^.;:]{0,60}?,?\s(?:or|versus|vs\.?)\s(?:to\s)?(?:receive\s|either\s|one\s(?:cycle|course)\sof\s)*(?=\S)"
)
_BESIDE_AGENT = re.compile(
    r"(?:\b(?:with|on|under|given|taking|receiving|received|than|vs\.?|versus|by)\s|"
    r"\b(?:randomi[sz]ed|assigned|allocated)\sto\s)(?:the\s|either\s|intravenous\s|oral\s|subcutaneous\s|high-dose\s|low-dose\s)*$",
    re.IGNORECASE,
)
_NOT_ARM_BEFORE = re.compile(
    r"\b(?:treat(?:ment|ing)|therapy|experience|combin(?:ed|ation|ing)|interact\w*|dealt|studies|trials?|study|"
    r"concomitantly|pre-?treated|progress\w*|replaced|deal|prophylaxis|together)\swith\s(?:the\s)?$|"
    r"\b(?:data|studies|focus|based|effects?|information|report\w*|relapse|progression)\son\s(?:the\s)?$|"
    r"\b(?:followed|replaced|caused|induced|inhibited|preceded|days)\s(?:by|on)\s(?:the\s)?$",
    re.IGNORECASE,
)
_EFFECT = re.compile(
    r"(?:\s(?:therapy|treatment|administration))?"
    r"(?:\s\d[\d.,-]*\s?[\w\u00b5%]+(?:/\w+)*(?:\s(?:once|twice)\s(?:daily|weekly))?)?(?:\s\([^()]{1,30}\))?(?:\sin\s[^.;,()]{1,50}?)?"
    r"\s(?:also\s|significantly\s|further\s|had\s|has\s|did\snot\s|does\snot\s|failed\sto\s|was\s|were\s|not\s)*"
    r"(?:improve[ds]?|reduce[ds]?|increase[ds]?|decrease[ds]?|lower(?:ed|s)?|prolong(?:ed|s)?|resulted|results|yielded|"
    r"gave|led\sto|leads\sto|produced|achieved|change[ds]?|prevent(?:ed|s)?|raise[ds]?|double[ds]?|halved|associated|"
    r"superior|inferior|provided|delayed|induced|showed|demonstrated|shown|no\s(?:significant\s)?effect|(?:similar|no)\seffects?)\b"
)
_CLAUSE_START = re.compile(r"(?:^|[,;:]\s|\b(?:that|and|but|whereas|while|when|although)\s)(?:the\s)?$", re.IGNORECASE)
_AND_NEXT = re.compile(r"\s(?:and|or)\s")
_OR_NEXT = re.compile(r"\sor\s")
_COMMA_NEXT = re.compile(r",?\sand\s|,\s|/")
_REGIMEN_NOUN = re.compile(r"\s(?:conditioning|chemotherapy|regimens?|combination|therapy)\b")
MAX_AGENTS = 6  # of one regimen
_INTRODUCED = re.compile(r"[^.;()]{3,90}?,\s")
_ENDS_PHRASE = re.compile(
    r"\s?(?:$|[(;,.\[]|(?:and|or|vs\.?|versus|compared|than|in|was|were|at|had|but|while|whereas)\b)"
)
_DOSE_BEFORE = re.compile(
    r"(?<!given )(?<!started )(?<!dosed )(?<!administered )\b(?:with|at|than|vs\.?|versus|to)\s(?:the\s)?$"
)
_DOSE_AFTER = re.compile(r"\s?(?:$|[(;,.]|\s(?:and|vs|versus|compared|than|in\s\d+\sfractions|had|was|were)\b)")
_RECEIVED_BEFORE = re.compile(
    r"\b(?:receiv\w+|given|administered|dose[sd]?|started|infus\w+|escalat\w+|increas\w+|reduc\w+|titrat\w+)\b[^.;]{0,40}$"
)


class Contexts:
    """Finds candidates at a cue: its word stands at `cue` in the sentence or cell `place`."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self._control = _any_of(naming.controls)
        self._regimen = _any_of(naming.regimens)

    def by_noun(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "the placebo arm", "dovitinib and placebo arms", "group A"."""
        text, naming, noun = scene.text, self.naming, scene.text[slice(*cue)].lower()
        label = _LABEL.match(text, cue.end, place.end)
        if label is not None:
            if not text[max(place.start, cue.start - 4) : cue.start].lower().endswith("age "):
                yield Candidate(cue.start, label.end("label"), "arm", 3)
                if label["second"]:
                    yield Candidate(*label.span("second"), "arm", 3)
            return
        stop, short = cue.start, _ABBREVIATED.search(text, max(place.start, cue.start - 20), cue.start)
        if short is not None:
            yield Candidate(*short.span("short"), "arm", 3, True)
            stop = short.start()
        separate = noun.endswith("s") or noun == "strata" or short is not None
        for number in range(4):
            span = before(text, place.start, stop)
            span = naming.trimmed(text, span) if span else None
            if span is None:
                break
            if number == 0 and not separate:
                span = self._joint(scene, span, cue, place)
            name = naming.is_name(scene, span)
            marked = naming.is_marked(scene, span)
            if not self._names_arm(scene, span, noun, number, name=name, marked=marked):
                break
            bare = separate or number or name or text[span.end] == '"'
            kind: ArmKind = "subgroup" if (marked or "sub" in noun) and not name else "arm"
            yield Candidate(span.start, span.end if bare else cue.end, kind, 3, name)
            joined = _AND.search(text, max(place.start, span.start - 14), span.start)
            if joined is None and number:
                joined = _COMMA.search(text, max(place.start, span.start - 2), span.start)
            if joined is None:
                break
            stop = joined.start()
        yield from self._receiving(scene, cue, place)

    def _joint(self, scene: Scene, span: CharSpan, cue: CharSpan, place: CharSpan) -> CharSpan:
        """The two treatments of one arm: "the chemotherapy and bevacizumab group"; else the span."""
        text = scene.text
        joined = _ONE_AND.search(text, max(place.start, span.start - 60), span.start)
        if joined is None or text.find("respectively", cue.end, place.end) >= 0:
            return span
        both = CharSpan(joined.start("first"), joined.end("first")), span
        if all(self.naming.is_treatment(scene, each) and not self.naming.is_control(scene, each) for each in both):
            return CharSpan(joined.start("first"), span.end)
        return span

    def _receiving(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "the group receiving placebo", "the subgroup with diabetes"."""
        receiving = _RECEIVING.match(scene.text, cue.end, place.end)
        if receiving is not None:
            for span in listed(scene.text, receiving.end(), place.end):
                if self.naming.is_name(scene, span):
                    yield Candidate(*span, "arm", 2, True)
        elif scene.text[slice(*cue)].lower() in {"group", "subgroup"}:
            yield from (each for each in people_arms(scene, self.naming, cue, place) if each.start > cue.start)

    def _names_arm(self, scene: Scene, span: CharSpan, noun: str, number: int, *, name: bool, marked: bool) -> bool:
        """Whether the phrase before an arm's noun, the `number`-th from it, names the arm."""
        text, words = scene.text, words_of(scene.text, span)
        last = words[-1]
        if text[span.end + 1 : span.end + 2].isupper() and text[span.end - len(last)].isupper():
            return name and not self.naming.is_treatment(scene, span)  # "Trial Management Group"
        if name and last not in _COMMON:
            return True
        if (number and not (marked or len(words) == 1)) or (not marked and scene.outcomes.touch(*span)):
            return False
        if last in _NO_NAME_ENDS and (len(words) == 1 or last != "risk"):
            return False
        if len(words) == 1 and last in _COMMON and noun.endswith("s"):
            return False
        if _DISTRIBUTED.search(text, max(0, span.start - 14), span.start) or self.naming.is_group(text[slice(*span)]):
            return False
        if noun.startswith("cohort") and _INDEFINITE.search(text, max(0, span.start - 4), span.start):
            return False
        return any(map(str.isalpha, text[slice(*span)]))

    def by_people(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "high-risk patients", "those who received placebo", "in responders"."""
        text, naming = scene.text, self.naming
        start = cue.start
        if text[start - 4 : start].lower() in {"non-", "not-"} or text[start - 6 : start].lower() == "never-":
            start = text.rfind(" ", place.start, start) + 1 or place.start
        word = text[cue.start : cue.end].lower()
        if word in naming.subgroups and self._picks(scene, CharSpan(start, cue.end), place):
            yield Candidate(start, cue.end, "subgroup")
        yield from people_arms(scene, naming, CharSpan(start, cue.end), place)

    def _picks(self, scene: Scene, noun: CharSpan, place: CharSpan) -> bool:
        """Whether a noun such as "women" picks some of the people."""
        text = scene.text
        word = text[slice(*noun)].lower()
        if word in scene.title:
            return False
        picked = _PICKED.search(text, max(place.start, noun.start - 20), noun.start)
        if picked is None:
            return False
        other = _OTHERS.get(word)
        if other is None or picked[0].lower().startswith(("in ", "among", "for", "than")):
            return True
        around = text[max(place.start, noun.start - 120) : min(place.end, noun.end + 120)]
        return re.search(rf"\b{other}\b", around, re.IGNORECASE) is not None

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

    def by_comparison(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """Beside "versus", behind "compared with", "than in" and "over", and between "compared" and "with"."""
        text = scene.text
        if match := VERSUS.match(text, cue.start, place.end):
            if text[cue.start - 1 : cue.start] not in {" ", '"'}:
                return
            span = before(text, place.start, cue.start)
            if span is not None and not _TAIL_NUMBER.search(text, max(0, cue.start - 6), cue.start):
                yield from self._compared(scene, span, place, strict=True)
            dose = scene.doses.at(cue.start - 2)
            if dose is not None:
                yield Candidate(*dose, "arm")
            yield from self._reference(scene, match.end(), place, strict=True)
        elif (match := COMPARED.match(text, cue.start, place.end)) or (match := THAN.match(text, cue.start, place.end)):
            if match.re is THAN and _RATHER.search(text, max(place.start, cue.start - 8), cue.start):
                return
            inside = _PLACE.match(text, match.end(), place.end)
            yield from self._reference(
                scene, inside.end() if inside else match.end(), place, strict=match.re is THAN and inside is None
            )
        elif OVER.match(text, cue.start, place.end):
            if _OVER_BEFORE.search(text, max(place.start, cue.start - 60), cue.start):
                yield from self._reference(scene, cue.end, place, strict=True)
        elif match := _COMPARES.match(text, cue.start, place.end):
            yield from self._between(scene, match, place)

    def _between(self, scene: Scene, match: re.Match[str], place: CharSpan) -> Iterator[Candidate]:
        """ "compared A with B", "comparison of A, B and C", "comparing A, B and C with D"."""
        text = scene.text
        spans = alternatives(text, listed(text, match.end(), place.end, most=6))
        against = _AGAINST.match(text, spans[-1].end if spans else match.end(), place.end)
        joined = len(spans) > 1 and against is not None and " or " not in text[spans[0].start : spans[-1].end]
        if joined and all(self.naming.is_treatment(scene, span) for span in spans):
            spans = [CharSpan(spans[0].start, spans[-1].end)]
        for span in spans:
            yield from self._compared(scene, span, place, strict=True)
        if against is not None:
            yield from self._reference(scene, against.end(), place, strict=True)

    def _reference(self, scene: Scene, start: int, place: CharSpan, *, strict: bool) -> Iterator[Candidate]:
        dose = scene.doses.at(start + 1)
        if dose is not None:
            yield Candidate(*dose, "arm")
        elif not _NUMERIC.match(scene.text, start, place.end):
            span = after(scene.text, start, place.end)
            if span is not None:
                yield from self._compared(scene, span, place, strict=strict)

    def _compared(self, scene: Scene, span: CharSpan, place: CharSpan, *, strict: bool) -> Iterator[Candidate]:
        """The phrase as an arm; a strict one must name a treatment, a short form or people."""
        text, naming = scene.text, self.naming
        words = words_of(text, span)
        if words[0] in naming.not_names or scene.outcomes.touch(*span) or naming.is_time(text, span):
            return
        if words[-1] in naming.people or words[0] in naming.people or words[-1] in {"arm", "arms", "group", "groups"}:
            return  # found by their noun
        if naming.is_name(scene, span):
            yield Candidate(*span, "arm", 2, True)
        elif naming.is_marked(scene, span):
            yield Candidate(*span, "subgroup")
        elif not strict and scene.has_result(place) and not any(map(str.isdigit, text[slice(*span)])):
            yield Candidate(*span, "arm")

    def by_assignment(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "randomised to early combination therapy or to stepwise care"."""
        text, naming = scene.text, self.naming
        match = _ASSIGNED.match(text, cue.start, place.end)
        if match is None or _SINCE.search(text, max(place.start, cue.start - 10), cue.start):
            return
        dose = scene.doses.at(match.end())
        spans = [dose] if dose is not None else alternatives(text, listed(text, match.end() - 1, place.end, most=6))
        if len(spans) == 1 and (other := _OR_TO.match(text, spans[0].end, place.end)):
            second = scene.doses.at(other.end()) or after(text, other.end() - 1, place.end)
            spans += [second] if second else []
        for span in spans:
            words = words_of(text, span)
            if (
                words[0] in naming.not_names
                or scene.outcomes.touch(*span)
                or words[-1] in {"group", "groups", "arm", "arms"}
            ):
                continue
            if len(spans) > 1 or naming.is_name(scene, span):
                yield Candidate(*span, "arm", 2, len(spans) > 1)

    def by_agent(self, scene: Scene, places: Places) -> Iterator[Candidate]:
        """Agents that a preposition or the verb of an effect ties to a result of the sentence."""
        text, taken = scene.text, 0
        for first, last in scene.agents:
            place = places.at(first)
            if place is None or first < taken or not scene.has_result(place):
                continue
            span = self._agent_phrase(scene, CharSpan(first, last), place)
            taken = span.end
            if _NOT_ARM_BEFORE.search(text, max(place.start, first - 40), first):
                continue
            if _BESIDE_AGENT.search(text, max(place.start, first - 60), first):
                yield Candidate(*span, "arm", 2 if " or " in text[slice(*span)] else 1)
            elif _CLAUSE_START.search(text, max(place.start, first - 12), first):
                if _EFFECT.match(text, span.end, place.end):
                    yield Candidate(*span, "arm")
                elif joined := _AND_NEXT.match(text, span.end, place.end):
                    other = scene.agents.at(joined.end())
                    if other is not None and _EFFECT.match(text, other[1], place.end):
                        taken = other[1]
                        yield from (Candidate(*span, "arm"), Candidate(*other, "arm"))

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
        text = scene.text
        for first, last in scene.doses:
            place = places.at(first)
            if place is None or not _DOSE_BEFORE.search(text, max(place.start, first - 20), first):
                continue
            if not scene.has_result(place) or not _DOSE_AFTER.match(text, last, place.end):
                continue
            if not _RECEIVED_BEFORE.search(text, max(place.start, first - 60), first):
                yield Candidate(first, last, "arm")

    def by_subject(self, scene: Scene, place: CharSpan) -> Iterator[Candidate]:
        """A treatment that begins a clause and has an effect in it: "Exercise was associated with"."""
        text = scene.text
        start = place.start
        for _ in range(3):
            span = after(text, start, place.end)
            if span is not None and _EFFECT.match(text, span.end, place.end) and self.naming.is_name(scene, span):
                yield Candidate(*span, "arm")
            introduced = _INTRODUCED.match(text, start, place.end)
            if introduced is None:
                return
            start = introduced.end()

    def by_with(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "larger with early combination therapy", "with anthracyclines"."""
        text = scene.text
        if _NOT_ARM_BEFORE.search(text, max(place.start, cue.start - 40), cue.end + 1):
            return
        span = after(text, cue.end, place.end)
        if span is None or not _ENDS_PHRASE.match(text, span.end, place.end) or scene.agents.touch(*span):
            return
        if self.naming.is_treatment(scene, span) and words_of(text, span)[0] not in self.naming.not_names:
            yield Candidate(*span, "arm")


_OTHERS = {"men": "women", "women": "men", "males": "females", "females": "males", "boys": "girls", "girls": "boys"}
_PICKED = re.compile(
    r"\b(?:in|among|amongst|for|than|between|vs\.?|versus|of|and)\s(?:all\s|the\s|these\s)*(?:\d+\s|[a-z]+\s)?$|^$",
    re.IGNORECASE,
)
_CONTROL_MORE = re.compile(r"\s(?:alone|only|procedures?|surgery|injections?)\b")
_CONTROL_BEFORE = re.compile(
    r"\b(?:with|to|than|vs\.?|versus|or|and|in|on|receiving|received|over|by|given|plus|after|for)\s(?:the\s|a\s|an\s)?$",
    re.IGNORECASE,
)
_PLUS = re.compile(r"\s(?:plus|\+|combined with)\s")
_REGIMEN_GOES_ON = re.compile(r"\s(?:with|of|therapy|treatment|arms?|groups?|regimens?)\b|-")
_REGIMEN_BEFORE = re.compile(
    r"\b(?:with|to|than|on|vs\.?|versus|for|at)\s(?:the|a)\s$|\b(?:with|than|vs\.?|versus)\s$|\band\s(?:the\s)$"
)
_CONTROLS_GO_ON = re.compile(r"(?:\s(?:of|arms?|groups?|over|and\sprevention|the|in\sthe|for|was|is|with)\b|-)")
_CONTROLS_BEFORE = re.compile(
    r"\b(?:with|to|than|vs\.?|versus|among|in|and|or)\s(?:the\s|healthy\s|matched\s|historical\s)?$", re.IGNORECASE
)


def _any_of(forms: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, forms), key=lambda form: (-len(form), form))
    return re.compile(rf"(?:{'|'.join(longest_first)})(?![\w-])", re.IGNORECASE)

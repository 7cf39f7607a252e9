"""Arms by their nouns and people by theirs: "the placebo arm", "group A", "in responders"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_people import people_arms
from extract.components.arm_phrases import before, listed, word_set, words_of
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.values import ArmKind

_LETTER = r"(?:[A-H]\d?|[1-9]|I{1,3}V?|IV)"
_LABEL = lazy_regex(
    rf"\s(?P<label>{_LETTER})(?![\w%-]|\.\d|\s(?:years?|months?|weeks?|days?|to\s\d)|\s?=)"
    rf"(?:(?:,\s|\s(?:and|or|vs\.?|versus)\s)(?P<second>{_LETTER})(?![\w%-]|\.\d))?"
)
_NOUN_GOES_ON = lazy_regex(
    r"[\s-](?:stud(?:y|ies)|analys[ei]s|designs?|sizes?|data|differences?|comparisons?|trials?|therapy)\b"
)
_RECEIVING = lazy_regex(
    r"\s(?:(?:receiving|given|taking|treated\swith|assigned\sto|allocated\sto|randomi[sz]ed\sto)|"
    r"(?:that|which|who)\s(?:received|underwent|was\s(?:given|treated\swith)|took))(?=\s)"
)
_AND = lazy_regex(r"\s(?:and|or|vs\.?|versus)\s(?:the\s)?$")
_ONE_AND = lazy_regex(r"\bthe\s(?P<first>[A-Za-z][\w-]*(?:\s[\w-]+)?)\sand\s$")
_COMMA = lazy_regex(r",\s$")
_INDEFINITE = lazy_regex(r"\ban?\s$", re.IGNORECASE)
_DISTRIBUTED = lazy_regex(
    r"\b(?:either|each|every|both|any|assigned|allocated|same|their|by|this|these|such)\s(?:the\s)?$", re.IGNORECASE
)
_ANY = lazy_regex(r"\b(?:an?|per|one)\s$", re.IGNORECASE)
_ABBREVIATED = lazy_regex(r"\((?P<short>[A-Za-z][\w+/-]{1,14})\)[\s-]?$")
_NO_NAME_ENDS = word_set(
    "age risk study work sex gender working research cooperative oncology cancer collaborative test analysis"
)
_SINGULAR = word_set("patient responder nonresponder pt")
_NOUN_FOLLOWS = lazy_regex(
    r"\s(?!(?:who|with|without|was|had|has|in|on|of|and|or|given|receiving|treated|aged)\b)[a-z]{3}"
)
_LENGTH = lazy_regex(r"\d+-(?:hour|day|week|month|year)(?:\s[a-z]+)?$")
_COMMON = word_set("treatment intervention therapy exercise donor comparison active")
_OTHERS = {"men": "women", "women": "men", "males": "females", "females": "males", "boys": "girls", "girls": "boys"}
_SHARE_OF = lazy_regex(r"\b(?:rates?|proportions?|numbers?|percentages?|frequency)\sof\s(?:the\s)?$")
_PICKED = lazy_regex(
    r"\b(?:in|among|amongst|for|than|between|vs\.?|versus|of|and)\s(?:all\s|the\s|these\s)*(?:\d+\s|[a-z]+\s)?$",
    re.IGNORECASE,
)
NEAR = 200  # characters from a singular noun to the "respectively" that makes it several arms


class Nouns:
    """Finds candidates at the nouns of arms and of people: `cue` in the sentence or cell `place`."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming

    def by_noun(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "the placebo arm", "dovitinib and placebo arms", "group A"."""
        text, naming, noun = scene.text, self.naming, scene.text[slice(*cue)].lower()
        if text[max(0, cue.start - 4) : cue.start].lower() == "sub-":
            cue, noun = CharSpan(cue.start - 4, cue.end), f"sub{noun}"
        if _NOUN_GOES_ON.match(text, cue.end, place.end):
            return
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
        elif (dose := scene.doses.at(cue.start - 2)) is not None:
            agent = before(text, place.start, dose.start, most=3)
            whole = agent is not None and naming.is_treatment(scene, agent)
            yield Candidate(agent.start if agent is not None and whole else dose.start, dose.end, "arm", 3)
            return
        separate = noun.endswith("s") or noun == "strata" or short is not None
        for number in range(4):
            span = before(text, place.start, stop, numbers=True)
            span = naming.trimmed(text, span) if span else None
            if span is None:
                break
            if number == 0 and not separate:
                span = self._joint(scene, span, cue, place)
            name = naming.is_name(scene, span, titled=True)
            marked = naming.is_marked(scene, span)
            if not self._names_arm(scene, span, noun, number, name=name, marked=marked):
                break
            bare = separate or number or name or text[span.end] == '"'
            kind: ArmKind = "subgroup" if (marked or "sub" in noun) and not name else "arm"
            yield Candidate(span.start, span.end if bare else cue.end, kind, 3, name)
            if not bare and text[span.start].isupper() and span.start > place.start and " " not in text[slice(*span)]:
                yield Candidate(*span, kind, 2, True)  # "the Control arm", elsewhere "Control, 42%"
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
        if joined is None or text.find("respectively", cue.end, min(cue.end + NEAR, place.end)) >= 0:
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
        if scene.times.touch(*span):
            return bool(_LENGTH.match(text[slice(*span)]))  # "the 5-day arm"
        if (number and not (marked or len(words) == 1)) or (not marked and scene.outcomes.touch(*span)):
            return False
        if last in self.naming.not_names or (last in _NO_NAME_ENDS and (len(words) == 1 or last != "risk")):
            return False
        if (
            len(words) == 1
            and last in _COMMON
            and (noun.endswith("s") or _ANY.search(text, max(0, span.start - 5), span.start))
        ):
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
        if word in _SINGULAR and _NOUN_FOLLOWS.match(text, cue.end, place.end):
            return  # "patient adherence", "responder status"
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
        if picked is None and noun.start > place.start:
            return False
        if _SHARE_OF.search(text, max(place.start, noun.start - 30), noun.start):
            return False
        other = _OTHERS.get(word)
        if other is not None and not scene.mentions(other):
            return False
        if other is None or (picked is not None and picked[0].lower().startswith(("in ", "among", "for", "than"))):
            return True
        around = text[max(place.start, noun.start - 120) : min(place.end, noun.end + 120)]
        return re.search(rf"\b{other}\b", around, re.IGNORECASE) is not None

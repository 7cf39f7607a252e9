"""Arms and subgroups: whom a value belongs to, by the noun, the people, the comparison or the assignment it stands in.

A name that an arm's noun, an assignment or a comparison establishes is then marked wherever it stands. Whole cohorts,
outcomes and times are none. Missed: arms that only an anaphor names ("the latter"), and factors of a model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import IDX, LOWER
from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, Places, adapt_tokenizer, document_of, make_spans, sentence_spans
from extract.components.arm_comparisons import Comparisons, arm_roles
from extract.components.arm_frames import COMPARATIVES, Frames
from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_nouns import Nouns
from extract.components.arm_phrases import word_set
from extract.components.arm_tables import table_arms
from extract.components.arm_treatments import EFFECTS, Treatments
from extract.document import CharSpan
from extract.lexicons import Cues, load
from extract.patterns import lazy_regex
from extract.values import Arm

Words = npt.NDArray[np.uint64]
Finder = Callable[[Scene, CharSpan, CharSpan], Iterator[Candidate]]

_COMPARISONS = word_set(
    "versus vs v compared comparing relative than superior inferior noninferior over against opposed"
)
_ASSIGNMENTS = word_set("randomised randomized assigned allocated randomisation randomization")
_SHORT_AFTER = lazy_regex(r"\s\((?P<short>[A-Za-z][\w+/-]{1,14})(?=[);,])")
_FIRST = lazy_regex(r"[^\W\d_]+|\d+")
_COMPOSED = lazy_regex(r"\s(?:plus\b|\+|alone$|only$)")
# Behind a name that is then a substance and no arm.
_SUBSTANCE = lazy_regex(
    r"\s(?:dos(?:es|ing|age)|infusions?|administration|serum|plasma|concentrations?|levels?|troughs?|exposure|pharmaco\w+)\b"
)
_BESIDE = lazy_regex(r"\b(?:with|on|to|vs\.?|versus|than|by|after)\s(?:the\s)?$", re.IGNORECASE)
LOW_BITS = 0xFFFF
ARM_SHARE = 0.1  # of a name's mentions that must be an arm for all to be; `HSCT` in a review of transplantation is not


class Arms(Component):
    """Finds ARM spans; reads the groups of all components before it."""

    group = "arms"

    def __init__(self, nlp: Language, cues: Cues) -> None:
        arms = cues.arms
        self._naming = Naming(arms, (*cues.groups, *cues.societies))
        nouns, comparisons = Nouns(self._naming), Comparisons(self._naming)
        treatments = self._treatments = Treatments(self._naming)
        frames = self._frames = Frames(self._naming)
        add = nlp.vocab.strings.add
        self._finders: dict[int, tuple[Finder, ...]] = {}
        finders: tuple[tuple[Finder, Iterable[str]], ...] = (
            (treatments.by_control, {re.split(r"[ -]", form)[0] for form in arms.controls} - {"no"}),
            (treatments.by_regimen, {re.split(r"[ -]", form)[0] for form in arms.regimens}),
            (nouns.by_people, {word.rsplit("-")[-1] for word in (*arms.subgroups, *arms.people)}),
            (nouns.by_noun, arms.nouns),
            (treatments.by_controls, ("control", "controls")),
            (comparisons.by_comparison, (*_COMPARISONS, "compare", "compares", "comparison")),
            (comparisons.by_between, ("between",)),
            (comparisons.by_assignment, _ASSIGNMENTS),
            (treatments.by_without, ("without",)),
            (treatments.by_with, ("with",)),
            (frames.by_comparative, COMPARATIVES),
        )
        self._lengths: dict[int, int] = {}
        for finder, words in finders:
            for word in sorted(words):
                self._finders[add(word)] = (*self._finders.get(add(word), ()), finder)
                self._lengths[add(word)] = len(word)
        needy = {
            nouns.by_people,
            treatments.by_with,
            treatments.by_without,
            treatments.by_regimen,
            frames.by_comparative,
            comparisons.by_between,
        }
        self._beside_results = frozenset(lower for lower, each in self._finders.items() if needy.issuperset(each))
        self._comparisons = frozenset(map(add, _COMPARISONS))
        self._effects = frozenset(map(add, EFFECTS))

    def find(self, doc: Doc) -> list[Span]:
        """Arms and subgroups in text order."""
        scene, places = Scene.of(doc), Places(sentence_spans(doc))
        words = cast("Words", doc.to_array([LOWER, IDX]))
        found, signs = self._by_cue(scene, places, words)
        effects, reached = [start for _, start in _at(words, self._effects)], 0
        found += self._treatments.by_agent(scene, places)
        found += self._treatments.by_dose(scene, places)
        for start in effects:
            place = places.at(start)
            if place is not None and place.start >= reached and scene.has_result(place):
                found += self._treatments.by_subject(scene, place)
                reached = place.end
        document = document_of(doc)
        for block in document.blocks if document is not None else ():
            if block.table is not None:
                found += table_arms(scene, self._naming, block.table)
        found += list(self._frames.by_frame(scene, places, found))
        found += list(_short_forms(scene, found))
        found += list(self._again(doc, scene, places, found, words))
        found = [each for each in found if not scene.trials.touch(each.start, each.end)]
        arms = _with_doses(scene, places, _strongest(found))
        roles = arm_roles(scene.text, arms, signs, places)
        text = scene.text
        named = [(a.start, a.end, Arm(text[a.start : a.end], a.kind, roles.get(a.start))) for a in arms]
        return make_spans(doc, named, "ARM")

    def _by_cue(self, scene: Scene, places: Places, words: Words) -> tuple[list[Candidate], list[int]]:
        """Candidates at the words that are cues, and where comparisons stand."""
        found: list[Candidate] = []
        signs: list[int] = []
        place, result = None, False
        for lower, start in _at(words, self._finders):
            if place is None or not place.start <= start < place.end:
                place = places.at(start)
                result = place is not None and scene.has_result(place)
            if place is None or (lower in self._beside_results and not result):
                continue
            if lower in self._comparisons:
                signs.append(start)
            cue = CharSpan(start, start + self._lengths[lower])
            for finder in self._finders[lower]:
                found += finder(scene, cue, place)
        return found, signs

    def _again(
        self, doc: Doc, scene: Scene, places: Places, found: Sequence[Candidate], words: Words
    ) -> Iterator[Candidate]:
        """Further mentions of the names that the document establishes."""
        text = scene.text
        established = Counter(text[each.start : each.end] for each in found if each.establishes)
        by_first: dict[int, dict[str, str]] = {}  # hash of the first word -> spelling -> name
        for name in sorted(established):
            first = _FIRST.match(name)
            if first is not None and self._is_distinct(name):
                spelled = by_first.setdefault(doc.vocab.strings.add(first[0].lower()), {})
                spelled |= dict.fromkeys(_spellings(name), name)
        lengths = {lower: sorted({len(each) for each in spelled}, reverse=True) for lower, spelled in by_first.items()}
        mentions: dict[str, list[CharSpan]] = {}
        for lower, start in _at(words, by_first):
            for length in lengths[lower]:
                known = by_first[lower].get(text[start : start + length])
                if known is not None and _stands_free(text, CharSpan(start, start + length)):
                    mentions.setdefault(known, []).append(CharSpan(start, start + length))
                    break
        for name, spans in mentions.items():
            always = established[name] >= ARM_SHARE * len(spans) or bool(_COMPOSED.search(name))
            for span in spans:
                place = places.at(span.start)
                if place is None or span.end > place.end or (name.istitle() and span.start == place.start):
                    continue
                if not scene.has_result(place) or scene.outcomes.touch(*span) or _SUBSTANCE.match(text, span.end):
                    continue
                if always or _BESIDE.search(text, max(place.start, span.start - 12), span.start):
                    yield Candidate(*span, "arm")

    def _is_distinct(self, name: str) -> bool:
        """Whether a name means its arm wherever it stands: a short form, or two words that name a treatment."""
        words = name.lower().split(" ")
        if words[0] in self._naming.not_names:
            return False
        if len(words) == 1:
            return name[0].isupper() or any(map(str.isupper, name))
        return words[-1] in self._naming.treatments or bool(_COMPOSED.search(name))


def _at(words: Words, keys: Iterable[int]) -> list[tuple[int, int]]:
    """Hash and char offset of the words among the keys, in text order."""
    known = np.array(sorted(keys), dtype=np.uint64)
    if not len(known):
        return []
    shelves = np.zeros(LOW_BITS + 1, dtype=bool)  # most words are told apart by the low bits of their hash
    shelves[known & LOW_BITS] = True
    likely = words[shelves[words[:, 0] & LOW_BITS]]
    hits = likely[np.isin(likely[:, 0], known)]
    return list(zip(hits[:, 0].tolist(), hits[:, 1].tolist(), strict=True))


def _spellings(name: str) -> set[str]:
    """The name as printed; one of several words also at the beginning of a sentence and inside of one."""
    return {name, name[0].upper() + name[1:], name[0].lower() + name[1:]} if " " in name else {name}


def _stands_free(text: str, span: CharSpan) -> bool:
    around = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    return not any(sign.isalnum() or (sign and sign in "-/+") for sign in around)


def _short_forms(scene: Scene, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """The short form that a bracket behind an arm defines."""
    for each in found:
        match = _SHORT_AFTER.match(scene.text, each.end)
        if match is not None and match["short"] in scene.long_forms and not scene.outcomes.touch(*match.span("short")):
            yield Candidate(*match.span("short"), each.kind, each.strength, each.kind == "arm")


def _strongest(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates that do not overlap, in text order."""
    kept: list[Candidate] = []
    for each in sorted(found, key=lambda c: (c.start, -c.end, -c.strength, c.kind)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif (each.strength, each.end - each.start) > (kept[-1].strength, kept[-1].end - kept[-1].start):
            kept[-1] = each
    return kept


def _with_doses(scene: Scene, places: Places, arms: list[Candidate]) -> list[Candidate]:
    """The arms, with their dose where a sentence has the same agent in two doses: "edoxaban 15 mg, edoxaban 30 mg"."""
    text = scene.text
    dosed: dict[tuple[int, str], dict[str, list[tuple[int, int]]]] = {}
    for number, arm in enumerate(arms):
        dose, place = scene.doses.at(arm.end + 1), places.at(arm.start)
        if dose is not None and dose.start == arm.end + 1 and place is not None:
            same = dosed.setdefault((place.start, text[arm.start : arm.end].lower()), {})
            same.setdefault(text[slice(*dose)], []).append((number, dose.end))
    for same in dosed.values():
        for number, end in (each for mentions in same.values() for each in mentions) if len(same) > 1 else ():
            arms[number] = arms[number]._replace(end=end)
    return arms


@Language.factory("extract_arms", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Arms:
    """The component for `nlp.add_pipe("extract_arms")`."""
    adapt_tokenizer(nlp)
    return Arms(nlp, load("cues"))

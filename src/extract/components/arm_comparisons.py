"""Comparisons and assignments: "A vs. B", "than in B", "comparing A with B", "randomised to A or B"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from extract.components import Places
from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_phrases import after, alternatives, before, listed, words_of
from extract.document import CharSpan
from extract.patterns import lazy_regex, regex
from extract.values import ArmRole

VERSUS = regex(r"(?:versus|vs?\.?)(?=\s)")
COMPARED = regex(
    r"(?:(?:compared|comparing)\s(?:with|to)|relative\sto|(?:superior|inferior|preferable|noninferior)\sto)(?=\s)",
    re.IGNORECASE,
)
THAN = regex(r"than\s?(?=\s)(?:\s(?:that|those)(?=\s))?")
OVER = regex(r"over(?=\s)")
AGAINST = regex(r"(?:against|opposed\sto)(?=\s)")
_OVER_BEFORE = lazy_regex(r"\b(?:superiority|advantages?|benefits?|superior|improvements?|preferred)\b[^.;]{0,40}$")
_COMPARES = lazy_regex(r"(?:compar(?:ed|es|ing|e)|comparison\s(?:of|between))(?=\s)", re.IGNORECASE)
_AGAINST = lazy_regex(r"[^.;,]{0,40}?\s(?:with|to|versus|vs\.?|against)(?=\s)")
_PLACE = lazy_regex(r"\s(?:that\s|those\s)?(?:in|with|on|for|among|under|after|of|from)(?=\s)")
_INTERACTS = lazy_regex(r"\b(?:interactions?|interval|relationship|time)\s$")
_WAS = lazy_regex(r"\s(?:was|were|is|are|has\sbeen|have\sbeen)\s$")
_RATHER = regex(r"\b(?:rather|other|more|less|fewer)\s$")
_NUMERIC = lazy_regex(r"[\s(]*[-+\u00b1<>\u2264\u2265~]?\s?\d")
_TAIL_NUMBER = lazy_regex(r"[\d%)]\s?$")
_DOSED = lazy_regex(r"\b(?:with|of|to|at|between|on|receiving|given)\s(?:the\s)?$")
_ASSIGNED = lazy_regex(
    r"(?:(?:randomi[sz]ed|assigned|allocated)\s(?:[^.;()]{0,60}?\s)??(?:\([^()]{1,30}\)\s)?(?:in\sa\s[\d:\s]+ratio,?\s)?|"
    r"randomi[sz]ation\s)(?:to|between|into)\s(?:either\s|receive\s|undergo\s|take\s|have\s|one\s(?:cycle|course)\sof\s)*(?=\S)"
)
_SINCE = lazy_regex(r"\b(?:from|since|after|at|before)\s$")
_OR_TO = lazy_regex(
    r"[^.;:]{0,60}?,?\s(?:or|versus|vs\.?)\s(?:to\s)?(?:receive\s|either\s|one\s(?:cycle|course)\sof\s)*(?=\S)"
)
_TO_REFERENCE = lazy_regex(
    r"[\s\"]*(?:[<>\u2264\u2265~\u00b1-]?\d[\d.,%-]*+(?:\s?(?!(?:was|were|is|are|had|in|of)\b)[\w/\u00b2%-]++){0,3}?\s?)?,?\s?"
    r"(?:(?:in|with|for|on|under|among|of|after|at|to|from|receiving|those|patients|participants|women|men|children|"
    r"subjects|the|an?|who|that|received|underwent|were|given|treated|assigned|by|taking|no|use|only|all|grafted|"
    r"transplanted|randomi[sz]ed|people|adults|infants|\d+|[(\[][^()\[\]]*[)\]]),?\s)*[\s\"]*$"
)
_FROM_INDEX = lazy_regex(
    r"[\s\"]*(?:arm|group|patients|subgroup|recipients|cohort|alone|participants|regimen)?[\s\"]*(?:[(\[][^()\[\]]*[)\]])?[,\s\"]*$"
)
_SIGNS = (VERSUS, COMPARED, THAN, OVER, AGAINST)
_BOTH = lazy_regex(r"\s(?:[a-z]+\s)?(?:and|or|vs\.?|versus)\s(?:the\s)?$")
ROLE_REACH = 160  # characters from a comparison's sign to its reference arm
BACK_REACH = 220  # characters from "compared with" back to its index arm


class Comparisons:
    """Finds candidates at the words of comparisons and assignments: `cue` in the sentence or cell `place`."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming

    def by_comparison(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """Beside "versus", behind "compared with", "than in" and "over", and between "compared" and "with"."""
        text = scene.text
        if match := VERSUS.match(text, cue.start, place.end):
            if text[cue.start - 1 : cue.start] not in {" ", '"'}:
                return
            yield from self._index(scene, cue, place)
            if scene.doses.at(match.end() + 1) is None or self._index_dose(scene, cue, place) is not None:
                yield from self._reference(scene, match.end(), place, strict=True)
        elif (match := COMPARED.match(text, cue.start, place.end)) or (match := THAN.match(text, cue.start, place.end)):
            if match.re is THAN and _RATHER.search(text, max(place.start, cue.start - 8), cue.start):
                return
            if match.re is COMPARED and (was := _WAS.search(text, max(place.start, cue.start - 12), cue.start)):
                yield from self._index(scene, CharSpan(was.start(), cue.end), place)
            inside = _PLACE.match(text, match.end(), place.end)
            yield from self._reference(
                scene, inside.end() if inside else match.end(), place, strict=match.re is THAN and inside is None
            )
        elif OVER.match(text, cue.start, place.end):
            if _OVER_BEFORE.search(text, max(place.start, cue.start - 60), cue.start):
                yield from self._index(scene, cue, place)
                yield from self._reference(scene, cue.end, place, strict=True)
        elif match := AGAINST.match(text, cue.start, place.end):
            if text[cue.start - 3 : cue.start] == "as ":
                inside = _PLACE.match(text, match.end(), place.end)
                start = inside.end() if inside else match.end()
                yield from self._reference(scene, start, place, strict=inside is None)
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

    def by_between(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "the difference between A and B was"."""
        if _INTERACTS.search(scene.text, max(place.start, cue.start - 14), cue.start):
            return
        spans = listed(scene.text, cue.end, place.end, most=3)
        if len(spans) == 2 and all(self.naming.is_treatment(scene, span) for span in spans):
            yield from (Candidate(*span, "arm") for span in spans)

    def _index_dose(self, scene: Scene, cue: CharSpan, place: CharSpan) -> CharSpan | None:
        """The dose right before the sign of a comparison, if it stands for an arm."""
        dose = scene.doses.at(cue.start - 2)
        if dose is None:
            return None
        stands = dose.start == place.start or _DOSED.search(scene.text, max(place.start, dose.start - 12), dose.start)
        return dose if stands else None

    def _index(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """The arm right before the sign of a comparison."""
        dose = self._index_dose(scene, cue, place)
        if dose is not None:
            yield Candidate(*dose, "arm")
        elif not _TAIL_NUMBER.search(scene.text, max(0, cue.start - 6), cue.start):
            span = before(scene.text, place.start, cue.start)
            if span is not None and scene.doses.at(span.end - 1) is None:
                yield from self._compared(scene, span, place, strict=True)

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
        if words[0] in naming.not_names or scene.outcomes.touch(*span) or naming.is_time(scene, span):
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
            if (len(spans) > 1 and not words[-1].endswith("ed")) or naming.is_name(scene, span):
                yield Candidate(*span, "arm", 2, len(spans) > 1)


def arm_roles(text: str, arms: Sequence[Candidate], signs: Iterable[int], places: Places) -> dict[int, ArmRole]:
    """The sides of each comparison, by where its arms begin."""
    roles: dict[int, ArmRole] = {}
    starts = [arm.start for arm in arms]
    for sign in signs:
        place = places.at(sign)
        match = next((found for each in _SIGNS if (found := each.match(text, sign))), None)
        index = bisect_left(starts, sign)
        if match is not None and match.re is AGAINST and text[sign - 3 : sign] != "as ":
            continue
        if place is None or match is None or index == len(arms) or starts[index] > min(place.end, sign + ROLE_REACH):
            continue
        gap = text[match.end() : starts[index]]
        counted = gap.lstrip(" (<>\u2264\u2265~-")[:1].isdigit()
        if not _TO_REFERENCE.match(gap) or (counted and match.re in (THAN, OVER)):
            continue
        reference, earlier = arms[index], arms[index - 1] if index else None
        following = arms[index + 1] if index + 1 < len(arms) and starts[index + 1] < place.end else None
        if counted and following is not None and _BOTH.match(text[reference.end : following.start]):
            roles |= {reference.start: "index", following.start: "reference"}  # "12% versus 9% in A and B"
            continue
        index_arm = _index_arm(text, earlier, sign, place, near=match.re is VERSUS)
        if counted and index_arm is None and reference.kind == "subgroup":
            continue  # "20% vs. 12% in the elderly"
        roles[reference.start] = "reference"
        if index_arm is not None:
            roles.setdefault(index_arm.start, "index")
        elif sign == place.start and following is not None:
            roles.setdefault(following.start, "index")  # "Compared with A, B"
    return roles


def _index_arm(text: str, arm: Candidate | None, sign: int, place: CharSpan, *, near: bool) -> Candidate | None:
    """The arm before the sign of a comparison, right before it where `near`."""
    if arm is None or arm.start < place.start or sign - arm.end > BACK_REACH:
        return None
    gap = text[arm.end : sign]
    return arm if ";" not in gap and (not near or _FROM_INDEX.match(gap)) else None

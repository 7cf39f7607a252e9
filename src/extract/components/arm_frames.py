"""Parallel frames: what fills the same place beside two figures is an arm or a subgroup, whatever its words.

"3% after X and 9% after Y", "in X, it was 3%; in Y, 9%", "3% of cases and 9% of controls", "3% and 9% with X and Y,
respectively", "3% (X) and 9% (Y)". Times, outcomes, places, studies and whole cohorts fill no frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.components import Places
from extract.components.arm_names import Candidate, Marked, Naming, Scene
from extract.components.arm_phrases import after, listed, word_set, words_of
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.values import ArmKind

_FRAMES = {
    **dict.fromkeys(("in", "among", "amongst", "of", "for", "unlike", "in contrast to"), "people"),
    **dict.fromkeys(("with", "without", "on", "under", "using", "given", "receiving"), "treatment"),
    **dict.fromkeys(("after", "following"), "after"),
    "at": "at",
}
_ANY = "patients?|subjects|participants|individuals|persons|people|volunteers|cases|those|the time|eyes"
_SIGNS = "in|among|amongst|of|for|with|without|on|under|using|given|receiving|after|following|at"
_PREPOSITION = rf"(?P<sign>{_SIGNS})"
_UNITS = r"(?:\s?(?:%|months?|years?|weeks?|days?|hours?|points?|mm\sHg|kg|per\scent|percent)(?![\w%]))?"
_BRACKETS = r"(?:\s?(?:\([^()]{0,90}\)|\[[^\[\]]{0,90}\])){0,2}"
_TAIL = lazy_regex(rf"{_UNITS}{_BRACKETS}")
_PEOPLE_BETWEEN = rf"(?:\s(?:of\s)?(?:the\s|all\s)?(?:\d+\s)?(?:{_ANY})(?=\s(?!of|and)))?"
_AFTER = lazy_regex(rf"{_PEOPLE_BETWEEN}\s{_PREPOSITION}(?=\s)")
_COUNTED = lazy_regex(r"\s(?:of\s)?(?:the\s|all\s)?(?=[a-z])")
_LEAD = lazy_regex(rf"(?P<sign>in\scontrast\sto|unlike|{_SIGNS})(?=\s)", re.IGNORECASE)
_NEXT_LEAD = lazy_regex(
    rf"(?:[;,:]\s(?:(?:and|but|while|whereas),?\s)?|\s(?:and|but|while|whereas),?\s){_PREPOSITION}(?=\s)"
)
_OPENING = lazy_regex(r"(?:Of|Among|Amongst|In|For)(?:\s(?:the|these|those))?(?=\s[a-z])")
_SOME = lazy_regex(r"\s(?:the\s|all\s|these\s|those\s|our\s|both\s)?(?:\d+\s)?")
_INSIDE = lazy_regex(rf"\b{_PREPOSITION}(?=\s)")
_LIST_GAP = lazy_regex(r"\s?%?(?:,?\s(?:and|or|vs\.?|versus|to)\s|,\s|/)(?:in\s)?[<>\u2264\u2265~]?\s?")
_ORDERED = lazy_regex(r"respectively|\sv(?:er)?s")
_SAID = lazy_regex(r"[^.;]{0,60}?\brespectively\b")
_SAID_AT_ONCE = lazy_regex(r"[^.;,]{0,20},?\s\(?respectively\b")
_VERSUS = lazy_regex(r"\b(?:vs\.?|versus)\s")
_NAMED = lazy_regex(r"\s?[(\[](?P<name>[A-Za-z][^()\[\]\d=<>%;]{0,50})[)\]]")
_CLOSES = lazy_regex(r"\s?(?:$|[,;.:()\[\]]|(?!(?:of|to)\b))")
_QUALIFIED = lazy_regex(
    rf"{_BRACKETS}\s(?:given|treated|receiving|taking|assigned|allocated|randomi[sz]ed|who|that|with|without|in|on|after|"
    r"aged|undergoing|using|older|younger|exposed)\s"
)
_CHANGE = lazy_regex(
    r"\b(?:increas\w*|decreas\w*|reduc\w*|chang\w*|difference|declin\w*|gain|improvement|rise|rose|fell|fall|drop)\b"
    r"[^.;,]{0,30}$"
)
COMPARATIVES = ("more", "less", "higher", "lower", "longer", "shorter", "better", "worse", "greater", "poorer")
_COMPARATIVE = lazy_regex(
    rf"(?:{'|'.join(COMPARATIVES)})(?:\s(?!than\b)[a-z-]+){{0,2}}?\s"
    r"(?:in|with|after|among|for|under|on|without|following)(?=\s)"
)
_THEN = lazy_regex(r"\s(?:than\b|[(\[]\s?[<>\u2264\u2265~]?\d)")
_ROLE = lazy_regex(r"non-?(?=\w)")
_PLACE_NAME = lazy_regex(r"[A-Z][a-z]+(?:\s[A-Z][a-z]+)*$")
_NUMBER = lazy_regex(r"\s(?:\d[A-Ca-c]?|[IVX]+)(?![\w.%-])")
_SIGNED = lazy_regex(r"-(?:negative|positive)(?![\w-])", re.IGNORECASE)
_GENERIC = word_set(
    "patient patients subjects participants individuals persons people volunteers those cases recipients pts trials"
    " studies programmes programs eyes"
)
_FOLK = word_set(
    "children adults adolescents infants neonates newborns babies boys girls men women males females mothers fathers"
    " survivors donors siblings twins controls cases students smokers others relatives carriers users nonusers nurses"
    " physicians veterans elderly young old"
)
_NOT_LAST = word_set(
    "study studies trial trials series report reports literature analysis analyses meta-analysis review reviews"
    " registry database experience survey arm arms group groups subgroup subgroups cohort cohorts model models country"
    " countries centre centres center centers hospital hospitals time times period risk view favour favor order"
    " addition contrast general particular fact turn practice example instance note course average need regard respect"
    " caution duration population populations stratum strata remainder rest majority minority setting"
    " settings state states use case it them us"
)
_NOT_FIRST = word_set(
    "cycle cycles grade grades week day month year course phase part table figure fig least follow-up baseline total"
    " peripheral diagnosis visit period general"
)
_BARE = word_set("related unrelated treated untreated")
MOST = 6  # words of a filler
REACH = 110  # characters from a filler to the next figure
NEAR = 60  # characters from people to what they were given
MAX_LISTED = 5
MAX_NAME_WORDS = 4


class _Figure(NamedTuple):
    """A figure, and where the unit and the brackets behind it end."""

    start: int
    end: int
    tail: int


class _Filler(NamedTuple):
    """What stands in one place of a frame; `known` if an arm is marked there."""

    span: CharSpan
    sign: str
    known: bool
    leads: bool


class Frames:
    """Finds the fillers of parallel frames."""

    def __init__(self, naming: Naming) -> None:
        self.naming = naming

    def by_frame(self, scene: Scene, places: Places, found: Sequence[Candidate]) -> Iterator[Candidate]:
        """The fillers beside the figures of each sentence that has two or more."""
        known = Marked((each.start, each.end) for each in found)
        for place, figures in _sentences(scene, places):
            if (opening := _OPENING.match(scene.text, place.start, figures[0].start)) is not None:
                yield from self._opening(scene, opening, figures[0].start)
            if len(figures) > 1:
                yield from self._beside(scene, known, place, figures)
                if _ORDERED.search(scene.text, figures[0].end, place.end):
                    yield from self._in_order(scene, known, place, figures)
                yield from self._bracketed(scene, known, place, figures)

    def by_comparative(self, scene: Scene, cue: CharSpan, place: CharSpan) -> Iterator[Candidate]:
        """ "more frequent after emergency surgery (18% vs. 4%)", "lower in smokers than in others"."""
        match = _COMPARATIVE.match(scene.text, cue.start, place.end)
        span = after(scene.text, match.end(), place.end, most=MOST) if match is not None else None
        if span is not None and _THEN.match(scene.text, span.end, place.end) and self._fills(scene, span):
            yield self._candidate(scene, span, "in" if match is not None and match[0].endswith(("in", "g")) else "with")

    def _opening(self, scene: Scene, opening: re.Match[str], ceiling: int) -> Iterator[Candidate]:
        """ "Of the survivors, 22%", "Among adults, the rate was"."""
        span = after(scene.text, opening.end(), ceiling, most=3)
        if span is None or scene.text[span.end] != "," or words_of(scene.text, span)[-1] not in _FOLK:
            return
        if self._fills(scene, span):
            yield Candidate(*span, "subgroup")

    def _beside(self, scene: Scene, known: Marked, place: CharSpan, figures: Sequence[_Figure]) -> Iterator[Candidate]:
        """ "3% after X and 9% after Y", "in X, it was 3%; in Y, 9%"."""
        frames: dict[str, list[_Filler]] = {}
        floor = place.start
        for index, figure in enumerate(figures):
            ceiling = figures[index + 1].start if index + 1 < len(figures) else place.end
            lead = self._lead(scene, known, CharSpan(floor, figure.start), opens=index == 0)
            behind = self._behind(scene, known, figure, ceiling, place)
            for filler in (lead, behind):
                if filler is not None:
                    frames.setdefault(_FRAMES[filler.sign], []).append(filler)
            floor = behind.span.end if behind is not None else figure.tail
        for fillers in frames.values():
            names = {scene.text[slice(*each.span)].lower() for each in fillers}
            if len(names) > 1 and self._is_parallel(scene, fillers, place, figures[0]):
                new = [each for each in fillers if not each.known and self._fills(scene, each.span)]
                found = [self._candidate(scene, each.span, each.sign) for each in new]
                people = any(each.kind == "subgroup" for each in found)
                for each in found:
                    treats = self.naming.is_treatment(scene, CharSpan(each.start, each.end))
                    yield each._replace(kind="subgroup") if people and not treats else each

    def _lead(self, scene: Scene, known: Marked, gap: CharSpan, *, opens: bool) -> _Filler | None:
        """What stands before a figure: "in X, mortality was"."""
        text = scene.text
        if text.find(",", gap.start, gap.end) < 0:
            return None
        match = _LEAD.match(text, *gap) if opens else None
        if match is None:
            match = next(_NEXT_LEAD.finditer(text, *gap), None)
        if match is None:
            return None
        filler = self._filler(scene, known, match, gap.end)
        return filler._replace(leads=True) if filler is not None and text[filler.span.end] == "," else None

    def _behind(self, scene: Scene, known: Marked, figure: _Figure, ceiling: int, place: CharSpan) -> _Filler | None:
        """What stands behind a figure: "9% of Y", "one of 35 newborns"."""
        text, end = scene.text, figure.tail
        match = _AFTER.match(text, end, ceiling)
        if match is not None:
            if _CHANGE.search(text, max(place.start, figure.start - 50), figure.start):
                return None
            filler = self._filler(scene, known, match, ceiling)
            near = filler is not None and (ceiling == place.end or ceiling - filler.span.end < REACH)
            return filler if near else None
        if " of " in text[figure.start : figure.end] and (counted := _COUNTED.match(text, figure.end, ceiling)):
            span = after(text, counted.end() - 1, ceiling, most=3)
            if span is not None and words_of(text, span)[-1] in _FOLK:
                return _Filler(span, "of", _is_known(text, known, span, ceiling), leads=False)
        return None

    def _filler(self, scene: Scene, known: Marked, match: re.Match[str], ceiling: int) -> _Filler | None:
        some = _SOME.match(scene.text, match.end(), ceiling)
        start = some.end() - 1 if some is not None else match.end()
        span = after(scene.text, start, ceiling, most=MOST)
        if span is None:
            return None
        span = _with_number(scene.text, span, ceiling)
        taken = _is_known(scene.text, known, CharSpan(match.end(), span.end), ceiling)
        if not taken and not (self._fills(scene, span) and _CLOSES.match(scene.text, span.end)):
            return None
        return _Filler(span, match["sign"].lower(), taken, leads=False)

    def _is_parallel(self, scene: Scene, fillers: Sequence[_Filler], place: CharSpan, first: _Figure) -> bool:
        """Whether the fillers are of one kind: one is an arm or people, or a noun or their preposition tells."""
        text = scene.text
        spans = [each.span for each in fillers]
        if any(each.known or self._names(scene, each.span) for each in fillers) or _alike(text, spans):
            return True
        strong = all(each.leads or each.sign in {"after", "following", "without", "among"} for each in fillers)
        return strong and scene.outcomes.touch(place.start, first.start)

    def _in_order(
        self, scene: Scene, known: Marked, place: CharSpan, figures: Sequence[_Figure]
    ) -> Iterator[Candidate]:
        """ "3% and 9% with X and Y, respectively", "the rate in X and Y was 3% and 9%, respectively"."""
        text, floor = scene.text, place.start
        for run in _runs(text, figures):
            if len(run) > 1:
                end = run[-1].tail
                match = _AFTER.match(text, end, place.end)
                spans: list[CharSpan] = []
                if match is not None:
                    spans = listed(text, match.end(), place.end, most=MAX_LISTED)
                    said = bool(spans) and _SAID.match(text, spans[-1].end, place.end) is not None
                    said = said or (bool(spans) and _VERSUS.search(text, run[0].end, run[-1].start) is not None)
                    yield from self._items(scene, known, spans, len(run), match["sign"], said=said)
                elif _SAID_AT_ONCE.match(text, end, place.end):
                    for sign in _INSIDE.finditer(text, floor, run[0].start):
                        spans = listed(text, sign.end(), run[0].start, most=MAX_LISTED)
                        yield from self._items(scene, known, spans, len(run), sign["sign"], said=True)
            floor = run[-1].end

    def _items(
        self, scene: Scene, known: Marked, spans: Sequence[CharSpan], count: int, sign: str, *, said: bool
    ) -> Iterator[Candidate]:
        """The items of a list that has one for each figure."""
        if len(spans) != count or not said:
            return
        taken = [known.touch(*span) for span in spans]
        fits = [each or self._fills(scene, span) for each, span in zip(taken, spans, strict=True)]
        names = any(taken) or any(self._names(scene, span) for span in spans) or _alike(scene.text, spans)
        if all(fits) and (names or sign in {"after", "following", "among"}):
            for each, span in zip(taken, spans, strict=True):
                if not each:
                    yield self._candidate(scene, span, sign)

    def _bracketed(
        self, scene: Scene, known: Marked, place: CharSpan, figures: Sequence[_Figure]
    ) -> Iterator[Candidate]:
        """ "3% (X), 9% (Y) and 7% (Z)"."""
        named = [_NAMED.match(scene.text, each.end, place.end) for each in figures if each.tail > each.end + 2]
        spans = [CharSpan(*match.span("name")) for match in named if match is not None]
        if len(spans) < 2:
            return
        spans = [span for span in spans if len(words_of(scene.text, span)) <= MAX_NAME_WORDS]
        new = [span for span in spans if not known.touch(*span)]
        if len(spans) > 1 and all(self._fills(scene, span) and self._names(scene, span) for span in new):
            yield from (self._candidate(scene, span, "with") for span in new)

    def _fills(self, scene: Scene, span: CharSpan) -> bool:
        """Whether a phrase may fill a frame: no time, outcome, place, study, or whole cohort."""
        words, name = words_of(scene.text, span), scene.text[slice(*span)]
        if words[0] in self.naming.not_names or words[0] in _NOT_FIRST or words[-1] in _NOT_LAST:
            return False
        if len(words) == 1 and words[0] in _GENERIC and not (words[0] == "cases" and _near_controls(scene.text, span)):
            return False
        if words[-1] in scene.title and words[-1] in _FOLK:
            return False
        if scene.outcomes.touch(*span) and not _SIGNED.search(name):
            return False
        if _PLACE_NAME.match(name) and not self.naming.is_treatment(scene, span):
            return False
        return not (scene.trials.touch(*span) or self.naming.is_time(scene, span))

    def _names(self, scene: Scene, span: CharSpan) -> bool:
        """Whether the words of a phrase alone tell a treatment or people."""
        words = words_of(scene.text, span)
        return (
            (words[-1] in _FOLK and words != ["cases"])
            or words[-1] in self.naming.subgroups
            or words[0] in _BARE
            or self.naming.is_name(scene, span)
            or self.naming.is_marked(scene, span)
        )

    def _candidate(self, scene: Scene, span: CharSpan, sign: str) -> Candidate:
        kind: ArmKind = "arm"
        last = words_of(scene.text, span)[-1]
        people = _FRAMES[sign] == "people" or last in _FOLK or self.naming.is_marked(scene, span)
        if people and last != "controls" and not self.naming.is_treatment(scene, span):
            kind = "subgroup"
        return Candidate(*span, kind)


def _sentences(scene: Scene, places: Places) -> Iterator[tuple[CharSpan, list[_Figure]]]:
    """The sentences and cells that have figures, each with its own."""
    place: CharSpan | None = None
    own: list[_Figure] = []
    for start, end in scene.figures:
        if place is None or not place.start <= start < place.end:
            if place is not None:
                yield place, own
            place, own = places.at(start), []
        if own and start < own[-1].tail:
            continue  # "(8/12)" and "(95% CI 3-9%)" are no figures of their own
        tail = _TAIL.match(scene.text, end)
        own.append(_Figure(start, end, tail.end() if tail is not None else end))
    if place is not None:
        yield place, own


def _runs(text: str, figures: Sequence[_Figure]) -> Iterator[list[_Figure]]:
    """Figures that one list holds: "31%, 28% and 12%"."""
    run = [figures[0]]
    for first, second in pairwise(figures):
        if not _LIST_GAP.fullmatch(text, first.tail, second.start):
            yield run
            run = []
        run.append(second)
    yield run


def _is_known(text: str, known: Marked, span: CharSpan, ceiling: int) -> bool:
    """Whether an arm is marked in the phrase or in what tells of its people: "infants given caffeine"."""
    qualified = _QUALIFIED.match(text, span.end, ceiling) is not None
    return known.touch(span.start, min(ceiling, span.end + NEAR) if qualified else span.end)


def _near_controls(text: str, span: CharSpan) -> bool:
    return text.find("controls", max(0, span.start - REACH), span.end + REACH) >= 0


def _with_number(text: str, span: CharSpan, ceiling: int) -> CharSpan:
    match = _NUMBER.match(text, span.end, ceiling)
    last = text[span.start : span.end].rsplit(" ", 1)[-1].lower()
    return CharSpan(span.start, match.end()) if match and last in {"stage", "class", "type"} else span


def _alike(text: str, spans: Sequence[CharSpan]) -> bool:
    """Whether phrases share their head, their modifier's head, or are one with and one without "non-"."""
    words = [words_of(text, span) for span in spans]
    heads = [each[-1].rsplit("-", 1)[-1] for each in words]
    firsts = [each[0].rsplit("-", 1)[-1] for each in words]
    bare = [_ROLE.sub("", " ".join(each), count=1) for each in words]
    for each in (heads, firsts, bare):
        if len(set(each)) < len(each) and len({" ".join(word) for word in words}) > 1:
            return True
    return False

"""Outcomes by construction: a noun phrase that the words around it, and a number beside it, show to be an outcome.

The lexicon knows names; this knows sentences: "the risk of X (HR 0.8)", "X occurred in 12%", "8% developed X",
"higher X (OR 1.4)". A phrase counts only where a figure of its sentence reports it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from extract.components import Places
from extract.components.figures import Figures
from extract.components.noun_phrases import head_of, phrase_before, phrases_after, phrases_before
from extract.components.outcome_wording import (
    AIM,
    AT_BASELINE,
    AT_RISK,
    AVERAGE,
    AVERAGED,
    BY,
    CHANGE_BEFORE,
    CHANGE_IN,
    CHANGED,
    COMORBID,
    COMPARED,
    COORDINATED,
    CUT,
    EVENT,
    GOVERNED,
    HAD,
    IS,
    JOINT,
    LEVEL,
    LIST_LEAD,
    MEMBER,
    NOT_A_RATE,
    NOT_AVERAGED,
    OBJECT_OF,
    OCCURRED,
    OF_ANOTHER,
    PAIR,
    PREDICTED,
    RATE_AFTER,
    RATES,
    RATIOS,
    REASONS,
    SUBJECT,
    THEREBY,
    TIME_TO,
    UNDER,
    WITH_INCIDENCE,
)
from extract.document import CharSpan

Pair = tuple[int, int]

REACH_AFTER = 150  # characters between an outcome and the figure after it
REACH_EFFECT = 240
REACH_BEFORE = 90
MAX_BRACKET = 80  # characters of a bracket before its figure, or of an aside
NEAR_BEFORE = 40  # characters between a percentage and the rate that it gives


def find_open(text: str, place: CharSpan, figures: Figures, known: Sequence[Pair], barred: Places) -> list[Pair]:
    """The phrases of a sentence that its constructions make outcomes.

    `known` are outcomes of the sentence already marked; a phrase that ends in one of the `barred` spans (drugs, trials)
    is none.
    """
    sentence = _Sentence(text, place[0], place[1], figures, sorted(known))
    words = text[place[0] : place[1]].lower()
    found = {
        phrase
        for cues, construction in _CONSTRUCTIONS
        if any(cue in words for cue in cues)
        for phrase in construction(sentence)
    }
    found |= set(sentence.listed([*known, *found]))
    return sorted(phrase for phrase in found if barred.at(phrase[1] - 1) is None)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    start: int
    end: int
    figures: Figures
    known: Sequence[Pair]

    def rates_of(self) -> Iterator[Pair]:
        """ "the risk of X … (HR 0.8)", "a 14% incidence of X" """
        for start, word, end in self._rates():
            stated = self._percent_before(start)
            phrases = [phrase for phrase in phrases_after(self.text, end, self.end) if stated or self._after(phrase[1])]
            before = self.text[max(self.start, start - 60) : start]
            if phrases and not AT_RISK.search(before) and not self._is_other_rate(start, word):
                aim = AIM.search(before)
                yield from (phrase for phrase in phrases if not aim or self._attached(phrase[1]))

    def _rates(self) -> Iterator[tuple[int, str, int]]:
        """Words for a frequency or a ratio before a preposition: where each begins, and where its object does."""
        for match in OBJECT_OF.finditer(self.text, self.start, self.end):
            word = match["word"]
            if word in RATIOS or word.lower() in RATES:
                yield match.start(), word.lower(), match.end()

    def _is_other_rate(self, start: int, word: str) -> bool:
        """Whether a rate is no frequency of what follows it: "a heart rate of", "the success rate of a device"."""
        if not word.startswith("rate"):
            return False
        noun = phrase_before(self.text, self.start, start - 1)
        return noun is not None and (self._last_word(noun) in NOT_A_RATE or self._named(noun))

    def _last_word(self, phrase: Pair) -> str:
        return self.text[slice(*phrase)].lower().replace("/", " ").split()[-1]

    def rates_after(self) -> Iterator[Pair]:
        """ "X incidence of 12%", "lower X risk (OR 0.4)" """
        for match in RATE_AFTER.finditer(self.text, self.start, self.end):
            phrase = phrase_before(self.text, self.start, match.start())
            if phrase is None or self._last_word(phrase) in NOT_A_RATE or not self._named(phrase):
                continue
            if self._after(match.end()):
                yield phrase

    def occurred(self) -> Iterator[Pair]:
        """ "X was observed in 12% of patients" """
        for match in OCCURRED.finditer(self.text, self.start, self.end):
            subject = match.start()
            if self.text[subject - 1 : subject] == ")":
                opened = self.text.rfind("(", max(self.start, subject - MAX_BRACKET), subject)
                subject = opened - 1 if opened > self.start else subject
            if self._first(self.figures.results, match.end(), 60):
                yield from self._subjects(subject)

    def _subjects(self, end: int) -> Iterator[Pair]:
        """The outcomes that are the subject of a verb; of "revision due to loosening" the first."""
        first = phrase_before(self.text, self.start, end)
        under = UNDER.search(self.text, max(self.start, first[0] - 40), first[0]) if first else None
        if under is not None:
            head = phrase_before(self.text, self.start, under.start())
            if head and self._is_event(head) and self._named(head) and not self._is_governed(head):
                yield head
            return
        for phrase in phrases_before(self.text, self.start, end):
            if self._is_governed(phrase):
                return
            if self._is_event(phrase) or not self.known:
                yield phrase

    def _is_governed(self, phrase: Pair) -> bool:
        return GOVERNED.search(self.text, max(self.start, phrase[0] - 40), phrase[0]) is not None

    def had(self) -> Iterator[Pair]:
        """ "12% of patients developed X" """
        of_baseline: bool | None = None
        for match in HAD.finditer(self.text, self.start, self.end):
            figure = self._last_before(match.start())
            if figure is None or not SUBJECT.match(self.text[figure[1] : match.start()]):
                continue
            if match["weak"] and of_baseline is None:
                of_baseline = COMORBID.search(self.text, self.start, self.end) is not None
            if match["weak"] and of_baseline:
                continue
            for phrase in phrases_after(self.text, match.end(), self.end):
                if match["weak"] and not self._is_event(phrase):
                    break
                yield phrase

    def bracketed(self) -> Iterator[Pair]:
        """ "higher X (OR 1.4)" """
        for effect in sorted([*self.figures.effects, *filter(self._is_paired, self.figures.results)]):
            floor = max(self.start, effect[0] - MAX_BRACKET)
            opened = max(self.text.rfind(sign, floor, effect[0]) for sign in "([")
            if opened < 0 or any(sign in self.text[opened : effect[0]] for sign in ")]"):
                continue
            name_end = opened - 1 if self.text[opened - 1 : opened] == " " else opened
            for phrase in phrases_before(self.text, self.start, name_end):
                if COMPARED.search(self.text, max(self.start, phrase[0] - 60), phrase[0]):
                    yield phrase

    def _is_paired(self, figure: Pair) -> bool:
        """Whether a figure is the first of a bracketed pair: "(9% vs 6%"."""
        return self.text[figure[0] - 1] in "([" and bool(PAIR.match(self.text, figure[1], self.end))

    def predicted(self) -> Iterator[Pair]:
        """ "A (OR 1.4) and B (OR 2.0) were risk factors for X" """
        for match in PREDICTED.finditer(self.text, self.start, self.end):
            if self._before(match.start(), effects_only=True) or self._effect_after(match.end()):
                yield from phrases_after(self.text, match.end(), self.end)

    def times_to(self) -> Iterator[Pair]:
        """ "time to X was 14 days" """
        for match in TIME_TO.finditer(self.text, self.start, self.end):
            phrase = next(phrases_after(self.text, match.end(), self.end), None)
            if phrase and self._after(phrase[1]):
                yield match.start(), phrase[1]

    def averaged(self) -> Iterator[Pair]:
        """ "the mean X was 4.1" """
        for match in AVERAGE.finditer(self.text, self.start, self.end):
            phrase = next(phrases_after(self.text, match.end(), self.end), None)
            if phrase is None or not self._effect_after(phrase[1]):
                continue
            name = self.text[slice(*phrase)]
            if AVERAGED.search(name) and not NOT_AVERAGED.search(name) and not AT_BASELINE.match(self.text, phrase[1]):
                yield phrase

    def changed(self) -> Iterator[Pair]:
        """ "an improvement of 50% in X", "reduced X by 20%" """
        for figure in self.figures.results:
            inside = CHANGE_IN.match(self.text, figure[1], self.end)
            if inside and (
                CHANGE_BEFORE.search(self.text, max(self.start, figure[0] - 40), figure[0])
                or re.search(CHANGED, self.text[figure[1] : inside.end()])
            ):
                yield from phrases_after(self.text, inside.end(), self.end)
        for match in BY.finditer(self.text, self.start, self.end):
            for phrase in phrases_after(self.text, match.end(), self.end):
                by = self.text.find(" by ", phrase[1], phrase[1] + 40)
                if by >= 0 and self._first(self.figures.results, by, 30):
                    yield phrase

    def with_incidence(self) -> Iterator[Pair]:
        """ "X is a common complication, with an incidence of 5%" """
        rate = WITH_INCIDENCE.search(self.text, self.start, self.end)
        verb = IS.search(self.text, self.start, rate.start()) if rate else None
        if rate and verb and self._first(self.figures.results, rate.end(), 12):
            phrase = phrase_before(self.text, self.start, verb.start())
            if phrase and self._named(phrase) and phrase[0] - self.start <= 30:
                yield phrase

    def levels(self) -> Iterator[Pair]:
        """ "a higher X score of 76 (95% CI 70-81)" """
        for spread in self.figures.spreads:
            lead = LEVEL.search(self.text, max(self.start, spread[0] - 40), spread[0])
            phrase = phrase_before(self.text, self.start, lead.start()) if lead else None
            if (
                phrase
                and AVERAGED.search(self.text[slice(*phrase)])
                and not NOT_AVERAGED.search(self.text, max(self.start, phrase[0] - 30), phrase[1])
            ):
                yield phrase

    def listed(self, known: Sequence[Pair]) -> list[Pair]:
        """ "infections (15%), rash (3%) and X (2%)" """
        found = [phrase for chain in self._chains({end for _, end in known}) for phrase in chain]
        if found and any(each.search(self.text, self.start, self.end) for each in (COMORBID, REASONS)):
            return []
        return found

    def _chains(self, ends: set[int]) -> Iterator[list[Pair]]:
        """Runs of names with a figure each, of which one is known, or which are said to be adverse events."""
        chain: list[Pair] = []
        outcome = False
        last = -1
        for figure in sorted([*self.figures.results, *self.figures.effects]):
            opened = self._opens(figure)
            phrase = self._member(max(self.start, last), opened) if opened else None
            if phrase is None or not self._named(phrase):
                continue
            if last < 0 or not JOINT.fullmatch(self.text[last : phrase[0]]):
                if outcome:
                    yield chain
                chain, outcome = [], bool(LIST_LEAD.search(self.text, max(self.start, phrase[0] - 120), phrase[0]))
            if OF_ANOTHER.search(self.text, max(self.start, phrase[0] - 16), phrase[0]):
                continue
            chain.append(phrase)
            outcome = outcome or phrase[1] in ends
            closed = self.text.find(")", figure[1], min(self.end, figure[1] + 60))
            last = closed if closed >= 0 and self.text[opened : opened + 2].strip()[:1] in "([" else figure[1]
        if outcome:
            yield chain

    def _member(self, floor: int, end: int) -> Pair | None:
        """The name before a bracketed figure; of "pneumothorax requiring drainage" the first."""
        phrase = phrase_before(self.text, floor, end)
        thereby = THEREBY.search(self.text, max(self.start, phrase[0] - 20), phrase[0]) if phrase else None
        return phrase_before(self.text, floor, thereby.start()) if thereby else phrase

    def _opens(self, figure: Pair) -> int:
        """Where the name ends to which a bracketed figure belongs; 0 where there is none."""
        before = self.text[max(self.start, figure[0] - 24) : figure[0]]
        if "(" not in before and "[" not in before and not before.endswith((" in ", ", ")):
            return 0
        for match in MEMBER.finditer(self.text, max(self.start, figure[0] - 24), figure[0] + 1):
            if match.end() >= figure[0] - 1:
                return match.start()
        return 0

    def _named(self, phrase: Pair) -> bool:
        return next(phrases_after(self.text, *phrase), None) is not None

    def _is_event(self, phrase: Pair) -> bool:
        return bool(EVENT.search(head_of(self.text, *phrase)))

    def _first(self, spans: Sequence[Pair], offset: int, reach: int) -> bool:
        index = bisect_left(spans, (offset, 0))
        return (
            index < len(spans)
            and spans[index][0] - offset <= reach
            and not CUT.search(self.text, offset, spans[index][0])
        )

    def _after(self, offset: int) -> bool:
        """Whether a figure after the offset can report what stands before it and no other outcome stands between."""
        index = bisect_left(self.known, (offset, 0))
        following = self.known[index][0] if index < len(self.known) else self.end
        if self._first(self.figures.results, offset, REACH_AFTER):
            figure = self.figures.results[bisect_left(self.figures.results, (offset, 0))]
            if figure[0] < following or COORDINATED.match(self.text[offset : min(following, offset + REACH_AFTER)]):
                return True
        return self._effect_after(offset)

    def _effect_after(self, offset: int) -> bool:
        return self._first(self.figures.effects, offset, REACH_EFFECT)

    def _attached(self, offset: int) -> bool:
        return self._first(self.figures.results, offset, 4) or self._first(self.figures.effects, offset, 24)

    def _last_before(self, offset: int) -> Pair | None:
        index = bisect_left(self.figures.results, (offset, 0)) - 1
        last = self.figures.results[index] if index >= 0 else None
        return last if last is not None and offset - last[1] <= REACH_BEFORE else None

    def _percent_before(self, offset: int) -> bool:
        """Whether a percentage says how high the rate is ("a 14% incidence of", "a 20% lower risk of")."""
        last = self._last_before(offset)
        return last is not None and self.text[last[1] - 1] == "%" and offset - last[1] <= NEAR_BEFORE

    def _before(self, offset: int, *, effects_only: bool = False) -> bool:
        for spans in (self.figures.effects, () if effects_only else self.figures.results):
            index = bisect_left(spans, (offset, 0)) - 1
            if (
                index >= 0
                and offset - spans[index][1] <= REACH_BEFORE
                and not CUT.search(self.text, spans[index][1], offset)
            ):
                return True
        return False


def _cues(stems: str) -> tuple[str, ...]:
    return tuple(stem.replace("_", " ") for stem in stems.split())


# Each construction with stems of which a sentence must hold one; `_` is a space.
_CONSTRUCTIONS: tuple[tuple[tuple[str, ...], Callable[[_Sentence], Iterable[Pair]]], ...] = (
    (
        _cues(
            "risk rate inciden odds hazard prevalen frequen probabilit likelihood occurren chance susceptib "
            "hr or_ ors_ rr"
        ),
        _Sentence.rates_of,
    ),
    (_cues("risk rate inciden prevalen frequen probabilit likelihood"), _Sentence.rates_after),
    (_cues("_was_ _were_ _is_ _are_ _been_ occur develop happened arose emerged"), _Sentence.occurred),
    (
        _cues(
            "develop experienc suffer sustained achiev attained reached maintained requir needed positive_for "
            "complained exhibit had_ report show demonstrat display presented"
        ),
        _Sentence.had,
    ),
    (_cues("( ["), _Sentence.bracketed),
    (_cues("factor predict associated linked related"), _Sentence.predicted),
    (_cues("time_to time_until"), _Sentence.times_to),
    (_cues("mean_ median_"), _Sentence.averaged),
    (
        _cues("improv reduc decreas increas ris fall declin gain chang lower cut short prolong enhanc diminish"),
        _Sentence.changed,
    ),
    (_cues("with_"), _Sentence.with_incidence),
    (_cues("was_ were_ of_ averaged is_ at_"), _Sentence.levels),
)

"""Figures that can report an outcome: percentages, counts, rates, effect measures and averages, in text order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from extract.components import Zone, values
from extract.document import CharSpan
from extract.patterns import lazy_regex

Pair = tuple[int, int]

_SPREADS = frozenset({"confidence_interval", "standard_error", "dispersion"})
_BESIDE = frozenset({"p_value", "i_squared"})
_LAST_NUMBER = lazy_regex(r"-?\d[\d.,]*$")
# "35 studies", "of the 95 articles, 68%": figures of studies and not of people
_STUDIES = lazy_regex(
    r"\s?(?:[\w-]+\s){0,3}?(?:studies|trials|articles|papers|publications|reviews|reports|records|citations|RCTs|"
    r"meta-analyses|cohorts|countries|cent(?:er|re)s|sites|databases|questionnaires)\b"
)
_OF_STUDIES = lazy_regex(
    r"\b[Oo]f\s(?:the\s|these\s|all\s)?(?:\d+\s)?(?:included\s|eligible\s|identified\s)?"
    r"(?:articles|studies|trials|papers|reports)\b[^.;]{0,60},\s$"
)
# "0.95 per patient per year", "12.8 deaths per 1000 person-years"
_PER_TIME = lazy_regex(
    r"(?:per\b|/)\s?(?:(?:100|1,?000|10,?000|100,?000)\s?)?(?:patient|person|participant|subject|woman|child)?s?"
    r"(?:\sper)?[\s-]?(?:years?|yr|months?)\b"
)
_RATED = lazy_regex(r"(?<![\w.,/-])\d[\d.,]*(?:\s(?!mg|µg|mcg|ug|g|mL|ml|IU|Gy|units?\b)[A-Za-z]+){0,3}\s?$")
# "fell by 14 mm Hg", "improved by a mean of 0.5", "from 8.1 to 7.2"
_LEVEL = lazy_regex(
    r"\b(?:by|of|from|to|was|were)\s(?:(?:an?|the|only|about|approximately|around|mean|median|average|estimated|"
    r"of)\s){0,4}"
    r"[-+]?\d[\d.,]*\s?(?:mm\s?Hg|m[lL](?:/\w+){0,3}|[mµ]mol/(?:[lL]|mol)|m?g/d?[lL]|ng/m[lL]|pg/m[lL]|kg(?:/m²)?|"
    r"points?|letters|bpm|beats|cm|mm|ms|m|s|L(?:/min)?|events?/h|/h|units|steps|dB|METs?|SD)(?![\w/²-])"
)
_CHANGED_BY = lazy_regex(
    r"\b(?:fell|fallen|rose|risen|(?:improv|decreas|increas|declin|dropp|chang|reduc|lower|worsen|shorten|"
    r"prolong)(?:ed|es|ing|s)?)\s"
    r"(?:[\w-]+\s){0,6}?by\s(?:an?\s(?:mean|median|average)\sof\s)?-?\d"
)
REACH = 160  # characters between a measure and the level that reports it


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a document or sentence, each kind in text order."""

    results: Sequence[Pair]  # percentages, counts and rates
    effects: Sequence[Pair]  # effect measures and averages: where their number stands
    spreads: Sequence[Pair] = ()  # intervals, errors and deviations

    def __bool__(self) -> bool:
        return bool(self.results or self.effects or self.spreads)

    def starts(self, start: int, end: int) -> Iterator[int]:
        """Where the figures between two offsets begin."""
        for spans in (self.results, self.effects, self.spreads):
            for index in range(bisect_left(spans, (start, 0)), bisect_left(spans, (end, 0))):
                yield spans[index][0]

    def inside(self, place: CharSpan) -> Figures:
        """The figures of a place."""
        return Figures(*(_inside(spans, place) for spans in (self.results, self.effects, self.spreads)))


def read_figures(doc: Doc, text: str, zones: Sequence[Zone]) -> Figures:
    """The figures of the doc that can report an outcome; figures of studies are left out."""
    results = [(start, end) for start, end, value in values(doc, "percents") if value.role == "value"]
    results += [(start, end) for start, end, _ in values(doc, "counts")]
    results = [figure for figure in results if not _counts_studies(text, figure)]
    results += [rate for zone in zones for rate in _rates(text, zone.start, zone.end)]
    effects: list[Pair] = []
    spreads: list[Pair] = []
    for start, end, value in values(doc, "statistics"):
        if value.kind in _SPREADS:
            spreads.append((start, end))
        elif value.kind not in _BESIDE and (number := _LAST_NUMBER.search(text, start, end)):
            effects.append((number.start(), end))
    return Figures(sorted(set(results)), sorted(effects), sorted(spreads))


def states_level(text: str, offset: int, place: CharSpan) -> bool:
    """Whether a change or level with its unit stands near the offset inside the place."""
    around = max(place[0], offset - REACH), min(place[1], offset + REACH)
    return bool(_LEVEL.search(text, *around) or _CHANGED_BY.search(text, *around))


def _rates(text: str, start: int, end: int) -> Iterator[Pair]:
    """Numbers of events in a time: "0.95 per patient-year"."""
    for match in _PER_TIME.finditer(text, start, end):
        number = _RATED.search(text, max(start, match.start() - 40), match.start())
        if number is not None:
            yield number.start(), match.end()


def _counts_studies(text: str, figure: Pair) -> bool:
    if _STUDIES.match(text, figure[1]):
        return True
    start = figure[0]
    return text[start - 2 : start] == ", " and bool(_OF_STUDIES.search(text, max(0, start - 100), start))


def _inside(spans: Sequence[Pair], place: CharSpan) -> Sequence[Pair]:
    return spans[bisect_left(spans, (place[0], 0)) : bisect_left(spans, (place[1], 0))]

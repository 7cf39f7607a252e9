"""Durations: lengths of time and time points ("2-year", "at 12 months", "day 100", "two weeks") as ISO 8601."""

from __future__ import annotations

import re
from itertools import chain

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, make_spans, text_of, zones
from extract.components.grammar import NUMBER, NUMBER_WORD, NUMBER_WORDS, START, begun, decimal, near
from extract.patterns import lazy_regex
from extract.values import Duration, as_printed

_DESIGNATORS = {
    "year": "P{}Y",
    "yr": "P{}Y",
    "y": "P{}Y",
    "month": "P{}M",
    "mo": "P{}M",
    "mth": "P{}M",
    "week": "P{}W",
    "wk": "P{}W",
    "day": "P{}D",
    "d": "P{}D",
    "hour": "PT{}H",
    "hr": "PT{}H",
    "h": "PT{}H",
    "minute": "PT{}M",
    "min": "PT{}M",
}
# Short forms are units in lower case only: HR is a hazard ratio or a risk group.
_UNIT = r"(?P<unit>(?i:years?|months?|weeks?|days?|hours?|minutes?)|yrs?|y|mos?|mths?|wks?|d|hrs?|h|min)(?![A-Za-z/²])"
_LENGTH = lazy_regex(
    rf"(?:{START}(?P<low>{NUMBER})(?:(?:\s?-\s?|\sto\s)(?P<high>{NUMBER}))?|"
    rf"(?<![\w-])(?P<word>(?i:{NUMBER_WORD})))[ -]?{_UNIT}"
)
# "4- and 6-year", "1, 2 or 3 years": earlier numbers share the unit, but not 2016 in "in 2016, and 5-year survival".
_SHARING = lazy_regex(rf"{START}(?!(?:19|20)\d\d\b)(?P<low>{NUMBER})-?(?:,\s|,?\s(?:and|or)\s|/)$")
_NUMBERED = lazy_regex(rf"\b(?P<unit>day|week|month|year)s?[ -]\+?(?P<low>{NUMBER})(?![\w.%/-])", re.IGNORECASE)
# Alternatives that are plain letters throughout: the engine then skips to their first letters.
_NUMBERED_ANCHOR = lazy_regex("day|Day|week|Week|month|Month|year|Year")
_UNIT_WORD = lazy_regex("year|Year|month|Month|week|Week|day|Day|hour|Hour|minute|Minute")
_UNIT_SYMBOL = lazy_regex(r"\d[ -]?(?:y|mo|mth|wk|d|h|min)(?![a-z]{3})")


class Durations(Component):
    """Finds DURATION spans."""

    group = "durations"

    def find(self, doc: Doc) -> list[Span]:
        """Durations in text order."""
        text = text_of(doc)
        found: dict[tuple[int, int], Duration] = {}
        for zone in zones(doc):
            for match in begun(_NUMBERED, _NUMBERED_ANCHOR, text, zone.start, zone.end, after=16):
                found[match.span()] = Duration(_iso(match["low"], match["unit"]))
            worded = near(_LENGTH, _UNIT_WORD, text, zone.start, zone.end, before=24, after=8)
            signed = near(_LENGTH, _UNIT_SYMBOL, text, zone.start, zone.end, before=24, after=8)
            for match in chain(worded, signed):
                low = match["low"] or str(NUMBER_WORDS[match["word"].lower()])
                high = _iso(match["high"], match["unit"]) if match["high"] else None
                found[match.span()] = Duration(_iso(low, match["unit"]), high)
                start = match.start()
                while shared := _SHARING.search(text, max(zone.start, start - 14), start):
                    found[shared.span("low")] = Duration(_iso(shared["low"], match["unit"]))
                    start = shared.start()
        return make_spans(doc, [(start, end, value) for (start, end), value in found.items()], "DURATION")


def _iso(number: str, unit: str) -> str:
    plain = unit.lower()
    singular = plain if plain in _DESIGNATORS else plain.rstrip("s")
    return _DESIGNATORS[singular].format(as_printed(decimal(number)))


@Language.factory("extract_durations", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Durations:
    """The component for `nlp.add_pipe("extract_durations")`."""
    adapt_tokenizer(nlp)
    return Durations()

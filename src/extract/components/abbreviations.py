"""Abbreviations: short forms defined beside their long forms, by scispaCy's Schwartz–Hearst algorithm.

`scispacy.abbreviation.find_abbreviation` decides each candidate, or its twin where scispaCy cannot be installed;
candidates are the brackets of a sentence, so that the work grows with the text and not with its square. Missed:
definitions without brackets, and legends under tables.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, Places, adapt_tokenizer, make_spans, sentence_spans, text_of, zones
from extract.components.grammar import near
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.values import Abbreviation

try:
    from scispacy.abbreviation import find_abbreviation
except ModuleNotFoundError:  # it refuses Python 3.13 and newer
    from extract.components.schwartz_hearst import find_abbreviation

# "(MRD)", "[OS; primary endpoint]", "(CRp)", "(PARADIGM-HF)"
_SHORT = lazy_regex(r"[(\[](?P<short>[A-Za-z0-9][\w/+-]{1,14}?)s?[)\],;]")
_LONG_INSIDE = lazy_regex(
    r"(?<![\w-])(?P<short>(?=\w*[A-Z]{2})[A-Za-z][\w/+-]{1,14}) [(\[](?P<long>[A-Za-z][^()\[\];:]{6,140})[)\]]"
)
_OPENING = lazy_regex(r" [(\[](?=[A-Za-z])")
MAX_WORDS = 12  # of a long form
INITIALS = 0.6  # share of a short form's letters that are first letters of words
MIN_ONE_WORD = 3  # letters of a short form that stands for one word ("empagliflozin (EMPA)")


class Abbreviations(Component):
    """Short forms, each with its long form, at the place of definition."""

    group = "abbreviations"

    def find(self, doc: Doc) -> list[Span]:
        """Definitions in text order: the span is the short form."""
        text = text_of(doc)
        places = Places(sentence_spans(doc))
        found: dict[tuple[int, int], Abbreviation] = {}
        for zone in zones(doc):
            for match in _SHORT.finditer(text, zone.start, zone.end):
                start, end = match.span("short")
                sentence = places.at(start)
                if sentence is None or sum(map(str.isalpha, match["short"])) * 2 < len(match["short"]):
                    continue
                words = min(len(match["short"]) + 5, 2 * len(match["short"]), MAX_WORDS)
                before = _last_words(text, sentence.start, match.start(), words)
                long_form = _long_form(doc, before, CharSpan(start, end))
                if long_form:
                    found[start, end] = Abbreviation(long_form)
            for match in near(_LONG_INSIDE, _OPENING, text, zone.start, zone.end, before=16, after=145):
                start, end = match.span("short")
                if _long_form(doc, CharSpan(*match.span("long")), CharSpan(start, end)) == match["long"]:
                    found[start, end] = Abbreviation(match["long"])
        return make_spans(doc, [(start, end, value) for (start, end), value in found.items()], "ABBREVIATION")


def is_initialism(short: str, long_form: str) -> bool:
    """Whether a short form begins as the long form does and most of its letters begin words, in order."""
    letters = [letter.lower() for letter in short if letter.isalpha()]
    initials = [word[0].lower() for word in re.findall(r"[^\W\d_]+", long_form)]
    if not letters or not initials or letters[0] != initials[0]:
        return False
    position = matched = 0
    for letter in letters:
        if letter in initials[position:]:
            position = initials.index(letter, position) + 1
            matched += 1
    return matched >= INITIALS * len(letters)


def _last_words(text: str, start: int, end: int, count: int) -> CharSpan:
    """The last `count` words of `text[start:end]`, not reaching over a bracket's end."""
    first = end
    position = end
    for _ in range(count):
        position = text.rfind(" ", start, max(position - 1, start))
        if position < start:
            return CharSpan(start, end)
        first = position + 1
    return CharSpan(first, end)


def _long_form(doc: Doc, long_candidate: CharSpan, short: CharSpan) -> str | None:
    """The long form that spells the short one, or None."""
    candidate = doc.char_span(*long_candidate, alignment_mode="expand")
    short_span = doc.char_span(*short, alignment_mode="expand")
    if candidate is None or short_span is None or len(candidate) == 0:
        return None
    _, found = find_abbreviation(candidate, short_span)
    if found is None:
        return None
    long_form = str(found.text).strip()
    if re.search(r"[()\[\]]", long_form):
        return None
    several = len(long_form) > len(short_span.text) and (" " in long_form or "-" in long_form)
    begins = long_form[:2].lower() == short_span.text[:2].lower() and len(short_span.text) >= MIN_ONE_WORD
    return long_form if several or begins else None


@Language.factory("extract_abbreviations", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Abbreviations:
    """The component for `nlp.add_pipe("extract_abbreviations")`."""
    adapt_tokenizer(nlp)
    return Abbreviations()

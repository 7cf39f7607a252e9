"""Phrases of a lexicon in running text: one form stands for its spellings, plurals and separators.

Words are compared after folding: case, British and American spelling, plural, `vs.` and `versus`. Between the words of a
phrase stand a space, a hyphen or a slash, and a bracketed abbreviation may stand inside it ("measurable residual disease
(MRD) negativity"). The work is one look-up a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

Payload = TypeVar("Payload")

_WORD = re.compile(r"[^\W_]+(?:'s?(?![^\W_]))?")
_GAP = re.compile(r"(?: ?[-/] ?| |, |\. ?|' ?|'s | & )?(?:[(\[][A-Za-z][\w/+-]{1,12}[)\]] ?-?)?$")
_BRACKET = re.compile(r" ?[(\[](?P<short>[A-Za-z][\w/+-]{1,12})[)\]][ -]?")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
_SPELLING = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"aem(?=i|o|a)", "em"),
        (r"^haem", "hem"),
        (r"ae(?=sth|ti|ph|c)", "e"),
        (r"oe(?=d|s|m|str|z|a\b)", "e"),
        (r"rrhoea", "rrhea"),
        (r"^(tumo|behavio|colo|hono|neighbo|rumo)ur", r"\1r"),
        (r"is(?=ation|ed$|ing$|e$|es$)", "iz"),
        (r"ys(?=ed$|ing$|e$)", "yz"),
        (r"(cent|fib|lit)re$", r"\1er"),
        (r"ll(?=ed$|ing$)", "l"),
        (r"^paed", "ped"),
        (r"^leuc", "leuk"),
    )
)
_KEEP_S = re.compile(r"(?:ss|us|is|[^aeiou]ps?is|ous|ics|as|os)$")


class Hit(NamedTuple, Generic[Payload]):
    """A phrase in the text: char offsets and what the form stands for."""

    start: int
    end: int
    payload: Payload


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """A word without case, spelling variant and plural: `Leukaemias` and `leukemia` fold alike."""
    word = word.translate(_SUBSCRIPTS).lower().rstrip("'")
    word = word[:-2] if word.endswith("'s") else word
    if word in {"vs", "v"}:
        return "versus"
    if not word.isalpha() or len(word) < 4:
        return word
    for pattern, replacement in _SPELLING:
        word = pattern.sub(replacement, word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not _KEEP_S.search(word):
        word = word[:-1]
    return word.removesuffix("e")  # losses, loss; responses, response


def words_of(text: str) -> list[str]:
    """The folded words of a form."""
    return [fold(match[0]) for match in _WORD.finditer(text)]


class PhraseIndex(Generic[Payload]):
    """Finds the longest forms; `folded=False` compares words as written, a final lower-case s apart."""

    def __init__(self, forms: Iterable[tuple[str, Payload]], *, folded: bool = True) -> None:
        self._folded = folded
        index: dict[str, dict[tuple[str, ...], Payload]] = {}
        for form, payload in forms:
            words = tuple(words_of(form) if folded else [match[0] for match in _WORD.finditer(form)])
            if words:
                index.setdefault(words[0], {}).setdefault(words, payload)
        self._index = {
            first: sorted(entries.items(), key=lambda entry: -len(entry[0])) for first, entries in index.items()
        }

    def find(self, text: str, start: int, end: int) -> Iterator[Hit[Payload]]:
        """The longest form at each place in `text[start:end]`, not overlapping, in text order."""
        spans = [match.span() for match in _WORD.finditer(text, start, end)]
        position = 0
        while position < len(spans):
            entries = self._index.get(self._key(text, spans[position]))
            if entries is None and not self._folded:
                entries = self._index.get(text[slice(*spans[position])].removesuffix("s"))
            step = 1
            for words, payload in entries or ():
                last = self._match(text, spans, position, words)
                if last is not None:
                    yield Hit(spans[position][0], spans[last][1], payload)
                    step = last - position + 1
                    break
            position += step

    def _key(self, text: str, span: tuple[int, int]) -> str:
        word = text[span[0] : span[1]]
        return fold(word) if self._folded else word

    def _match(self, text: str, spans: list[tuple[int, int]], position: int, words: tuple[str, ...]) -> int | None:
        """The index of the last word when the form stands at `position`."""
        at = position
        for number, word in enumerate(words):
            if number:
                at += 1
                if at >= len(spans):
                    return None
                bracket = _BRACKET.match(text, spans[at - 1][1])
                if bracket and self._key(text, spans[at]) != word:
                    while at < len(spans) and spans[at][0] < bracket.end():
                        at += 1
                    if at >= len(spans) or spans[at][0] != bracket.end():
                        return None
                elif not _GAP.match(text[spans[at - 1][1] : spans[at][0]]):
                    return None
            key = self._key(text, spans[at])
            if key != word and not (not self._folded and number == len(words) - 1 and key == f"{word}s"):
                return None
        return at

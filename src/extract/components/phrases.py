"""Phrases of a lexicon in running text: one form stands for its spellings, plurals and separators.

Words are compared after folding: case, British and American spelling, plural, `vs.` and `versus`. Between the words of
a phrase stand a space, a hyphen or a slash, and a bracketed abbreviation may stand inside it ("measurable residual
disease (MRD) negativity"). The work is one look-up a word.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, Self, TypeVar

from extract.patterns import lazy_regex
from extract.readers.normalise import flatten

Payload = TypeVar("Payload")

_RAISED = "ʰ-ʸᵃ-ᶻ⁰¹²³⁴-⁹⁺⁻"  # footnote marks and citations are no part of a word
_WORD = lazy_regex(rf"[^\W_{_RAISED}]+(?:'s?(?![^\W_]))?|[<>≤≥%+]")
_GAP = lazy_regex(r"(?: ?[-/] ?| |, |\. ?|' ?|'s | & )?(?:[(\[][A-Za-z][\w/+-]{1,12}[)\]] ?-?)?$")
_BRACKET = lazy_regex(r" ?[(\[](?P<short>[A-Za-z][\w/+-]{1,12})[)\]][ -]?")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
_SPELLINGS = (
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
_SPELLING = tuple((lazy_regex(pattern), replacement) for pattern, replacement in _SPELLINGS)
_HAS_SPELLING = lazy_regex("|".join(pattern for pattern, _ in _SPELLINGS))
_KEEP_S = lazy_regex(r"(?:ss|us|is)$")


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
    if _HAS_SPELLING.search(word):
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


class PhraseTable(NamedTuple):
    """Forms by their words, as plain data; a form is told by its number among those that the table was made of."""

    single: dict[str, int]  # forms of one word
    longer: dict[str, dict[str, list[tuple[tuple[str, ...], int]]]]  # first word, second word: the longest form first


def make_table(forms: Iterable[str], *, folded: bool = True) -> PhraseTable:
    """The table of some forms; of forms with the same words the first counts."""
    single: dict[str, int] = {}
    longer: dict[str, dict[str, dict[tuple[str, ...], int]]] = {}
    for number, printed in enumerate(forms):
        form = flatten(printed)
        words = tuple(words_of(form) if folded else [match[0] for match in _WORD.finditer(form)])
        if len(words) == 1:
            single.setdefault(words[0], number)
        elif words:
            longer.setdefault(words[0], {}).setdefault(words[1], {}).setdefault(words, number)
    by_length = {
        first: {
            second: sorted(entries.items(), key=lambda entry: -len(entry[0])) for second, entries in seconds.items()
        }
        for first, seconds in longer.items()
    }
    return PhraseTable(single, by_length)


class PhraseIndex(Generic[Payload]):
    """Finds the longest forms; `folded=False` compares words as written, a final lower-case s apart."""

    def __init__(self, forms: Iterable[tuple[str, Payload]], *, folded: bool = True) -> None:
        forms = list(forms)
        table = make_table((form for form, _ in forms), folded=folded)
        self._use(table, [payload for _, payload in forms], folded=folded)

    @classmethod
    def of_table(cls, table: PhraseTable, payloads: Sequence[Payload], *, folded: bool = True) -> Self:
        """The index of the forms that a table was made of, a payload for each."""
        index = cls.__new__(cls)
        index._use(table, payloads, folded=folded)
        return index

    def _use(self, table: PhraseTable, payloads: Sequence[Payload], *, folded: bool) -> None:
        self._plural = not folded
        self._payloads = payloads
        self._single, self._longer = table
        firsts = {*self._single, *self._longer}
        self._firsts = firsts if folded else firsts | {f"{first}s" for first in firsts}

    def find(self, text: str, start: int, end: int) -> Iterator[Hit[Payload]]:
        """The longest form at each place in `text[start:end]`, not overlapping, in text order."""
        return self.find_in(Words(text, start, end))

    def find_in(self, words: Words) -> Iterator[Hit[Payload]]:
        """`find` on words that are already set apart, which several indexes can share."""
        keys, reached = words.texts if self._plural else words.folded, 0
        firsts = self._firsts
        for position in [at for at, key in enumerate(keys) if key in firsts]:
            if position < reached:
                continue
            word = keys[position]
            hit = self._at(words, keys, position, word)
            if hit is None and self._plural and word.endswith("s"):
                hit = self._at(words, keys, position, word[:-1])
            if hit is not None:
                last, payload = hit
                start, end = words.spans[position][0], words.spans[last][1]
                yield Hit(start, words.closed(start, end), payload)
                reached = last + 1

    def _at(self, words: Words, keys: Sequence[str], position: int, first: str) -> tuple[int, Payload] | None:
        """The longest form that begins at a word: the index of its last word, and what it stands for."""
        seconds = self._longer.get(first)
        if seconds is not None and self._goes_on(words, keys, position, seconds):
            for following in words.after(position):
                second = keys[following]
                candidates = seconds.get(second) or (seconds.get(second.removesuffix("s")) if self._plural else None)
                for form, number in candidates or ():
                    last = self._match(words, keys, following, form)
                    if last is not None:
                        return last, self._payloads[number]
        return (position, self._payloads[self._single[first]]) if first in self._single else None

    def _goes_on(self, words: Words, keys: Sequence[str], position: int, seconds: Container[str]) -> bool:
        """Whether one of the `seconds` can follow a word: most words of a lexicon stand alone in the text."""
        if position + 1 == len(keys):
            return False
        second = keys[position + 1]
        if second in seconds or (self._plural and second.removesuffix("s") in seconds):
            return True
        return words.opens_bracket(position)

    def _match(self, words: Words, keys: Sequence[str], second: int, form: tuple[str, ...]) -> int | None:
        """The index of the last word when the form goes on from its second word at `second`."""
        at, last = second, len(form) - 1
        for number in range(1, len(form)):
            word = form[number]
            for following in words.after(at) if number > 1 else (second,):
                key = keys[following]
                if key == word or (self._plural and number == last and key == f"{word}s"):
                    at = following
                    break
            else:
                return None
        return at


class Words:
    """The words of a stretch of text with their char offsets."""

    __slots__ = ("_text", "folded", "spans", "texts")

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self.spans = [match.span() for match in _WORD.finditer(text, start, end)]
        self.texts = [text[first:last] for first, last in self.spans]
        self.folded = list(map(fold, self.texts))

    def closed(self, start: int, end: int) -> int:
        """Where a phrase ends that opens a bracket in itself: `Lp(a)`."""
        inside = self._text[start:end]
        return end + 1 if inside.count("(") > inside.count(")") and self._text[end : end + 1] == ")" else end

    def opens_bracket(self, at: int) -> bool:
        """Whether a bracket opens right behind word `at`."""
        end = self.spans[at][1]
        return self._text[end : end + 1] in {"(", "["} or self._text[end : end + 2] in {" (", " ["}

    def after(self, at: int) -> tuple[int, ...]:
        """The words that may follow word `at` in a phrase: the next one, and the one after a bracketed abbreviation."""
        following = at + 1
        if following >= len(self.spans):
            return ()
        end, start = self.spans[at][1], self.spans[following][0]
        if start == end or (start == end + 1 and self._text[end] in " -/("):
            return (following,)
        direct = (following,) if _GAP.match(self._text[end:start]) else ()
        bracket = _BRACKET.match(self._text, end)
        if bracket is None:
            return direct
        while following < len(self.spans) and self.spans[following][0] < bracket.end():
            following += 1
        over = (following,) if following < len(self.spans) and self.spans[following][0] == bracket.end() else ()
        return direct + over

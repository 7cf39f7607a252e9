"""Numbers that stand where a citation can stand: in brackets, raised, glued to a full stop, after "refs".

A mark is left out where its surroundings make it something else: a sample size, a range behind a mean, a
translocation, the number of an equation, an exponent, a count in a table cell. Whether the rest are citations is for
the document's style to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from extract.components.grammar import NUMBER_WORDS
from extract.patterns import lazy_regex

Style = Literal["round", "square", "raised", "glued", "sure"]
Column = Literal["prose", "references", "studies", "other"]

_JOIN = r"\s?(?:,\s?and\b|[,;&-]|\band\b)\s?"
_LIST = rf"\d{{1,3}}(?:{_JOIN}\d{{1,3}}){{0,40}}"
_REFS = r"[Rr]ef(?<!\w...)(?:erences?\b|s?\b\.?)\s(?:nos?\.\s|numbers?\s)?"
_LEAD = r"(?:see(?:\salso)?|e\.g\.,?|cf\.?|reviewed\s(?:in|by)|for\s(?:an?\s)?reviews?,?\ssee)\s"
_BRACKETED = lazy_regex(rf"[(\[]\s?(?:{_LEAD})?(?P<refs>{_REFS})?(?P<list>{_LIST})\s?[)\]]")
_WORDED = lazy_regex(rf"{_REFS}(?P<list>{_LIST})(?![\w%/]|\.\d)")
_RAISED = lazy_regex(r"[⁰¹²³⁴-⁹]{1,3}(?:\s?[,⁻-]\s?[⁰¹²³⁴-⁹]{1,3}){0,40}(?![⁺⁻\w])")
_PEOPLE = r"\s(?:of|patients|participants|subjects|studies|trials|months|years)\b"
# A digit that touches a word, its full stop or a bracket.
_GLUED = lazy_regex(
    r"[1-9](?<=[^\s\d(\[].)(?:(?P<stop>(?<=[^\W\d_]{2}\..)|(?<=[)\]%\"']\..))|"
    r"(?P<comma>(?<=[^\W\d_]{2}[,;].)|(?<=[)\]%\"'][,;].))|(?P<word>(?<=[^\W\d_]{3}.)|(?<=[)\]].)))"
    rf"\d{{0,2}}(?P<more>(?:(?:,\s?|-)\d{{1,3}}(?!\d|\s?%|{_PEOPLE})){{0,40}})"
    r"(?![\w,-]\d|[^\W_]|%)"
)
_NEW_SENTENCE = lazy_regex(r"\s+[^\W\d_a-z]|\s*\Z")
_SAME_SENTENCE = lazy_regex(r"\s[a-z(]")
_ONE_END = lazy_regex(r"\s[a-z]|[.,;:)](?:\s|\Z)")
_WORD_END = lazy_regex(r"[\s.,;:)]|\Z")
_FROM_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_BETWEEN = lazy_regex(r"\s?-\s?\Z")
MAX_SPREAD = 60  # a range of more citations is no citation
LOOK_BACK = 70  # characters
MIN_GLUED = 4  # letters of a word to which one number may be glued: shorter ones are names of genes
SENTENCE_WORDS = 6  # a cell of as many words may cite like a sentence

_COUNTED = lazy_regex(r"\b(?:[nN]\s?=|total of|number of|(?:CI|CrI|IQR|SDs?|SEM?|HR|OR|RR)s?(?:\sof|,|:)?)\s?\Z")
_LABEL_WORDS = "equation equations eq eqs fig figs figure figures table tables box panel appendix"
_LABELS = frozenset(_LABEL_WORDS.split())
_MEASURE = lazy_regex(r"\b(?:[Mm]edians?|[Mm]eans?|[Aa]verages?|IQR|[Rr]anges?|[Aa]ged?)\b[^;()\[\]]{0,50}\d\s?\Z")
_SPREADS = frozenset({"range", "ranges", "ranged", "iqr"})
_UNIT_AFTER = lazy_regex(
    r"\s?(?:%|years?|yrs?|y|months?|mo|weeks?|wks?|days?|hours?|h|min|minutes|mg|g|kg|µg|ng|mL|ml|dL|L|cm|mm|points?|"
    r"patients?|participants?|subjects?)\b"
)
# Single letters are variables; these words take an exponent or a charge.
_EXPONENT_WORDS = "cm mm km nm µm dm ft kg CO VO SO PO NO SpO PaO FiO PaCO Ca Mg Fe Zn chi tau eta log"
_EXPONENTS = frozenset(_EXPONENT_WORDS.split())
_ABBREVIATED_WORDS = "vs no nos fig figs ca approx ref refs vol pp eq resp incl excl dr st"
_ABBREVIATED = frozenset(_ABBREVIATED_WORDS.split())
_NUMBERED_WORDS = (
    "phase grade stage type class group level cycle cycles week weeks month months year years visit step cohort arm "
    "part table figure days time model factor protein interleukin caspase version item score domain"
)
_NUMBERED = frozenset(_NUMBERED_WORDS.split())


class Candidate(NamedTuple):
    """Numbers that may be a citation; `sure` where their words or their column say so."""

    start: int
    end: int
    numbers: tuple[int, ...]
    style: Style


def find_candidates(text: str, start: int, end: int, column: Column = "prose") -> list[Candidate]:
    """The candidates in `text[start:end]`, in text order and not overlapping; a cell says what its column holds."""
    if column == "references" and (numbers := expand(text[start:end].strip(" ()[].;*"))):
        return [Candidate(start, end, numbers, "sure")]
    found = [*_bracketed(text, start, end, column), *_raised(text, start, end, column)]
    if column == "prose":
        found += _worded(text, start, end)
    found.sort(key=lambda each: (each.start, -each.end))
    return _joined(text, found)


def find_glued(text: str, start: int, end: int) -> list[Candidate]:
    """Numbers that lost their raised position: `prognosis.1,2 However`, `studies7-9`."""
    found = []
    for match in _GLUED.finditer(text, start, end):
        kind = next(name for name in ("stop", "comma", "word") if match[name] is not None)
        before = text[max(match.start() - 20, start) : match.start()]
        word = _last_word(before if kind == "word" else before[:-1])
        if kind == "stop":
            fits = word == "al" or (word.lower() not in _ABBREVIATED and _NEW_SENTENCE.match(text, match.end(), end))
        elif kind == "comma":
            fits = _SAME_SENTENCE.match(text, match.end(), end)
        elif match["more"]:
            fits = not word.istitle() and _WORD_END.match(text, match.end(), end)
        else:
            known = word.islower() and len(word) >= MIN_GLUED and word not in _NUMBERED
            fits = known and _ONE_END.match(text, match.end(), end)
        if fits and (numbers := expand(match[0])):
            found.append(Candidate(match.start(), match.end(), numbers, "glued"))
    return found


def expand(printed: str) -> tuple[int, ...]:
    """The numbers of a list with its ranges expanded; empty where they cannot be citations."""
    numbers: list[int] = []
    dense = printed.replace(" ", "").replace(",and", ",")
    for sign in (";", "&", "and"):
        dense = dense.replace(sign, ",")
    for part in dense.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not all(each.isdecimal() and len(each) <= 3 for each in ends):
            return ()
        first, last = int(ends[0]), int(ends[-1])
        if first < 1 or not 0 <= last - first <= MAX_SPREAD:
            return ()
        numbers.extend(range(first, last + 1))
    return tuple(numbers) if len(set(numbers)) == len(numbers) else ()


def _joined(text: str, found: list[Candidate]) -> list[Candidate]:
    """Without overlaps, and `[1]-[3]` as one."""
    joined: list[Candidate] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is not None and each.start < last.end:
            continue
        if (
            last is not None
            and each.style == last.style
            and len(last.numbers) == len(each.numbers) == 1
            and 0 < each.numbers[0] - last.numbers[0] <= MAX_SPREAD
            and _BETWEEN.match(text, last.end, each.start)
        ):
            numbers = tuple(range(last.numbers[0], each.numbers[0] + 1))
            joined[-1] = Candidate(last.start, each.end, numbers, last.style)
            continue
        joined.append(each)
    return joined


def _worded(text: str, start: int, end: int) -> Iterator[Candidate]:
    for match in _WORDED.finditer(text, start, end):
        if numbers := expand(match["list"]):
            yield Candidate(*match.span("list"), numbers, "sure")


def _bracketed(text: str, start: int, end: int, column: Column) -> Iterator[Candidate]:
    for match in _BRACKETED.finditer(text, start, end):
        opening, closing = match[0][0], match[0][-1]
        numbers = expand(match["list"])
        if not numbers or (opening, closing) not in {("(", ")"), ("[", "]")}:
            continue
        style: Style = "sure" if match["refs"] else "round" if opening == "(" else "square"
        if style == "sure" or not (
            _is_other(text, match, start, end, numbers)
            or (column != "prose" and _is_cell_number(text, match, start, end, column))
        ):
            yield Candidate(*match.span(), numbers, style)


def _is_other(text: str, match: re.Match[str], floor: int, ceiling: int, numbers: tuple[int, ...]) -> bool:
    """Whether what stands around a bracket makes its numbers something else than a citation."""
    first, last = match.span()
    following = text[last : last + 1] if last < ceiling else ""
    if following.isalnum() or following in {"%", "/"} or (following == "-" and text[last + 1 : last + 2].isalpha()):
        return True
    before = text[max(first - LOOK_BACK, floor) : first]
    if not before:
        return False
    if before[-1].isalnum() and not _may_touch(before, square=match[0][0] == "["):
        return True
    word = _last_word(before).lower()
    if word in _LABELS or _COUNTED.search(before[-14:]):
        return True
    if len(numbers) == 1 and NUMBER_WORDS.get(word) == numbers[0]:
        return True  # "twelve (12)"
    ranged = len(numbers) > 1
    if ranged and word in _SPREADS:
        return True
    if not before.rstrip()[-1:].isdigit():
        return False
    return bool(_UNIT_AFTER.match(text, last, ceiling)) or (ranged and bool(_MEASURE.search(before)))


def _last_word(before: str) -> str:
    """The letters that `before` ends in, a space after them left out."""
    end = len(before) - before.endswith(" ")
    start = end
    while start and before[start - 1].isalpha():
        start -= 1
    return before[start:end]


def _may_touch(before: str, *, square: bool) -> bool:
    """Whether a bracket may follow the word without a space: `vitro[27]`, `outcomes(5)`, not `t(9;22)`, `CD(19)`."""
    word = _last_word(before)
    if not word:
        return square and before[-1].isdigit()
    return len(word) >= (2 if square else 4) and (square or word[1:].islower())


def _is_cell_number(text: str, match: re.Match[str], start: int, end: int, column: Column) -> bool:
    """Whether a bracket in a table cell is a count, a percentage or a range."""
    before = text[start : match.start()].rstrip()
    if column == "references":
        return False
    if column == "studies":
        return bool(before) and not any(character.isalpha() for character in before)
    if not before:
        return True
    if before[-1].isdigit() or before[-1] in "%±+-<>=~≤≥/":
        return not _is_sentence(text, start, end)
    return not (before.endswith(("et al", "et al.")) or match[0][0] == "[" or _is_sentence(text, start, end))


def _is_sentence(text: str, start: int, end: int) -> bool:
    return text.count(" ", start, end) >= SENTENCE_WORDS - 1


def _raised(text: str, start: int, end: int, column: Column) -> Iterator[Candidate]:
    for match in _RAISED.finditer(text, start, end):
        first, last = match.span()
        before = text[max(first - 12, start) : first]
        if not before or not (before[-1].isalpha() or before[-1] in ".,;:)]%'\""):
            continue
        word = _last_word(before) if before[-1].isalpha() else ""
        if len(word) == 1 or word in _EXPONENTS:
            comma = text.find(",", first, last)  # an exponent before a citation: `m²,¹¹`
            if comma < 0:
                continue
            first = comma + 1
        numbers = expand(text[first:last].translate(_FROM_RAISED))
        if numbers and (column != "other" or before.endswith(("et al", "et al.")) or _is_sentence(text, start, end)):
            yield Candidate(first, last, numbers, "raised")

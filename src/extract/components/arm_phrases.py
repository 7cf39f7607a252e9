"""Noun phrases beside an anchor: the words before "arm", behind "with", between "randomised to" and "or".

A phrase reaches from its anchor to the next boundary: a preposition, a verb, a sign of punctuation. Nothing is parsed;
the words that bound a phrase are closed classes of English.
"""

from __future__ import annotations

import re
from itertools import pairwise

from extract.components.grammar import NUMBER_WORDS
from extract.document import CharSpan
from extract.patterns import lazy_regex


def word_set(*words: str) -> frozenset[str]:
    """The words of some strings."""
    return frozenset(" ".join(words).split())


MAX_WORDS = 6
REACH = 100  # characters; six long words
_DETERMINERS = (
    "a an the this that these those such each both either neither all any some every another same other its their his"
    " her our it they we he she i"
)
_PREPOSITIONS = (
    "in on at by for from to of with within during after before between among amongst across under over into onto until"
    " since than as per via through throughout upon about against despite following including excluding regarding"
    " towards around post except unless without"
)
_CONJUNCTIONS = (
    "and or but nor while whereas although though because if when where which who whom whose there then thus however"
    " therefore so yet even ie eg i.e e.g also not versus vs vs. v compared comparing relative"
)
_VERBS = (
    "is are was were be been being am has have had having do does did may might can could will would shall should must"
    " showed shows show shown demonstrated demonstrate achieved achieve received receive receives receiving underwent"
    " undergo undergoing experienced experience experiencing developed develop reported report reports reporting"
    " improved improves improve reduced reduces reduce increased increases increase decreased decreases decrease"
    " resulted results yielded yields led leads remained remains survived died occurred occurs occur reached reach"
    " observed seen found noted given giving treated required requires require completed discontinued failed tended"
    " appeared appears seemed differed favored favoured favours favors lowered prolonged prolongs provided provides"
    " produced gave gives taking took takes assigned allocated randomised randomized using used uses use suggested"
    " suggests suggest indicated indicates revealed reveals confirmed associated combined added started became become"
    " becomes fell rose got went made make makes kept met come came stood began tolerated judged considered defined"
)
_ADVERBS = (
    "plus significantly respectively only more less fewer most least higher lower greater better worse superior"
    " inferior similar comparable together described present presents presented approximately about almost nearly"
    " additional additionally further furthermore moreover overall finally interestingly notably conversely similarly"
    " instead median mean total rate rates incidence number proportion percentage percent"
)
BOUNDARIES = word_set(_DETERMINERS, _PREPOSITIONS, _CONJUNCTIONS, _VERBS, _ADVERBS, *NUMBER_WORDS)
_MAY_LEAD = word_set("treated higher lower only total more less additional combined")
_MAY_FOLLOW = frozenset({"only"})
# Nouns that "of" joins to their complement.
_OF_HEADS = word_set(
    "standard combination addition history course lack courses cycle cycles level levels score scores dose doses"
    " fraction loss duration evidence absence presence class count index years months age expression ratio"
)
# Participles that stand inside a name and end no phrase.
_ADJECTIVES = word_set(
    "related unrelated matched mismatched mixed combined extended modified supervised delayed accelerated"
    " fractionated hypofractionated pegylated conjugated attenuated inactivated targeted advanced sustained"
    " unfractionated coated intensified reduced transplanted untreated relapsed rearranged amplified mutated early"
    " elderly weekly daily biweekly monthly inhaled nebulised nebulized injected fixed balanced restricted enriched"
    " fortified structured standardised standardized enhanced adapted integrated repeated graded tailored personalised"
    " personalized assisted guided modulated"
)
_DETERMINER = lazy_regex(
    r"\s?(?:(?:the|an?|either|any|their|his|her|its|our|this|that|those|these|concomitant|concurrent|prior)\s)+|\s",
    re.IGNORECASE,
)
_WORD = lazy_regex(r'[^\s,;:()\[\]"]+')
_JOIN = lazy_regex(
    r"(?:\s\([A-Za-z][^()\d]{1,14}\))?"
    r"\s(?:plus|\+|combined with|in combination with|together with|followed by|added to)\s"
)
_ASIDE = r"(?:\s\([^()]{1,60}\))?"
_AMOUNT = r"(?:\s\d[\d.,-]*\s?[\w\u00b5%]+(?:/\w+)*(?:\s(?:once|twice|three times)?\s?(?:daily|weekly))?)?"
_LIST = lazy_regex(
    rf"{_ASIDE}(?:\splus\s\w[\w-]*)?{_AMOUNT}"
    rf"{_ASIDE}(?:,?\s(?:and|or|vs\.?|versus)\s|,\s(?=(?:[^.;()]|\([^()]{{0,60}}\)){{1,100}}\s(?:and|or)\s))"
    r"(?:to\s|with\s|on\s|receive\s|the\s)*(?=\S)"
)
_NUMBER = lazy_regex(r"[<>\u2264\u2265~\u00b1]?=?\d[\d.,/%-]*$")
_DANGLING = word_set("of plus no added prior before combined relapsed + \u00b1")


def words_of(text: str, span: CharSpan) -> list[str]:
    """The lower-case words of a phrase."""
    return text[span[0] : span[1]].lower().split()


def before(text: str, floor: int, end: int, *, most: int = MAX_WORDS, numbers: bool = False) -> CharSpan | None:
    """The phrase that ends before `end`, back to the boundary before it; with `numbers` it may end in one."""
    base = max(floor, end - REACH)
    piece = text[base:end].rstrip(' -"')
    start = last = len(piece)
    for _ in range(most):
        first = piece.rfind(" ", 0, max(last, 0)) + 1
        word = piece[first:last]
        stops = word.lower() in BOUNDARIES and not (word == "plus" and last < len(piece))
        if not word or word.isspace() or stops or word[-1] in ",;:.)]=%":
            break
        if _NUMBER.match(word) and not (numbers and word.isdigit() and last == len(piece)):
            break
        opening = len(word) - len(word.lstrip("\"(['"))
        start = first + opening
        if opening or first == 0:
            break
        last = first - 1
    if start >= len(piece) or (start == 0 and base > floor):
        return None
    return CharSpan(base + start, base + len(piece))


def after(text: str, start: int, ceiling: int, *, most: int = MAX_WORDS, numbers: bool = False) -> CharSpan | None:
    """The phrase that begins at `start`, without its determiners, up to the boundary after it.

    With `numbers` a threshold or an amount may stand in it ("<5% blasts"). Treatments joined by "plus", "followed by"
    and the like are one phrase.
    """
    span = _after(text, start, ceiling, most, numbers=numbers)
    while span is not None and (join := _JOIN.match(text, span.end, ceiling)):
        further = _after(text, join.end() - 1, ceiling, most, numbers=numbers)
        if further is None:
            break
        span = CharSpan(span.start, further.end)
    return span


def listed(text: str, start: int, ceiling: int, *, numbers: bool = False, most: int = 4) -> list[CharSpan]:
    """The phrases of a list from `start`: "A, B and C"; an item may repeat the preposition ("to A or to B")."""
    spans: list[CharSpan] = []
    position = start
    while len(spans) < most and (span := after(text, position, ceiling, numbers=numbers)) is not None:
        spans.append(span)
        follows = _LIST.match(text, span.end, ceiling)
        if follows is None:
            break
        position = follows.end() - 1
    return spans


def alternatives(text: str, spans: list[CharSpan]) -> list[CharSpan]:
    """The items of a list that "or" sets apart, where "and" joins drugs to a regimen: "A, B and C or D"."""
    gaps = [text[first.end : second.start] for first, second in pairwise(spans)]
    if not (any(" or " in gap for gap in gaps) and any(" and " in gap for gap in gaps)):
        return spans
    joined = [spans[0]]
    for gap, span in zip(gaps, spans[1:], strict=True):
        if " or " in gap:
            joined.append(span)
        else:
            joined[-1] = CharSpan(joined[-1].start, span.end)
    return joined


def _after(text: str, start: int, ceiling: int, most: int, *, numbers: bool) -> CharSpan | None:
    determiner = _DETERMINER.match(text, start, ceiling)
    position = determiner.end() if determiner else start
    if text[position : position + 1] == '"':
        position += 1
    first, last, words = -1, -1, [""]
    for _ in range(most):
        match = _WORD.match(text, position, ceiling)
        if match is None:
            break
        bare = match[0].rstrip(".'")
        if not _goes_on(bare.lower(), words[-1], leads=first < 0, numbers=numbers):
            break
        first = match.start() if first < 0 else first
        last = match.start() + len(bare)
        words.append(bare.lower())
        position = match.end() + 1
        if len(bare) < len(match[0]) or text[match.end() : position] != " ":
            break
    while words[-1] in _DANGLING:
        last = text.rfind(" ", first, last)
        words.pop()
    return CharSpan(first, last) if last > first >= 0 else None


def _goes_on(word: str, previous: str, *, leads: bool, numbers: bool) -> bool:
    """Whether a word belongs to the phrase after `previous`."""
    if not word:
        return False
    if word in BOUNDARIES:
        if word == "of":
            return previous in _OF_HEADS
        return word in (_MAY_LEAD if leads else _MAY_FOLLOW)
    if _NUMBER.match(word):
        return numbers
    return leads or not word.endswith(("ly", "ed")) or "-" in word or word in _ADJECTIVES

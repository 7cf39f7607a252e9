"""Parts of a whole told as a list: "Of the 62 deaths, 27 were sudden, 15 were due to …, 9 to … and 14 to …".

A list proves an error only where nobody can be counted twice (causes of death, neighbouring classes of one measure,
best responses), or where its words say that it splits a rest or gives the reason of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from extract.audit.case import Case, Claim
from extract.audit.shares import NUMBER
from extract.components.grammar import whole_number
from extract.document import CharSpan
from extract.patterns import lazy_regex, regex
from extract.values import Severity

_COUNT = rf"(?<![\w.,/%±+:<>≥≤=-])(?P<n>{NUMBER})(?![\w.%/-]|,\d|\s?(?:mg|µg|g|kg|mL|L|h|cm|mm|%)\b|\s?(?:×|%))"
_ANY = lazy_regex(_COUNT)
_UNIT = (
    r"(?!\s(?:years?|months?|weeks?|days?|hours?|cycles?|courses?|doses?|points?|times|arms?|centres|centers|sites|"
    r"lines?|studies|trials)\b)"
)
_PART = lazy_regex(
    rf"{_COUNT}{_UNIT}(?P<words>[^,;:.]{{0,160}}?)(?=[,;:.)\]]|\s(?:and|while|whereas)\s(?:{NUMBER})\b|$)"
)
_NEXT = lazy_regex(
    r"\s?(?P<sep>,\s(?:(?:and|while|whereas|but)\s)?|\s(?:and|while|whereas)\s)(?:in\s|the\s(?:other|remaining)\s)?"
)
_LAST = lazy_regex(r"\b(?:and|while|whereas|but)\b")
_MOST_PARTS = 9
_LEAST_LISTED = 0.8  # of a whole: a list with less is of some parts only

_DET = r"(?:the\s|these\s|those\s|all\s|a\stotal\sof\s|our\s)*"
_OF_WHOLE = lazy_regex(
    rf"\b(?:Of|Among|of|among|In)\s{_DET}(?P<total>{NUMBER})(?P<noun>(?![\w.,%/-])\s[a-z][^,;:.]{{2,70}}?),\s"
)
_PART_OF_WHOLE = regex(rf"\s(?:out\s)?of\s{_DET}(?P<total>{NUMBER})(?![\w.%/-]|,\d)(?P<noun>[^,;:.]{{2,80}})")
_FIRST = lazy_regex(rf"(?<![\w.,%/-])(?P<first>{NUMBER})$")
_LIST_BEGINS = lazy_regex(rf"(?:\((?P<bracket>(?={NUMBER}\s)[^()]{{8,300}})\)|:\s(?={NUMBER}\s))")
_BEFORE_LIST = lazy_regex(rf"(?<![\w.,%/-])(?P<total>{NUMBER})(?P<noun>\s[a-z][^,;:.()\d]{{2,70}}?)\s*$")
_HEAD_REACH = 100  # characters before a list in which its whole stands
_REST = lazy_regex(rf"\b(?:remaining|other)\s(?P<total>{NUMBER})(?![\w.,%/-])(?P<noun>[^.;()]{{2,120}})\([nN]\s?=")
_N_IS = lazy_regex(rf"\(\s?[nN]\s?=\s?(?P<n>{NUMBER})\s?(?:[;,][^()]*)?\)")
_BETWEEN_N = lazy_regex(r"(?:,\s(?:(?:and|or)\s)?|\s(?:and|or)\s)[^.;:()\d]{2,90}$")
_BRACKETS = lazy_regex(r"\([^()]*\)|\[[^\[\]]*\]")

_SOME = lazy_regex(
    r"\b(?:main(?:ly)?|most(?:ly)?|majority|includ\w+|such\sas|e\.g|commonest|common(?:ly)?|frequent(?:ly)?|more\sthan\sone|"
    r"several|some|multiple|both|overlap\w*|also|at\sleast|chiefly|predominantly|notably|example|not\smutually|again|"
    r"of\sthem|of\swhom|of\swhich|categories|once)\b",
    re.IGNORECASE,
)
_DEATHS = lazy_regex(r"\bdeaths?\b|\bdied\b|\bfatalities\b", re.IGNORECASE)
_CAUSE = lazy_regex(
    r"\bsudden|\bdue\sto\b|\battribut|\bcaus|\bbecause\sof\b|\bfrom\b|\bof\b|\bresult|\brelated\b|vascular|cardiac|relapse|"
    r"infecti|cancer|stroke|bleed|haemorrh|hemorrh|progress|toxic|treatment",
    re.IGNORECASE,
)
_NOT_CAUSE = lazy_regex(
    r"\b(?:in|among|within|during|before|after|aged?|older|younger|men|women|received|had|arm|group|days?|months?)\b",
    re.IGNORECASE,
)
_RESIDUAL = lazy_regex(
    r"\b(?:other|unknown|undetermined|unspecified|unclear|unclassified|miscellaneous)\b|\bnon-?\w+", re.I
)
_SET_ASIDE = lazy_regex(
    r"\b(?:excluded|set\saside|not\s(?:infused|treated|randomi[sz]ed|included|eligible|enrolled)|ineligible|withdr[ae]wn?|"
    r"discontinued|dropped\sout|lost|removed|rejected|exclusions?|withdrawals|discontinuations)\b",
    re.IGNORECASE,
)
_RESPONSES = tuple(
    lazy_regex(words, re.IGNORECASE)
    for words in (
        r"\bcomplete(?:ly)?\b|\bCRi?\b",
        r"\bpartial(?:ly)?\b|\bPR\b",
        r"\bstable\b|\bSD\b|\bno\s(?:change|response)",
        r"\bprogress|\bPD\b",
    )
)
_NUMERAL = r"\d+(?:,\d{3})*(?:\.\d+)?"
_BELOW = lazy_regex(
    rf"(?:(?:fewer|less|lower|younger|smaller|shorter)\sthan|below|under|<|≤|up\sto|at\smost)\s?(?P<a>{_NUMERAL})"
)
_ABOVE = lazy_regex(
    rf"(?P<a>{_NUMERAL})[^,;.\d]{{0,14}}?\s(?:or|and)\s(?:more|higher|above|over|older|greater|longer|later)"
    rf"|(?:at\sleast|above|over|(?:more|greater|older|higher|longer)\sthan|≥|>)\s?(?P<b>{_NUMERAL})"
)
_RANGE = lazy_regex(rf"(?P<a>{_NUMERAL})\s?(?:-|–|to|and)\s?(?:(?:<|less\sthan|below|under)\s?)?(?P<b>{_NUMERAL})")


@dataclass(frozen=True, slots=True)
class _List:
    """A whole and its parts as printed; `noun` and `words` say what they are."""

    total: int
    total_at: CharSpan
    noun: str
    counts: tuple[int, ...]
    places: tuple[CharSpan, ...]
    words: tuple[str, ...]
    rest: bool = False

    @property
    def made(self) -> int:
        """What the parts make."""
        return sum(self.counts)


def find_list_sums(case: Case, area: CharSpan) -> Iterator[Claim]:
    """Lists of parts in a paragraph that do not make their whole."""
    seen: set[int] = set()
    for each in _lists(case, area):
        if each.total_at.start in seen or each.made == each.total or each.counts[0] > each.total:
            continue
        sentence = case.quote(case.sentence(each.total_at))
        proof = _proof(each, sentence)
        if proof is None or _fits_another(case, each):
            continue
        seen.add(each.total_at.start)
        severity, assumes = proof
        yield Claim(
            severity=severity,
            message=f"{_spoken(each.counts)} make {each.made}, not {each.total}.",
            stated=(each.total_at,),
            against=each.places,
            correction=str(each.made),
            assumes=assumes,
        )


def _spoken(counts: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, counts[:-1]))} and {counts[-1]}"


def _proof(each: _List, sentence: str) -> tuple[Severity, str | None] | None:
    """Why the parts must make the whole; None where some may be counted twice or not at all."""
    above = each.made > each.total
    some = _SOME.search(sentence) is not None
    complete = each.made >= _LEAST_LISTED * each.total
    if _is_chain(each.words):
        return ("impossible", None) if above else ("suspicious", f"all {each.total} are in one of the classes")
    if _DEATHS.search(each.noun) and _CAUSE.search(each.words[0]) and not _NOT_CAUSE.search(" ".join(each.words)):
        if above and not some:
            return "inconsistent", None
        return ("inconsistent", None) if complete and not some and _RESIDUAL.search(each.words[-1]) else None
    if sum(any(kind.search(words) for words in each.words) for kind in _RESPONSES) >= 3 and above:
        one_each = all(sum(kind.search(words) is not None for kind in _RESPONSES) <= 1 for words in each.words)
        return ("inconsistent", None) if one_each and not some else None
    if some or not complete:
        return None
    if each.rest or (len(each.counts) > 2 and _SET_ASIDE.search(each.noun)):
        return "suspicious", f"the list gives one reason for each of the {each.total}"
    return None


def _is_chain(words: tuple[str, ...]) -> bool:
    """Whether the parts are neighbouring classes of one measure, open at both ends: below 150, 150-299, 300 or more."""
    edges: list[tuple[float | None, float | None]] = []
    for part in words:
        if (match := _BELOW.search(part)) and not _RANGE.search(part):
            edges.append((None, _value(match["a"])))
        elif match := _RANGE.search(part):
            edges.append((_value(match["a"]), _value(match["b"])))
        elif match := _ABOVE.search(part):
            edges.append((_value(match["a"] or match["b"]), None))
        else:
            return False
    edges.sort(key=lambda edge: float("-inf") if edge[0] is None else edge[0])
    if edges[0][0] is not None or edges[-1][1] is not None or len(edges) < 2:
        return False
    for (_, high), (low, _) in pairwise(edges):
        if high is None or low is None or not 0 <= low - high <= max(1.0, 0.02 * high):
            return False
    return True


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def _lists(case: Case, area: CharSpan) -> Iterator[_List]:
    text = case.document.text
    masked = _BRACKETS.sub(lambda match: " " * len(match[0]), text[area.start : area.end])
    for match in _OF_WHOLE.finditer(masked):
        yield from _listed(case, area, match, CharSpan(match.end(), len(masked)))
    for match in _PART_OF_WHOLE.finditer(masked):
        first = _FIRST.search(masked, max(match.start() - 20, 0), match.start())
        if first is not None:
            yield from _listed(case, area, match, CharSpan(first.start(), len(masked)))
    plain = text[area.start : area.end]
    for begin in _LIST_BEGINS.finditer(plain):
        source = plain if begin["bracket"] else masked
        head = _BEFORE_LIST.search(source, max(begin.start() - _HEAD_REACH, 0), begin.start())
        if head is not None:
            inside = CharSpan(*begin.span("bracket")) if begin["bracket"] else CharSpan(begin.end(), len(masked))
            yield from _listed(case, area, head, inside)
    for match in _REST.finditer(plain):
        yield from _reasons(case, area, plain, match)


def _listed(case: Case, area: CharSpan, whole: re.Match[str], listed: CharSpan) -> Iterator[_List]:
    """The parts that begin with their count, one behind the other."""
    total = whole_number(whole["total"])
    total_at = CharSpan(*(area.start + at for at in whole.span("total")))
    end = min(case.sentence(total_at).end - area.start, listed.end)
    text = whole.string
    parts: list[re.Match[str]] = []
    closed = False
    part = _PART.match(text, listed.start, end)
    while part is not None and len(parts) <= _MOST_PARTS:
        parts.append(part)
        sep = _NEXT.match(text, part.end(), end)
        if sep is None:
            break
        following = _PART.match(text, sep.end(), end)
        if following is not None:
            closed = _LAST.search(sep["sep"]) is not None
        part = following
    counts = tuple(whole_number(each["n"]) or 0 for each in parts)
    if total is None or not 2 <= len(parts) <= _MOST_PARTS or not (closed or listed.end < len(text)):
        return
    words = [each["words"] for each in parts]
    if whole.re is _PART_OF_WHOLE:
        words[0] = text[whole.end("total") : parts[0].end()]
    if len(parts) < 3 and not _is_chain(tuple(words)):
        return
    places = tuple(CharSpan(*(area.start + at for at in each.span("n"))) for each in parts)
    yield _List(total, total_at, whole["noun"], counts, places, tuple(words))


def _reasons(case: Case, area: CharSpan, text: str, whole: re.Match[str]) -> Iterator[_List]:
    """The rest of a group with what became of each: "the remaining 95 were lost to A (n = 48), … and D (n = 14)"."""
    total = whole_number(whole["total"])
    total_at = CharSpan(*(area.start + at for at in whole.span("total")))
    end = min(case.sentence(total_at).end - area.start, len(text))
    found = list(_N_IS.finditer(text, whole.end("noun"), end))
    parts = found[:1]
    for one, other in pairwise(found):
        if _BETWEEN_N.fullmatch(text, one.end(), other.start()) is None:
            break
        parts.append(other)
    if total is None or len(parts) < 2 or not _LAST.search(text, parts[-2].end(), parts[-1].start()):
        return
    counts = tuple(whole_number(each["n"]) or 0 for each in parts)
    places = tuple(CharSpan(*(area.start + at for at in each.span("n"))) for each in parts)
    words = tuple(text[one.end() : other.start()] for one, other in pairwise([whole, *parts]))
    yield _List(total, total_at, whole["noun"], counts, places, words, rest=True)


def _fits_another(case: Case, each: _List) -> bool:
    """Whether the parts make another number of the sentence, whose parts they may be."""
    text = case.document.text
    sentence = case.sentence(each.total_at)
    known = {each.total_at, *each.places}
    return any(
        whole_number(match["n"]) == each.made and CharSpan(*match.span("n")) not in known
        for match in _ANY.finditer(text, *sentence)
    )
